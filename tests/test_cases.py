"""Every check against its cases in tests/cases: small tables and what the audit must say of them.

A case file is data that a school can read and add to; its form is told at the top of each file and
held here: whatever the form does not know is an error, so a misspelt key, heading or verdict cannot
make a case pass by saying nothing.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from support import answer

CASES = Path(__file__).parent / "cases"

COUNTS = ("fulfilled", "late", "overdue", "pending", "undetermined", "defects", "not_in_force")

# What a check can answer: each of these must stand in some case of its file.
ENTRY = {"fulfilled", "late", "overdue", "pending", "undetermined", "not_in_force", "not_audited"}
DEFECT = {"defects", "not_in_force", "not_audited"}
VERDICTS = {
    "1-contacts": ENTRY,
    "1-informed": ENTRY,
    "2-lesson": ENTRY,
    "2-unrecorded": ENTRY - {"late"},
    "2-topic": ENTRY,
    "2-absence": ENTRY,
    "2-attendance": ENTRY,
    "2-homework": ENTRY,
    "3.1-topic": DEFECT,
    "3.2-individual": DEFECT,
    "4-justified": ENTRY,
    "4-unfounded": DEFECT,
    "5-formative": ENTRY,
    "6-summative": ENTRY,
    "7-statement": ENTRY,
    "8-semester": ENTRY,
    "8-year": ENTRY,
    "8.1-correction": {"fulfilled", "late", "not_in_force", "not_audited"},
    "8.1-unfounded": DEFECT,
    "8.2-reexam": ENTRY,
    "9-exempt": DEFECT,
    "9-unfounded": DEFECT,
    "10-report": ENTRY,
    "11-report-card": ENTRY,
    "11-summary-journal": ENTRY,
    "11-personal-file": ENTRY,
}

# Defects are told apart by their reason: these too must each stand in some case.
REASONS = {
    "3.1-topic": {
        "prefix-not-first",
        "no-prefix",
        "no-separator",
        "empty-result",
        "empty-topic",
        "placeholder",
    },
    "3.2-individual": {"no-prefix", "no-subject", "no-topic", "no-pupils"},
    "9-exempt": {"misspelt", "other-mark"},
}

# The headings a case may use: those that the tool itself writes.
HEADINGS = {
    "lessons": "Datums · Stunda · Klase · Priekšmets · Pedagogs · Žurnāls · Stundas tips · Tēma · "
    "Mājas darbs · Skolēni · Ievadīts · Tēma ievadīta · Kavējumi ievadīti · Mājas darbs ievadīts",
    "marks": "Skolēns · Klase · Priekšmets · Pedagogs · Vērtējuma veids · Darba datums · Iesniegts · "
    "Temats · Vērtējums · Periods · Ievadīts · Labots · Iepriekšējais vērtējums",
    "absences": "Skolēns · Klase · Datums · Stunda · Priekšmets · Pedagogs · Kavējums · Ievadīts · "
    "Attaisnots · Attaisnoja",
    "notes": "Skolēns · Klase · No · Līdz · Iemesls · Saņemta",
    "events": "Pasākums · Klase · Skolēni · No · Līdz · Atbildīgais pedagogs · Informācija saņemta",
    "contacts": "Skolēns · Klase · Skolēna tālrunis · Vecāks · Vecāka tālrunis · Aktualizēts · "
    "Vecāki informēti · Uzņemts · Atskaitīts",
    "statements": "Klase · Skolēns · Mēnesis · Izsniegts · Veids",
    "exemptions": "Skolēns · Klase · Priekšmets · No · Līdz · Rīkojums",
    "documents": "Dokuments · Klase · Skolēns · Pedagogs · Periods · Izdrukāts",
    "classes": "Klase · Klases audzinātājs",
    "workloads": "Pedagogs · Priekšmets · Klase · No · Līdz",
    "timetable": "Klase · Nedēļas diena · Stunda · Priekšmets · Pedagogs · Spēkā no · Spēkā līdz",
    "summary": "Skolēns · Klase",
}
SUMMARY_ENDS = ("1. semestris", "2. semestris", "Gada")

CASE_KEYS = {"name", "as_of", "expect", "findings", "data_problems", "config", *HEADINGS}
EXPECT_KEYS = {*COUNTS, "status", "reason_has"}
FINDING_KEYS = {
    "fingerprint",
    "check",
    "clause",
    "severity",
    "verdict",
    "reason",
    "bearer",
    "role",
    "class",
    "subject",
    "pupil",
    "on",
    "lesson",
    "period",
    "due_at",
    "done_at",
    "working_days_late",
    "message",
    "file",
    "sheet",
    "row",
    "waived",
}
FINDING_VERDICTS = {"late": "late", "overdue": "overdue", "defects": "defect"}
PROBLEM_KEYS = {"file", "sheet", "row", "column", "value", "reason"}


class CaseError(Exception):
    """A case that does not keep to the form."""


def only(keys: Any, known: set[str], where: str) -> None:
    unknown = sorted(set(keys) - known)
    if unknown:
        raise CaseError(f"{where}: unknown {', '.join(unknown)}")


def rows(kind: str, text: Any) -> list[dict[str, str]]:
    """The rows of a table whose cells stand between "|", the headings in its first line."""
    if not isinstance(text, str):
        raise CaseError(f"{kind}: a table is a text")
    # Only plain spaces go: a no-break space in a cell is part of what a case says.
    lines = [[cell.strip(" ") for cell in line.split("|")] for line in text.split("\n") if line.strip(" ")]
    if len(lines) < 2:
        raise CaseError(f"{kind}: a table needs its headings and at least one row")
    head = lines[0]
    if len(set(head)) != len(head):
        raise CaseError(f"{kind}: a heading stands twice")
    known = set(HEADINGS[kind].split(" · "))
    if kind == "summary":
        known |= {heading for heading in head if heading.endswith(SUMMARY_ENDS)}
    only(head, known, f"headings of {kind}")
    for line in lines[1:]:
        if len(line) != len(head):
            raise CaseError(f"{kind}: {len(line)} cells under {len(head)} headings: {' | '.join(line)}")
    return [dict(zip(head, line, strict=True)) for line in lines[1:]]


def tables(case: dict[str, Any]) -> dict[str, list[dict[str, str]]]:
    return {kind: rows(kind, case[kind]) for kind in HEADINGS if kind in case}


def hold_to_form(case: dict[str, Any], check: str) -> None:
    """Raise CaseError unless the case keeps to the form and says one thing only."""
    only(case, CASE_KEYS, "case")
    for key in ("name", "as_of"):
        if not isinstance(case.get(key), str) or not case[key]:
            raise CaseError(f"{key} must be a text")
    if not tables(case):
        raise CaseError("a case needs a table")
    expect, found, problems = case.get("expect"), case.get("findings", []), case.get("data_problems", [])
    if not isinstance(expect, dict):
        raise CaseError("expect must be a table")
    only(expect, EXPECT_KEYS, "expect")
    for finding in found:
        only(finding, FINDING_KEYS, "finding")
        if finding.get("verdict") not in FINDING_VERDICTS.values():
            raise CaseError(f"a finding's verdict is one of {', '.join(FINDING_VERDICTS.values())}")
    for problem in problems:
        only(problem, PROBLEM_KEYS, "data problem")
        if not {"row", "column"} <= set(problem):
            raise CaseError("a data problem names its row and its column")
    counts = {name: expect.get(name, 0) for name in COUNTS}
    for name, number in counts.items():
        if type(number) is not int or number < 0:
            raise CaseError(f"{name} must be a number")
        if number and name not in VERDICTS[check]:
            raise CaseError(f"{check} cannot have {name}")
    for name, verdict in FINDING_VERDICTS.items():
        if counts[name] != sum(finding["verdict"] == verdict for finding in found):
            raise CaseError(f"{name} = {counts[name]}, but the findings say otherwise")
    if expect.get("status", "not_audited") != "not_audited":
        raise CaseError("a status other than not_audited follows from the counts")
    if ("status" in expect) != ("reason_has" in expect):
        raise CaseError("not_audited needs reason_has, and nothing else has it")
    if "status" in expect and any(counts.values()):
        raise CaseError("what is not audited has no counts")


def load(path: Path) -> list[dict[str, Any]]:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    only(content, {"case"}, path.name)
    return content["case"]


FILES = {path.stem: load(path) for path in sorted(CASES.glob("*.toml"))}


def alike(expected: dict[str, Any], actual: dict[str, Any]) -> bool:
    """Whether the keys named have these values."""
    return all(key in actual and actual[key] == value for key, value in expected.items())


def with_nulls(finding: dict[str, Any]) -> dict[str, Any]:
    """A finding as the answer would have it: an empty text stands for null, which TOML lacks."""
    return {key: None if value == "" else value for key, value in finding.items()}


@pytest.mark.parametrize(
    ("check", "case"),
    [
        pytest.param(check, case, id=f"{check}: {case.get('name', number)}")
        for check, cases in FILES.items()
        for number, case in enumerate(cases, 1)
    ],
)
def test_case(check: str, case: dict[str, Any]) -> None:
    hold_to_form(case, check)
    # Only a case with a configuration hands one on.
    options = {"config": case["config"]} if "config" in case else {}
    got = answer(tables(case), case["as_of"], [check], **options)

    assert [line["check"] for line in got["checks"]] == [check]
    line = got["checks"][0]
    expect = case["expect"]
    assert {name: line[name] for name in COUNTS} == {name: expect.get(name, 0) for name in COUNTS}
    follows = "findings" if case.get("findings") else "clean"
    assert line["status"] == expect.get("status", follows)
    if "reason_has" in expect:
        texts = expect["reason_has"]
        for text in [texts] if isinstance(texts, str) else texts:
            assert text.casefold() in line["reason"].casefold()

    found = [finding for finding in got["findings"] if finding["check"] == check]
    assert found == got["findings"]
    expected = [with_nulls(partial) for partial in case.get("findings", [])]
    assert len(found) == len(expected), found
    for partial, finding in zip(expected, found, strict=True):
        shown = {key: finding.get(key, "(no such key)") for key in partial}
        assert alike(partial, finding), f"expected {partial}, got {shown}"

    # No data problem named means that none is expected: the tables of a case are read to the last cell.
    left = list(got["data_problems"])
    for partial in case.get("data_problems", []):
        match = next((problem for problem in left if alike(partial, problem)), None)
        assert match is not None, f"no data problem {partial} in {left}"
        left.remove(match)
    assert left == []


def test_every_check_of_the_rule_pack_has_a_case_file() -> None:
    got = answer({"classes": [{"Klase": "7.a", "Klases audzinātājs": "Dace Siliņa"}]}, "2026-02-27")
    checks = [line["check"] for line in got["checks"]]
    assert sorted(checks) == sorted(VERDICTS)
    assert sorted(checks) == sorted(FILES)


@pytest.mark.parametrize("check", VERDICTS)
def test_every_verdict_has_a_case(check: str) -> None:
    cases = FILES[check]
    held = {name for case in cases for name in COUNTS if case["expect"].get(name, 0)}
    held |= {case["expect"]["status"] for case in cases if "status" in case["expect"]}
    assert held == VERDICTS[check]
    # A check that always finds something would pass all of these but the case with nothing to find.
    assert any(not case.get("findings") and "status" not in case["expect"] for case in cases)


@pytest.mark.parametrize("check", REASONS)
def test_every_reason_of_a_defect_has_a_case(check: str) -> None:
    found = [finding for case in FILES[check] for finding in case.get("findings", [])]
    assert {finding["reason"] for finding in found if "reason" in finding} == REASONS[check]


@pytest.mark.parametrize("check", FILES)
def test_names_of_cases_are_told_apart(check: str) -> None:
    names = [case["name"] for case in FILES[check]]
    assert len(set(names)) == len(names)


GOOD = """
name = "Laikā"
as_of = "2026-02-27"
classes = '''
Klase | Klases audzinātājs
7.a   | Dace Siliņa
'''
expect = { late = 1 }
findings = [{ verdict = "late", row = 2 }]
data_problems = [{ row = 2, column = "Klase" }]
"""


def test_a_good_case_keeps_to_the_form() -> None:
    hold_to_form(tomllib.loads(GOOD), "5-formative")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "Laikā"', 'nam = "Laikā"'),
        ('as_of = "2026-02-27"', "as_of = 2026-02-27"),
        ("classes =", "clases ="),
        ("Klase |", "Klasse |"),
        ("Klases audzinātājs", "Klase"),
        ("| Dace Siliņa", ""),
        ("7.a   | Dace Siliņa", ""),
        ("expect =", "expects ="),
        ("late = 1", "lates = 1"),
        ("late = 1", "late = 2"),
        ("late = 1", 'late = "1"'),
        ("late = 1", "late = 1, defects = 0, fulfilled = -1"),
        ("late = 1", 'late = 1, status = "findings", reason_has = "x"'),
        ("late = 1", 'late = 1, reason_has = "x"'),
        ("late = 1", 'status = "not_audited"'),
        ("late = 1", 'late = 1, status = "not_audited", reason_has = "x"'),
        ("findings =", "finding ="),
        ('verdict = "late"', 'verdict = "defect"'),
        ('verdict = "late", ', ""),
        ("row = 2 }]\ndata", "rows = 2 }]\ndata"),
        ("data_problems =", "data_problem ="),
        ('column = "Klase"', 'columns = "Klase"'),
        (', column = "Klase"', ""),
    ],
)
def test_a_slip_in_a_case_is_an_error(old: str, new: str) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(CaseError):
        hold_to_form(tomllib.loads(GOOD.replace(old, new)), "5-formative")


def test_a_verdict_that_a_check_cannot_have_is_an_error() -> None:
    with pytest.raises(CaseError, match="cannot have late"):
        hold_to_form(tomllib.loads(GOOD), "2-unrecorded")


def test_a_cell_keeps_its_no_break_space_and_its_blank() -> None:
    assert rows("classes", "Klase | Klases audzinātājs\n7.a | \u00a0\n8.b |") == [
        {"Klase": "7.a", "Klases audzinātājs": "\u00a0"},
        {"Klase": "8.b", "Klases audzinātājs": ""},
    ]
