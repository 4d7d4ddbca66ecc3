"""The history of runs: what is new, open and mended, and that nobody's name is in it."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eklase_audit.audit import Audit
from eklase_audit.findings import Waiver
from eklase_audit.history.database import CheckMade, History, Run
from eklase_audit.history.keeping import remember
from eklase_audit.history.news import Item, Reach, compare, school_year_start
from eklase_audit.moments import DAY, day_number
from eklase_audit.reports import json_answer
from support import audited, command, sample_journal, table, write_tables

MONDAYS = ["2026-11-02", "2026-11-09", "2026-11-16"]
NOW = datetime(2026, 11, 20, 8, 0)
# An absence marked justified: the note of Ilze came in on 11 March, that of Uldis never.
ABSENCES = table(
    """
Skolēns | Klase | Datums | Stunda | Priekšmets | Pedagogs | Kavējums | Ievadīts
Ilze Ozola | 7.a | 02.03.2026 | 2 | Algebra | Anna Bērziņa | ns | 02.03.2026 10:00
Uldis Egle | 7.b | 03.03.2026 | 2 | Algebra | Jānis Kļaviņš | ns | 03.03.2026 10:00
Uldis Egle | 7.b | 12.03.2026 | 2 | Algebra | Jānis Kļaviņš | ns | 12.03.2026 10:00
"""
)
NOTES = table(
    """
Skolēns | Klase | No | Līdz | Saņemta
Ilze Ozola | 7.a | 02.03.2026 | 02.03.2026 | 11.03.2026
"""
)
EVENTS = table(
    """
Pasākums | Klase | No | Līdz | Atbildīgais pedagogs | Informācija saņemta
Ekskursija | 8.a | 02.03.2026 | 02.03.2026 | Rita Liepa | 01.03.2026
"""
)
CLASSES = table("Klase | Klases audzinātājs\n7.a | Anna Bērziņa\n7.b | Jānis Kļaviņš")
SMALL: dict[str, Sequence[Mapping[str, str]]] = {
    "absences": ABSENCES, "notes": NOTES, "events": EVENTS, "classes": CLASSES,
}  # fmt: skip


@pytest.fixture
def history(tmp_path: Path) -> Path:
    return tmp_path / "runs.db"


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    write_tables(folder, SMALL)
    return folder


def checked(exports: Path, history: Path, as_of: str, *more: str) -> dict[str, Any]:
    """The JSON answer of a run that is kept in the history."""
    ended = command("check", exports, "--history", history, "--as-of", as_of, "--format", "json", "--quiet", *more)
    assert ended.exit_code in (0, 1), ended.stderr
    return json.loads(ended.stdout)


def news(answer: dict[str, Any]) -> list[tuple[str, str, str, int]]:
    """Of each finding of 4-unfounded its pupil, news, since and weeks."""
    return [
        (entry["pupil"], entry["news"], entry["since"], entry["weeks_open"])
        for entry in answer["findings"]
        if entry["check"] == "4-unfounded"
    ]


def bytes_of(history: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(history.parent.glob(history.name + "*")))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Audit], Path]:
    """The sample exports audited on three Mondays, with one history."""
    path = tmp_path_factory.mktemp("history") / "h.db"
    with History(path, create=True) as history:
        return [remember(audited(sample_journal(), day), history, NOW).audit for day in MONDAYS], path


def _unhexed(fingerprint: str) -> bytes:
    try:
        return bytes.fromhex(fingerprint)
    except ValueError:
        return fingerprint.encode()


class TestThreeMondaysOfTheSamples:
    """One history of the sample exports over three weeks."""

    def test_new_open_and_mended_add_up(self, runs: tuple[list[Audit], Path]) -> None:
        before = None
        for audit in runs[0]:
            told = json_answer.answer(audit)["history"]
            assert told["new"] + told["open"] == len(audit.findings)
            if before:
                assert told["open"] + told["mended"] + told["untold"] == len(before.findings)
                assert told["new"] > 0 and told["open"] > 0
            before = audit

    def test_what_is_new_was_not_there_a_week_ago(self, runs: tuple[list[Audit], Path]) -> None:
        before: set[str] = set()
        for audit in runs[0]:
            new = {finding.fingerprint for finding in audit.findings if finding.news == "new"}
            assert new == {finding.fingerprint for finding in audit.findings} - before
            before = {finding.fingerprint for finding in audit.findings}

    def test_nobody_can_be_found_in_the_files(self, runs: tuple[list[Audit], Path]) -> None:
        held = bytes_of(runs[1])
        words = {
            word
            for audit in runs[0]
            for finding in audit.findings
            for word in (finding.fingerprint, finding.pupil, finding.subject, *finding.bearers)
            if word
        }
        assert len(words) > 1000
        assert not [word for word in words if word.encode() in held]
        assert not [word for word in words if len(word) == 16 and _unhexed(word) in held]

    def test_a_hash_cannot_be_made_again_without_the_key(self, runs: tuple[list[Audit], Path], history: Path) -> None:
        with History(runs[1]) as one, History(history, create=True) as other:
            assert one.keyed("Anna") == one.keyed("Anna") != other.keyed("Anna")

    def test_both_files_are_private(self, runs: tuple[list[Audit], Path]) -> None:
        for path in runs[1].parent.iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_found_open_mended_and_new_again(exports: Path, history: Path) -> None:
    first = checked(exports, history, "2026-03-05")
    assert news(first) == [("Ilze Ozola", "new", "2026-03-05", 0), ("Uldis Egle", "new", "2026-03-05", 0)]
    assert first["history"]["previous"] is None
    second = checked(exports, history, "2026-03-12")
    assert news(second) == [("Uldis Egle", "open", "2026-03-05", 1), ("Uldis Egle", "new", "2026-03-12", 0)]
    told = second["history"]
    assert (told["new"], told["open"], told["mended"], told["oldest"]) == (1, 1, 1, "2026-03-05")
    assert told["mended_findings"] == [
        {"check": "4-unfounded", "clause": "4", "class": "7.a", "bearer": "Anna Bērziņa", "since": "2026-03-05"}
    ]
    # The note is taken back: what was mended is found again, and is new.
    write_tables(exports, {"notes": [{**NOTES[0], "Skolēns": "Rita Osis"}]})
    third = checked(exports, history, "2026-03-20")
    assert news(third)[0] == ("Ilze Ozola", "new", "2026-03-20", 0)
    assert news(third)[1] == ("Uldis Egle", "open", "2026-03-05", 2)


def test_runs_of_one_day_are_one(exports: Path, history: Path) -> None:
    checked(exports, history, "2026-03-05")
    checked(exports, history, "2026-03-12T08:00")
    again = checked(exports, history, "2026-03-12T16:00")
    assert again["history"]["previous"] == "2026-03-05T23:59:59" and again["history"]["new"] == 1
    ended = command("history", history, "--format", "json")
    assert [run["day"] for run in json.loads(ended.stdout)["runs"]] == ["2026-03-05", "2026-03-12"]


def test_the_order_of_runs_does_not_matter(exports: Path, history: Path) -> None:
    checked(exports, history, "2026-03-12")
    checked(exports, history, "2026-03-05")
    assert news(checked(exports, history, "2026-03-20"))[0] == ("Uldis Egle", "open", "2026-03-05", 2)


class TestWhatCannotBeTold:
    """What a run could not have found is not called mended, and is open again when it is found."""

    def found_again(self, exports: Path, history: Path, changed: dict[str, Any], untold: int) -> None:
        first = checked(exports, history, "2026-03-05")
        for kind in SMALL:
            (exports / f"{kind}.csv").unlink()
        write_tables(exports, changed)
        second = checked(exports, history, "2026-03-06")
        assert (second["history"]["untold"], second["history"]["mended"]) == (untold, 0)
        write_tables(exports, SMALL)
        third = checked(exports, history, "2026-03-07")
        assert third["history"]["new"] == 0 and third["history"]["untold"] == 0
        assert news(third) == [(pupil, "open", "2026-03-05", 0) for pupil, *_rest in news(first)]

    def test_a_check_that_was_not_made(self, exports: Path, history: Path) -> None:
        self.found_again(exports, history, {"absences": ABSENCES, "notes": NOTES, "classes": CLASSES}, 2)

    def test_a_class_that_is_not_there(self, exports: Path, history: Path) -> None:
        absences = [row for row in ABSENCES if row["Klase"] == "7.a"]
        # The event and the class teachers must not name it either.
        self.found_again(exports, history, {**SMALL, "absences": absences, "classes": CLASSES[:1]}, 1)

    def test_days_before_the_exports_begin(self, exports: Path, history: Path) -> None:
        # The export of a month later has other days and both classes.
        later = [{**row, "Datums": "04.03.2026"} for row in ABSENCES[:2]]
        first = checked(exports, history, "2026-03-05")
        write_tables(exports, {"absences": later})
        second = checked(exports, history, "2026-03-06")
        assert second["history"]["untold"] == len(news(first)) == 2
        assert second["history"]["mended"] == 0


class TestNarrowedRuns:
    """A run with filters is compared with what the last run knew of these, and not kept."""

    @pytest.mark.parametrize(
        ("narrow", "open_", "mended"),
        [
            (["--class", "7.b"], 1, 0),
            (["--teacher", "Jānis Kļaviņš"], 1, 0),
            (["--class", "7.a"], 0, 1),
            (["--teacher", "anna berzina"], 0, 1),
            (["--clause", "4"], 1, 1),
            (["--clause", "4-justified"], 0, 0),
        ],
    )
    def test_others_are_not_called_mended(
        self, narrow: list[str], open_: int, mended: int, exports: Path, history: Path
    ) -> None:
        checked(exports, history, "2026-03-05")
        kept = command("history", history).stdout
        told = checked(exports, history, "2026-03-11", *narrow)["history"]
        assert (told["open"], told["mended"], told["untold"]) == (open_, mended, 0)
        assert command("history", history).stdout == kept

    def test_it_is_said(self, exports: Path, history: Path) -> None:
        ended = command("check", exports, "--history", history, "--as-of", "2026-03-05", "--class", "7.b")
        assert "compared with the history, but not kept" in ended.stderr

    def test_what_was_looked_for_elsewhere_is_another_history(self, exports: Path, history: Path) -> None:
        checked(exports, history, "2026-03-05")
        assert checked(exports, history, "2026-03-11", "--ignore-in-force")["history"]["previous"] is None

    def test_a_run_that_could_not_read_a_file(self, exports: Path, history: Path) -> None:
        checked(exports, history, "2026-03-05")
        (exports / "broken.xlsx").write_bytes(b"PK\x03\x04 no workbook")
        ended = command("check", exports, "--history", history, "--as-of", "2026-03-11", "--format", "json")
        told = json.loads(ended.stdout)["history"]
        assert ended.exit_code == 2 and (told["mended"], told["untold"]) == (0, 1)
        assert "not kept" in ended.stderr
        assert len(json.loads(command("history", history, "--format", "json").stdout)["runs"]) == 1


class TestNewOnly:
    """--new-only lists what is new, says what it leaves out, and ends in 1 where something is new."""

    def test_listed_and_counted(self, exports: Path, history: Path) -> None:
        checked(exports, history, "2026-03-05")
        answer = checked(exports, history, "2026-03-12", "--new-only")
        assert [entry["news"] for entry in answer["findings"]] == ["new"]
        assert answer["history"]["not_listed"] == 1
        ended = command("check", exports, "--history", history, "--as-of", "2026-03-12", "--new-only")
        assert "1 open finding is not listed" in ended.stdout and ended.stdout.count("Uldis Egle") == 1

    def test_the_exit_code_tells_of_what_is_new(self, exports: Path, history: Path) -> None:
        arguments = ("check", exports, "--history", history, "--fail-on", "warning", "--new-only", "--as-of")
        assert command(*arguments, "2026-03-05").exit_code == 1
        assert command(*arguments, "2026-03-06").exit_code == 0
        assert command(*arguments, "2026-03-12").exit_code == 1

    def test_without_a_history(self, exports: Path) -> None:
        ended = command("check", exports, "--new-only")
        assert ended.exit_code == 2 and "give --history FILE" in ended.stderr and not ended.stdout


def test_the_terminal_tells_what_is_new(exports: Path, history: Path) -> None:
    checked(exports, history, "2026-03-05")
    ended = command("check", exports, "--history", history, "--as-of", "2026-03-12")
    assert "Since 5 Mar 2026: 1 new, 1 still open (the oldest since 5 Mar 2026), 1 mended." in ended.stdout
    assert " new " in ended.stdout and " 1 wk " in ended.stdout


def test_the_configuration_names_the_history(exports: Path, tmp_path: Path) -> None:
    (tmp_path / "eklase-audit.toml").write_text('history = "kept/h.db"\nhistory_retention = 1\n')
    for day in ("2026-03-05", "2026-03-12", "2026-03-13"):
        command("check", exports, "--as-of", day)
    runs = json.loads(command("history", tmp_path / "kept/h.db", "--format", "json").stdout)["runs"]
    # A week before 13 March is 6 March.
    assert [run["day"] for run in runs] == ["2026-03-12", "2026-03-13"]


def test_a_run_as_of_a_day_to_come_takes_out_nothing(exports: Path, history: Path) -> None:
    checked(exports, history, "2085-03-05")
    checked(exports, history, "2090-03-05")
    runs = json.loads(command("history", history, "--format", "json").stdout)["runs"]
    assert [run["day"] for run in runs] == ["2085-03-05", "2090-03-05"]


@pytest.mark.parametrize("value", ["0", '"forever"', "true", "1.5", "521"])
def test_a_retention_that_cannot_be(value: str, exports: Path, tmp_path: Path) -> None:
    (tmp_path / "eklase-audit.toml").write_text(f"history_retention = {value}\n")
    ended = command("check", exports)
    assert ended.exit_code == 2 and "history_retention: write a number of weeks" in ended.stderr


def test_forgetting(exports: Path, history: Path) -> None:
    for day in ("2026-03-05", "2026-03-06", "2026-03-12"):
        checked(exports, history, day)
    ended = command("history", history, "--forget-before", "2026-03-06")
    assert "1 run taken out" in ended.stderr and ended.exit_code == 0
    # Since when something is open is still known.
    assert news(checked(exports, history, "2026-03-20"))[0] == ("Uldis Egle", "open", "2026-03-05", 2)
    assert command("history", history, "--forget-before", "06.03.2026").exit_code == 2


def test_a_waiver_that_expired_comes_back(exports: Path, history: Path, tmp_path: Path) -> None:
    """A finding stays known while it is waived: after the waiver it is open since its first day."""
    (entry, _other) = checked(exports, history, "2026-03-05")["findings"]
    waivers = tmp_path / "waivers.toml"
    waivers.write_text(f'[[waivers]]\nfingerprint = "{entry["fingerprint"]}"\nreason = "slimība"\nuntil = 2026-03-10\n')
    during = checked(exports, history, "2026-03-09", "--waivers", str(waivers))
    assert [one["waived"] for one in during["findings"]] == [True, False]
    assert (during["history"]["open"], during["history"]["waived_since"], during["history"]["mended"]) == (1, 1, 0)
    # The note that mends it comes on the 11th; the day before, the waiver has ended.
    waivers.write_text(waivers.read_text().replace("2026-03-10", "2026-03-09"))
    after = checked(exports, history, "2026-03-10", "--waivers", str(waivers))
    assert [(one["waived"], one["news"], one["since"]) for one in after["findings"]] == [
        (False, "open", "2026-03-05"),
        (False, "open", "2026-03-05"),
    ]
    assert (after["history"]["open"], after["history"]["waived_no_more"]) == (2, 1)


def test_waived_findings_are_counted_apart(runs: tuple[list[Audit], Path], history: Path) -> None:
    audit = runs[0][0]
    first, *rest = audit.findings
    waived = replace(audit, findings=(first._replace(waiver=Waiver("slimība")), *rest))
    with History(history, create=True) as opened:
        remember(waived, opened, NOW)
        later = replace(audit, as_of=datetime(2026, 11, 9, 23, 59, 59))
        told = json_answer.answer(remember(later, opened, NOW).audit)["history"]
    assert (told["new"], told["open"], told["waived_no_more"]) == (0, len(audit.findings), 1)
    assert told["open"] - told["waived_no_more"] + told["mended"] == len(waived.counted)


class TestFilesThatCannotBeUsed:
    """One line tells what is wrong."""

    def told(self, *arguments: str | Path) -> str:
        ended = command(*arguments)
        assert ended.exit_code == 2 and not ended.stdout
        (line,) = ended.stderr.splitlines()
        return line

    def test_there_is_none(self, history: Path) -> None:
        assert "there is no such history" in self.told("history", history)
        assert not history.exists()

    def test_the_key_is_missing(self, exports: Path, history: Path) -> None:
        checked(exports, history, "2026-03-05")
        history.with_name(history.name + ".key").unlink()
        assert "the key of the history is missing" in self.told("history", history)
        assert "the key of the history is missing" in self.told("check", exports, "--history", history, "-q")

    def test_a_store_is_no_history(self, exports: Path, history: Path) -> None:
        command("snapshot", exports, "--store", history, "--taken-at", "2026-03-05T17:05")
        assert "this is no history" in self.told("history", history)

    def test_of_a_newer_version(self, exports: Path, history: Path) -> None:
        checked(exports, history, "2026-03-05")
        with sqlite3.connect(history) as connection:
            connection.execute("PRAGMA user_version=2")
        assert "newer version" in self.told("history", history)

    def test_check_finds_what_is_wrong(self, exports: Path, history: Path) -> None:
        checked(exports, history, "2026-03-05")
        ended = command("history", history, "--check")
        assert ended.exit_code == 0 and "the history is whole" in ended.stderr
        with sqlite3.connect(history) as connection:
            connection.execute("DELETE FROM runs")
        assert "lines of no run" in command("history", history, "--check").stderr


FINGERPRINTS = st.sets(st.integers(0, 7))


def _item(number: int) -> Item:
    return Item(f"{number:032x}", "5-formative", "5", "7.a", (), None, None, "late")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), FINGERPRINTS), min_size=1, max_size=9))
def test_news_are_a_plain_comparison_of_sets(
    tmp_path_factory: pytest.TempPathFactory, runs: list[tuple[int, set[int]]]
) -> None:
    """Runs in any order, days repeated: what is known after each is what the days in order say."""
    path = tmp_path_factory.mktemp("sets") / "h.db"
    days: dict[int, set[int]] = {}
    with History(path, create=True) as history:
        for day, found in runs:
            days[day] = found
            made = Run(day, "", day * DAY, 0, "", ("7.a",), {"5-formative": CheckMade("5", None, {})})
            changes = history.record(made, [_item(number) for number in sorted(found)])
            before = days[max((one for one in days if one < day), default=-1)] if min(days) < day else set()
            assert {int(key, 16) for key in changes.new} == found - before
            assert {int(item.key, 16) for item in changes.mended} == before - found
            assert {int(item.key, 16): item.since for item in changes.found} == _since(days, day)
        for day in days:
            run = history.run(day)
            assert run is not None
            assert {int(item.key, 16): item.since for item in history.items(run)} == _since(days, day)
        assert history.verify() == []


def _since(days: dict[int, set[int]], last: int) -> dict[int, int]:
    """Of each finding of a day the first day of those in a row that have it."""
    since = {}
    for number in days[last]:
        for day in sorted((one for one in days if one <= last), reverse=True):
            if number not in days[day]:
                break
            since[number] = day
    return since


@settings(max_examples=60, deadline=None)
@given(FINGERPRINTS, FINGERPRINTS, st.sets(st.sampled_from(["5-formative", "6-summative"])))
def test_all_that_was_known_is_open_mended_or_untold(before: set[int], found: set[int], made: set[str]) -> None:
    def item(number: int) -> Item:
        return Item(str(number), "5-formative" if number % 2 else "6-summative", "", None, (), None, None, "late")

    there = [item(number) for number in found if item(number).check in made]
    changes = compare(map(item, before), there, Reach(dict.fromkeys(made), None, 0), 9)
    still = [one for one in changes.found if one.key not in changes.new]
    assert sorted(one.key for one in (*still, *changes.mended, *changes.untold)) == sorted(map(str, before))
    assert {one.check for one in changes.mended} <= made
    assert not {one.check for one in changes.untold} & made


def test_what_is_of_last_school_year_is_not_kept_in_mind() -> None:
    reach = Reach({}, None, school_year_start(day_number(datetime(2026, 9, 7).date())))
    days = [day_number(datetime(2026, month, day).date()) for month, day in ((8, 31), (9, 1))]
    items = [Item("", "5-formative", "5", None, (), day, day, "late") for day in days]
    assert [reach.remembers(item) for item in items] == [False, True]


WRITER = """
import sys
from eklase_audit.history.database import CheckMade, History, Run
from eklase_audit.history.news import Item
from pathlib import Path
items = [Item(f"{n:032x}", "5-formative", "5", "7.a", (), None, None, "late") for n in range(5_000)]
with History(Path(sys.argv[1])) as history:
    print("ready", flush=True)
    for day in range(10, 99):
        history.record(Run(day, "", 0, 0, "", ("7.a",), {"5-formative": CheckMade("5", None, {})}), items)
"""


@pytest.mark.parametrize("seed", range(3))
def test_killed_while_it_writes(seed: int, history: Path) -> None:
    """What was kept before is there, and the run that was being kept is there whole or not at all."""
    with History(history, create=True) as opened:
        opened.record(Run(1, "", 0, 0, "", (), {}), [_item(1)])
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(history)], stdout=subprocess.PIPE, env={**os.environ})
    assert writer.stdout is not None and writer.stdout.readline() == b"ready\n"
    time.sleep(random.Random(seed).uniform(0.01, 0.3))
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    with History(history) as opened:
        assert opened.verify() == []
        first, *rest = opened.listed()
        assert (first.day, first.findings) == (1, 1)
        assert {run.findings for run in rest} <= {5_000}
