"""What is to be done next: a person's own list, and what falls due day by day.

Nothing is reckoned here: findings and pending duties are those of an audit, put in the order in which
they are worked off.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


def horizon_of(calendar: Calendar, as_of: datetime, days: int) -> datetime:
    """The end of so many working days after the day of a moment; of that day itself for 0."""
    today = np.array([day_number(as_of.date())], np.int32)
    last = calendar.nth_working_day_after(today, days) if days else today
    return datetime.combine(to_date(int(last[0])), time(23, 59, 59))


@dataclass(frozen=True)
class Task:
    """Findings that are one thing to do: the same entry, of one pupil or of several."""

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
        finding.rule.id,
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
        rules = {one.rule.id: one.rule for one in (*self.overdue, *self.wrong, *self.today, *self.coming)}
        return sorted(rules.values(), key=lambda rule: (clause_key(rule.clause), rule.id))


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
        tuple(one for one in audit.pending if one.due_at and one.due_at.date() == today),
        tuple(one for one in audit.pending if one.due_at and one.due_at.date() > today),
        sum(one.verdict == LATE for one in found),
        len(audit.findings) - len(found),
        sum(result.counts["undetermined"] for result in audit.results),
    )


@dataclass(frozen=True)
class DueDay:
    """What falls due on a day, by the persons who owe it (one of several bearers is each of them)."""

    day: date
    persons: tuple[tuple[Person, tuple[Task, ...]], ...]
    count: int


def by_day(pending: Sequence[Finding]) -> list[DueDay]:
    """Pending duties by the day they are due and by person, persons in Latvian order."""
    days: dict[date, dict[Person, list[Finding]]] = {}
    for one in sorted(pending, key=lambda one: one.due_at or datetime.max):
        if one.due_at:
            persons = days.setdefault(one.due_at.date(), {})
            for person in persons_of(one):
                persons.setdefault(person, []).append(one)
    return [
        DueDay(
            day,
            tuple(
                (person, tuple(tasks(persons[person])))
                for person in sorted(persons, key=lambda who: (collation_key(who.name or ""), class_key(who.class_)))
            ),
            len({id(one) for mine in persons.values() for one in mine}),
        )
        for day, persons in days.items()
    ]


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
