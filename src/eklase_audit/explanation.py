"""Why this finding: the working behind it, each day counted and each day skipped with its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from eklase_audit.audit import Audit
from eklase_audit.calendar import Calendar
from eklase_audit.counting import Day, counted_days, days_to_due, outage_at
from eklase_audit.deadlines import Outage
from eklase_audit.errors import AuditError
from eklase_audit.findings import Finding
from eklase_audit.i18n import _
from eklase_audit.moments import moment_number
from eklase_audit.staff import Staff, StaffAbsence


@dataclass(frozen=True)
class Working:
    """The working of a finding: the days up to its due day, and those from there to when it was done."""

    finding: Finding
    until_due: tuple[Day, ...]
    late: tuple[Day, ...]
    outage: Outage | None
    absences: tuple[StaffAbsence, ...] = ()


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
    on, before = finding.on, finding.due_before or finding.due_at
    # Of what snapshots show to be late, the days are counted to the last one without it.
    seen = finding.done_after if finding.verdict == "late" else None
    done = finding.done_at or seen or audit.as_of
    until = done.date() if isinstance(done, datetime) else done
    staff = Staff(audit.absences, calendar)
    moved = staff.moved(finding.bearers, on, before)
    absences: Sequence[StaffAbsence] = ()
    if moved == before:
        until_due = days_to_due(finding.rule.deadline, calendar, on, before.date())
    else:
        # Of several bearers the one who was away for longest decides.
        who = [max(finding.bearers, key=lambda name: staff.moved([name], on, before))]
        # Counted on past the days away, from the day itself where it was due on that day.
        start = on if before.date() > on else before.date() - timedelta(1)
        until_due = counted_days(calendar, start, moved.date(), away=staff.days_away(who))
        absences = staff.of(who, start, moved.date())
    late: tuple[Day, ...] = ()
    if finding.verdict != "undetermined":
        late = counted_days(calendar, finding.due_at.date(), until)
    outage = outage_at(moment_number(moved), outages) if finding.due_before else None
    return Working(finding, until_due, late, outage, tuple(absences))
