"""eklase-audit brief: the school on one page, for a meeting."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from eklase_audit.cli import common
from eklase_audit.cli.check import broken
from eklase_audit.cli.common import BROKEN, OK
from eklase_audit.cli.delivery import OutOption, deliver, hold_apart, plain_text
from eklase_audit.cli.request import Request, with_request
from eklase_audit.i18n import _

if TYPE_CHECKING:
    from eklase_audit.brief import Brief


class BriefFormat(StrEnum):
    """The forms of the page."""

    table = "table"
    json = "json"
    html = "html"


@with_request
def brief(
    request: Request,
    names: Annotated[
        bool,
        typer.Option("--names/--no-names", help=_("Whether a teacher may be named; else by role and class alone.")),
    ] = True,
    format_: Annotated[
        BriefFormat | None,
        typer.Option("--format", help=_("Tables for people, JSON, or one A4 page (HTML).")),
    ] = None,
    out: OutOption = None,
) -> None:
    """Show the page (see the command's help)."""
    from eklase_audit.brief import CHANGE, IMPROVEMENT, brief_of
    from eklase_audit.reports import brief as report

    hold_apart(out, request)
    ending = out.suffix.lower()[1:] if out else ""
    format_ = format_ or (BriefFormat(ending) if ending in ("json", "html") else BriefFormat.table)
    run = request.run(quiet=out is None and format_ is not BriefFormat.table)
    audit = run.audit()
    made = brief_of(audit, run.audit(as_of=run.as_of - CHANGE), run.audit(as_of=run.as_of - IMPROVEMENT), names=names)
    if out is None and format_ is BriefFormat.table:
        report.show(made, common.output())
    else:
        deliver(_content(made, format_), out)
    raise typer.Exit(BROKEN if broken(audit) else OK)


def _content(made: Brief, format_: BriefFormat) -> bytes:
    from eklase_audit.reports import brief as report

    if format_ is BriefFormat.html:
        return report.html(made)
    if format_ is BriefFormat.json:
        return report.text(made).encode()
    return plain_text(lambda console: report.show(made, console))
