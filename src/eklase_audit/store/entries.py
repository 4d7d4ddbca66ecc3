"""What an entry is, from one export to the next, and which entries an export holds.

An entry is known by a keyed number made of what it is about; a changed text, mark or teacher
leaves it the same entry. A lesson = class, subject, day, lesson number (lacking it, its place
among that day's); its topic and its homework; a mark = pupil, class, subject, kind, period, both
dates, its place among alike; an absence = pupil, class, day, lesson; its justification; a
statement = pupil, class, month. Final marks are entries too, whatever their dates, since clause 8
asks for any one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from eklase_audit.calendar import school_year_of
from eklase_audit.journal import Journal, filled, stamps
from eklase_audit.moments import NO_DAY, Days, Flags, day_number, day_of, to_date

Keys = npt.NDArray[np.int64]

# The kinds of exports that are observed, and the aspects of their rows that are entries.
ASPECTS: dict[str, str] = {
    "lesson": "lessons", "topic": "lessons", "homework": "lessons",
    "absence": "absences", "justification": "absences",
    "mark": "marks", "semester-mark": "marks", "annual-mark": "marks", "reexam-mark": "marks",
    "statement": "statements",
}  # fmt: skip
OBSERVED_KINDS = tuple(dict.fromkeys(ASPECTS.values()))


class Hasher:
    """Numbers from texts, by BLAKE2 with the store's key: without the key nobody can tell what they stand for."""

    def __init__(self, key: bytes) -> None:
        self._text = lru_cache(maxsize=1 << 20)(self._hash)
        self._key = key

    def _hash(self, text: str) -> int:
        return int.from_bytes(blake2b(text.encode(), key=self._key, digest_size=8).digest(), "little")

    def texts(self, column: Any) -> npt.NDArray[np.uint64]:
        """One number a row of a column of texts, worked once a distinct text; NaN as the empty text."""
        cells = pd.Categorical(column)
        numbers = [self._text(str(text)) for text in cells.categories] + [self._text("")]
        return np.array(numbers, np.uint64)[cells.codes]

    def numbers(self, column: Any) -> npt.NDArray[np.uint64]:
        """One number a row of a column of whole numbers."""
        distinct, places = np.unique(np.asarray(column), return_inverse=True)
        return np.array([self._text(f"#{number}") for number in distinct.tolist()], np.uint64)[places]

    def word(self, text: str) -> np.uint64:
        """The number of one text."""
        return np.uint64(self._text(text))


def combined(parts: Sequence[Any], count: int) -> Keys:
    """One number a row from several, in their order (a mixing of 64 bits; the parts are keyed already)."""
    mixed = np.full(count, 0x9E3779B97F4A7C15, np.uint64)
    with np.errstate(over="ignore"):
        for part in parts:
            mixed = (mixed ^ part) * np.uint64(0xFF51AFD7ED558CCD)
            mixed ^= mixed >> np.uint64(32)
            mixed = mixed * np.uint64(0xC4CEB9FE1A85EC53)
            mixed ^= mixed >> np.uint64(29)
    return mixed.view(np.int64)


@dataclass(frozen=True)
class Entries:
    """Entries of one aspect, one line each: key, group (class and subject), day, content; shape (n,)."""

    aspect: str
    key: Keys
    group: Keys
    day: Days
    content: Keys


def groups(hasher: Hasher, kind: str, frame: pd.DataFrame) -> Keys:
    """The class and subject (the class alone, where the kind has no subject) that each row belongs to."""
    parts = [hasher.word(f"group {kind}"), hasher.texts(frame["class"])]
    if kind in ("lessons", "marks"):
        parts.append(hasher.texts(_folded(frame["subject"])))
    return combined(parts, len(frame))


def _folded(subjects: Any) -> pd.Series:
    cells = pd.Categorical(subjects)
    texts = np.array([*(str(text).casefold() for text in cells.categories), ""], dtype=object)
    return pd.Series(texts[cells.codes])


def row_days(kind: str, frame: pd.DataFrame) -> Days:
    """The day that each row is of; NO_DAY where it has none."""
    if kind == "statements":
        return _month_ends(frame["month"].to_numpy())
    days = frame["date"].to_numpy()
    if kind == "marks":
        days = np.where(days != NO_DAY, days, frame["submitted_on"].to_numpy())
    return days.astype(np.int32)


def _month_ends(months: npt.NDArray[np.int32]) -> Days:
    since_1970 = np.maximum(months, 1970 * 12) - 1970 * 12 + 1
    ends = since_1970.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - 1
    return np.where(months < 0, NO_DAY, ends).astype(np.int32)


def row_keys(hasher: Hasher, aspect: str, frame: pd.DataFrame) -> Keys:
    """The key of each row of a frame as an entry of an aspect (lesson, topic, homework, absence, ...)."""
    kind = ASPECTS[aspect]
    if kind == "lessons":
        lesson = frame["lesson"].to_numpy().astype(np.int64)
        place = _place_among_alike(frame, ("class", "subject_key", "date"))
        number = np.where(lesson >= 0, lesson, 1000 + place)
        parts = [hasher.texts(frame["class"]), hasher.texts(_folded(frame["subject"])),
                 hasher.numbers(frame["date"]), hasher.numbers(number)]
    elif kind == "absences":
        parts = [hasher.texts(frame["pupil"]), hasher.texts(frame["class"]), hasher.numbers(frame["date"]),
                 hasher.numbers(frame["lesson"])]
    elif kind == "statements":
        parts = [hasher.texts(frame["pupil"]), hasher.texts(frame["class"]), hasher.numbers(frame["month"])]
    else:
        identity = ("pupil", "class", "subject_key", "kind", "period", "date", "submitted_on")
        parts = [hasher.texts(frame["pupil"]), hasher.texts(frame["class"]),
                 hasher.texts(_folded(frame["subject"])), hasher.texts(frame["kind"]),
                 hasher.numbers(frame["period"]), hasher.numbers(frame["date"]),
                 hasher.numbers(frame["submitted_on"]), hasher.numbers(_place_among_alike(frame, identity))]
    return combined([hasher.word(aspect), *parts], len(frame))


def final_keys(hasher: Hasher, aspect: str, pupil: Any, class_: Any, subject: Any, start: Any, period: Any) -> Keys:
    """The key of "the semester (annual, re-examination) mark" of a pupil in a subject and school year."""
    count = len(np.asarray(start))
    return combined([hasher.word(aspect), hasher.texts(pupil), hasher.texts(class_), hasher.texts(_folded(subject)),
                     hasher.numbers(start), hasher.numbers(period)], count)


def _place_among_alike(frame: pd.DataFrame, columns: Sequence[str]) -> npt.NDArray[np.int64]:
    if not len(frame):
        return np.array([], np.int64)
    same = frame.groupby(list(columns), observed=True, dropna=False, sort=False).cumcount()
    return same.to_numpy().astype(np.int64)


def held_entries(hasher: Hasher, journal: Journal, taken: int, justified: Sequence[str], no_homework: Sequence[str]
                 ) -> list[Entries]:
    """All entries that a journal holds: what would count as done if it had a stamp."""
    found: list[Entries] = []

    def add(kind: str, aspect: str, frame: pd.DataFrame, holds: Flags, content: Sequence[str]) -> None:
        rows = frame[holds]
        keys = row_keys(hasher, aspect, frame)[holds]
        texts = [hasher.texts(rows[name]) for name in content]
        found.append(Entries(aspect, keys, groups(hasher, kind, rows), row_days(kind, rows),
                             combined(texts, len(rows))))

    if journal.has("lessons"):
        rows = journal.rows("lessons")
        topic, homework = filled(rows["topic"]), _given(rows["homework"], no_homework)
        shown = topic | filled(rows["homework"])
        for name in ("entered_at", "topic_entered_at", "absences_entered_at", "homework_entered_at"):
            shown |= stamps(rows, name).filled
        add("lessons", "lesson", rows, shown, ("teacher",))
        add("lessons", "topic", rows, topic, ("topic",))
        add("lessons", "homework", rows, homework, ("homework",))
    if journal.has("absences"):
        rows = journal.rows("absences")
        add("absences", "absence", rows, np.ones(len(rows), bool), ("code",))
        add("absences", "justification", rows, np.asarray(rows["code"].isin(list(justified))), ("code",))
    if journal.has("statements"):
        rows = journal.rows("statements")
        add("statements", "statement", rows, stamps(rows, "issued_at").filled, ("channel",))
    if journal.has("marks"):
        rows = journal.rows("marks")
        there = filled(rows["mark"])
        add("marks", "mark", rows, there, ("mark",))
        found += _final_entries(hasher, rows[there], taken)
    return found


def _given(cells: pd.Series, none: Sequence[str]) -> Flags:
    words = {word.casefold() for word in none}
    given = [bool(text) and text.casefold() not in words for text in cells.cat.categories]
    return np.array([*given, False])[cells.cat.codes.to_numpy()]


def _final_entries(hasher: Hasher, rows: pd.DataFrame, taken: int) -> list[Entries]:
    """Semester, annual and re-examination marks as what clause 8 asks for: one a pupil, subject and period."""
    entered = stamps(rows, "entered_at")
    day = np.where(rows["date"].to_numpy() != NO_DAY, rows["date"].to_numpy(),
                   np.where(entered.given, day_of(entered.when.first), taken // 86_400)).astype(np.int32)
    start = school_year_of(day)
    kind, period = rows["kind"], rows["period"].to_numpy()
    semester = np.asarray(kind == "semester") & np.isin(period, (1, 2))
    annual = np.asarray(kind.isin(["annual", "final"]))
    reexam = np.asarray(kind == "reexam")
    # A re-examination from September to December may answer for the year before.
    limits = np.array([day_number(to_date(int(one)).replace(month=12, day=31)) for one in day], np.int64) \
        if reexam.any() else np.zeros(len(rows), np.int64)
    september = np.array([to_date(int(one)).month >= 9 for one in day]) if reexam.any() else np.zeros(len(rows), bool)
    wanted: list[tuple[str, Flags, npt.NDArray[Any], npt.NDArray[Any]]] = [
        ("semester-mark", semester, start, period),
        ("annual-mark", annual, start, np.zeros(len(rows), np.int8)),
        ("reexam-mark", reexam, start, np.zeros(len(rows), np.int8)),
        ("reexam-mark", reexam & september & (day <= limits), start - 1, np.zeros(len(rows), np.int8)),
    ]
    found = []
    for aspect, flags, years, periods in wanted:
        mine = rows[flags]
        found.append(Entries(
            aspect, final_keys(hasher, aspect, mine["pupil"], mine["class"], mine["subject"], years[flags],
                               periods[flags]),
            groups(hasher, "marks", mine), day[flags], combined([hasher.texts(mine["mark"])], len(mine))))
    return found

