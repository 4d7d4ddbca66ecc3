"""Clause 6: summative marks are entered within so many working days of the work's being handed in."""

from __future__ import annotations

from eklase_audit.anchors import HANDED_IN
from eklase_audit.clauses.marks import work_marks
from eklase_audit.clauses.registry import Context, Need, check, entry_duties
from eklase_audit.i18n import N_
from eklase_audit.journal import filled, stamps
from eklase_audit.lazy import np, pd
from eklase_audit.moments import ALWAYS, NEVER, NO_DAY, Interval


@check(
    "marks.summative",
    thing=N_("summative mark"),
    needs=[Need(("marks",), ("submitted_on", "date"))],
    deadline=HANDED_IN,
    aspect="mark",
)
def summative(ctx: Context) -> pd.DataFrame:
    """Summative mark entered in time.

    What the regulation asks:
        Summative marks are entered within so many working days of the final work being handed in.
    What is checked:
        Each summative mark: working days are counted from «Iesniegts» or, where that is blank, from «Darba
        datums»; that day is not counted itself. «Ievadīts», the first entry, tells in time or late. A blank
        «Vērtējums» is overdue once the time has passed. Without a readable stamp, or with an unreadable
        «Iesniegts», it is undetermined. A row with neither day is a data problem.
    What a violation looks like:
        8.a handed in the test on fractions on 3 November; the marks came at the end of the month.
    What is right:
        One pupil handed in later, and her mark came soon after that.
    How to mend it in E-klase:
        Open the class journal at the work's day and enter the marks still missing. Late ones stay late.
    Settings:
        The deadline (working_days).
    """
    rows = work_marks(ctx, "summative")
    submitted, day = rows["submitted_on"].to_numpy(), rows["date"].to_numpy()
    anchor = np.where(submitted != NO_DAY, submitted, day)
    untold = rows["submitted_on_unreadable"].to_numpy()
    rows, anchor, untold = (part[(anchor != NO_DAY) | untold] for part in (rows, anchor, untold))
    done = stamps(rows, "entered_at").done(filled(rows["mark"]))
    # When the work was handed in cannot be read: then nobody can tell what was due, nor whether it was late.
    done = Interval(np.where(untold, ALWAYS, done.first), np.where(untold, NEVER, done.last))
    return entry_duties(ctx, rows, on="", days=anchor, done=done, pupil=True, observable=~untold)
