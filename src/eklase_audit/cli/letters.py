"""eklase-audit letters: a letter a teacher, as files. Nothing is sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eklase_audit.cli import common
from eklase_audit.cli.check import broken
from eklase_audit.cli.common import BROKEN, OK
from eklase_audit.cli.me import DaysOption
from eklase_audit.cli.request import Request, Run, TeacherOption, with_request
from eklase_audit.errors import AuditError, nearest
from eklase_audit.i18n import _, ngettext
from eklase_audit.paths import real

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eklase_audit.audit import Audit
    from eklase_audit.reports.letters import Letter

AddressesOption = Annotated[
    Path | None,
    typer.Option(
        "--addresses", metavar="FILE", help=_("The list of teachers' mail addresses (else the configuration's).")
    ),
]

# The list of the letters in their folder; it begins with a dot, so that it is in nobody's way.
LISTING = ".eklase-audit-letters.json"


@with_request
def letters(
    request: Request,
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help=_("The folder to write the letters to."))],
    teacher: TeacherOption = None,
    days: DaysOption = 5,
    format_: Annotated[
        str, typer.Option("--format", metavar="KINDS", help=_("Of html, txt and eml (a draft of mail), with commas."))
    ] = "html,txt,eml",
    addresses: AddressesOption = None,
) -> None:
    """Write the letters (see the command's help)."""
    from eklase_audit.agenda import horizon_of
    from eklase_audit.audit import Filters
    from eklase_audit.own_folder import write_all
    from eklase_audit.reports.letter_files import render
    from eklase_audit.reports.letters import letters as letters_of

    formats = _formats(format_)
    _hold_apart(out, request)
    run = request.run()
    known = _addresses(run, addresses)
    people = [_known(run, name) for name in teacher or []]
    horizon = horizon_of(run.calendar, run.as_of, days)
    audit = run.audit(filters=Filters(teachers=tuple(people)), horizon=horizon)
    made = letters_of(audit, horizon, [run.shown_teacher(name) for name in people] if people else None)
    if not broken(audit):
        kept = write_all(out, render(made, formats, _of_people(known, made)), LISTING, whole=not people)
        for path in kept:
            common.say(_("{path}: a letter of an earlier run that was changed since; it was left").format(path=path))
        _tell(made, audit, out, addressed=len(_of_people(known, made)) if "eml" in formats else None)
    raise typer.Exit(BROKEN if broken(audit) else OK)


def _formats(text: str) -> list[str]:
    from eklase_audit.reports.letter_files import FORMATS

    asked = list(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip()))
    for one in asked:
        if one not in FORMATS:
            raise AuditError(
                _("--format: there is no kind «{kind}»; nearest: {near} (kinds: {known})").format(
                    kind=one, near=nearest(one, FORMATS, 1), known=", ".join(FORMATS)
                )
            )
    if not asked:
        raise AuditError(_("--format: give at least one of {known}").format(known=", ".join(FORMATS)))
    return asked


def _hold_apart(out: Path, request: Request) -> None:
    """Raises AuditError where letters would lie among the exports, to be read with them the next time."""
    target = real(out)
    if out.exists() and not out.is_dir():
        raise AuditError(_("--out: {path} is a file; give a folder").format(path=out))
    for path in request.paths:
        if path.is_dir() and target.is_relative_to(real(path)):
            raise AuditError(_("--out: {path} lies in the folder of the exports; give another one").format(path=out))


def _addresses(run: Run, file: Path | None) -> dict[str, str]:
    """The addresses of teachers by name. Beside pseudonyms there are none: they would tell the names."""
    known = run.school.addresses(file)
    return {} if run.request.pseudonymise else known


def _of_people(known: dict[str, str], made: Sequence[Letter]) -> dict[str, str]:
    from eklase_audit.addresses import of_people

    return of_people(known, [letter.person for letter in made])


def _known(run: Run, name: str) -> str:
    """The one teacher that a name means. Raises AuditError where there is none, or several."""
    from eklase_audit.agenda import meant

    with run.pseudonyms() as pseudonyms:
        name = pseudonyms.teacher(name) if pseudonyms else name
    known = run.teachers()
    people = meant(name, known) if name.strip() else []
    if len(people) == 1:
        return people[0]
    if people:
        raise AuditError(_("--teacher: «{name}» means several people: give more of the name").format(name=name))
    raise AuditError(
        _("there is no teacher «{name}» in the exports; nearest: {near}").format(
            name=name, near=nearest(name, known) or "–"
        )
    )


def _tell(made: Sequence[Letter], audit: Audit, out: Path, addressed: int | None) -> None:
    from eklase_audit.reports import letters_written

    letters_written.show(made, common.output())
    unnamed = sum(not one.bearers for one in audit.counted)
    lines = [
        ngettext("{count} letter, in {path}.", "{count} letters, in {path}.", len(made)).format(
            count=len(made), path=out
        ),
        _("Nothing was sent."),
    ]
    if addressed is not None and addressed < len(made):
        lines.append(
            ngettext(
                "{count} draft has no address: its «To» is blank.",
                "{count} drafts have no address: their «To» is blank.",
                len(made) - addressed,
            ).format(count=len(made) - addressed)
        )
    if unnamed:
        lines.append(
            ngettext(
                "{count} finding is of nobody whom the exports name: it is in no letter.",
                "{count} findings are of nobody whom the exports name: they are in no letter.",
                unnamed,
            ).format(count=unnamed)
        )
    for line in lines:
        common.output().print(line)
