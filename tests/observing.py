"""Snapshots taken in process, and audits over their store."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from eklase_audit import i18n
from eklase_audit.audit import Audit, Auditor
from eklase_audit.journal import Journal
from eklase_audit.moments import moment_number
from eklase_audit.regulation import Regulation
from eklase_audit.reports import json_answer
from eklase_audit.store.database import Recorded, Store
from eklase_audit.store.snapshot import take_snapshot
from eklase_audit.store.windows import Observer
from support import Tables, calendar, journal_of, moment, regulation

Snapshots = Sequence[tuple[str, Tables | Journal]]


@contextmanager
def opened(path: Path | None = None) -> Iterator[Store]:
    """A store at a path, or one that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(path or Path(folder) / "s.db", create=True)
        try:
            yield store
        finally:
            store.close()


def take(store: Store, taken: str, tables: Tables | Journal) -> Recorded:
    """One snapshot."""
    journal = tables if isinstance(tables, Journal) else journal_of(tables)
    return take_snapshot(store, journal, moment(taken), regulation().symbols)


def observed(store: Store, journal: Journal, as_of: str, clauses: Iterable[str] = (), **options: Any) -> Audit:
    """The audit of a journal over a store, in English."""
    i18n.activate("en")
    rules: Regulation = options.pop("rules", None) or regulation()
    auditor = Auditor(journal, rules, calendar(), moment(as_of), **options)
    auditor.observer = Observer(store, journal, moment_number(moment(as_of)))
    return auditor.audit(rules.select(list(clauses)))


def answer_over(
    snapshots: Snapshots, tables: Tables | Journal, as_of: str, clauses: Iterable[str] = (), **options: Any
) -> dict[str, Any]:
    """The JSON answer of an audit over snapshots, each a moment and its tables."""
    with opened() as store:
        for taken, held in snapshots:
            take(store, taken, held)
        journal = tables if isinstance(tables, Journal) else journal_of(tables)
        return json_answer.answer(observed(store, journal, as_of, clauses, **options))


def verdict(answer: dict[str, Any], check: str) -> str:
    """The one verdict that a check came to."""
    found = next(one for one in answer["checks"] if one["check"] == check)
    names = ("fulfilled", "late", "overdue", "pending", "undetermined")
    told = [name for name in names for _again in range(found[name])]
    assert len(told) == 1, found
    return told[0]
