"""What is new, still open or mended from one run to the next: sets of findings compared, nothing more.

A finding that is not found any more is mended only where the later run could tell: where it made that
check, over exports that hold the finding's class and reach back to its day. Else it cannot be told, and it
is kept in mind until a run can.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from eklase_audit.findings import NEW, OPEN
from eklase_audit.moments import day_number, to_date


@dataclass(frozen=True)
class Item:
    """A finding as runs are compared by it.

    `key` stands for its fingerprint and `bearers` for whom it concerns (keyed in a history); `on` is the
    day it is about and `due` the day it was due (of a defect: its day), in days since 1970. `since` is the
    day of the first run that found it. `told` is False where a run could not tell whether it is still there.
    """

    key: str
    check: str
    clause: str
    class_: str | None
    bearers: tuple[str, ...]
    on: int | None
    due: int | None
    verdict: str
    waived: bool = False
    since: int = 0
    told: bool = True


@dataclass(frozen=True)
class Reach:
    """What a run could tell of: the checks that it made with the first day that their rows reach back to
    (None: no such bound), the classes of its exports (None: not known), the first day of its school year.
    """

    checks: Mapping[str, int | None]
    classes: frozenset[str] | None
    year_start: int

    def tells(self, item: Item) -> bool:
        """Whether the run would have found this, were it still there."""
        if item.check not in self.checks:
            return False
        if self.classes is not None and item.class_ is not None and item.class_ not in self.classes:
            return False
        first = self.checks[item.check]
        return item.on is None or first is None or item.on >= first

    def remembers(self, item: Item) -> bool:
        """Whether to keep in mind what could not be told: not once its school year is over."""
        return item.on is None or item.on >= self.year_start


@dataclass(frozen=True)
class Changes:
    """What became of the findings of the run before: `found` are those of this run, `since` filled in.

    `new` are the keys of those found that were not known before; `untold` are those of the run before
    that this one could not tell of.
    """

    found: tuple[Item, ...]
    new: frozenset[str]
    mended: tuple[Item, ...]
    untold: tuple[Item, ...]

    def news(self, key: str) -> str:
        """NEW or OPEN."""
        return NEW if key in self.new else OPEN


def compare(before: Iterable[Item], found: Iterable[Item], reach: Reach, day: int) -> Changes:
    """Compare the findings of a run, made as of a day, with those that the run before knew of."""
    known = {item.key: item for item in before}
    found = tuple(replace(item, since=known[item.key].since if item.key in known else day, told=True) for item in found)
    there = {item.key for item in found}
    gone = [item for item in known.values() if item.key not in there]
    return Changes(
        found,
        frozenset(there - known.keys()),
        tuple(item for item in gone if reach.tells(item)),
        tuple(replace(item, told=False) for item in gone if not reach.tells(item)),
    )


def school_year_start(day: int) -> int:
    """The 1 September on which the school year of a day began."""
    when = to_date(day)
    return day_number(date(when.year - (when.month < 9), 9, 1))
