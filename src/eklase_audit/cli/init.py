"""eklase-audit init: a configuration and a rule pack to start from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from eklase_audit.cli import common
from eklase_audit.cli.common import LangOption
from eklase_audit.i18n import _

PACK_NAME = "kartiba.toml"


@common.ends_well
def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=_("The folder to write into."))] = Path(),
    school: Annotated[
        str | None,
        typer.Option("--school", metavar="NAME", help=_("The school's name, for the pack's title.")),
    ] = None,
    like: Annotated[
        str | None, typer.Option("--like", metavar="ID", help=_("The rule pack to copy (else Aknīste's)."))
    ] = None,
    lang: LangOption = None,
) -> None:
    """Write a starting configuration and rule pack (see the command's help)."""
    from eklase_audit.clauses import CHECKS
    from eklase_audit.errors import AuditError
    from eklase_audit.files import write_file
    from eklase_audit.packs import DEFAULT, FILE_NAME, find_pack
    from eklase_audit.regulation import load_regulation
    from eklase_audit.starting import starting_config, starting_pack

    common.configuration(None, [folder], lang)
    name = like or DEFAULT
    load_regulation(name, CHECKS)
    if school is None and sys.stdin.isatty() and sys.stdout.isatty():
        school = typer.prompt(_("The school's name"), default=_("Our school"))
    pack, config = folder / PACK_NAME, folder / FILE_NAME
    text = starting_pack(find_pack(name).read_text("utf-8"), school or _("Our school"))
    write_file(pack, text.encode())
    try:
        write_file(config, starting_config(PACK_NAME).encode())
    except AuditError:
        # Both or none: a pack without a configuration that names it would be of no use.
        pack.unlink()
        raise
    for path in (pack, config):
        typer.echo(_("written: {path}").format(path=path))
