"""What follows from snapshots: between which two of them an entry was made (contract of observation).

The window of an entry is (A, B]: B the first snapshot that holds it, A the last one before B that
speaks of its class, subject and day and does not hold it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from eklase_audit.calendar import school_year_of
from eklase_audit.journal import Journal
from eklase_audit.moments import NO_MOMENT, Interval, Moments, Windows
from eklase_audit.store.coverage import Places, last_covering
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

    @cached_property
    def _made(self) -> dict[object, Any]:
        """What was made already: several checks ask the same of the same rows."""
        return {}

    def _once(self, name: str, about: str, work: Callable[[], Any]) -> Any:
        key = (name, about)
        if key not in self._made:
            self._made[key] = work()
        return self._made[key]

    def windows(self, aspect: str, duties: pd.DataFrame) -> Windows:
        """The windows of duties (see duties.py) as entries of an aspect.

        `after` and `newest` are looked for only where they can matter: not of what was seen in time.
        """
        kind = ASPECTS[aspect]
        # Before the entries, so that a snapshot which another run adds meanwhile is not one that lacks them.
        coverage = self._once("coverage", kind, lambda: self.store.coverage(kind, self.as_of))
        by = self._seen(aspect, self._keys(aspect, duties))
        after, newest = np.full(len(duties), NO_MOMENT), np.full(len(duties), NO_MOMENT)
        done = Interval(duties["done"].to_numpy(), duties["done_last"].to_numpy())
        asked = done.timed | (by == NO_MOMENT) | (by > duties["due"].to_numpy())
        if asked.any():
            places = self._places(aspect, duties[asked])
            before = np.where(by == NO_MOMENT, _NEVER, by)[asked]
            after[asked] = last_covering(coverage, places, before, ranged=is_ranged(aspect))
            # Of what no snapshot holds any of them is before the first.
            newest = np.where(by == NO_MOMENT, after, NO_MOMENT)
        return Windows(after, by, newest)

    def _seen(self, aspect: str, keys: Keys) -> Moments:
        """Of each key the first snapshot that held it; NO_MOMENT where none did."""
        known, first = self._once("first", aspect, lambda: self.store.first_seen(aspect, self.as_of))
        if not len(known):
            return np.full(len(keys), NO_MOMENT)
        # In their order the keys are found many times faster.
        order = np.argsort(keys)
        ordered = keys[order]
        at = np.minimum(np.searchsorted(known, ordered), len(known) - 1)
        seen = np.empty(len(keys), np.int64)
        seen[order] = np.where(known[at] == ordered, first[at], NO_MOMENT)
        return seen

    def _places(self, aspect: str, duties: pd.DataFrame) -> Places:
        kind = ASPECTS[aspect]
        on = duties["on"].to_numpy()
        # Semester and annual marks may be given from the first day of their time on.
        since = duties["since"].to_numpy() if aspect in ("semester-mark", "annual-mark") else on
        source = duties["source"].to_numpy()
        day = np.where(source >= 0, self._of_rows("days", kind, row_days)[source], on)
        return Places(groups(self.store.hasher, kind, duties), day, since)

    def _of_rows(self, name: str, kind: str, work: Callable[[str, pd.DataFrame], npt.NDArray[Any]]) -> npt.NDArray[Any]:
        """What `work` makes of each sound row of the journal, by the row's index; 0 for the others."""

        def make() -> npt.NDArray[Any]:
            if not self.journal.has(kind):
                return np.zeros(1, np.int64)
            rows = self.journal.rows(kind)
            made = work(kind, rows)
            cells = np.zeros(max(len(self.journal.frames[kind]), 1), made.dtype)
            cells[rows.index.to_numpy()] = made
            return cells

        cells: npt.NDArray[Any] = self._once(name, kind, make)
        return cells

    def _keys(self, aspect: str, duties: pd.DataFrame) -> Keys:
        hasher = self.store.hasher
        whose = duties["pupil"], duties["class"]
        if not is_ranged(aspect):
            start = school_year_of(duties["on"].to_numpy())
            second = np.asarray(duties["period"].astype(object) == "2")
            period = np.where(second, 2, 1) if aspect == "semester-mark" else np.zeros(len(duties), np.int8)
            return final_keys(hasher, aspect, *whose, duties["subject"], start, period)
        if aspect == "statement":
            months = [int(text[:4]) * 12 + int(text[5:]) - 1 for text in duties["period"].astype(object)]
            return keys_of(hasher, aspect, statements_of(hasher, *whose, np.array(months, np.int32)))
        rows = self._of_rows("identities", ASPECTS[aspect], partial(identities, hasher))
        return keys_of(hasher, aspect, rows[duties["source"].to_numpy()])
