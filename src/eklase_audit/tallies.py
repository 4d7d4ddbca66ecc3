"""How many duties each person had to do, in each class: the ground on which findings are weighed.

Only duties that are decided count: done in time, late or overdue. The duties of clause 2 about one
lesson (its entry, topic, attendance, homework and absences) are one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from eklase_audit.duties import BEARERS
from eklase_audit.moments import DAY, NO_WEEK, Flags, monday_of, week_number
from eklase_audit.row_keys import cell_numbers, row_keys

# The checks of which those about one lesson are one duty begin so.
LESSON_CHECKS = "daily."
Columns = list[npt.NDArray[Any]]
Lines = npt.NDArray[np.int64]


class Tally(NamedTuple):
    """The number of duties decided for some bearers in a role and a class; no bearer: not known.

    `week` is the Monday of the week that the duties are of (their `on` day), None where that is not known.
    """

    bearers: tuple[str, ...]
    role: str
    class_: str | None
    duties: int
    week: date | None = None


@dataclass
class Tallies:
    """Counts duties as one check after the other is judged."""

    _texts: dict[str | None, int] = field(default_factory=lambda: {None: 0})
    _counted: list[tuple[Lines, npt.NDArray[np.int64]]] = field(default_factory=list)
    _lessons: list[Lines] = field(default_factory=list)

    def add(self, check: str, duties: pd.DataFrame, decided: Flags) -> None:
        """Count the decided duties (see duties.py) of a check, named as in CHECKS."""
        if not decided.any():
            return
        places = slice(None) if decided.all() else np.flatnonzero(decided)

        def cells(name: str) -> npt.NDArray[Any]:
            return cell_numbers(duties[name])[places]

        on = cells("on")
        columns: Columns = [cells("bearer"), cells("role"), cells("class"), week_number(on)]
        if not check.startswith(LESSON_CHECKS):
            lines, counts = _distinct(columns)
            self._counted.append((self._same_in_all(lines, duties), counts))
            return
        lesson = cells("lesson")
        # Without its number, lessons of one day are told apart by the subject.
        subject = np.where(lesson < 0, cells("subject"), -1)
        lines, _counts = _distinct([*columns, on, lesson, subject])
        lines[:, 6] = self._numbers(duties["subject"], lines[:, 6])
        self._lessons.append(self._same_in_all(lines, duties))

    def _same_in_all(self, lines: Lines, duties: pd.DataFrame) -> Lines:
        """The lines with numbers of texts that are the same in all frames."""
        for place, name in enumerate(("bearer", "role", "class")):
            lines[:, place] = self._numbers(duties[name], lines[:, place])
        return lines

    def _numbers(self, column: pd.Series, codes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """One number a distinct text of a column, the same in all frames; 0 for none."""
        numbers = [self._texts.setdefault(str(text), len(self._texts)) for text in column.cat.categories]
        return np.array([*numbers, 0], np.int64)[codes]

    def made(self) -> list[Tally]:
        """The tallies of all checks added."""
        counted = [*self._counted]
        if self._lessons:
            together, _counts = _distinct([*np.concatenate(self._lessons).T])
            counted.append(_distinct([*together[:, :4].T]))
        if not counted:
            return []
        every, counts = (np.concatenate(parts) for parts in zip(*counted, strict=True))
        lines, sums = _distinct([*every.T], counts)
        texts = list(self._texts)
        bearers = [tuple(text.split(BEARERS)) if text else () for text in texts]
        roles = list(map(str, texts))
        mondays = {week: monday_of(week) if week != NO_WEEK else None for week in np.unique(lines[:, 3]).tolist()}
        return [
            Tally(bearers[bearer], roles[role], texts[class_], duties, mondays[week])
            for (bearer, role, class_, week), duties in zip(lines.tolist(), sums.tolist(), strict=True)
        ]


def due_counts(duties: pd.DataFrame, decided: Flags) -> dict[int, int]:
    """How many of the decided duties (see duties.py) were due on each day (days since 1970)."""
    if not decided.any():
        return {}
    lines, counts = _distinct([duties["due"].to_numpy()[decided] // DAY])
    return dict(sorted(zip(lines[:, 0].tolist(), counts.tolist(), strict=True)))


def _distinct(columns: Columns, times: npt.NDArray[np.int64] | None = None) -> tuple[Lines, npt.NDArray[np.int64]]:
    """The distinct lines of a table, given as its columns, and how often each stands there, a line so many `times`."""
    count = len(columns[0])
    # Keys that are hardly more than the lines are counted without looking for equal ones.
    keys, span = row_keys(columns, limit=2 * count + 1000)
    some = np.empty(span, np.int32)
    some[keys] = np.arange(count, dtype=np.int32)
    counts = np.bincount(keys, times, span).astype(np.int64)
    there = np.flatnonzero(counts)
    some = some[there]
    return np.stack([column[some].astype(np.int64) for column in columns], axis=1), counts[there]
