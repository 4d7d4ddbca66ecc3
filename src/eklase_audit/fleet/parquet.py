"""The answers of one school as Parquet, so that a ministry can query those of all schools together."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from eklase_audit.audit import Audit
from eklase_audit.figures import by_class

_FINDING = pa.schema(
    [
        ("fingerprint", pa.string()),
        ("check", pa.string()),
        ("clause", pa.string()),
        ("severity", pa.string()),
        ("verdict", pa.string()),
        ("reason", pa.string()),
        ("role", pa.string()),
        ("class", pa.string()),
        ("grade", pa.int16()),
        ("subject", pa.string()),
        ("on", pa.date32()),
        ("lesson", pa.int16()),
        ("period", pa.string()),
        ("due_at", pa.timestamp("s")),
        ("done_on", pa.date32()),
        ("working_days_late", pa.int32()),
        ("waived", pa.bool_()),
    ]
)
# Only where they were asked for: the names of teachers and pupils.
_NAMES = [pa.field("bearer", pa.string()), pa.field("pupil", pa.string())]
_CHECK = pa.schema(
    [
        ("check", pa.string()),
        ("clause", pa.string()),
        ("severity", pa.string()),
        ("status", pa.string()),
        *((name, pa.int64()) for name in ("fulfilled", "late", "overdue", "pending", "undetermined", "defects")),
        ("not_in_force", pa.int64()),
    ]
)
_CLASS = pa.schema(
    [
        ("class", pa.string()),
        ("grade", pa.int16()),
        ("duties", pa.int64()),
        ("lapses", pa.int64()),
        ("defects", pa.int64()),
        ("waived", pa.int64()),
        ("median_late", pa.float64()),
        ("worst_late", pa.int32()),
    ]
)


def tables(audit: Audit, *, names: bool) -> dict[str, bytes]:
    """The tables findings, checks and classes as the bytes of Parquet files, without names unless asked for."""
    schema = _FINDING
    for name in _NAMES if names else []:
        schema = schema.append(name)
    return {
        "findings": _parquet(schema, _findings(audit, names=names)),
        "checks": _parquet(_CHECK, _checks(audit)),
        "classes": _parquet(_CLASS, _classes(audit)),
    }


def _findings(audit: Audit, *, names: bool) -> list[dict[str, Any]]:
    return [
        {
            "fingerprint": finding.fingerprint,
            "check": finding.rule.id,
            "clause": finding.rule.clause,
            "severity": finding.rule.severity,
            "verdict": finding.verdict,
            "reason": finding.reason,
            "role": finding.role,
            "class": finding.class_,
            "grade": _grade(finding.class_),
            "subject": finding.subject,
            "on": finding.on,
            "lesson": finding.lesson,
            "period": finding.period,
            "due_at": finding.due_at,
            "done_on": _day(finding.done_at),
            "working_days_late": finding.working_days_late,
            "waived": finding.waived,
            **({"bearer": finding.bearer, "pupil": finding.pupil} if names else {}),
        }
        for finding in audit.findings
    ]


def _checks(audit: Audit) -> list[dict[str, Any]]:
    return [
        {
            "check": result.rule.id,
            "clause": result.rule.clause,
            "severity": result.rule.severity,
            "status": result.status,
            **result.counts,
            "not_in_force": result.not_in_force,
        }
        for result in audit.results
    ]


def _classes(audit: Audit) -> list[dict[str, Any]]:
    return [
        {
            "class": one.about,
            "grade": _grade(one.about),
            "duties": one.duties,
            "lapses": one.lapses,
            "defects": one.defects,
            "waived": one.waived,
            "median_late": one.median_late,
            "worst_late": one.worst_late,
        }
        for one in by_class(audit)
    ]


def _grade(class_: str | None) -> int | None:
    grade = (class_ or "").partition(".")[0]
    return int(grade) if grade.isdigit() else None


def _day(when: date | datetime | None) -> date | None:
    return when.date() if isinstance(when, datetime) else when


def _parquet(schema: pa.Schema, rows: list[dict[str, Any]]) -> bytes:
    out = BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema), out, compression="zstd")
    return out.getvalue()
