"""The workbook and the CSV as LibreOffice opens them: every letter right, real dates, and no formula run."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from eklase_audit.reports import csv_report, xlsx_report
from support import audited, journal_of
from test_programs import convert
from test_reports import HOSTILE, HOSTILE_MARKS, MARKS, column

pytestmark = pytest.mark.programs

LETTERS = "Āēģīķļņšūž Čūskiņa"
# Semicolons, quotation marks, UTF-8, from the first line; formulas evaluated where the file holds any.
AS_CSV = "--infilter=CSV:59,34,76,1,,0,false,true,false,false,false,-1"


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    marks = [{**MARKS[0], "Skolēns": LETTERS}, *HOSTILE_MARKS]
    audit = audited(journal_of({"marks": marks}), "2026-02-27", ["5"])
    (folder / "no_csv.csv").write_bytes(csv_report.render(audit))
    (folder / "no_xlsx.xlsx").write_bytes(xlsx_report.render(audit))
    return folder


def cells(path: Path, sheet: str | None = None) -> list[list[Any]]:
    book = openpyxl.load_workbook(path)
    table = book[sheet] if sheet else book.worksheets[0]
    for each in book.worksheets:
        assert not [cell.value for row in each.iter_rows() for cell in row if cell.data_type == "f"]
    return [[cell.value for cell in row] for row in table.iter_rows()]


def test_csv_opened_in_libreoffice(reports: Path, tmp_path: Path) -> None:
    folder = convert([reports / "no_csv.csv"], tmp_path, "xlsx", AS_CSV)
    rows = cells(folder / "no_csv.xlsx")
    assert LETTERS in column(rows, "Pupil")
    assert f"'{HOSTILE}" in [str(text) for text in column(rows, "Pupil")]


def test_workbook_opened_in_libreoffice(reports: Path, tmp_path: Path) -> None:
    folder = convert([reports / "no_xlsx.xlsx"], tmp_path, "xlsx")
    rows = cells(folder / "no_xlsx.xlsx", "Findings")
    assert {LETTERS, HOSTILE, "-2+3"} == set(column(rows, "Pupil"))
    assert column(rows, "Date")[0] == datetime(2025, 12, 8)
    saved = convert([folder / "no_xlsx.xlsx"], tmp_path / "again", "ods")
    assert (saved / "no_xlsx.ods").stat().st_size > 0


def test_a_formula_would_have_been_seen(reports: Path, tmp_path: Path) -> None:
    """That the tests above can fail: LibreOffice does run what the report writes harmless."""
    text = (reports / "no_csv.csv").read_text("utf-8-sig").replace("'-2+3", "=2+3")
    (tmp_path / "bad.csv").write_text(text, "utf-8-sig", newline="")
    assert list(csv.reader(io.StringIO(text), delimiter=";"))
    folder = convert([tmp_path / "bad.csv"], tmp_path / "out", "xlsx", AS_CSV)
    book = openpyxl.load_workbook(folder / "bad.xlsx")
    assert [cell.value for row in book.worksheets[0].iter_rows() for cell in row if cell.data_type == "f"] == ["=2+3"]
