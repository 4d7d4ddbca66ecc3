"""The countdown to a semester's end as one HTML page that needs no other file."""

from __future__ import annotations

from eklase_audit.calendar import Calendar
from eklase_audit.closing import LATE, Cell, Closing, menders
from eklase_audit.i18n import _, moment_text
from eklase_audit.regulation import Regulation
from eklase_audit.reports import closing as words
from eklase_audit.reports.html.single import single_page


def render(closing: Closing, regulation: Regulation, calendar: Calendar) -> bytes:
    """The countdown as HTML, in the language spoken."""
    exempt = regulation.symbols.exempt
    page = single_page(
        "closing",
        title=_(words.TITLES[closing.period]),
        regulation=regulation.title,
        as_of=_("As of {moment}").format(moment=moment_text(closing.as_of)),
        deadlines=[words.deadline_text(one, closing, calendar) for one in closing.deadlines],
        classes=closing.classes,
        rows=_rows(closing, exempt),
        legend=[(state, sign, words.state_text(state)) for state, sign in words.SIGNS.items()],
        sums=[
            (words.kind_text(kind, closing, exempt), count, late) for kind, count, late in words.counts(closing.open)
        ],
        least=words.least_text(closing),
        menders=[
            (
                words.mender_text(one),
                words.kind_text(one.kind, closing, exempt),
                len(one.things),
                words.where_text(one.things),
                words.due_text(one.things, closing, calendar),
            )
            for one in menders(closing.open)
        ],
        texts={
            "matrix": _("Subjects and classes"),
            "subject": _("Subject"),
            "open": _("What stands open"),
            "count": _("Count"),
            "late": words.state_text(LATE),
            "menders": _("Who can still mend it"),
            "teacher": _("Teacher"),
            "where": _("Where"),
            "due": _("Due"),
            "done": _("All is there. Thank you!") if closing.deadlines else _("Nothing is known to stand open."),
            "not_audited": _("What was not audited"),
        },
        not_audited=list(closing.not_audited.items()),
    )
    return page.encode()


def _rows(closing: Closing, exempt: str) -> list[tuple[str, list[tuple[str, str, str] | None]]]:
    """The matrix: a line a subject and one for printed papers, of cells (state, text, all of it in words)."""
    names: list[str | None] = [*closing.subjects, None]
    lines = []
    for name in names:
        cells = [closing.cells.get((class_, name)) for class_ in closing.classes]
        if any(cells):
            lines.append((name or _("Printed papers"), [_cell(cell, closing, exempt) for cell in cells]))
    return lines


def _cell(cell: Cell | None, closing: Closing, exempt: str) -> tuple[str, str, str] | None:
    if cell is None:
        return None
    parts = [f"{words.kind_text(kind, closing, exempt)}: {count}" for kind, count, _late in words.counts(cell.open)]
    return cell.state, words.cell_text(cell), "; ".join([words.state_text(cell.state), *parts])
