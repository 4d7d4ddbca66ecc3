"""The trend as tables in a terminal, or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from eklase_audit.i18n import N_, _, day_text, number_text
from eklase_audit.reports.layout import Column, number_column, table_of, words_column
from eklase_audit.trend import Direction, Period, Trend, Weighed

_BLOCKS = "▁▂▃▄▅▆▇█"
_PLAIN = "_.:-=+*#"
_DIRECTIONS = {
    Direction.better: (N_("better"), "green"),
    Direction.same: (N_("the same"), ""),
    Direction.worse: (N_("worse"), "red"),
    Direction.unknown: (N_("too few"), "dim"),
}


def sparkline(values: Sequence[float | None], *, plain: bool = False) -> str:
    """A line of bars, one a value, from 0 to the greatest; a blank for None. `plain`: in ASCII."""
    bars = _PLAIN if plain else _BLOCKS
    top = max((value for value in values if value is not None), default=0) or 1
    return "".join(
        " " if value is None else bars[min(len(bars) - 1, round(value / top * (len(bars) - 1)))] for value in values
    )


def text(trend: Trend) -> str:
    """The trend as JSON text."""
    whole = {
        "schema": 1,
        "periods": [_period(period) for period in trend.periods],
        "lines": [
            {
                "clause": line.clause,
                "before": _weighed(line.before),
                "after": _weighed(line.after),
                "direction": line.direction,
            }
            for line in trend.lines
        ],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _period(period: Period) -> dict[str, Any]:
    return {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "overdue": period.overdue,
        **_weighed(period.total),
        "clauses": [{"clause": clause, **_weighed(weighed)} for clause, weighed in period.clauses.items()],
    }


def _weighed(weighed: Weighed) -> dict[str, Any]:
    share = weighed.per_hundred
    return {
        "duties": weighed.duties,
        "findings": weighed.findings,
        "per_hundred": None if share is None else round(share, 1),
    }


def show(trend: Trend, titles: Mapping[str, str], console: Console) -> None:
    """Print the periods by clause, then a line of bars for each clause and where it is going."""
    console.print(Text(_("Findings for each 100 duties that fell due"), style="bold"))
    for table in _by_period(trend, console.width):
        console.print(table)
    plain = console.options.ascii_only
    console.print(_by_clause(trend, titles, plain=plain))


def _by_period(trend: Trend, width: int) -> Iterator[Table]:
    """Periods by clauses, in as many tables as the width asks for; clauses to which nothing fell due are left out."""
    columns = [(_("overdue"), [Text(str(period.overdue)) for period in trend.periods])]
    columns += [
        (line.clause or _("all"), [_share_text(one) for one in line.weighed])
        for line in trend.lines
        if any(one and one.duties for one in line.weighed)
    ]
    days = (_("From"), [Text(day_text(period.first)) for period in trend.periods])
    while columns:
        room, count = width - _wide(days), 0
        while count < len(columns) and (room := room - _wide(columns[count])) >= 0:
            count += 1
        # A column that does not fit anyhow stands alone.
        shown, columns = columns[: max(1, count)], columns[max(1, count) :]
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
        for place, (heading, _cells) in enumerate([days, *shown]):
            table.add_column(heading, justify="right" if place else "left", no_wrap=True)
        for cells in zip(days[1], *(cells for _heading, cells in shown), strict=True):
            table.add_row(*cells)
        yield table


def _wide(column: tuple[str, list[Text]]) -> int:
    """The width of a column of a table with what parts it from the next."""
    heading, cells = column
    return max(cell_len(heading), *(cell.cell_len for cell in cells)) + 2


def _share_text(weighed: Weighed | None) -> Text:
    share = weighed.per_hundred if weighed else None
    if share is None:
        return Text("–", style="dim")
    if not share:
        return Text("·", style="dim")
    return Text(f"{share:.0f}" if share >= 9.95 else number_text(share, 1))


def _by_clause(trend: Trend, titles: Mapping[str, str], *, plain: bool) -> Table:
    table = table_of(
        "",
        Column(_("Clause")),
        words_column(""),
        Column(_("Trend")),
        number_column(_("first third")),
        number_column(_("last third")),
        words_column(""),
    )
    for line in trend.lines:
        shares = [one.per_hundred if one else None for one in line.weighed]
        word, style = _DIRECTIONS[line.direction]
        table.add_row(
            line.clause or _("all"),
            Text(titles.get(line.clause, "") if line.clause else ""),
            Text(sparkline(shares, plain=plain)),
            _share_text(line.before),
            _share_text(line.after),
            Text(_(word), style=style),
        )
    overdue = [float(period.overdue) for period in trend.periods]
    last = [str(period.overdue) for period in trend.periods]
    table.add_row("", Text(_("overdue at the end")), Text(sparkline(overdue, plain=plain)), last[0], last[-1], "")
    return table
