"""Sums over schools: by school, by clause, by size of school."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from eklase_audit.fleet.work import Outcome
from eklase_audit.i18n import collation_key
from eklase_audit.regulation import clause_key

# The least number of pupils of each size of school.
SIZES = (0, 100, 300, 600)


@dataclass(frozen=True)
class Sum:
    """What was found over some schools; `schools` is their number, `not_audited` those where it could not be."""

    about: str
    schools: int
    pupils: int
    duties: int
    lapses: int
    defects: int
    violations: int
    warnings: int
    not_audited: int = 0

    @property
    def per_hundred(self) -> float | None:
        """Lapses and defects for each 100 duties; None without duties."""
        return 100 * (self.lapses + self.defects) / self.duties if self.duties else None


def by_school(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The outcomes in the Latvian order of the schools' names, numbers in them by their size."""
    return sorted(outcomes, key=lambda one: _natural(one.school))


def _natural(name: str) -> list[tuple[int, int, object]]:
    parts = re.split(r"(\d+)", name)
    return [(0, int(part), "") if part.isdigit() else (1, 0, collation_key(part)) for part in parts if part]


def by_size(outcomes: Sequence[Outcome]) -> list[Sum]:
    """The sums of schools of like size, by their pupils; only those that were audited."""
    audited = [one for one in outcomes if one.error is None]
    sums = []
    for number, least in enumerate(SIZES):
        end = SIZES[number + 1] if number + 1 < len(SIZES) else None
        mine = [one for one in audited if one.pupils >= least and (end is None or one.pupils < end)]
        if mine:
            sums.append(_of(f"{least}–{end - 1}" if end else f"{least}+", mine))
    return sums


def total(outcomes: Sequence[Outcome]) -> Sum:
    """The sum of all schools that were audited; the others are counted as not audited."""
    audited = [one for one in outcomes if one.error is None]
    return replace(_of("", audited), not_audited=len(outcomes) - len(audited))


def _of(about: str, outcomes: Sequence[Outcome]) -> Sum:
    names = ("pupils", "duties", "lapses", "defects", "violations", "warnings")
    sums = {name: sum(getattr(one, name) for one in outcomes) for name in names}
    return Sum(about, len(outcomes), **sums)


@dataclass(frozen=True)
class ClauseOver:
    """A regulation's clause over its schools: findings, duties, and in how many it was and was not audited."""

    regulation: str
    clause: str
    violations: int
    warnings: int
    duties: int
    audited: int
    not_audited: int


def by_clause(outcomes: Iterable[Outcome]) -> list[ClauseOver]:
    """The sums by regulation and clause: each regulation has numbers of its own."""
    found: dict[tuple[str, str], list[int]] = {}
    for outcome in outcomes:
        for clause in dict.fromkeys(check.clause for check in outcome.checks):
            mine = [check for check in outcome.checks if check.clause == clause]
            audited = any(check.status != "not_audited" for check in mine)
            counts = (
                sum(check.violations for check in mine),
                sum(check.warnings for check in mine),
                sum(check.duties for check in mine),
                int(audited),
                int(not audited),
            )
            before = found.get((outcome.regulation or "", clause), [0] * len(counts))
            found[outcome.regulation or "", clause] = [a + b for a, b in zip(before, counts, strict=True)]
    keys = sorted(found, key=lambda key: (key[0], clause_key(key[1])))
    return [ClauseOver(*key, *found[key]) for key in keys]
