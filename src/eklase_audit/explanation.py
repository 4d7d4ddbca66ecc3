"""Why this finding: the working behind it, each day counted and each day skipped with its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from eklase_audit.audit import Audit
from eklase_audit.calendar import Calendar
from eklase_audit.deadlines import Outage
from eklase_audit.errors import AuditError
from eklase_audit.findings import Finding
from eklase_audit.i18n import _
from eklase_audit.moments import day_number, moment_number, to_date


@dataclass(frozen=True)
class Day:
    """A day of the count: its number among the working days counted, or 0 and why it was skipped."""

    day: date
    number: int
    reason: str


@dataclass(frozen=True)
class Working:
    """The working of a finding: the days up to its due day, and those from there to when it was done."""

    finding: Finding
    until_due: tuple[Day, ...]
    late: tuple[Day, ...]
    outage: Outage | None


def find(audit: Audit, fingerprint: str) -> Finding:
    """The finding whose fingerprint begins so. Raises AuditError where there is none, or are several."""
    found = [
        finding
        for finding in (*audit.findings, *audit.undetermined)
        if finding.fingerprint.startswith(fingerprint.casefold())
    ]
    if not found:
        raise AuditError(
            _("no finding has a fingerprint that begins with «{start}»; check --as-of and the paths").format(
                start=fingerprint
            )
        )
    if len(found) > 1:
        alike = ", ".join(finding.fingerprint for finding in found[:5])
        raise AuditError(
            _("several findings have a fingerprint that begins with «{start}»: {alike}").format(
                start=fingerprint, alike=alike
            )
        )
    return found[0]


def working(finding: Finding, audit: Audit, calendar: Calendar, outages: Sequence[Outage] = ()) -> Working:
    """The working of a finding of an audit, by the calendar it was judged by."""
    if finding.due_at is None or finding.on is None or finding.rule.deadline is None:
        return Working(finding, (), (), None)
    before = finding.due_before or finding.due_at
    # Of what snapshots show to be late, the days are counted to the last one without it.
    seen = finding.done_after if finding.verdict == "late" else None
    done = finding.done_at or seen or audit.as_of
    until = done.date() if isinstance(done, datetime) else done
    until_due: tuple[Day, ...] = ()
    if finding.rule.deadline.form == "working_days":
        until_due = _count(calendar, finding.on, before.date(), all_days=False)
    elif finding.rule.deadline.form in ("calendar_days", "calendar_days_before_end"):
        until_due = _count(calendar, *sorted((finding.on, before.date())), all_days=True)
    late: tuple[Day, ...] = ()
    if finding.verdict != "undetermined":
        late = _count(calendar, finding.due_at.date(), until, all_days=False)
    moved = moment_number(before)
    outage = next((o for o in outages if finding.due_before and o.first <= moved <= o.last), None)
    return Working(finding, until_due, late, outage)


def _count(calendar: Calendar, after: date, until: date, *, all_days: bool) -> tuple[Day, ...]:
    """The days after one day up to and including another, working days (or all) numbered."""
    days, number = [], 0
    for day in range(day_number(after) + 1, day_number(until) + 1):
        counted = all_days or calendar.is_working(day)
        number += counted
        days.append(Day(to_date(day), number if counted else 0, "" if all_days else calendar.reason(day)))
    return tuple(days)
