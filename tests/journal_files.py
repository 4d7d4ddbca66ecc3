"""Workbooks of the form that E-klase itself writes, made with XlsxWriter: invented pupils, invented codes.

A sheet is told by what stands in it, so that a test shows what it is about; `school` makes a whole
workbook of 12 classes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

HEADINGS = ("Tēma", "Mājasdarba uzdevums", "Piezīmes", "Autors", "Priekšmeta skolotājs")
NBSP = "\xa0"
PUPILS = (("Anna", "Bērziņa"), ("Jānis", "Ozols"), ("Marta Elza", "Kalna"), ("Emīls", "Krasts"))
LESSON, TEST = "Mācību stunda", "Pārbaudes darbs"
GOOD_TOPIC = "SR: saskaita daļas / Daļskaitļi"
CHECK_SHEETS = ("Apv. žurn. - žurn. pārb.", "Ind. d. žurn. - žurn. pārb.")


@dataclass(frozen=True)
class Entry:
    """A row of the journal; `cells` by the number of the pupil, the others stay blank."""

    type: str = LESSON
    date: Any = "08.12.2025"
    cells: Mapping[int, Any] = field(default_factory=dict)
    topic: Any = GOOD_TOPIC
    homework: Any = NBSP
    subject: Any = "Matemātika"
    teacher: Any = "Ilze Kārkla"
    remarks: Any = NBSP
    kind: str = "Žurnāls"


def code(number: int) -> str:
    """An invented personal code."""
    return f"{10112 + number:06d}-{20001 + 7 * number:05d}"


@dataclass(frozen=True)
class Sheet:
    """A sheet: its class, pupils (first name, surname) and rows."""

    class_: str
    entries: Sequence[Entry]
    pupils: Sequence[tuple[str, str]] = PUPILS
    headings: Sequence[str] = HEADINGS
    codes: bool = True
    name: str | None = None
    blank: str = NBSP

    def rows(self) -> list[list[Any]]:
        """All cells of the sheet."""
        head = [""] * 5
        rows = [
            [self.class_],
            [*head, *(surname for _first, surname in self.pupils), *self.headings],
            [*head, *(first for first, _surname in self.pupils)],
            [*head, *(code(n) if self.codes else "" for n in range(len(self.pupils)))],
        ]
        for entry in self.entries:
            cells = [entry.cells.get(n, self.blank) for n in range(len(self.pupils))]
            behind = dict(
                zip(
                    HEADINGS,
                    (entry.topic, entry.homework, entry.remarks, entry.teacher, entry.teacher),
                    strict=True,
                )
            )
            rows.append(
                [
                    entry.kind,
                    entry.subject,
                    self.blank,
                    entry.date,
                    entry.type,
                    *cells,
                    *(behind[heading.replace("\n", " ").rstrip(":").capitalize()] for heading in self.headings),
                ]
            )
        return rows


def write_workbook(
    path: Path, sheets: Sequence[Sheet], others: Mapping[str, Sequence[Sequence[Any]]] | None = None
) -> Path:
    """A workbook of these sheets, then of the others, which are given as rows of cells."""
    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    tables = {sheet.name or sheet.class_: sheet.rows() for sheet in sheets} | dict(others or {})
    for name, rows in tables.items():
        page = book.add_worksheet(name)
        for number, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    page.write_datetime(number, column, cell, day)
                elif isinstance(cell, str):
                    page.write_string(number, column, cell)
                else:
                    page.write(number, column, cell)
    book.close()
    return path


SUBJECTS = (("Matemātika", "Ilze Kārkla"), ("Latviešu valoda", "Jānis Pļaviņš"), ("Sports", "Dace Liepa"))


def school(path: Path) -> Path:
    """A workbook of 12 classes, 1.a to 12.a, and the two sheets of checks.

    Each class has four pupils of its own names, three subjects with two lessons, a test and the marks of
    the first semester. In each class: one topic is missing (a lesson of 9 December), one is of the wrong
    form, one semester mark in sport is missing (the second pupil's), and the third pupil's there is "ATB".
    """
    sheets = []
    for grade in range(1, 13):
        pupils = [(first, f"{surname}-{grade}") for first, surname in PUPILS]
        mark: Any = "A" if grade <= 3 else 7
        entries = []
        for subject, teacher in SUBJECTS:
            about = {"subject": subject, "teacher": teacher}
            sport = subject == "Sports"
            finals = dict.fromkeys(range(4), mark) | ({2: "ATB"} if sport else {})
            if sport:
                del finals[1]
            entries += [
                Entry(cells={0: mark, 1: "n", 2: "ns"}, **about),
                Entry(date="09.12.2025", topic=NBSP if sport else "SR: lasa / Teksts", **about),
                Entry(
                    TEST,
                    "10.12.2025",
                    {0: mark, 3: "nc"},
                    topic="Daļskaitļi" if sport else GOOD_TOPIC,
                    **about,
                ),
                Entry("I semestra vērtējums", "11.12.2025", finals, topic=NBSP, **about),
            ]
        sheets.append(Sheet(f"{grade}.a klase", entries, pupils, name=f"{grade}.a"))
    return write_workbook(path, sheets, {name: [["Klase", "?"], ["7.a", 1]] for name in CHECK_SHEETS})


def write_pupil_list(path: Path, pupils: Sequence[tuple[str, str]], headings: Sequence[str] = ()) -> Path:
    """A pupil list: (group, "Uzvārds Vārds") each."""
    rows: list[list[Any]] = [["Izglītojamo saraksts"], [], ["Skola"], [], [], [], list(headings)]
    rows += [[group, n, name, code(n)] for n, (group, name) in enumerate(pupils, 1)]
    rows += [[], ["Sagatavoja:", "", "Skolas sekretāre"]]
    return write_workbook(path, [], {"Saraksts": rows})


def days_from(first: date, count: int) -> list[date]:
    """So many days that are Mondays to Fridays."""
    days: list[date] = []
    while len(days) < count:
        if first.weekday() < 5:
            days.append(first)
        first += timedelta(days=1)
    return days
