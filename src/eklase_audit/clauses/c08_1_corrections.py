"""Clause 8.1: until the year's end an annual mark may be corrected for the combined work."""

from __future__ import annotations

import numpy as np
import pandas as pd

from eklase_audit.clauses.keys import PUPIL_AND_SUBJECT, pair_keys
from eklase_audit.clauses.marks import YEAR, dated_marks, ends
from eklase_audit.clauses.registry import Context, Need, check, entry_defects, entry_duties
from eklase_audit.errors import NotAudited
from eklase_audit.i18n import N_, _
from eklase_audit.journal import stamps
from eklase_audit.moments import DAY, NEVER, NO_DAY, Flags, Interval, day_of

_NEEDS = [Need(("marks",), ("changed_at",))]


def _corrected(ctx: Context) -> pd.DataFrame:
    """Annual marks changed after they were due (clause 8) and by `as_of`, each with its year's `end`."""
    annual_rule = ctx.rules.get("final.year")
    if annual_rule is None or annual_rule.deadline is None:
        raise NotAudited(_("the regulation sets no day by which annual marks are due"))
    marks = dated_marks(ctx)
    marks = marks[np.asarray(marks["kind"] == "annual")]
    end = ends(ctx, marks["start"].to_numpy(), marks["grade"].to_numpy(), YEAR)
    ctx.leave_unknown_years(marks["start"].to_numpy()[end == NO_DAY], int((end != NO_DAY).sum()))
    changed = stamps(marks, "changed_at")
    due = annual_rule.deadline.due(end, ctx.calendar)
    corrected = changed.given & (changed.when.first > due) & (changed.when.first <= ctx.as_of) & (end != NO_DAY)
    return marks.assign(end=end)[corrected]


@check("correction.correction", thing=N_("correction of an annual mark"), needs=_NEEDS, deadline=True)
def correction(ctx: Context) -> pd.DataFrame:
    """Annual mark corrected before the year's end."""
    rows = _corrected(ctx)
    return entry_duties(ctx, rows, on="end", done=stamps(rows, "changed_at").when, pupil=True, period="year")


@check("correction.unfounded", thing=N_("correction of an annual mark"), needs=_NEEDS, defects=True)
def unfounded(ctx: Context) -> pd.DataFrame:
    """Annual mark corrected with no combined work."""
    rows = _corrected(ctx)
    rows = rows[~_founded(ctx, rows)]
    days = day_of(stamps(rows, "changed_at").when.first)
    return entry_defects(rows, on=days, reason=None, pupil=True, period="year")


def _founded(ctx: Context, rows: pd.DataFrame) -> Flags:
    """Corrections by whose time a combined-work mark of the pupil in the subject was there."""
    marks = dated_marks(ctx)
    combined = marks[np.asarray(marks["kind"] == "combined")]
    row_keys, combined_keys = pair_keys(rows, combined, PUPIL_AND_SUBJECT)
    first = pd.Series(combined["done"].to_numpy()).groupby(combined_keys).min()
    earliest = pd.Series(row_keys).map(first).fillna(int(NEVER)).to_numpy().astype(np.int64)
    # Where one of the two stamps has no clock, the same day is early enough.
    changed: Interval = stamps(rows, "changed_at").when
    return earliest <= np.maximum(changed.last, changed.first // DAY * DAY)
