"""The entries of a list that a school keeps for this tool: rows of a table, or tables of a TOML file.

What they hold is texts by meaning, whichever of the two they come from; what is wrong with one is told by
its place and column, and never by what stands there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from eklase_audit.errors import AuditError, ReadError, place
from eklase_audit.exports import values
from eklase_audit.exports.charset import BadBytes
from eklase_audit.exports.headings import own_lists
from eklase_audit.exports.opening import file_bytes
from eklase_audit.exports.own_lists import OwnList, Row, read_own_list
from eklase_audit.exports.table import RowFault
from eklase_audit.exports.texts import LOST, Unreadable, clean
from eklase_audit.i18n import N_, _
from eklase_audit.moments import to_date
from eklase_audit.toml_tables import Tables, parse_toml

_BEFORE = N_("this must not be before {key}")
_FAULTS = {RowFault.NONE: "", RowFault.WIDE: values.TOO_WIDE, RowFault.MISQUOTED: values.MISQUOTED}


@dataclass(frozen=True)
class Entry:
    """What stands of one entry: its place, the words for its columns, its cleaned texts by meaning.

    `fault` is what is wrong with its row as a whole.
    """

    kind: str
    place: str
    words: Mapping[str, str]
    cells: Mapping[str, str]
    fault: str = ""

    def word(self, meaning: str) -> str:
        """The heading of a column as the file has it, else the tool's own."""
        return self.words.get(meaning) or own_lists()[self.kind].heading(meaning)

    def error(self, meaning: str, text: str) -> AuditError:
        """The error that something is wrong in a cell. It never tells what stands there."""
        return AuditError(f"{self.place}: «{self.word(meaning)}»: {text}")

    def whole(self) -> Mapping[str, str]:
        """Its texts. Raises AuditError where the row, or a cell of it, was lost in the file."""
        if self.fault:
            raise AuditError(f"{self.place}: {_(self.fault)}")
        for meaning, text in self.cells.items():
            if LOST in text:
                raise self.error(meaning, _(values.LOST_CELL))
        return self.cells

    def day(self, meaning: str) -> date | None:
        """The day in a cell, None where it is blank. Raises AuditError."""
        try:
            return to_date(values.day(self.cells[meaning])) if self.cells[meaning] else None
        except Unreadable as fault:
            raise self.error(meaning, _(fault.reason)) from None

    def span(self, first: str, last: str) -> tuple[date | None, date | None]:
        """The days of two cells. Raises AuditError where the second is before the first."""
        one, other = self.day(first), self.day(last)
        if one and other and other < one:
            raise self.error(last, _(_BEFORE).format(key=f"«{self.word(first)}»"))
        return one, other


def list_bytes(path: Path) -> bytes:
    """The bytes of a list. Raises AuditError where it is not there or cannot be opened."""
    if not path.exists():
        raise AuditError(_("{path}: there is no such file or folder; check the name").format(path=path))
    try:
        return file_bytes(path)
    except BadBytes as fault:
        raise ReadError(path.name, None, str(fault)) from None


def entries_of(file: str, data: bytes, kind: str, *, days: Sequence[str], numbers: Sequence[str] = ()) -> list[Entry]:
    """The entries of a list of a kind (see own_lists.toml), by the bytes of its file (XLSX, ODS, CSV, TOML).

    In TOML the meanings in `days` may be dates, those in `numbers` numbers. Raises AuditError where the
    file as a whole cannot be read.
    """
    if not file.lower().endswith(".toml"):
        return [_row_entry(kind, table, row) for table in read_own_list(file, data, kind) for row in table.rows]
    tables = Tables(file)
    meanings = tuple(own_lists()[kind].headings)
    top = tables.table("", parse_toml(file, data), (), (kind,))
    entries = []
    for number, table in enumerate(tables.tables(kind, top.get(kind, [])), 1):
        key = f"{kind}[{number}]"
        known = tables.known(key, table, meanings)
        cells = dict.fromkeys(meanings, "")
        for meaning, value in known.items():
            cells[meaning] = clean(_toml_text(tables, f"{key}.{meaning}", value, meaning in days, meaning in numbers))
        entries.append(Entry(kind, f"{file}: {key}", {meaning: meaning for meaning in meanings}, cells))
    return entries


def _row_entry(kind: str, table: OwnList, row: Row) -> Entry:
    where = place(table.file, table.sheet, row.number)
    return Entry(kind, where, table.header.headings, row.cells, _FAULTS[row.fault])


def _toml_text(tables: Tables, key: str, value: Any, is_day: bool, is_number: bool) -> str:
    if is_day and type(value) is date:
        return value.isoformat()
    if is_number and type(value) in (int, float):
        return str(value)
    return tables.text(key, value)
