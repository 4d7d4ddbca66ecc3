"""The list of teachers' absences that a school's office keeps: who was away, from when until when."""

from __future__ import annotations

from pathlib import Path

from eklase_audit.i18n import _
from eklase_audit.list_entries import Entry, entries_of, list_bytes
from eklase_audit.moments import day_number
from eklase_audit.staff import StaffAbsence

KIND = "staff_absences"


def load_staff_absences(path: Path) -> tuple[StaffAbsence, ...]:
    """The absences in a file (XLSX, ODS, CSV, TOML). Raises AuditError with place and column."""
    entries = entries_of(path.name, list_bytes(path), KIND, days=("from", "to"))
    return tuple(map(_absence, entries))


def _absence(entry: Entry) -> StaffAbsence:
    """An absence; its reason may stand in the list, and is not kept. Without its end it is one day."""
    cells = entry.whole()
    if not cells["teacher"]:
        raise entry.error("teacher", _("the teacher is not named"))
    first, last = entry.span("from", "to")
    if first is None:
        raise entry.error("from", _("the first day is not told"))
    until = last or first
    return StaffAbsence(
        cells["teacher"], day_number(first), day_number(until), cells["substitute"] or None, entry.place
    )
