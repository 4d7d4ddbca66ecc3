"""The configuration as commands follow and show it: flag before variable before file before default."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from eklase_audit import config as reader
from eklase_audit.starting import starting_config
from support import command, table, write_tables

MARKS = table(
    """
Skolēns    | Klase | Priekšmets | Pedagogs     | Vērtējuma veids | Darba datums | Vērtējums | Ievadīts
Anna Ozola | 7.a   | Matemātika | Ilze Kalniņa | formatīvs       | 08.12.2025   | 7         | 15.12.2025 08:10
"""
)
CONTACTS = table(
    """
Skolēns    | Klase | Skolēna tālrunis | Vecāka tālrunis | Aktualizēts
Anna Ozola | 7.a   |                  | 29123456        | 01.09.2025
"""
)


@pytest.fixture
def school(tmp_path: Path) -> Path:
    (tmp_path / "eksports").mkdir()
    write_tables(tmp_path / "eksports", {"marks": MARKS, "contacts": CONTACTS})
    return tmp_path


def shown(folder: Path, *more: str) -> dict[str, dict[str, Any]]:
    result = command("config", "show", folder, "--format", "json", *more)
    assert result.exit_code == 0, result.stderr
    return {one["key"]: one for one in json.loads(result.stdout)["settings"]}


def exit_code(folder: Path, *more: str) -> int:
    # One warning is found: a pupil without a phone.
    arguments = ["check", folder / "eksports", "--as-of", "2026-02-27", "--clause", "1", "--ignore-in-force"]
    return command(*arguments, *more).exit_code


def test_flag_before_variable_before_file_before_default(school: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert exit_code(school) == 0
    (school / "eklase-audit.toml").write_text('fail_on = "warning"\n', "utf-8")
    assert exit_code(school) == 1
    monkeypatch.setenv("EKLASE_AUDIT_FAIL_ON", "never")
    assert exit_code(school) == 0
    assert exit_code(school, "--fail-on", "warning") == 1
    assert exit_code(school, "--isolated") == 0
    monkeypatch.setenv("EKLASE_AUDIT_FAIL_ON", "warning")
    assert exit_code(school, "--isolated") == 0
    assert exit_code(school) == 1


def test_show_names_where_each_value_comes_from(school: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = 'lang = "en"\nmoved_days = "ignored"\n[parameters]\n"5.working_days" = 5\n'
    (school / "eklase-audit.toml").write_text(text, "utf-8")
    monkeypatch.setenv("EKLASE_AUDIT_STORE", "krātuve.db")
    found = shown(school)
    expected = {
        "lang": ("en", "file"),
        "moved_days": ("ignored", "file"),
        "store": ("krātuve.db", "variable"),
        "rules": ("aknistes-vidusskola", "default"),
        "5-formative.working_days": (5, "file"),
        "6-summative.working_days": (7, "rule_pack"),
        "2-lesson.at": ("17:00", "rule_pack"),
    }
    assert {key: (found[key]["value"], found[key]["origin"]) for key in expected} == expected
    assert found["store"]["name"] == "EKLASE_AUDIT_STORE"
    assert set(reader.KEYS) - {"parameters"} <= set(found)
    assert {one["origin"] for one in shown(school, "--isolated").values()} == {"default", "rule_pack"}


def test_the_variable_that_names_the_file(school: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (school / "cita.toml").write_text('lang = "lv"\n', "utf-8")
    monkeypatch.setenv("EKLASE_AUDIT_CONFIG", str(school / "cita.toml"))
    assert shown(school)["lang"]["value"] == "lv"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("EKLASE_AUDIT_FALE_ON", "never", "EKLASE_AUDIT_FALE_ON: unknown variable; nearest: EKLASE_AUDIT_FAIL_ON"),
        ("EKLASE_AUDIT_FAIL_ON", "nevr", "fail_on: allowed are: violation, warning, never"),
        ("EKLASE_AUDIT_LANG", "de", "lang: allowed are: lv, en"),
    ],
)
def test_a_wrong_variable_is_an_error(
    school: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)
    result = command("check", school / "eksports")
    assert result.exit_code == 2
    assert told in result.stderr


def test_a_blank_variable_says_nothing(school: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EKLASE_AUDIT_FAIL_ON", "")
    assert shown(school)["fail_on"]["origin"] == "default"


FAULTS = [
    ('rulez = "x"', "rulez: unknown key; nearest: rules"),
    ('waivers = "nav.xlsx"', "nav.xlsx: there is no such file"),
    ('staff_absences = "nav.xlsx"', "nav.xlsx: there is no such file"),
    ('store = "nav/s.db"', "store: there is no folder "),
    ('[parameters]\n"5.working_dayz" = 5', "working_dayz"),
]


@pytest.mark.parametrize(("text", "told"), FAULTS)
def test_check_tells_what_is_wrong(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "eklase-audit.toml").write_text(text, "utf-8")
    result = command("config", "check", tmp_path)
    assert result.exit_code == 2
    assert told in result.stderr


def test_check_says_that_all_is_in_order(tmp_path: Path) -> None:
    (tmp_path / "eklase-audit.toml").write_text('lang = "en"\n', "utf-8")
    result = command("config", "check", tmp_path)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "in order" in result.stdout


def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(command("config", "schema").stdout)
    return loaded


def test_the_schema_knows_the_keys_that_the_reader_knows() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    assert set(schema()["properties"]) == set(reader.KEYS)


def test_the_schema_refuses_an_unknown_key() -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"rulez": "x"}, schema())


def test_the_schema_takes_every_example() -> None:
    lines = [line.removeprefix("# ") for line in starting_config("kartiba.toml").splitlines()]
    examples = "\n".join(line for line in lines if line.startswith(("[", '"')) or " = " in line)
    # Dates are dates in TOML and texts in a schema.
    held = json.loads(json.dumps(tomllib.loads(examples), default=str))
    assert len(held) > 8
    jsonschema.validate(held, schema())
