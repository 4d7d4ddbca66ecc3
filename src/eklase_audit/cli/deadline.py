"""eklase-audit deadline: when something must be entered, each day counted."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from eklase_audit.cli import common, completion
from eklase_audit.cli.common import ConfigOption, Format, FormatOption, IsolatedOption, LangOption, RulesOption
from eklase_audit.cli.grades import ClassOption, GradeOption, grades_asked, reckoner
from eklase_audit.errors import AuditError
from eklase_audit.i18n import _

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@common.ends_well
def deadline(
    day: Annotated[
        str,
        typer.Argument(metavar="DAY", help=_("The day of the lesson, work or note, such as 2025-12-19.")),
    ],
    clause: Annotated[
        list[str] | None,
        typer.Option(
            "--clause",
            metavar="CLAUSE|CHECK",
            help=_("For this clause or check; repeatable. Else for all."),
            autocompletion=completion.clauses,
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
    """Tell when something of a day is due (see the command's help)."""
    from datetime import date

    from eklase_audit.moments import FIRST_YEAR, LAST_YEAR, day_number
    from eklase_audit.reports import due_dates

    settings = common.configuration(config, [], lang, isolated=isolated)
    try:
        when = date.fromisoformat(day) if _DAY.fullmatch(day) else None
    except ValueError:
        when = None
    if when is None or not FIRST_YEAR <= when.year <= LAST_YEAR:
        raise AuditError(_("DAY: write a day as 2025-12-19"))
    grades = grades_asked(class_, grade)
    regulation = common.regulation(settings, rules)
    rules_asked = regulation.select(clause or [])
    found = reckoner(settings, regulation).deadlines(rules_asked, day_number(when), grades)
    if format_ is Format.json:
        common.write(due_dates.text(found, when, regulation))
    else:
        due_dates.show(found, when, regulation, common.output())
