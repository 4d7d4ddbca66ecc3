"""The store of snapshots: one SQLite file with numbers in it, and a key beside it.

It holds no names and no marks: entries, groups and contents are keyed hashes. What it keeps does
not depend on the order in which snapshots are added: of each entry the first snapshot that held it,
of each content the first that had it, and which classes and subjects each snapshot spoke of.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eklase_audit.errors import AuditError
from eklase_audit.files import write_file
from eklase_audit.i18n import _
from eklase_audit.moments import NO_DAY
from eklase_audit.store.entries import ASPECTS, OBSERVED_KINDS, Entries, Hasher, Keys

VERSION = 1
_APPLICATION = 0x656B6C61  # "ekla": tells this file from other SQLite files
_WAIT_SECONDS = 60
_KEY_BYTES = 32
_SCHEMA = """
CREATE TABLE snapshots (taken INTEGER PRIMARY KEY);
CREATE TABLE ranges (taken INTEGER, kind INTEGER, first_day INTEGER, last_day INTEGER,
                     PRIMARY KEY (taken, kind)) WITHOUT ROWID;
CREATE TABLE groups (taken INTEGER, kind INTEGER, grp INTEGER, PRIMARY KEY (taken, kind, grp)) WITHOUT ROWID;
CREATE TABLE entries (key INTEGER PRIMARY KEY, aspect INTEGER, grp INTEGER, day INTEGER, first INTEGER,
                      content INTEGER);
CREATE TABLE contents (key INTEGER, content INTEGER, first INTEGER, PRIMARY KEY (key, content)) WITHOUT ROWID;
CREATE TABLE gone (key INTEGER PRIMARY KEY, taken INTEGER);
"""
_ASPECT_NUMBERS = {aspect: number for number, aspect in enumerate(ASPECTS)}
_KIND_NUMBERS = {kind: number for number, kind in enumerate(OBSERVED_KINDS)}


@dataclass(frozen=True)
class Coverage:
    """What one snapshot spoke of, of one kind: its groups (sorted), and the days from first to last."""

    taken: int
    kind: str
    first_day: int
    last_day: int
    groups: Keys


@dataclass(frozen=True)
class Recorded:
    """What adding a snapshot did: whether it was new, and how many entries were new, changed and gone."""

    is_new: bool
    new: int = 0
    changed: int = 0
    gone: int = 0


@dataclass(frozen=True)
class Contents:
    """How much a store holds."""

    snapshots: list[int]
    entries: dict[str, int]
    changed: int
    gone: int
    size: int


class Store:
    """An open store. Everything that is written is written in one transaction, or not at all."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open the store at a path. Raises AuditError where it is not there, damaged, or of a newer version."""
        self.path = path
        self.key_path = path.with_name(path.name + ".key")
        if not path.exists() and not create:
            raise AuditError(_("{path}: there is no such store; make one with eklase-audit snapshot").format(path=path))
        if path.exists() and not self.key_path.exists():
            raise AuditError(_("{path}: the key of the store is missing: put {key} back beside it").format(
                path=path, key=self.key_path.name))
        try:
            self._open()
        except sqlite3.Error as fault:
            raise self._damaged(fault) from None
        self.hasher = Hasher(self.key_path.read_bytes())

    def _open(self) -> None:
        fresh = not self.path.exists()
        if fresh:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if not self.key_path.exists():
                write_file(self.key_path, secrets.token_bytes(_KEY_BYTES))
            # Made with its rights before SQLite writes to it: readable by its owner only.
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        self.connection = sqlite3.connect(self.path, timeout=_WAIT_SECONDS, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode=WAL")
        # Power may fail at any moment: what was committed must be on the disk.
        self.connection.execute("PRAGMA synchronous=FULL")
        version = self.connection.execute("PRAGMA user_version").fetchone()[0]
        application = self.connection.execute("PRAGMA application_id").fetchone()[0]
        if version == 0 and application == 0 and not self.connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            with self._writing():
                if not self.connection.execute("SELECT 1 FROM sqlite_master").fetchone():
                    for statement in _SCHEMA.split(";"):
                        if statement.strip():
                            self.connection.execute(statement)
                    self.connection.execute(f"PRAGMA application_id={_APPLICATION}")
                    self.connection.execute(f"PRAGMA user_version={VERSION}")
        elif application != _APPLICATION:
            raise AuditError(_("{path}: this is no store of eklase-audit").format(path=self.path))
        elif version > VERSION:
            raise AuditError(_("{path}: the store was made by a newer version of eklase-audit: update it").format(
                path=self.path))

    def _damaged(self, fault: sqlite3.Error) -> AuditError:
        if "locked" in str(fault):
            return AuditError(_("{path}: another run uses the store: try again later").format(path=self.path))
        if "full" in str(fault):
            return AuditError(_("{path}: the disk is full; nothing was changed").format(path=self.path))
        return AuditError(_("{path}: the store is damaged ({fault}): put back a copy of it").format(
            path=self.path, fault=fault))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def close(self) -> None:
        """Close the store."""
        self.connection.close()

    def snapshots(self) -> list[int]:
        """The moments of all snapshots, in order."""
        return [taken for (taken,) in self.connection.execute("SELECT taken FROM snapshots ORDER BY taken")]

    def record(self, taken: int, entries: Sequence[Entries], coverage: Sequence[Coverage]) -> Recorded:
        """Add a snapshot. The same one twice changes nothing; two of one moment are one."""
        try:
            with self._writing():
                return self._record(taken, entries, coverage)
        except sqlite3.Error as fault:
            raise self._damaged(fault) from None

    def _record(self, taken: int, entries: Sequence[Entries], coverage: Sequence[Coverage]) -> Recorded:
        run = self.connection.executemany
        is_new = not self.connection.execute("SELECT 1 FROM snapshots WHERE taken = ?", (taken,)).fetchone()
        self.connection.execute("INSERT OR IGNORE INTO snapshots VALUES (?)", (taken,))
        for one in coverage:
            kind = _KIND_NUMBERS[one.kind]
            self.connection.execute(
                "INSERT INTO ranges VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                "first_day = min(first_day, excluded.first_day), last_day = max(last_day, excluded.last_day)",
                (taken, kind, one.first_day, one.last_day))
            run("INSERT OR IGNORE INTO groups VALUES (?, ?, ?)", ((taken, kind, group) for group in one.groups.tolist()))
        known = self._load()
        new = changed = 0
        held = []
        for part in entries:
            unique, places = np.unique(part.key, return_index=True)
            held.append(unique)
            at = np.searchsorted(known.key, unique)
            found = (at < len(known.key)) & (known.key[np.minimum(at, len(known.key) - 1)] == unique) \
                if len(known.key) else np.zeros(len(unique), bool)
            content, group, day = part.content[places], part.group[places], part.day[places]
            fresh = ~found
            new += int(fresh.sum())
            aspect = _ASPECT_NUMBERS[part.aspect]
            run("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)",
                ((key, aspect, g, d, taken, c) for key, g, d, c in zip(
                    unique[fresh].tolist(), group[fresh].tolist(), day[fresh].tolist(), content[fresh].tolist(),
                    strict=True)))
            mine = at[found]
            before = known.first[mine] > taken
            run("UPDATE entries SET first = ?1 WHERE key = ?2 AND first > ?1",
                ((taken, key) for key in unique[found][before].tolist()))
            other = known.content[mine] != content[found]
            changed += self._changes(taken, unique[found][other], content[found][other], known, mine[other])
        gone = self._note_gone(taken, known, np.concatenate(held) if held else np.array([], np.int64), coverage)
        return Recorded(is_new, new, changed, gone)

    def _changes(self, taken: int, keys: Keys, contents: Keys, known: _Known, places: npt.NDArray[np.intp]) -> int:
        """Note contents that differ from the first one: of each the first snapshot that had it."""
        run = self.connection.executemany
        run("INSERT OR IGNORE INTO contents VALUES (?, ?, ?)",
            zip(keys.tolist(), known.content[places].tolist(), known.first[places].tolist(), strict=True))
        run("INSERT INTO contents VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET first = min(first, ?3)",
            ((key, content, taken) for key, content in zip(keys.tolist(), contents.tolist(), strict=True)))
        return len(keys)

    def _note_gone(self, taken: int, known: _Known, held: Keys, coverage: Sequence[Coverage]) -> int:
        """Note entries seen before that this snapshot speaks of and does not hold."""
        if not len(known.key):
            return 0
        missing = (known.first < taken) & ~np.isin(known.key, held)
        spoken = np.zeros(len(known.key), bool)
        kind_of = np.array([_KIND_NUMBERS[kind] for kind in ASPECTS.values()])
        for one in coverage:
            mine = kind_of[known.aspect] == _KIND_NUMBERS[one.kind]
            spoken |= mine & (known.day >= one.first_day) & (known.day <= one.last_day) & np.isin(known.group, one.groups)
        keys = known.key[missing & spoken].tolist()
        self.connection.executemany(
            "INSERT INTO gone VALUES (?1, ?2) ON CONFLICT DO UPDATE SET taken = min(taken, ?2)",
            ((key, taken) for key in keys))
        return len(keys)

    def _load(self) -> _Known:
        rows = self.connection.execute("SELECT key, aspect, grp, day, first, content FROM entries ORDER BY key").fetchall()
        table = np.array(rows, np.int64).reshape(-1, 6)
        return _Known(*(table[:, column] for column in range(6)))

    def first_seen(self, keys: Keys, as_of: int) -> npt.NDArray[np.int64]:
        """Of each key the first snapshot, by `as_of`, that held it; -1 where none did."""
        rows = self.connection.execute("SELECT key, first FROM entries WHERE first <= ? ORDER BY key", (as_of,)).fetchall()
        table = np.array(rows, np.int64).reshape(-1, 2)
        if not len(table):
            return np.full(len(keys), -1, np.int64)
        at = np.minimum(np.searchsorted(table[:, 0], keys), len(table) - 1)
        return np.where(table[at, 0] == keys, table[at, 1], -1)

    def coverage(self, kind: str, as_of: int) -> list[Coverage]:
        """What each snapshot taken by `as_of` spoke of, of one kind, in the order of time."""
        number = _KIND_NUMBERS[kind]
        ranges = self.connection.execute(
            "SELECT taken, first_day, last_day FROM ranges WHERE kind = ? AND taken <= ? ORDER BY taken",
            (number, as_of)).fetchall()
        found: dict[int, list[int]] = {}
        for taken, group in self.connection.execute(
                "SELECT taken, grp FROM groups WHERE kind = ? AND taken <= ? ORDER BY taken, grp", (number, as_of)):
            found.setdefault(taken, []).append(group)
        return [Coverage(taken, kind, first, last, np.array(found.get(taken, []), np.int64))
                for taken, first, last in ranges]

    def contents(self) -> Contents:
        """How much the store holds."""
        counts = dict(self.connection.execute("SELECT aspect, count(*) FROM entries GROUP BY aspect").fetchall())
        changed = self.connection.execute("SELECT count(DISTINCT key) FROM contents").fetchone()[0]
        gone = self.connection.execute("SELECT count(*) FROM gone").fetchone()[0]
        return Contents(self.snapshots(), {name: counts.get(number, 0) for name, number in _ASPECT_NUMBERS.items()},
                        changed, gone, self.path.stat().st_size)

    def verify(self) -> list[str]:
        """What is wrong with the store; nothing where it is whole."""
        try:
            faults = [line for (line,) in self.connection.execute("PRAGMA integrity_check") if line != "ok"]
            loose = self.connection.execute(
                "SELECT count(*) FROM entries WHERE first NOT IN (SELECT taken FROM snapshots)").fetchone()[0]
        except sqlite3.Error as fault:
            return [str(fault)]
        return faults + ([_("{count} entries of no snapshot").format(count=loose)] if loose else [])

    def prune(self, before_day: int, before: int) -> int:
        """Take out entries of days before, and snapshots taken before that hold nothing later; how many entries."""
        try:
            with self._writing():
                gone = self.connection.execute(
                    "DELETE FROM entries WHERE day < ? AND day != ?", (before_day, int(NO_DAY))).rowcount
                for table in ("contents", "gone"):
                    self.connection.execute(f"DELETE FROM {table} WHERE key NOT IN (SELECT key FROM entries)")  # noqa: S608
                self.connection.execute(
                    "DELETE FROM snapshots WHERE taken < ? AND taken NOT IN (SELECT first FROM entries)", (before,))
                for table in ("ranges", "groups"):
                    self.connection.execute(f"DELETE FROM {table} WHERE taken NOT IN (SELECT taken FROM snapshots)")  # noqa: S608
            self.connection.execute("VACUUM")
        except sqlite3.Error as fault:
            raise self._damaged(fault) from None
        return gone


@dataclass(frozen=True)
class _Known:
    """The entries of a store, sorted by key; each (n,) int64."""

    key: Keys
    aspect: Keys
    group: Keys
    day: Keys
    first: Keys
    content: Keys
