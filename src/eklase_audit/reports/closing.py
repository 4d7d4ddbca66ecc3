"""The countdown to a semester's end, in the terminal or as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from eklase_audit import __version__
from eklase_audit.calendar import Calendar
from eklase_audit.closing import (
    DONE,
    EXEMPT,
    FEW,
    KINDS,
    LATE,
    LESSONS,
    MARKS,
    NOT_YET,
    OPEN,
    PRINTS,
    TOPICS,
    UNKNOWN,
    Cell,
    Closing,
    Deadline,
    Mender,
    OpenThing,
    menders,
)
from eklase_audit.figures import Person
from eklase_audit.findings import class_key
from eklase_audit.i18n import N_, _, collation_key, moment_text, ngettext
from eklase_audit.regulation import Regulation
from eklase_audit.reports.due import left_text
from eklase_audit.reports.layout import (
    Column,
    count_text,
    is_narrow,
    lines_of,
    number_column,
    safe,
    table_of,
    words_column,
)
from eklase_audit.reports.wording import person_text

TITLES = {
    "1": N_("Closing the first semester"),
    "2": N_("Closing the second semester"),
    "year": N_("Closing the second semester and the year"),
}
_KIND_TEXTS = {
    MARKS: N_("semester or annual mark missing"),
    EXEMPT: N_("exempt pupil without «{exempt}»"),
    FEW: N_("too few summative marks"),
    NOT_YET: N_("work not done yet ({signs})"),
    TOPICS: N_("topic of the lesson missing"),
    LESSONS: N_("lesson not entered"),
    PRINTS: N_("printed papers"),
}
# A sign beside each state, for who sees no colours.
SIGNS = {LATE: "!", OPEN: "•", UNKNOWN: "?", DONE: "✓"}
_STYLES = {LATE: "bold red", OPEN: "yellow", UNKNOWN: "cyan", DONE: "green"}
# So many pupils are named; a whole class is told by its number.
_NAMED = 5


def kind_text(kind: str, closing: Closing, exempt: str) -> str:
    """What stands open, in words."""
    signs = ", ".join(closing.settings["not_yet"].value)
    return _(_KIND_TEXTS[kind]).format(exempt=exempt, signs=signs)


def state_text(state: str) -> str:
    """What a sign in the matrix means."""
    return {
        LATE: _("past its time"),
        OPEN: _("open, still in time"),
        UNKNOWN: _("cannot be told"),
        DONE: _("all is there"),
    }[state]


def cell_text(cell: Cell) -> str:
    """What stands in the matrix: how much stands open, and the sign of its state."""
    return f"{len(cell.open) or ''}{SIGNS[cell.state]}"


def least_text(closing: Closing) -> str:
    """What counts as too few summative marks: the school's reading."""
    least = closing.settings["summative_least"].value
    return ngettext(
        "Too few: fewer than {count} summative mark in the semester (the school's reading: closing.summative_least).",
        "Too few: fewer than {count} summative marks in the semester (the school's reading: closing.summative_least).",
        least,
    ).format(count=least)


def deadline_text(deadline: Deadline, closing: Closing, calendar: Calendar) -> str:
    """When the marks of some classes are due, and how long that is."""
    everyone = len(closing.deadlines) == 1
    return _("Marks are due by {moment} – {left} ({classes})").format(
        moment=moment_text(deadline.due_at),
        left=left_text(calendar, closing.as_of, deadline.due_at.date()),
        classes=_("all classes") if everyone else ", ".join(deadline.classes),
    )


def mender_text(mender: Mender) -> str:
    """Who can mend it."""
    return person_text(Person(mender.bearers[0] if mender.bearers else None, mender.role, mender.class_))


def where_text(things: Sequence[OpenThing]) -> str:
    """In which subjects and classes things stand open, how many, and of few pupils which."""
    groups: dict[str | None, dict[str | None, list[OpenThing]]] = {}
    for one in things:
        groups.setdefault(one.subject, {}).setdefault(one.class_, []).append(one)
    parts = []
    for subject in sorted(groups, key=lambda name: collation_key(name or "")):
        classes = [_class_text(class_, groups[subject][class_]) for class_ in sorted(groups[subject], key=class_key)]
        parts.append(f"{subject}: {', '.join(classes)}" if subject else ", ".join(classes))
    return "; ".join(parts)


def _class_text(class_: str | None, things: Sequence[OpenThing]) -> str:
    pupils = sorted({one.pupil for one in things if one.pupil}, key=collation_key)
    name = class_ or _("one's own report")
    if pupils and len(pupils) <= _NAMED:
        return f"{name} ({', '.join(pupils)})"
    return f"{name} ({len(things)})" if len(things) > 1 else name


def due_text(things: Sequence[OpenThing], closing: Closing, calendar: Calendar) -> str:
    """By when things are due; the first where they are due at different times."""
    due = min((one.due_at for one in things if one.due_at), default=None)
    return f"{moment_text(due)} ({left_text(calendar, closing.as_of, due.date())})" if due else ""


def counts(things: Iterable[OpenThing]) -> list[tuple[str, int, int]]:
    """Each kind of thing that stands open: how many, and how many of them past their time."""
    things = list(things)
    of_kind, late = Counter(one.kind for one in things), Counter(one.kind for one in things if one.overdue)
    return [(kind, of_kind[kind], late[kind]) for kind in KINDS if of_kind[kind]]


def text(closing: Closing, regulation: Regulation) -> str:
    """The countdown as JSON text."""
    entry = {
        "schema": 1,
        "tool": {"name": "eklase-audit", "version": __version__},
        "regulation": {"id": regulation.id, "in_force_from": regulation.in_force_from.isoformat()},
        "period": closing.period,
        "as_of": closing.as_of.isoformat(),
        "deadlines": [
            {"due_at": one.due_at.isoformat(), "classes": list(one.classes), "working_days_left": one.left}
            for one in closing.deadlines
        ],
        "settings": {name: _plain(parameter.value) for name, parameter in closing.settings.items()},
        "cells": [_cell_entry(class_, subject, cell) for (class_, subject), cell in sorted_cells(closing)],
        "open": [_open_entry(one) for _place, cell in sorted_cells(closing) for one in cell.open],
        "not_audited": [{"check": check, "reason": reason} for check, reason in closing.not_audited.items()],
        "totals": {kind: sum(one.kind == kind for one in closing.open) for kind in KINDS},
    }
    return json.dumps(entry, ensure_ascii=False, indent=2) + "\n"


def sorted_cells(closing: Closing) -> list[tuple[tuple[str | None, str | None], Cell]]:
    """The cells by class (papers of a class first, those of no class last) and subject."""
    return sorted(closing.cells.items(), key=lambda item: (class_key(item[0][0]), collation_key(item[0][1] or "")))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _cell_entry(class_: str | None, subject: str | None, cell: Cell) -> dict[str, Any]:
    return {
        "class": class_,
        "subject": subject,
        "state": cell.state,
        "marks_owed": cell.marks,
        "undetermined": cell.undetermined,
        **{kind: cell.count(kind) for kind in KINDS},
    }


def _open_entry(one: OpenThing) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "check": one.check,
        "class": one.class_,
        "subject": one.subject,
        "pupil": one.pupil,
        "on": one.on.isoformat() if one.on else None,
        "bearer": " / ".join(one.bearers) or None,
        "role": one.role,
        "due_at": one.due_at.isoformat() if one.due_at else None,
        "overdue": one.overdue,
    }


def show(closing: Closing, regulation: Regulation, calendar: Calendar, console: Console) -> None:
    """Print the countdown: the days left, the matrix of classes and subjects, and who can mend what."""
    exempt = regulation.symbols.exempt
    console.print(Text(_(TITLES[closing.period]), style="bold"))
    console.print(Text(_("As of {moment}").format(moment=moment_text(closing.as_of))))
    for deadline in closing.deadlines:
        console.print(Text(deadline_text(deadline, closing, calendar)))
    _matrix(closing, console)
    _sums(closing, exempt, console)
    _menders(closing, exempt, calendar, console)
    for check, reason in closing.not_audited.items():
        console.print(safe(_("{check}: not audited: {reason}").format(check=check, reason=reason)))
    if not closing.open:
        kind = _("All is there. Thank you!") if closing.deadlines else _("Nothing is known to stand open.")
        console.print(Text(kind, style="bold green" if closing.deadlines else "bold"))


def _matrix(closing: Closing, console: Console) -> None:
    subjects, classes = closing.subjects, closing.classes
    papers = any((class_, None) in closing.cells for class_ in classes)
    names = [*subjects, *([None] if papers else [])]
    if not names:
        return
    first = max(len(name or _("Printed papers")) for name in names) + 2
    each = max(len(class_) for class_ in classes) + 3
    fit = max(1, (console.width - min(first, console.width // 2)) // max(each, 7))
    console.print()
    for start in range(0, len(classes), fit):
        part = classes[start : start + fit]
        table = table_of("", words_column(_("Subject")), *(Column(class_) for class_ in part))
        for column in table.columns[1:]:
            column.justify = "right"
        for name in names:
            cells = [closing.cells.get((class_, name)) for class_ in part]
            if any(cells):
                title = safe(name) if name else Text(_("Printed papers"))
                table.add_row(title, *(_shown(cell) for cell in cells))
        console.print(table)
    legend = [Text.assemble((SIGNS[state], _STYLES[state]), f" {state_text(state)}") for state in SIGNS]
    console.print(Text("   ").join(legend))


def _shown(cell: Cell | None) -> Text:
    return Text("·", style="dim") if cell is None else Text(cell_text(cell), style=_STYLES[cell.state])


def _sums(closing: Closing, exempt: str, console: Console) -> None:
    sums = counts(closing.open)
    undetermined = sum(cell.undetermined for cell in closing.cells.values())
    if sums:
        console.print()
        table = table_of(
            "", words_column(_("What stands open")), number_column(_("Count")), number_column(_("past its time"))
        )
        for kind, count, late in sums:
            table.add_row(kind_text(kind, closing, exempt), str(count), count_text(late))
        console.print(table)
    if any(kind == FEW for kind, _count, _late in sums):
        console.print(Text(least_text(closing), style="dim"))
    if undetermined:
        console.print(
            ngettext(
                "Of {count} mark it cannot be told when it was made.",
                "Of {count} marks it cannot be told when they were made.",
                undetermined,
            ).format(count=undetermined)
        )


def _menders(closing: Closing, exempt: str, calendar: Calendar, console: Console) -> None:
    found = menders(closing.open)
    if not found:
        return
    console.print(Text("\n" + _("Who can still mend it"), style="bold"))
    narrow = is_narrow(console)
    columns = [
        words_column(_("Teacher")),
        words_column(_("What stands open")),
        number_column(_("Count")),
        words_column(_("Where")),
        words_column(_("Due")),
    ]
    table = table_of("", *(columns[:2] + columns[3:4] if narrow else columns))
    before = ""
    for one in found:
        name = mender_text(one)
        # A name is told once, above all that is its own.
        who = safe("" if name == before else name)
        what, count = Text(kind_text(one.kind, closing, exempt)), str(len(one.things))
        where, due = safe(where_text(one.things)), Text(due_text(one.things, closing, calendar))
        if narrow:
            table.add_row(who, lines_of(Text(f"{what.plain}: {count}"), due), where)
        else:
            table.add_row(who, what, count, where, due)
        before = name
    console.print(table)
