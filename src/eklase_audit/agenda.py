"""What is to be done next: a person's own list, and what falls due day by day.

Nothing is reckoned here: findings and pending duties are those of an audit, put in the order in which
they are worked off.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from typing import Any

import numpy as np

from eklase_audit.audit import Audit
from eklase_audit.calendar import Calendar
from eklase_audit.exports.texts import clean, fold
from eklase_audit.figures import Person, persons_of
from eklase_audit.findings import Finding, class_key
from eklase_audit.i18n import collation_key
from eklase_audit.judgement import DEFECT, LATE, OVERDUE
from eklase_audit.moments import day_number, to_date
from eklase_audit.regulation import CheckRule, clause_key
from eklase_audit.tallies import LESSON_CHECKS


def horizon_of(calendar: Calendar, as_of: datetime, days: int) -> datetime:
    """The end of so many working days after the day of a moment; of that day itself for 0."""
    today = np.array([day_number(as_of.date())], np.int32)
    last = calendar.nth_working_day_after(today, days) if days else today
    return datetime.combine(to_date(int(last[0])), time(23, 59, 59))


def matter_of(finding: Finding) -> str:
    """What is entered at one place in E-klase: the check, or "" for all that one lesson asks for.

    A lesson's absences are entered pupil by pupil, so they stay a matter of their own.
    """
    return "" if finding.rule.name.startswith(LESSON_CHECKS) and finding.pupil is None else finding.rule.id


def rules_of(findings: Iterable[Finding]) -> list[CheckRule]:
    """The checks that findings are of, in the order of their clauses."""
    rules = {one.rule.id: one.rule for one in findings}
    return sorted(rules.values(), key=lambda rule: (clause_key(rule.clause), rule.id))


@dataclass(frozen=True)
class Task:
    """Findings that are one thing to do: all that a lesson lacks, or the same entry of one pupil or of several."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """One of them, for what they have in common."""
        return self.findings[0]

    @property
    def pupils(self) -> list[str]:
        """The pupils they are about, in Latvian order."""
        return sorted({one.pupil for one in self.findings if one.pupil}, key=collation_key)


def tasks(findings: Iterable[Finding]) -> list[Task]:
    """Findings as things to do, in the order in which one clicks through E-klase: class, subject, day."""
    in_order = sorted(findings, key=lambda one: (*_place(one), collation_key(one.pupil or "")))
    return [Task(tuple(group)) for _place_, group in groupby(in_order, key=_place)]


def _place(finding: Finding) -> tuple[Any, ...]:
    return (
        class_key(finding.class_),
        collation_key(finding.subject or ""),
        finding.on or date.min,
        -1 if finding.lesson is None else finding.lesson,
        clause_key(finding.rule.clause),
        matter_of(finding),
        finding.period or "",
        finding.due_at or datetime.min,
        (finding.reason or "", finding.hint),
        finding.bearers,
    )


@dataclass(frozen=True)
class Agenda:
    """A person's list: what is overdue, what is wrong, what falls due today, and what by the horizon.

    `late` were done, but late; `waived` are excused; `undetermined` cannot be told. These are only counted.
    """

    person: str
    as_of: datetime
    horizon: datetime
    overdue: tuple[Finding, ...]
    wrong: tuple[Finding, ...]
    today: tuple[Finding, ...]
    coming: tuple[Finding, ...]
    late: int
    waived: int
    undetermined: int

    @property
    def rules(self) -> list[CheckRule]:
        """The checks that anything of the list is of, in the order of their clauses."""
        return rules_of((*self.overdue, *self.wrong, *self.today, *self.coming))


def agenda(audit: Audit, person: str, horizon: datetime) -> Agenda:
    """The list of a person, from an audit of that person's duties up to the horizon."""
    found = audit.counted
    today = audit.as_of.date()
    return Agenda(
        person,
        audit.as_of,
        horizon,
        tuple(one for one in found if one.verdict == OVERDUE),
        tuple(one for one in found if one.verdict == DEFECT),
        tuple(one for one in audit.awaited if one.due_at and one.due_at.date() == today),
        tuple(one for one in audit.awaited if one.due_at and one.due_at.date() > today),
        sum(one.verdict == LATE for one in found),
        len(audit.findings) - len(found) + len(audit.pending) - len(audit.awaited),
        sum(result.counts["undetermined"] for result in audit.results),
    )


@dataclass(frozen=True)
class DueLine:
    """What one person owes of one matter (see matter_of), in a class and subject, by one moment."""

    due_at: datetime
    person: Person
    matter: str
    class_: str | None
    subject: str | None
    findings: tuple[Finding, ...]


def due_lines(pending: Iterable[Finding]) -> list[DueLine]:
    """Pending duties by the day they are due, by person (several bearers are each told), class, subject, matter."""
    groups: dict[tuple[Any, ...], list[Finding]] = {}
    for one in pending:
        if one.due_at:
            for person in persons_of(one):
                groups.setdefault((one.due_at, person, matter_of(one), one.class_, one.subject), []).append(one)
    lines = [
        DueLine(due_at, person, matter, class_, subject, tuple(group))
        for (due_at, person, matter, class_, subject), group in groups.items()
    ]
    return sorted(lines, key=_line_place)


def _line_place(line: DueLine) -> tuple[Any, ...]:
    return (
        line.due_at.date(),
        (not line.person.name, collation_key(line.person.name or ""), class_key(line.person.class_)),
        class_key(line.class_),
        collation_key(line.subject or ""),
        clause_key(line.findings[0].rule.clause),
        line.matter,
        line.due_at,
    )


def working_days_left(calendar: Calendar, as_of: datetime, day: date) -> int:
    """Working days after the day of a moment, up to and including another day; below 0 where that is past."""
    first, last = (np.array([day_number(one)], np.int32) for one in (as_of.date(), day))
    return int(calendar.working_days_between(first, last)[0])


def meant(text: str, names: Iterable[str]) -> list[str]:
    """The names that a text may mean: the whole name, else those that have each of its words in them.

    Case, diacritics and the order of the names do not matter, unless one name is just as it is written.
    """
    names = sorted(set(names), key=collation_key)
    text = clean(text)
    if text in names:
        return [text]
    asked = fold(text).split()
    whole = [name for name in names if sorted(fold(name).split()) == sorted(asked)]
    begins = [name for name in names if all(any(part.startswith(w) for part in fold(name).split()) for w in asked)]
    return whole or begins or [name for name in names if all(word in fold(name) for word in asked)]
