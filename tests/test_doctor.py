"""eklase-audit doctor: each condition by what the surroundings are, what it advises, and how the command ends."""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from eklase_audit import calendar, doctor, i18n
from eklase_audit.doctor import Condition, State, Surroundings, examine
from support import command

RIGA = ZoneInfo("Europe/Riga")


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    """Surroundings in which all is well."""
    i18n.activate("en")
    return Surroundings(
        now=datetime(2026, 11, 25, 9, 5, tzinfo=RIGA),
        folder=tmp_path,
        encoding="utf-8",
        terminal=True,
        width=120,
        environment={"LANG": "lv_LV.UTF-8", "TERM": "xterm"},
        config=None,
    )


def told(around: Surroundings, name: str) -> Condition:
    """What is told of one condition."""
    (found,) = (one for one in examine(around) if one.name == name)
    return found


def test_nothing_is_wrong_where_all_is_well(around: Surroundings) -> None:
    found = examine(around)
    assert {one.state for one in found} == {State.ok}, found
    assert not any(one.advice for one in found)
    assert len({one.name for one in found}) == len(found) == 12


@pytest.mark.parametrize(
    ("name", "change", "state", "says"),
    [
        ("clock", {"now": datetime(2026, 11, 25, 9, 5, tzinfo=ZoneInfo("UTC"))}, "warning", "11:05 in Riga"),
        ("clock", {"now": datetime(2026, 7, 1, 9, 5, tzinfo=ZoneInfo("Europe/Helsinki"))}, "broken", "9:05"),
        ("letters", {"encoding": "cp1252"}, "warning", "cp1252"),
        ("letters", {"encoding": "ascii"}, "warning", "ascii"),
        ("terminal", {"width": 60}, "warning", "60 columns"),
        ("terminal", {"terminal": False}, "ok", "none"),
        ("language", {"environment": {}}, "ok", "no locale"),
        ("school-years", {"now": datetime(2031, 9, 1, tzinfo=RIGA)}, "broken", "2031/2032"),
        ("school-years", {"now": datetime(2027, 5, 30, tzinfo=RIGA)}, "warning", "2027/2028"),
        ("school-years", {"now": datetime(2027, 3, 1, tzinfo=RIGA)}, "ok", "2026/2027"),
        ("holidays", {"now": datetime(2040, 1, 1, tzinfo=RIGA)}, "warning", "last moved"),
    ],
)
def test_a_condition(around: Surroundings, name: str, change: dict[str, object], state: str, says: str) -> None:
    found = told(replace(around, **change), name)
    assert found.state == state
    assert says in found.found
    assert bool(found.advice) == (state != "ok")


def test_the_last_known_school_year_warns_sixty_days_before_its_end(around: Surroundings) -> None:
    assert told(replace(around, now=datetime(2027, 4, 1, tzinfo=RIGA)), "school-years").state is State.ok
    assert told(replace(around, now=datetime(2027, 4, 2, tzinfo=RIGA)), "school-years").state is State.warning


@pytest.mark.parametrize(
    ("text", "state", "says"),
    [('lang = "lv"\n', "ok", "MB free"), ('lanq = "lv"\n', "broken", "lanq"), ("lang =", "broken", "no valid TOML")],
)
def test_the_configuration(around: Surroundings, tmp_path: Path, text: str, state: str, says: str) -> None:
    (tmp_path / "eklase-audit.toml").write_text(text, "utf-8")
    found = told(replace(around, config=tmp_path / "eklase-audit.toml"), "configuration")
    assert (found.state, says in found.found) == (state, True)


@pytest.mark.parametrize(
    ("library", "version", "state"),
    [
        ("holidays", "0.108", "broken"),
        ("holidays", "0.109", "ok"),
        ("holidays", "0.110", "ok"),
        ("pandas", "3.0.0rc1", "ok"),
        ("pandas", "2.9", "broken"),
        ("numpy", None, "broken"),
    ],
)
def test_the_libraries(
    around: Surroundings, monkeypatch: pytest.MonkeyPatch, library: str, version: str | None, state: str
) -> None:
    real = importlib.metadata.version

    def other(name: str) -> str:
        if name != library:
            return real(name)
        if version is None:
            raise importlib.metadata.PackageNotFoundError(name)
        return version

    monkeypatch.setattr(importlib.metadata, "version", other)
    found = told(around, "libraries")
    assert found.state == state
    assert library in found.found


def test_requirements_of_extras_are_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["rich>=13.7", "typer[all]<1,>=0.19", "keyring>=25; extra == 'mail'", "six"]
    monkeypatch.setattr(importlib.metadata, "requires", lambda _name: lines)
    assert list(doctor._requirements()) == [("rich", "13.7"), ("typer", "0.19"), ("six", "")]


def test_a_damaged_install_is_told_and_stops_no_other_condition(
    around: Surroundings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(i18n, "_LOCALES", tmp_path)
    monkeypatch.setattr(calendar, "rules_folder", lambda: tmp_path)
    monkeypatch.setattr("eklase_audit.packs.rules_folder", lambda: tmp_path)
    broken = {one.name for one in examine(around) if one.state is State.broken}
    assert broken == {"language", "rules", "school-years"}


def test_a_folder_that_may_not_be_written_into(around: Surroundings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(**_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuses)
    for name in ("folder", "temporary"):
        found = told(around, name)
        assert found.state is State.warning
        assert "Permission denied" in found.found
        assert "write rights" in found.advice


def test_a_full_disk(around: Surroundings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=5_000_000))
    assert told(around, "folder").found.endswith("5 MB free")
    assert told(around, "folder").state is State.warning


def test_looking_leaves_nothing_behind(around: Surroundings, tmp_path: Path) -> None:
    examine(around)
    assert not list(tmp_path.iterdir())


# ---- the command


def test_the_command_ends_in_two_only_where_something_is_to_be_mended(tmp_path: Path) -> None:
    got = command("doctor", tmp_path)
    assert got.exit_code == 0, got.stdout
    assert got.stdout.splitlines()[-1].startswith("In all: 0 things to mend")
    (tmp_path / "eklase-audit.toml").write_text("lang = 5\n", "utf-8")
    got = command("doctor", tmp_path)
    assert got.exit_code == 2
    assert got.stdout.splitlines()[-1].startswith("In all: 1 thing to mend")
    got = command("doctor", tmp_path, "--format", "json", "--lang", "lv")
    assert got.exit_code == 2
    answer = json.loads(got.stdout)
    assert (answer["schema"], answer["tool"]["name"]) == (1, "eklase-audit")
    assert [one["condition"] for one in answer["conditions"] if one["state"] == "broken"] == ["configuration"]
    assert {one["condition"]: one["title"] for one in answer["conditions"]}["clock"] == "pulkstenis"


def test_a_name_of_a_folder_steers_no_terminal(tmp_path: Path) -> None:
    folder = tmp_path / "a\x1b[31mb\u202ec"
    folder.mkdir()
    got = command("doctor", folder)
    assert "a[31mbc: " in got.stdout
    assert "\x1b" not in got.stdout and "\u202e" not in got.stdout


def test_a_library_that_cannot_be_loaded_is_told_too(tmp_path: Path) -> None:
    """A broken pandas must not take the command down that would tell of it."""
    code = (
        "import sys\nsys.modules['pandas'] = None\nfrom eklase_audit.__main__ import main\n"
        "sys.argv = ['eklase-audit', 'doctor', '--format', 'json']\nmain()\n"
    )
    got = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert (got.returncode, got.stderr) == (2, "")
    broken = {
        one["condition"]: one["found"] for one in json.loads(got.stdout)["conditions"] if one["state"] == "broken"
    }
    assert "libraries" in broken, got.stdout
    assert "pandas cannot be loaded" in broken["libraries"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    got = command("doctor", tmp_path / "nav")
    assert got.exit_code == 2
    assert got.stderr.startswith("eklase-audit: ") and got.stderr.count("\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="TZ is read so on POSIX only")
def test_the_real_command_without_an_environment(tmp_path: Path) -> None:
    got = subprocess.run(
        [sys.executable, "-m", "eklase_audit", "doctor", "--format", "json"],
        env={"PYTHONPATH": os.environ.get("PYTHONPATH", ""), "TZ": "Europe/Riga"},
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert (got.returncode, got.stderr) == (0, "")
    states = {one["condition"]: one["state"] for one in json.loads(got.stdout)["conditions"]}
    assert states["clock"] == states["letters"] == states["folder"] == "ok"
