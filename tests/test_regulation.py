"""Rule packs: what they may say, how a fault in one is told, and what Aknīste's says."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from eklase_audit import i18n
from eklase_audit.clauses import CHECKS
from eklase_audit.deadlines import FORMS
from eklase_audit.errors import AuditError
from eklase_audit.packs import DEFAULT, find_pack, installed_packs
from eklase_audit.paths import rules_folder
from eklase_audit.regulation import Regulation, load_regulation, nearest
from support import regulation

PACKS = sorted(
    f"{file.parent.name}/{file.stem}" for file in rules_folder().glob("*/*.toml") if file.parent.name != "calendar"
)

# The checks, their severity, their deadline ("R": the school's reading) and their other parameters.
TABLE = """
1-contacts         | warning   | by = "09-30" R           | since = 08-01 R
1-informed         | warning   | by = "09-30" R           | since = 08-01 R
2-absence          | violation | at = "17:00"             |
2-attendance       | violation | at = "17:00"             |
2-homework         | violation | at = "17:00"             |
2-lesson           | violation | at = "17:00"             |
2-topic            | violation | at = "17:00"             |
2-unrecorded       | violation | at = "17:00"             |
3.1-topic          | violation |                          |
3.2-individual     | violation |                          |
4-justified        | warning   | working_days = 5 R       |
4-unfounded        | warning   |                          |
5-formative        | violation | working_days = 3         |
6-summative        | violation | working_days = 7         |
7-statement        | violation | day_of_month = 5         |
8-semester         | violation | calendar_days_before_end = 3 |
8-year             | violation | calendar_days_before_end = 3 |
8.1-correction     | violation | end_of_day = true        |
8.1-unfounded      | violation |                          |
8.2-reexam         | warning   | by = "08-31" R           | REEXAM
9-exempt           | violation |                          |
9-unfounded        | warning   |                          |
10-report          | warning   | working_days = 5 R       |
11-personal-file   | warning   | working_days = 10 R      |
11-report-card     | warning   | working_days = 5 R       |
11-summary-journal | warning   | working_days = 10 R      |
"""
# Too long for the table: of 8.2, the mark that must be mended, by whom, and until when it stays owed.
REEXAM = "grades = 4 5 6 7 8 10 11, marks = 1 2 3 nv, until = 12-31 R"
LINES = [[cell.strip() for cell in line.replace("REEXAM", REEXAM).split("|")] for line in TABLE.strip().splitlines()]


def one_line(error: pytest.ExceptionInfo[AuditError]) -> str:
    text = str(error.value)
    assert "\n" not in text
    return text


# --- the packs that come along ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_loads(name: str) -> None:
    pack = regulation(name)
    assert pack.id == name
    assert name.endswith(f"/{pack.in_force_from}")
    assert pack.checks
    assert pack.source
    for language in i18n.LANGUAGES:
        i18n.activate(language)
        assert pack.title
        for clause in pack.clauses:
            assert clause.title and clause.summary
            assert all(part[language] for part in clause.unseen)
    i18n.activate("en")


def test_a_school_means_its_newest_version() -> None:
    assert installed_packs() == PACKS
    for pack in PACKS:
        school = pack.split("/")[0]
        newest = max(other for other in PACKS if other.startswith(f"{school}/"))
        assert find_pack(school) == rules_folder() / f"{newest}.toml"
        assert find_pack(pack) == rules_folder() / f"{pack}.toml"


def test_of_two_versions_the_newer_one_is_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eklase_audit.packs.rules_folder", lambda: tmp_path)
    for name in ("skola/2025-09-01", "skola/2026-09-01", "skola-2/2027-09-01", "calendar/2028"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.toml").touch()
    assert installed_packs() == ["skola/2025-09-01", "skola/2026-09-01", "skola-2/2027-09-01"]
    assert find_pack("skola") == tmp_path / "skola" / "2026-09-01.toml"
    assert find_pack("skola/2025-09-01") == tmp_path / "skola" / "2025-09-01.toml"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("aknistes", "there is no rule pack «aknistes»; there are: aknistes-vidusskola/2025-12-04, "),
        (
            "aknistes-vidusskola/2024-01-01",
            "there is no rule pack «aknistes-vidusskola/2024-01-01»; there are: ",
        ),
        ("calendar", "there is no rule pack «calendar»; there are: "),
        ("x" * 400, "there is no rule pack «"),
        ("nav.toml", "nav.toml: there is no such rule pack; check the name"),
    ],
)
def test_a_pack_that_is_not_there(name: str, says: str) -> None:
    with pytest.raises(AuditError) as error:
        find_pack(name)
    assert one_line(error).startswith(says)


# --- what Aknīste's says ----------------------------------------------------------------------------------


def test_aknistes_checks_are_those_of_the_table() -> None:
    assert sorted(check.id for check in regulation().checks) == sorted(line[0] for line in LINES)
    assert regulation().in_force_from == date(2025, 12, 4)
    assert regulation().moved_days == "followed"
    assert regulation().count_school_breaks is True
    assert regulation().symbols.justified == ("ns", "nc")
    assert regulation().symbols.no_homework == ("-", "–", "nav", "nav uzdots")
    assert regulation().symbols.exempt == "atb"


@pytest.mark.parametrize(("check", "severity", "deadline", "parameters"), LINES, ids=lambda cell: cell[:20])
def test_a_check_of_aknistes(check: str, severity: str, deadline: str, parameters: str) -> None:
    rule = next(rule for rule in regulation().checks if rule.id == check)
    assert rule.clause == check.partition("-")[0]
    assert rule.severity == severity
    if deadline:
        form, value = deadline.removesuffix(" R").split(" = ")
        expected = {**tomllib.loads(f"{form} = {value}"), "reading": deadline.endswith(" R")}
        assert rule.deadline is not None and rule.deadline.plain() == expected
    else:
        assert rule.deadline is None
    shown = []
    for name, parameter in rule.parameters.items():
        words = parameter.value
        dates = name in ("since", "until")
        text = "{:02d}-{:02d}".format(*words) if dates else " ".join(map(str, words))
        shown.append(f"{name} = {text}{' R' if parameter.reading else ''}")
    assert ", ".join(sorted(shown)) == parameters
    assert rule.has_reading == ("R" in deadline.split() or "R" in parameters.split())


def test_every_check_in_the_code_is_used_by_aknistes() -> None:
    assert sorted(rule.name for rule in regulation().checks) == sorted(CHECKS)


def test_clauses_stand_in_the_order_of_their_numbers() -> None:
    numbers = [clause.number for clause in regulation().clauses]
    assert numbers == ["1", "2", "3.1", "3.2", "4", "5", "6", "7", "8", "8.1", "8.2", "9", "10", "11"]


# --- choosing ---------------------------------------------------------------------------------------------

ALL = [rule.id for rule in regulation().checks]
SELECTED = [
    ([], ALL),
    (["8"], ["8-semester", "8-year", "8.1-correction", "8.1-unfounded", "8.2-reexam"]),
    (["8.1"], ["8.1-correction", "8.1-unfounded"]),
    (["1"], ["1-contacts", "1-informed"]),  # neither 10 nor 11
    (["10"], ["10-report"]),
    (["3"], ["3.1-topic", "3.2-individual"]),
    (["5-formative"], ["5-formative"]),
    (["6", "5-formative", "5"], ["5-formative", "6-summative"]),  # in the clauses' order, each once
    (["8-year", "8.2"], ["8-year", "8.2-reexam"]),
]


@pytest.mark.parametrize(("words", "expected"), SELECTED, ids=lambda words: " ".join(words)[:30] or "all")
def test_select(words: list[str], expected: list[str]) -> None:
    assert [rule.id for rule in regulation().select(words)] == expected


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("5-formativ", "5-formative"),
        ("12", "1"),
        ("8.3", "8"),
        ("topic", "2-topic"),
        ("FORMATIVE", "5-formative"),
    ],
)
def test_select_of_what_is_not_there_names_the_nearest(word: str, near: str) -> None:
    i18n.activate("en")
    with pytest.raises(AuditError) as error:
        regulation().select([word])
    assert one_line(error).startswith(f"there is no clause or check «{word}»; nearest: ")
    assert near in one_line(error).partition("nearest: ")[2].split(", ")


def test_nearest_names_each_once() -> None:
    assert nearest("5-formative", ["5-formative", "5-formative", "6-summative"]).split(", ") == [
        "5-formative",
        "6-summative",
    ]


# --- faults of a pack -------------------------------------------------------------------------------------

GOOD = """
schema = 1
id = "izdoma/2026-01-01"
in_force_from = 2026-01-01
source = "Izdomāta kārtība"
moved_days = "followed"
count_school_breaks = true
in_force_reading = true

[title]
lv = "Izdoma"
en = "Invention"

[symbols]
justified = ["ns"]
no_homework = ["-"]
exempt = "atb"

[[clauses]]
number = "1"
title = { lv = "Tālruņi", en = "Phones" }
summary = { lv = "Tālruņi.", en = "Phones." }
unseen = [{ lv = "Mutiski.", en = "By word of mouth." }]
[[clauses.checks]]
check = "contacts.contacts"
severity = "warning"
deadline = { by = "09-30", reading = true }
parameters.since = { value = "08-01", reading = true }

[[clauses]]
number = "2.1"
title = { lv = "Vērtējumi", en = "Marks" }
summary = { lv = "Vērtējumi.", en = "Marks." }
[[clauses.checks]]
check = "marks.formative"
severity = "violation"
deadline = { working_days = 3 }
[[clauses.checks]]
check = "form.topic"
severity = "violation"
[[clauses.checks]]
check = "reexam.reexam"
severity = "violation"
deadline = { by = "08-31" }
parameters = { grades = [4], marks = ["1"], until = "12-31" }
"""

FAULTS = [
    # what is replaced, by what, and what the error says behind the file's name
    ("schema = 1", "schema = 2", "schema: this version of the tool reads schema 1"),
    ("schema = 1", "", "schema: this key is missing"),
    ('source = "Izdomāta kārtība"', "", "source: this key is missing"),
    ('source = "Izdomāta kārtība"', "source = 1", "source: a text is wanted"),
    ('id = "izdoma/2026-01-01"', "id = 5", "id: a text is wanted"),
    (
        "in_force_from = 2026-01-01",
        'in_force_from = "2026"',
        "in_force_from: a date is wanted, such as 2025-12-04",
    ),
    (
        "in_force_from = 2026-01-01",
        "in_force_from = 2026-01-01T00:00:00",
        "in_force_from: a date is wanted, such as 2025-12-04",
    ),
    ('moved_days = "followed"', 'moved_days = "no"', "moved_days: allowed are: followed, ignored"),
    (
        "count_school_breaks = true",
        'count_school_breaks = "yes"',
        "count_school_breaks: true or false is wanted",
    ),
    ("in_force_reading = true", "in_force_reading = 1", "in_force_reading: true or false is wanted"),
    (
        "in_force_reading = true",
        "in_force_read = true",
        "in_force_read: unknown key; allowed are: schema, id, title",
    ),
    ('en = "Invention"', "", "title.en: this key is missing"),
    ('en = "Invention"', "en = 1", "title.en: a text is wanted"),
    ('en = "Invention"', 'en = "Invention"\nru = "x"', "title.ru: unknown key; allowed are: lv, en"),
    ('justified = ["ns"]', 'justified = "ns"', "symbols.justified: a list of texts is wanted"),
    ('no_homework = ["-"]', "no_homework = [1]", "symbols.no_homework: a list of texts is wanted"),
    ('exempt = "atb"', "exempt = []", "symbols.exempt: a text is wanted"),
    ('exempt = "atb"', "", "symbols.exempt: this key is missing"),
    (
        'exempt = "atb"',
        'exempt = "atb"\nill = "ns"',
        "symbols.ill: unknown key; allowed are: justified, no_homework",
    ),
    ('number = "1"', 'number = "1."', 'clauses[1].number: a clause number is written as "8.1"'),
    ('number = "1"', "number = 1", "clauses[1].number: a text is wanted"),
    ('number = "1"', 'number = "2.1"', "clauses[2].number: this clause stands twice"),
    (
        'number = "1"',
        'number = "1"\nweight = 3',
        "clauses[1].weight: unknown key; allowed are: number, title, summary",
    ),
    ('summary = { lv = "Vērtējumi.", en = "Marks." }', "", "clauses[2].summary: this key is missing"),
    (
        'title = { lv = "Vērtējumi", en = "Marks" }',
        'title = "Vērtējumi"',
        "clauses[2].title: a table is wanted",
    ),
    (
        'unseen = [{ lv = "Mutiski.", en = "By word of mouth." }]',
        "unseen = 5",
        "clauses[1].unseen: a list of tables is wanted: [[clauses.unseen]]",
    ),
    (
        'unseen = [{ lv = "Mutiski.", en = "By word of mouth." }]',
        'unseen = ["Mutiski."]',
        "clauses[1].unseen: a table is wanted",
    ),
    (
        'check = "marks.formative"',
        'check = "marks.formativ"',
        "clauses[2].checks[1].check: allowed are: contacts.",
    ),
    (
        'check = "marks.formative"',
        'check = "5-formative"',
        "clauses[2].checks[1].check: allowed are: contacts.",
    ),
    (
        'check = "marks.formative"',
        'check = "form.topic"',
        "clauses[2].checks[1].deadline: this check has no deadline",
    ),
    (
        'check = "marks.formative"\nseverity = "violation"\ndeadline = { working_days = 3 }',
        'check = "form.topic"\nseverity = "violation"',
        "clauses[2].checks[2].check: this check stands twice",
    ),
    (
        'check = "contacts.contacts"\nseverity = "warning"',
        'check = "contacts.contacts"\nseverity = "error"',
        "clauses[1].checks[1].severity: allowed are: violation, warning",
    ),
    (
        'check = "contacts.contacts"\nseverity = "warning"',
        'check = "contacts.contacts"',
        "clauses[1].checks[1].severity: this key is missing",
    ),
    ("deadline = { working_days = 3 }", "", "clauses[2].checks[1].deadline: this key is missing"),
    ("deadline = { working_days = 3 }", "deadline = 3", "clauses[2].checks[1].deadline: a table is wanted"),
    (
        "deadline = { working_days = 3 }",
        "deadline = { workdays = 3 }",
        f"clauses[2].checks[1].deadline: a deadline is one of: {', '.join(FORMS)}",
    ),
    (
        "deadline = { working_days = 3 }",
        'deadline = { working_days = "3" }',
        "clauses[2].checks[1].deadline: a whole number from 0 to 366 is wanted",
    ),
    (
        "deadline = { working_days = 3 }",
        'deadline = { at = "5 pm" }',
        'clauses[2].checks[1].deadline: a time of day is written as "17:00"',
    ),
    (
        'deadline = { by = "09-30", reading = true }',
        'deadline = { by = "30.09.", reading = true }',
        'clauses[1].checks[1].deadline: a date of the year is written as "09-30"',
    ),
    (
        'parameters.since = { value = "08-01", reading = true }',
        "",
        "clauses[1].checks[1].parameters.since: this key is missing",
    ),
    (
        'parameters.since = { value = "08-01", reading = true }',
        'parameters.sinse = "08-01"',
        "clauses[1].checks[1].parameters.sinse: unknown key; allowed are: since",
    ),
    (
        'parameters.since = { value = "08-01", reading = true }',
        'parameters.since = { value = "1. augusts" }',
        'clauses[1].checks[1].parameters.since: a date of the year is written as "09-30"',
    ),
    (
        'parameters.since = { value = "08-01", reading = true }',
        "parameters.since = { reading = true }",
        "clauses[1].checks[1].parameters.since.value: this key is missing",
    ),
    (
        'parameters.since = { value = "08-01", reading = true }',
        'parameters.since = { value = "08-01", reading = "R" }',
        "clauses[1].checks[1].parameters.since.reading: true or false is wanted",
    ),
    (
        "grades = [4]",
        'grades = ["4"]',
        "clauses[2].checks[3].parameters.grades: a list of whole numbers is wanted",
    ),
    (
        "grades = [4]",
        "grades = [true]",
        "clauses[2].checks[3].parameters.grades: a list of whole numbers is wanted",
    ),
    ('marks = ["1"]', "marks = [1]", "clauses[2].checks[3].parameters.marks: a list of texts is wanted"),
    ('marks = ["1"]', 'marks = "1"', "clauses[2].checks[3].parameters.marks: a list of texts is wanted"),
]


def written(folder: Path, text: str) -> Path:
    file = folder / "skola" / "kartiba.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def load(folder: Path, text: str, overrides: dict[str, Any] | None = None) -> Regulation:
    i18n.activate("en")
    return load_regulation(str(written(folder, text)), CHECKS, overrides)


def test_the_good_pack_loads(tmp_path: Path) -> None:
    pack = load(tmp_path, GOOD)
    assert [rule.id for rule in pack.checks] == ["1-contacts", "2.1-formative", "2.1-reexam", "2.1-topic"]
    assert pack.in_force_reading is True
    assert [dict(part) for part in pack.clause("1").unseen] == [{"lv": "Mutiski.", "en": "By word of mouth."}]
    # What is left out has its default.
    bare = re.sub(r"(?m)^(moved_days|count_school_breaks|in_force_reading) = .*\n", "", GOOD)
    pack = load(tmp_path, bare)
    assert (pack.moved_days, pack.count_school_breaks, pack.in_force_reading) == ("followed", True, False)


@pytest.mark.parametrize(("old", "new", "says"), FAULTS, ids=[f"{f[2][:60]}-{n}" for n, f in enumerate(FAULTS)])
def test_a_fault_is_one_line_with_file_key_and_what_is_allowed(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(AuditError) as error:
        load(tmp_path, GOOD.replace(old, new))
    assert one_line(error).startswith(f"skola/kartiba.toml: {says}")


def test_checks_that_are_no_list(tmp_path: Path) -> None:
    head = GOOD.partition("[[clauses.checks]]")[0]
    with pytest.raises(AuditError) as error:
        load(tmp_path, head + "checks = 5\n")
    says = "skola/kartiba.toml: clauses[1].checks: a list of tables is wanted: [[clauses.checks]]"
    assert one_line(error) == says


def test_clauses_that_are_no_list(tmp_path: Path) -> None:
    head = GOOD.partition("[[clauses]]")[0]
    with pytest.raises(AuditError) as error:
        load(tmp_path, f"clauses = 5\n{head}")
    assert one_line(error) == "skola/kartiba.toml: clauses: a list of tables is wanted: [[clauses]]"


def test_an_unknown_check_is_told_with_all_that_are_known(tmp_path: Path) -> None:
    with pytest.raises(AuditError) as error:
        load(tmp_path, GOOD.replace("marks.formative", "marks.formativ"))
    assert one_line(error).endswith(f"allowed are: {', '.join(CHECKS)}")


def test_a_file_that_is_no_toml(tmp_path: Path) -> None:
    with pytest.raises(AuditError) as error:
        load(tmp_path, GOOD.replace("schema = 1", "schema: 1"))
    assert one_line(error).startswith("kartiba.toml: no valid TOML: ")
    file = written(tmp_path, "")
    file.write_bytes(b'id = "\xff"')
    with pytest.raises(AuditError) as error:
        load_regulation(str(file), CHECKS)
    assert one_line(error).startswith("kartiba.toml: no valid TOML: ")


# --- a school's own parameters ----------------------------------------------------------------------------

OVERRIDES: list[tuple[str, Any, str, str, Any]] = [
    # key, value, check, what of it, its value then
    ("5.working_days", 5, "5-formative", "working_days", 5),
    ("5-formative.working_days", 4, "5-formative", "working_days", 4),
    ("2.at", "18:00", "2-lesson", "at", "18:00"),
    ("2.at", "18:00", "2-unrecorded", "at", "18:00"),
    ("2-lesson.at", "16:30", "2-lesson", "at", "16:30"),
    ("2-lesson.at", "16:30", "2-topic", "at", "17:00"),
    ("8.2-reexam.by", "09-15", "8.2-reexam", "by", "09-15"),
    ("8.2.by", "09-15", "8.2-reexam", "by", "09-15"),
    ("8.2.until", "11-30", "8.2-reexam", "until", (11, 30)),
    ("8.2.grades", [5, 6], "8.2-reexam", "grades", (5, 6)),
    ("8.2-reexam.marks", ["1"], "8.2-reexam", "marks", ("1",)),
    ("1.since", "07-01", "1-contacts", "since", (7, 1)),
    ("1.since", "07-01", "1-informed", "since", (7, 1)),
    ("1-informed.since", "07-01", "1-contacts", "since", (8, 1)),
    ("8.calendar_days_before_end", 5, "8-year", "calendar_days_before_end", 5),
    # "8" is that clause alone, as it stands in the pack: 8.2 has a day of its own.
    ("8.calendar_days_before_end", 5, "8.2-reexam", "by", "08-31"),
    ("11.working_days", 7, "11-report-card", "working_days", 7),
    ("11.working_days", 7, "11-personal-file", "working_days", 7),
    # A deadline of another form takes the place of the pack's.
    ("5.calendar_days", 4, "5-formative", "calendar_days", 4),
    ("10-report.by", "01-31", "10-report", "by", "01-31"),
    ("6.next_lesson", True, "6-summative", "next_lesson", True),
]


@pytest.mark.parametrize(("key", "value", "check", "name", "expected"), OVERRIDES)
def test_override(key: str, value: Any, check: str, name: str, expected: Any) -> None:
    before = next(rule for rule in regulation().checks if rule.id == check)
    pack = load_regulation(DEFAULT, CHECKS, {key: value})
    rule = next(rule for rule in pack.checks if rule.id == check)
    if name in rule.parameters:
        assert rule.parameters[name].value == expected
        # Another number does not make the text say it: a reading stays a reading.
        assert rule.parameters[name].reading == before.parameters[name].reading
    else:
        assert rule.deadline is not None and before.deadline is not None
        assert rule.deadline.plain() == {name: expected, "reading": before.deadline.reading}


def test_a_clause_whose_deadlines_differ_in_form(tmp_path: Path) -> None:
    def forms(key: str, value: Any) -> list[str]:
        return [rule.deadline.form for rule in load(tmp_path, GOOD, {key: value}).checks if rule.deadline]

    assert forms("2.1.working_days", 5) == ["by", "working_days", "by"]
    assert forms("2.1.by", "01-15") == ["by", "working_days", "by"]
    # A form that none of them has is meant for all.
    assert forms("2.1.calendar_days", 5) == ["by", "calendar_days", "calendar_days"]


def test_an_override_changes_nothing_else() -> None:
    pack = load_regulation(DEFAULT, CHECKS, {"5.working_days": 5})
    assert [rule for rule in pack.checks if rule.id != "5-formative"] == [
        rule for rule in regulation().checks if rule.id != "5-formative"
    ]
    # Those of the same form only, where some of the clause have it.
    pack = load_regulation(DEFAULT, CHECKS, {"8.calendar_days_before_end": 5})
    changed = [new.id for new, old in zip(pack.checks, regulation().checks, strict=True) if new != old]
    assert changed == ["8-semester", "8-year"]


BAD_OVERRIDES: list[tuple[str, Any, str]] = [
    ("5.workingdays", 5, "there is no parameter «5.workingdays»; nearest: "),
    ("12.working_days", 5, "there is no parameter «12.working_days»; nearest: "),
    ("working_days", 5, "there is no parameter «working_days»; nearest: "),
    ("3.1.at", "17:00", "there is no parameter «3.1.at»; nearest: "),
    ("5.since", "08-01", "there is no parameter «5.since»; nearest: "),
    ("5.working_days", "5", "parameter «5.working_days»: a whole number from 0 to 366 is wanted"),
    ("5.working_days", True, "parameter «5.working_days»: a whole number from 0 to 366 is wanted"),
    ("2.at", "18.00", 'parameter «2.at»: a time of day is written as "17:00"'),
    ("8.2-reexam.by", "31.08.", 'parameter «8.2-reexam.by»: a date of the year is written as "09-30"'),
    ("8.2.until", 12, 'parameter «8.2.until»: a date of the year is written as "09-30"'),
    ("8.2.grades", ["5"], "parameter «8.2.grades»: a list of whole numbers is wanted"),
    ("8.2.marks", 1, "parameter «8.2.marks»: a list of texts is wanted"),
    ("7.day_of_month", 31, "parameter «7.day_of_month»: a whole number from 1 to 28 is wanted"),
    ("5.weekday", "pirmdien", "parameter «5.weekday»: weekday is one of: monday, "),
]


@pytest.mark.parametrize(("key", "value", "says"), BAD_OVERRIDES)
def test_a_wrong_override_is_one_line(key: str, value: Any, says: str) -> None:
    i18n.activate("en")
    with pytest.raises(AuditError) as error:
        load_regulation(DEFAULT, CHECKS, {key: value})
    assert one_line(error).startswith(says)


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("5.workingdays", "5-formative.working_days"),
        ("8.2-reexam.bye", "8.2-reexam.by"),
        ("1.sinse", "1-contacts.since"),
    ],
)
def test_an_unknown_override_names_the_nearest(key: str, near: str) -> None:
    with pytest.raises(AuditError) as error:
        load_regulation(DEFAULT, CHECKS, {key: 1})
    assert near in one_line(error).partition("nearest: ")[2].split(", ")
