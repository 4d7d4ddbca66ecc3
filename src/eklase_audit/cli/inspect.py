"""eklase-audit inspect: how each file was understood."""

from __future__ import annotations

from typing import Annotated

import typer

from eklase_audit.cli import common
from eklase_audit.cli.common import (
    BROKEN,
    OK,
    AsKindOption,
    ConfigOption,
    Format,
    FormatOption,
    IsolatedOption,
    LangOption,
    NewestOption,
    PathsArgument,
    RulesOption,
)
from eklase_audit.cli.request import PseudonymiseOption, PseudonymKeyOption, hold_key, pseudonyms_of
from eklase_audit.i18n import _


@common.ends_well
def inspect(
    paths: PathsArgument,
    format_: FormatOption = Format.table,
    propose: Annotated[
        bool,
        typer.Option("--propose", help=_("Write configuration lines for files that are half understood.")),
    ] = False,
    as_kind: AsKindOption = None,
    newest: NewestOption = False,
    pseudonymise: PseudonymiseOption = False,
    pseudonym_key: PseudonymKeyOption = None,
    rules: RulesOption = None,
    config: ConfigOption = None,
    isolated: IsolatedOption = False,
    lang: LangOption = None,
) -> None:
    """Tell how each file was understood (see the command's help)."""
    from eklase_audit.inspection import inspect_journal, proposal
    from eklase_audit.reports import inspected

    hold_key(asked=pseudonymise, key=pseudonym_key)
    settings = common.configuration(config, paths, lang, isolated=isolated)
    regulation = common.regulation(settings, rules)
    journal = common.read(paths, as_kind or [], settings, regulation, newest=newest, forms=True, quiet=True)
    if propose:
        common.write(proposal(journal))
        raise typer.Exit(BROKEN if journal.errors else OK)
    inspection = inspect_journal(journal, regulation)
    with pseudonyms_of(settings, asked=pseudonymise, key=pseudonym_key) as pseudonyms:
        if pseudonyms is not None:
            from eklase_audit.veiling import veiled_inspection

            inspection = veiled_inspection(inspection, pseudonyms)
    if format_ is Format.json:
        common.write(inspected.text(inspection))
    else:
        inspected.show(inspection, common.output())
    raise typer.Exit(BROKEN if journal.errors else OK)
