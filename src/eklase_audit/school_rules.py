"""What follows from a school's configuration: the regulation, the calendar and the words that hold for it."""

from __future__ import annotations

from dataclasses import replace

from eklase_audit.calendar import Calendar, load_calendar
from eklase_audit.clauses import CHECKS
from eklase_audit.config import Config
from eklase_audit.exports.settings import Settings
from eklase_audit.regulation import Regulation, load_regulation


def regulation_of(config: Config, rules: str | None = None) -> Regulation:
    """The regulation asked for, else the configuration's, with the school's own parameters. Raises AuditError."""
    loaded = load_regulation(rules or config.rules, CHECKS, config.parameters)
    if config.justified is None:
        return loaded
    return replace(loaded, symbols=replace(loaded.symbols, justified=config.justified))


def calendar_of(config: Config, regulation: Regulation) -> Calendar:
    """The calendar that holds for the regulation and the school."""
    breaks = config.count_school_breaks
    return load_calendar(
        moved_days=config.moved_days or regulation.moved_days,
        count_school_breaks=regulation.count_school_breaks if breaks is None else breaks,
        free_days=config.free_days,
    )


def words_of(config: Config, regulation: Regulation) -> Settings:
    """What the school says of its exports; what it says itself comes before what its rule pack says."""
    types = {**regulation.lesson_types, **config.exports.lesson_types}
    return replace(config.exports, lesson_types=types)
