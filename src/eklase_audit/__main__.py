"""The command eklase-audit, also run as python -m eklase_audit."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path

from eklase_audit import i18n
from eklase_audit.garbage import collect_seldom


def main() -> None:
    """Choose the language of the help texts, then run the command line."""
    collect_seldom()
    _open_what_is_closed()
    _speak_utf_8()
    i18n.activate(_language_asked(sys.argv[1:]) or i18n.language_of_locale())
    from eklase_audit.cli.stopping import Stopped, stoppable

    try:
        with stoppable():
            _run()
    except Stopped as stopped:
        with suppress(OSError):
            os.write(2, f"eklase-audit: {stopped.text}\n".encode())
        # Without waiting for threads that still read.
        os._exit(stopped.code)
    finally:
        # What is left goes with the process, so Python need not look through it again before it ends.
        gc.freeze()


def _run() -> None:
    # The commands' help texts are made when their modules are read, so these wait for the language.
    from eklase_audit.cli import app, start
    from eklase_audit.cli.common import BROKEN, forget_output, output, say

    try:
        try:
            if len(sys.argv) == 1 and sys.stdin.isatty() and sys.stdout.isatty():
                # Help for a person; in scripts no command stays a wrong use, with its exit code.
                start.guide(output())
            else:
                app()
        finally:
            # Here, not when Python ends, where nobody could say what is wrong.
            sys.stdout.flush()
    except BrokenPipeError:
        forget_output()
    except OSError as fault:
        forget_output()
        say(i18n._("the answer could not be written: {fault}").format(fault=fault.strerror))
        sys.exit(BROKEN)
    except MemoryError:
        say(i18n._("the memory is full: give fewer files at once"))
        sys.exit(BROKEN)
    except Exception as fault:
        # A fault of ours. Its text may hold values from files, its place does not.
        *_calls, last = traceback.extract_tb(fault.__traceback__)
        place = f"{type(fault).__name__}, {Path(last.filename).name}:{last.lineno}"
        say(i18n._("a fault of eklase-audit itself ({place}): tell its makers").format(place=place))
        sys.exit(BROKEN)


def _open_what_is_closed() -> None:
    """Give a run that has no input or output (a service) ones that lead nowhere, before a file takes their numbers."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def _speak_utf_8() -> None:
    """Let no letter stop an answer: files and pipes get UTF-8, a terminal that lacks a letter a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8")


def _language_asked(arguments: list[str]) -> str | None:
    for number, word in enumerate(arguments):
        value = ""
        if word.startswith("--lang="):
            value = word.removeprefix("--lang=")
        elif word == "--lang" and number + 1 < len(arguments):
            value = arguments[number + 1]
        if value in i18n.LANGUAGES:
            return value
    return None


if __name__ == "__main__":
    main()
