"""Which letters were written, and how much each holds, in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from eklase_audit.i18n import _
from eklase_audit.reports.layout import number_column, safe, table_of, words_column
from eklase_audit.reports.letters import Letter


def show(letters: Sequence[Letter], console: Console) -> None:
    """Print a line a letter: its teacher, and how many things it tells of, in all its parts."""
    if not letters:
        return
    table = table_of(_("Letters"), words_column(_("Teacher")), number_column(_("To do")), number_column(_("Falls due")))
    for letter in letters:
        table.add_row(safe(letter.person), str(letter.to_do), str(letter.to_come))
    console.print(table)
