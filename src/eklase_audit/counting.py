"""The days up to a deadline, each counted or skipped with its reason."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date

from eklase_audit.calendar import Calendar
from eklase_audit.deadlines import Deadline, Outage
from eklase_audit.i18n import _
from eklase_audit.moments import day_number, to_date


@dataclass(frozen=True)
class Day:
    """A day of the count: its number among the days counted, or 0 and why it was skipped."""

    day: date
    number: int
    reason: str


def counted_days(
    calendar: Calendar, after: date, until: date, *, all_days: bool = False, away: Set[int] = frozenset()
) -> tuple[Day, ...]:
    """The days after one day up to and including another, working days (or all) numbered.

    `away` are days on which whoever owes it was away: none of them is counted.
    """
    days, number = [], 0
    for day in range(day_number(after) + 1, day_number(until) + 1):
        counted = day not in away and (all_days or calendar.is_working(day))
        number += counted
        reason = "" if all_days else calendar.reason(day)
        days.append(Day(to_date(day), number if counted else 0, _("away") if day in away else reason))
    return tuple(days)


def days_to_due(deadline: Deadline, calendar: Calendar, on: date, due: date) -> tuple[Day, ...]:
    """The days that a deadline counts between its anchor and its due day; none where it counts no days.

    Where it counts back from an end, they are those behind the due day up to that end.
    """
    if deadline.form == "working_days":
        return counted_days(calendar, on, due)
    if deadline.form in ("calendar_days", "calendar_days_before_end"):
        return counted_days(calendar, *sorted((on, due)), all_days=True)
    return ()


def outage_at(moment: int, outages: Sequence[Outage]) -> Outage | None:
    """The outage into which a due moment falls."""
    return next((outage for outage in outages if outage.first <= moment <= outage.last), None)
