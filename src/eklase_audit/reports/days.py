"""Days counted and skipped, and outages, in words: shared by all that shows the working of a deadline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from rich.console import Group
from rich.table import Table
from rich.text import Text

from eklase_audit.counting import Day
from eklase_audit.deadlines import Outage
from eklase_audit.i18n import _, day_text, moment_text
from eklase_audit.moments import to_datetime
from eklase_audit.regulation import CheckRule
from eklase_audit.staff import StaffAbsence


def day_entry(day: Day) -> dict[str, object]:
    """A day of a count, for JSON."""
    return {"day": day.day.isoformat(), "number": day.number or None, "reason": day.reason or None}


def days_table(title: str, days: Sequence[Day]) -> Group:
    """Days below a title, one a line: its number or a dash, the day, why it was skipped or is special."""
    table = Table(box=None, pad_edge=False, padding=(0, 2), show_header=False)
    for day in days:
        number = Text(str(day.number), style="bold") if day.number else Text("–", style="dim")
        table.add_row(number, Text(day_text(day.day)), Text(day.reason, style="dim"))
    return Group(Text(title, style="italic"), table)


def days_to_due_table(days: Sequence[Day], on: date | None) -> Group:
    """The days between an anchor and its due day, or back from it where the deadline stands before an end."""
    backwards = on is not None and days[-1].day == on
    return days_table(_("From the due day to the end") if backwards else _("Up to the due day"), days)


def deadline_text(rule: CheckRule) -> str:
    """A check's deadline in words, and the parameter that sets it; "" for a check without one."""
    return f"{rule.deadline.text()} ({rule.id}.{rule.deadline.form})" if rule.deadline else ""


def absence_text(absence: StaffAbsence) -> str:
    """That a teacher was away, so that what was due moved."""
    first, last = day_text(absence.first), day_text(absence.last)
    return _("away from {first} to {last}: these days do not count").format(first=first, last=last)


def outage_text(outage: Outage, before: datetime) -> str:
    """That what was due at a moment moved, since the journal could not be used then."""
    return _("the journal could not be used from {first} to {last} ({reason}): due {before} moved").format(
        first=moment_text(to_datetime(outage.first)),
        last=moment_text(to_datetime(outage.last)),
        reason=outage.reason,
        before=moment_text(before),
    )
