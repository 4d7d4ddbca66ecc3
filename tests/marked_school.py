"""A small school in which whatever tells of a person holds a mark, to see where it comes out again."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import xlsxwriter

from journal_files import Entry, Sheet, write_workbook
from support import Tables, table, write_tables

MARK = "zqx"
AS_OF = "2026-02-27"

# Each name, topic and bad cell holds the mark; so does a subject, by the name of its teacher.
TABLES: Tables = {
    "stundas": table(
        """
Datums|Stunda|Klase|Priekšmets|Pedagogs|Skolēni|Tēma|Ievadīts|Tēma ievadīta
08.12.2025|3|7.a|Matemātika (Zqxasi)|Zqxilze Zqxasi||Zqx par daļām|09.12.2025 18:00|09.12.2025 18:00
08.12.2025|4|7.a|Matemātika|Zqxilze Zqxasi|Zqxanna Zqxoga|SR: a / Zqx tēma|08.12.2025 16:00|zqx vakarā
Zqx 31.02.|4|7.a|Matemātika|Zqxilze Zqxasi||SR: a / b|08.12.2025 16:00|
08.12.2025|5|Zqxklase|Matemātika|Zqxilze Zqxasi||SR: a / b|08.12.2025 16:00|
"""
    ),
    "vertejumi": table(
        """
Skolēns|Klase|Priekšmets|Pedagogs|Vērtējuma veids|Darba datums|Vērtējums|Ievadīts|Temats
Zqxanna Zqxoga|7.a|Matemātika|Zqxilze Zqxasi|formatīvs|08.12.2025|7|22.12.2025 08:10|Zqx temats
Zqxjana Zqxoza|7.a|Matemātika|Zqxilze Zqxasi|summatīvs|08.12.2025|||Zqx temats
Zqxjana Zqxoza|7.a|Matemātika|Zqxilze Zqxasi|Zqx veids|08.12.2025|7|22.12.2025 08:10|
"""
    ),
    "kavejumi": table(
        """
Skolēns|Klase|Datums|Stunda|Priekšmets|Pedagogs|Kavējums|Ievadīts|Attaisnots|Attaisnoja
Zqxanna Zqxoga|7.a|08.12.2025|3|Matemātika|Zqxilze Zqxasi|nc|09.12.2025 10:00|08.01.2026 10:00|Zqxdace Zqxuka
Zqxanna Zqxoga|7.a|09.12.2025|zqx|Matemātika|Zqxilze Zqxasi|n|09.12.2025 10:00||
"""
    ),
    "zimes": table(
        """
Skolēns|Klase|No|Līdz|Iemesls|Saņemta
Zqxanna Zqxoga|7.a|08.12.2025|08.12.2025|Zqx slims|09.12.2025
"""
    ),
    "pasakumi": table(
        """
Pasākums|Klase|Skolēni|No|Līdz|Atbildīgais pedagogs|Informācija saņemta
Zqx olimpiāde|7.a|Zqxanna Zqxoga; Zqxjana Zqxoza|10.12.2025|10.12.2025|Zqxilze Zqxasi|09.12.2025
"""
    ),
    "kontakti": table(
        """
Skolēns|Klase|Skolēna tālrunis|Vecāks|Vecāka tālrunis|Aktualizēts
Zqxanna Zqxoga|7.a|29123456|Zqxmara Zqxoga|zqx|05.12.2025
Zqxjana Zqxoza|7.a||Zqxmara Zqxoza|29123457|
"""
    ),
    "izraksti": table(
        """
Klase|Skolēns|Mēnesis|Izsniegts
7.a|Zqxanna Zqxoga|2025-12|20.01.2026
7.a|Zqxjana Zqxoza|zqx|20.01.2026
"""
    ),
    "atbrivojumi": table(
        """
Skolēns|Klase|Priekšmets|No|Līdz|Rīkojums
Zqxanna Zqxoga|7.a|Matemātika|01.09.2025||Zqx 12
"""
    ),
    "izdrukas": table(
        """
Dokuments|Klase|Skolēns|Pedagogs|Periods|Izdrukāts
atskaite|||Zqxilze Zqxasi|1. semestris|20.02.2026
liecība|7.a|Zqxanna Zqxoga||1. semestris|zqx
"""
    ),
    "klases": table(
        """
Klase|Klases audzinātājs
7.a|Zqxdace Zqxuka
"""
    ),
    "slodzes": table(
        """
Pedagogs|Priekšmets|Klase
Zqxilze Zqxasi|Matemātika|7.a
Zqxdace Zqxuka|Sports|7.a
"""
    ),
    "saraksts": table(
        """
Klase|Nedēļas diena|Stunda|Priekšmets|Pedagogs
7.a|P.|5|Sports|Zqxdace Zqxuka
7.a|zqx|5|Sports|Zqxdace Zqxuka
"""
    ),
    "kopsavilkums": table(
        """
Skolēns|Klase|Matemātika 1. semestris|Sports 1. semestris
Zqxanna Zqxoga|7.a|7|
"""
    ),
}


def write_school(folder: Path) -> None:
    """The exports, one file a kind, a workbook whose sheet is named after its teacher, and E-klase's own one."""
    write_tables(folder, TABLES)
    book = xlsxwriter.Workbook(folder / "vertejumi2.xlsx")
    sheet = book.add_worksheet("Zqxilze Zqxasi")
    first = TABLES["vertejumi"][0]
    for number, row in enumerate([list(first), [*first.values()], ["Zqxpupe Zqxoga", *[*first.values()][1:]]]):
        sheet.write_row(number, 0, row)
    sheet.write_row(3, 0, ["Zqxpupe Zqxoga", "zqx", *[*first.values()][2:]])
    book.close()
    entries = [Entry(cells={0: "7", 1: "zqx"}, topic="Zqx tēma", teacher="Zqxuve Zqxeze", remarks="Zqx")]
    write_workbook(
        folder / "zurnals.xlsx", [Sheet("8.b", entries, pupils=(("Zqxeva", "Zqxela"), ("Zqxaija", "Zqxola")))]
    )


def marks_in(content: bytes) -> bool:
    """Whether a file, or a part of it that is packed, holds the mark in whatever letter case."""
    parts = [content]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as packed:
            parts = [packed.read(name) for name in packed.namelist()]
    return any(MARK.encode() in part.lower() for part in parts)
