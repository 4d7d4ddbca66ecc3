"""The days up to a deadline, each counted or skipped with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from eklase_audit.calendar import Calendar
from eklase_audit.deadlines import Deadline, Outage
from eklase_audit.moments import day_number, to_date


@dataclass(frozen=True)
class Day:
    """A day of the count: its number among the days counted, or 0 and why it was skipped."""

    day: date
    number: int
    reason: str


def counted_days(calendar: Calendar, after: date, until: date, *, all_days: bool = False) -> tuple[Day, ...]:
    """The days after one day up to and including another, working days (or all) numbered."""
    days, number = [], 0
    for day in range(day_number(after) + 1, day_number(until) + 1):
        counted = all_days or calendar.is_working(day)
        number += counted
        days.append(Day(to_date(day), number if counted else 0, "" if all_days else calendar.reason(day)))
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
