"""eklase-audit history: the runs that a history keeps; and what `check` does with one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eklase_audit.cli import common
from eklase_audit.cli.common import BROKEN, OK, ConfigOption, Format, FormatOption, LangOption
from eklase_audit.errors import AuditError
from eklase_audit.i18n import _, ngettext

if TYPE_CHECKING:
    from eklase_audit.audit import Audit
    from eklase_audit.cli.request import Run
    from eklase_audit.history.database import Listed


@common.ends_well
def history(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The history."))],
    forget_before: Annotated[
        str | None,
        typer.Option("--forget-before", metavar="DATE", help=_("Take out the runs of days before this one.")),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help=_("Check that the history is whole."))] = False,
    format_: FormatOption = Format.table,
    config: ConfigOption = None,
    lang: LangOption = None,
) -> None:
    """List the runs of a history (see the command's help)."""
    from eklase_audit.history.database import History
    from eklase_audit.moments import day_number

    common.configuration(config, [file], lang)
    before = common.parse_day("--forget-before", forget_before) if forget_before else None
    with History(file) as opened:
        faults = opened.verify() if check else []
        gone = opened.forget(day_number(before)) if before and not faults else 0
        runs = opened.listed() if not faults else []
    for fault in faults:
        common.say(fault)
    if before and not faults:
        common.say(ngettext("{count} run taken out", "{count} runs taken out", gone).format(count=gone))
    if check and not faults:
        common.say(_("the history is whole"))
    if format_ is Format.json:
        common.write(json.dumps({"schema": 1, "runs": [_entry(run) for run in runs]}, indent=2) + "\n")
    elif not faults:
        from eklase_audit.reports import history_report

        history_report.show_runs(runs, common.output())
    raise typer.Exit(BROKEN if faults else OK)


def _entry(run: Listed) -> dict[str, Any]:
    from eklase_audit.moments import to_date, to_datetime

    return {
        "day": to_date(run.day).isoformat(),
        "scope": run.scope,
        "made_at": to_datetime(run.made_at).isoformat(),
        "regulation": run.regulation,
        "checks": run.checks,
        "findings": run.findings,
        "waived": run.waived,
        "new": run.new,
    }


def remembered(run: Run, audit: Audit, file: Path | None, *, new_only: bool = False) -> Audit:
    """An audit with its news, where there is a history; the run is kept in it. Raises AuditError."""
    file = file or run.settings.history
    if file is None:
        if new_only:
            raise AuditError(_("--new-only: what is new tells a history: give --history FILE too"))
        return audit
    from datetime import datetime

    from eklase_audit.config import first_day_kept
    from eklase_audit.history.database import History
    from eklase_audit.history.keeping import remember
    from eklase_audit.moments import day_number

    now = datetime.now().replace(microsecond=0)
    with History(file, create=True) as opened:
        done = remember(audit, opened, now, observed=run.settings.store is not None)
        if done.kept:
            # A run as of a day to come takes out no more than today's would.
            today = min(now, audit.as_of).date()
            opened.forget(day_number(first_day_kept(run.settings.history_retention, today)))
    if not done.kept and not run.quiet:
        common.say(_("{path}: the run was compared with the history, but not kept in it").format(path=file))
    return replace(done.audit, new_only=new_only)
