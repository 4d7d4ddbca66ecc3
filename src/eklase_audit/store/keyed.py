"""A private SQLite file with a key beside it: what the store of snapshots and the history have in common.

Both are readable by their owner only, are made whole or not at all, know their key by a marker, and
say in one line what is wrong with them.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import ClassVar, Self

from eklase_audit.errors import AuditError
from eklase_audit.files import write_file
from eklase_audit.i18n import _

KEY_BYTES = 32
_WAIT_SECONDS = 60.0
_MARKER_BYTES = 16


@dataclass(frozen=True)
class Words:
    """What is said of a file that cannot be used, before translation; each names `path`."""

    absent: str
    foreign: str
    newer: str
    keyless: str
    busy: str
    damaged: str


class KeyedDatabase:
    """An open file. Everything that is written is written in one transaction, or not at all."""

    # Tells the file from other SQLite files.
    application: ClassVar[int]
    version: ClassVar[int]
    schema: ClassVar[tuple[str, ...]]
    words: ClassVar[Words]
    page_bytes: ClassVar[int] = 4096

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open the file at a path. Raises AuditError: it is not there, damaged, of a newer version."""
        self.path = path
        self.key_path = path.with_name(path.name + ".key")
        if not path.exists() and not create:
            raise AuditError(_(self.words.absent).format(path=path))
        try:
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                # Made with its rights before SQLite writes to it: readable by its owner only.
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as fault:
            raise AuditError(
                _("{path}: it cannot be written ({fault}): check the folder and its space").format(
                    path=path, fault=fault.strerror
                )
            ) from None
        with self.told():
            self.connection = sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)
        try:
            with self.told():
                self._open(create=create)
            self.key = self._read_key()
        except BaseException:
            self.connection.close()
            raise

    def _open(self, *, create: bool) -> None:
        # Only a new file heeds it.
        self.connection.execute(f"PRAGMA page_size={self.page_bytes}")
        if create and not self._has_tables():
            with self.writing():
                # Another run may have been faster while this one waited.
                if not self._has_tables():
                    self._fill()
        self._check()
        # Only now, since it changes the file: one that is not ours is left as it is. One run reads while
        # another writes, and what was committed is on the disk when power fails.
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=FULL")

    def _has_tables(self) -> bool:
        return bool(self.connection.execute("SELECT 1 FROM sqlite_master").fetchone())

    def _fill(self) -> None:
        """Make the tables, and before them the key (one that is there already is kept)."""
        if not self.key_path.exists():
            write_file(self.key_path, secrets.token_bytes(KEY_BYTES))
            # The folder too must know of it before a file is there that needs it (Windows has no such call).
            with suppress(OSError):
                folder = os.open(self.key_path.parent, os.O_RDONLY)
                os.fsync(folder)
                os.close(folder)
        for statement in ("CREATE TABLE marker (key BLOB)", *self.schema):
            self.connection.execute(statement)
        self.connection.execute("INSERT INTO marker VALUES (?)", (_marker(self.key_path.read_bytes()),))
        self.connection.execute(f"PRAGMA application_id={self.application}")
        self.connection.execute(f"PRAGMA user_version={self.version}")

    def _check(self) -> None:
        version = self.connection.execute("PRAGMA user_version").fetchone()[0]
        application = self.connection.execute("PRAGMA application_id").fetchone()[0]
        if application != self.application:
            raise AuditError(_(self.words.foreign).format(path=self.path))
        if version > self.version:
            raise AuditError(_(self.words.newer).format(path=self.path))

    def _read_key(self) -> bytes:
        try:
            key = self.key_path.read_bytes()
        except OSError:
            key = b""
        with self.told():
            marker = self.connection.execute("SELECT key FROM marker").fetchone()[0]
        if marker != _marker(key):
            raise AuditError(_(self.words.keyless).format(path=self.path, key=self.key_path.name))
        return key

    @contextmanager
    def told(self) -> Iterator[None]:
        """Tell in one line what SQLite cannot do."""
        try:
            yield
        except sqlite3.Error as fault:
            raise self._fault(fault) from None

    def _fault(self, fault: sqlite3.Error) -> AuditError:
        code = getattr(fault, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return AuditError(_(self.words.busy).format(path=self.path))
        if code == sqlite3.SQLITE_FULL:
            return AuditError(_("{path}: the disk is full; nothing was changed").format(path=self.path))
        if code in (
            sqlite3.SQLITE_IOERR,
            sqlite3.SQLITE_READONLY,
            sqlite3.SQLITE_CANTOPEN,
            sqlite3.SQLITE_PERM,
        ):
            return AuditError(
                _("{path}: it cannot be written ({fault}): check the folder and its space").format(
                    path=self.path, fault=fault
                )
            )
        return self.damaged(str(fault))

    def damaged(self, fault: str) -> AuditError:
        """The error that says that what the file holds cannot be right."""
        return AuditError(_(self.words.damaged).format(path=self.path, fault=fault))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All that is written inside is written together, or not at all."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.connection.execute("COMMIT")
        except BaseException:
            # SQLite may have rolled back already, and then there is nothing to roll back.
            with suppress(sqlite3.Error):
                self.connection.execute("ROLLBACK")
            raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """All that is read inside is of one state, whatever another run writes meanwhile."""
        with self.told():
            self.connection.execute("BEGIN")
            try:
                yield
            finally:
                with suppress(sqlite3.Error):
                    self.connection.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self.close()


def _marker(key: bytes) -> bytes:
    """By this a file knows its key."""
    return blake2b(b"key", key=key[:KEY_BYTES], digest_size=_MARKER_BYTES).digest() if len(key) == KEY_BYTES else b""
