"""One small school of all kinds of exports, and the messy ways in which programs and people write it down."""

# ruff: noqa: E501 - tables are wider than code

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

from eklase_audit.exports.headings import kinds
from eklase_audit.exports.schema import holds
from support import table

AS_OF = "2026-02-27"

# Meanings as headings, in the tool's own words for values.
SCHOOL = {
    "lessons": """
date       | lesson | class | subject          | teacher      | journal            | topic                          | homework | pupils       | entered_at       | topic_entered_at | absences_entered_at | homework_entered_at
2025-12-08 | 1      | 7.a   | Matemātika       | Ilze Kalniņa | Klases žurnāls     | SR: Risinu / Vienādojumi       | 12. uzd. |              | 2025-12-08 09:05 | 2025-12-08 09:05 | 2025-12-08 09:05    | 2025-12-08 09:05
2025-12-08 | 2      | 7.a   | Latviešu valoda  | Jānis Žīgurs | Klases žurnāls     | Lasu "Mazo princi"; spriežu    | nav      |              | 2025-12-08 17:05 | 2025-12-09 10:00 | 2025-12-08 17:05    |
2025-12-09 | 3      | 12.b  | Latviešu valoda  | Jānis Žīgurs | Klases žurnāls     |                                |          |              | 2025-12-09 12:00 |                  |                     |
2025-12-10 | 4      | 7.a   | Matemātika       | Ilze Kalniņa | Individuālā darba žurnāls | Individuālais darbs (Matemātika / Fizika) daļas | | Anna Bērziņa | 2025-12-10 12:00 | 2025-12-10 12:00 | 2025-12-10 12:00 |
""",
    "marks": """
pupil         | class | subject         | teacher      | kind        | date       | submitted_on | theme   | mark   | period       | entered_at       | changed_at       | previous_mark
Anna Bērziņa  | 7.a   | Matemātika      | Ilze Kalniņa | formatīvais | 2025-12-08 |              | Daļas   | 75,81% |              | 2025-12-11 10:00 |                  |
Ģirts Šķēle   | 7.a   | Matemātika      | Ilze Kalniņa | formatīvais | 2025-12-08 |              | Daļas   | A T    |              | 2025-12-22 10:00 |                  |
Ģirts Šķēle   | 7.a   | Latviešu valoda | Jānis Žīgurs | summatīvais | 2025-12-08 | 2025-12-10   | Teksts  | 10     |              | 2026-01-07 09:15 |                  |
Ērika Ļaudama | 12.b  | Latviešu valoda | Jānis Žīgurs | summatīvais | 2025-12-08 |              | Teksts  |        |              |                  |                  |
Anna Bērziņa  | 7.a   | Matemātika      | Ilze Kalniņa | semestra    |            |              |         | 8      | 1. semestris | 2025-12-15 10:00 |                  |
Ģirts Šķēle   | 7.a   | Matemātika      | Ilze Kalniņa | semestra    |            |              |         | a      | 1. semestris | 2025-12-22 10:00 | 2025-12-23 10:00 | 4
Ģirts Šķēle   | 7.a   | Matemātika      | Ilze Kalniņa | x           | 2025-12-10 |              |         | 4      |              | 2025-12-22 10:00 |                  |
""",
    "absences": """
pupil        | class | date       | lesson | subject         | teacher      | code | entered_at       | justified_at     | justified_by
Anna Bērziņa | 7.a   | 2025-12-08 | 1      | Matemātika      | Ilze Kalniņa | ns   | 2025-12-08 09:05 | 2025-12-12 10:00 | Dace Siliņa
Ģirts Šķēle  | 7.a   | 2025-12-08 | 2      | Latviešu valoda | Jānis Žīgurs | n    | 2025-12-08 17:05 |                  |
Ģirts Šķēle  | 7.a   | 2025-12-10 | 4      | Matemātika      | Ilze Kalniņa | nc   | 2025-12-10 12:00 | 2025-12-11 10:00 | Dace Siliņa
Anna Bērziņa | 7.a   | 2025-12-12 | 3      |                 | Ilze Kalniņa | n    | 2025-12-12 12:00 |                  |
""",
    "notes": """
pupil        | class | from       | to         | reason  | received_at
Anna Bērziņa | 7.a   | 2025-12-08 | 2025-12-09 | slimība | 2025-12-10
""",
    "events": """
event     | class | pupils                    | from       | to         | responsible  | informed_at
Olimpiāde | 7.a   | Anna Bērziņa; Uga Alksnis | 2025-12-12 | 2025-12-12 | Ilze Kalniņa | 2025-12-11
""",
    "contacts": """
pupil         | class | pupil_phone | parent        | parent_phone   | updated_at | informed_at | enrolled_on | left_on
Anna Bērziņa  | 7.a   | 29123456    | Līga Bērziņa  | +371 29123457  | 2025-09-05 | 2025-09-05  |             |
Ģirts Šķēle   | 7.a   | 123         | Ēriks Šķēle   | 67 123 456     | 2025-10-12 |             | 2025-09-01  |
Ērika Ļaudama | 12.b  | 29123458    | Zane Ļaudama  | 29123459       | 2025-08-12 | 2025-09-12  |             | 2026-01-30
""",
    "statements": """
class | pupil         | month   | issued_at  | channel
7.a   | Anna Bērziņa  | 2025-12 | 2026-01-05 | e-pasts
7.a   | Ģirts Šķēle   | 2025-12 | 2026-01-06 | izdruka
12.b  | Ērika Ļaudama | 2026-01 | 2026-02-04 | e-pasts
""",
    "exemptions": """
pupil       | class | subject    | from       | to         | order
Ģirts Šķēle | 7.a   | Matemātika | 2025-09-01 | 2026-05-31 | 1-9/15
""",
    "documents": """
document   | class | pupil        | teacher      | period       | printed_at
Atskaite   |       |              | Ilze Kalniņa | 1. semestris | 2026-01-20
Liecība    | 7.a   | Anna Bērziņa |              | 1. semestris | 2025-12-19
""",
    "classes": """
class | class_teacher
7.a   | Dace Siliņa
12.b  | Uldis Žagars
""",
    "workloads": """
teacher      | subject         | class | from       | to
Ilze Kalniņa | Matemātika      | 7.a   |            |
Jānis Žīgurs | Latviešu valoda | 7.a   | 2025-09-01 | 2026-05-29
Jānis Žīgurs | Latviešu valoda | 12.b  |            |
""",
    "timetable": """
class | weekday   | lesson | subject         | teacher      | valid_from | valid_to
7.a   | pirmdiena | 1      | Matemātika      | Ilze Kalniņa | 2025-12-01 | 2025-12-19
7.a   | otrdiena  | 2      | Latviešu valoda | Jānis Žīgurs | 2025-12-01 | 2025-12-19
""",
    "summary": """
pupil         | class | Latviešu valoda 1. semestris | Sports 1. semestris
Anna Bērziņa  | 7.a   | 9                            | 8
Ģirts Šķēle   | 7.a   | atb                          |
""",
}  # fmt: skip

WEEKDAYS = {"pirmdiena": ("Pirmdiena", "P.", "Pr", "1"), "otrdiena": ("OTRDIENA", "O.", "Ot", "2")}
MONTHS = {"2025-12": ("12.2025", "decembris 2025", "2025. gada decembrī", "12.2025."),
          "2026-01": ("01.2026", "janvāris 2026", "2026. gada janvārī", "1.2026")}  # fmt: skip
PERIODS = ("1. sem.", "I semestris", "1", "1.semestris")
MARK_KINDS = {"formatīvais": ("formatīvs", "Formatīvais vērtējums", "FORMATĪVS DARBS", "formatīvs vērtējums"),
              "summatīvais": ("summatīvs", "Summatīvais darbs", "SUMMATĪVS", "summatīvs vērtējums"),
              "semestra": ("Semestra vērtējums", "semestra", "SEMESTRA", "Semestra")}  # fmt: skip
CLASSES: tuple[Callable[[str], str], ...] = (
    lambda name: name.replace(".", ""), lambda name: name.replace(".", " ").upper(), lambda name: f"{name} klase",
    lambda name: name.replace(".", ". ").upper() + " KLASE",
)  # fmt: skip
LESSONS: tuple[Callable[[str], str], ...] = (
    lambda number: f"{number}.", lambda number: f"{number}. stunda", lambda number: f" {number}", str,
)  # fmt: skip
DAYS = ("%d.%m.%Y", "%d.%m.%Y.", "%Y-%m-%d", "%d/%m/%Y")
STAMPS = ("%d.%m.%Y %H:%M", "%d.%m.%Y. %H:%M", "%Y-%m-%dT%H:%M:00", "%d.%m.%Y plkst. %H.%M")


@dataclass(frozen=True)
class Dialect:
    """How the school is written: each choice is one of some, by number; `form` is what writes a table."""

    name: str
    form: str = "csv"
    encoding: str = "utf-8"
    delimiter: str = ";"
    end: str = "\r\n"
    quoting: int = csv.QUOTE_MINIMAL
    values: int | None = None
    synonym: int = 0
    order: int = 1
    titles: int = 0
    footer: bool = False
    typed: bool = False
    heading: Callable[[str], str] = str
    cell: Callable[[str], str] = str
    pages: bool = False
    blank_columns: bool = False
    two_headers: bool = False
    sep: bool = False


NBSP = "\u00a0"
DIALECTS = [
    Dialect("plain"),
    Dialect("line ends of old Macs", end="\r"),
    Dialect("sep=, line", delimiter=",", sep=True),
    Dialect("sep=| line", delimiter="|", sep=True),
    Dialect("dates with a final dot, first synonyms", values=1, synonym=1),
    Dialect("ISO, second synonyms", values=2, synonym=2),
    Dialect("slashes, third synonyms", values=3, synonym=3),
    Dialect("titles and footer in windows-1257", encoding="cp1257", titles=2, footer=True, values=0),
    Dialect("columns backwards", order=-1, values=1),
    Dialect("columns backwards, blank ones between", order=-1, blank_columns=True),
    Dialect("headings in capitals with colons", heading=lambda word: f"{word.upper()}:"),
    Dialect("headings of several lines", heading=lambda word: word.replace(" ", "\n")),
    Dialect(
        "spaces that cannot be seen",
        cell=lambda cell: f"{NBSP}{cell.replace(' ', NBSP)}\u200b" if cell else NBSP,
    ),
    Dialect("decomposed letters", cell=lambda cell: cell.replace("ā", "a\u0304").replace("ņ", "n\u0327")),
    Dialect("page by page", titles=2, footer=True, pages=True),
    Dialect("headers of two rows", two_headers=True),
    Dialect("XlsxWriter, texts", form="xlsxwriter"),
    Dialect("XlsxWriter, dates and numbers", form="xlsxwriter", typed=True, titles=2),
    Dialect("XlsxWriter, days from 1904", form="xlsxwriter 1904", typed=True, synonym=1),
    Dialect("openpyxl, dates and numbers", form="openpyxl", typed=True, footer=True, order=-1),
    Dialect("one workbook of all sheets", form="one workbook", typed=True, titles=1, synonym=2),
    Dialect("archive", form="zip", values=0, encoding="cp1257"),
]


def write(folder: Path, dialect: Dialect) -> None:
    """Write the school into a folder."""
    tables = {kind: _rows(kind, dialect) for kind in SCHOOL}
    if dialect.form == "csv":
        for kind, rows in tables.items():
            (folder / f"{kind}.csv").write_bytes(_csv(rows, dialect))
    elif dialect.form == "zip":
        with zipfile.ZipFile(folder / "skola.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for kind, rows in tables.items():
                archive.writestr(f"2025/{kind}.csv", _csv(rows, dialect))
    elif dialect.form == "one workbook":
        _xlsxwriter(folder / "skola.xlsx", tables)
    elif dialect.form == "openpyxl":
        for kind, rows in tables.items():
            _openpyxl(folder / f"{kind}.xlsx", rows)
    else:
        for kind, rows in tables.items():
            _xlsxwriter(folder / f"{kind}.xlsx", {"Lapa": rows}, date_1904=dialect.form.endswith("1904"))


def _rows(kind: str, dialect: Dialect) -> list[list[Any]]:
    records = table(SCHOOL[kind])
    meanings = list(records[0])[:: dialect.order]
    head = [_heading(kind, meaning, dialect) for meaning in meanings]
    body = [[_cell(kind, meaning, record[meaning], dialect) for meaning in meanings] for record in records]
    header = [head]
    if dialect.two_headers and kind == "summary":
        header = [["Skolēns", "Klase", "Latviešu valoda", "Sports"], ["", "", "1. semestris", "1. semestris"]]
    elif dialect.two_headers:
        # The first heading stands above, as one merged over both rows does.
        header = [[head[0], "Pārējais", *[""] * (len(head) - 2)], ["", *head[1:]]]
    titles = [
        ["Izdomāta vidusskola"],
        ["Sagatavots: 20.12.2025."],
        [],
        ["Periods", "01.09.2025. – 31.05.2026."],
    ]
    above = titles[: dialect.titles]
    footer = [[], [f"Kopā: {len(body)}"]] if dialect.footer else []
    if dialect.pages:
        rows = [row for line in body for row in (*above, *header, line, *footer)]
    else:
        rows = [*above, *header, *body, *footer]
    if dialect.blank_columns:
        rows = [["", *(cell for pair in zip(row, [""] * len(row), strict=True) for cell in pair)] for row in rows]
    return rows


def _heading(kind: str, meaning: str, dialect: Dialect) -> str:
    words = kinds()[kind].headings.get(meaning)
    # A summary's heading holds a subject, which is a value.
    return meaning if words is None else dialect.heading(words[min(dialect.synonym, len(words) - 1)])


def _cell(kind: str, meaning: str, text: str, dialect: Dialect) -> Any:
    what = holds(kind, meaning) if meaning in kinds()[kind].headings else "text"
    if not text:
        return dialect.cell(text)
    if what in ("day", "stamp"):
        when = datetime.fromisoformat(text)
        has_clock = ":" in text
        if dialect.typed:
            return when if has_clock else when.date()
        return dialect.cell(when.strftime((STAMPS if has_clock else DAYS)[dialect.values or 0]))
    if dialect.typed and text.isdigit():
        return int(text)
    n = dialect.values
    if n is not None:
        if what == "weekday":
            text = WEEKDAYS[text][n]
        elif what == "month":
            text = MONTHS[text][n]
        elif what == "period":
            text = PERIODS[n]
        elif what == "mark_kind":
            text = MARK_KINDS.get(text, (text,) * 4)[n]
        elif what in ("class", "classes"):
            text = CLASSES[n](text)
        elif what == "lesson":
            text = LESSONS[n](text)
        elif what == "code":
            text = " ".join(text) if n % 2 else text.upper()
        elif what == "pupils":
            text = text.replace("; ", (";", ", ", "\n", " ;")[n])
    return dialect.cell(text)


def _csv(rows: list[list[Any]], dialect: Dialect) -> bytes:
    out = io.StringIO()
    if dialect.sep:
        out.write(f"sep={dialect.delimiter}{dialect.end}")
    csv.writer(out, delimiter=dialect.delimiter, lineterminator=dialect.end, quoting=dialect.quoting).writerows(rows)
    return out.getvalue().encode(dialect.encoding)


def _xlsxwriter(path: Path, tables: dict[str, list[list[Any]]], **options: Any) -> None:
    with xlsxwriter.Workbook(str(path), options) as book:
        day, moment = (book.add_format({"num_format": form}) for form in ("dd.mm.yyyy", "dd.mm.yyyy hh:mm"))
        for name, rows in tables.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(number, column, cell, moment if isinstance(cell, datetime) else day)
                    elif isinstance(cell, int):
                        sheet.write_number(number, column, cell)
                    else:
                        sheet.write_string(number, column, cell)


def _openpyxl(path: Path, rows: list[list[Any]]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(path)
