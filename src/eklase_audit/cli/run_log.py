"""The log of unattended runs: one line when a run begins, one for each error, one when it ends; no names in it."""

from __future__ import annotations

import os
import re
import sys
import time
from datetime import datetime
from io import TextIOWrapper
from logging import INFO, Formatter, Logger, LogRecord
from logging.handlers import RotatingFileHandler
from pathlib import Path

from eklase_audit import __version__
from eklase_audit.cli.run_lock import alone
from eklase_audit.cli.voice import Voice
from eklase_audit.errors import AuditError
from eklase_audit.i18n import _

_MOST_BYTES = 1 << 20
_KEPT = 4
# As many errors of one run are written out; the end tells how many there were.
_MOST_ERRORS = 20
_WAIT_SECONDS = 10.0
_LINE = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d [\w-]+\[\d+\] ")


class RunLog:
    """A log file of at most a MiB, with the four before it (`.1` to `.4`), all readable by their owner only."""

    def __init__(self, path: Path, command: str) -> None:
        """Open the log and note that a run begins. Raises AuditError where it cannot be written."""
        self.path = path
        self.command = command
        self.began = time.monotonic()
        self.ended = False
        if not self._is_log():
            raise AuditError(_("--log: {path} is there and is no log of eklase-audit").format(path=path))
        self._write([f"start version={__version__}"])

    def _is_log(self) -> bool:
        """Whether the file is a log, or none yet; nothing is written to the end of an export."""
        try:
            with self.path.open("rb") as log:
                head = log.read(80)
        except OSError:
            # Not there, or not to be read: writing to it will tell.
            return True
        return not head or bool(_LINE.match(head))

    def end(self, voice: Voice, code: int) -> None:
        """Note what went wrong and how the run ended. Raises AuditError where it cannot be written."""
        if not self.ended:
            self.ended = True
            shown = [f"error {text}" for text in voice.errors[:_MOST_ERRORS]]
            self._write([*shown, self._last(voice, code)])

    def end_at_once(self, voice: Voice, code: int) -> None:
        """The same for a process that cannot go on: without waiting for anything."""
        line = f"{self._head()} {self._last(voice, code)}\n"
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(handle, line.encode())
        os.close(handle)

    def _last(self, voice: Voice, code: int) -> str:
        words = [f"end exit={code}", f"seconds={time.monotonic() - self.began:.1f}"]
        words += [f"{name}={count}" for name, count in voice.counts.items()]
        words += [f"{kind}={count}" for kind, count in sorted(voice.kinds.items())]
        return " ".join(words)

    def _head(self) -> str:
        return f"{datetime.now():%Y-%m-%dT%H:%M:%S} {self.command}[{os.getpid()}]"

    def _write(self, texts: list[str]) -> None:
        try:
            # Of two runs that write at once, one might turn the files over while the other writes.
            with alone([self.path.absolute()], _WAIT_SECONDS):
                handler = _Private(self.path, maxBytes=_MOST_BYTES, backupCount=_KEPT, encoding="utf-8")
                handler.setFormatter(Formatter(f"{self._head()} %(message)s"))
                try:
                    for text in texts:
                        handler.emit(Logger("eklase-audit").makeRecord("", INFO, "", 0, _one_line(text), (), None))
                finally:
                    handler.close()
        except OSError as fault:
            raise AuditError(
                _("{path}: it cannot be written ({fault}): check the folder and its space").format(
                    path=self.path, fault=fault.strerror or type(fault).__name__
                )
            ) from None


class _Private(RotatingFileHandler):
    """Files of mode 0600, and a fault of writing is a fault."""

    def _open(self) -> TextIOWrapper:
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return TextIOWrapper(os.fdopen(handle, "ab"), encoding="utf-8")

    def handleError(self, record: LogRecord) -> None:  # noqa: N802 - the handler's own name for it
        fault = sys.exc_info()[1]
        if isinstance(fault, Exception):
            raise fault


def _one_line(text: str) -> str:
    return " ".join(text.split())
