"""Texts and columns of texts. Whatever is worked on a text is worked once a distinct text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias, TypeVar, overload

from eklase_audit.folding import fold as fold
from eklase_audit.lazy import np, npt, pa, pc

Codes: TypeAlias = "npt.NDArray[np.int32]"
T = TypeVar("T")

# Characters without a width of their own, those that only turn the direction of writing among them.
# (An expression finds none of them in a text much faster than str.translate does.)
_ZERO_WIDTH = re.compile("[\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
# Stands for what a file has lost: a byte of no letter, a formula without its value.
LOST = "\ufffd"
# Signs that stay as they are beside any other of them: those of ASCII, Latvian letters and marks.
_PLAIN = "[!-~ĀāČčĒēĢģĪīĶķĻļŅņŌōŖŗŠšŪūŽž–„“”]+"
_TIDY = re.compile(f"{_PLAIN}(?: {_PLAIN})*\\Z")
# The same for Arrow, of which a blank text is one.
_ARROW_TIDY = f"^(?:{_PLAIN}(?: {_PLAIN})*)?$"
_LETTER = re.compile(r"[^\W\d_]")
_PERSONAL_CODE = re.compile(r"(?<!\d)\d{6}\s*[-\u2010-\u2015\u2212]\s*\d{5}(?!\d)")


def clean(text: str) -> str:
    """A text as it is compared: NFC, no zero-width characters, runs of white space as one space."""
    if not text or _TIDY.match(text):
        return text
    return " ".join(unicodedata.normalize("NFC", _ZERO_WIDTH.sub("", text)).split())


def has_code(text: str) -> bool:
    """Whether a personal code (dddddd-ddddd) stands in the text."""
    return len(text) > 10 and _PERSONAL_CODE.search(_ZERO_WIDTH.sub("", text)) is not None


def without_codes(text: str) -> str:
    """The text without the personal codes in it; as it is where there are none."""
    return clean(_PERSONAL_CODE.sub("", _ZERO_WIDTH.sub("", text))) if has_code(text) else text


def has_letter(text: str) -> bool:
    """Whether any letter stands in the text."""
    return _LETTER.search(text) is not None


def split_list(text: str) -> list[str]:
    """The items of a cell that lists several: parted by ; or line breaks, else by commas."""
    parts = re.split(r"[;\r\n]+", text)
    if len(parts) == 1:
        parts = text.split(",")
    return [item for part in parts if (item := clean(part))]


class Unreadable(ValueError):  # noqa: N818 - it is the value that is at fault
    """A text that is no value of the kind asked for. `reason` is a message id."""

    def __init__(self, reason: str, **fill: str) -> None:
        self.reason = reason
        self.fill = tuple(sorted(fill.items()))
        super().__init__(reason)


def numbered(values: Iterable[T]) -> dict[T, int]:
    """The distinct values, each with its number in the order in which they come first."""
    return {value: number for number, value in enumerate(dict.fromkeys(values))}


class Texts(Sequence[str]):
    """Distinct texts as Arrow holds them; Python's own are made of them only where one is asked for.

    A column of stamps has a hundred thousand, of which nobody needs to see one as a whole.
    """

    def __init__(self, held: pa.StringArray) -> None:
        self.held = held

    @cached_property
    def _made(self) -> list[str]:
        return self.held.to_pylist()

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice) or "_made" in self.__dict__:
            return self._made[place]
        one: str = self.held[int(place)].as_py()
        return one

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self.held)

    @cached_property
    def tidy(self) -> bool:
        """Whether it is plain that each text is as `clean` would have it, and nothing of it lost."""
        return bool(pc.all(pc.match_substring_regex(self.held, _ARROW_TIDY), min_count=0).as_py())


@dataclass(frozen=True)
class Column:
    """A column as it stands in a file: a code a row into its distinct texts; -1 = no such column."""

    codes: Codes
    texts: Sequence[str]

    @classmethod
    def of(cls, values: Sequence[str]) -> Column:
        """The column of these texts."""
        places = numbered(values)
        return cls(np.fromiter(map(places.__getitem__, values), np.int32, len(values)), list(places))

    @classmethod
    def of_arrow(
        cls, chunks: pa.ChunkedArray, decoded: Callable[[pa.BinaryArray], pa.StringArray] = lambda held: held
    ) -> Column:
        """The column of an Arrow array of dictionaries. `decoded` makes texts of those that are held as bytes."""
        array = chunks.unify_dictionaries().combine_chunks()
        if isinstance(array, pa.ChunkedArray):
            if array.num_chunks == 0:
                return cls.of([])
            array = array.chunk(0)
        held = array.dictionary
        texts = decoded(held) if pa.types.is_binary(held.type) else held
        return cls(array.indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False), Texts(texts))

    def as_arrow(self) -> pa.DictionaryArray:
        """The same as Arrow holds it, where no row lacks the column."""
        texts = self.texts.held if isinstance(self.texts, Texts) else pa.array(self.texts, pa.string())
        return pa.DictionaryArray.from_arrays(self.codes, texts)

    @classmethod
    def absent(cls, count: int) -> Column:
        """So many rows of a column that the file has not."""
        return cls(np.full(count, -1, np.int32), [])

    @classmethod
    def join(cls, columns: Sequence[Column]) -> Column:
        """The columns one below the other."""
        if len(columns) == 1:
            return columns[0]
        if all(isinstance(column.texts, Texts) and (column.codes >= 0).all() for column in columns):
            return cls.of_arrow(pa.chunked_array([column.as_arrow() for column in columns]))
        places: dict[str, int] = {}
        codes = []
        for column in columns:
            target = [places.setdefault(text, len(places)) for text in column.texts]
            codes.append(np.array([*target, -1], np.int32)[column.codes])
        return cls(np.concatenate(codes), list(places))

    def __getitem__(self, rows: npt.NDArray[np.generic]) -> Column:
        return Column(self.codes[rows], self.texts)

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def tidy(self) -> bool:
        """Whether it is known that each text is as it is compared, and nothing of it lost."""
        return isinstance(self.texts, Texts) and self.texts.tidy

    @cached_property
    def cleaned(self) -> Column:
        """The same with each text as it is compared."""
        if self.tidy:
            return self
        cleaned = [clean(text) for text in self.texts]
        if all(a is b for a, b in zip(cleaned, self.texts, strict=True)):
            return self
        return Column.of(cleaned).gather(self.codes)

    def gather(self, codes: Codes) -> Column:
        """A column whose rows are this one's rows at `codes`; -1 stays."""
        if len(self.texts) == len(self.codes) and (self.codes == np.arange(len(self.codes))).all():
            # All texts are distinct, and each row's code is its own.
            return Column(codes, self.texts)
        return Column(np.append(self.codes, np.int32(-1)).take(codes), self.texts)

    def each(self, work: Callable[[str], T]) -> list[T]:
        """What `work` makes of each distinct text."""
        return [work(text) for text in self.texts]

    def spread(self, values: npt.ArrayLike, otherwise: Any, dtype: Any) -> npt.NDArray[Any]:
        """One value a row, from one value a distinct text; `otherwise` where there is no column."""
        # Twice as fast as by brackets.
        return np.append(np.asarray(values, dtype), np.asarray(otherwise, dtype)).take(self.codes)

    def blank(self) -> npt.NDArray[np.bool_]:
        """Rows whose cell is blank (no column counts as blank)."""
        return self.spread(self._empty(), True, bool)

    def seen(self) -> npt.NDArray[np.bool_]:
        """Rows whose cell holds anything that is seen."""
        if self.tidy:
            return ~self.blank()
        # Most texts show it by their first letter, and need no cleaning.
        return self.spread(["!" <= text[:1] <= "~" or bool(clean(text)) for text in self.texts], False, bool)

    def lost(self) -> npt.NDArray[np.bool_]:
        """Rows of whose cell the file has lost a part."""
        if self.tidy or not any(lost := [LOST in text for text in self.texts]):
            return np.zeros(len(self), bool)
        return self.spread(lost, False, bool)

    def _empty(self) -> npt.NDArray[np.bool_]:
        if isinstance(self.texts, Texts):
            return pc.equal(self.texts.held, "").to_numpy(zero_copy_only=False)
        return np.array([not text for text in self.texts], bool)
