"""eklase-audit doctor: whether the tool has on this computer what it needs."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eklase_audit import __version__, i18n
from eklase_audit.cli import common
from eklase_audit.cli.common import BROKEN, OK, ConfigOption, Format, FormatOption, LangOption
from eklase_audit.errors import AuditError
from eklase_audit.i18n import _, ngettext

if TYPE_CHECKING:
    from eklase_audit.doctor import Condition

# Longer lines are hard to read, however wide the terminal is.
_WIDTH = 110


@common.ends_well
def doctor(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help=_("The folder that the exports stand in or reports go to."))
    ] = Path(),
    format_: FormatOption = Format.table,
    config: ConfigOption = None,
    lang: LangOption = None,
) -> None:
    """Look at the surroundings (see the command's help)."""
    from eklase_audit.doctor import State, Surroundings, examine

    if not folder.is_dir():
        raise AuditError(_("{path}: there is no such file or folder; check the name").format(path=folder))
    found = config
    try:
        from eklase_audit.packs import find_config

        found = config or find_config(folder)
        common.configuration(found, [folder], lang)
    except (AuditError, ImportError):
        # A broken configuration, and a library that is missing, are things that are told below.
        if lang:
            i18n.activate(lang)
    conditions = examine(
        Surroundings(
            now=datetime.now().astimezone(),
            folder=folder.absolute(),
            encoding=sys.stdout.encoding or "ascii",
            terminal=sys.stdout.isatty(),
            width=shutil.get_terminal_size().columns,
            environment=os.environ,
            config=found,
        )
    )
    if format_ is Format.json:
        common.write(_text(conditions))
    else:
        _show(conditions)
    raise typer.Exit(BROKEN if any(one.state is State.broken for one in conditions) else OK)


def _text(conditions: list[Condition]) -> str:
    """The conditions as JSON text."""
    entry = {
        "schema": 1,
        "tool": {"name": "eklase-audit", "version": __version__},
        "conditions": [
            {
                "condition": one.name,
                "title": one.title,
                "state": one.state.value,
                "found": one.found,
                "advice": one.advice or None,
            }
            for one in conditions
        ],
    }
    return json.dumps(entry, ensure_ascii=False, indent=2) + "\n"


def _show(conditions: list[Condition]) -> None:
    """Print each condition, below it what to do, and at the end how many are to be mended."""
    from eklase_audit.doctor import State

    words = {State.ok: _("ok"), State.warning: _("warning"), State.broken: _("to mend")}
    colours = {State.ok: typer.colors.GREEN, State.warning: typer.colors.YELLOW, State.broken: typer.colors.RED}
    margin = max(map(len, words.values())) + 2
    # No library but Typer is used here: one that is missing is what this page has to tell.
    width = max(20, min(shutil.get_terminal_size().columns, _WIDTH) - margin) if sys.stdout.isatty() else sys.maxsize
    for one in conditions:
        head = f"{words[one.state]:<{margin}}"
        head = head if os.environ.get("NO_COLOR") else typer.style(head, fg=colours[one.state])
        for text in [f"{one.title}: {one.found}", *([f"→ {one.advice}"] if one.advice else [])]:
            for line in textwrap.wrap(_plain(text), width, break_on_hyphens=False):
                typer.echo(head + line)
                head = " " * margin
    broken, warnings = (sum(one.state is state for one in conditions) for state in (State.broken, State.warning))
    parts = [
        ngettext("{count} thing to mend", "{count} things to mend", broken).format(count=broken),
        ngettext("{count} warning", "{count} warnings", warnings).format(count=warnings),
    ]
    typer.echo(_("In all: {parts}").format(parts=", ".join(parts)))


def _plain(text: str) -> str:
    """A text without letters that would steer the terminal: a name of a folder may hold some."""
    return "".join(letter for letter in text if letter.isprintable())
