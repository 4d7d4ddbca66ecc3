"""eklase-audit clauses: every clause of the regulation, its checks, parameters and needs."""

from __future__ import annotations

from eklase_audit.cli import common
from eklase_audit.cli.common import ConfigOption, Format, FormatOption, IsolatedOption, LangOption, RulesOption


@common.ends_well
def clauses(
    format_: FormatOption = Format.table,
    rules: RulesOption = None,
    config: ConfigOption = None,
    isolated: IsolatedOption = False,
    lang: LangOption = None,
) -> None:
    """List the clauses (see the command's help)."""
    from eklase_audit.reports import manual

    settings = common.configuration(config, [], lang, isolated=isolated)
    regulation = common.regulation(settings, rules)
    if format_ is Format.json:
        common.write(manual.clauses_json(regulation))
    else:
        manual.show_clauses(regulation, common.output())
