"""The audit as tables in a terminal, or as plain text where the output is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.text import Text

from eklase_audit.audit import Audit, CheckResult
from eklase_audit.clauses import CHECKS
from eklase_audit.coverage import AUDITED, NONE, PARTLY, UNSEEN, coverage, state_text
from eklase_audit.errors import place
from eklase_audit.figures import Figures, by_class, by_person
from eklase_audit.findings import Finding
from eklase_audit.i18n import _, collation_key, moment_text, ngettext
from eklase_audit.reports import waived
from eklase_audit.reports.layout import (
    UNLIMITED,
    Column,
    count_text,
    is_narrow,
    lines_of,
    number_column,
    safe,
    table_of,
    words_column,
)
from eklase_audit.reports.news import mark
from eklase_audit.reports.wording import (
    defect_text,
    done_text,
    last_lines,
    median_text,
    on_text,
    per_hundred_text,
    person_text,
    problem_text,
    share_text,
)

# So much of a fingerprint is shown: enough to name a finding to `why`.
SHORT = 8


def show(audit: Audit, console: Console) -> None:
    """Print the audit: what was audited and what not, findings by clause, teacher and class, then each."""
    console.print(Text(audit.regulation.title, style="bold"))
    console.print(Text(_("As of {moment}").format(moment=moment_text(audit.as_of))))
    _audited(audit, console)
    show_coverage(audit, console, whole=False)
    if any(map(audit.lists, audit.counted)):
        _by_clause(audit, console)
        if not audit.new_only:
            _by_person(audit, console)
            _by_class(audit, console)
        _each(audit, console)
    waived.show(audit, console)
    _problems(audit, console)
    for line in last_lines(audit):
        console.print(Text(line, style="bold"))


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
    table = table_of(_("What was audited"), words_column(_("Check")), *(number_column(headings[n]) for n in shown))
    for result, line in zip(audit.audited, lines, strict=True):
        table.add_row(_named(result), *(count_text(line[n], "red" if bad[n] else "") for n in shown))
    console.print(table)


def show_coverage(audit: Audit, console: Console, *, whole: bool = True) -> None:
    """Print every part of the regulation with its state.

    Without `whole`, only what was not audited or left something out: what could not be read or told
    stands in other tables of the same report.
    """
    parts = [part for part in coverage(audit) if whole or part.notable]
    if not parts:
        return
    title = _("What the audit covers") if whole else _("What was not, or not wholly, audited, and why")
    table = table_of(
        title,
        Column(_("Clause")),
        words_column(_("Part")),
        words_column(_("State")),
        words_column(_("What is missing")),
    )
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
    table = table_of(_("Findings by clause"), Column(_("Clause")), words_column(""), *_sum_columns())
    for clause in audit.regulation.clauses:
        mine = [finding for finding in filter(audit.lists, audit.counted) if finding.rule.clause == clause.number]
        if mine:
            table.add_row(clause.number, clause.title, *_sums(mine))
    console.print(table)


def _sum_columns() -> list[Column]:
    return [
        number_column(heading) for heading in (_("violations"), _("warnings"), _("late"), _("overdue"), _("defects"))
    ]


def _sums(findings: Iterable[Finding]) -> list[Text]:
    findings = list(findings)
    severities = Counter(finding.rule.severity for finding in findings)
    verdicts = Counter(finding.verdict for finding in findings)
    return [
        count_text(count)
        for count in (
            severities["violation"],
            severities["warning"],
            verdicts["late"],
            verdicts["overdue"],
            verdicts["defect"],
        )
    ]


def _by_person(audit: Audit, console: Console) -> None:
    table = table_of(_("Findings by teacher"), words_column(_("Teacher")), *_figure_columns())
    for figures in by_person(audit):
        if figures.counted:
            table.add_row(safe(person_text(figures.about)), *_figure_cells(figures))
    console.print(table)


def _by_class(audit: Audit, console: Console) -> None:
    table = table_of(_("Findings by class"), Column(_("Class")), *_figure_columns())
    for figures in by_class(audit):
        if figures.counted:
            table.add_row(safe(figures.about or "–"), *_figure_cells(figures))
    console.print(table)


def _figure_columns() -> list[Column]:
    headings = (
        _("duties"),
        _("in time"),
        _("lapses"),
        _("defects"),
        _("per 100 duties"),
        _("median days late"),
        _("worst days late"),
    )
    return [number_column(heading) for heading in headings]


def _figure_cells(figures: Figures[Any]) -> list[Text]:
    return [
        count_text(figures.duties),
        Text(share_text(figures)),
        count_text(figures.lapses),
        count_text(figures.defects),
        Text(per_hundred_text(figures)),
        Text(median_text(figures)),
        Text("" if figures.worst_late is None else str(figures.worst_late)),
    ]


def _each(audit: Audit, console: Console) -> None:
    narrow = is_narrow(console)
    for figures in sorted(by_person(audit), key=lambda one: collation_key(person_text(one.about))):
        findings = list(filter(audit.lists, figures.counted))
        if not findings:
            continue
        name = person_text(figures.about)
        if narrow:
            columns = [Column(_("Check")), words_column(_("Subject")), words_column(_("Date")), words_column(_("What"))]
        else:
            columns = [
                Column(_("Check")),
                Column(_("Class")),
                words_column(_("Subject")),
                words_column(_("Pupil")),
                Column(_("Date")),
                Column(_("Due")),
                Column(_("Done")),
                number_column(_("Working days late")),
                words_column(_("What")),
                words_column(_("Where")),
            ]
        # A line of its own, since a title is wrapped to the width of its table.
        console.print(Text.assemble("\n", (safe(name).plain, "bold")))
        table = table_of("", *columns)
        for finding in findings:
            cells = _cells(finding, mark(audit, finding))
            table.add_row(*(_stacked(cells) if narrow else cells))
        console.print(table)


def _cells(finding: Finding, sign: Text) -> list[Text]:
    style = "red" if finding.rule.severity == "violation" else "yellow"
    days = finding.working_days_late
    what = defect_text(finding) if finding.verdict == "defect" else _(CHECKS[finding.rule.name].thing)
    return [
        Text.assemble((finding.rule.id, style), "\n", (finding.fingerprint[:SHORT], "dim"), " ", sign),
        safe(finding.class_),
        safe(finding.subject),
        safe(finding.pupil),
        Text(on_text(finding)),
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
    return [lines_of(check, class_), lines_of(subject, pupil), lines_of(on, *times), lines_of(what, late, where)]


def _problems(audit: Audit, console: Console) -> None:
    journal = audit.journal
    if journal.problems:
        table = table_of(
            _("Cells that could not be read"),
            words_column(_("Where")),
            words_column(_("Column")),
            words_column(_("Value")),
            words_column(_("What to do")),
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
        table = table_of(_("Files and sheets that were not read"), words_column(_("Where")), words_column(_("Reason")))
        for skipped in journal.skipped:
            table.add_row(safe(place(skipped.file, skipped.sheet)), Text(skipped.reason))
        for error in journal.errors:
            where, _colon, text = str(error).partition(": ")
            table.add_row(safe(where), safe(text))
        console.print(table)


__all__ = ["SHORT", "UNLIMITED", "check_title", "safe", "show", "show_coverage"]
