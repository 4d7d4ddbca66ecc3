"""Handing messages to a real mail server: encrypted or not at all, patient, each message once."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from eklase_audit.mail.delivery import WAITS, Delivery, Kind, Message, Outcome, State, standing
from eklase_audit.mail.outbox import KEPT_DAYS, Outbox
from eklase_audit.mail.server import Server
from eklase_audit.mail_settings import MailSettings
from mail_server import PASSWORD, USER, Mailbox, mail_server, trusted

WEEK = 20506
NOW = datetime(2026, 2, 27, 7, 0)
ANNA, ILZE, OTO = (f"{name}@skola.example" for name in ("anna", "ilze", "oto"))


def message(recipient: str, *, again: bool = False) -> Message:
    content = EmailMessage(policy=SMTP)
    content["To"] = recipient
    content.set_content(f"tikai {recipient}\n.\n..\n", cte="base64")
    return Message(Kind.letter, recipient, "", WEEK, bytes(content), again)


@pytest.fixture
def box() -> Mailbox:
    return Mailbox()


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Outbox(tmp_path / "sent.db", create=True) as opened:
        yield opened


def settings(folder: Path, port: int, security: str = "starttls") -> MailSettings:
    return MailSettings(
        "localhost", port, security, "audits@skola.example", USER, (), trusted(folder), folder / "sent.db"
    )


def delivered(
    folder: Path, box: Mailbox, outbox: Outbox, messages: list[Message], security: str = "starttls", **options: str
) -> tuple[list[Outcome], Delivery, list[float]]:
    slept: list[float] = []
    with mail_server(box, options.get("server", security), options.get("name", "localhost")) as port:
        server = Server(settings(folder, port, security), options.get("password", PASSWORD))
        delivery = Delivery(server, outbox, lambda: NOW, slept.append)
        outcomes = delivery.deliver([standing(one, outbox) for one in messages])
    return outcomes, delivery, slept


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_each_gets_its_own_message_encrypted(tmp_path: Path, box: Mailbox, outbox: Outbox, security: str) -> None:
    outcomes, delivery, slept = delivered(tmp_path, box, outbox, [message(ANNA), message(ILZE)], security)
    assert [one.state for one in outcomes] == [State.sent, State.sent]
    assert [(to, one.get_content().splitlines()) for to, one in box.took] == [
        (to, [f"tikai {to}", ".", ".."]) for to in (ANNA, ILZE)
    ]
    assert box.encrypted == [True, True]
    assert (slept, delivery.fault) == ([], None)


@pytest.mark.parametrize(
    ("server", "security", "name", "password", "told"),
    [
        ("none", "starttls", "localhost", PASSWORD, "offers no encryption"),
        ("none", "tls", "localhost", PASSWORD, "no encrypted connection can be made"),
        ("starttls", "starttls", "cits.example", PASSWORD, "certificate is not to be trusted"),
        ("tls", "tls", "cits.example", PASSWORD, "certificate is not to be trusted"),
        ("starttls", "starttls", "localhost", "nepareizi", "refused the user and password (535)"),
    ],
)
def test_without_trust_nothing_is_said(
    tmp_path: Path, box: Mailbox, outbox: Outbox, server: str, security: str, name: str, password: str, told: str
) -> None:
    outcomes, delivery, slept = delivered(
        tmp_path, box, outbox, [message(ANNA)], security, server=server, name=name, password=password
    )
    assert [one.state for one in outcomes] == [State.ready]
    assert told in str(delivery.fault)
    assert (box.asked, slept) == ([], [])
    assert PASSWORD not in str(delivery.fault)


def test_a_certificate_nobody_vouches_for_is_refused(tmp_path: Path, box: Mailbox, outbox: Outbox) -> None:
    with mail_server(box, "tls") as port:
        server = Server(replace(settings(tmp_path, port, "tls"), cafile=None), PASSWORD)
        delivery = Delivery(server, outbox, lambda: NOW, lambda seconds: None)
        delivery.deliver([standing(message(ANNA), outbox)])
    assert "certificate is not to be trusted" in str(delivery.fault)


@pytest.mark.parametrize("content", [None, "nav sertifikāts"])
def test_certificates_that_cannot_be_read(tmp_path: Path, box: Mailbox, outbox: Outbox, content: str | None) -> None:
    path = tmp_path / "cita.pem"
    if content is not None:
        path.write_text(content, "utf-8")
    with mail_server(box) as port:
        server = Server(replace(settings(tmp_path, port), cafile=path), PASSWORD)
        delivery = Delivery(server, outbox, lambda: NOW, lambda seconds: None)
        delivery.deliver([standing(message(ANNA), outbox)])
    assert "cita.pem: no certificates can be read" in str(delivery.fault)


def test_a_refusal_is_final_for_one_and_others_go_on(tmp_path: Path, outbox: Outbox) -> None:
    box = Mailbox(rcpt=lambda address, count: "550 no such person" if address == ANNA else None)
    outcomes, _delivery, slept = delivered(tmp_path, box, outbox, [message(ANNA), message(ILZE)])
    assert [(one.state, one.code) for one in outcomes] == [(State.refused, 550), (State.sent, None)]
    assert slept == []
    assert standing(message(ANNA), outbox).state is State.ready


def test_a_message_refused_whole_can_be_sent_later(tmp_path: Path, outbox: Outbox) -> None:
    box = Mailbox(data=lambda address, count: "554 no" if address == ANNA else None)
    outcomes, _delivery, _slept = delivered(tmp_path, box, outbox, [message(ANNA), message(ILZE)])
    assert [(one.state, one.code) for one in outcomes] == [(State.refused, 554), (State.sent, None)]
    assert standing(message(ANNA), outbox).state is State.ready


@pytest.mark.parametrize("answer", ["451 greylisted", "drop", "421 too busy"])
def test_what_is_put_off_is_tried_again(tmp_path: Path, outbox: Outbox, answer: str) -> None:
    box = Mailbox(rcpt=lambda address, count: answer if address == ANNA and not count else None)
    outcomes, _delivery, slept = delivered(tmp_path, box, outbox, [message(ANNA), message(ILZE)])
    assert [one.state for one in outcomes] == [State.sent, State.sent]
    assert [to for to, _message in box.took] == [ILZE, ANNA]
    assert slept == [WAITS[0]]


def test_patience_ends(tmp_path: Path, outbox: Outbox) -> None:
    box = Mailbox(data=lambda address, count: "451 later" if address == ANNA else None)
    outcomes, _delivery, slept = delivered(tmp_path, box, outbox, [message(ANNA), message(ILZE)])
    assert [(one.state, one.code) for one in outcomes] == [(State.unavailable, 451), (State.sent, None)]
    assert slept == list(WAITS)
    assert box.asked.count(("data", ANNA)) == len(WAITS) + 1
    assert standing(message(ANNA), outbox).state is State.ready


def test_no_server_at_all_is_waited_for(tmp_path: Path, box: Mailbox, outbox: Outbox) -> None:
    with mail_server(box) as port:
        pass
    slept: list[float] = []
    delivery = Delivery(Server(settings(tmp_path, port), PASSWORD), outbox, lambda: NOW, slept.append)
    outcomes = delivery.deliver([standing(message(ANNA), outbox)])
    assert [(one.state, one.code) for one in outcomes] == [(State.unavailable, None)]
    assert slept == list(WAITS)


def test_a_connection_lost_in_the_middle_leaves_a_question(tmp_path: Path, outbox: Outbox) -> None:
    """Whether it arrived nobody knows: it is not sent again by itself, and it is told."""
    box = Mailbox(data=lambda address, count: "drop" if address == ANNA and not count else None)
    outcomes, _delivery, slept = delivered(tmp_path, box, outbox, [message(ANNA), message(ILZE)])
    assert [(one.state, one.at) for one in outcomes] == [(State.unknown, NOW), (State.sent, NOW)]
    assert slept == []
    again, _delivery, _slept = delivered(tmp_path, box, outbox, [message(ANNA)])
    assert [one.state for one in again] == [State.unknown]
    assert box.asked.count(("data", ANNA)) == 1
    asked, _delivery, _slept = delivered(tmp_path, box, outbox, [message(ANNA, again=True)])
    assert [one.state for one in asked] == [State.sent]


def test_a_run_killed_in_the_middle_leaves_a_question(outbox: Outbox) -> None:
    assert outbox.claim(*message(ANNA).key, 1, again=False)
    assert standing(message(ANNA), outbox).state is State.unknown


def test_nothing_is_sent_twice_in_a_week(tmp_path: Path, box: Mailbox, outbox: Outbox) -> None:
    delivered(tmp_path, box, outbox, [message(ANNA)])
    same = replace(message(ANNA), recipient=ANNA.upper())
    others = [replace(message(ANNA), week=WEEK + 7), replace(message(ANNA), kind=Kind.report)]
    outcomes, _delivery, _slept = delivered(tmp_path, box, outbox, [message(ANNA), same, *others])
    states = [State.sent_before, State.sent_before, State.sent, State.sent]
    assert [one.state for one in outcomes] == states
    assert outcomes[0].at == NOW


def test_two_runs_at_once_send_it_once(tmp_path: Path, box: Mailbox, outbox: Outbox) -> None:
    """The other one is faster: it has the message already when this one comes to it."""
    late = standing(message(ANNA), outbox)
    delivered(tmp_path, box, outbox, [message(ANNA)])
    with mail_server(box) as port:
        delivery = Delivery(Server(settings(tmp_path, port), PASSWORD), outbox, lambda: NOW, lambda seconds: None)
        assert [one.state for one in delivery.deliver([late])] == [State.sent_before]
    assert len(box.took) == 1


def test_a_refusal_of_a_second_copy_leaves_the_first_noted(tmp_path: Path, outbox: Outbox) -> None:
    delivered(tmp_path, Mailbox(), outbox, [message(ANNA)])
    box = Mailbox(data=lambda address, count: "554 no")
    outcomes, _delivery, _slept = delivered(tmp_path, box, outbox, [message(ANNA, again=True)])
    assert [one.state for one in outcomes] == [State.refused]
    assert standing(message(ANNA), outbox).state is State.sent_before


def test_the_journal_is_private_and_names_nobody(tmp_path: Path, box: Mailbox, outbox: Outbox) -> None:
    delivered(tmp_path, box, outbox, [message(ANNA)])
    files = [path for path in tmp_path.iterdir() if path.name.startswith("sent.db")]
    assert {"sent.db", "sent.db.key"} <= {path.name for path in files}
    for path in files:
        assert os.name == "nt" or stat.S_IMODE(path.stat().st_mode) == 0o600
        assert b"anna" not in path.read_bytes().lower()


def test_what_is_long_past_is_forgotten(outbox: Outbox) -> None:
    outbox.claim(*message(ANNA).key, 1, again=False)
    outbox.forget(WEEK + KEPT_DAYS)
    assert standing(message(ANNA), outbox).state is State.unknown
    outbox.forget(WEEK + KEPT_DAYS + 7)
    assert standing(message(ANNA), outbox).state is State.ready
