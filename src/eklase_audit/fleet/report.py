"""Many schools as tables in a terminal: by school, by clause, by size of school."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.text import Text

from eklase_audit.fleet.sums import Sum, by_clause, by_size, total
from eklase_audit.fleet.work import Outcome
from eklase_audit.i18n import _, moment_text, ngettext, number_text
from eklase_audit.reports.tables import Column, counted, new_table, number, words
from eklase_audit.reports.terminal import safe


def show(outcomes: Sequence[Outcome], as_of: datetime, console: Console) -> None:
    """Print the tables over all schools, those that could not be audited first of all."""
    console.print(Text(_("As of {moment}").format(moment=moment_text(as_of))))
    if failed := [one for one in outcomes if one.error is not None]:
        table = new_table(_("Schools that could not be audited"), words(_("School")), words(_("Reason")))
        for one in failed:
            table.add_row(safe(one.school), safe(one.error))
        console.print(table)
    _schools([one for one in outcomes if one.error is None], console)
    _clauses(outcomes, console)
    _sizes(outcomes, console)
    whole = total(outcomes)
    console.print(
        Text(
            _("In all: {parts}").format(
                parts=", ".join(
                    (
                        ngettext("{count} school", "{count} schools", whole.schools).format(count=whole.schools),
                        ngettext("{count} violation", "{count} violations", whole.violations).format(
                            count=whole.violations
                        ),
                        ngettext("{count} warning", "{count} warnings", whole.warnings).format(count=whole.warnings),
                    )
                )
            ),
            style="bold",
        )
    )


def _schools(outcomes: Sequence[Outcome], console: Console) -> None:
    table = new_table(
        _("By school"),
        words(_("School")),
        number(_("pupils")),
        number(_("duties")),
        number(_("violations")),
        number(_("warnings")),
        number(_("per 100 duties")),
        number(_("checks not made")),
        number(_("cells and files not read")),
    )
    for one in outcomes:
        share = 100 * (one.lapses + one.defects) / one.duties if one.duties else None
        table.add_row(
            safe(one.school),
            counted(one.pupils),
            counted(one.duties),
            counted(one.violations),
            counted(one.warnings),
            Text("" if share is None else number_text(share, 1)),
            counted(one.not_audited),
            counted(one.data_problems + one.unread),
        )
    if outcomes:
        console.print(table)


def _clauses(outcomes: Sequence[Outcome], console: Console) -> None:
    clauses = by_clause(outcomes)
    headings = (_("violations"), _("warnings"), _("duties"), _("schools audited"), _("schools not audited"))
    table = new_table(_("By clause"), words(_("Regulation")), Column(_("Clause")), *map(number, headings))
    for one in clauses:
        counts = (one.violations, one.warnings, one.duties, one.audited, one.not_audited)
        table.add_row(safe(one.regulation), one.clause, *map(counted, counts))
    if clauses:
        console.print(table)


def _sizes(outcomes: Sequence[Outcome], console: Console) -> None:
    sizes = by_size(outcomes)
    headings = (_("schools"), _("pupils"), _("duties"), _("violations"), _("warnings"), _("per 100 duties"))
    table = new_table(_("By size of school"), Column(_("pupils")), *map(number, headings))
    for one in sizes:
        table.add_row(one.about, *map(counted, _counts(one)), Text(_share(one)))
    if sizes:
        console.print(table)


def _counts(one: Sum) -> tuple[int, ...]:
    return one.schools, one.pupils, one.duties, one.violations, one.warnings


def _share(one: Sum) -> str:
    return "" if one.per_hundred is None else number_text(one.per_hundred, 1)
