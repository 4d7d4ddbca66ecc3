"""eklase-audit store info|verify|prune: the store of snapshots."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eklase_audit.cli import common
from eklase_audit.cli.common import BROKEN, OK, ConfigOption, LangOption
from eklase_audit.i18n import _, day_text, moment_text, ngettext

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)
FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help=_("The store."))]


@app.command("info", help=_("Tell what a store holds."))
@common.ends_well
def info(file: FileArgument, lang: LangOption = None) -> None:
    """Tell what a store holds (see the command's help)."""
    from eklase_audit.moments import to_datetime
    from eklase_audit.store.database import Store

    common.configuration(None, [file], lang)
    with Store(file) as store:
        held = store.contents()
    count = len(held.snapshots)
    line = ngettext("{count} snapshot", "{count} snapshots", count).format(count=count)
    if held.snapshots:
        first, last = (moment_text(to_datetime(held.snapshots[place])) for place in (0, -1))
        line += f": {first} – {last}"
    typer.echo(line)
    for aspect, entries in held.entries.items():
        if entries:
            typer.echo(f"  {aspect}: {entries}")
    typer.echo(
        ngettext(
            "{count} entry changed after it was first seen",
            "{count} entries changed after they were first seen",
            held.changed,
        ).format(count=held.changed)
    )
    typer.echo(ngettext("{count} entry vanished", "{count} entries vanished", held.gone).format(count=held.gone))
    typer.echo(_("{size} MB").format(size=f"{held.size / 1e6:.1f}"))


@app.command("verify", help=_("Check that a store is whole."))
@common.ends_well
def verify(file: FileArgument, lang: LangOption = None) -> None:
    """Check that a store is whole (see the command's help)."""
    from eklase_audit.store.database import Store

    common.configuration(None, [file], lang)
    with Store(file) as store:
        faults = store.verify()
    for fault in faults:
        common.complain(fault)
    if not faults:
        typer.echo(_("the store is whole"))
    raise typer.Exit(BROKEN if faults else OK)


@app.command("prune", help=_("Take out what is older than a day (else than this school year)."))
@common.ends_well
def prune(
    file: FileArgument,
    before: Annotated[
        str | None,
        typer.Option(
            "--before",
            metavar="DATE",
            help=_("The first day that is kept (else 1 September, see retention in the configuration)."),
        ),
    ] = None,
    config: ConfigOption = None,
    lang: LangOption = None,
) -> None:
    """Take out what is old (see the command's help)."""
    from datetime import date

    from eklase_audit.config import first_day_kept
    from eklase_audit.moments import DAY, day_number
    from eklase_audit.store.database import Store

    settings = common.configuration(config, [file], lang)
    first = common.parse_day("--before", before) if before else first_day_kept(settings.retention, date.today())
    with Store(file) as store:
        gone = store.prune(day_number(first), day_number(first) * DAY)
    typer.echo(
        ngettext(
            "{count} entry of days before {day} taken out",
            "{count} entries of days before {day} taken out",
            gone,
        ).format(count=gone, day=day_text(first))
    )
