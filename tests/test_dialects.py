"""One school in thirty dialects: however an office writes its exports, the findings are the same."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from eklase_audit.exports.headings import kinds
from eklase_audit.exports.schema import holds
from support import answer_of_folder, table

AS_OF = "2026-06-30"
DAY = re.compile(r"(\d\d)\.(\d\d)\.(\d{4})(?: (\d\d):(\d\d))?\Z")

SCHOOL = {
    "lessons": """
        Datums | Stunda | Klase | Priekšmets | Pedagogs | Tēma | Mājas darbs | Ievadīts
        09.02.2026 | 1 | 7.a | Matemātika | Ilze Ķēniņa | SR: saskaita / Daļas | 5. uzd. | 09.02.2026 16:59
        09.02.2026 | 2 | 7.a | Fizika | Ģirts Ābols | Spēks; kustība | - | 09.02.2026 17:01
        10.02.2026 | 1 | 12.b | Matemātika | Ilze Ķēniņa | | 6. uzd. | 11.02.2026 08:10
        11.02.2026 | 3 | 12.b | Fizika | Ģirts Ābols | SR: mēra, lasa / Jauda | |
    """,
    "marks": """
        Skolēns|Klase|Priekšmets|Pedagogs|Vērtējuma veids|Darba datums | Iesniegts | Vērtējums | Periods | Ievadīts
        Žanis Šķēle | 7.a | Matemātika | Ilze Ķēniņa | formatīvs | 09.02.2026 | | 7 | | 12.02.2026 18:00
        Žanis Šķēle | 7.a | Fizika | Ģirts Ābols | formatīvs | 09.02.2026 | | 75,5% | | 13.02.2026 08:00
        Ēriks Ņukša | 12.b | Fizika | Ģirts Ābols | summatīvais | 02.02.2026 | 05.02.2026 | | |
        Ēriks Ņukša | 12.b | Matemātika | Ilze Ķēniņa | semestra | 15.06.2026 | | ATB | 2. semestris | 15.06.2026 10:00
    """,
    "absences": """
        Skolēns | Klase | Datums | Stunda | Priekšmets | Pedagogs | Kavējums | Ievadīts | Attaisnots
        Žanis Šķēle | 7.a | 09.02.2026 | 1 | Matemātika | Ilze Ķēniņa | n s | 09.02.2026 12:00 | 20.02.2026 09:00
        Ēriks Ņukša | 12.b | 10.02.2026 | 1 | Matemātika | Ilze Ķēniņa | n | 10.02.2026 17:30 |
    """,
    "notes": """
        Skolēns | Klase | No | Līdz | Saņemta
        Žanis Šķēle | 7.a | 09.02.2026 | 09.02.2026 | 10.02.2026 08:00
    """,
    "contacts": """
        Skolēns | Klase | Skolēna tālrunis | Vecāks | Vecāka tālrunis | Aktualizēts
        Žanis Šķēle | 7.a | 20000001 | Ieva Šķēle | 20000002 | 05.09.2025
        Ēriks Ņukša | 12.b | 2000 | Uldis Ņukša | +371 20 000 003 | 05.09.2025
    """,
    "statements": """
        Klase | Skolēns | Mēnesis | Izsniegts
        7.a | Žanis Šķēle | 2026-01 | 06.02.2026 10:00
        12.b | Ēriks Ņukša | 2026-01 | 05.02.2026 10:00
    """,
    "exemptions": """
        Skolēns | Klase | Priekšmets | No | Līdz
        Ēriks Ņukša | 12.b | Matemātika | 01.09.2025 |
    """,
    "documents": """
        Dokuments | Klase | Pedagogs | Periods | Izdrukāts
        Atskaite | | Ilze Ķēniņa | 2. semestris | 25.06.2026
        Liecība | 7.a | | 2. semestris | 12.06.2026
    """,
    "classes": """
        Klase | Klases audzinātājs
        7.a | Ilze Ķēniņa
        12.b | Ģirts Ābols
    """,
    "workloads": """
        Pedagogs | Priekšmets | Klase | No | Līdz
        Ilze Ķēniņa | Matemātika | 7.a | |
        Ilze Ķēniņa | Matemātika | 12.b | |
        Ģirts Ābols | Fizika | 12.b | |
    """,
    "timetable": """
        Klase | Nedēļas diena | Stunda | Priekšmets | Pedagogs
        7.a | Pirmdiena | 1 | Matemātika | Ilze Ķēniņa
        12.b | Otrdiena | 2 | Fizika | Ģirts Ābols
    """,
}


@dataclass(frozen=True)
class Dialect:
    """How an office writes its exports; `days` is the form of a day (d, m, y) and its clock (c)."""

    encoding: str = "utf-8"
    delimiter: str = ";"
    days: str = "{d}.{m}.{y} {c}"
    titles: int = 0
    footer: str = ""
    line_end: str = "\r\n"
    quoting: int = csv.QUOTE_MINIMAL
    workbook: bool = False
    one_file: bool = False
    real_dates: bool = False
    synonyms: int = 0
    shuffled: int = 0
    class_form: str = "{grade}.{letter}"
    further_columns: bool = False


DAYS = ("{d}.{m}.{y} {c}", "{d}.{m}.{y}. {c}", "{y}-{m}-{d}T{c}", "{d}/{m}/{y} {c}", "{d}.{m}.{y} plkst. {c}")
CSV = [
    Dialect(encoding, delimiter, DAYS[number % len(DAYS)], number % 4,
            ("", "Kopā: 4", "Sagatavoja: Z. Liepa")[number % 3],
            ("\r\n", "\n")[number % 2], (csv.QUOTE_MINIMAL, csv.QUOTE_ALL)[number % 2], synonyms=number % 3,
            shuffled=number, class_form=("{grade}.{letter}", "{grade}{letter}", "{grade} {big}", "{grade}.{big} klase",
                                         "{grade}. {letter}")[number % 5], further_columns=number % 2 == 1)
    for number, (encoding, delimiter) in enumerate(
        (encoding, delimiter)
        for encoding in ("utf-8", "utf-8-sig", "cp1257", "utf-16", "utf-16-le", "utf-16-be")
        for delimiter in ";,\t"
    )
]  # fmt: skip
WORKBOOKS = [
    Dialect(workbook=True, days=DAYS[number % len(DAYS)], titles=number % 4, one_file=number % 2 == 0,
            footer=("", "Kopā: 4")[number % 2], real_dates=number % 3 != 0, synonyms=number % 3, shuffled=100 + number,
            class_form=("{grade}.{letter}", "{grade}.{big} klase")[number % 2], further_columns=number % 3 == 1)
    for number in range(12)
]  # fmt: skip


def test_there_are_thirty() -> None:
    assert len({*CSV, *WORKBOOKS}) == 30


def written(kind: str, dialect: Dialect) -> list[list[Any]]:
    """The rows of a kind as the dialect writes them, header first."""
    rows = table(SCHOOL[kind])
    meanings = {words[0]: meaning for meaning, words in kinds()[kind].headings.items()}
    headings = list(rows[0])
    random.Random(dialect.shuffled).shuffle(headings)
    words = [kinds()[kind].headings[meanings[heading]] for heading in headings]
    header = [word[min(dialect.synonyms, len(word) - 1)] for word in words]
    out = [header, *([cell(kind, meanings[name], row[name], dialect) for name in headings] for row in rows)]
    return [[number or "Nr. p. k.", *line] for number, line in enumerate(out)] if dialect.further_columns else out


def cell(kind: str, meaning: str, text: str, dialect: Dialect) -> Any:
    """A cell as the dialect writes it."""
    what = holds(kind, meaning)
    if what == "class" and text:
        grade, letter = text.split(".")
        return dialect.class_form.format(grade=grade, letter=letter, big=letter.upper())
    found = DAY.match(text)
    if what not in ("day", "stamp") or not found:
        return text
    day, month, year, hour, minute = found.groups()
    if dialect.real_dates:
        clock = (int(hour), int(minute)) if hour else ()
        return datetime(int(year), int(month), int(day), *clock) if hour else date(int(year), int(month), int(day))
    form = dialect.days if hour else dialect.days.rsplit("{c}", 1)[0].removesuffix(" plkst. ").rstrip(" T")
    return form.format(d=day, m=month, y=year, c=f"{hour}:{minute}")


def framed(rows: list[list[Any]], dialect: Dialect) -> list[list[Any]]:
    """The rows with title rows above and a footer below."""
    titles: list[list[Any]] = [["Izdomātā vidusskola"], [], ["Sagatavots: 30.06.2026."]][: dialect.titles]
    blank = len(rows[0]) - 1
    footer = [[], [dialect.footer, *[""] * blank]] if dialect.footer else []
    return [*titles, *rows, *footer]


def write(folder: Path, dialect: Dialect) -> None:
    """The whole school in a dialect."""
    if dialect.workbook:
        books: Mapping[str, Sequence[str]] = {"viss": list(SCHOOL)} if dialect.one_file else {k: [k] for k in SCHOOL}
        for name, sheets in books.items():
            with xlsxwriter.Workbook(folder / f"{name}.xlsx") as book:
                formats = {date: book.add_format({"num_format": "dd.mm.yyyy"}),
                           datetime: book.add_format({"num_format": "dd.mm.yyyy hh:mm"})}  # fmt: skip
                for kind in sheets:
                    sheet = book.add_worksheet(kinds()[kind].title)
                    for number, line in enumerate(framed(written(kind, dialect), dialect)):
                        for column, value in enumerate(line):
                            if isinstance(value, date):
                                sheet.write_datetime(number, column, value, formats[type(value)])
                            elif value != "":
                                sheet.write(number, column, value)
        return
    for kind in SCHOOL:
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=dialect.delimiter, lineterminator=dialect.line_end, quoting=dialect.quoting)
        writer.writerows(framed(written(kind, dialect), dialect))
        (folder / f"{kind}.csv").write_bytes(out.getvalue().encode(dialect.encoding))


def what_was_found(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The checks and the findings, without where they stand."""
    told = answer_of_folder(folder, AS_OF)
    assert not told["data_problems"] and not told["errors"], (told["data_problems"], told["errors"])
    place = ("file", "sheet", "row")
    found = [{key: value for key, value in finding.items() if key not in place} for finding in told["findings"]]
    return told["checks"], sorted(found, key=repr)


@cache
def plain() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What is found in the school as it stands above."""
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        write(Path(name), Dialect())
        return what_was_found(Path(name))


def test_the_school_has_something_to_find() -> None:
    _checks, found = plain()
    assert {"late", "overdue", "defect"} == {finding["verdict"] for finding in found}
    assert len({finding["check"] for finding in found}) > 12


def named(dialect: Dialect) -> str:
    """A short name for a test."""
    form = "workbook" if dialect.workbook else f"{dialect.encoding} {dialect.delimiter!r}"
    return f"{form} {dialect.shuffled}"


@pytest.mark.parametrize("dialect", [*CSV, *WORKBOOKS], ids=named)
def test_a_dialect_gives_the_same_findings(dialect: Dialect, tmp_path: Path) -> None:
    write(tmp_path, dialect)
    checks, found = what_was_found(tmp_path)
    expected_checks, expected = plain()
    assert found == expected
    assert checks == expected_checks
