"""The answer as one JSON object (schema 1): keys may be added, none changes or goes."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime
from typing import Any

from eklase_audit import __version__
from eklase_audit.audit import CONTRADICTED, Audit, CheckResult
from eklase_audit.coverage import coverage
from eklase_audit.errors import ReadError
from eklase_audit.figures import Figures, Person, by_class, by_person
from eklase_audit.findings import NEW, OPEN, Finding
from eklase_audit.moments import to_date
from eklase_audit.reports.news import weeks_open
from eklase_audit.reports.waived import finding_waiver, waiver_entries
from eklase_audit.reports.wording import message, problem_text

SCHEMA = 1


def answer(audit: Audit) -> dict[str, Any]:
    """The answer as a dict of plain values."""
    severities = Counter(finding.rule.severity for finding in audit.counted)
    journal = audit.journal
    return {
        "schema": SCHEMA,
        "tool": {"name": "eklase-audit", "version": __version__},
        "regulation": {
            "id": audit.regulation.id,
            "in_force_from": audit.regulation.in_force_from.isoformat(),
        },
        "as_of": audit.as_of.isoformat(),
        "inputs": [
            {
                "file": s.file,
                "sheet": s.sheet,
                "kind": s.kind,
                "rows": s.rows,
                "encoding": s.encoding,
                "delimiter": s.delimiter,
                "header_row": s.header_row,
                "data_problems": s.data_problems,
            }
            for s in journal.sheets
        ],
        "checks": [_check(result) for result in audit.results],
        "coverage": coverage_entries(audit),
        "findings": [finding_entry(finding, audit) for finding in audit.shown],
        "history": _history(audit),
        "figures": {
            "by_person": [{**_person(one.about), **_figures(one)} for one in by_person(audit)],
            "by_class": [{"class": one.about, **_figures(one)} for one in by_class(audit)],
        },
        "waivers": waiver_entries(audit.waivers),
        "undetermined": [finding_entry(finding, audit) for finding in audit.undetermined],
        "skipped": [{"file": s.file, "sheet": s.sheet, "reason": s.reason} for s in journal.skipped],
        "data_problems": [
            {
                "file": p.file,
                "sheet": p.sheet,
                "row": p.row,
                "column": p.column,
                "value": p.value,
                "reason": p.reason if p.reason == CONTRADICTED else problem_text(p),
            }
            for p in journal.problems
        ],
        "errors": [
            {"file": e.file, "sheet": e.sheet, "reason": e.text} for e in journal.errors if isinstance(e, ReadError)
        ],
        "totals": {
            "violations": severities["violation"],
            "warnings": severities["warning"],
            "waived": sum(finding.waived for finding in audit.findings),
            "data_problems": len(journal.problems),
        },
    }


def text(audit: Audit) -> str:
    """The answer as JSON text, the same bytes for the same input."""
    return json.dumps(answer(audit), ensure_ascii=False, indent=2) + "\n"


def coverage_entries(audit: Audit) -> list[dict[str, Any]]:
    """The coverage as plain values: state is audited, partly, not_audited or unseen."""
    return [
        {
            "clause": part.clause.number,
            "check": part.check,
            "title": part.title,
            "state": part.state,
            "remarks": list(part.remarks),
        }
        for part in coverage(audit)
    ]


def coverage_text(audit: Audit) -> str:
    """The coverage alone as JSON text."""
    whole = answer(audit)
    kept = ("schema", "tool", "regulation", "as_of", "inputs", "coverage", "skipped", "errors")
    return json.dumps({key: whole[key] for key in kept}, ensure_ascii=False, indent=2) + "\n"


def _history(audit: Audit) -> dict[str, Any] | None:
    """What became of the findings of the run before; None without a history. Waived ones are not counted."""
    turns = audit.turns
    if turns is None:
        return None
    since = [finding.since for finding in audit.counted if finding.news == OPEN and finding.since]
    return {
        "previous": _iso(audit.previous),
        "new": sum(finding.news == NEW for finding in audit.counted),
        "open": len(since),
        "oldest": _iso(min(since, default=None)),
        "entered": turns.entered,
        "mended": len(audit.mended),
        "untold": turns.untold,
        "waived_since": turns.excused,
        "waived_no_more": turns.returned,
        "not_listed": len(audit.findings) - len(audit.shown),
        "mended_findings": [
            {
                "check": one.check,
                "clause": one.clause,
                "class": one.class_,
                "bearer": " / ".join(one.bearers) or None,
                "since": _iso(one.since),
            }
            for one in audit.mended
        ],
    }


def _check(result: CheckResult) -> dict[str, Any]:
    return {
        "check": result.rule.id,
        "clause": result.rule.clause,
        "status": result.status,
        **result.counts,
        "not_in_force": result.not_in_force,
        "reason": result.reason,
        "limits": list(result.limits),
        "first_day": None if result.first_day is None else _iso(to_date(result.first_day)),
    }


def _person(person: Person) -> dict[str, Any]:
    return {"bearer": person.name, "role": person.role or None, "class": person.class_}


def _figures(figures: Figures[Any]) -> dict[str, Any]:
    return {
        "duties": figures.duties,
        "lapses": figures.lapses,
        "defects": figures.defects,
        "waived": figures.waived,
        "in_time": _rounded(figures.in_time, 4),
        "per_hundred": _rounded(figures.per_hundred, 2),
        "enough": figures.enough,
        "median_late": figures.median_late,
        "worst_late": figures.worst_late,
    }


def _rounded(number: float | None, digits: int) -> float | None:
    return None if number is None else round(number, digits)


def finding_entry(finding: Finding, audit: Audit) -> dict[str, Any]:
    """A finding of an audit as plain values."""
    return {
        "fingerprint": finding.fingerprint,
        "check": finding.rule.id,
        "clause": finding.rule.clause,
        "severity": finding.rule.severity,
        "verdict": finding.verdict,
        "reason": finding.reason,
        "bearer": finding.bearer,
        "role": finding.role,
        "class": finding.class_,
        "subject": finding.subject,
        "pupil": finding.pupil,
        "on": _iso(finding.on),
        "lesson": finding.lesson,
        "period": finding.period,
        "due_at": _iso(finding.due_at),
        "done_at": _iso(finding.done_at),
        "done_after": _iso(finding.done_after),
        "done_by": _iso(finding.done_by),
        "working_days_late": finding.working_days_late,
        "message": message(finding),
        "file": finding.file,
        "sheet": finding.sheet,
        "row": finding.row,
        "news": finding.news,
        "since": _iso(finding.since),
        "weeks_open": weeks_open(audit, finding),
        "waived": finding.waived,
        "waiver": finding_waiver(finding),
    }


def _iso(when: date | datetime | None) -> str | None:
    return None if when is None else when.isoformat()
