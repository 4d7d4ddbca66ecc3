"""What falls due next comes from the same duties as what is found, and changes nothing of it."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from eklase_audit.calendar import school_year_of
from eklase_audit.journal import Journal
from eklase_audit.moments import day_number
from eklase_audit.reports import json_answer
from random_journals import (
    Case,
    absence_journals,
    contact_journals,
    exemption_journals,
    final_mark_journals,
    lesson_journals,
    paper_journals,
    work_journals,
)
from support import audited, journal_of, table
from test_property import over_journals

ANY_JOURNALS = st.one_of(
    lesson_journals(),
    work_journals(),
    contact_journals(),
    final_mark_journals(),
    paper_journals(),
    absence_journals(),
    exemption_journals(),
)
# What these ask is not known before a note is received or an annual mark is given.
KNOWN_LATER = ("absences.justified", "reexam.reexam")
AHEAD = timedelta(days=21)


def school_year(when: datetime) -> int:
    import numpy as np

    return int(school_year_of(np.array([day_number(when.date())], np.int32))[0])


def as_text(when: datetime) -> str:
    return when.isoformat(timespec="seconds")


@settings(over_journals, max_examples=5)
@given(ANY_JOURNALS)
def test_a_horizon_changes_nothing_that_is_found(case: Case) -> None:
    tables, as_of = case
    journal = journal_of(tables)
    plain = audited(journal, as_text(as_of))
    ahead = audited(journal, as_text(as_of), horizon=as_of + AHEAD)
    assert json_answer.text(ahead) == json_answer.text(plain)
    assert plain.pending == ()


@settings(over_journals, max_examples=5)
@given(ANY_JOURNALS)
def test_what_is_overdue_by_the_horizon_was_pending_before(case: Case) -> None:
    tables, as_of = case
    horizon = as_of + AHEAD
    if school_year(as_of) != school_year(horizon):
        return
    journal = journal_of(tables)
    before = {one.fingerprint for one in audited(journal, as_text(as_of), horizon=horizon).pending}
    then = audited(journal, as_text(horizon + timedelta(seconds=1))).findings
    missed = [
        one
        for one in then
        if one.verdict == "overdue"
        and one.rule.name not in KNOWN_LATER
        and one.due_at
        and as_of <= one.due_at <= horizon
        and one.fingerprint not in before
    ]
    assert missed == []


TIMETABLE = """
Klase | Nedēļas diena | Stunda | Priekšmets  | Pedagogs
7.a   | pirmdiena     | 1      | Matemātika  | Ilze Krūmiņa
7.a   | otrdiena      | 2      | Vēsture     | Dace Egle
7.a   | sestdiena     | 2      | Vēsture     | Dace Egle
"""
LESSONS = """
Datums      | Stunda | Klase | Priekšmets | Pedagogs     | Tēma        | Ievadīts
05.01.2026. | 1      | 7.a   | Matemātika | Ilze Krūmiņa | SR: x / y   | 05.01.2026. 10:00
"""


def journal() -> Journal:
    return journal_of({"timetable": table(TIMETABLE), "lessons": table(LESSONS)})


def coming(as_of: str, horizon: datetime) -> list[tuple[str, str | None, str]]:
    pending = audited(journal(), as_of, ["2-unrecorded"], horizon=horizon).pending
    return [(one.due_at.isoformat(), one.bearer, one.verdict) for one in pending if one.due_at]


def test_lessons_of_the_timetable_that_no_entry_stands_for_yet_are_told_up_to_the_horizon() -> None:
    assert coming("2026-01-09", datetime(2026, 1, 19, 17)) == [
        ("2026-01-12T17:00:00", "Ilze Krūmiņa", "pending"),
        ("2026-01-13T17:00:00", "Dace Egle", "pending"),
        ("2026-01-19T17:00:00", "Ilze Krūmiņa", "pending"),
    ]
    # A second before its due moment the last one lies behind the horizon.
    assert len(coming("2026-01-09", datetime(2026, 1, 19, 16, 59, 59))) == 2


def test_what_is_due_today_is_pending_until_its_hour_has_passed() -> None:
    assert coming("2026-01-12T17:00", datetime(2026, 1, 12, 23)) == [("2026-01-12T17:00:00", "Ilze Krūmiņa", "pending")]
    assert coming("2026-01-12T17:01", datetime(2026, 1, 12, 23)) == []


def test_statements_are_pending_before_their_month_is_over() -> None:
    contacts = table(
        """
        Skolēns      | Klase | Skolēna tālrunis | Vecāka tālrunis | Aktualizēts
        Anna Bērziņa | 7.a   | 26123456         | 26123456        | 03.09.2025.
        """
    )
    statements = table(
        """
        Klase | Skolēns      | Mēnesis | Izsniegts
        7.a   | Anna Bērziņa | 2025-11 | 03.12.2025.
        """
    )
    found = audited(
        journal_of({"contacts": contacts, "statements": statements}),
        "2026-01-20",
        ["7"],
        horizon=datetime(2026, 2, 5, 23, 59, 59),
        ignore_in_force=True,
    ).pending
    assert [(one.period, one.due_at) for one in found] == [("2026-01", datetime(2026, 2, 5, 23, 59, 59))]
