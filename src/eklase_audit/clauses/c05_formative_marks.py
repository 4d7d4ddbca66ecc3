"""Clause 5: formative marks are entered within so many working days."""

from __future__ import annotations

from eklase_audit.anchors import WORK
from eklase_audit.clauses.marks import work_marks
from eklase_audit.clauses.registry import Context, Need, check, entry_duties
from eklase_audit.i18n import N_
from eklase_audit.journal import filled, kept, stamps
from eklase_audit.lazy import pd
from eklase_audit.moments import NO_DAY


@check(
    "marks.formative",
    thing=N_("formative mark"),
    needs=[Need(("marks",), ("date",))],
    deadline=WORK,
    aspect="mark",
)
def formative(ctx: Context) -> pd.DataFrame:
    """Formative mark entered in time.

    What the regulation asks:
        Formative marks are entered within so many working days of the work.
    What is checked:
        Each formative mark: working days are counted from «Darba datums», which is not counted itself.
        «Ievadīts», the first entry, tells in time or late; changing a mark later does not count. A blank
        «Vērtējums» is overdue once the time has passed, and a mark without a readable stamp is undetermined.
        A row without «Darba datums» is a data problem and not judged.
    What a violation looks like:
        The class of 3.a wrote a dictation on Monday, and its marks came two weeks later.
    What is right:
        The marks were in by Tuesday; one was corrected the week after.
    How to mend it in E-klase:
        Open the class journal at the work's day and enter the marks still missing. Late ones stay late.
    Settings:
        The deadline (working_days).
    """
    rows = work_marks(ctx, "formative")
    rows = kept(rows, rows["date"].to_numpy() != NO_DAY)
    done = stamps(rows, "entered_at").done(filled(rows["mark"]))
    return entry_duties(ctx, rows, on="date", done=done, pupil=True)
