"""Commands that run where nobody looks on: --cron, --log, --timeout."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eklase_audit.cli import common, voice
from eklase_audit.cli.common import BROKEN, OK
from eklase_audit.cli.run_lock import alone
from eklase_audit.cli.stopping import Stopped, stoppable
from eklase_audit.cli.voice import Voice
from eklase_audit.errors import AuditError
from eklase_audit.i18n import _
from eklase_audit.paths import real

if TYPE_CHECKING:
    from eklase_audit.cli.run_log import RunLog

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}
_LONGEST = 7 * 24 * 3600
# The options that name what a run works on.
_PLACES = ("paths", "each", "store", "history", "folder", "out")

CronOption = Annotated[
    bool,
    typer.Option(
        "--cron",
        help=_("For cron and services: nothing is said where the exit code is 0, else one line; two runs never meet."),
    ),
]
LogOption = Annotated[
    Path | None,
    typer.Option("--log", metavar="FILE", help=_("Note each run in this file: when, exit code, counts; no names.")),
]
TimeoutOption = Annotated[
    str | None,
    typer.Option("--timeout", metavar="TIME", help=_("Stop with exit code 2 after so long: 90s, 10m, 1h.")),
]
_OPTIONS = {"cron": (CronOption, False), "log": (LogOption, None), "timeout": (TimeoutOption, None)}


def unattended(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options --cron, --log and --timeout, and do what they ask around it."""
    signature = inspect.signature(command, eval_str=True)
    parameters = [
        *(one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in signature.parameters.values()),
        *(
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
            for name, (annotation, default) in _OPTIONS.items()
        ),
    ]

    @wraps(command)
    @common.ends_well
    def run(**options: Any) -> None:
        cron, log, timeout = (options.pop(name) for name in _OPTIONS)
        _watched(lambda: command(**options), Voice(cron), log, timeout, command.__name__, list(_places(options)))

    # What @wraps has taken over is not what Typer is to see.
    del run.__wrapped__
    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def _watched(
    command: Callable[[], Any], own: Voice, log: Path | None, timeout: str | None, name: str, places: list[Path]
) -> None:
    """Run a command under a lock, a limit of time and a log; raises typer.Exit with its exit code, or AuditError."""
    seconds = None if timeout is None else parse_duration(timeout)
    with ExitStack() as stack:
        kept = None if log is None else _log(log, name)
        stopper = stack.enter_context(stoppable())
        if kept:
            stopper.farewell = partial(kept.end_at_once, own)
        if seconds is not None:
            stopper.allow(seconds, _("stopped after {time} (--timeout); nothing is half written").format(time=timeout))
        code = BROKEN
        try:
            code = _outcome(command, own, places)
        except BaseException as fault:
            # The name of a fault of ours says nothing of what was read; its text may.
            own.kinds[type(fault).__name__] += 1
            raise
        finally:
            if kept:
                kept.end(own, code)
        if line := own.last_line(fine=code == OK):
            voice.line(line)
        raise typer.Exit(code)


def _log(path: Path, name: str) -> RunLog:
    from eklase_audit.cli.run_log import RunLog

    return RunLog(path, name)


def _outcome(command: Callable[[], Any], own: Voice, places: list[Path]) -> int:
    """The exit code of a command; what it said is kept by the voice."""
    with voice.speaking(own):
        try:
            with ExitStack() as stack:
                if own.cron:
                    stack.enter_context(alone(places))
                command()
        except typer.Exit as end:
            return end.exit_code
        except AuditError as error:
            voice.complain(error)
            return BROKEN
        except Stopped as stopped:
            voice.complain(stopped.text, stopped.kind)
            own.summary = ""
            return stopped.code
    return OK


def _places(options: dict[str, Any]) -> Iterator[Path]:
    for name in _PLACES:
        value = options.get(name)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, Path):
                yield real(one)


def parse_duration(text: str) -> float:
    """The seconds that "600", "90s", "10m" or "1h" mean. Raises AuditError."""
    found = re.fullmatch(r"(\d{1,6})([smh]?)", text.strip().lower())
    seconds = int(found[1]) * _UNITS[found[2]] if found else 0
    if not 0 < seconds <= _LONGEST:
        raise AuditError(_("--timeout: write it as 90s, 10m or 1h, at most 168h"))
    return float(seconds)
