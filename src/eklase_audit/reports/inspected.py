"""How each file was understood, as pages in the terminal or as JSON."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from eklase_audit.errors import ReadError, place
from eklase_audit.i18n import _, day_text, when_text
from eklase_audit.inspection import InspectedSheet, Inspection
from eklase_audit.journal import Sheet
from eklase_audit.reports.terminal import safe

_DELIMITERS = {"\t": "tab"}


def text(inspection: Inspection) -> str:
    """The inspection as JSON text."""
    journal = inspection.journal
    entry = {
        "schema": 1,
        "sheets": [_sheet_entry(inspected) for inspected in inspection.sheets],
        "skipped": [{"file": s.file, "sheet": s.sheet, "reason": s.reason} for s in journal.skipped],
        "errors": [
            {"file": e.file, "sheet": e.sheet, "reason": e.text} for e in journal.errors if isinstance(e, ReadError)
        ],
        "checks": [
            {"check": check, "can_be_made": not lacking, "missing": lacking or None}
            for check, lacking in inspection.checks.items()
        ],
    }
    return json.dumps(entry, ensure_ascii=False, indent=2) + "\n"


def _sheet_entry(inspected: InspectedSheet) -> dict[str, Any]:
    sheet = inspected.sheet
    return {
        "file": sheet.file,
        "sheet": sheet.sheet,
        "kind": sheet.kind,
        "encoding": sheet.encoding,
        "delimiter": sheet.delimiter,
        "header_row": sheet.header_row,
        "columns": [{"heading": heading, "means": means} for heading, means in inspected.columns],
        "forms": {heading: dict(counter.most_common()) for heading, counter in inspected.forms.items()},
        "rows": sheet.rows,
        "fates": sheet.fates,
        "hidden": sheet.hidden,
        "hidden_rows": sheet.hidden_rows,
        "other_rows": sheet.other_rows,
        "data_problems": [
            {"column": column, "reason": _(reason).format(**dict(fill)), "count": count}
            for (column, reason, fill), count in inspected.problems
        ],
        "period": [day.isoformat() for day in inspected.period] if inspected.period else None,
        "classes": list(inspected.classes),
        "teachers": list(inspected.teachers),
        "newest_stamp": inspected.exported.isoformat() if inspected.exported else None,
        "serves": list(inspected.serves),
        "remarks": list(inspected.remarks),
    }


def show(inspection: Inspection, console: Console) -> None:
    """Print each table: what it is and why, its columns, its values, what was not read, what it serves."""
    for inspected in inspection.sheets:
        _show_sheet(inspected, console)
    journal = inspection.journal
    for skipped in journal.skipped:
        console.print(_line(place(skipped.file, skipped.sheet), _("skipped: {reason}").format(reason=skipped.reason)))
    for error in journal.errors:
        where, _colon, reason = str(error).partition(": ")
        console.print(_line(where, reason))
    can = [check for check, lacking in inspection.checks.items() if not lacking]
    console.print(Text(_("All together allow these checks: {checks}").format(checks=", ".join(can) or "–")))


def _fates_text(sheet: Sheet) -> str:
    """How many rows were read, and what became of the others."""
    names = {
        "title": _("title"),
        "header": _("heading"),
        "blank": _("blank"),
        "footer": _("footer"),
        "other": _("no entry of the journal"),
        "repeat": _("standing in another file too"),
        "unreadable": _("not read"),
        "audited": _("read"),
    }
    told = [f"{names[fate]} {count}" for fate, count in sheet.fates.items() if count]
    return f"{sheet.rows} ({', '.join(told)})" if told else str(sheet.rows)


def _line(where: str, text: str) -> Text:
    return Text.assemble((safe(where).plain, "bold"), ": ", safe(text))


def _show_sheet(inspected: InspectedSheet, console: Console) -> None:
    sheet = inspected.sheet
    console.print(Text(safe(place(sheet.file, sheet.sheet)).plain, style="bold"))
    lines = Table.grid(padding=(0, 2))
    known = [means for _heading, means in inspected.columns if means]
    named = f"{inspected.title} ({sheet.kind})"
    lines.add_row(
        _("kind"),
        _("{kind}: {matched} of its {all} headings are known").format(
            kind=named, matched=len(known), all=len(inspected.columns)
        )
        if inspected.columns
        else named,
    )
    if sheet.encoding:
        delimiter = _DELIMITERS.get(sheet.delimiter or "", sheet.delimiter or "")
        told = _("{encoding}, delimiter {delimiter}").format(encoding=sheet.encoding, delimiter=delimiter)
        lines.add_row(_("encoding"), told)
    if sheet.header_row:
        lines.add_row(_("headings"), _("row {row}").format(row=sheet.header_row))
    for heading, means in inspected.columns:
        lines.add_row(
            "",
            Text.assemble(safe(heading), (" → ", "dim"), safe(means) if means else Text(_("ignored"), style="yellow")),
        )
    for heading, counter in inspected.forms.items():
        shown = ", ".join(f"{form} ({count})" for form, count in counter.most_common(5))
        lines.add_row(_("values"), safe(f"{heading}: {shown}"))
    lines.add_row(_("rows"), _fates_text(sheet))
    for (column, reason, fill), count in inspected.problems:
        lines.add_row(_("not read"), safe(f"{column}: {count} × {_(reason).format(**dict(fill))}"))
    for remark in inspected.remarks:
        lines.add_row(_("to look at"), safe(remark))
    if inspected.period:
        first, last = inspected.period
        lines.add_row(_("period"), f"{day_text(first)} – {day_text(last)}")
    if inspected.exported:
        lines.add_row(
            _("newest stamp"),
            _("{moment}: the export cannot be older").format(moment=when_text(inspected.exported)),
        )
    if inspected.classes:
        lines.add_row(_("classes"), safe(", ".join(inspected.classes)))
    if inspected.teachers:
        lines.add_row(_("teachers"), safe(", ".join(inspected.teachers)))
    lines.add_row(_("serves"), ", ".join(inspected.serves) or "–")
    console.print(lines)
    console.print()
