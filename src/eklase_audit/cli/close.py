"""eklase-audit close: the countdown to the end of a semester or year."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from eklase_audit.cli import common
from eklase_audit.cli.check import broken
from eklase_audit.cli.common import BROKEN, OK
from eklase_audit.cli.delivery import OutOption, deliver, hold_apart, plain_text
from eklase_audit.cli.request import Request, Run, with_request
from eklase_audit.errors import AuditError
from eklase_audit.i18n import _, day_text

if TYPE_CHECKING:
    from eklase_audit.calendar import SchoolYear
    from eklase_audit.closing import Closing


class Period(StrEnum):
    """What may be closed."""

    first = "1"
    second = "2"
    year = "year"


class CloseFormat(StrEnum):
    """The forms of the countdown."""

    table = "table"
    json = "json"
    html = "html"


@with_request
def close(
    period: Annotated[Period, typer.Argument(metavar="1|2|year", help=_("The semester, or the whole year."))],
    request: Request,
    format_: Annotated[
        CloseFormat | None,
        typer.Option("--format", help=_("Tables for people, JSON, or a page to look at and print (HTML).")),
    ] = None,
    out: OutOption = None,
) -> None:
    """Show the countdown (see the command's help)."""
    from eklase_audit.clauses import CHECKS
    from eklase_audit.closing import DAILY, FINALS, checks_of, closing

    hold_apart(out, request)
    format_ = format_ or _format_of(out)
    run = request.run(quiet=out is None and format_ is not CloseFormat.table)
    year = _school_year(run, period)
    here = {rule.name: rule.id for rule in run.regulation.checks if rule.name in CHECKS}
    asked = [[here[name] for name in names if name in here] for names in (checks_of(period.value), DAILY)]
    if not all(asked):
        raise AuditError(_("the regulation has none of the checks that a semester is closed by"))
    end = run.audit(asked[0], horizon=datetime(year.start + 1, 8, 31, 23, 59, 59), kept=FINALS, named=True)
    now = run.audit(asked[1], horizon=datetime.combine(run.as_of, time(23, 59, 59)), named=True)
    # It looks at rows of the journal too, so names are taken out at its end.
    found = closing(period.value, end, now, run.calendar, year)
    with run.pseudonyms() as pseudonyms:
        if pseudonyms:
            from eklase_audit.veiling import veiled_closing

            found = veiled_closing(found, end.journal, pseudonyms)
    if out is None and format_ is CloseFormat.table:
        from eklase_audit.reports import closing as report

        report.show(found, run.regulation, run.calendar, common.output())
    else:
        deliver(_content(found, run, format_), out)
    raise typer.Exit(BROKEN if broken(end if end.audited else now) else OK)


def _format_of(out: object) -> CloseFormat:
    """What a file's name asks for; tables without a file."""
    ending = str(out or "").rpartition(".")[2].lower()
    return CloseFormat(ending) if ending in ("json", "html") else CloseFormat.table


def _school_year(run: Run, period: Period) -> SchoolYear:
    """The school year of the moment asked for. Raises AuditError where it is not known, or not there yet."""
    from eklase_audit.moments import day_number, to_date

    as_of = run.as_of.date()
    start = as_of.year if as_of >= date(as_of.year, 9, 1) else as_of.year - 1
    year = run.calendar.year(start)
    if year is None:
        raise AuditError(
            _("the school year {year} is not in the calendar: add it to rules/calendar").format(
                year=f"{start}/{start + 1}"
            )
        )
    if period is Period.second and day_number(as_of) < year.semester2_start:
        raise AuditError(
            _("the second semester begins on {day}: there is nothing to close yet").format(
                day=day_text(to_date(year.semester2_start))
            )
        )
    return year


def _content(found: Closing, run: Run, format_: CloseFormat) -> bytes:
    from eklase_audit.reports import closing as report

    if format_ is CloseFormat.html:
        from eklase_audit.reports.html.closing import render

        return render(found, run.regulation, run.calendar)
    if format_ is CloseFormat.json:
        return report.text(found, run.regulation).encode()
    return plain_text(lambda console: report.show(found, run.regulation, run.calendar, console))
