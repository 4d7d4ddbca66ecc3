"""All commands together. Heavy imports wait inside the commands until one is run."""

from __future__ import annotations

from typing import Annotated

import typer

from eklase_audit import __version__
from eklase_audit.cli import (
    brief,
    calendar,
    check,
    clauses,
    close,
    config,
    coverage,
    deadline,
    diff,
    doctor,
    due,
    explain,
    fleet,
    history,
    init,
    inspect,
    letters,
    me,
    send,
    snapshot,
    store,
    template,
    trend,
    waive,
    waivers,
    what_if,
    why,
)
from eklase_audit.i18n import _

app = typer.Typer(
    name="eklase-audit",
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


app.command("check", help=_("Audit exports: who is behind, in which class, under which clause."))(check.check)
app.command("me", help=_("List what one teacher has to enter or mend: overdue, due today, due this week."))(me.me)
app.command("due", help=_("Tell what falls due in the next working days, by day and teacher; also as a calendar."))(
    due.due
)
app.command(
    "close", help=_("Count down to a semester's end: what stands open by class and subject, and who can mend it.")
)(close.close)
app.command("clauses", help=_("List the clauses with their checks, parameters and the exports they need."))(
    clauses.clauses
)
app.command("explain", help=_("Explain a clause or a check: what it asks, what is checked, how to mend it."))(
    explain.explain
)
app.add_typer(config.app, name="config", help=_("The configuration: what it says, from where, and whether it holds."))
app.command("coverage", help=_("Say of every clause whether the exports allow it to be audited, and what is missing."))(
    coverage.coverage
)
app.command("inspect", help=_("Tell how each file was understood: kind, columns, forms of values, what was not read."))(
    inspect.inspect
)
app.command("why", help=_("Show the working behind one finding: each day counted, each day skipped."))(why.why)
app.command("letters", help=_("Write a letter a teacher (HTML, text, draft of mail): what to enter, what falls due."))(
    letters.letters
)
app.command(
    "brief", help=_("Show the school on one A4 page for a meeting: three numbers, what to look at, who improved.")
)(brief.brief)
app.command("doctor", help=_("Look whether this computer has what the tool needs, and say what to do."))(doctor.doctor)
app.command(
    "send", help=_("Mail the report to the leadership and letters to teachers; shows them unless told --really.")
)(send.send)
app.command("calendar", help=_("Show months: working days, holidays, breaks, semesters, and what falls due."))(
    calendar.calendar
)
app.command("deadline", help=_("Tell when something of a day must be entered, each day counted and skipped."))(
    deadline.deadline
)
app.command("init", help=_("Write a commented configuration and rule pack for a school to start from."))(init.init)
app.command("template", help=_("Write an empty workbook with the headings of a kind that E-klase may not export."))(
    template.template
)
app.command("waive", help=_("Excuse one finding: add it, with the reason, to the school's list of waivers."))(
    waive.waive
)
app.command("waivers", help=_("List the waivers and say how each stands; with exports, what each excuses."))(
    waivers.waivers
)
app.command(
    "snapshot",
    help=_("Note in a store what exports hold now, so that later ones show when entries were made."),
)(snapshot.snapshot)
app.command("diff", help=_("Compare two answers or two runs: what is new, still open, mended."))(diff.diff)
app.command(
    "trend",
    help=_(
        "Tell whether the school gets better: findings for each 100 duties that fell due in each period, by clause. "
        "Better or worse: the last third of the periods against the first, if it differs by a tenth or more and by "
        "half a finding or more for each 100 duties. Overdue: what was left to do at the end of each period."
    ),
)(trend.trend)
app.command("what-if", help=_("Audit the same exports under a changed regulation: findings before and after."))(
    what_if.what_if
)
app.command("history", help=_("List the runs that a history keeps, check it, take out the old."))(history.history)
app.command("fleet", help=_("Audit many schools, a folder each: an answer a school, and tables over all."))(fleet.fleet)
app.add_typer(
    store.app,
    name="store",
    help=_("The store of snapshots: what it holds, whether it is whole, taking out the old."),
)
