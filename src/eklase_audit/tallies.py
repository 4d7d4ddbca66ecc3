"""How many duties each person had to do, in each class: the ground on which findings are weighed.

Only duties that are decided count: done in time, late or overdue. The duties of clause 2 about one
lesson (its entry, topic, attendance, homework and absences) are one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from eklase_audit.duties import BEARERS
from eklase_audit.moments import DAY, NO_DAY, Flags, to_date, week_of

# The checks of which those about one lesson are one duty begin so.
LESSON_CHECKS = "daily."


@dataclass(frozen=True)
class Tally:
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
    _counts: Counter[tuple[int, int, int, int]] = field(default_factory=Counter)
    _lessons: list[npt.NDArray[np.int64]] = field(default_factory=list)

    def add(self, check: str, duties: pd.DataFrame, decided: Flags) -> None:
        """Count the decided duties (see duties.py) of a check, named as in CHECKS."""
        if not decided.any():
            return
        on = duties["on"].to_numpy()[decided]
        columns = [self._numbers(duties[name])[decided] for name in ("bearer", "role", "class")]
        columns.append(week_of(on).astype(np.int64))
        if not check.startswith(LESSON_CHECKS):
            self._count(np.stack(columns, axis=1))
            return
        lesson = duties["lesson"].to_numpy()[decided].astype(np.int64)
        # Without its number, lessons of one day are told apart by the subject.
        subject = np.where(lesson < 0, self._numbers(duties["subject"])[decided], 0)
        self._lessons.append(np.stack([*columns, on.astype(np.int64), lesson, subject], axis=1))

    def _numbers(self, column: pd.Series) -> npt.NDArray[np.int64]:
        """One number a distinct text, the same in all frames; 0 for none."""
        numbers = [self._texts.setdefault(str(text), len(self._texts)) for text in column.cat.categories]
        return np.array([*numbers, 0], np.int64)[column.cat.codes.to_numpy()]

    def _count(self, lines: npt.NDArray[np.int64]) -> None:
        distinct, counts = _distinct(lines)
        for line, count in zip(distinct.tolist(), counts.tolist(), strict=True):
            self._counts[line[0], line[1], line[2], line[3]] += count

    def made(self) -> Iterator[Tally]:
        """The tallies of all checks added."""
        if self._lessons:
            together, _counts = _distinct(np.concatenate(self._lessons))
            self._count(together[:, :4])
            self._lessons.clear()
        texts = list(self._texts)
        bearers = [tuple(text.split(BEARERS)) if text else () for text in texts]
        weeks = {week: to_date(week) if week != NO_DAY else None for *_others, week in self._counts}
        for (bearer, role, class_, week), count in self._counts.items():
            yield Tally(bearers[bearer], str(texts[role]), texts[class_], count, weeks[week])


def due_counts(duties: pd.DataFrame, decided: Flags) -> dict[int, int]:
    """How many of the decided duties (see duties.py) were due on each day (days since 1970)."""
    days, counts = np.unique(duties["due"].to_numpy()[decided] // DAY, return_counts=True)
    return dict(zip(days.tolist(), counts.tolist(), strict=True))


def _distinct(lines: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The distinct lines of a table of whole numbers and how often each stands there."""
    key, span = np.zeros(len(lines), np.int64), 1
    distinct: npt.NDArray[np.int64]
    for column in lines.T:
        column = column - column.min()
        width = int(column.max()) + 1
        if span * width >= 2**62:
            key, distinct = pd.factorize(key)
            span = len(distinct)
        key, span = key * width + column, span * width
    # By hashing, which takes a third of the time that sorting a million keys does.
    codes, distinct = pd.factorize(key)
    some = np.empty(len(distinct), np.int64)
    some[codes] = np.arange(len(codes))
    return lines[some], np.bincount(codes)
