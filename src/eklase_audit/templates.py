"""Empty workbooks with the headings of a kind, and drop-down lists where there is a choice."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from eklase_audit.exports.headings import Kind, kinds, own_lists
from eklase_audit.exports.schema import holds
from eklase_audit.i18n import _
from eklase_audit.template_names import LISTS

# What may be chosen in a column: words that the tool reads (see exports/values.py).
_CHOICES: dict[tuple[str, str], tuple[str, ...]] = {
    ("documents", "document"): ("Atskaite", "Liecība", "Kopsavilkuma žurnāls", "Personas lieta"),
    ("documents", "period"): ("1. semestris", "2. semestris", "Gads"),
    ("timetable", "weekday"): ("Pirmdiena", "Otrdiena", "Trešdiena", "Ceturtdiena", "Piektdiena"),
    ("statements", "channel"): ("E-klase", "Papīrs"),
}
_ROWS = 2000
# Columns of sentences, and of a fingerprint, in signs; the others are as wide as their headings.
_WIDTHS = {
    ("waivers", "fingerprint"): 20,
    ("waivers", "reason"): 48,
    ("waivers", "remark"): 36,
    ("addresses", "teacher"): 30,
    ("addresses", "address"): 36,
}


def workbook(name: str) -> bytes:
    """The workbook of a kind: one sheet, the headings in row 1, 2,000 rows formatted for filling in."""
    import xlsxwriter

    kind = _kind(name)

    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet(kind.title[:31])
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    text_format = book.add_format({"num_format": "@"})
    formats = {
        "day": book.add_format({"num_format": "dd.mm.yyyy"}),
        "stamp": book.add_format({"num_format": "dd.mm.yyyy hh:mm"}),
        "lesson": book.add_format({"num_format": "0"}),
    }
    required = kind.required
    for column, (meaning, words) in enumerate(kind.headings.items()):
        what = holds(name, meaning)
        sheet.write_string(0, column, words[0], bold)
        sheet.set_column(
            column, column, _WIDTHS.get((name, meaning), max(14, len(words[0]) + 4)), formats.get(what, text_format)
        )
        note = _("to be filled in") if meaning in required else _("may stay blank")
        sheet.write_comment(0, column, note)
        if choices := _CHOICES.get((name, meaning)):
            sheet.data_validation(1, column, _ROWS, column, {"validate": "list", "source": list(choices)})
        elif what == "day":
            sheet.data_validation(
                1,
                column,
                _ROWS,
                column,
                {
                    "validate": "date",
                    "criteria": ">=",
                    "value": date(2000, 1, 1),
                    "error_title": _("Date"),
                    "error_message": _("Write a date as 08.12.2025"),
                },
            )
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, 0, len(kind.headings) - 1)
    book.close()
    return out.getvalue()


def _kind(name: str) -> Kind:
    return own_lists()[name] if name in LISTS else kinds()[name]
