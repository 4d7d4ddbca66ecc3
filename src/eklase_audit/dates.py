"""When something is due by calendar, configuration and rule pack alone, without any export."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np

from eklase_audit.anchors import Anchor, AnchorDay, anchor_days
from eklase_audit.calendar import GRADES, Calendar, school_start
from eklase_audit.clauses import CHECKS
from eklase_audit.counting import Day, days_to_due, outage_at
from eklase_audit.deadlines import Outage, after_outages
from eklase_audit.errors import AuditError
from eklase_audit.i18n import _
from eklase_audit.moments import NEVER, day_of, to_date, to_datetime
from eklase_audit.regulation import CheckRule, Regulation

ALL_GRADES = tuple(range(1, GRADES))


@dataclass(frozen=True)
class DueDate:
    """When a check is due, for some grades: counted from `on`, by way of these days.

    `grades` is empty where it is the same for all. `before` is when it would be due but for an
    outage. Without `due_at` there is a `reason`: why no date can be told.
    """

    rule: CheckRule
    anchor: Anchor | None
    grades: tuple[int, ...]
    period: str | None
    on: date | None
    before: datetime | None
    due_at: datetime | None
    days: tuple[Day, ...]
    outage: Outage | None
    in_force: bool
    reason: str = ""


@dataclass(frozen=True)
class Reckoner:
    """What a due date rests on: the regulation, the calendar, the outages of the journal."""

    regulation: Regulation
    calendar: Calendar
    outages: Sequence[Outage] = ()

    def deadlines(self, rules: Sequence[CheckRule], day: int, grades: Sequence[int] = ALL_GRADES) -> list[DueDate]:
        """When these checks are due for a day: that of an entry, or a day of the month, semester or year that owes.

        Raises AuditError where nothing can be told since the calendar does not know the school year.
        """
        start = school_start(day)
        out: list[DueDate] = []
        for rule in rules:
            anchor = CHECKS[rule.name].anchor
            if anchor is None:
                out.append(self._untold(rule, anchor, _("no deadline: it is wrong whenever it was made")))
            elif anchor.period is None:
                out.append(self._due(rule, anchor, (), AnchorDay(None, day, day, day)))
            else:
                mine = self._by_grade(rule, anchor, start, grades)
                found = [due for due in mine if due[1].first <= day <= due[1].last]
                out += [self._due(rule, anchor, *due) for due in found]
                if not found:
                    out.append(self._untold(rule, anchor, self._why_none(rule, start, grades)))
        unknown = self._unknown(start)
        asked = [due for due in out if due.anchor]
        if asked and all(due.reason == unknown for due in asked):
            raise AuditError(unknown)
        return out

    def between(self, first: int, last: int, grades: Sequence[int] = ALL_GRADES) -> list[DueDate]:
        """What the calendar alone makes due from one day to another, by day; entries are not looked at."""
        out = []
        for start in range(school_start(first) - 1, school_start(last) + 2):
            for rule in self.regulation.checks:
                anchor = CHECKS[rule.name].anchor
                if anchor is not None and anchor.period is not None:
                    due_dates = [self._due(rule, anchor, *due) for due in self._by_grade(rule, anchor, start, grades)]
                    out += [
                        due for due in due_dates if due.due_at and to_date(first) <= due.due_at.date() <= to_date(last)
                    ]
        place = {rule.id: number for number, rule in enumerate(self.regulation.checks)}
        return sorted(
            out, key=lambda due: (due.due_at or datetime.max, place[due.rule.id], due.period or "", due.grades)
        )

    def unknown_years(self, first: int, last: int) -> list[str]:
        """That the calendar does not know a school year of these days, a line each."""
        starts = range(school_start(first), school_start(last) + 1)
        return [self._unknown(start) for start in starts if self.calendar.year(start) is None]

    def _unknown(self, start: int) -> str:
        return _("the school year {year} is not in the calendar: add it to rules/calendar").format(
            year=f"{start}/{start + 1}"
        )

    def _why_none(self, rule: CheckRule, start: int, grades: Sequence[int]) -> str:
        if self.calendar.year(start) is None:
            return self._unknown(start)
        if not _asked(rule, grades):
            return _("not asked of this grade")
        return _("nothing is owed for it: it lies in no month with a school day")

    def _untold(self, rule: CheckRule, anchor: Anchor | None, reason: str) -> DueDate:
        return DueDate(rule, anchor, (), None, None, None, None, (), None, True, reason)

    def _by_grade(
        self, rule: CheckRule, anchor: Anchor, start: int, grades: Iterable[int]
    ) -> list[tuple[tuple[int, ...], AnchorDay]]:
        """The anchor days of a school year, each with the grades it holds for, () where for all twelve."""
        found: dict[AnchorDay, list[int]] = {}
        for grade in _asked(rule, grades):
            for one in anchor_days(anchor, self.calendar, start, grade):
                found.setdefault(one, []).append(grade)
        return [(() if tuple(of) == ALL_GRADES else tuple(of), one) for one, of in sorted(found.items(), key=_by_day)]

    def _due(self, rule: CheckRule, anchor: Anchor, grades: tuple[int, ...], counted_from: AnchorDay) -> DueDate:
        assert rule.deadline is not None
        on = to_date(counted_from.day)
        before = rule.deadline.due(np.array([counted_from.day], np.int32), self.calendar)
        in_force = on >= self.regulation.in_force_from
        told = DueDate(rule, anchor, grades, counted_from.period, on, None, None, (), None, in_force)
        if before[0] == NEVER:
            return replace(told, reason=_("only the journal's lessons tell which day that is"))
        due_at = after_outages(before, self.outages, self.calendar)
        moved = bool(due_at[0] != before[0])
        return replace(
            told,
            before=to_datetime(before[0]) if moved else None,
            due_at=to_datetime(due_at[0]),
            days=days_to_due(rule.deadline, self.calendar, on, to_date(day_of(before)[0])),
            outage=outage_at(int(before[0]), self.outages) if moved else None,
        )


def _asked(rule: CheckRule, grades: Iterable[int]) -> list[int]:
    """Those of the grades of which a check asks anything."""
    only = rule.parameters.get("grades")
    return [grade for grade in grades if only is None or grade in only.value]


def _by_day(found: tuple[AnchorDay, list[int]]) -> tuple[int, list[int]]:
    return found[0].day, found[1]
