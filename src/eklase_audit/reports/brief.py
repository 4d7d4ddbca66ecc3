"""The page for the meeting: in words, in the terminal, as JSON and as one A4 page of HTML."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.text import Text

from eklase_audit import __version__
from eklase_audit.brief import Brief, Improvement
from eklase_audit.figures import Figures
from eklase_audit.i18n import _, moment_text, ngettext, number_text
from eklase_audit.reports.layout import Column, number_column, safe, table_of, words_column
from eklase_audit.reports.wording import per_hundred_text, share_text

ROLES = ("subject_teacher", "class_teacher")


def numbers(brief: Brief) -> list[tuple[str, str]]:
    """The three numbers, each with what it says."""
    change = brief.open - brief.open_before
    sign = "±" if change == 0 else "+" if change > 0 else "−"
    return [
        (share_text(brief.school), _("done in time")),
        (str(brief.open), _("still to be entered or corrected")),
        (f"{sign}{abs(change)}", _("of these, since a week ago")),
    ]


def roles(brief: Brief) -> list[tuple[str, str]]:
    """The share in time of each role that had anything to do."""
    titles = {"subject_teacher": _("subject teachers"), "class_teacher": _("class teachers")}
    return [(titles[role], share_text(brief.roles[role])) for role in ROLES if role in brief.roles]


def improvements(brief: Brief) -> list[str]:
    """Who improved the most, in words."""
    lines = []
    for best, text in (
        (brief.best_teacher, _("{name}: from {before} to {now} findings for each 100 duties")),
        (brief.best_class, _("class {name}: from {before} to {now} findings for each 100 duties")),
    ):
        if best:
            lines.append(text.format(name=best.name, before=number_text(best.before, 1), now=number_text(best.now, 1)))
    return lines


def remarks(brief: Brief) -> list[str]:
    """What the numbers leave out."""
    lines = [_("Classes and teachers with fewer than 20 duties are not compared.")]
    if brief.unseen:
        lines.append(
            ngettext("{count} check could not be made.", "{count} checks could not be made.", brief.unseen).format(
                count=brief.unseen
            )
        )
    if brief.problems:
        lines.append(
            ngettext("{count} cell could not be read.", "{count} cells could not be read.", brief.problems).format(
                count=brief.problems
            )
        )
    return lines


def titles() -> dict[str, str]:
    """The headings of the page."""
    return {
        "page": _("E-klase in brief"),
        "roles": _("In time"),
        "clauses": _("Clauses with the most findings"),
        "classes": _("Classes to look at"),
        "best": _("The most improved in four weeks"),
        "clause": _("Clause"),
        "title": _("Title"),
        "findings": _("findings"),
        "open": _("open"),
        "class": _("Class"),
        "in_time": _("in time"),
        "per_hundred": _("per 100 duties"),
        "no_findings": _("There are no findings."),
        "no_classes": _("No class stands out."),
        "no_best": _("Nobody's figures got better."),
    }


def show(brief: Brief, console: Console) -> None:
    """Print the page."""
    heading = titles()
    console.print(Text(f"{heading['page']} – {brief.title}", style="bold"))
    console.print(Text(_("As of {moment}").format(moment=moment_text(brief.as_of))))
    console.print()
    for value, text in numbers(brief):
        console.print(Text.assemble((f"{value:>8}", "bold"), f"  {text}"))
    for role, share in roles(brief):
        console.print(Text(f"{share:>8}  {_('in time')}: {role}", style="dim"))
    console.print()
    if brief.clauses:
        table = table_of(
            heading["clauses"],
            Column(heading["clause"]),
            words_column(heading["title"]),
            number_column(heading["findings"]),
            number_column(heading["open"]),
        )
        for one in brief.clauses:
            table.add_row(one.clause.number, one.clause.title, str(one.findings), str(one.open))
        console.print(table)
    else:
        console.print(heading["no_findings"])
    if brief.classes:
        table = table_of(
            heading["classes"],
            Column(heading["class"]),
            number_column(heading["in_time"]),
            number_column(heading["per_hundred"]),
        )
        for figures in brief.classes:
            table.add_row(safe(figures.about), share_text(figures), per_hundred_text(figures))
        console.print(table)
    else:
        console.print(heading["no_classes"])
    console.print(Text(heading["best"], style="bold"))
    for line in improvements(brief) or [heading["no_best"]]:
        console.print(safe(line))
    console.print(Text("\n" + " ".join(remarks(brief)), style="dim"))


def text(brief: Brief) -> str:
    """The page as JSON text."""
    entry = {
        "schema": 1,
        "tool": {"name": "eklase-audit", "version": __version__},
        "as_of": brief.as_of.isoformat(),
        "in_time": _rounded(brief.school.in_time, 4),
        "roles": {role: _rounded(brief.roles[role].in_time, 4) for role in ROLES if role in brief.roles},
        "open": brief.open,
        "open_a_week_ago": brief.open_before,
        "clauses": [
            {"clause": one.clause.number, "title": one.clause.title, "findings": one.findings, "open": one.open}
            for one in brief.clauses
        ],
        "classes": [
            {"class": one.about, "in_time": _rounded(one.in_time, 4), "per_hundred": _rounded(one.per_hundred, 2)}
            for one in brief.classes
        ],
        "improved": {"teacher": _entry(brief.best_teacher), "class": _entry(brief.best_class)},
        "not_audited": brief.unseen,
        "data_problems": brief.problems,
    }
    return json.dumps(entry, ensure_ascii=False, indent=2) + "\n"


def _entry(best: Improvement | None) -> dict[str, Any] | None:
    if best is None:
        return None
    return {"name": best.name, "before": _rounded(best.before, 2), "now": _rounded(best.now, 2)}


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def html(brief: Brief) -> bytes:
    """The page as HTML that prints on one sheet of A4."""
    from eklase_audit.reports.html.single import single_page

    return single_page(
        "brief",
        brief=brief,
        heading=titles(),
        as_of=_("As of {moment}").format(moment=moment_text(brief.as_of)),
        numbers=numbers(brief),
        roles=roles(brief),
        classes=_class_rows(brief.classes),
        improvements=improvements(brief),
        remarks=remarks(brief),
    ).encode()


def _class_rows(classes: Iterable[Figures[str | None]]) -> list[tuple[str, str, str]]:
    return [(one.about or "", share_text(one), per_hundred_text(one)) for one in classes]
