"""How many duties each person had to do, in each class: the ground on which findings are weighed.

Only duties that are decided count: done in time, late or overdue. The duties of clause 2 about one
lesson (its entry, topic, attendance, homework and absences) are one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from eklase_audit.duties import BEARERS
from eklase_audit.journal import kept
from eklase_audit.moments import DAY, NO_DAY, Flags, to_date, week_of
from eklase_audit.row_keys import row_keys

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
        some = kept(duties[["bearer", "role", "class", "subject", "on", "lesson"]], decided)
        on = some["on"].to_numpy()
        columns: Columns = [*(self._numbers(some[name]) for name in ("bearer", "role", "class")), week_of(on)]
        if not check.startswith(LESSON_CHECKS):
            self._counted.append(_distinct(columns))
            return
        lesson = some["lesson"].to_numpy()
        # Without its number, lessons of one day are told apart by the subject.
        subject = np.where(lesson < 0, self._numbers(some["subject"]), 0)
        self._lessons.append(_distinct([*columns, on, lesson, subject])[0])

    def _numbers(self, column: pd.Series) -> npt.NDArray[np.int64]:
        """One number a distinct text, the same in all frames; 0 for none."""
        numbers = [self._texts.setdefault(str(text), len(self._texts)) for text in column.cat.categories]
        return np.array([*numbers, 0], np.int64)[column.cat.codes.to_numpy()]

    def made(self) -> Iterator[Tally]:
        """The tallies of all checks added."""
        counted = [*self._counted]
        if self._lessons:
            together, _counts = _distinct([*np.concatenate(self._lessons).T])
            counted.append(_distinct([*together[:, :4].T]))
        if not counted:
            return
        every, counts = (np.concatenate(parts) for parts in zip(*counted, strict=True))
        lines, sums = _distinct([*every.T], counts)
        texts = list(self._texts)
        bearers = [tuple(text.split(BEARERS)) if text else () for text in texts]
        weeks = {week: to_date(week) if week != NO_DAY else None for week in np.unique(lines[:, 3]).tolist()}
        for (bearer, role, class_, week), count in zip(lines.tolist(), sums.tolist(), strict=True):
            yield Tally(bearers[bearer], str(texts[role]), texts[class_], count, weeks[week])


def due_counts(duties: pd.DataFrame, decided: Flags) -> dict[int, int]:
    """How many of the decided duties (see duties.py) were due on each day (days since 1970)."""
    codes, days = pd.factorize(duties["due"].to_numpy()[decided] // DAY, sort=True)
    return dict(zip(days.tolist(), np.bincount(codes).tolist(), strict=True))


def _distinct(columns: Columns, times: npt.NDArray[np.int64] | None = None) -> tuple[Lines, npt.NDArray[np.int64]]:
    """The distinct lines of a table, given as its columns, and how often each stands there, a line so many `times`."""
    # By hashing, which takes a third of the time that sorting a million keys does.
    codes, distinct = pd.factorize(row_keys(columns)[0])
    some = np.empty(len(distinct), np.int64)
    some[codes] = np.arange(len(codes))
    lines = np.stack([column[some].astype(np.int64) for column in columns], axis=1)
    return lines, np.bincount(codes, times).astype(np.int64)
