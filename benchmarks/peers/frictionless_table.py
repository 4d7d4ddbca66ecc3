"""frictionless: a resource a file and a custom check, which is asked for each row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

import attrs
from frictionless import Check, Checklist, Dialect, Resource, Row, Schema, errors, fields
from frictionless.formats import CsvControl

from peers import Finding, Task, csv_loop


class Found(errors.RowError):
    """A finding, its check and what it is in the note."""

    type = "finding"
    title = "Finding"
    description = "An entry that is late, missing or wrong"
    template = "{note}"


@attrs.define(kw_only=True, repr=False)
class EntryCheck(Check):
    """One kind of exports, by the judgements of the plain loop."""

    type = "entry"
    Errors: ClassVar = [Found]
    work: Any = None

    def validate_row(self, row: Row) -> Iterable[errors.RowError]:
        cells = {name: value or "" for name, value in row.items()}
        for check, _row, what in self.work(row.row_number, cells):
            yield Found.from_row(row, note=f"{check} {what}")


def run(task: Task) -> list[Finding]:
    """Check marks and lessons against the exemptions."""
    exempt = csv_loop.exemptions(task)

    def mark(number: int, line: dict[str, str]) -> Iterator[Finding]:
        return csv_loop.of_mark(task, exempt, number, line)

    def lesson(number: int, line: dict[str, str]) -> Iterator[Finding]:
        return csv_loop.of_lesson(task, number, line)

    return [*_validated(task, "marks", mark), *_validated(task, "lessons", lesson)]


def _validated(task: Task, kind: str, work: Any) -> Iterator[Finding]:
    with task.file(kind).open(encoding=task.encoding) as file:
        names = file.readline().rstrip("\r\n").split(";")
    resource = Resource(
        path=task.file(kind).name,
        basepath=str(task.folder),
        encoding=task.encoding,
        dialect=Dialect(controls=[CsvControl(delimiter=";")]),
        schema=Schema(fields=[fields.StringField(name=name) for name in names]),
    )
    report = resource.validate(Checklist(checks=[EntryCheck(work=work)], pick_errors=["finding"]), limit_errors=10**9)
    for row, note in report.flatten(["rowNumber", "note"]):
        check, what = note.split(" ")
        yield check, row, what
