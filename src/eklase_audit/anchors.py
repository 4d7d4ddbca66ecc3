"""What a deadline is counted from: the day of an entry, or a day that the calendar brings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from eklase_audit.calendar import Calendar
from eklase_audit.i18n import N_
from eklase_audit.moments import day_number

SEMESTERS = (1, 2)
YEAR_TEXT = "year"


@dataclass(frozen=True)
class Anchor:
    """The day from which a check's deadline is counted, in words; `period` is None where an entry has it.

    `latest`: of a person's several classes the latest of these days is it.
    """

    text: str
    period: str | None = None
    latest: bool = False


LESSON = Anchor(N_("the day of the lesson"))
WORK = Anchor(N_("the day of the work"))
HANDED_IN = Anchor(N_("the day on which the work was handed in"))
PROOF = Anchor(N_("the day on which the note or word of the event came, or that of the absence if later"))
YEAR_START = Anchor(N_("the start of the school year"), "year-start")
MONTH_END = Anchor(N_("the month's last day"), "month")
SEMESTER_END = Anchor(N_("the semester's last day"), "semester")
LAST_SEMESTER_END = Anchor(N_("the semester's last day, of several classes the latest"), "semester", latest=True)
YEAR_END = Anchor(N_("the school year's last day"), "year")


@dataclass(frozen=True)
class AnchorDay:
    """One such day of a school year: its number, and the first and last day that belong to it."""

    period: str | None
    day: int
    first: int
    last: int


def anchor_days(anchor: Anchor, calendar: Calendar, start: int, grade: int) -> Iterator[AnchorDay]:
    """The days of an anchor of the calendar in the school year that begins in `start`, for a grade.

    Only 1 September is known of a year that the calendar does not hold.
    """
    first, last = day_number(date(start, 9, 1)), day_number(date(start + 1, 8, 31))
    if anchor.period == "year-start":
        yield AnchorDay(None, first, first, last)
        return
    year = calendar.year(start)
    if year is None:
        return
    if anchor.period == "month":
        for month, month_end in calendar.taught_months(start, grade):
            month_start = day_number(date(month // 12, month % 12 + 1, 1))
            yield AnchorDay(f"{month // 12}-{month % 12 + 1:02d}", month_end, month_start, month_end)
    elif anchor.period == "semester":
        # What comes after a semester and before the next belongs to it: its marks are looked at then.
        starts = [first, year.semester2_start, last + 1]
        for semester in SEMESTERS:
            end = int(year.ends(semester)[grade])
            yield AnchorDay(str(semester), end, starts[semester - 1], starts[semester] - 1)
    elif anchor.period == "year":
        yield AnchorDay(YEAR_TEXT, int(year.ends(2)[grade]), first, last)
