"""Every form of a deadline on days where it could go wrong, and against a plain reading with datetime."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eklase_audit import i18n
from eklase_audit.deadlines import FORMS, BadDeadline, Outage, after_outages, parse_deadline, parse_month_day
from eklase_audit.moments import NEVER, NO_DAY, day_number, moment_number, to_datetime
from support import calendar
from test_calendar import WORKING, naive_nth

END = time(23, 59, 59)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

# deadline, day, due; a due without a clock is the end of that day
DUE: list[tuple[dict[str, Any], str, str]] = [
    ({"at": "17:00"}, "2025-12-08", "2025-12-08T17:00:00"),
    ({"at": "00:00"}, "2025-12-08", "2025-12-08T00:00:00"),
    ({"at": "23:59"}, "2024-02-29", "2024-02-29T23:59:00"),
    ({"at": "8:05"}, "2025-12-13", "2025-12-13T08:05:00"),  # a Saturday stays one
    ({"end_of_day": True}, "2026-05-29", "2026-05-29"),
    ({"end_of_day": True}, "2024-02-29", "2024-02-29"),
    ({"working_days": 3}, "2025-12-08", "2025-12-11"),
    ({"working_days": 3}, "2025-11-14", "2025-11-21"),  # over 17 and 18 November
    ({"working_days": 3}, "2025-12-23", "2026-01-05"),  # over Christmas and New Year
    ({"working_days": 3}, "2025-12-30", "2026-01-07"),  # over 31 December, 1 and 2 January
    ({"working_days": 3}, "2026-01-14", "2026-01-17"),  # onto a working Saturday
    ({"working_days": 1}, "2025-12-13", "2025-12-15"),  # counted from a Saturday
    ({"working_days": 1}, "2026-12-31", "2027-01-04"),
    ({"working_days": 0}, "2025-12-13", "2025-12-13"),
    ({"working_days": 7}, "2026-02-27", "2026-03-10"),
    ({"calendar_days": 5}, "2025-12-08", "2025-12-13"),  # a Saturday is a day like another
    ({"calendar_days": 5}, "2025-12-29", "2026-01-03"),
    ({"calendar_days": 1}, "2024-02-28", "2024-02-29"),
    ({"calendar_days": 1}, "2025-02-28", "2025-03-01"),
    ({"calendar_days": 0}, "2025-02-28", "2025-02-28"),
    ({"calendar_days": 366}, "2024-01-01", "2025-01-01"),
    ({"calendar_days_before_end": 3}, "2025-12-19", "2025-12-16"),
    ({"calendar_days_before_end": 3}, "2026-01-02", "2025-12-30"),
    ({"calendar_days_before_end": 1}, "2024-03-01", "2024-02-29"),
    ({"calendar_days_before_end": 0}, "2024-03-01", "2024-03-01"),
    ({"day_of_month": 5}, "2025-12-31", "2026-01-05"),
    ({"day_of_month": 5}, "2025-12-01", "2026-01-05"),
    ({"day_of_month": 5}, "2025-11-30", "2025-12-05"),
    ({"day_of_month": 5}, "2026-01-31", "2026-02-05"),  # not 3 March
    ({"day_of_month": 5}, "2026-08-31", "2026-09-05"),  # a Saturday: not moved
    ({"day_of_month": 28}, "2025-01-31", "2025-02-28"),
    ({"day_of_month": 1}, "2024-02-29", "2024-03-01"),
    ({"by": "09-30"}, "2025-09-01", "2025-09-30"),
    ({"by": "09-30"}, "2025-09-30", "2025-09-30"),  # that day itself
    ({"by": "09-30"}, "2025-10-01", "2026-09-30"),  # the next year's
    ({"by": "08-31"}, "2026-05-29", "2026-08-31"),
    ({"by": "01-15"}, "2025-12-19", "2026-01-15"),
    ({"by": "12-31"}, "2025-12-31", "2025-12-31"),
    ({"by": "01-01"}, "2025-12-31", "2026-01-01"),
    ({"by": "02-28"}, "2024-02-29", "2025-02-28"),
    ({"by": "03-01"}, "2024-02-29", "2024-03-01"),
    ({"weekday": "monday", "at": "08:00"}, "2025-12-04", "2025-12-08T08:00:00"),
    ({"weekday": "monday", "at": "08:00"}, "2025-12-08", "2025-12-15T08:00:00"),  # the next, not the same day
    ({"weekday": "monday", "at": "08:00"}, "2025-12-07", "2025-12-08T08:00:00"),
    ({"weekday": "monday"}, "2025-12-31", "2026-01-05"),
    ({"weekday": "friday"}, "2025-12-31", "2026-01-02"),  # free or not
    ({"weekday": "sunday"}, "2024-02-26", "2024-03-03"),
    ({"weekday": "thursday", "at": "00:00"}, "2024-02-28", "2024-02-29T00:00:00"),
]


def moment(text: str) -> datetime:
    when = datetime.fromisoformat(text)
    return when if "T" in text else datetime.combine(when, END)


def due(entry: dict[str, Any], *days: date) -> list[datetime]:
    numbers = np.array([day_number(d) for d in days], np.int32)
    return [to_datetime(m) for m in parse_deadline(entry).due(numbers, calendar())]


@pytest.mark.parametrize(("entry", "on", "expected"), DUE)
def test_due(entry: dict[str, Any], on: str, expected: str) -> None:
    assert due(entry, date.fromisoformat(on)) == [moment(expected)]


def test_every_form_has_an_example() -> None:
    forms = {"weekday" if "weekday" in entry else next(iter(entry)) for entry, _on, _due in DUE}
    # The next lesson is no matter of the calendar: its examples follow.
    assert forms == set(FORMS) - {"next_lesson"}


def test_the_next_lesson() -> None:
    days = np.array([day_number(date(2025, 12, 19)), NO_DAY, 0], np.int32)
    lessons = np.array([day_number(date(2026, 1, 6)), NO_DAY, NO_DAY], np.int32)
    deadline = parse_deadline({"next_lesson": True})
    assert deadline.due(days, calendar(), lessons).tolist() == [
        moment_number(datetime(2026, 1, 6, 23, 59, 59)),
        NEVER,
        NEVER,
    ]
    # With no lesson known it is due at no time that we could name.
    assert deadline.due(days, calendar()).tolist() == [NEVER] * 3


@pytest.mark.parametrize("entry", [entry for entry, _on, _due in DUE] + [{"next_lesson": True}])
def test_no_day_is_never_due(entry: dict[str, Any]) -> None:
    days = np.array([NO_DAY, day_number(date(2025, 12, 8))], np.int32)
    moments = parse_deadline(entry).due(days, calendar(), days)
    assert moments[0] == NEVER
    assert moments[1] < NEVER


# --- what a rule pack may say -----------------------------------------------------------------------------

ONE_OF = f"a deadline is one of: {', '.join(FORMS)}"
BAD: list[tuple[dict[str, Any], str]] = [
    ({}, ONE_OF),
    ({"reading": True}, ONE_OF),
    ({"workdays": 3}, ONE_OF),
    ({"working_days": 3, "calendar_days": 5}, ONE_OF),
    ({"working_days": 3, "at": "17:00"}, ONE_OF),
    ({"weekday": "monday", "at": "08:00", "by": "09-30"}, ONE_OF),
    ({"at": "17.00"}, 'a time of day is written as "17:00"'),
    ({"at": "24:00"}, 'a time of day is written as "17:00"'),
    ({"at": "17:60"}, 'a time of day is written as "17:00"'),
    ({"at": "17:00:00"}, 'a time of day is written as "17:00"'),
    ({"at": "-1:00"}, 'a time of day is written as "17:00"'),
    ({"at": 17}, 'a time of day is written as "17:00"'),
    ({"at": time(17)}, 'a time of day is written as "17:00"'),
    ({"working_days": "3"}, "a whole number from 0 to 366 is wanted"),
    ({"working_days": 2.5}, "a whole number from 0 to 366 is wanted"),
    ({"working_days": True}, "a whole number from 0 to 366 is wanted"),
    ({"working_days": -1}, "a whole number from 0 to 366 is wanted"),
    ({"calendar_days": 367}, "a whole number from 0 to 366 is wanted"),
    ({"calendar_days_before_end": -3}, "a whole number from 0 to 366 is wanted"),
    ({"day_of_month": 0}, "a whole number from 1 to 28 is wanted"),
    ({"day_of_month": 29}, "a whole number from 1 to 28 is wanted"),
    ({"by": "30.09."}, 'a date of the year is written as "09-30"'),
    ({"by": "09-31"}, 'a date of the year is written as "09-30"'),
    ({"by": "02-29"}, 'a date of the year is written as "09-30"'),
    ({"by": "2025-09-30"}, 'a date of the year is written as "09-30"'),
    ({"by": date(2025, 9, 30)}, 'a date of the year is written as "09-30"'),
    ({"weekday": "pirmdiena"}, f"weekday is one of: {', '.join(WEEKDAYS)}"),
    ({"weekday": 1}, f"weekday is one of: {', '.join(WEEKDAYS)}"),
    ({"weekday": "monday", "at": "8"}, 'a time of day is written as "17:00"'),
    ({"end_of_day": False}, "end_of_day takes no value but true"),
    ({"next_lesson": 1}, "next_lesson takes no value but true"),
    ({"working_days": 3, "reading": "yes"}, "reading must be true or false"),
]


@pytest.mark.parametrize(("entry", "says"), BAD)
def test_a_deadline_that_is_none(entry: dict[str, Any], says: str) -> None:
    i18n.activate("en")
    with pytest.raises(BadDeadline) as error:
        parse_deadline(entry)
    assert str(error.value) == says


def test_a_date_of_the_year() -> None:
    assert parse_month_day("09-30") == (9, 30)
    for bad in ("9", "13-01", "00-10", "04-31", "", "a-b"):
        with pytest.raises(BadDeadline):
            parse_month_day(bad)


@pytest.mark.parametrize("entry", [entry for entry, _on, _due in DUE] + [{"next_lesson": True}])
@pytest.mark.parametrize("reading", [False, True])
def test_a_deadline_can_be_written_back(entry: dict[str, Any], reading: bool) -> None:
    deadline = parse_deadline({**entry, "reading": reading})
    assert deadline.reading is reading
    assert parse_deadline(deadline.plain()) == deadline


WORDS = [
    ({"at": "17:00"}, "by 17:00 the same day"),
    ({"working_days": 1}, "within 1 working day"),
    ({"working_days": 3}, "within 3 working days"),
    ({"calendar_days": 5}, "within 5 calendar days"),
    ({"calendar_days_before_end": 3}, "3 calendar days before the end"),
    ({"day_of_month": 5}, "by the 5. of the next month"),
    ({"by": "09-30"}, "by 30 Sep"),
    ({"end_of_day": True}, "by the end of the day"),
    ({"next_lesson": True}, "by the next lesson"),
    ({"weekday": "monday"}, "by the next Monday"),
    ({"weekday": "monday", "at": "08:00"}, "by the next Monday, 8:00"),
]


@pytest.mark.parametrize(("entry", "words"), WORDS)
def test_a_deadline_in_words(entry: dict[str, Any], words: str) -> None:
    i18n.activate("en")
    assert parse_deadline(entry).text() == words


# --- outages ----------------------------------------------------------------------------------------------

Span = tuple[str, str]

OUTAGES: list[tuple[str, list[Span], str, str]] = [
    ("before it", [("2026-03-03 12:00", "2026-03-03 18:00")], "2026-03-03 11:59:59", "2026-03-03 11:59:59"),
    ("its first moment", [("2026-03-03 12:00", "2026-03-03 18:00")], "2026-03-03 12:00",
     "2026-03-04 12:00"),
    ("inside it", [("2026-03-03 12:00", "2026-03-03 18:00")], "2026-03-03 17:00", "2026-03-04 17:00"),
    ("its last moment", [("2026-03-03 12:00", "2026-03-03 17:00")], "2026-03-03 17:00",
     "2026-03-03 17:00"),
    ("after it", [("2026-03-03 12:00", "2026-03-03 16:59:59")], "2026-03-03 17:00", "2026-03-03 17:00"),
    ("back before the hour of the next day", [("2026-03-03 12:00", "2026-03-04 09:00")],
     "2026-03-03 17:00", "2026-03-04 17:00"),
    ("back after the hour of the next day", [("2026-03-03 12:00", "2026-03-04 17:30")],
     "2026-03-03 17:00", "2026-03-05 17:00"),
    ("the clock is before its end", [("2026-03-03 06:00", "2026-03-03 10:00")], "2026-03-03 08:00",
     "2026-03-04 08:00"),
    ("end of the day", [("2026-03-03 12:00", "2026-03-04 09:00")], "2026-03-03 23:59:59",
     "2026-03-04 23:59:59"),
    ("from a Friday over the weekend", [("2026-03-06 12:00", "2026-03-07 09:00")], "2026-03-06 17:00",
     "2026-03-09 17:00"),
    ("over Easter", [("2026-04-02 12:00", "2026-04-03 09:00")], "2026-04-02 17:00",
     "2026-04-07 17:00"),
    ("onto a working Saturday", [("2026-01-16 12:00", "2026-01-16 20:00")], "2026-01-16 17:00",
     "2026-01-17 17:00"),
    ("over New Year", [("2025-12-30 12:00", "2025-12-30 20:00")], "2025-12-30 17:00",
     "2026-01-05 17:00"),
    ("due on a Sunday", [("2026-03-08 00:00", "2026-03-08 12:00")], "2026-03-08 10:00",
     "2026-03-09 10:00"),
    ("moved into the next outage", [("2026-03-03 12:00", "2026-03-03 18:00"),
                                    ("2026-03-04 16:00", "2026-03-04 18:00")],
     "2026-03-03 17:00", "2026-03-05 17:00"),
    ("two named in the wrong order", [("2026-03-04 16:00", "2026-03-04 18:00"),
                                      ("2026-03-03 12:00", "2026-03-03 18:00")],
     "2026-03-03 17:00", "2026-03-05 17:00"),
    ("two that overlap", [("2026-03-03 12:00", "2026-03-03 18:00"),
                          ("2026-03-03 16:00", "2026-03-05 09:00")],
     "2026-03-03 17:00", "2026-03-05 17:00"),
    ("none", [], "2026-03-03 17:00", "2026-03-03 17:00"),
]  # fmt: skip


def outages_of(spans: Sequence[Span]) -> list[Outage]:
    return [Outage(*(moment_number(datetime.fromisoformat(text)) for text in span), "tīkls") for span in spans]


@pytest.mark.parametrize(("name", "spans", "before", "expected"), OUTAGES, ids=[case[0] for case in OUTAGES])
def test_an_outage(name: str, spans: list[Span], before: str, expected: str) -> None:
    moments = np.array([moment_number(datetime.fromisoformat(before)), NEVER], np.int64)
    moved = after_outages(moments, outages_of(spans), calendar())
    assert to_datetime(moved[0]) == datetime.fromisoformat(expected)
    assert moved[1] == NEVER


# --- against a plain reading ------------------------------------------------------------------------------

some_day = st.dates(date(2021, 9, 1), date(2027, 6, 30))
some_clock = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.integers(0, 59))
some_month_day = st.dates(date(2025, 1, 1), date(2025, 12, 31)).map(lambda d: f"{d:%m-%d}")

some_deadline = st.one_of(
    st.builds(lambda at: {"at": at}, some_clock),
    st.builds(lambda n: {"working_days": n}, st.integers(0, 30)),
    st.builds(lambda n: {"calendar_days": n}, st.integers(0, 60)),
    st.builds(lambda n: {"calendar_days_before_end": n}, st.integers(0, 60)),
    st.builds(lambda n: {"day_of_month": n}, st.integers(1, 28)),
    st.builds(lambda text: {"by": text}, some_month_day),
    st.just({"end_of_day": True}),
    st.builds(lambda name: {"weekday": name}, st.sampled_from(WEEKDAYS)),
    st.builds(lambda name, at: {"weekday": name, "at": at}, st.sampled_from(WEEKDAYS), some_clock),
)


def plainly_due(entry: dict[str, Any], on: date) -> datetime:
    """The due moment as one would find it with a wall calendar."""
    clock = time.fromisoformat(entry["at"]) if "at" in entry else END
    if "weekday" in entry:
        on += timedelta(1)
        while WEEKDAYS[on.weekday()] != entry["weekday"]:
            on += timedelta(1)
    elif "working_days" in entry:
        on = naive_nth(on, entry["working_days"], WORKING)
    elif "calendar_days" in entry:
        on += timedelta(entry["calendar_days"])
    elif "calendar_days_before_end" in entry:
        on -= timedelta(entry["calendar_days_before_end"])
    elif "day_of_month" in entry:
        month = on.month
        while on.month == month:
            on += timedelta(1)
        on = on.replace(day=entry["day_of_month"])
    elif "by" in entry:
        while f"{on:%m-%d}" != entry["by"]:
            on += timedelta(1)
    return datetime.combine(on, clock)


held = settings(max_examples=300, deadline=None, derandomize=True, database=None)


@held
@given(some_deadline, st.lists(some_day, min_size=1, max_size=4))
def test_due_by_a_plain_reading(entry: dict[str, Any], days: list[date]) -> None:
    assert due(entry, *days) == [plainly_due(entry, on) for on in days]


def plainly_moved(before: datetime, spans: Sequence[tuple[datetime, datetime]]) -> datetime:
    """The due moment after outages: day by day on, until it is a working day and no outage holds it back."""
    while inside := [last for first, last in spans if first <= before <= last]:
        on = before.date()
        while on not in WORKING or datetime.combine(on, before.time()) < max(inside):
            on += timedelta(1)
        if datetime.combine(on, before.time()) == before:
            return before
        before = datetime.combine(on, before.time())
    return before


some_moment = st.datetimes(datetime(2025, 12, 18), datetime(2026, 1, 20)).map(lambda m: m.replace(microsecond=0))
some_outage = st.tuples(some_moment, st.integers(0, 4 * 86_400)).map(
    lambda pair: (pair[0], pair[0] + timedelta(seconds=pair[1]))
)


@held
@given(st.lists(some_moment, min_size=1, max_size=4), st.lists(some_outage, max_size=3))
def test_outages_by_a_plain_reading(moments: list[datetime], spans: list[tuple[datetime, datetime]]) -> None:
    numbers = np.array([moment_number(m) for m in moments], np.int64)
    outages = [Outage(moment_number(first), moment_number(last)) for first, last in spans]
    moved = [to_datetime(m) for m in after_outages(numbers, outages, calendar())]
    assert moved == [plainly_moved(m, spans) for m in moments]
