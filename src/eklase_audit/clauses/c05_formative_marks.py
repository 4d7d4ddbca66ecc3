"""Clause 5: formative marks are entered within so many working days."""

from __future__ import annotations

import numpy as np
import pandas as pd

from eklase_audit.clauses.registry import Context, Need, check, entry_duties
from eklase_audit.i18n import N_
from eklase_audit.journal import filled, stamps
from eklase_audit.moments import NO_DAY


@check("marks.formative", thing=N_("formative mark"), needs=[Need(("marks",), ("date",))], deadline=True)
def formative(ctx: Context) -> pd.DataFrame:
    """Formative mark entered in time."""
    rows = ctx.journal.rows("marks")
    rows = rows[np.asarray(rows["kind"] == "formative") & (rows["date"].to_numpy() != NO_DAY)]
    done = stamps(rows, "entered_at").done(filled(rows["mark"]))
    return entry_duties(ctx, rows, on="date", done=done, pupil=True)
