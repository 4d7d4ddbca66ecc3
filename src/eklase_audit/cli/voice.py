"""How a run speaks: to a person who looks on, or (--cron) only where something is wrong, and then one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import typer

from eklase_audit.errors import AuditError
from eklase_audit.i18n import ngettext


@dataclass
class Voice:
    """What a run has had to say so far."""

    cron: bool = False
    # The errors without anything that names people, and how often each kind of error came.
    errors: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    summary: str = ""
    counts: dict[str, int] = field(default_factory=dict)

    def last_line(self, *, fine: bool) -> str:
        """What is said at the end where nobody looks on; "" where all is `fine`."""
        if not self.cron or fine:
            return ""
        if not self.errors:
            return self.summary
        more = len(self.errors) - 1
        line = self.errors[0]
        if more:
            line += " " + ngettext("(and {count} more error)", "(and {count} more errors)", more).format(count=more)
        return "; ".join(part for part in (line, self.summary) if part)


_VOICE: ContextVar[Voice | None] = ContextVar("voice", default=None)


def current() -> Voice:
    """The voice of the run at hand; outside one a voice of which nothing is kept."""
    return _VOICE.get() or Voice()


@contextmanager
def speaking(voice: Voice) -> Iterator[Voice]:
    """Speak with this voice until the end of the block."""
    token = _VOICE.set(voice)
    try:
        yield voice
    finally:
        _VOICE.reset(token)


def line(text: str) -> None:
    """One line on standard error, whoever looks on."""
    from eklase_audit.reports.safe_text import visible

    typer.echo(f"eklase-audit: {visible(text)}", err=True)


def say(text: str) -> None:
    """A notice, one line on standard error; left out where nobody looks on."""
    if not current().cron:
        line(text)


def tell(text: str) -> None:
    """A line of the answer; left out where nobody looks on."""
    if not current().cron:
        typer.echo(text)


def complain(error: Exception | str, kind: str = "Error") -> None:
    """An error: one line on standard error, at once; where nobody looks on at the end, together with the others.

    `kind` is what the log counts a text under.
    """
    voice = current()
    voice.errors.append(error.logged if isinstance(error, AuditError) else str(error))
    voice.kinds[kind if isinstance(error, str) else type(error).__name__] += 1
    if not voice.cron:
        line(str(error))


def sum_up(text: str, **counts: int) -> None:
    """What came of the run, for the line at the end and for the log: a sentence, and numbers."""
    voice = current()
    voice.summary = text
    voice.counts.update(counts)
