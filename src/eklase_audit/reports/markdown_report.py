"""The report as Markdown, for a wiki or a message: what was audited, figures, findings, what was not audited."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from eklase_audit.audit import Audit
from eklase_audit.figures import Figures, by_class, by_person
from eklase_audit.i18n import _, day_text, moment_text
from eklase_audit.reports.gaps import Gap, cells, files, parts
from eklase_audit.reports.lines import FIELDS, Value
from eklase_audit.reports.safe_text import visible
from eklase_audit.reports.wording import median_text, per_hundred_text, person_text, share_text, totals

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#|~!])")
# A page is read, not sorted: of the fields of a finding those that a person looks for.
_SHOWN = ("Clause", "Verdict", "Class", "Subject", "Pupil", "Date", "In words", "Fingerprint")


def render(audit: Audit) -> bytes:
    """The audit as the bytes of a Markdown file (tables as GitHub writes them)."""
    lines = [f"# {_escaped(audit.regulation.title)}", "", _("As of {moment}").format(moment=moment_text(audit.as_of))]
    lines += ["", f"**{_escaped(totals(audit))}**"]
    left_out = [*parts(audit), *files(audit)]
    lines += _section(
        _("What was not, or not wholly, audited, and why"),
        (_("Clause"), _("Part"), _("State"), _("What is missing")),
        [(gap.clause or gap.file, gap.title or gap.sheet, gap.what, gap.text) for gap in left_out],
    )
    headings = (_("duties"), _("in time"), _("lapses"), _("defects"), _("per 100 duties"), _("median days late"))
    lines += _section(
        _("Findings by teacher"),
        (_("Teacher"), *headings),
        [(person_text(one.about), *_figures(one)) for one in by_person(audit) if one.findings],
    )
    lines += _section(
        _("Findings by class"),
        (_("Class"), *headings),
        [(one.about or "–", *_figures(one)) for one in by_class(audit) if one.findings],
    )
    shown = [field for field in FIELDS if field.heading in _SHOWN]
    for one in by_person(audit):
        table = [[field.of(finding) for field in shown] for finding in one.findings if not finding.waived]
        lines += _section(person_text(one.about), [_(field.heading) for field in shown], table)
    waived = [finding for finding in audit.findings if finding.waiver]
    lines += _section(
        _("Waived findings"),
        (_("Teacher"), *(_(field.heading) for field in shown), _("Reason")),
        [
            (finding.bearer, *(field.of(finding) for field in shown), finding.waiver.reason if finding.waiver else "")
            for finding in waived
        ],
    )
    lines += _section(
        _("Cells that could not be read"),
        (_("File"), _("Sheet"), _("Row"), _("Column"), _("Value"), _("What to do")),
        [_cell(gap) for gap in cells(audit)],
    )
    return ("\n".join(lines) + "\n").encode()


def _cell(gap: Gap) -> Sequence[Value]:
    return gap.file, gap.sheet, gap.row, gap.column, gap.value, gap.text


def _figures(figures: Figures[Any]) -> Sequence[Value]:
    return (
        figures.duties,
        share_text(figures),
        figures.lapses,
        figures.defects,
        per_hundred_text(figures),
        median_text(figures),
    )


def _section(title: str, headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> list[str]:
    """A heading and a table below it; nothing where the table would be empty."""
    lines = [" | ".join(_text(value) for value in row) for row in rows]
    if not lines:
        return []
    head = ["", f"## {_escaped(title)}", "", f"| {' | '.join(headings)} |", f"|{' --- |' * len(headings)}"]
    return [*head, *(f"| {line} |" for line in lines)]


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return moment_text(value)
    return day_text(value) if isinstance(value, date) else _escaped(str(value))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", visible(text))
