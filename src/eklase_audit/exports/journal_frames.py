"""From E-klase's own workbook to the frames of lessons, marks, absences, and to its pupils and workloads.

Its rows stand in the frames of the other exports, with the same columns: those that the workbook
has not (times of entry, lesson numbers) are absent. `Journal.columns` does not count its columns,
so that a check which rests on a column of an export is not made on a workbook alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from eklase_audit.exports import values
from eklase_audit.exports.frames import FrameBuilder
from eklase_audit.exports.headings import kinds
from eklase_audit.exports.journal_cells import LESSONS, MARK_KIND_TEXTS, PERIOD_TEXTS, row_yield
from eklase_audit.exports.journal_entries import Entries, Faults, joined_entries
from eklase_audit.exports.journal_names import Names, straight
from eklase_audit.exports.journal_workbook import JournalSheet
from eklase_audit.exports.pupil_list import PupilList
from eklase_audit.exports.settings import Settings
from eklase_audit.exports.table import Fate
from eklase_audit.exports.texts import LOST, Column, Unreadable
from eklase_audit.journal import (
    PUPIL_STAND_IN,
    WORKLOAD_STAND_IN,
    Journal,
    categorical,
    stacked,
)
from eklase_audit.moments import NO_DAY, Days, to_date

Numbered = Sequence[tuple[int, Any]]


def add_own_forms(journal: Journal, contents: Numbered, settings: Settings) -> dict[int, int]:
    """Add what sheets of E-klase's own forms hold: (index into Journal.sheets, content) each.

    Comes after the frames of all exports: it gives way to them, and turns the names in them. Completes the
    fates of their rows. Returns how many entries each sheet has, those that stand in another one too included.
    """
    sheets = [(number, content) for number, content in contents if isinstance(content, JournalSheet)]
    lists = [(number, content) for number, content in contents if isinstance(content, PupilList)]
    # Names in this workbook stand in two cells, so their order is known; kinds of marks are our own words.
    settings = replace(settings, surname_first=frozenset(), mark_kinds={})
    names = Names(sheets)
    spans = _add_workbook(journal, sheets, settings) if sheets else {}
    pupils = [
        _pupils(
            journal,
            number,
            [(sheet.class_text, straight(*pupil)) for pupil in sheet.pupils],
            spans[number],
            settings,
        )
        for number, sheet in sheets
        if sheet.class_name
    ]
    known: set[tuple[str, str, str]] = set()
    faults = Faults(journal.sheets)
    for number, content in lists:
        again = [row for row, *pupil in content.pupils if tuple(pupil) in known]
        content.fates[np.array(again, np.int32) - 1] = Fate.REPEAT
        known |= {(text, first, surname) for _row, text, first, surname in content.pupils}
        for fault in content.faults:
            faults.add(number, fault.row, fault.column, fault.value, fault.reason, fault.fill)
        told = [(text, names.of_list(text, *pupil)) for _row, text, *pupil in content.pupils]
        frame = _pupils(journal, number, told, ("", ""), settings)
        # A list names all pupils of a class, whatever group of it a sheet of the journal is for.
        frame["group"] = categorical(np.full(len(frame), -1, np.int8), [])
        pupils.append(frame)
    journal.problems += faults.problems
    if pupils:
        journal.frames[PUPIL_STAND_IN] = stacked(pupils)
    names.turn(journal)
    return {number: len(sheet.same) for number, sheet in sheets}


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


def _add_workbook(
    journal: Journal, numbered: Sequence[tuple[int, JournalSheet]], settings: Settings
) -> dict[int, tuple[str, str]]:
    """Add the entries of all sheets. Returns the first and last day of the school years of each sheet."""
    entries = joined_entries(journal, numbered)
    columns, sheet_no, row = entries.columns, entries.sheet_no, entries.row
    types, typed = entries.read("lesson_type", lambda text: row_yield(text, settings.lesson_types), "other")
    is_lesson = columns["lesson_type"].spread([what in LESSONS for what in types], False, bool)
    _subjects, has_subject = entries.read("subject", _whole, "")
    # A mark of a semester or year says enough without its day.
    days, dated = entries.read("date", values.day_of_stamp, int(NO_DAY), ~is_lesson)
    day = columns["date"].spread(days, NO_DAY, np.int32)
    columns["date"] = entries.spread(
        "date", [text if day != NO_DAY else "" for text, day in zip(columns["date"].texts, days, strict=True)]
    )
    sound = typed & has_subject & (dated | ~is_lesson) & ~entries.lost("teacher")
    sound &= ~(entries.lost("topic") & is_lesson)
    for number, sheet in numbered:
        sheet.fates[row[(sheet_no == number) & ~sound] - 1] = Fate.UNREADABLE

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


def _whole(text: str) -> str:
    """A text of which nothing is lost."""
    if LOST in text:
        raise Unreadable(values.LOST_CELL)
    return text


def _workloads(
    journal: Journal,
    entries: Entries,
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
