"""Whether a school gets better: findings weighed by duties, period after period.

What counts for a period is what fell due in it: of each clause the duties due in those days (done in
time, late or overdue by its end) and the findings among them, and beside these the defects of entries of
those days. So the number tells how that week went, and not what older weeks left behind. What is overdue
at the period's end is told apart: that is what is left to do. What a waiver excuses counts in neither.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from eklase_audit.audit import Audit
from eklase_audit.figures import ENOUGH
from eklase_audit.history.database import CheckMade, History
from eklase_audit.moments import day_number, to_date

# Of a share that changed by less than a tenth, or by less than one finding in 200 duties, it is said that it stayed.
_SHARE, _STEP = 0.1, 0.5


class Direction(StrEnum):
    """Where a clause is going."""

    better = "better"
    same = "same"
    worse = "worse"
    unknown = "unknown"


@dataclass(frozen=True)
class Weighed:
    """The duties that fell due, and what was found in those days."""

    duties: int = 0
    findings: int = 0

    @property
    def per_hundred(self) -> float | None:
        """Findings for each 100 duties; None without duties."""
        return 100 * self.findings / self.duties if self.duties else None

    def __add__(self, other: Weighed) -> Weighed:
        return Weighed(self.duties + other.duties, self.findings + other.findings)


@dataclass(frozen=True)
class Period:
    """One period, its first and last day included, and what was overdue at its end.

    `clauses` are those of which a check was made. One that owes nothing by a day (the form of entries) is
    weighed by the duties of all.
    """

    first: date
    last: date
    clauses: Mapping[str, Weighed]
    total: Weighed
    overdue: int


@dataclass(frozen=True)
class Line:
    """A clause (None: all together) over the periods: None where it was not audited; where it is going."""

    clause: str | None
    weighed: tuple[Weighed | None, ...]
    before: Weighed
    after: Weighed
    direction: Direction


@dataclass(frozen=True)
class Trend:
    """The periods in order, and a line for all together and for each clause."""

    periods: tuple[Period, ...]
    lines: tuple[Line, ...]


def period_of(audit: Audit, first: date, last: date) -> Period:
    """A period from an audit as of its end."""
    found = [
        (finding.rule.clause, day, finding.verdict)
        for finding in audit.counted
        if (day := finding.due_at.date() if finding.due_at else finding.on)
    ]
    checks = [CheckMade(result.rule.clause, result.first_day, result.due) for result in audit.audited]
    return _period(checks, [(clause, day_number(day), verdict) for clause, day, verdict in found], first, last)


def periods_of(history: History, first: date | None, last: date) -> list[Period]:
    """A period for each run of a history that looks from a day between two: from the run before to that one.

    The first run of all stands for its week.
    """
    found = []
    before: date | None = None
    for run in history.runs():
        if run.scope:
            continue
        day = to_date(run.day)
        start = before + timedelta(days=1) if before else day - timedelta(days=6)
        before = day
        if (first is None or day >= first) and day <= last:
            items = [
                (item.clause, item.due, item.verdict)
                for item in history.items(run)
                if item.told and not item.waived and item.due is not None
            ]
            found.append(_period(list(run.checks.values()), items, start, day))
    return found


def _period(checks: Sequence[CheckMade], findings: Iterable[tuple[str, int, str]], first: date, last: date) -> Period:
    days = range(day_number(first), day_number(last) + 1)
    duties: Counter[str] = Counter({check.clause: 0 for check in checks})
    owing = {check.clause for check in checks if check.due is not None}
    for check in checks:
        duties[check.clause] += sum(count for day, count in (check.due or {}).items() if day in days)
    findings = list(findings)
    mine = Counter(clause for clause, day, _verdict in findings if day in days)
    everything = sum(duties.values())
    return Period(
        first,
        last,
        {
            clause: Weighed(duties[clause] if clause in owing else everything, mine[clause])
            for clause in dict.fromkeys(check.clause for check in checks)
        },
        Weighed(everything, sum(mine.values())),
        sum(verdict == "overdue" for _clause, _day, verdict in findings),
    )


def trend_of(periods: Sequence[Period], clauses: Iterable[str]) -> Trend:
    """The trend over periods, of those of the clauses that any of them has."""
    lines = [_line(None, [period.total for period in periods])]
    for clause in clauses:
        weighed = [period.clauses.get(clause) for period in periods]
        if any(one is not None for one in weighed):
            lines.append(_line(clause, weighed))
    return Trend(tuple(periods), tuple(lines))


def _line(clause: str | None, weighed: Sequence[Weighed | None]) -> Line:
    """The periods that had duties are parted in three: the first third is compared with the last."""
    there = [one for one in weighed if one and one.duties]
    third = max(1, len(there) // 3)
    before, after = (sum(part, Weighed()) for part in (there[:third], there[-third:]))
    return Line(clause, tuple(weighed), before, after, direction(before, after, enough=len(there) >= 2))


def direction(before: Weighed, after: Weighed, *, enough: bool = True) -> Direction:
    """Whether there is less to find than before, for each 100 duties.

    Unknown with fewer than ENOUGH duties on either side; the same where the share changed by less than a
    tenth of the greater, or by less than one finding in 200 duties.
    """
    if not enough or min(before.duties, after.duties) < ENOUGH:
        return Direction.unknown
    was, now = (one.per_hundred or 0 for one in (before, after))
    if abs(now - was) < max(_STEP, _SHARE * max(was, now)):
        return Direction.same
    return Direction.better if now < was else Direction.worse
