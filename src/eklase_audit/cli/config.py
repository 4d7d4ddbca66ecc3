"""eklase-audit config: what is configured, from where, whether it holds, and its schema for editors."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eklase_audit.cli import common
from eklase_audit.cli.common import (
    BROKEN,
    OK,
    ConfigOption,
    Format,
    FormatOption,
    IsolatedOption,
    LangOption,
)
from eklase_audit.i18n import _

if TYPE_CHECKING:
    from eklase_audit.configured import Setting

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)

FolderArgument = Annotated[
    Path, typer.Argument(metavar="FOLDER", help=_("The folder from which the configuration is looked for, upward."))
]


@app.command("show", help=_("Show every setting with its value and where it comes from."))
@common.ends_well
def show(
    folder: FolderArgument = Path(),
    format_: FormatOption = Format.table,
    config: ConfigOption = None,
    isolated: IsolatedOption = False,
    lang: LangOption = None,
) -> None:
    """Show the settings (see the command's help)."""
    from eklase_audit.configured import settings

    held = settings(common.configuration(config, [folder], lang, isolated=isolated), os.environ)
    if format_ is Format.json:
        entries = [{"key": s.key, "value": s.value, "origin": s.origin, "name": s.name} for s in held]
        common.write(json.dumps({"schema": 1, "settings": entries}, ensure_ascii=False, indent=2) + "\n")
        return
    _table(held)


def _table(held: list[Setting]) -> None:
    from rich.text import Text

    from eklase_audit.configured import FILE, NOTHING, PACK, VARIABLE
    from eklase_audit.reports.layout import Column, safe, table_of, words_column

    origins = {
        VARIABLE: _("variable {name}"),
        FILE: _("file {name}"),
        PACK: _("rule pack {name}"),
        NOTHING: _("default"),
    }
    table = table_of("", Column(_("Key")), words_column(_("Value")), words_column(_("From")))
    for one in held:
        own = one.origin in (VARIABLE, FILE)
        style = "bold" if own else "dim"
        origin = safe(origins[one.origin].format(name=one.name))
        origin.stylize(style)
        table.add_row(Text(one.key, style=style), safe(_shown(one.value)), origin)
    common.output().print(table)


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@app.command("check", help=_("Check the configuration with the rule pack and lists it names; 2 where one is wrong."))
@common.ends_well
def check(
    folder: FolderArgument = Path(),
    config: ConfigOption = None,
    isolated: IsolatedOption = False,
    lang: LangOption = None,
) -> None:
    """Check the configuration (see the command's help)."""
    from eklase_audit.configured import faults

    held = common.configuration(config, [folder], lang, isolated=isolated)
    found = faults(held)
    for fault in found:
        common.say(str(fault))
    if not found:
        text = _("{path}: in order") if held.path else _("no configuration was found; the defaults are in order")
        common.write(text.format(path=held.path) + "\n")
    raise typer.Exit(BROKEN if found else OK)


@app.command("schema", help=_("Write the JSON schema of the configuration, for editors that complete and check."))
@common.ends_well
def schema() -> None:
    """Write the schema (see the command's help)."""
    from importlib.resources import files

    common.write(files("eklase_audit").joinpath("config.schema.json").read_text("utf-8"))
