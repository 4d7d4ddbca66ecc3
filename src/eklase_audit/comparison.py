"""Two answers compared: what is new, still open and mended between them.

Both sides are findings as `history.news` compares them, with their entries of the answer where these
are known (a history keeps none).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from eklase_audit.errors import AuditError
from eklase_audit.history.database import History
from eklase_audit.history.news import Item, Reach, compare, school_year_start
from eklase_audit.i18n import _
from eklase_audit.moments import day_number, moment_number, to_datetime

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Side:
    """One of two answers: its moment (in seconds), what it could tell of, its findings that no waiver excuses.

    `entries` are those of the answer by fingerprint; empty for a run of a history.
    """

    as_of: int
    reach: Reach
    items: tuple[Item, ...]
    entries: Mapping[str, Entry] = field(default_factory=dict)
    named: bool = True

    @property
    def moment(self) -> datetime:
        """The moment it looks from."""
        return to_datetime(self.as_of)


@dataclass(frozen=True)
class Comparison:
    """What became of the findings from one answer to the other; `untold` the later one could not tell of."""

    old: Side
    new_side: Side
    new: tuple[Item, ...]
    open: tuple[Item, ...]
    mended: tuple[Item, ...]
    untold: tuple[Item, ...]

    @property
    def parts(self) -> dict[str, tuple[Item, ...]]:
        """The findings by what became of them."""
        return {"new": self.new, "open": self.open, "mended": self.mended, "untold": self.untold}

    def entry(self, item: Item) -> Entry:
        """The entry of a finding in the answer that has it; {} where that is not known."""
        return self.new_side.entries.get(item.key) or self.old.entries.get(item.key) or {}

    def counts(self, of: Callable[[Item], Iterable[str]]) -> dict[str, Counter[str]]:
        """How many are new, open, mended and untold by what `of` names for each."""
        counted: dict[str, Counter[str]] = {}
        for part, items in self.parts.items():
            for item in items:
                for name in of(item):
                    counted.setdefault(name, Counter())[part] += 1
        return counted


def compared(old: Side, new: Side) -> Comparison:
    """Compare two answers."""
    changes = compare(old.items, new.items, new.reach, new.as_of)
    return Comparison(
        old,
        new,
        tuple(item for item in changes.found if item.key in changes.new),
        tuple(item for item in changes.found if item.key not in changes.new),
        changes.mended,
        changes.untold,
    )


def side_of_answer(answer: Entry) -> Side:
    """A side from a JSON answer, as read. Raises AuditError where it is none of schema 1."""
    try:
        as_of = datetime.fromisoformat(answer["as_of"])
        if answer["schema"] != 1:
            raise ValueError
        checks = {
            check["check"]: _day(check.get("first_day"))
            for check in answer["checks"]
            if check["status"] != "not_audited"
        }
        entries = {entry["fingerprint"]: entry for entry in answer["findings"] if not entry["waived"]}
        items = tuple(_item(key, entry) for key, entry in entries.items())
    except (KeyError, TypeError, ValueError, AttributeError):
        raise AuditError(_("this is no answer of eklase-audit check --format json")) from None
    if answer.get("history") and answer["history"]["not_listed"]:
        raise AuditError(_("this answer lists new findings only (--new-only): it cannot be compared"))
    reach = Reach(checks, None, school_year_start(day_number(as_of.date())))
    return Side(moment_number(as_of), reach, items, entries)


def _item(key: str, entry: Entry) -> Item:
    return Item(
        key,
        entry["check"],
        entry["clause"],
        entry["class"],
        tuple(entry["bearer"].split(" / ")) if entry["bearer"] else (),
        _day(entry["on"]),
        _day((entry["due_at"] or "")[:10] or entry["on"]),
        entry["verdict"],
    )


def _day(text: str | None) -> int | None:
    return day_number(date.fromisoformat(text)) if text else None


def side_of_file(path: Path) -> Side:
    """A side from a file with a JSON answer. Raises AuditError."""
    try:
        read = json.loads(path.read_bytes())
    except OSError as fault:
        raise AuditError(_("{path}: it cannot be read: {fault}").format(path=path, fault=fault.strerror)) from None
    except ValueError:
        read = None
    try:
        return side_of_answer(read)
    except AuditError as error:
        raise AuditError(f"{path}: {error}") from None


def side_of_run(history: History, day: date) -> Side:
    """A side from the run of a history as of a day. Raises AuditError with the days that there are."""
    run = history.run(day_number(day))
    if run is None:
        raise AuditError(
            _("{path}: there is no run as of {day}; eklase-audit history lists those that are kept").format(
                path=history.path, day=day.isoformat()
            )
        )
    items = tuple(item for item in history.items(run) if item.told and not item.waived)
    return Side(run.as_of, run.reach, items, named=False)
