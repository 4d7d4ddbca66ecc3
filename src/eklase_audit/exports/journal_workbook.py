"""The workbook that E-klase itself writes: one sheet a class, pupils across, one row an entry.

    row 1   class
    row 2                                   surnames …  Tēma  Mājasdarba uzdevums  Piezīmes  Autors
                                            Priekšmeta skolotājs
    row 3                                   first names …
    row 4                                   personal codes …
    row 5…  kind  subject  ?  date  type    one cell a pupil …  topic  homework  remarks  author  teacher

A sheet is melted at once into a few columns, so that only one stands in memory as it is. Personal
codes are dropped as cells are read. What the rows mean is told in journal_frames.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from eklase_audit.exports import values
from eklase_audit.exports.headings import Header, Kind, Unplaced, fold_heading
from eklase_audit.exports.journal_cells import BAD_CELL, LAST_GRADE_OF_LEVELS, cell_entries
from eklase_audit.exports.table import Fate, Fates
from eklase_audit.exports.texts import LOST, Column, Unreadable, clean, fold, has_code, without_codes
from eklase_audit.exports.workbook import cell_text, dated_text
from eklase_audit.i18n import N_, _
from eklase_audit.journal import WORKBOOK

JOURNAL = Kind(WORKBOOK, "E-klases žurnāls", (), {}, {})
CHECK = Kind("journal-check", "E-klases žurnāla pārbaude", (), {}, {})

CUT_OFF = N_("it stands behind the last pupil's column: remove the blank column before it")

# What each row says besides its pupils' cells, by the column it stands in.
ROW_COLUMNS = {"subject": 1, "date": 3, "lesson_type": 4}
_FIRST_PUPIL = 5
_HEADINGS = {
    "topic": "Tēma",
    "homework": "Mājasdarba uzdevums",
    "remarks": "Piezīmes",
    "author": "Autors",
    "teacher": "Priekšmeta skolotājs",
}
_REQUIRED = ("topic", "teacher")
NOT_READ = ("remarks", "author")
_FOLDED = {fold_heading(heading): meaning for meaning, heading in _HEADINGS.items()}
# So many of the headings make a sheet one of this form; they stand among its first rows.
_ENOUGH = 3
_TOP = 10
_ENTRY = "zurnal"
T = TypeVar("T")
_CHECK_SHEET = re.compile(r"(?:apv|ind)\b.*\bzurn\b.*\bzurn\b.*\bparb\b")


@dataclass(frozen=True)
class Cells:
    """Marks or absences, one line each: index of its row, index of its pupil, text."""

    place: npt.NDArray[np.int32]
    pupil: npt.NDArray[np.int32]
    text: Column


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be read. `place` is the index of its row among the entries, -1 above them."""

    place: int
    row: int
    column: str
    value: str
    reason: str
    fill: tuple[tuple[str, str], ...] = ()


@dataclass
class JournalSheet:
    """A sheet, melted.

    `class_name` is the class without its group; `pupils` are (first name, surname); `fates` tells of each
    row what became of it so far; `numbers` are the entries' row numbers; `columns` their subject, date,
    lesson_type, topic, homework, teacher; `same` a key each, equal for entries whose cells are all equal.
    A sheet whose class cannot be told has no class_name, a fault, and no entries; `whole` is its own key.
    """

    class_text: str
    class_name: str
    pupils: list[tuple[str, str]]
    fates: Fates
    numbers: npt.NDArray[np.int32]
    columns: dict[str, Column]
    same: list[int]
    marks: Cells
    absences: Cells
    faults: list[Fault] = field(default_factory=list)
    whole: int = 0


@dataclass(frozen=True)
class CheckSheet:
    """A sheet of checks, of which no row is an entry."""

    fates: Fates


def once(work: Callable[[Any], T]) -> Callable[[Any], T]:
    """The same work, done once a distinct cell (1, 1.0 and True are three)."""
    return lru_cache(maxsize=None, typed=True)(work)


def letter(column: int) -> str:
    """A column's letters: A, B, …, Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def is_check_sheet(name: str) -> bool:
    """Whether a sheet is one of the two with the checks of combined and individual-work journals."""
    return _CHECK_SHEET.match(fold(clean(name))) is not None


def read_check_sheet(rows: Sequence[Sequence[Any]]) -> CheckSheet:
    """The account of a sheet of checks."""
    return CheckSheet(blank_or(rows, Fate.OTHER))


def blank_or(rows: Sequence[Sequence[Any]], otherwise: Fate) -> Fates:
    """BLANK for the rows in which nothing stands, and `otherwise` for the rest."""
    filled = [any(cell != "" and clean(cell_text(cell)) for cell in cells) for cells in rows]
    return np.where(filled, np.int8(otherwise), np.int8(Fate.BLANK))


def find_layout(rows: Sequence[Sequence[Any]]) -> Header | None:
    """The header of a sheet of this form (its row is that of the headings), None for any other sheet.

    Known by most of the headings, or by personal codes where they stand in this form. Raises
    Unplaced where headings are missing without which nothing can be said.
    """
    best = -1
    columns: dict[str, int] = {}
    for number, cells in enumerate(rows[:_TOP]):
        folded = [fold_heading(cell) if isinstance(cell, str) else "" for cell in cells]
        found: dict[str, int] = {}
        for column, word in enumerate(folded[_FIRST_PUPIL:], _FIRST_PUPIL):
            if meaning := _FOLDED.get(word):
                found.setdefault(meaning, column)
        # Where the class has a column of its own, the table is another one.
        if len(found) > len(columns) and "klase" not in folded:
            best, columns = number, found
    if len(columns) < _ENOUGH:
        codes = rows[3][_FIRST_PUPIL:] if len(rows) > 3 else []
        if not any(isinstance(cell, str) and has_code(cell) for cell in codes):
            return None
        best = 1
    if missing := [_HEADINGS[meaning] for meaning in _REQUIRED if meaning not in columns]:
        raise Unplaced(
            _("{kind} lacks the heading {missing}").format(
                kind=f"{JOURNAL.name} ({JOURNAL.title})", missing=", ".join(missing)
            )
        )
    return Header(JOURNAL, best, columns, {meaning: _HEADINGS[meaning] for meaning in columns})


def melt(name: str, rows: Sequence[Sequence[Any]], header: Header) -> JournalSheet:
    """The sheet of that name as a JournalSheet."""
    texts = once(lambda cell: without_codes(cell_text(cell)))
    days = once(lambda cell: without_codes(dated_text(cell)))
    is_entry = once(lambda cell: fold(clean(cell_text(cell))).startswith(_ENTRY))
    class_text = clean(texts(rows[header.row - 1][0])) if header.row and rows[header.row - 1] else ""
    class_text = class_text or clean(without_codes(name))
    pupils, faults = _pupils(rows, header, texts)
    last = _FIRST_PUPIL + len(pupils)
    # The row of personal codes is read only where it is no such row after all.
    below = header.row + 2
    mine = [n for n in range(below, len(rows)) if rows[n] and is_entry(rows[n][0])]
    fates = blank_or(rows, Fate.OTHER)
    above = fates[: below + (len(rows) > below and not clean(cell_text(rows[below][0])))]
    above[above != Fate.BLANK] = Fate.HEADER
    above[: header.row][above[: header.row] == Fate.HEADER] = Fate.TITLE
    fates[mine] = Fate.AUDITED
    class_name, grade, whole = "", 0, 0
    entries = mine
    try:
        class_name, grade, _group = values.school_class(class_text)
    except Unreadable as fault:
        # Whose entries they are cannot be told: one data problem, and no row of the sheet says anything.
        faults = [Fault(-1, max(header.row, 1), "A", class_text, fault.reason, fault.fill)]
        entries = []
        fates[mine] = Fate.UNREADABLE
        whole = hash(tuple(tuple(rows[n]) for n in mine))
    of_texts = [column for meaning, column in header.columns.items() if meaning not in NOT_READ]
    levels = grade <= LAST_GRADE_OF_LEVELS
    found: list[tuple[bool, int, int, str]] = []
    same = []
    for place, n in enumerate(entries):
        filled = []
        for pupil, cell in enumerate(rows[n][_FIRST_PUPIL:last]):
            if cell == "" or cell == "\xa0" or not (text := clean(texts(cell))):
                continue
            filled.append((pupils[pupil], text))
            told, readable = cell_entries(text, levels)
            found += [(is_absence, place, pupil, word) for is_absence, word in told]
            if not readable:
                faults.append(Fault(place, n + 1, letter(_FIRST_PUPIL + pupil), texts(cell), BAD_CELL))
        for column in of_texts:
            if LOST in texts(rows[n][column]):
                faults.append(Fault(place, n + 1, letter(column), texts(rows[n][column]), values.LOST_CELL))
        around = [texts(cell) for cell in (*rows[n][:_FIRST_PUPIL], *rows[n][last:])]
        same.append(hash((class_text, *around, *filled)))
    places = {**ROW_COLUMNS, **header.columns}
    columns = {
        meaning: Column.of([(days if meaning == "date" else texts)(rows[n][column]) for n in entries])
        for meaning, column in places.items()
        if meaning not in NOT_READ
    }
    columns.setdefault("homework", Column.absent(len(entries)))
    numbers = np.array(entries, np.int32) + 1
    return JournalSheet(class_text, class_name, pupils, fates, numbers, columns, same, *_cells(found), faults, whole)


def _pupils(
    rows: Sequence[Sequence[Any]], header: Header, texts: Callable[[Any], str]
) -> tuple[list[tuple[str, str]], list[Fault]]:
    """The (first name, surname) of each pupil's column, and what is amiss with them."""
    surnames = rows[header.row]
    names = rows[header.row + 1] if header.row + 1 < len(rows) else []
    end = min(header.columns.values())
    pupils, faults = [], []
    for column in range(_FIRST_PUPIL, end):
        surname = clean(texts(surnames[column]))
        if not surname:
            break
        pupils.append((clean(texts(names[column])) if column < len(names) else "", surname))
        for row, text in enumerate((surname, pupils[-1][0]), header.row + 1):
            if LOST in text:
                faults.append(Fault(-1, row, letter(column), text, values.LOST_CELL))
    behind = [n for n in range(_FIRST_PUPIL + len(pupils), end) if clean(texts(surnames[n]))]
    faults += [Fault(-1, header.row + 1, letter(n), texts(surnames[n]), CUT_OFF) for n in behind]
    return pupils, faults


def _cells(found: Sequence[tuple[bool, int, int, str]]) -> tuple[Cells, Cells]:
    """The marks and the absences among the entries of cells."""
    marks, absences = ([entry for entry in found if entry[0] is absent] for absent in (False, True))
    return _as_cells(marks), _as_cells(absences)


def _as_cells(found: Sequence[tuple[bool, int, int, str]]) -> Cells:
    return Cells(
        np.array([place for _a, place, _p, _t in found], np.int32),
        np.array([pupil for _a, _pl, pupil, _t in found], np.int32),
        Column.of([text for _a, _pl, _p, text in found]),
    )
