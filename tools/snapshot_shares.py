"""Computes which share of duties snapshots decide, and writes the table into docs/snapshots.md.

    python tools/snapshot_shares.py [--check]

The semester is invented (tools/dated_school.py), the same each time, and its true entry times are
known: no verdict may be other than by them, or this fails. With --check nothing is written, and a table
in the docs that is not what was computed is an error.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "tests")]

from dated_school import FIRST, LAST, School, school  # noqa: E402
from eklase_audit.audit import Audit  # noqa: E402
from eklase_audit.store.database import Store  # noqa: E402
from observing import observed, take  # noqa: E402
from support import audited, journal_of  # noqa: E402

SEED = "snapshots"
DAYS = 99
CLASSES = ("7.a", "8.b", "9.c")
PUPILS = 5
PAGE = HERE.parent / "docs" / "snapshots.md"
BEGIN, END = "<!-- computed by tools/snapshot_shares.py -->\n", "<!-- end -->\n"
CHECKS = ["2-lesson", "2-topic", "2-homework", "2-absence", "4-justified", "5", "6", "8-semester"]
AS_OF = datetime(2026, 6, 5, 18, 0)
VERDICTS = ("fulfilled", "late", "overdue")


def moments() -> dict[str, list[datetime]]:
    """The ways of taking snapshots: their moments."""
    midnight = datetime.combine(FIRST, datetime.min.time())
    days = [midnight + timedelta(days=n) for n in range((AS_OF.date() - FIRST).days + 1)]
    working = [day for day in days if day.weekday() < 5]
    daily = [day.replace(hour=17, minute=5) for day in working]
    chance = random.Random(SEED)
    span = int((AS_OF - midnight).total_seconds())
    return {
        "17:05 each working day": daily,
        "17:05 on Fridays": [when for when in daily if when.weekday() == 4],
        "17:05 and 0:05 after each working day": sorted(
            [*daily, *(day + timedelta(days=1, minutes=5) for day in working)]
        ),
        "as many as working days, at random": sorted(
            midnight + timedelta(seconds=chance.randrange(span)) for _day in working
        ),
    }


def audit_over(semester: School, taken: Sequence[datetime]) -> Audit:
    """The audit of the semester's last export, over snapshots of these moments."""
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "s.db", create=True) as store:
        for when in taken:
            take(store, when.isoformat(), semester.export(when))
        return observed(store, journal_of(semester.export(AS_OF)), AS_OF.isoformat(), CHECKS)


def shares(audit: Audit) -> dict[str, float]:
    """The share of duties that are due and that are decided, by check."""
    told = {}
    for result in audit.results:
        due = sum(result.counts[verdict] for verdict in (*VERDICTS, "undetermined"))
        told[result.rule.id] = sum(result.counts[verdict] for verdict in VERDICTS) / due
    return told


def compare(true: Audit, seen: Audit) -> None:
    """Fail where a verdict is harder than it should be."""
    for hard in ("late", "overdue"):
        real = Counter(found.rule.id for found in true.findings if found.verdict == hard)
        told = Counter(found.rule.id for found in seen.findings if found.verdict == hard)
        if told - real:
            raise AssertionError(f"{hard}: {told - real} more than by the true times")


def table() -> str:
    """The table, with what it was computed from."""
    semester = school(SEED, DAYS, CLASSES, PUPILS)
    true = audited(journal_of(semester.exact(AS_OF)), AS_OF.isoformat(), CHECKS)
    ways = moments()
    columns = {}
    for way, taken in ways.items():
        seen = audit_over(semester, taken)
        compare(true, seen)
        columns[way] = shares(seen)
    counts = {result.rule.id: sum(result.counts.values()) for result in true.results}
    late = {result.rule.id: result.counts["late"] + result.counts["overdue"] for result in true.results}
    lines = [
        f"| check | duties | late or missing | {' | '.join(ways)} |",
        f"| --- | --- | --- |{' --- |' * len(ways)}",
    ]
    for check in counts:
        told = " | ".join(f"{columns[way][check] * 100:.1f} %" for way in ways)
        lines.append(f"| `{check}` | {counts[check]} | {late[check]} | {told} |")
    lines.append(f"| snapshots | | | {' | '.join(str(len(taken)) for taken in ways.values())} |")
    return (
        "\n".join(lines)
        + f"\n\nSeed `{SEED}`: {len(CLASSES)} classes of {PUPILS} pupils, {DAYS} days of lessons from {FIRST}, "
        f"semester end {LAST},\naudited as of {AS_OF:%Y-%m-%d %H:%M}.\n"
    )


def main() -> None:
    text = PAGE.read_text("utf-8")
    before, _begin, rest = text.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    wanted = before + BEGIN + "\n" + table() + "\n" + END + after
    if "--check" in sys.argv:
        if wanted != text:
            sys.exit(f"{PAGE.name}: the table is not what was computed: run tools/snapshot_shares.py")
    else:
        PAGE.write_text(wanted, "utf-8")


if __name__ == "__main__":
    main()
