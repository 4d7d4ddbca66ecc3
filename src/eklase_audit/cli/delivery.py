"""Where an answer goes that may be wanted as a file: there, or to standard output."""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eklase_audit.cli import common
from eklase_audit.cli.request import Request
from eklase_audit.errors import AuditError
from eklase_audit.i18n import _
from eklase_audit.paths import real

if TYPE_CHECKING:
    from rich.console import Console

OutOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help=_("Write the answer to this file (only you can read it).")),
]


def hold_apart(out: Path | None, request: Request) -> None:
    """Raises AuditError where an answer would be written over one of the exports, or into no folder."""
    if out is None:
        return
    if out.is_dir():
        raise AuditError(_("--out: {path} is a folder; give the name of a file").format(path=out))
    if not out.parent.is_dir():
        raise AuditError(_("--out: there is no folder {folder}; make it first").format(folder=out.parent))
    from eklase_audit.exports.paths import find_files

    exports = find_files(request.paths, common.parse_kinds(request.as_kind or []))
    if real(out) in {real(file.path) for file in exports}:
        raise AuditError(_("--out: {path} is one of the exports; give the file another name").format(path=out))


def deliver(content: bytes, out: Path | None) -> None:
    """Write an answer to a file, over an older one, and name it on standard error; without one to standard output."""
    if out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
        return
    from eklase_audit.files import write_file

    write_file(out, content, overwrite=True)
    common.say(_("written: {path}").format(path=out))


def plain_text(show: Callable[[Console], None]) -> bytes:
    """What is shown to a console, as a text file: no colour, nothing wrapped or cut."""
    from rich.console import Console

    from eklase_audit.reports.layout import UNLIMITED

    page = StringIO()
    show(Console(file=page, highlight=False, markup=False, width=UNLIMITED, no_color=True))
    # Cells are filled up to their column's width: at a line's end that is nothing to look at.
    return "".join(f"{line.rstrip()}\n" for line in page.getvalue().splitlines()).encode()
