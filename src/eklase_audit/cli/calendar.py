"""eklase-audit calendar: months with their working days and the regulation's dates."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

import typer

from eklase_audit.cli import common
from eklase_audit.cli.common import ConfigOption, Format, FormatOption, IsolatedOption, LangOption, RulesOption
from eklase_audit.cli.grades import ClassOption, GradeOption, grades_asked, reckoner
from eklase_audit.errors import AuditError
from eklase_audit.i18n import _

_MONTH = re.compile(r"(\d{4})-(\d\d)")


def _months(asked: list[str]) -> list[tuple[int, int]]:
    """The (year, month) pairs of --month; without it this month and the next. Raises AuditError."""
    from eklase_audit.moments import FIRST_YEAR, LAST_YEAR

    if not asked:
        today = datetime.now()
        return [
            divmod(number, 12) for number in range(today.year * 12 + today.month - 1, today.year * 12 + today.month + 1)
        ]
    out = []
    for text in asked:
        found = _MONTH.fullmatch(text)
        year, month = (int(found[1]), int(found[2])) if found else (0, 0)
        if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
            raise AuditError(_("--month: write a month as 2026-12"))
        out.append((year, month - 1))
    return out


@common.ends_well
def calendar(
    month: Annotated[
        list[str] | None,
        typer.Option(
            "--month", metavar="YYYY-MM", help=_("The month to show; repeatable. Else this one and the next.")
        ),
    ] = None,
    class_: ClassOption = None,
    grade: GradeOption = None,
    format_: FormatOption = Format.table,
    rules: RulesOption = None,
    config: ConfigOption = None,
    isolated: IsolatedOption = False,
    lang: LangOption = None,
) -> None:
    """Show months with what lies in them (see the command's help)."""
    from eklase_audit.months import month_of
    from eklase_audit.reports import months as report

    settings = common.configuration(config, [], lang, isolated=isolated)
    asked, grades = _months(month or []), grades_asked(class_, grade)
    regulation = common.regulation(settings, rules)
    by = reckoner(settings, regulation)
    shown = [month_of(year, place + 1, by, grades) for year, place in asked]
    if format_ is Format.json:
        common.write(report.text(shown, regulation))
    else:
        report.show(shown, regulation, datetime.now().date(), common.output())
