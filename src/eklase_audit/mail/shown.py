"""What is sent, or would be, in the terminal: to whom, to which address, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from eklase_audit.i18n import N_, _, moment_text
from eklase_audit.mail.delivery import Kind, Outcome, State
from eklase_audit.reports.layout import Column, safe, table_of, words_column

_KINDS = {Kind.report: N_("report"), Kind.letter: N_("letter")}
_STATES = {
    State.sent: N_("sent"),
    State.sent_before: N_("sent already, {moment}"),
    State.refused: N_("refused ({code})"),
    State.unavailable: N_("not taken now ({code})"),
    State.unknown: N_("it may have arrived, or not ({moment}): ask, then --again"),
}


def show(outcomes: Sequence[Outcome], console: Console, *, really: bool) -> None:
    """Print a line a message; without `really` those that are ready would be sent, with it they were not."""
    table = table_of(
        _("Messages"), Column(_("What")), words_column(_("Teacher")), Column(_("Address")), words_column(_("State"))
    )
    for one in outcomes:
        message = one.message
        table.add_row(_(_KINDS[message.kind]), safe(message.person), safe(message.recipient), _state(one, really))
    console.print(table)


def _state(one: Outcome, really: bool) -> Text:
    if one.state is State.ready:
        return Text(_("not sent") if really else _("would be sent"), style="bold red" if really else "")
    moment = moment_text(one.at.replace(second=0)) if one.at else ""
    done = one.state in (State.sent, State.sent_before)
    text = _(_STATES[one.state]).format(moment=moment, code=one.code or _("no answer"))
    return Text(text, style="" if done else "bold red")
