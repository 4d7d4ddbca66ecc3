"""eklase-audit check: audit exports, print what was found, end in 0, 1 or 2."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from eklase_audit.cli import common, completion, voice
from eklase_audit.cli.common import BROKEN, FOUND, OK, Format, FormatOption, HistoryOption, ReportOption
from eklase_audit.cli.history import remembered
from eklase_audit.cli.request import ClassOption, ClauseOption, Request, TeacherOption, with_request
from eklase_audit.cli.unattended import unattended
from eklase_audit.i18n import _

if TYPE_CHECKING:
    from eklase_audit.audit import Audit


class FailOn(StrEnum):
    """From which severity on a finding lets the command end in 1."""

    violation = "violation"
    warning = "warning"
    never = "never"


@unattended
@with_request
def check(
    request: Request,
    clause: ClauseOption = None,
    teacher: TeacherOption = None,
    class_: ClassOption = None,
    format_: FormatOption = Format.table,
    report: ReportOption = None,
    history: HistoryOption = None,
    new_only: Annotated[
        bool,
        typer.Option("--new-only", help=_("List only what is new since the run before; the exit code tells of it.")),
    ] = False,
    fail_on: Annotated[
        FailOn | None,
        typer.Option("--fail-on", help=_("From which severity on a finding ends in exit code 1 (else violation).")),
    ] = None,
    strict: Annotated[
        bool,
        typer.Option("--strict", help=_("Exit code 2 too where a cell could not be read or a check not made.")),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help=_("Only the totals; no notices, no progress."))] = False,
) -> None:
    """Audit exports (see the command's help)."""
    from eklase_audit.audit import Filters

    run = request.run(quiet=quiet)
    wanted = common.reports(report or [], request.paths, request.as_kind or [])
    # A history knows findings and bearers by their names, so names are taken out behind it.
    audit = run.audit(clause or [], Filters(tuple(teacher or ()), tuple(class_ or ())), named=True)
    audit = run.shown(remembered(run, audit, history, new_only=new_only))
    completion.keep_names(run)
    _sum_up(audit)
    common.write_reports(audit, wanted, quiet=quiet)
    if format_ is Format.json:
        from eklase_audit.reports import json_answer

        common.write(json_answer.text(audit))
    elif quiet:
        from eklase_audit.reports.wording import last_lines

        for line in last_lines(audit):
            common.tell(line)
    elif not voice.current().cron:
        from eklase_audit.reports import terminal

        terminal.show(audit, common.output())
    raise typer.Exit(exit_code(audit, fail_on or FailOn(run.settings.fail_on), strict=strict))


def _sum_up(audit: Audit) -> None:
    """Tell what came of the audit, without names."""
    from eklase_audit.findings import NEW
    from eklase_audit.i18n import moment_text
    from eklase_audit.reports.wording import totals

    severities = [finding.rule.severity for finding in audit.counted]
    voice.sum_up(
        f"{totals(audit)} ({moment_text(audit.as_of)})",
        violations=severities.count("violation"),
        warnings=severities.count("warning"),
        not_audited=len(audit.results) - len(audit.audited),
        data_problems=len(audit.journal.problems),
        new=sum(finding.news == NEW for finding in audit.counted),
        files=len({sheet.file for sheet in audit.journal.sheets}),
        unreadable=len(audit.journal.errors),
    )


def exit_code(audit: Audit, fail_on: FailOn, *, strict: bool) -> int:
    """0 nothing found, 1 found at or above `fail_on`, 2 something could not be read or nothing audited."""
    if broken(audit):
        return BROKEN
    if strict and (audit.journal.problems or len(audit.audited) < len(audit.results)):
        return BROKEN
    counted = {FailOn.never: (), FailOn.violation: ("violation",), FailOn.warning: ("violation", "warning")}[fail_on]
    return FOUND if any(finding.rule.severity in counted for finding in filter(audit.lists, audit.counted)) else OK


def broken(audit: Audit) -> bool:
    """Whether a file could not be read, or nothing could be audited at all (which is said)."""
    if not audit.journal.errors and not audit.audited:
        common.complain(_("nothing could be audited: the answer says which exports are missing"))
    return bool(audit.journal.errors) or not audit.audited
