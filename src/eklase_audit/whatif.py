"""What would be found if the regulation were another: the same exports, audited twice.

Only what clauses ask is exchanged. The signs a school writes, its working days and the day from which its
regulation is in force stay its own, so that both audits look at the same entries.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Generic, TypeVar

from eklase_audit.audit import NOT_AUDITED, Audit
from eklase_audit.figures import Figures, Person, by_class, by_person
from eklase_audit.findings import class_key
from eklase_audit.i18n import collation_key
from eklase_audit.regulation import CheckRule, Clause, Regulation, clause_key

Key = TypeVar("Key", bound=Hashable)

AUDITED, NOT_ASKED = "audited", "not_asked"


def exchanged(own: Regulation, other: Regulation) -> tuple[Regulation, dict[str, str]]:
    """One's own regulation with the checks of another school's, and the other's ids of its checks by the ids here.

    A check that both have keeps the id it has in one's own, whatever its number there, so that waivers hold and
    findings can be told to be the same. What only the other asks for stands under the other's name and number.
    """
    theirs: dict[str, list[CheckRule]] = {}
    for check in other.checks:
        theirs.setdefault(check.name, []).append(check)
    ids: dict[str, str] = {}
    clauses = []
    for clause in own.clauses:
        checks = []
        for check in clause.checks:
            if theirs.get(check.name):
                taken = theirs[check.name].pop(0)
                ids[check.id] = taken.id
                checks.append(replace(taken, id=check.id, clause=check.clause))
        clauses.append(replace(clause, checks=tuple(checks)))
    for clause in other.clauses:
        left = [check for check in clause.checks if check in theirs[check.name]]
        checks = [replace(c, id=f"{other.id}:{c.id}", clause=f"{other.id}:{c.clause}") for c in left]
        ids |= {mine.id: check.id for mine, check in zip(checks, left, strict=True)}
        if checks:
            clauses.append(Clause(f"{other.id}:{clause.number}", clause.titles, clause.summaries, tuple(checks)))
    return replace(own, id=other.id, titles=other.titles, source=other.source, clauses=tuple(clauses)), ids


@dataclass(frozen=True)
class Side:
    """What one audit says of a check: AUDITED, NOT_AUDITED or NOT_ASKED.

    `in_time` is the share (0 to 1) of decided duties that were done in time, None where there are none.
    """

    state: str
    findings: int = 0
    in_time: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Line:
    """A check before and after; `rules` are what each regulation asks (None: nothing), `there` its id in the other."""

    id: str
    clause: str
    rules: tuple[CheckRule | None, CheckRule | None]
    sides: tuple[Side, Side]
    there: str | None = None

    @property
    def rule(self) -> CheckRule:
        """What one's own regulation asks, or else the other."""
        rule = self.rules[0] or self.rules[1]
        assert rule is not None
        return rule

    @property
    def changed(self) -> bool:
        """Whether the two regulations ask something else."""
        before, after = self.rules
        if before is None or after is None:
            return True
        return (before.deadline, before.parameters, before.severity) != (
            after.deadline,
            after.parameters,
            after.severity,
        )

    @property
    def comparable(self) -> bool:
        """Whether both audits made the check, so that their difference is one of the limits alone."""
        return all(side.state == AUDITED for side in self.sides)


@dataclass(frozen=True)
class Pair(Generic[Key]):
    """The figures of one person or class before and after; None where an audit has none."""

    about: Key
    before: Figures[Key] | None
    after: Figures[Key] | None

    @property
    def counts(self) -> tuple[int, int]:
        """The findings before and after."""
        return (len(self.before.counted) if self.before else 0, len(self.after.counted) if self.after else 0)


@dataclass(frozen=True)
class WhatIf:
    """Two audits of the same exports as of the same moment; `ids` are the other regulation's own (see exchanged)."""

    before: Audit
    after: Audit
    ids: Mapping[str, str]

    @cached_property
    def lines(self) -> list[Line]:
        """Each check of either regulation, in the order of one's own clauses; what only the other asks comes last."""
        sides = [_sides(audit) for audit in (self.before, self.after)]
        own = {rule.id: rule for rule in self.before.regulation.checks}
        others = {rule.id: rule for rule in self.after.regulation.checks}
        lines = []
        for id_ in own | others:
            rules = own.get(id_), others.get(id_)
            there = self.ids.get(id_)
            clause = own[id_].clause if id_ in own else others[id_].clause.rpartition(":")[2]
            found = tuple(side.get(id_, Side(NOT_ASKED)) for side in sides)
            lines.append(Line(id_, clause, rules, (found[0], found[1]), there))
        return sorted(lines, key=lambda line: (line.rules[0] is None, clause_key(line.clause), line.id))

    @property
    def told(self) -> list[Line]:
        """The checks that either audit made."""
        return [line for line in self.lines if any(side.state == AUDITED for side in line.sides)]

    @property
    def untold(self) -> list[Line]:
        """The checks that neither audit could make."""
        return [line for line in self.lines if all(side.state != AUDITED for side in line.sides)]

    def by_clause(self) -> dict[str, tuple[int, int]]:
        """The findings before and after by clause; those of what only the other asks under its name and number."""
        sums: dict[str, tuple[int, int]] = {}
        for line in self.told:
            clause = line.rule.clause
            before, after = sums.get(clause, (0, 0))
            sums[clause] = (before + line.sides[0].findings, after + line.sides[1].findings)
        return sums

    def by_person(self) -> list[Pair[Person]]:
        """The people with findings, in the order of their names."""
        return _pairs(
            by_person(self.before),
            by_person(self.after),
            lambda who: (who.name is None, collation_key(who.name or ""), class_key(who.class_)),
        )

    def by_class(self) -> list[Pair[str | None]]:
        """The classes with findings, in their order."""
        return _pairs(by_class(self.before), by_class(self.after), class_key)

    @cached_property
    def turned(self) -> tuple[int, int]:
        """How many findings would go, and how many would come."""
        before, after = ({finding.fingerprint for finding in audit.counted} for audit in (self.before, self.after))
        return len(before - after), len(after - before)


def _sides(audit: Audit) -> dict[str, Side]:
    findings: dict[str, int] = {}
    lapses: dict[str, int] = {}
    for finding in audit.counted:
        findings[finding.rule.id] = findings.get(finding.rule.id, 0) + 1
        lapses[finding.rule.id] = lapses.get(finding.rule.id, 0) + (finding.verdict != "defect")
    sides = {}
    for result in audit.results:
        id_ = result.rule.id
        if result.status == NOT_AUDITED:
            sides[id_] = Side(NOT_AUDITED, reason=result.reason)
            continue
        decided = result.counts["fulfilled"] + lapses.get(id_, 0)
        in_time = result.counts["fulfilled"] / decided if decided else None
        sides[id_] = Side(AUDITED, findings.get(id_, 0), in_time)
    return sides


def _pairs(
    before: Iterable[Figures[Key]], after: Iterable[Figures[Key]], order: Callable[[Key], object]
) -> list[Pair[Key]]:
    old, new = ({figures.about: figures for figures in side} for side in (before, after))
    pairs = [Pair(about, old.get(about), new.get(about)) for about in old | new]
    return sorted((pair for pair in pairs if any(pair.counts)), key=lambda pair: order(pair.about))  # type: ignore[arg-type,return-value]
