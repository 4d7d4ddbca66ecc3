"""eklase-audit explain: a clause or a check in plain words."""

from __future__ import annotations

from typing import Annotated

import typer

from eklase_audit.cli import common, completion
from eklase_audit.cli.common import ConfigOption, Format, FormatOption, IsolatedOption, LangOption, RulesOption
from eklase_audit.i18n import _


@common.ends_well
def explain(
    what: Annotated[
        str,
        typer.Argument(
            metavar="CLAUSE|CHECK",
            help=_("A clause's number, or a check: 5, 5-formative."),
            autocompletion=completion.clauses,
        ),
    ],
    format_: FormatOption = Format.table,
    rules: RulesOption = None,
    config: ConfigOption = None,
    isolated: IsolatedOption = False,
    lang: LangOption = None,
) -> None:
    """Explain a clause or a check (see the command's help)."""
    from eklase_audit.reports import manual

    settings = common.configuration(config, [], lang, isolated=isolated)
    regulation = common.regulation(settings, rules)
    regulation.select([what])
    if format_ is Format.json:
        common.write(manual.explanation_json(regulation, what))
    else:
        manual.show_explanation(regulation, what, common.output())
