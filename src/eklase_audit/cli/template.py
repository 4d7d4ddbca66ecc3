"""eklase-audit template: an empty workbook for what E-klase may not export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eklase_audit.cli import common, completion
from eklase_audit.cli.common import LangOption
from eklase_audit.i18n import _


@common.ends_well
def template(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND",
            help=_("The kind of export, such as documents or notes."),
            autocompletion=completion.templates,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help=_("The workbook to write (else KIND.xlsx here).")),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help=_("Write over a file that is there already."))] = False,
    lang: LangOption = None,
) -> None:
    """Write an empty workbook of a kind (see the command's help)."""
    from eklase_audit.errors import AuditError, nearest
    from eklase_audit.files import write_file
    from eklase_audit.template_names import LISTS, TEMPLATES
    from eklase_audit.templates import workbook

    common.configuration(None, [Path()], lang)
    names = (*TEMPLATES, *LISTS)
    if kind not in names:
        raise AuditError(
            _("there is no template for «{kind}»; nearest: {near}").format(
                kind=kind, near=nearest(kind, names, len(names))
            )
        )
    path = out or Path(f"{kind}.xlsx")
    write_file(path, workbook(kind), overwrite=overwrite)
    typer.echo(_("written: {path}").format(path=path))
