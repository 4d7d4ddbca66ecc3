"""The working behind one finding, as a page in the terminal or as JSON."""

from __future__ import annotations

import json
from datetime import timedelta

from rich.console import Console
from rich.table import Table
from rich.text import Text

from eklase_audit.audit import Audit
from eklase_audit.errors import place
from eklase_audit.explanation import Working
from eklase_audit.i18n import _, day_text, moment_text, ngettext
from eklase_audit.moments import to_date
from eklase_audit.reports.days import absence_text, day_entry, days_table, days_to_due_table, deadline_text, outage_text
from eklase_audit.reports.json_answer import finding_entry
from eklase_audit.reports.terminal import safe
from eklase_audit.reports.wording import bearer_text, done_text, message, reading_text


def text(working: Working, audit: Audit) -> str:
    """The working as JSON text."""
    clause = audit.regulation.clause(working.finding.rule.clause)
    entry = {
        "schema": 1,
        "finding": finding_entry(working.finding, audit),
        "clause": {
            "number": clause.number,
            "title": clause.title,
            "summary": clause.summary,
            "source": audit.regulation.source,
        },
        "deadline": working.finding.rule.deadline.plain() if working.finding.rule.deadline else None,
        "due_before": working.finding.due_before.isoformat() if working.finding.due_before else None,
        "absences": [
            {"from": to_date(one.first).isoformat(), "to": to_date(one.last).isoformat()} for one in working.absences
        ],
        "until_due": [day_entry(day) for day in working.until_due],
        "late": [day_entry(day) for day in working.late],
    }
    return json.dumps(entry, ensure_ascii=False, indent=2) + "\n"


def show(working: Working, audit: Audit, console: Console) -> None:
    """Print the entry, the clause and its parameter, each day counted and skipped, and the verdict."""
    finding = working.finding
    rule = finding.rule
    clause = audit.regulation.clause(rule.clause)
    console.print(Text(message(finding), style="bold"))
    lines = Table.grid(padding=(0, 2))
    lines.add_row(_("fingerprint"), finding.fingerprint)
    lines.add_row(_("owed by"), safe(bearer_text(finding)))
    for name, value in (
        (_("class"), finding.class_),
        (_("subject"), finding.subject),
        (_("pupil"), finding.pupil),
    ):
        if value:
            lines.add_row(name, safe(value))
    if finding.file:
        lines.add_row(_("entry"), safe(place(finding.file, finding.sheet, finding.row)))
    lines.add_row(_("clause"), f"{clause.number}. {clause.title}: {clause.summary}")
    lines.add_row(_("source"), audit.regulation.source)
    if rule.deadline:
        lines.add_row(_("deadline"), deadline_text(rule))
    if reading := reading_text(rule):
        lines.add_row("", reading)
    if finding.on:
        lines.add_row(_("counted from") if finding.due_at else _("day"), day_text(finding.on))
    if finding.waiver:
        lines.add_row(_("waiver"), safe(f"{finding.waiver.reason} ({finding.waiver.place})"))
    console.print(lines)
    if working.until_due:
        console.print(days_to_due_table(working.until_due, finding.on))
    for absence in working.absences:
        console.print(Text(absence_text(absence)))
    if finding.due_at is None:
        return
    if working.outage and finding.due_before:
        console.print(Text(outage_text(working.outage, finding.due_before)))
    console.print(Text(_("due: {moment}").format(moment=moment_text(finding.due_at)), style="bold"))
    if finding.verdict == "undetermined":
        _show_open(working, audit, console)
        return
    done = done_text(finding) or _("not done as of {moment}").format(moment=moment_text(audit.as_of))
    console.print(Text(_("done: {moment}").format(moment=done), style="bold"))
    if working.late:
        console.print(days_table(_("Working days late"), working.late))
    days = finding.working_days_late or 0
    console.print(
        Text(
            ngettext("{count} working day late", "{count} working days late", days).format(count=days),
            style="bold red",
        )
    )


def _show_open(working: Working, audit: Audit, console: Console) -> None:
    """Say what snapshots show, and which one would have settled it."""
    finding = working.finding
    assert finding.due_at is not None
    if finding.done_by:
        after = moment_text(finding.done_after) if finding.done_after else _("an unknown time")
        console.print(
            Text(
                _("made after {after} and by {by}, as snapshots show").format(
                    after=after, by=moment_text(finding.done_by)
                )
            )
        )
    until = finding.due_at + timedelta(seconds=audit.regulation.snapshot_grace)
    console.print(
        Text(
            _("undetermined: a snapshot taken from {due} to {until} would have settled it").format(
                due=moment_text(finding.due_at), until=moment_text(until)
            ),
            style="bold",
        )
    )
