"""The entries of one aspect as columns of numbers: each content that an entry has had is a version of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from eklase_audit.store.coverage import Places
from eklase_audit.store.entries import Entries, Keys

# The columns as they stand in a store; moments are seconds since 1970.
COLUMNS = {"key": "<i8", "content": "<i8", "group": "<i8", "day": "<i4", "first": "<u4", "last": "<u4"}


@dataclass(frozen=True)
class Versions:
    """Versions by key and content, each with the first and last snapshot that had it; shape (n,)."""

    key: Keys
    content: Keys
    group: Keys
    day: npt.NDArray[np.int32]
    first: npt.NDArray[Any]
    last: npt.NDArray[Any]

    def __getitem__(self, rows: npt.NDArray[Any]) -> Versions:
        return Versions(*(getattr(self, name)[rows] for name in COLUMNS))

    @property
    def places(self) -> Places:
        """Where snapshots look for them."""
        return Places(self.group, self.day, self.day)

    def entries(self) -> Versions:
        """One line an entry: the first and the last snapshot that held it, whatever its content."""
        starts = first_of_each(self.key)
        if not len(starts):
            return self
        first, last = np.minimum.reduceat(self.first, starts), np.maximum.reduceat(self.last, starts)
        return Versions(
            self.key[starts],
            self.content[starts],
            self.group[starts],
            self.day[starts],
            first.astype(np.int64),
            last.astype(np.int64),
        )

    def with_snapshot(self, held: Versions) -> Added:
        """These and those of a snapshot, which has one version an entry."""
        size = len(self.key)
        place = np.searchsorted(self.key, held.key)
        known = _at(self.key, place) == held.key
        # Few entries have several versions: step over those whose content comes before.
        while True:
            behind = (_at(self.key, place) == held.key) & (_at(self.content, place) < held.content) & (place < size)
            if not behind.any():
                break
            place = place + behind
        known &= np.searchsorted(self.key, held.key) < size
        same = (place < size) & (_at(self.key, place) == held.key) & (_at(self.content, place) == held.content)
        there = place[same]
        earlier, later = self.first[there] > held.first[same], self.last[there] < held.last[same]
        fresh = ~same
        if not (earlier.any() or later.any() or fresh.any()):
            return Added(self, held.key, 0, 0)
        columns = {name: getattr(self, name) for name in COLUMNS}
        for name, changed in (("first", earlier), ("last", later)):
            if changed.any():
                columns[name] = columns[name].copy()
                columns[name][there[changed]] = getattr(held, name)[same][changed]
        if fresh.any():
            columns = {
                name: np.insert(column, place[fresh], getattr(held, name)[fresh].astype(column.dtype))
                for name, column in columns.items()
            }
        return Added(Versions(**columns), held.key, int((~known).sum()), int((fresh & known).sum()))


@dataclass(frozen=True)
class Added:
    """Versions with those of a snapshot: the keys it held, how many entries were new and newly changed."""

    versions: Versions
    held: Keys
    new: int
    changed: int


def from_entries(entries: Entries, taken: int) -> Versions:
    """The entries that a snapshot holds, one version each: of several rows of one entry the least content."""
    order = np.argsort(entries.key, kind="stable")
    key = entries.key[order]
    if (key[1:] == key[:-1]).any():
        order = np.lexsort((entries.content, entries.key))
        order = order[first_of_each(entries.key[order])]
    moment = np.full(len(order), taken, np.int64)
    return Versions(
        entries.key[order], entries.content[order], entries.group[order], entries.day[order], moment, moment
    )


def first_of_each(keys: Keys) -> npt.NDArray[np.intp]:
    """The places at which another key begins, of sorted keys."""
    if not len(keys):
        return np.array([], np.intp)
    return np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))


def _at(column: Keys, places: npt.NDArray[Any]) -> Keys:
    """The cells at places, of which those past the end mean nothing."""
    return column[np.minimum(places, len(column) - 1)] if len(column) else np.zeros(len(places), np.int64)
