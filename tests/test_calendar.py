"""Working days and school years, against the facts of the law and of the orders, typed in anew here."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eklase_audit import i18n
from eklase_audit.calendar import Break, Calendar, load_calendar, load_school_years, school_year_of
from eklase_audit.errors import AuditError
from eklase_audit.moments import NO_DAY, day_number, to_date
from eklase_audit.paths import rules_folder
from support import calendar

# The days off that the law names, moved ones left out.
HOLIDAYS = """
2021: 01-01 04-02 04-04 04-05 05-01 05-04 05-09 05-23 06-23 06-24 11-18 12-24 12-25 12-26 12-31
2022: 01-01 04-15 04-17 04-18 05-01 05-04 05-08 06-05 06-23 06-24 11-18 12-24 12-25 12-26 12-31
2023: 01-01 04-07 04-09 04-10 05-01 05-04 05-14 05-28 05-29 06-23 06-24 07-09 07-10 11-18 11-20 12-24 12-25
2023: 12-26 12-31
2024: 01-01 03-29 03-31 04-01 05-01 05-04 05-06 05-12 05-19 06-23 06-24 11-18 12-24 12-25 12-26 12-31
2025: 01-01 04-18 04-20 04-21 05-01 05-04 05-05 05-11 06-08 06-23 06-24 11-18 12-24 12-25 12-26 12-31
2026: 01-01 04-03 04-05 04-06 05-01 05-04 05-10 05-24 06-23 06-24 11-18 12-24 12-25 12-26 12-31
2027: 01-01 03-26 03-28 03-29 05-01 05-04 05-09 05-16 06-23 06-24 11-18 12-24 12-25 12-26 12-31
"""

# The days that Cabinet orders moved: free, and worked instead. None in 2022, none known of 2027.
MOVED = [
    ("2021-05-03", "2021-05-08"),
    ("2021-06-25", "2021-06-19"),
    ("2021-11-19", "2021-11-13"),
    ("2023-05-05", "2023-05-20"),
    ("2024-12-23", "2024-12-14"),
    ("2024-12-30", "2024-12-28"),
    ("2025-05-02", "2025-05-10"),
    ("2025-11-17", "2025-11-08"),
    ("2026-01-02", "2026-01-17"),
    ("2026-06-22", "2026-06-27"),
]

WORKING_DAYS = {2021: 252, 2022: 253, 2023: 250, 2024: 251, 2025: 249, 2026: 250, 2027: 252}

# first day; semester 1 to; semester 2 from; end of the year, of grade 9, of grade 12; autumn, winter, spring
# break; and the spring break of grade 12, where it had its own.
SCHOOL_YEARS = """
2021 | 2021-09-01 | 2021-12-21 | 2022-01-05 | 2022-05-31 | 2022-06-14 | 2022-06-21 | 2021-10-18 2021-10-22 |\
 2021-12-22 2022-01-04 | 2022-03-14 2022-03-18 | 2022-03-21 2022-03-25
2022 | 2022-09-01 | 2022-12-23 | 2023-01-09 | 2023-05-31 | 2023-06-14 | 2023-06-21 | 2022-10-24 2022-10-28 |\
 2022-12-26 2023-01-06 | 2023-03-13 2023-03-17
2023 | 2023-09-01 | 2023-12-22 | 2024-01-08 | 2024-05-31 | 2024-06-14 | 2024-06-21 | 2023-10-23 2023-10-27 |\
 2023-12-25 2024-01-05 | 2024-03-11 2024-03-15
2024 | 2024-09-02 | 2024-12-20 | 2025-01-06 | 2025-05-30 | 2025-06-13 | 2025-06-20 | 2024-10-21 2024-10-27 |\
 2024-12-23 2025-01-05 | 2025-03-10 2025-03-16
2025 | 2025-09-01 | 2025-12-19 | 2026-01-05 | 2026-05-29 | 2026-06-12 | 2026-06-19 | 2025-10-20 2025-10-24 |\
 2025-12-22 2026-01-02 | 2026-03-09 2026-03-13
2026 | 2026-09-01 | 2026-12-18 | 2027-01-04 | 2027-05-31 | 2027-06-11 | 2027-06-18 | 2026-10-19 2026-10-23 |\
 2026-12-21 2027-01-01 | 2027-03-08 2027-03-12
"""

Span = tuple[date, date]


def day(text: str) -> date:
    return date.fromisoformat(text)


def number(text: str) -> int:
    return day_number(day(text))


def days_from(first: date, last: date) -> list[date]:
    return [first + timedelta(n) for n in range((last - first).days + 1)]


ALL_DAYS = days_from(date(2021, 1, 1), date(2027, 12, 31))
FREE = {day(f"{line[:4]}-{month_day}") for line in HOLIDAYS.strip().splitlines() for month_day in line[5:].split()}
MOVED_AWAY = {day(free) for free, _worked in MOVED}
MOVED_TO = {day(worked) for _free, worked in MOVED}
WEEKDAYS = {d for d in ALL_DAYS if d.weekday() < 5 and d not in FREE}
WORKING = (WEEKDAYS - MOVED_AWAY) | MOVED_TO


def working_days(days: Calendar) -> set[date]:
    return {d for d in ALL_DAYS if days.is_working(day_number(d))}


@pytest.fixture(scope="module")
def ignored() -> Calendar:
    return load_calendar(moved_days="ignored")


@pytest.fixture(scope="module")
def without_breaks() -> Calendar:
    return load_calendar(count_school_breaks=False)


def test_working_days_are_those_of_the_law_and_the_orders() -> None:
    assert sorted(working_days(calendar()) ^ WORKING) == []


@pytest.mark.parametrize(("year", "count"), WORKING_DAYS.items())
def test_working_days_of_a_year(year: int, count: int) -> None:
    assert sum(d.year == year for d in working_days(calendar())) == count
    before, last = (np.array([day_number(d)], np.int32) for d in (date(year - 1, 12, 31), date(year, 12, 31)))
    assert calendar().working_days_between(before, last)[0] == count


@pytest.mark.parametrize(("free", "worked"), MOVED)
def test_a_moved_day(free: str, worked: str, ignored: Calendar) -> None:
    assert not calendar().is_working(number(free))
    assert calendar().is_working(number(worked))
    assert day(worked).weekday() == 5
    # Where the school does not follow the orders, both are as if there were none.
    assert ignored.is_working(number(free))
    assert not ignored.is_working(number(worked))


def test_no_other_saturday_is_worked(ignored: Calendar) -> None:
    assert {d for d in working_days(calendar()) if d.weekday() >= 5} == MOVED_TO
    assert {d for d in working_days(ignored) if d.weekday() >= 5} == set()


def test_with_moved_days_ignored_only_the_law_counts(ignored: Calendar) -> None:
    assert sorted(working_days(ignored) ^ WEEKDAYS) == []


REASONS = [
    # day, reason in English, in Latvian
    ("2025-11-14", "", ""),
    ("2025-11-15", "Saturday", "sestdiena"),
    ("2025-11-16", "Sunday", "svētdiena"),
    ("2025-11-17", "Brīvdiena (pārcelta no 08.11.2025)", None),
    ("2025-11-18", "Latvijas Republikas Proklamēšanas diena", None),
    ("2025-11-08", "working day moved to a Saturday", "uz sestdienu pārcelta darba diena"),
    ("2025-12-24", "Ziemassvētku vakars", None),
    ("2025-12-25", "Pirmie Ziemassvētki", None),
    ("2025-12-26", "Otrie Ziemassvētki", None),
    ("2025-12-31", "Vecgada diena", None),
    ("2026-01-01", "Jaungada diena", None),
    ("2026-01-02", "Brīvdiena (pārcelta no 17.01.2026)", None),
    ("2026-04-03", "Lielā Piektdiena", None),
    ("2026-04-06", "Otrās Lieldienas", None),
    # The holiday's name, not only that it is a Sunday.
    ("2026-04-05", "Pirmās Lieldienas", None),
    ("2026-06-24", "Jāņu diena", None),
    ("2024-05-06", "Latvijas Republikas Neatkarības atjaunošanas diena (brīvdiena)", None),
    ("2023-07-10", "Vispārējo latviešu Dziesmu un deju svētku noslēguma diena", None),
    # A day of a school break is worked, unless the school says otherwise.
    ("2025-10-21", "", ""),
]


@pytest.mark.parametrize(("when", "english", "latvian"), REASONS)
def test_the_name_of_a_day(when: str, english: str, latvian: str | None) -> None:
    i18n.activate("en")
    assert calendar().reason(number(when)) == english
    i18n.activate("lv")
    assert calendar().reason(number(when)) == (english if latvian is None else latvian)
    i18n.activate("en")


def test_every_free_day_has_a_name(ignored: Calendar, without_breaks: Calendar) -> None:
    for days in (calendar(), ignored, without_breaks):
        for d in ALL_DAYS:
            named = bool(days.reason(day_number(d)))
            assert named == (not days.is_working(day_number(d)) or d.weekday() == 5), d


def test_a_moved_day_that_is_ignored_has_no_name(ignored: Calendar) -> None:
    assert ignored.reason(number("2025-11-17")) == ""
    assert ignored.reason(number("2025-11-08")) == "Saturday"


def test_breaks_that_do_not_count(without_breaks: Calendar) -> None:
    gone = {
        d
        for line in year_lines()
        for first, last in (line.autumn, line.winter, *([] if line.spring_12 else [line.spring]))
        for d in days_from(first, last)
    }
    assert sorted(working_days(without_breaks) ^ (WORKING - gone)) == []
    assert without_breaks.reason(number("2025-10-20")) == "rudens brīvlaiks"
    assert without_breaks.reason(number("2025-12-30")) == "ziemas brīvlaiks"
    # A Saturday to which a day was moved, inside a break, is free as well, and no moved working day any more.
    assert not without_breaks.is_working(number("2024-12-28"))
    assert without_breaks.reason(number("2024-12-28")) == "Saturday"
    # A break of some grades only frees no teacher.
    assert without_breaks.is_working(number("2022-03-15"))


# --- counting ---------------------------------------------------------------------------------------------

some_day = st.dates(date(2021, 1, 1), date(2027, 6, 30))


def naive_nth(after: date, count: int, working: set[date]) -> date:
    while count:
        after += timedelta(1)
        count -= after in working
    return after


def in_array(*days: date) -> np.ndarray:
    return np.array([day_number(d) for d in days], np.int32)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.lists(some_day, min_size=1, max_size=5), st.integers(0, 60))
def test_the_nth_working_day_after(days: list[date], count: int) -> None:
    found = calendar().nth_working_day_after(in_array(*days), count)
    assert [to_date(d) for d in found] == [naive_nth(d, count, WORKING) for d in days]


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(some_day, st.integers(0, 120))
def test_working_days_between(after: date, length: int) -> None:
    until = after + timedelta(length)
    found = calendar().working_days_between(in_array(after), in_array(until))
    assert found[0] == sum(d in WORKING for d in days_from(after, until)[1:])


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(some_day, st.integers(1, 60))
def test_counting_there_and_counting_on_the_way_agree(after: date, count: int) -> None:
    found = calendar().nth_working_day_after(in_array(after), count)
    assert calendar().working_days_between(in_array(after), found)[0] == count
    assert calendar().is_working(int(found[0]))


NTH = [
    # from, n, day
    ("2025-11-14", 1, "2025-11-19"),  # over a weekend, the moved Monday and 18 November
    ("2025-11-07", 1, "2025-11-08"),  # onto a working Saturday
    ("2025-11-08", 1, "2025-11-10"),
    ("2025-11-09", 1, "2025-11-10"),  # the day counted from may itself be free
    ("2025-12-23", 3, "2026-01-05"),
    ("2026-01-14", 3, "2026-01-17"),
    ("2024-02-28", 1, "2024-02-29"),
    ("2026-03-06", 1, "2026-03-09"),  # a school break is worked
    ("2026-03-06", 0, "2026-03-06"),
]


@pytest.mark.parametrize(("after", "count", "expected"), NTH)
def test_the_nth_working_day_by_hand(after: str, count: int, expected: str) -> None:
    assert to_date(calendar().nth_working_day_after(in_array(day(after)), count)[0]) == day(expected)


def test_no_day_stays_no_day() -> None:
    days = np.array([NO_DAY, number("2026-01-14")], np.int32)
    assert calendar().nth_working_day_after(days, 3).tolist() == [NO_DAY, number("2026-01-17")]


# --- school years -----------------------------------------------------------------------------------------


class YearLine:
    """One line of SCHOOL_YEARS."""

    def __init__(self, text: str) -> None:
        cells = [cell.strip() for cell in text.split("|")]
        self.start = int(cells[0])
        self.first, self.end_1, self.start_2, self.end, self.end_9, self.end_12 = map(day, cells[1:7])
        spans: list[Span] = [(day(cell[:10]), day(cell[11:])) for cell in cells[7:]]
        self.autumn, self.winter, self.spring = spans[:3]
        self.spring_12 = spans[3] if len(spans) > 3 else None

    def breaks(self, grade: int) -> list[Span]:
        return [self.autumn, self.winter, self.spring_12 if self.spring_12 and grade == 12 else self.spring]

    def ends(self, grade: int) -> date:
        return {9: self.end_9, 12: self.end_12}.get(grade, self.end)


def year_lines() -> list[YearLine]:
    return [YearLine(line) for line in SCHOOL_YEARS.strip().splitlines()]


LINES = pytest.mark.parametrize("line", year_lines(), ids=lambda line: str(line.start))


@LINES
def test_a_school_year(line: YearLine) -> None:
    year = calendar().year(line.start)
    assert year is not None
    assert year.name == f"{line.start}/{line.start + 1}"
    assert to_date(year.first_day) == line.first
    assert to_date(year.semester1_end) == line.end_1
    assert to_date(year.semester2_start) == line.start_2
    for grade in range(1, 13):
        assert to_date(year.ends(1)[grade]) == line.end_1
        assert to_date(year.ends(2)[grade]) == line.ends(grade)
        mine = [(to_date(b.first), to_date(b.last)) for b in year.breaks if not b.grades or grade in b.grades]
        assert mine == line.breaks(grade)
    assert [b.name for b in year.breaks][:3] == ["rudens brīvlaiks", "ziemas brīvlaiks", "pavasara brīvlaiks"]
    assert to_date(year.semester_start(1)) == line.first
    assert to_date(year.semester_start(2)) == line.start_2
    # The year as the regulation counts it, also where the first lesson was on 2 September.
    assert to_date(year.semester_start(3)) == date(line.start, 9, 1)


def test_no_other_year_is_known() -> None:
    assert sorted(calendar().years) == [line.start for line in year_lines()]
    assert calendar().year(2020) is None
    assert calendar().year(2027) is None


@LINES
@pytest.mark.parametrize("grade", [1, 9, 12])
def test_school_days(line: YearLine, grade: int) -> None:
    semesters = days_from(line.first, line.end_1) + days_from(line.start_2, line.ends(grade))
    off = {d for first, last in line.breaks(grade) for d in days_from(first, last)}
    expected = [d for d in semesters if d in WEEKDAYS - MOVED_AWAY and d not in off]
    assert [to_date(d) for d in calendar().school_days(line.start, grade)] == expected


# Grades 1, 9 and 12 of 2025/2026: whether there is school, day by day.
SCHOOL_DAYS = [
    ("2025-08-29", "no no no"),
    ("2025-09-01", "yes yes yes"),
    ("2025-10-17", "yes yes yes"),
    ("2025-10-20", "no no no"),
    ("2025-10-27", "yes yes yes"),
    ("2025-11-08", "no no no"),  # a working Saturday is no school day
    ("2025-11-17", "no no no"),  # moved away
    ("2025-11-18", "no no no"),
    ("2025-12-19", "yes yes yes"),
    ("2025-12-22", "no no no"),
    ("2026-01-05", "yes yes yes"),
    ("2026-01-17", "no no no"),
    ("2026-03-09", "no no no"),
    ("2026-05-29", "yes yes yes"),
    ("2026-06-01", "no yes yes"),
    ("2026-06-12", "no yes yes"),
    ("2026-06-15", "no no yes"),
    ("2026-06-19", "no no yes"),
    ("2026-06-22", "no no no"),
]


@pytest.mark.parametrize(("when", "expected"), SCHOOL_DAYS)
def test_school_days_by_hand(when: str, expected: str) -> None:
    held = [number(when) in calendar().school_days(2025, grade) for grade in (1, 9, 12)]
    assert held == [word == "yes" for word in expected.split()]


def test_where_orders_are_ignored_the_moved_day_is_a_school_day(ignored: Calendar) -> None:
    assert number("2025-11-17") in ignored.school_days(2025, 7)
    assert number("2025-11-08") not in ignored.school_days(2025, 7)


def test_whether_breaks_count_does_not_matter_to_school_days(without_breaks: Calendar) -> None:
    for grade in (1, 9, 12):
        assert (without_breaks.school_days(2025, grade) == calendar().school_days(2025, grade)).all()


def test_a_schools_own_free_days() -> None:
    week = Break("papildu brīvlaiks", number("2026-02-16"), number("2026-02-20"), frozenset({1}))
    trip = Break("skolas svētki", number("2026-04-24"), number("2026-04-24"))
    days = load_calendar(free_days=[week, trip])

    def taken(grade: int) -> set[date]:
        left = set(calendar().school_days(2025, grade).tolist()) - set(days.school_days(2025, grade).tolist())
        return {to_date(d) for d in left}

    assert taken(1) == {*days_from(day("2026-02-16"), day("2026-02-20")), day("2026-04-24")}
    assert taken(2) == taken(12) == {day("2026-04-24")}
    # Teachers work on them, as they do in breaks, unless the school says that breaks do not count.
    assert working_days(days) == WORKING
    strict = load_calendar(free_days=[week, trip], count_school_breaks=False)
    assert not strict.is_working(number("2026-04-24"))
    assert strict.reason(number("2026-04-24")) == "skolas svētki"
    assert strict.is_working(number("2026-02-17"))


BOUNDARIES = [("2026-08-31", 2025), ("2026-09-01", 2026), ("2026-12-31", 2026), ("2027-01-01", 2026)]


@pytest.mark.parametrize(("when", "start"), BOUNDARIES)
def test_the_school_year_of_a_day(when: str, start: int) -> None:
    assert school_year_of(np.array([number(when)], np.int32)).tolist() == [start]


# --- files of school years --------------------------------------------------------------------------------

GOOD = """
schema = 1
[[school_year]]
id = "2030/2031"
first_day = 2030-09-02
semester1_end = 2030-12-20
semester2_start = 2031-01-06
end = 2031-05-30
end_by_grade = { 9 = 2031-06-13, 12 = 2031-06-20 }
breaks = [
  { name = "rudens brīvlaiks", from = 2030-10-21, to = 2030-10-25 },
  { name = "pavasara brīvlaiks", from = 2031-03-17, to = 2031-03-21, grades = [12] },
]
note = "Izdomāts."
"""

BROKEN = [
    # what is replaced, by what, and what the error says
    ("first_day = 2030-09-02", "", "first_day: a date is wanted, such as 2025-12-04"),
    (
        "first_day = 2030-09-02",
        'first_day = "2030-09-02"',
        "first_day: a date is wanted",
    ),
    (
        "first_day = 2030-09-02",
        "first_day = 2030-09-02T08:00:00",
        "first_day: a date is wanted",
    ),
    ("semester1_end = 2030-12-20", "", "semester1_end: a date is wanted, such as 2025-12-04"),
    ("semester2_start = 2031-01-06", "", "semester2_start: a date is wanted, such as 2025-12-04"),
    ("end = 2031-05-30", "", "end: a date is wanted, such as 2025-12-04"),
    ("end = 2031-05-30", "ends = 2031-05-30", "ends: unknown key; allowed are: id, first_day, semester1_end"),
    ("end_by_grade = {", "end_by_grade = 5 #", "end_by_grade: a table is wanted"),
    ("9 = 2031-06-13", "9 = 13", "end_by_grade.9: a date is wanted, such as 2025-12-04"),
    ("9 = 2031-06-13", "13 = 2031-06-13", "end_by_grade.13: unknown key; allowed are: 1, 2, 3"),
    ("9 = 2031-06-13", "9 = 2030-06-13", "end_by_grade.9: this must not be before semester2_start"),
    (
        "semester1_end = 2030-12-20",
        "semester1_end = 2030-08-20",
        "semester1_end: this must not be before first",
    ),
    (
        "semester2_start = 2031-01-06",
        "semester2_start = 2030-01-06",
        "semester2_start: this must not be before",
    ),
    ("end = 2031-05-30", "end = 2030-05-30", "end: this must not be before semester2_start"),
    ("from = 2030-10-21, ", "", "breaks[1].from: a date is wanted, such as 2025-12-04"),
    (", to = 2030-10-25", "", "breaks[1].to: a date is wanted, such as 2025-12-04"),
    ("to = 2030-10-25", "to = 2029-10-25", "breaks[1].to: this must not be before from"),
    (
        "to = 2031-03-21, grades",
        "to = 2031-03-21, grade",
        "breaks[2].grade: unknown key; allowed are: name, from",
    ),
    ("grades = [12]", "grades = 12", "breaks[2].grades: a list of grades from 1 to 12 is wanted"),
    ("grades = [12]", "grades = [13]", "breaks[2].grades: a list of grades from 1 to 12 is wanted"),
    ("breaks = [", "breaks = 5 #", "breaks: a list of tables is wanted"),
    ("[[school_year]]", "[school_year]", "school_year: a list of tables is wanted: [[school_year]]"),
    ("[[school_year]]", "[[school_years]]", "school_years: unknown key; allowed are: schema, school_year"),
    ('id = "2030/2031"', "id = 2030/2031", "no valid TOML"),
]


def school_years(folder: Path, text: str) -> dict[int, object]:
    (folder / "gads.toml").write_text(text, encoding="utf-8")
    return dict(load_school_years(folder))


def test_a_good_file_of_school_years(tmp_path: Path) -> None:
    school_years(tmp_path, GOOD)
    days = load_calendar(folder=tmp_path)
    year = days.year(2030)
    assert year is not None and year.name == "2030/2031"
    assert sorted(days.years) == [2030]
    assert number("2031-03-17") in days.school_days(2030, 9)
    assert number("2031-03-17") not in days.school_days(2030, 12)


@pytest.mark.parametrize(("old", "new", "says"), BROKEN)
def test_a_broken_file_of_school_years_is_one_clear_error(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert GOOD.count(old) == 1
    # A table written over lines is put on one, so that a comment can take all of it away.
    text = GOOD.replace("[\n  {", "[ {").replace("},\n  {", "}, {").replace("},\n]", "} ]").replace(old, new)
    with pytest.raises(AuditError) as error:
        school_years(tmp_path, text)
    assert str(error.value).startswith("gads.toml: ")
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "gads.toml").write_bytes(b'schema = "\xff"')
    with pytest.raises(AuditError, match=r"gads\.toml: no valid TOML"):
        load_school_years(tmp_path)


def test_every_school_year_says_where_it_was_found() -> None:
    text = (rules_folder() / "calendar" / "school-years.toml").read_text("utf-8")
    for entry in text.split("[[school_year]]")[1:]:
        assert 'confidence = "' in entry and "sources = [" in entry and 'regulation = "' in entry
