"""The findings as lines of the report's table, in groups by teacher."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from eklase_audit.audit import Audit
from eklase_audit.clauses import CHECKS
from eklase_audit.errors import place
from eklase_audit.findings import Finding
from eklase_audit.i18n import _, collation_key, day_text, moment_text
from eklase_audit.reports.wording import bearer_text, defect_text, done_text


@dataclass(frozen=True)
class Line:
    """A finding in words. `number` is its place in the order of answers.

    `copy` marks a finding of several teachers in the groups of all but the first. Days and moments
    stand beside their texts as they are sorted.
    """

    finding: Finding
    number: int
    copy: bool
    bearer: str
    on: str
    on_key: str
    due: str
    due_key: str
    done: str
    done_key: str
    what: str
    where: str
    news: str


@dataclass(frozen=True)
class Group:
    """The findings of one teacher."""

    name: str
    lines: tuple[Line, ...]


def groups(audit: Audit) -> list[Group]:
    """The findings that are not waived, by teacher in Latvian order; one of several teachers under each of them."""
    found: dict[str, list[Line]] = {}
    for number, finding in enumerate(audit.findings):
        if not finding.waived:
            for name in finding.bearers or (bearer_text(finding),):
                found.setdefault(name, []).append(_line(finding, number, copy=name not in finding.bearers[:1]))
    return [Group(name, tuple(found[name])) for name in sorted(found, key=collation_key)]


def waived(audit: Audit) -> list[Line]:
    """The findings that a waiver excuses, in the order of answers."""
    return [
        _line(finding, number, copy=False)
        for number, finding in enumerate(audit.findings)
        if finding.waiver is not None
    ]


def _line(finding: Finding, number: int, *, copy: bool) -> Line:
    on = day_text(finding.on) if finding.on else ""
    if finding.lesson is not None:
        on += ", " + _("lesson {number}").format(number=finding.lesson)
    if finding.period and "-" in finding.period:
        on = finding.period
    return Line(
        finding,
        number,
        copy and bool(finding.bearers),
        bearer_text(finding),
        on,
        _key(finding.on),
        moment_text(finding.due_at) if finding.due_at else "",
        _key(finding.due_at),
        done_text(finding) or ("" if finding.verdict == "defect" else _("not done yet")),
        _key(finding.done_by or finding.done_at),
        _what(finding),
        place(finding.file, finding.sheet, finding.row) if finding.file else "",
        _news(finding),
    )


def _what(finding: Finding) -> str:
    if finding.verdict == "defect":
        return defect_text(finding)
    return _(CHECKS[finding.rule.name].thing)


def _news(finding: Finding) -> str:
    """Whether it is new, or since when it is open; "" where no history of runs is kept."""
    if finding.news == "new":
        return _("new")
    return _("since {day}").format(day=day_text(finding.since)) if finding.since else ""


def _key(when: date | datetime | None) -> str:
    return when.isoformat() if when else ""
