"""Files that no program should have written: never a traceback, never a hang, and each row has one fate.

`make fuzz` goes on with other files for ten minutes.
"""

from __future__ import annotations

import time
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import fuzzing
from fuzzing import FATES, MAKERS, check

# Every run tries the same files, as in test_property.py.
over_files = settings(
    max_examples=50, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


@over_files
@given(st.binary(max_size=2_000), st.sampled_from(["x.csv", "x.xlsx", "x.ods", "x.zip"]))
def test_any_bytes(data: bytes, name: str) -> None:
    check({name: data})


@over_files
@given(
    st.text(st.sampled_from('Klase;audzinātājs"\n\r\t,; 7.a\0\ufeff'), max_size=200),
    st.sampled_from(["utf-8", "utf-16"]),
)
def test_any_text_below_headings(text: str, charset: str) -> None:
    journal = check({"x.csv": f"Klase;Klases audzinātājs;Piezīmes\n{text}".encode(charset)})
    assert len(journal.sheets) + len(journal.errors) == 1


@pytest.mark.parametrize("maker", MAKERS)
@settings(over_files, max_examples=40)
@given(st.integers(0, 10**9))
def test_made_files(maker: str, seed: int) -> None:
    check(MAKERS[maker](Random(seed)), audited=seed % 4 == 0)


def test_valid_files_are_read_before_they_are_spoilt() -> None:
    # Files that nothing can be read of would show nothing.
    for name, data in fuzzing.seeds().items():
        journal = check({name: data})
        assert journal.sheets, name
        assert sum(sheet.rows for sheet in journal.sheets), name


def test_a_wrong_account_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzzing, "rows_in", lambda *_file: 99)
    with pytest.raises(AssertionError, match="is not 99"):
        check({"x.csv": "Klase;Klases audzinātājs\n7.a;Dace\n".encode()})


def test_the_fates_are_those_that_are_told() -> None:
    head = "Klase;Klases audzinātājs\n"
    data = f"Skola\n\n{head}7.a;Dace\n;\n{head}visi;Anna\n7.a;Dace\nKopā: 3\n"
    other = f"{head}7.a;Dace\n"
    journal = check({"a.csv": data.encode(), "b.csv": other.encode()})
    assert [dict(zip(FATES, sheet.fates.values(), strict=True)) for sheet in journal.sheets] == [
        {"title": 1, "header": 2, "blank": 2, "footer": 1, "other": 0, "repeat": 0, "unreadable": 1, "audited": 2},
        {"title": 0, "header": 1, "blank": 0, "footer": 0, "other": 0, "repeat": 1, "unreadable": 0, "audited": 0},
    ]


@pytest.mark.parametrize("maker", MAKERS)
def test_a_seed_makes_the_same_files_on_each_day(maker: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [MAKERS[maker](Random(seed)) for seed in range(12)]
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    fuzzing.seeds.cache_clear()
    assert [MAKERS[maker](Random(seed)) for seed in range(12)] == before
