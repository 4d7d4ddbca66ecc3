"""Running the audit in process, on small tables written as a user's files would be."""

from __future__ import annotations

import csv
import tempfile
import tomllib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from typer import main as typer_main
from typer import testing
from typer.testing import CliRunner, Result

from eklase_audit import i18n
from eklase_audit.audit import Audit, Auditor, Filters
from eklase_audit.calendar import Calendar, load_calendar
from eklase_audit.clauses import CHECKS
from eklase_audit.cli import app, common
from eklase_audit.config import Config, _Reader
from eklase_audit.exports.paths import find_files
from eklase_audit.exports.reading import read_journal
from eklase_audit.journal import Journal
from eklase_audit.packs import DEFAULT, FILE_NAME
from eklase_audit.regulation import Regulation, load_regulation
from eklase_audit.reports import json_answer

Tables = Mapping[str, Sequence[Mapping[str, str]]]

# The commands are put together once, not for each of thousands of command lines.
testing._get_command = cache(typer_main.get_command)

SAMPLES = Path(__file__).parents[1] / "sample_exports"


@cache
def calendar() -> Calendar:
    """The calendar without anything of a school's own."""
    return load_calendar()


@cache
def regulation(name: str = DEFAULT) -> Regulation:
    """A rule pack without anything of a school's own."""
    return load_regulation(name, CHECKS)


@cache
def sample_journal() -> Journal:
    """The sample exports, read once."""
    return read_journal(find_files([SAMPLES]))


def configured(config: str | Mapping[str, Any] | None) -> Config:
    """A configuration from what stands in eklase-audit.toml, as its text or as its tables."""
    entry = tomllib.loads(config) if isinstance(config, str) else config
    return Config() if entry is None else _Reader(FILE_NAME, Path(FILE_NAME)).config(entry)


def table(text: str) -> list[dict[str, str]]:
    """Rows from a text: headings in its first line, cells between "|"."""
    lines = [[cell.strip(" ") for cell in line.split("|")] for line in text.split("\n") if line.strip()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


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


def audited(
    journal: Journal,
    as_of: str,
    clauses: list[str] | None = None,
    *,
    config: str | Mapping[str, Any] | None = None,
    rules: str | None = None,
    ignore_in_force: bool = False,
    horizon: datetime | None = None,
    kept: Collection[str] = (),
    teachers: tuple[str, ...] = (),
) -> Audit:
    """The audit of a journal, in English, as the command line would make it."""
    i18n.activate("en")
    settings = configured(config)
    asked = common.regulation(settings, rules) if settings.parameters else regulation(rules or settings.rules)
    days = calendar() if settings == Config() else common.calendar(settings, asked)
    auditor = Auditor(
        journal,
        asked,
        days,
        moment(as_of),
        Filters(teachers=teachers),
        ignore_in_force=ignore_in_force,
        no_lessons=settings.no_lessons,
        outages=settings.outages,
        horizon=horizon,
        kept=kept,
        absences=settings.staff_absences,
    )
    return auditor.audit(asked.select(clauses or []))


def journal_of(tables: Tables) -> Journal:
    """What is read of these tables."""
    with tempfile.TemporaryDirectory() as name:
        write_tables(Path(name), tables)
        return read_journal(find_files([Path(name)]))


def answer(tables: Tables, as_of: str, clauses: list[str] | None = None, **options: Any) -> dict[str, Any]:
    """The JSON answer of an audit of these tables, in English. For the options see audited()."""
    return json_answer.answer(audited(journal_of(tables), as_of, clauses, **options))


def answer_of_folder(folder: Path, as_of: str, clauses: list[str] | None = None, **options: Any) -> dict[str, Any]:
    """The JSON answer of an audit of a folder, in English."""
    return json_answer.answer(audited(read_journal(find_files([folder])), as_of, clauses, **options))


def command(*arguments: str | Path) -> Result:
    """What a command line prints (stdout, stderr) and how it ends (exit_code), in English unless it asks."""
    i18n.activate("en")
    try:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    finally:
        i18n.activate("en")
