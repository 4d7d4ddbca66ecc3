"""Adding a waiver to the list that the office keeps: all that stands there stays as it is.

A text gets one more line, in its charset, with its delimiter and line ends. A workbook gets one more row,
by openpyxl: XlsxWriter, which writes the reports, cannot change a workbook. What openpyxl would lose (pictures,
charts, macros) is no part of such a list; a workbook that holds any is left alone, and that is said.
"""

from __future__ import annotations

import csv
import json
import stat
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eklase_audit.errors import AuditError, place
from eklase_audit.exports.charset import charset_of
from eklase_audit.exports.headings import own_lists
from eklase_audit.exports.own_lists import OwnList, read_own_list
from eklase_audit.exports.packages import Package
from eklase_audit.files import write_file
from eklase_audit.findings import Waiver
from eklase_audit.i18n import _
from eklase_audit.list_entries import list_bytes
from eklase_audit.paths import real
from eklase_audit.regulation import Regulation
from eklase_audit.waivers import KIND, NO_REASON, read_waivers

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

FORMS = (".xlsx", ".csv", ".toml")
_DAY_FORMAT, _TEXT_FORMAT = "dd.mm.yyyy", "@"
# Parts of a workbook that openpyxl does not keep.
_LOST = ("xl/charts/", "xl/media/", "xl/drawings/drawing", "xl/pivot", "xl/vbaProject", "xl/externalLinks/")


@dataclass(frozen=True)
class NewWaiver:
    """A waiver of one finding, to be added. `remark` tells a reader what it is about, without names."""

    fingerprint: str
    reason: str
    clause: str = ""
    remark: str = ""
    order: str = ""
    allowed_by: str = ""
    first: date | None = None
    last: date | None = None

    def cells(self) -> dict[str, str | date]:
        """What is to be written, by meaning, in the order of the list; nothing that is blank."""
        given = {
            "fingerprint": self.fingerprint,
            "clause": self.clause,
            "reason": self.reason,
            "order": self.order,
            "allowed_by": self.allowed_by,
            "from": self.first,
            "until": self.last,
            "remark": self.remark,
        }
        return {meaning: cell for meaning in own_lists()[KIND].headings if (cell := given.get(meaning))}


def add_waiver(path: Path, new: NewWaiver, empty: bytes, regulation: Regulation) -> str:
    """Add a waiver to the list in a file, which is made from `empty` where there is none; the place of its row.

    Raises AuditError where the waiver is not whole or is there already, and where the list cannot be read,
    cannot hold it, or is open in a spreadsheet. The file is then left as it is.
    """
    if not new.reason.strip():
        raise AuditError(_(NO_REASON))
    if new.first and new.last and new.last < new.first:
        raise AuditError(_("the waiver would end before it begins"))
    if path.suffix.lower() not in FORMS:
        raise AuditError(
            _("{file}: a waiver can be added to {forms}; save the list as one of these").format(
                file=path.name, forms=", ".join(FORMS)
            )
        )
    path = real(path)  # a link stays, and leads to the list
    _hold_closed(path)
    there = path.exists()
    before = list_bytes(path) if there else empty
    known = read_waivers(path.name, before, regulation)
    if known.faults:
        raise AuditError(_("{fault}; mend this first").format(fault=known.faults[0]))
    for waiver in known.waivers:
        if _is_same(waiver, new):
            raise AuditError(_("{place}: this finding is waived already").format(place=waiver.place))
    after = _with(path, before, new)
    # Whatever wrote it: the list must hold what it held, and the new one.
    again = read_waivers(path.name, after, regulation)
    if again.faults or again.waivers[:-1] != known.waivers:
        raise AuditError(
            _("{file}: the waiver cannot be added below the others: add it by hand").format(file=path.name)
        )
    write_file(path, after, overwrite=True, mode=stat.S_IMODE(path.stat().st_mode) if there else None)
    return again.waivers[-1].place


def _is_same(waiver: Waiver, new: NewWaiver) -> bool:
    """Whether a waiver is for the same finding on some of the same days."""
    one, other = waiver.fingerprint, new.fingerprint
    if one is None or not (one.startswith(other) or other.startswith(one)):
        return False
    begins, ends = new.first or date.min, new.last or date.max
    return (waiver.first or date.min) <= ends and begins <= (waiver.last or date.max)


def _hold_closed(path: Path) -> None:
    """Raise AuditError where a spreadsheet has the file open: it would write over what is added here."""
    for lock in (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#")):
        if lock.exists():
            raise AuditError(
                _("{file}: it is open in a spreadsheet: close it there first (if it is not, delete {lock})").format(
                    file=path.name, lock=lock.name
                )
            )


def _with(path: Path, data: bytes, new: NewWaiver) -> bytes:
    if path.suffix.lower() == ".toml":
        return _with_table(data, new)
    table = read_own_list(path.name, data, KIND)[0]
    cells = {_column(table, meaning): cell for meaning, cell in new.cells().items() if _has(table, meaning)}
    return (
        _with_line(path.name, data, table, cells) if table.sheet is None else _with_row(path.name, data, table, cells)
    )


def _has(table: OwnList, meaning: str) -> bool:
    # Clause and remark are there for the reader: the fingerprint says it all.
    return meaning in table.header.columns or meaning not in ("clause", "remark")


def _column(table: OwnList, meaning: str) -> int:
    if meaning not in table.header.columns:
        raise AuditError(
            _("{where}: there is no column «{heading}»: add it to the headings").format(
                where=place(table.file, table.sheet), heading=table.header.kind.heading(meaning)
            )
        )
    return table.header.columns[meaning]


def _with_table(data: bytes, new: NewWaiver) -> bytes:
    lines = [f"[[{KIND}]]"]
    for meaning, cell in new.cells().items():
        # A text of JSON is one of TOML too, but for the sign of deletion.
        text = json.dumps(cell, ensure_ascii=False).replace("\x7f", "\\u007f") if isinstance(cell, str) else cell
        lines.append(f"{meaning} = {text}")
    end = b"\r\n" if b"\r\n" in data else b"\n"
    gap = b"" if not data.strip() else end if data.endswith(b"\n") else end * 2
    return data + gap + end.join(line.encode() for line in lines) + end


def _with_line(file: str, data: bytes, table: OwnList, cells: dict[int, str | date]) -> bytes:
    charset = charset_of(data)
    texts = [_cell_text(cells.get(column, "")) for column in range(len(table.header.cells))]
    out = StringIO()
    text = data[charset.start :].decode(charset.codec, "replace")
    end = "\r\n" if "\r\n" in text else "\n"
    csv.writer(out, delimiter=table.delimiter or ";", lineterminator=end).writerow(texts)
    gap = "" if text.endswith(("\n", "\r")) else end
    try:
        return data + (gap + out.getvalue()).encode(charset.codec)
    except UnicodeEncodeError:
        raise AuditError(
            _("{file}: its charset ({charset}) has not all these letters: save it as CSV in UTF-8").format(
                file=file, charset=charset.name
            )
        ) from None


def _cell_text(cell: str | date) -> str:
    return f"{cell:%d.%m.%Y}" if isinstance(cell, date) else cell


def _with_row(file: str, data: bytes, table: OwnList, cells: dict[int, str | date]) -> bytes:
    package = Package(data)
    if package.form != "xlsx":
        raise AuditError(_("{file}: it is no XLSX, whatever its name says: save it as XLSX").format(file=file))
    parts = [member.filename for member in package.members]
    if any(part.startswith(_LOST) for part in parts):
        raise AuditError(
            _("{file}: it holds pictures, charts or macros, which would be lost: add the waiver by hand").format(
                file=file
            )
        )
    import openpyxl

    try:
        book = openpyxl.load_workbook(BytesIO(data))
        sheet = book[table.sheet or ""]
    except (KeyError, ValueError, TypeError, OSError, AttributeError):
        raise AuditError(
            _("{file}: it cannot be changed: open it and save it anew as XLSX").format(file=file)
        ) from None
    row = table.last_row + 1
    for column, cell in cells.items():
        _write_cell(sheet, row, column + 1, cell, model=row - 1 if table.rows else None)
    for listed in sheet.tables.values():
        listed.ref = _longer(listed.ref, row)
        if listed.autoFilter is not None:
            listed.autoFilter.ref = listed.ref
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _write_cell(sheet: Worksheet, row: int, column: int, value: str | date, model: int | None) -> None:
    """Write a cell in the manner of the one above it: a text as a text, though it begin with "="."""
    cell: Any = sheet.cell(row, column)
    if model is not None:
        cell._style = sheet.cell(model, column)._style
    if isinstance(value, date):
        cell.value = value
        if not cell.is_date or cell.number_format == "yyyy-mm-dd":
            cell.number_format = _DAY_FORMAT
        return
    cell.value = value
    cell.data_type = "s"
    if cell.number_format == "General":
        # A fingerprint of digits alone is no number.
        cell.number_format = _TEXT_FORMAT


def _longer(ref: str, row: int) -> str:
    """The area of a table with one more row, where it ended above that row."""
    from openpyxl.utils import range_boundaries
    from openpyxl.utils.cell import get_column_letter

    left, top, right, bottom = range_boundaries(ref)
    if bottom != row - 1:
        return ref
    return f"{get_column_letter(left)}{top}:{get_column_letter(right)}{row}"
