"""Waivers: which findings each excuses, when it holds, and what is said of it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eklase_audit import i18n
from eklase_audit.audit import Audit
from eklase_audit.errors import AuditError
from eklase_audit.findings import EXPIRED, EXPIRING, USED, Finding, Waiver
from eklase_audit.waivers import load_waivers, waive
from support import audited, command, journal_of, regulation, sample_journal, table, write_tables
from waiver_lists import write_list

FILE = tomllib.loads((Path(__file__).parent / "waiver_cases.toml").read_text("utf-8"))
CASES = FILE["case"]
MARKS = {"marks": table(FILE["marks"])}
AS_OF = "2026-01-16"
KEYS = {"name", "as_of", "waivers", "excused", "states", "error", "tables_only"}


@cache
def of_marks(as_of: str) -> Audit:
    return audited(journal_of(MARKS), as_of)


def first_name(finding: Finding) -> str:
    return (finding.pupil or "").split()[0]


def filled(text: str, audit: Audit) -> str:
    """The list with the fingerprints that stand in it as {Anna} or {Anna:8}."""
    known = {first_name(finding): finding.fingerprint for finding in audit.findings}
    return re.sub(r"\{(\w+)(?::(\d+))?\}", lambda found: known[found[1]][: int(found[2] or 16)].upper(), text)


# ---- the cases


@pytest.mark.parametrize("form", ["csv", "xlsx", "toml"])
@pytest.mark.parametrize("case", [c for c in CASES if "error" not in c], ids=lambda case: case["name"])
def test_which_findings_are_excused(tmp_path: Path, case: Mapping[str, Any], form: str) -> None:
    assert set(case) <= KEYS
    if form == "toml" and case.get("tables_only"):
        return
    audit = of_marks(case["as_of"])
    assert {first_name(finding) for finding in audit.findings} == {"Anna", "Ģirts", "Līga", "Toms", "Uldis"}
    path = write_list(tmp_path / f"saraksts.{form}", filled(case["waivers"], audit))
    got = waive(audit, load_waivers(path, regulation()))
    assert sorted(first_name(f) for f in got.findings if f.waived) == sorted(case["excused"])
    assert [use.state for use in got.waivers] == case["states"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("case", [c for c in CASES if "error" in c], ids=lambda case: case["name"])
def test_what_is_no_list_of_waivers(tmp_path: Path, case: Mapping[str, Any], form: str) -> None:
    assert set(case) <= KEYS
    path = write_list(tmp_path / f"saraksts.{form}", case["waivers"])
    i18n.activate("lv")
    try:
        with pytest.raises(AuditError) as fault:
            load_waivers(path, regulation())
    finally:
        i18n.activate("en")
    sheet = " [Sheet]" if form == "xlsx" else ""
    assert str(fault.value) == f"saraksts.{form}{sheet}:{case['error']}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[waivers]]\nclause = "5"', "waivers[1]: «reason»: a waiver needs a reason"),
        ('[[waivers]]\nclause = 5\nreason = "x"\nuntil = "rīt"', "waivers[1]: «until»: not a date"),
        ('[[waivers]]\nclause = 5\nreason = "x"\nuntill = 2026', "waivers[1].untill: unknown key; nearest: until"),
        ('[[waivers]]\nclause = 5\nreason = 7', "waivers[1].reason: a text is wanted"),
        ('[[waiver]]\nclause = 5', "waiver: unknown key; allowed are: waivers"),
        ("[[waivers]", "no valid TOML"),
    ],
)  # fmt: skip
def test_faults_in_toml(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "atl.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(AuditError, match=re.escape(f"atl.toml: {told}")):
        load_waivers(path, regulation())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Punkts;Klase;Iemeslss\n5;7.a;x\n", "the heading «Iemesls» is missing; is «Iemeslss» meant for «Iemesls»?"),
        ("Vārds;Uzvārds\nA;B\n", "no headings of the list «Izņēmumi» in it"),
        ("Punkts;Iemesls\n5;x;y\n", "atl.csv:2: more cells than headings"),
    ],
)
def test_faults_of_a_table(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "atl.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(AuditError, match=re.escape(told)):
        load_waivers(path, regulation())


def test_of_a_duty_of_several_each_teacher_is_to_be_named() -> None:
    audit = of_marks(AS_OF)
    one = audit.findings[0]._replace(bearers=("Ilze Kalniņa", "Jānis Žīgurs"))
    audit = replace(audit, findings=(one,))
    waiver = Waiver("x", clause="5", teachers=("Ilze Kalniņa",))
    assert not waive(audit, [waiver]).findings[0].waived
    both = replace(waiver, teachers=("Jānis Žīgurs", "Ilze Kalniņa"))
    assert waive(audit, [both]).findings[0].waived


def test_the_beginning_of_several_fingerprints_is_an_error() -> None:
    audit = of_marks(AS_OF)
    alike = tuple(f._replace(fingerprint=f"0123456789abcde{n}") for n, f in enumerate(audit.findings[:2]))
    audit = replace(audit, findings=alike)
    with pytest.raises(AuditError, match=r"a\.csv:2: several findings"):
        waive(audit, [Waiver("x", "a.csv:2", fingerprint="01234567")])
    assert [f.waived for f in waive(audit, [Waiver("x", fingerprint="0123456789abcde1")]).findings] == [False, True]


def test_of_several_waivers_that_fit_the_upper_one_that_holds_is_named() -> None:
    audit = of_marks(AS_OF)
    ended = Waiver("beidzies", clause="5", last=date(2026, 1, 1))
    got = waive(audit, [ended, Waiver("augšējais", clause="5"), Waiver("apakšējais", clause="5-formative")])
    assert {f.waiver.reason for f in got.findings if f.waiver} == {"augšējais"}
    assert [use.matches for use in got.waivers] == [4, 4, 4]


def test_what_an_audit_of_some_classes_leaves_out_is_not_called_useless() -> None:
    waiver = Waiver("x", clause="5", class_="12.c")
    assert [use.state for use in waive(of_marks(AS_OF), [waiver], whole=False).waivers] == ["unchecked"]


# ---- against a plain reading, over the sample exports


def plainly_fits(waiver: Waiver, finding: Finding, day: date) -> bool:
    """Whether a waiver excuses a finding, condition by condition."""
    conditions = []
    if waiver.first:
        conditions.append(day >= waiver.first)
    if waiver.last:
        conditions.append(day <= waiver.last)
    if waiver.fingerprint:
        conditions.append(finding.fingerprint[: len(waiver.fingerprint)] == waiver.fingerprint)
    if waiver.clause:
        numbers = finding.rule.clause.split(".")
        above = [".".join(numbers[: n + 1]) for n in range(len(numbers))]
        conditions.append(waiver.clause in [finding.rule.id, *above])
    if waiver.teachers:
        conditions.append(finding.bearers != () and all(name in waiver.teachers for name in finding.bearers))
    if waiver.class_:
        conditions.append(finding.class_ == waiver.class_)
    if waiver.subject:
        conditions.append(finding.subject is not None and finding.subject.lower() == waiver.subject.lower())
    if waiver.pupil:
        conditions.append(finding.pupil == waiver.pupil)
    if waiver.days[0]:
        conditions.append(finding.on is not None and waiver.days[0] <= finding.on)
    if waiver.days[1]:
        conditions.append(finding.on is not None and finding.on <= waiver.days[1])
    return all(conditions)


@cache
def of_samples(*clauses: str, as_of: str = "2026-11-23") -> Audit:
    return audited(sample_journal(), as_of, list(clauses))


# Duties of entries and of days, of one and of several teachers, and clauses with clauses below them.
SOME = ("2-homework", "5", "8", "10")


@st.composite
def waivers(draw: st.DrawFn) -> Waiver:
    """A waiver made of what some finding is about, with one thing of another finding in it now and then."""
    audit = of_samples(*SOME)
    finding, other = (draw(st.sampled_from(audit.findings)) for _n in range(2))
    day = audit.as_of.date()

    def some(value: Any, stranger: Any) -> Any:
        return draw(st.sampled_from([None, value, value, stranger]))

    def near(middle: date | None) -> date | None:
        return some(middle, None) and middle and middle + timedelta(draw(st.integers(-2, 2)))

    number = finding.rule.clause
    fingerprint = some(finding.fingerprint, other.fingerprint)
    clause = some(draw(st.sampled_from([number, number.split(".")[0], finding.rule.id])), other.rule.clause)
    return Waiver(
        "iemesls",
        first=near(day),
        last=near(day),
        fingerprint=fingerprint,
        clause=clause if clause or fingerprint else number,
        teachers=some(finding.bearers, other.bearers) or (),
        class_=some(finding.class_, other.class_),
        subject=some(finding.subject, other.subject),
        pupil=some(finding.pupil, other.pupil),
        days=(near(finding.on), near(finding.on)),
    )


@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(st.lists(waivers(), max_size=6))
def test_excused_is_what_fits_every_condition(given_: list[Waiver]) -> None:
    audit = of_samples(*SOME)
    day = audit.as_of.date()
    got = waive(audit, given_)
    assert len(got.counted) + sum(f.waived for f in got.findings) == len(audit.findings)
    assert [f._replace(waiver=None) for f in got.findings] == list(audit.findings)
    for finding in got.findings:
        fitting = [waiver for waiver in given_ if plainly_fits(waiver, finding, day)]
        assert finding.waiver == (fitting[0] if fitting else None)
    for use in got.waivers:
        whenever = replace(use.waiver, first=None, last=None)
        assert use.matches == sum(plainly_fits(whenever, finding, day) for finding in audit.findings)


def test_a_waiver_that_ended_lets_its_findings_come_back() -> None:
    """Three Mondays: the waiver holds on the first two and has ended by the third."""
    mondays = ("2026-11-02", "2026-11-09", "2026-11-16")
    audits = [of_samples("5", as_of=monday) for monday in mondays]
    late = audits[0].findings[0]
    waiver = Waiver("slimība", fingerprint=late.fingerprint, clause="5", last=date(2026, 11, 9))
    weeks = [waive(audit, [waiver]) for audit in audits]
    assert [late.fingerprint in {f.fingerprint for f in week.counted} for week in weeks] == [False, False, True]
    assert [sum(f.waived for f in week.findings) for week in weeks] == [1, 1, 0]
    assert [week.waivers[0].state for week in weeks] == [EXPIRING, EXPIRING, EXPIRED]
    later = replace(waiver, last=date(2026, 12, 31))
    assert [waive(audit, [later]).waivers[0].state for audit in audits] == [USED] * 3


# ---- the commands


@pytest.fixture
def school(tmp_path: Path) -> Path:
    folder = tmp_path / "eksports"
    folder.mkdir()
    write_tables(folder, MARKS)
    return folder


def check(school: Path, *options: str | Path) -> Any:
    return command("check", school, "--as-of", AS_OF, *options)


def test_a_run_without_other_findings_ends_in_0(school: Path) -> None:
    assert check(school).exit_code == 1
    path = write_list(school.parent / "atl.csv", "Punkts | Iemesls\n5 | x\n6 | x")
    assert check(school, "--waivers", path).exit_code == 0
    assert check(school, "--waivers", path, "--clause", "5").exit_code == 0
    write_list(path, "Punkts | Iemesls\n5 | x")
    assert check(school, "--waivers", path).exit_code == 1


def test_the_configuration_names_the_list_from_where_it_stands(school: Path) -> None:
    (school / "eklase-audit.toml").write_text('waivers = "lietvedība/izņēmumi.xlsx"', "utf-8")
    (school / "lietvedība").mkdir()
    result = check(school)
    assert result.exit_code == 2
    assert "there is no such file" in result.stderr
    write_list(school / "lietvedība" / "izņēmumi.xlsx", "Punkts | Iemesls\n5 | x\n6 | x")
    assert check(school).exit_code == 0
    # The list that is asked for comes first.
    write_list(school.parent / "cits.toml", "Punkts | Iemesls\n5 | x")
    assert check(school, "--waivers", school.parent / "cits.toml").exit_code == 1


def test_the_answer_tells_what_is_excused_and_by_what(school: Path) -> None:
    text = """
Punkts | Klase | Iemesls        | Rīkojums | Atļāva     | No         | Līdz
5      | 7.a   | Pedagoga lapa  | 1-7/12   | Līga Ķirse | 01.01.2026 | 30.06.2026
6      |       | Olimpiāde      |          |            |            | 31.12.2025
5      | 9.z   | Kļūda          |          |            |            |
"""
    path = write_list(school.parent / "atl.csv", text)
    got = json.loads(check(school, "--waivers", path, "--format", "json").stdout)
    assert got["totals"] == {"violations": 2, "warnings": 0, "waived": 3, "data_problems": 0}
    by_name = {finding["pupil"].split()[0]: finding for finding in got["findings"]}
    assert [name for name, finding in by_name.items() if finding["waived"]] == ["Anna", "Ģirts", "Toms"]
    grounds = {"reason": "Pedagoga lapa", "order": "1-7/12", "allowed_by": "Līga Ķirse",
               "from": "2026-01-01", "until": "2026-06-30", "place": "atl.csv:2"}  # fmt: skip
    assert by_name["Anna"]["waiver"] == grounds
    assert (by_name["Līga"]["waived"], by_name["Līga"]["waiver"]) == (False, None)
    assert [(w["place"], w["state"], w["matches"]) for w in got["waivers"]] == [
        ("atl.csv:2", "used", 3),
        ("atl.csv:3", "expired", 1),
        ("atl.csv:4", "unmatched", 0),
    ]
    assert got["waivers"][0] | grounds == got["waivers"][0]
    assert got["waivers"][0]["class"] == "7.a"


def test_without_waivers_nothing_is_said_of_them(school: Path) -> None:
    assert "waive" not in check(school).stdout
    got = json.loads(check(school, "--format", "json").stdout)
    assert (got["waivers"], got["totals"]["waived"]) == ([], 0)


def test_the_terminal_shows_them_apart(school: Path) -> None:
    text = """
Punkts | Klase | Iemesls        | Līdz
5      | 7.a   | Pedagoga lapa  | 30.06.2026
6      |       | Olimpiāde      | 31.12.2025
5      | 9.z   | Kļūda          |
"""
    path = write_list(school.parent / "atl.csv", text)
    shown = check(school, "--waivers", path).stdout
    counted, _title, apart = shown.partition("Waived findings")
    excused, _title, others = apart.partition("Waivers to look at")
    assert "Līga Ķirse" in counted and "Uldis Ābele" in counted
    assert not any(name in counted for name in ("Anna Bērziņa", "Ģirts Šķēle", "Toms Žagars", "Jānis Žīgurs"))
    assert all(name in excused for name in ("Anna Bērziņa", "Ģirts Šķēle", "Toms Žagars", "Pedagoga lapa"))
    assert "30 Jun 2026" in excused
    assert "atl.csv:3" in others and "atl.csv:4" in others and "atl.csv:2" not in others
    assert "2 violations, 0 warnings, 3 waived," in others


def test_a_fault_in_the_list_stops_the_audit_in_one_line_without_its_values(school: Path) -> None:
    path = write_list(school.parent / "atl.csv", "Punkts | Pedagogs | Iemesls | Līdz\n5 | Slepenais Vārds | x | drīz")
    result = check(school, "--waivers", path)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == "eklase-audit: atl.csv:2: «Līdz»: not a date: write it as 08.12.2025\n"


def test_why_tells_the_waiver(school: Path) -> None:
    path = write_list(school.parent / "atl.csv", "Punkts | Iemesls\n5 | Pedagoga lapa")
    anna = next(f for f in of_marks(AS_OF).findings if first_name(f) == "Anna")
    shown = command("why", anna.fingerprint, school, "--as-of", AS_OF, "--waivers", path).stdout
    assert "Pedagoga lapa (atl.csv:2)" in shown


def test_waivers_lists_all_with_their_states(school: Path) -> None:
    text = """
Punkts | Klase | Iemesls   | No         | Līdz
5      | 7.a   | Lapa      |            | 20.01.2026
6      |       | Olimpiāde |            | 31.12.2025
5      |       | Pavasaris | 01.03.2026 |
"""
    path = write_list(school.parent / "atl.csv", text)

    def states(*options: str | Path) -> list[tuple[str, int | None]]:
        result = command("waivers", *options, "--as-of", AS_OF, "--waivers", path, "--format", "json")
        assert result.exit_code == 0
        return [(entry["state"], entry["matches"]) for entry in json.loads(result.stdout)["waivers"]]

    assert states() == [("expiring", None), ("expired", None), ("not_yet", None)]
    assert states(school) == [("expiring", 3), ("expired", 1), ("not_yet", 4)]
    shown = command("waivers", school, "--as-of", AS_OF, "--waivers", path).stdout
    assert "clause 5, 7.a" in shown and "ends soon (3 findings)" in shown and "In all: 3 waivers" in shown


def test_waivers_tells_every_fault_and_ends_in_2(school: Path) -> None:
    path = write_list(school.parent / "atl.csv", "Punkts | Iemesls | Līdz\n5 | | \n5 | x | drīz\n5 | labi |")
    result = command("waivers", "--waivers", path)
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "eklase-audit: atl.csv:2: «Iemesls»: a waiver needs a reason",
        "eklase-audit: atl.csv:3: «Līdz»: not a date: write it as 08.12.2025",
    ]
    assert "labi" in result.stdout
    got = json.loads(command("waivers", "--waivers", path, "--format", "json").stdout)
    assert (len(got["waivers"]), len(got["errors"])) == (1, 2)


def test_waivers_wants_a_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "say which list" in command("waivers").stderr


def test_each_of_many_schools_has_its_own_waivers(tmp_path: Path) -> None:
    for name, text in (("a-skola", ""), ("b-skola", 'waivers = "saraksti/atl.csv"')):
        folder = tmp_path / "skolas" / name
        (folder / "saraksti").mkdir(parents=True)
        write_tables(folder, MARKS)
        (folder / "eklase-audit.toml").write_text(text, "utf-8")
        write_list(folder / "saraksti" / "atl.csv", "Punkts | Iemesls | Atļāva\n5 | x | y")

    def waived() -> list[int]:
        command("fleet", tmp_path / "skolas", "--out", tmp_path / "out", "--as-of", AS_OF, "--workers", "1")
        outcomes = sorted((tmp_path / "out" / "answers").glob("*.json"))
        return [json.loads(path.read_text("utf-8"))["totals"]["waived"] for path in outcomes]

    assert waived() == [0, 4]
    # A changed list is a changed school.
    write_list(tmp_path / "skolas" / "b-skola" / "saraksti" / "atl.csv", "Punkts | Iemesls | Atļāva\n6 | x | y")
    assert waived() == [0, 1]
