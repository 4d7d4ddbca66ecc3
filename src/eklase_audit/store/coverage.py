"""What a snapshot spoke of: the classes and subjects it had rows of, and their first and last day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from eklase_audit.moments import DAY, NO_MOMENT, Moments
from eklase_audit.store.entries import Keys

# The days of an export without any: they are no days, and give way to any others.
NO_DAYS = (2**31 - 1, -(2**31), -(2**31))


@dataclass(frozen=True)
class Coverage:
    """What one snapshot spoke of, of one kind: its groups (sorted), and the days of its rows.

    Rows are of the days from `first_day` to `last_day`; a mark has a second day, when the work was
    handed in, and `until` is the last of both.
    """

    taken: int
    kind: str
    first_day: int
    last_day: int
    until: int
    groups: Keys

    def together(self, other: Coverage) -> Coverage:
        """What this one and another of the same moment and kind spoke of."""
        return replace(
            self,
            first_day=min(self.first_day, other.first_day),
            last_day=max(self.last_day, other.last_day),
            until=max(self.until, other.until),
            groups=np.union1d(self.groups, other.groups),
        )


@dataclass(frozen=True)
class Places:
    """What snapshots may speak of, each group, day of the entry's row, day from which it is owed."""

    group: Keys
    day: npt.NDArray[np.int32]
    on: npt.NDArray[np.int32]


def last_covering(
    coverage: Sequence[Coverage], places: Places, before: Moments | None = None, *, ranged: bool
) -> Moments:
    """For each place the last snapshot that speaks of it (before a moment); NO_MOMENT where none does.

    `coverage` stands in the order of time. A snapshot speaks of what is owed from its day on; where
    `ranged`, only if both days lie within those of its rows: an export of this week, in which a
    note came, says nothing of the absence of last week that it is for.
    """
    if not coverage or not len(places.group):
        return np.full(len(places.group), NO_MOMENT)
    # Worked once a distinct place: a school has some thousands of these, not a million.
    group_of, groups = pd.factorize(places.group)
    day_of, days = pd.factorize(places.day.astype(np.int64))
    on_of, ons = pd.factorize(places.on.astype(np.int64))
    place_of, distinct = pd.factorize((group_of * len(days) + day_of) * len(ons) + on_of)
    rest, on_of = np.divmod(distinct, len(ons))
    group_of, day_of = np.divmod(rest, len(days))
    taken, first, last, until = (
        np.array([getattr(one, name) for one in coverage], np.int64)[:, None]
        for name in ("taken", "first_day", "last_day", "until")
    )
    of_group = np.array([np.isin(groups, one.groups) for one in coverage])
    of_on = taken // DAY >= ons
    of_day = np.ones((len(coverage), len(days)), bool)
    if ranged:
        of_on &= (first <= ons) & (ons <= until)
        of_day = (first <= days) & (days <= last)
    covers = of_group[:, group_of] & of_day[:, day_of] & of_on[:, on_of]
    # Line n: of the first n snapshots the number of the last that covers, counted from 1.
    numbers = np.zeros((len(coverage) + 1, len(distinct)), np.int16)
    counted = np.arange(1, len(coverage) + 1, dtype=np.int16)[:, None]
    np.maximum.accumulate(np.where(covers, counted, 0), axis=0, out=numbers[1:])
    seen = np.full(len(place_of), len(coverage))
    if before is not None:
        seen = np.searchsorted(taken[:, 0], before, side="left")
    return np.append(NO_MOMENT, taken[:, 0])[numbers[seen, place_of]]
