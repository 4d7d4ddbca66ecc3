"""The judgement, in one place for all duties (contract sections 1 and 2).

Here a duty becomes fulfilled, late, overdue, pending or undetermined, here working days are
counted, and here it is decided whether the regulation was in force.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from eklase_audit.calendar import Calendar
from eklase_audit.deadlines import Outage, after_outages
from eklase_audit.journal import categorical, kept
from eklase_audit.moments import DAY, NEVER, NO_DAY, NO_MOMENT, Flags, Interval, Moments, Windows, day_of
from eklase_audit.row_keys import cell_numbers, row_keys
from eklase_audit.staff import Staff

FULFILLED, LATE, OVERDUE, PENDING, UNDETERMINED, DEFECT = (
    "fulfilled", "late", "overdue", "pending", "undetermined", "defect",
)  # fmt: skip
VERDICTS = (FULFILLED, LATE, OVERDUE, PENDING, UNDETERMINED)


@dataclass
class Judged:
    """The outcome for one check: counts by verdict, and the findings (late, overdue, defect).

    `findings` has the columns of the duties and verdict, working_days_late (-1 where none),
    due_before (the due moment before an absence or an outage moved it), done_after and done_by (moments of
    snapshots), and `alike`, the place among duties about the very same thing. `undetermined` has
    the same columns; it is made where snapshots were asked. `duties` are all that were judged, and
    `decided` tells which of them were found to be done in time, late or overdue.
    """

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*VERDICTS, "defects"), 0))
    not_in_force: int = 0
    findings: pd.DataFrame = field(default_factory=lambda: pd.DataFrame())
    undetermined: pd.DataFrame = field(default_factory=lambda: pd.DataFrame())
    duties: pd.DataFrame = field(default_factory=lambda: pd.DataFrame())
    decided: Flags = field(default_factory=lambda: np.zeros(0, bool))


def judge(
    frame: pd.DataFrame,
    *,
    defects: bool,
    as_of: int,
    calendar: Calendar,
    in_force_from: int,
    ignore_in_force: bool = False,
    outages: Sequence[Outage] = (),
    staff: Staff | None = None,
    windows: Windows | None = None,
    grace: int = 0,
    asked: Flags | None = None,
) -> Judged:
    """Judge the duties (or defects) of one check as of a moment.

    `windows` (one a duty) speak for those that have no usable stamp of their own; `grace` are the
    seconds after a due moment within which a snapshot still speaks for it. Where not all are `asked`
    for, the outcome is that of those that are; the others only keep their places among the alike.
    """
    asked = np.ones(len(frame), bool) if asked is None else asked
    exists = frame["since"].to_numpy() <= as_of // DAY if not defects else np.ones(len(frame), bool)
    on = frame["on"].to_numpy()
    # A day that cannot be told is judged: leaving it out would hide what could not be read.
    forced = (on >= in_force_from) | (on == NO_DAY) | ignore_in_force
    judged = Judged(not_in_force=int((exists & ~forced & asked).sum()))
    rows = exists & forced
    windows = windows[rows] if windows else None
    frame, asked = kept(frame, rows).reset_index(drop=True), asked[rows]
    after = by = np.full(len(frame), NO_MOMENT)
    due = due_before = frame["due"].to_numpy()
    late = np.full(len(frame), -1, np.int32)
    if defects:
        judged.counts["defects"] = int(asked.sum())
        codes = np.full(len(frame), len(VERDICTS))
        found = np.ones(len(frame), bool)
    else:
        due = _settled(frame, outages, staff, calendar)
        done = Interval(frame["done"].to_numpy(), frame["done_last"].to_numpy())
        codes = verdicts(due, done, as_of)
        late_from = done.first
        if windows:
            seen = frame["observable"].to_numpy() & ~done.timed
            codes = np.where(seen, observed_verdicts(due, done, windows, as_of, grace), codes)
            late_from = np.where(seen, windows.after, late_from)
            overdue = codes == VERDICTS.index(OVERDUE)
            after = np.where(seen, np.where(overdue, windows.newest, windows.after), NO_MOMENT)
            by = np.where(seen, windows.by, NO_MOMENT)
        for number, name in enumerate(VERDICTS):
            judged.counts[name] = int((asked & (codes == number)).sum())
        found = (codes == VERDICTS.index(LATE)) | (codes == VERDICTS.index(OVERDUE))
        judged.decided = (found | (codes == VERDICTS.index(FULFILLED)))[asked]
        found &= asked
        until = np.where(codes[found] == VERDICTS.index(LATE), day_of(late_from[found]), as_of // DAY)
        late[found] = calendar.working_days_between(day_of(due[found]), until)
    found &= asked
    open_ones = asked & (codes == VERDICTS.index(UNDETERMINED)) if windows else np.zeros(len(frame), bool)
    alike = _place_among_alike(frame, found | open_ones)
    told: dict[str, Any] = {
        "due": due,
        "due_before": due_before,
        "done_after": after,
        "done_by": by,
        "verdict": categorical(codes, [*VERDICTS, DEFECT]),
        "working_days_late": late,
    }
    frame = pd.DataFrame({str(name): column.array for name, column in frame.items()} | told, copy=False)
    judged.duties = frame if asked.all() else frame[asked].reset_index(drop=True)
    judged.findings = _with_places(frame, found, alike)
    if windows:
        judged.undetermined = _with_places(frame, open_ones, alike)
    return judged


def _with_places(frame: pd.DataFrame, flags: Flags, alike: npt.NDArray[np.int32]) -> pd.DataFrame:
    """The flagged rows, each with its place among those alike."""
    places = np.flatnonzero(flags)
    some = frame.take(places)
    some["alike"] = alike[places]
    return some


def due_by(frame: pd.DataFrame, horizon: int, *, asked: Flags | None = None, **how: Any) -> pd.DataFrame:
    """The duties pending as of a moment that fall due by a later one, those too that do not exist yet.

    They are judged like all others; `how` is what judge() is asked with. The columns are those of
    Judged.findings.
    """
    # What is to come is judged as if it were owed already: what was done beforehand is not pending.
    owed = frame.assign(since=NO_DAY, asked=True if asked is None else asked)
    duties = judge(owed, defects=False, **how).duties
    pending = np.asarray(duties["verdict"] == PENDING) & (duties["due"].to_numpy() <= horizon)
    pending &= duties["asked"].to_numpy()
    duties["alike"] = _place_among_alike(duties, pending)
    return duties[pending].reset_index(drop=True)


def _settled(frame: pd.DataFrame, outages: Sequence[Outage], staff: Staff | None, calendar: Calendar) -> Moments:
    """The due moments after what moves them: absences of the bearers, then outages of the journal."""
    due = frame["due"].to_numpy()
    if staff:
        due = staff.after_absences(due, frame["on"].to_numpy(), frame["bearer"])
    moved = after_outages(due, outages, calendar)
    if staff and outages:
        # An outage may have moved it to a day on which the bearer was away.
        again = staff.after_absences(moved, day_of(moved).astype(np.int32), frame["bearer"])
        moved = np.where(moved != due, again, moved)
    return moved


def verdicts(due: np.ndarray, done: Interval, as_of: int) -> np.ndarray:
    """The verdict of each duty, as an index into VERDICTS."""
    known = done.known_by(as_of)
    return np.select(
        # What is there at an unknown time is never said to be in time, not even where nothing is due yet.
        [known & (done.last <= due) & (done.last != NEVER), known & (done.first > due), known, as_of > due],
        [VERDICTS.index(v) for v in (FULFILLED, LATE, UNDETERMINED, OVERDUE)],
        VERDICTS.index(PENDING),
    )


def observed_verdicts(due: Moments, done: Interval, windows: Windows, as_of: int, grace: int) -> npt.NDArray[np.int64]:
    """The verdict of each duty without a usable stamp, from the snapshots that held its entry or did not."""
    held, known_after = windows.by != NO_MOMENT, windows.after != NO_MOMENT
    nowhere = ~held & (done.first == NEVER)
    return np.select(
        [
            held & (windows.by <= due + grace),
            held & known_after & (windows.after >= due),
            nowhere & (windows.newest != NO_MOMENT) & (windows.newest >= due),
            nowhere & (as_of <= due),
        ],
        [VERDICTS.index(v) for v in (FULFILLED, LATE, OVERDUE, PENDING)],
        VERDICTS.index(UNDETERMINED),
    )


def _place_among_alike(frame: pd.DataFrame, found: Flags) -> np.ndarray:
    """The place of each row among those about the same thing (class, subject, pupil, day, lesson, period).

    Counted over all duties, so that mending one leaves the fingerprints of the others as they were.
    """
    place = np.zeros(len(frame), np.int32)
    if found.sum() == 0:
        return place
    # Only the likes of what was found have to be put in order: pupil and day pick out nearly all of them.
    near, _span = row_keys(cell_numbers(frame[name]) for name in ("pupil", "on"))
    mine = np.flatnonzero(np.isin(near, near[found]))
    persons = [] if (cell_numbers(frame["class"]) >= 0).any() else ["bearer"]
    same, _span = row_keys(
        _likes(frame[name])[mine] for name in ("class", "subject", "pupil", "on", "lesson", "period", *persons)
    )
    order = np.lexsort((frame["row"].to_numpy()[mine], frame["sheet_no"].to_numpy()[mine], same))
    groups = same[order]
    starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
    counts = np.arange(len(groups)) - np.repeat(starts, np.diff(np.r_[starts, len(groups)]))
    place[mine[order]] = counts
    return place


def _likes(column: pd.Series) -> npt.NDArray[np.integer]:
    """One number a cell, the same for texts that differ in case alone where they are subjects."""
    if column.name != "subject":
        return cell_numbers(column)
    texts = np.array([str(text).casefold() for text in column.cat.categories], dtype=object)
    return np.append(pd.factorize(texts)[0], -1)[column.cat.codes.to_numpy()]
