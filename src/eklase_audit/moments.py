"""Days and moments as whole numbers, the form in which everything is compared.

A *day* is the count of days since 1970-01-01 (int32), a *moment* the count of seconds since
1970-01-01 00:00:00 of local time in Europe/Riga (int64). No offsets stand anywhere: school
deadlines are local, and so is every stamp of an export.

What was done, was done within an interval of moments. A stamp with a clock is an interval of
one moment, a stamp without a clock spans its day, an entry that is there with no usable stamp
spans all time, and what is not there is done NEVER.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from eklase_audit.lazy import np, npt

Days: TypeAlias = "npt.NDArray[np.int32]"
Moments: TypeAlias = "npt.NDArray[np.int64]"
Flags: TypeAlias = "npt.NDArray[np.bool_]"

DAY = 86_400
# Years outside are typing errors ("0205", "2205"), and the table of working days ends somewhere.
FIRST_YEAR, LAST_YEAR = 2000, 2099
# In columns, the least int32, and int64 beyond all moments.
NO_DAY = -(2**31)
ALWAYS = -(2**62)
NEVER = 2**62
EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def to_date(day: int) -> date:
    """The date of a day number."""
    return EPOCH + timedelta(days=int(day))


def moment_number(when: datetime) -> int:
    """Seconds since 1970-01-01 00:00:00, local."""
    return day_number(when.date()) * DAY + when.hour * 3600 + when.minute * 60 + when.second


def to_datetime(moment: int) -> datetime:
    """The date and time of a moment."""
    return datetime(1970, 1, 1) + timedelta(seconds=int(moment))


def week_number(days: Days) -> Days:
    """The number of each day's week, which begins on Monday; that of NO_DAY is NO_WEEK."""
    # The first day of all, 1 January 1970, was a Thursday.
    return (days + np.int32(3)) // np.int32(7)


NO_WEEK = (NO_DAY + 3) // 7


def monday_of(week: int) -> date:
    """The Monday of a week."""
    return to_date(week * 7 - 3)


def end_of_day(days: Days) -> Moments:
    """The last second of each day; NEVER for NO_DAY."""
    return np.where(days == NO_DAY, NEVER, days.astype(np.int64) * DAY + (DAY - 1))


def day_of(moments: Moments) -> Days:
    """The day of each moment; NO_DAY for ALWAYS and NEVER."""
    days = (moments // DAY).clip(-(2**30), 2**30).astype(np.int32)
    return np.where((moments == ALWAYS) | (moments == NEVER), NO_DAY, days)


@dataclass(frozen=True)
class Interval:
    """When things were done: one (first, last) pair of moments a row, shape (n,)."""

    first: Moments
    last: Moments

    def __getitem__(self, rows: npt.NDArray[np.generic]) -> Interval:
        return Interval(self.first[rows], self.last[rows])

    def known_by(self, moment: int) -> Flags:
        """What had been done by a moment: a stamp without a clock counts for its whole day."""
        return self.first <= moment

    @property
    def timed(self) -> Flags:
        """Rows with a usable stamp."""
        return (self.first != ALWAYS) & (self.first != NEVER)

    @property
    def has_clock(self) -> Flags:
        """Rows whose stamp has a clock time."""
        return self.timed & (self.first == self.last)

    def where(self, flags: Flags) -> Interval:
        """The same, with NEVER in the rows that are not flagged."""
        return Interval(np.where(flags, self.first, NEVER), np.where(flags, self.last, NEVER))


# Where no snapshot is meant.
NO_MOMENT = -1


@dataclass(frozen=True)
class Windows:
    """Between which snapshots entries were made, shape (n,); NO_MOMENT where there is none.

    `after`: the last snapshot that speaks of the entry without it, before `by`, the first that
    holds it; `newest`: the newest snapshot that speaks of it.
    """

    after: Moments
    by: Moments
    newest: Moments

    def __getitem__(self, rows: npt.NDArray[np.generic]) -> Windows:
        return Windows(self.after[rows], self.by[rows], self.newest[rows])


def unknown_time(flags: Flags) -> Interval:
    """An interval of all time where flagged, NEVER elsewhere."""
    return Interval(np.where(flags, ALWAYS, NEVER), np.full(flags.shape, NEVER))


def never(count: int) -> Interval:
    """So many rows of what was not done."""
    return unknown_time(np.zeros(count, dtype=bool))
