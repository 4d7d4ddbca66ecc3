"""Stopping a run from outside: Ctrl-C, a signal, or its time being over.

A signal raises `Stopped` in the main thread, so each block in between tidies up behind itself. A call that does not
come back (a dead network share, one long step of a library) is not waited for: after some seconds the process ends,
without its half-written files.
"""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, NoReturn

from eklase_audit.i18n import _

# What ends a run in order, where the system has it. The signals are the terminal's, the service manager's, Windows'.
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
_GRACE_SECONDS = 5.0


class Stopped(BaseException):
    """The run is to end now, with this exit code. No error: nothing on the way may take it for one and go on."""

    def __init__(self, code: int, text: str, kind: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        # What a log counts it under.
        self.kind = kind


class Stopper:
    """Turns signals, and the end of the time that a run has, into `Stopped`."""

    def __init__(self) -> None:
        self.farewell: Callable[[int], None] = lambda code: None
        self._before: dict[int, Any] = {}
        self._timers: list[threading.Timer] = []
        self._over: Stopped | None = None
        self._is_stopping = False

    def start(self) -> None:
        """Listen to signals from now on. Those that were ignored (nohup) stay so."""
        for name in _SIGNALS:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._signalled)

    def end(self) -> None:
        """Listen no more."""
        for timer in self._timers:
            timer.cancel()
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def allow(self, seconds: float, text: str) -> None:
        """Stop the run in so many seconds, with exit code 2 and this text."""
        self._later(seconds, lambda: self._time_is_over(Stopped(2, text, "Timeout")))

    def _later(self, seconds: float, work: Callable[[], None]) -> None:
        timer = threading.Timer(seconds, work)
        timer.daemon = True
        timer.start()
        self._timers.append(timer)

    def _time_is_over(self, stopped: Stopped) -> None:
        self._over = stopped
        self._insist(stopped)
        # A real signal also wakes the main thread from a call that waits; Windows has none.
        if sys.platform == "win32":
            _thread.interrupt_main(signal.SIGTERM)
        else:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)

    def _signalled(self, number: int, _frame: FrameType | None) -> None:
        if self._is_stopping:
            # Tidying up is not to be disturbed; it has its time.
            return
        self._is_stopping = True
        stopped = self._over
        if stopped is None:
            text = _("stopped") if number == signal.SIGINT else _("stopped by a signal; nothing is half written")
            stopped = Stopped(128 + number, text, signal.Signals(number).name)
            self._insist(stopped)
        raise stopped

    def _insist(self, stopped: Stopped) -> None:
        self._later(_GRACE_SECONDS, lambda: self._end_at_once(stopped))

    def _end_at_once(self, stopped: Stopped) -> NoReturn:
        from eklase_audit.files import remove_unfinished

        remove_unfinished()
        with suppress(Exception):
            self.farewell(stopped.code)
        with suppress(OSError):
            os.write(2, f"eklase-audit: {stopped.text}\n".encode())
        os._exit(stopped.code)


@contextmanager
def stoppable() -> Iterator[Stopper]:
    """Let the block be stopped by signals; outside the main thread it cannot be."""
    stopper = Stopper()
    if threading.current_thread() is threading.main_thread():
        stopper.start()
    try:
        yield stopper
    finally:
        stopper.end()
