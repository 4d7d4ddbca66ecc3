"""Runs where nobody looks on: --cron, --log, --timeout, locks, and what a signal leaves behind."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cron_loop import loop_with_faults
from forked_run import ForkedRun

from eklase_audit.cli import run_lock, run_log
from eklase_audit.cli.run_lock import alone, lock_folder
from eklase_audit.cli.stopping import stoppable
from eklase_audit.cli.unattended import parse_duration
from eklase_audit.errors import AuditError
from support import command, write_tables

AS_OF = "2026-02-27"
MARK = {
    "Skolēns": "Anna Bērziņa",
    "Klase": "7.a",
    "Priekšmets": "Matemātika",
    "Pedagogs": "Ilze Kalniņa",
    "Vērtējuma veids": "formatīvais",
    "Darba datums": "08.12.2025",
    "Vērtējums": "8",
    "Ievadīts": "09.12.2025 12:00",
}
LATE = {**MARK, "Ievadīts": "22.12.2025 10:00"}
PERSONS = ("Anna", "Bērziņa", "Ilze", "Kalniņa")
RUBBISH = b"PK\x03\x04\x00\x01nekas"


@pytest.fixture(autouse=True)
def _locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "stavoklis"))


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "eksports"
    folder.mkdir()
    write_tables(folder, {"marks": [MARK]})
    return folder


@pytest.fixture
def late(exports: Path) -> Path:
    write_tables(exports, {"marks": [LATE]})
    return exports


def check(exports: Path, *options: str | Path) -> Any:
    return command("check", exports, "--as-of", AS_OF, "--cron", *options)


# ---- --cron


def test_it_is_silent_where_nothing_is_found(exports: Path, tmp_path: Path) -> None:
    got = check(exports, "--report", f"csv:{tmp_path / 'a.csv'}")
    assert (got.exit_code, got.stdout, got.stderr) == (0, "", "")
    assert (tmp_path / "a.csv").exists()


def test_it_says_one_line_where_something_is_found(late: Path, tmp_path: Path) -> None:
    got = check(late, "--report", f"csv:{tmp_path / 'a.csv'}")
    assert (got.exit_code, got.stdout) == (1, "")
    assert re.fullmatch(r"eklase-audit: In all: 1 violation, .+ \(27 Feb 2026\)\n", got.stderr)
    assert not any(name in got.stderr for name in PERSONS)
    assert (tmp_path / "a.csv").exists()


def test_what_the_exit_code_does_not_tell_is_not_said(late: Path) -> None:
    got = check(late, "--fail-on", "never")
    assert (got.exit_code, got.stdout, got.stderr) == (0, "", "")


@pytest.mark.parametrize("found", [False, True])
def test_json_is_printed_where_it_is_asked_for(exports: Path, found: bool) -> None:
    write_tables(exports, {"marks": [LATE if found else MARK]})
    got = check(exports, "--format", "json")
    assert len(json.loads(got.stdout)["findings"]) == found
    assert len(got.stderr.splitlines()) == found


def test_errors_are_one_line_with_how_many_there_are(late: Path) -> None:
    for number in range(3):
        (late / f"{number}.xlsx").write_bytes(RUBBISH)
    got = check(late)
    assert (got.exit_code, got.stdout) == (2, "")
    assert re.fullmatch(r"eklase-audit: 0\.xlsx: .+ \(and 2 more errors\); In all: 1 violation, .+\n", got.stderr)


def test_an_error_names_nobody(late: Path) -> None:
    got = check(late, "--teacher", "Ilze Kalnina-Zara")
    assert (got.exit_code, got.stdout) == (2, "")
    assert len(got.stderr.splitlines()) == 1
    assert not any(name in got.stderr for name in PERSONS)


def test_a_snapshot_is_silent_too(exports: Path, tmp_path: Path) -> None:
    got = command("snapshot", exports, "--store", tmp_path / "s.db", "--cron")
    assert (got.exit_code, got.stdout, got.stderr) == (0, "", "")
    assert "1" in command("store", "info", tmp_path / "s.db").stdout


def test_no_colour_and_no_progress_at_a_terminal(late: Path) -> None:
    import pty

    main, other = pty.openpty()
    run = ForkedRun("check", late, "--cron", "--as-of", AS_OF, stdout=other, stderr=other)
    os.close(other)
    shown = b""
    while True:
        try:
            shown += os.read(main, 4096)
        except OSError:
            break
    os.close(main)
    assert run.wait()[0] == 1
    assert b"\x1b" not in shown and shown.count(b"\n") == 1


def test_in_an_environment_without_anything(late: Path) -> None:
    """As cron starts it: no HOME, no locale, no terminal, no open input or output."""
    line = f'exec "{sys.executable}" -m eklase_audit check "{late}" --as-of {AS_OF} --cron'
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": os.pathsep.join(sys.path)}
    for closed in ("", " <&- >&- 2>&-"):
        got = subprocess.run(["/bin/sh", "-c", line + closed], env=environment, capture_output=True, check=False)
        assert (got.returncode, got.stdout, len(got.stderr.splitlines())) == (1, b"", 0 if "2>" in closed else 1)


# ---- two runs


def test_the_second_of_two_runs_says_so_and_ends(exports: Path, tmp_path: Path) -> None:
    store = tmp_path / "s.db"
    with alone([exports.resolve()]):
        got = check(exports)
        assert got.exit_code == 2
        assert got.stderr == f"eklase-audit: another run is at work on {exports}: this one has ended\n"
        assert command("snapshot", exports, "--store", store, "--cron").exit_code == 2
        # One that a person starts is not held up.
        assert command("check", exports, "--as-of", AS_OF).exit_code == 0
    with alone([store.resolve()]):
        assert command("snapshot", exports, "--store", store, "--cron").exit_code == 2
        assert check(exports).exit_code == 0
    assert not store.exists()
    assert check(exports).exit_code == 0


def test_the_lock_of_a_killed_run_does_not_stay(exports: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from eklase_audit.cli.run_lock import alone\n"
        "with alone([Path(sys.argv[1])]):\n    print('ready', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(exports.resolve())], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout and holder.stdout.readline() == b"ready\n"
        assert check(exports).exit_code == 2
        holder.kill()
    assert check(exports).exit_code == 0


def test_locks_name_nothing_and_are_private(exports: Path) -> None:
    with alone([exports]):
        found = list(lock_folder().iterdir())
    assert [re.fullmatch(r"[0-9a-f]{32}\.lock", path.name) is not None for path in found] == [True]
    assert [(path.stat().st_size, path.stat().st_mode & 0o777) for path in found] == [(0, 0o600)]


def test_without_a_home_locks_are_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "datne"
    blocked.write_bytes(b"")
    monkeypatch.setenv("XDG_STATE_HOME", str(blocked))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    assert lock_folder() == tmp_path / "tmp" / f"eklase-audit-{os.getuid()}"
    assert lock_folder().stat().st_mode & 0o777 == 0o700
    # One that somebody else has laid there is not used.
    lock_folder().rmdir()
    (tmp_path / "tmp" / f"eklase-audit-{os.getuid()}").symlink_to(tmp_path)
    with pytest.raises(AuditError, match="no lock can be made"):
        lock_folder()


def test_where_no_lock_can_be_made(exports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_lock, "_is_own", lambda folder: False)
    got = check(exports)
    assert got.exit_code == 2
    assert "no lock can be made here" in got.stderr and len(got.stderr.splitlines()) == 1


# ---- --log


def lines(log: Path) -> list[str]:
    return log.read_text("utf-8").splitlines()


def test_the_log_tells_when_and_how_each_run_ended(late: Path, tmp_path: Path) -> None:
    log = tmp_path / "darbi.log"
    assert check(late, "--log", log).exit_code == 1
    assert command("snapshot", late, "--store", tmp_path / "s.db", "--log", log).exit_code == 0
    stamp = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"
    forms = [
        rf"{stamp} check\[\d+\] start version=\S+",
        rf"{stamp} check\[\d+\] end exit=1 seconds=\d+\.\d violations=1 warnings=0 not_audited=\d+ data_problems=0 "
        "new=0 files=1 unreadable=0",
        rf"{stamp} snapshot\[\d+\] start version=\S+",
        rf"{stamp} snapshot\[\d+\] end exit=0 seconds=\d+\.\d",
    ]
    assert [bool(re.fullmatch(form, line)) for form, line in zip(forms, lines(log), strict=True)] == [True] * 4
    assert log.stat().st_mode & 0o777 == 0o600


def test_errors_stand_in_the_log_without_names(late: Path, tmp_path: Path) -> None:
    log = tmp_path / "darbi.log"
    (late / "bojats.xlsx").write_bytes(RUBBISH)
    got = command("check", late, "--as-of", AS_OF, "--teacher", "Ilze Kalnina-Zara", "--log", log)
    # The person at the terminal is told the nearest names.
    assert "Ilze Kalniņa" in got.stderr
    _start, *errors, end = lines(log)
    assert [line.split("] ")[1][:19] for line in errors] == ["error bojats.xlsx: ", "error there is no t"]
    assert end.endswith("AuditError=1 ReadError=1") and " exit=2 " in end
    assert not any(name in log.read_text("utf-8") for name in (*PERSONS, "Kalnina"))


def test_a_fault_of_ours_stands_in_the_log_by_its_kind(
    late: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_audit: Any) -> bytes:
        raise KeyError("Anna Bērziņa")

    log = tmp_path / "darbi.log"
    monkeypatch.setattr("eklase_audit.reports.csv_report.render", breaks)
    with pytest.raises(KeyError):
        check(late, "--report", f"csv:{tmp_path / 'a.csv'}", "--log", log)
    assert " exit=2 " in lines(log)[-1] and lines(log)[-1].endswith("KeyError=1")
    assert "Anna" not in log.read_text("utf-8")


def test_the_log_stays_small(exports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_log, "_MOST_BYTES", 400)
    log = tmp_path / "darbi.log"
    for _again in range(12):
        command("check", exports / "nav", "--log", log)
    kept = sorted(path.name for path in tmp_path.glob("darbi.log*"))
    assert kept == ["darbi.log", "darbi.log.1", "darbi.log.2", "darbi.log.3", "darbi.log.4"]
    for name in kept:
        assert (tmp_path / name).stat().st_size <= 400
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def test_nothing_is_written_to_the_end_of_an_export(exports: Path) -> None:
    before = (exports / "marks.csv").read_bytes()
    got = check(exports, "--log", exports / "marks.csv")
    assert got.exit_code == 2 and "is no log of eklase-audit" in got.stderr
    assert (exports / "marks.csv").read_bytes() == before


def test_a_log_that_cannot_be_written(exports: Path, tmp_path: Path) -> None:
    got = check(exports, "--log", tmp_path / "nav" / "darbi.log")
    assert got.exit_code == 2 and "it cannot be written (No such file or directory)" in got.stderr
    got = check(exports, "--log", tmp_path)
    assert got.exit_code == 2 and "it cannot be written (Is a directory)" in got.stderr


# ---- --timeout and signals


@pytest.mark.parametrize(("text", "seconds"), [("600", 600), ("90s", 90), ("10m", 600), ("1h", 3600), (" 2H ", 7200)])
def test_a_duration(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "-1", "1d", "1.5m", "m", "169h", "ten"])
def test_no_duration(exports: Path, text: str) -> None:
    got = check(exports, f"--timeout={text}")
    assert got.exit_code == 2 and "--timeout: write it as 90s, 10m or 1h" in got.stderr


def pause(ready: Path, *, deaf: bool) -> Callable[[int], None]:
    """In place of os.fsync: a report is on its way to the disk, and there it stays. A deaf one heeds no signal."""

    def wait(_handle: int) -> None:
        ready.touch()
        while True:
            try:
                time.sleep(60)
            except BaseException:
                if not deaf:
                    raise

    return wait


Stop = Callable[..., tuple[int, str]]


@pytest.fixture
def stopped(late: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stop]:
    """Stop a run that writes a report: its exit code, and what it said. The old report must be as it was."""
    report, ready = tmp_path / "o" / "a.csv", tmp_path / "gatavs"
    report.parent.mkdir()
    report.write_bytes(b"vecais")
    monkeypatch.setattr("eklase_audit.cli.stopping._GRACE_SECONDS", 0.3)

    def stop(number: int | None, *options: str, deaf: bool = False) -> tuple[int, str]:
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", pause(ready, deaf=deaf))
            run = ForkedRun(
                "check", late, "--as-of", AS_OF, "--cron", "--log", tmp_path / "darbi.log",
                "--report", f"csv:{report}", *options,
            )  # fmt: skip
        if number is not None:
            until = time.monotonic() + 60
            while not ready.exists() and time.monotonic() < until:
                time.sleep(0.01)
            run.send(number)
        return run.wait()

    yield stop
    assert report.read_bytes() == b"vecais"
    assert [path.name for path in report.parent.iterdir()] == ["a.csv"]


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [(signal.SIGTERM, 143, "stopped by a signal; nothing is half written"), (signal.SIGINT, 130, "stopped")],
)
def test_a_signal_leaves_nothing_half_written(stopped: Stop, tmp_path: Path, number: int, code: int, text: str) -> None:
    assert stopped(number) == (code, f"eklase-audit: {text}\n")
    end = lines(tmp_path / "darbi.log")[-1]
    assert f" exit={code} " in end and end.endswith(f"{signal.Signals(number).name}=1")


@pytest.mark.parametrize("deaf", [False, True])
def test_when_its_time_is_over(stopped: Stop, tmp_path: Path, deaf: bool) -> None:
    told = "eklase-audit: stopped after 2s (--timeout); nothing is half written\n"
    assert stopped(None, "--timeout", "2s", deaf=deaf) == (2, told)
    assert " exit=2 " in lines(tmp_path / "darbi.log")[-1]


def test_what_swallows_a_signal_is_ended_all_the_same(stopped: Stop, tmp_path: Path) -> None:
    assert stopped(signal.SIGTERM, deaf=True) == (143, "eklase-audit: stopped by a signal; nothing is half written\n")
    assert " exit=143 " in lines(tmp_path / "darbi.log")[-1]


def test_signals_that_were_ignored_stay_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """As under nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stoppable():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
            assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
    finally:
        signal.signal(signal.SIGHUP, before)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


@pytest.mark.parametrize("arguments", ["explain 5", "check", "--help"])
def test_a_reader_that_has_gone_is_no_error(late: Path, arguments: str) -> None:
    """What is small enough to be written only at the very end too."""
    reader, writer = os.pipe()
    os.close(reader)
    run = ForkedRun(*arguments.split(), *([late, "--quiet"] if arguments == "check" else []), stdout=writer)
    os.close(writer)
    code, said = run.wait()
    assert (code in (0, 1), said) == (True, "")


def test_a_fault_of_ours_is_one_line_without_values(late: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_arguments: Any, **_options: Any) -> None:
        raise KeyError("Anna Bērziņa")

    monkeypatch.setattr("eklase_audit.reports.wording.last_lines", breaks)
    code, said = ForkedRun("check", late, "--quiet").wait()
    assert code == 2
    form = r"eklase-audit: a fault of eklase-audit itself \(KeyError, test_unattended.py:\d+\): .+\n"
    assert re.fullmatch(form, said)


# ---- as cron runs it (all faults: make soak)


def test_three_runs_in_an_empty_environment_with_a_kill_between(tmp_path: Path) -> None:
    told = loop_with_faults(tmp_path, 3, only=("killed",))
    assert sum(told.values()) == 3 and told["none", 1] == 2
