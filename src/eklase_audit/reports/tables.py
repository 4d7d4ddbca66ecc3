"""The tables of all reports in a terminal: how they look, and what gives way where it is narrow."""

from __future__ import annotations

from dataclasses import dataclass

from rich import box
from rich.console import Console
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


def words(heading: str) -> Column:
    """A column of words."""
    return Column(heading, words=True)


def number(heading: str) -> Column:
    """A column of numbers."""
    return Column(heading, number=True)


def new_table(title: str, *columns: Column) -> Table:
    """A table without rows yet; no title stands above it where that is blank."""
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


def is_narrow(console: Console) -> bool:
    """Whether a terminal is too narrow for all columns side by side: then some stand one below the other."""
    return console.width < 150


def below(*parts: Text) -> Text:
    """The parts that are not blank, one below the other."""
    return Text("\n").join(part for part in parts if part.plain)
