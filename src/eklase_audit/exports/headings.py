"""Which kind of export a row of headings belongs to, and which column means what."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.resources import files

from eklase_audit.exports.own_tables import ABOUT_PUPILS, is_marked_own, is_own
from eklase_audit.exports.texts import clean, fold
from eklase_audit.i18n import _

# What stands in a summary's headings below or after a subject.
_SUMMARY_PART = re.compile(
    r"(?:(?P<subject>.*\S)\s+)?(?P<part>(?:1|2|ii?)\.?\s*sem(?:\.|estris)?|gad[as])[:.]*\Z", re.I
)
_SUMMARY_PARTS = "1. semestris, 2. semestris, Gada"

_SCHOOL_YEAR = re.compile(r"\b(20\d\d)\.?\s*[/–-]\s*(20\d\d)\b")


@dataclass(frozen=True)
class Kind:
    """A kind of export: its headings by meaning, in the order of preference."""

    name: str
    title: str
    required: tuple[str, ...]
    headings: Mapping[str, tuple[str, ...]]
    folded: Mapping[str, tuple[str, int]] = field(repr=False)

    def heading(self, meaning: str) -> str:
        """The heading that the tool itself uses for a meaning."""
        return self.headings[meaning][0]


@cache
def kinds() -> dict[str, Kind]:
    """All kinds of exports, from headings.toml."""
    return _kinds_in("headings.toml")


@cache
def own_lists() -> dict[str, Kind]:
    """The lists that a school keeps for this tool, from own_lists.toml."""
    return _kinds_in("own_lists.toml")


def _kinds_in(file: str) -> dict[str, Kind]:
    text = files("eklase_audit.exports").joinpath(file).read_text("utf-8")
    return {name: _kind(name, entry) for name, entry in tomllib.loads(text).items()}


def school_kinds(further: Mapping[str, Mapping[str, tuple[str, ...]]]) -> dict[str, Kind]:
    """All kinds with a school's further headings, by kind and meaning; they come before the built-in ones."""
    own = dict(kinds())
    for name, meanings in further.items():
        folded = dict(own[name].folded)
        for meaning, words in meanings.items():
            folded |= {fold_heading(word): (meaning, place - len(words)) for place, word in enumerate(words)}
        own[name] = replace(own[name], folded=folded)
    return own


def _kind(name: str, entry: dict[str, object]) -> Kind:
    headings = {
        meaning: tuple(str(word) for word in words)
        for meaning, words in entry.items()
        if meaning not in ("title", "required") and isinstance(words, list)
    }
    folded: dict[str, tuple[str, int]] = {}
    for meaning, words in headings.items():
        for place, word in enumerate(words):
            folded.setdefault(fold_heading(word), (meaning, place))
    required = entry["required"]
    assert isinstance(required, list)
    return Kind(name, str(entry["title"]), tuple(required), headings, folded)


@cache
def _longest_heading() -> int:
    return max(len(word) for kind in kinds().values() for words in kind.headings.values() for word in words)


def fold_row(cells: Sequence[str]) -> list[str]:
    """The cells of a row folded as headings; a cell too long for one is blank."""
    limit = 2 * _longest_heading()
    return [fold_heading(cell) if 0 < len(cell) <= limit else "" for cell in cells]


@lru_cache(maxsize=1 << 16)
def fold_heading(text: str) -> str:
    """A heading without case, diacritics, white space and a final ":" or "."."""
    return "".join(fold(clean(text)).split()).rstrip(":.")


@dataclass(frozen=True)
class Match:
    """How far the headings of one row are those of a kind."""

    kind: Kind
    columns: dict[str, int]

    @property
    def missing(self) -> list[str]:
        """The meanings that are required and have no column."""
        return [meaning for meaning in self.kind.required if meaning not in self.columns]

    @property
    def count(self) -> int:
        """How many headings match."""
        return len(self.columns)


def match(folded: Sequence[str], kind: Kind) -> Match:
    """The columns of a row of folded headings by meaning; of two for one meaning the earlier synonym."""
    best: dict[str, tuple[int, int]] = {}
    for column, word in enumerate(folded):
        if found := kind.folded.get(word):
            meaning, place = found
            if meaning not in best or place < best[meaning][0]:
                best[meaning] = (place, column)
    return Match(kind, {meaning: column for meaning, (_place, column) in best.items()})


@dataclass(frozen=True)
class Header:
    """The header found in a table: its kind, its last row (from 0) and how many it has, columns by meaning.

    `headings` are the file's own words by meaning, `cells` the words of all columns; `wide` the
    columns of a summary: (column, subject, period text); `school_year` the calendar year in which
    the school year that the title rows name begins, if they name one.
    """

    kind: Kind
    row: int
    columns: dict[str, int]
    headings: dict[str, str]
    wide: tuple[tuple[int, str, str], ...] = ()
    school_year: int | None = None
    depth: int = 1
    cells: tuple[str, ...] = ()


class Unplaced(Exception):  # noqa: N818 - told to the user with the file's name before it
    """A table of no kind, or of two. The message says which are near and what is missing.

    `near` are the kinds that come nearest, `cells` the row of headings.
    """

    def __init__(self, text: str, near: Sequence[Match] = (), cells: Sequence[str] = ()) -> None:
        self.near = tuple(near)
        self.cells = tuple(cells)
        super().__init__(text)


class OwnTable(Exception):  # noqa: N818 - an outcome, not a mistake
    """A table that the tool itself writes or keeps (findings, waivers, absences of staff): no entries stand in it."""


MAX_TITLE_ROWS = 100
_NEAR = 2


def find_header(
    rows: Sequence[Sequence[str]], forced: str | None = None, known: Mapping[str, Kind] | None = None
) -> Header | None:
    """The header among the first rows of a table; None where nothing looks like headings.

    Raises OwnTable for a table of the tool itself that was not asked for, Unplaced where headings are there but the
    kind cannot be told (the kind with the most headings, all required ones there, no other two or
    more ahead).
    """
    known = kinds() if known is None else known
    asked = forced in own_lists()
    if not asked and any(_is_own(fold_row(cells), None if forced else known) for cells in rows[:MAX_TITLE_ROWS]):
        raise OwnTable
    candidates = [known[forced]] if forced else [k for k in known.values() if k.name != "summary"]
    best_row, best, best_depth = -1, [Match(kind, {}) for kind in candidates], 1
    words = {word for kind in candidates for word in kind.folded}
    below: list[str] = []
    for number in reversed(range(min(len(rows), MAX_TITLE_ROWS))):
        folded = fold_row(rows[number])
        if not words.isdisjoint(folded):
            matches = [match(folded, kind) for kind in candidates]
            both = [_match_two(folded, below, kind) for kind in candidates]
            depth = 2 if _rank(both) > _rank(matches) else 1
            # Of rows that are as good the upper one: below it the header may stand again.
            if _rank(both if depth == 2 else matches) >= _rank(best):
                best_row, best, best_depth = number, both if depth == 2 else matches, depth
        below = folded
    if _rank(best) == (0, 0):
        best_row = -1
    complete = [m for m in best if m.count and not m.missing and m.kind.name != "summary"]
    top = max((m.count for m in complete), default=0)
    if forced in (None, "summary") and (wide := _find_summary(rows, known["summary"])):
        # Title rows ("Klase: 9.a", "Klases audzinātājs: …") can look like the headings of a small kind.
        row, summary = wide
        if not complete or (row != best_row and len(summary.columns) + len(summary.wide) > top):
            return summary
    best.sort(key=lambda m: (-m.count, len(m.missing), m.kind.name))
    if best_row < 0 or (best[0].count < _NEAR and not forced):
        return None
    if not complete:
        near = [m for m in best if m.count >= best[0].count - 1][:3]
        raise Unplaced(_lacking(near, rows[best_row]), near, rows[best_row])
    winners = [m for m in complete if m.count == top]
    if len(winners) > 1:
        titles = ", ".join(f"{m.kind.name} ({m.kind.title})" for m in winners)
        raise Unplaced(
            _("its headings fit several kinds alike: {kinds}; say which with --as KIND=FILE").format(kinds=titles)
        )
    ahead = [m for m in best if m.missing and m.count >= top + 2]
    if ahead:
        raise Unplaced(_lacking(ahead[:1], rows[best_row]), ahead[:1], rows[best_row])
    return _header(winners[0], rows, best_row, best_row + best_depth - 1)


def _is_own(folded: Sequence[str], known: Mapping[str, Kind] | None) -> bool:
    """Whether a row is the heading of a table of ours; of which kind an export is (None) may be settled before."""
    if is_marked_own(folded) or known is None:
        return is_marked_own(folded)

    def complete() -> list[list[str]]:
        found = [match(folded, kind) for kind in known.values() if kind.name != "summary"]
        return [[folded[m.columns[meaning]] for meaning in m.kind.required] for m in found if not m.missing]

    return is_own(folded, _about_pupils(), complete)


@cache
def _about_pupils() -> frozenset[str]:
    return frozenset(
        word for kind in kinds().values() for word, (meaning, _n) in kind.folded.items() if meaning in ABOUT_PUPILS
    )


def _match_two(above: Sequence[str], below: Sequence[str], kind: Kind) -> Match:
    """How far two rows of folded headings are one header: all that stands in the lower row has to be headings.

    A column is headed by its lower cell, by both cells ("Tēma" above "ievadīta"), or by the upper one alone.
    """
    words, upper = [], ""
    for column in range(max(len(above), len(below))):
        own, low = (row[column] if column < len(row) else "" for row in (above, below))
        upper = own or upper  # a merged cell stands over the blank ones to its right
        word = upper + low if upper + low in kind.folded else low
        if low and word not in kind.folded:
            return Match(kind, {})
        words.append(word or own)
    # A lower row that needs no other is a header below a title.
    return match(words, kind) if any(below) and match(below, kind).missing else Match(kind, {})


def _header(
    found: Match,
    rows: Sequence[Sequence[str]],
    first: int,
    last: int,
    wide: tuple[tuple[int, str, str], ...] = (),
) -> Header:
    width = max(len(cells) for cells in rows[first : last + 1])
    cells = tuple(
        " ".join(word for row in rows[first : last + 1] if column < len(row) and (word := clean(row[column])))
        for column in range(width)
    )
    words = {meaning: cells[column] for meaning, column in found.columns.items()}
    titles = " ".join(cell for cells in rows[:first] for cell in cells)
    years = {int(one) for one, two in _SCHOOL_YEAR.findall(titles) if int(two) == int(one) + 1}
    year = years.pop() if len(years) == 1 else None
    return Header(found.kind, last, found.columns, words, wide, year, last - first + 1, cells)


def _rank(matches: Sequence[Match]) -> tuple[int, int]:
    return (
        max((m.count for m in matches), default=0),
        max((m.count for m in matches if not m.missing), default=0),
    )


def _lacking(near: Sequence[Match], cells: Sequence[str]) -> str:
    parts = []
    for found in near:
        missing = ", ".join(found.kind.heading(meaning) for meaning in found.missing) or _SUMMARY_PARTS
        parts.append(
            _("{kind} lacks the heading {missing}").format(
                kind=f"{found.kind.name} ({found.kind.title})", missing=missing
            )
        )
    text = _("not clear which export this is; nearest: {near}").format(near="; ".join(parts))
    if hint := misspelling(near[0], cells):
        text += _("; is «{cell}» meant for «{heading}»?").format(cell=hint[0], heading=hint[1])
    return text + _("; mend the headings, or say the kind with --as KIND=FILE")


def misspelling(found: Match, cells: Sequence[str]) -> tuple[str, str, str] | None:
    """The unmatched heading that is likeliest a misspelt required one, that one, and its meaning."""
    from rapidfuzz import fuzz, process

    taken = set(found.columns.values())
    free = {fold_heading(cell): clean(cell) for n, cell in enumerate(cells) if n not in taken and cell.strip()}
    best: tuple[float, str, str, str] = (0.0, "", "", "")
    for meaning in found.missing:
        for word in found.kind.headings[meaning]:
            hit = process.extractOne(fold_heading(word), list(free), scorer=fuzz.ratio, score_cutoff=70)
            if hit and hit[1] > best[0]:
                best = (hit[1], free[hit[0]], word, meaning)
    return best[1:] if best[0] else None


def _find_summary(rows: Sequence[Sequence[str]], kind: Kind) -> tuple[int, Header] | None:
    """The header of a wide summary and the row of its pupils' heading.

    One row ("Matemātika 1. semestris") or two (subject over period), in which "Skolēns" and "Klase" may
    stand in either.
    """
    for number, cells in enumerate(rows[:MAX_TITLE_ROWS]):
        found = match(fold_row(cells), kind)
        if found.missing:
            continue
        taken = set(found.columns.values())
        if single := _wide([], cells, taken):
            return number, _header(found, rows, number, number, single)
        if number + 1 < len(rows) and (double := _wide(cells, rows[number + 1], taken)):
            return number, _header(found, rows, number, number + 1, double)
        if number and (double := _wide(rows[number - 1], cells, taken)):
            return number, _header(found, rows, number - 1, number, double)
    return None


def _wide(above: Sequence[str], below: Sequence[str], taken: set[int]) -> tuple[tuple[int, str, str], ...]:
    """The columns of marks: (column, subject, period text); a subject holds until the next one above."""
    columns, subject = [], ""
    for n, cell in enumerate(below):
        if n in taken:
            subject = ""
            continue
        subject = clean(above[n]) if n < len(above) and clean(above[n]) else subject
        found = _SUMMARY_PART.match(clean(cell))
        if found and (name := clean(found["subject"] or subject)):
            columns.append((n, name, found["part"]))
    return tuple(columns)
