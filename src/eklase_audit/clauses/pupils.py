"""The pupils of the school, from the contacts."""

from __future__ import annotations

from collections.abc import Sequence

from eklase_audit.clauses.keys import PUPIL, keys
from eklase_audit.clauses.registry import Context
from eklase_audit.lazy import np, pd
from eklase_audit.moments import NO_DAY, Days, Flags


def pupils(ctx: Context, kind: str = "contacts", same: Sequence[str] = PUPIL) -> pd.DataFrame:
    """One row a pupil (a name and a class): pupil, class, grade, group, enrolled_on, left_on, sheet_no, row.

    A pupil stands once a parent in the contacts; the latest Uzņemts and the earliest Atskaitīts hold,
    so that of two rows that differ the one counts by which less is owed.
    """
    return ctx.once(("pupils", kind, *same), lambda: _pupils(ctx.journal.rows(kind), same))


def _pupils(rows: pd.DataFrame, same: Sequence[str]) -> pd.DataFrame:
    rows = rows.assign(key=keys([rows], same)[0])
    groups = rows.groupby("key", sort=False)
    left = rows["left_on"].where(rows["left_on"] != NO_DAY, np.iinfo(np.int32).max)
    one = rows.drop_duplicates("key").copy()
    one["enrolled_on"] = one["key"].map(groups["enrolled_on"].max()).astype(np.int32)
    one["left_on"] = one["key"].map(left.groupby(rows["key"]).min()).astype(np.int32)
    return one


def attending(rows: pd.DataFrame, on: Days) -> Flags:
    """Pupils who had come by the day and had not left before it."""
    return (rows["enrolled_on"].to_numpy() <= on) & (on <= rows["left_on"].to_numpy())
