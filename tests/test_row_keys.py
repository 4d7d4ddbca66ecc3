"""Rows as whole numbers: equal keys for equal rows, and for no others."""

from __future__ import annotations

import numpy as np
import pytest

from eklase_audit.row_keys import row_keys, stands_twice

SMALL = np.array([3, -1, 3, 0, -1, 3], np.int16)
DAYS = np.array([20_400, -(2**31), 20_400, 20_400, -(2**31), 20_401], np.int32)
LARGE = np.array([2**61, 5, 2**61, -7, 5, 2**61], np.int64)
TABLES = [(SMALL,), (SMALL, DAYS), (LARGE,), (SMALL, DAYS, LARGE, DAYS), (DAYS, DAYS, DAYS, SMALL)]


@pytest.mark.parametrize("columns", TABLES)
@pytest.mark.parametrize("limit", [2**62, 6])
def test_rows_have_one_key_just_where_all_their_cells_are_equal(columns: tuple[np.ndarray, ...], limit: int) -> None:
    keys, above = row_keys(columns, limit)
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    for one, key in zip(rows, keys.tolist(), strict=True):
        assert [other == one for other in rows] == [other == key for other in keys.tolist()]
    assert keys.min() >= 0
    assert keys.max() < above <= max(limit, len(rows))


@pytest.mark.parametrize("columns", TABLES)
def test_rows_that_stand_twice_are_found(columns: tuple[np.ndarray, ...]) -> None:
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    assert stands_twice(columns).tolist() == [rows.count(row) > 1 for row in rows]


def test_no_rows_have_no_keys() -> None:
    none = np.zeros(0, np.int32)
    assert row_keys([none, none])[0].tolist() == []
    assert stands_twice([none, none]).tolist() == []
