"""Clause 10: teachers print their reports each semester."""

from __future__ import annotations

from eklase_audit.anchors import LAST_SEMESTER_END
from eklase_audit.clauses.c07_statements import counted_from_september
from eklase_audit.clauses.keys import pair_keys
from eklase_audit.clauses.marks import PERIOD_TEXTS, earliest, ends
from eklase_audit.clauses.registry import Context, Need, check
from eklase_audit.duties import duty_frame
from eklase_audit.i18n import N_
from eklase_audit.journal import stacked
from eklase_audit.lazy import np, pd
from eklase_audit.moments import NO_DAY

REPORT, REPORT_CARD, SUMMARY_JOURNAL, PERSONAL_FILE = (
    "atskaite", "liecība", "kopsavilkuma žurnāls", "personas lieta",
)  # fmt: skip


def documents(ctx: Context, name: str) -> pd.DataFrame:
    """The documents whose name contains a word, printed since 1 September, with done and done_last."""
    rows = ctx.journal.rows("documents")
    words = [name in text.casefold() for text in rows["document"].cat.categories]
    return counted_from_september(
        ctx, rows[np.array([*words, False])[rows["document"].cat.codes.to_numpy()]], "printed_at"
    )


@check(
    "prints.report",
    thing=N_("printed report"),
    needs=[Need(("documents",), ("teacher",)), Need(("workloads", "classes"))],
    deadline=LAST_SEMESTER_END,
)
def report(ctx: Context) -> pd.DataFrame:
    """Report printed after each semester.

    What the regulation asks:
        At the end of each semester teachers print their reports.
    What is checked:
        Each teacher with a workload in the semester, and each class teacher, needs a document whose name
        contains «atskaite», with that person and semester. The earliest «Izdrukāts» is in time or late; with
        none, it is overdue once the time has passed, and a day that cannot be read is undetermined. Days run
        from the latest semester end of the classes they teach or lead. Prints of earlier years are left out.
    What a violation looks like:
        Ilze Kārkla, who teaches in 5.a and 9.a, has printed nothing for the first semester by February.
    What is right:
        Her report was printed on the first working day after the semester.
    How to mend it in E-klase:
        Print the semester's report and record the day.
    Settings:
        The deadline (working_days), the school's reading.
    """
    return stacked([_of_semester(ctx, semester) for semester in (1, 2)])


def _of_semester(ctx: Context, semester: int) -> pd.DataFrame:
    people = _people(ctx, semester)
    printed = documents(ctx, REPORT)
    printed = printed[printed["period"].to_numpy() == semester]
    when, sheet_no, row = earliest(ctx, *pair_keys(people, printed, ("teacher",)), printed)
    on = people["end"].to_numpy()
    return duty_frame(
        len(people),
        on=on,
        due=ctx.due(on),
        done=when,
        role=np.where(people["teaches"].to_numpy(), "subject_teacher", "class_teacher").astype(object),
        bearer=people["teacher"],
        period=PERIOD_TEXTS[semester],
        sheet_no=sheet_no,
        row=row,
    )


def _people(ctx: Context, semester: int) -> pd.DataFrame:
    """Who teaches or leads a class in a semester: teacher, end (the latest of their classes), teaches."""
    first = ctx.school_year().semester_start(semester)
    parts = []
    for kind, column in (("workloads", "teacher"), ("classes", "class_teacher")):
        if not ctx.journal.has(kind):
            continue
        rows = ctx.journal.rows(kind)
        end = ends(ctx, np.full(len(rows), ctx.start), rows["grade"].to_numpy(), semester)
        part = pd.DataFrame({"teacher": rows[column].astype(object).to_numpy(), "end": end})
        if kind == "workloads":
            to = rows["to"].to_numpy()
            part = part[(rows["from"].to_numpy() <= end) & ((to == NO_DAY) | (first <= to))]
        parts.append(part)
    people = pd.concat(parts, ignore_index=True)
    people = people[people["teacher"].notna().to_numpy() & (people["teacher"] != "").to_numpy()]
    people = people.groupby("teacher", as_index=False).agg(end=("end", "max"))
    # Whoever has any workload answers as a subject teacher, even in a semester in which it does not run.
    teachers = set(ctx.journal.rows("workloads")["teacher"]) if ctx.journal.has("workloads") else set()
    return people.assign(teaches=people["teacher"].isin(teachers))
