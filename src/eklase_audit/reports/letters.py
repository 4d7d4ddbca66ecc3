"""Letters to teachers: what each has still to enter or to correct in E-klase, and what falls due next.

A letter holds what its teacher bears and nothing of anybody else: of a duty that several share, no letter
says with whom. What is waived is in none. The words are a reminder, not a judgement.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from textwrap import fill

from eklase_audit.agenda import Agenda, DueLine, Task, agenda, due_lines, rules_of, tasks
from eklase_audit.audit import Audit
from eklase_audit.findings import Finding
from eklase_audit.i18n import N_, _, collation_key, day_text, moment_text, ngettext
from eklase_audit.regulation import clause_key
from eklase_audit.reports.manual import page
from eklase_audit.reports.safe_text import visible
from eklase_audit.reports.todo import MEND, what_text
from eklase_audit.reports.wording import on_text, things_text

_WIDTH = 72


@dataclass(frozen=True)
class Row:
    """One thing to do: where, on which day, what, of which pupils, until when; "" for what it has not."""

    class_: str
    subject: str
    on: str
    what: str
    pupils: str
    due: str


@dataclass(frozen=True)
class Section:
    """Things to do of one kind; `coming` are due only later."""

    title: str
    rows: tuple[Row, ...]
    coming: bool = False


@dataclass(frozen=True)
class Letter:
    """A teacher's letter, in words."""

    person: str
    subject: str
    intro: tuple[str, ...]
    sections: tuple[Section, ...]
    notes: tuple[str, ...]
    how: tuple[tuple[str, str], ...]
    closing: tuple[str, ...]

    @property
    def greeting(self) -> tuple[str, str]:
        """The greeting, and whom it greets: by name, in the nominative, whoever it is."""
        return _("Good day!"), _("Teacher: {name}").format(name=self.person)

    @property
    def to_do(self) -> int:
        """How many things are to be entered or corrected now."""
        return sum(len(section.rows) for section in self.sections if not section.coming)

    @property
    def to_come(self) -> int:
        """How many things fall due later."""
        return sum(len(section.rows) for section in self.sections if section.coming)


def letters(audit: Audit, horizon: datetime, people: Collection[str] | None = None) -> list[Letter]:
    """A letter to each teacher (of those named) who has anything to enter, to correct or to look forward to."""
    found: dict[str, list[Finding]] = {}
    pending: dict[str, list[Finding]] = {}
    for ones, by_name in ((audit.findings, found), (audit.pending, pending)):
        for one in ones:
            for name in one.bearers:
                by_name.setdefault(name, []).append(one)
    names = sorted({*found, *pending}, key=collation_key)
    made = []
    for name in names:
        if people is None or name in people:
            own = replace(audit, findings=tuple(found.get(name, ())), pending=tuple(pending.get(name, ())))
            mine = agenda(own, name, horizon)
            if mine.overdue or mine.wrong or mine.today or mine.coming:
                made.append(_letter(mine, audit.regulation.title))
    return made


def _letter(mine: Agenda, regulation: str) -> Letter:
    moment = moment_text(mine.as_of)
    sections = [
        Section(title, tuple(map(_row, tasks(findings))))
        for title, findings in ((_("Still to be entered"), mine.overdue), (_("To be corrected"), mine.wrong))
        if findings
    ]
    if coming := _coming(mine):
        sections.append(Section(_("Falls due by {day}").format(day=day_text(mine.horizon.date())), coming, coming=True))
    notes: tuple[str, ...] = ()
    if mine.late:
        notes = (
            ngettext(
                "{count} entry is there, but came late: nothing can be done about it.",
                "{count} entries are there, but came late: nothing can be done about them.",
                mine.late,
            ).format(count=mine.late),
        )
    return Letter(
        mine.person,
        _("E-klase: what is to be entered, as of {moment}").format(moment=moment),
        (
            _("This is a reminder about the E-klase journal, made from its exports as of {moment}.").format(
                moment=moment
            ),
            _("What you have entered since then is not known here yet: please pass over it."),
            _("Regulation: {title}").format(title=regulation),
        ),
        tuple(sections),
        notes,
        tuple((page(rule)[0], page(rule)[1][MEND]) for rule in rules_of((*mine.overdue, *mine.wrong))),
        (
            _("If something here is wrong, or hinders you in entering it, please say so: it can be settled."),
            _("Thank you for your work!"),
        ),
    )


def _row(task: Task) -> Row:
    one = task.first
    what = what_text(task)
    if len(one.bearers) > 1:
        what = _("{what} (shared with another teacher)").format(what=what)
    return Row(
        one.class_ or "",
        one.subject or "",
        on_text(one),
        what,
        ", ".join(task.pupils),
        moment_text(one.due_at) if one.due_at else "",
    )


def _coming(mine: Agenda) -> tuple[Row, ...]:
    """What falls due, a row a moment and matter, whatever its classes and subjects; of many entries how many."""
    lines = [line for line in due_lines((*mine.today, *mine.coming)) if line.person.name == mine.person]
    lines.sort(key=lambda line: (line.due_at, clause_key(line.findings[0].rule.clause), line.matter))
    rows = []
    for (due_at, _matter), group in groupby(lines, key=lambda line: (line.due_at, line.matter)):
        rows.append(_coming_row(list(group), due_at))
    return tuple(rows)


def _coming_row(lines: Sequence[DueLine], due_at: datetime) -> Row:
    counts = {(line.class_ or "", line.subject or ""): _entries(line) for line in lines}
    classes = list(dict.fromkeys(class_ for class_, _subject in counts))
    several = len(classes) > 1
    places = []
    for (class_, subject), count in counts.items():
        name = f"{class_} {subject}".strip() if several or not subject else subject
        places.append(f"{name} ({count})" if count > 1 else name)
    what = things_text(one for line in lines for one in line.findings)
    # What belongs to no subject has the class before its count.
    shared = "" if several or not all(subject for _class, subject in counts) else classes[0]
    return Row(shared, ", ".join(filter(None, places)), "", what, "", moment_text(due_at))


def _entries(line: DueLine) -> int:
    """How many entries a line is about; all that one lesson asks for is one."""
    return len({(one.on, one.lesson, one.pupil, one.period) for one in line.findings})


HEADINGS = {
    "class_": N_("Class"),
    "subject": N_("Subject"),
    "on": N_("Date"),
    "what": N_("What"),
    "pupils": N_("Pupil"),
    "due": N_("Due"),
}


def table(rows: Sequence[Row]) -> tuple[list[str], list[list[str]]]:
    """Headings and cells of rows, without the columns that none of them fills."""
    used = [name for name in HEADINGS if any(getattr(row, name) for row in rows)]
    return [_(HEADINGS[name]) for name in used], [[getattr(row, name) for name in used] for row in rows]


def text(letter: Letter) -> str:
    """The letter as plain text."""
    parts = [letter.greeting[0], letter.greeting[1], "\n".join(map(_filled, letter.intro))]
    for section in letter.sections:
        parts.append(f"{section.title.upper()} ({len(section.rows)})")
        parts += [_text_of_row(row) for row in section.rows]
    parts += map(_filled, letter.notes)
    if letter.how:
        parts.append(_("How to do it").upper())
        parts += [f"{title}\n{_filled(words, '  ')}" for title, words in letter.how]
    return "\n\n".join([*parts, *map(_filled, letter.closing)]) + "\n"


def _text_of_row(row: Row) -> str:
    where = ", ".join(part for part in (row.class_, row.subject, row.on) if part)
    lines = [f"- {where or row.what}", f"  {row.what}" if where else ""]
    if row.pupils:
        lines.append(_filled(_("Pupils: {names}").format(names=row.pupils), "  "))
    if row.due:
        lines.append("  " + _("due: {moment}").format(moment=row.due))
    return "\n".join(visible(line) if "\n" not in line else line for line in lines if line)


def _filled(words: str, indent: str = "") -> str:
    return fill(visible(words), _WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False)
