"""When something must be entered: each day counted and skipped, as a page in the terminal or as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from eklase_audit.clauses import CHECKS
from eklase_audit.dates import DueDate
from eklase_audit.deadlines import weekday_text
from eklase_audit.i18n import _, day_text, moment_text
from eklase_audit.regulation import Regulation
from eklase_audit.reports.days import day_entry, days_to_due_table, deadline_text, outage_text
from eklase_audit.reports.manual import json_text, regulation_entry
from eklase_audit.reports.wording import grades_text, period_text, reading_text


def due_entry(due: DueDate) -> dict[str, Any]:
    """A due date, for JSON; `grades` null where it is the same for all."""
    return {
        "check": due.rule.id,
        "clause": due.rule.clause,
        "severity": due.rule.severity,
        "deadline": due.rule.deadline.plain() if due.rule.deadline else None,
        "grades": list(due.grades) or None,
        "period": due.period,
        "on": due.on.isoformat() if due.on else None,
        "due_before": due.before.isoformat() if due.before else None,
        "due_at": due.due_at.isoformat() if due.due_at else None,
        "in_force": due.in_force,
        "reason": due.reason or None,
    }


def text(due_dates: Sequence[DueDate], day: date, regulation: Regulation) -> str:
    """When the checks are due for a day, as JSON text."""
    entries = [due_entry(due) | {"until_due": [day_entry(one) for one in due.days]} for due in due_dates]
    return json_text(
        {
            "schema": 1,
            "regulation": regulation_entry(regulation),
            "day": day.isoformat(),
            "deadlines": entries,
        }
    )


def long_day_text(day: date) -> str:
    """A day with its weekday."""
    return f"{day_text(day)}, {weekday_text(day.weekday())}"


def show(due_dates: Sequence[DueDate], day: date, regulation: Regulation, console: Console) -> None:
    """Print by clause when its checks are due for a day; checks that are due alike stand together."""
    console.print(Text(_("When is it due? For {day}").format(day=long_day_text(day)), style="bold"))
    for clause in regulation.clauses:
        mine = [due for due in due_dates if due.rule.clause == clause.number]
        if not mine:
            continue
        console.print()
        console.print(Text(f"{clause.number}. {clause.title}: {clause.summary}", style="bold"))
        alike: dict[object, list[DueDate]] = {}
        for due in mine:
            key = (due.rule.deadline, due.anchor, due.grades, due.period, due.due_at, due.reason)
            alike.setdefault(key, []).append(due)
        for group in alike.values():
            console.print()
            _show_group(group, regulation, console)


def _show_group(group: Sequence[DueDate], regulation: Regulation, console: Console) -> None:
    due = group[0]
    heads = Table.grid(padding=(0, 2))
    for one in group:
        heads.add_row(Text(one.rule.id, style="bold cyan"), _(CHECKS[one.rule.name].thing))
    console.print(heads)
    lines = Table.grid(padding=(0, 2))
    for_whom = ", ".join(part for part in (grades_text(due.grades), period_text(due.period)) if part)
    if for_whom:
        lines.add_row(_("for"), for_whom)
    if due.rule.deadline:
        # The parameter stands with a check's own deadline; checks that are due alike have one each.
        lines.add_row(_("deadline"), deadline_text(due.rule) if len(group) == 1 else due.rule.deadline.text())
    if reading := reading_text(due.rule):
        lines.add_row("", reading)
    if due.anchor and due.on:
        lines.add_row(_("counted from"), f"{long_day_text(due.on)} ({_(due.anchor.text)})")
    elif due.anchor:
        lines.add_row(_("counted from"), _(due.anchor.text))
    if lines.row_count:
        console.print(lines)
    if due.days:
        console.print(days_to_due_table(due.days, due.on))
    if due.outage and due.before:
        console.print(Text(outage_text(due.outage, due.before)))
    if not due.in_force:
        since = day_text(regulation.in_force_from)
        console.print(Text(_("not audited: the regulation is in force from {day}").format(day=since)))
    if due.due_at:
        moment = f"{moment_text(due.due_at)}, {weekday_text(due.due_at.weekday())}"
        console.print(Text(_("due: {moment}").format(moment=moment), style="bold"))
    else:
        console.print(Text(due.reason, style="bold"))
