"""The forms in which values stand in a file, for `inspect`: digits as 9, so that no value is shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from eklase_audit.exports.headings import Kind
from eklase_audit.exports.schema import holds
from eklase_audit.exports.texts import Column

Forms = dict[tuple[int, str], Counter[str]]
_SHOWN = ("day", "stamp", "lesson", "month", "weekday", "period")
_DIGIT, _WORD = re.compile(r"\d"), re.compile(r"[^\W\d_]{3,}")


def value_forms(kind: Kind, columns: Mapping[str, Column], sheet_no: npt.NDArray[np.int32]) -> Forms:
    """How often each form stands in each column of dates, times, lessons and periods, by sheet and meaning."""
    found: Forms = {}
    for meaning, column in columns.items():
        if holds(kind.name, meaning) not in _SHOWN or not len(column):
            continue
        forms = column.each(form)
        sheets, starts = np.unique(sheet_no, return_index=True)
        for sheet, here in zip(sheets.tolist(), np.split(column.codes, starts[1:]), strict=True):
            counter: Counter[str] = Counter()
            for code, count in zip(*(part.tolist() for part in np.unique(here, return_counts=True)), strict=True):
                if code >= 0 and forms[code]:
                    counter[forms[code]] += count
            if counter:
                found[sheet, meaning] = counter
    return found


def form(text: str) -> str:
    """A text with its digits as 9 and its longer words as "a…"."""
    return _WORD.sub("a…", _DIGIT.sub("9", text))
