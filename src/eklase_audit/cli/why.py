"""eklase-audit why: the working behind one finding."""

from __future__ import annotations

from typing import Annotated

import typer

from eklase_audit.cli import common
from eklase_audit.cli.common import Format, FormatOption
from eklase_audit.cli.request import Request, with_request
from eklase_audit.i18n import _


@with_request
def why(
    fingerprint: Annotated[
        str,
        typer.Argument(metavar="FINGERPRINT", help=_("The finding's fingerprint; its beginning is enough.")),
    ],
    request: Request,
    format_: FormatOption = Format.table,
) -> None:
    """Show the working behind one finding (see the command's help)."""
    from eklase_audit.explanation import find, working
    from eklase_audit.reports import reasoning

    run = request.run(quiet=True)
    audit = run.audit()
    shown = working(find(audit, fingerprint), audit, run.calendar, run.settings.outages)
    if format_ is Format.json:
        common.write(reasoning.text(shown, audit))
    else:
        reasoning.show(shown, audit, common.output())
