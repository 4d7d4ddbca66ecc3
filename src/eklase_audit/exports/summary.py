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
    parts = []
    for (subject, part), column in cells.items():
        column = column.cleaned()
        here = ~column.blank()
        piece = frame[here].copy()
        piece["subject"] = subject
        piece["subject_key"] = subject.casefold()
        piece["period"] = np.int8(values.period(part))
        piece["mark"] = pd.Series(column.texts, dtype=object).to_numpy()[column.codes[here]]
        parts.append(piece)
    joined = pd.concat(parts, ignore_index=True)
    for name in ("subject", "subject_key", "mark"):
        codes, texts = pd.factorize(joined[name].to_numpy(object))
        joined[name] = categorical(codes.astype(np.int32), list(texts))
    return joined
