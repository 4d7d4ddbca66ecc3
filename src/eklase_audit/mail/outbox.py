"""The journal of what was sent: one SQLite file and a key beside it. No names, no addresses, no contents.

A message is noted before it is handed over and confirmed after: what a run that broke off left unconfirmed may
have arrived or not. It is not sent again by itself, since twice is worse than a question.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from eklase_audit.i18n import N_
from eklase_audit.store.keyed import KeyedDatabase, Words

_HASH_BYTES = 16
# So many days are kept: a school year, and what is left of the summer.
KEPT_DAYS = 420


@dataclass(frozen=True)
class Note:
    """That a message was handed over at a moment; `confirmed` if the server took it."""

    at: int
    confirmed: bool


class Outbox(KeyedDatabase):
    """An open journal."""

    application = 0x656B6C6D  # "eklm"
    version = 1
    schema = (
        "CREATE TABLE sent (message BLOB PRIMARY KEY, week INTEGER, at INTEGER, confirmed INTEGER) WITHOUT ROWID",
    )
    words = Words(
        absent=N_("{path}: there is no such journal of what was sent; eklase-audit send --really makes one"),
        foreign=N_("{path}: this is no journal of what was sent"),
        newer=N_("{path}: the journal of what was sent was made by a newer version of eklase-audit: update it"),
        keyless=N_("{path}: the key of the journal of what was sent is missing: put {key} back beside it"),
        busy=N_("{path}: another run sends: try again later"),
        damaged=N_("{path}: the journal of what was sent is damaged ({fault}): put back a copy of it"),
    )

    def _key(self, recipient: str, week: int, kind: str) -> bytes:
        text = "\0".join((kind, str(week), recipient.casefold()))
        return blake2b(text.encode(), key=self.key, digest_size=_HASH_BYTES).digest()

    def note(self, recipient: str, week: int, kind: str) -> Note | None:
        """What is noted of the message of a kind that a recipient gets in a week (by the day number of its Monday)."""
        with self.told():
            row = self.connection.execute(
                "SELECT at, confirmed FROM sent WHERE message = ?", (self._key(recipient, week, kind),)
            ).fetchone()
        return Note(row[0], bool(row[1])) if row else None

    def claim(self, recipient: str, week: int, kind: str, at: int, *, again: bool) -> bool:
        """Note that a message is being handed over; False where it is noted already, unless it goes `again`."""
        words = "INSERT OR REPLACE" if again else "INSERT OR IGNORE"
        with self.told(), self.writing():
            made = self.connection.execute(
                f"{words} INTO sent VALUES (?, ?, ?, 0)",
                (self._key(recipient, week, kind), week, at),
            )
            return made.rowcount > 0

    def confirm(self, recipient: str, week: int, kind: str) -> None:
        """Note that the server took a message."""
        with self.told(), self.writing():
            self.connection.execute(
                "UPDATE sent SET confirmed = 1 WHERE message = ?", (self._key(recipient, week, kind),)
            )

    def release(self, recipient: str, week: int, kind: str, before: Note | None) -> None:
        """Note that the server did not take a message: what was noted `before` holds again."""
        key = self._key(recipient, week, kind)
        with self.told(), self.writing():
            self.connection.execute("DELETE FROM sent WHERE message = ?", (key,))
            if before:
                self.connection.execute(
                    "INSERT INTO sent VALUES (?, ?, ?, ?)", (key, week, before.at, before.confirmed)
                )

    def forget(self, week: int) -> None:
        """Take out what is long past, seen from a week."""
        with self.told(), self.writing():
            self.connection.execute("DELETE FROM sent WHERE week < ?", (week - KEPT_DAYS,))
