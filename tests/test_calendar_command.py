"""calendar and deadline: what falls due, told without any export, against the facts and against the duties."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eklase_audit.anchors import LAST_SEMESTER_END
from eklase_audit.clauses import CHECKS, Context
from eklase_audit.dates import ALL_GRADES, Reckoner
from eklase_audit.moments import DAY, day_number, moment_number, to_date, to_datetime
from eklase_audit.reports.wording import grades_text
from support import calendar, command, regulation, sample_journal
from test_calendar import WORKING
from test_why import COUNTS, as_written


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without any export, and with no configuration but what a test writes into it."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(*arguments: str) -> dict[str, Any]:
    result = command(*arguments, "--format", "json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def month(name: str, *more: str) -> dict[str, Any]:
    (only,) = told("calendar", "--month", name, *more)["months"]
    return only


def lines(*arguments: str) -> list[str]:
    result = command(*arguments)
    assert result.exit_code == 0, result.stderr
    return [line.rstrip() for line in result.stdout.splitlines()]


# --- when is it due? --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "on", "until_due"), [(case[0], case[1], case[3]) for case in COUNTS])
def test_each_day_is_counted_as_in_the_working_of_a_finding(name: str, on: str, until_due: list[Any]) -> None:
    (one,) = told("deadline", on, "--clause", "5-formative")["deadlines"]
    first = date.fromisoformat(on)
    assert as_written(one["until_due"], first) == until_due
    assert one["due_at"] == f"{first + timedelta(len(until_due))}T23:59:59"
    assert one["on"] == on


ALL, MOST = None, [1, 2, 3, 4, 5, 6, 7, 8, 10, 11]

# The day and what is asked for it; then each answer: check, grades, what it is counted from, when it is due.
DUE: list[tuple[str, str, list[tuple[str, Any, str | None, str | None]]]] = [
    ("2025-12-19", "6", [("6-summative", ALL, "2025-12-19", "2026-01-07T23:59:59")]),
    ("2026-11-16", "2-topic", [("2-topic", ALL, "2026-11-16", "2026-11-16T17:00:00")]),
    # The statement of the month that the day lies in; in June only the grades with a later end had lessons.
    ("2025-12-19", "7", [("7-statement", ALL, "2025-12-31", "2026-01-05T23:59:59")]),
    ("2026-06-03", "7", [("7-statement", [9, 12], "2026-06-30", "2026-07-05T23:59:59")]),
    ("2026-07-15", "7", [("7-statement", ALL, None, None)]),
    # The school year that the day lies in, also when its deadline has long passed.
    (
        "2027-05-20",
        "1",
        [
            ("1-contacts", ALL, "2026-09-01", "2026-09-30T23:59:59"),
            ("1-informed", ALL, "2026-09-01", "2026-09-30T23:59:59"),
        ],
    ),
    # A break after a semester still belongs to it.
    ("2025-12-29", "8-semester", [("8-semester", ALL, "2025-12-19", "2025-12-16T23:59:59")]),
    (
        "2026-01-05",
        "8-semester",
        [
            ("8-semester", MOST, "2026-05-29", "2026-05-26T23:59:59"),
            ("8-semester", [9], "2026-06-12", "2026-06-09T23:59:59"),
            ("8-semester", [12], "2026-06-19", "2026-06-16T23:59:59"),
        ],
    ),
    ("2026-05-04", "8.2", [("8.2-reexam", [4, 5, 6, 7, 8, 10, 11], "2026-05-29", "2026-08-31T23:59:59")]),
    (
        "2026-05-04",
        "4",
        [("4-justified", ALL, "2026-05-04", "2026-05-11T23:59:59"), ("4-unfounded", ALL, None, None)],
    ),
    ("2026-05-04", "3.1", [("3.1-topic", ALL, None, None)]),
]


@pytest.mark.parametrize(("day", "clause", "expected"), DUE)
def test_when_it_is_due(day: str, clause: str, expected: list[Any]) -> None:
    answer = told("deadline", day, "--clause", clause)
    assert answer["day"] == day
    found = [(one["check"], one["grades"], one["on"], one["due_at"]) for one in answer["deadlines"]]
    assert found == expected
    assert all((one["due_at"] is None) == bool(one["reason"]) for one in answer["deadlines"])


@pytest.mark.parametrize("grade", [["--grade", "9"], ["--class", "9.a"], ["--class", "9b", "--grade", "9"]])
def test_the_end_of_one_grade(grade: list[str]) -> None:
    (one,) = told("deadline", "2026-05-04", "--clause", "8-year", *grade)["deadlines"]
    assert (one["grades"], one["due_at"]) == ([9], "2026-06-09T23:59:59")
    assert [day["day"] for day in one["until_due"]] == ["2026-06-10", "2026-06-11", "2026-06-12"]
    (none,) = told("deadline", "2026-05-04", "--clause", "8.2", *grade)["deadlines"]
    assert (none["due_at"], none["reason"]) == (None, "not asked of this grade")


def test_without_a_clause_all_are_told() -> None:
    asked = {one["check"] for one in told("deadline", "2026-05-04")["deadlines"]}
    assert asked == {rule.id for rule in regulation().checks}


def test_the_answer_reads_day_by_day() -> None:
    shown = lines("deadline", "2026-11-13", "--clause", "5")
    assert shown[0] == "When is it due? For 13 Nov 2026, Friday"
    assert "counted from  13 Nov 2026, Friday (the day of the work)" in shown
    start = shown.index("Up to the due day")
    assert [line.split(maxsplit=1) for line in shown[start + 1 : -1]] == [
        ["–", "14 Nov 2026    Saturday"],
        ["–", "15 Nov 2026    Sunday"],
        ["1", "16 Nov 2026"],
        ["2", "17 Nov 2026"],
        ["–", "18 Nov 2026    Latvijas Republikas Proklamēšanas diena"],
        ["3", "19 Nov 2026"],
    ]
    assert shown[-1] == "due: 19 Nov 2026, Thursday"
    latvian = lines("deadline", "2026-11-13", "--clause", "5", "--lang", "lv")
    assert latvian[0] == "Kad jāievada? Diena: 13.11.2026., piektdiena"
    assert latvian[-1] == "termiņš: 19.11.2026., ceturtdiena"


def test_checks_due_alike_stand_together() -> None:
    shown = lines("deadline", "2026-11-16", "--clause", "2")
    asked = [rule.id for rule in regulation().checks if rule.clause == "2"]
    assert [line.split()[0] for line in shown if line.startswith("2-")] == asked
    assert [line for line in shown if line.startswith("due: ")] == ["due: 16 Nov 2026 17:00, Monday"]


def test_an_outage_moves_it(nowhere: Path) -> None:
    (nowhere / "eklase-audit.toml").write_text(
        "[parameters]\n'5.working_days' = 2\n[[outages]]\nfrom = 2026-10-08T12:00:00\nto = 2026-10-09T09:00:00\n"
        "reason = 'bojāts serveris'\n",
        encoding="utf-8",
    )
    below = nowhere / "apakšmape"
    below.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(below)  # found upward
        (one,) = told("deadline", "2026-10-06", "--clause", "5")["deadlines"]
        shown = lines("deadline", "2026-10-06", "--clause", "5")
    assert (one["due_before"], one["due_at"]) == ("2026-10-08T23:59:59", "2026-10-09T23:59:59")
    assert len(one["until_due"]) == 2
    assert any("(bojāts serveris): due 8 Oct 2026 moved" in line for line in shown)
    untouched = told("deadline", "2026-10-05", "--clause", "5")["deadlines"][0]
    assert (untouched["due_before"], untouched["due_at"]) == (None, "2026-10-07T23:59:59")


def test_before_the_regulation_was_in_force() -> None:
    (one,) = told("deadline", "2025-12-03", "--clause", "5")["deadlines"]
    (other,) = told("deadline", "2025-12-04", "--clause", "5")["deadlines"]
    assert (one["in_force"], other["in_force"]) == (False, True)
    note = "not audited: the regulation is in force from 4 Dec 2025"
    assert note in lines("deadline", "2025-12-03", "--clause", "5")
    assert note not in lines("deadline", "2025-12-04", "--clause", "5")


def test_the_next_lesson_stands_in_no_calendar() -> None:
    school = "jekabpils-2-vidusskola"
    (asked,) = [rule.id for rule in regulation(school).checks if rule.deadline and rule.deadline.form == "next_lesson"]
    (one,) = told("deadline", "2026-11-16", "--clause", asked, "--rules", school)["deadlines"]
    assert (one["due_at"], one["reason"]) == (None, "only the journal's lessons tell which day that is")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["deadline", "19.12.2025", "--clause", "6"], "DAY: write a day as 2025-12-19"),
        (["deadline", "2025-02-30", "--clause", "6"], "DAY: write a day as 2025-12-19"),
        (["deadline", "2025-W51-5", "--clause", "6"], "DAY: write a day as 2025-12-19"),
        (["deadline", "2225-12-19", "--clause", "6"], "DAY: write a day as 2025-12-19"),
        (["deadline", "2025-12-19", "--clause", "6-sumative"], "there is no clause or check «6-sumative»; nearest: "),
        (["deadline", "2025-12-19", "--grade", "13"], "--grade: a grade from 1 to 12 is wanted"),
        (["deadline", "2025-12-19", "--class", "a.7"], "--class: a class is written as 9.a"),
        (["deadline", "2025-12-19", "--class", "7.a", "--grade", "8"], "--class and --grade name two grades"),
        (
            ["deadline", "2040-12-19", "--clause", "8"],
            "the school year 2040/2041 is not in the calendar: add it to rules/calendar",
        ),
        (["calendar", "--month", "2026-13"], "--month: write a month as 2026-12"),
        (["calendar", "--month", "12.2026"], "--month: write a month as 2026-12"),
        (["calendar", "--month", "1999-12"], "--month: write a month as 2026-12"),
        (["calendar", "--rules", "nav"], "there is no rule pack «nav»"),
        (["calendar", "--config", "nav.toml"], "nav.toml"),
    ],
)
def test_what_cannot_be_answered(arguments: list[str], says: str) -> None:
    result = command(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"eklase-audit: {says}")
    assert result.stderr.count("\n") == 1


# --- months -----------------------------------------------------------------------------------------------


def kinds(shown: dict[str, Any], *wanted: str) -> dict[str, str]:
    return {day["day"][8:]: day["kind"] for day in shown["days"] if day["kind"] in wanted}


FREE = ("holiday", "moved-away", "moved-on")


def test_the_days_of_a_month() -> None:
    june = month("2026-06")
    assert kinds(june, *FREE) == {"22": "moved-away", "23": "holiday", "24": "holiday", "27": "moved-on"}
    assert {day["day"]: day["reason"] for day in june["days"]}["2026-06-23"] == "Līgo diena"
    assert len(june["days"]) == 30
    for number in range(1, 13):
        shown = month(f"2026-{number:02d}")
        days = sorted(day for day in WORKING if f"{day:%Y-%m}" == shown["month"])
        assert shown["working_days"] == len(days)
        assert [day["day"] for day in shown["days"] if day["kind"] in ("working", "moved-on")] == [
            str(day) for day in days
        ]


def test_breaks_and_semesters() -> None:
    december = month("2026-12")
    assert december["breaks"] == [
        {"name": "ziemas brīvlaiks", "from": "2026-12-21", "to": "2027-01-01", "grades": None}
    ]
    assert december["semesters"] == [{"day": "2026-12-18", "what": "semester-1-end", "grades": None}]
    assert month("2027-01")["breaks"] == december["breaks"]
    ends = [(end["day"], end["grades"]) for name in ("2026-05", "2026-06") for end in month(name)["semesters"]]
    assert ends == [("2026-05-29", MOST), ("2026-06-12", [9]), ("2026-06-19", [12])]
    assert [end["day"] for end in month("2026-06", "--class", "12")["semesters"]] == ["2026-06-19"]


def test_a_school_that_counts_otherwise(nowhere: Path) -> None:
    (nowhere / "eklase-audit.toml").write_text(
        "moved_days = 'ignored'\ncount_school_breaks = false\n[[free_days]]\nname = 'garās brīvdienas'\n"
        "from = 2026-02-16\nto = 2026-02-20\ngrades = [1]\n",
        encoding="utf-8",
    )
    assert kinds(month("2026-06"), *FREE) == {"23": "holiday", "24": "holiday"}
    assert kinds(month("2026-03"), "break") == dict.fromkeys(["09", "10", "11", "12", "13"], "break")
    assert [free["grades"] for free in month("2026-02")["breaks"]] == [[1]]
    assert month("2026-02", "--grade", "2")["breaks"] == []


# Of each month what falls due: check, period, grades, day.
DATES: list[tuple[str, list[tuple[str, Any, Any, str]]]] = [
    ("2026-02", [("7-statement", "2026-01", ALL, "2026-02-05")]),
    (
        "2026-09",
        [("1-contacts", None, ALL, "2026-09-30"), ("1-informed", None, ALL, "2026-09-30")],
    ),
    (
        "2026-12",
        [
            ("7-statement", "2026-11", ALL, "2026-12-05"),
            ("8-semester", "1", ALL, "2026-12-15"),
            ("10-report", "1", ALL, "2026-12-29"),
            ("11-report-card", "1", ALL, "2026-12-29"),
        ],
    ),
]


@pytest.mark.parametrize(("name", "expected"), DATES)
def test_what_falls_due_in_a_month(name: str, expected: list[Any]) -> None:
    dates = month(name)["dates"]
    assert [(one["check"], one["period"], one["grades"], one["due_at"][:10]) for one in dates] == expected


def test_re_examinations_by_the_end_of_august() -> None:
    (one,) = month("2026-08")["dates"]
    assert (one["check"], one["due_at"], one["grades"]) == (
        "8.2-reexam",
        "2026-08-31T23:59:59",
        [4, 5, 6, 7, 8, 10, 11],
    )
    assert month("2026-08", "--grade", "9")["dates"] == []


def test_the_picture_of_a_month() -> None:
    shown = lines("calendar", "--month", "2026-12")
    start = shown.index("December 2026: 20 working days")
    assert shown[start + 1 : start + 7] == [
        " Mo   Tu   We   Th   Fr   Sa   Su",
        "       1    2    3    4    5!   6",
        "  7    8    9   10   11   12   13",
        " 14   15!  16   17   18|  19   20",
        " 21~  22~  23~  24*  25*  26*  27",
        " 28~  29~! 30~  31*",
    ]
    assert (
        " 5 Sa ! 7-statement  statement of marks for the month (November 2026) · by the 5. of the next month" in shown
    )
    assert "21–31 ~ ziemas brīvlaiks (21 Dec 2026 – 1 Jan 2027)" in shown
    assert "24 Th * Ziemassvētku vakars" in shown
    assert "29 Tu ! 10-report  printed report (semester 1) · the school's reading: within 5 working days" in shown
    assert shown[-1] == "* holiday   ~ school break   | a semester begins or ends   ! something falls due"
    assert not any("\x1b" in line for line in shown)


def test_an_outage_in_the_picture(nowhere: Path) -> None:
    (nowhere / "eklase-audit.toml").write_text(
        "[[outages]]\nfrom = 2026-12-29T12:00:00\nto = 2026-12-30T09:00:00\nreason = 'bojāts serveris'\n",
        encoding="utf-8",
    )
    shown = lines("calendar", "--month", "2026-12")
    assert " 28~   29~x  30~x! 31*" in shown
    assert "29–30 x bojāts serveris (29 Dec 2026 12:00 – 30 Dec 2026 9:00)" in shown
    assert any(line.startswith("30 We ! 10-report") and line.endswith("bojāts serveris") for line in shown)


def test_dates_from_before_the_regulation_was_in_force() -> None:
    dates = month("2025-12")["dates"]
    flags = {one["check"]: one["in_force"] for one in dates}
    assert flags == {"7-statement": False, "8-semester": True}
    shown = lines("calendar", "--month", "2025-12")
    assert "1 date left out: the regulation is in force from 4 Dec 2025" in shown
    assert not any("7-statement" in line for line in shown)


def test_a_year_that_the_calendar_does_not_know() -> None:
    shown = month("2040-02")
    assert (shown["dates"], shown["breaks"], shown["semesters"]) == ([], [], [])
    assert shown["unknown"] == ["the school year 2039/2040 is not in the calendar: add it to rules/calendar"]
    assert shown["unknown"][0] in lines("calendar", "--month", "2040-02")
    assert month("2026-02")["unknown"] == []


def test_without_a_month_this_one_and_the_next() -> None:
    before = datetime.now()
    shown = [one["month"] for one in told("calendar")["months"]]
    following = [
        [f"{when:%Y-%m}", f"{when.replace(day=1) + timedelta(days=31):%Y-%m}"] for when in (before, datetime.now())
    ]
    assert shown in following
    picture = lines("calendar")
    assert sum(">" in line for line in picture) == 2  # today, and what its sign means
    assert not any(">" in line for line in lines("calendar", "--month", "2024-02"))


def test_several_months_as_asked() -> None:
    shown = told("calendar", "--month", "2026-12", "--month", "2026-01")
    assert [one["month"] for one in shown["months"]] == ["2026-12", "2026-01"]


def test_grades_in_words() -> None:
    assert grades_text(()) == ""
    assert grades_text((9,)) == "grade 9"
    assert grades_text((9, 12)) == "grades 9, 12"
    assert grades_text((1, 2, 3, 10, 11)) == "grades 1–3, 10–11"


# --- no second reckoning ----------------------------------------------------------------------------------

AS_OF = datetime(2026, 11, 24, 18, 0)


@pytest.mark.parametrize(
    "name",
    [rule.name for rule in regulation().checks if (anchor := CHECKS[rule.name].anchor) and anchor.period],
)
def test_the_duties_of_an_audit_stand_in_the_calendar(name: str) -> None:
    rules = {rule.name: rule for rule in regulation().checks}
    context = Context(sample_journal(), calendar(), moment_number(AS_OF), rules[name], rules, regulation().symbols)
    frame = CHECKS[name].make(context)
    first, last = day_number(date(2026, 9, 1)), day_number(date(2027, 12, 31))
    known = {
        (one.period, grade, one.on, one.due_at)
        for one in Reckoner(regulation(), calendar()).between(first, last)
        if one.rule.name == name
        for grade in one.grades or ALL_GRADES
    }
    latest = CHECKS[name].anchor is LAST_SEMESTER_END
    if latest:
        known = {(period, 0, on, due) for period, _grade, on, due in known}
    mine = frame[frame["on"].to_numpy() >= first]
    duties = {
        (
            period if isinstance(period, str) else None,
            0 if latest else int(class_.split(".")[0]),
            to_date(on),
            to_datetime(due),
        )
        for period, class_, on, due in zip(
            mine["period"].astype(object),
            mine["class"].astype(object),
            mine["on"].to_numpy(),
            mine["due"].to_numpy(),
            strict=True,
        )
    }
    assert duties <= known
    if name not in ("correction.correction", "reexam.reexam"):  # these are owed only where a mark stands
        assert duties
        assert {period for period, *_rest in duties} == {
            period for period, *_rest in known if _rest[1] >= to_date(first)
        }
    assert np.all(frame["due"].to_numpy() >= DAY)
