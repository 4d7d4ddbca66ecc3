"""All commands together, by name. A command's module is read when that command is run, and no other."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from eklase_audit import __version__
from eklase_audit.i18n import N_, _

# What --help says of each command. A command stands in the module of its name, as a function of that name,
# or, where there are commands below it, as `app`.
COMMANDS = {
    "check": N_("Audit exports: who is behind, in which class, under which clause."),
    "me": N_("List what one teacher has to enter or mend: overdue, due today, due this week."),
    "due": N_("Tell what falls due in the next working days, by day and teacher; also as a calendar."),
    "close": N_("Count down to a semester's end: what stands open by class and subject, and who can mend it."),
    "clauses": N_("List the clauses with their checks, parameters and the exports they need."),
    "explain": N_("Explain a clause or a check: what it asks, what is checked, how to mend it."),
    "coverage": N_("Say of every clause whether the exports allow it to be audited, and what is missing."),
    "inspect": N_("Tell how each file was understood: kind, columns, forms of values, what was not read."),
    "why": N_("Show the working behind one finding: each day counted, each day skipped."),
    "letters": N_("Write a letter a teacher (HTML, text, draft of mail): what to enter, what falls due."),
    "brief": N_("Show the school on one A4 page for a meeting: three numbers, what to look at, who improved."),
    "doctor": N_("Look whether this computer has what the tool needs, and say what to do."),
    "send": N_("Mail the report to the leadership and letters to teachers; shows them unless told --really."),
    "calendar": N_("Show months: working days, holidays, breaks, semesters, and what falls due."),
    "deadline": N_("Tell when something of a day must be entered, each day counted and skipped."),
    "init": N_("Write a commented configuration and rule pack for a school to start from."),
    "template": N_("Write an empty workbook with the headings of a kind that E-klase may not export."),
    "waive": N_("Excuse one finding: add it, with the reason, to the school's list of waivers."),
    "waivers": N_("List the waivers and say how each stands; with exports, what each excuses."),
    "snapshot": N_("Note in a store what exports hold now, so that later ones show when entries were made."),
    "diff": N_("Compare two answers or two runs: what is new, still open, mended."),
    "trend": N_(
        "Tell whether the school gets better: findings for each 100 duties that fell due in each period, by clause. "
        "Better or worse: the last third of the periods against the first, if it differs by a tenth or more and by "
        "half a finding or more for each 100 duties. Overdue: what was left to do at the end of each period."
    ),
    "what-if": N_("Audit the same exports under a changed regulation: findings before and after."),
    "history": N_("List the runs that a history keeps, check it, take out the old."),
    "fleet": N_("Audit many schools, a folder each: an answer a school, and tables over all."),
    "config": N_("The configuration: what it says, from where, and whether it holds."),
    "store": N_("The store of snapshots: what it holds, whether it is whole, taking out the old."),
}


class Waiting(TyperCommand):
    """A command of which the name and the help are known; all else stands in its module."""

    @cached_property
    def command(self) -> Any:
        """The command itself."""
        name = str(self.name).replace("-", "_")
        module = import_module(f"eklase_audit.cli.{name}")
        app = getattr(module, "app", None)
        if app is None:
            app = typer.Typer(rich_markup_mode=None, add_completion=False)
            app.command(self.name)(getattr(module, name))
        command: Any = get_command(app)
        command.name, command.help = self.name, self.help
        return command

    def make_context(self, *args: Any, **settings: Any) -> Any:
        """A context of the command itself, which is the one that is then run."""
        return self.command.make_context(*args, **settings)


class Commands(TyperGroup):
    """All commands, each waiting until it is needed."""

    def __init__(self, **settings: Any) -> None:
        waiting = {name: Waiting(name, help=_(text), rich_markup_mode=None) for name, text in COMMANDS.items()}
        super().__init__(**{**settings, "commands": waiting})


app = typer.Typer(
    name="eklase-audit",
    cls=Commands,
    help=_("Audits E-klase exports against a school's regulation on the use of the journal."),
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"eklase-audit {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=_("Show the version."))
    ] = False,
) -> None:
    """Only holds the options that stand before a command."""


def whole() -> Any:
    """The command line with all modules of commands read, for what describes or tries every command."""
    top: Any = get_command(app)
    top.commands = {name: waiting.command for name, waiting in top.commands.items()}
    return top
