"""Months as pictures: working days, holidays, breaks, semesters, and the dates of the regulation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from eklase_audit.calendar import Break
from eklase_audit.clauses import CHECKS
from eklase_audit.dates import DueDate
from eklase_audit.deadlines import Outage, clock_text
from eklase_audit.i18n import N_, _, day_text, moment_text, month_text, ngettext
from eklase_audit.moments import DAY, day_number, to_date, to_datetime
from eklase_audit.months import BREAK, HOLIDAY, MOVED_AWAY, MOVED_ON, TURNS, WEEKEND, Month
from eklase_audit.regulation import Regulation
from eklase_audit.reports.due_dates import due_entry
from eklase_audit.reports.manual import json_text, regulation_entry
from eklase_audit.reports.terminal import UNLIMITED
from eklase_audit.reports.wording import grades_text, period_text, reading_text

# Every meaning has its sign, so that none rests on a colour: (sign, style, words), in their order in a cell.
_SIGNS = {
    HOLIDAY: ("*", "red", N_("holiday")),
    MOVED_AWAY: ("-", "red", N_("day off, its work moved to a Saturday")),
    MOVED_ON: ("+", "green", N_("working day moved to a Saturday")),
    BREAK: ("~", "cyan", N_("school break")),
    "outage": ("x", "red", N_("the journal could not be used")),
    "turn": ("|", "bold", N_("a semester begins or ends")),
    "due": ("!", "bold magenta", N_("something falls due")),
}
_TODAY = ">"
# From so many columns on, what lies in a month stands beside its picture, not below it.
_WIDE = 110


def text(months: Sequence[Month], regulation: Regulation) -> str:
    """The months as JSON text."""
    return json_text(
        {
            "schema": 1,
            "regulation": regulation_entry(regulation),
            "months": [_month_entry(month) for month in months],
        }
    )


def _month_entry(month: Month) -> dict[str, Any]:
    return {
        "month": f"{month.year}-{month.month:02d}",
        "working_days": month.working_days,
        "days": [
            {"day": to_date(day.day).isoformat(), "kind": day.kind, "reason": day.reason or None} for day in month.days
        ],
        "breaks": [
            {
                "name": free.name,
                "from": to_date(free.first).isoformat(),
                "to": to_date(free.last).isoformat(),
                "grades": sorted(free.grades) or None,
            }
            for free in month.breaks
        ],
        "semesters": [
            {"day": to_date(turn.day).isoformat(), "what": turn.what, "grades": list(turn.grades) or None}
            for turn in month.turns
        ],
        "outages": [
            {
                "from": to_datetime(outage.first).isoformat(),
                "to": to_datetime(outage.last).isoformat(),
                "reason": outage.reason,
            }
            for outage in month.outages
        ],
        "dates": [due_entry(due) for due in month.due],
        "unknown": list(month.unknown),
    }


def show(months: Sequence[Month], regulation: Regulation, today: date, console: Console) -> None:
    """Print each month's picture with what lies in it, and what the signs mean."""
    console.print(Text(regulation.title, style="bold"))
    used: set[str] = set()
    for month in months:
        signs = _signs(month, regulation)
        used.update(name for names in signs.values() for name in names)
        title = ngettext("{month}: {count} working day", "{month}: {count} working days", month.working_days).format(
            month=month_text(month.year, month.month), count=month.working_days
        )
        console.print()
        console.print(Text(title, style="bold"))
        picture, events = _picture(month, signs, today), _events(month, regulation)
        if _WIDE <= console.width < UNLIMITED:
            both = Table.grid(padding=(0, 4))
            both.add_row(picture, events)
            console.print(both)
        else:
            console.print(picture)
            if events.row_count:
                console.print()
                console.print(events)
        for line in (*month.unknown, *_not_in_force(month, regulation)):
            console.print(Text(line))
    _legend(used, any((month.year, month.month) == (today.year, today.month) for month in months), console)


def _shown(month: Month) -> list[DueDate]:
    return [due for due in month.due if due.in_force]


def _not_in_force(month: Month, regulation: Regulation) -> list[str]:
    count = len(month.due) - len(_shown(month))
    if not count:
        return []
    left_out = ngettext(
        "{count} date left out: the regulation is in force from {day}",
        "{count} dates left out: the regulation is in force from {day}",
        count,
    )
    return [left_out.format(count=count, day=day_text(regulation.in_force_from))]


def _signs(month: Month, regulation: Regulation) -> dict[int, list[str]]:
    """The meanings of each day of a month, in the order of their signs."""
    found: dict[int, set[str]] = {day.day: {day.kind} for day in month.days}
    for name, days in (
        (BREAK, (day for free in month.breaks for day in range(free.first, free.last + 1))),
        (
            "outage",
            (day for outage in month.outages for day in range(outage.first // DAY, outage.last // DAY + 1)),
        ),
        ("turn", (turn.day for turn in month.turns)),
        ("due", (day_number(due.due_at.date()) for due in _shown(month) if due.due_at)),
    ):
        for day in days:
            # A holiday inside a break is shown as a holiday, and a weekend as one.
            if day in found and not (name == BREAK and found[day] & {HOLIDAY, MOVED_AWAY, WEEKEND}):
                found[day].add(name)
    return {day: [name for name in _SIGNS if name in names] for day, names in found.items()}


def _picture(month: Month, signs: dict[int, list[str]], today: date) -> Table:
    width = max(2, *(len(names) for names in signs.values()))
    table = Table.grid(padding=(0, 0))
    for _weekday in range(7):
        table.add_column(no_wrap=True)
    names = _("Mo Tu We Th Fr Sa Su").split()
    table.add_row(*(Text(f"{name:>3}{'':{width}}", style="bold") for name in names))
    first = to_date(month.days[0].day).weekday()
    cells = [Text("")] * first
    for day in month.days:
        when = to_date(day.day)
        own = signs[day.day]
        sign = _SIGNS[own[0]][1] if own and own[0] not in ("turn", "due") else ("dim" if day.kind == WEEKEND else "")
        cell = Text.assemble((_TODAY if when == today else " ", "bold"))
        cell.append(f"{when.day:>2}", style=f"{sign} reverse bold" if when == today else sign)
        for name in own:
            cell.append(_SIGNS[name][0], style=_SIGNS[name][1])
        cells.append(cell)
    for week in range(0, len(cells), 7):
        table.add_row(*cells[week : week + 7])
    return table


def _legend(used: set[str], today: bool, console: Console) -> None:
    parts = [
        Text.assemble((_SIGNS[name][0], _SIGNS[name][1]), f" {_(_SIGNS[name][2])}") for name in _SIGNS if name in used
    ]
    if today:
        parts.insert(0, Text(_TODAY + " " + _("today")))
    if parts:
        console.print()
        console.print(Text("   ").join(parts))


def _events(month: Month, regulation: Regulation) -> Table:
    """What lies in a month, one line each: the day or days, the sign, what it is."""
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column()
    lines = sorted(_lines(month), key=lambda line: (line[0], list(_SIGNS).index(line[2])))
    for first, last, name, words in lines:
        sign, style, _words = _SIGNS[name]
        table.add_row(_days_text(month, first, last), Text(sign, style=style), words)
    return table


def _days_text(month: Month, first: int, last: int) -> str:
    """A day of the month with its weekday, or a span of days; only what lies in the month."""
    first, last = max(first, month.days[0].day), min(last, month.days[-1].day)
    start, end = to_date(first), to_date(last)
    if first == last:
        weekday = _("Mo Tu We Th Fr Sa Su").split()[start.weekday()]
        return _("{day} {weekday}").format(day=f"{start.day:>2}", weekday=weekday)
    return _("{first}–{last}").format(first=f"{start.day:>2}", last=end.day)


def _lines(month: Month) -> Iterator[tuple[int, int, str, Text]]:
    for day in month.days:
        if day.kind in (HOLIDAY, MOVED_AWAY, MOVED_ON):
            yield day.day, day.day, day.kind, Text(day.reason)
    for free in month.breaks:
        yield free.first, free.last, BREAK, Text(_break_text(free))
    for outage in month.outages:
        yield outage.first // DAY, outage.last // DAY, "outage", Text(_outage_text(outage))
    for turn in month.turns:
        yield turn.day, turn.day, "turn", Text(_joined(_(TURNS[turn.what]), grades_text(turn.grades)))
    for due in _shown(month):
        assert due.due_at is not None
        day_due = day_number(due.due_at.date())
        yield day_due, day_due, "due", _due_text(due)


def _joined(words: str, *more: str) -> str:
    told = ", ".join(part for part in more if part)
    return f"{words} ({told})" if told else words


def _break_text(free: Break) -> str:
    span = f"{day_text(free.first)} – {day_text(free.last)}" if free.first != free.last else ""
    return _joined(free.name or _("school break"), span, grades_text(sorted(free.grades)))


def _outage_text(outage: Outage) -> str:
    span = f"{moment_text(outage.first)} – {moment_text(outage.last)}"
    return _joined(outage.reason or _("the journal could not be used"), span)


def _due_text(due: DueDate) -> Text:
    assert due.rule.deadline is not None and due.due_at is not None
    words = _joined(_(CHECKS[due.rule.name].thing), period_text(due.period), grades_text(due.grades))
    line = Text.assemble((due.rule.id, "bold cyan"), f"  {words}")
    if (due.due_at.hour, due.due_at.minute) != (23, 59):
        line.append(f" {clock_text(due.due_at.hour * 3600 + due.due_at.minute * 60)}")
    line.append(f" · {reading_text(due.rule) or due.rule.deadline.text()}", style="dim")
    if due.outage and due.before:
        line.append(
            " · " + _("moved from {moment}: {reason}").format(moment=moment_text(due.before), reason=due.outage.reason)
        )
    return line
