"""The sheets that E-klase itself writes and that are no table below headings, told from all others."""

from __future__ import annotations

from typing import Any

from eklase_audit.exports import journal_workbook, pupil_list
from eklase_audit.exports.headings import Header
from eklase_audit.exports.table import table_of_rows
from eklase_audit.exports.workbook import SheetRead

OWN_TITLES = {
    kind.name: kind.title for kind in (journal_workbook.JOURNAL, journal_workbook.CHECK, pupil_list.HEADER.kind)
}


def read_own_form(name: str, rows: list[list[Any]], headless: bool) -> SheetRead | None:
    """The sheet, if it is one of the journal workbook or (where no headings were found) a pupil list."""
    if headless:
        pupils = pupil_list.read_pupil_list(rows)
        return None if pupils is None else _read(name, pupil_list.HEADER, pupils)
    if journal_workbook.is_check_sheet(name):
        return _read(name, Header(journal_workbook.CHECK, -1, {}, {}), journal_workbook.read_check_sheet(rows))
    header = journal_workbook.find_layout(rows)
    return None if header is None else _read(name, header, journal_workbook.melt(name, rows, header))


def _read(name: str, header: Header, content: Any) -> SheetRead:
    return SheetRead(name, header, table_of_rows([], header.row + 2, 0), content=content)
