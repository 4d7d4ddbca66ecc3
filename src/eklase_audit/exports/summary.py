"""A summary, which has a column a subject and period: its marks one below the other, and those it has lost."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from eklase_audit.exports import values
from eklase_audit.exports.texts import LOST, Column
from eklase_audit.journal import DataProblem, Journal, categorical


def lost_marks(
    journal: Journal,
    cells: dict[tuple[str, str], Column],
    sheet_no: npt.NDArray[np.int32],
    rows: npt.NDArray[np.int32],
) -> Iterator[DataProblem]:
    """A data problem for each mark of a summary that the file has lost. That there is one still counts."""
    for (subject, part), column in cells.items():
        for place in np.flatnonzero(column.spread([LOST in text for text in column.texts], False, bool)):
            sheet = journal.sheets[sheet_no[place]]
            yield DataProblem(
                sheet.file,
                sheet.sheet,
                int(rows[place]),
                f"{subject} {part}",
                column.texts[column.codes[place]],
                values.LOST_CELL,
            )


def melted(frame: pd.DataFrame, cells: dict[tuple[str, str], Column]) -> pd.DataFrame:
    """A summary as one row a mark: its pupil's columns, subject, period (1, 2 or YEAR) and mark."""
    places: list[npt.NDArray[np.intp]] = []
    marks: list[npt.NDArray[np.object_]] = []
    for column in (cell.cleaned for cell in cells.values()):
        here = np.flatnonzero(~column.blank())
        places.append(here)
        marks.append(np.array(column.texts, object)[column.codes[here]])
    counts = list(map(len, places))
    joined = frame.take(np.concatenate(places)).reset_index(drop=True)
    for name, texts in (
        ("subject", np.repeat(np.array([subject for subject, _part in cells], object), counts)),
        ("subject_key", np.repeat(np.array([subject.casefold() for subject, _part in cells], object), counts)),
        ("mark", np.concatenate(marks)),
    ):
        codes, distinct = pd.factorize(texts)
        joined[name] = categorical(codes.astype(np.int32), list(distinct))
    joined["period"] = np.repeat(np.array([values.period(part) for _subject, part in cells], np.int8), counts)
    return joined
