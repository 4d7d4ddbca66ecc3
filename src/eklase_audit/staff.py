"""Absences of teachers: who was away has as much later what fell due meanwhile, and a substitute bears what is theirs.

A duty whose days fall into an absence is due as many of the bearer's own working days later as the
absence took. Days of a duty are those its deadline counts: behind its anchor day up to the due day; the day
itself where it is due on that day. A duty due before its anchor (a semester's marks) has its due day alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from eklase_audit.calendar import Calendar
from eklase_audit.duties import BEARERS
from eklase_audit.journal import categorical
from eklase_audit.lazy import np, pd
from eklase_audit.moments import (
    DAY,
    NEVER,
    NO_DAY,
    Days,
    Moments,
    day_number,
    day_of,
    moment_number,
    to_datetime,
)


@dataclass(frozen=True)
class StaffAbsence:
    """A teacher's absence: first and last day, and who gave the lessons meanwhile. `place` says where it stands.

    Its reason is not kept: why somebody was away is nothing an audit needs.
    """

    teacher: str
    first: int
    last: int
    substitute: str | None = None
    place: str = ""


@dataclass
class Staff:
    """The absences of a school's teachers, named as the exports do, by the calendar that counts working days."""

    absences: Sequence[StaffAbsence]
    calendar: Calendar

    def working_days_away(self, teacher: str) -> Days:
        """The working days on which a teacher was away, in their order."""
        mine = [np.arange(a.first, a.last + 1, dtype=np.int32) for a in self.absences if a.teacher == teacher]
        days = np.unique(np.concatenate([np.zeros(0, np.int32), *mine]))
        return days[self.calendar.are_working(days)]

    def after_absences(self, due: Moments, on: Days, bearers: pd.Series) -> Moments:
        """The due moments, moved where the bearer was away; of several bearers the latest holds."""
        moved = due
        for code, text in enumerate(bearers.cat.categories if self.absences else []):
            for teacher in str(text).split(BEARERS):
                away = self.working_days_away(teacher)
                if len(away):
                    mine = np.flatnonzero((bearers.cat.codes.to_numpy() == code) & (due != NEVER) & (on != NO_DAY))
                    moved = moved.copy() if moved is due else moved
                    moved[mine] = np.maximum(moved[mine], self._moved(due[mine], on[mine], away))
        return moved

    def _moved(self, due: Moments, on: Days, away: Days) -> Moments:
        last = day_of(due)
        before = np.select([last > on, last == on], [on, on - 1], last - 1)
        lost = np.searchsorted(away, last, side="right") - np.searchsorted(away, before, side="right")
        there = np.setdiff1d(self.calendar.working_days, away)
        place = np.searchsorted(there, last, side="right") + lost - 1
        later = there[np.minimum(place, len(there) - 1)].astype(np.int64) * DAY + due % DAY
        return np.where(lost > 0, later, due)

    def substituted(self, bearers: pd.Series, on: Days) -> pd.Series:
        """The bearers of duties about lessons: the substitute of a teacher who was away on that day."""
        for absence in self.absences:
            if absence.substitute is None:
                continue
            texts = [str(text) for text in bearers.cat.categories]
            held = np.array([*(text == absence.teacher for text in texts), False])
            mine = held[bearers.cat.codes.to_numpy()] & (on >= absence.first) & (on <= absence.last)
            if mine.any():
                if absence.substitute not in texts:
                    texts.append(absence.substitute)
                codes = np.where(mine, texts.index(absence.substitute), bearers.cat.codes.to_numpy())
                bearers = pd.Series(categorical(codes, texts), index=bearers.index)
        return bearers

    def moved(self, bearers: Sequence[str], on: date, due: datetime) -> datetime:
        """The due moment of one duty after the absences of its bearers."""
        column = pd.Series(pd.Categorical([BEARERS.join(bearers)]))
        anchor = np.array([day_number(on)], np.int32)
        return to_datetime(int(self.after_absences(np.array([moment_number(due)]), anchor, column)[0]))

    def days_away(self, bearers: Sequence[str]) -> set[int]:
        """The working days on which any of some bearers was away."""
        return {int(day) for teacher in bearers for day in self.working_days_away(teacher)}

    def of(self, bearers: Sequence[str], after: date, until: date) -> list[StaffAbsence]:
        """The absences of some bearers after one day, up to and including another."""
        first, last = day_number(after) + 1, day_number(until)
        return [a for a in self.absences if a.teacher in bearers and a.first <= last and a.last >= first]
