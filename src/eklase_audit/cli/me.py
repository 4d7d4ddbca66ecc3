"""eklase-audit me: one person's own list of what is to be done."""

from __future__ import annotations

from typing import Annotated

import typer

from eklase_audit.cli import common, completion
from eklase_audit.cli.check import broken
from eklase_audit.cli.common import BROKEN, OK, Format, FormatOption
from eklase_audit.cli.request import Request, with_request
from eklase_audit.errors import AuditError
from eklase_audit.i18n import _

DaysOption = Annotated[
    int, typer.Option("--days", metavar="N", min=0, max=366, help=_("So many working days ahead; 0 is today."))
]


@with_request
def me(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help=_("Your name as in E-klase; part of it is enough."), autocompletion=completion.teachers
        ),
    ],
    request: Request,
    days: DaysOption = 5,
    format_: FormatOption = Format.table,
) -> None:
    """Show a person's own list (see the command's help)."""
    from eklase_audit.agenda import agenda, horizon_of, meant
    from eklase_audit.audit import Filters
    from eklase_audit.errors import nearest
    from eklase_audit.reports import todo

    run = request.run(quiet=True)
    known = run.teachers()
    with run.pseudonyms() as pseudonyms:
        asked = pseudonyms.teacher(name) if pseudonyms else name
    people = meant(asked, known) if asked.strip() else []
    if not people:
        raise AuditError(
            _("there is no teacher «{name}» in the exports; nearest: {near}").format(
                name=name, near=nearest(name, known) or "–"
            )
        )
    if len(people) > 1:
        people = [run.shown_teacher(one) for one in people]
        if format_ is Format.json:
            common.write(todo.choices_text(people))
        else:
            todo.show_choices(people, common.output())
        raise AuditError(_("the name means several people: give more of it, as in the list"))
    horizon = horizon_of(run.calendar, run.as_of, days)
    audit = run.audit(filters=Filters(teachers=(people[0],)), horizon=horizon)
    mine = agenda(audit, run.shown_teacher(people[0]), horizon)
    if format_ is Format.json:
        common.write(todo.text(mine, audit))
    else:
        todo.show(mine, audit, common.output())
    raise typer.Exit(BROKEN if broken(audit) else OK)
