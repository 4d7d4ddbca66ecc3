"""Clause 11: report cards each semester; summary journals and personal files at the year's end."""

from __future__ import annotations

from typing import Any

from eklase_audit.anchors import SEMESTER_END, YEAR_END
from eklase_audit.clauses.c10_reports import PERSONAL_FILE, REPORT_CARD, SUMMARY_JOURNAL, documents
from eklase_audit.clauses.keys import PUPIL, pair_keys
from eklase_audit.clauses.marks import PERIOD_TEXTS, YEAR, earliest, ends
from eklase_audit.clauses.pupils import attending, pupils
from eklase_audit.clauses.registry import Context, Need, check
from eklase_audit.duties import duty_frame
from eklase_audit.i18n import N_
from eklase_audit.journal import stacked
from eklase_audit.lazy import np, pd

_PUPILS = [Need(("documents",)), Need(("contacts",))]


def _per_pupil(ctx: Context, printed: pd.DataFrame, period: int) -> pd.DataFrame:
    """A duty per pupil at a period's end, done by a document of the pupil, or of the class with no pupil named."""
    owed = pupils(ctx)
    end = ends(ctx, ctx.start, owed["grade"].to_numpy(), period)
    here = attending(owed, end)
    owed, end = owed[here], end[here]
    names, classes = (printed[name].astype(object).fillna("").to_numpy() for name in ("pupil", "class"))
    whole_class = (names == "") & (classes != "")
    one_pupil = (names != "") & (classes != "")
    classless = (names != "") & (classes == "")
    # A document serves under whichever of these keys fits, so the earliest over all three is it.
    served = pd.concat(
        [
            _served(owed, printed[mine], columns)
            for mine, columns in ((whole_class, ("class",)), (one_pupil, PUPIL), (classless, ("pupil",)))
            if mine.any() or columns == PUPIL
        ],
        ignore_index=True,
    )
    when, sheet_no, row = earliest(ctx, np.arange(len(owed)), served["place"].to_numpy(), served)
    return _duties(ctx, owed, end, when, period, sheet_no, row, pupil=owed["pupil"])


def _served(owed: pd.DataFrame, printed: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    owed_keys, printed_keys = pair_keys(owed, printed, columns)
    return pd.DataFrame({"key": owed_keys, "place": np.arange(len(owed))}).merge(
        printed[["done", "done_last", "sheet_no", "row"]].assign(key=printed_keys), on="key"
    )


def _duties(
    ctx: Context,
    owed: pd.DataFrame,
    end: Any,
    when: Any,
    period: int,
    sheet_no: Any,
    row: Any,
    pupil: Any = None,
) -> pd.DataFrame:
    return duty_frame(
        len(owed),
        on=end,
        due=ctx.due(end),
        done=when,
        role="class_teacher",
        bearer=ctx.class_teacher_of(owed["class"]),
        class_=owed["class"],
        pupil=pupil,
        period=PERIOD_TEXTS[period],
        sheet_no=sheet_no,
        row=row,
    )


@check("prints.report-card", thing=N_("report card"), needs=_PUPILS, deadline=SEMESTER_END)
def report_card(ctx: Context) -> pd.DataFrame:
    """Report card printed after each semester.

    What the regulation asks:
        Each semester the class teacher prepares the report cards.
    What is checked:
        Each pupil of the contacts needs a document whose name contains «liecība», of that pupil or of the
        class with no pupil named, for that semester. The earliest «Izdrukāts» is in time or late; with none,
        it is overdue once the time after the semester's end has passed, and a day that cannot be read is
        undetermined. Pupils not at the school on the last day, and prints of earlier years, are left out.
    What a violation looks like:
        The cards of 6.a were printed one by one, but Anna Liepa's is missing.
    What is right:
        One print for the whole of 6.a, made on the semester's last day.
    How to mend it in E-klase:
        Print the missing report cards and record the day.
    Settings:
        The deadline (working_days), the school's reading.
    """
    ctx.school_year()
    printed = documents(ctx, REPORT_CARD)
    return stacked(
        [_per_pupil(ctx, printed[printed["period"].to_numpy() == semester], semester) for semester in (1, 2)]
    )


@check(
    "prints.summary-journal",
    thing=N_("summary journal of the class"),
    needs=[Need(("documents",)), Need(("classes",))],
    deadline=YEAR_END,
)
def summary_journal(ctx: Context) -> pd.DataFrame:
    """Summary journal printed at the year's end.

    What the regulation asks:
        At the end of the school year the class teacher prepares the summary journal of the class.
    What is checked:
        Each class of the list of classes needs a document whose name contains «kopsavilkuma žurnāls»,
        whatever its period. The earliest «Izdrukāts» of this school year is in time or late; with none, it is
        overdue once the time after the year's end has passed, and a day that cannot be read is undetermined.
        The year's end is that of the grade.
    What a violation looks like:
        In August there is still no summary journal of 7.a.
    What is right:
        It was printed in the week after the last lessons.
    How to mend it in E-klase:
        Print the summary journal of the class and record the day.
    Settings:
        The deadline (working_days), the school's reading.
    """
    ctx.school_year()
    owed = ctx.journal.rows("classes").drop_duplicates("class")
    end = ends(ctx, ctx.start, owed["grade"].to_numpy(), YEAR)
    printed = documents(ctx, SUMMARY_JOURNAL)
    when, sheet_no, row = earliest(ctx, *pair_keys(owed, printed, ("class",)), printed)
    return _duties(ctx, owed, end, when, YEAR, sheet_no, row)


@check("prints.personal-file", thing=N_("personal file"), needs=_PUPILS, deadline=YEAR_END)
def personal_file(ctx: Context) -> pd.DataFrame:
    """Personal file put in order at the year's end.

    What the regulation asks:
        At the end of the school year the class teacher puts the pupils' personal files in order.
    What is checked:
        Each pupil of the contacts needs a document whose name contains «personas lieta», of that pupil or of
        the class with no pupil named, whatever its period. The earliest «Izdrukāts» of this school year is in
        time or late; with none, it is overdue once the time after the year's end has passed, and a day that
        cannot be read is undetermined. Pupils not at the school on the last day are left out.
    What a violation looks like:
        All files of 8.a were printed in June except that of Jānis Ozols.
    What is right:
        One print for the whole class, made soon after the last lessons.
    How to mend it in E-klase:
        Print what the file lacks and record the day.
    Settings:
        The deadline (working_days), the school's reading.
    """
    ctx.school_year()
    return _per_pupil(ctx, documents(ctx, PERSONAL_FILE), YEAR)
