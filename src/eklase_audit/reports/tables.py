"""Tables of a terminal, all alike."""

from __future__ import annotations

from dataclasses import dataclass

from rich import box
from rich.table import Table
from rich.text import Text

# A column of words is never squeezed narrower than this.
_LEAST = 12


@dataclass(frozen=True)
class Column:
    """A column of a table. `words` may be broken between lines, other texts and numbers may not."""

    heading: str
    number: bool = False
    words: bool = False


def new_table(title: str, *columns: Column) -> Table:
    """An empty table with a title ("" for none)."""
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


def words(heading: str) -> Column:
    """A column of words."""
    return Column(heading, words=True)


def number(heading: str) -> Column:
    """A column of numbers."""
    return Column(heading, number=True)


def count_text(count: int, style: str = "") -> Text:
    """A number in a cell; a faint dot for 0."""
    return Text(str(count), style=style) if count else Text("·", style="dim")
