"""A table as it stands in a file, before anything in it is understood."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from eklase_audit.exports.headings import Header
from eklase_audit.exports.texts import Column, clean, fold

_FOOTERS = ("kopa", "sagatavots", "sagatavoja")


@dataclass
class Table:
    """The rows below a header: all columns as texts, each row with its number in the file.

    `too_wide` are rows with more filled cells than headings.
    """

    columns: list[Column]
    numbers: npt.NDArray[np.int32]
    too_wide: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))

    def __post_init__(self) -> None:
        if len(self.too_wide) != len(self.numbers):
            self.too_wide = np.zeros(len(self.numbers), bool)

    def rows(self, keep: npt.NDArray[np.generic]) -> Table:
        """The table of some of the rows."""
        return Table([column[keep] for column in self.columns], self.numbers[keep], self.too_wide[keep])


def without_blanks_and_footer(table: Table, header: Header) -> Table:
    """The table without its blank rows and without the footer below its last data row."""
    filled = np.zeros(len(table.numbers), bool)
    for column in table.columns:
        filled |= column.spread([bool(clean(text)) for text in column.texts], False, bool)
    table = table.rows(filled)
    required = [header.columns[meaning] for meaning in header.kind.required]
    end = len(table.numbers)
    while end and _is_footer([_cell(column, end - 1) for column in table.columns], required):
        end -= 1
    return table.rows(np.arange(end)) if end < len(table.numbers) else table


def _cell(column: Column, row: int) -> str:
    code = column.codes[row]
    return clean(column.texts[code]) if code >= 0 else ""


def _is_footer(cells: Sequence[str], required: Sequence[int]) -> bool:
    first = next((n for n, cell in enumerate(cells) if cell), None)
    if first is None or not fold(cells[first]).startswith(_FOOTERS):
        return False
    return not any(cells[n] for n in required if n != first)


def table_of_rows(rows: Sequence[Sequence[str]], first_number: int, width: int,
                  text: Callable[[int], Callable[[str], str]] | None = None) -> Table:
    """The table of rows of texts, the first of which has that number in the file."""
    columns = []
    for n in range(width):
        cells = [row[n] if n < len(row) else "" for row in rows]
        columns.append(Column.of(cells if text is None else list(map(text(n), cells))))
    numbers = np.arange(first_number, first_number + len(rows), dtype=np.int32)
    wide = np.fromiter((any(clean(c) for c in row[width:]) for row in rows), bool, len(rows))
    return Table(columns, numbers, wide)
