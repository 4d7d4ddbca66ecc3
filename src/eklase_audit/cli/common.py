"""What several commands share: their options, the way they speak, the way they end."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eklase_audit import i18n
from eklase_audit.cli import completion
from eklase_audit.cli.voice import complain as complain
from eklase_audit.cli.voice import current
from eklase_audit.cli.voice import say as say
from eklase_audit.cli.voice import tell as tell
from eklase_audit.errors import AuditError
from eklase_audit.i18n import _

if TYPE_CHECKING:
    from rich.console import Console

    from eklase_audit.audit import Audit
    from eklase_audit.calendar import Calendar
    from eklase_audit.config import Config
    from eklase_audit.journal import Journal
    from eklase_audit.regulation import Regulation
    from eklase_audit.reports.files import Target

OK, FOUND, BROKEN = 0, 1, 2
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ](?:[01]\d|2[0-3]):\d\d(?::\d\d)?)?")


class Language(StrEnum):
    """The languages the tool speaks."""

    lv = "lv"
    en = "en"


class Format(StrEnum):
    """The forms of an answer."""

    table = "table"
    json = "json"


RulesOption = Annotated[
    str | None,
    typer.Option(
        "--rules", metavar="ID|FILE", help=_("The regulation to audit against."), autocompletion=completion.rules
    ),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help=_("The school's configuration (else eklase-audit.toml, found upward from the first path)."),
    ),
]
IsolatedOption = Annotated[
    bool,
    typer.Option("--isolated", help=_("Follow no configuration, and no variable of the environment.")),
]
LangOption = Annotated[
    Language | None,
    typer.Option("--lang", help=_("The language (else the configuration's, else the locale's).")),
]
PathsArgument = Annotated[list[Path], typer.Argument(metavar="PATH…", help=_("Files and folders of exports."))]
AsKindOption = Annotated[
    list[str] | None,
    typer.Option(
        "--as",
        metavar="KIND=FILE",
        help=_("Read a file as this kind of export; repeatable."),
        autocompletion=completion.kinds,
    ),
]
StoreOption = Annotated[
    Path | None,
    typer.Option("--store", metavar="FILE", help=_("The store of snapshots that tell when entries were made.")),
]
WaiversOption = Annotated[
    Path | None,
    typer.Option("--waivers", metavar="FILE", help=_("The list of waivers (else the one the configuration names).")),
]
HistoryOption = Annotated[
    Path | None,
    typer.Option(
        "--history", metavar="FILE", help=_("The history of runs (else the configuration's): tells what is new.")
    ),
]
NewestOption = Annotated[bool, typer.Option("--newest", help=_("Of two exports of different days take the later one."))]
ReportOption = Annotated[
    list[str] | None,
    typer.Option(
        "--report",
        metavar="KIND:FILE",
        help=_("Write a report to a file too, such as html:report.html; repeatable."),
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help=_("Tables for people, or JSON."))]


def ends_well(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command end in one line and exit code 2, never in a traceback, where the user can mend what is wrong."""

    @wraps(command)
    def run(*args: Any, **options: Any) -> Any:
        try:
            return command(*args, **options)
        except AuditError as error:
            complain(error)
            raise typer.Exit(BROKEN) from None
        except BrokenPipeError:
            # The reader of our output has gone (as with `| head`): nothing more is to be said.
            forget_output()
            raise typer.Exit(OK) from None
        except OSError as fault:
            complain(_("the answer could not be written: {fault}").format(fault=fault.strerror))
            forget_output()
            raise typer.Exit(BROKEN) from None

    return run


def forget_output() -> None:
    """Keep Python from trying once more, at its end, to write what could not be written."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def configuration(config: Path | None, paths: list[Path], lang: Language | None, *, isolated: bool = False) -> Config:
    """The configuration that holds for these paths; from here on its language is spoken.

    What a variable of the environment says comes before the file's; `isolated` follows neither.
    """
    from eklase_audit.config import Config, load_config, with_variables
    from eklase_audit.packs import CONFIG_VARIABLE, find_config

    if isolated:
        if config is not None:
            raise AuditError(_("--isolated follows no configuration: leave out --config"))
        loaded = Config()
    else:
        named = os.environ.get(CONFIG_VARIABLE)
        if config is None:
            config = Path(named) if named else find_config(paths[0] if paths else Path())
        loaded = with_variables(load_config(config), os.environ)
    if lang or loaded.lang:
        i18n.activate(lang or str(loaded.lang))
    return loaded


def regulation(config: Config, rules: str | None) -> Regulation:
    """The regulation asked for, with the school's own parameters."""
    from eklase_audit.school_rules import regulation_of

    return regulation_of(config, rules)


def calendar(config: Config, regulation: Regulation) -> Calendar:
    """The calendar that holds for the regulation and the school."""
    from eklase_audit.school_rules import calendar_of

    return calendar_of(config, regulation)


def parse_as_of(text: str | None) -> datetime:
    """The moment that --as-of means: a day its end, no text now. Raises AuditError."""
    if text is None:
        return datetime.now().replace(microsecond=0)
    from dateutil.parser import isoparse

    from eklase_audit.moments import FIRST_YEAR, LAST_YEAR

    try:
        when = isoparse(text) if _MOMENT.fullmatch(text) else None
    except ValueError:
        when = None
    if when is None or not FIRST_YEAR <= when.year <= LAST_YEAR:
        raise AuditError(_("--as-of: write a day or a moment as 2026-11-24 or 2026-11-24T17:05"))
    return when.replace(microsecond=0) if len(text) > 10 else datetime.combine(when, time(23, 59, 59))


def parse_day(option: str, text: str) -> date:
    """The day that an option means. Raises AuditError."""
    try:
        if len(text) == len("2026-09-01"):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise AuditError(_("{option}: write a day, such as 2026-09-01").format(option=option))


def parse_kinds(texts: list[str]) -> list[tuple[str, Path]]:
    """The (kind, file) pairs of --as KIND=FILE. Raises AuditError."""
    from eklase_audit.errors import nearest
    from eklase_audit.exports.headings import kinds
    from eklase_audit.exports.own_forms import OWN_TITLES

    pairs = []
    for text in texts:
        kind, sign, file = text.partition("=")
        if not sign or not file:
            raise AuditError(_("--as: write it as KIND=FILE, such as marks=vertejumi.csv"))
        if kind not in (*kinds(), *OWN_TITLES):
            raise AuditError(
                _("--as: there is no kind «{kind}»; nearest: {near}").format(
                    kind=kind, near=nearest(kind, (*kinds(), *OWN_TITLES))
                )
            )
        # E-klase's own forms are known by their layout, so naming one forces nothing.
        pairs.append(("" if kind in OWN_TITLES else kind, Path(file)))
    return pairs


def read(
    paths: list[Path],
    forced: list[str],
    settings: Config,
    regulation: Regulation,
    *,
    newest: bool = False,
    forms: bool = False,
    quiet: bool = False,
) -> Journal:
    """Read the exports, with a progress bar at a terminal; say what was skipped and what could not be read."""
    from eklase_audit.exports.paths import find_files
    from eklase_audit.exports.reading import read_journal
    from eklase_audit.school_rules import words_of

    files = find_files(paths, parse_kinds(forced))
    if not files:
        raise AuditError(
            _("there is no export (.csv, .tsv, .txt, .xlsx, .ods, .zip) in the folder; give the folder of the exports")
        )
    words = words_of(settings, regulation)
    with progress(_("Reading"), len(files), quiet) as step:
        journal = read_journal(files, step, words, newest=newest, forms=forms)
    for error in journal.errors:
        complain(error)
    if not quiet:
        _notices(journal)
    return journal


def reports(texts: list[str], paths: list[Path], forced: list[str]) -> list[Target]:
    """The reports that --report asks for; none may be one of the exports. Raises AuditError."""
    if not texts:
        return []
    from eklase_audit.exports.paths import find_files
    from eklase_audit.reports.files import targets

    return targets(texts, [file.path for file in find_files(paths, parse_kinds(forced))])


def write_reports(audit: Audit, wanted: list[Target], *, quiet: bool = False) -> None:
    """Write the reports of an audit, and name each on standard error; none where nothing could be audited."""
    if not wanted or not audit.audited:
        return
    from eklase_audit.reports.files import write_reports as write_all

    write_all(audit, wanted)
    if not quiet:
        for target in wanted:
            say(_("written: {path}").format(path=target.path))


def _notices(journal: Journal) -> None:
    from eklase_audit.errors import place
    from eklase_audit.i18n import ngettext
    from eklase_audit.journal import WORKBOOK

    for skipped in journal.skipped:
        say(_("{where}: skipped: {reason}").format(where=place(skipped.file, skipped.sheet), reason=skipped.reason))
    for file in dict.fromkeys(sheet.file for sheet in journal.sheets):
        # In the sheets of checks no row is an entry, which nobody need be told.
        if count := sum(sheet.other_rows for sheet in journal.sheets if (sheet.file, sheet.kind) == (file, WORKBOOK)):
            text = ngettext(
                "{count} row that is no entry of the journal was left out",
                "{count} rows that are no entries of the journal were left out",
                count,
            )
            say(f"{file}: {text.format(count=count)}")
    for sheet in journal.sheets:
        told = sheet.rows or sheet.kind == "journal-check"
        if not told and not any(other.rows and other.kind == sheet.kind for other in journal.sheets):
            say(
                _("{where}: the headings are there, but no rows below them").format(
                    where=place(sheet.file, sheet.sheet)
                )
            )
        if sheet.hidden:
            say(
                _("{where}: the sheet is hidden; it was read like the others").format(
                    where=place(sheet.file, sheet.sheet)
                )
            )
        if sheet.hidden_rows:
            say(
                ngettext(
                    "{where}: {count} hidden row was read like the others",
                    "{where}: {count} hidden rows were read like the others",
                    sheet.hidden_rows,
                ).format(where=place(sheet.file, sheet.sheet), count=sheet.hidden_rows)
            )
        if sheet.data_problems:
            say(
                ngettext(
                    "{where}: {count} cell could not be read; the answer lists it",
                    "{where}: {count} cells could not be read; the answer lists them",
                    sheet.data_problems,
                ).format(where=place(sheet.file, sheet.sheet), count=sheet.data_problems)
            )


@contextmanager
def progress(title: str, total: int, quiet: bool) -> Iterator[Callable[[str], None]]:
    """A progress bar on standard error when that is a terminal; the yielded function moves it one step."""
    if quiet or current().cron or not sys.stderr.isatty():
        yield lambda name: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from eklase_audit.reports.layout import safe

    columns = (
        TextColumn(title),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[name]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total, name="")

        def step(name: str) -> None:
            bar.update(task, advance=1, name=safe(name).plain)

        yield step


def output() -> Console:
    """Standard output: as wide as the terminal, without wrapping or colour where it is none; with --cron nowhere."""
    from rich.console import Console

    from eklase_audit.reports.layout import UNLIMITED

    if current().cron:
        return Console(quiet=True)
    if sys.stdout.isatty():
        return Console(highlight=False, markup=False)
    return Console(highlight=False, markup=False, width=UNLIMITED, no_color=True)


def write(text: str) -> None:
    """A whole answer on standard output, in UTF-8 whatever the locale says."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.flush()
