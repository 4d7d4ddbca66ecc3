"""The pupil list that E-klase writes: from row 8 the group in A, "Uzvārds Vārds" in C; then "Sagatavoja:"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eklase_audit.exports import values
from eklase_audit.exports.headings import Header, Kind
from eklase_audit.exports.journal_workbook import Fault, blank_or, letter
from eklase_audit.exports.table import Fate, Fates
from eklase_audit.exports.texts import LOST, Unreadable, clean, fold, has_letter, without_codes
from eklase_audit.exports.workbook import cell_text

_FIRST_ROW = 7
_GROUP, _NAME = 0, 2
_FOOTER = "sagatavoja"
HEADER = Header(Kind("pupil-list", "E-klases izglītojamo saraksts", (), {}, {}), _FIRST_ROW - 1, {}, {})


@dataclass(frozen=True)
class PupilList:
    """The pupils of a list: (row number, group as written, first names, surname); what became of each row."""

    pupils: tuple[tuple[int, str, str, str], ...]
    fates: Fates
    faults: tuple[Fault, ...] = ()


def read_pupil_list(rows: Sequence[Sequence[Any]]) -> PupilList | None:
    """The pupils of a sheet of this form; None for any other sheet.

    A list has its footer, and each row above it names a pupil whom no other row of the group names:
    a table of another kind with a misspelt heading must not pass for one.
    """
    pupils: dict[tuple[str, str], tuple[int, str, str, str]] = {}
    faults: list[Fault] = []
    fates = blank_or(rows, Fate.OTHER)
    above = fates[:_FIRST_ROW]
    above[above != Fate.BLANK] = Fate.TITLE
    above[-1:][above[-1:] == Fate.TITLE] = Fate.HEADER
    for number, cells in enumerate(rows[_FIRST_ROW:], _FIRST_ROW + 1):
        texts = [clean(without_codes(cell_text(cell))) for cell in cells]
        if any(fold(text).startswith(_FOOTER) for text in texts):
            rest = fates[number - 1 :]
            rest[rest != Fate.BLANK] = Fate.FOOTER
            return PupilList(tuple(pupils.values()), fates, tuple(faults)) if pupils else None
        if not any(texts):
            continue
        if lost := [n for n in (_GROUP, _NAME) if n < len(texts) and LOST in texts[n]]:
            faults += [Fault(-1, number, letter(n), texts[n], values.LOST_CELL) for n in lost]
            fates[number - 1] = Fate.UNREADABLE
            continue
        fates[number - 1] = Fate.AUDITED
        words = texts[_NAME].split() if len(texts) > _NAME else []
        key = (texts[_GROUP], " ".join(words))
        if len(words) < 2 or not all(map(has_letter, words)) or key in pupils:
            return None
        try:
            values.school_class(texts[_GROUP])
        except Unreadable:
            return None
        pupils[key] = (number, texts[_GROUP], " ".join(words[1:]), words[0])
    return None
