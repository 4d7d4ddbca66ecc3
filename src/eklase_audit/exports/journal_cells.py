"""What stands in a pupil's cell of E-klase's own workbook, and what a row of it yields by its type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from eklase_audit.exports import values
from eklase_audit.exports.texts import Unreadable, fold
from eklase_audit.i18n import N_

BAD_CELL = N_(
    "neither a mark nor an absence: write 1 to 10, a percentage, i, ni, nv, na, atb, n, ns or nc "
    "(in grades 1 to 3 also S, T, A, P)"
)
BAD_TYPE = N_("not a known type of lesson or mark; known are: {known}; others can be set in the rule pack")

# The grades whose marks may be the levels S, T, A and P.
LAST_GRADE_OF_LEVELS = 3
_LEVELS = ("S", "T", "A", "P")
_MARK = re.compile(r"(?:[1-9]|10|\d{1,3}(?:[.,]\d+)?%|i|ni|nv|na|vam[\w.-]*)\Z", re.I)
_ABSENCE = re.compile(r"n[sc]?\Z", re.I)
_EXEMPT = ("atbrivots", "atbrivota")
_BRACKETS = re.compile(r" ?\([^()]*\)")
_AROUND_BAR = re.compile(r" ?\| ?")
# "n c" is one code. A capital S behind an n is a level where there are levels.
_PARTED_CODE = re.compile(r"\b([nN]) ([sc])\b")
_PARTED_CODE_ANY_CASE = re.compile(r"\b(n) ([sc])\b", re.I)

_TYPES = {
    "Mācību stunda": "formative",
    "Pārbaudes darbs": "summative",
    "I semestra vērtējums": "semester-1",
    "II semestra vērtējums": "semester-2",
    "I/II semestra starpvērtējums": "other",
    "Prognozētais vērtējums / Kombinētais darbs": "combined",
    "Gada vērtējums": "annual",
    "Pēcpārbaudījums": "reexam",
    "Galīgais vērtējums priekšmetā": "final",
    "Valsts …": "other",
    "Sesijas eksāmens": "other",
}
_YIELDS = {name.casefold(): what for name, what in _TYPES.items()}
# Rows of these are lessons, with marks of that kind in their cells.
LESSONS = ("formative", "summative")


@cache
def cell_entries(text: str, levels: bool) -> tuple[tuple[tuple[bool, str], ...], bool]:
    """The entries of a cleaned, non-blank cell, and whether all of it could be read.

    An entry is (True, absence code) or (False, mark); of "5|7" the last counts, of "8(p.d.)" the 8.
    """
    text = _AROUND_BAR.sub("|", _BRACKETS.sub("", text)).replace(" %", "%").strip()
    text = (_PARTED_CODE if levels else _PARTED_CODE_ANY_CASE).sub(r"\1\2", text)
    entries = []
    words = text.split()
    for word in words:
        last = word.rpartition("|")[2]
        if _ABSENCE.match(last):
            entries.append((True, values.absence_code(last)))
        elif _MARK.match(last) or (levels and last in _LEVELS) or _is_exempt(last):
            entries.append((False, last))
    return tuple(entries), bool(words) and len(entries) == len(words)


def _is_exempt(word: str) -> bool:
    """Whether it is the sign of an exempt pupil, or a misspelling of it such as "ATB." or "atbr"."""
    letters = "".join(letter for letter in fold(word) if letter.isalpha())
    return bool(letters) and not any(map(str.isdigit, word)) and any(e.startswith(letters) for e in _EXEMPT)


def row_yield(text: str, own: Mapping[str, str]) -> str:
    """What a row of a type yields, one of journal.LESSON_YIELDS. Raises Unreadable for an unknown type."""
    folded = text.casefold()
    if what := own.get(folded) or _YIELDS.get(folded):
        return what
    if folded.startswith("pār"):
        return "summative"
    if folded.startswith("valsts ") or folded.endswith(" starpvērtējums"):
        return "other"
    raise Unreadable(BAD_TYPE, known=", ".join(_TYPES))


# How the other exports write the kinds of marks and the periods.
MARK_KIND_TEXTS = {
    "formative": "formatīvs", "summative": "summatīvs", "semester": "semestra", "semester-1": "semestra",
    "semester-2": "semestra", "annual": "gada", "final": "galīgais", "combined": "kombinētais",
    "reexam": "pēcpārbaudījums", "other": "starpvērtējums",
}  # fmt: skip
PERIOD_TEXTS = {"semester-1": "1. semestris", "semester-2": "2. semestris", "annual": "Gads", "final": "Gads"}
