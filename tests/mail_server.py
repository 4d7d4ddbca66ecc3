"""A mail server on loopback that does what a test asks of it, with a certificate of its own."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

USER, PASSWORD = "audits", "tikai-testam"


@cache
def authority() -> trustme.CA:
    """Who signs the certificate of the server; one for all tests, since making keys takes its time."""
    return trustme.CA()


@cache
def certificate(name: str) -> trustme.LeafCert:
    """A certificate for a name."""
    return authority().issue_cert(name)


def trusted(folder: Path) -> Path:
    """A file with the certificate that is to be trusted."""
    path = folder / "ca.pem"
    authority().cert_pem.write_to_path(path)
    return path


@dataclass
class Mailbox:
    """What the server took, and how it answers: `rcpt` and `data` are asked with the address, and how often before.

    An answer of None is "yes"; "drop" hangs up.
    """

    rcpt: Callable[[str, int], str | None] = lambda address, count: None
    data: Callable[[str, int], str | None] = lambda address, count: None
    took: list[tuple[str, EmailMessage]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    def count(self, what: str, address: str) -> int:
        """How often it was asked this before; it is from now on once more."""
        before = self.asked.count((what, address))
        self.asked.append((what, address))
        return before

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer whether a recipient is known."""
        answer = self.rcpt(address, self.count("rcpt", address))
        if answer == "drop":
            server.transport.abort()
            return "421 gone"
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Answer whether a message is taken."""
        (address,) = envelope.rcpt_tos
        answer = self.data(address, self.count("data", address))
        if answer == "drop":
            server.transport.abort()
            return "421 gone"
        if answer is None:
            message = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.took.append((address, message))
            self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        return answer or "250 OK"


def _login(_server: Any, _session: Any, _envelope: Any, _mechanism: Any, data: Any) -> AuthResult:
    known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)


@contextmanager
def mail_server(box: Mailbox, security: str = "starttls", name: str = "localhost") -> Iterator[int]:
    """The port of a server that runs until the end of the block; security as in the configuration."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate(name).configure_cert(context)
    options: dict[str, Any] = {"hostname": "localhost", "authenticator": _login, "auth_require_tls": False}
    if security == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(
        loop.create_server(
            lambda: SMTP(box, loop=loop, **options), "127.0.0.1", 0, ssl=context if security == "tls" else None
        )
    )
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0.01))
        loop.close()
