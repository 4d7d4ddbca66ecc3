"""The program against the plain reading of the contract, over invented journals.

Each group of clauses has journals of its own, so that what a clause needs to meet does meet. Every run tries
the same journals, and shows the first that differs as it is: they are small. HYPOTHESIS_PROFILE=explore looks
for new ones and shrinks what it finds, which takes minutes.
"""

import os
from datetime import datetime, time
from typing import Any

from hypothesis import Phase, given, settings

from plain_reading import Tables, audit
from random_journals import (
    Case,
    absence_journals,
    contact_journals,
    corrected_mark_journals,
    exemption_journals,
    final_mark_journals,
    lesson_journals,
    paper_journals,
    work_journals,
)
from support import answer

# No deadline: the first example pays for the imports. Shared runners are slow in fits, too.
settings.register_profile(
    "ci",
    max_examples=18,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
)
settings.register_profile("explore", max_examples=2000, deadline=None)
over_journals = settings(settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci")))

COUNTS = ("fulfilled", "late", "overdue", "pending", "undetermined", "defects", "not_in_force")
FACTS = (
    "check",
    "severity",
    "verdict",
    "reason",
    "bearer",
    "role",
    "class",
    "subject",
    "pupil",
    "on",
    "lesson",
    "period",
    "due_at",
    "done_at",
    "working_days_late",
    "file",
    "row",
)


def as_given(as_of: datetime) -> str:
    """As a user would give it: the end of a day is the day alone."""
    if as_of.time() == time(23, 59, 59):
        return as_of.date().isoformat()
    return as_of.isoformat(timespec="minutes" if as_of.second == 0 else "seconds")


def is_asked(check: str, clauses: list[str]) -> bool:
    clause = check.partition("-")[0]
    return any(asked in (check, clause) or clause.startswith(f"{asked}.") for asked in clauses)


def facts(rows: list[dict[str, Any]], names: tuple[str, ...]) -> list[tuple[Any, ...]]:
    # Sorted by their text, since None and a name have no order between them.
    return sorted((tuple(row[name] for name in names) for row in rows), key=repr)


def verdicts(checks: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["check"]: {name: row[name] for name in ("status", *COUNTS)} for row in checks}


def hold_against_each_other(case: Case, clauses: list[str]) -> None:
    tables: Tables
    tables, as_of = case
    program, plain = answer(tables, as_given(as_of), clauses), audit(tables, as_of)
    plain_checks = [row for row in plain["checks"] if is_asked(row["check"], clauses)]
    plain_findings = [row for row in plain["findings"] if is_asked(row["check"], clauses)]
    # What could not be read comes first: it explains much of what differs after it.
    problem = ("file", "row", "column")
    assert facts(program["data_problems"], problem) == facts(plain["data_problems"], problem)
    assert facts(program["findings"], FACTS) == facts(plain_findings, FACTS)
    assert verdicts(program["checks"]) == verdicts(plain_checks)


@over_journals
@given(lesson_journals())
def test_lessons_and_topics(case: Case) -> None:
    hold_against_each_other(case, ["2", "3.1", "3.2"])


@over_journals
@given(absence_journals())
def test_absences(case: Case) -> None:
    hold_against_each_other(case, ["2-absence", "4"])


@over_journals
@given(work_journals())
def test_formative_and_summative_marks(case: Case) -> None:
    hold_against_each_other(case, ["5", "6"])


@over_journals
@given(contact_journals())
def test_contacts_and_statements(case: Case) -> None:
    hold_against_each_other(case, ["1", "7"])


@over_journals
@given(final_mark_journals())
def test_semester_and_annual_marks(case: Case) -> None:
    hold_against_each_other(case, ["8"])


@over_journals
@given(corrected_mark_journals())
def test_corrected_and_reexamined_marks(case: Case) -> None:
    hold_against_each_other(case, ["8.1", "8.2"])


@over_journals
@given(exemption_journals())
def test_exemptions(case: Case) -> None:
    hold_against_each_other(case, ["9"])


@over_journals
@given(paper_journals())
def test_papers(case: Case) -> None:
    hold_against_each_other(case, ["10", "11"])
