"""Absences of teachers: what falls due meanwhile is due as many of their own working days later."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import Result

from eklase_audit.explanation import working
from eklase_audit.moments import DAY, day_number, to_datetime
from eklase_audit.staff import Staff, StaffAbsence
from eklase_audit.staff_lists import load_staff_absences
from plain_reading import is_working_day
from support import answer, audited, calendar, command, journal_of, table, write_tables

ANNA = "Anna Bērziņa"


def absence(first: date, last: date, substitute: str | None = None) -> StaffAbsence:
    return StaffAbsence(ANNA, day_number(first), day_number(last), substitute)


def moved(on: date, due: date, absences: Sequence[StaffAbsence], clock: int = 17 * 3600) -> date:
    """The day on which a duty of Anna's is due after her absences; the time of day stays."""
    bearers = pd.Series(pd.Categorical([ANNA]))
    before = np.array([day_number(due) * DAY + clock])
    after = Staff(absences, calendar()).after_absences(before, np.array([day_number(on)], np.int32), bearers)
    assert after[0] % DAY == clock
    return to_datetime(int(after[0])).date()


# March 2026 begins on a Sunday; there is no holiday in it. What the days of a duty are: see staff.py.
CASES = """
what it is                                        | on         | due        | away from  | away to    | due after
a lesson of a day away: the first day back        | 2026-03-02 | 2026-03-02 | 2026-03-02 | 2026-03-04 | 2026-03-05
away until Friday: the Monday behind              | 2026-03-04 | 2026-03-04 | 2026-03-04 | 2026-03-06 | 2026-03-09
away on the day of the work alone                 | 2026-03-02 | 2026-03-05 | 2026-03-02 | 2026-03-02 | 2026-03-05
away on one of the three days                     | 2026-03-02 | 2026-03-05 | 2026-03-03 | 2026-03-03 | 2026-03-06
away from the second day on, past the due day     | 2026-03-02 | 2026-03-05 | 2026-03-04 | 2026-03-06 | 2026-03-10
away from the work until far behind the due day   | 2026-03-02 | 2026-03-05 | 2026-03-02 | 2026-03-13 | 2026-03-18
away behind the due day                           | 2026-03-02 | 2026-03-05 | 2026-03-06 | 2026-03-13 | 2026-03-05
away over a weekend only                          | 2026-03-05 | 2026-03-10 | 2026-03-07 | 2026-03-08 | 2026-03-10
the 5th, a calendar day, with two days away       | 2026-02-28 | 2026-03-05 | 2026-03-04 | 2026-03-05 | 2026-03-09
a semester's marks, away before the due day       | 2026-03-13 | 2026-03-10 | 2026-03-02 | 2026-03-06 | 2026-03-10
a semester's marks, away on the due day           | 2026-03-13 | 2026-03-10 | 2026-03-09 | 2026-03-11 | 2026-03-12
"""


@pytest.mark.parametrize("case", table(CASES), ids=lambda case: case[next(iter(case))].strip())
def test_deadline_after_an_absence(case: dict[str, str]) -> None:
    _what, on, due, first, last, expected = (cell.strip() for cell in case.values())
    days = [date.fromisoformat(text) for text in (on, due, first, last, expected)]
    assert moved(days[0], days[1], [absence(days[2], days[3])]) == days[4]


START = date(2026, 3, 1)
DAYS = st.integers(0, 90).map(lambda n: START + timedelta(n))
SPANS = st.tuples(DAYS, st.integers(0, 12)).map(lambda span: absence(span[0], span[0] + timedelta(span[1])))


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(DAYS, st.integers(-5, 12), st.lists(SPANS, max_size=4))
def test_deadlines_move_as_one_would_count_them_on_a_calendar(on: date, days: int, spans: list[StaffAbsence]) -> None:
    due = on + timedelta(days)
    away = {
        day
        for n in range(200)
        if is_working_day(day := START + timedelta(n))
        and any(span.first <= day_number(day) <= span.last for span in spans)
    }
    first = on + timedelta(1) if due > on else due
    lost = sum(first + timedelta(n) in away for n in range((due - first).days + 1))
    expected = due
    while lost:
        expected += timedelta(1)
        lost -= is_working_day(expected) and expected not in away
    assert moved(on, due, spans) == expected


MARKS = table(
    """
Skolēns    | Klase | Priekšmets | Pedagogs       | Vērtējuma veids | Darba datums | Vērtējums | Ievadīts
Ilze Ozola | 7.a   | Matemātika | Anna Bērziņa   | formatīvs       | 02.03.2026   | 7         | 09.03.2026 10:00
Ilze Ozola | 7.a   | Fizika     | Jānis Kļaviņš  | formatīvs       | 02.03.2026   | 7         | 09.03.2026 10:00
"""
)
AWAY = '[[staff_absences]]\nteacher = "anna berzina"\nfrom = 2026-03-04\nto = 2026-03-05\nreason = "slimība"\n'


def test_who_was_away_is_not_late_and_who_was_not_is() -> None:
    found = answer({"marks": MARKS}, "2026-03-20", ["5"], config=AWAY)["findings"]
    assert [(one["bearer"], one["due_at"]) for one in found] == [("Jānis Kļaviņš", "2026-03-05T23:59:59")]
    assert len(answer({"marks": MARKS}, "2026-03-20", ["5"])["findings"]) == 2


LESSONS = table(
    """
Datums     | Stunda | Klase | Priekšmets | Pedagogs     | Tēma     | Ievadīts
04.03.2026 | 1      | 7.a   | Matemātika | Anna Bērziņa | procenti | 05.03.2026 10:00
06.03.2026 | 1      | 7.a   | Matemātika | Anna Bērziņa | procenti | 09.03.2026 10:00
"""
)


def test_a_substitute_bears_the_duties_of_the_lessons_they_gave() -> None:
    config = AWAY + 'substitute = "Rita Liepa"\n'
    found = answer({"lessons": LESSONS}, "2026-03-20", ["2-lesson", "3.1"], config=config)["findings"]
    assert [(one["check"], one["on"], one["bearer"], one["working_days_late"]) for one in found] == [
        ("2-lesson", "2026-03-04", "Rita Liepa", 1),
        ("2-lesson", "2026-03-06", "Anna Bērziņa", 1),
        ("3.1-topic", "2026-03-04", "Rita Liepa", None),
        ("3.1-topic", "2026-03-06", "Anna Bērziņa", None),
    ]


def test_a_duty_of_two_teachers_waits_for_both() -> None:
    staff = Staff([absence(date(2026, 3, 4), date(2026, 3, 5))], calendar())
    bearers = pd.Series(pd.Categorical(["Jānis Kļaviņš\x1fAnna Bērziņa"]))
    due = np.array([day_number(date(2026, 3, 5)) * DAY])
    after = staff.after_absences(due, np.array([day_number(date(2026, 3, 2))], np.int32), bearers)
    assert to_datetime(int(after[0])).date() == date(2026, 3, 9)


def test_an_outage_does_not_move_a_deadline_into_an_absence() -> None:
    # Due on Thursday 5 March at the day's end; E-klase was out over that night, and Anna away on Friday.
    config = (
        '[[staff_absences]]\nteacher = "Anna Bērziņa"\nfrom = 2026-03-06\n'
        "[[outages]]\nfrom = 2026-03-05T20:00:00\nto = 2026-03-06T08:00:00\n"
    )
    found = answer({"marks": MARKS}, "2026-03-20", ["5"], config=config)["findings"]
    assert [(one["bearer"], one["due_at"]) for one in found] == [("Jānis Kļaviņš", "2026-03-06T23:59:59")]


def test_why_shows_the_days_away_and_counts_past_them() -> None:
    marks = [{**MARKS[0], "Ievadīts": "12.03.2026 10:00"}]
    audit = audited(journal_of({"marks": marks}), "2026-03-20", ["5"], config=AWAY)
    (finding,) = audit.findings
    shown = working(finding, audit, calendar())
    assert finding.due_at is not None
    assert [(day.day.day, day.number, day.reason) for day in shown.until_due] == [
        (3, 1, ""),
        (4, 0, "away"),
        (5, 0, "away"),
        (6, 2, ""),
        (7, 0, "Saturday"),
        (8, 0, "Sunday"),
        (9, 3, ""),
    ]
    assert (finding.due_at.day, finding.working_days_late, len(shown.late)) == (9, 3, 3)
    assert [(one.first, one.last) for one in shown.absences] == [
        (day_number(date(2026, 3, 4)), day_number(date(2026, 3, 5)))
    ]


def test_a_teacher_whom_no_export_names_is_told_without_the_name(tmp_path: Path) -> None:
    write_tables(tmp_path, {"marks": MARKS})
    (tmp_path / "eklase-audit.toml").write_text(AWAY.replace("anna berzina", "Anna Bērziņš"), "utf-8")
    result = command("check", tmp_path, "--as-of", "2026-03-20")
    assert "eklase-audit.toml: staff_absences[1]: no export names this teacher" in result.stderr
    assert "Bērziņš" not in result.stderr


LIST = "Pedagogs;No;Līdz;Iemesls;Aizvieto\r\nAnna Bērziņa;04.03.2026;05.03.2026;slimība;Rita Liepa\r\n"


def audit_with_list(folder: Path, name: str, content: bytes, *more: str) -> Result:
    write_tables(folder, {"lessons": LESSONS, "marks": MARKS})
    (folder / name).write_bytes(content)
    (folder / "eklase-audit.toml").write_text(f'staff_absences = "{name}"\n', "utf-8")
    return command("check", folder, "--as-of", "2026-03-20", "--format", "json", *more)


def test_the_office_keeps_a_list_beside_the_exports(tmp_path: Path) -> None:
    answer = json.loads(audit_with_list(tmp_path, "prombutne.csv", LIST.encode("utf-8-sig")).stdout)
    bearers = {(one["check"], one["on"]): one["bearer"] for one in answer["findings"]}
    assert bearers["2-lesson", "2026-03-04"] == "Rita Liepa"
    assert [one["bearer"] for one in answer["findings"] if one["check"] == "5-formative"] == ["Jānis Kļaviņš"]
    # It lies among the exports, and is none of them.
    assert [one["file"] for one in answer["skipped"]] == ["prombutne.csv"]
    assert "slimība" not in json.dumps(answer, ensure_ascii=False)


def test_the_template_of_the_list_can_be_filled_in(tmp_path: Path) -> None:
    assert command("template", "staff_absences", "--out", tmp_path / "t.xlsx").exit_code == 0
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    for column, value in enumerate(["Anna Bērziņa", date(2026, 3, 4), date(2026, 3, 5), "", "Rita Liepa"], 1):
        book.worksheets[0].cell(2, column, value)
    book.save(tmp_path / "t.xlsx")
    (one,) = load_staff_absences(tmp_path / "t.xlsx")
    days = day_number(date(2026, 3, 4)), day_number(date(2026, 3, 5))
    assert (one.teacher, one.first, one.last, one.substitute) == (ANNA, *days, "Rita Liepa")


FAULTS = [
    ("Anna Bērziņa;31.02.2026;;;", "prombutne.csv:2: «No»: "),
    ("Anna Bērziņa;;;;", "prombutne.csv:2: «No»: the first day is not told"),
    (";04.03.2026;;;", "prombutne.csv:2: «Pedagogs»: the teacher is not named"),
    ("Anna Bērziņa;04.03.2026;03.03.2026;;", "prombutne.csv:2: «Līdz»: this must not be before «No»"),
]


@pytest.mark.parametrize(("line", "told"), FAULTS)
def test_a_fault_in_the_list_is_told_by_its_place(tmp_path: Path, line: str, told: str) -> None:
    result = audit_with_list(tmp_path, "prombutne.csv", f"{LIST.splitlines()[0]}\r\n{line}\r\n".encode())
    assert result.exit_code == 2
    assert told in result.stderr
    assert "Bērziņa" not in result.stderr
