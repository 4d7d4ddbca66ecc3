"""Marks as several clauses see them: which year and period they belong to, and whose they are."""

from __future__ import annotations

from typing import Any

from eklase_audit.calendar import GRADES, school_year_of
from eklase_audit.clauses.keys import PUPIL_AND_SUBJECT, joined, pair_keys
from eklase_audit.clauses.registry import Context
from eklase_audit.duties import BEARERS, as_texts
from eklase_audit.journal import WORKLOAD_STAND_IN, filled, kept, stacked, stamps
from eklase_audit.lazy import np, npt, pd
from eklase_audit.moments import NEVER, NO_DAY, Days, Flags, Interval, day_of
from eklase_audit.row_keys import row_keys

YEAR = 3
# What clauses ask of marks, besides what dated_marks adds.
_COLUMNS = (
    "pupil", "class", "grade", "subject", "subject_key", "teacher", "kind", "period", "date", "mark", "changed_at",
    "changed_at_last", "changed_at_state", "sheet_no", "row",
)  # fmt: skip
_WORK_COLUMNS = (
    "pupil", "class", "subject", "subject_key", "teacher", "date", "submitted_on", "submitted_on_unreadable", "mark",
    "entered_at", "entered_at_last", "entered_at_state", "sheet_no", "row",
)  # fmt: skip
PERIOD_TEXTS = {1: "1", 2: "2", YEAR: "year"}


def dated_marks(ctx: Context) -> pd.DataFrame:
    """The rows of the marks export, each with its school year and what its mark was at `as_of`.

    Columns besides the export's: `value` (the mark at `as_of`; where it was changed after that the
    earlier one, "" if that is not told), `given` (a mark stands there now), `done`/`done_last` (when
    it was entered; NEVER where there is none), `day` (its date, else that of its entry), `start` (calendar
    year in which its school year begins).
    """
    if not ctx.journal.has("marks"):
        return pd.DataFrame()
    return ctx.once("dated marks", lambda: _dated(ctx))


def _dated(ctx: Context) -> pd.DataFrame:
    rows = ctx.journal.rows("marks")
    entered, changed = stamps(rows, "entered_at"), stamps(rows, "changed_at")
    given = filled(rows["mark"])
    value = _value(rows, changed.given & (changed.when.first > ctx.as_of))
    there = given | filled(value)
    done = entered.done(there)
    entry_day = np.where(entered.given, day_of(entered.when.first), NO_DAY)
    day = np.where(rows["date"].to_numpy() != NO_DAY, rows["date"].to_numpy(), entry_day).astype(np.int32)
    start = school_year_of(np.where(day == NO_DAY, ctx.today, day).astype(np.int32))
    return rows[[*_COLUMNS]].assign(
        value=value, given=given, done=done.first, done_last=done.last, day=day, start=start
    )


def _value(rows: pd.DataFrame, later: Flags) -> pd.Series:
    """The marks, and the earlier ones of those that were changed `later`."""
    value = rows["mark"]
    if not later.any():
        return value
    earlier = rows["previous_mark"][later].astype(object).fillna("")
    value = value.cat.add_categories(sorted(set(earlier) - set(value.cat.categories)))
    value[later] = earlier.to_numpy()
    return value


def work_marks(ctx: Context, kind: str) -> pd.DataFrame:
    """The marks of a kind of daily work, with the columns that their duties rest on.

    Those of E-klase's own workbook only where snapshots may tell when they were entered.
    """
    rows = ctx.journal.rows("marks") if ctx.observed else ctx.journal.export_rows("marks")
    return rows[[*_WORK_COLUMNS]][np.asarray(rows["kind"] == kind)]


def done_of(marks: pd.DataFrame) -> Interval:
    """When the marks of dated_marks were entered."""
    return Interval(marks["done"].to_numpy(), marks["done_last"].to_numpy())


def known(ctx: Context, marks: pd.DataFrame) -> pd.DataFrame:
    """The marks that were there at `as_of`."""
    return kept(marks, marks["done"].to_numpy() <= ctx.as_of) if len(marks) else marks


def ends(ctx: Context, starts: npt.ArrayLike, grades: npt.ArrayLike, semester: npt.ArrayLike) -> Days:
    """The last day of each row's semester (1 or 2; YEAR for the year's); NO_DAY where the year is not known."""
    start, grade, number = map(np.asarray, (starts, grades, semester))
    if not start.size:
        return np.full(np.broadcast(start, grade, number).shape, NO_DAY, np.int32)
    first = int(start.min())
    table = np.full((int(start.max()) - first + 1, YEAR + 1, GRADES), NO_DAY, np.int32)
    for place in range(len(table)):
        if year := ctx.calendar.year(first + place):
            table[place, 1:] = year.ends(1), year.ends(2), year.ends(2)
    return table[start - first, number, grade]


def of_period(marks: pd.DataFrame, period: int) -> pd.DataFrame:
    """The marks that stand now for a period: semester marks of it, or annual and final ones of the year."""
    if not len(marks):
        return marks
    mine = marks["kind"].isin(["annual", "final"]) if period == YEAR else None
    marks = _of_kind(marks, period) if mine is None else marks[np.asarray(mine)]
    return marks[marks["given"].to_numpy()]


def _of_kind(marks: pd.DataFrame, period: int) -> pd.DataFrame:
    """Semester marks of a period, or annual marks, whatever stands there now."""
    if not len(marks):
        return marks
    if period == YEAR:
        return marks[np.asarray(marks["kind"] == "annual")]
    return marks[np.asarray(marks["kind"] == "semester") & (marks["period"].to_numpy() == period)]


def summary_marks(ctx: Context, marks: pd.DataFrame, period: int) -> pd.DataFrame:
    """The summary's marks of a period that the marks export does not have; they carry no time of entry.

    They belong (`start`) to the school year that the summary's title names, else to that of `as_of`.
    """
    if not ctx.journal.has("summary"):
        return pd.DataFrame()
    rows = ctx.journal.rows("summary")
    named = rows["school_year"].to_numpy()
    rows = rows.assign(start=np.where(named < 0, ctx.start, named).astype(np.int32))
    rows = rows[rows["period"].to_numpy() == period]
    mine = of_period(marks, period)
    if len(mine):
        summary_keys, mark_keys = pair_keys(rows, mine, (*PUPIL_AND_SUBJECT, "start"))
        rows = rows[~np.isin(summary_keys, mark_keys)]
    return rows


def teachers_of_period(ctx: Context, owed: pd.DataFrame, marks: pd.DataFrame, period: int) -> pd.Categorical[Any]:
    """Who owes a period's mark: the teacher of the pupil's newest mark in the subject and period.

    Lacking one, the teachers of the workload; several are parted by BEARERS. `owed` has the
    columns pupil, class, subject_key and grade.
    """
    names = pd.Series(_workload_teachers(ctx, owed, period), dtype=object)
    if len(marks):
        there = marks["given"].to_numpy() & (marks["done"].to_numpy() <= ctx.as_of)
        given = marks[[*PUPIL_AND_SUBJECT, "day", "teacher"]][there & _is_in_period(ctx, marks, period)]
        owed_keys, given_keys = pair_keys(owed, given, PUPIL_AND_SUBJECT)
        day = given["day"].to_numpy()
        newest = (day == _largest(given_keys, day)) & filled(given["teacher"])
        texts = given["teacher"][newest]
        found = pd.Series(owed_keys).map(joined(given_keys[newest], texts, BEARERS))
        names = found.astype(object).where(found.notna().to_numpy(), names.to_numpy())
    return as_texts(names, len(owed))


def _largest(keys: npt.NDArray[np.int64], values: Days) -> Days:
    """For each row the largest value of the rows with its key."""
    codes, span = row_keys([keys], limit=4 * len(keys) + 1000)
    largest = np.full(span, np.iinfo(values.dtype).min, values.dtype)
    np.maximum.at(largest, codes, values)
    return largest[codes]


def _is_in_period(ctx: Context, marks: pd.DataFrame, period: int) -> Flags:
    """Marks of this school year's period: by their Periods where it is a semester, else by their day."""
    inside = np.asarray(marks["start"].to_numpy() == ctx.start)
    if period == YEAR:
        return inside
    day, own = marks["day"].to_numpy(), marks["period"].to_numpy()
    end = ends(ctx, ctx.start, marks["grade"].to_numpy(), period)
    by_day = (ctx.school_year().semester_start(period) <= day) & (day <= end)
    return inside & np.where(np.isin(own, (1, 2)), own == period, by_day)


def _workload_teachers(ctx: Context, owed: pd.DataFrame, period: int) -> npt.NDArray[np.object_]:
    if not ctx.journal.has("workloads") and not ctx.journal.has(WORKLOAD_STAND_IN):
        return np.full(len(owed), None, dtype=object)
    loads = running_workloads(ctx, period)
    owed_keys, load_keys = pair_keys(owed, loads, ("class", "subject_key"))
    named = filled(loads["teacher"])
    by_key = joined(load_keys[named], loads["teacher"][named], BEARERS)
    found = pd.Series(owed_keys).map(by_key).astype(object)
    return found.where(found.notna(), None).to_numpy()


def running_workloads(ctx: Context, period: int) -> pd.DataFrame:
    """The workloads that run at the end of a period of this school year, both their days inclusive.

    Lacking that export, what E-klase's own workbook tells of who teaches what.
    """
    loads = ctx.journal.rows("workloads" if ctx.journal.has("workloads") else WORKLOAD_STAND_IN)
    end = ends(ctx, ctx.start, loads["grade"].to_numpy(), period)
    to = loads["to"].to_numpy()
    return loads[(loads["from"].to_numpy() <= end) & ((to == NO_DAY) | (end <= to))]


def marks_of_periods(ctx: Context) -> pd.DataFrame:
    """All semester and annual marks there were at `as_of`, each with the day it stands for.

    Columns: pupil, class, grade, subject, subject_key, teacher (of a summary's as for clause 8),
    mark, end (day), period_text, sheet_no, row. Raises NotAudited where no year of theirs is known.
    """
    ctx.school_year()
    marks = ctx.once("marks with their ends", lambda: _marks_with_ends(ctx))
    unknown = marks["end"].to_numpy() == NO_DAY
    ctx.leave_unknown_years(marks["start"].to_numpy()[unknown], int((~unknown).sum()))
    return marks[~unknown].reset_index(drop=True)


_TEXTS_WITH_ENDS = ("pupil", "class", "subject", "subject_key", "teacher", "mark", "period_text")
_NUMBERS_WITH_ENDS = {"grade": "int8", "start": "int32", "end": "int32", "sheet_no": "int32", "row": "int32"}


def _marks_with_ends(ctx: Context) -> pd.DataFrame:
    marks = dated_marks(ctx)
    none = {name: as_texts(None, 0) for name in _TEXTS_WITH_ENDS}
    parts = [pd.DataFrame({**none, **{name: np.zeros(0, dtype) for name, dtype in _NUMBERS_WITH_ENDS.items()}})]

    def add(rows: pd.DataFrame, period: int, **columns: Any) -> None:
        end = ends(ctx, rows["start"], rows["grade"], period)
        text = as_texts(PERIOD_TEXTS[period], len(rows))
        parts.append(rows.assign(period_text=text, end=end, **columns)[[*_TEXTS_WITH_ENDS, *_NUMBERS_WITH_ENDS]])

    for period in PERIOD_TEXTS:
        mine = known(ctx, _of_kind(marks, period))
        if len(mine):
            mine = mine[np.asarray(mine["value"] != "")]
            add(mine, period, mark=mine["value"])
        rest = summary_marks(ctx, marks, period)
        if len(rest):
            add(rest, period, teacher=teachers_of_period(ctx, rest, marks, period))
    return stacked(parts)


def earliest(
    ctx: Context, owed_keys: npt.NDArray[np.int64], entry_keys: npt.NDArray[np.int64], entries: pd.DataFrame
) -> tuple[Interval, npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """For each duty the earliest of the entries with its key: when, and on which sheet and row.

    `entries` has done, done_last, sheet_no and row; what was made after `as_of` is not made yet. The
    earliest of uncertain times lies between the earliest beginning and the earliest end; without any
    entry it is NEVER, sheet and row -1.
    """
    made = np.flatnonzero(entries["done"].to_numpy() <= ctx.as_of)
    keys = entry_keys[made]
    done, last, sheet_no, row = (entries[name].to_numpy()[made] for name in ("done", "done_last", "sheet_no", "row"))
    order = np.lexsort((row, sheet_no, last, done, keys))
    keys = keys[order]
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]][: len(keys)])
    first = order[starts]
    place = np.searchsorted(keys[starts], owed_keys)
    there = np.append(keys[starts], -1)[place] == owed_keys

    def pick(values: npt.NDArray[np.integer], otherwise: int) -> npt.NDArray[np.int64]:
        return np.where(there, np.append(values, 0)[place], otherwise)

    soonest = np.minimum.reduceat(last[order], starts) if len(starts) else last
    when = Interval(pick(done[first], int(NEVER)), pick(soonest, int(NEVER)))
    return when, pick(sheet_no[first], -1).astype(np.int32), pick(row[first], -1).astype(np.int32)


__all__ = [
    "PERIOD_TEXTS",
    "YEAR",
    "dated_marks",
    "done_of",
    "earliest",
    "ends",
    "known",
    "marks_of_periods",
    "of_period",
    "running_workloads",
    "summary_marks",
    "teachers_of_period",
    "work_marks",
]
