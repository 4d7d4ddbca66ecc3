"""Workbooks (XLSX, ODS): the cells of each sheet as the texts that a person reads in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from eklase_audit.exports.book_scan import SheetLook, scan_workbook
from eklase_audit.exports.charset import BadBytes
from eklase_audit.exports.delimited import too_many_columns
from eklase_audit.exports.headings import MAX_TITLE_ROWS, Header, Kind, OwnTable, Unplaced, find_header
from eklase_audit.exports.limits import MAX_CELLS, MAX_COLUMNS
from eklase_audit.exports.memory import Data
from eklase_audit.exports.packages import Package
from eklase_audit.exports.schema import holds
from eklase_audit.exports.sheet_cells import too_many_cells
from eklase_audit.exports.table import Table, table_of_rows
from eklase_audit.exports.texts import LOST, clean
from eklase_audit.i18n import _

# Serial dates of 2000 to 2099: other numbers in a date column are numbers, and a data problem.
_SERIALS = (36_526, 73_051)
_SERIAL_EPOCH = datetime(1899, 12, 30)
_DAYS_FROM_1904 = 1_462


@dataclass(frozen=True)
class SheetRead:
    """One sheet: its table is None where nothing looks like headings, `fault` says what is wrong.

    `content` is what a sheet of another form than a table below headings holds (see Form). What is
    hidden is read like the rest, but told: whether the sheet is, and how many rows are.
    """

    name: str
    header: Header | None
    table: Table | None
    fault: str | None = None
    unplaced: Unplaced | None = None
    is_own: bool = False
    content: Any = None
    hidden: bool = False
    hidden_rows: int = 0


# Reads a sheet of a form of its own from its name, its cells, and whether they were looked through for
# headings in vain; None for any other sheet. May raise Unplaced.
Form = Callable[[str, list[list[Any]], bool], SheetRead | None]


def read_workbook(
    package: Package,
    data: Data,
    forced: str | None = None,
    known: Mapping[str, Kind] | None = None,
    form: Form = lambda *sheet: None,
) -> Iterator[SheetRead]:
    """The sheets of a workbook in their order. Raises BadBytes where it cannot be opened."""
    scan = scan_workbook(package)
    try:
        with _no_panic():
            book = CalamineWorkbook.from_filelike(BytesIO(data))
    except PasswordError:
        raise BadBytes(_("it is protected by a password: save it without one")) from None
    except (CalamineError, OSError, ValueError):
        raise BadBytes(_("it cannot be opened as a workbook: open it and save it anew as XLSX")) from None
    for about in book.sheets_metadata:
        look = scan.sheets.get(about.name, SheetLook())
        # The library reads without Python's lock, and takes longer.
        with ThreadPoolExecutor(1) as beside:
            whole = beside.submit(look.whole)
            rows, fault = ([], look.fault) if look.fault else _rows(book, about.name)
            seen = whole.result()
        for row, column in seen.lost | seen.percents:
            if row < len(rows) and column < len(rows[row]):
                cell = rows[row][column]
                rows[row][column] = LOST if (row, column) in seen.lost else _percent_text(cell)
        days = _DAYS_FROM_1904 if scan.from_1904 else 0
        try:
            read = (
                SheetRead(about.name, None, None, fault)
                if fault
                else (form(about.name, rows, False) or _sheet(about.name, rows, forced, known, form, days))
            )
        except Unplaced as problem:
            read = SheetRead(about.name, None, None, str(problem), problem)
        except OwnTable:
            read = SheetRead(about.name, None, None, is_own=True)
        yield replace(read, hidden=about.visible != SheetVisibleEnum.Visible, hidden_rows=seen.hidden_rows)


@contextmanager
def _no_panic() -> Iterator[None]:
    """Turn a panic of the library below, which is no Exception, into one."""
    try:
        yield
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":
            raise
        raise ValueError from None


def _rows(book: CalamineWorkbook, name: str) -> tuple[list[list[Any]], str | None]:
    """The cells of a sheet from its first corner on, or why they are not read."""
    try:
        with _no_panic():
            return _rows_of(book.get_sheet_by_name(name))
    except (CalamineError, OSError, ValueError, OverflowError):
        return [], _("the sheet cannot be read: save the workbook anew as XLSX")


def _rows_of(sheet: CalamineSheet) -> tuple[list[list[Any]], str | None]:
    end = sheet.end
    if end is None:
        return [], None
    if (end[0] + 1) * (end[1] + 1) > MAX_CELLS:
        return [], too_many_cells()
    rows = sheet.to_python(skip_empty_area=False)
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
        # A cell merged over several rows holds for each of them, but makes no row of a blank one.
        if top < len(rows) and left < len(rows[top]):
            for row in rows[top + 1 : bottom + 1]:
                if row[left] == "" and any(cell != "" for cell in row):
                    row[left] = rows[top][left]
    return rows, None


def _sheet(
    name: str,
    rows: list[list[Any]],
    forced: str | None,
    known: Mapping[str, Kind] | None,
    form: Form,
    days: int,
) -> SheetRead:
    """A sheet, `days` of whose serial dates lie before its first day."""
    above = [[cell_text(cell) for cell in row[:MAX_COLUMNS]] for row in rows[: MAX_TITLE_ROWS + 2]]
    try:
        header = _find_header(above, forced, known)
    except Unplaced:
        if read := form(name, rows, True):
            return read
        raise
    if header is None:
        return form(name, rows, True) or SheetRead(name, None, None)
    if any(clean(cell_text(cell)) for cell in rows[header.row][MAX_COLUMNS:]):
        return SheetRead(name, None, None, too_many_columns())
    what = {column: holds(header.kind.name, meaning) for meaning, column in header.columns.items()}
    dated = partial(dated_text, days=days)
    special: dict[str, Callable[[Any], str]] = {"day": dated, "stamp": dated, "month": month_text}
    table = table_of_rows(
        rows[header.row + 1 :],
        header.row + 2,
        min(len(rows[header.row]), MAX_COLUMNS),
        lambda column: special.get(what.get(column, ""), cell_text),
    )
    table.above = above[: header.row + 1]
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


def cell_text(cell: Any) -> str:
    """The text of a cell. A date-time at midnight is a date: Excel knows no difference."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        return str(int(cell)) if cell % 1 == 0 and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        cell = _whole_seconds(cell) if cell.microsecond else cell
        if not (cell.hour or cell.minute or cell.second):
            return _day_text(cell)
        seconds = f":{cell.second:02}" if cell.second else ""
        return f"{_day_text(cell)} {cell.hour:02}:{cell.minute:02}{seconds}"
    if isinstance(cell, date):
        return _day_text(cell)
    if isinstance(cell, time):
        return f"{cell:%H:%M:%S}"
    return str(cell)


def _day_text(when: date) -> str:
    # By hand: strftime takes three times as long.
    return f"{when.day:02}.{when.month:02}.{when.year:04}"


def _percent_text(cell: Any) -> Any:
    """A number that a spreadsheet shows as a percentage, with a comma as in Latvian: 75,81%."""
    if isinstance(cell, bool) or not isinstance(cell, (int, float)) or not abs(cell) < _SERIALS[0]:
        return cell
    return f"{round(cell * 100, 8):.8f}".rstrip("0").rstrip(".").replace(".", ",") + "%"


def dated_text(cell: Any, days: int = 0) -> str:
    """The text of a cell in a column of dates, where a plain number is a serial date of Excel."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and _SERIALS[0] <= cell + days < _SERIALS[1]:
        return cell_text(_SERIAL_EPOCH + timedelta(days=float(cell + days)))
    return cell_text(cell)


def month_text(cell: Any) -> str:
    """The text of a cell in a column of months, which spreadsheets keep as the month's first day."""
    if isinstance(cell, date) and cell.day == 1 and cell_text(cell) == f"{cell:%d.%m.%Y}":
        return f"{cell:%Y-%m}"
    return cell_text(cell)


def _whole_seconds(when: datetime) -> datetime:
    """Excel stores times as fractions of a day: what is a hair off a second is that second."""
    with suppress(OverflowError):
        when += timedelta(milliseconds=500)
    return when.replace(microsecond=0)
