"""From E-klase's own workbook to the frames of lessons, marks, absences, and to its pupils and workloads.

Its rows stand in the frames of the other exports, with the same columns: those that the workbook
has not (times of entry, lesson numbers) are absent. `Journal.columns` does not count its columns,
so that a check which rests on a column of an export is not made on a workbook alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from eklase_audit.exports import values
from eklase_audit.exports.frames import FrameBuilder
from eklase_audit.exports.headings import kinds
from eklase_audit.exports.journal_cells import LESSONS, MARK_KIND_TEXTS, PERIOD_TEXTS, row_yield
from eklase_audit.exports.journal_workbook import ROW_COLUMNS, Cells, JournalSheet, letter
from eklase_audit.exports.pupil_list import PupilList
from eklase_audit.exports.settings import Settings
from eklase_audit.exports.texts import Column, Unreadable
from eklase_audit.journal import (
    PUPIL_STAND_IN,
    STAND_INS,
    WORKLOAD_STAND_IN,
    DataProblem,
    Journal,
    Sheet,
    categorical,
    stacked,
)
from eklase_audit.moments import NO_DAY, Days, Flags, to_date

Numbered = Sequence[tuple[int, Any]]


def add_own_forms(journal: Journal, contents: Numbered, settings: Settings) -> dict[int, int]:
    """Add what sheets of E-klase's own forms hold: (index into Journal.sheets, content) each.

    Comes after the frames of all exports: it gives way to them, and turns the names in them. Returns
    how many entries each sheet has, those that stand in another one too included.
    """
    sheets = [(number, content) for number, content in contents if isinstance(content, JournalSheet)]
    lists = [(number, content) for number, content in contents if isinstance(content, PupilList)]
    # Names in this workbook stand in two cells, so their order is known; kinds of marks are our own words.
    settings = replace(settings, surname_first=frozenset(), mark_kinds={})
    names = _Names(sheets)
    spans = _add_workbook(journal, sheets, settings) if sheets else {}
    pupils = [
        _pupils(
            journal,
            number,
            [(sheet.class_text, names.straight(*pupil)) for pupil in sheet.pupils],
            spans[number],
            settings,
        )
        for number, sheet in sheets
        if sheet.class_name
    ]
    for number, content in lists:
        journal.sheets[number].rows = len(content.pupils)
        told = [(text, names.of_list(text, *pupil)) for _row, text, *pupil in content.pupils]
        frame = _pupils(journal, number, told, ("", ""), settings)
        # A list names all pupils of a class, whatever group of it a sheet of the journal is for.
        frame["group"] = categorical(np.full(len(frame), -1, np.int8), [])
        pupils.append(frame)
    if pupils:
        journal.frames[PUPIL_STAND_IN] = stacked(pupils)
    names.turn(journal)
    return {number: sheet.rows for number, sheet in sheets}


def _frame(
    journal: Journal,
    kind: str,
    columns: Mapping[str, Column],
    sheet_no: npt.NDArray[np.int32],
    row: npt.NDArray[np.int32],
    settings: Settings,
) -> pd.DataFrame:
    """A frame of a kind of exports from some of its columns; the others are absent."""
    whole = {meaning: columns.get(meaning, Column.absent(len(row))) for meaning in kinds()[kind].headings}
    builder = FrameBuilder(kinds()[kind], whole, journal.sheets, sheet_no, row, settings)
    return builder.build(np.zeros(len(row), bool))


def _pupils(
    journal: Journal,
    number: int,
    pupils: Sequence[tuple[str, str]],
    span: tuple[str, str],
    settings: Settings,
) -> pd.DataFrame:
    """Pupils (class as written, name) as a frame like that of contacts, there during the span of days."""
    count = len(pupils)
    columns = {
        "class": Column.of([text for text, _name in pupils]),
        "pupil": Column.of([name for _text, name in pupils]),
        "enrolled_on": Column.of([span[0]] * count),
        "left_on": Column.of([span[1]] * count),
    }
    sheet_no, row = np.full(count, number, np.int32), np.full(count, -1, np.int32)
    return _frame(journal, "contacts", columns, sheet_no, row, settings)


@dataclass(frozen=True)
class _AllCells:
    """Marks or absences of all sheets: index of their entry, pupil, text."""

    place: npt.NDArray[np.int64]
    pupil: Column
    text: Column

    def where(self, entries: Flags) -> _AllCells:
        """Those of some of the entries."""
        keep = entries[self.place]
        return _AllCells(self.place[keep], self.pupil[keep], self.text[keep])


def _all_cells(sheets: Sequence[JournalSheet], kept: Sequence[Flags], cells: Sequence[Cells]) -> _AllCells:
    places: list[npt.NDArray[np.int64]] = [np.zeros(0, np.int64)]
    pupils, texts = [Column.of([])], [Column.of([])]
    start = 0
    for sheet, keep, mine in zip(sheets, kept, cells, strict=True):
        here = keep[mine.place]
        places.append((np.cumsum(keep) - 1 + start)[mine.place[here]])
        pupils.append(Column.of([_Names.straight(*pupil) for pupil in sheet.pupils]).gather(mine.pupil[here]))
        texts.append(mine.text[here])
        start += int(keep.sum())
    return _AllCells(np.concatenate(places), Column.join(pupils), Column.join(texts))


def _first_seen(sheets: Sequence[JournalSheet]) -> tuple[list[Flags], Flags]:
    """For each sheet its entries that stand in no earlier one; and which of all these stand in a later one."""
    table = pd.DataFrame(
        {
            "same": np.array([key for sheet in sheets for key in sheet.same], np.int64),
            "sheet": np.repeat(np.arange(len(sheets)), [len(sheet.same) for sheet in sheets]),
        }
    )
    # Two alike in one sheet are two entries.
    table["within"] = table.groupby(["same", "sheet"]).cumcount()
    first = ~table.duplicated(["same", "within"]).to_numpy()
    again = table.duplicated(["same", "within"], keep=False).to_numpy()
    return np.split(first, np.cumsum([len(sheet.same) for sheet in sheets])[:-1]), again[first]


@dataclass
class _Entries:
    """The entries of all sheets, one below the other: texts, where each stands, its pupils' cells.

    `repeated` are those that stand in a later sheet too.
    """

    columns: dict[str, Column]
    sheet_no: npt.NDArray[np.int32]
    row: npt.NDArray[np.int32]
    marks: _AllCells
    absences: _AllCells
    repeated: Flags
    faults: _Faults

    def read(
        self, meaning: str, work: Callable[[str], Any], otherwise: Any, optional: Flags | None = None
    ) -> tuple[list[Any], Flags]:
        """What `work` makes of each distinct text of a column, and for which entries it could.

        The other cells are data problems, blank ones too, but for entries in which they are optional.
        """
        raw = self.columns[meaning]
        column = self.columns[meaning] = raw.cleaned()
        done: list[Any] = []
        good: list[bool] = []
        for code, text in enumerate(column.texts):
            try:
                if not text:
                    raise Unreadable(values.BLANK)
                done.append(work(text))
                good.append(True)
            except Unreadable as fault:
                done.append(otherwise)
                good.append(False)
                told = column.codes == code
                if optional is not None and not text:
                    told &= ~optional
                for place in np.flatnonzero(told):
                    self.faults.add(
                        int(self.sheet_no[place]),
                        int(self.row[place]),
                        letter(ROW_COLUMNS[meaning]),
                        raw.texts[raw.codes[place]],
                        fault.reason,
                        fault.fill,
                    )
        return done, column.spread(good, False, bool)

    def spread(self, meaning: str, told: Sequence[str]) -> Column:
        """A column of texts told for each distinct text of another one."""
        return Column.of(told).gather(self.columns[meaning].codes)


def _joined(journal: Journal, numbered: Sequence[tuple[int, JournalSheet]]) -> _Entries:
    """The entries of all sheets, each distinct one once; counts rows, notes cells that cannot be read."""
    sheets = [sheet for _number, sheet in numbered]
    kept, repeated = _first_seen(sheets)
    pairs = list(zip(sheets, kept, strict=True))
    sizes = [int(keep.sum()) for keep in kept]
    columns = {
        meaning: Column.join([Column.of([]), *(sheet.columns[meaning][keep] for sheet, keep in pairs)])
        for meaning in (*ROW_COLUMNS, "topic", "homework", "teacher")
    }
    of_sheet = np.repeat(np.arange(len(sheets), dtype=np.int32), sizes)
    columns["class"] = Column.of([sheet.class_text for sheet in sheets]).gather(of_sheet)
    faults = _Faults(journal.sheets)
    seen: set[object] = set()
    for (number, sheet), keep, size in zip(numbered, kept, sizes, strict=True):
        journal.sheets[number].rows = size if sheet.class_name else sheet.rows
        journal.sheets[number].other_rows = sheet.others
        for fault in sheet.faults:
            # One above the entries counts once, as an entry does, where two sheets are of the same pupils.
            above = (sheet.class_text, tuple(sheet.pupils), fault)
            if keep[fault.place] if fault.place >= 0 else above not in seen:
                faults.add(number, fault.row, fault.column, fault.value, fault.reason, fault.fill)
            seen.add(above)
    return _Entries(
        columns,
        np.array([number for number, _sheet in numbered], np.int32)[of_sheet],
        np.concatenate([sheet.numbers[keep] for sheet, keep in pairs]),
        _all_cells(sheets, kept, [sheet.marks for sheet in sheets]),
        _all_cells(sheets, kept, [sheet.absences for sheet in sheets]),
        repeated,
        faults,
    )


def _add_workbook(
    journal: Journal, numbered: Sequence[tuple[int, JournalSheet]], settings: Settings
) -> dict[int, tuple[str, str]]:
    """Add the entries of all sheets. Returns the first and last day of the school years of each sheet."""
    entries = _joined(journal, numbered)
    columns, sheet_no, row = entries.columns, entries.sheet_no, entries.row
    types, typed = entries.read("lesson_type", lambda text: row_yield(text, settings.lesson_types), "other")
    is_lesson = columns["lesson_type"].spread([what in LESSONS for what in types], False, bool)
    _subjects, has_subject = entries.read("subject", str, "")
    # A mark of a semester or year says enough without its day.
    days, dated = entries.read("date", values.day_of_stamp, int(NO_DAY), ~is_lesson)
    day = columns["date"].spread(days, NO_DAY, np.int32)
    columns["date"] = entries.spread(
        "date", [text if day != NO_DAY else "" for text, day in zip(columns["date"].texts, days, strict=True)]
    )
    sound = typed & has_subject & (dated | ~is_lesson)

    def add(kind: str, given: Mapping[str, Column], places: npt.NDArray[np.int64], own: Mapping[str, Column]) -> None:
        taken = {meaning: column[places] for meaning, column in given.items()}
        frame = _frame(journal, kind, {**taken, **own}, sheet_no[places], row[places], settings)
        _add(journal, kind, frame.assign(repeated=entries.repeated[places]))

    add("lessons", columns, np.flatnonzero(sound & is_lesson), {})
    about = {meaning: columns[meaning] for meaning in ("class", "subject", "teacher", "date")}
    of_marks = {
        **about,
        "theme": columns["topic"],
        "kind": entries.spread("lesson_type", [MARK_KIND_TEXTS[what] for what in types]),
        "period": entries.spread("lesson_type", [PERIOD_TEXTS.get(what, "") for what in types]),
    }
    marks = entries.marks.where(sound)
    add("marks", of_marks, marks.place, {"pupil": marks.pupil, "mark": marks.text})
    absences = entries.absences.where(sound & dated)
    add("absences", about, absences.place, {"pupil": absences.pupil, "code": absences.text})
    spans = {number: _school_years(day[sheet_no == number]) for number, _sheet in numbered}
    journal.frames[WORKLOAD_STAND_IN] = _workloads(
        journal, entries, np.flatnonzero(typed & has_subject), spans, settings
    )
    journal.problems += entries.faults.problems
    return spans


def _workloads(
    journal: Journal,
    entries: _Entries,
    places: npt.NDArray[np.int64],
    spans: dict[int, tuple[str, str]],
    settings: Settings,
) -> pd.DataFrame:
    """Who teaches what to which class, by some of the entries, as a frame like that of workloads."""
    about = {meaning: entries.columns[meaning][places] for meaning in ("class", "subject", "teacher")}
    same = pd.DataFrame({meaning: column.codes for meaning, column in about.items()})
    once = ~same.assign(sheet=entries.sheet_no[places]).duplicated().to_numpy()
    sheet_no, row = entries.sheet_no[places][once], entries.row[places][once]
    columns = {meaning: column[once] for meaning, column in about.items()}
    for place, meaning in enumerate(("from", "to")):
        columns[meaning] = Column.of([spans[number][place] for number in sheet_no])
    return _frame(journal, "workloads", columns, sheet_no, row, settings)


class _Faults:
    """Data problems of sheets of the workbook, counted by sheet."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self.sheets = sheets
        self.problems: list[DataProblem] = []

    def add(
        self, number: int, row: int, column: str, value: str, reason: str, fill: tuple[tuple[str, str], ...]
    ) -> None:
        sheet = self.sheets[number]
        sheet.data_problems += 1
        self.problems.append(DataProblem(sheet.file, sheet.sheet, row, column, value, reason, fill))


def _school_years(days: Days) -> tuple[str, str]:
    """The first and last day, as texts, of the school years in which the days lie; blank for none."""
    days = days[days != NO_DAY]
    if not len(days):
        return "", ""
    first, last = (to_date(int(day)) for day in (days.min(), days.max()))
    starts = [day.year if day.month >= 9 else day.year - 1 for day in (first, last)]
    return date(starts[0], 9, 1).isoformat(), date(starts[1] + 1, 8, 31).isoformat()


def _add(journal: Journal, kind: str, mine: pd.DataFrame) -> None:
    """Add rows of the workbook to a kind, those of a class and subject aside of which exports have rows."""
    journal.columns.setdefault(kind, set())
    theirs = journal.frames.get(kind)
    if theirs is None:
        journal.frames[kind] = mine
        return
    about = ["class", "subject_key"]
    told = theirs[about].astype(object).drop_duplicates()
    # An export without a column for the subject speaks of every subject of its classes.
    whole = told["class"][told["subject_key"].isna()]
    aside = pd.MultiIndex.from_frame(mine[about].astype(object)).isin(pd.MultiIndex.from_frame(told))
    aside |= mine["class"].isin(whole).to_numpy()
    journal.frames[kind] = stacked([theirs, mine[~aside]])


class _Names:
    """The pupils' names, which exports may write in either order."""

    def __init__(self, sheets: Sequence[tuple[int, JournalSheet]]) -> None:
        self.known: set[tuple[str, str]] = set()
        self.turned: dict[tuple[str, str], str] = {}
        for _number, sheet in sheets:
            for first, surname in sheet.pupils:
                self._learn(sheet.class_name, first, surname)

    @staticmethod
    def straight(first: str, surname: str) -> str:
        """The name as it is shown: the given name first."""
        return f"{first} {surname}".strip()

    def _learn(self, class_name: str, first: str, surname: str) -> None:
        name = self.straight(first, surname)
        self.known.add((class_name, name))
        self.turned[class_name, self.straight(surname, first)] = name

    def of_list(self, class_text: str, first: str, surname: str) -> str:
        """The name of a pupil of a list, where what is the surname is told only by its place."""
        class_name = values.school_class(class_text)[0]
        written = (class_name, self.straight(surname, first))
        if written in self.known:
            return written[1]
        if written not in self.turned:
            self._learn(class_name, first, surname)
        return self.turned[written]

    def turn(self, journal: Journal) -> None:
        """Turn the names in all frames that stand surname first."""
        turned = {key: name for key, name in self.turned.items() if key not in self.known}
        if not turned:
            return
        anywhere = {written: name for (_class, written), name in turned.items()}

        def of_events(classes: str, pupils: str) -> str:
            return ";".join(
                next((turned[c, name] for c in classes.split(";") if (c, name) in turned), name)
                if classes
                else anywhere.get(name, name)
                for name in pupils.split(";")
            )

        for kind, frame in journal.frames.items():
            if kind == "events":
                _reworded(frame, "pupils", of_events)
            elif "pupil" in frame and kind not in STAND_INS:
                _reworded(frame, "pupil", lambda class_name, name: turned.get((class_name, name), name))


def _reworded(frame: pd.DataFrame, column: str, work: Callable[[str, str], str]) -> None:
    """Put what `work` makes of each class and text in place of the text; worked once a distinct pair."""
    classes, texts = frame["class"].cat, frame[column].cat
    width = len(texts.categories) + 1
    pairs, place = np.unique(
        classes.codes.to_numpy().astype(np.int64) * width + texts.codes.to_numpy() + 1, return_inverse=True
    )
    names: list[str] = []
    for pair in pairs:
        class_code, code = divmod(int(pair), width)
        class_name = str(classes.categories[class_code]) if class_code >= 0 else ""
        names.append(work(class_name, str(texts.categories[code - 1])) if code else "")
    made = Column.of(names)
    codes = np.where(pairs % width == 0, -1, made.codes)
    frame[column] = categorical(codes[place], made.texts)
