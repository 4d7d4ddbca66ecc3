"""What the command alone says at a terminal: ready commands for the exports it sees; elsewhere nothing changes."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from eklase_audit import i18n
from eklase_audit.cli import start
from eklase_audit.cli.app import COMMANDS

NAMES = set(COMMANDS)


def told(folder: Path, monkeypatch: pytest.MonkeyPatch, width: int = 80) -> str:
    monkeypatch.chdir(folder)
    console = Console(file=StringIO(), width=width)
    start.guide(console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def commands(text: str) -> list[list[str]]:
    """The commands that stand on lines of their own, as a shell takes them."""
    return [shlex.split(line) for line in text.splitlines() if line.startswith("   eklase-audit")]


def touch(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def test_three_commands_for_the_exports_it_sees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = "Mani eksporti, kas glabājas mapē ar ļoti garu nosaukumu, lai rinda būtu garāka par termināli"
    touch(tmp_path / long / "rudens" / "stundas.CSV")
    text = told(tmp_path, monkeypatch)
    assert f"In the folder «{long}»" in " ".join(text.split())
    assert commands(text) == [
        ["eklase-audit", "check", long],
        ["eklase-audit", "me", "Name Surname", long],
        ["eklase-audit", "due", long],
    ]
    assert {command[1] for command in commands(text)} <= NAMES
    assert "eklase-audit init" in text


def test_exports_in_the_folder_itself_come_before_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path / "eksporti" / "stundas.csv")
    touch(tmp_path / "stundas.xlsx")
    touch(tmp_path / "eklase-audit.toml")
    text = told(tmp_path, monkeypatch)
    assert [command[-1] for command in commands(text)] == [".", ".", "."]
    # The school has its rules already.
    assert "eklase-audit init" not in text


def test_without_exports_it_tells_how_to_get_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("piezīmes.txt", ".slēpts/stundas.csv", "~$stundas.xlsx", "a/b/c/d/stundas.csv", "x\x1by/stundas.csv"):
        touch(tmp_path / name)
    i18n.activate("lv")
    try:
        text = told(tmp_path, monkeypatch, 140)
    finally:
        i18n.activate("en")
    assert commands(text) == [["eklase-audit", "init"], ["eklase-audit", "template", "documents"]]
    assert "skolas administratora" in text


def test_of_several_folders_the_last_changed_is_meant(tmp_path: Path) -> None:
    for moment, name in enumerate(("b", "-c", "a")):
        touch(tmp_path / name / "stundas.csv")
        os.utime(tmp_path / name, (moment // 2, moment // 2))
    assert start.folders_of_exports(tmp_path) == ["a", "./-c", "b"]


@pytest.mark.parametrize(
    ("path", "posix", "cmd", "powershell"),
    [
        ("2026/rudens", "2026/rudens", "2026/rudens", "2026/rudens"),
        ("Mani dati", "'Mani dati'", '"Mani dati"', "'Mani dati'"),
        ("a'b $x", """'a'"'"'b $x'""", """"a'b $x\"""", "'a''b $x'"),
        ("mape&", "'mape&'", '"mape&"', "'mape&'"),
    ],
)
def test_a_path_is_quoted_for_the_shell(path: str, posix: str, cmd: str, powershell: str) -> None:
    assert [start.quoted(path, shell) for shell in ("posix", "cmd", "powershell")] == [posix, cmd, powershell]
    assert shlex.split(posix) == [path]


def run(folder: Path, *, terminal: bool) -> tuple[int, str]:
    """How the command alone ends, and what it says: at a terminal of its own, or in a pipe."""
    words = [sys.executable, "-m", "eklase_audit"]
    environment = {**os.environ, "LC_ALL": "lv_LV.UTF-8", "TERM": "dumb"}
    if not terminal:
        got = subprocess.run(words, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True)
        return got.returncode, (got.stdout + got.stderr).decode()
    import pty

    here, there = pty.openpty()
    process = subprocess.Popen(words, cwd=folder, env=environment, stdin=there, stdout=there, stderr=there)
    os.close(there)
    said = b""
    try:
        while part := os.read(here, 4096):
            said += part
    except OSError:
        pass  # what a terminal says when nobody is at its other end any more
    os.close(here)
    return process.wait(60), said.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_only_at_a_terminal(tmp_path: Path) -> None:
    touch(tmp_path / "stundas.csv")
    code, said = run(tmp_path, terminal=True)
    assert code == 0
    assert "Šajā mapē ir datnes, kas varētu būt izgūtas no E-klases." in said
    assert "eklase-audit check ." in said
    code, said = run(tmp_path, terminal=False)
    assert code == 2
    assert "Usage" in said
    assert "eklase-audit check ." not in said
