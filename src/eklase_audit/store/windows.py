"""What follows from snapshots: between which two of them an entry was made (contract of observation).

The window of an entry is (A, B]: B the first snapshot that holds it, A the last one before B that
speaks of its class, subject and day and does not hold it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from eklase_audit.calendar import school_year_of
from eklase_audit.journal import Journal
from eklase_audit.moments import NO_MOMENT, Windows
from eklase_audit.store.coverage import Coverage, Places, last_covering
from eklase_audit.store.database import Store
from eklase_audit.store.entries import (
    ASPECTS,
    Keys,
    final_keys,
    groups,
    identities,
    is_ranged,
    keys_of,
    row_days,
    statements_of,
)

# As late as no snapshot is.
_NEVER = np.int64(2**62)


@dataclass
class Observer:
    """Looks up duties in a store, as of a moment: later snapshots are not looked at."""

    store: Store
    journal: Journal
    as_of: int
    _coverages: dict[str, list[Coverage]] = field(default_factory=dict)

    def windows(self, aspect: str, duties: pd.DataFrame) -> Windows:
        """The windows of duties (see duties.py) as entries of an aspect."""
        kind = ASPECTS[aspect]
        # Before the entries, so that a snapshot which another run adds meanwhile is not one that lacks them.
        if kind not in self._coverages:
            self._coverages[kind] = self.store.coverage(kind, self.as_of)
        by = self.store.first_seen(aspect, self._keys(aspect, duties), self.as_of)
        coverage, ranged = self._coverages[kind], is_ranged(aspect)
        on = duties["on"].to_numpy()
        # Semester and annual marks may be given from the first day of their time on.
        since = duties["since"].to_numpy() if aspect in ("semester-mark", "annual-mark") else on
        source = duties["source"].to_numpy()
        day = np.where(source >= 0, self._of_rows(kind, row_days)[source], on)
        places = Places(groups(self.store.hasher, kind, duties), day, since)
        after = last_covering(coverage, places, np.where(by == NO_MOMENT, _NEVER, by), ranged=ranged)
        return Windows(after, by, last_covering(coverage, places, ranged=ranged))

    def _of_rows(self, kind: str, work: Callable[[str, pd.DataFrame], npt.NDArray[Any]]) -> npt.NDArray[Any]:
        """What `work` makes of each sound row of the journal, by the row's index; 0 for the others."""
        if not self.journal.has(kind):
            return np.zeros(1, np.int64)
        rows = self.journal.rows(kind)
        made = work(kind, rows)
        cells = np.zeros(max(len(self.journal.frames[kind]), 1), made.dtype)
        cells[rows.index.to_numpy()] = made
        return cells

    def _keys(self, aspect: str, duties: pd.DataFrame) -> Keys:
        hasher = self.store.hasher
        if aspect in ("semester-mark", "annual-mark", "reexam-mark"):
            start = school_year_of(duties["on"].to_numpy())
            period = (
                np.where(duties["period"].astype(object) == "2", 2, 1)
                if aspect == "semester-mark"
                else np.zeros(len(duties), np.int8)
            )
            return final_keys(hasher, aspect, duties["pupil"], duties["class"], duties["subject"], start, period)
        if aspect == "statement":
            months = [int(text[:4]) * 12 + int(text[5:]) - 1 for text in duties["period"].astype(object)]
            whose = statements_of(hasher, duties["pupil"], duties["class"], np.array(months, np.int32))
            return keys_of(hasher, aspect, whose)
        rows = self._of_rows(ASPECTS[aspect], lambda kind, rows: identities(hasher, kind, rows))
        return keys_of(hasher, aspect, rows[duties["source"].to_numpy()])
