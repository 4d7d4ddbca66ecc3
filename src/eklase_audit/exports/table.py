"""A table as it stands in a file, before it is understood, and what becomes of each of its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import chain, repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from eklase_audit.exports.headings import Header, fold_row
from eklase_audit.exports.texts import Column, clean, fold, numbered

_FOOTERS = ("kopa", "sagatavots", "sagatavoja")
# For fewer rows Arrow's arrays are not worth making.
_MANY = 1000


class Fate(IntEnum):
    """What becomes of a row: each row of a file has one of these.

    OTHER stands in E-klase's own workbook and is no entry of the journal, REPEAT stands in another file or
    sheet too, UNREADABLE owes nothing because of a data problem.
    """

    TITLE = 0
    HEADER = 1
    BLANK = 2
    FOOTER = 3
    OTHER = 4
    REPEAT = 5
    UNREADABLE = 6
    AUDITED = 7


Fates = npt.NDArray[np.int8]


class RowFault(IntEnum):
    """What is wrong with a row as a whole: more filled cells than headings, or broken quotation marks."""

    NONE = 0
    WIDE = 1
    MISQUOTED = 2


@dataclass
class Table:
    """The rows below a header: all columns as texts, each row with its number in the file and its fault.

    `above` are the rows down to the header, the header among them.
    """

    columns: list[Column]
    numbers: npt.NDArray[np.int32]
    faults: npt.NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))
    above: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if len(self.faults) != len(self.numbers):
            self.faults = np.zeros(len(self.numbers), np.int8)

    def rows(self, keep: npt.NDArray[np.generic]) -> Table:
        """The table of some of the rows."""
        return Table([column[keep] for column in self.columns], self.numbers[keep], self.faults[keep], self.above)


def data_rows(table: Table, header: Header) -> tuple[Table, Fates]:
    """The table of the rows that hold data, and the fate of each row of the file so far.

    No data are blank rows, the header where it is repeated (as on each page of a print) with the titles and
    the footer above it, and the footer below the last data row.
    """
    above = np.full(len(table.above), Fate.TITLE, np.int8)
    above[[not any(map(clean, cells)) for cells in table.above]] = Fate.BLANK
    above[len(above) - header.depth :] = Fate.HEADER
    below = np.full(len(table.numbers), Fate.AUDITED, np.int8)
    filled = table.faults == RowFault.MISQUOTED
    for column in table.columns:
        if filled.all():
            break
        filled |= column.seen()
    below[~filled] = Fate.BLANK
    repeats = _repeated_headers(table, header)
    for place in repeats:
        below[place : place + header.depth] = Fate.HEADER
    required = [header.columns[meaning] for meaning in header.kind.required]
    titles = {_filled_cells(cells) for cells in table.above[: -header.depth]}
    for end in (*repeats, len(below)):
        place = end - 1
        while place >= 0 and below[place] in (Fate.AUDITED, Fate.BLANK):
            if below[place] == Fate.AUDITED:
                cells = [_cell(column, place) for column in table.columns]
                if _is_footer(cells, required):
                    below[place] = Fate.FOOTER
                elif end < len(below) and _filled_cells(cells) in titles:
                    below[place] = Fate.TITLE
                else:
                    break
            place -= 1
    kept = below == Fate.AUDITED
    return table if kept.all() else table.rows(kept), np.concatenate([above, below])


def _repeated_headers(table: Table, header: Header) -> list[int]:
    """Where the header stands again, by the place of its first row among the rows below it."""
    words = [fold_row(cells) for cells in table.above[-header.depth :]]
    # The column with the fewest texts tells fastest that there is none.
    places = [header.columns[meaning] for meaning in header.kind.required]
    column = min(places, key=lambda place: len(table.columns[place].texts))
    offset = next(n for n, row in enumerate(words) if column < len(row) and row[column])
    texts = table.columns[column].texts
    alike = [code for code, word in enumerate(fold_row(texts)) if word == words[offset][column]]
    if not alike:
        return []
    starts = np.flatnonzero(np.isin(table.columns[column].codes, alike)) - offset
    found: list[int] = []
    for start in starts[(starts >= 0) & (starts + len(words) <= len(table.numbers))]:
        rows = [fold_row([_cell(c, start + n) for c in table.columns]) for n in range(len(words))]
        if all(row == (word + [""] * len(row))[: len(row)] for row, word in zip(rows, words, strict=True)):
            found.append(int(start))
    return found


def _filled_cells(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(text for cell in cells if (text := clean(cell)))


def _cell(column: Column, row: int) -> str:
    code = column.codes[row]
    return clean(column.texts[code]) if code >= 0 else ""


def _is_footer(cells: Sequence[str], required: Sequence[int]) -> bool:
    first = next((n for n, cell in enumerate(cells) if cell), None)
    if first is None or not fold(cells[first]).startswith(_FOOTERS):
        return False
    return not any(cells[n] for n in required if n != first)


def table_of_rows(
    rows: Sequence[Sequence[Any]],
    first_number: int,
    width: int,
    text: Callable[[int], Callable[[Any], str]] = lambda column: str,
) -> Table:
    """The table of rows of cells of which `text` makes texts, by column; the first row with that number.

    What is a text already stays as it is.
    """
    # All cells one behind the other, row by row, from where a column is taken faster than from a million rows.
    fitted = (row if len(row) == width else [*row[:width], *repeat("", width - len(row))] for row in rows)
    cells = np.fromiter(chain.from_iterable(fitted), object, len(rows) * width).reshape(len(rows), width)
    columns = [_column_of(cells[:, n], text(n)) for n in range(width)]
    numbers = np.arange(first_number, first_number + len(rows), dtype=np.int32)
    faults = np.zeros(len(rows), np.int8)
    if max(map(len, rows), default=0) > width:
        wide = [any(clean(text(width)(cell)) for cell in row[width:]) for row in rows]
        faults[wide] = RowFault.WIDE
    return Table(columns, numbers, faults)


def _column_of(cells: npt.NDArray[np.object_], text: Callable[[Any], str]) -> Column:
    """The column of the texts of cells, each distinct cell worked once."""
    if len(cells) >= _MANY:
        # Arrow holds nothing but texts, which are what they are; it is twice as fast, and so is all that follows.
        with suppress(pa.ArrowException, ValueError):
            held = pa.array(cells, pa.string())
            if not held.null_count:
                return Column.of_arrow(pa.chunked_array([held.dictionary_encode()]))
    values = cells.tolist()
    places = numbered(values)
    if 1 in places or 0 in places:
        # True equals 1, and is another text.
        values = [text(cell) if isinstance(cell, bool) else cell for cell in values]
        places = numbered(values)
    codes = np.fromiter(map(places.__getitem__, values), np.int32, len(values))
    return Column.of(list(map(text, places))).gather(codes)
