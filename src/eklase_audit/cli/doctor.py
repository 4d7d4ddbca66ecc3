"""eklase-audit doctor: whether the tool has on this computer what it needs."""

from __future__ import annotations

import json
import os
import sys
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
    from eklase_audit.config import find_config
    from eklase_audit.doctor import State, Surroundings, examine

    if not folder.is_dir():
        raise AuditError(_("{path}: there is no such file or folder; check the name").format(path=folder))
    found = config or find_config(folder)
    try:
        common.configuration(found, [folder], lang)
    except AuditError:
        # A broken configuration is one of the things that are told below.
        if lang:
            i18n.activate(lang)
    console = common.output()
    conditions = examine(
        Surroundings(
            now=datetime.now().astimezone(),
            folder=folder.absolute(),
            encoding=sys.stdout.encoding or "ascii",
            terminal=sys.stdout.isatty(),
            width=console.width,
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
    from rich.text import Text

    from eklase_audit.doctor import State
    from eklase_audit.reports.terminal import safe

    words = {
        State.ok: (_("ok"), "green"),
        State.warning: (_("warning"), "yellow"),
        State.broken: (_("to mend"), "bold red"),
    }
    console = common.output()
    margin = max(len(word) for word, _style in words.values()) + 2
    for one in conditions:
        word, style = words[one.state]
        texts = [Text.assemble((one.title, "bold"), ": ", safe(one.found))]
        if one.advice:
            texts.append(Text("→ ") + safe(one.advice))
        width = max(20, min(console.width, _WIDTH) - margin)
        lines = [line for text in texts for line in (text.wrap(console, width) if sys.stdout.isatty() else [text])]
        for number, line in enumerate(lines):
            line.rstrip()
            head = "" if number else word
            console.print(Text.assemble((head, style), " " * (margin - len(head)), line))
    broken, warnings = (sum(one.state is state for one in conditions) for state in (State.broken, State.warning))
    parts = [
        ngettext("{count} thing to mend", "{count} things to mend", broken).format(count=broken),
        ngettext("{count} warning", "{count} warnings", warnings).format(count=warnings),
    ]
    console.print(Text(_("In all: {parts}").format(parts=", ".join(parts))))
