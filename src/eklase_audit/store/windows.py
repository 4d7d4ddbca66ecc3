"""What follows from snapshots: between which two of them an entry was made (contract of observation).

The window of an entry is (A, B]: B the first snapshot that holds it, A the last one before B that
speaks of its class, subject and day and does not hold it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from eklase_audit.calendar import school_year_of
from eklase_audit.journal import Journal
from eklase_audit.moments import DAY, NO_MOMENT, Moments, Windows
from eklase_audit.store.database import Coverage, Store
from eklase_audit.store.entries import ASPECTS, Keys, combined, final_keys, groups, row_keys

@dataclass
class Observer:
    """Looks up duties in a store, as of a moment: later snapshots are not looked at."""

    store: Store
    journal: Journal
    as_of: int

    def windows(self, aspect: str, duties: pd.DataFrame) -> Windows:
        """The windows of duties (see duties.py) as entries of an aspect."""
        keys = self._keys(aspect, duties)
        by = self.store.first_seen(keys, self.as_of)
        kind = ASPECTS[aspect]
        coverage = self._coverage(kind)
        if not coverage:
            nothing = np.full(len(duties), NO_MOMENT)
            return Windows(nothing, by, nothing)
        group = self._groups(kind, duties)
        days = duties["since"].to_numpy() if aspect.endswith("-mark") and aspect != "reexam-mark" \
            else duties["on"].to_numpy()
        return self._covered(coverage, group, days, by, ranged=not aspect.endswith("-mark"))

    def _covered(self, coverage: list[Coverage], group: Keys, days: npt.NDArray[np.int32], by: Moments, *,
                 ranged: bool) -> Windows:
        """For each duty the last covering snapshot before `by`, and the newest of all.

        Worked once a distinct (group, day): a school has some thousands of these, not a million.
        """
        taken = np.array([one.taken for one in coverage], np.int64)
        pairs = pd.DataFrame({"group": group, "day": days})
        place = pairs.groupby(["group", "day"], sort=False).ngroup().to_numpy()
        distinct = pairs.drop_duplicates()
        one_group, one_day = distinct["group"].to_numpy(), distinct["day"].to_numpy()
        last = np.full((len(distinct), len(coverage) + 1), NO_MOMENT, np.int64)
        for number, one in enumerate(coverage):
            covers = np.isin(one_group, one.groups) & (one.taken // DAY >= one_day)
            if ranged:
                covers &= (one_day >= one.first_day) & (one_day <= one.last_day)
            last[:, number + 1] = np.where(covers, one.taken, last[:, number])
        before = np.searchsorted(taken, np.where(by == NO_MOMENT, np.iinfo(np.int64).max, by), side="left")
        return Windows(last[place, before], by, last[place, -1])

    def _keys(self, aspect: str, duties: pd.DataFrame) -> Keys:
        if aspect in ("semester-mark", "annual-mark", "reexam-mark"):
            start = school_year_of(duties["on"].to_numpy())
            period = np.where(duties["period"].astype(object) == "2", 2, 1) if aspect == "semester-mark" \
                else np.zeros(len(duties), np.int8)
            return final_keys(self.store.hasher, aspect, duties["pupil"], duties["class"], duties["subject"], start,
                              period.astype(np.int8))
        if aspect == "statement":
            months = [int(text[:4]) * 12 + int(text[5:]) - 1 for text in duties["period"].astype(object)]
            hasher = self.store.hasher
            return combined([hasher.word(aspect), hasher.texts(duties["pupil"]), hasher.texts(duties["class"]),
                             hasher.numbers(np.array(months, np.int32))], len(duties))
        return self._rows(aspect).reindex(
            pd.MultiIndex.from_arrays([duties["sheet_no"], duties["row"]])).to_numpy().astype(np.int64)

    def _rows(self, aspect: str) -> pd.Series:
        """The keys of the journal's own rows, by sheet and row."""
        frame = self.journal.rows(ASPECTS[aspect])
        keys = row_keys(self.store.hasher, aspect, frame)
        return pd.Series(keys, pd.MultiIndex.from_arrays([frame["sheet_no"], frame["row"]]))

    def _groups(self, kind: str, duties: pd.DataFrame) -> Keys:
        return groups(self.store.hasher, kind, duties)

    def _coverage(self, kind: str) -> list[Coverage]:
        if kind not in self._coverages:
            self._coverages[kind] = self.store.coverage(kind, self.as_of)
        return self._coverages[kind]

    @cached_property
    def _coverages(self) -> dict[str, list[Coverage]]:
        return {}
