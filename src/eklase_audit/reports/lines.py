"""Findings as lines of one table, for the files that other programs open (spreadsheets, Markdown)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from eklase_audit.clauses import CHECKS
from eklase_audit.findings import NEW, Finding
from eklase_audit.i18n import N_, _
from eklase_audit.reports.wording import bearer_text, message, severity_text, verdict_text

Value: TypeAlias = str | int | float | date | datetime | None


@dataclass(frozen=True)
class Field:
    """A column: its heading before translation, its width in characters, and what it holds of a finding."""

    heading: str
    width: int
    of: Callable[[Finding], Value]


def _thing(finding: Finding) -> str:
    return _(CHECKS[finding.rule.name].thing)


def _news(finding: Finding) -> str:
    if finding.news is None:
        return ""
    return _("new") if finding.news == NEW else _("still open")


def _waiver(finding: Finding) -> str:
    return finding.waiver.reason if finding.waiver else ""


# The fingerprint stands in the table, so the tool knows its own files and reads none of them as an export.
FIELDS: Sequence[Field] = (
    Field(N_("Clause"), 7, lambda f: f.rule.clause),
    Field(N_("Check"), 16, lambda f: f.rule.id),
    Field(N_("Severity"), 12, lambda f: severity_text(f.rule.severity)),
    Field(N_("Verdict"), 14, lambda f: verdict_text(f.verdict)),
    Field(N_("Teacher"), 24, bearer_text),
    Field(N_("Class"), 7, lambda f: f.class_),
    Field(N_("Subject"), 20, lambda f: f.subject),
    Field(N_("Pupil"), 22, lambda f: f.pupil),
    Field(N_("Date"), 12, lambda f: f.on),
    Field(N_("Lesson"), 7, lambda f: f.lesson),
    Field(N_("Period"), 9, lambda f: f.period),
    Field(N_("What"), 24, _thing),
    Field(N_("Due"), 17, lambda f: f.due_at),
    Field(N_("Done"), 17, lambda f: f.done_by or f.done_at),
    Field(N_("Working days late"), 10, lambda f: f.working_days_late),
    Field(N_("In words"), 60, message),
    Field(N_("News"), 12, _news),
    Field(N_("Open since"), 12, lambda f: f.since),
    Field(N_("Waiver"), 24, _waiver),
    Field(N_("File"), 28, lambda f: f.file),
    Field(N_("Sheet"), 14, lambda f: f.sheet),
    Field(N_("Row"), 7, lambda f: f.row),
    Field(N_("Fingerprint"), 18, lambda f: f.fingerprint),
)


def cells(finding: Finding) -> list[Value]:
    """The values of a finding, one a field."""
    return [field.of(finding) for field in FIELDS]
