"""Joining frames by several columns: one whole number a row, equal where all columns are equal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eklase_audit.lazy import np, npt, pd
from eklase_audit.row_keys import row_keys

PUPIL = ("pupil", "class")
PUPIL_AND_SUBJECT = ("pupil", "class", "subject_key")


def keys(frames: Sequence[pd.DataFrame], columns: Sequence[str]) -> list[npt.NDArray[np.int64]]:
    """The key of each row of each frame; rows of all frames with equal columns have equal keys."""
    sizes = [len(frame) for frame in frames]
    # A day's number has room beside a key.
    same, _span = row_keys((_numbers([frame[name] for frame in frames]) for name in columns), limit=2**31)
    return np.split(same, np.cumsum(sizes)[:-1])


def _numbers(parts: Sequence[pd.Series]) -> npt.NDArray[np.int64]:
    """One number a cell of all the columns, the same where the cells are."""
    if all(isinstance(part.dtype, np.dtype) and part.dtype.kind == "i" for part in parts):
        return np.concatenate([part.to_numpy() for part in parts])
    # By distinct texts, not by rows: a million rows have a few hundred of them.
    places: dict[object, int] = {}
    cells = []
    for part in parts:
        codes, texts = _coded(part)
        cells.append(np.array([*(places.setdefault(text, len(places)) for text in texts), -1], np.int64)[codes])
    return np.concatenate(cells)


def _coded(part: pd.Series) -> tuple[npt.NDArray[np.integer], Iterable[object]]:
    """A code a cell into the distinct texts, -1 for none."""
    if isinstance(part.dtype, pd.CategoricalDtype):
        return part.cat.codes.to_numpy(), part.cat.categories
    return pd.factorize(part)


def pair_keys(
    left: pd.DataFrame, right: pd.DataFrame, columns: Sequence[str]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The keys of two frames."""
    first, second = keys([left, right], columns)
    return first, second


def joined_texts(keys_: pd.Series, texts: pd.Series, separator: str) -> dict[str, str]:
    """The distinct non-blank texts of each key, in alphabetical (code point) order, as one text."""
    frame = pd.DataFrame({"key": keys_.astype(object), "text": texts.astype(object)}).dropna()
    frame = frame[frame["text"] != ""]
    return {str(key): str(text) for key, text in joined(frame["key"], frame["text"], separator).items()}


def joined(keys_: pd.Series, texts: pd.Series, separator: str) -> pd.Series:
    """The distinct texts of each key, in alphabetical (code point) order, as one text; indexed by the key."""
    frame = pd.DataFrame({"key": keys_.array, "text": texts.array}).drop_duplicates()
    frame = frame.astype({"text": object}).sort_values("text")
    # Nearly all keys have one text, and nothing has to be joined for them.
    several = frame["key"].duplicated(keep=False).to_numpy()
    alone = frame[~several].set_index("key")["text"]
    return pd.concat([alone, frame[several].groupby("key")["text"].agg(separator.join)]) if several.any() else alone
