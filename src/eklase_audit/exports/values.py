"""The forms in which E-klase and school offices write dates, classes, lessons and the rest.

Each function takes one cleaned, non-blank text and returns its value or raises Unreadable.
Nothing is guessed: what is no form named here is a data problem.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from types import MappingProxyType

from eklase_audit.exports.texts import Column, Texts, Unreadable, fold
from eklase_audit.i18n import N_
from eklase_audit.lazy import np, pa, pc
from eklase_audit.moments import FIRST_YEAR, LAST_YEAR, day_number

BLANK = N_("blank, though it says what the row is about: fill it in")
BAD_DAY = N_("not a date: write it as 08.12.2025")
BAD_STAMP = N_("not a date and time: write it as 08.12.2025 16:05")
BAD_CLASS = N_("not a class: it begins with the grade, 1 to 12, as in 7.a")
BAD_LESSON = N_("not a lesson number: write a number from 0 to 20")
BAD_WEEKDAY = N_("not a weekday: write it in full, or as P. O. T. C. Pk. S. Sv.")
BAD_MONTH = N_("not a month of a year: write it as 2025-11")
BAD_PERIOD = N_('not a period: write "1. semestris", "2. semestris" or "Gads"')
BAD_SEMESTER = N_('not a semester: a semester mark needs "1. semestris" or "2. semestris"')
BAD_MARK_KIND = N_("not a known kind of mark; known are: {known}")
TOO_WIDE = N_("more cells than headings: put the text that holds the delimiter in quotation marks")
MISQUOTED = N_("broken quotation marks: double each one inside a cell that is in quotation marks")
LOST_CELL = N_(
    "part of it is lost in the file (a wrong byte, a formula without a value): mend it there or export it anew"
)
CUT_OFF = N_("the list is cut off: write all its names")

_DAY_FORMS = (
    re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})\.?\Z"),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})\Z"),
    re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})\Z"),
)
# One sign throughout: "16:05.30" could be minutes and seconds, or seconds with a fraction.
_CLOCK = re.compile(r"(?:plkst\.? ?)?(?P<h>\d{1,2})(?P<sign>[:.])(?P<m>\d{2})(?:(?P=sign)(?P<s>\d{2}))?\Z", re.I)


@cache
def day(text: str) -> int:
    """A day number from 08.12.2025, 08.12.2025., 8.12.2025, 2025-12-08 or 08/12/2025."""
    for form in _DAY_FORMS:
        if found := form.match(text):
            year, month, number = int(found["y"]), int(found["m"]), int(found["d"])
            if FIRST_YEAR <= year <= LAST_YEAR:
                try:
                    return day_number(date(year, month, number))
                except ValueError:
                    break
    raise Unreadable(BAD_DAY)


@cache
def clock(text: str) -> int:
    """Seconds of the day from 16:05, 16:05:30, 16.05, 9:05 or "plkst. 16:05"."""
    if found := _CLOCK.match(text):
        hour, minute, second = int(found["h"]), int(found["m"]), int(found["s"] or 0)
        if hour < 24 and minute < 60 and second < 60:
            return hour * 3600 + minute * 60 + second
    raise Unreadable(BAD_STAMP)


def split_stamp(text: str) -> tuple[str, str]:
    """The day part and the clock part ("" if there is none) of a stamp's text."""
    head, space, tail = text.partition(" ")
    if space:
        return head, tail
    head, _mark, tail = text.partition("T")
    return (head, tail) if tail else (text, "")


def split_stamps(column: Column) -> tuple[Column, Column]:
    """The day parts and the clock parts of the distinct texts of a column."""
    texts = column.texts
    if not isinstance(texts, Texts) or not texts.tidy:
        parts = [split_stamp(text) for text in texts]
        return Column.of([head for head, _tail in parts]), Column.of([tail for _head, tail in parts])
    # A hundred thousand distinct stamps: those with a space, nearly all, are parted by Arrow.
    pieces = pc.split_pattern(texts.held, " ", max_splits=1)
    parted = pc.equal(pc.list_value_length(pieces), 2)
    others = [split_stamp(text) for text in pc.filter(texts.held, pc.invert(parted)).to_pylist()]
    held = pc.filter(pieces, parted) if others else pieces
    heads, tails = (
        Column.of_arrow(pa.chunked_array([pc.list_element(held, part).dictionary_encode()])) for part in (0, 1)
    )
    if not others:
        return heads, tails
    flags = parted.to_numpy(zero_copy_only=False)

    def in_place(column: Column, part: int) -> Column:
        joined = Column.join([column, Column.of([other[part] for other in others])])
        codes = np.empty_like(joined.codes)
        codes[flags], codes[~flags] = joined.codes[: len(column)], joined.codes[len(column) :]
        return Column(codes, joined.texts)

    return in_place(heads, 0), in_place(tails, 1)


def day_of_stamp(text: str) -> int:
    """A day number from a date, or from a date and time whose time does not matter."""
    head, tail = split_stamp(text)
    if tail:
        try:
            clock(tail)
        except Unreadable:
            raise Unreadable(BAD_DAY) from None
    return day(head)


_CLASS = re.compile(
    r"(?P<grade>\d{1,2})(?!\d)\s*\.?\s*(?P<letter>[^\W\d_](?![^\W\d_]))?\s*\.?\s*(?:klases?\b)?\s*(?P<group>.*)\Z",
    re.I,
)


_AROUND_GROUP = " .,()-/"


def school_class(text: str) -> tuple[str, int, str]:
    """The class ("12.b", "7"), its grade, and the group that follows it ("" if none)."""
    # A date is what a spreadsheet makes of "7.1".
    found = None if any(form.match(text) for form in _DAY_FORMS) else _CLASS.match(text)
    if not found or not 1 <= int(found["grade"]) <= 12:
        raise Unreadable(BAD_CLASS)
    grade, letter = int(found["grade"]), (found["letter"] or "").lower()
    return (f"{grade}.{letter}" if letter else str(grade)), grade, found["group"].strip(_AROUND_GROUP)


def group_key(text: str) -> str:
    """A group as it is compared: "(2. gr.)", "2. GR" and "2. gr" are one."""
    return text.strip(_AROUND_GROUP).casefold()


_PHONE_PARTS = re.compile(r"[;,/\r\n]+")
_NO_DIGITS = re.compile(r"[^0-9]+")
_PHONE_LENGTH = 8


def phone_numbers(text: str) -> frozenset[str]:
    """The digits of each phone number in a cell, without the prefix of Latvia."""
    numbers = (_NO_DIGITS.sub("", part).removeprefix("00") for part in _PHONE_PARTS.split(text))
    return frozenset(n.removeprefix("371") if len(n) > _PHONE_LENGTH else n for n in numbers if n)


_LESSON = re.compile(r"(\d{1,2})\.?(?:\s?[-–]\s?(\d{1,2})\.?)?(?:\s?(?:stunda|stundas|st\.?))?\Z", re.I)


def lesson(text: str) -> tuple[int, int]:
    """The first and last lesson number from 3, "3.", "3. stunda" or 1-2."""
    if found := _LESSON.match(text):
        first = int(found[1])
        last = int(found[2] or first)
        if 0 <= first <= last <= 20:
            return first, last
    raise Unreadable(BAD_LESSON)


_WEEKDAYS = {
    word: number
    for number, words in enumerate(
        (
            ("pirmdiena", "p", "pr", "1"),
            ("otrdiena", "o", "ot", "2"),
            ("tresdiena", "t", "tr", "3"),
            ("ceturtdiena", "c", "ce", "4"),
            ("piektdiena", "pk", "5"),
            ("sestdiena", "s", "se", "6"),
            ("svetdiena", "sv", "7"),
        )
    )
    for word in words
}


def weekday(text: str) -> int:
    """The weekday, Monday 0 to Sunday 6."""
    try:
        return _WEEKDAYS[fold(text).rstrip(".")]
    except KeyError:
        raise Unreadable(BAD_WEEKDAY) from None


_MONTHS = {
    stem + ending: number
    for number, (stem, endings) in enumerate(
        (
            ("janvar", ("is", "i")),
            ("februar", ("is", "i")),
            ("mart", ("s", "a")),
            ("april", ("is", "i")),
            ("maij", ("s", "a")),
            ("junij", ("s", "a")),
            ("julij", ("s", "a")),
            ("august", ("s", "a")),
            ("septembr", ("is", "i")),
            ("oktobr", ("is", "i")),
            ("novembr", ("is", "i")),
            ("decembr", ("is", "i")),
        )
    )
    for ending in endings
}
_MONTH_FORMS = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})\Z"),
    re.compile(r"(?P<m>\d{1,2})\.(?P<y>\d{4})\.?\Z"),
    re.compile(r"(?P<name>[a-z]+) (?P<y>\d{4})\Z"),
    re.compile(r"(?P<y>\d{4})\. ?(?:gada|g\.)? ?(?P<name>[a-z]+)\Z"),
)


def month(text: str) -> int:
    """A month as year * 12 + month - 1, from 2025-11, 11.2025, "novembris 2025", "2025. gada novembrī"."""
    folded = fold(text)
    for form in _MONTH_FORMS:
        if found := form.match(folded):
            parts = found.groupdict()
            number = _MONTHS.get(parts["name"], -1) if "name" in parts else int(parts["m"]) - 1
            if 0 <= number < 12 and FIRST_YEAR <= int(parts["y"]) <= LAST_YEAR:
                return int(parts["y"]) * 12 + number
            break
    raise Unreadable(BAD_MONTH)


_PERIOD = re.compile(r"(?P<number>1|2|ii?)\.? ?(?:sem(?:\.|estris|estra|estri)?)?\Z")
YEAR = 3


def period(text: str) -> int:
    """1 or 2 for a semester, YEAR for the year."""
    folded = fold(text)
    if folded.rstrip(".") in ("gads", "gada"):
        return YEAR
    if found := _PERIOD.match(folded):
        return 2 if found["number"] in ("2", "ii") else 1
    raise Unreadable(BAD_PERIOD)


# The kinds of marks that some clause asks about; the last owes nothing.
MARK_KINDS = ("formative", "summative", "semester", "annual", "final", "combined", "reexam", "other")
_MARK_WORDS = {
    "formative": ("formatīvs", "formatīvais"),
    "summative": ("summatīvs", "summatīvais"),
    "semester": ("semestra",),
    "annual": ("gada",),
    "final": ("gala", "galīgais"),
    "combined": ("kombinētais", "kombinētā darba", "prognozētais vērtējums / kombinētais"),
    "reexam": ("pēcpārbaudījuma", "pēcpārbaudījums"),
    "other": ("starpvērtējums", "sesijas eksāmens"),
}
_MARK_NAMES = {
    f"{word}{ending}": kind
    for kind, words in _MARK_WORDS.items()
    for word in words
    for ending in ("", " vērtējums", " darbs")
}
KNOWN_MARK_KINDS = ", ".join(words[0] for words in _MARK_WORDS.values()) + ", Valsts …"


def mark_kind(text: str, own: Mapping[str, str] = MappingProxyType({})) -> str:
    """The kind of a mark, one of MARK_KINDS; `own` are a school's own spellings, casefolded."""
    folded = text.casefold()
    if kind := own.get(folded) or _MARK_NAMES.get(folded):
        return kind
    if folded.startswith("valsts ") or folded.endswith(" starpvērtējums"):
        return "other"
    raise Unreadable(BAD_MARK_KIND, known=", ".join([KNOWN_MARK_KINDS, *own]))


def absence_code(text: str) -> str:
    """An absence code without inner spaces and case: "n c" is nc."""
    return text.replace(" ", "").lower()
