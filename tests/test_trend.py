"""Whether a school gets better, and what is new between two answers."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from eklase_audit.reports.trended import sparkline
from eklase_audit.spans import Every, spans
from eklase_audit.trend import Direction, Weighed, direction, period_of, trend_of
from support import audited, command, journal_of, table, write_tables

HEADINGS = "Datums | Stunda | Klase | Priekšmets | Pedagogs | Tēma | Ievadīts\n"


def lessons(*weeks: int) -> list[dict[str, str]]:
    """Ten lessons a week from Monday, 2 March 2026 on, so many of each week entered a day late; one of a wrong form."""
    rows = []
    for week, late in enumerate(weeks):
        day = 2 + 7 * week
        for number in range(1, 11):
            entered = f"{day + (number <= late):02d}.03.2026 12:00"
            form = "SR: rēķina / daļas" if number > 1 else "daļas"
            rows.append(f"{day:02d}.03.2026 | {number} | 7.a | Algebra | Anna Bērziņa | {form} | {entered}")
    return table(HEADINGS + "\n".join(rows))


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    write_tables(folder, {"lessons": lessons(6, 6, 1, 0)})
    return folder


def told(*arguments: str | Path) -> dict[str, Any]:
    ended = command(*arguments, "--format", "json")
    assert ended.exit_code in (0, 1), ended.stderr
    return json.loads(ended.stdout)


class TestSpans:
    """Weeks, months and days from one day to another."""

    def test_weeks_begin_on_the_first_day_and_the_last_may_be_short(self) -> None:
        assert spans(date(2026, 11, 2), date(2026, 11, 11), Every.week) == [
            (date(2026, 11, 2), date(2026, 11, 8)),
            (date(2026, 11, 9), date(2026, 11, 11)),
        ]

    def test_months_of_unlike_length(self) -> None:
        assert [last for _first, last in spans(date(2026, 1, 31), date(2026, 4, 30), Every.month)] == [
            date(2026, 2, 27),
            date(2026, 3, 30),
            date(2026, 4, 29),
            date(2026, 4, 30),
        ]

    def test_days(self) -> None:
        assert len(spans(date(2026, 11, 2), date(2026, 11, 4), Every.day)) == 3


class TestDirection:
    """The rule that the help tells: a tenth, and half a finding for each 100 duties."""

    @pytest.mark.parametrize(
        ("before", "after", "expected"),
        [
            ((100, 20), (100, 10), "better"),
            ((100, 10), (100, 20), "worse"),
            ((100, 10), (200, 20), "same"),
            # Less than a tenth: 50 and 46 of 100; just a tenth: 50 and 45.
            ((100, 50), (100, 46), "same"),
            ((100, 50), (100, 45), "better"),
            # Less than half a finding for each 100 duties: 4 and 0 of 1000; just half a finding: 5.
            ((1000, 4), (1000, 0), "same"),
            ((1000, 5), (1000, 0), "better"),
            ((1000, 0), (1000, 5), "worse"),
            # 19 duties say nothing, 20 do.
            ((19, 19), (100, 0), "unknown"),
            ((100, 0), (19, 19), "unknown"),
            ((20, 20), (20, 0), "better"),
            ((0, 0), (0, 0), "unknown"),
        ],
    )
    def test_it(self, before: tuple[int, int], after: tuple[int, int], expected: str) -> None:
        assert direction(Weighed(*before), Weighed(*after)) is Direction(expected)

    def test_one_period_goes_nowhere(self) -> None:
        audit = audited(journal_of({"lessons": lessons(6)}), "2026-03-08")
        (line, *_others) = trend_of([period_of(audit, date(2026, 3, 2), date(2026, 3, 8))], ["2"]).lines
        assert line.direction is Direction.unknown


class TestTheExportsAlone:
    """The same exports looked at week after week, with no history."""

    @pytest.fixture
    def trend(self, exports: Path) -> dict[str, Any]:
        return told("trend", exports, "--from", "2026-03-02", "--to", "2026-03-29")

    def test_what_fell_due_in_a_week_counts_for_it(self, trend: dict[str, Any]) -> None:
        # Two duties a lesson: its entry and its topic.
        weeks = [
            {entry["clause"]: (entry["duties"], entry["findings"]) for entry in period["clauses"]}
            for period in trend["periods"]
        ]
        assert [week["2"] for week in weeks] == [(20, 12), (20, 12), (20, 2), (20, 0)]
        assert [week["3.1"] for week in weeks] == [(20, 1)] * 4

    def test_the_direction(self, trend: dict[str, Any]) -> None:
        directions = {line["clause"]: line["direction"] for line in trend["lines"]}
        assert directions == {None: "better", "2": "better", "3.1": "same", "3.2": "same"}

    def test_days(self, exports: Path) -> None:
        days = told("trend", exports, "--from", "2026-03-02", "--to", "2026-03-04", "--every", "day")["periods"]
        # On Monday evening six lessons were not entered, with the one of a wrong form; on Tuesday noon they were.
        assert [(day["duties"], day["findings"], day["overdue"]) for day in days] == [
            (20, 12, 12),
            (0, 0, 0),
            (0, 0, 0),
        ]
        assert days[1]["per_hundred"] is None

    def test_in_words(self, exports: Path) -> None:
        ended = command("trend", exports, "--from", "2026-03-02", "--to", "2026-03-29")
        assert ended.exit_code == 0
        line = next(line for line in ended.stdout.splitlines() if line.lstrip().startswith("2 ") and "Daily" in line)
        assert "██▂▁" in line and line.split()[-3:] == ["60", "·", "better"]

    def test_read_once(self, exports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from eklase_audit.exports import reading

        real, calls = reading.read_journal, []
        monkeypatch.setattr(reading, "read_journal", lambda *args, **more: calls.append(1) or real(*args, **more))
        told("trend", exports, "--from", "2026-03-02", "--to", "2026-03-29")
        assert len(calls) == 1

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ([], "--from: give the first day"),
            (["--from", "2026-03-02", "--to", "2026-03-01"], "--to: a day before that of --from"),
            (["--from", "02.03.2026"], "--from: write a day"),
            (["--from", "2020-01-01", "--to", "2026-03-01", "--every", "day"], "more than 400 periods"),
        ],
    )
    def test_what_cannot_be(self, arguments: list[str], said: str, exports: Path) -> None:
        ended = command("trend", exports, *arguments)
        assert (ended.exit_code, ended.stdout) == (2, "") and said in ended.stderr


def test_a_history_tells_the_same(exports: Path, tmp_path: Path) -> None:
    for day in ("2026-03-08", "2026-03-15", "2026-03-22", "2026-03-29"):
        command("check", exports, "--history", tmp_path / "h.db", "--as-of", day)
    of_exports = told("trend", exports, "--from", "2026-03-02", "--to", "2026-03-29")
    assert told("trend", "--history", tmp_path / "h.db") == of_exports
    later = told("trend", "--history", tmp_path / "h.db", "--from", "2026-03-15", "--to", "2026-03-22")
    assert later["periods"] == of_exports["periods"][1:3]
    ended = command("trend", "--history", tmp_path / "h.db", "--from", "2026-03-30", "--to", "2026-04-22")
    assert ended.exit_code == 2 and "no run of these days" in ended.stderr


def test_neither_exports_nor_history() -> None:
    ended = command("trend")
    assert ended.exit_code == 2 and "give a folder of exports, or --history FILE" in ended.stderr


@pytest.mark.parametrize(
    ("values", "blocks", "plain"),
    [([0, 50, 100], "▁▅█", "_=#"), ([None, 3], " █", " #"), ([0, 0], "▁▁", "__"), ([], "", "")],
)
def test_lines_of_bars(values: list[float | None], blocks: str, plain: str) -> None:
    assert sparkline(values) == blocks
    assert sparkline(values, plain=True) == plain


class TestDiff:
    """Two answers, two folders or two runs: the same comparison."""

    @pytest.fixture
    def changed(self, tmp_path: Path) -> Path:
        """The exports a week later: the topics of the first week were reworded, the second week has no export."""
        folder = tmp_path / "later"
        folder.mkdir()
        rows = lessons(6, 6, 1, 0)
        write_tables(folder, {"lessons": [{**row, "Tēma": "SR: rēķina / daļas"} for row in rows[:10]] + rows[20:]})
        return folder

    def counts(self, answer: dict[str, Any]) -> tuple[int, ...]:
        return tuple(answer["totals"][part] for part in ("new", "open", "mended", "untold"))

    def test_folders(self, exports: Path, changed: Path) -> None:
        arguments = ("diff", exports, changed, "--old-as-of", "2026-03-15", "--new-as-of", "2026-03-22")
        answer = told(*arguments)
        # Known on 15 March: 12 + 12 of clause 2, 1 + 1 of 3.1. Gone: the second week and the first form.
        assert self.counts(answer) == (3, 12, 14, 0)
        assert answer["by_clause"] == [
            {"clause": "2", "new": 2, "open": 12, "mended": 12, "untold": 0},
            {"clause": "3.1", "new": 1, "open": 0, "mended": 2, "untold": 0},
        ]
        assert answer["by_person"] == [{"bearer": "Anna Bērziņa", "new": 3, "open": 12, "mended": 14, "untold": 0}]
        assert {entry["on"] for entry in answer["findings"]["new"]} == {"2026-03-16"}
        ended = command(*arguments)
        assert ended.exit_code == 1 and "In all: 3 new, 12 still open, 14 mended" in ended.stdout

    def test_answers(self, exports: Path, changed: Path, tmp_path: Path) -> None:
        for folder, name, day in ((exports, "a.json", "2026-03-15"), (changed, "b.json", "2026-03-22")):
            answer = command("check", folder, "--as-of", day, "--format", "json").stdout
            (tmp_path / name).write_text(answer, encoding="utf-8")
        answers = told("diff", tmp_path / "a.json", tmp_path / "b.json")
        assert self.counts(answers) == (3, 12, 14, 0)
        assert self.counts(told("diff", tmp_path / "a.json", changed, "--new-as-of", "2026-03-22")) == (3, 12, 14, 0)
        same = command("diff", tmp_path / "a.json", tmp_path / "a.json")
        assert same.exit_code == 0 and "In all: 0 new, 26 still open, 0 mended" in same.stdout

    def test_runs(self, exports: Path, changed: Path, tmp_path: Path) -> None:
        history = tmp_path / "h.db"
        for folder, day in ((exports, "2026-03-15"), (changed, "2026-03-22")):
            command("check", folder, "--history", history, "--as-of", day)
        answer = told("diff", "2026-03-15", "2026-03-22", "--history", history)
        assert self.counts(answer) == (3, 12, 14, 0) and answer["by_person"] == []
        assert answer["by_class"] == [{"class": "7.a", "new": 3, "open": 12, "mended": 14, "untold": 0}]
        ended = command("diff", "2026-03-15", "2026-03-21", "--history", history)
        assert ended.exit_code == 2 and "there is no run as of 2026-03-21" in ended.stderr

    def test_a_waived_finding_is_none(self, exports: Path, tmp_path: Path) -> None:
        answer = told("check", exports, "--as-of", "2026-03-15")
        (tmp_path / "a.json").write_text(json.dumps(answer), encoding="utf-8")
        answer["findings"][0]["waived"] = True
        (tmp_path / "b.json").write_text(json.dumps(answer), encoding="utf-8")
        assert self.counts(told("diff", tmp_path / "b.json", tmp_path / "a.json")) == (1, 25, 0, 0)

    @pytest.mark.parametrize("content", ["", "[]", "null", "{}", '{"schema": 2}', '{"as_of": 3, "schema": 1}', "\xff"])
    def test_what_is_no_answer(self, content: str, exports: Path, tmp_path: Path) -> None:
        (tmp_path / "a.json").write_bytes(content.encode("latin-1"))
        ended = command("diff", tmp_path / "a.json", exports)
        assert (ended.exit_code, ended.stdout) == (2, "")
        assert "a.json: this is no answer of eklase-audit check --format json" in ended.stderr

    def test_a_list_of_new_ones_only(self, exports: Path, tmp_path: Path) -> None:
        for day in ("2026-03-15", "2026-03-22"):
            answer = told("check", exports, "--as-of", day, "--history", tmp_path / "h.db", "--new-only")
        (tmp_path / "a.json").write_text(json.dumps(answer), encoding="utf-8")
        ended = command("diff", tmp_path / "a.json", tmp_path / "a.json")
        assert ended.exit_code == 2 and "lists new findings only" in ended.stderr

    def test_there_is_no_such_path(self, exports: Path, tmp_path: Path) -> None:
        for name in ("none.json", "none"):
            ended = command("diff", exports, tmp_path / name)
            assert (ended.exit_code, ended.stdout) == (2, "") and name in ended.stderr
