"""What IT staff installs: service files that say what the tool understands, manual pages that are not stale."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

import pytest

import man_pages
from support import write_tables

ROOT = Path(__file__).parents[1]
PACKAGING = ROOT / "packaging"
UNIT = PACKAGING / "systemd/eklase-audit.service"
TIMER = PACKAGING / "systemd/eklase-audit.timer"
TASK = PACKAGING / "windows/eklase-audit.xml"
CRONTAB = PACKAGING / "cron/eklase-audit.cron"
MARK = {
    "Skolēns": "Anna Bērziņa",
    "Klase": "7.a",
    "Priekšmets": "Matemātika",
    "Pedagogs": "Ilze Kalniņa",
    "Vērtējuma veids": "formatīvais",
    "Darba datums": "09.11.2026",
    "Vērtējums": "8",
    "Ievadīts": "20.11.2026 12:00",
}
NAMESPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with the command on its PATH, and exports of two days in the archive that the files speak of."""
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin/eklase-audit"
    sources = os.environ.get("PYTHONPATH", str(ROOT / "src"))
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{sources}" exec "{sys.executable}" -m eklase_audit "$@"\n', "utf-8")
    command.chmod(0o755)
    for day in ("2026-11-23_1705", "2026-11-24_1705"):
        folder = tmp_path / "e-klase" / day
        folder.mkdir(parents=True)
        write_tables(folder, {"marks": [MARK]})
    return tmp_path


def run(words: str | Sequence[str], home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in an environment that holds nothing else: a text by the shell, as cron does it."""
    return subprocess.run(
        ["/bin/sh", "-c", words] if isinstance(words, str) else words,
        env={"HOME": str(home), **environment},
        cwd=home,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


# ---- cron


def crontab() -> tuple[dict[str, str], list[str]]:
    """The variables and the commands of the crontab."""
    lines = [line for line in CRONTAB.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    variables = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))
    commands = [line.split(maxsplit=5)[5] for line in lines if not re.match(r"[A-Z_]+=", line)]
    return variables, commands


def test_the_crontab_works_in_an_empty_environment(home: Path) -> None:
    variables, commands = crontab()
    assert len(commands) == 2
    for command in commands:
        # An unescaped % ends a command in a crontab.
        assert "%" not in command
        got = run(command, home, **{**variables, "PATH": f"{home / 'bin'}:{variables['PATH']}"})
        assert got.returncode in (0, 1), got.stderr
        assert got.stdout == ""
        assert len(got.stderr.splitlines()) == got.returncode
    assert (home / "e-klase.db").is_file()
    made = sorted(path.name for path in home.iterdir() if path.is_file())
    assert [name for name in made if not name.startswith("e-klase.db")] == ["e-klase.log"]


def test_the_fields_of_the_crontab() -> None:
    lines = [line for line in CRONTAB.read_text("utf-8").splitlines() if re.match(r"\d", line)]
    assert [line.split()[:5] for line in lines] == [["5", "17", "*", "*", "1-5"], ["5", "0", "*", "*", "2-6"]]


# ---- systemd


def unit_commands(home: Path) -> list[list[str]]:
    """The commands of the service as systemd would run them, with our places for its places."""
    lines = re.findall(r"^ExecStart=(.*)$", UNIT.read_text("utf-8"), re.M)
    places = {
        "/opt/eklase-audit/bin/eklase-audit": str(home / "bin/eklase-audit"),
        "/srv/e-klase": str(home / "e-klase"),
        "${STATE_DIRECTORY}": str(home),
    }
    commands = []
    for line in lines:
        for known, ours in places.items():
            line = line.replace(known, ours)
        commands.append(shlex.split(line))
    return commands


def test_the_commands_of_the_service_work(home: Path) -> None:
    commands = unit_commands(home)
    assert [words[1] for words in commands] == ["snapshot", "check"]
    for words in commands:
        got = run(words, home, LANG="lv_LV.UTF-8", TZ="Europe/Riga", PATH="/usr/bin:/bin")
        assert got.returncode in (0, 1), got.stderr
    assert (home / "e-klase.db").is_file()


@pytest.mark.programs
def test_systemd_takes_the_units_and_finds_them_safe(tmp_path: Path) -> None:
    text = UNIT.read_text("utf-8").replace("/opt/eklase-audit/bin/eklase-audit", "/bin/true")
    (tmp_path / UNIT.name).write_text(text, "utf-8")
    shutil.copy(TIMER, tmp_path)
    units = [str(tmp_path / UNIT.name), str(tmp_path / TIMER.name)]
    got = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, encoding="utf-8", check=False
    )
    assert (got.returncode, got.stdout, got.stderr) == (0, "", "")
    # 10 is no hardening at all, 0 is full; systemd words anything below 2 as OK or SAFE.
    security = ["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=15", units[0]]
    got = subprocess.run(security, capture_output=True, encoding="utf-8", check=False)
    assert got.returncode == 0, got.stdout
    for when in re.findall(r"^OnCalendar=(.*)$", TIMER.read_text("utf-8"), re.M):
        subprocess.run(["systemd-analyze", "calendar", when], check=True, capture_output=True)


# ---- Windows


def test_the_task_is_what_schtasks_reads() -> None:
    data = TASK.read_bytes()
    assert data.startswith(b"\xff\xfe")
    text = data.decode("utf-16")
    assert text.startswith('<?xml version="1.0" encoding="UTF-16"?>')
    assert "\n" not in text.replace("\r\n", "")
    top = ET.fromstring(data)
    assert (top.tag, top.get("version")) == (f"{NAMESPACE}Task", "1.2")
    assert all(element.tag.startswith(NAMESPACE) for element in top.iter())
    # The schema of tasks wants its parts in this order.
    parts = ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"]
    assert [element.tag.removeprefix(NAMESPACE) for element in top] == parts
    principal, actions = top.find(f".//{NAMESPACE}Principal"), top.find(f"{NAMESPACE}Actions")
    assert principal is not None and actions is not None
    assert actions.get("Context") == principal.get("id")


def test_the_commands_of_the_task_work(home: Path) -> None:
    texts = [element.text or "" for element in ET.fromstring(TASK.read_bytes()).iter(f"{NAMESPACE}Arguments")]
    assert [text.split()[0] for text in texts] == ["snapshot", "check"]
    for text in texts:
        ours = text.replace(r"C:\e-klase\eksporti", str(home / "e-klase")).replace("C:\\e-klase\\", f"{home}/")
        assert "\\" not in ours
        got = run([str(home / "bin/eklase-audit"), *shlex.split(ours)], home, PATH="/usr/bin:/bin")
        assert got.returncode in (0, 1), got.stderr


# ---- container


def test_the_image_copies_what_is_there_and_what_the_wheel_needs() -> None:
    lines = re.findall(r"^COPY (?!--)(.*)$", (PACKAGING / "Dockerfile").read_text("utf-8"), re.M)
    copied = {name for line in lines for name in line.split()[:-1]}
    allowed = set(re.findall(r"^!(.*)$", (ROOT / ".dockerignore").read_text("utf-8"), re.M))
    assert copied == allowed
    assert all((ROOT / name).exists() for name in copied)
    build = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    wheel = build["targets"]["wheel"]
    needed = {*wheel["packages"], *wheel["force-include"], *wheel["shared-data"], build["hooks"]["custom"]["path"]}
    assert {name.split("/")[0] for name in needed} <= copied


# ---- manual pages


def test_the_manual_pages_are_as_the_commands_are() -> None:
    """Fails after a change of a command: python tools/man_pages.py update."""
    for path, text in man_pages.made().items():
        assert path.read_text("utf-8") == text, path
        assert ".SS" in text


def test_a_stale_manual_page_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "eklase-audit.1"
    monkeypatch.setattr(man_pages, "ROOT", tmp_path)
    monkeypatch.setattr(man_pages, "made", lambda: {path: "new\n"})
    assert man_pages.main(["check"]) == 1
    assert man_pages.main(["update"]) == 0
    assert man_pages.main(["check"]) == 0
    assert capsys.readouterr().err.count("eklase-audit.1") == 1


@pytest.mark.parametrize(
    ("text", "roff"),
    [("a-b", r"a\-b"), (".x", r"\&.x"), ("'x", r"\&'x"), ("C:\\x", r"C:\ex"), ("two\n  lines", "two lines")],
)
def test_texts_of_manual_pages_stand_as_they_are(text: str, roff: str) -> None:
    assert man_pages.escaped(text) == roff
