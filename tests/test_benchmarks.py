"""The made school year that audits are measured on, held against a plain loop over its rows.

`make bench` holds the other peers to the same findings: they are not among what the tests need.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from one_run import task_of
from peers import csv_loop, eklase
from school_year import write_year


def test_a_plain_loop_finds_the_same_in_a_made_year(tmp_path: Path) -> None:
    write_year(tmp_path, 100_000)
    task = task_of(tmp_path, "five", "utf-8")
    found = eklase.run(task)
    assert sorted(found) == sorted(csv_loop.run(task))
    # Of each check something is found, or the comparison would say nothing.
    assert set(Counter(check for check, _row, _what in found)) == set(task.checks)


def test_a_made_year_is_the_same_each_time_and_alone(tmp_path: Path) -> None:
    write_year(tmp_path / "all", 2_000)
    write_year(tmp_path / "some", 2_000, kinds=["lessons", "classes"])
    some = sorted((tmp_path / "some").iterdir())
    assert [path.name for path in some] == ["classes.csv", "lessons.csv"]
    assert all(path.read_bytes() == (tmp_path / "all" / path.name).read_bytes() for path in some)
