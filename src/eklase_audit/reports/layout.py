"""How tables and texts are laid out in a terminal, or as plain text where the output is none."""

from __future__ import annotations

from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from eklase_audit.reports.safe_text import visible

# Without a terminal nothing is wrapped or cut: lines are as long as they need to be.
UNLIMITED = 100_000
# A column of words is never squeezed narrower than this.
_LEAST = 12


def safe(text: str | None) -> Text:
    """A text from a file, shown as it is: never as markup, with no control or direction characters."""
    return Text(visible(text or ""))


@dataclass(frozen=True)
class Column:
    """A column of a table. `words` may be broken between lines, other texts and numbers may not."""

    heading: str
    number: bool = False
    words: bool = False


def table_of(title: str, *columns: Column) -> Table:
    """An empty table of these columns, with a title above it."""
    table = Table(
        title=Text(title, style="bold") if title else None,
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for column in columns:
        # Headings of numbers are longer than the numbers, so they may be broken; texts that are no words may not.
        table.add_column(
            column.heading,
            justify="right" if column.number else "left",
            overflow="fold",
            no_wrap=not (column.words or column.number),
            min_width=_LEAST if column.words else None,
        )
    return table


def words_column(heading: str) -> Column:
    """A column whose texts may be broken between lines."""
    return Column(heading, words=True)


def number_column(heading: str) -> Column:
    """A column of numbers."""
    return Column(heading, number=True)


def is_narrow(console: Console) -> bool:
    """Whether a terminal is too narrow for all columns side by side: then some stand one below the other."""
    return console.width < 150


def count_text(count: int, style: str = "") -> Text:
    """A count; none is a dot, so that the others are seen."""
    return Text(str(count), style=style) if count else Text("·", style="dim")


def lines_of(*parts: Text) -> Text:
    """The parts that say something, one below the other."""
    return Text("\n").join(part for part in parts if part.plain)
