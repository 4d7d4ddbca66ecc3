"""XLSX workbooks: the cells of each sheet as the texts that a person reads in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from eklase_audit.exports.delimited import BadBytes
from eklase_audit.exports.headings import MAX_TITLE_ROWS, Header, Kind, Unplaced, find_header
from eklase_audit.exports.schema import holds
from eklase_audit.exports.table import Table, table_of_rows
from eklase_audit.i18n import _

_SERIAL_EPOCH = datetime(1899, 12, 30)
# Serial dates of 2000 to 2099: other numbers in a date column are numbers, and a data problem.
_SERIALS = (36_526, 73_051)


@dataclass(frozen=True)
class SheetRead:
    """One sheet: its table is None where nothing looks like headings, `fault` says what is wrong.

    `content` is what a sheet of another form than a table below headings holds (see Form).
    """

    name: str
    header: Header | None
    table: Table | None
    fault: str | None = None
    unplaced: Unplaced | None = None
    content: Any = None


# Reads a sheet of a form of its own from its name, its cells, and whether they were looked through for
# headings in vain; None for any other sheet. May raise Unplaced.
Form = Callable[[str, list[list[Any]], bool], SheetRead | None]


def read_workbook(data: bytes, forced: str | None = None, known: Mapping[str, Kind] | None = None,
                  form: Form = lambda *sheet: None) -> Iterator[SheetRead]:
    """The sheets of a workbook in their order. Raises BadBytes where it cannot be opened."""
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
    except PasswordError:
        raise BadBytes(_("it is protected by a password: save it without one")) from None
    except (CalamineError, OSError, ValueError):
        raise BadBytes(_("it cannot be opened as an XLSX workbook: open it and save it anew as XLSX")) from None
    for name in book.sheet_names:
        try:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except (CalamineError, OSError, ValueError):
            yield SheetRead(name, None, None, _("the sheet cannot be read: save the workbook anew as XLSX"))
            continue
        try:
            yield form(name, rows, False) or _sheet(name, rows, forced, known, form)
        except Unplaced as fault:
            yield SheetRead(name, None, None, str(fault), fault)


def _sheet(name: str, rows: list[list[Any]], forced: str | None, known: Mapping[str, Kind] | None,
           form: Form) -> SheetRead:
    top = [[cell_text(cell) for cell in row] for row in rows[:MAX_TITLE_ROWS + 2]]
    try:
        header = _find_header(top, forced, known)
    except Unplaced:
        if read := form(name, rows, True):
            return read
        raise
    if header is None:
        return form(name, rows, True) or SheetRead(name, None, None)
    what = {column: holds(header.kind.name, meaning) for meaning, column in header.columns.items()}
    plain = _cached(cell_text)
    special = {"day": _cached(dated_text), "stamp": _cached(dated_text), "month": _cached(month_text)}
    table = table_of_rows(rows[header.row + 1:], header.row + 2, len(rows[header.row]),
                          lambda column: special.get(what.get(column, ""), plain))
    return SheetRead(name, header, table)


def _find_header(top: list[list[str]], forced: str | None, known: Mapping[str, Kind] | None) -> Header | None:
    """The header of a sheet. The kind that the user gave is meant for the sheets that it fits."""
    try:
        return find_header(top, forced, known)
    except Unplaced:
        if forced is None:
            raise
        with suppress(Unplaced):
            if header := find_header(top, None, known):
                return header
        raise


def _cached(work: Callable[[Any], str]) -> Callable[[Any], str]:
    known: dict[tuple[type, Any], str] = {}

    def text(cell: Any) -> str:
        key = (type(cell), cell)
        if (done := known.get(key)) is None:
            done = known[key] = work(cell)
        return done

    return text


def cell_text(cell: Any) -> str:
    """The text of a cell. A date-time at midnight is a date: Excel knows no difference."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        return str(int(cell)) if cell == int(cell) else repr(cell)
    if isinstance(cell, datetime):
        cell = _whole_seconds(cell)
        if cell.time() == time(0):
            return f"{cell:%d.%m.%Y}"
        return f"{cell:%d.%m.%Y %H:%M:%S}" if cell.second else f"{cell:%d.%m.%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    if isinstance(cell, time):
        return f"{cell:%H:%M:%S}"
    return str(cell)


def dated_text(cell: Any) -> str:
    """The text of a cell in a column of dates, where a plain number is an Excel serial date."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and _SERIALS[0] <= cell < _SERIALS[1]:
        return cell_text(_SERIAL_EPOCH + timedelta(days=float(cell)))
    return cell_text(cell)


def month_text(cell: Any) -> str:
    """The text of a cell in a column of months, which spreadsheets keep as the month's first day."""
    if isinstance(cell, date) and cell.day == 1 and cell_text(cell) == f"{cell:%d.%m.%Y}":
        return f"{cell:%Y-%m}"
    return cell_text(cell)


def _whole_seconds(when: datetime) -> datetime:
    """Excel stores times as fractions of a day: what is a hair off a second is that second."""
    return (when + timedelta(milliseconds=500)).replace(microsecond=0)
