"""eklase-audit what-if: the same exports under a changed regulation."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eklase_audit.cli import common, completion
from eklase_audit.cli.check import broken
from eklase_audit.cli.common import BROKEN, OK, Format, FormatOption
from eklase_audit.cli.request import Request, Run, with_request
from eklase_audit.errors import AuditError
from eklase_audit.i18n import _

if TYPE_CHECKING:
    from eklase_audit.regulation import Regulation


@with_request
def what_if(
    request: Request,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help=_("Change a parameter, as under [parameters] in the configuration: 5.working_days=5; repeatable."),
        ),
    ] = None,
    other_rules: Annotated[
        str | None,
        typer.Option(
            "--other-rules",
            metavar="ID|FILE",
            help=_("Another regulation, to compare with one's own."),
            autocompletion=completion.rules,
        ),
    ] = None,
    format_: FormatOption = Format.table,
) -> None:
    """Audit twice (see the command's help)."""
    from eklase_audit.reports import whatif_report
    from eklase_audit.whatif import WhatIf

    if not changes and other_rules is None:
        raise AuditError(_("say what would change: --set 5.working_days=5, or --other-rules with another regulation"))
    run = request.run()
    changed, ids = _changed(run, _settings(changes or []), other_rules)
    before = run.audit()
    # What is to be said of the exports was said with the first audit.
    what = WhatIf(before, run.under(changed).audit(), ids)
    if format_ is Format.json:
        common.write(whatif_report.text(what))
    else:
        whatif_report.show(what, common.output())
    raise typer.Exit(BROKEN if broken(before) else OK)


def _changed(run: Run, settings: dict[str, Any], other_rules: str | None) -> tuple[Regulation, dict[str, str]]:
    """The regulation as it would be, and the ids of its checks in another school's. Raises AuditError."""
    from eklase_audit.school_rules import regulation_of
    from eklase_audit.whatif import exchanged

    if other_rules is None:
        # What is asked for here comes after what the school has set, and so over it.
        own = {name: value for name, value in run.settings.parameters.items() if name not in settings}
        changed = replace(run.settings, parameters={**own, **settings})
        return regulation_of(changed, run.request.rules), {}
    # The school's own parameters are for its own clauses and numbers.
    return exchanged(run.regulation, regulation_of(replace(run.settings, parameters=settings), other_rules))


def _settings(texts: list[str]) -> dict[str, Any]:
    """The parameters of --set NAME=VALUE, valued as in TOML; a bare word is a text. Raises AuditError."""
    settings = {}
    for text in texts:
        name, sign, value = (part.strip() for part in text.partition("="))
        if not name or not sign or not value:
            raise AuditError(_("--set: write it as NAME=VALUE, such as 5.working_days=5"))
        try:
            (settings[name],) = tomllib.loads(f"value = {value}").values()
        except (tomllib.TOMLDecodeError, ValueError):
            settings[name] = value
    return settings
