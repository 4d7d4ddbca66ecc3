"""Files are written whole and for their owner, or the one error says what to do."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from eklase_audit import i18n
from eklase_audit.errors import AuditError
from eklase_audit.files import write_file


@pytest.fixture(autouse=True)
def _in_english() -> None:
    i18n.activate("en")


def held(path: Path) -> list[str]:
    """What stands in a folder."""
    return sorted(one.name for one in path.iterdir())


def test_a_file_that_a_program_holds_open_stays_and_the_error_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where a report that Excel shows cannot be replaced."""
    report = tmp_path / "report.csv"
    report.write_text("old", "utf-8")

    def refuses(_self: Path, _target: Path) -> None:
        raise PermissionError(13, "The process cannot access the file")

    monkeypatch.setattr(Path, "replace", refuses)
    with pytest.raises(AuditError, match="close it in the program that shows it"):
        write_file(report, b"new", overwrite=True)
    assert report.read_text("utf-8") == "old"
    assert held(tmp_path) == ["report.csv"]


def test_a_folder_that_may_not_be_written_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(**_options: object) -> tuple[int, str]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("eklase_audit.files.tempfile.mkstemp", refuses)
    with pytest.raises(AuditError, match=r"Permission denied.*check the folder"):
        write_file(tmp_path / "report.csv", b"new")
    assert held(tmp_path) == []


def test_a_file_is_its_owners_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_file(tmp_path / "report.csv", b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "report.csv").stat().st_mode) == 0o600
