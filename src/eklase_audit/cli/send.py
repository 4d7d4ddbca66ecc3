"""eklase-audit send: the report to the leadership, letters to teachers. By itself it only shows what it would send."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from time import sleep
from typing import TYPE_CHECKING, Annotated

import typer

from eklase_audit.cli import common, voice
from eklase_audit.cli.check import broken
from eklase_audit.cli.common import BROKEN, OK
from eklase_audit.cli.delivery import plain_text
from eklase_audit.cli.letters import AddressesOption
from eklase_audit.cli.me import DaysOption
from eklase_audit.cli.request import Request, Run, with_request
from eklase_audit.cli.unattended import unattended
from eklase_audit.errors import AuditError
from eklase_audit.i18n import _, moment_text, ngettext

if TYPE_CHECKING:
    from eklase_audit.audit import Audit
    from eklase_audit.mail.delivery import Message, Outcome
    from eklase_audit.mail_settings import MailSettings
    from eklase_audit.reports.letters import Letter


@unattended
@with_request
def send(
    request: Request,
    report: Annotated[bool, typer.Option("--report", help=_("The report, to the addresses `to` of [mail]."))] = False,
    letters: Annotated[bool, typer.Option("--letters", help=_("A letter to each teacher who has one."))] = False,
    really: Annotated[
        bool, typer.Option("--really/--dry-run", help=_("Send; else only show to whom what would be sent."))
    ] = False,
    addresses: AddressesOption = None,
    again: Annotated[
        list[str] | None,
        typer.Option("--again", metavar="NAME|ADDRESS", help=_("Send to this one even if it was sent; repeatable.")),
    ] = None,
    days: DaysOption = 5,
) -> None:
    """Send (see the command's help)."""
    if not (report or letters):
        raise AuditError(_("say what is to be sent: --report, --letters or both"))
    if letters and request.pseudonymise:
        raise AuditError(_("--letters are to people by name: leave out --pseudonymise"))
    run = request.run()
    if (mail := run.settings.mail) is None:
        raise AuditError(_("there is no mail server: write a table [mail] with host and from in eklase-audit.toml"))
    if report and not mail.to:
        raise AuditError(_("nobody gets the report: write their addresses at `to` in [mail]"))
    from eklase_audit.agenda import horizon_of

    known = run.school.addresses(addresses) if letters else {}
    horizon = horizon_of(run.calendar, run.as_of, days)
    audit = run.audit(horizon=horizon)
    if broken(audit):
        # What was read in part would blame, and would pass over, the wrong people.
        voice.complain(_("nothing was sent: what could not be read has to be mended first"), "Unread")
        raise typer.Exit(BROKEN)
    messages = _reports(run, audit, mail) if report else []
    messages += _letters(audit, horizon, mail, known) if letters else []
    messages = _again(messages, again or [])
    outcomes = _deliver(messages, run, mail) if really else _shown(messages, mail)
    failed = really and not _all_done(outcomes)
    from eklase_audit.mail_settings import NOTIFY_VARIABLE

    if really and (urls := os.environ.get(NOTIFY_VARIABLE, "").split() or list(run.settings.notify)):
        from eklase_audit.mail.notice import notify

        notify(urls, "eklase-audit", _notice(audit, outcomes))
    raise typer.Exit(BROKEN if failed else OK)


def _week(when: datetime) -> int:
    """The day number of the Monday before a moment."""
    from eklase_audit.moments import day_number

    return day_number(when.date()) - when.weekday()


def _reports(run: Run, audit: Audit, mail: MailSettings) -> list[Message]:
    """The report to each of the leadership. The text of the message names nobody: it is read on locked screens."""
    from eklase_audit.brief import CHANGE, IMPROVEMENT, brief_of
    from eklase_audit.mail.delivery import Kind, Message
    from eklase_audit.mail.messages import report_message
    from eklase_audit.reports import brief as brief_report
    from eklase_audit.reports.html import render

    before = [run.audit(as_of=run.as_of - span) for span in (CHANGE, IMPROVEMENT)]
    made = brief_of(audit, *before, names=False)
    text = plain_text(lambda console: brief_report.show(made, console)).decode()
    page, now = render(replace(audit, pending=())), datetime.now().astimezone()
    return [
        Message(Kind.report, to, "", _week(run.as_of), report_message(audit, page, text, to, mail.sender, now))
        for to in mail.to
    ]


def _letters(audit: Audit, horizon: datetime, mail: MailSettings, known: dict[str, str]) -> list[Message]:
    """A letter to each teacher who has one. Raises AuditError where not each of them has an address of their own."""
    from eklase_audit.addresses import of_people
    from eklase_audit.mail.delivery import Kind, Message
    from eklase_audit.mail.messages import letter_message
    from eklase_audit.reports.letters import letters

    made = letters(audit, horizon)
    found = of_people(known, [letter.person for letter in made])
    _hold_known(made, found)
    now = datetime.now().astimezone()
    return [
        Message(
            Kind.letter,
            found[letter.person],
            letter.person,
            _week(audit.as_of),
            letter_message(letter, found[letter.person], mail.sender, now),
        )
        for letter in made
    ]


def _hold_known(made: Sequence[Letter], found: dict[str, str]) -> None:
    unknown = [letter.person for letter in made if letter.person not in found]
    if unknown:
        _list(_("Teachers without an address"), unknown)
        raise AuditError(
            ngettext(
                "{count} teacher who has a letter is not in the list of addresses; nothing was sent",
                "{count} teachers who have letters are not in the list of addresses; nothing was sent",
                len(unknown),
            ).format(count=len(unknown))
        )
    people: dict[str, list[str]] = {}
    for person, address in found.items():
        people.setdefault(address.casefold(), []).append(person)
    shared = [person for several in people.values() if len(several) > 1 for person in several]
    if shared:
        _list(_("Teachers with one address"), shared)
        raise AuditError(_("several teachers have the same address, and each letter is for one; nothing was sent"))


def _list(title: str, people: Sequence[str]) -> None:
    """Names are results: standard output alone holds them."""
    from eklase_audit.reports.layout import safe, table_of, words_column

    table = table_of(title, words_column(_("Teacher")))
    for person in people:
        table.add_row(safe(person))
    common.output().print(table)


def _again(messages: Sequence[Message], wanted: Sequence[str]) -> list[Message]:
    """The messages, those to the people named marked to go again. Raises AuditError for one to whom nothing goes."""
    from eklase_audit.exports.texts import clean, fold

    asked = {fold(clean(name)): name for name in wanted}
    marked = [replace(one, again=bool(asked.keys() & {fold(one.person), fold(one.recipient)})) for one in messages]
    for key, name in asked.items():
        if not any(key in (fold(one.person), fold(one.recipient)) for one in messages):
            text = _("--again: nothing goes to «{name}» in this run")
            raise AuditError(text.format(name=name), logged=text.format(name="…"))
    return marked


def _shown(messages: Sequence[Message], mail: MailSettings) -> list[Outcome]:
    """Show what would be sent. Nothing is written, no connection made, no password asked for."""
    from eklase_audit.mail.delivery import State, standing
    from eklase_audit.mail.outbox import Outbox
    from eklase_audit.mail.shown import show

    with ExitStack() as stack:
        outbox = stack.enter_context(Outbox(mail.sent)) if mail.sent.exists() else None
        outcomes = [standing(message, outbox) for message in messages]
    show(outcomes, common.output(), really=False)
    ready = sum(one.state is State.ready for one in outcomes)
    common.output().print(
        ngettext("{count} message would be sent.", "{count} messages would be sent.", ready).format(count=ready)
    )
    common.output().print(_("Nothing was sent: --really sends."))
    return outcomes


def _deliver(messages: Sequence[Message], run: Run, mail: MailSettings) -> list[Outcome]:
    from eklase_audit.mail.delivery import Delivery, State, standing
    from eklase_audit.mail.outbox import Outbox
    from eklase_audit.mail.password import password_of
    from eklase_audit.mail.server import Server
    from eklase_audit.mail.shown import show

    password = password_of(mail.user, os.environ) if mail.user else None
    with Outbox(mail.sent, create=True) as outbox:
        # A run as of a day to come takes out no more than today's would.
        outbox.forget(_week(min(datetime.now(), run.as_of)))
        delivery = Delivery(Server(mail, password), outbox, _now, sleep, _say_waiting)
        outcomes = delivery.deliver([standing(message, outbox) for message in messages])
    show(outcomes, common.output(), really=True)
    sent, left = (sum(wanted(one.state) for one in outcomes) for wanted in (lambda s: s is State.sent, _is_left))
    common.output().print(ngettext("{count} message sent.", "{count} messages sent.", sent).format(count=sent))
    voice.sum_up("", sent=sent, not_sent=left)
    if delivery.fault:
        voice.complain(delivery.fault)
    if left:
        voice.complain(
            ngettext(
                "{count} message was not sent, or perhaps not; the answer tells which",
                "{count} messages were not sent, or perhaps not; the answer tells which",
                left,
            ).format(count=left),
            "NotSent",
        )
    if delivery.fault and not left:
        raise typer.Exit(BROKEN)
    return outcomes


def _now() -> datetime:
    return datetime.now().replace(microsecond=0)


def _say_waiting(seconds: int, count: int) -> None:
    common.say(
        ngettext(
            "{count} message is put off by the server: trying again in {seconds} s",
            "{count} messages are put off by the server: trying again in {seconds} s",
            count,
        ).format(count=count, seconds=seconds)
    )


def _is_left(state: object) -> bool:
    from eklase_audit.mail.delivery import DONE

    return state not in DONE


def _all_done(outcomes: Sequence[Outcome]) -> bool:
    return not any(_is_left(one.state) for one in outcomes)


def _notice(audit: Audit, outcomes: Sequence[Outcome]) -> str:
    """One line without names."""
    from eklase_audit.mail.delivery import State

    return _("As of {moment}: findings {findings}; messages sent {sent}, not sent {left}").format(
        moment=moment_text(audit.as_of),
        findings=len(audit.counted),
        sent=sum(one.state is State.sent for one in outcomes),
        left=sum(_is_left(one.state) for one in outcomes),
    )
