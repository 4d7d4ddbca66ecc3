"""eklase-audit waive: excuse one finding, by adding it to the school's list of waivers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from eklase_audit.cli import common
from eklase_audit.cli.request import Request, Run, with_request
from eklase_audit.errors import AuditError
from eklase_audit.i18n import _

if TYPE_CHECKING:
    from pathlib import Path

    from eklase_audit.findings import Finding
    from eklase_audit.waiver_files import NewWaiver

_HEADER = "Pirkstnospiedums;Punkts;Iemesls;Rīkojums;Atļāva;No;Līdz;Par ko\r\n"


@with_request
def waive(
    fingerprint: Annotated[
        str, typer.Argument(metavar="FINGERPRINT", help=_("The finding's fingerprint; its first 8 signs are enough."))
    ],
    request: Request = None,  # type: ignore[assignment]  # with_request fills it in
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=_("Why it is excused; required."))] = "",
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help=_("The last day on which it is excused."))
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help=_("The first day on which it is excused."))
    ] = None,
    order: Annotated[str, typer.Option("--order", metavar="NUMBER", help=_("The number of the order."))] = "",
    allowed_by: Annotated[str, typer.Option("--allowed-by", metavar="NAME", help=_("Who allowed it."))] = "",
) -> None:
    """Add a waiver of one finding to the list (see the command's help)."""
    from eklase_audit.exports.texts import clean
    from eklase_audit.waiver_files import NewWaiver, add_waiver
    from eklase_audit.waivers import BAD_FINGERPRINT, LEAST, fingerprint_of

    run = request.run(quiet=True)
    if (file := run.settings.waivers) is None:
        raise AuditError(_('say which list it goes to: --waivers FILE, or waivers = "FILE" in eklase-audit.toml'))
    if (known := fingerprint_of(fingerprint)) is None:
        raise AuditError(f"FINGERPRINT: {_(BAD_FINGERPRINT).format(count=LEAST)}")
    first, last = _day("--from", from_), _day("--until", until)
    new = NewWaiver(known, clean(reason), order=clean(order), allowed_by=clean(allowed_by), first=first, last=last)
    if request.paths:
        new = _about(new, _found(run, known))
    where = add_waiver(file, new, _empty(file), run.regulation)
    typer.echo(_("written: {path}").format(path=where))
    if last and last < run.as_of.date():
        common.say(_("the waiver has ended already: --until is before the day of the audit"))


def _day(option: str, text: str | None) -> date | None:
    from eklase_audit.exports import values
    from eklase_audit.exports.texts import Unreadable, clean
    from eklase_audit.moments import to_date

    try:
        return None if text is None else to_date(values.day(clean(text)))
    except Unreadable as fault:
        raise AuditError(f"{option}: {_(fault.reason)}") from None


def _found(run: Run, fingerprint: str) -> Finding:
    """The finding that is meant. Raises AuditError where the exports show none, or several."""
    from eklase_audit.explanation import find

    named = run.audit(waived=False, named=True)
    audit = run.shown(named)
    finding = find(audit, fingerprint)
    if finding not in audit.findings:
        raise AuditError(_("when that was done cannot be told: it is no finding, and there is nothing to excuse"))
    # The list knows findings by what they are called without pseudonyms.
    with run.pseudonyms() as pseudonyms:
        if pseudonyms is None:
            return finding
        return next(one for one in named.findings if pseudonyms.fingerprint(one.fingerprint) == finding.fingerprint)


def _about(new: NewWaiver, finding: Finding) -> NewWaiver:
    """The waiver with its whole fingerprint, its check, and for the reader what it is about; names stay out."""
    from dataclasses import replace

    from eklase_audit.i18n import day_text

    about = (finding.class_, finding.subject, day_text(finding.on) if finding.on else finding.period)
    remark = ", ".join(part for part in about if part)
    return replace(new, fingerprint=finding.fingerprint, clause=finding.rule.id, remark=remark)


def _empty(file: Path) -> bytes:
    """A list without any waiver, of the form that the file's name tells."""
    if file.suffix.lower() == ".xlsx" and not file.exists():
        from eklase_audit.templates import workbook

        return workbook("waivers")
    # The mark at the beginning lets Excel read Latvian letters.
    return b"" if file.suffix.lower() == ".toml" else _HEADER.encode("utf-8-sig")
