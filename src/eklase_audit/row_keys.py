"""Rows as whole numbers: several columns of numbers made one, equal where all of them are equal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from eklase_audit.lazy import np, npt, pd

Numbers: TypeAlias = "npt.NDArray[Any]"
_LARGEST = 2**62
# Without a pattern in its bits, so that products with it have none.
_ODD = 0x9E3779B97F4A7C15


def row_keys(columns: Iterable[Numbers], limit: int = _LARGEST) -> tuple[npt.NDArray[np.int64], int]:
    """One key a row from columns of whole numbers, and a number above all keys; keys are not negative.

    Keys are the columns' numbers written one behind the other, as digits are. Only where these grow
    beyond the limit are they numbered anew, which costs ten times as much.
    """
    keys, span = np.zeros(0, np.int64), 1
    for place, column in enumerate(columns):
        if not len(column):
            return np.zeros(0, np.int64), 1
        low = int(column.min())
        width = int(column.max()) - low + 1
        if place and span * width >= _LARGEST:
            keys, span = _numbered(keys)
        # In place: on a million rows it is the new arrays that take the time.
        if not place:
            keys = column.astype(np.int64)
        elif width > 1:
            keys *= width
            keys += column
        if low and (width > 1 or not place):
            keys -= low
        span *= width
    return (keys, span) if span <= limit else _numbered(keys)


def _numbered(keys: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], int]:
    codes, distinct = pd.factorize(keys)
    return codes.astype(np.int64), len(distinct)


def cell_numbers(column: pd.Series) -> Numbers:
    """A column of whole numbers as it is, of texts (a Categorical) as one number a distinct text; none is -1."""
    return column.cat.codes.to_numpy() if isinstance(column.dtype, pd.CategoricalDtype) else column.to_numpy()


def stands_twice(columns: Iterable[Numbers]) -> npt.NDArray[np.bool_]:
    """The rows that may be equal to another one: all that are, and by chance one in billions that is not."""
    mixed: npt.NDArray[np.uint64] = np.zeros(0, np.uint64)
    for place, column in enumerate(columns):
        digits = column.astype(np.uint64)
        if place:
            mixed ^= mixed >> np.uint64(29)
            mixed *= np.uint64(_ODD)
            mixed += digits
        else:
            mixed = digits
    # Numpy sorts millions of numbers faster than anything hashes them.
    ordered = np.sort(mixed)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    return pd.Series(mixed).isin(twice).to_numpy() if len(twice) else np.zeros(len(mixed), bool)
