"""The reports that other programs open: CSV, JSON Lines, Markdown, JUnit and the workbook."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from eklase_audit import i18n
from eklase_audit.audit import Audit
from eklase_audit.findings import NEW, Waiver
from eklase_audit.reports import csv_report, json_answer, jsonl_report, junit_report, markdown_report, xlsx_report
from support import audited, command, journal_of, sample_journal, table, write_tables

# A pupil, a teacher and a subject of these names would be formulas, markup, or end the text of an XML file.
HOSTILE = '=HYPERLINK("http://x";"y")'
MARKS = table(
    """
Skolēns       | Klase | Priekšmets | Pedagogs     | Vērtējuma veids | Darba datums | Vērtējums | Ievadīts
Anna Ozola    | 7.a   | Matemātika | Ilze Kalniņa | formatīvs       | 08.12.2025   | 7         | 15.12.2025 08:10
Jānis Bērziņš | 7.a   | Matemātika | Ilze Kalniņa | formatīvs       | 31.02.2026   | 7         | 15.12.2025 08:10
"""
)
HOSTILE_MARKS = [
    {**MARKS[0], "Skolēns": HOSTILE, "Pedagogs": "@SUM(A1)", "Priekšmets": "+cmd|' /C calc'!A0"},
    {**MARKS[0], "Skolēns": "-2+3", "Pedagogs": "| <b>*x*</b> |", "Priekšmets": "a\x01b\u202ec\ufffed"},
]


@pytest.fixture(scope="module")
def sample() -> Audit:
    return audited(sample_journal(), "2026-11-24T18:00")


def hostile() -> Audit:
    return audited(journal_of({"marks": HOSTILE_MARKS}), "2026-02-27", ["5"])


def rows_of_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def column(rows: list[list[Any]], heading: str) -> list[Any]:
    place = rows[0].index(heading)
    return [row[place] for row in rows[1:]]


def test_csv_holds_each_finding_and_each_gap(sample: Audit) -> None:
    content = csv_report.render(sample)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = rows_of_csv(content)
    assert {len(row) for row in rows} == {len(rows[0])}
    fingerprints = [text for text in column(rows, "Fingerprint") if text]
    assert fingerprints == [finding.fingerprint for finding in sample.findings]
    assert column(rows, "Verdict").count("cell not read") == len(sample.journal.problems)
    assert "Ģ" in content.decode("utf-8-sig")


def test_no_cell_of_a_csv_is_a_formula() -> None:
    rows = rows_of_csv(csv_report.render(hostile()))
    assert sorted(column(rows, "Pupil")) == sorted([f"'{HOSTILE}", "'-2+3"])
    assert "'@SUM(A1)" in column(rows, "Teacher")
    assert "'+cmd|' /C calc'!A0" in column(rows, "Subject")
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_json_lines_hold_what_the_json_answer_holds(sample: Audit) -> None:
    lines = [json.loads(line) for line in jsonl_report.render(sample).decode().splitlines()]
    answer = json_answer.answer(sample)
    assert lines[0]["type"] == "audit"
    assert lines[0]["totals"] == answer["totals"]
    for word, key in (("check", "checks"), ("finding", "findings"), ("data_problem", "data_problems")):
        mine = [{k: v for k, v in line.items() if k != "type"} for line in lines if line["type"] == word]
        assert mine == answer[key]


def test_markdown_shows_names_as_they_are() -> None:
    text = markdown_report.render(hostile()).decode()
    assert r"\| \<b\>\*x\*\</b\> \|" in text
    assert "<b>" not in text
    assert "\x01" not in text
    assert "\u202e" not in text
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert tables


def test_markdown_tells_all_findings_and_gaps(sample: Audit) -> None:
    text = markdown_report.render(sample).decode()
    assert all(finding.fingerprint in text for finding in sample.findings)
    assert text.count("31.02.2026") == sum(problem.value == "31.02.2026" for problem in sample.journal.problems)
    assert "What was not, or not wholly, audited, and why" in text


def test_junit_counts_findings_as_failures_and_gaps_as_skipped_or_errors(sample: Audit) -> None:
    root = ET.fromstring(junit_report.render(sample))
    failures = [case for case in root.iter("testcase") if case.find("failure") is not None]
    assert len(failures) == int(root.get("failures", "")) == len(sample.findings)
    assert int(root.get("errors", "")) == len(sample.journal.problems)
    assert sum(int(suite.get("tests", "")) for suite in root) == int(root.get("tests", ""))


def test_junit_tells_checks_without_findings_and_those_not_made() -> None:
    audit = audited(
        journal_of({"marks": [{**MARKS[0], "Ievadīts": "09.12.2025 08:10"}]}), "2026-02-27", ["5", "6", "1"]
    )
    root = ET.fromstring(junit_report.render(audit))
    states = {
        case.get("name"): "skipped" if case.find("skipped") is not None else "passed" for case in root.iter("testcase")
    }
    assert states == {
        "1-contacts": "skipped", "1-informed": "skipped", "5-formative": "passed", "6-summative": "passed",
    }  # fmt: skip


def test_junit_stays_xml_whatever_the_names_hold() -> None:
    root = ET.fromstring(junit_report.render(hostile()))
    assert any(HOSTILE in str(case.get("name")) for case in root.iter("testcase"))


def workbook(audit: Audit) -> Any:
    return openpyxl.load_workbook(io.BytesIO(xlsx_report.render(audit)))


def test_workbook_has_real_dates_numbers_and_texts() -> None:
    audit = audited(journal_of({"marks": MARKS}), "2026-02-27", ["5"])
    book = workbook(audit)
    assert book.sheetnames == [
        "Summary", "By teacher", "By class", "By clause", "Findings", "Not audited", "Data problems",
    ]  # fmt: skip
    rows = [[cell.value for cell in row] for row in book["Findings"].iter_rows()]
    assert column(rows, "Date") == [datetime(2025, 12, 8)]
    assert column(rows, "Due") == [datetime(2025, 12, 11, 23, 59, 59)]
    assert column(rows, "Working days late") == [2]
    assert column(rows, "Fingerprint") == [audit.findings[0].fingerprint]
    problems = [[cell.value for cell in row] for row in book["Data problems"].iter_rows()]
    assert column(problems, "Value") == ["31.02.2026"]
    assert book["Findings"].freeze_panes == "A2"
    assert book["Findings"].auto_filter.ref.startswith("A1:")


def test_no_cell_of_the_workbook_is_a_formula_or_a_link() -> None:
    for sheet in workbook(hostile()):
        for row in sheet.iter_rows():
            assert not [cell for cell in row if cell.data_type == "f" or cell.hyperlink]
    names = [cell.value for row in workbook(hostile())["Findings"].iter_rows() for cell in row]
    assert HOSTILE in names


def test_figures_in_the_workbook_are_those_of_the_answer(sample: Audit) -> None:
    rows = [[cell.value for cell in row] for row in workbook(sample)["By class"].iter_rows()]
    answer = json_answer.answer(sample)["figures"]["by_class"]
    assert column(rows, "Class") == [one["class"] or "–" for one in answer]
    assert column(rows, "lapses") == [one["lapses"] for one in answer]
    assert column(rows, "per 100 duties") == pytest.approx([one["per_hundred"] for one in answer], abs=0.005)


def test_waived_and_new_findings_are_told() -> None:
    audit = audited(journal_of({"marks": MARKS}), "2026-02-27", ["5"])
    (finding,) = audit.findings
    known = finding._replace(waiver=Waiver("slimība"), news=NEW, since=date(2026, 2, 27))
    audit = replace(audit, findings=(known,))
    rows = rows_of_csv(csv_report.render(audit))
    assert column(rows, "Waiver")[0] == "slimība"
    assert column(rows, "News")[0] == "new"
    assert column(rows, "Open since")[0] == "27 Feb 2026"
    root = ET.fromstring(junit_report.render(audit))
    assert root.get("failures") == "0"
    assert [case.get("message") for case in root.iter("skipped")] == ["slimība"]
    assert "slimība" in markdown_report.render(audit).decode()


@pytest.mark.parametrize("module", [csv_report, jsonl_report, markdown_report, junit_report, xlsx_report])
def test_the_same_audit_gives_the_same_bytes(module: Any) -> None:
    audit = audited(journal_of({"marks": MARKS}), "2026-02-27")
    assert module.render(audit) == module.render(audit)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["lv", "en"])
def test_the_tool_knows_its_own_reports(tmp_path: Path, kind: str, language: str) -> None:
    """A report that lies in the folder of the exports is no export, and makes no answer wrong."""
    write_tables(tmp_path, {"marks": MARKS})
    arguments = ["check", tmp_path, "--as-of", "2026-02-27", "--format", "json", "--lang", language]
    before = command(*arguments, "--report", tmp_path / f"parskats.{kind}")
    after = command(*arguments)
    assert json.loads(after.stdout)["findings"] == json.loads(before.stdout)["findings"]
    assert json.loads(after.stdout)["errors"] == []
    assert [one["file"] for one in json.loads(after.stdout)["skipped"]].count(f"parskats.{kind}") == 1


def test_reports_speak_latvian() -> None:
    audit = audited(journal_of({"marks": MARKS}), "2026-02-27", ["5"])
    i18n.activate("lv")
    assert workbook(audit).sheetnames[4] == "Konstatējumi"
    assert rows_of_csv(csv_report.render(audit))[0][0] == "Punkts"
