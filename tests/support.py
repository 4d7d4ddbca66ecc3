"""Running the audit in process, on small tables written as a user's files would be."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any

from eklase_audit import i18n
from eklase_audit.audit import Auditor
from eklase_audit.calendar import Calendar, load_calendar
from eklase_audit.clauses import CHECKS
from eklase_audit.exports.paths import find_files
from eklase_audit.exports.reading import read_journal
from eklase_audit.regulation import DEFAULT, Regulation, load_regulation
from eklase_audit.reports import json_answer

Tables = Mapping[str, Sequence[Mapping[str, str]]]

_calendar: Calendar | None = None
_regulation: Regulation | None = None


def write_tables(folder: Path, tables: Tables) -> None:
    """One CSV a kind: <kind>.csv, UTF-8, with semicolons."""
    for kind, rows in tables.items():
        with (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
            writer.writeheader()
            writer.writerows(rows)


def moment(as_of: str) -> datetime:
    """A moment from "2026-02-27" (its end) or "2026-02-27T17:05"."""
    when = datetime.fromisoformat(as_of)
    return when if "T" in as_of else datetime.combine(when, time(23, 59, 59))


def answer(tables: Tables, as_of: str, clauses: list[str] | None = None) -> dict[str, Any]:
    """The JSON answer of an audit of these tables, in English."""
    with tempfile.TemporaryDirectory() as name:
        write_tables(Path(name), tables)
        return answer_of_folder(Path(name), as_of, clauses)


def answer_of_folder(folder: Path, as_of: str, clauses: list[str] | None = None) -> dict[str, Any]:
    """The JSON answer of an audit of a folder, in English."""
    global _calendar, _regulation
    i18n.activate("en")
    _calendar = _calendar or load_calendar()
    _regulation = _regulation or load_regulation(DEFAULT, CHECKS)
    journal = read_journal(find_files([folder]))
    auditor = Auditor(journal, _regulation, _calendar, moment(as_of))
    return json_answer.answer(auditor.audit(_regulation.select(clauses or [])))
