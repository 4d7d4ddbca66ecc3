"""Faults around a run: a full or read-only disk, a clock moved back, no locale, no home, no terminal, broken files."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from forked_run import ForkedRun
from soak_setting import DAYS, HERE, KINDS, Setting, small_disk

from fuzzing import mutated, near_valid


@dataclass(frozen=True)
class Told:
    """What was done, how often, and what came of it; `tries` is 0 where it could not be tried here."""

    fault: str
    tries: int
    outcome: str


def one_error(code: int, said: str) -> None:
    """A run that could not do its work says so in one line and ends in 2."""
    assert code == 2, (code, said)
    assert len(said.splitlines()) == 1, said
    assert "Traceback" not in said, said


def full_disk(setting: Setting) -> Told:
    """Reports, a store and a log on a disk with less and less room, in steps of 16 KiB."""
    fault = "the disk is full, at each write in turn"
    with small_disk(setting.folder / "small") as disk:
        if disk is None:
            return Told(fault, 0, "no disk could be mounted here")
        refused = written = tries = 0
        out = disk / "out"
        out.mkdir()
        for kind in KINDS:
            (out / kind).write_bytes(setting.expected[0][kind])
        shutil.copy(setting.store, disk / "s.db")
        shutil.copy(setting.store.with_name("s.db.key"), disk / "s.db.key")
        stored = (disk / "s.db").read_bytes()
        filler = disk / "filler"
        filler.write_bytes(b"")
        size = sum(len(content) for content in setting.expected[DAYS - 1].values())
        for room in range(0, size + (64 << 10), 16 << 10):
            free = shutil.disk_usage(disk).free + filler.stat().st_size
            filler.write_bytes(b"x" * max(0, free - room))
            for log in (setting.log, disk / "runs.log"):
                tries += 1
                words: list[Any] = setting.check(DAYS - 1, *setting.reports(out))
                words[words.index(setting.log)] = log
                code, said = ForkedRun(*words).wait()
                days = setting.reports_are_whole(out)
                setting.nothing_is_left_over(out)
                if code == 1:
                    assert DAYS - 1 in days
                    written += 1
                    for kind in KINDS:
                        (out / kind).write_bytes(setting.expected[0][kind])
                else:
                    one_error(code, said)
                    assert days == {0}, "some reports are new, some old"
                    refused += 1
                (disk / "runs.log").unlink(missing_ok=True)
            tries += 1
            words = setting.snapshot(DAYS - 1)
            words[words.index(setting.store)] = disk / "s.db"
            code, said = ForkedRun(*words).wait()
            if code == 0:
                (disk / "s.db").write_bytes(stored)
                written += 1
            else:
                one_error(code, said)
                refused += 1
                filler.write_bytes(b"")
                setting.whole("store", "verify", disk / "s.db", codes=(0,))
            for path in disk.glob("s.db-*"):
                path.unlink()
    outcome = f"{refused} refused in one line with exit code 2, all files as before; {written} found room enough"
    return Told(fault, tries, outcome)


def read_only(setting: Setting) -> Told:
    """Reports on a disk that has become read-only."""
    fault = "the disk became read-only"
    with small_disk(setting.folder / "small") as disk:
        if disk is None:
            return Told(fault, 0, "no disk could be mounted here")
        for kind in KINDS:
            (disk / kind).write_bytes(setting.expected[0][kind])
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        for option in ([], ["--store", disk / "s.db"]):
            one_error(*ForkedRun(*setting.check(DAYS - 1, *setting.reports(disk), *option)).wait())
        assert setting.reports_are_whole(disk) == {0}
    return Told(fault, 2, "refused in one line with exit code 2, the old reports stayed")


def vanished(setting: Setting) -> Told:
    """A network folder that goes away while a report is written: each system call in turn says so."""
    import errno

    calls = ("tempfile.mkstemp", "os.write", "os.fsync", "pathlib.Path.replace")
    setting.whole(*setting.check(0, *setting.reports()))

    def breaking(name: str, number: int) -> Callable[[], None]:
        def breaks() -> None:
            from unittest import mock

            def gone(*_arguments: Any, **_options: Any) -> Any:
                raise OSError(number, os.strerror(number))

            # The log has a file of its own; only the reports' folder is gone.
            mock.patch(f"eklase_audit.files.{name}" if name.startswith(("os", "tempfile")) else name, gone).start()

        return breaks

    tries = 0
    for name in calls:
        for number in (errno.ESTALE, errno.EIO):
            tries += 1
            words = setting.check(DAYS - 1, *setting.reports())
            del words[words.index("--log") : words.index("--log") + 2]
            one_error(*ForkedRun(*words, before=breaking(name, number)).wait())
            assert setting.reports_are_whole() == {0}
            setting.nothing_is_left_over()
    return Told("a network folder vanished (ESTALE, EIO)", tries, "one line, exit code 2, the old reports stayed")


def clock_moved_back(setting: Setting) -> Told:
    """The computer's clock stands some days, years or decades back, or far ahead."""
    tries = 0
    before = setting.held_by_store()
    for moved in (timedelta(hours=-2), timedelta(days=-3), timedelta(days=-400), timedelta(days=-9000), timedelta(900)):

        def move(moved: timedelta = moved) -> None:
            class Moved(datetime):
                @classmethod
                def now(cls, tz: Any = None) -> Any:
                    return datetime.now(tz) + moved

            import importlib

            for name in ("common", "snapshot", "history", "run_log"):
                try:
                    module = importlib.import_module(f"eklase_audit.cli.{name}")
                except ImportError:
                    continue
                if hasattr(module, "datetime"):
                    module.datetime = Moved  # type: ignore[attr-defined]

        tries += 2
        words: list[Any] = ["check", setting.exports(DAYS - 1), "--store", setting.store, "--cron"]
        code, said = ForkedRun(*words, "--log", setting.log, before=move).wait()
        # Before the regulation is in force, or in a year without a calendar, nothing can be audited.
        assert code in (0, 1, 2) and len(said.splitlines()) <= 1 and "Traceback" not in said, (code, said)
        os.utime(next(iter(setting.exports(0).iterdir())), (0, 0))
        words = setting.snapshot(DAYS - 1)
        assert ForkedRun(*words, before=move).wait() == (0, "")
    after = setting.held_by_store()
    assert set(before["snapshots"]) <= set(after["snapshots"])
    return Told("the clock was moved back or ahead", tries, "no run failed by it; the stores lost nothing")


def environments(setting: Setting) -> list[Told]:
    """No locale, no home, no terminal: the same answer, byte for byte."""
    base = {"PATH": "/usr/bin:/bin", "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    blocked = setting.folder / "blocked"
    blocked.write_bytes(b"")
    words = [str(word) for word in setting.check(DAYS - 1, "--format", "json")]

    def answers(changes: list[dict[str, str]], closing: str = "") -> int:
        first = None
        for change in changes:
            got = subprocess.run(
                ["/bin/sh", "-c", f'exec setsid "$0" "$@" {closing}', sys.executable, "-m", "eklase_audit", *words],
                env={**base, **change},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )
            assert got.returncode == 1, got
            assert len(got.stderr.splitlines()) == ("2>" not in closing), got.stderr
            first = first or got.stdout
            assert got.stdout == first
            assert ">&-" in closing or json.loads(got.stdout)["findings"]
        return len(changes)

    tongues: list[dict[str, str]] = [
        {},
        {"LC_ALL": "C"},
        {"LC_ALL": "xx_XX.UTF-8"},
        {"LANG": "lv_LV.ISO-8859-13"},
        {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    ]
    homes = [{}, {"HOME": "/nonexistent"}, {"HOME": str(blocked)}, {"HOME": "/proc"}, {"HOME": ""}]
    return [
        Told("the locale is missing or unknown", answers(tongues), "the same answer, byte for byte"),
        Told("HOME is missing, no folder, or not writable", answers(homes), "the same answer, byte for byte"),
        Told("no terminal", answers([{}]), "the answer, one line"),
        Told("no open input and output at all", answers([{}], "<&- >&- 2>&-"), "the same exit code"),
    ]


def broken_files(setting: Setting, count: int = 200) -> Told:
    """Two hundred broken files beside a day's exports: cut off, with bytes changed, of other formats."""
    folder = setting.folder / "broken"
    shutil.copytree(setting.exports(DAYS - 1), folder)
    chance = random.Random(11)
    sound = [path.read_bytes() for path in sorted(HERE.parent.joinpath("sample_exports").rglob("*.xlsx"))]
    made = 0
    while made < count:
        kind = made % 4
        if kind == 0:
            data = chance.choice(sound)
            files = {"a.xlsx": data[: chance.randrange(1, len(data))]}
        elif kind == 1:
            files = {"a.xlsx": b"PK\x03\x04" + chance.randbytes(chance.randrange(2000))}
        else:
            files = dict(mutated(chance) if kind == 2 else near_valid(chance))
            files = dict(list(files.items())[:1])
        for name, content in files.items():
            (folder / f"{made}-{Path(name).name}").write_bytes(content)
            made += 1
    log = setting.folder / "broken.log"
    words: list[str | Path] = [
        "check",
        folder,
        "--as-of",
        setting.taken(DAYS - 1).isoformat(),
        "--cron",
        "--lang",
        "en",
    ]
    code, said = ForkedRun(*words, "--newest", "--log", log, "--fail-on", "never").wait()
    one_error(code, said)
    end = log.read_text("utf-8").splitlines()[-1]
    numbers = dict(word.split("=") for word in end.split() if "=" in word)
    outcome = (
        f"one line, exit code 2; {numbers.get('unreadable', '0')} could not be read, of {numbers.get('files', '0')} "
        "others all was audited that could be"
    )
    return Told(f"{made} broken files", made, outcome)


def all_faults(setting: Setting) -> list[Told]:
    """Try each fault; raises AssertionError where one is not borne as promised."""
    setting.whole(*setting.check(0, *setting.reports()))
    for path in setting.folder.glob("s.db*"):
        path.unlink()
    setting.whole(*setting.snapshot(0), codes=(0,))
    told = []
    for fault in (full_disk, read_only, vanished, clock_moved_back, broken_files):
        told.append(fault(setting))
        print(f"  {told[-1]}", flush=True)
    told += environments(setting)
    return told


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        for one in all_faults(Setting(Path(name))):
            print(one)
