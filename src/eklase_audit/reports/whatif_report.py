"""The audit before and after a change of the regulation, as tables or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.text import Text

from eklase_audit import __version__
from eklase_audit.audit import NOT_AUDITED
from eklase_audit.clauses import CHECKS
from eklase_audit.figures import Figures
from eklase_audit.i18n import _, moment_text, ngettext, percent_text
from eklase_audit.regulation import CheckRule
from eklase_audit.reports import manual
from eklase_audit.reports.layout import Column, count_text, number_column, safe, table_of, words_column
from eklase_audit.reports.wording import person_text, severity_text, share_text
from eklase_audit.whatif import NOT_ASKED, Line, Pair, Side, WhatIf


def text(what: WhatIf) -> str:
    """The comparison as JSON text."""
    gone, come = what.turned
    whole = {
        "schema": 1,
        "tool": {"name": "eklase-audit", "version": __version__},
        "as_of": what.before.as_of.isoformat(),
        "regulations": [manual.regulation_entry(audit.regulation) for audit in (what.before, what.after)],
        "totals": {**_counts(*_totals(what)), "gone": gone, "come": come},
        "changes": [_change_entry(line) for line in what.lines if line.changed],
        "by_clause": [{"clause": clause, **_counts(*counts)} for clause, counts in what.by_clause().items()],
        "by_check": [_line_entry(line) for line in what.lines],
        "by_person": [
            {"bearer": p.about.name, "role": p.about.role or None, "class": p.about.class_, **_pair_entry(p)}
            for p in what.by_person()
        ],
        "by_class": [{"class": pair.about, **_pair_entry(pair)} for pair in what.by_class()],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _totals(what: WhatIf) -> tuple[int, int]:
    return len(what.before.counted), len(what.after.counted)


def _counts(before: int, after: int) -> dict[str, int]:
    return {"before": before, "after": after, "difference": after - before}


def _change_entry(line: Line) -> dict[str, Any]:
    before, after = (
        None if rule is None else {"severity": rule.severity, "settings": manual.settings(rule)} for rule in line.rules
    )
    return {"check": line.id, "check_there": line.there, "before": before, "after": after}


def _line_entry(line: Line) -> dict[str, Any]:
    before, after = line.sides
    return {
        "check": line.id,
        "check_there": line.there,
        "clause": line.rule.clause,
        **_counts(before.findings, after.findings),
        "comparable": line.comparable,
        "state": [before.state, after.state],
        "in_time": [None if share is None else round(share, 4) for share in (before.in_time, after.in_time)],
        "reason": [before.reason, after.reason],
    }


def _pair_entry(pair: Pair[Any]) -> dict[str, Any]:
    shares = [figures.in_time if figures else None for figures in (pair.before, pair.after)]
    return {
        **_counts(*pair.counts),
        "in_time": [None if share is None else round(share, 4) for share in shares],
        "enough": [bool(figures and figures.enough) for figures in (pair.before, pair.after)],
    }


def show(what: WhatIf, console: Console) -> None:
    """Print what changes, then the findings before and after by check, teacher and class."""
    own, other = what.before.regulation, what.after.regulation
    console.print(Text(own.title, style="bold"))
    if other.id != own.id:
        console.print(Text(_("What if it were: {title}").format(title=other.title), style="bold"))
    console.print(Text(_("As of {moment}").format(moment=moment_text(what.before.as_of))))
    _changes(what, console)
    _checks(what, console)
    _pairs(_("Findings by teacher"), words_column(_("Teacher")), what.by_person(), person_text, console)
    _pairs(_("Findings by class"), Column(_("Class")), what.by_class(), lambda name: name or "–", console)
    for remark in remarks(what):
        console.print(Text(remark))
    console.print(Text(totals(what), style="bold"))


def _check_text(line: Line) -> Text:
    title = _(CHECKS[line.rule.name].manual).partition("\n")[0].rstrip(".")
    ids = [line.id] if line.rules[0] else []
    if line.there and line.there != line.id:
        ids.append(_("there {check}").format(check=line.there))
    return Text.assemble(title, "\n", (" · ".join(ids), "dim"))


def _changes(what: WhatIf, console: Console) -> None:
    """What is asked for otherwise; what one side does not ask for at all, the findings by check tell."""
    changed = [line for line in what.lines if line.changed and None not in line.rules]
    if not changed:
        return
    table = table_of(
        _("What would change"), words_column(_("Check")), words_column(_("Before")), words_column(_("After"))
    )
    for line in changed:
        table.add_row(_check_text(line), *(Text("\n".join(asked)) for asked in _asked(line)))
    console.print(table)


def _asked(line: Line) -> tuple[list[str], list[str]]:
    """What each regulation asks, in words, as far as they differ."""
    before, after = ([] if rule is None else _demands(rule) for rule in line.rules)
    return [one for one in before if one not in after], [one for one in after if one not in before]


def _demands(rule: CheckRule) -> list[str]:
    """What a check asks: its deadline and parameters in words, each with its name unless it speaks for itself."""
    lines = [severity_text(rule.severity)]
    for number, line in enumerate(manual.settings(rule)):
        name = line["parameter"].rpartition(".")[2]
        lines.append(line["text"] if rule.deadline and number == 0 else f"{name} = {line['text']}")
    return lines


def _checks(what: WhatIf, console: Console) -> None:
    if not what.told:
        return
    table = table_of(_("Findings by check"), words_column(_("Check")), *_columns())
    for line in what.told:
        before, after = line.sides
        table.add_row(
            _check_text(line),
            *map(_side_text, line.sides),
            _difference(before.findings, after.findings) if line.comparable else Text("–"),
            *(Text("" if side.in_time is None else percent_text(side.in_time)) for side in line.sides),
        )
    console.print(table)


def _side_text(side: Side) -> Text:
    if side.state == NOT_ASKED:
        return Text(_("not asked for"), style="dim")
    if side.state == NOT_AUDITED:
        return Text(_("not audited"), style="dim")
    return count_text(side.findings)


def _columns() -> list[Column]:
    headings = (_("before"), _("after"), _("difference"), _("in time before"), _("in time after"))
    return [number_column(heading) for heading in headings]


def _difference(before: int, after: int) -> Text:
    change = after - before
    if not change:
        return Text("·", style="dim")
    sign = "+" if change > 0 else "\N{MINUS SIGN}"
    return Text(f"{sign}{abs(change)}", style="red" if change > 0 else "green")


def _pairs(title: str, first: Column, pairs: Iterable[Pair[Any]], name: Any, console: Console) -> None:
    pairs = list(pairs)
    if not pairs:
        return
    table = table_of(title, first, *_columns())
    for pair in pairs:
        before, after = pair.counts
        table.add_row(
            safe(name(pair.about)),
            count_text(before),
            count_text(after),
            _difference(before, after),
            *(Text(_share(figures)) for figures in (pair.before, pair.after)),
        )
    console.print(table)


def _share(figures: Figures[Any] | None) -> str:
    return share_text(figures) if figures and figures.duties else ""


def remarks(what: WhatIf) -> list[str]:
    """What has to be borne in mind on reading the difference."""
    said = []
    if not any(line.changed for line in what.lines):
        said.append(_("Nothing would change: this is how the regulation stands."))
    one_sided = [line for line in what.told if not line.comparable]
    if one_sided:
        text = ngettext(
            "{count} check was made on one side only: teachers and classes have its findings on that side alone.",
            "{count} checks were made on one side only: teachers and classes have their findings on that side alone.",
            len(one_sided),
        )
        said.append(text.format(count=len(one_sided)))
    if what.untold:
        text = ngettext(
            "{count} check could be made on neither side: `eklase-audit coverage` says why.",
            "{count} checks could be made on neither side: `eklase-audit coverage` says why.",
            len(what.untold),
        )
        said.append(text.format(count=len(what.untold)))
    if what.ids:
        said.append(
            _(
                "Only what the clauses ask was exchanged: signs, working days and the day from which the regulation "
                "is in force are the school's own."
            )
        )
    return said


def totals(what: WhatIf) -> str:
    """One line: findings before and after, how many would go and how many would come."""
    before, after = _totals(what)
    gone, come = what.turned
    return _("In all: {before} before, {after} after; {gone} would go, {come} would come").format(
        before=before, after=after, gone=gone, come=come
    )
