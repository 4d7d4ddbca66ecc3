"""Clause 8: before each semester's end semester marks are in, at the year's end annual or final ones."""

from __future__ import annotations

from eklase_audit.anchors import SEMESTER_END, YEAR_END
from eklase_audit.clauses.keys import PUPIL, PUPIL_AND_SUBJECT, keys, pair_keys
from eklase_audit.clauses.marks import (
    PERIOD_TEXTS,
    YEAR,
    dated_marks,
    earliest,
    ends,
    of_period,
    running_workloads,
    summary_marks,
    teachers_of_period,
)
from eklase_audit.clauses.pupils import attending, pupils
from eklase_audit.clauses.registry import Context, Need, check
from eklase_audit.duties import duty_frame
from eklase_audit.i18n import N_
from eklase_audit.journal import PUPIL_STAND_IN, WORKLOAD_STAND_IN, stacked
from eklase_audit.lazy import np, pd
from eklase_audit.moments import ALWAYS, NEVER

_NEEDS = [
    Need(("marks", "summary")),
    Need(("contacts",), stand_in=PUPIL_STAND_IN),
    Need(("workloads",), stand_in=WORKLOAD_STAND_IN),
]


def _owed(ctx: Context, period: int) -> pd.DataFrame:
    """A line a pupil and subject of the class whose workload runs at the period's end: that end is `end`."""
    contacts, workloads = ctx.journal.has("contacts"), ctx.journal.has("workloads")
    # A sheet of E-klase's own workbook is for a class or a group of it: its subjects are those of its pupils.
    group = () if contacts or workloads else ("group",)
    loads = running_workloads(ctx, period)
    loads = loads.assign(key=keys([loads], ("class", "subject_key", *group))[0]).drop_duplicates("key")
    everyone = pupils(ctx, "contacts" if contacts else PUPIL_STAND_IN, (*PUPIL, *group))
    owed = everyone[["pupil", "class", "grade", "enrolled_on", "left_on", *group]].merge(
        loads[["class", "subject", "subject_key", *group]].astype(object),
        on="class",
        suffixes=("", "_taught"),
    )
    if group:
        # Pupils of a list have no group: they are the whole class.
        theirs = owed["group"].isna() | (owed["group"].astype(object) == owed["group_taught"])
        owed = owed[theirs.to_numpy()]
    end = ends(ctx, ctx.start, owed["grade"].to_numpy(), period)
    owed = owed.assign(end=end)[attending(owed, end)]
    return owed.drop_duplicates(list(PUPIL_AND_SUBJECT)).reset_index(drop=True)


def _duties(ctx: Context, period: int) -> pd.DataFrame:
    """A duty per pupil and subject of the class whose workload runs at the period's end."""
    year = ctx.school_year()
    owed = _owed(ctx, period)
    end = owed["end"].to_numpy()
    marks = dated_marks(ctx)
    parts = []
    mine = of_period(marks, period)
    if len(mine):
        parts.append(mine[mine["start"].to_numpy() == ctx.start])
    rest = summary_marks(ctx, marks, period)
    if len(rest):
        parts.append(rest[rest["start"].to_numpy() == ctx.start].assign(done=ALWAYS, done_last=NEVER))
    columns = [*PUPIL_AND_SUBJECT, "done", "done_last", "sheet_no", "row"]
    there = (
        stacked([part[columns] for part in parts])
        if parts
        else pd.DataFrame({name: np.array([], object if name in PUPIL_AND_SUBJECT else np.int64) for name in columns})
    )
    when, sheet_no, row = earliest(ctx, *pair_keys(owed, there, PUPIL_AND_SUBJECT), there)
    return duty_frame(
        len(owed),
        on=end,
        since=year.semester_start(period),
        due=ctx.due(end),
        done=when,
        role="subject_teacher",
        bearer=teachers_of_period(ctx, owed, marks, period),
        class_=owed["class"],
        subject=owed["subject"],
        pupil=owed["pupil"],
        period=PERIOD_TEXTS[period],
        sheet_no=sheet_no,
        row=row,
    )


@check("final.semester", thing=N_("semester mark"), needs=_NEEDS, deadline=SEMESTER_END, aspect="semester-mark")
def semester(ctx: Context) -> pd.DataFrame:
    """Semester mark entered in time.

    What the regulation asks:
        Semester marks are in some days before the semester ends.
    What is checked:
        Each pupil of the contacts, in each subject with a workload at the semester's end, needs a semester
        mark. «Ievadīts» tells in time or late; with no mark it is overdue once the time has passed. A mark
        without a readable stamp, or known only from a summary, is undetermined. It is owed by the teacher of
        the pupil's newest mark there, else by those of the workload. Pupils who have left are left out.
    What a violation looks like:
        Jānis Ozols, 9.a, got his chemistry mark on the semester's last day.
    What is right:
        The mark was entered a week before the end.
    How to mend it in E-klase:
        Open the class journal in that subject and enter the semester mark.
    Settings:
        The deadline (calendar_days_before_end). Semester ends come from the calendar, by grade.
    """
    return stacked([_duties(ctx, 1), _duties(ctx, 2)])


@check("final.year", thing=N_("annual mark"), needs=_NEEDS, deadline=YEAR_END, aspect="annual-mark")
def year(ctx: Context) -> pd.DataFrame:
    """Annual or final mark entered in time.

    What the regulation asks:
        Annual or final marks are in some days before the school year ends.
    What is checked:
        Each pupil of the contacts, in each subject with a workload at the year's end, needs an annual or
        final mark. «Ievadīts» tells in time or late; with no mark it is overdue once the time has passed. A
        mark without a readable stamp, or known only from a summary, is undetermined. It is owed by the
        teacher of the pupil's newest mark there, else by those of the workload. Pupils not there that day are
        left out.
    What a violation looks like:
        Marta Kalna, 7.a, got her annual mark in music after lessons had ended.
    What is right:
        Her mark was entered in the middle of May.
    How to mend it in E-klase:
        Open the class journal in that subject and enter the annual mark.
    Settings:
        The deadline (calendar_days_before_end). Year ends come from the calendar, by grade.
    """
    return _duties(ctx, YEAR)
