"""The history's file: one SQLite file, and a key beside it.

Of each run it keeps when it was made, as of which day, by which regulation, which checks it made and
how many duties were due on which day; of each finding the keyed hash of its fingerprint and of its bearers,
check, class, days and verdict. No pupils, no subjects, no names. Of one day and scope there is one run.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from eklase_audit.history.news import Changes, Item, Reach, compare, school_year_start
from eklase_audit.i18n import N_, _
from eklase_audit.store.keyed import KeyedDatabase, Words

_HASH_BYTES = 16
_SCHEMA = (
    "CREATE TABLE runs (id INTEGER PRIMARY KEY, day INTEGER, scope TEXT, as_of INTEGER, made_at INTEGER, "
    "regulation TEXT, classes TEXT, UNIQUE (day, scope))",
    "CREATE TABLE checks (run INTEGER, name TEXT, clause TEXT, first_day INTEGER, due TEXT, "
    "PRIMARY KEY (run, name)) WITHOUT ROWID",
    "CREATE TABLE findings (run INTEGER, key BLOB, name TEXT, class TEXT, bearers BLOB, on_day INTEGER, "
    "due_day INTEGER, verdict TEXT, waived INTEGER, since INTEGER, told INTEGER, "
    "PRIMARY KEY (run, key)) WITHOUT ROWID",
)


@dataclass(frozen=True)
class CheckMade:
    """A check that a run made: its clause, the first day its rows reach back to, and the duties decided by due day.

    `due` is None where it seeks defects, which nobody owes.
    """

    clause: str
    first_day: int | None
    due: Mapping[int, int] | None


@dataclass(frozen=True)
class Run:
    """A run: the day it looks from, the moments (as of, made at), and what it could tell of.

    `scope` parts runs that cannot be compared, since they were asked for different things.
    """

    day: int
    scope: str
    as_of: int
    made_at: int
    regulation: str
    classes: tuple[str, ...]
    checks: Mapping[str, CheckMade]

    @property
    def reach(self) -> Reach:
        """What the run could tell of."""
        first_days = {name: check.first_day for name, check in self.checks.items()}
        return Reach(first_days, frozenset(self.classes), school_year_start(self.day))


@dataclass(frozen=True)
class Listed:
    """A run in the list of all: how many findings it had, and how many of those were new then."""

    day: int
    scope: str
    made_at: int
    regulation: str
    checks: int
    findings: int
    waived: int
    new: int


class History(KeyedDatabase):
    """An open history."""

    application = 0x656B6C68  # "eklh"
    version = 1
    schema = _SCHEMA
    words = Words(
        absent=N_("{path}: there is no such history; eklase-audit check --history makes one"),
        foreign=N_("{path}: this is no history of eklase-audit"),
        newer=N_("{path}: the history was made by a newer version of eklase-audit: update it"),
        keyless=N_("{path}: the key of the history is missing: put {key} back beside it"),
        busy=N_("{path}: another run uses the history: try again later"),
        damaged=N_("{path}: the history is damaged ({fault}): put back a copy of it"),
    )

    def keyed(self, text: str) -> str:
        """What stands for a text here: without the key nobody can tell which."""
        return blake2b(text.encode(), key=self.key, digest_size=_HASH_BYTES).hexdigest()

    def previous(self, day: int, scope: str) -> Run | None:
        """The last run as of an earlier day."""
        with self.told():
            row = self.connection.execute(
                "SELECT id FROM runs WHERE day < ? AND scope = ? ORDER BY day DESC LIMIT 1", (day, scope)
            ).fetchone()
            return self._run(row[0]) if row else None

    def run(self, day: int) -> Run | None:
        """The run as of a day; of several the one over everything."""
        with self.told():
            row = self.connection.execute("SELECT id FROM runs WHERE day = ? ORDER BY scope LIMIT 1", (day,)).fetchone()
            return self._run(row[0]) if row else None

    def items(self, run: Run) -> list[Item]:
        """What a run knew of: what it found, and what it could not tell of."""
        with self.told():
            return self._items(self._number(run.day, run.scope), run.checks)

    def _number(self, day: int, scope: str) -> int:
        row = self.connection.execute("SELECT id FROM runs WHERE day = ? AND scope = ?", (day, scope)).fetchone()
        return int(row[0])

    def _run(self, number: int) -> Run:
        day, scope, as_of, made_at, regulation, classes = self.connection.execute(
            "SELECT day, scope, as_of, made_at, regulation, classes FROM runs WHERE id = ?", (number,)
        ).fetchone()
        checks = {
            name: CheckMade(clause, first, self._due(duties))
            for name, clause, first, duties in self.connection.execute(
                "SELECT name, clause, first_day, due FROM checks WHERE run = ?", (number,)
            )
        }
        return Run(day, scope, as_of, made_at, regulation, tuple(self._read(classes)), checks)

    def _due(self, text: str) -> dict[int, int] | None:
        read = self._read(text)
        return None if read is None else {int(day): count for day, count in read.items()}

    def _read(self, text: str) -> Any:
        try:
            return json.loads(text)
        except ValueError as fault:
            raise self.damaged(str(fault)) from None

    def _items(self, number: int, checks: Mapping[str, CheckMade]) -> list[Item]:
        return [
            Item(
                key.hex(),
                name,
                checks[name].clause if name in checks else name.partition("-")[0],
                class_,
                tuple(bearers[at : at + _HASH_BYTES].hex() for at in range(0, len(bearers), _HASH_BYTES)),
                on,
                due,
                verdict,
                bool(waived),
                since,
                bool(told),
            )
            for key, name, class_, bearers, on, due, verdict, waived, since, told in self.connection.execute(
                "SELECT key, name, class, bearers, on_day, due_day, verdict, waived, since, told "
                "FROM findings WHERE run = ?",
                (number,),
            )
        ]

    def record(self, run: Run, found: list[Item]) -> Changes:
        """Keep a run, in place of one of the same day and scope; what it changed since the run before.

        Runs of later days are compared anew, so the order in which runs are kept does not matter.
        """
        with self.told(), self.writing():
            self._delete("day = ? AND scope = ?", (run.day, run.scope))
            before = self.previous(run.day, run.scope)
            known = self._items(self._number(before.day, before.scope), before.checks) if before else []
            changes = compare(known, found, run.reach, run.day)
            kept = self._kept(changes, run.reach)
            number = self._insert(run)
            self._write(number, kept)
            for later in self._later(run):
                other = self._run(later)
                stored = self._items(later, other.checks)
                mine = [item for item in stored if item.told]
                kept = self._kept(compare(kept, mine, other.reach, other.day), other.reach)
                if set(kept) == set(stored):
                    # Nor will those after it change.
                    break
                self.connection.execute("DELETE FROM findings WHERE run = ?", (later,))
                self._write(later, kept)
        return changes

    @staticmethod
    def _kept(changes: Changes, reach: Reach) -> list[Item]:
        return [*changes.found, *(item for item in changes.untold if reach.remembers(item))]

    def _later(self, run: Run) -> list[int]:
        rows = self.connection.execute(
            "SELECT id FROM runs WHERE day > ? AND scope = ? ORDER BY day", (run.day, run.scope)
        )
        return [number for (number,) in rows.fetchall()]

    def _insert(self, run: Run) -> int:
        cursor = self.connection.execute(
            "INSERT INTO runs (day, scope, as_of, made_at, regulation, classes) VALUES (?, ?, ?, ?, ?, ?)",
            (run.day, run.scope, run.as_of, run.made_at, run.regulation, json.dumps(run.classes)),
        )
        number = int(cursor.lastrowid or 0)
        self.connection.executemany(
            "INSERT INTO checks VALUES (?, ?, ?, ?, ?)",
            [
                (number, name, check.clause, check.first_day, json.dumps(check.due))
                for name, check in run.checks.items()
            ],
        )
        return number

    def _write(self, number: int, items: list[Item]) -> None:
        self.connection.executemany(
            "INSERT OR IGNORE INTO findings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    number,
                    bytes.fromhex(item.key),
                    item.check,
                    item.class_,
                    bytes.fromhex("".join(item.bearers)),
                    item.on,
                    item.due,
                    item.verdict,
                    item.waived,
                    item.since,
                    item.told,
                )
                for item in items
            ],
        )

    def _delete(self, which: str, values: tuple[object, ...]) -> int:
        rows = self.connection.execute(f"SELECT id FROM runs WHERE {which}", values)  # noqa: S608
        numbers = rows.fetchall()
        for table, column in (("findings", "run"), ("checks", "run"), ("runs", "id")):
            self.connection.executemany(f"DELETE FROM {table} WHERE {column} = ?", numbers)  # noqa: S608
        return len(numbers)

    def forget(self, before: int) -> int:
        """Take out the runs of days before one; how many they were."""
        with self.told():
            with self.writing():
                gone = self._delete("day < ?", (before,))
            if gone:
                # What was taken out is out by now; on a full disk the file only stays as large as it was.
                with suppress(sqlite3.OperationalError):
                    self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                    self.connection.execute("VACUUM")
        return gone

    def runs(self) -> list[Run]:
        """All runs, by day."""
        with self.told():
            numbers = self.connection.execute("SELECT id FROM runs ORDER BY day, scope").fetchall()
            return [self._run(number) for (number,) in numbers]

    def listed(self) -> list[Listed]:
        """All runs with their numbers of findings, by day."""
        with self.told():
            return list(self._listed())

    def _listed(self) -> Iterator[Listed]:
        for line in self.connection.execute(
            "SELECT day, scope, made_at, regulation, "
            "(SELECT COUNT(*) FROM checks WHERE run = id), "
            "(SELECT COUNT(*) FROM findings WHERE run = id AND told), "
            "(SELECT COUNT(*) FROM findings WHERE run = id AND told AND waived), "
            "(SELECT COUNT(*) FROM findings WHERE run = id AND told AND since = day) "
            "FROM runs ORDER BY day, scope"
        ):
            yield Listed(*line)

    def verify(self) -> list[str]:
        """What is wrong with the history; nothing where it is whole."""
        with self.reading():
            faults = [str(line) for (line,) in self.connection.execute("PRAGMA integrity_check") if line != "ok"]
            loose = self.connection.execute(
                "SELECT (SELECT COUNT(*) FROM findings WHERE run NOT IN (SELECT id FROM runs)) "
                "+ (SELECT COUNT(*) FROM checks WHERE run NOT IN (SELECT id FROM runs))"
            ).fetchone()[0]
            wrong = self.connection.execute(
                "SELECT COUNT(*) FROM findings JOIN runs ON run = id "
                "WHERE since > day OR LENGTH(key) <> :bytes OR LENGTH(bearers) % :bytes",
                {"bytes": _HASH_BYTES},
            ).fetchone()[0]
        if loose:
            faults.append(_("{count} lines of no run").format(count=loose))
        if wrong:
            faults.append(_("{count} findings that cannot be right").format(count=wrong))
        return faults
