"""The runs that a history keeps, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from eklase_audit.history.database import Listed
from eklase_audit.i18n import _, day_text, moment_text, ngettext
from eklase_audit.reports.layout import Column, number_column, table_of, words_column


def show_runs(runs: Sequence[Listed], console: Console) -> None:
    """Print the runs of a history, one line each."""
    count = len(runs)
    console.print(Text(ngettext("{count} run", "{count} runs", count).format(count=count), style="bold"))
    if not runs:
        return
    headings = (_("checks"), _("findings"), _("waived"), _("new ones"))
    columns = [number_column(heading) for heading in headings]
    table = table_of("", Column(_("As of")), Column(_("Made")), *columns, words_column(_("Kind")))
    for run in runs:
        counts = (run.checks, run.findings, run.waived, run.new)
        table.add_row(day_text(run.day), moment_text(run.made_at), *map(str, counts), scope_text(run.scope))
    console.print(table)


def scope_text(scope: str) -> str:
    """What a run was asked for besides the exports; "" for nothing else."""
    words = {"ignore-in-force": _("with entries from before it was in force"), "store": _("with snapshots")}
    return ", ".join(words.get(word, word) for word in scope.split())
