"""The audit as tables in a terminal, or as plain text where the output is none."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from eklase_audit.audit import NOT_AUDITED, Audit, CheckResult, Finding, class_key
from eklase_audit.clauses import CHECKS
from eklase_audit.errors import place
from eklase_audit.i18n import _, collation_key, day_text, moment_text, ngettext
from eklase_audit.reports.wording import bearer_text, defect_text, done_text, problem_text

# Without a terminal nothing is wrapped or cut: lines are as long as they need to be.
UNLIMITED = 100_000
_WHITE = {"\t": " ", "\n": " ", "\r": " "}


def safe(text: str | None) -> Text:
    """A text from a file, shown as it is: never as markup, with no control or direction characters."""
    shown = "".join(_WHITE.get(letter, letter) for letter in text or ""
                    if letter in _WHITE or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co"))
    return Text(shown)


def show(audit: Audit, console: Console, *, quiet: bool = False) -> None:
    """Print the audit: what was audited and what not, findings by clause, teacher and class, then each."""
    if not quiet:
        console.print(Text(audit.regulation.title, style="bold"))
        console.print(Text(_("As of {moment}").format(moment=moment_text(audit.as_of))))
        _audited(audit, console)
        _not_audited(audit, console)
        if audit.findings:
            _by_clause(audit, console)
            _by_bearer(audit, console)
            _by_class(audit, console)
            _each(audit, console)
        _problems(audit, console)
    console.print(Text(totals(audit), style="bold"))


def totals(audit: Audit) -> str:
    """One line: how many violations and warnings, how many checks were not made, how many cells not read."""
    severities = Counter(finding.rule.severity for finding in audit.findings)
    left_out = sum(result.status == NOT_AUDITED for result in audit.results)
    problems = len(audit.journal.problems)
    parts = [
        _violations(severities["violation"]), _warnings(severities["warning"]),
        ngettext("{count} check not made", "{count} checks not made", left_out).format(count=left_out),
        ngettext("{count} cell not read", "{count} cells not read", problems).format(count=problems),
    ]
    return _("In all: {parts}").format(parts=", ".join(parts))


def _violations(count: int) -> str:
    return ngettext("{count} violation", "{count} violations", count).format(count=count)


def _warnings(count: int) -> str:
    return ngettext("{count} warning", "{count} warnings", count).format(count=count)


def _table(title: str, *headings: str, numbers: Sequence[int] = ()) -> Table:
    table = Table(title=Text(title, style="bold"), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for number, heading in enumerate(headings):
        right = number in numbers
        table.add_column(heading, justify="right" if right else "left", overflow="fold")
    return table


def check_title(result: CheckResult) -> str:
    """The short title of a check, in the language spoken."""
    return _(CHECKS[result.rule.name].manual).partition("\n")[0].rstrip(".")


def _audited(audit: Audit, console: Console) -> None:
    if not audit.audited:
        return
    table = _table(_("What was audited"), _("Check"), "", _("in time"), _("late"), _("overdue"), _("pending"),
                   _("unknown"), _("defects"), _("not in force"), numbers=range(2, 9))
    for result in audit.audited:
        c = result.counts
        counts = (c["fulfilled"], c["late"], c["overdue"], c["pending"], c["undetermined"], c["defects"],
                  result.not_in_force)
        bad = (False, True, True, False, False, True, False)
        table.add_row(result.rule.id, check_title(result), *(
            Text(str(count) if count else "·", style="red" if is_bad and count else "")
            for count, is_bad in zip(counts, bad, strict=True)))
    console.print(table)
    for result in audit.audited:
        for limit in result.limits:
            console.print(Text(f"{result.rule.id}: {limit}", style="yellow"))


def _not_audited(audit: Audit, console: Console) -> None:
    left_out = [result for result in audit.results if result.status == NOT_AUDITED]
    if not left_out:
        return
    table = _table(_("What was not audited, and why"), _("Check"), "", _("Reason"))
    for result in left_out:
        table.add_row(result.rule.id, check_title(result), safe(result.reason))
    console.print(table)


def _by_clause(audit: Audit, console: Console) -> None:
    table = _table(_("Findings by clause"), _("Clause"), "", *_SUMS(), numbers=range(2, 7))
    for clause in audit.regulation.clauses:
        mine = [finding for finding in audit.findings if finding.rule.clause == clause.number]
        if mine:
            table.add_row(clause.number, clause.title, *_sums(mine))
    console.print(table)


def _SUMS() -> tuple[str, ...]:  # noqa: N802 - headings that wait for their language
    return _("violations"), _("warnings"), _("late"), _("overdue"), _("defects")


def _sums(findings: Iterable[Finding]) -> list[str]:
    findings = list(findings)
    severities = Counter(finding.rule.severity for finding in findings)
    verdicts = Counter(finding.verdict for finding in findings)
    counts = (severities["violation"], severities["warning"], verdicts["late"], verdicts["overdue"],
              verdicts["defect"])
    return [str(count) if count else "·" for count in counts]


def by_bearer(audit: Audit) -> list[tuple[str, list[Finding]]]:
    """The findings of each bearer (one with several bearers under each of them), in Latvian order."""
    groups: dict[str, list[Finding]] = {}
    for finding in audit.findings:
        for name in finding.bearers or (bearer_text(finding),):
            groups.setdefault(name, []).append(finding)
    return sorted(groups.items(), key=lambda item: collation_key(item[0]))


def _by_bearer(audit: Audit, console: Console) -> None:
    table = _table(_("Findings by teacher"), _("Teacher"), *_SUMS(), numbers=range(1, 6))
    for name, findings in by_bearer(audit):
        table.add_row(safe(name), *_sums(findings))
    console.print(table)


def _by_class(audit: Audit, console: Console) -> None:
    groups: dict[str, list[Finding]] = {}
    for finding in audit.findings:
        groups.setdefault(finding.class_ or "", []).append(finding)
    table = _table(_("Findings by class"), _("Class"), *_SUMS(), numbers=range(1, 6))
    for name in sorted(groups, key=lambda name: class_key(name or None)):
        table.add_row(safe(name or "–"), *_sums(groups[name]))
    console.print(table)


def _each(audit: Audit, console: Console) -> None:
    for name, findings in by_bearer(audit):
        table = _table("", _("Check"), _("Class"), _("Subject"), _("Pupil"), _("Date"), _("Due"), _("Done"),
                       _("Working days late"), _("What"), _("Where"), numbers=(7,))
        title = safe(name)
        title.stylize("bold")
        table.title = title
        for finding in findings:
            table.add_row(*_cells(finding))
        console.print(table)


def _cells(finding: Finding) -> list[Text | str]:
    on = day_text(finding.on) if finding.on else ""
    if finding.lesson is not None:
        on += " " + _("lesson {number}").format(number=finding.lesson)
    if finding.period and "-" in finding.period:
        on = finding.period
    style = "red" if finding.rule.severity == "violation" else "yellow"
    return [
        Text(finding.rule.id, style=style), safe(finding.class_), safe(finding.subject), safe(finding.pupil), on,
        moment_text(finding.due_at) if finding.due_at else "", done_text(finding),
        "" if finding.working_days_late is None else str(finding.working_days_late),
        defect_text(finding) if finding.verdict == "defect" else _(CHECKS[finding.rule.name].thing),
        safe(place(finding.file, finding.sheet, finding.row)) if finding.file else "",
    ]


def _problems(audit: Audit, console: Console) -> None:
    journal = audit.journal
    if journal.problems:
        table = _table(_("Cells that could not be read"), _("Where"), _("Column"), _("Value"), _("What to do"))
        for problem in journal.problems:
            table.add_row(safe(place(problem.file, problem.sheet, problem.row)), safe(problem.column),
                          safe(problem.value), problem_text(problem))
        console.print(table)
    if journal.skipped or journal.errors:
        table = _table(_("Files and sheets that were not read"), _("Where"), _("Reason"))
        for skipped in journal.skipped:
            table.add_row(safe(place(skipped.file, skipped.sheet)), skipped.reason)
        for error in journal.errors:
            where, _colon, text = str(error).partition(": ")
            table.add_row(safe(where), safe(text))
        console.print(table)
