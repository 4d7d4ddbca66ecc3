"""Fair figures: what was found of a person or a class, weighed by how much they had to do.

Raw counts accuse whoever has the most lessons. So findings are told for each 100 duties, and not at
all where there were too few duties to say so. A lesson entered late is one lapse, however much of it is late.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Generic, TypeVar

from eklase_audit.audit import Audit
from eklase_audit.findings import Finding, class_key, lapse_of
from eklase_audit.i18n import collation_key
from eklase_audit.tallies import Tally

# With fewer duties than this a share says nothing.
ENOUGH = 20

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Person:
    """Whose figures these are; an unknown class teacher is known by the class."""

    name: str | None
    role: str
    class_: str | None = None


@dataclass(frozen=True)
class Figures(Generic[Key]):
    """What was found of one person or class.

    `duties` are those decided, `lapses` those of them late or overdue, `defects` are entries of the wrong
    form; what a waiver excuses is in none of them. `median_late` and `worst_late` are working days, over
    the lapses, None without any.
    """

    about: Key
    duties: int
    lapses: int
    defects: int
    waived: int
    median_late: float | None
    worst_late: int | None
    findings: tuple[Finding, ...]

    @property
    def counted(self) -> list[Finding]:
        """The findings that no waiver excuses."""
        return [finding for finding in self.findings if not finding.waived]

    @property
    def enough(self) -> bool:
        """Whether there were duties enough for a share to say something."""
        return self.duties >= ENOUGH

    @property
    def in_time(self) -> float | None:
        """The share of duties done in time, 0 to 1; None without duties."""
        return (self.duties - self.lapses) / self.duties if self.duties else None

    @property
    def per_hundred(self) -> float | None:
        """Lapses and defects for each 100 duties; None without duties."""
        return 100 * (self.lapses + self.defects) / self.duties if self.duties else None


def whole(audit: Audit) -> Figures[None]:
    """The figures of the school; a duty of several teachers is one."""
    found = _figures(audit, lambda tally: [None], lambda finding: [None])
    return found[0] if found else _of(None, 0, [])


def by_person(audit: Audit) -> list[Figures[Person]]:
    """The figures of each teacher (one duty of several counts for each), the most findings per duty first."""
    figures = _figures(audit, _persons_of_tally, persons_of)
    return sorted(
        figures, key=lambda one: (*_weight(one), collation_key(one.about.name or ""), class_key(one.about.class_))
    )


def by_class(audit: Audit) -> list[Figures[str | None]]:
    """The figures of each class (None: of no class), the most findings per duty first."""
    figures = _figures(audit, lambda tally: [tally.class_], lambda finding: [finding.class_])
    return sorted(figures, key=lambda one: (*_weight(one), class_key(one.about)))


def by_role(audit: Audit) -> dict[str, Figures[str]]:
    """The figures of subject teachers and of class teachers, by their role."""
    return {one.about: one for one in _figures(audit, lambda tally: [tally.role], lambda finding: [finding.role])}


def by_week(audit: Audit) -> dict[tuple[Person, date], Figures[tuple[Person, date]]]:
    """The figures of each teacher in each week (its Monday), by the days that duties and entries are of."""
    figures = _figures(
        audit,
        lambda tally: [(person, tally.week) for person in _persons_of_tally(tally) if tally.week],
        lambda finding: [(person, monday(finding.on)) for person in persons_of(finding) if finding.on],
    )
    return {one.about: one for one in figures}


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _weight(figures: Figures[Key]) -> tuple[bool, float]:
    return not figures.enough, -(figures.per_hundred or 0)


def _persons_of_tally(tally: Tally) -> list[Person]:
    return _persons(tally.bearers, tally.role, tally.class_)


def persons_of(finding: Finding) -> list[Person]:
    """Whose finding it is: each of its bearers, else who is known by the role."""
    return _persons(finding.bearers, finding.role, finding.class_)


def _persons(bearers: tuple[str, ...], role: str, class_: str | None) -> list[Person]:
    if bearers:
        return [Person(name, "") for name in bearers]
    return [Person(None, role, class_ if role == "class_teacher" else None)]


def _figures(
    audit: Audit, of_tally: Callable[[Tally], Iterable[Key]], of_finding: Callable[[Finding], Iterable[Key]]
) -> list[Figures[Key]]:
    duties: dict[Key, int] = {}
    for tally in audit.tallies:
        for key in of_tally(tally):
            duties[key] = duties.get(key, 0) + tally.duties
    found: dict[Key, list[Finding]] = {key: [] for key in duties}
    for finding in audit.findings:
        for key in of_finding(finding):
            found.setdefault(key, []).append(finding)
    return [_of(key, duties.get(key, 0), findings) for key, findings in found.items()]


def _of(about: Key, duties: int, findings: list[Finding]) -> Figures[Key]:
    late: dict[tuple[object, ...], int] = {}
    excused = set()
    defects = 0
    for finding in findings:
        if finding.verdict == "defect":
            defects += not finding.waived
        elif finding.waived:
            excused.add(lapse_of(finding))
        else:
            lapse = lapse_of(finding)
            late[lapse] = max(late.get(lapse, 0), finding.working_days_late or 0)
    waived = len(excused - set(late))
    return Figures(
        about,
        duties - waived,
        len(late),
        defects,
        sum(finding.waived for finding in findings),
        median(late.values()) if late else None,
        max(late.values(), default=None),
        tuple(findings),
    )
