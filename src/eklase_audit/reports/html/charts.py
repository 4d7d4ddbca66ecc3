"""The numbers that the charts of the report show; the templates draw them, and write them into tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from textwrap import shorten
from typing import Any

from eklase_audit.audit import NOT_AUDITED, Audit
from eklase_audit.figures import Figures, Person, by_person, by_week, monday
from eklase_audit.findings import Finding
from eklase_audit.i18n import N_, _, day_text, percent_text
from eklase_audit.reports.wording import person_text

# The upper ends of the shades of the heat map, as shares of duties that were late; above the last is one more.
SHADES = (0.0, 0.02, 0.05, 0.1, 0.2)
# Working days late: the least of each column of the distribution, and what stands below it.
DAYS_LATE = (
    (0, "0"),
    (1, "1"),
    (2, "2"),
    (3, "3"),
    (4, "4"),
    (5, "5"),
    (6, "6–10"),
    (11, "11–20"),
    (21, N_("over 20")),
)
# The heat map on the screen: the distance of its squares, and the room for names.
PITCH, NAMES = 18, 152
_LONGEST_NAME = 22
_LONGEST_TITLE = 44


@dataclass(frozen=True)
class Cell:
    """A person's week: the place of its week, duties, those late, its shade (0 to 5), and all of it in words."""

    place: int
    duties: int
    lapses: int
    shade: int
    enough: bool
    text: str

    @property
    def pair(self) -> tuple[int, str]:
        """The place and what stands there in the table: late of all."""
        return self.place, f"{self.lapses}/{self.duties}"


@dataclass(frozen=True)
class Row:
    """A line of the heat map: a person, as named in full and on the map, with the weeks that have duties."""

    name: str
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class HeatMap:
    """Weeks by teachers: the share of duties that were late.

    `weeks` are Mondays in words; `months` are the places at which a month begins, with its text.
    """

    weeks: tuple[str, ...]
    months: tuple[tuple[int, str], ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Bar:
    """A bar of two parts; `muted` where there is nothing to count."""

    label: str
    first: int
    second: int
    title: str = ""
    muted: bool = False

    @property
    def total(self) -> int:
        """Both parts together."""
        return self.first + self.second


def heat_map(audit: Audit) -> HeatMap:
    """The share of duties late by week and teacher, who has the most findings for each duty first."""
    cells = by_week(audit)
    weeks = sorted({week for (_person, week), figures in cells.items() if figures.duties})
    rows = []
    for person in (figures.about for figures in by_person(audit) if figures.duties):
        mine = tuple(
            _cell(cells[person, week], place, week)
            for place, week in enumerate(weeks)
            if (person, week) in cells and cells[person, week].duties
        )
        name = person_text(person)
        if mine:
            rows.append(Row(name, shorten(name, _LONGEST_NAME, placeholder="…"), mine))
    return HeatMap(tuple(map(day_text, weeks)), _months(weeks), tuple(rows))


def _cell(figures: Figures[tuple[Person, date]], place: int, week: date) -> Cell:
    share = figures.lapses / figures.duties
    text = _("{person}, week of {week}: {lapses} of {duties} late ({share})").format(
        person=person_text(figures.about[0]),
        week=day_text(week),
        lapses=figures.lapses,
        duties=figures.duties,
        share=percent_text(share),
    )
    return Cell(place, figures.duties, figures.lapses, _shade(share), figures.enough, text)


def _shade(share: float) -> int:
    return next((number for number, end in enumerate(SHADES) if share <= end), len(SHADES))


def shade_texts() -> list[str]:
    """The shades of the heat map in words."""
    whole = [f"{round(100 * end)}" for end in SHADES]
    between = [f"{low}–{high}\N{NO-BREAK SPACE}%" for low, high in pairwise(whole[1:])]
    unit = "\N{NO-BREAK SPACE}%"
    return [f"0{unit}", _("up to {share}").format(share=whole[1] + unit), *between,
            _("over {share}").format(share=whole[-1] + unit)]  # fmt: skip


def _months(weeks: list[date]) -> tuple[tuple[int, str], ...]:
    """Where a month begins that has room for its name: three weeks or more of it are there."""
    counts = Counter((week.year, week.month) for week in weeks)
    first: dict[tuple[int, int], int] = {}
    for place, week in enumerate(weeks):
        first.setdefault((week.year, week.month), place)
    return tuple((place, f"{month:02d}.{year}") for (year, month), place in first.items() if counts[year, month] > 2)


def clause_bars(audit: Audit) -> list[Bar]:
    """Violations and warnings of each clause that was asked for; what was not audited is muted."""
    bars = []
    for clause in audit.regulation.clauses:
        mine = [result for result in audit.results if result.rule.clause == clause.number]
        if mine:
            found = [finding for finding in audit.counted if finding.rule.clause == clause.number]
            muted = all(result.status == NOT_AUDITED for result in mine)
            title = shorten(clause.title, _LONGEST_TITLE, placeholder="…")
            bars.append(_severities(f"{clause.number}. {title}", found, muted=muted))
    return bars


def trend(audit: Audit) -> list[Bar]:
    """Violations and warnings by the week of the day they are about."""
    weeks: dict[date, list[Finding]] = {monday(tally.week): [] for tally in audit.tallies if tally.week}
    for finding in audit.counted:
        if finding.on:
            weeks.setdefault(monday(finding.on), []).append(finding)
    return [_severities(day_text(week), weeks[week]) for week in sorted(weeks)]


def _severities(label: str, findings: list[Finding], **more: Any) -> Bar:
    counts = Counter(finding.rule.severity for finding in findings)
    return Bar(label, counts["violation"], counts["warning"], **more)


def days_late(audit: Audit) -> list[Bar]:
    """How many duties were done so many working days late, and how many are that late and not done yet."""
    counts: Counter[tuple[int, str]] = Counter()
    for finding in audit.counted:
        if (days := finding.working_days_late) is not None:
            counts[max(least for least, _label in DAYS_LATE if least <= days), finding.verdict] += 1
    return [Bar(_(label), counts[least, "late"], counts[least, "overdue"]) for least, label in DAYS_LATE]


def nice_top(values: list[int]) -> int:
    """The end of a scale that holds all values: 1, 2 or 5 times a power of ten, doubled up to four."""
    most, step = max(values, default=0), 1
    while True:
        for factor in (1, 2, 4, 5, 8):
            if most <= step * factor:
                return step * factor
        step *= 10
