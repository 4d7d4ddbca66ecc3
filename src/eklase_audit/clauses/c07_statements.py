"""Clause 7: by a day of each month parents get the statement of marks for the month before."""

from __future__ import annotations

from eklase_audit.anchors import MONTH_END
from eklase_audit.clauses.keys import pair_keys
from eklase_audit.clauses.marks import earliest
from eklase_audit.clauses.pupils import attending, pupils
from eklase_audit.clauses.registry import Context, Need, check
from eklase_audit.duties import duty_frame
from eklase_audit.i18n import N_
from eklase_audit.journal import categorical, stamps
from eklase_audit.lazy import np, pd
from eklase_audit.moments import day_number


@check(
    "statements.statement",
    thing=N_("statement of marks for the month"),
    needs=[Need(("statements",)), Need(("contacts",))],
    deadline=MONTH_END,
    aspect="statement",
)
def statement(ctx: Context) -> pd.DataFrame:
    """Statement of marks given to parents.

    What the regulation asks:
        By a set day of each month, September aside, parents get the statement of marks for the month before.
    What is checked:
        Each pupil, for each month in which the class had a school day: the earliest «Izsniegts» for that
        month is in time or late. With none, it is overdue once the due day is over. A day that cannot be read
        is undetermined. By the school's reading the due day is not moved when it is no working day. Pupils
        not at the school on the month's last day are left out.
    What a violation looks like:
        November's statement for Anna Liepa, 7.a, was given out just before Christmas.
    What is right:
        The whole class got November's statements in the first days of December.
    How to mend it in E-klase:
        Prepare the statement of that month, give it to the parents and record the day.
    Settings:
        The deadline (day_of_month).
    """
    owed = _owed(ctx)
    rows = ctx.journal.rows("statements")
    issued = counted_from_september(ctx, rows, "issued_at")
    when, sheet_no, row = earliest(ctx, *pair_keys(owed, issued, ("pupil", "class", "month")), issued)
    on = owed["on"].to_numpy()
    months = owed["month"].to_numpy()
    texts = [f"{month // 12}-{month % 12 + 1:02d}" for month in np.unique(months)]
    period = categorical(np.unique(months, return_inverse=True)[1], texts)
    return duty_frame(
        len(owed),
        on=on,
        due=ctx.due(on),
        done=when,
        role="class_teacher",
        bearer=ctx.class_teacher_of(owed["class"]),
        class_=owed["class"],
        pupil=owed["pupil"],
        period=period,
        sheet_no=sheet_no,
        row=row,
    )


def counted_from_september(ctx: Context, rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """The rows whose stamp is not of an earlier school year, with done and done_last."""
    stamp = stamps(rows, column)
    done = stamp.done(stamp.filled)
    old = stamp.given & (done.first < day_number(ctx.september_first) * 86_400)
    return rows.assign(done=done.first, done_last=done.last)[stamp.filled & ~old]


def _owed(ctx: Context) -> pd.DataFrame:
    """One line a pupil and month in which the class had a school day: the pupil's columns, month, on (its last day)."""
    ctx.school_year()
    all_pupils = pupils(ctx)
    months = []
    for grade in sorted(set(all_pupils["grade"])):
        months += [(grade, *month) for month in ctx.calendar.taught_months(ctx.start, int(grade))]
    table = pd.DataFrame(months, columns=["grade", "month", "on"]).astype(
        {"grade": np.int8, "month": np.int32, "on": np.int32}
    )
    owed = all_pupils.merge(table, on="grade")
    return owed[attending(owed, owed["on"].to_numpy())].reset_index(drop=True)
