"""The school's own configuration: where it is found, what it may say, and what it changes in an audit."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from eklase_audit import i18n
from eklase_audit.calendar import Break, NoLessons
from eklase_audit.config import Config, load_config
from eklase_audit.deadlines import Outage
from eklase_audit.errors import AuditError
from eklase_audit.moments import day_number, moment_number
from eklase_audit.packs import DEFAULT, find_config
from support import answer, command, table, write_tables


def read(folder: Path, text: str) -> Config:
    i18n.activate("en")
    file = folder / "eklase-audit.toml"
    file.write_text(text, encoding="utf-8")
    return load_config(file)


# --- where it is found ------------------------------------------------------------------------------------


def test_it_is_found_upward_from_a_folder_or_a_file(tmp_path: Path) -> None:
    exports = tmp_path / "skola" / "eksports" / "2026"
    exports.mkdir(parents=True)
    file = exports / "stundas.csv"
    file.touch()
    assert find_config(exports) is None
    top = tmp_path / "eklase-audit.toml"
    top.touch()
    assert find_config(exports) == find_config(file) == top.resolve()
    nearer = tmp_path / "skola" / "eklase-audit.toml"
    nearer.touch()
    assert find_config(exports) == find_config(file) == nearer.resolve()
    own = exports / "eklase-audit.toml"
    own.touch()
    assert find_config(exports) == find_config(file) == own.resolve()
    assert find_config(tmp_path) == top.resolve()
    # A path that is not there is named by whoever reads it, not here.
    assert find_config(exports / "nav" / "nav.csv") == own.resolve()


def test_a_folder_of_that_name_is_no_configuration(tmp_path: Path) -> None:
    (tmp_path / "eklase-audit.toml").mkdir()
    assert find_config(tmp_path) is None


def test_a_folder_that_may_not_be_looked_into_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", refuse)
    assert find_config(tmp_path) is None


LESSONS = {
    "lessons": table("""
        Datums     | Stunda | Klase | Priekšmets | Pedagogs     | Tēma           | Ievadīts
        02.03.2026 | 1      | 7.a   | Matemātika | Ilze Kalniņa | SR: Mēra / Pi  | 02.03.2026 17:30
    """)
}


def late_lessons(*arguments: str | Path) -> list[str]:
    """The due moments of the late lessons that a command line finds."""
    result = command("check", *arguments, "--as-of", "2026-03-06", "--clause", "2-lesson", "--format", "json")
    assert result.exit_code in (0, 1), result.stderr
    return [finding["due_at"] for finding in json.loads(result.stdout)["findings"]]


def test_the_one_that_is_named_holds_and_else_the_one_that_is_found(tmp_path: Path) -> None:
    exports = tmp_path / "eksports"
    exports.mkdir()
    write_tables(exports, LESSONS)
    assert late_lessons(exports) == ["2026-03-02T17:00:00"]
    (tmp_path / "eklase-audit.toml").write_text('[parameters]\n"2.at" = "17:15"\n')
    assert late_lessons(exports) == late_lessons(exports / "lessons.csv") == ["2026-03-02T17:15:00"]
    named = tmp_path / "cita.toml"
    named.write_text('[parameters]\n"2.at" = "18:00"\n')
    assert late_lessons(exports, "--config", named) == []


@pytest.mark.parametrize("command_line", [["check"], ["coverage"], ["why", "00"]])
def test_one_that_is_named_and_not_there(tmp_path: Path, command_line: list[str]) -> None:
    write_tables(tmp_path, LESSONS)
    result = command(*command_line, tmp_path, "--config", tmp_path / "nav.toml")
    assert result.exit_code == 2
    says = f"eklase-audit: {tmp_path / 'nav.toml'}: there is no such file or folder; check the name\n"
    assert result.stderr == says


# --- what it may say --------------------------------------------------------------------------------------


def test_without_one_the_defaults_hold() -> None:
    assert load_config(None) == Config()
    assert Config().rules == DEFAULT
    assert (Config().lang, Config().moved_days, Config().count_school_breaks) == (None, None, None)


def test_an_empty_one_says_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "") == Config(path=tmp_path / "eklase-audit.toml")


WHOLE = """
rules = "kraslavas-gimnazija"
lang = "lv"
moved_days = "ignored"
count_school_breaks = false

[parameters]
"5.working_days" = 5
"2.at" = "18:00"

[[free_days]]
name = "1. klases papildu brīvlaiks"
from = 2027-02-15
to = 2027-02-19
grades = [1]

[[free_days]]
from = 2027-04-23

[[no_lessons]]
from = 2026-10-14
to = 2026-10-15
classes = ["7.A", "7b", "12. klase"]
lessons = [4, 5, 6]
reason = "ekskursija"

[[no_lessons]]
from = 2026-10-16

[[outages]]
from = 2026-10-05T12:00:00
to = 2026-10-06T09:00:00
reason = "E-klase nedarbojās"
"""


def number(year: int, month: int, day: int) -> int:
    return day_number(date(year, month, day))


def test_all_that_it_may_say(tmp_path: Path) -> None:
    assert read(tmp_path, WHOLE) == Config(
        path=tmp_path / "eklase-audit.toml",
        rules="kraslavas-gimnazija",
        lang="lv",
        moved_days="ignored",
        count_school_breaks=False,
        parameters={"5.working_days": 5, "2.at": "18:00"},
        free_days=(
            Break(
                "1. klases papildu brīvlaiks",
                number(2027, 2, 15),
                number(2027, 2, 19),
                frozenset({1}),
            ),
            Break("", number(2027, 4, 23), number(2027, 4, 23)),
        ),
        no_lessons=(
            NoLessons(
                number(2026, 10, 14),
                number(2026, 10, 15),
                frozenset({"7.a", "7.b", "12"}),
                frozenset({4, 5, 6}),
                "ekskursija",
            ),
            NoLessons(number(2026, 10, 16), number(2026, 10, 16)),
        ),
        outages=(
            Outage(
                moment_number(datetime(2026, 10, 5, 12)),
                moment_number(datetime(2026, 10, 6, 9)),
                "E-klase nedarbojās",
            ),
        ),
    )


def test_a_pack_beside_it_is_meant_before_an_installed_one(tmp_path: Path) -> None:
    assert read(tmp_path, 'rules = "kartiba.toml"').rules == "kartiba.toml"
    (tmp_path / "kartiba.toml").touch()
    assert read(tmp_path, 'rules = "kartiba.toml"').rules == str(tmp_path / "kartiba.toml")


DATE = "a date is wanted, such as 2025-12-04"
MOMENT = "a moment is wanted, such as 2026-03-02T12:00:00"
GRADES = "a list of grades from 1 to 12 is wanted"
LESSON_NUMBERS = "a list of lesson numbers from 0 to 20 is wanted"
CLASSES = 'a list of classes is wanted, such as ["7.a", "8.b"]'

ERRORS = [
    ('rule = "x"', "rule: unknown key; nearest: rules"),
    ("Rules = 1", "Rules: unknown key; nearest: rules"),
    ("free_day = []", "free_day: unknown key; nearest: free_days"),
    ("moveddays = 1", "moveddays: unknown key; nearest: moved_days"),
    ("outage = []", "outage: unknown key; nearest: outages"),
    ("rules = 5", "rules: a text is wanted"),
    ('lang = "ru"', "lang: allowed are: lv, en"),
    ("lang = 1", "lang: allowed are: lv, en"),
    ('moved_days = "no"', "moved_days: allowed are: followed, ignored"),
    ("moved_days = false", "moved_days: allowed are: followed, ignored"),
    ('count_school_breaks = "no"', "count_school_breaks: true or false is wanted"),
    ("count_school_breaks = 0", "count_school_breaks: true or false is wanted"),
    ("parameters = 5", "parameters: a table is wanted"),
    (
        "[parameters]\n5.working_days = 5",
        'parameters.5: write the whole name in quotation marks: "5.working_days" = 5',
    ),
    (
        '[parameters]\n8.2-reexam.by = "09-15"',
        'parameters.8: write the whole name in quotation marks: "5.working_days" = 5',
    ),
    ("free_days = 5", "free_days: a list of tables is wanted: [[free_days]]"),
    ("[free_days]\nfrom = 2026-03-02", "free_days: a list of tables is wanted: [[free_days]]"),
    ("free_days = [5]", "free_days[1]: a table is wanted"),
    ("[[free_days]]\nto = 2026-03-02", f"free_days[1].from: {DATE}"),
    ('[[free_days]]\nfrom = "2026-03-02"', f"free_days[1].from: {DATE}"),
    ("[[free_days]]\nfrom = 2026-03-02T08:00:00", f"free_days[1].from: {DATE}"),
    ("[[free_days]]\nfrom = 1926-03-02", f"free_days[1].from: {DATE}"),
    ("[[free_days]]\nfrom = 2026-03-02\nto = 5", f"free_days[1].to: {DATE}"),
    ("[[free_days]]\nfrom = 2026-03-02\nto = 2026-03-01", "free_days[1].to: this must not be before from"),
    ("[[free_days]]\nfrom = 2026-03-02\nname = 5", "free_days[1].name: a text is wanted"),
    ("[[free_days]]\nfrom = 2026-03-02\ngrades = 1", f"free_days[1].grades: {GRADES}"),
    ("[[free_days]]\nfrom = 2026-03-02\ngrades = [13]", f"free_days[1].grades: {GRADES}"),
    ("[[free_days]]\nfrom = 2026-03-02\ngrades = [0]", f"free_days[1].grades: {GRADES}"),
    ("[[free_days]]\nfrom = 2026-03-02\ngrades = [true]", f"free_days[1].grades: {GRADES}"),
    ('[[free_days]]\nfrom = 2026-03-02\ngrades = ["1"]', f"free_days[1].grades: {GRADES}"),
    ("[[free_days]]\nfrom = 2026-03-02\n[[free_days]]\nfrom = 1", f"free_days[2].from: {DATE}"),
    ("[[free_days]]\nfrom = 2026-03-02\ngrade = [1]", "free_days[1].grade: unknown key; nearest: grades"),
    ("no_lessons = {}", "no_lessons: a list of tables is wanted: [[no_lessons]]"),
    ("[[no_lessons]]\nclasses = []", f"no_lessons[1].from: {DATE}"),
    ("[[no_lessons]]\nfrom = 2026-03-02\nto = 2025-03-02", "no_lessons[1].to: this must not be before from"),
    ('[[no_lessons]]\nfrom = 2026-03-02\nclasses = ["a"]', f"no_lessons[1].classes: {CLASSES}"),
    ('[[no_lessons]]\nfrom = 2026-03-02\nclasses = ["7.a", "13.a"]', f"no_lessons[1].classes: {CLASSES}"),
    ('[[no_lessons]]\nfrom = 2026-03-02\nclasses = "7"', f"no_lessons[1].classes: {CLASSES}"),
    ("[[no_lessons]]\nfrom = 2026-03-02\nclasses = [7]", f"no_lessons[1].classes: {CLASSES}"),
    ("[[no_lessons]]\nfrom = 2026-03-02\nlessons = 4", f"no_lessons[1].lessons: {LESSON_NUMBERS}"),
    ("[[no_lessons]]\nfrom = 2026-03-02\nlessons = [21]", f"no_lessons[1].lessons: {LESSON_NUMBERS}"),
    ("[[no_lessons]]\nfrom = 2026-03-02\nlessons = [true]", f"no_lessons[1].lessons: {LESSON_NUMBERS}"),
    ("[[no_lessons]]\nfrom = 2026-03-02\nreason = 1", "no_lessons[1].reason: a text is wanted"),
    ("[[no_lessons]]\nfrom = 2026-03-02\nclass = []", "no_lessons[1].class: unknown key; nearest: classes"),
    ("outages = true", "outages: a list of tables is wanted: [[outages]]"),
    ("[[outages]]\nfrom = 2026-03-02", f"outages[1].from: {MOMENT}"),
    ("[[outages]]\nfrom = 2026-03-02T12:00:00", f"outages[1].to: {MOMENT}"),
    ("[[outages]]\nfrom = 2026-03-02T12:00:00Z", f"outages[1].from: {MOMENT}"),
    (
        "[[outages]]\nfrom = 2026-03-02T12:00:00\nto = 2026-03-02T11:59:59",
        "outages[1].to: this must not be before from",
    ),
    (
        "[[outages]]\nfrom = 2026-03-02T12:00:00\nto = 2026-03-02T13:00:00\nreason = 1",
        "outages[1].reason: a text is wanted",
    ),
    ("[[outages]]\nuntil = 2026-03-02T12:00:00", "outages[1].until: unknown key; nearest: "),
    ("lang: lv", "no valid TOML: "),
    ('lang = "lv"\nlang = "en"', "no valid TOML: "),
]


@pytest.mark.parametrize(("text", "says"), ERRORS)
def test_an_error_is_one_line_with_file_and_key(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(AuditError) as error:
        read(tmp_path, text)
    assert str(error.value).startswith(f"eklase-audit.toml: {says}")
    assert "\n" not in str(error.value)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / "eklase-audit.toml"
    file.write_bytes(b'lang = "\xff"')
    with pytest.raises(AuditError, match=r"^eklase-audit\.toml: no valid TOML: "):
        load_config(file)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('rule = "x"', "eklase-audit.toml: rule: unknown key; nearest: rules"),
        ('rules = "nav"', "there is no rule pack «nav»; there are: "),
        (
            '[parameters]\n"5.workdays" = 5',
            "there is no parameter «5.workdays»; nearest: 5-formative.working_days",
        ),
    ],
)
def test_on_the_command_line_it_ends_in_2(tmp_path: Path, text: str, says: str) -> None:
    write_tables(tmp_path, LESSONS)
    (tmp_path / "eklase-audit.toml").write_text(text)
    result = command("check", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"eklase-audit: {says}")
    assert result.stderr.count("\n") == 1


# --- what it changes in an audit --------------------------------------------------------------------------

# A week of two classes; of Monday's and Tuesday's lessons only the first is in the journal.
WEEK = {
    "timetable": table("""
        Klase | Nedēļas diena | Stunda | Priekšmets | Pedagogs
        1.a   | Pirmdiena     | 1      | Matemātika | Ilze Kalniņa
        1.a   | Otrdiena      | 2      | Mūzika     | Ansis Krūms
        2.b   | Otrdiena      | 2      | Matemātika | Ilze Kalniņa
        2.b   | Otrdiena      | 3      | Sports     | Rita Ozere
    """),
    "lessons": table("""
        Datums     | Stunda | Klase | Priekšmets | Pedagogs     | Tēma          | Ievadīts
        02.02.2026 | 1      | 1.a   | Matemātika | Ilze Kalniņa | SR: Mēra / Pi | 02.02.2026 12:00
    """),
}
TUESDAY = [("1.a", 2), ("2.b", 2), ("2.b", 3)]

FREE = [
    ("", TUESDAY),
    ("[[free_days]]\nfrom = 2026-02-03", []),
    ("[[free_days]]\nfrom = 2026-02-03\ngrades = [1]", TUESDAY[1:]),
    ("[[free_days]]\nfrom = 2026-02-03\ngrades = [2, 3]", TUESDAY[:1]),
    ("[[free_days]]\nfrom = 2026-02-04\nto = 2026-02-06", TUESDAY),
    ("[[free_days]]\nfrom = 2026-02-03\nto = 2026-02-10", []),
    ("[[no_lessons]]\nfrom = 2026-02-03", []),
    ('[[no_lessons]]\nfrom = 2026-02-03\nclasses = ["2.B klase"]\nreason = "ekskursija"', TUESDAY[:1]),
    ('[[no_lessons]]\nfrom = 2026-02-03\nclasses = ["2.b"]\nlessons = [3]', TUESDAY[:2]),
    ("[[no_lessons]]\nfrom = 2026-02-03\nlessons = [2]", TUESDAY[2:]),
    ("[[no_lessons]]\nfrom = 2026-02-02\nto = 2026-02-04\nlessons = [2, 3]", []),
    ("[[no_lessons]]\nfrom = 2026-02-02\nlessons = [2, 3]", TUESDAY),
    ("count_school_breaks = false", TUESDAY),
]


@pytest.mark.parametrize(("config", "expected"), FREE)
def test_what_was_not_held_is_not_owed(tmp_path: Path, config: str, expected: list[tuple[str, int]]) -> None:
    write_tables(tmp_path, WEEK)
    (tmp_path / "eklase-audit.toml").write_text(config)
    result = command("check", tmp_path, "--as-of", "2026-02-03", "--clause", "2-unrecorded", "--format", "json")
    assert result.exit_code == (1 if expected else 0), result.stderr
    answered = json.loads(result.stdout)
    findings = answered["findings"]
    assert [(f["class"], f["lesson"]) for f in findings] == expected
    assert {(f["on"], f["due_at"], f["verdict"]) for f in findings} <= {
        ("2026-02-03", "2026-02-03T17:00:00", "overdue")
    }
    # What is not owed is no duty fulfilled either: Monday's lesson is the one that is.
    assert answered["checks"][0]["fulfilled"] == 1


def entered(*stamps: str) -> dict[str, list[dict[str, str]]]:
    rows = "\n".join(
        f"02.03.2026 | {n} | 7.a | Matemātika | Ilze Kalniņa | SR: Mēra / Pi | {stamp}"
        for n, stamp in enumerate(stamps, 1)
    )
    return {"lessons": table(f"Datums | Stunda | Klase | Priekšmets | Pedagogs | Tēma | Ievadīts\n{rows}")}


NOON_TO_SIX = '[[outages]]\nfrom = 2026-03-02T12:00:00\nto = 2026-03-02T18:00:00\nreason = "tīkls"'
OVER_FRIDAY = "[[outages]]\nfrom = 2026-03-02T16:00:00\nto = 2026-03-06T18:00:00"

MOVED = [
    # configuration, Ievadīts, and what is late: due and working days late
    ("", "02.03.2026 17:00", None),
    ("", "02.03.2026 18:30", ("2026-03-02T17:00:00", 0)),
    (NOON_TO_SIX, "02.03.2026 18:30", None),
    (NOON_TO_SIX, "03.03.2026 17:00", None),
    (NOON_TO_SIX, "03.03.2026 17:01", ("2026-03-03T17:00:00", 0)),
    (NOON_TO_SIX, "05.03.2026 08:00", ("2026-03-03T17:00:00", 2)),
    # Friday's 17:00 is inside it too, and the weekend has no working day.
    (OVER_FRIDAY, "09.03.2026 16:00", None),
    (OVER_FRIDAY, "10.03.2026 08:00", ("2026-03-09T17:00:00", 1)),
    (
        "[[outages]]\nfrom = 2026-03-02T17:00:01\nto = 2026-03-02T18:00:00",
        "02.03.2026 18:30",
        ("2026-03-02T17:00:00", 0),
    ),
]


@pytest.mark.parametrize(("config", "stamp", "expected"), MOVED)
def test_what_was_due_in_an_outage_is_due_after_it(
    tmp_path: Path, config: str, stamp: str, expected: tuple[str, int] | None
) -> None:
    write_tables(tmp_path, entered(stamp))
    (tmp_path / "eklase-audit.toml").write_text(config)
    result = command("check", tmp_path, "--as-of", "2026-03-13", "--clause", "2-lesson", "--format", "json")
    assert result.exit_code == (1 if expected else 0), result.stderr
    found = json.loads(result.stdout)["findings"]
    assert [(f["due_at"], f["working_days_late"]) for f in found] == ([expected] if expected else [])


def test_an_outage_moves_what_is_not_done_yet_as_well() -> None:
    tables = entered("02.03.2026 12:00")
    tables["lessons"].append({**tables["lessons"][0], "Stunda": "2", "Tēma": "", "Ievadīts": ""})

    def verdict(as_of: str) -> str:
        line = answer(tables, as_of, ["2-topic"], config=NOON_TO_SIX)["checks"][0]
        assert line["fulfilled"] == 1
        return next(name for name in ("pending", "overdue") if line[name])

    assert verdict("2026-03-02T17:30:00") == "pending"
    assert verdict("2026-03-03T17:00:00") == "pending"
    assert verdict("2026-03-03T17:00:01") == "overdue"


FORMATIVE = {
    "marks": table("""
        Skolēns    | Klase | Priekšmets | Pedagogs   | Vērtējuma veids | Darba datums | Vērtējums | Ievadīts
        Una Priede | 7.a   | Fizika     | Rita Ozere | formatīvs       | 23.12.2025   | 78%       | 09.01.2026
    """)
}

COUNTED: list[tuple[str, str | None]] = [
    # configuration, and when the mark was due
    ("", "2026-01-05T23:59:59"),
    # 2 January is worked where the school ignores the order.
    ('moved_days = "ignored"', "2026-01-02T23:59:59"),
    # 29 and 30 December and 2 January belong to the winter break.
    ("count_school_breaks = false", "2026-01-07T23:59:59"),
    ('[parameters]\n"5.working_days" = 5', "2026-01-07T23:59:59"),
    ('[parameters]\n"5-formative.calendar_days" = 10', "2026-01-02T23:59:59"),
    ('[parameters]\n"5.working_days" = 7', None),
    ('rules = "kraslavas-gimnazija"', "2025-12-28T23:59:59"),
]


@pytest.mark.parametrize(("config", "due"), COUNTED)
def test_how_days_are_counted(tmp_path: Path, config: str, due: str | None) -> None:
    write_tables(tmp_path, FORMATIVE)
    (tmp_path / "eklase-audit.toml").write_text(config)
    result = command("check", tmp_path, "--as-of", "2026-01-12", "--format", "json")
    found = [f["due_at"] for f in json.loads(result.stdout)["findings"]]
    assert found == ([due] if due else [])


def test_rules_on_the_command_line_win_over_the_configuration(tmp_path: Path) -> None:
    write_tables(tmp_path, FORMATIVE)
    (tmp_path / "eklase-audit.toml").write_text('rules = "kraslavas-gimnazija"')
    arguments = ("check", tmp_path, "--as-of", "2026-01-12", "--format", "json")
    ids = [
        json.loads(command(*arguments, *more).stdout)["regulation"]["id"]
        for more in ((), ("--rules", "aknistes-vidusskola"))
    ]
    assert ids == ["kraslavas-gimnazija/2010-09-01", "aknistes-vidusskola/2025-12-04"]


def test_the_language_of_the_configuration_is_spoken(tmp_path: Path) -> None:
    write_tables(tmp_path, FORMATIVE)
    arguments = ("check", tmp_path, "--as-of", "2026-01-12", "--clause", "5")

    def first_line(*more: str) -> str:
        return command(*arguments, *more).stdout.splitlines()[0]

    english = first_line()
    assert english.startswith("Aknīste Secondary School")
    (tmp_path / "eklase-audit.toml").write_text('lang = "lv"')
    assert first_line().startswith("Aknīstes vidusskola")
    assert first_line("--lang", "en") == english


@pytest.mark.parametrize("form", ["text", "tables"])
def test_the_tests_own_configurations_are_those_of_a_school(form: str) -> None:
    config: Any = '[parameters]\n"5.working_days" = 7' if form == "text" else {"parameters": {"5.working_days": 7}}
    assert answer(FORMATIVE, "2026-01-12", ["5"])["checks"][0]["late"] == 1
    assert answer(FORMATIVE, "2026-01-12", ["5"], config=config)["checks"][0]["fulfilled"] == 1
