"""Coverage: for every clause and part of it, whether it was audited, and what stood in the way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from eklase_audit.audit import CONTRADICTED, NOT_AUDITED, Audit, CheckResult
from eklase_audit.clauses import CHECKS
from eklase_audit.exports.headings import kinds
from eklase_audit.exports.journal_workbook import JOURNAL
from eklase_audit.i18n import _, active, ngettext
from eklase_audit.journal import WORKBOOK, WORKBOOK_KINDS
from eklase_audit.regulation import Clause

AUDITED, PARTLY, NONE, UNSEEN = "audited", "partly", "not_audited", "unseen"


@dataclass(frozen=True)
class Part:
    """A clause's part: one of its checks, or (check None) what no export can show.

    `notable` where it was not audited, or entries were left out for more than a cell or a stamp.
    """

    clause: Clause
    check: str | None
    title: str
    state: str
    remarks: tuple[str, ...]
    notable: bool


def coverage(audit: Audit) -> list[Part]:
    """Every part of the regulation that the audit was asked for, in the order of the clauses."""
    results = {result.rule.id: result for result in audit.results}
    parts = []
    for clause in audit.regulation.clauses:
        mine = [results[rule.id] for rule in clause.checks if rule.id in results]
        parts += [_part(audit, clause, result) for result in mine]
        if mine or not clause.checks:
            parts += [Part(clause, None, text[active()], UNSEEN, (), True) for text in clause.unseen]
    return parts


def _part(audit: Audit, clause: Clause, result: CheckResult) -> Part:
    title = _(CHECKS[result.rule.name].manual).partition("\n")[0].rstrip(".")
    if result.status == NOT_AUDITED:
        return Part(clause, result.rule.id, title, NONE, (result.reason or "",), True)
    remarks = list(result.limits)
    if unknown := result.counts["undetermined"]:
        remarks.append(
            ngettext(
                "{count} entry: when it was made cannot be told",
                "{count} entries: when they were made cannot be told",
                unknown,
            ).format(count=unknown)
        )
    titles = {kind: kinds()[kind].title for need in CHECKS[result.rule.name].needs for kind in need.kinds}
    if set(titles) & set(WORKBOOK_KINDS):
        titles[WORKBOOK] = JOURNAL.title
    # A stamp that a snapshot contradicts was read well.
    read = Counter(
        (problem.file, problem.sheet) for problem in audit.journal.problems if problem.reason == CONTRADICTED
    )
    for kind, export in titles.items():
        if problems := sum(
            sheet.data_problems - read[sheet.file, sheet.sheet] for sheet in audit.journal.sheets if sheet.kind == kind
        ):
            remarks.append(
                ngettext(
                    "{count} cell of «{export}» could not be read",
                    "{count} cells of «{export}» could not be read",
                    problems,
                ).format(count=problems, export=export)
            )
    return Part(clause, result.rule.id, title, PARTLY if remarks else AUDITED, tuple(remarks), bool(result.limits))


def state_text(state: str) -> str:
    """A state of coverage, in the language spoken."""
    return {
        AUDITED: _("audited"),
        PARTLY: _("partly audited"),
        NONE: _("not audited"),
        UNSEEN: _("no export shows it"),
    }[state]
