"""The store of snapshots: whole or not at all, whatever happens to the machine, and nobody's names in it."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from soak_store import kill_at_random

from dated_school import FIRST, school
from eklase_audit.errors import AuditError
from eklase_audit.moments import to_datetime
from eklase_audit.store import database, keyed
from eklase_audit.store.database import Store
from observing import take
from support import command, journal_of, write_tables

SEMESTER = school("store", 5, pupils=60)
NAMES = [
    "Skolēns",
    "Bērzs",
    "Krūmiņa",
    "Vītols",
    "Matemātika",
    "Fizika",
    "Taisnstūris",
    "SR:",
    "uzd.",
    "7.a",
    "8.b",
]


def moment(day: int) -> str:
    return datetime(2026, 1, 12 + day, 17, 5).isoformat()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with two snapshots."""
    path = tmp_path / "s.db"
    opened = Store(path, create=True)
    for day in (0, 1):
        take(opened, moment(day), SEMESTER.export(datetime.fromisoformat(moment(day))))
    opened.close()
    return path


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    write_tables(folder, SEMESTER.export(datetime.fromisoformat(moment(2))))
    return folder


def fails(*arguments: str | Path) -> str:
    """What a command that fails says: one line, without a traceback."""
    ended = command(*arguments)
    assert ended.exit_code == 2 and ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    return line.removeprefix("eklase-audit: ")


def everywhere(store: Path, exports: Path) -> list[str]:
    """What each command says of a store that it cannot use; none changes it."""
    before = store.read_bytes()
    said = [
        fails("snapshot", exports, "--store", store, "--taken-at", moment(2)),
        fails("check", exports, "--store", store, "--quiet"),
        fails("store", "info", store),
        fails("store", "prune", store, "--before", "2026-01-13"),
    ]
    assert store.read_bytes() == before
    return said


class TestWhatCannotBeUsed:
    def test_of_a_newer_version(self, store: Path, exports: Path) -> None:
        connection = sqlite3.connect(store)
        connection.execute(f"PRAGMA user_version={database.VERSION + 1}")
        connection.close()
        assert {"newer version" in line for line in everywhere(store, exports)} == {True}
        assert "newer version" in fails("store", "verify", store)

    def test_of_something_else(self, store: Path, exports: Path) -> None:
        store.unlink()
        connection = sqlite3.connect(store)
        connection.execute("CREATE TABLE recipes (name TEXT)")
        connection.close()
        assert {"this is no store of eklase-audit" in line for line in everywhere(store, exports)} == {True}

    @pytest.mark.parametrize("content", [b"Datums;Stunda\n" * 100, b"\0" * 5000])
    def test_no_database(self, store: Path, exports: Path, content: bytes) -> None:
        store.write_bytes(content)
        assert {str(store) in line for line in everywhere(store, exports)} == {True}

    def test_without_its_key(self, store: Path, exports: Path) -> None:
        key = store.with_name("s.db.key")
        kept = key.read_bytes()
        for content in (None, b"", kept[:-1], bytes(32)):
            key.unlink(missing_ok=True)
            if content is not None:
                key.write_bytes(content)
            assert {"put s.db.key back" in line for line in everywhere(store, exports)} == {True}
        key.write_bytes(kept)
        assert command("store", "verify", store).exit_code == 0

    def test_a_folder(self, tmp_path: Path, exports: Path) -> None:
        (tmp_path / "dir.db").mkdir()
        assert "dir.db" in fails("snapshot", exports, "--store", tmp_path / "dir.db", "--taken-at", moment(0))

    def test_not_there(self, tmp_path: Path, exports: Path) -> None:
        for arguments in (
            ("check", exports, "--store"),
            ("store", "info"),
            ("store", "verify"),
            ("store", "prune"),
        ):
            assert "there is no such store" in fails(*arguments, tmp_path / "none.db")
        assert not (tmp_path / "none.db").exists() and not (tmp_path / "none.db.key").exists()

    def test_locked_by_another_run(self, store: Path, exports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(keyed, "_WAIT_SECONDS", 0.1)
        other = sqlite3.connect(store, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        snapshot = ("snapshot", exports, "--store", store, "--taken-at", moment(2))
        for arguments in (snapshot, ("store", "prune", store, "--before", "2026-01-13")):
            assert "another run uses the store" in fails(*arguments)
        # Who only reads does not wait for who writes.
        assert command("store", "info", store).exit_code == 0
        other.execute("ROLLBACK")
        other.close()
        assert command("store", "verify", store).exit_code == 0

    def test_damaged_anywhere(self, store: Path, tmp_path: Path) -> None:
        """Whatever stands in the file instead: one clear error, or the store is what it was."""
        chance = random.Random(1)
        whole = store.read_bytes()
        opened = Store(store)
        dump = opened.dump()
        opened.close()
        told = 0
        for number in range(60):
            content = bytearray(whole)
            if number % 3 == 0:
                content = content[: chance.randrange(len(content))]
            else:
                start = chance.randrange(len(content))
                for place in range(start, min(start + chance.choice([1, 16, 4096]), len(content))):
                    content[place] = chance.randrange(256)
            store.write_bytes(content)
            try:
                opened = Store(store)
                faults = opened.verify()
                if not faults:
                    assert opened.dump() == dump
                opened.close()
            except AuditError:
                faults = ["."]
            told += bool(faults)
            if faults:
                ended = command("store", "verify", store)
                assert ended.exit_code == 2 and len(ended.stderr.splitlines()) >= 1
        assert told > 15

    def test_a_changed_number_is_noticed(self, store: Path, exports: Path) -> None:
        opened = Store(store)
        key = opened.dump()["topic"][0][0].to_bytes(8, "little", signed=True)
        opened.close()
        content = store.read_bytes()
        assert key in content
        store.write_bytes(content.replace(key, bytes([key[0] ^ 1]) + key[1:]))
        assert "is damaged" in fails("check", exports, "--store", store, "--quiet")
        assert "is damaged" in fails("snapshot", exports, "--store", store, "--taken-at", moment(2))
        assert "is damaged" in fails("store", "verify", store)


class TestWriting:
    def test_only_its_owner_reads_it(self, store: Path) -> None:
        for path in (store, store.with_name("s.db.key")):
            assert path.stat().st_mode & 0o777 == 0o600
        assert sorted(path.name for path in store.parent.iterdir()) == ["s.db", "s.db.key"]

    def test_names_and_marks_are_not_in_it(self, store: Path) -> None:
        content = store.read_bytes() + store.with_name("s.db.key").read_bytes()
        for name in NAMES:
            for encoding in ("utf-8", "utf-16-le", "cp1257"):
                assert name.encode(encoding) not in content or (name == "SR:" and encoding != "utf-8"), name

    def test_marks_cannot_be_counted(self, store: Path) -> None:
        """Each content is mixed with its entry: that two marks are alike cannot be seen."""
        opened = Store(store)
        contents = [line[1] for line in opened.dump()["mark"]]
        assert len(set(contents)) == len(contents) > 10

    def test_another_key_gives_other_numbers(self, store: Path, tmp_path: Path) -> None:
        other = Store(tmp_path / "other.db", create=True)
        take(other, moment(0), SEMESTER.export(datetime.fromisoformat(moment(0))))
        mine = Store(store)
        assert not {line[0] for line in other.dump()["lesson"]} & {line[0] for line in mine.dump()["lesson"]}

    def test_the_settings_are_safe_when_power_fails(self, store: Path) -> None:
        opened = Store(store)
        assert opened.connection.execute("PRAGMA synchronous").fetchone()[0] == 2
        assert opened.connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        opened.close()

    def test_an_interrupted_first_run_is_taken_up(self, tmp_path: Path) -> None:
        """Killed before its tables were there: with or without the key."""
        path = tmp_path / "s.db"
        path.touch()
        Store(path, create=True).close()
        key = path.with_name("s.db.key").read_bytes()
        path.unlink()
        path.touch()
        opened = Store(path, create=True)
        assert path.with_name("s.db.key").read_bytes() == key and opened.verify() == []

    def test_two_at_once_are_both_recorded(self, tmp_path: Path) -> None:
        """Neither has a store yet: one makes it, and its key, and both write to it."""
        runs = []
        for day in range(3):
            folder = tmp_path / str(day)
            folder.mkdir()
            write_tables(folder, SEMESTER.export(datetime.fromisoformat(moment(day))))
            runs.append(
                subprocess.Popen(
                    [
                        sys.executable,
                        "-m",
                        "eklase_audit",
                        "snapshot",
                        folder,
                        "--store",
                        tmp_path / "s.db",
                        "--taken-at",
                        moment(day),
                    ],
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                )
            )
        assert [(run.communicate()[1], run.returncode) for run in runs] == [(b"", 0)] * 3
        both, alone = Store(tmp_path / "s.db"), Store(tmp_path / "alone.db", create=True)
        alone.hasher = both.hasher
        for day in range(3):
            take(alone, moment(day), SEMESTER.export(datetime.fromisoformat(moment(day))))
        assert both.verify() == [] and both.dump() == alone.dump()

    def test_many_stores_made_at_once_have_one_key(self, tmp_path: Path) -> None:
        path = tmp_path / "s.db"
        children = []
        for _again in range(8):
            child = os.fork()
            if not child:
                try:
                    Store(path, create=True).close()
                    os._exit(0)
                except BaseException:
                    os._exit(1)
            children.append(child)
        assert [os.waitpid(child, 0)[1] for child in children] == [0] * 8
        assert Store(path).verify() == []

    def test_killed_at_random_moments(self, tmp_path: Path) -> None:
        told = kill_at_random(tmp_path, kills=10, seed=3, days=4)
        assert told.kills == 10 and told.before + told.after == 10

    def test_on_a_full_disk_nothing_is_lost(self, store: Path, exports: Path, tmp_path: Path) -> None:
        small = tmp_path / "small"
        small.mkdir()
        if (
            os.geteuid()
            or not shutil.which("mount")
            or subprocess.run(
                ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(small)], capture_output=True
            ).returncode
        ):
            pytest.skip("no disk can be mounted here")
        try:
            for name in ("s.db", "s.db.key"):
                shutil.copy(store.with_name(name), small / name)
            opened = Store(small / "s.db")
            before = opened.dump()
            opened.close()
            (small / "filler").write_bytes(b"x" * (shutil.disk_usage(small).free // 4096 * 4096))
            line = fails("snapshot", exports, "--store", small / "s.db", "--taken-at", moment(2))
            assert "the disk is full" in line or "cannot be written" in line
            # A store that cannot be made says so, too.
            assert "small" in fails("snapshot", exports, "--store", small / "n" / "t.db", "--taken-at", moment(2))
            (small / "filler").unlink()
            opened = Store(small / "s.db")
            assert opened.verify() == [] and opened.dump() == before
            opened.close()
            assert command("snapshot", exports, "--store", small / "s.db", "--taken-at", moment(2)).exit_code == 0
        finally:
            subprocess.run(["umount", str(small)], check=True)

    def test_where_a_file_may_not_grow_nothing_is_lost(self, store: Path, exports: Path) -> None:
        opened = Store(store)
        before = opened.dump()
        opened.close()
        child = os.fork()
        if not child:
            resource.setrlimit(resource.RLIMIT_FSIZE, (store.stat().st_size // 2,) * 2)
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            os._exit(command("snapshot", exports, "--store", store, "--taken-at", moment(2)).exit_code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 2
        opened = Store(store)
        assert opened.verify() == [] and opened.dump() == before


class TestTheCommand:
    def test_the_moment_is_told_by_a_name(self, tmp_path: Path) -> None:
        for name in (
            "2026-01-12_1705",
            "2026-01-13T17-05",
            "20260114 170530",
            "eksports 2026-01-15_17.05 visi",
        ):
            write_tables(made(tmp_path / name), school("names", 2).export(datetime(2026, 1, 16)))
            ended = command("snapshot", tmp_path / name, "--store", tmp_path / "s.db")
            assert (ended.exit_code, ended.stderr) == (0, "")
        ended = command(
            "snapshot",
            tmp_path / "2026-01-12_1705" / "marks.csv",
            tmp_path / "2026-01-12_1705" / "lessons.csv",
            "--store",
            tmp_path / "s.db",
        )
        assert ended.exit_code == 0
        assert [str(to_datetime(taken)) for taken in Store(tmp_path / "s.db").snapshots()] == [
            "2026-01-12 17:05:00",
            "2026-01-13 17:05:00",
            "2026-01-14 17:05:30",
            "2026-01-15 17:05:00",
        ]

    @pytest.mark.parametrize("name", ["2026-13-12_1705", "2026-01-12", "12026-01-12_1705x", "jaunākie"])
    def test_a_time_of_files_is_said_aloud(self, exports: Path, tmp_path: Path, name: str) -> None:
        folder = exports.rename(tmp_path / name)
        when = time.mktime((2026, 1, 14, 17, 5, 0, 0, 0, -1))
        for file in folder.iterdir():
            os.utime(file, (when - 60, when - 60))
        os.utime(folder / "marks.csv", (when, when))
        ended = command("snapshot", folder, "--store", tmp_path / "s.db")
        assert ended.exit_code == 0 and "17:05" in ended.stderr and "--taken-at" in ended.stderr
        assert len(ended.stderr.splitlines()) == 1

    def test_names_that_differ(self, tmp_path: Path) -> None:
        folders = [made(tmp_path / name) for name in ("2026-01-12_1705", "2026-01-13_1705")]
        for folder in folders:
            write_tables(folder, school("names", 2).export(datetime(2026, 1, 16)))
        assert "different times" in fails("snapshot", *folders, "--store", tmp_path / "s.db")
        assert not (tmp_path / "s.db").exists()

    @pytest.mark.parametrize("taken", ["2026-01-12", "12.01.2026 17:05", "2026-01-12T25:00", "now", ""])
    def test_a_moment_that_is_none(self, exports: Path, tmp_path: Path, taken: str) -> None:
        line = fails("snapshot", exports, "--store", tmp_path / "s.db", "--taken-at", taken)
        assert "--taken-at" in line and not (tmp_path / "s.db").exists()

    def test_what_is_asked_must_be_there(self, exports: Path, tmp_path: Path) -> None:
        store = tmp_path / "s.db"
        assert "--store" in fails("snapshot", exports)
        assert "--each" in fails("snapshot", "--store", store)
        assert "--each" in fails("snapshot", exports, "--each", exports, "--store", store)
        assert "--each" in fails("snapshot", "--each", exports, "--store", store, "--taken-at", moment(1))
        for arguments in (
            (tmp_path / "none",),
            ("--each", tmp_path / "none"),
            ("--each", exports / "marks.csv"),
        ):
            assert "there is no such file" in fails("snapshot", *arguments, "--store", store)
        assert not store.exists()

    def test_a_file_that_cannot_be_read_stops_it(self, store: Path, exports: Path) -> None:
        (exports / "broken.xlsx").write_bytes(b"PK\x03\x04 no workbook")
        before = store.read_bytes()
        ended = command("snapshot", exports, "--store", store, "--taken-at", moment(2))
        assert ended.exit_code == 2 and "the snapshot was not taken" in ended.stderr
        assert store.read_bytes() == before

    def test_each_dated_folder_in_its_order(self, tmp_path: Path) -> None:
        semester = school("each", 5)
        archive = made(tmp_path / "arhivs")
        for day in (2, 0, 1):
            taken = datetime(2026, 1, 12 + day, 17, 5)
            write_tables(made(archive / f"{taken:%Y-%m-%d_%H%M}"), semester.export(taken))
        made(archive / ".cache")
        (archive / "piezīmes.txt").write_text("x")
        ended = command("snapshot", "--each", archive, "--store", tmp_path / "s.db")
        lines = ended.stdout.splitlines()
        assert ended.exit_code == 0 and len(lines) == 3
        assert [day for line, day in zip(lines, ("12", "13", "14"), strict=True) if day in line.split(":")[0]] == [
            "12",
            "13",
            "14",
        ]
        assert [line for line in ended.stderr.splitlines() if "piezīmes.txt" in line and "left out" in line]
        # Those that are known are not read again; a new one is added.
        taken = datetime(2026, 1, 15, 17, 5)
        write_tables(made(archive / f"{taken:%Y-%m-%d_%H%M}"), semester.export(taken))
        ended = command("snapshot", "--each", archive, "--store", tmp_path / "s.db")
        assert len(ended.stdout.splitlines()) == 1 and "15" in ended.stdout
        alone = Store(tmp_path / "alone.db", create=True)
        alone.hasher = Store(tmp_path / "s.db").hasher
        for day in range(4):
            taken = datetime(2026, 1, 12 + day, 17, 5)
            take(alone, taken.isoformat(), journal_of(semester.export(taken)))
        assert Store(tmp_path / "s.db").dump() == alone.dump()

    def test_files_of_one_moment_are_one(self, tmp_path: Path) -> None:
        archive = made(tmp_path / "arhivs")
        write_tables(archive, school("files", 3).export(datetime(2026, 1, 14, 17, 5)))
        for file in list(archive.iterdir()):
            file.rename(archive / f"2026-01-14_1705 {file.name}")
        ended = command("snapshot", "--each", archive, "--store", tmp_path / "s.db")
        assert ended.exit_code == 0 and len(ended.stdout.splitlines()) == 1
        assert len(Store(tmp_path / "s.db").snapshots()) == 1

    def test_each_in_a_folder_without_dates(self, exports: Path, tmp_path: Path) -> None:
        ended = command("snapshot", "--each", exports, "--store", tmp_path / "s.db")
        assert ended.exit_code == 2 and "is dated" in ended.stderr and not (tmp_path / "s.db").exists()

    def test_what_a_store_holds(self, store: Path) -> None:
        told = command("store", "info", store).stdout
        assert "2 snapshots" in told and "lesson:" in told and "MB" in told and "vanished" in told
        assert command("store", "verify", store).stdout == "the store is whole\n"

    def test_what_is_old_is_taken_out(self, store: Path) -> None:
        opened = Store(store)
        before = opened.dump()
        opened.close()
        ended = command("store", "prune", store, "--before", "2026-01-13")
        assert ended.exit_code == 0
        opened = Store(store)
        after = opened.dump()
        day = (FIRST - datetime(1970, 1, 1).date()).days + 1
        assert opened.verify() == []
        for aspect in ("lesson", "topic", "homework", "absence", "mark"):
            assert after[aspect] == [line for line in before[aspect] if line[3] >= day]
        # Marks of the semester are of the whole year.
        assert after["semester-mark"] == before["semester-mark"]
        opened.close()
        assert fails("store", "prune", store, "--before", "13.01.2026")

    def test_how_long_entries_are_kept(self, store: Path, tmp_path: Path) -> None:
        config = tmp_path / "c.toml"
        config.write_text('retention = "two-school-years"\n')
        today = datetime.now()
        start = today.year if today.month >= 9 else today.year - 1
        for arguments, year in (([], start), (["--config", config], start - 1)):
            ended = command("store", "prune", store, *arguments)
            assert ended.exit_code == 0 and str(year) in ended.stdout, ended.stderr

    def test_nothing_stays_of_what_is_taken_out(self, store: Path) -> None:
        before = store.read_bytes()
        opened = Store(store)
        keys = [line[0].to_bytes(8, "little", signed=True) for line in opened.dump()["topic"]]
        opened.close()
        assert command("store", "prune", store, "--before", "2027-01-01").exit_code == 0
        opened = Store(store)
        assert opened.snapshots() == [] and opened.verify() == []
        assert all(key in before for key in keys) and not any(key in store.read_bytes() for key in keys)


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_the_names_told_are_of_the_file_only(store: Path, exports: Path) -> None:
    """Nothing of a cell stands in what is printed."""
    ended = command("snapshot", exports, "--store", store, "--taken-at", moment(2))
    printed: Any = ended.stdout + ended.stderr
    assert ended.exit_code == 0 and not [name for name in NAMES if name in printed]
