"""eklase-audit why: the working behind one finding."""

from __future__ import annotations

from typing import Annotated

import typer

from eklase_audit.cli import common
from eklase_audit.cli.common import (
    AsKindOption,
    AsOfOption,
    ConfigOption,
    Format,
    FormatOption,
    LangOption,
    NewestOption,
    PathsArgument,
    RulesOption,
    StoreOption,
)
from eklase_audit.i18n import _


@common.ends_well
def why(
    fingerprint: Annotated[
        str,
        typer.Argument(metavar="FINGERPRINT", help=_("The finding's fingerprint; its beginning is enough.")),
    ],
    paths: PathsArgument,
    as_of: AsOfOption = None,
    format_: FormatOption = Format.table,
    ignore_in_force: Annotated[
        bool,
        typer.Option("--ignore-in-force", help=_("Judge entries from before the regulation was in force too.")),
    ] = False,
    as_kind: AsKindOption = None,
    newest: NewestOption = False,
    store: StoreOption = None,
    rules: RulesOption = None,
    config: ConfigOption = None,
    lang: LangOption = None,
) -> None:
    """Show the working behind one finding (see the command's help)."""
    from eklase_audit.explanation import find, working
    from eklase_audit.reports import reasoning

    settings = common.configuration(config, paths, lang)
    audit, days = common.run_audit(
        paths,
        settings,
        common.regulation(settings, rules),
        as_of=common.parse_as_of(as_of),
        forced=as_kind or [],
        clauses=[],
        ignore_in_force=ignore_in_force,
        newest=newest,
        store=store,
        quiet=True,
    )
    shown = working(find(audit, fingerprint), audit, days, settings.outages)
    if format_ is Format.json:
        common.write(reasoning.text(shown, audit))
    else:
        reasoning.show(shown, audit, common.output())
