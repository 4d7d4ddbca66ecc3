"""What the commands share that tell due dates without any export: for which grade, by what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from eklase_audit.cli import common, completion
from eklase_audit.errors import AuditError
from eklase_audit.i18n import _

if TYPE_CHECKING:
    from eklase_audit.config import Config
    from eklase_audit.dates import Reckoner
    from eklase_audit.regulation import Regulation

ClassOption = Annotated[
    str | None,
    typer.Option(
        "--class",
        metavar="CLASS",
        help=_("Only for this class's grade, such as 9.a."),
        autocompletion=completion.classes,
    ),
]
GradeOption = Annotated[
    int | None,
    typer.Option("--grade", metavar="1-12", help=_("Only for this grade.")),
]


def grades_asked(class_: str | None, grade: int | None) -> tuple[int, ...]:
    """The grades that --class and --grade mean; all without them. Raises AuditError."""
    from eklase_audit.dates import ALL_GRADES
    from eklase_audit.exports.texts import clean
    from eklase_audit.exports.values import school_class

    if grade is not None and grade not in ALL_GRADES:
        raise AuditError(_("--grade: a grade from 1 to 12 is wanted"))
    if class_ is None:
        return ALL_GRADES if grade is None else (grade,)
    try:
        of_class = school_class(clean(class_))[1]
    except ValueError:
        raise AuditError(_("--class: a class is written as 9.a")) from None
    if grade not in (None, of_class):
        raise AuditError(_("--class and --grade name two grades: give one of them"))
    return (of_class,)


def reckoner(settings: Config, regulation: Regulation) -> Reckoner:
    """What due dates rest on, as the school has set it."""
    from eklase_audit.dates import Reckoner

    return Reckoner(regulation, common.calendar(settings, regulation), settings.outages)
