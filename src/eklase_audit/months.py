"""A month as the school's calendar has it: its days, breaks, semesters, outages, and what falls due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from eklase_audit.calendar import Break, Calendar
from eklase_audit.dates import ALL_GRADES, DueDate, Reckoner
from eklase_audit.deadlines import Outage
from eklase_audit.i18n import N_
from eklase_audit.moments import DAY, day_number, to_date

WORKING, MOVED_ON, HOLIDAY, MOVED_AWAY, WEEKEND, BREAK = (
    "working", "moved-on", "holiday", "moved-away", "weekend", "break",
)  # fmt: skip

# The turns of a school year.
TURNS = {
    "year-start": N_("the school year begins"),
    "semester-1-end": N_("the first semester ends"),
    "semester-2-start": N_("the second semester begins"),
    "year-end": N_("the second semester and the school year end"),
}


@dataclass(frozen=True)
class MonthDay:
    """A day and what kind of day it is; `reason` is why it is free, or why a Saturday is worked."""

    day: int
    kind: str
    reason: str


@dataclass(frozen=True)
class Turn:
    """A day on which a semester begins or ends (`what`: see TURNS), for some grades, () for all."""

    day: int
    what: str
    grades: tuple[int, ...] = ()


@dataclass(frozen=True)
class Month:
    """A month: its days and all that lies in it, or reaches into it. `unknown` names years not in the calendar."""

    year: int
    month: int
    days: tuple[MonthDay, ...]
    breaks: tuple[Break, ...]
    turns: tuple[Turn, ...]
    outages: tuple[Outage, ...]
    due: tuple[DueDate, ...]
    unknown: tuple[str, ...]

    @property
    def working_days(self) -> int:
        """How many working days it has."""
        return sum(day.kind in (WORKING, MOVED_ON) for day in self.days)


def month_of(year: int, month: int, reckoner: Reckoner, grades: Sequence[int] = ALL_GRADES) -> Month:
    """A month, for these grades."""
    following = year * 12 + month
    first = day_number(date(year, month, 1))
    last = day_number(date(following // 12, following % 12 + 1, 1)) - 1
    calendar = reckoner.calendar
    breaks = calendar.breaks_within(first, last)
    return Month(
        year,
        month,
        tuple(MonthDay(day, _kind(calendar, day), calendar.reason(day)) for day in range(first, last + 1)),
        tuple(free for free in breaks if not free.grades or free.grades & set(grades)),
        tuple(_turns(calendar, first, last, grades)),
        tuple(outage for outage in reckoner.outages if outage.first // DAY <= last and outage.last // DAY >= first),
        tuple(reckoner.between(first, last, grades)),
        tuple(reckoner.unknown_years(first, last)),
    )


def _kind(calendar: Calendar, day: int) -> str:
    weekend = to_date(day).weekday() >= 5
    if calendar.is_working(day):
        return MOVED_ON if weekend else WORKING
    if day in calendar.reasons:
        return MOVED_AWAY if calendar.is_moved_away(day) else HOLIDAY
    return WEEKEND if weekend else BREAK


def _turns(calendar: Calendar, first: int, last: int, grades: Sequence[int]) -> list[Turn]:
    """The beginnings and ends of semesters from one day to another, by day."""
    out = []
    for year in calendar.years.values():
        out += [
            Turn(year.first_day, "year-start"),
            Turn(year.semester1_end, "semester-1-end"),
            Turn(year.semester2_start, "semester-2-start"),
        ]
        ends = year.ends(2)
        for end in sorted({int(ends[grade]) for grade in grades}):
            of = tuple(grade for grade in grades if ends[grade] == end)
            out.append(Turn(end, "year-end", () if of == ALL_GRADES else of))
    return sorted((turn for turn in out if first <= turn.day <= last), key=lambda turn: (turn.day, turn.what))
