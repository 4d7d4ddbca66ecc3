"""The forms a deadline can take in a rule pack, each turning anchor days into due moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from eklase_audit.calendar import Calendar
from eklase_audit.i18n import _, day_text, ngettext
from eklase_audit.lazy import np
from eklase_audit.moments import DAY, NEVER, NO_DAY, Days, Moments, day_number, end_of_day

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class BadDeadline(ValueError):  # noqa: N818 - told to the user by the rule pack's reader
    """A deadline in a rule pack that is none of the forms; the message says what is allowed."""


@dataclass(frozen=True)
class Deadline:
    """A deadline: one form, its value, and whether the value is the school's reading of the text.

    | form | the duty is due |
    | --- | --- |
    | at = "17:00" | on the day itself, by that time |
    | working_days = 3 | at the end of the 3rd working day after the day |
    | calendar_days = 5 | at the end of the 5th day after the day |
    | calendar_days_before_end = 3 | at the end of the 3rd day before the day |
    | day_of_month = 5 | at the end of the 5th of the month after the day's |
    | by = "09-30" | at the end of that date, the first on or after the day |
    | end_of_day = true | at the end of the day itself |
    | next_lesson = true | at the end of the day of the class's next lesson in the subject |
    | weekday = "monday", at = "08:00" | on the first such weekday after the day, by that time |
    """

    form: str
    value: Any
    at: int | None = None
    reading: bool = False

    def due(self, days: Days, calendar: Calendar, next_lessons: Days | None = None) -> Moments:
        """The due moment of each anchor day; NEVER where the day is NO_DAY or the next lesson not known."""
        match self.form:
            case "at":
                moments = days.astype(np.int64) * DAY + self.value
                return np.where(days == NO_DAY, NEVER, moments)
            case "working_days":
                return end_of_day(calendar.nth_working_day_after(days, self.value))
            case "calendar_days":
                return end_of_day(_shift(days, self.value))
            case "calendar_days_before_end":
                return end_of_day(_shift(days, -self.value))
            case "day_of_month":
                months = _months(days) + 1
                return end_of_day(_known(days, _first_of(months) + (self.value - 1)))
            case "by":
                month, day = self.value
                years = _months(days) // 12 + 1970
                this = _first_of((years - 1970) * 12 + month - 1) + (day - 1)
                following = _first_of((years - 1969) * 12 + month - 1) + (day - 1)
                return end_of_day(_known(days, np.where(this >= days, this, following)))
            case "end_of_day":
                return end_of_day(days)
            case "weekday":
                ahead = (self.value - (days.astype(np.int64) + 3) - 1) % 7 + 1
                moments = (days + ahead) * DAY + (DAY - 1 if self.at is None else self.at)
                return np.where(days == NO_DAY, NEVER, moments)
            case "next_lesson":
                return end_of_day(np.full(days.shape, NO_DAY) if next_lessons is None else next_lessons)
        raise BadDeadline(self.form)

    def text(self) -> str:
        """The deadline in words."""
        match self.form:
            case "at":
                return _("by {time} the same day").format(time=clock_text(self.value))
            case "working_days":
                return ngettext("within {count} working day", "within {count} working days", self.value).format(
                    count=self.value
                )
            case "calendar_days":
                return ngettext("within {count} calendar day", "within {count} calendar days", self.value).format(
                    count=self.value
                )
            case "calendar_days_before_end":
                return ngettext(
                    "{count} calendar day before the end", "{count} calendar days before the end", self.value
                ).format(count=self.value)
            case "day_of_month":
                return _("by the {day}. of the next month").format(day=self.value)
            case "by":
                return _("by {date}").format(date=month_day_text(*self.value))
            case "end_of_day":
                return _("by the end of the day")
            case "next_lesson":
                return _("by the next lesson")
        name = weekday_text(self.value)
        if self.at is None:
            return _("by the next {weekday}").format(weekday=name)
        return _("by the next {weekday}, {time}").format(weekday=name, time=clock_text(self.at))

    def plain(self) -> dict[str, Any]:
        """The deadline as it stands in a rule pack."""
        value = self.value
        if self.form == "at":
            value = clock_text(value)
        elif self.form == "by":
            value = f"{value[0]:02d}-{value[1]:02d}"
        elif self.form == "weekday":
            value = WEEKDAYS[value]
        at = {"at": clock_text(self.at)} if self.at is not None else {}
        return {self.form: value, **at, "reading": self.reading}


@dataclass(frozen=True)
class Outage:
    """A time in which the journal could not be used: first and last moment, and why."""

    first: int
    last: int
    reason: str = ""


def after_outages(due: Moments, outages: Sequence[Outage], calendar: Calendar) -> Moments:
    """The due moments, those that fall into an outage moved behind it.

    Such a duty is due at the same time of day, on the first working day on which that time is
    not before the outage's end.
    """
    moved = due
    for outage in sorted(outages, key=lambda outage: outage.first):
        inside = (moved >= outage.first) & (moved <= outage.last)
        clock = moved % DAY
        day = outage.last // DAY + (clock < outage.last % DAY)
        working = calendar.nth_working_day_after((day - 1).astype(np.int32), 1)
        moved = np.where(inside, working.astype(np.int64) * DAY + clock, moved)
    return moved


FORMS = (
    "at",
    "working_days",
    "calendar_days",
    "calendar_days_before_end",
    "day_of_month",
    "by",
    "end_of_day",
    "next_lesson",
    "weekday",
)


def parse_deadline(entry: Mapping[str, Any]) -> Deadline:
    """The deadline that a table of a rule pack describes. Raises BadDeadline."""
    reading = entry.get("reading", False)
    if not isinstance(reading, bool):
        raise BadDeadline(_("reading must be true or false"))
    keys = [key for key in entry if key != "reading"]
    forms = ["weekday"] if sorted(keys) == ["at", "weekday"] else keys
    if len(forms) != 1 or forms[0] not in FORMS:
        raise BadDeadline(_("a deadline is one of: {forms}").format(forms=", ".join(FORMS)))
    form = forms[0]
    value: Any = entry[form]
    match form:
        case "at":
            return Deadline(form, _clock(value), None, reading)
        case "working_days" | "calendar_days" | "calendar_days_before_end":
            return Deadline(form, _whole(value, 0, 366), None, reading)
        case "day_of_month":
            return Deadline(form, _whole(value, 1, 28), None, reading)
        case "by":
            return Deadline(form, parse_month_day(value), None, reading)
        case "weekday":
            if value not in WEEKDAYS:
                raise BadDeadline(_("weekday is one of: {days}").format(days=", ".join(WEEKDAYS)))
            at = _clock(entry["at"]) if "at" in entry else None
            return Deadline(form, WEEKDAYS.index(value), at, reading)
    if value is not True:
        raise BadDeadline(_("{form} takes no value but true").format(form=form))
    return Deadline(form, True, None, reading)


def parse_month_day(value: Any) -> tuple[int, int]:
    """(month, day) from "09-30". Raises BadDeadline."""
    try:
        month, day = (int(part) for part in str(value).split("-"))
        date(2001, month, day)
    except ValueError:
        raise BadDeadline(_('a date of the year is written as "09-30"')) from None
    return month, day


def clock_text(seconds: int) -> str:
    """A time of day as 17:00."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}"


def month_day_text(month: int, day: int) -> str:
    """A date of no year, in words of the language."""
    whole = day_text(day_number(date(2001, month, day)))
    return whole.replace(" 2001", "") if " 2001" in whole else f"{day:02d}.{month:02d}."


def weekday_text(weekday: int) -> str:
    """The name of a weekday, Monday 0."""
    return (
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    )[weekday]


def _clock(value: Any) -> int:
    try:
        hour, minute = (int(part) for part in str(value).split(":"))
    except ValueError:
        hour = minute = -1
    if not (0 <= hour < 24 and 0 <= minute < 60):
        raise BadDeadline(_('a time of day is written as "17:00"'))
    return hour * 3600 + minute * 60


def _whole(value: Any, low: int, high: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise BadDeadline(_("a whole number from {low} to {high} is wanted").format(low=low, high=high))
    return value


def _known(days: Days, results: np.ndarray) -> Days:
    return np.where(days == NO_DAY, NO_DAY, results).astype(np.int32)


def _shift(days: Days, by: int) -> Days:
    return _known(days, days.astype(np.int64) + by)


def _months(days: Days) -> np.ndarray:
    """Months since January 1970."""
    return np.maximum(days, -100_000).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _first_of(months: np.ndarray) -> np.ndarray:
    """The day number of the first of each month."""
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
