"""Files are written whole or not at all: on a full disk, in a vanished folder, by a run that is killed."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from eklase_audit import files, i18n
from eklase_audit.errors import AuditError
from eklase_audit.files import write_file, write_files

OLD = b"vecais"


@pytest.fixture(autouse=True)
def _english() -> None:
    i18n.activate("en")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "parskats.csv"
    path.write_bytes(OLD)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def left_behind(target: Path) -> Path:
    """What a run that was killed leaves beside a file."""
    path = target.with_name(f".{target.name}.ab12_xyz.new")
    path.write_bytes(b"pus")
    return path


FAULTS = [
    (errno.ENOSPC, "since the disk is full: make room; nothing was changed"),
    (errno.EDQUOT, "since the disk is full: make room; nothing was changed"),
    (errno.EROFS, "(Read-only file system): check the folder"),
    (errno.EACCES, "close it in the program that shows it, or check its access rights"),
    (errno.ESTALE, "is the disk or the network folder still there?"),
    (errno.EIO, "(Input/output error): is the disk or the network folder still there?"),
]


@pytest.mark.parametrize("step", ["tempfile.mkstemp", "os.write", "os.fsync", "pathlib.Path.replace"])
@pytest.mark.parametrize(("number", "words"), FAULTS)
def test_each_fault_is_one_error_and_the_old_file_stays(
    target: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int, words: str
) -> None:
    def fails(*_arguments: Any, **_options: Any) -> Any:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(step, fails)
        with pytest.raises(AuditError) as told:
            write_file(target, b"jaunais", overwrite=True)
    assert str(told.value).startswith(f"{target}: it cannot be ") and words in str(told.value)
    assert target.read_bytes() == OLD
    assert names(target.parent) == [target.name]


def test_a_share_that_vanishes_for_good_is_one_error_too(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then what was written beside cannot be taken out either."""

    def gone(*_arguments: Any, **_options: Any) -> Any:
        raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))

    with monkeypatch.context() as patched:
        for step in ("os.fsync", "os.close", "pathlib.Path.unlink"):
            patched.setattr(step, gone)
        with pytest.raises(AuditError, match="network folder"):
            write_file(target, b"jaunais", overwrite=True)
    assert target.read_bytes() == OLD


def test_several_files_are_all_written_or_none(target: Path) -> None:
    missing = target.with_name("mape")
    missing.write_bytes(b"")
    with pytest.raises(AuditError):
        write_files({target: b"jaunais", missing / "otrs.csv": b"jaunais"}, overwrite=True)
    assert target.read_bytes() == OLD
    assert names(target.parent) == ["mape", target.name]


def test_the_folder_is_brought_to_the_disk_after_the_file(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = []
    sync = os.fsync

    def noted(handle: int) -> None:
        synced.append((stat.S_ISDIR(os.fstat(handle).st_mode), target.read_bytes()))
        sync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    write_file(target, b"jaunais", overwrite=True)
    assert synced == [(False, OLD), (True, b"jaunais")]
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_file_system_without_folder_sync_will_do(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sync = os.fsync

    def no_folders(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        sync(handle)

    monkeypatch.setattr(os, "fsync", no_folders)
    write_file(target, b"jaunais", overwrite=True)
    assert target.read_bytes() == b"jaunais"


def test_a_device_is_not_replaced_by_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "caurule.csv"
    os.mkfifo(pipe)
    with pytest.raises(AuditError, match="it is no file"):
        write_file(pipe, b"x", overwrite=True)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_the_longest_name_a_file_may_have(tmp_path: Path) -> None:
    path = tmp_path / ("ā" * 125 + ".csv")
    write_file(path, b"x")
    assert path.read_bytes() == b"x"


def test_what_a_killed_run_left_is_taken_out(target: Path) -> None:
    left_behind(target)
    others = [target.with_name(name) for name in (".cits.csv.ab12_xyz.new", f".{target.name}.new", "piezimes.new")]
    for other in others:
        other.write_bytes(b"")
    write_file(target, b"jaunais", overwrite=True)
    assert names(target.parent) == sorted([target.name, *(other.name for other in others)])


def test_what_another_run_writes_just_now_stays(target: Path) -> None:
    import fcntl

    left = left_behind(target)
    with left.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        write_file(target, b"jaunais", overwrite=True)
        assert left.exists()
    write_file(target, b"jaunais", overwrite=True)
    assert not left.exists()


def test_a_link_is_not_followed(target: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mans.txt"
    mine.write_bytes(b"mans")
    left = target.with_name(f".{target.name}.ab12_xyz.new")
    left.symlink_to(mine)
    write_file(target, b"jaunais", overwrite=True)
    assert left.is_symlink() and mine.read_bytes() == b"mans"


def test_one_that_was_taken_out_before_it_was_locked_is_made_anew(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = files._lock
    removed: list[Path] = []

    def late(handle: int) -> bool:
        if not removed:
            removed.extend(path for path in target.parent.iterdir() if path.suffix == ".new")
            removed[0].unlink()
        return lock(handle)

    monkeypatch.setattr(files, "_lock", late)
    write_file(target, b"jaunais", overwrite=True)
    assert len(removed) == 1 and target.read_bytes() == b"jaunais"
    assert names(target.parent) == [target.name]


def test_a_run_that_is_killed_while_it_writes(target: Path) -> None:
    """kill -9 leaves the old file and a remainder, which the next run takes out."""
    code = (
        "import os, sys, time, signal; from pathlib import Path; from eklase_audit.files import write_file\n"
        "os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGKILL)\n"
        "write_file(Path(sys.argv[1]), b'jaunais', overwrite=True)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(target)], check=False).returncode == -9
    assert target.read_bytes() == OLD
    assert len(names(target.parent)) == 2
    write_file(target, b"jaunais", overwrite=True)
    assert target.read_bytes() == b"jaunais"
    assert names(target.parent) == [target.name]


def test_on_a_full_disk(tmp_path: Path) -> None:
    small = tmp_path / "mazs"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)]
    if os.geteuid() or not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        write_file(small / "a.csv", b"x" * 20_000)
        with pytest.raises(AuditError, match="the disk is full"):
            write_files({small / "b.csv": b"y" * 20_000, small / "a.csv": b"y" * 60_000}, overwrite=True)
        assert (small / "a.csv").read_bytes() == b"x" * 20_000
        assert names(small) == ["a.csv"]
    finally:
        subprocess.run(["umount", str(small)], check=True)
