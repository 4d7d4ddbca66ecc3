"""What a new school starts from: init writes a configuration and a rule pack, template an empty workbook."""

from __future__ import annotations

import json
import os
import re
import stat
import tomllib
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from eklase_audit import files
from eklase_audit.clauses import CHECKS
from eklase_audit.cli import common
from eklase_audit.config import load_config
from eklase_audit.errors import AuditError
from eklase_audit.exports.headings import kinds
from eklase_audit.exports.paths import find_files
from eklase_audit.exports.reading import read_journal
from eklase_audit.exports.schema import holds
from eklase_audit.packs import DEFAULT, find_pack, installed_packs
from eklase_audit.regulation import load_regulation
from eklase_audit.starting import starting_config, starting_pack
from eklase_audit.template_names import LISTS, TEMPLATES
from eklase_audit.templates import workbook
from support import command, regulation, table, write_tables

FILES = ["eklase-audit.toml", "kartiba.toml"]


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


# --- init -------------------------------------------------------------------------------------------------


def test_init_writes_both_for_their_owner_only(tmp_path: Path) -> None:
    result = command("init", tmp_path)
    assert (result.exit_code, result.stderr) == (0, "")
    assert names(tmp_path) == FILES
    assert [mode(tmp_path / name) for name in FILES] == [0o600, 0o600]
    assert result.stdout.splitlines() == [
        f"written: {tmp_path / 'kartiba.toml'}",
        f"written: {tmp_path / 'eklase-audit.toml'}",
    ]


def test_init_makes_the_folder_and_else_writes_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command("init", tmp_path / "jauna" / "skola").exit_code == 0
    assert names(tmp_path / "jauna" / "skola") == FILES
    monkeypatch.chdir(tmp_path / "jauna")
    assert command("init").exit_code == 0
    assert names(tmp_path / "jauna") == [*FILES, "skola"]


@pytest.mark.parametrize("pack", [DEFAULT, *installed_packs()])
def test_what_init_writes_loads_and_is_the_pack_it_was_made_from(tmp_path: Path, pack: str) -> None:
    assert command("init", tmp_path, "--like", pack, "--school", "Ozolmuižas pamatskola").exit_code == 0
    config = load_config(tmp_path / "eklase-audit.toml")
    mine, model = common.regulation(config, None), regulation(pack)
    assert mine.id == "musu-skola"
    assert dict(mine.titles) == {"lv": "Ozolmuižas pamatskola", "en": "Ozolmuižas pamatskola"}
    assert mine.clauses == model.clauses
    assert (mine.symbols, mine.in_force_from, mine.moved_days) == (
        model.symbols,
        model.in_force_from,
        model.moved_days,
    )
    assert (config.parameters, config.free_days, config.no_lessons, config.outages) == ({}, (), (), ())


MARKS = table("""
    Skolēns    | Klase | Priekšmets | Pedagogs   | Vērtējuma veids | Darba datums | Vērtējums | Ievadīts
    Una Priede | 7.a   | Fizika     | Rita Ozere | formatīvs       | 02.02.2026   | 78%       | 10.02.2026
""")


def test_an_audit_below_the_folder_goes_by_what_init_wrote(tmp_path: Path) -> None:
    command("init", tmp_path)
    exports = tmp_path / "eksports"
    exports.mkdir()
    write_tables(exports, {"marks": MARKS})

    def answered() -> dict[str, Any]:
        result = command("check", exports, "--as-of", "2026-02-27", "--fail-on", "never", "--format", "json")
        return json.loads(result.stdout)

    assert answered()["regulation"]["id"] == "musu-skola"
    assert answered()["totals"]["violations"] == 1
    # A school changes a number in its pack, and that is all.
    pack = tmp_path / "kartiba.toml"
    pack.write_text(pack.read_text("utf-8").replace("working_days = 3", "working_days = 6"), encoding="utf-8")
    assert answered()["totals"]["violations"] == 0


SCHOOLS = [
    ("Ozolmuižas pamatskola", "Ozolmuižas pamatskola"),
    ('Skola "Ēzelītis"', 'Skola "Ēzelītis"'),
    ("C:\\skola", "C:\\skola"),
    ("pirmā\notrā  rinda", "pirmā otrā rinda"),
    ("[[clauses]]", "[[clauses]]"),
    ("\\1 \\g<0>", "\\1 \\g<0>"),
    ("🌲 skola", "🌲 skola"),
    # What a terminal may hand on, and TOML has no place for.
    ("Sko\x7fla \udcff\x1b", "Skola"),
    ("", "Our school"),
]


@pytest.mark.parametrize(("school", "shown"), SCHOOLS)
def test_any_name_of_a_school_stands_in_the_pack(tmp_path: Path, school: str, shown: str) -> None:
    assert command("init", tmp_path, "--school", school).exit_code == 0
    pack = load_regulation(str(tmp_path / "kartiba.toml"), CHECKS)
    assert dict(pack.titles) == dict.fromkeys(("lv", "en"), shown)


def test_init_asks_nothing_without_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def prompt(*_arguments: Any, **_options: Any) -> str:
        raise AssertionError("asked")

    monkeypatch.setattr("typer.prompt", prompt)
    assert command("init", tmp_path).exit_code == 0
    assert load_regulation(str(tmp_path / "kartiba.toml"), CHECKS).titles["en"] == "Our school"


@pytest.mark.parametrize("there", [["kartiba.toml"], ["eklase-audit.toml"], FILES])
def test_init_never_writes_over_anything(tmp_path: Path, there: list[str]) -> None:
    for name in there:
        (tmp_path / name).write_text('lang = "en"\n')
    result = command("init", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert result.stderr.endswith(": it is there already and was left as it is\n")
    # Both or none.
    assert names(tmp_path) == sorted(there)
    assert all((tmp_path / name).read_text() == 'lang = "en"\n' for name in there)


@pytest.mark.parametrize("like", ["aknistes", "calendar", "nav.toml"])
def test_init_like_a_pack_that_is_not_there(tmp_path: Path, like: str) -> None:
    result = command("init", tmp_path, "--like", like)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1 and f"{like}" in result.stderr
    assert names(tmp_path) == []


def test_init_like_a_pack_with_a_fault_writes_none(tmp_path: Path) -> None:
    (tmp_path / "slikta.toml").write_text("schema = 2\n")
    result = command("init", tmp_path / "jauna", "--like", tmp_path / "slikta.toml")
    assert result.exit_code == 2
    assert not (tmp_path / "jauna").exists()


def test_where_the_second_file_cannot_be_written_the_first_is_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = files.write_file

    def full(path: Path, content: bytes, *, overwrite: bool = False) -> None:
        if path.name == "eklase-audit.toml":
            raise AuditError("the disk is full")
        write(path, content, overwrite=overwrite)

    monkeypatch.setattr(files, "write_file", full)
    assert command("init", tmp_path).exit_code == 2
    assert names(tmp_path) == []


@pytest.mark.parametrize(("language", "word"), [("lv", "kārtība"), ("en", "regulation")])
def test_the_comments_are_in_the_language_asked_for(tmp_path: Path, language: str, word: str) -> None:
    assert command("init", tmp_path, "--lang", language).exit_code == 0
    for name in FILES:
        lines = (tmp_path / name).read_text("utf-8").splitlines()
        assert all(line.startswith("# ") for line in lines[:8]), name
    assert word in (tmp_path / "kartiba.toml").read_text("utf-8").splitlines()[0]


EXAMPLE = re.compile(r"^# (?=\[|[a-z_]+ = |\"[0-9])", re.M)


def test_every_example_of_the_configuration_is_one(tmp_path: Path) -> None:
    """Whoever takes away the # before an example has a configuration that loads."""
    text = EXAMPLE.sub("", starting_config("kartiba.toml"))
    entry = tomllib.loads(text)
    assert set(entry) == {
        "rules",
        "lang",
        "moved_days",
        "count_school_breaks",
        "parameters",
        "free_days",
        "no_lessons",
        "outages",
        "staff_absences",
        "mail",
    }
    (tmp_path / "eklase-audit.toml").write_text(text, encoding="utf-8")
    pack = starting_pack(find_pack(DEFAULT).read_text("utf-8"), "Skola")
    (tmp_path / "kartiba.toml").write_text(pack, encoding="utf-8")
    config = load_config(tmp_path / "eklase-audit.toml")
    changed = {rule.id: rule.deadline for rule in common.regulation(config, None).checks if rule.deadline}
    assert changed["5-formative"].value == 5
    assert changed["2-lesson"].value == 18 * 3600
    assert (len(config.free_days), len(config.no_lessons), len(config.outages)) == (1, 1, 1)


def test_the_pack_says_where_its_comments_end() -> None:
    """The model's own comments on its source are no longer true of another school."""
    text = starting_pack('# Avots.\n# Vēl.\nschema = 1\nid = "a"\n', "x")
    assert "Avots" not in text and "Vēl" not in text
    assert text.endswith('schema = 1\nid = "musu-skola"\n')


# --- template ---------------------------------------------------------------------------------------------

CHOICES = {
    "documents": {"Dokuments": 4, "Periods": 3},
    "timetable": {"Nedēļas diena": 5},
    "statements": {"Veids": 2},
}


def headings(kind: str) -> list[str]:
    return [words[0] for words in kinds()[kind].headings.values()]


def opened(kind: str) -> Any:
    return openpyxl.load_workbook(BytesIO(workbook(kind)))


def value(kind: str, meaning: str) -> Any:
    """What a person would write below a heading."""
    if (kind, meaning) == ("documents", "document"):
        return "Liecība"
    return {
        "name": "Una Priede",
        "class": "7.a",
        "classes": "7.a; 7.b",
        "pupils": "Una Priede; Uldis Gobs",
        "subject": "Fizika",
        "lesson": 3,
        "weekday": "Otrdiena",
        "month": "2026-02",
        "period": "1. semestris",
        "day": date(2026, 3, 2),
        "stamp": datetime(2026, 3, 2, 14, 5),
        "text": "20000001" if meaning.endswith("phone") else "teksts",
    }[holds(kind, meaning)]


@pytest.mark.parametrize("kind", TEMPLATES)
def test_a_template_has_the_headings_of_its_kind(tmp_path: Path, kind: str) -> None:
    out = tmp_path / "veidne.xlsx"
    result = command("template", kind, "--out", out)
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"written: {out}\n", "")
    assert mode(out) == 0o600
    book = CalamineWorkbook.from_path(str(out))
    assert book.sheet_names == [kinds()[kind].title]
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0] == headings(kind)
    assert all(cell in ("", None) for row in rows[1:] for cell in row)
    sheet = openpyxl.load_workbook(out).active
    assert [cell.value for cell in sheet[1]] == headings(kind)
    assert sheet.max_row == 1
    # Each heading says in a note whether its column may stay blank.
    required = {kinds()[kind].headings[meaning][0] for meaning in kinds()[kind].required}
    for cell in sheet[1]:
        assert ("to be filled in" in cell.comment.text) == (cell.value in required)
        assert ("may stay blank" in cell.comment.text) == (cell.value not in required)


@pytest.mark.parametrize("kind", TEMPLATES)
def test_a_template_has_drop_downs_where_there_is_a_choice(kind: str) -> None:
    sheet = opened(kind).active
    lists, dates = {}, set()
    for rule in sheet.data_validations.dataValidation:
        (place,) = rule.sqref.ranges
        heading = sheet.cell(1, place.min_col).value
        # Down to the last row that is meant to be filled in, and not on the heading.
        assert (place.min_row, place.max_row) == (2, 2001)
        if rule.type == "list":
            lists[heading] = len(rule.formula1.strip('"').split(","))
        else:
            assert rule.type == "date"
            dates.add(heading)
    assert lists == CHOICES.get(kind, {})
    assert dates == {words[0] for meaning, words in kinds()[kind].headings.items() if holds(kind, meaning) == "day"}


def read(folder: Path, book: Any) -> Any:
    book.save(folder / "aizpildita.xlsx")
    return read_journal(find_files([folder / "aizpildita.xlsx"]))


@pytest.mark.parametrize("kind", TEMPLATES)
def test_a_template_filled_in_is_read_as_its_kind(tmp_path: Path, kind: str) -> None:
    book = opened(kind)
    for column, meaning in enumerate(kinds()[kind].headings, 1):
        book.active.cell(2, column).value = value(kind, meaning)
    journal = read(tmp_path, book)
    assert [(sheet.kind, sheet.rows, sheet.header_row) for sheet in journal.sheets] == [(kind, 1, 1)]
    assert (journal.problems, journal.errors) == ([], [])
    assert journal.frames[kind]["sound"].tolist() == [True]
    # Every column of the kind is recognised by its heading.
    assert set(journal.sheets[0].headings) == set(kinds()[kind].headings)


@pytest.mark.parametrize("kind", TEMPLATES)
def test_a_template_with_the_required_columns_filled_in_will_do(tmp_path: Path, kind: str) -> None:
    book = opened(kind)
    for column, meaning in enumerate(kinds()[kind].headings, 1):
        if meaning in kinds()[kind].required:
            book.active.cell(2, column).value = value(kind, meaning)
    journal = read(tmp_path, book)
    assert (journal.sheets[0].kind, journal.problems) == (kind, [])
    assert journal.frames[kind]["sound"].tolist() == [True]


@pytest.mark.parametrize(("kind", "heading"), [(kind, name) for kind, lists in CHOICES.items() for name in lists])
def test_every_choice_is_read(tmp_path: Path, kind: str, heading: str) -> None:
    book = opened(kind)
    place = headings(kind).index(heading) + 1
    rule = next(
        rule for rule in book.active.data_validations.dataValidation if next(iter(rule.sqref.ranges)).min_col == place
    )
    choices = rule.formula1.strip('"').split(",")
    for row, choice in enumerate(choices, 2):
        for column, meaning in enumerate(kinds()[kind].headings, 1):
            book.active.cell(row, column).value = choice if column == place else value(kind, meaning)
    journal = read(tmp_path, book)
    assert (journal.sheets[0].rows, journal.problems) == (len(choices), [])


@pytest.mark.parametrize("kind", TEMPLATES)
def test_an_empty_template_is_an_export_without_rows(tmp_path: Path, kind: str) -> None:
    command("template", kind, "--out", tmp_path / "veidne.xlsx")
    journal = read_journal(find_files([tmp_path / "veidne.xlsx"]))
    assert [(sheet.kind, sheet.rows) for sheet in journal.sheets] == [(kind, 0)]
    assert (journal.problems, journal.errors) == ([], [])


def test_a_template_is_named_after_its_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert command("template", "notes").exit_code == 0
    assert names(tmp_path) == ["notes.xlsx"]


def test_a_template_is_not_written_over_a_file_unless_asked_to(tmp_path: Path) -> None:
    out = tmp_path / "zimes.xlsx"
    out.write_bytes(b"mans")
    result = command("template", "notes", "--out", out)
    assert result.exit_code == 2
    assert result.stderr == f"eklase-audit: {out}: it is there already and was left as it is\n"
    assert out.read_bytes() == b"mans"
    assert command("template", "notes", "--out", out, "--overwrite").exit_code == 0
    assert CalamineWorkbook.from_path(str(out)).sheet_names == ["Zīmju reģistrs"]
    assert names(tmp_path) == ["zimes.xlsx"]


def test_the_same_template_has_the_headings_whatever_the_language(tmp_path: Path) -> None:
    for language in ("lv", "en"):
        out = tmp_path / f"{language}.xlsx"
        assert command("template", "documents", "--out", out, "--lang", language).exit_code == 0
        sheet = openpyxl.load_workbook(out).active
        assert [cell.value for cell in sheet[1]] == headings("documents")


@pytest.mark.parametrize(
    ("kind", "nearest"),
    [
        ("note", "notes"),
        ("documens", "documents"),
        ("Timetable", "timetable"),
        ("marks", None),
        ("lessons", None),
    ],
)
def test_an_unknown_kind_names_the_nearest(tmp_path: Path, kind: str, nearest: str | None) -> None:
    result = command("template", kind, "--out", tmp_path / "veidne.xlsx")
    assert result.exit_code == 2
    says = f"eklase-audit: there is no template for «{kind}»; nearest: "
    assert result.stderr.startswith(says)
    assert result.stderr.count("\n") == 1
    named = result.stderr.removeprefix(says).strip().split(", ")
    # There are few, so all are named, the likeliest first.
    assert sorted(named) == sorted((*TEMPLATES, *LISTS))
    assert nearest is None or named[0] == nearest
    assert names(tmp_path) == []


# --- nothing half written ---------------------------------------------------------------------------------

COMMANDS = [("init", "{}"), ("template", "notes", "--out", "{}/veidne.xlsx")]


def into(folder: Path, arguments: tuple[str, ...]) -> tuple[int, str]:
    result = command(*(argument.format(folder) for argument in arguments))
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1 and result.stderr.startswith(f"eklase-audit: {folder}")
    return result.exit_code, result.stderr


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: arguments[0])
@pytest.mark.parametrize("below", ["", "dziļāk"])
def test_where_the_folder_is_a_file(tmp_path: Path, arguments: tuple[str, ...], below: str) -> None:
    (tmp_path / "datne").write_text("mans")
    code, says = into(tmp_path / "datne" / below, arguments)
    assert code == 2
    assert "it cannot be written" in says and "check the folder and its space" in says
    assert names(tmp_path) == ["datne"]
    assert (tmp_path / "datne").read_text() == "mans"


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: arguments[0])
def test_where_the_folder_is_read_only(
    tmp_path: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "skola"
    folder.mkdir(mode=0o500)
    if os.geteuid() == 0:
        # Root may write anywhere, so it is refused as another would be.
        def refuse(*_arguments: Any, **_options: Any) -> Any:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("tempfile.mkstemp", refuse)
    code, says = into(folder, arguments)
    assert code == 2
    assert "it cannot be written (Permission denied): check the folder and its space" in says
    assert names(folder) == []


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace"])
def test_where_writing_fails_midway(tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "zimes.xlsx"
    out.write_bytes(b"mans")

    def full(*_arguments: Any, **_options: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(step, full)
    result = command("template", "notes", "--out", out, "--overwrite")
    assert result.exit_code == 2
    says = f"{out}: it cannot be written, since the disk is full: make room; nothing was changed"
    assert result.stderr == f"eklase-audit: {says}\n"
    assert names(tmp_path) == ["zimes.xlsx"]
    assert out.read_bytes() == b"mans"


def test_a_folder_that_may_not_be_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "exists", refuse)
    with pytest.raises(AuditError, match="it cannot be written"):
        files.write_file(tmp_path / "datne", b"x")
