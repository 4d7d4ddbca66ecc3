"""Many schools as tables in a terminal: by school, by clause, by size of school."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.text import Text

from eklase_audit.fleet.sums import Sum, by_clause, by_size, total
from eklase_audit.fleet.work import Outcome
from eklase_audit.i18n import _, moment_text, ngettext, number_text
from eklase_audit.reports.layout import Column, count_text, number_column, safe, table_of, words_column


def show(outcomes: Sequence[Outcome], as_of: datetime, console: Console) -> None:
    """Print the tables over all schools, those that could not be audited first of all."""
    console.print(Text(_("As of {moment}").format(moment=moment_text(as_of))))
    if failed := [one for one in outcomes if one.error is not None]:
        table = table_of(_("Schools that could not be audited"), words_column(_("School")), words_column(_("Reason")))
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
    table = table_of(
        _("By school"),
        words_column(_("School")),
        number_column(_("pupils")),
        number_column(_("duties")),
        number_column(_("violations")),
        number_column(_("warnings")),
        number_column(_("per 100 duties")),
        number_column(_("checks not made")),
        number_column(_("cells and files not read")),
    )
    for one in outcomes:
        share = 100 * (one.lapses + one.defects) / one.duties if one.duties else None
        table.add_row(
            safe(one.school),
            count_text(one.pupils),
            count_text(one.duties),
            count_text(one.violations),
            count_text(one.warnings),
            Text("" if share is None else number_text(share, 1)),
            count_text(one.not_audited),
            count_text(one.data_problems + one.unread),
        )
    if outcomes:
        console.print(table)


def _clauses(outcomes: Sequence[Outcome], console: Console) -> None:
    clauses = by_clause(outcomes)
    headings = (_("violations"), _("warnings"), _("duties"), _("schools audited"), _("schools not audited"))
    table = table_of(_("By clause"), words_column(_("Regulation")), Column(_("Clause")), *map(number_column, headings))
    for one in clauses:
        counts = (one.violations, one.warnings, one.duties, one.audited, one.not_audited)
        table.add_row(safe(one.regulation), one.clause, *map(count_text, counts))
    if clauses:
        console.print(table)


def _sizes(outcomes: Sequence[Outcome], console: Console) -> None:
    sizes = by_size(outcomes)
    headings = (_("schools"), _("pupils"), _("duties"), _("violations"), _("warnings"), _("per 100 duties"))
    table = table_of(_("By size of school"), Column(_("pupils")), *map(number_column, headings))
    for one in sizes:
        table.add_row(one.about, *map(count_text, _counts(one)), Text(_share(one)))
    if sizes:
        console.print(table)


def _counts(one: Sum) -> tuple[int, ...]:
    return one.schools, one.pupils, one.duties, one.violations, one.warnings


def _share(one: Sum) -> str:
    return "" if one.per_hundred is None else number_text(one.per_hundred, 1)
