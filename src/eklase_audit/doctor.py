"""Whether the tool has on this computer what it needs: one condition after the other, each with what to do."""

from __future__ import annotations

import importlib
import importlib.metadata
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from eklase_audit import __version__, i18n
from eklase_audit.errors import AuditError
from eklase_audit.i18n import _, day_text, moment_text, ngettext

DISTRIBUTION = "eklase-audit"
LETTERS = "āčēģīķļņōŗšūž ĀČĒĢĪĶĻŅŌŖŠŪŽ €–„”·…"
_LEAST_WIDTH = 80
_LEAST_SPACE = 100 << 20
# So long before the last known school year ends the next one should be known.
_AHEAD = timedelta(days=60)
_NAME = re.compile(r"[\w.-]+")
_LEAST = re.compile(r">=\s*([\d.]+)")


class State(StrEnum):
    """How a condition stands: well; usable, but something may surprise; not usable."""

    ok = "ok"
    warning = "warning"
    broken = "broken"


@dataclass(frozen=True)
class Condition:
    """One thing looked at: its name, how it stands, what was found, and what to do where it does not stand well."""

    name: str
    title: str
    state: State
    found: str
    advice: str = ""


@dataclass(frozen=True)
class Surroundings:
    """What only the command line knows: the clock, the output and the folder that one works in."""

    now: datetime
    folder: Path
    encoding: str
    terminal: bool
    width: int
    environment: Mapping[str, str]
    config: Path | None


def examine(around: Surroundings) -> list[Condition]:
    """All conditions in their order. None raises: what goes wrong while looking is itself a broken condition."""
    looks: tuple[Callable[[Surroundings], Condition], ...] = (
        _python,
        _libraries,
        _rules,
        _school_years,
        _moved_days,
        _clock,
        _language,
        _letters,
        _terminal,
        _configuration,
        _folder,
        _temporary,
    )
    return [look(around) for look in looks]


def _python(_around: Surroundings) -> Condition:
    found = f"{sys.version.split()[0]}, {sys.platform}, {sys.executable}; eklase-audit {__version__}"
    return Condition("python", "Python", State.ok, found)


def _requirements() -> Iterator[tuple[str, str]]:
    """The libraries that the installed tool asks for and their least versions ("" where it names none)."""
    for line in importlib.metadata.requires(DISTRIBUTION) or ():
        asked, _semicolon, marker = line.partition(";")
        name, least = _NAME.match(asked), _LEAST.search(asked)
        if name and "extra" not in marker:
            yield name[0], least[1] if least else ""


def _release(version: str) -> tuple[int, ...]:
    """The numbers at the head of a version, without zeros at its end, for comparing: (3, 1) of "3.1.0rc2"."""
    head = re.match(r"\d+(?:\.\d+)*", version)
    numbers = [int(part) for part in head[0].split(".")] if head else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _not_loading() -> Iterator[tuple[str, ImportError]]:
    """The libraries that an audit works with and that are there but cannot be read, with the reason."""
    for name in ("numpy", "pandas", "pyarrow"):
        try:
            importlib.import_module(name)
        except ImportError as fault:
            yield name, fault


def _libraries(_around: Surroundings) -> Condition:
    title = _("libraries")
    advice = _("install eklase-audit anew, in an environment of its own: pipx install eklase-audit")
    held, wrong = [], []
    try:
        for name, least in _requirements():
            try:
                version = importlib.metadata.version(name)
            except importlib.metadata.PackageNotFoundError:
                wrong.append(_("{name} is missing").format(name=name))
                continue
            held.append(f"{name} {version}")
            if _release(version) < _release(least):
                wrong.append(
                    _("{name} {version} is older than {least}").format(name=name, version=version, least=least)
                )
    except importlib.metadata.PackageNotFoundError:
        return Condition("libraries", title, State.warning, _("the tool itself is not installed as a package"), advice)
    wrong += [_("{name} cannot be loaded ({fault})").format(name=name, fault=fault) for name, fault in _not_loading()]
    if wrong:
        return Condition("libraries", title, State.broken, "; ".join(wrong), advice)
    return Condition("libraries", title, State.ok, ", ".join(held))


def _rules(_around: Surroundings) -> Condition:
    title = _("rule packs")
    advice = _("a part of the tool is missing or damaged: install it anew")
    try:
        from eklase_audit.clauses import CHECKS
        from eklase_audit.packs import installed_packs
        from eklase_audit.regulation import load_regulation

        names = installed_packs()
        for name in names:
            load_regulation(name, CHECKS)
    except (AuditError, ImportError, OSError) as fault:
        return Condition("rules", title, State.broken, str(fault), advice)
    return Condition(
        "rules", title, State.ok if names else State.broken, ", ".join(names) or "–", "" if names else advice
    )


def _school_years(around: Surroundings) -> Condition:
    title = _("school years")
    advice = _("update eklase-audit; until then, what rests on the school year is not audited")
    try:
        from eklase_audit.calendar import load_calendar
        from eklase_audit.moments import to_date

        years = load_calendar().years
    except (AuditError, ImportError, OSError) as fault:
        return Condition("school-years", title, State.broken, str(fault), _("install the tool anew"))
    today = around.now.date()
    start = today.year if today.month >= 9 else today.year - 1
    known = [years[year] for year in sorted(years)]
    found = ", ".join(year.name for year in known) or "–"
    if start not in years:
        text = _("{year} is not among them ({known})").format(year=f"{start}/{start + 1}", known=found)
        return Condition("school-years", title, State.broken, text, advice)
    if start + 1 not in years and today + _AHEAD > to_date(years[start].end):
        text = _("{year} is not among them yet ({known})").format(year=f"{start + 1}/{start + 2}", known=found)
        return Condition("school-years", title, State.warning, text, advice)
    return Condition("school-years", title, State.ok, found)


def _moved_days(around: Surroundings) -> Condition:
    """How far the moved working days are known: the Cabinet moves them a year at a time."""
    title = _("holidays")
    try:
        from eklase_audit.calendar import load_calendar
        from eklase_audit.moments import to_date

        days = [to_date(day) for day in sorted(load_calendar().moved_saturdays)]
        version = importlib.metadata.version("holidays")
    except (AuditError, ImportError, OSError) as fault:
        return Condition("holidays", title, State.broken, str(fault), _("install the tool anew"))
    last = day_text(days[-1]) if days else "–"
    found = _("holidays {version}; the last moved working day it knows of: {day}").format(version=version, day=last)
    if not days or days[-1].year < around.now.year:
        advice = _(
            "deadlines around moved working days of {year} may turn out a day longer: update the library "
            "(pip install --upgrade holidays) once the Cabinet has moved days of that year"
        ).format(year=around.now.year)
        return Condition("holidays", title, State.warning, found, advice)
    return Condition("holidays", title, State.ok, found)


def _clock(around: Surroundings) -> Condition:
    """Exports hold local times of Riga, and "now" is read from this computer's clock."""
    title = _("clock")
    here = around.now.utcoffset()
    found = moment_text(around.now.replace(tzinfo=None, microsecond=0))
    try:
        there = around.now.astimezone(ZoneInfo("Europe/Riga"))
    except (ZoneInfoNotFoundError, OSError):
        return Condition("clock", title, State.ok, _("{moment}; not compared with Riga's").format(moment=found))
    if there.utcoffset() != here:
        text = _("{moment}, while it is {there} in Riga").format(
            moment=found, there=moment_text(there.replace(tzinfo=None, microsecond=0))
        )
        advice = _("set the time zone to Europe/Riga (TZ=Europe/Riga), or give --as-of with each check")
        return Condition("clock", title, State.warning, text, advice)
    if around.now.date() < date.fromisoformat(_RELEASED):
        advice = _("set the clock: it is earlier than the tool was made")
        return Condition("clock", title, State.broken, found, advice)
    return Condition("clock", title, State.ok, found)


# No clock can truly show a day before this one.
_RELEASED = "2026-11-01"


def _language(around: Surroundings) -> Condition:
    title = _("language")
    told = next((f"{name}={value}" for name in i18n.VARIABLES if (value := around.environment.get(name))), None)
    found = f"{i18n.active()} ({told})" if told else _("{language} (no locale is set)").format(language=i18n.active())
    if lacking := [name for name in i18n.LANGUAGES if not i18n.is_there(name)]:
        text = _("the texts are missing for: {languages}").format(languages=", ".join(lacking))
        advice = _("a part of the tool is missing or damaged: install it anew")
        return Condition("language", title, State.broken, text, advice)
    names = sys.getfilesystemencoding()
    if names.lower().replace("-", "") != "utf8":
        text = _("{found}; names of files are taken as {encoding}").format(found=found, encoding=names)
        return Condition(
            "language", title, State.warning, text, _("set PYTHONUTF8=1, or a UTF-8 locale (LANG=lv_LV.UTF-8)")
        )
    return Condition("language", title, State.ok, found)


def _letters(around: Surroundings) -> Condition:
    title = _("letters")
    lacking = [letter for letter in LETTERS if not _has(around.encoding, letter)]
    if lacking:
        text = _("{encoding} lacks letters that names are written with; they are shown as «?»").format(
            encoding=around.encoding
        )
        advice = _("use a UTF-8 terminal: LANG=lv_LV.UTF-8, or on Windows the Windows Terminal or chcp 65001")
        return Condition("letters", title, State.warning, text, advice)
    return Condition(
        "letters",
        title,
        State.ok,
        _("{encoding}: {letters} (where you see boxes or question marks, choose another font)").format(
            encoding=around.encoding, letters=LETTERS
        ),
    )


def _has(encoding: str, letter: str) -> bool:
    try:
        letter.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _terminal(around: Surroundings) -> Condition:
    title = _("terminal")
    if not around.terminal:
        return Condition("terminal", title, State.ok, _("none: no colour, and lines are not wrapped"))
    found = ngettext("{count} column", "{count} columns", around.width).format(count=around.width)
    if kind := around.environment.get("TERM"):
        found += f", {kind}"
    if around.width < _LEAST_WIDTH:
        advice = _("tables are easier to read at {count} columns or more: widen the window").format(count=_LEAST_WIDTH)
        return Condition("terminal", title, State.warning, found, advice)
    return Condition("terminal", title, State.ok, found)


def _configuration(around: Surroundings) -> Condition:
    title = _("configuration")
    if around.config is None:
        return Condition("configuration", title, State.ok, _("none was found: the defaults hold"))
    try:
        from eklase_audit.config import load_config

        load_config(around.config)
    except (AuditError, ImportError) as fault:
        advice = _("mend {path}, or name another with --config").format(path=around.config)
        return Condition("configuration", title, State.broken, str(fault), advice)
    return _writable("configuration", title, around.config.parent, str(around.config))


def _folder(around: Surroundings) -> Condition:
    return _writable("folder", _("folder"), around.folder, str(around.folder))


def _temporary(_around: Surroundings) -> Condition:
    title = _("temporary folder")
    try:
        folder = Path(tempfile.gettempdir())
    except OSError:
        advice = _("set TMPDIR to a folder that may be written into")
        return Condition("temporary", title, State.warning, _("there is none that may be written into"), advice)
    return _writable("temporary", title, folder, str(folder))


def _writable(name: str, title: str, folder: Path, found: str) -> Condition:
    """Whether a file can be made in a folder, which is tried, and whether there is space for reports."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
            file.flush()
        free = shutil.disk_usage(folder).free
    except OSError as fault:
        text = _("{found}: it cannot be written into ({fault})").format(found=found, fault=fault.strerror)
        advice = _("checking needs no write rights; reports, templates and stores do: ask for them or choose another")
        return Condition(name, title, State.warning, text, advice)
    size = _("{size} MB free").format(size=free // 1_000_000)
    if free < _LEAST_SPACE:
        return Condition(name, title, State.warning, f"{found}: {size}", _("make room on the disk"))
    return Condition(name, title, State.ok, f"{found}: {size}")
