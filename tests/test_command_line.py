"""The command as it is run: exit codes, what stands on which stream, and how it ends on bad input."""

from __future__ import annotations

import itertools
import json
import os
import shlex
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from eklase_audit.cli.app import COMMANDS
from eklase_audit.paths import rules_folder
from support import SAMPLES, command, write_tables

FILES = Path(__file__).parent / "files"
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
LATE = {"Ievadīts": "22.12.2025 10:00"}
UNREADABLE = {"Darba datums": "31.02.2026"}
CONTACT = {
    "Skolēns": "Anna Bērziņa",
    "Klase": "7.a",
    "Skolēna tālrunis": "29123456",
    "Vecāka tālrunis": "29123457",
    "Aktualizēts": "05.09.2026",
}


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "eksports"
    folder.mkdir()
    return folder


def marks(folder: Path, *changes: dict[str, str]) -> Path:
    """A file of formative marks, one a change; without any it has no row."""
    write_tables(folder, {"marks": [{**MARK, **change} for change in changes] or [MARK]})
    path = folder / "marks.csv"
    if not changes:
        path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    return path


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The real command in a process of its own."""
    left_out = ("LANG", "LC_MESSAGES", "PYTHONIOENCODING", "PYTHONUTF8", "FORCE_COLOR", "NO_COLOR", "COLUMNS")
    inherited = {name: value for name, value in os.environ.items() if name not in left_out}
    return subprocess.run(
        [sys.executable, "-m", "eklase_audit", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env={**inherited, "LC_ALL": "C.UTF-8", **environment},
        timeout=120,
        check=False,
    )


def answer(*arguments: str | Path) -> dict[str, Any]:
    got: dict[str, Any] = json.loads(command("check", *arguments, "--format", "json").stdout)
    return got


# ---- exit codes

# (rows of marks, options, exit code); None for the marks: warnings only.
EXIT_CODES: list[tuple[list[dict[str, str]] | None, str, int]] = [
    ([{}], "", 0),
    ([{}], "--clause 5 --strict", 0),
    ([{}], "--strict", 2),  # the checks whose exports are missing
    ([LATE], "", 1),
    ([LATE], "--fail-on violation", 1),
    ([LATE], "--fail-on warning", 1),
    ([LATE], "--fail-on never", 0),
    ([LATE], "--clause 5 --strict", 1),
    ([LATE], "--clause 6", 0),
    ([LATE], "--class 7.a", 1),
    ([LATE, {"Klase": "8.b"}], "--class 8.b", 0),
    ([LATE, {"Pedagogs": "Uldis Liepa"}], "--teacher 'Uldis Liepa'", 0),
    ([LATE, {"Pedagogs": "Uldis Liepa"}], "--teacher 'Ilze Kalniņa'", 1),
    ([UNREADABLE], "", 0),
    ([UNREADABLE], "--clause 5 --strict", 2),
    ([UNREADABLE, LATE], "--clause 5", 1),
    ([UNREADABLE, LATE], "--clause 5 --strict", 2),
    ([UNREADABLE, LATE], "--clause 5 --strict --fail-on never", 2),
    ([LATE], "--clause 7", 2),  # nothing could be audited
    ([LATE], "--clause 7 --fail-on never", 2),
    ([], "--clause 5", 0),
    (None, "", 0),
    (None, "--fail-on violation", 0),
    (None, "--fail-on warning", 1),
    (None, "--fail-on never", 0),
]


@pytest.mark.parametrize("form", ["table", "json"])
@pytest.mark.parametrize(("rows", "options", "code"), EXIT_CODES)
def test_exit_codes(exports: Path, rows: list[dict[str, str]] | None, options: str, code: int, form: str) -> None:
    as_of = AS_OF
    if rows is None:
        write_tables(exports, {"contacts": [{**CONTACT, "Aktualizēts": "05.09.2025"}]})
        options, as_of = f"{options} --clause 1-contacts", "2026-10-15"
    else:
        marks(exports, *rows)
    got = command("check", exports, "--as-of", as_of, "--format", form, *shlex.split(options))
    assert got.exit_code == code, got.stderr


def test_the_real_command_ends_as_the_one_in_process(exports: Path) -> None:
    for rows, code in (([{}], 0), ([LATE], 1)):
        marks(exports, *rows)
        assert run("check", exports, "--as-of", AS_OF).returncode == code
    assert run("check", exports / "nav.csv").returncode == 2


def test_nothing_audited_says_so(exports: Path) -> None:
    write_tables(exports, {"classes": [{"Klase": "7.a", "Klases audzinātājs": "Dace Siliņa"}]})
    got = command("check", exports, "--as-of", AS_OF)
    assert got.exit_code == 2
    assert "nothing could be audited" in one_line(got.stderr)


# ---- bad input: one line that says what is wrong, and exit code 2


def one_line(text: str) -> str:
    """The one line on standard error."""
    assert "Traceback" not in text
    assert text.startswith("eklase-audit: ")
    assert text.endswith("\n")
    assert text.count("\n") == 1, text
    return text


PAGE = b"<!DOCTYPE html>\r\n<html><body><table><tr><td>SLEPENS</td></tr></table></body></html>"
RUBBISH = bytes(range(256)) * 20
TIED = "Diena;Stunda;Klase;Priekšmets;Pedagogs;Ieraksts;Spēkā no\n08.12.2025;1;7.a;SLEPENS;SLEPENS;SLEPENS;\n"
NO_TOPIC = "Datums;Stunda;Klase;Priekšmets;Pedagogs\n08.12.2025;1;7.a;SLEPENS;SLEPENS\n"
LONE_MARK = 'Klase;Klases audzinātājs\n7.a;"SLEPENS\n8.b;SLEPENS\n'


def zipped(folder: Path) -> bytes:
    path = folder / "pagaidu.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("SLEPENS.txt", "SLEPENS")
    data = path.read_bytes()
    path.unlink()
    return data


BAD_FILES: dict[str, tuple[str, bytes | Callable[[Path], bytes], str]] = {
    "empty": ("x.csv", b"", "empty"),
    "blank": ("x.csv", b"\xef\xbb\xbf \r\n\r\n", "empty"),
    "empty workbook": ("x.xlsx", b"", "empty"),
    "password": ("x.xlsx", (FILES / "ar_paroli.xlsx").read_bytes(), "password"),
    "old workbook": ("x.xls", (FILES / "veca.xls").read_bytes(), ".xls"),
    "old workbook in disguise": ("x.xlsx", (FILES / "veca.xls").read_bytes(), ".xls"),
    "web page as csv": ("x.csv", PAGE, "web page"),
    "web page as xls": ("x.xls", PAGE, "web page"),
    "web page as xlsx": ("x.xlsx", b"\xef\xbb\xbf\r\n" + PAGE, "web page"),
    "rubbish as csv": ("x.csv", RUBBISH, "x.csv"),
    "rubbish as xlsx": ("x.xlsx", RUBBISH, "x.xlsx"),
    "damaged workbook": ("x.xlsx", (b"PK\x03\x04" + RUBBISH), "workbook"),
    "archive": ("x.zip", zipped, "no table"),
    "unknown charset": (
        "x.csv",
        "Klase;Klases audzinātājs\n7.a;SLEPENS\n".encode("cp1257") + b"\xa1\xa5\n",
        "charset",
    ),
    "letter": ("x.txt", b"Labdien! SLEPENS\n", "no table"),
    "two kinds": ("x.csv", TIED.encode(), "--as"),
    "lessons without topics": ("x.csv", NO_TOPIC.encode(), "Tēma"),
    "lone quotation mark": ("x.csv", LONE_MARK.encode(), "row 2"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_bad_file_by_name(tmp_path: Path, case: str) -> None:
    name, content, says = BAD_FILES[case]
    path = tmp_path / name
    path.write_bytes(content(tmp_path) if callable(content) else content)
    for form in ("table", "json"):
        got = command("check", path, "--as-of", AS_OF, "--format", form)
        assert got.exit_code == 2
        line = one_line(got.stderr)
        assert line.startswith(f"eklase-audit: {name}: ")
        assert says in line
        assert "SLEPENS" not in line


@pytest.mark.parametrize("case", [case for case, (name, *_rest) in BAD_FILES.items() if not name.endswith(".xls")])
def test_a_bad_file_among_good_ones_stops_no_other(exports: Path, case: str) -> None:
    name, content, _says = BAD_FILES[case]
    marks(exports, LATE)
    (exports / name).write_bytes(content(exports) if callable(content) else content)
    got = command("check", exports, "--as-of", AS_OF, "--format", "json")
    line = one_line(got.stderr)
    assert line.startswith((f"eklase-audit: {name}: ", f"eklase-audit: {name}/"))
    told = json.loads(got.stdout)
    assert [finding["verdict"] for finding in told["findings"]] == ["late"]
    # What holds no table is passed over in a folder; what cannot be read is an error there too.
    is_skipped = case in ("empty", "blank", "empty workbook", "letter", "archive")
    assert [skipped["file"].split("/")[0] for skipped in told["skipped"]] == [name] * is_skipped
    assert got.exit_code == (1 if is_skipped else 2)


def test_a_file_that_may_not_be_read(exports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    marks(exports, LATE)
    secret = exports / "slegts.csv"
    secret.write_text("Klase;Klases audzinātājs\n7.a;Dace Siliņa\n", "utf-8")
    open_file = os.open

    def refuse(path: Any, *args: Any, **options: Any) -> int:
        if Path(path).name == secret.name:
            raise PermissionError(13, "Permission denied", str(path))
        return open_file(path, *args, **options)

    monkeypatch.setattr(os, "open", refuse)
    got = command("check", exports, "--as-of", AS_OF, "--format", "json")
    assert got.exit_code == 2
    assert one_line(got.stderr).startswith("eklase-audit: slegts.csv: ")
    assert len(json.loads(got.stdout)["findings"]) == 1


@pytest.mark.parametrize(
    ("names", "says"),
    [(["nav.csv"], "nav.csv"), (["nav/vel"], "nav/vel"), (["marks.csv", "nav.csv"], "nav.csv"),
     (["uz\x1b[31m\nnakti.csv"], "nakti.csv")],
)  # fmt: skip
def test_a_path_that_is_not_there(exports: Path, names: list[str], says: str) -> None:
    marks(exports, LATE)
    got = command("check", *(exports / name for name in names))
    assert got.exit_code == 2
    line = one_line(got.stderr)
    assert says in line and "\x1b" not in line


@pytest.mark.parametrize("name", [None, "piezimes.md", ".slepts.csv", "~$marks.xlsx"])
def test_a_folder_without_exports(exports: Path, name: str | None) -> None:
    if name:
        (exports / name).write_text("SLEPENS", "utf-8")
    got = command("check", exports)
    assert got.exit_code == 2
    assert "no export" in one_line(got.stderr)


def test_headings_without_rows_are_a_notice(exports: Path) -> None:
    path = marks(exports)
    got = command("check", path, "--as-of", AS_OF, "--clause", "5", "--format", "json")
    assert got.exit_code == 0
    assert "no rows" in one_line(got.stderr)
    told = json.loads(got.stdout)
    assert [(entry["rows"], entry["data_problems"]) for entry in told["inputs"]] == [(0, 0)]
    assert [check["status"] for check in told["checks"]] == ["clean"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--clause", "12"], ["«12»", "nearest"]),
        (["--clause", "5-formativ"], ["«5-formativ»", "5-formative"]),
        (["--clause", "5", "--clause", "5.7"], ["«5.7»"]),
        (["--teacher", "Ize Kalnina"], ["«Ize Kalnina»"]),
        (["--class", "7.q"], ["«7.q»", "7.a"]),
        (["--class", "visi"], ["«visi»"]),
        (["--as", "vertejumi=marks.csv"], ["«vertejumi»"]),
        (["--as", "marks"], ["KIND=FILE"]),
        (["--as", "marks=nav.csv"], ["nav.csv"]),
        (["--as-of", "27.02.2026"], ["--as-of", "2026-11-24T17:05"]),
        (["--as-of", "2026-02-30"], ["--as-of"]),
        (["--as-of", "2026-02"], ["--as-of"]),
        (["--as-of", "2026-02-27T25:00"], ["--as-of"]),
        (["--as-of", "2026-02-27T17:05+02:00"], ["--as-of"]),
        (["--as-of", "2026-02-27T17:05Z"], ["--as-of"]),
        (["--as-of", "0205-02-27"], ["--as-of"]),
        (["--as-of", "vakar"], ["--as-of"]),
        (["--rules", "nav"], ["«nav»", "aknistes-vidusskola"]),
        (["--rules", "nav.toml"], ["nav.toml"]),
        (["--config", "nav.toml"], ["nav.toml"]),
    ],
)
def test_a_wrong_option(exports: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], says: list[str]) -> None:
    marks(exports, LATE)
    monkeypatch.chdir(exports)
    got = command("check", exports, *options)
    assert got.exit_code == 2
    line = one_line(got.stderr)
    assert [word for word in says if word not in line] == []
    assert got.stdout == ""


@pytest.mark.parametrize(
    "options", [[], ["eksports", "--nav"], ["eksports", "--format", "xml"], ["--fail-on", "x", "y"]]
)
def test_a_wrong_command_line(options: list[str]) -> None:
    got = command("check", *options)
    assert (got.exit_code, got.stdout) == (2, "")
    assert "Traceback" not in got.stderr and "Error" in got.stderr


def test_names_of_teachers_and_classes_match_however_they_are_typed(exports: Path) -> None:
    marks(exports, LATE, {**LATE, "Klase": "8.b", "Pedagogs": "Uldis Liepa"})
    for options, found in (
        (["--teacher", "ilze kalnina"], ["7.a"]),
        (["--teacher", "Ilze  Kalniņa", "--teacher", "Uldis Liepa"], ["7.a", "8.b"]),
        (["--class", "8 B klase"], ["8.b"]),
        (["--class", "7A", "--class", "8.b"], ["7.a", "8.b"]),
        (["--class", "7a", "--teacher", "Uldis Liepa"], []),
    ):
        assert [finding["class"] for finding in answer(exports, "--as-of", AS_OF, *options)["findings"]] == found


# ---- the rule pack and the configuration

PACK = rules_folder() / "aknistes-vidusskola" / "2025-12-04.toml"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("schema = 1\n", "schema = 1\nnekas = 1\n", "nekas"),
        ("schema = 1\n", "schema = 2\n", "schema"),
        ("schema = 1\n", "schema = \n", "TOML"),
        ("[symbols]\n", "[symbols]\nnekas = 1\n", "symbols.nekas"),
        ('severity = "violation"', 'severity = "slikti"', "severity"),
    ],
)
def test_a_fault_in_a_rule_pack(exports: Path, tmp_path: Path, old: str, new: str, says: str) -> None:
    text = PACK.read_text("utf-8")
    assert old in text
    pack = tmp_path / "noteikumi.toml"
    pack.write_text(text.replace(old, new, 1), "utf-8")
    marks(exports, LATE)
    got = command("check", exports, "--rules", pack)
    assert got.exit_code == 2
    line = one_line(got.stderr)
    assert "noteikumi.toml" in line and says in line


def test_a_rule_pack_of_the_schools_own(exports: Path, tmp_path: Path) -> None:
    pack = tmp_path / "noteikumi.toml"
    pack.write_text(PACK.read_text("utf-8"), "utf-8")
    marks(exports, LATE)
    assert command("check", exports, "--rules", pack, "--as-of", AS_OF).exit_code == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nekas = 1", ["nekas", "nearest"]),
        ("ruls = 'x'", ["ruls", "rules"]),
        ("lang = 'de'", ["lang", "lv"]),
        ("lang = ", ["TOML"]),
        ("[parameters]\n'5.workdays' = 5", ["5.workdays"]),
        ("[parameters]\n'5.working_days' = 'x'", ["5.working_days"]),
        ("[[free_days]]\nname = 'SLEPENS'\nfro = 2026-01-05", ["free_days"]),
    ],
)
def test_a_fault_in_the_configuration(exports: Path, text: str, says: list[str]) -> None:
    marks(exports, LATE)
    (exports / "eklase-audit.toml").write_text(text, "utf-8")
    got = command("check", exports)
    assert got.exit_code == 2
    line = one_line(got.stderr)
    assert [word for word in says if word not in line] == []
    assert "SLEPENS" not in line


def test_the_configuration_beside_or_above_the_exports_holds(exports: Path, tmp_path: Path) -> None:
    path = marks(exports, {"Ievadīts": "15.12.2025 10:00"})
    assert command("check", exports, "--as-of", AS_OF).exit_code == 1
    (tmp_path / "eklase-audit.toml").write_text("[parameters]\n'5.working_days' = 10\n", "utf-8")
    assert command("check", exports, "--as-of", AS_OF).exit_code == 0
    assert command("check", path, "--as-of", AS_OF).exit_code == 0
    (exports / "eklase-audit.toml").write_text("", "utf-8")
    assert command("check", exports, "--as-of", AS_OF).exit_code == 1


# ---- what stands where


def test_values_stand_in_results_only(exports: Path) -> None:
    secret = {heading: f"SLEPENS {number}" for number, heading in enumerate(MARK)}
    rows = [
        {**LATE, "Skolēns": "SLEPENS pupil", "Pedagogs": "SLEPENS teacher", "Priekšmets": "SLEPENS subject"},
        {"Darba datums": "SLEPENS date"},
        {"Klase": "SLEPENS class"},
        {"Vērtējuma veids": "SLEPENS kind"},
        {"Ievadīts": "SLEPENS stamp"},
        secret,
    ]
    marks(exports, *rows)
    (exports / "lieks.csv").write_text(LONE_MARK + TIED, "utf-8")
    (exports / "divi.csv").write_text(TIED, "utf-8")
    (exports / "vestule.txt").write_text("SLEPENS", "utf-8")
    for options in ([], ["--format", "json"], ["--class", "nav"], ["--clause", "nav"], ["--quiet"]):
        got = command("check", exports, "--as-of", AS_OF, *options)
        assert "SLEPENS" not in got.stderr, got.stderr
        assert "Traceback" not in got.stderr
    told = answer(exports, "--as-of", AS_OF)
    assert {problem["value"] for problem in told["data_problems"]} >= {
        "SLEPENS date", "SLEPENS class", "SLEPENS kind", "SLEPENS stamp",
    }  # fmt: skip
    assert "SLEPENS" not in json.dumps([told["errors"], told["skipped"], told["inputs"], told["checks"]])


HARMFUL = {
    "markup": "[red]Anna[/red] [/] [link=x]",
    "terminal escape": "Anna \x1b[31mBērziņa\x1b[0m\x1b]0;x\x07",
    "bidi": "Anna \u202e\u2066Bērziņa\u202c\u2069\u200f",
    "bell and null": "Anna\x07 Bērz\x08iņa\x9b31m",
}


@pytest.mark.parametrize("harm", HARMFUL)
def test_harmful_names_come_out_harmless(exports: Path, harm: str) -> None:
    name = HARMFUL[harm]
    marks(
        exports,
        {**LATE, "Skolēns": name, "Pedagogs": name, "Priekšmets": name},
        {"Darba datums": name, "Klase": name},
    )
    got = command("check", exports, "--as-of", AS_OF)
    assert got.exit_code == 1
    for text in (got.stdout, got.stderr):
        assert [c for c in text if c in "\x1b\x07\x08\x9b\u202e\u202c\u2066\u2069\u200f"] == []
    if harm == "markup":
        assert got.stdout.count(name) >= 3
    else:
        assert "Anna" in got.stdout
    # In JSON what a program may take for a command is escaped.
    raw = command("check", exports, "--as-of", AS_OF, "--format", "json").stdout
    assert [c for c in raw if c < " " and c != "\n"] == []
    assert json.loads(raw)["findings"]


LONG = "Garš " + " ".join(["Vārds"] * 60) + " Beigas"


def test_without_a_terminal_nothing_is_wrapped_cut_or_coloured(exports: Path) -> None:
    marks(exports, {**LATE, "Skolēns": LONG, "Priekšmets": LONG}, {"Darba datums": LONG})
    got = run("check", exports, "--as-of", AS_OF, COLUMNS="40")
    assert got.returncode == 1
    assert "\x1b" not in got.stdout + got.stderr
    assert "…" not in got.stdout
    lines = [line for line in got.stdout.splitlines() if "Vārds" in line]
    assert [line.count(LONG) for line in lines] == [2, 1]


def test_without_a_terminal_the_name_of_a_teacher_is_not_wrapped(exports: Path) -> None:
    marks(exports, {**LATE, "Pedagogs": LONG})
    lines = [line for line in command("check", exports, "--as-of", AS_OF).stdout.splitlines() if "Vārds" in line]
    assert [line.count(LONG) for line in lines] == [1, 1]


def test_quiet_leaves_the_totals(exports: Path) -> None:
    marks(exports, LATE, UNREADABLE)
    (exports / "vestule.txt").write_text("Labdien!", "utf-8")
    got = command("check", exports, "--as-of", AS_OF, "--quiet")
    assert (got.exit_code, got.stderr) == (1, "")
    assert got.stdout.count("\n") == 1 and "1 violation" in got.stdout
    # An error is no notice.
    (exports / "tukss.xlsx").write_bytes(RUBBISH)
    assert one_line(command("check", exports, "--as-of", AS_OF, "--quiet").stderr)


def test_an_answer_that_is_not_read_to_its_end(exports: Path) -> None:
    marks(exports, *([LATE] * 3000))
    reader, writer = os.pipe()
    os.close(reader)
    try:
        process = subprocess.run(
            [sys.executable, "-m", "eklase_audit", "check", str(exports), "--as-of", AS_OF],
            stdout=writer, stderr=subprocess.PIPE, encoding="utf-8", timeout=120, check=False,
        )  # fmt: skip
    finally:
        os.close(writer)
    assert "Traceback" not in process.stderr
    assert process.returncode in (0, 1)


@pytest.mark.parametrize("charset", ["ascii", "cp1252"])
def test_a_letter_that_the_output_lacks(exports: Path, charset: str) -> None:
    marks(exports, {})
    got = run("check", exports, "--as-of", AS_OF, PYTHONUTF8="0", PYTHONIOENCODING=charset)
    assert "Traceback" not in got.stderr
    assert got.returncode == 0


def test_an_answer_that_cannot_be_written(exports: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    marks(exports, {})
    with Path("/dev/full").open("w") as full:
        process = subprocess.run(
            [sys.executable, "-m", "eklase_audit", "check", str(exports), "--format", "json"],
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
    assert process.returncode == 2
    one_line(process.stderr)


# ---- help, languages


HEAVY = (
    "pandas", "numpy", "pyarrow", "holidays", "openpyxl", "xlsxwriter", "phonenumbers", "python_calamine",
)  # fmt: skip


@pytest.mark.parametrize("words", [[], *([name] for name in COMMANDS)])
def test_help_imports_nothing_heavy(words: Sequence[str]) -> None:
    code = (
        "import sys\n"
        "from eklase_audit.__main__ import main\n"
        f"sys.argv = ['eklase-audit', *{list(words)!r}, '--help']\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        f"print('HEAVY', [name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    got = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=60, check=True)
    assert got.stdout.splitlines()[-1] == "HEAVY []"
    assert "Usage" in got.stdout


@pytest.mark.parametrize("words", [["explain", "5"], ["clauses"], ["clauses", "--format", "json"]])
def test_what_shows_texts_alone_imports_nothing_heavy(words: Sequence[str]) -> None:
    code = (
        "import sys\n"
        "from eklase_audit.__main__ import main\n"
        f"sys.argv = ['eklase-audit', *{words!r}]\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        f"print('HEAVY', [name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    got = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=60, check=True)
    assert got.stdout.splitlines()[-1] == "HEAVY []"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["clauses", "--format", "tabel"], "'tabel' is not one of 'table', 'json'"),
        (["check", "--fail-on", "", "."], "'' is not one of 'violation', 'warning', 'never'"),
        (["me", "Ilze", ".", "--days", "-1"], "--days"),
        (["fleet", ".", "--workers", "two"], "--workers"),
    ],
)
def test_what_is_no_value_of_an_option(words: Sequence[str], said: str) -> None:
    got = run(*words)
    assert got.returncode == 2
    assert said in got.stderr


def test_a_path_that_may_not_be_read_is_named(exports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_asked, **_how: False)
    got = command("check", exports)
    assert got.exit_code == 2
    assert "is not readable" in got.stderr


@pytest.mark.parametrize(
    ("environment", "options", "language"),
    [
        ({"LC_ALL": "lv_LV.UTF-8"}, [], "lv"),
        ({"LC_ALL": "", "LANG": "lv_LV.UTF-8"}, [], "lv"),
        ({"LC_ALL": "C"}, [], "en"),
        ({"LC_ALL": "C", "LANG": "lv_LV.UTF-8"}, [], "en"),
        ({"LC_ALL": "", "LANG": "de_DE.UTF-8"}, [], "en"),
        ({"LC_ALL": "C"}, ["--lang", "lv"], "lv"),
        ({"LC_ALL": "lv_LV.UTF-8"}, ["--lang=en"], "en"),
    ],
)
def test_the_language_is_that_of_the_locale_unless_asked(
    environment: dict[str, str], options: list[str], language: str
) -> None:
    got = run("clauses", *options, **environment)
    assert got.returncode == 0
    title = got.stdout.splitlines()[0]
    assert title.startswith({"lv": "Aknīstes vidusskola", "en": "Aknīste Secondary School"}[language])


def test_the_language_changes_no_fact(exports: Path) -> None:
    marks(exports, LATE, UNREADABLE)
    told = {}
    for language in ("lv", "en"):
        got = answer(exports, "--as-of", AS_OF, "--lang", language)
        told[language] = {
            part: [{key: entry[key] for key in keys.split() if key not in ("message", "reason")} for entry in got[part]]
            for part, keys in KEYS.items()
            if isinstance(got.get(part), list)
        }
    assert told["lv"] == told["en"]
    assert len(told["lv"]["findings"]) == 1


# ---- the JSON answer

# Keys as they are promised; more may be added.
KEYS = {
    "": "schema tool regulation as_of inputs checks findings skipped data_problems totals",
    "tool": "name version",
    "regulation": "id in_force_from",
    "inputs": "file sheet kind rows encoding delimiter header_row data_problems",
    "checks": "check clause status fulfilled late overdue pending undetermined defects not_in_force reason",
    "findings": "fingerprint check clause severity verdict reason bearer role class subject pupil on lesson "
    "period due_at done_at working_days_late message file sheet row waived",
    "skipped": "file sheet reason",
    "data_problems": "file sheet row column value reason",
    "totals": "violations warnings waived data_problems",
}


def test_the_keys_of_an_answer(exports: Path) -> None:
    marks(exports, LATE, UNREADABLE)
    (exports / "vestule.txt").write_text("Labdien!", "utf-8")
    got = answer(exports, "--as-of", AS_OF)
    for part, keys in KEYS.items():
        entries = got if not part else got[part]
        entries = entries if isinstance(entries, list) else [entries]
        assert entries, part
        for entry in entries:
            assert set(keys.split()) <= set(entry), part
    assert got["schema"] == 1
    assert got["tool"]["name"] == "eklase-audit"
    assert got["regulation"]["in_force_from"] == "2025-12-04"
    assert got["totals"] == {"violations": 1, "warnings": 0, "waived": 0, "data_problems": 1}
    (finding,) = got["findings"]
    expected = {
        "check": "5-formative",
        "clause": "5",
        "severity": "violation",
        "verdict": "late",
        "reason": None,
        "bearer": "Ilze Kalniņa",
        "role": "subject_teacher",
        "class": "7.a",
        "subject": "Matemātika",
        "pupil": "Anna Bērziņa",
        "on": "2025-12-08",
        "lesson": None,
        "period": None,
        "due_at": "2025-12-11T23:59:59",
        "done_at": "2025-12-22T10:00:00",
        "working_days_late": 7,
        "file": "marks.csv",
        "sheet": None,
        "row": 2,
        "waived": False,
    }
    assert {key: finding[key] for key in expected} == expected
    assert finding["fingerprint"] and finding["message"]


def test_every_check_is_listed_and_clauses_choose_among_them(exports: Path) -> None:
    marks(exports, LATE)
    checks = [check["check"] for check in answer(exports, "--as-of", AS_OF)["checks"]]
    assert len(checks) == 26
    for options, chosen in (
        (["5"], ["5-formative"]),
        (["8"], ["8-semester", "8-year", "8.1-correction", "8.1-unfounded", "8.2-reexam"]),
        (["8.1"], ["8.1-correction", "8.1-unfounded"]),
        (["8-semester", "5-formative"], ["5-formative", "8-semester"]),
    ):
        words = [word for clause in options for word in ("--clause", clause)]
        assert [check["check"] for check in answer(exports, "--as-of", AS_OF, *words)["checks"]] == chosen


@pytest.mark.parametrize(
    ("given", "as_of"),
    [
        ("2026-02-27", "2026-02-27T23:59:59"),
        ("2026-02-27T17:05", "2026-02-27T17:05:00"),
        ("2026-02-27T17:05:30", "2026-02-27T17:05:30"),
        ("2026-02-27T00:00", "2026-02-27T00:00:00"),
    ],
)
def test_the_moment_looked_from(exports: Path, given: str, as_of: str) -> None:
    marks(exports, {})
    assert answer(exports, "--as-of", given)["as_of"] == as_of


def test_without_a_moment_it_is_now(exports: Path) -> None:
    marks(exports, {})
    now = datetime.now()
    assert (
        timedelta(0)
        <= datetime.fromisoformat(answer(exports)["as_of"]) - now.replace(microsecond=0)
        < timedelta(minutes=2)
    )


def test_two_runs_give_the_same_bytes() -> None:
    answers = {
        run("check", SAMPLES, "--as-of", AS_OF, "--format", "json", PYTHONHASHSEED=seed).stdout for seed in ("1", "2")
    }
    assert len(answers) == 1
    assert len(json.loads(answers.pop())["findings"]) > 100


def test_the_order_of_the_arguments_does_not_change_the_bytes(exports: Path) -> None:
    for name, rows in {
        "a": [LATE, UNREADABLE],
        "b": [LATE, {**LATE, "Skolēns": "Jānis Ozols"}],
        "c": [{}],
    }.items():
        (exports / name).mkdir()
        marks(exports / name, *rows)
    paths = [exports / "a", exports / "b" / "marks.csv", exports / "c", exports]
    texts = {
        command("check", *order, "--as-of", AS_OF, "--format", "json").stdout for order in itertools.permutations(paths)
    }
    assert len(texts) == 1
    assert len(json.loads(texts.pop())["findings"]) == 2


def test_a_given_kind_settles_a_tie(exports: Path) -> None:
    path = exports / "x.csv"
    path.write_text(TIED, "utf-8")
    got = command("check", f"--as=lessons={path}", exports, "--as-of", AS_OF, "--format", "json")
    assert (got.exit_code, got.stderr) == (1, "")
    assert [entry["kind"] for entry in json.loads(got.stdout)["inputs"]] == ["lessons"]
