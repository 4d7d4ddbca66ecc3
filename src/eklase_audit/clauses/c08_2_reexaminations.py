"""Clause 8.2: results of re-examinations are entered as Cabinet Regulation No. 11 says."""

from __future__ import annotations

from datetime import date

from eklase_audit.anchors import YEAR_END
from eklase_audit.clauses.keys import PUPIL_AND_SUBJECT, joined_texts, keys, pair_keys
from eklase_audit.clauses.marks import YEAR, dated_marks, earliest, ends, known
from eklase_audit.clauses.registry import Context, Need, check
from eklase_audit.duties import BEARERS, duty_frame
from eklase_audit.i18n import N_
from eklase_audit.lazy import np, pd
from eklase_audit.moments import NO_DAY, day_number


@check(
    "reexam.reexam",
    thing=N_("re-examination mark"),
    needs=[Need(("marks",))],
    deadline=YEAR_END,
    aspect="reexam-mark",
    parameters=("grades", "marks", "until"),
)
def reexam(ctx: Context) -> pd.DataFrame:
    """Re-examination mark entered in time.

    What the regulation asks:
        The results of re-examinations are entered as the Cabinet's regulation says.
    What is checked:
        Pupils of certain grades with a low annual mark in a subject need a re-examination mark there.
        «Ievadīts» tells in time or late; with none, it is overdue once the deadline has passed, and stays so
        into the autumn. Without a readable stamp it is undetermined. An autumn mark answers for the year
        before if that owes one. Contacts are not asked, so pupils who have left are included.
    What a violation looks like:
        Jānis Ozols, 8.a, had a very low mark in chemistry; in September there is no re-examination mark.
    What is right:
        He was examined in June, and the mark entered that day.
    How to mend it in E-klase:
        Enter the re-examination mark in the journal of that subject.
    Settings:
        The deadline (by) and how long it stays owed (until), both the school's reading; the grades (grades);
        the low marks (marks).
    """
    month, day = ctx.parameter("until")
    starts = [ctx.start]
    if ctx.today <= day_number(date(ctx.start, month, day)):
        starts.insert(0, ctx.start - 1)
    else:
        ctx.school_year()
    marks = dated_marks(ctx)
    low = known(ctx, marks[np.asarray(marks["kind"] == "annual")])
    wanted = {mark.casefold() for mark in ctx.parameter("marks")}
    values = low["value"].astype(object).str.casefold()
    owing = low[np.asarray(values.isin(wanted)) & np.isin(low["grade"], ctx.parameter("grades"))]
    low = owing[np.isin(owing["start"], starts)]
    end = ends(ctx, low["start"].to_numpy(), low["grade"].to_numpy(), YEAR)
    ctx.leave_unknown_years(low["start"].to_numpy()[end == NO_DAY], int((end != NO_DAY).sum()))
    low = low.assign(end=end)[end != NO_DAY]
    key = (*PUPIL_AND_SUBJECT, "start")
    low = low.assign(key=keys([low], key)[0])
    # One duty if any annual mark of the pupil in the subject is low; those who gave low ones bear it.
    teachers = joined_texts(low["key"], low["teacher"], BEARERS)
    low = low.drop_duplicates("key")
    taken = _taken(ctx, marks, owing, (month, day))
    when, sheet_no, row = earliest(ctx, *pair_keys(low, taken, (*PUPIL_AND_SUBJECT, "start")), taken)
    end = low["end"].to_numpy()
    return duty_frame(
        len(low),
        on=end,
        due=ctx.due(end),
        done=when,
        role="subject_teacher",
        bearer=low["key"].astype(str).map(teachers),
        class_=low["class"],
        subject=low["subject"],
        pupil=low["pupil"],
        period="year",
        sheet_no=sheet_no,
        row=row,
    )


def _taken(ctx: Context, marks: pd.DataFrame, owing: pd.DataFrame, until: tuple[int, int]) -> pd.DataFrame:
    """The re-examination marks, each in the year it answers for.

    One of September to December answers for the year before, if that year's annual mark owes one.
    """
    taken = marks[np.asarray(marks["kind"] == "reexam")].copy()
    start = taken["start"].to_numpy()
    limit = np.array([day_number(date(int(year), *until)) for year in start], np.int64)
    before = taken.assign(start=(start - 1).astype(np.int32))
    before_keys, owing_keys = pair_keys(before, owing, (*PUPIL_AND_SUBJECT, "start"))
    days = np.where(taken["day"].to_numpy() == NO_DAY, ctx.today, taken["day"].to_numpy())
    moves = np.isin(before_keys, owing_keys) & (days <= limit)
    return taken.assign(start=np.where(moves, start - 1, start).astype(np.int32))
