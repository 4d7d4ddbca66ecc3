"""What falls due next, by day and teacher, in the terminal or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from eklase_audit import __version__
from eklase_audit.agenda import DueLine, due_lines, rules_of, working_days_left
from eklase_audit.audit import NOT_AUDITED, Audit
from eklase_audit.calendar import Calendar
from eklase_audit.deadlines import weekday_text
from eklase_audit.i18n import _, day_text, moment_text, ngettext
from eklase_audit.reports.json_answer import finding_entry
from eklase_audit.reports.layout import Column, is_narrow, lines_of, number_column, safe, table_of, words_column
from eklase_audit.reports.wording import checks_text, person_text, things_text


def _by_day(audit: Audit) -> list[tuple[date, list[DueLine]]]:
    return [(day, list(lines)) for day, lines in groupby(due_lines(audit.awaited), lambda one: one.due_at.date())]


def count(lines: Sequence[DueLine]) -> int:
    """How many duties the lines are about; one of several bearers is one."""
    return len({(one.rule.id, one.fingerprint) for line in lines for one in line.findings})


def text(audit: Audit, horizon: datetime, calendar: Calendar) -> str:
    """What falls due as JSON text: the days with a line a teacher, class, subject and matter, then each duty."""
    entry = {
        "schema": 1,
        "tool": {"name": "eklase-audit", "version": __version__},
        "regulation": {"id": audit.regulation.id, "in_force_from": audit.regulation.in_force_from.isoformat()},
        "as_of": audit.as_of.isoformat(),
        "horizon": horizon.isoformat(),
        "days": [
            {
                "day": day.isoformat(),
                "working_days_left": working_days_left(calendar, audit.as_of, day),
                "count": count(lines),
                "lines": [
                    {
                        "teacher": line.person.name,
                        "role": line.findings[0].role,
                        "checks": [rule.id for rule in rules_of(line.findings)],
                        "class": line.class_,
                        "subject": line.subject,
                        "due_at": line.due_at.isoformat(),
                        "count": len(line.findings),
                    }
                    for line in lines
                ],
            }
            for day, lines in _by_day(audit)
        ],
        "pending": [
            finding_entry(one, audit)
            for one in sorted(audit.pending, key=lambda one: (one.due_at or datetime.max, one.fingerprint))
        ],
        "not_audited": [
            {"check": result.rule.id, "reason": result.reason}
            for result in audit.results
            if result.status == NOT_AUDITED
        ],
        "totals": {
            "pending": len(audit.awaited),
            "waived": len(audit.pending) - len(audit.awaited),
            "data_problems": len(audit.journal.problems),
        },
    }
    return json.dumps(entry, ensure_ascii=False, indent=2) + "\n"


def show(audit: Audit, horizon: datetime, calendar: Calendar, console: Console) -> None:
    """Print what falls due, a table a day."""
    console.print(
        Text(
            _("Falls due by {day} (as of {moment})").format(
                day=day_text(horizon.date()), moment=moment_text(audit.as_of)
            ),
            style="bold",
        )
    )
    for day, lines in _by_day(audit):
        title = f"{weekday_text(day.weekday()).capitalize()}, {day_text(day)}"
        console.print(
            Text.assemble(
                (f"\n{title}", "bold"), f" · {left_text(calendar, audit.as_of, day)} · {_duties(count(lines))}"
            )
        )
        console.print(_table(lines, console))
    left_out = sum(result.status == NOT_AUDITED for result in audit.results)
    if left_out:
        console.print(
            ngettext(
                "{count} check could not be made; what it asks for is not in this list (see coverage).",
                "{count} checks could not be made; what they ask for is not in this list (see coverage).",
                left_out,
            ).format(count=left_out)
        )
    if audit.awaited:
        console.print(Text(_("In all: {parts}").format(parts=_duties(len(audit.awaited))), style="bold"))
    else:
        console.print(Text(_("Nothing falls due by {day}.").format(day=day_text(horizon.date())), style="bold green"))


def left_text(calendar: Calendar, as_of: datetime, day: date) -> str:
    """How many working days there are until a day, in words."""
    if day == as_of.date():
        return _("today")
    left = working_days_left(calendar, as_of, day)
    if day < as_of.date():
        return ngettext("{count} working day ago", "{count} working days ago", -left).format(count=-left)
    return ngettext("{count} working day left", "{count} working days left", left).format(count=left)


def _duties(number_of: int) -> str:
    return ngettext("{count} duty", "{count} duties", number_of).format(count=number_of)


def clock_text(due_at: datetime) -> str:
    """The hour by which something is due on its day; "" for the end of the day."""
    end = (due_at.hour, due_at.minute, due_at.second) == (23, 59, 59)
    return "" if end else f"{due_at.hour}:{due_at:%M}"


def _table(lines: Sequence[DueLine], console: Console) -> Table:
    narrow = is_narrow(console)
    if narrow:
        columns = [
            words_column(_("Teacher")),
            Column(_("Class")),
            words_column(_("What to enter")),
            Column(_("By")),
            number_column(_("Count")),
        ]
    else:
        columns = [
            words_column(_("Teacher")),
            Column(_("Class")),
            words_column(_("Subject")),
            words_column(_("What to enter")),
            Column(_("By")),
            number_column(_("Count")),
        ]
    table = table_of("", *columns)
    before = ""
    for line in lines:
        name = person_text(line.person)
        what = Text.assemble(things_text(line.findings), (f" [{checks_text(line.findings)}]", "dim"))
        subject = safe(line.subject)
        cells = [lines_of(subject, what)] if narrow else [subject, what]
        # A name is told once, above all that is its own.
        table.add_row(
            safe("" if name == before else name),
            safe(line.class_),
            *cells,
            clock_text(line.due_at),
            str(len(line.findings)),
        )
        before = name
    return table
