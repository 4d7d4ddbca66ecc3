"""Working days and school years.

Working days are one lookup array of ordinals over all days of 2000 to 2099: the n-th working
day after a day, and the number of working days between two, are two gathers each. (numpy's
busday functions and pandas' CustomBusinessDay cannot express a working Saturday.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from eklase_audit.errors import AuditError
from eklase_audit.i18n import _
from eklase_audit.lazy import np, npt
from eklase_audit.moments import NO_DAY, Days, Flags, day_number, to_date
from eklase_audit.paths import rules_folder
from eklase_audit.toml_tables import Tables, read_toml

_FIRST, _LAST = date(2000, 1, 1), date(2100, 12, 31)
_BASE = day_number(_FIRST)
_COUNT = day_number(_LAST) - _BASE + 1
GRADES = 13  # 0 stands for none


@dataclass(frozen=True)
class Break:
    """Days without lessons, both ends included; grades empty = all."""

    name: str
    first: int
    last: int
    grades: frozenset[int] = frozenset()


@dataclass(frozen=True)
class NoLessons:
    """Days, classes and lessons on which none was held; no classes or lessons named = all."""

    first: int
    last: int
    classes: frozenset[str] = frozenset()
    lessons: frozenset[int] = frozenset()
    reason: str = ""


@dataclass(frozen=True)
class SchoolYear:
    """One school year, known by the calendar year in which it begins. Days are day numbers."""

    start: int
    first_day: int
    semester1_end: int
    semester2_start: int
    end: int
    end_by_grade: Mapping[int, int]
    breaks: tuple[Break, ...]

    @property
    def name(self) -> str:
        """The year as one writes it: 2025/2026."""
        return f"{self.start}/{self.start + 1}"

    def semester_start(self, semester: int) -> int:
        """The first day of a semester; that of the year (1 September) for the whole year."""
        return (
            self.semester2_start
            if semester == 2
            else (self.first_day if semester == 1 else day_number(date(self.start, 9, 1)))
        )

    def ends(self, semester: int) -> Days:
        """The last day of semester 1 or 2 (2 = the year's end) by grade, shape (GRADES,)."""
        if semester == 1:
            return np.full(GRADES, self.semester1_end, np.int32)
        return np.array([self.end_by_grade.get(grade, self.end) for grade in range(GRADES)], np.int32)


# Between them lie all days that an export may hold, and NO_DAY counts as the first.
_FIRST_OF_YEARS, _LAST_OF_YEARS = -100_000, 100_000


def school_year_of(days: Days) -> npt.NDArray[np.int32]:
    """The calendar year in which the school year of each day begins (1 September to 31 August)."""
    return _school_years()[days.clip(_FIRST_OF_YEARS, _LAST_OF_YEARS) - _FIRST_OF_YEARS]


@cache
def _school_years() -> npt.NDArray[np.int32]:
    """The school year of each day: looked up, since a million days have few different ones."""
    days = np.arange(_FIRST_OF_YEARS, _LAST_OF_YEARS + 1)
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return ((months - 8) // 12 + 1970).astype(np.int32)


@dataclass
class Calendar:
    """The working days and school years that hold for one school.

    `working` and `weekdays` are flags over all days: the working days by which deadlines are
    counted, and the days from Monday to Friday that are no holiday and were not moved away.
    `reasons` says why a day from Monday to Friday is free.
    """

    working: Flags
    weekdays: Flags
    years: Mapping[int, SchoolYear]
    reasons: Mapping[int, str] = field(default_factory=dict)
    moved_saturdays: frozenset[int] = frozenset()
    free_days: tuple[Break, ...] = ()

    def __post_init__(self) -> None:
        self._ordinal = np.cumsum(self.working).astype(np.int32)
        self._days = (np.flatnonzero(self.working) + _BASE).astype(np.int32)
        self._school_days: dict[tuple[int, int], Days] = {}

    def nth_working_day_after(self, days: Days, count: int) -> Days:
        """The count-th working day after each day, the day itself not counted; NO_DAY stays."""
        known = days != NO_DAY
        ordinals = self._ordinal[np.where(known, days - _BASE, 0)]
        later = self._days[np.minimum(ordinals + (count - 1), len(self._days) - 1)]
        return np.where(known, later if count > 0 else days, NO_DAY).astype(np.int32)

    def working_days_between(self, after: Days, until: Days) -> npt.NDArray[np.int32]:
        """Working days after one day up to and including the other."""
        return (
            self._ordinal[np.clip(until - _BASE, 0, _COUNT - 1)] - self._ordinal[np.clip(after - _BASE, 0, _COUNT - 1)]
        )

    @property
    def working_days(self) -> Days:
        """All working days, in their order."""
        return self._days

    def are_working(self, days: Days) -> Flags:
        """Which of the days are working days."""
        return self.working[days - _BASE]

    def is_working(self, day: int) -> bool:
        """Whether the day is a working day."""
        return bool(self.working[day - _BASE])

    def reason(self, day: int) -> str:
        """Why a day is free, or why a Saturday is worked; "" for a plain working day."""
        if self.is_working(day):
            return _("working day moved to a Saturday") if day in self.moved_saturdays else ""
        if day in self.reasons:
            return self.reasons[day]
        if (day + 3) % 7 >= 5:
            return _("Saturday") if (day + 3) % 7 == 5 else _("Sunday")
        for year in self.years.values():
            for free in (*year.breaks, *self.free_days):
                if free.first <= day <= free.last:
                    return free.name
        return ""

    def year(self, start: int) -> SchoolYear | None:
        """The school year that begins in that calendar year, if it is known."""
        return self.years.get(start)

    def school_days(self, start: int, grade: int) -> Days:
        """The school days of a grade in a school year: working days inside a semester, outside breaks.

        A Saturday to which a working day was moved is none, and whether the days of breaks count
        for deadlines does not matter here.
        """
        key = (start, grade)
        if key not in self._school_days:
            year = self.years[start]
            spans = ((year.first_day, year.semester1_end), (year.semester2_start, int(year.ends(2)[grade])))
            days = np.concatenate([np.arange(a, b + 1, dtype=np.int32) for a, b in spans])
            keep = self.weekdays[days - _BASE]
            for free in (*year.breaks, *self.free_days):
                if not free.grades or grade in free.grades:
                    keep &= (days < free.first) | (days > free.last)
            self._school_days[key] = days[keep]
        return self._school_days[key]

    def taught_months(self, start: int, grade: int) -> list[tuple[int, int]]:
        """The months of a school year in which a grade has a school day: (12 * year + month - 1, its last day)."""
        days = self.school_days(start, grade).astype("datetime64[D]")
        return [
            (int(month.astype(np.int64)) + 1970 * 12, int((month + 1).astype("datetime64[D]").astype(np.int64)) - 1)
            for month in np.unique(days.astype("datetime64[M]"))
        ]

    def is_moved_away(self, day: int) -> bool:
        """Whether the day is free since a Cabinet order moved its work to a Saturday."""
        return _MOVED in self.reasons.get(day, "")

    def breaks_within(self, first: int, last: int) -> list[Break]:
        """The breaks and a school's own free days that touch these days, by their first day."""
        known = [free for year in self.years.values() for free in year.breaks]
        touching = [free for free in (*known, *self.free_days) if free.first <= last and free.last >= first]
        return sorted(touching, key=lambda free: (free.first, free.last))


def school_start(day: int) -> int:
    """The calendar year in which the school year of one day begins."""
    when = to_date(day)
    return when.year if when.month >= 9 else when.year - 1


def load_calendar(
    *,
    moved_days: str = "followed",
    count_school_breaks: bool = True,
    free_days: Sequence[Break] = (),
    folder: Path | None = None,
) -> Calendar:
    """The calendar of Latvia with the school years below rules/calendar.

    `moved_days` is "followed" or "ignored" (Cabinet orders only advise municipalities);
    without `count_school_breaks` the days of school breaks are no working days.
    """
    years = load_school_years(folder or rules_folder() / "calendar")
    weekdays, reasons, saturdays = _latvian_days(followed=moved_days == "followed")
    working = weekdays.copy()
    working[[day - _BASE for day in saturdays]] = True
    if not count_school_breaks:
        for year in years.values():
            for free in (*year.breaks, *free_days):
                if not free.grades:
                    working[free.first - _BASE : free.last + 1 - _BASE] = False
    return Calendar(working, weekdays, years, reasons, saturdays, tuple(free_days))


@cache
def _latvian_days(*, followed: bool) -> tuple[Flags, Mapping[int, str], frozenset[int]]:
    """Monday to Friday that are worked, why days are free, and the Saturdays that are worked."""
    from holidays import country_holidays

    # The language is given, since names would follow the process's locale otherwise.
    known = country_holidays("LV", years=range(_FIRST.year, _LAST.year + 1), language="lv")
    days = np.arange(_BASE, _BASE + _COUNT)
    worked = (days + 3) % 7 < 5
    reasons = {}
    for when, name in known.items():
        if not followed and _MOVED in name:
            continue
        number = day_number(when)
        worked[number - _BASE] = False
        reasons[number] = name
    saturdays = frozenset(day_number(when) for when in known.weekend_workdays) if followed else frozenset()
    # All calendars of a process share them.
    worked.flags.writeable = False
    return worked, MappingProxyType(reasons), saturdays


# How `holidays` words, in Latvian, a day off that was moved from a Saturday.
_MOVED = "(pārcelta no "


def load_school_years(folder: Path) -> dict[int, SchoolYear]:
    """All school years below a folder. Raises AuditError with file and key where a year is wrong."""
    years: dict[int, SchoolYear] = {}
    for file in sorted(folder.glob("*.toml")):
        top = read_toml(file)
        reader = _YearFile(file.name)
        reader.table("", top, (), ("schema", "school_year"))
        for entry in reader.tables("school_year", top.get("school_year", [])):
            year = reader.year(entry)
            years[year.start] = year
    return years


_YEAR_KEYS = (
    "id",
    "first_day",
    "semester1_end",
    "semester2_start",
    "end",
    "end_by_grade",
    "breaks",
    "regulation",
    "confidence",
    "sources",
    "note",
)


@dataclass
class _YearFile(Tables):
    """Reads the school years of one file; a fault names the year too."""

    name: str = ""

    def fault(self, key: str, text: str) -> AuditError:
        """The error that something is wrong at a key of this year."""
        return super().fault(f"{self.name}: {key}" if self.name else key, text)

    def year(self, entry: Any) -> SchoolYear:
        self.name = str(entry.get("id", "")) if isinstance(entry, dict) else ""
        table = self.table("", entry, (), _YEAR_KEYS)
        keys = ("first_day", "semester1_end", "semester2_start", "end")
        days = [self.day(key, table.get(key)) for key in keys]
        for place in range(1, len(days)):
            self.in_order(keys[place], days[place], keys[place - 1], days[place - 1])
        first, semester1_end, semester2_start, end = days
        ends = table.get("end_by_grade", {})
        grades = self.table("end_by_grade", ends, (), [str(grade) for grade in range(1, GRADES)])
        end_by_grade = {int(grade): self.day(f"end_by_grade.{grade}", day) for grade, day in grades.items()}
        for grade, day in end_by_grade.items():
            self.in_order(f"end_by_grade.{grade}", day, "semester2_start", semester2_start)
        breaks = tuple(
            self.free(f"breaks[{number}]", free)
            for number, free in enumerate(self.tables("breaks", table.get("breaks", [])), 1)
        )
        return SchoolYear(to_date(first).year, first, semester1_end, semester2_start, end, end_by_grade, breaks)

    def free(self, key: str, entry: Any) -> Break:
        table = self.table(key, entry, (), ("name", "from", "to", "grades"))
        first, last = (self.day(f"{key}.{name}", table.get(name)) for name in ("from", "to"))
        self.in_order(f"{key}.to", last, "from", first)
        return Break(str(table.get("name", "")), first, last, self.grades(f"{key}.grades", table.get("grades", [])))
