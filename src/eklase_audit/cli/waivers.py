"""eklase-audit waivers: list the school's waivers and say how each stands."""

from __future__ import annotations

import typer

from eklase_audit.cli import common
from eklase_audit.cli.common import BROKEN, OK, Format, FormatOption
from eklase_audit.cli.request import Request, with_request
from eklase_audit.errors import AuditError
from eklase_audit.i18n import _


@with_request
def waivers(
    request: Request = None,  # type: ignore[assignment]  # with_request fills it in
    format_: FormatOption = Format.table,
) -> None:
    """List waivers and their states; with exports, what each excuses (see the command's help)."""
    from eklase_audit.findings import WaiverUse
    from eklase_audit.list_entries import list_bytes
    from eklase_audit.reports import waived
    from eklase_audit.waivers import read_waivers, state

    run = request.run(quiet=True)
    if (file := run.settings.waivers) is None:
        raise AuditError(_('say which list: --waivers FILE, or waivers = "FILE" in eklase-audit.toml'))
    loaded = read_waivers(file.name, list_bytes(file), run.regulation)
    day = run.as_of.date()
    if request.paths and not loaded.faults:
        uses = run.audit().waivers
    else:
        uses = tuple(WaiverUse(waiver, state(waiver, day, None), None) for waiver in loaded.waivers)
        with run.pseudonyms() as pseudonyms:
            if pseudonyms:
                from eklase_audit.veiling import veiled_uses

                uses = veiled_uses(uses, pseudonyms)
    for fault in loaded.faults:
        common.say(str(fault))
    if format_ is Format.json:
        common.write(waived.list_text(uses, loaded.faults, run.as_of))
    else:
        waived.show_list(uses, common.output())
    raise typer.Exit(BROKEN if loaded.faults else OK)
