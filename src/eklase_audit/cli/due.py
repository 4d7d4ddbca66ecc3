"""eklase-audit due: what falls due next, by day and teacher."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from eklase_audit.cli import common
from eklase_audit.cli.check import broken
from eklase_audit.cli.common import BROKEN, OK
from eklase_audit.cli.delivery import OutOption, deliver, hold_apart, plain_text
from eklase_audit.cli.me import DaysOption
from eklase_audit.cli.request import ClassOption, ClauseOption, Request, Run, TeacherOption, with_request
from eklase_audit.i18n import _

if TYPE_CHECKING:
    from datetime import datetime

    from eklase_audit.audit import Audit


class DueFormat(StrEnum):
    """The forms of what falls due."""

    table = "table"
    json = "json"
    ics = "ics"


@with_request
def due(
    request: Request,
    days: DaysOption = 5,
    clause: ClauseOption = None,
    teacher: TeacherOption = None,
    class_: ClassOption = None,
    format_: Annotated[
        DueFormat, typer.Option("--format", help=_("Tables for people, JSON, or a calendar (iCalendar)."))
    ] = DueFormat.table,
    names: Annotated[bool, typer.Option("--names", help=_("Name the pupils in a calendar too."))] = False,
    out: OutOption = None,
) -> None:
    """Show what falls due next (see the command's help)."""
    from eklase_audit.agenda import horizon_of
    from eklase_audit.audit import Filters

    hold_apart(out, request)
    run = request.run(quiet=out is None and format_ is not DueFormat.table)
    horizon = horizon_of(run.calendar, run.as_of, days)
    audit = run.audit(clause or [], Filters(tuple(teacher or ()), tuple(class_ or ())), horizon=horizon)
    if out is None and format_ is DueFormat.table:
        from eklase_audit.reports import due as report

        report.show(audit, horizon, run.calendar, common.output())
    else:
        deliver(_content(format_, audit, run, horizon, names=names), out)
    raise typer.Exit(BROKEN if broken(audit) else OK)


def _content(format_: DueFormat, audit: Audit, run: Run, horizon: datetime, *, names: bool) -> bytes:
    if format_ is DueFormat.ics:
        from eklase_audit.reports.calendar_file import render

        return render(audit, names=names)
    from eklase_audit.reports import due as report

    if format_ is DueFormat.json:
        return report.text(audit, horizon, run.calendar).encode()
    return plain_text(lambda console: report.show(audit, horizon, run.calendar, console))
