"""Days, weeks and months from one day to another."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum


class Every(StrEnum):
    """How long a span is."""

    day = "day"
    week = "week"
    month = "month"


def spans(first: date, last: date, every: Every) -> list[tuple[date, date]]:
    """The first and last day of each span from one day to another; the last span may be cut short."""
    found: list[tuple[date, date]] = []
    while (start := _start(first, every, len(found))) <= last:
        found.append((start, min(_start(first, every, len(found) + 1) - timedelta(days=1), last)))
    return found


def _start(first: date, every: Every, number: int) -> date:
    if every is not Every.month:
        return first + timedelta(days=number * (7 if every is Every.week else 1))
    from dateutil.relativedelta import relativedelta

    return first + relativedelta(months=number)
