"""What a snapshot spoke of: the classes and subjects it had rows of, and their first and last day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from eklase_audit.moments import DAY, NO_MOMENT, Moments
from eklase_audit.store.entries import Keys


@dataclass(frozen=True)
class Coverage:
    """What one snapshot spoke of, of one kind: its groups (sorted), and the days from first to last."""

    taken: int
    kind: str
    first_day: int
    last_day: int
    groups: Keys

    def together(self, other: Coverage) -> Coverage:
        """What this one and another of the same moment and kind spoke of."""
        return replace(
            self,
            first_day=min(self.first_day, other.first_day),
            last_day=max(self.last_day, other.last_day),
            groups=np.union1d(self.groups, other.groups),
        )


def last_covering(
    coverage: Sequence[Coverage],
    group: Keys,
    day: npt.NDArray[np.int32],
    before: Moments | None = None,
    *,
    ranged: bool,
) -> Moments:
    """For each (group, day) the last snapshot that speaks of it (before a moment); NO_MOMENT where none does.

    `coverage` stands in the order of time. A snapshot speaks of a day from that day on; where
    `ranged`, only if the day lies within its rows.
    """
    if not coverage or not len(group):
        return np.full(len(group), NO_MOMENT)
    taken = np.array([one.taken for one in coverage], np.int64)
    # Worked once a distinct (group, day): a school has some thousands of these, not a million.
    group_place, groups = pd.factorize(group)
    day_place, days = pd.factorize(np.asarray(day, np.int64))
    pair_place, pairs = pd.factorize(group_place * np.int64(len(days)) + day_place)
    has_group = np.array([np.isin(groups, one.groups) for one in coverage])
    of_day = taken[:, None] // DAY >= days
    if ranged:
        first, last = (
            np.array([getattr(one, name) for one in coverage])[:, None] for name in ("first_day", "last_day")
        )
        of_day &= (first <= days) & (days <= last)
    covers = has_group[:, pairs // len(days)] & of_day[:, pairs % len(days)]
    # Row n: of the first n snapshots the number of the last that covers, counted from 1.
    numbers = np.zeros((len(coverage) + 1, len(pairs)), np.int16)
    np.maximum.accumulate(
        np.where(covers, np.arange(1, len(coverage) + 1, dtype=np.int16)[:, None], 0), axis=0, out=numbers[1:]
    )
    until = (
        np.full(len(group), len(coverage)) if before is None else np.searchsorted(taken, before, side="left")
    )
    return np.append(NO_MOMENT, taken)[numbers[until, pair_place]]
