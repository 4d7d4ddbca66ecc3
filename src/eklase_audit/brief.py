"""The school on one page: three numbers, the clauses and classes to look at, and who improved the most.

Nothing is reckoned anew: it is a choice from the figures of audits as of three moments, now, a week ago and
four weeks ago. Only what had duties enough is compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from eklase_audit.audit import NOT_AUDITED, Audit
from eklase_audit.figures import Figures, Person, by_class, by_person, by_role, whole
from eklase_audit.judgement import DEFECT, OVERDUE
from eklase_audit.regulation import Clause

# How far back one looks: for what changed, and for who improved.
CHANGE, IMPROVEMENT = timedelta(weeks=1), timedelta(weeks=4)
# So many clauses and classes are told: a page has no room for more.
MOST = 5

Key = TypeVar("Key", Person, str | None)


@dataclass(frozen=True)
class ClauseCount:
    """A clause: how many findings it has that no waiver excuses, and how many of them are still open."""

    clause: Clause
    findings: int
    open: int


@dataclass(frozen=True)
class Improvement:
    """Whose findings for each 100 duties fell the most: a teacher or a class."""

    name: str
    before: float
    now: float


@dataclass(frozen=True)
class Brief:
    """What stands on the page. `open_before` is how much was open a week ago; `unseen` are checks not made."""

    title: str
    as_of: datetime
    school: Figures[None]
    roles: Mapping[str, Figures[str]]
    open: int
    open_before: int
    clauses: tuple[ClauseCount, ...]
    classes: tuple[Figures[str | None], ...]
    best_teacher: Improvement | None
    best_class: Improvement | None
    unseen: int
    problems: int


def brief_of(now: Audit, week_ago: Audit, weeks_ago: Audit, *, names: bool = True) -> Brief:
    """The page of three audits, as of now, CHANGE ago and IMPROVEMENT ago; without `names` no teacher is on it."""
    return Brief(
        now.regulation.title,
        now.as_of,
        whole(now),
        by_role(now),
        _open(now),
        _open(week_ago),
        _clauses(now),
        tuple(one for one in by_class(now) if one.about and one.enough and one.per_hundred)[:MOST],
        _best(by_person(weeks_ago), by_person(now), lambda person: person.name) if names else None,
        _best(by_class(weeks_ago), by_class(now), lambda class_: class_),
        sum(result.status == NOT_AUDITED for result in now.results),
        len(now.journal.problems),
    )


def _open(audit: Audit) -> int:
    """How much has still to be entered or corrected; what came late is done."""
    return sum(one.verdict in (OVERDUE, DEFECT) for one in audit.counted)


def _clauses(audit: Audit) -> tuple[ClauseCount, ...]:
    counts = []
    for clause in audit.regulation.clauses:
        mine = [one for one in audit.counted if one.rule.clause == clause.number]
        if mine:
            open_ones = sum(one.verdict in (OVERDUE, DEFECT) for one in mine)
            counts.append(ClauseCount(clause, len(mine), open_ones))
    # Of two that have as many the one that stands first in the regulation is told first.
    return tuple(sorted(counts, key=lambda one: -one.findings)[:MOST])


def _best(
    before: Iterable[Figures[Key]], now: Iterable[Figures[Key]], name_of: Callable[[Key], str | None]
) -> Improvement | None:
    """Whoever fell the most, of those who had enough to do at both times; None where nobody fell."""
    earlier = {one.about: one.per_hundred for one in before if one.enough}
    best: Improvement | None = None
    for one in now:
        name, then, later = name_of(one.about), earlier.get(one.about), one.per_hundred
        if name and one.enough and then is not None and later is not None and then > later:
            found = Improvement(name, then, later)
            if best is None or found.before - found.now > best.before - best.now:
                best = found
    return best
