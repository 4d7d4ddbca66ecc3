"""What SECURITY.md promises: no network, private files, nothing left behind, no values of files in errors."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eklase_audit.cli import whole
from eklase_audit.reports.files import KINDS
from support import write_tables

PROBE = Path(__file__).with_name("privacy_probe.py")
AS_OF = ["--as-of", "2026-02-27"]
# The commands that talk to other computers by their nature.
NETWORKED = {"fleet"}

# A mark in every cell that a person wrote: it may stand in results, and nowhere else.
SECRET = "SLEPENS"
MARK = {
    "Skolēns": f"{SECRET} Skolēns",
    "Klase": "7.a",
    "Priekšmets": f"{SECRET} priekšmets",
    "Pedagogs": f"{SECRET} Pedagogs",
    "Vērtējuma veids": "formatīvais",
    "Darba datums": "08.12.2025",
    "Vērtējums": "8",
    "Ievadīts": "22.12.2025 10:00",
    "Tēma": f"{SECRET} tēma",
}
SPOILT = {
    "Klase": f"{SECRET} klase",
    "Vērtējuma veids": f"{SECRET} veids",
    "Darba datums": f"{SECRET} diena",
    "Vērtējums": f"{SECRET} vērtējums",
    "Ievadīts": f"{SECRET} laiks",
}
LESSON = {
    "Datums": "08.12.2025",
    "Stunda": f"{SECRET} stunda",
    "Klase": "7.a",
    "Priekšmets": f"{SECRET} priekšmets",
    "Pedagogs": f"{SECRET} Pedagogs",
    "Tēma": f"{SECRET} tēma",
    "Mājas darbs": f"{SECRET} darbs",
    "Ievadīts": "08.12.2025 19:00",
}


def commands(group: Any = None, prefix: str = "") -> Iterator[str]:
    """The names of all commands: "check", "store info"."""
    for name, below in (group or whole()).commands.items():
        if hasattr(below, "commands"):
            yield from commands(below, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}"


def lines(exports: str, fingerprint: str = "00000000") -> dict[str, list[list[str]]]:
    """How each command is run here. A new command gets a line of its own."""
    store = ["--store", "e.db"]
    reports = [word for kind in KINDS for word in ("--report", f"{kind}:parskats.{kind}")]
    return {
        "check": [
            [exports, *AS_OF],
            [exports, *AS_OF, "--format", "json"],
            [exports, *AS_OF, "-q", "--history", "h.db", *reports],
        ],
        "brief": [[exports, *AS_OF]],
        "calendar": [[]],
        "clauses": [[]],
        "close": [["1", exports, *AS_OF]],
        "config show": [[exports]],
        "config check": [[exports]],
        "config schema": [[]],
        "coverage": [[exports, *AS_OF]],
        "deadline": [["2025-12-08"]],
        "diff": [[exports, exports, *AS_OF]],
        "doctor": [[]],
        "due": [[exports, *AS_OF]],
        "explain": [["5"]],
        "history": [["h.db"]],
        "init": [["skola"]],
        "inspect": [[exports], [exports, "--propose"]],
        "letters": [[exports, *AS_OF, "--out", "vestules"]],
        "me": [[f"{SECRET} Pedagogs", exports, *AS_OF]],
        "send": [[exports, *AS_OF, "--letters", "--report", "--config", f"{exports}/pasts.toml"]],
        "snapshot": [[exports, *store, "--taken-at", "2026-02-27T17:05"]],
        "store info": [["e.db"]],
        "store verify": [["e.db"]],
        "store prune": [["e.db"]],
        "template": [["documents"]],
        "trend": [[exports, *AS_OF, "--from", "2026-02-02"]],
        "waive": [[fingerprint, exports, *AS_OF, "--reason", f"{SECRET} iemesls", "--waivers", "izņēmumi.csv"]],
        "waivers": [[exports, *AS_OF, "--waivers", "izņēmumi.csv"]],
        "what-if": [[exports, *AS_OF, "--set", "5.working_days=5"]],
        "why": [[fingerprint, exports, *AS_OF]],
    }


def probed(folder: Path, runs: dict[str, list[list[str]]]) -> list[dict[str, Any]]:
    """What the commands did, run one after the other in a folder that is their home and has their temporary files."""
    (folder / "tmp").mkdir()
    known = [[*name.split(), *line] for name, several in runs.items() for line in several]
    got = subprocess.run(
        [sys.executable, str(PROBE), json.dumps(known)],
        cwd=folder,
        env={**os.environ, "HOME": str(folder), "TMPDIR": str(folder / "tmp"), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert got.returncode == 0, got.stderr
    told: list[dict[str, Any]] = json.loads(got.stdout)
    assert len(told) == len(known)
    return told


def small(folder: Path) -> Path:
    """A folder of exports in which there is something to find."""
    exports = folder / "eksporti"
    exports.mkdir()
    write_tables(exports, {"marks": [MARK], "lessons": [LESSON | {"Stunda": "1"}]})
    (exports / "pasts.toml").write_text(
        f'[addresses]\n"{SECRET} Pedagogs" = "{SECRET}@skola.example"\n'
        '[mail]\nhost = "pasts.example"\nfrom = "audits@skola.example"\nto = ["vadiba@skola.example"]\n'
        'user = "audits"\n',
        "utf-8",
    )
    return exports


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """All commands over exports that are well; the folder they ran in."""
    folder = tmp_path_factory.mktemp("privat")
    small(folder)
    first = probed(folder, {"check": [["eksporti", *AS_OF, "--format", "json"]]})
    fingerprint = json.loads(first[0]["out"])["findings"][0]["fingerprint"]
    (folder / "tmp").rmdir()
    return folder, probed(folder, lines("eksporti", fingerprint))


def test_every_command_is_watched() -> None:
    """A new command: add how it is run to lines(), or name it in NETWORKED and say so in SECURITY.md."""
    assert {name for name in commands() if name.split()[0] not in NETWORKED} == set(lines(""))


def test_no_command_asks_for_the_network_or_starts_a_program(told: tuple[Path, list[dict[str, Any]]]) -> None:
    for one in told[1]:
        assert not one["sockets"], one
        assert not one["programs"], one
        assert one["code"] in (0, 1), one
        assert "Traceback" not in one["err"]


def test_the_watch_sees_a_socket_and_a_file() -> None:
    code = (
        "import sys, socket; sys.path.insert(0, sys.argv[1])\n"
        "import privacy_probe as p; sys.addaudithook(p.watch)\n"
        "p.told.append({'sockets': [], 'written': [], 'programs': []})\n"
        "open('/dev/null', 'w').close(); open('/dev/null').close()\n"
        "for do in (socket.socket, lambda: socket.getaddrinfo('localhost', 80)):\n"
        "    try: do()\n    except PermissionError: pass\n    else: raise SystemExit('not seen')\n"
        "print(p.told[0]['sockets'], p.told[0]['written'])\n"
    )
    got = subprocess.run(
        [sys.executable, "-c", code, str(PROBE.parent)], capture_output=True, encoding="utf-8", check=True
    )
    assert got.stdout == "['socket.__new__', 'socket.getaddrinfo'] ['/dev/null']\n"


def test_what_is_written_is_private_and_nothing_else_is_written(told: tuple[Path, list[dict[str, Any]]]) -> None:
    folder, runs = told
    for one in runs:
        outside = [path for path in one["written"] if not path.startswith(str(folder)) and path != os.devnull]
        assert not outside, (one["line"], outside)
    ours = [path for path in folder.rglob("*") if path.is_file() and "eksporti" not in path.parts]
    names = {path.relative_to(folder).as_posix() for path in ours}
    assert {*(f"parskats.{kind}" for kind in KINDS), "izņēmumi.csv", "h.db"} < names
    assert {"e.db", "e.db.key", "skola/eklase-audit.toml", "skola/kartiba.toml"} < names
    for path in ours:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert not list((folder / "tmp").iterdir())


# ---- values of files in errors


def spoilt_files(folder: Path) -> Path:
    """Exports with a mark in each cell, spoilt in every way in which reading them can fail."""
    exports = small(folder)
    write_tables(exports, {"marks": [MARK, MARK | SPOILT, *({**MARK, key: text} for key, text in SPOILT.items())]})
    write_tables(exports, {"lessons": [LESSON]})
    line = f"{SECRET};{SECRET};{SECRET}\n"
    texts = {
        "vestule.txt": line,
        "tikai_virsraksti.csv": "Klase;Klases audzinātājs\n",
        "pedina.csv": f'Klase;Klases audzinātājs\n7.a;"{SECRET}\n8.b;{SECRET}\n',
        "divi.csv": f"Diena;Stunda;Klase;Priekšmets;Pedagogs;Ieraksts;Spēkā no\n08.12.2025;1;7.a;{line}",
        "bez_temas.csv": f"Datums;Stunda;Klase;Priekšmets;Pedagogs\n08.12.2025;1;7.a;{SECRET};{SECRET}\n",
        "gara.csv": f"Klase;Klases audzinātājs\n7.a;{SECRET};{SECRET};{SECRET}\n",
        "lapa.xls": f"<html><table><tr><td>{SECRET}</td></tr></table></html>",
    }
    for name, text in texts.items():
        (exports / name).write_text(text, "utf-8")
    (exports / "burti.csv").write_bytes(f"Klase;Klases audzinātājs\n7.a;{SECRET} ".encode("cp1257") + b"\xa1\xa5\n")
    (exports / "bojats.xlsx").write_bytes(b"PK\x03\x04" + SECRET.encode() * 50)
    with zipfile.ZipFile(exports / "arhivs.zip", "w") as archive:
        archive.writestr("vestule.txt", line)
        archive.writestr("ieksa.csv", texts["divi.csv"])
        archive.writestr("bojats.xlsx", SECRET)
    return exports


def test_no_value_of_a_file_stands_in_an_error(tmp_path: Path) -> None:
    spoilt_files(tmp_path)
    runs = lines("eksporti")
    # Each file by its name too: what is passed over in a folder is an error then.
    names = sorted(path.name for path in (tmp_path / "eksporti").iterdir())
    runs["check"] += [[f"eksporti/{name}", *AS_OF] for name in names]
    told = probed(tmp_path, runs)
    for one in told:
        assert SECRET not in one["err"], one["line"]
        assert "Traceback" not in one["err"], one["line"]
        assert one["code"] in (0, 1, 2), one["line"]
    # The marks were there to be told, and files were refused.
    assert any(SECRET in one["out"] for one in told)
    assert sum(one["code"] == 2 for one in told) > len(names) / 2


# ---- what SECURITY.md says


def test_each_test_that_security_md_names_is_there() -> None:
    root = Path(__file__).parents[1]
    named = re.findall(r"`(tests/\w+\.py)::(\w+)`", (root / "SECURITY.md").read_text("utf-8"))
    assert len(named) > 15
    for file, test in named:
        assert f"\ndef {test}(" in (root / file).read_text("utf-8"), f"{file}::{test}"
