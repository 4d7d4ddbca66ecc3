"""The report as a workbook: summary, figures by teacher, class and clause, findings, and what was not audited.

Days and moments are real dates, texts are texts whatever they begin with, and the findings can be filtered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from eklase_audit.audit import Audit
from eklase_audit.figures import Figures, by_class, by_person
from eklase_audit.i18n import _, moment_text
from eklase_audit.reports import lines
from eklase_audit.reports.gaps import cells, files, parts
from eklase_audit.reports.lines import Value
from eklase_audit.reports.safe_text import visible
from eklase_audit.reports.wording import person_text, totals

_RED, _YELLOW, _GREY = "#FFC7CE", "#FFEB9C", "#E7E6E6"
# What Excel holds in a cell; a longer text is cut, and ends in "…".
_LONGEST = 32_767


@dataclass(frozen=True)
class Table:
    """A sheet: its name, its columns (heading, width in characters, number format), its rows."""

    name: str
    columns: Sequence[tuple[str, int, str]]
    rows: Iterable[Sequence[Value]]


def render(audit: Audit) -> bytes:
    """The audit as the bytes of an XLSX file."""
    import xlsxwriter

    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd.mm.yyyy"})
    # The day of the audit, not of the writing: the same audit gives the same bytes.
    book.set_properties({"created": audit.as_of, "title": visible(audit.regulation.title)})
    writer = _Writer(book)
    writer.summary(audit)
    for table in (_persons(audit), _classes(audit), _clauses(audit)):
        writer.table(table)
    sheet, count = writer.table(_findings(audit))
    writer.colour(sheet, count, audit)
    for table in (_gaps(audit), _problems(audit)):
        writer.table(table)
    book.close()
    return out.getvalue()


def _findings(audit: Audit) -> Table:
    columns = [(_(field.heading), field.width, "") for field in lines.FIELDS]
    return Table(_("Findings"), columns, (lines.cells(finding) for finding in audit.findings))


def _figure_columns() -> list[tuple[str, int, str]]:
    return [
        (_("duties"), 12, "0"),
        (_("in time"), 12, "0.0%"),
        (_("lapses"), 12, "0"),
        (_("defects"), 12, "0"),
        (_("per 100 duties"), 12, "0.0"),
        (_("median days late"), 12, "0.0"),
        (_("worst days late"), 12, "0"),
        (_("waived"), 12, "0"),
    ]


def _figures(figures: Figures[Any]) -> list[Value]:
    """The figures as numbers; shares are left out where there were too few duties."""
    enough = figures.enough
    return [
        figures.duties,
        figures.in_time if enough else _("too few"),
        figures.lapses,
        figures.defects,
        figures.per_hundred if enough else None,
        figures.median_late,
        figures.worst_late,
        figures.waived,
    ]


def _persons(audit: Audit) -> Table:
    rows = ([person_text(one.about), *_figures(one)] for one in by_person(audit))
    return Table(_("By teacher"), [(_("Teacher"), 28, ""), *_figure_columns()], rows)


def _classes(audit: Audit) -> Table:
    rows = ([one.about or "–", *_figures(one)] for one in by_class(audit))
    return Table(_("By class"), [(_("Class"), 10, ""), *_figure_columns()], rows)


def _clauses(audit: Audit) -> Table:
    verdicts = ("late", "overdue", "defect")
    rows: list[list[Value]] = []
    for clause in audit.regulation.clauses:
        mine = [finding for finding in audit.counted if finding.rule.clause == clause.number]
        severities, counts = Counter(f.rule.severity for f in mine), Counter(f.verdict for f in mine)
        numbers = [severities["violation"], severities["warning"], *(counts[verdict] for verdict in verdicts)]
        if any(result.rule.clause == clause.number for result in audit.results):
            rows.append([clause.number, clause.title, *numbers])
    headings = (_("violations"), _("warnings"), _("late"), _("overdue"), _("defects"))
    columns = [(_("Clause"), 8, ""), (_("Title"), 40, ""), *((heading, 12, "0") for heading in headings)]
    return Table(_("By clause"), columns, rows)


def _gaps(audit: Audit) -> Table:
    rows = [(g.clause or g.file, g.check or g.sheet, g.title, g.what, g.text) for g in (*parts(audit), *files(audit))]
    words = (_("Clause or file"), _("Check or sheet"), _("Part"), _("State"), _("What is missing"))
    return Table(_("Not audited"), list(zip(words, (24, 18, 40, 22, 90), ("",) * 5, strict=True)), rows)


def _problems(audit: Audit) -> Table:
    rows = ((gap.file, gap.sheet, gap.row, gap.column, gap.value, gap.text) for gap in cells(audit))
    words = (_("File"), _("Sheet"), _("Row"), _("Column"), _("Value"), _("What to do"))
    return Table(_("Data problems"), list(zip(words, (32, 16, 8, 20, 24, 80), ("",) * 6, strict=True)), rows)


class _Writer:
    """Writes sheets into one workbook."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._bold = book.add_format({"bold": True})
        self._head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": _GREY})
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self._top = book.add_format({"valign": "top"})
        self._day = book.add_format({"num_format": "dd.mm.yyyy", "valign": "top", "align": "left"})
        self._moment = book.add_format({"num_format": "dd.mm.yyyy hh:mm", "valign": "top", "align": "left"})
        self._numbers: dict[str, Any] = {"": self._top}

    def summary(self, audit: Audit) -> None:
        """The first sheet: which regulation, which moment, the totals and what each sheet holds."""
        sheet = self._book.add_worksheet(_("Summary"))
        sheet.set_column(0, 0, 110)
        texts = [
            audit.regulation.title,
            _("As of {moment}").format(moment=moment_text(audit.as_of)),
            totals(audit),
            "",
            _("Look at «Not audited» first: what stands there was not looked at, or not wholly."),
            _("Figures are weighed by duties; under 20 duties they say nothing. A lesson entered late is one lapse."),
        ]
        for row, text in enumerate(texts):
            sheet.write_string(row, 0, visible(text), self._bold if row in (0, 2) else self._wrapped)

    def table(self, table: Table) -> tuple[Any, int]:
        """A sheet with a table: headings that stay, a filter on each column. Returns it and its number of rows."""
        sheet = self._book.add_worksheet(table.name)
        for column, (heading, width, _format) in enumerate(table.columns):
            sheet.write_string(0, column, heading, self._head)
            sheet.set_column(column, column, width)
        count = 0
        for count, row in enumerate(table.rows, 1):
            for column, value in enumerate(row):
                self._cell(sheet, count, column, value, table.columns[column])
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(count, 1), len(table.columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        return sheet, count

    def _cell(self, sheet: Any, row: int, column: int, value: Value, about: tuple[str, int, str]) -> None:
        if value is None or value == "":
            return
        if isinstance(value, datetime):
            sheet.write_datetime(row, column, value, self._moment)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), self._day)
        elif isinstance(value, str):
            text = visible(value)
            text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
            # As a text, never as a formula or a link.
            sheet.write_string(row, column, text, self._wrapped if about[1] >= 20 else self._top)
        else:
            form = about[2]
            if form not in self._numbers:
                self._numbers[form] = self._book.add_format({"num_format": form, "valign": "top"})
            sheet.write_number(row, column, value, self._numbers[form])

    def colour(self, sheet: Any, count: int, audit: Audit) -> None:
        """Colour the findings by their severity, the waived grey."""
        if not count:
            return
        headings = [field.heading for field in lines.FIELDS]
        severity, waiver = (_letter(headings.index(word)) for word in ("Severity", "Waiver"))
        rules = (
            (f'=${waiver}2<>""', _GREY),
            (f'=${severity}2="{_("violation")}"', _RED),
            (f'=${severity}2="{_("warning")}"', _YELLOW),
        )
        first = headings.index("Severity")
        for formula, colour in rules:
            form = self._book.add_format({"bg_color": colour})
            sheet.conditional_format(
                1,
                first,
                count,
                first + 1,
                {"type": "formula", "criteria": formula, "format": form, "stop_if_true": True},
            )


def _letter(column: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(column))
