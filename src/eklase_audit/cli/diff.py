"""eklase-audit diff: what is new, still open and mended between two answers."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eklase_audit.cli import common
from eklase_audit.cli.common import FOUND, OK, Format, FormatOption, HistoryOption
from eklase_audit.cli.request import Request, with_request
from eklase_audit.errors import AuditError
from eklase_audit.i18n import _

if TYPE_CHECKING:
    from eklase_audit.comparison import Side

_OLD_HELP = _("The moment to look from at OLD, a folder (else --as-of).")
_NEW_HELP = _("The moment to look from at NEW, a folder (else --as-of).")


@with_request
def diff(
    request: Request,
    paths: Annotated[
        tuple[Path, Path],
        typer.Argument(
            metavar="OLD NEW", help=_("Two JSON answers, two folders of exports, or two days of a history.")
        ),
    ],
    old_as_of: Annotated[str | None, typer.Option("--old-as-of", metavar="DATE[THH:MM]", help=_OLD_HELP)] = None,
    new_as_of: Annotated[str | None, typer.Option("--new-as-of", metavar="DATE[THH:MM]", help=_NEW_HELP)] = None,
    history: HistoryOption = None,
    format_: FormatOption = Format.table,
) -> None:
    """Compare two answers (see the command's help)."""
    from eklase_audit.comparison import compared, side_of_run
    from eklase_audit.reports import compared as report

    settings = common.configuration(request.config, [path for path in paths if path.exists()], request.lang)
    file = history or settings.history
    with ExitStack() as stack:
        if file is not None and not any(path.exists() for path in paths):
            from eklase_audit.history.database import History

            opened = stack.enter_context(History(file))
            days = [common.parse_day(_("a run"), str(path)) for path in paths]
            old, new = (side_of_run(opened, day) for day in days)
        else:
            old = _side(replace(request, paths=[paths[0]], as_of=old_as_of or request.as_of))
            new = _side(replace(request, paths=[paths[1]], as_of=new_as_of or request.as_of))
        comparison = compared(old, new)
    if format_ is Format.json:
        common.write(report.text(comparison))
    else:
        report.show(comparison, common.output())
    raise typer.Exit(FOUND if comparison.new else OK)


def _side(request: Request) -> Side:
    """A side from a JSON answer or a folder of exports. Raises AuditError."""
    from eklase_audit.comparison import side_of_answer, side_of_file
    from eklase_audit.reports import json_answer

    (path,) = request.paths
    if path.suffix.lower() == ".json":
        return side_of_file(path)
    audit = request.run().audit()
    if audit.journal.errors:
        raise AuditError(_("what could not be read cannot be compared"))
    return side_of_answer(json_answer.answer(audit))
