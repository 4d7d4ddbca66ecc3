"""Coverage: of every clause it is said whether it was audited; and how a command ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eklase_audit.exports.headings import kinds
from support import Tables, answer, command, regulation, table, write_tables

MARK_COLUMNS = "Skolēns | Klase | Priekšmets | Pedagogs | Vērtējuma veids | Darba datums | Iesniegts | Vērtējums"


def marks(*rows: str) -> list[dict[str, str]]:
    """Marks with all columns that a check may ask for."""
    return table("\n".join([f"{MARK_COLUMNS} | Periods | Ievadīts | Labots", *rows]))


IN_TIME = "Una Priede | 7.a | Fizika | Rita Ozere | formatīvs | 02.02.2026 | | 78% | | 03.02.2026 12:00 |"
LATE = "Una Priede | 7.a | Fizika | Rita Ozere | formatīvs | 02.02.2026 | | 78% | | 10.02.2026 12:00 |"
UNKNOWN = "Una Priede | 7.a | Fizika | Rita Ozere | formatīvs | 02.02.2026 | | 78% | | |"
UNREADABLE = "Una Priede | 7.a | Fizika | Rita Ozere | formatīvs | 31.02.2026 | | 78% | | 03.02.2026 12:00 |"
# A re-examination that never came: a warning.
LOW = "Una Priede | 7.a | Fizika | Rita Ozere | gada | 25.05.2026 | | 3 | | 25.05.2026 12:00 |"

# What marks alone leave out, and the exports that are named for it.
MISSING = """
1-contacts         | contacts
1-informed         | contacts
2-absence          | absences
2-attendance       | lessons
2-homework         | lessons
2-lesson           | lessons
2-topic            | lessons
2-unrecorded       | lessons timetable
3.1-topic          | lessons
3.2-individual     | lessons
4-justified        | absences notes events
4-unfounded        | absences notes events
7-statement        | statements contacts
8-semester         | contacts workloads
8-year             | contacts workloads
9-exempt           | exemptions
9-unfounded        | exemptions
10-report          | documents workloads classes
11-personal-file   | documents contacts
11-report-card     | documents contacts
11-summary-journal | documents classes
"""
LINES = [[cell.strip() for cell in line.split("|")] for line in MISSING.strip().splitlines()]
KINDS = set(kinds())
AUDITED_BY_MARKS = {"5-formative", "6-summative", "8.1-correction", "8.1-unfounded", "8.2-reexam"}


def covered(tables: Tables, as_of: str = "2026-02-27", clauses: list[str] | None = None) -> list[dict[str, Any]]:
    return answer(tables, as_of, clauses)["coverage"]


def part(tables: Tables, check: str, as_of: str = "2026-02-27") -> dict[str, Any]:
    parts = [part for part in covered(tables, as_of) if part["check"] == check]
    assert len(parts) == 1
    return parts[0]


# --- marks alone ------------------------------------------------------------------------------------------


def test_every_clause_is_named_whatever_there_is() -> None:
    parts = covered({"marks": marks(IN_TIME)})
    clauses = list(dict.fromkeys(part["clause"] for part in parts))
    assert clauses == [clause.number for clause in regulation().clauses]
    checks = [part["check"] for part in parts if part["check"]]
    assert checks == [rule.id for rule in regulation().checks]
    assert all(part["title"] and part["title"][-1] != "." for part in parts if part["check"])


def test_what_marks_allow_is_audited() -> None:
    parts = covered({"marks": marks(IN_TIME)})
    assert {part["check"] for part in parts if part["state"] == "audited"} == AUDITED_BY_MARKS
    assert all(part["remarks"] == [] for part in parts if part["state"] == "audited")
    assert {line[0] for line in LINES} | AUDITED_BY_MARKS == {rule.id for rule in regulation().checks}


@pytest.mark.parametrize(("check", "exports"), LINES, ids=lambda cell: cell)
def test_what_marks_do_not_allow_names_the_exports_that_are_missing(check: str, exports: str) -> None:
    found = part({"marks": marks(IN_TIME)}, check)
    assert found["state"] == "not_audited"
    named = {kind for kind in KINDS if f"({kind})" in " ".join(found["remarks"])}
    assert named == set(exports.split())


def test_coverage_and_checks_say_the_same() -> None:
    answered = answer({"marks": marks(IN_TIME, UNKNOWN)}, "2026-02-27")
    reasons = {line["check"]: line["reason"] for line in answered["checks"]}
    for found in answered["coverage"]:
        if found["check"]:
            assert (found["state"] == "not_audited") == (reasons[found["check"]] is not None)
            assert reasons[found["check"]] in (None, *found["remarks"])


def test_what_no_export_shows() -> None:
    unseen = [part for part in covered({"marks": marks(IN_TIME)}) if part["state"] == "unseen"]
    assert [(part["clause"], part["check"], part["remarks"]) for part in unseen] == [("1", None, [])]
    assert unseen[0]["title"].startswith("Parents told by word of mouth")
    # Asked for one clause, the parts of the others are left out, those no export shows among them.
    assert [part["check"] for part in covered({"marks": marks(IN_TIME)}, clauses=["5"])] == ["5-formative"]
    assert [part["state"] for part in covered({"marks": marks(IN_TIME)}, clauses=["1"])] == [
        "not_audited",
        "not_audited",
        "unseen",
    ]


# --- partly -----------------------------------------------------------------------------------------------

LESSONS = """
    Datums     | Stunda | Klase | Priekšmets | Pedagogs   | Tēma          | Ievadīts
    02.02.2026 | 1      | 7.a   | Fizika     | Rita Ozere | SR: Mēra / Pi | 02.02.2026 12:00
"""
CONTACTS = """
    Skolēns    | Klase | Skolēna tālrunis | Vecāks      | Vecāka tālrunis | Aktualizēts | Vecāki informēti
    Una Priede | 7.a   | 20000001         | Ieva Priede | 20000002        | 05.09.2025  | 05.09.2025
    Uldis Gobs | 8.b   | 20000003         | Gusts Gobs  | 20000004        | 05.09.2025  | 05.09.2025
"""
CLASSES = """
    Klase | Klases audzinātājs
    7.a   | Rita Ozere
"""

REMARKS: list[tuple[str, Tables, str, list[str]]] = [
    # what is there, the check, and what is remarked; nothing remarked is audited
    ("all is there", {"lessons": table(LESSONS)}, "2-lesson", []),
    (
        "a stamp is missing",
        {"marks": marks(IN_TIME, UNKNOWN)},
        "5-formative",
        ["1 entry: when it was made cannot be told"],
    ),
    (
        "two stamps are missing",
        {"marks": marks(UNKNOWN, UNKNOWN)},
        "5-formative",
        ["2 entries: when they were made cannot be told"],
    ),
    (
        "a cell cannot be read",
        {"marks": marks(IN_TIME, UNREADABLE)},
        "5-formative",
        ["1 cell of «Vērtējumi» could not be read"],
    ),
    (
        "two cells cannot be read",
        {"marks": marks(UNREADABLE, UNREADABLE)},
        "6-summative",
        ["2 cells of «Vērtējumi» could not be read"],
    ),
    (
        "a class has no class teacher",
        {"contacts": table(CONTACTS), "classes": table(CLASSES)},
        "1-contacts",
        ["no class teacher is known of 8.b"],
    ),
    (
        "no class has one",
        {"contacts": table(CONTACTS)},
        "1-informed",
        ["there is no export «Klases» (classes), so class teachers are not named"],
    ),
    (
        "each has one",
        {"contacts": table(CONTACTS.replace("8.b", "7.a")), "classes": table(CLASSES)},
        "1-informed",
        [],
    ),
    (
        "another export's cell cannot be read",
        {"lessons": table(LESSONS), "marks": marks(UNREADABLE)},
        "2-lesson",
        [],
    ),
]


@pytest.mark.parametrize(("name", "tables", "check", "remarks"), REMARKS, ids=[case[0] for case in REMARKS])
def test_remarks(name: str, tables: Tables, check: str, remarks: list[str]) -> None:
    found = part(tables, check)
    assert (found["state"], found["remarks"]) == ("partly" if remarks else "audited", remarks)


def test_a_file_without_a_column(tmp_path: Path) -> None:
    write_tables(tmp_path, {"lessons": table(LESSONS)})
    bare = [{k: v for k, v in row.items() if k != "Ievadīts"} for row in table(LESSONS.replace("02.02", "03.02"))]
    (tmp_path / "otra").mkdir()
    write_tables(tmp_path / "otra", {"lessons": bare})
    result = command("coverage", tmp_path, "--as-of", "2026-02-27", "--format", "json")
    parts = {part["check"]: part for part in json.loads(result.stdout)["coverage"]}
    assert parts["2-lesson"]["state"] == "partly"
    says = "otra/lessons.csv has no column «Ievadīts»: its rows are left out"
    assert parts["2-lesson"]["remarks"] == [says]
    # The topic of the second file is there; when it came cannot be told.
    assert parts["2-topic"]["remarks"] == ["1 entry: when it was made cannot be told"]
    # No file has this one at all.
    assert parts["2-attendance"]["state"] == "not_audited"
    assert parts["2-attendance"]["remarks"] == ["no file of «Stundas» has the column «Kavējumi ievadīti»"]
    # Either of two columns would do.
    assert parts["2-homework"]["remarks"] == ["no file of «Stundas» has the column «Mājas darbs»"]


def test_a_school_year_that_the_calendar_does_not_know() -> None:
    found = part({"contacts": table(CONTACTS), "statements": table(STATEMENTS)}, "7-statement", "2030-02-27")
    assert found["state"] == "not_audited"
    assert found["remarks"] == ["the school year 2029/2030 is not in the calendar: add it to rules/calendar"]


STATEMENTS = """
    Klase | Skolēns    | Mēnesis | Izsniegts
    7.a   | Una Priede | 2026-01 | 03.02.2026
"""


# --- the command ------------------------------------------------------------------------------------------


def test_the_command_answers_what_check_answers(tmp_path: Path) -> None:
    write_tables(tmp_path, {"marks": marks(IN_TIME, LATE, UNREADABLE)})
    alone = command("coverage", tmp_path, "--as-of", "2026-02-27", "--format", "json")
    whole = command("check", tmp_path, "--as-of", "2026-02-27", "--format", "json")
    # Coverage is no judgement: what was found does not matter to its exit code.
    assert (alone.exit_code, whole.exit_code) == (0, 1)
    answered, checked = json.loads(alone.stdout), json.loads(whole.stdout)
    assert list(answered) == [
        "schema",
        "tool",
        "regulation",
        "as_of",
        "inputs",
        "coverage",
        "skipped",
        "errors",
    ]
    assert answered == {key: checked[key] for key in answered}


def test_the_command_shows_every_part_and_what_is_missing(tmp_path: Path) -> None:
    write_tables(tmp_path, {"marks": marks(IN_TIME, UNREADABLE)})
    result = command("coverage", tmp_path, "--as-of", "2026-02-27")
    assert result.exit_code == 0
    for found in covered({"marks": marks(IN_TIME, UNREADABLE)}):
        assert found["title"] in result.stdout
        assert found["check"] is None or found["check"] in result.stdout
        assert all(remark in result.stdout for remark in found["remarks"])
    for state in ("audited", "partly audited", "not audited", "no export shows it"):
        assert state in result.stdout


def test_the_command_ends_in_2_where_nothing_can_be_audited(tmp_path: Path) -> None:
    write_tables(tmp_path, {"classes": table(CLASSES)})
    result = command("coverage", tmp_path, "--format", "json")
    assert result.exit_code == 2
    assert "nothing could be audited: the answer says which exports are missing" in result.stderr
    states = {part["state"] for part in json.loads(result.stdout)["coverage"]}
    assert states == {"not_audited", "unseen"}


EXITS: list[tuple[str, list[dict[str, str]], str, str, int]] = [
    # name, marks, as of, options, exit code
    ("nothing found", marks(IN_TIME), "2026-02-27", "", 0),
    ("a violation", marks(LATE), "2026-02-27", "", 1),
    ("a violation, warnings count too", marks(LATE), "2026-02-27", "--fail-on warning", 1),
    ("a violation, nothing counts", marks(LATE), "2026-02-27", "--fail-on never", 0),
    ("a warning", marks(LOW), "2026-09-05", "", 0),
    ("a warning, violations count", marks(LOW), "2026-09-05", "--fail-on violation", 0),
    ("a warning, warnings count", marks(LOW), "2026-09-05", "--fail-on warning", 1),
    ("a warning, nothing counts", marks(LOW), "2026-09-05", "--fail-on never", 0),
    ("of another clause", marks(LATE), "2026-02-27", "--clause 6", 0),
    ("of another class", marks(LATE, IN_TIME.replace("7.a", "8.b")), "2026-02-27", "--class 8b", 0),
    ("of another teacher", marks(LATE, IN_TIME.replace("Rita", "Ilze")), "2026-02-27", "--teacher", 0),
    ("not all audited", marks(IN_TIME), "2026-02-27", "--strict", 2),
    ("all that was asked for audited", marks(IN_TIME), "2026-02-27", "--strict --clause 5", 0),
    ("found, and strict", marks(LATE), "2026-02-27", "--strict --clause 5", 1),
    ("unreadable", marks(IN_TIME, UNREADABLE), "2026-02-27", "--clause 5", 0),
    ("unreadable, and strict", marks(IN_TIME, UNREADABLE), "2026-02-27", "--strict --clause 5", 2),
    ("found and unreadable: 2 wins", marks(LATE, UNREADABLE), "2026-02-27", "--strict --clause 5", 2),
    ("strict, and nothing counts", marks(LATE), "2026-02-27", "--strict --fail-on never", 2),
    ("nothing that was asked for audited", marks(LATE), "2026-02-27", "--clause 1", 2),
    ("an unknown clause", marks(LATE), "2026-02-27", "--clause 99", 2),
    ("an unknown class", marks(LATE), "2026-02-27", "--class 9.z", 2),
    ("a wrong day", marks(LATE), "27.02.2026", "", 2),
    ("an unknown option", marks(LATE), "2026-02-27", "--fail-on error", 2),
]


@pytest.mark.parametrize(("name", "rows", "as_of", "options", "code"), EXITS, ids=[case[0] for case in EXITS])
@pytest.mark.parametrize("form", ["table", "json"])
def test_exit_codes(
    tmp_path: Path, name: str, rows: list[dict[str, str]], as_of: str, options: str, code: int, form: str
) -> None:
    write_tables(tmp_path, {"marks": rows})
    more = [*options.split(), "Ilze Ozere"] if options == "--teacher" else options.split()
    assert command("check", tmp_path, "--as-of", as_of, "--format", form, *more).exit_code == code


def test_a_path_that_is_not_there_ends_in_2(tmp_path: Path) -> None:
    write_tables(tmp_path, {"marks": marks(IN_TIME)})
    for name in ("check", "coverage"):
        result = command(name, tmp_path / "marks.csv", tmp_path / "nav.csv")
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.count("\n") == 1 and "nav.csv" in result.stderr


def test_a_file_that_cannot_be_read_ends_in_2_and_the_rest_is_audited(tmp_path: Path) -> None:
    write_tables(tmp_path, {"marks": marks(LATE)})
    (tmp_path / "slikta.xlsx").write_bytes(b"PK\x03\x04nav darbgramata")
    result = command("check", tmp_path, "--as-of", "2026-02-27", "--fail-on", "never", "--format", "json")
    assert result.exit_code == 2
    answered = json.loads(result.stdout)
    assert [error["file"] for error in answered["errors"]] == ["slikta.xlsx"]
    assert answered["totals"]["violations"] == 1
    assert command("coverage", tmp_path, "--as-of", "2026-02-27").exit_code == 2
