"""The tables that the tool itself writes or a school keeps for it: findings, waivers, absences of staff, addresses.

They stand in the folder of the exports and are none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass

# In Latvian and in English, folded as headings are.
_FINGERPRINT = {"pirkstnospiedums", "fingerprint"}
_TEACHER, _SUBSTITUTE = {"pedagogs", "teacher"}, {"aizvieto", "substitute"}
_FROM, _TO = {"no", "from"}, {"lidz", "to", "until"}
_REASON, _ORDER = {"iemesls", "reason"}, {"rikojums", "order"}
_CLAUSE, _ALLOWED = {"punkts", "parbaude", "clause", "check"}, {"atlava", "allowed_by", "allowedby"}
_CLASS, _SUBJECT, _PUPIL = {"klase", "class"}, {"prieksmets", "subject"}, {"skolens", "pupil"}
_ADDRESS = {"e-pasts", "address", "e-mail", "email", "e-pastaadrese"}
# What an export calls them besides makes a table no list of absences either.
ABOUT_PUPILS = ("class", "subject", "pupil", "pupils")


@dataclass(frozen=True)
class _Form:
    """A table by its headings, each in several words: those it needs, and those it may have."""

    needs: tuple[set[str], ...]
    may: tuple[set[str], ...] = ()

    def fits(self, words: set[str]) -> bool:
        """Whether a row of headings can be that of such a table."""
        return not any(map(words.isdisjoint, self.needs))

    def knows(self, words: Iterable[str]) -> bool:
        """Whether all these headings can be ones of such a table."""
        return set(words) <= set().union(*self.needs, *self.may)


_WAIVED = (_TEACHER, _CLASS, _SUBJECT, _PUPIL, _FROM, _TO, _ORDER)
_ABSENCES = _Form((_TEACHER, _FROM, _TO, _REASON), (_SUBSTITUTE,))
_WAIVERS = _Form((_CLAUSE, _REASON, _ALLOWED), _WAIVED)
_OPEN_WAIVERS = _Form((_CLAUSE, _REASON, _TO))
_ADDRESSES = _Form((_TEACHER, _ADDRESS))


def is_marked_own(row: Sequence[str]) -> bool:
    """Whether a row of folded headings has the one by which the tool's own tables are known."""
    return not _FINGERPRINT.isdisjoint(row)


def is_own(row: Sequence[str], about_pupils: Set[str], exports: Callable[[], Sequence[Sequence[str]]]) -> bool:
    """Whether a row of folded headings is that of waivers, of absences of staff or of addresses.

    `about_pupils` are the headings of ABOUT_PUPILS in exports; `exports()` tells, for each kind of exports
    whose required headings are all in the row, those headings. The row is an export where one of these is
    none of ours, as notes need "Saņemta"; and, where nobody is named who allowed it, in any case.
    """
    words = set(row)
    if _WAIVERS.fits(words):
        return all(map(_WAIVERS.knows, exports()))
    if _ABSENCES.fits(words) and words.isdisjoint(about_pupils | _CLASS | _SUBJECT | _PUPIL):
        return all(map(_ABSENCES.knows, exports()))
    return (_OPEN_WAIVERS.fits(words) or _ADDRESSES.fits(words)) and not exports()
