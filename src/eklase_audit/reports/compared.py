"""Two answers compared, as tables or JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.text import Text

from eklase_audit.comparison import Comparison, Side
from eklase_audit.findings import class_key
from eklase_audit.history.news import Item
from eklase_audit.i18n import _, collation_key, day_text, moment_text
from eklase_audit.regulation import clause_key
from eklase_audit.reports.layout import Column, count_text, number_column, safe, table_of, words_column

_PARTS = ("new", "open", "mended", "untold")


def text(comparison: Comparison) -> str:
    """The comparison as JSON text."""
    groups = {
        name: [{key: value, **{part: counts[part] for part in _PARTS}} for value, counts in lines]
        for name, key, lines in (
            ("by_clause", "clause", _by_clause(comparison)),
            ("by_person", "bearer", _by_person(comparison)),
            ("by_class", "class", _by_class(comparison)),
        )
    }
    whole: dict[str, Any] = {
        "schema": 1,
        "old": _side(comparison.old),
        "new": _side(comparison.new_side),
        "totals": {part: len(items) for part, items in comparison.parts.items()},
        **groups,
        "findings": {part: [_entry(comparison, item) for item in items] for part, items in comparison.parts.items()},
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _side(side: Side) -> dict[str, Any]:
    return {"as_of": side.moment.isoformat(), "findings": len(side.items)}


def _entry(comparison: Comparison, item: Item) -> dict[str, Any]:
    known = comparison.entry(item)
    return dict(known) if known else {"check": item.check, "clause": item.clause, "class": item.class_}


def _by_clause(comparison: Comparison) -> list[tuple[str, Counter[str]]]:
    return sorted(comparison.counts(lambda item: [item.clause]).items(), key=lambda line: clause_key(line[0]))


def _by_person(comparison: Comparison) -> list[tuple[str, Counter[str]]]:
    """By bearer, where they are known by name: a history does not tell."""
    if not comparison.new_side.named:
        return []
    counts = comparison.counts(lambda item: item.bearers)
    return sorted(counts.items(), key=lambda line: collation_key(line[0]))


def _by_class(comparison: Comparison) -> list[tuple[str, Counter[str]]]:
    counts = comparison.counts(lambda item: [item.class_] if item.class_ else [])
    return sorted(counts.items(), key=lambda line: class_key(line[0]))


def show(comparison: Comparison, console: Console) -> None:
    """Print what is new, open and mended: by clause, teacher and class, then what is new and what is mended."""
    old, new = (moment_text(side.moment) for side in (comparison.old, comparison.new_side))
    console.print(Text(_("From {old} to {new}").format(old=old, new=new), style="bold"))
    for title, first, lines in (
        (_("By clause"), Column(_("Clause")), _by_clause(comparison)),
        (_("By teacher"), words_column(_("Teacher")), _by_person(comparison)),
        (_("By class"), Column(_("Class")), _by_class(comparison)),
    ):
        _counts(title, first, lines, console)
    _list(_("New"), comparison, comparison.new, console)
    _list(_("Mended"), comparison, comparison.mended, console)
    console.print(Text(totals(comparison), style="bold"))


def totals(comparison: Comparison) -> str:
    """One line: how many are new, open, mended and not to be told."""
    parts = [
        _("{count} new").format(count=len(comparison.new)),
        _("{count} still open").format(count=len(comparison.open)),
        _("{count} mended").format(count=len(comparison.mended)),
    ]
    if comparison.untold:
        parts.append(_("{count} that cannot be told").format(count=len(comparison.untold)))
    return _("In all: {parts}").format(parts=", ".join(parts))


def _counts(title: str, first: Column, lines: Iterable[tuple[str, Counter[str]]], console: Console) -> None:
    lines = list(lines)
    if not lines:
        return
    headings = {
        "new": _("new ones"),
        "open": _("still open ones"),
        "mended": _("mended"),
        "untold": _("cannot be told"),
    }
    shown = [part for part in _PARTS if part != "untold" or any(counts[part] for _name, counts in lines)]
    styles = {"new": "red", "mended": "green"}
    table = table_of(title, first, *(number_column(headings[part]) for part in shown))
    for name, counts in lines:
        table.add_row(safe(name), *(count_text(counts[part], styles.get(part, "")) for part in shown))
    console.print(table)


def _list(title: str, comparison: Comparison, items: Iterable[Item], console: Console) -> None:
    entries = [entry for item in items if (entry := comparison.entry(item))]
    if not entries:
        return
    table = table_of(
        title,
        Column(_("Check")),
        words_column(_("Teacher")),
        Column(_("Class")),
        words_column(_("Subject")),
        words_column(_("Date")),
    )
    for entry in entries:
        table.add_row(
            Text.assemble(entry["check"], "\n", (entry["fingerprint"][:8], "dim")),
            safe(entry["bearer"]),
            safe(entry["class"]),
            _stacked(entry["subject"], entry["pupil"]),
            _stacked(_iso_text(entry["on"]), _lesson(entry["lesson"])),
        )
    console.print(table)


def _stacked(*texts: str | None) -> Text:
    return Text("\n").join(safe(one) for one in texts if one)


def _lesson(number_: int | None) -> str | None:
    return None if number_ is None else _("lesson {number}").format(number=number_)


def _iso_text(day: str | None) -> str | None:
    from datetime import date

    return day_text(date.fromisoformat(day)) if day else None
