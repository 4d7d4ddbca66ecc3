"""Run by test_privacy.py: commands one after the other in one process that reports what they did outside.

    python privacy_probe.py COMMANDS    COMMANDS: JSON, a list of command lines

Prints one JSON object: per command its exit code, the sockets it asked for and the files it opened for writing.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

told: list[dict[str, Any]] = []
NETWORK = ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
AF_UNIX = 1


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: Python calls it before it does what the event names."""
    if not told:
        return
    if event == "socket.__new__" and arguments[1] == AF_UNIX:
        return
    if event == "socket.__new__" or event in NETWORK or event.startswith(("urllib.", "http.", "smtplib.", "ftplib.")):
        told[-1]["sockets"].append(event)
        raise PermissionError("no network in this test")
    if event == "open" and isinstance(arguments[0], str) and (arguments[2] or 0) & WRITES:
        told[-1]["written"].append(str(Path(arguments[0]).absolute()))
    if event in ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system"):
        told[-1]["programs"].append(str(arguments[0]))


def main() -> None:
    """Run each command line as `eklase-audit` would."""
    from eklase_audit.__main__ import main as command

    # As if the user had never thought of it: what is private must be so by itself.
    os.umask(0)
    sys.addaudithook(watch)
    out = sys.stdout
    for line in json.loads(sys.argv[1]):
        told.append({"line": line, "sockets": [], "written": [], "programs": []})
        sys.argv = ["eklase-audit", *line]
        streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _name in ("out", "err")]
        with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
            try:
                command()
                code: Any = 0
            except SystemExit as end:
                code = end.code
            texts = []
            for stream in streams:
                if not stream.closed:
                    stream.flush()
                    texts.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]
        told[-1]["code"] = code or 0
        told[-1]["out"], told[-1]["err"] = texts
    json.dump(told, out)


if __name__ == "__main__":
    main()
