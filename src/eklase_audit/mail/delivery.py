"""Delivering messages: what is due, each once a week, with patience where a server asks for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from eklase_audit.errors import AuditError
from eklase_audit.mail.outbox import Outbox
from eklase_audit.mail.server import Refused, Server, Unavailable, Unknown
from eklase_audit.moments import moment_number, to_datetime

# How long to wait between one try and the next, in seconds: greylisting wants five minutes and more.
WAITS = (15, 60, 300, 600)


class Kind(StrEnum):
    """What a message is."""

    report = "report"
    letter = "letter"


class State(StrEnum):
    """How it stands with a message."""

    ready = "ready"
    sent = "sent"
    sent_before = "sent_before"
    refused = "refused"
    unavailable = "unavailable"
    unknown = "unknown"


# With these nothing is left to be done.
DONE = (State.sent, State.sent_before)


@dataclass(frozen=True)
class Message:
    """A message to one recipient, in a week (the day number of its Monday); `person` is who it greets, if anybody.

    With `again` it goes even though the journal knows it.
    """

    kind: Kind
    recipient: str
    person: str
    week: int
    content: bytes
    again: bool = False

    @property
    def key(self) -> tuple[str, int, str]:
        """By what the journal knows it."""
        return self.recipient, self.week, self.kind


@dataclass(frozen=True)
class Outcome:
    """A message with its state, the server's answer (a code) and when it was sent, where there is one."""

    message: Message
    state: State
    code: int | None = None
    at: datetime | None = None


def standing(message: Message, outbox: Outbox | None) -> Outcome:
    """How it stands with a message before it is sent: ready, or sent before (unknown: perhaps)."""
    note = None if outbox is None or message.again else outbox.note(*message.key)
    if note is None:
        return Outcome(message, State.ready)
    return Outcome(message, State.sent_before if note.confirmed else State.unknown, at=to_datetime(note.at))


class _Taken(Exception):  # noqa: N818
    """Another run is sending this message."""


@dataclass
class Delivery:
    """Sends what is ready. `now` and `sleep` are the clock; `waiting(seconds, count)` is told of each wait.

    `fault` is why it ended early, if it did.
    """

    server: Server
    outbox: Outbox
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    waiting: Callable[[int, int], None] = lambda seconds, count: None
    fault: AuditError | None = None

    def deliver(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Send the messages that are ready; those that are put off are tried again after each of WAITS."""
        done = list(outcomes)
        left = [number for number, one in enumerate(done) if one.state is State.ready]
        try:
            for wait in (0, *WAITS):
                if wait and left:
                    self.waiting(wait, len(left))
                    self.sleep(wait)
                for number in left:
                    done[number] = self._try(done[number])
                    if self.fault:
                        return done
                left = [number for number in left if done[number].state is State.unavailable]
        finally:
            self.server.close()
        return done

    def _try(self, outcome: Outcome) -> Outcome:
        message = outcome.message
        at = self.now()
        before = self.outbox.note(*message.key)
        claimed = False

        def claim() -> None:
            nonlocal claimed
            claimed = self.outbox.claim(*message.key, moment_number(at), again=message.again)
            if not claimed:
                raise _Taken

        try:
            self.server.hand_over(message.content, message.recipient, claim)
        except _Taken:
            return standing(message, self.outbox)
        except Unknown:
            return replace(outcome, state=State.unknown, code=None, at=at)
        except (Refused, Unavailable) as answer:
            if claimed:
                self._noted(lambda: self.outbox.release(*message.key, before))
            state = State.refused if isinstance(answer, Refused) else State.unavailable
            return replace(outcome, state=state, code=answer.code)
        except AuditError as fault:
            self.fault = fault
            return outcome
        self._noted(lambda: self.outbox.confirm(*message.key))
        return replace(outcome, state=State.sent, code=None, at=at)

    def _noted(self, note: Callable[[], None]) -> None:
        """Note what came of a message. Where that fails it is not sent another time, and no other is."""
        try:
            note()
        except AuditError as fault:
            self.fault = fault
