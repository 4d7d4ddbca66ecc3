"""The entries of all sheets of E-klase's own workbook as one list, each once, with what cannot be read in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from eklase_audit.exports import values
from eklase_audit.exports.journal_names import straight
from eklase_audit.exports.journal_workbook import ROW_COLUMNS, Cells, JournalSheet, letter
from eklase_audit.exports.table import Fate
from eklase_audit.exports.texts import LOST, Column, Unreadable
from eklase_audit.journal import DataProblem, Journal, Sheet
from eklase_audit.moments import Flags


@dataclass(frozen=True)
class AllCells:
    """Marks or absences of all sheets: index of their entry, pupil, text."""

    place: npt.NDArray[np.int64]
    pupil: Column
    text: Column

    def where(self, entries: Flags) -> AllCells:
        """Those of some of the entries."""
        keep = entries[self.place]
        return AllCells(self.place[keep], self.pupil[keep], self.text[keep])


def _all_cells(sheets: Sequence[JournalSheet], kept: Sequence[Flags], cells: Sequence[Cells]) -> AllCells:
    places: list[npt.NDArray[np.int64]] = [np.zeros(0, np.int64)]
    pupils, texts = [Column.of([])], [Column.of([])]
    start = 0
    for sheet, keep, mine in zip(sheets, kept, cells, strict=True):
        here = keep[mine.place]
        places.append((np.cumsum(keep) - 1 + start)[mine.place[here]])
        pupils.append(Column.of([straight(*pupil) for pupil in sheet.pupils]).gather(mine.pupil[here]))
        texts.append(mine.text[here])
        start += int(keep.sum())
    return AllCells(np.concatenate(places), Column.join(pupils), Column.join(texts))


def _first_seen(sheets: Sequence[JournalSheet]) -> tuple[list[Flags], Flags]:
    """For each sheet its entries that stand in no earlier one; and which of all these stand in a later one."""
    table = pd.DataFrame(
        {
            "same": np.array([key for sheet in sheets for key in sheet.same], np.int64),
            "sheet": np.repeat(np.arange(len(sheets)), [len(sheet.same) for sheet in sheets]),
        }
    )
    # Two alike in one sheet are two entries.
    table["within"] = table.groupby(["same", "sheet"]).cumcount()
    first = ~table.duplicated(["same", "within"]).to_numpy()
    again = table.duplicated(["same", "within"], keep=False).to_numpy()
    return np.split(first, np.cumsum([len(sheet.same) for sheet in sheets])[:-1]), again[first]


@dataclass
class Entries:
    """The entries of all sheets, one below the other: texts, where each stands, its pupils' cells.

    `repeated` are those that stand in a later sheet too.
    """

    columns: dict[str, Column]
    sheet_no: npt.NDArray[np.int32]
    row: npt.NDArray[np.int32]
    marks: AllCells
    absences: AllCells
    repeated: Flags
    faults: Faults

    def read(
        self, meaning: str, work: Callable[[str], Any], otherwise: Any, optional: Flags | None = None
    ) -> tuple[list[Any], Flags]:
        """What `work` makes of each distinct text of a column, and for which entries it could.

        The other cells are data problems, blank ones too, but for entries in which they are optional.
        """
        raw = self.columns[meaning]
        column = self.columns[meaning] = raw.cleaned
        done: list[Any] = []
        good: list[bool] = []
        for code, text in enumerate(column.texts):
            try:
                if not text:
                    raise Unreadable(values.BLANK)
                done.append(work(text))
                good.append(True)
            except Unreadable as fault:
                done.append(otherwise)
                good.append(False)
                told = column.codes == code
                if optional is not None and not text:
                    told &= ~optional
                for place in np.flatnonzero(told):
                    self.faults.add(
                        int(self.sheet_no[place]),
                        int(self.row[place]),
                        letter(ROW_COLUMNS[meaning]),
                        raw.texts[raw.codes[place]],
                        fault.reason,
                        fault.fill,
                    )
        return done, column.spread(good, False, bool)

    def lost(self, meaning: str) -> Flags:
        """The entries of whose cell in a column of texts a part is lost."""
        column = self.columns[meaning]
        return column.spread([LOST in text for text in column.texts], False, bool)

    def spread(self, meaning: str, told: Sequence[str]) -> Column:
        """A column of texts told for each distinct text of another one."""
        return Column.of(told).gather(self.columns[meaning].codes)


def joined_entries(journal: Journal, numbered: Sequence[tuple[int, JournalSheet]]) -> Entries:
    """The entries of all sheets, each distinct one once; notes the others' fate, and cells that cannot be read."""
    sheets = [sheet for _number, sheet in numbered]
    kept, repeated = _first_seen(sheets)
    pairs = list(zip(sheets, kept, strict=True))
    sizes = [int(keep.sum()) for keep in kept]
    columns = {
        meaning: Column.join([Column.of([]), *(sheet.columns[meaning][keep] for sheet, keep in pairs)])
        for meaning in (*ROW_COLUMNS, "topic", "homework", "teacher")
    }
    of_sheet = np.repeat(np.arange(len(sheets), dtype=np.int32), sizes)
    columns["class"] = Column.of([sheet.class_text for sheet in sheets]).gather(of_sheet)
    faults = Faults(journal.sheets)
    seen: set[object] = set()
    for (number, sheet), keep in zip(numbered, kept, strict=True):
        sheet.fates[sheet.numbers[~keep] - 1] = Fate.REPEAT
        for fault in sheet.faults:
            # One above the entries counts once, as an entry does, where two sheets are of the same pupils.
            above = (sheet.class_text, sheet.whole, tuple(sheet.pupils), fault)
            if keep[fault.place] if fault.place >= 0 else above not in seen:
                faults.add(number, fault.row, fault.column, fault.value, fault.reason, fault.fill)
            elif not sheet.class_name:
                sheet.fates[sheet.fates == Fate.UNREADABLE] = Fate.REPEAT
            seen.add(above)
    return Entries(
        columns,
        np.array([number for number, _sheet in numbered], np.int32)[of_sheet],
        np.concatenate([sheet.numbers[keep] for sheet, keep in pairs]),
        _all_cells(sheets, kept, [sheet.marks for sheet in sheets]),
        _all_cells(sheets, kept, [sheet.absences for sheet in sheets]),
        repeated,
        faults,
    )


class Faults:
    """Data problems of sheets of the workbook, counted by sheet."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self.sheets = sheets
        self.problems: list[DataProblem] = []

    def add(
        self, number: int, row: int, column: str, value: str, reason: str, fill: tuple[tuple[str, str], ...]
    ) -> None:
        """Note that a cell of a sheet cannot be read."""
        sheet = self.sheets[number]
        sheet.data_problems += 1
        self.problems.append(DataProblem(sheet.file, sheet.sheet, row, column, value, reason, fill))
