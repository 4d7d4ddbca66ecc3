"""What an entry is, from one export to the next, and which entries an export holds.

An entry is known by a keyed number made of what it is about; a changed text, mark or teacher
leaves it the same entry. A lesson = class and group, subject, day, lesson number (lacking it, its
place among that day's); its topic and its homework; a mark = pupil, class, subject, kind, period,
both dates, its place among alike; an absence = pupil, class, day, lesson (lacking it, subject and
place among alike); its justification; a statement = pupil, class, month. Final marks are entries
too, whatever their dates, since clause 8 asks for any one of them.
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
from eklase_audit.moments import DAY, NO_DAY, Days, Flags, day_of

Keys = npt.NDArray[np.int64]

# The kinds of exports that are observed, and the aspects of their rows that are entries.
ASPECTS: dict[str, str] = {
    "lesson": "lessons", "topic": "lessons", "homework": "lessons",
    "absence": "absences", "justification": "absences",
    "mark": "marks", "semester-mark": "marks", "annual-mark": "marks", "reexam-mark": "marks",
    "statement": "statements",
}  # fmt: skip
OBSERVED_KINDS = tuple(dict.fromkeys(ASPECTS.values()))
# Of these any one mark of a pupil, subject and period will do, whatever its day.
_FINAL = ("semester-mark", "annual-mark", "reexam-mark")


def is_ranged(aspect: str) -> bool:
    """Whether an export speaks of an entry only if its day lies between the first and last of its rows."""
    return aspect not in _FINAL


class Hasher:
    """Numbers from texts, by BLAKE2 with the store's key: without it nobody can tell what they stand for."""

    def __init__(self, key: bytes) -> None:
        self._text = lru_cache(maxsize=1 << 20)(self._hash)
        self._key = key

    def _hash(self, text: str) -> int:
        return int.from_bytes(blake2b(text.encode(), key=self._key, digest_size=8).digest(), "little")

    def texts(self, column: Any, *, folded: bool = False) -> npt.NDArray[np.uint64]:
        """One number a row of a column of texts (without their case, if folded); NaN as the empty text.

        It is worked once a distinct text.
        """
        cells = column.array if isinstance(column, pd.Series) else column
        if not isinstance(cells, pd.Categorical):
            cells = pd.Categorical(column)
        texts = [str(text) for text in cells.categories]
        numbers = [self._text(text.casefold() if folded else text) for text in texts] + [self._text("")]
        return np.array(numbers, np.uint64)[cells.codes]

    def numbers(self, column: Any) -> npt.NDArray[np.uint64]:
        """One number a row of a column of whole numbers, worked once a distinct one."""
        places, distinct = pd.factorize(np.asarray(column))
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


# The numbers of lessons without one begin here, so that they are no other lesson's.
_UNNUMBERED = 1000


def groups(hasher: Hasher, kind: str, frame: pd.DataFrame) -> Keys:
    """The class and subject (the class alone, where the kind has no subject) that each row belongs to."""
    parts = [hasher.word(f"group {kind}"), hasher.texts(frame["class"])]
    if kind in ("lessons", "marks"):
        parts.append(hasher.texts(frame["subject"], folded=True))
    return combined(parts, len(frame))


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


def identities(hasher: Hasher, kind: str, frame: pd.DataFrame) -> Keys:
    """What each row of a kind is about, as one number: from this come the keys of its aspects."""
    parts = [hasher.texts(frame["class"])]
    if kind == "statements":
        return statements_of(hasher, frame["pupil"], frame["class"], frame["month"])
    subject, day = hasher.texts(frame["subject"], folded=True), hasher.numbers(frame["date"])
    if kind == "marks":
        parts += [hasher.texts(frame["pupil"]), subject, hasher.texts(frame["kind"]), day]
        parts += [hasher.numbers(frame["period"]), hasher.numbers(frame["submitted_on"])]
        alike = combined(parts, len(frame))
        return combined([alike.view(np.uint64), hasher.numbers(_place_among(alike))], len(frame))
    parts += [day, hasher.texts(frame["group"]) if kind == "lessons" else hasher.texts(frame["pupil"])]
    # Where there is no number of the lesson, subject and place among those of the day tell them apart.
    lesson = frame["lesson"].to_numpy().astype(np.int64)
    numbered = lesson >= 0
    parts += [subject if kind == "lessons" else np.where(numbered, hasher.word(""), subject)]
    if not numbered.all():
        place = _UNNUMBERED + _place_among(combined(parts, len(frame)))
        lesson = np.where(numbered, lesson, place)
    return combined([*parts, hasher.numbers(lesson)], len(frame))


def statements_of(hasher: Hasher, pupil: Any, class_: Any, month: Any) -> Keys:
    """The statement of a pupil for a month, as in identities()."""
    return combined([hasher.texts(class_), hasher.texts(pupil), hasher.numbers(month)], len(np.asarray(month)))


def keys_of(hasher: Hasher, aspect: str, identity: Keys) -> Keys:
    """The keys of rows as entries of an aspect (lesson, topic, homework, absence, ...)."""
    return combined([hasher.word(aspect), identity.view(np.uint64)], len(identity))


def final_keys(hasher: Hasher, aspect: str, pupil: Any, class_: Any, subject: Any, start: Any, period: Any) -> Keys:
    """The key of "the semester (annual, re-examination) mark" of a pupil in a subject and school year."""
    parts = [hasher.texts(pupil), hasher.texts(class_), hasher.texts(subject, folded=True)]
    parts += [hasher.numbers(start), hasher.numbers(period)]
    return combined([hasher.word(aspect), *parts], len(np.asarray(start)))


def _place_among(alike: Keys) -> npt.NDArray[np.int64]:
    """The place of each row among those with the same number, in their order."""
    cells = pd.Series(alike)
    again = cells.duplicated(keep=False).to_numpy()
    places = np.zeros(len(alike), np.int64)
    places[again] = cells[again].groupby(cells[again], sort=False).cumcount().to_numpy()
    return places


def held_entries(
    hasher: Hasher, journal: Journal, taken: int, justified: Sequence[str], no_homework: Sequence[str]
) -> list[Entries]:
    """All entries that a journal holds: what would count as done if it had a stamp."""
    found: list[Entries] = []

    def add(kind: str, rows: pd.DataFrame, aspects: dict[str, tuple[Flags, str]]) -> None:
        identity, group, day = (
            identities(hasher, kind, rows),
            groups(hasher, kind, rows),
            row_days(kind, rows),
        )
        for aspect, (holds, content) in aspects.items():
            key = keys_of(hasher, aspect, identity[holds])
            texts = contents(hasher, key, rows[content][holds])
            found.append(Entries(aspect, key, group[holds], day[holds], texts))

    if journal.has("lessons"):
        rows = journal.rows("lessons")
        topic, homework = filled(rows["topic"]), _given(rows["homework"], no_homework)
        shown = topic | filled(rows["homework"])
        for name in ("entered_at", "topic_entered_at", "absences_entered_at", "homework_entered_at"):
            shown |= stamps(rows, name).filled
        add(
            "lessons",
            rows,
            {
                "lesson": (shown, "teacher"),
                "topic": (topic, "topic"),
                "homework": (homework, "homework"),
            },
        )
    if journal.has("absences"):
        rows = journal.rows("absences")
        justifies = np.asarray(rows["code"].isin(list(justified)))
        add(
            "absences",
            rows,
            {"absence": (np.ones(len(rows), bool), "code"), "justification": (justifies, "code")},
        )
    if journal.has("statements"):
        rows = journal.rows("statements")
        add("statements", rows, {"statement": (stamps(rows, "issued_at").filled, "channel")})
    if journal.has("marks"):
        rows = journal.rows("marks")
        there = filled(rows["mark"])
        add("marks", rows, {"mark": (there, "mark")})
        finals = np.asarray(rows["kind"].isin(["semester", "annual", "final", "reexam"]))
        found += _final_entries(hasher, rows[there & finals], taken)
    return found


def _given(cells: pd.Series, none: Sequence[str]) -> Flags:
    words = {word.casefold() for word in none}
    given = [bool(text) and text.casefold() not in words for text in cells.cat.categories]
    return np.array([*given, False])[cells.cat.codes.to_numpy()]


def contents(hasher: Hasher, keys: Keys, texts: Any) -> Keys:
    """What stands in entries. Mixed with their keys, so that nobody can count how often a mark was given."""
    return combined([keys.view(np.uint64), hasher.texts(texts)], len(keys))


def _final_entries(hasher: Hasher, rows: pd.DataFrame, taken: int) -> list[Entries]:
    """Semester, annual and re-examination marks as clause 8 asks for them: one a pupil, subject, period."""
    entered = stamps(rows, "entered_at")
    day = np.where(
        rows["date"].to_numpy() != NO_DAY,
        rows["date"].to_numpy(),
        np.where(entered.given, day_of(entered.when.first), taken // DAY),
    ).astype(np.int32)
    start = school_year_of(day)
    kind, period = rows["kind"], rows["period"].to_numpy()
    semester = np.asarray(kind == "semester") & np.isin(period, (1, 2))
    annual = np.asarray(kind.isin(["annual", "final"]))
    reexam = np.asarray(kind == "reexam")
    # A re-examination from September to December answers for the year before.
    autumn = day < _days_of(start + 1, 1, 1)
    found = []
    for aspect, flags, years, periods, month in (
        ("semester-mark", semester, start, period, 9),
        ("annual-mark", annual, start, np.zeros(len(rows), np.int8), 9),
        ("reexam-mark", reexam, start - autumn, np.zeros(len(rows), np.int8), 13),
    ):
        mine, year = rows[flags], years[flags]
        keys = final_keys(hasher, aspect, mine["pupil"], mine["class"], mine["subject"], year, periods[flags])
        # The last day on which it matters: of the year, and for a re-examination of the December after it.
        last = _days_of(year + 1, month, 1) - 1
        found.append(
            Entries(
                aspect,
                keys,
                groups(hasher, "marks", mine),
                last.astype(np.int32),
                contents(hasher, keys, mine["mark"]),
            )
        )
    return found


def _days_of(years: npt.NDArray[np.int32], month: int, day: int) -> npt.NDArray[np.int64]:
    """The day number of one date in each of the years (month 13: the next January)."""
    months = (years.astype(np.int64) - 1970) * 12 + month - 1
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) + day - 1
