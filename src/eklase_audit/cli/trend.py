"""eklase-audit trend: whether the school gets better, period after period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eklase_audit.cli import common
from eklase_audit.cli.common import BROKEN, OK, Format, FormatOption, HistoryOption
from eklase_audit.cli.request import Request, with_request
from eklase_audit.errors import AuditError
from eklase_audit.i18n import _
from eklase_audit.spans import Every, spans

if TYPE_CHECKING:
    from eklase_audit.cli.request import Run
    from eklase_audit.trend import Period

_FROM_HELP = _("The first day of the first period.")
# More periods than this are hardly meant: --every day over years.
_MOST = 400


@with_request
def trend(
    request: Request,
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH…]", help=_("Files and folders of exports; none: --history."))
    ] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help=_FROM_HELP)] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help=_("The last day (else the day of --as-of)."))
    ] = None,
    every: Annotated[
        Every, typer.Option("--every", help=_("How long a period is; with --history: a run."))
    ] = Every.week,
    history: HistoryOption = None,
    format_: FormatOption = Format.table,
) -> None:
    """Show the trend (see the command's help)."""
    from eklase_audit.reports import trended
    from eklase_audit.trend import trend_of

    run = replace(request, paths=paths or []).run(quiet=True)
    begin = common.parse_day("--from", first) if first else None
    end = common.parse_day("--to", last) if last else run.as_of.date()
    if begin and end < begin:
        raise AuditError(_("--to: a day before that of --from"))
    file = history or run.settings.history
    if paths:
        if begin is None:
            raise AuditError(_("--from: give the first day"))
        found = _audited(run, spans(begin, end, every), datetime.combine(end, time.max) if last else run.as_of)
    elif file is not None:
        from eklase_audit.history.database import History
        from eklase_audit.trend import periods_of

        with History(file) as opened:
            found = periods_of(opened, begin, end)
    else:
        raise AuditError(_("give a folder of exports, or --history FILE"))
    if not found:
        raise AuditError(_("the history has no run of these days"))
    outcome = trend_of(found, [clause.number for clause in run.regulation.clauses])
    if format_ is Format.json:
        common.write(trended.text(outcome))
    else:
        titles = {clause.number: clause.title for clause in run.regulation.clauses}
        trended.show(outcome, titles, common.output())
    raise typer.Exit(BROKEN if paths and run.journal.errors else OK)


def _audited(run: Run, of: Sequence[tuple[date, date]], until: datetime) -> list[Period]:
    """The periods of the exports, which are read once and audited as of the end of each."""
    from eklase_audit.trend import period_of

    if len(of) > _MOST:
        raise AuditError(_("--every: more than {count} periods: take longer ones").format(count=_MOST))
    found = []
    with common.progress(_("Auditing"), len(of), quiet=False) as step:
        for first, last in of:
            step(last.isoformat())
            moment = min(datetime.combine(last, time(23, 59, 59)), until)
            found.append(period_of(run.audit(as_of=moment), first, last))
    return found
