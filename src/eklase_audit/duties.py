"""Duties and defects: what a clause makes of the journal, before anything is judged.

Both are data frames of the same columns, one line each (a defect has no due and done):

| column | holds |
| --- | --- |
| on | int32 day, the anchor; NO_DAY where it cannot be told |
| since | int32 day from which the duty exists |
| due | int64 moment |
| done, done_last | int64 moments: the interval in which it was done |
| reason | a defect's reason code (Categorical), NaN for a duty |
| bearer | Categorical: who owes it; several are parted by BEARERS; NaN where unknown |
| role | "subject_teacher" or "class_teacher" |
| class, subject, pupil | Categorical, NaN where there is none |
| lesson | int16, -1 where there is none |
| period | "1", "2", "year", "2025-11" (Categorical), NaN where there is none |
| sheet_no, row | where the entry stands, -1 where there is none |
| source | the index of the entry's line in the journal's frame of its kind, -1 where there is none |
| observable | False where snapshots cannot tell either (the due day itself is not known) |
"""

from __future__ import annotations

from typing import Any

from eklase_audit.journal import categorical, coded
from eklase_audit.lazy import np, npt, pd
from eklase_audit.moments import NEVER, Interval

# Several bearers of one duty are one cell of a frame, and are parted again where they are shown.
BEARERS = "\x1f"
# Behind a defect's reason may stand this and a hint for its message.
HINT = "\x1f"

COLUMNS = (
    "on", "since", "due", "done", "done_last", "reason", "bearer", "role", "class", "subject", "pupil",
    "lesson", "period", "sheet_no", "row", "source", "observable",
)  # fmt: skip


def duty_frame(
    count: int,
    *,
    on: npt.ArrayLike,
    role: Any,
    bearer: Any,
    due: npt.ArrayLike | None = None,
    done: Interval | None = None,
    since: npt.ArrayLike | None = None,
    reason: Any = None,
    class_: Any = None,
    subject: Any = None,
    pupil: Any = None,
    lesson: npt.ArrayLike = -1,
    period: Any = None,
    sheet_no: npt.ArrayLike = -1,
    row: npt.ArrayLike = -1,
    source: npt.ArrayLike = -1,
    observable: npt.ArrayLike = True,
) -> pd.DataFrame:
    """A frame of duties (with due and done) or defects (with a reason), shape (count, len(COLUMNS))."""
    return pd.DataFrame(
        {
            "on": _filled(on, count, np.int32),
            "since": _filled(on if since is None else since, count, np.int32),
            "due": _filled(NEVER if due is None else due, count, np.int64),
            "done": _filled(NEVER if done is None else done.first, count, np.int64),
            "done_last": _filled(NEVER if done is None else done.last, count, np.int64),
            "reason": as_texts(reason, count),
            "bearer": as_texts(bearer, count),
            "role": as_texts(role, count),
            "class": as_texts(class_, count),
            "subject": as_texts(subject, count),
            "pupil": as_texts(pupil, count),
            "lesson": _filled(lesson, count, np.int16),
            "period": as_texts(period, count),
            "sheet_no": _filled(sheet_no, count, np.int32),
            "row": _filled(row, count, np.int32),
            "source": _filled(source, count, np.int32),
            "observable": _filled(observable, count, np.bool_),
        },
        copy=False,
    )


def _filled(values: npt.ArrayLike, count: int, dtype: Any) -> npt.NDArray[Any]:
    return np.broadcast_to(np.asarray(values, dtype=dtype), (count,))


def as_texts(values: Any, count: int) -> pd.Categorical[Any]:
    """A column of texts as a Categorical in which a blank cell is NaN; one text stands for all rows."""
    if values is None or isinstance(values, str):
        alike = np.full(count, -1 if values is None else 0, np.int8)
        return categorical(alike, [] if values is None else [values])
    codes, texts = coded(values)
    return categorical(np.where(codes == texts.index(""), -1, codes) if "" in texts else codes, texts)
