"""The report as CSV, for spreadsheets: one line a finding, then one for each part that was not audited.

UTF-8 with its mark and semicolons, which is what Excel of a Latvian Windows opens right by itself.
"""

from __future__ import annotations

import csv
from datetime import date, datetime
from io import StringIO

from eklase_audit.audit import Audit
from eklase_audit.i18n import _, day_text, moment_text
from eklase_audit.reports.gaps import gaps
from eklase_audit.reports.lines import FIELDS, Value, cells
from eklase_audit.reports.safe_text import no_formula

# Where the words of a gap stand: in the columns of the clause, the check, the verdict and the words.
_CLAUSE, _CHECK, _VERDICT, _WORDS, _FILE, _SHEET, _ROW = (
    [field.heading for field in FIELDS].index(heading)
    for heading in ("Clause", "Check", "Verdict", "In words", "File", "Sheet", "Row")
)


def render(audit: Audit) -> bytes:
    """The findings and the gaps of an audit as the bytes of a CSV file."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_(field.heading) for field in FIELDS])
    for finding in audit.findings:
        writer.writerow([_text(value) for value in cells(finding)])
    for gap in gaps(audit):
        line: list[Value] = [None] * len(FIELDS)
        line[_CLAUSE], line[_CHECK], line[_VERDICT], line[_WORDS] = gap.clause, gap.check, gap.what, gap.text
        line[_FILE], line[_SHEET], line[_ROW] = gap.file, gap.sheet, gap.row
        writer.writerow([_text(value) for value in line])
    return out.getvalue().encode("utf-8-sig")


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return moment_text(value)
    return day_text(value) if isinstance(value, date) else no_formula(str(value))
