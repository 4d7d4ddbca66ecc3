"""eklase-audit fleet: audit many schools, a folder each."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eklase_audit import i18n
from eklase_audit.cli import common, voice
from eklase_audit.cli.common import BROKEN, FOUND, OK, Format, FormatOption, LangOption, RulesOption
from eklase_audit.cli.request import AsOfOption, IgnoreOption
from eklase_audit.cli.unattended import unattended
from eklase_audit.errors import AuditError
from eklase_audit.i18n import _, moment_text, ngettext
from eklase_audit.paths import real

if TYPE_CHECKING:
    from eklase_audit.fleet.work import Outcome


class EngineName(StrEnum):
    """What runs the audits."""

    local = "local"
    dask = "dask"


@unattended
@common.ends_well
def fleet(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=_("The folder that holds a folder a school."))],
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help=_("Where the answers go, one a school."))],
    engine: Annotated[
        EngineName, typer.Option("--engine", help=_("Processes of this machine, or workers of a Dask cluster."))
    ] = EngineName.local,
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler", metavar="ADDRESS", help=_("The scheduler of the cluster, such as tcp://10.0.0.1:8786.")
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, help=_("How many schools at a time on this machine (else one a processor).")),
    ] = None,
    names: Annotated[
        bool, typer.Option("--names", help=_("Write teachers' and pupils' names into the Parquet files too."))
    ] = False,
    as_of: AsOfOption = None,
    ignore_in_force: IgnoreOption = False,
    rules: RulesOption = None,
    format_: FormatOption = Format.table,
    lang: LangOption = None,
) -> None:
    """Audit many schools (see the command's help)."""
    from eklase_audit.fleet import engines
    from eklase_audit.fleet.run import begun, run_fleet, schools_in, text
    from eklase_audit.fleet.work import Job

    if lang:
        i18n.activate(lang)
    schools = schools_in(folder)
    moment = common.parse_as_of(as_of)
    if as_of is None and (before := begun(out)) and not before.ended:
        moment = before.as_of
        common.say(_("going on with the run of {moment}, which was cut off").format(moment=moment_text(moment)))
    if engine is EngineName.dask and not scheduler:
        raise AuditError(_("--engine dask: say where its scheduler is: --scheduler tcp://HOST:8786"))
    chosen = engines.dask(scheduler) if engine is EngineName.dask and scheduler else engines.local(workers)
    rules = str(real(Path(rules))) if rules and rules.endswith(".toml") else rules
    jobs = [Job(real(school), real(out), moment, rules, ignore_in_force, names, i18n.active()) for school in schools]
    with common.progress(_("Schools"), len(jobs), quiet=False) as step:

        def tell(outcome: Outcome, again: bool) -> None:
            step(outcome.school)
            if outcome.error:
                common.complain(f"{outcome.school}: {outcome.error}")

        outcomes = run_fleet(jobs, chosen, tell)
    if format_ is Format.json:
        common.write(text(outcomes, moment))
    else:
        from eklase_audit.fleet import report

        report.show(outcomes, moment, common.output())
    failed = sum(outcome.error is not None for outcome in outcomes)
    violations = sum(outcome.violations for outcome in outcomes)
    voice.sum_up(
        ngettext("{count} violation", "{count} violations", violations).format(count=violations),
        schools=len(outcomes),
        failed=failed,
        violations=violations,
    )
    if failed:
        common.say(
            ngettext("{count} school could not be audited", "{count} schools could not be audited", failed).format(
                count=failed
            )
        )
        raise typer.Exit(BROKEN)
    raise typer.Exit(FOUND if violations else OK)
