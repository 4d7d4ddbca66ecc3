"""What the shell completes: clauses from the rule pack, teachers and classes from what the last check kept."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eklase_audit import i18n, name_cache
from eklase_audit.cli import app
from support import command, table, write_tables

AS_OF = ["--as-of", "2026-02-27"]
HEAVY = ("pandas", "numpy", "pyarrow", "holidays", "openpyxl")
PROGRAM = f"""
import sys
from eklase_audit.__main__ import main
sys.argv = ["eklase-audit"]
try:
    main()
finally:
    print("HEAVY", [name for name in {HEAVY} if name in sys.modules], file=sys.stderr)
"""
MARKS = table(
    """
Skolēns | Klase | Priekšmets | Pedagogs | Vērtējuma veids | Darba datums | Vērtējums | Ievadīts
Rita Slepenā | 7.a | Algebra | Ilze Kalniņa | formatīvs | 08.12.2025 | 7 | 11.12.2025 12:00
Rita Slepenā | 10.b | Algebra | Jānis Kļava | formatīvs | 08.12.2025 | 7 | 11.12.2025 12:00
"""
)


@pytest.fixture
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(name_cache, "cache_file", lambda: tmp_path / "eklase-audit" / "names.json")
    return tmp_path


def asked(*words: str, shell: str = "bash") -> dict[str, str]:
    """The variables in which a shell asks for what may stand in place of the last of the words."""
    return {
        "_EKLASE_AUDIT_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": "\n".join(("eklase-audit", *words)),
        "COMP_CWORD": str(len(words)),
        "_TYPER_COMPLETE_ARGS": " ".join(("eklase-audit", *words)),
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        "_TYPER_COMPLETE_WORD_TO_COMPLETE": words[-1],
    }


def offered(*words: str, shell: str = "bash") -> list[str]:
    """What a shell is offered for the last of the words."""
    i18n.activate("en")
    try:
        got = CliRunner().invoke(app, [], env=asked(*words, shell=shell), prog_name="eklase-audit")
    finally:
        i18n.activate("en")
    return [line for line in got.stdout.splitlines() if line]


def test_each_shell_is_offered_words_that_it_takes_for_one(caches: Path) -> None:
    # A name that a shell would run is never offered.
    name_cache.keep(["Anna Bērziņa", "Andris Ozols", "An$(reboot)", "An'; reboot"], ["7.a", "10.b"])
    assert offered("check", "--teacher", "An") == ["Anna\\ Bērziņa", "Andris\\ Ozols"]
    assert offered("me", '"anna') == ["Anna Bērziņa"]
    assert offered("check", "--teacher", "berz", shell="fish") == ["Anna Bērziņa"]
    assert offered("check", "--teacher", "anna", shell="zsh") == ["""_arguments '*: :(("Anna Bērziņa"))'"""]
    assert offered("check", "--teacher", "ozo", shell="powershell") == ["'Andris Ozols'::: "]
    assert offered("deadline", "2026-12-01", "--class", "1") == ["10.b"]


def test_of_several_that_begin_otherwise_none_is_offered(caches: Path) -> None:
    name_cache.keep(["Anna Bērziņa", "Zane Bērziņa"], [])
    assert offered("check", "--teacher", "bērz") == []
    assert offered("check", "--teacher", "z") == ["Zane\\ Bērziņa"]


def test_clauses_are_those_of_the_regulation_that_holds_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("eklase-audit.toml").write_text('rules = "kraslavas-gimnazija"\nlang = "lv"\n', "utf-8")
    assert offered("explain", "1") == ["1", "1-formative", "1-summative"]
    zimes = ["3\tZīmes", "3-justified\tZīmes", "3-unfounded\tZīmes"]
    assert offered("deadline", "2026-12-01", "--clause", "3", shell="fish") == zimes
    assert offered("check", "--rules", "aknistes-vidusskola", "--clause", "8.2") == ["8.2", "8.2-reexam"]
    assert offered("explain", "--isolated", "8.2") == ["8.2", "8.2-reexam"]
    monkeypatch.setenv("EKLASE_AUDIT_RULES", "jekabpils-2-vidusskola")
    assert offered("explain", "3") == ["3", "3-formative"]


def test_where_something_is_wrong_nothing_is_offered(caches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(caches)
    Path("eklase-audit.toml").write_text('rules = "nav"\n[[[', "utf-8")
    assert offered("explain", "1") == []
    name_cache.keep([], ["7.a"])
    assert offered("check", "--class", "7") == ["7.a"]
    for spoilt in ('{"schema": 1, "teachers": 3}', '{"schema": 2, "teachers": [], "classes": ["7.a"]}', "[", "[]"):
        name_cache.cache_file().write_text(spoilt, "utf-8")
        assert offered("check", "--class", "7") == []


def test_kinds_and_rule_packs() -> None:
    assert offered("template", "ex") == ["exemptions"]
    assert offered("template", "wai") == ["waivers"]
    assert offered("check", "--as", "cont") == ["contacts="]
    assert offered("what-if", "--other-rules", "kras") == ["kraslavas-gimnazija"]


def test_nothing_heavy_is_loaded_for_it(tmp_path: Path) -> None:
    for words in (("check", "--clause", "8.2"), ("check", "--teacher", "A")):
        got = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, **asked(*words), "XDG_CACHE_HOME": str(tmp_path)},
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
        assert got.stderr == "HEAVY []\n"
        assert got.stdout.split() == (["8.2", "8.2-reexam"] if words[-1] == "8.2" else [])


# ---- what is kept


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "eksports"
    folder.mkdir()
    write_tables(folder, {"marks": MARKS})
    return folder


@pytest.fixture
def at_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    from eklase_audit.cli import completion

    monkeypatch.setattr(completion, "_at_terminal", lambda: True)


@pytest.mark.usefixtures("at_terminal")
def test_a_check_at_a_terminal_keeps_teachers_and_classes_and_no_pupils(exports: Path, caches: Path) -> None:
    command("check", exports, *AS_OF, "--class", "7.a", "-q")
    file = caches / "eklase-audit" / "names.json"
    assert json.loads(file.read_text("utf-8")) == {
        "schema": 1,
        "teachers": ["Ilze Kalniņa", "Jānis Kļava"],
        "classes": ["7.a", "10.b"],
    }
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert name_cache.kept().classes == ("7.a", "10.b")


def test_away_from_a_terminal_nothing_is_kept(exports: Path, caches: Path) -> None:
    command("check", exports, *AS_OF, "-q")
    assert not (caches / "eklase-audit").exists()


@pytest.mark.usefixtures("at_terminal")
def test_where_pseudonyms_are_asked_for_no_name_is_kept(
    exports: Path, caches: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(caches)
    command("check", exports, *AS_OF, "-q", "--pseudonymise")
    assert not (caches / "eklase-audit").exists()


@pytest.mark.usefixtures("at_terminal")
def test_a_school_that_wants_no_names_kept_has_them_deleted(exports: Path, caches: Path) -> None:
    name_cache.keep(["Anna Bērziņa"], ["7.a"])
    (exports / "eklase-audit.toml").write_text("completion_cache = false\n", "utf-8")
    command("check", exports, *AS_OF, "-q")
    assert list((caches / "eklase-audit").iterdir()) == []


@pytest.mark.usefixtures("at_terminal")
def test_a_cache_that_cannot_be_written_changes_no_answer(
    exports: Path, caches: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (caches / "eklase-audit").write_text("no folder", "utf-8")
    got = command("check", exports, *AS_OF, "-q")
    assert (got.exit_code, "names.json" in got.stderr) == (0, False)


# ---- in the shells themselves


SHELLS = {
    # As bash fills in the words when the key is pressed.
    "bash": """
eval "$(eklase-audit --show-completion bash)"
COMP_WORDS=(eklase-audit check --teacher An); COMP_CWORD=3
_eklase_audit_completion eklase-audit
printf '%s\\n' "${COMPREPLY[@]}"
""",
    "fish": """
eklase-audit --show-completion fish | source
complete -C "eklase-audit check --teacher An"
""",
}


@pytest.mark.skipif(sys.platform != "linux", reason="the folder of caches is named by XDG_CACHE_HOME")
@pytest.mark.parametrize("shell", SHELLS)
def test_in_a_real_shell(tmp_path: Path, caches: Path, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell}")
    name_cache.keep(["Anna Bērziņa", "Zane Ābele"], [])
    program = tmp_path / "bin" / "eklase-audit"
    program.parent.mkdir()
    program.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path[:0] = {sys.path!r}\n"
        "from eklase_audit.__main__ import main\nmain()\n",
        "utf-8",
    )
    program.chmod(0o755)
    environment = {
        "PATH": f"{program.parent}:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "XDG_CACHE_HOME": str(tmp_path),
        "LC_ALL": "C.UTF-8",
    }
    got = subprocess.run(
        [shell, "-c", SHELLS[shell]], env=environment, capture_output=True, encoding="utf-8", timeout=60
    )
    assert got.stdout.splitlines() == ["Anna\\ Bērziņa" if shell == "bash" else "Anna Bērziņa"], got.stderr
