"""What a check is, and what it is handed."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from eklase_audit.anchors import Anchor
from eklase_audit.calendar import Calendar, NoLessons, SchoolYear, school_start
from eklase_audit.clauses.keys import joined_texts, pair_keys
from eklase_audit.duties import BEARERS, duty_frame
from eklase_audit.errors import NotAudited
from eklase_audit.i18n import _
from eklase_audit.journal import Journal, categorical
from eklase_audit.lazy import np, npt, pd
from eklase_audit.moments import DAY, NO_DAY, Days, Interval
from eklase_audit.regulation import CheckRule, Symbols

T = TypeVar("T")


@dataclass(frozen=True)
class Need:
    """One of these kinds of exports must be there; some file of it with one of the columns, if any are named.

    Lacking all of them the frame of a stand-in will do, of what E-klase's own workbook tells.
    """

    kinds: tuple[str, ...]
    columns: tuple[str, ...] = ()
    stand_in: str | None = None


@dataclass
class Context:
    """All that a check may know: the journal, the calendar, the moment it looks from, its rule.

    `observed` where snapshots may tell when entries without a stamp were made. `shared` keeps what
    several checks of one audit work out of the journal. `horizon` is the moment up to which duties are
    told that do not exist yet; what a check makes for the time up to `as_of` does not depend on it.
    """

    journal: Journal
    calendar: Calendar
    as_of: int
    rule: CheckRule
    rules: dict[str, CheckRule]
    symbols: Symbols
    no_lessons: Sequence[NoLessons] = ()
    observed: bool = False
    limits: list[str] = field(default_factory=list)
    shared: dict[Hashable, Any] = field(default_factory=dict)
    horizon: int | None = None

    @property
    def today(self) -> int:
        """The day of `as_of`."""
        return self.as_of // DAY

    @property
    def last_day(self) -> int:
        """The day of the horizon, that of `as_of` without one."""
        return max(self.today, (self.as_of if self.horizon is None else self.horizon) // DAY)

    def parameter(self, name: str) -> Any:
        """The value of a parameter of the rule."""
        return self.rule.parameters[name].value

    def due(self, days: Days, rows: pd.DataFrame | None = None) -> Any:
        """The due moments of anchor days under the rule's deadline.

        `rows` (class, subject_key) are what the days belong to, for a deadline "by the next lesson".
        """
        assert self.rule.deadline is not None
        next_lessons = None
        if self.rule.deadline.form == "next_lesson":
            next_lessons = self._next_lessons(days, rows)
        return self.rule.deadline.due(days, self.calendar, next_lessons)

    def _next_lessons(self, days: Days, rows: pd.DataFrame | None) -> Days:
        """The day of the first lesson of the same class and subject after each day; NO_DAY where none is known."""
        if rows is None or "subject_key" not in rows:
            raise NotAudited(_("what this check asks for belongs to no subject: no next lesson can be its deadline"))
        if not self.journal.has("lessons"):
            raise NotAudited(_("there is no export {exports}").format(exports="«Stundas» (lessons)"))
        lessons = self.journal.rows("lessons")
        row_keys, lesson_keys = pair_keys(rows, lessons, ("class", "subject_key"))
        # One sorted array of (class and subject, day): the place behind a row's own is the next lesson's.
        span = np.int64(1) << 32
        held = np.unique(lesson_keys * span + lessons["date"].to_numpy())
        held = np.append(held, np.iinfo(np.int64).max)
        following = held[np.searchsorted(held, row_keys * span + days, side="right")]
        same = following // span == row_keys
        return np.where(same & (days != NO_DAY), following % span, NO_DAY).astype(np.int32)

    @property
    def september_first(self) -> date:
        """The first day of the school year of `as_of`, as the regulation counts it."""
        return date(self.start, 9, 1)

    def leave_unknown_years(self, starts: npt.NDArray[np.int32], others: int) -> None:
        """Say that entries of these school years are left out; raises NotAudited where there are no others."""
        if not len(starts):
            return
        years = ", ".join(f"{year}/{year + 1}" for year in sorted(set(starts.tolist())))
        reason = _("the school year {year} is not in the calendar: add it to rules/calendar").format(year=years)
        if not others:
            raise NotAudited(reason)
        self.limits.append(reason)

    @property
    def start(self) -> int:
        """The calendar year in which the school year of `as_of` begins."""
        return school_start(self.today)

    def school_year(self, start: int | None = None) -> SchoolYear:
        """The school year of `as_of` (or another). Raises NotAudited if the calendar does not know it."""
        start = self.start if start is None else start
        year = self.calendar.year(start)
        if year is None:
            self.leave_unknown_years(np.array([start]), 0)
        assert year is not None
        return year

    def once(self, what: Hashable, work: Callable[[], T]) -> T:
        """What `work` makes of the journal, made once for all checks of an audit."""
        if what not in self.shared:
            self.shared[what] = work()
        return self.shared[what]

    @property
    def class_teachers(self) -> dict[str, str]:
        """The class teachers by class (several parted by BEARERS); empty without the export."""
        return self.once("class teachers", self._class_teachers)

    def _class_teachers(self) -> dict[str, str]:
        if not self.journal.has("classes"):
            return {}
        rows = self.journal.rows("classes")
        return joined_texts(rows["class"], rows["class_teacher"], BEARERS)

    def class_teacher_of(self, classes: pd.Series) -> pd.Categorical[Any]:
        """The class teacher of each class in a column, NaN where unknown."""
        column = pd.Categorical(classes)
        teachers = self.class_teachers
        names = [teachers.get(str(name)) for name in column.categories]
        unknown = sorted(
            {str(column.categories[code]) for code in set(column.codes.tolist()) - {-1} if names[code] is None}
        )
        if unknown and self.journal.has("classes"):
            self.limits.append(_("no class teacher is known of {classes}").format(classes=", ".join(unknown)))
        elif unknown:
            self.limits.append(
                _("there is no export {exports}, so class teachers are not named").format(exports="«Klases» (classes)")
            )
        codes, texts = pd.factorize(np.array([*names, None], dtype=object))
        return categorical(codes[column.codes], list(texts))


@dataclass(frozen=True)
class Check:
    """A check: a function from a context to a frame of duties, or of defects (see duties.py).

    `anchor` is what its deadline is counted from, None for defects. `aspect` is what snapshots observe
    of it (see store/entries.py), None where they cannot help.
    """

    name: str
    make: Callable[[Context], pd.DataFrame]
    thing: str
    needs: tuple[Need, ...]
    anchor: Anchor | None
    defects: bool
    parameters: tuple[str, ...] = ()
    aspect: str | None = None

    @property
    def has_deadline(self) -> bool:
        """Whether a rule pack gives it a deadline."""
        return self.anchor is not None

    @property
    def word(self) -> str:
        """The word that, behind a clause's number, makes the check's id."""
        return self.name.split(".")[1]

    @property
    def manual(self) -> str:
        """The text that `explain` shows, before translation."""
        return inspect.cleandoc(self.make.__doc__ or "")


CHECKS: dict[str, Check] = {}


def check(
    name: str,
    *,
    thing: str,
    needs: Sequence[Need],
    deadline: Anchor | None = None,
    defects: bool = False,
    parameters: Sequence[str] = (),
    aspect: str | None = None,
) -> Callable[[Callable[[Context], pd.DataFrame]], Callable[[Context], pd.DataFrame]]:
    """Register a check under "<module's matter>.<word>".

    `thing` names what is owed, in messages; `deadline` says what its deadline is counted from.
    """

    def register(function: Callable[[Context], pd.DataFrame]) -> Callable[[Context], pd.DataFrame]:
        if name in CHECKS or not function.__doc__ or (deadline is not None) == defects:
            raise TypeError(f"{name}: a check has a name of its own, a docstring, and a deadline or defects")
        CHECKS[name] = Check(name, function, thing, tuple(needs), deadline, defects, tuple(parameters), aspect)
        return function

    return register


def entry_duties(
    ctx: Context,
    rows: pd.DataFrame,
    *,
    on: str,
    done: Interval,
    pupil: bool = False,
    bearer: Any = None,
    role: str = "subject_teacher",
    **columns: Any,
) -> pd.DataFrame:
    """Duties that stand for rows of an export: the row's teacher owes it from its day on."""
    days = columns.pop("days", rows[on].to_numpy() if on else None)
    columns.setdefault("due", ctx.due(days, rows))
    return duty_frame(
        len(rows),
        on=days,
        done=done,
        role=role,
        bearer=rows["teacher"] if bearer is None else bearer,
        class_=rows["class"],
        subject=rows["subject"],
        pupil=rows["pupil"] if pupil else None,
        sheet_no=rows["sheet_no"].to_numpy(),
        row=rows["row"].to_numpy(),
        source=rows.index.to_numpy(),
        **columns,
    )


def entry_defects(
    rows: pd.DataFrame,
    *,
    on: Days,
    reason: Any,
    bearer: Any = None,
    role: str = "subject_teacher",
    pupil: bool = False,
    **columns: Any,
) -> pd.DataFrame:
    """Defects in rows of an export; `reason` is one code a row."""
    return duty_frame(
        len(rows),
        on=on,
        role=role,
        reason=reason,
        bearer=rows["teacher"] if bearer is None else bearer,
        class_=rows["class"],
        subject=rows["subject"],
        pupil=rows["pupil"] if pupil else None,
        sheet_no=rows["sheet_no"].to_numpy(),
        row=rows["row"].to_numpy(),
        **columns,
    )


__all__ = ["CHECKS", "NO_DAY", "Check", "Context", "Need", "check", "entry_defects", "entry_duties"]
