"""Lists of waivers as an office would write them: the same rows as CSV, XLSX and TOML."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl

from eklase_audit.exports.headings import fold_heading, own_lists
from support import table

Rows = Sequence[Mapping[str, str]]
_DAY = re.compile(r"\d\d\.\d\d\.\d{4}\Z")


def write_list(path: Path, text: str | Rows) -> Path:
    """The list of a table (see support.table) in the form that the file's name tells."""
    rows = table(text) if isinstance(text, str) else text
    {".csv": _csv, ".xlsx": _xlsx, ".toml": _toml}[path.suffix](path, rows)
    return path


def _csv(path: Path, rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


def _xlsx(path: Path, rows: Rows) -> None:
    """With real dates, and numbers where a person would have typed one."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append([_typed(cell) for cell in row.values()])
    book.save(path)


def _typed(text: str) -> Any:
    if _DAY.match(text) and text != "31.02.2026":
        return datetime.strptime(text, "%d.%m.%Y").date()
    return int(text) if text.isdigit() and len(text) < 3 else text or None


def _toml(path: Path, rows: Rows) -> None:
    meanings = own_lists()["waivers"].folded
    lines = []
    for row in rows:
        lines.append("[[waivers]]")
        for heading, text in row.items():
            value = datetime.strptime(text, "%d.%m.%Y").date().isoformat() if _DAY.match(text) else f'"{text}"'
            if text:
                lines.append(f"{meanings[fold_heading(heading)][0]} = {value}")
    path.write_text("\n".join(lines), "utf-8")
