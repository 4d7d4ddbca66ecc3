"""eklase-audit coverage: what of the regulation the exports allow to be audited."""

from __future__ import annotations

import typer

from eklase_audit.cli import common
from eklase_audit.cli.check import broken
from eklase_audit.cli.common import (
    BROKEN,
    OK,
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


@common.ends_well
def coverage(
    paths: PathsArgument,
    as_of: AsOfOption = None,
    format_: FormatOption = Format.table,
    as_kind: AsKindOption = None,
    newest: NewestOption = False,
    store: StoreOption = None,
    rules: RulesOption = None,
    config: ConfigOption = None,
    lang: LangOption = None,
) -> None:
    """Show the coverage alone (see the command's help)."""
    settings = common.configuration(config, paths, lang)
    audit, _days = common.run_audit(
        paths,
        settings,
        common.regulation(settings, rules),
        as_of=common.parse_as_of(as_of),
        forced=as_kind or [],
        clauses=[],
        newest=newest,
        store=store,
    )
    if format_ is Format.json:
        from eklase_audit.reports import json_answer

        common.write(json_answer.coverage_text(audit))
    else:
        from eklase_audit.reports import terminal

        terminal.show_coverage(audit, common.output())
    raise typer.Exit(BROKEN if broken(audit) else OK)
