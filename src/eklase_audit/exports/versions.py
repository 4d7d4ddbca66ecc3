"""Two exports of different days in one folder: the same entries with different content in two tables.

Read together they would turn a gap that was mended since into an accusation, so they are an error,
or, where the user says so, the later of them counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from eklase_audit.errors import AuditError, place
from eklase_audit.exports.headings import kinds
from eklase_audit.exports.schema import holds
from eklase_audit.i18n import _
from eklase_audit.journal import WORKBOOK, Journal, Sheet, State
from eklase_audit.moments import NO_DAY
from eklase_audit.row_keys import cell_numbers, row_keys, stands_twice

# What makes an entry the same entry, though its topic, mark or times were changed since.
_IDENTITY = {
    "lessons": ("teacher", "class", "group", "subject_key", "date", "lesson"),
    "marks": ("teacher", "pupil", "class", "subject_key", "kind", "period", "date", "submitted_on"),
    "absences": ("teacher", "pupil", "class", "date", "lesson"),
}
# So large a share of the smaller table cannot be two entries that only look alike.
_SHARE = 0.1
# One entry proves nothing, however small the table.
_FEWEST = 2


@dataclass(frozen=True)
class _Pair:
    """Two tables (sheet numbers) of a kind that hold other versions of the same entries."""

    kind: str
    older: int
    newer: int


def settle_versions(journal: Journal, sizes: dict[int, int], *, newest: bool) -> None:
    """Find tables that are exports of different days; `sizes` are their rows before repeats were left out.

    Raises AuditError naming both. With `newest` the later table counts: the earlier one keeps only
    what the later does not speak of (other classes, days outside its period).
    """
    for kind in _IDENTITY:
        if kind in journal.frames:
            for pair in _pairs(journal, kind, sizes):
                if not newest:
                    raise AuditError(_told(journal, pair))
                _leave_aside(journal, pair)


def _pairs(journal: Journal, kind: str, sizes: dict[int, int]) -> list[_Pair]:
    frame = journal.frames[kind]
    if frame["sheet_no"].nunique() < 2:
        return []
    # Rows that stand word for word in both tables were left out before, so what is left in both differs.
    held = _entries(frame, _IDENTITY[kind]).drop_duplicates()
    held = held[held["entry"].duplicated(keep=False)]
    entry, sheet = pd.factorize(held["entry"])[0], held["sheet"].to_numpy()
    pairs = []
    for one in np.unique(sheet).tolist():
        mine = np.zeros(len(held), bool)
        mine[entry[sheet == one]] = True
        common = np.bincount(sheet[mine[entry]])
        for other in (np.flatnonzero(common[one + 1 :] >= _FEWEST) + one + 1).tolist():
            if common[other] > _SHARE * min(sizes[one], sizes[other]) and _comparable(
                journal.sheets[one], journal.sheets[other]
            ):
                older, newer = sorted((one, other), key=lambda sheet: (*_newest(frame, kind, sheet), sheet))
                pairs.append(_Pair(kind, older, newer))
    return pairs


def _entries(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The rows that may be of one entry with another: a number an entry, and the sheet.

    Of several alike in one table each is an entry of its own.
    """
    numbers = [cell_numbers(frame[name]) for name in columns]
    places = np.flatnonzero(stands_twice(numbers))
    groups, _span = row_keys([column[places] for column in numbers])
    sheet = frame["sheet_no"].to_numpy()[places]
    within = pd.Series(groups).groupby([groups, sheet]).cumcount().to_numpy()
    return pd.DataFrame({"entry": row_keys([pd.factorize(groups)[0], within])[0], "sheet": sheet})


def _comparable(one: Sheet, other: Sheet) -> bool:
    """Sheets of one workbook of E-klase are classes and groups, and its rows give way to those of exports."""
    if WORKBOOK in (one.kind, other.kind):
        return one.kind == other.kind and one.file != other.file
    return True


def _newest(frame: pd.DataFrame, kind: str, sheet: int) -> tuple[int, int]:
    """The newest stamp and the newest day of a table."""
    mine = frame[frame["sheet_no"].to_numpy() == sheet]
    stamps = [
        mine[m].to_numpy()[mine[f"{m}_state"].to_numpy() == State.GIVEN]
        for m in kinds()[kind].headings
        if holds(kind, m) == "stamp"
    ]
    return (
        max((int(column.max()) for column in stamps if len(column)), default=0),
        int(mine["date"].to_numpy().max(initial=NO_DAY)),
    )


def _told(journal: Journal, pair: _Pair) -> str:
    older, newer = (journal.sheets[number] for number in (pair.older, pair.newer))
    return _(
        "{older} and {newer} hold the same entries with different content, so they are exports of different "
        "days: take the older one out of the folder, or add --newest"
    ).format(older=place(older.file, older.sheet), newer=place(newer.file, newer.sheet))


def _leave_aside(journal: Journal, pair: _Pair) -> None:
    frame = journal.frames[pair.kind]
    sheet, day = frame["sheet_no"].to_numpy(), frame["date"].to_numpy()
    newer = sheet == pair.newer
    inside = (day >= day[newer].min()) & (day <= day[newer].max())
    spoken_of = inside & np.asarray(frame["class"].isin(frame["class"][newer].unique()))
    # A row that stands in both, counted in the first of them by name, is the later one's too.
    gone = (sheet == pair.older) & spoken_of & ~frame["repeated"].to_numpy()
    journal.frames[pair.kind] = frame[~gone].reset_index(drop=True)
