"""What an audit could not look at: checks not made, cells not read, files left out. Every report tells it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from eklase_audit.audit import Audit
from eklase_audit.coverage import AUDITED, PARTLY, coverage, state_text
from eklase_audit.errors import ReadError
from eklase_audit.i18n import _
from eklase_audit.reports.wording import problem_text


@dataclass(frozen=True)
class Gap:
    """Something that was not audited: what it is, in words; the clause and check, or the place in a file."""

    what: str
    text: str
    clause: str | None = None
    check: str | None = None
    title: str | None = None
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None


def gaps(audit: Audit) -> list[Gap]:
    """All that was not, or not wholly, audited."""
    return [*parts(audit), *cells(audit), *files(audit)]


def parts(audit: Audit) -> Iterator[Gap]:
    """The parts of the regulation that were not audited, or not wholly."""
    for part in coverage(audit):
        if part.state != AUDITED and (part.state != PARTLY or part.notable):
            yield Gap(state_text(part.state), "; ".join(part.remarks), part.clause.number, part.check, part.title)


def cells(audit: Audit) -> Iterator[Gap]:
    """The cells that could not be read."""
    for problem in audit.journal.problems:
        yield Gap(
            _("cell not read"),
            problem_text(problem),
            file=problem.file,
            sheet=problem.sheet,
            row=problem.row,
            column=problem.column,
            value=problem.value,
        )


def files(audit: Audit) -> Iterator[Gap]:
    """The files and sheets that were not read."""
    for skipped in audit.journal.skipped:
        yield Gap(_("left out"), skipped.reason, file=skipped.file, sheet=skipped.sheet)
    for error in audit.journal.errors:
        if isinstance(error, ReadError):
            yield Gap(_("not read"), error.text, file=error.file, sheet=error.sheet)
