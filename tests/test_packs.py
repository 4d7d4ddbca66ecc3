"""Other schools' rule packs: the same export, other verdicts, and no line of code for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import eklase_audit
from eklase_audit.clauses import CHECKS
from eklase_audit.packs import installed_packs
from support import Tables, answer, regulation, table

AKNISTE, JEKABPILS, KRASLAVA = "aknistes-vidusskola", "jekabpils-2-vidusskola", "kraslavas-gimnazija"
COUNTS = ("fulfilled", "late", "overdue", "pending", "undetermined")

# What a check is called in each school's regulation.
NAMES = {
    "formative": {AKNISTE: "5-formative", JEKABPILS: "3-formative", KRASLAVA: "1-formative"},
    "summative": {AKNISTE: "6-summative", KRASLAVA: "1-summative"},
    "absence": {AKNISTE: "2-absence", JEKABPILS: "1-absence", KRASLAVA: "2-absence"},
    "justified": {AKNISTE: "4-justified", JEKABPILS: "2-justified", KRASLAVA: "3-justified"},
    "topic": {AKNISTE: "2-topic", JEKABPILS: "1-topic"},
}


def judged(tables: Tables, school: str, word: str, as_of: str = "2026-04-30") -> str:
    """The verdict of the one duty here, and when it was due if that is found: "late 2026-02-03"."""
    check = NAMES[word][school]
    answered = answer(tables, as_of, [check], rules=school)
    (line,) = answered["checks"]
    assert (line["check"], line["clause"]) == (check, check.partition("-")[0])
    (verdict,) = (name for name in COUNTS if line[name])
    assert line[verdict] == 1
    found = [finding["due_at"] for finding in answered["findings"]]
    return " ".join([verdict, *(due.removesuffix("T23:59:59") for due in found)])


# --- by the next lesson -----------------------------------------------------------------------------------

# Physics of 7.a; the mark is of Monday, 2 February 2026.
LESSON_COLUMNS = "Datums | Stunda | Klase | Priekšmets | Pedagogs | Tēma | Ievadīts"
MARK_COLUMNS = "Skolēns | Klase | Priekšmets | Pedagogs | Vērtējuma veids | Darba datums | Vērtējums | Ievadīts"


def lessons(*days: str, class_: str = "7.a", subject: str = "Fizika") -> list[dict[str, str]]:
    rows = [f"{day} | 1 | {class_} | {subject} | Rita Ozere | SR: Mēra / Pi | {day} 12:00" for day in days]
    return table("\n".join([LESSON_COLUMNS, *rows]))


def mark(day: str, entered: str, kind: str = "formatīvs") -> list[dict[str, str]]:
    given = "i" if entered else ""
    return table(f"{MARK_COLUMNS}\nUna Priede | 7.a | Fizika | Rita Ozere | {kind} | {day} | {given} | {entered}")


NEXT_LESSON = [
    # the lessons' days, the mark's stamp, in Jēkabpils, in Aknīste (three working days: 5 February)
    (["2026-02-02", "2026-02-03"], "2026-02-03 23:59", "fulfilled", "fulfilled"),
    (["2026-02-02", "2026-02-03"], "2026-02-04 08:00", "late 2026-02-03", "fulfilled"),
    (["2026-02-02", "2026-02-05"], "2026-02-05 20:00", "fulfilled", "fulfilled"),
    (["2026-02-02", "2026-02-12"], "2026-02-10 09:00", "fulfilled", "late 2026-02-05"),
    (["2026-02-02", "2026-02-12"], "2026-02-13 09:00", "late 2026-02-12", "late 2026-02-05"),
    # The next one after the mark's day, not the last one there is, whatever the order of the rows.
    (["2026-02-12", "2026-02-03", "2026-02-02"], "2026-02-04 08:00", "late 2026-02-03", "fulfilled"),
    # A second lesson of the same day is not the next one.
    (["2026-02-02", "2026-02-02", "2026-02-09"], "2026-02-06 09:00", "fulfilled", "late 2026-02-05"),
    # The first lesson after the spring break, over a weekend.
    (["2026-03-06", "2026-03-16"], "2026-02-09 09:00", "fulfilled", "late 2026-02-05"),
    # No later lesson is known: it cannot be late yet.
    (["2026-02-02"], "2026-02-06 09:00", "fulfilled", "late 2026-02-05"),
    (["2026-02-02"], "", "pending", "overdue 2026-02-05"),
    (["2026-02-02", "2026-02-12"], "", "overdue 2026-02-12", "overdue 2026-02-05"),
]


@pytest.mark.parametrize(("days", "entered", "in_jekabpils", "in_akniste"), NEXT_LESSON)
def test_by_the_next_lesson(days: list[str], entered: str, in_jekabpils: str, in_akniste: str) -> None:
    tables = {"lessons": lessons(*days), "marks": mark("2026-02-02", entered)}
    assert judged(tables, JEKABPILS, "formative") == in_jekabpils
    assert judged(tables, AKNISTE, "formative") == in_akniste


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [("2026-02-12", "pending"), ("2026-02-13T00:00:00", "overdue 2026-02-12")],
)
def test_a_mark_is_pending_until_the_next_lessons_day_is_over(as_of: str, expected: str) -> None:
    tables = {"lessons": lessons("2026-02-02", "2026-02-12"), "marks": mark("2026-02-02", "")}
    assert judged(tables, JEKABPILS, "formative", as_of) == expected


@pytest.mark.parametrize("other", [{"class_": "7.b"}, {"subject": "Ķīmija"}])
def test_the_next_lesson_of_another_class_or_subject_does_not_count(other: dict[str, str]) -> None:
    own = lessons("2026-02-02", "2026-02-12")
    tables = {
        "lessons": own + lessons("2026-02-03", **other),
        "marks": mark("2026-02-02", "2026-02-10 09:00"),
    }
    assert judged(tables, JEKABPILS, "formative") == "fulfilled"
    # A subject is the same in other letters, a class in another spelling.
    same = lessons("2026-02-03", class_="7A", subject="FIZIKA")
    assert judged({**tables, "lessons": own + same}, JEKABPILS, "formative") == "late 2026-02-03"


def test_without_lessons_nobody_can_tell_what_was_due() -> None:
    tables = {"marks": mark("2026-02-02", "2026-02-10 09:00")}
    (line,) = answer(tables, "2026-04-30", ["3"], rules=JEKABPILS)["checks"]
    assert line["status"] == "not_audited"
    assert "«Stundas» (lessons)" in line["reason"]


# --- five calendar days -----------------------------------------------------------------------------------

CALENDAR_DAYS = [
    # the mark's day, its stamp, in Krāslava, in Aknīste
    ("2026-02-03", "2026-02-08 22:00", "fulfilled", "late 2026-02-06"),  # due on a Sunday
    ("2026-02-03", "2026-02-09 08:00", "late 2026-02-08", "late 2026-02-06"),
    ("2026-02-02", "2026-02-07 12:00", "fulfilled", "late 2026-02-05"),  # due on a Saturday
    ("2026-02-02", "2026-02-05 12:00", "fulfilled", "fulfilled"),
    ("2026-02-06", "2026-02-12 08:00", "late 2026-02-11", "late 2026-02-11"),  # both end on one day
    # Over Christmas few days are working days.
    ("2025-12-23", "2025-12-29 08:00", "late 2025-12-28", "fulfilled"),
    ("2025-12-23", "2026-01-05 23:00", "late 2025-12-28", "fulfilled"),
    ("2026-02-26", "2026-03-03 23:59", "fulfilled", "fulfilled"),  # February has 28 days
    ("2026-02-26", "2026-03-04 00:00", "late 2026-03-03", "late 2026-03-03"),
]


@pytest.mark.parametrize(("day", "entered", "in_kraslava", "in_akniste"), CALENDAR_DAYS)
def test_formative_marks_within_calendar_days(day: str, entered: str, in_kraslava: str, in_akniste: str) -> None:
    tables = {"marks": mark(day, entered)}
    assert judged(tables, KRASLAVA, "formative") == in_kraslava
    assert judged(tables, AKNISTE, "formative") == in_akniste


def test_summative_marks_within_calendar_days() -> None:
    tables = {"marks": mark("2026-02-03", "2026-02-10 12:00", "summatīvs")}
    assert judged(tables, KRASLAVA, "summative") == "late 2026-02-08"
    assert judged(tables, AKNISTE, "summative") == "fulfilled"


def absence(entered: str, code: str = "n", justified: str = "") -> list[dict[str, str]]:
    return table(f"""
        Skolēns    | Klase | Datums     | Stunda | Pedagogs   | Kavējums | Ievadīts   | Attaisnots
        Una Priede | 7.a   | 2026-02-03 | 1      | Rita Ozere | {code}   | {entered}  | {justified}
    """)


ABSENCES = [
    # the absence's stamp, in Krāslava, in Jēkabpils and in Aknīste
    ("2026-02-03 12:00", "fulfilled", "fulfilled"),
    ("2026-02-03 17:30", "fulfilled", "late 2026-02-03T17:00:00"),
    ("2026-02-08 23:00", "fulfilled", "late 2026-02-03T17:00:00"),
    ("2026-02-09 00:00", "late 2026-02-08", "late 2026-02-03T17:00:00"),
    ("2026-02-03", "fulfilled", "undetermined"),  # no clock: it matters where an hour is set
]


@pytest.mark.parametrize(("entered", "in_kraslava", "elsewhere"), ABSENCES)
def test_absences(entered: str, in_kraslava: str, elsewhere: str) -> None:
    tables = {"absences": absence(entered)}
    assert judged(tables, KRASLAVA, "absence") == in_kraslava
    assert judged(tables, JEKABPILS, "absence") == elsewhere
    assert judged(tables, AKNISTE, "absence") == elsewhere


NOTES = [
    # Attaisnots, in Krāslava (five calendar days after the note of 3 February), elsewhere (five working days)
    ("2026-02-08 12:00", "fulfilled", "fulfilled"),
    ("2026-02-10 12:00", "late 2026-02-08", "fulfilled"),
    ("2026-02-11 12:00", "late 2026-02-08", "late 2026-02-10"),
]


@pytest.mark.parametrize(("justified", "in_kraslava", "elsewhere"), NOTES)
def test_justified_absences(justified: str, in_kraslava: str, elsewhere: str) -> None:
    notes = table("""
        Skolēns    | Klase | No         | Līdz       | Saņemta
        Una Priede | 7.a   | 2026-02-03 | 2026-02-03 | 2026-02-03
    """)
    tables = {"absences": absence("2026-02-03 12:00", "ns", justified), "notes": notes}
    assert judged(tables, KRASLAVA, "justified") == in_kraslava
    assert judged(tables, JEKABPILS, "justified") == elsewhere
    assert judged(tables, AKNISTE, "justified") == elsewhere


def test_what_the_text_sets_is_a_violation_and_what_the_school_reads_a_warning() -> None:
    severities = {
        school: next(rule.severity for rule in regulation(school).checks if rule.id == name)
        for school, name in NAMES["justified"].items()
    }
    assert severities == {AKNISTE: "warning", JEKABPILS: "warning", KRASLAVA: "violation"}


# --- one export, three schools ----------------------------------------------------------------------------

EXPORT: dict[str, Any] = {
    "lessons": lessons("2026-02-02", "2026-02-03", "2026-02-12"),
    "marks": mark("2026-02-02", "2026-02-06 09:00") + mark("2026-02-03", "2026-02-12 09:00", "summatīvs"),
    "absences": absence("2026-02-05 08:00"),
}
FOUND = {
    AKNISTE: {"2-absence", "5-formative"},
    JEKABPILS: {"1-absence", "3-formative"},
    KRASLAVA: {"1-summative"},
}


@pytest.mark.parametrize("school", FOUND)
def test_one_export_has_other_findings_in_each_school(school: str) -> None:
    answered = answer(EXPORT, "2026-04-30", rules=school)
    assert answered["regulation"]["id"] == regulation(school).id
    assert {finding["check"] for finding in answered["findings"]} == FOUND[school]
    assert [line["check"] for line in answered["checks"]] == [rule.id for rule in regulation(school).checks]
    # What the school does not ask is no part of its coverage.
    assert {part["clause"] for part in answered["coverage"]} == {clause.number for clause in regulation(school).clauses}


def test_older_packs_are_in_force_for_what_is_older() -> None:
    tables = {"marks": mark("2025-11-03", "2025-11-28 12:00")}
    for school, expected in ((KRASLAVA, ("late", 0)), (AKNISTE, ("not_in_force", 1))):
        (line,) = answer(tables, "2026-04-30", [NAMES["formative"][school]], rules=school)["checks"]
        assert line[expected[0]] == 1
        assert line["not_in_force"] == expected[1]


def test_fingerprints_tell_the_schools_clauses_apart() -> None:
    found = [answer(EXPORT, "2026-04-30", rules=school)["findings"] for school in FOUND]
    names = [finding["fingerprint"] for findings in found for finding in findings]
    assert len(set(names)) == len(names)


# --- no code for a school ---------------------------------------------------------------------------------


@pytest.mark.parametrize("pack", installed_packs())
def test_a_pack_only_uses_checks_that_akniste_uses(pack: str) -> None:
    akniste = {rule.name for rule in regulation().checks}
    assert {rule.name for rule in regulation(pack).checks} <= akniste == set(CHECKS)


def test_the_code_knows_no_school_but_the_default() -> None:
    folder = Path(eklase_audit.__file__).parent
    for file in folder.rglob("*.py"):
        text = file.read_text("utf-8").casefold()
        assert not any(word in text for word in ("jēkabpil", "jekabpil", "krāslav", "kraslav")), file
        # Aknīste's name stands only where its pack is the default.
        named = [line for line in text.splitlines() if "akniste" in line]
        assert named == (['default = "aknistes-vidusskola"'] if file.name == "packs.py" else []), file
