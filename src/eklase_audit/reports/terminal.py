"""The audit as tables in a terminal, or as plain text where the output is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from eklase_audit.audit import Audit, CheckResult
from eklase_audit.clauses import CHECKS
from eklase_audit.coverage import AUDITED, NONE, PARTLY, UNSEEN, coverage, state_text
from eklase_audit.errors import place
from eklase_audit.figures import Figures, by_class, by_person
from eklase_audit.findings import Finding
from eklase_audit.i18n import _, collation_key, day_text, moment_text, ngettext
from eklase_audit.reports.safe_text import visible
from eklase_audit.reports.wording import (
    defect_text,
    done_text,
    median_text,
    per_hundred_text,
    person_text,
    problem_text,
    share_text,
    totals,
)

# Without a terminal nothing is wrapped or cut: lines are as long as they need to be.
UNLIMITED = 100_000
# So much of a fingerprint is shown: enough to name a finding to `why`.
SHORT = 8
# A column of words is never squeezed narrower than this.
_LEAST = 12


def safe(text: str | None) -> Text:
    """A text from a file, shown as it is: never as markup, with no control or direction characters."""
    return Text(visible(text or ""))


def show(audit: Audit, console: Console, *, quiet: bool = False) -> None:
    """Print the audit: what was audited and what not, findings by clause, teacher and class, then each."""
    if not quiet:
        console.print(Text(audit.regulation.title, style="bold"))
        console.print(Text(_("As of {moment}").format(moment=moment_text(audit.as_of))))
        _audited(audit, console)
        show_coverage(audit, console, whole=False)
        if audit.findings:
            _by_clause(audit, console)
            _by_person(audit, console)
            _by_class(audit, console)
            _each(audit, console)
        _problems(audit, console)
    console.print(Text(totals(audit), style="bold"))


@dataclass(frozen=True)
class _Column:
    """A column of a table. `words` may be broken between lines, other texts and numbers may not."""

    heading: str
    number: bool = False
    words: bool = False


def _table(title: str, *columns: _Column) -> Table:
    table = Table(
        title=Text(title, style="bold") if title else None,
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for column in columns:
        # Headings of numbers are longer than the numbers, so they may be broken; texts that are no words may not.
        table.add_column(
            column.heading,
            justify="right" if column.number else "left",
            overflow="fold",
            no_wrap=not (column.words or column.number),
            min_width=_LEAST if column.words else None,
        )
    return table


def _words(heading: str) -> _Column:
    return _Column(heading, words=True)


def _number(heading: str) -> _Column:
    return _Column(heading, number=True)


def _narrow(console: Console) -> bool:
    """Whether a terminal is too narrow for all columns side by side: then some stand one below the other."""
    return console.width < 150


def check_title(result: CheckResult) -> str:
    """The short title of a check, in the language spoken."""
    return _(CHECKS[result.rule.name].manual).partition("\n")[0].rstrip(".")


def _named(result: CheckResult) -> Text:
    return Text.assemble(check_title(result), "\n", (result.rule.id, "dim"))


def _audited(audit: Audit, console: Console) -> None:
    if not audit.audited:
        return
    headings = (
        _("in time"),
        _("late"),
        _("overdue"),
        _("pending"),
        _("unknown"),
        _("defects"),
        _("not in force"),
    )
    bad = (False, True, True, False, False, True, False)
    lines = [
        (
            r.counts["fulfilled"],
            r.counts["late"],
            r.counts["overdue"],
            r.counts["pending"],
            r.counts["undetermined"],
            r.counts["defects"],
            r.not_in_force,
        )
        for r in audit.audited
    ]
    shown = [n for n in range(len(headings)) if n < 3 or any(line[n] for line in lines)]
    table = _table(_("What was audited"), _words(_("Check")), *(_number(headings[n]) for n in shown))
    for result, line in zip(audit.audited, lines, strict=True):
        table.add_row(_named(result), *(_count(line[n], "red" if bad[n] else "") for n in shown))
    console.print(table)


def _count(count: int, style: str = "") -> Text:
    return Text(str(count), style=style) if count else Text("·", style="dim")


def show_coverage(audit: Audit, console: Console, *, whole: bool = True) -> None:
    """Print every part of the regulation with its state.

    Without `whole`, only what was not audited or left something out: what could not be read or told
    stands in other tables of the same report.
    """
    parts = [part for part in coverage(audit) if whole or part.notable]
    if not parts:
        return
    title = _("What the audit covers") if whole else _("What was not, or not wholly, audited, and why")
    table = _table(title, _Column(_("Clause")), _words(_("Part")), _words(_("State")), _words(_("What is missing")))
    styles = {AUDITED: "green", PARTLY: "yellow", NONE: "red", UNSEEN: "dim"}
    for part in parts:
        name = Text.assemble(part.title, "\n", (part.check, "dim")) if part.check else Text(part.title)
        table.add_row(
            part.clause.number,
            name,
            Text(state_text(part.state), style=styles[part.state]),
            safe("; ".join(part.remarks)),
        )
    console.print(table)


def _by_clause(audit: Audit, console: Console) -> None:
    table = _table(_("Findings by clause"), _Column(_("Clause")), _words(""), *_sum_columns())
    for clause in audit.regulation.clauses:
        mine = [finding for finding in audit.findings if finding.rule.clause == clause.number]
        if mine:
            table.add_row(clause.number, clause.title, *_sums(mine))
    console.print(table)


def _sum_columns() -> list[_Column]:
    return [_number(heading) for heading in (_("violations"), _("warnings"), _("late"), _("overdue"), _("defects"))]


def _sums(findings: Iterable[Finding]) -> list[Text]:
    findings = list(findings)
    severities = Counter(finding.rule.severity for finding in findings)
    verdicts = Counter(finding.verdict for finding in findings)
    return [
        _count(count)
        for count in (
            severities["violation"],
            severities["warning"],
            verdicts["late"],
            verdicts["overdue"],
            verdicts["defect"],
        )
    ]


def _by_person(audit: Audit, console: Console) -> None:
    table = _table(_("Findings by teacher"), _words(_("Teacher")), *_figure_columns())
    for figures in by_person(audit):
        if figures.findings:
            table.add_row(safe(person_text(figures.about)), *_figure_cells(figures))
    console.print(table)


def _by_class(audit: Audit, console: Console) -> None:
    table = _table(_("Findings by class"), _Column(_("Class")), *_figure_columns())
    for figures in by_class(audit):
        if figures.findings:
            table.add_row(safe(figures.about or "–"), *_figure_cells(figures))
    console.print(table)


def _figure_columns() -> list[_Column]:
    headings = (
        _("duties"),
        _("in time"),
        _("lapses"),
        _("defects"),
        _("per 100 duties"),
        _("median days late"),
        _("worst days late"),
    )
    return [_number(heading) for heading in headings]


def _figure_cells(figures: Figures[Any]) -> list[Text]:
    return [
        _count(figures.duties),
        Text(share_text(figures)),
        _count(figures.lapses),
        _count(figures.defects),
        Text(per_hundred_text(figures)),
        Text(median_text(figures)),
        Text("" if figures.worst_late is None else str(figures.worst_late)),
    ]


def _each(audit: Audit, console: Console) -> None:
    narrow = _narrow(console)
    for figures in sorted(by_person(audit), key=lambda one: collation_key(person_text(one.about))):
        if not figures.findings:
            continue
        name = person_text(figures.about)
        if narrow:
            columns = [_Column(_("Check")), _words(_("Subject")), _words(_("Date")), _words(_("What"))]
        else:
            columns = [
                _Column(_("Check")),
                _Column(_("Class")),
                _words(_("Subject")),
                _words(_("Pupil")),
                _Column(_("Date")),
                _Column(_("Due")),
                _Column(_("Done")),
                _number(_("Working days late")),
                _words(_("What")),
                _words(_("Where")),
            ]
        # A line of its own, since a title is wrapped to the width of its table.
        console.print(Text.assemble("\n", (safe(name).plain, "bold")))
        table = _table("", *columns)
        for finding in figures.findings:
            cells = _cells(finding)
            table.add_row(*(_stacked(cells) if narrow else cells))
        console.print(table)


def _cells(finding: Finding) -> list[Text]:
    on = day_text(finding.on) if finding.on else ""
    if finding.lesson is not None:
        on += ", " + _("lesson {number}").format(number=finding.lesson)
    if finding.period and "-" in finding.period:
        on = finding.period
    style = "red" if finding.rule.severity == "violation" else "yellow"
    days = finding.working_days_late
    what = defect_text(finding) if finding.verdict == "defect" else _(CHECKS[finding.rule.name].thing)
    return [
        Text.assemble((finding.rule.id, style), "\n", (finding.fingerprint[:SHORT], "dim")),
        safe(finding.class_),
        safe(finding.subject),
        safe(finding.pupil),
        Text(on),
        Text(moment_text(finding.due_at) if finding.due_at else ""),
        Text(done_text(finding)),
        Text("" if days is None else str(days)),
        Text(what),
        safe(place(finding.file, finding.sheet, finding.row) if finding.file else ""),
    ]


def _stacked(cells: list[Text]) -> list[Text]:
    """The cells of a finding in fewer columns, for a narrow terminal."""
    check, class_, subject, pupil, on, due, done, days, what, where = cells
    late = (
        Text(
            ngettext("{count} working day late", "{count} working days late", int(days.plain)).format(count=days.plain)
        )
        if days.plain
        else Text()
    )
    where.stylize("dim")
    times = [Text(f"{name} {when.plain}") for name, when in ((_("due"), due), (_("done"), done)) if when.plain]
    return [_lines(check, class_), _lines(subject, pupil), _lines(on, *times), _lines(what, late, where)]


def _lines(*parts: Text) -> Text:
    return Text("\n").join(part for part in parts if part.plain)


def _problems(audit: Audit, console: Console) -> None:
    journal = audit.journal
    if journal.problems:
        table = _table(
            _("Cells that could not be read"),
            _words(_("Where")),
            _words(_("Column")),
            _words(_("Value")),
            _words(_("What to do")),
        )
        for problem in journal.problems:
            table.add_row(
                safe(place(problem.file, problem.sheet, problem.row)),
                safe(problem.column),
                safe(problem.value),
                Text(problem_text(problem)),
            )
        console.print(table)
    if journal.skipped or journal.errors:
        table = _table(_("Files and sheets that were not read"), _words(_("Where")), _words(_("Reason")))
        for skipped in journal.skipped:
            table.add_row(safe(place(skipped.file, skipped.sheet)), Text(skipped.reason))
        for error in journal.errors:
            where, _colon, text = str(error).partition(": ")
            table.add_row(safe(where), safe(text))
        console.print(table)
