"""Reading a list that a school keeps for this tool (waivers): CSV or a workbook, with headings of its own kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eklase_audit.errors import ReadError
from eklase_audit.exports.charset import BadBytes
from eklase_audit.exports.delimited import read_delimited
from eklase_audit.exports.headings import Header, Kind, Unplaced, kinds, misspelling, own_lists
from eklase_audit.exports.opening import package_of
from eklase_audit.exports.table import RowFault, Table, data_rows
from eklase_audit.exports.texts import clean
from eklase_audit.exports.workbook import read_workbook
from eklase_audit.i18n import _


@dataclass(frozen=True)
class Row:
    """A row of a list: its number in the file, its cleaned texts by meaning ("" where there is none)."""

    number: int
    cells: Mapping[str, str]
    fault: RowFault


@dataclass(frozen=True)
class OwnList:
    """One table of a list: where it stands, how it is written, its rows. `last_row` is the last filled one."""

    file: str
    sheet: str | None
    header: Header
    rows: tuple[Row, ...]
    last_row: int
    delimiter: str | None = None


def read_own_list(file: str, data: bytes, kind: str) -> list[OwnList]:
    """The tables of a list of this kind (see own_lists), by the bytes of its file. Raises ReadError."""
    known = {**kinds(), **own_lists()}
    tables: list[OwnList] = []
    try:
        if package := package_of(data):
            if package.form == "zip":
                raise BadBytes(_("files of this form are not read: save it as XLSX or CSV"))
            for read in read_workbook(package, data, kind, known):
                if read.fault:
                    raise ReadError(file, read.name, _told(read.unplaced, known[kind]) or read.fault)
                if read.header and read.table and read.header.kind.name == kind:
                    tables.append(_own_list(file, read.name, read.header, read.table))
        else:
            text = read_delimited(data, kind, known)
            if text.header and text.table:
                tables.append(_own_list(file, None, text.header, text.table, text.delimiter))
    except (BadBytes, Unplaced) as fault:
        raise ReadError(file, None, _told(fault, known[kind]) or str(fault)) from None
    if not tables:
        raise ReadError(file, None, _no_headings(known[kind]))
    return tables


def _told(fault: Exception | None, kind: Kind) -> str:
    """That a heading is missing, and which one may be meant for it; "" for any other fault."""
    if not isinstance(fault, Unplaced):
        return ""
    near = next((found for found in fault.near if found.kind.name == kind.name), None)
    if near is None:
        return _no_headings(kind)
    text = _("the heading «{heading}» is missing").format(heading=kind.heading(near.missing[0]))
    if hint := misspelling(near, fault.cells):
        text += _("; is «{cell}» meant for «{heading}»?").format(cell=hint[0], heading=hint[1])
    return text


def _no_headings(kind: Kind) -> str:
    return _("no headings of the list «{title}» in it: `eklase-audit template {kind}` writes them").format(
        title=kind.title, kind=kind.name
    )


def _own_list(file: str, sheet: str | None, header: Header, table: Table, delimiter: str | None = None) -> OwnList:
    last = header.row + 1
    for column in table.columns:
        filled = ~column.cleaned.blank()
        last = max(last, int(table.numbers[filled].max(initial=0)))
    kept, _fates = data_rows(table, header)
    columns = {meaning: kept.columns[place].cleaned for meaning, place in header.columns.items()}
    rows = []
    for n, number in enumerate(kept.numbers.tolist()):
        cells = dict.fromkeys(header.kind.headings, "")
        cells |= {meaning: clean(column.texts[column.codes[n]]) for meaning, column in columns.items()}
        rows.append(Row(number, cells, RowFault(kept.faults[n])))
    return OwnList(file, sheet, header, tuple(rows), last, delimiter)
