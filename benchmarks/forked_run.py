"""The command in a process of its own, as a copy of this one: nothing need be imported anew for it."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from eklase_audit.__main__ import main


class ForkedRun:
    """A run that has begun. `before` is done in its process first; its answer goes nowhere, unless a file is given."""

    def __init__(
        self,
        *arguments: str | Path,
        stdout: int | None = None,
        stderr: int | None = None,
        before: Callable[[], object] | None = None,
    ) -> None:
        self.said = tempfile.TemporaryFile()  # noqa: SIM115
        nowhere = os.open(os.devnull, os.O_RDWR)
        handles = (nowhere, nowhere if stdout is None else stdout, self.said.fileno() if stderr is None else stderr)
        self.pid = os.fork()
        if not self.pid:
            _become([str(argument) for argument in arguments], handles, before)
        os.close(nowhere)

    def send(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def wait(self) -> tuple[int, str]:
        """How it ended (a signal as a negative number), and what it said on standard error."""
        _pid, status = os.waitpid(self.pid, 0)
        self.said.seek(0)
        text = self.said.read().decode()
        self.said.close()
        return os.waitstatus_to_exitcode(status), text


def _become(arguments: list[str], handles: tuple[int, ...], before: Callable[[], object] | None) -> None:
    try:
        for number, handle in enumerate(handles):
            os.dup2(handle, number)
        sys.stdin, sys.stdout, sys.stderr = (
            os.fdopen(number, mode, encoding="utf-8", closefd=False) for number, mode in enumerate(("r", "w", "w"))
        )
        sys.argv = ["eklase-audit", *arguments]
        os.environ["LC_ALL"] = "C.UTF-8"
        if before:
            before()
        main()
        sys.stdout.flush()
        os._exit(0)
    except SystemExit as end:
        sys.stdout.flush()
        os._exit(end.code if isinstance(end.code, int) else bool(end.code))
    finally:
        os._exit(99)
