"""The floor of a workbook: calamine makes Python's values of its cells, and nothing is done with them."""

from __future__ import annotations

from python_calamine import CalamineWorkbook

from peers import Finding, Task


def run(task: Task) -> list[Finding]:
    """Read, and keep what was read until all is."""
    kept = []
    for file in task.files():
        book = CalamineWorkbook.from_path(str(file))
        kept += [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    return []
