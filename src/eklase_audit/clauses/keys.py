"""Joining frames by several columns: one whole number a row, equal where all columns are equal."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

PUPIL = ("pupil", "class")
PUPIL_AND_SUBJECT = ("pupil", "class", "subject_key")


def keys(frames: Sequence[pd.DataFrame], columns: Sequence[str]) -> list[npt.NDArray[np.int64]]:
    """The key of each row of each frame; rows of all frames with equal columns have equal keys."""
    sizes = [len(frame) for frame in frames]
    same = np.zeros(sum(sizes), np.int64)
    for name in columns:
        parts = [frame[name] for frame in frames]
        if all(isinstance(part.dtype, pd.CategoricalDtype) for part in parts):
            # By distinct texts, not by rows: a million rows have a few hundred of them.
            places: dict[object, int] = {}
            codes = np.concatenate(
                [
                    np.array([*(places.setdefault(t, len(places)) for t in part.cat.categories), -1], np.int64)[
                        part.cat.codes.to_numpy()
                    ]
                    for part in parts
                ]
            )
        else:
            codes = pd.factorize(np.concatenate([part.to_numpy() for part in parts]))[0].astype(np.int64)
        same = pd.factorize(same * (int(codes.max(initial=0)) + 2) + codes + 1)[0].astype(np.int64)
    return np.split(same, np.cumsum(sizes)[:-1])


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
