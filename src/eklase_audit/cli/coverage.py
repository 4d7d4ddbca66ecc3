"""eklase-audit coverage: what of the regulation the exports allow to be audited."""

from __future__ import annotations

import typer

from eklase_audit.cli import common
from eklase_audit.cli.check import broken
from eklase_audit.cli.common import BROKEN, OK, Format, FormatOption
from eklase_audit.cli.request import Request, with_request


@with_request
def coverage(request: Request, format_: FormatOption = Format.table) -> None:
    """Show the coverage alone (see the command's help)."""
    audit = request.run().audit()
    if format_ is Format.json:
        from eklase_audit.reports import json_answer

        common.write(json_answer.coverage_text(audit))
    else:
        from eklase_audit.reports import terminal

        terminal.show_coverage(audit, common.output())
    raise typer.Exit(BROKEN if broken(audit) else OK)
