"""The same tables saved by LibreOffice, XlsxWriter and openpyxl give the same findings."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from libreoffice import CSV_FILTERS, INPUT_FILTERS, convert
from support import answer_of_folder

pytestmark = pytest.mark.programs

AS_OF = "2026-02-27"

MATHS, LATVIAN = "Ilze Kalniņa", "Jānis Žīgurs"
LESSONS = [
    ["Datums", "Stunda", "Klase", "Priekšmets", "Pedagogs", "Tēma", "Mājas darbs", "Ievadīts"],
    [
        "08.12.2025",
        "1",
        "7.a",
        "Matemātika",
        MATHS,
        "SR: Risinu / Vienādojumi",
        "12. uzd.",
        "08.12.2025 12:05",
    ],
    ["08.12.2025", "2", "7.a", "Matemātika", MATHS, "SR: Zīmēju 'x'; y / Taisne", "", "08.12.2025 17:05:30"],
    [
        "09.12.2025",
        "12",
        "7.a",
        "Valoda",
        LATVIAN,
        'SR: Lasu "Princi"\nun / Grāmata',
        "nav",
        "10.12.2025 08:00",
    ],
    ["10.12.2025", "3", "7.a", "Valoda", LATVIAN, "", "Jāraksta, jālasa; jāmācās", ""],
    ["11.12.2025", "4", "12.b", "Matemātika", MATHS, "Vienādojumi", "", "11.12.2025 16:59:59"],
    ["12.12.2025", "5", "12.b", "Matemātika", MATHS, "SR: Atkārtoju / Ķīļi", "", "12.12.2025"],
]
MARKS = [
    ["Skolēns", "Vērtējuma veids", "Darba datums", "Iesniegts", "Vērtējums", "Periods", "Ievadīts"],
    ["Anna Bērziņa", "formatīvais", "08.12.2025", "", "8", "", "11.12.2025 10:00"],
    ["Anna Bērziņa", "formatīvais", "09.12.2025", "", "A T", "", "16.12.2025 10:00"],
    ["Ģirts Šķēle", "formatīvais", "31.02.2026", "", "9", "", "16.12.2025 10:00"],
    ["Ģirts Šķēle", "summatīvais", "08.12.2025", "10.12.2025", "10", "", "07.01.2026 9:15"],
    ["Ģirts Šķēle", "summatīvais", "08.12.2025", "", "", "", ""],
    ["Anna Bērziņa", "semestra", "", "", "8", "1. semestris", "15.12.2025 10:00"],
    ["Ģirts Šķēle", "semestra", "", "", "4", "1", "22.12.2025 10:00"],
]
# All of one class, subject and teacher.
MARKS = [
    [*row, *(("7.a", "Matemātika", MATHS) if n else ("Klase", "Priekšmets", "Pedagogs"))] for n, row in enumerate(MARKS)
]
CONTACTS = [
    ["Skolēns", "Klase", "Skolēna tālrunis", "Vecāka tālrunis", "Aktualizēts"],
    ["Anna Bērziņa", "7.a", "29123456", "+371 29123457", "05.09.2025"],
    ["Ģirts Šķēle", "7.a", "123", "67 123 456", "12.10.2025"],
]
STATEMENTS = [
    ["Klase", "Skolēns", "Mēnesis", "Izsniegts"],
    ["7.a", "Anna Bērziņa", "2025-12", "05.01.2026"],
    ["7.a", "Ģirts Šķēle", "decembris 2025", "06.01.2026"],
    ["7.a", "Anna Bērziņa", "01.2026", "04.02.2026"],
]
WORKLOADS = [
    ["Pedagogs", "Priekšmets", "Klase"],
    [MATHS, "Matemātika", "7.a"],
    [LATVIAN, "Valoda", "7.a"],
]
TIMETABLE = [
    ["Klase", "Nedēļas diena", "Stunda", "Priekšmets", "Pedagogs", "Spēkā no", "Spēkā līdz"],
    ["7.a", "Pirmdiena", "1", "Matemātika", MATHS, "01.12.2025", "19.12.2025"],
    ["7.a", "2", "12", "Valoda", LATVIAN, "01.12.2025", "19.12.2025"],
    ["7.a", "T.", "4", "Valoda", LATVIAN, "01.12.2025", "19.12.2025"],
]
TABLES = {
    "stundas": LESSONS,
    "vertejumi": MARKS,
    "kontakti": CONTACTS,
    "izraksti": STATEMENTS,
    "slodzes": WORKLOADS,
    "saraksts": TIMETABLE,
}


def typed(heading: str, text: str) -> Any:
    """A cell as a person leaves it in a workbook: dates as dates, numbers as numbers."""
    for form, makes in (("%d.%m.%Y %H:%M:%S", datetime), ("%d.%m.%Y %H:%M", datetime), ("%d.%m.%Y", date)):
        try:
            moment = datetime.strptime(text, form)
        except ValueError:
            continue
        return moment if makes is datetime else moment.date()
    if heading == "Mēnesis" and text == "decembris 2025":
        return date(2025, 12, 1)
    return int(text) if text.isdigit() else text


def write_csv(path: Path, rows: list[list[str]], encoding: str = "utf-8") -> None:
    with path.open("w", encoding=encoding, newline="") as out:
        csv.writer(out, delimiter=";").writerows(rows)


def by_openpyxl(path: Path, rows: list[list[str]], cell: Callable[[str, str], Any]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for number, row in enumerate(rows):
        sheet.append([cell(heading, text) if number else text for heading, text in zip(rows[0], row, strict=True)])
    book.save(path)


def by_xlsxwriter(path: Path, rows: list[list[str]], cell: Callable[[str, str], Any]) -> None:
    book = xlsxwriter.Workbook(str(path))
    shown = {"day": "dd.mm.yyyy", "moment": "dd.mm.yyyy hh:mm:ss", "month": "mm.yyyy"}
    formats = {name: book.add_format({"num_format": form}) for name, form in shown.items()}
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            value = cell(rows[0][column], text) if number else text
            if isinstance(value, date):
                name = "moment" if isinstance(value, datetime) else "day"
                name = "month" if rows[0][column] == "Mēnesis" else name
                sheet.write_datetime(number, column, value, formats[name])
            elif isinstance(value, str):
                sheet.write_string(number, column, value)
            else:
                sheet.write_number(number, column, value)
    book.close()


def as_text(_heading: str, text: str) -> str:
    return text


def told(folder: Path) -> dict[str, Any]:
    """What an audit of a folder says, files and rows aside."""
    got = answer_of_folder(folder, AS_OF)
    places = ("file", "sheet", "row")
    return {
        "checks": got["checks"],
        "findings": [
            {key: value for key, value in finding.items() if key not in places} for finding in got["findings"]
        ],
        "problems": sorted((p["row"], p["column"], p["value"]) for p in got["data_problems"]),
        "rows": sorted((i["kind"], i["rows"]) for i in got["inputs"]),
        "skipped": got["skipped"],
        "errors": got["errors"],
    }


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("csv")
    for name, rows in TABLES.items():
        write_csv(folder / f"{name}.csv", rows)
    got = told(folder)
    # All that could go wrong on the way is there: findings of each check, a cell that cannot be read.
    assert {check["check"] for check in got["checks"] if check["status"] == "findings"} >= {
        "2-lesson", "2-topic", "2-unrecorded", "3.1-topic", "5-formative", "6-summative", "7-statement",
        "8-semester",
    }  # fmt: skip
    assert got["problems"] == [(4, "Darba datums", "31.02.2026")]
    assert not got["skipped"] and not got["errors"]
    return got


@pytest.mark.parametrize("write", [by_openpyxl, by_xlsxwriter])
@pytest.mark.parametrize("cell", [as_text, typed])
def test_workbooks_by_libraries(
    tmp_path: Path, expected: dict[str, Any], write: Callable[..., None], cell: Callable[[str, str], Any]
) -> None:
    for name, rows in TABLES.items():
        write(tmp_path / f"{name}.xlsx", rows, cell)
    assert told(tmp_path) == expected


# ---- LibreOffice


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("programs")
    (folder / "csv").mkdir()
    (folder / "xlsx").mkdir()
    for name, rows in TABLES.items():
        write_csv(folder / "csv" / f"{name}.csv", rows)
        by_xlsxwriter(folder / "xlsx" / f"{name}.xlsx", rows, typed)
    return folder


@pytest.mark.parametrize("way", INPUT_FILTERS)
def test_csv_opened_in_libreoffice_and_saved_as_workbook(workspace: Path, expected: dict[str, Any], way: str) -> None:
    target = workspace / f"xlsx {way}"
    convert((workspace / "csv").iterdir(), target, "xlsx", f"--infilter={INPUT_FILTERS[way]}")
    assert told(target) == expected


@pytest.mark.parametrize("way", CSV_FILTERS)
def test_workbook_opened_in_libreoffice_and_saved_as_csv(workspace: Path, expected: dict[str, Any], way: str) -> None:
    target = workspace / f"csv {way}"
    convert((workspace / "xlsx").iterdir(), target, f"csv:Text - txt - csv (StarCalc):{CSV_FILTERS[way]}")
    assert told(target) == expected


def test_workbook_saved_anew_by_libreoffice(workspace: Path, expected: dict[str, Any]) -> None:
    target = workspace / "xlsx anew"
    convert((workspace / "xlsx").iterdir(), target, "xlsx")
    assert told(target) == expected
