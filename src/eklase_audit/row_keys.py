"""Rows as whole numbers: several columns of numbers made one, equal where all of them are equal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Numbers = npt.NDArray[Any]
_LARGEST = 2**62


def row_keys(columns: Iterable[Numbers], limit: int = _LARGEST) -> tuple[npt.NDArray[np.int64], int]:
    """One key a row from columns of whole numbers, and a number above all keys; keys are not negative.

    Keys are the columns' numbers written one behind the other, as digits are. Only where these grow
    beyond the limit are they numbered anew, which costs ten times as much.
    """
    keys, span = np.zeros(0, np.int64), 1
    for place, column in enumerate(columns):
        if not len(column):
            return np.zeros(0, np.int64), 1
        digits = column.astype(np.int64)
        digits -= digits.min()
        width = int(digits.max()) + 1
        if place and span * width >= _LARGEST:
            keys, span = _numbered(keys)
        keys = keys * width + digits if place else digits
        span *= width
    return (keys, span) if span <= limit else _numbered(keys)


def _numbered(keys: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], int]:
    codes, distinct = pd.factorize(keys)
    return codes.astype(np.int64), len(distinct)
