"""Joining frames by several columns: one whole number a row, equal where all columns are equal."""

from __future__ import annotations

from collections.abc import Sequence

from eklase_audit.journal import coded, together
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


def _numbers(parts: Sequence[pd.Series]) -> npt.NDArray[np.integer]:
    """One number a cell of all the columns, the same where the cells are."""
    if all(isinstance(part.dtype, np.dtype) and part.dtype.kind == "i" for part in parts):
        return np.concatenate([part.to_numpy() for part in parts])
    return together(parts)[0]


def pair_keys(
    left: pd.DataFrame, right: pd.DataFrame, columns: Sequence[str]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The keys of two frames."""
    first, second = keys([left, right], columns)
    return first, second


def joined_texts(keys_: pd.Series, texts: pd.Series, separator: str) -> dict[str, str]:
    """The distinct non-blank texts of each key, in alphabetical (code point) order, as one text."""
    return {str(key): text for key, text in joined(keys_, texts, separator).items()}


def joined(keys_: pd.Series | npt.NDArray[np.int64], texts: pd.Series, separator: str) -> pd.Series:
    """The distinct non-blank texts of each key, in alphabetical (code point) order, as one text; indexed by the key."""
    codes, distinct = coded(texts)
    alphabet, ranks = np.unique(np.array([*distinct, ""], object), return_inverse=True)
    texts_, (places, named) = ranks[codes], pd.factorize(keys_)
    there = (codes >= 0) & (places >= 0) & (alphabet[texts_] != "")
    pairs = np.unique(places[there].astype(np.int64) * len(alphabet) + texts_[there])
    keys_of, texts_of = np.divmod(pairs, len(alphabet))
    starts = np.flatnonzero(np.r_[True, keys_of[1:] != keys_of[:-1]][: len(pairs)])
    found = alphabet[texts_of[starts]]
    # Nearly all keys have one text, and nothing has to be joined for them.
    ends = np.append(starts[1:], len(pairs))
    for place in np.flatnonzero(ends - starts > 1).tolist():
        found[place] = separator.join(alphabet[texts_of[starts[place] : ends[place]]])
    return pd.Series(found, index=pd.Index(named)[keys_of[starts]], dtype=object)
