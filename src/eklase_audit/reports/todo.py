"""A person's own list of what is to be done, in the terminal or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from eklase_audit import __version__
from eklase_audit.agenda import Agenda, Task, tasks
from eklase_audit.audit import NOT_AUDITED, Audit
from eklase_audit.findings import Finding
from eklase_audit.i18n import _, day_text, moment_text, ngettext
from eklase_audit.judgement import DEFECT
from eklase_audit.regulation import CheckRule
from eklase_audit.reports.json_answer import finding_entry
from eklase_audit.reports.layout import Column, is_narrow, lines_of, number_column, safe, table_of, words_column
from eklase_audit.reports.manual import page
from eklase_audit.reports.wording import checks_text, defect_text, on_text, things_text

MEND = "How to mend it in E-klase"


def text(agenda: Agenda, audit: Audit) -> str:
    """The list as JSON text, its parts in the order in which they are worked off."""
    parts = {
        "overdue": agenda.overdue,
        "wrong": agenda.wrong,
        "today": agenda.today,
        "coming": agenda.coming,
    }
    entry = {
        "schema": 1,
        "tool": {"name": "eklase-audit", "version": __version__},
        "regulation": {"id": audit.regulation.id, "in_force_from": audit.regulation.in_force_from.isoformat()},
        "teacher": agenda.person,
        "as_of": agenda.as_of.isoformat(),
        "horizon": agenda.horizon.isoformat(),
        **{name: in_order(findings, audit) for name, findings in parts.items()},
        "how": [{"check": rule.id, "title": page(rule)[0], "text": page(rule)[1][MEND]} for rule in agenda.rules],
        "not_audited": [
            {"check": result.rule.id, "reason": result.reason}
            for result in audit.results
            if result.status == NOT_AUDITED
        ],
        "totals": {
            **{name: len(findings) for name, findings in parts.items()},
            "late": agenda.late,
            "undetermined": agenda.undetermined,
            "waived": agenda.waived,
            "data_problems": len(audit.journal.problems),
        },
    }
    return json.dumps(entry, ensure_ascii=False, indent=2) + "\n"


def in_order(findings: Sequence[Finding], audit: Audit) -> list[dict[str, Any]]:
    """Findings as plain values, in the order in which they are worked off."""
    return [finding_entry(one, audit) for task in tasks(findings) for one in task.findings]


def choices_text(choices: Sequence[str]) -> str:
    """The persons that a name may mean, as JSON text."""
    return json.dumps({"schema": 1, "choices": list(choices)}, ensure_ascii=False, indent=2) + "\n"


def show_choices(choices: Sequence[str], console: Console) -> None:
    """Print the persons that a name may mean, one a line."""
    for name in choices:
        console.print(safe(name))


def show(agenda: Agenda, audit: Audit, console: Console) -> None:
    """Print the list: what is overdue, what is wrong, what falls due today and after it, and how to enter it."""
    console.print(Text(_("To do in E-klase: {name}").format(name=safe(agenda.person).plain), style="bold"))
    console.print(Text(_("As of {moment}").format(moment=moment_text(agenda.as_of))))
    until = day_text(agenda.horizon.date())
    for title, style, findings in (
        (_("Overdue: enter it now"), "red", agenda.overdue),
        (_("To be mended"), "red", agenda.wrong),
        (_("Due today"), "yellow", agenda.today),
        (_("Due by {day}").format(day=until), "", agenda.coming),
    ):
        if findings:
            _part(f"{title} ({len(findings)})", style, tasks(findings), console)
    _how(agenda.rules, console)
    _closing_words(agenda, audit, until, console)


def _part(title: str, style: str, work: Sequence[Task], console: Console) -> None:
    narrow = is_narrow(console)
    if narrow:
        columns = [
            Column(_("Class")),
            words_column(_("Subject")),
            words_column(_("What to enter")),
            words_column(_("Due")),
        ]
    else:
        columns = [
            Column(_("Class")),
            words_column(_("Subject")),
            Column(_("Date")),
            words_column(_("What to enter")),
            words_column(_("Pupil")),
            Column(_("Due")),
            number_column(_("Working days late")),
        ]
    console.print(Text(f"\n{title}", style=f"bold {style}".strip()))
    rows = [_stacked(cells) if narrow else cells for cells in map(_cells, work)]
    # A column that would be blank all the way down (defects are never due) is left out.
    shown = [place for place in range(len(columns)) if any(row[place].plain for row in rows)]
    table = table_of("", *(columns[place] for place in shown))
    for row in rows:
        table.add_row(*(row[place] for place in shown))
    console.print(table)


def what_text(task: Task) -> str:
    """What is to be entered, or what is wrong with what stands there."""
    things = things_text(task.findings)
    return f"{things}: {defect_text(task.first)}" if task.first.verdict == DEFECT else things


def _cells(task: Task) -> list[Text]:
    one = task.first
    pupils = task.pupils
    names = ", ".join(pupils)
    if len(pupils) > 1:
        names = f"({len(pupils)}) {names}"
    return [
        safe(one.class_),
        safe(one.subject),
        Text(on_text(one)),
        Text.assemble(what_text(task), (f" [{checks_text(task.findings)}]", "dim")),
        safe(names),
        Text(moment_text(one.due_at) if one.due_at else ""),
        Text("" if one.working_days_late is None else str(one.working_days_late)),
    ]


def _stacked(cells: list[Text]) -> list[Text]:
    """The cells of a task in fewer columns, for a narrow terminal."""
    class_, subject, on, what, pupils, due, late = cells
    if late.plain:
        days = int(late.plain)
        late = Text(ngettext("{count} working day late", "{count} working days late", days).format(count=days))
    return [class_, lines_of(subject, on), lines_of(what, pupils), lines_of(due, late)]


def _how(rules: Sequence[CheckRule], console: Console) -> None:
    if not rules:
        return
    console.print(Text("\n" + _("How to do it"), style="bold"))
    table = table_of("", Column(_("Check")), words_column(""))
    for rule in rules:
        title, sections = page(rule)
        table.add_row(rule.id, lines_of(Text(title), Text(sections[MEND], style="dim")))
    console.print(table)


def _closing_words(agenda: Agenda, audit: Audit, until: str, console: Console) -> None:
    late = agenda.late
    if late:
        console.print(
            ngettext(
                "{count} entry is there, but came late: nothing can be done about it.",
                "{count} entries are there, but came late: nothing can be done about them.",
                late,
            ).format(count=late)
        )
    if agenda.undetermined:
        console.print(
            ngettext(
                "Of {count} entry it cannot be told when it was made.",
                "Of {count} entries it cannot be told when they were made.",
                agenda.undetermined,
            ).format(count=agenda.undetermined)
        )
    if agenda.waived:
        console.print(
            ngettext("{count} finding is waived.", "{count} findings are waived.", agenda.waived).format(
                count=agenda.waived
            )
        )
    left_out = sum(result.status == NOT_AUDITED for result in audit.results)
    if left_out:
        console.print(
            ngettext(
                "{count} check could not be made; what it asks for is not in this list (see coverage).",
                "{count} checks could not be made; what they ask for is not in this list (see coverage).",
                left_out,
            ).format(count=left_out)
        )
    if audit.audited and not agenda.overdue and not agenda.wrong:
        if agenda.today or agenda.coming:
            kind = _("Nothing is overdue and nothing has to be mended. Thank you!")
        elif left_out:
            kind = _("All that could be audited is done, and nothing falls due by {day}. Thank you!").format(day=until)
        else:
            kind = _("All is done, and nothing falls due by {day}. Thank you!").format(day=until)
        console.print(Text(kind, style="bold green"))
