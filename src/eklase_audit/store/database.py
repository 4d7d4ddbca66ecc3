"""The store of snapshots: one SQLite file with numbers in it, and a key beside it.

It holds no names and no marks: entries, groups and contents are keyed hashes. Of each content that
an entry has had it keeps the first and the last snapshot with it, and of each snapshot which
classes, subjects and days it spoke of. All these are least, greatest and all of what was seen, so
the store does not depend on the order in which snapshots are added.

The million entries of a school year are columns of numbers, one blob each (see versions.py): each
with a digest before it, so that no damage passes unseen.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from eklase_audit.errors import AuditError
from eklase_audit.i18n import N_, _
from eklase_audit.moments import NO_MOMENT
from eklase_audit.store.coverage import Coverage, last_covering
from eklase_audit.store.entries import ASPECTS, OBSERVED_KINDS, Entries, Hasher, Keys, is_ranged
from eklase_audit.store.keyed import KeyedDatabase, Words
from eklase_audit.store.versions import COLUMNS, Added, Versions, first_of_each, from_entries

VERSION = 1
_DIGEST_BYTES = 16
_PAGE_BYTES = 32768
_SCHEMA = (
    "CREATE TABLE snapshots (taken INTEGER PRIMARY KEY)",
    "CREATE TABLE coverage (taken INTEGER, kind INTEGER, first_day INTEGER, last_day INTEGER, "
    "until INTEGER, groups BLOB, PRIMARY KEY (taken, kind)) WITHOUT ROWID",
    "CREATE TABLE versions (aspect INTEGER, name TEXT, data BLOB, PRIMARY KEY (aspect, name))",
)
_ASPECT_NUMBERS = {aspect: number for number, aspect in enumerate(ASPECTS)}
_KIND_NUMBERS = {kind: number for number, kind in enumerate(OBSERVED_KINDS)}


@dataclass(frozen=True)
class Recorded:
    """What adding a snapshot did: whether it was new, and how many entries were new, changed and gone."""

    is_new: bool
    new: int = 0
    changed: int = 0
    gone: int = 0


@dataclass(frozen=True)
class Contents:
    """How much a store holds.

    `entries` by aspect; `changed` are entries that had more than one content, `changes` the further
    contents they had; `gone` those that the newest snapshot which speaks of them does not hold.
    """

    snapshots: list[int]
    entries: dict[str, int]
    changed: int
    changes: int
    gone: int
    size: int


class Store(KeyedDatabase):
    """An open store. Everything that is written is written in one transaction, or not at all."""

    application = 0x656B6C61  # "ekla"
    version = VERSION
    schema = _SCHEMA
    page_bytes = _PAGE_BYTES
    words = Words(
        absent=N_("{path}: there is no such store; make one with eklase-audit snapshot"),
        foreign=N_("{path}: this is no store of eklase-audit"),
        newer=N_("{path}: the store was made by a newer version of eklase-audit: update it"),
        keyless=N_("{path}: the key of the store is missing: put {key} back beside it"),
        busy=N_("{path}: another run uses the store: try again later"),
        damaged=N_("{path}: the store is damaged ({fault}): put back a copy of it"),
    )

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open the store at a path. Raises AuditError: it is not there, damaged, of a newer version."""
        super().__init__(path, create=create)
        self.hasher = Hasher(self.key)

    def snapshots(self) -> list[int]:
        """The moments of all snapshots, in order."""
        with self.told():
            return self._snapshots()

    def _snapshots(self) -> list[int]:
        return [taken for (taken,) in self.connection.execute("SELECT taken FROM snapshots ORDER BY taken")]

    def record(self, taken: int, entries: Sequence[Entries], coverage: Sequence[Coverage]) -> Recorded:
        """Add a snapshot. The same one twice changes nothing; two of one moment are one."""
        with self.told(), self.writing():
            is_new = not self.connection.execute("SELECT 1 FROM snapshots WHERE taken = ?", (taken,)).fetchone()
            self.connection.execute("INSERT OR IGNORE INTO snapshots VALUES (?)", (taken,))
            for one in coverage:
                self._add_coverage(one)
            new = changed = gone = 0
            spoken = {one.kind: one for one in coverage}
            for part in entries:
                known = self._versions(part.aspect)
                added = known.with_snapshot(from_entries(part, taken))
                if added.versions is not known:
                    self._write_versions(part.aspect, added.versions)
                new += added.new
                changed += added.changed
                gone += self._newly_gone(part.aspect, known, added, taken, spoken)
        return Recorded(is_new, new, changed, gone)

    def _add_coverage(self, one: Coverage) -> None:
        """Note what a snapshot spoke of, together with what one of the same moment did."""
        for known in self._coverage(one.kind, "taken = ?", one.taken):
            one = known.together(one)
        self.connection.execute(
            "INSERT OR REPLACE INTO coverage VALUES (?, ?, ?, ?, ?, ?)",
            (
                one.taken,
                _KIND_NUMBERS[one.kind],
                one.first_day,
                one.last_day,
                one.until,
                _packed(one.groups),
            ),
        )

    def _newly_gone(
        self, aspect: str, known: Versions, added: Added, taken: int, spoken: Mapping[str, Coverage]
    ) -> int:
        """How many entries seen before this snapshot is the first to speak of without."""
        one = spoken.get(ASPECTS[aspect])
        if one is None or not len(known.key):
            return 0
        entries = known.entries()
        # All that were known are held, as is the rule: nothing is missing.
        if len(entries.key) + added.new == len(added.held):
            return 0
        missing = entries[(entries.last < taken) & ~np.isin(entries.key, added.held, assume_unique=True)]
        missing = missing[last_covering([one], missing.places, ranged=is_ranged(aspect)) != NO_MOMENT]
        if not len(missing.key):
            return 0
        before = self._coverage(one.kind, "taken < ?", taken)
        seen_without = last_covering(before, missing.places, ranged=is_ranged(aspect))
        return int((seen_without <= missing.last).sum())

    def _versions(self, aspect: str) -> Versions:
        return Versions(**self._columns(aspect, COLUMNS))

    def _columns(self, aspect: str, names: Iterable[str]) -> dict[str, npt.NDArray[Any]]:
        number = _ASPECT_NUMBERS[aspect]
        found = {}
        for name in names:
            row = self.connection.execute(
                "SELECT data FROM versions WHERE aspect = ? AND name = ?", (number, name)
            ).fetchone()
            found[name] = self._unpacked(row[0], COLUMNS[name]) if row else np.array([], COLUMNS[name])
        if len({len(column) for column in found.values()}) != 1:
            raise self.damaged(aspect)
        return found

    def _write_versions(self, aspect: str, versions: Versions) -> None:
        number = _ASPECT_NUMBERS[aspect]
        for name, kind in COLUMNS.items():
            column = getattr(versions, name).astype(kind, copy=False)
            self.connection.execute("INSERT OR REPLACE INTO versions VALUES (?, ?, ?)", (number, name, _packed(column)))

    def _unpacked(self, blob: Any, kind: str) -> npt.NDArray[Any]:
        digest, data = blob[:_DIGEST_BYTES], memoryview(blob)[_DIGEST_BYTES:]
        if digest != _digest(data) or len(data) % np.dtype(kind).itemsize:
            raise self.damaged(_("what it holds does not fit its digest"))
        return np.frombuffer(data, kind)

    def first_seen(self, aspect: str, as_of: int) -> tuple[Keys, npt.NDArray[np.int64]]:
        """The keys, in order, of what snapshots taken by `as_of` held, and the first of these for each."""
        with self.told():
            known = self._columns(aspect, ("key", "first"))
        starts = first_of_each(known["key"])
        if not len(starts):
            return known["key"], known["first"].astype(np.int64)
        first = np.minimum.reduceat(known["first"].astype(np.int64), starts)
        return known["key"][starts][first <= as_of], first[first <= as_of]

    def coverage(self, kind: str, as_of: int) -> list[Coverage]:
        """What each snapshot taken by `as_of` spoke of, of one kind, in the order of time."""
        with self.told():
            return self._coverage(kind, "taken <= ?", as_of)

    def _coverage(self, kind: str, which: str, moment: int) -> list[Coverage]:
        rows = self.connection.execute(
            "SELECT taken, first_day, last_day, until, groups FROM coverage "  # noqa: S608
            f"WHERE kind = ? AND {which} ORDER BY taken",
            (_KIND_NUMBERS[kind], moment),
        ).fetchall()
        return [
            Coverage(taken, kind, first, last, until, self._unpacked(blob, "<i8"))
            for taken, first, last, until, blob in rows
        ]

    def contents(self) -> Contents:
        """How much the store holds."""
        with self.reading():
            counts: dict[str, int] = {}
            changed = changes = gone = 0
            for aspect, kind in ASPECTS.items():
                versions = self._versions(aspect)
                entries = versions.entries()
                counts[aspect] = len(entries.key)
                changes += len(versions.key) - len(entries.key)
                changed += int((np.diff(np.append(first_of_each(versions.key), len(versions.key))) > 1).sum())
                coverage = self._coverage(kind, "taken <= ?", 2**62)
                newest = last_covering(coverage, entries.places, ranged=is_ranged(aspect))
                gone += int((newest > entries.last).sum())
            return Contents(self._snapshots(), counts, changed, changes, gone, self.path.stat().st_size)

    def dump(self) -> dict[str, list[Any]]:
        """All that the store holds, as plain values, the same for the same snapshots."""
        with self.reading():
            held: dict[str, list[Any]] = {"snapshots": self._snapshots()}
            for kind in OBSERVED_KINDS:
                held[f"coverage {kind}"] = [
                    (one.taken, one.first_day, one.last_day, one.until, one.groups.tolist())
                    for one in self._coverage(kind, "taken <= ?", 2**62)
                ]
            for aspect in ASPECTS:
                versions = self._versions(aspect)
                held[aspect] = list(zip(*(getattr(versions, name).tolist() for name in COLUMNS), strict=True))
            return held

    def verify(self) -> list[str]:
        """What is wrong with the store; nothing where it is whole."""
        try:
            with self.reading():
                faults = [str(line) for (line,) in self.connection.execute("PRAGMA integrity_check") if line != "ok"]
                taken = np.array(self._snapshots(), np.int64)
                loose = unordered = 0
                for kind in OBSERVED_KINDS:
                    loose += sum(one.taken not in taken for one in self._coverage(kind, "taken <= ?", 2**62))
                for aspect in ASPECTS:
                    versions = self._versions(aspect)
                    loose += int((~(np.isin(versions.first, taken) & np.isin(versions.last, taken))).sum())
                    unordered += int((versions.key[1:] < versions.key[:-1]).sum())
                    unordered += int((versions.first > versions.last).sum())
        except AuditError as fault:
            return [str(fault)]
        if loose:
            faults.append(_("{count} entries of no snapshot").format(count=loose))
        if unordered:
            faults.append(_("{count} entries out of their order").format(count=unordered))
        return faults

    def prune(self, before_day: int, before: int) -> int:
        """Take out entries of days before, and snapshots taken before of which nothing is left; how many."""
        with self.told():
            with self.writing():
                gone = 0
                kept = {taken for taken in self._snapshots() if taken >= before}
                for aspect in ASPECTS:
                    versions = self._versions(aspect)
                    stay = versions.day >= before_day
                    left = versions[stay]
                    gone += len(first_of_each(versions.key)) - len(first_of_each(left.key))
                    kept |= {*left.first.tolist(), *left.last.tolist()}
                    if not stay.all():
                        self._write_versions(aspect, left)
                for taken in set(self._snapshots()) - kept:
                    for table in ("snapshots", "coverage"):
                        self.connection.execute(f"DELETE FROM {table} WHERE taken = ?", (taken,))  # noqa: S608
            # What was taken out is out by now; on a full disk the file only stays as large as it was.
            with suppress(sqlite3.OperationalError):
                self.connection.execute("VACUUM")
        return gone


def _digest(data: Any) -> bytes:
    return blake2b(data, digest_size=_DIGEST_BYTES).digest()


def _packed(column: npt.NDArray[Any]) -> bytes:
    data = column.tobytes()
    return _digest(data) + data
