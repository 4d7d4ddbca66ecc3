"""The way to the mail server: encrypted, its certificate verified, never with less than was asked for.

What a server answers may name people: only its code is told.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress

from eklase_audit.errors import AuditError
from eklase_audit.i18n import _
from eklase_audit.mail_settings import MailSettings

_TIMEOUT_SECONDS = 60.0
# What is said of this computer to the server: not its name.
_GREETING_NAME = "[127.0.0.1]"


class Unavailable(Exception):  # noqa: N818 - an outcome, not a mistake
    """The server, or the way to it, does not take a message now; it may later. `code` is its answer, if any."""

    def __init__(self, code: int | None = None, *, lost: bool = False) -> None:
        self.code = code
        # The connection is of no more use.
        self.lost = lost
        super().__init__(code)


class Refused(Exception):  # noqa: N818
    """The server does not take this message, now or later."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(code)


class Unknown(Exception):  # noqa: N818
    """The connection broke while a message was handed over: nobody here knows whether it arrived."""


def _answer(code: int) -> Unavailable | Refused:
    """What an answer other than "yes" means."""
    # With 421 a server says that it hangs up.
    return Refused(code) if code >= 500 else Unavailable(code, lost=code == 421)


class Server:
    """A mail server that messages are handed to, one after the other."""

    def __init__(self, settings: MailSettings, password: str | None) -> None:
        self.settings = settings
        self.password = password
        self._smtp: smtplib.SMTP | None = None

    def _fault(self, text: str) -> AuditError:
        return AuditError(f"{self.settings.host}:{self.settings.port}: {text}")

    def open(self) -> None:
        """Connect, encrypt, log in. Raises Unavailable, or AuditError where waiting would not help."""
        if self._smtp is not None:
            return
        try:
            self._smtp = self._connected()
        except BaseException:
            self._drop()
            raise

    def _connected(self) -> smtplib.SMTP:
        settings = self.settings
        context = self._context()
        try:
            smtp: smtplib.SMTP
            if settings.security == "tls":
                smtp = smtplib.SMTP_SSL(
                    settings.host, settings.port, _GREETING_NAME, timeout=_TIMEOUT_SECONDS, context=context
                )
            else:
                smtp = smtplib.SMTP(settings.host, settings.port, _GREETING_NAME, timeout=_TIMEOUT_SECONDS)
        except (OSError, smtplib.SMTPException) as fault:
            raise self._unconnected(fault) from None
        self._smtp = smtp
        try:
            if settings.security == "starttls":
                self._encrypt(smtp, context)
            if settings.user is not None:
                self._log_in(smtp, settings.user, self.password or "")
        except (OSError, smtplib.SMTPException) as fault:
            raise self._unconnected(fault) from None
        return smtp

    def _context(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self.settings.cafile)
        except OSError:
            raise AuditError(
                _("{path}: no certificates can be read from it").format(path=self.settings.cafile)
            ) from None

    def _encrypt(self, smtp: smtplib.SMTP, context: ssl.SSLContext) -> None:
        try:
            smtp.starttls(context=context)
        except smtplib.SMTPNotSupportedError:
            raise self._fault(_("the server offers no encryption (STARTTLS): nothing was sent")) from None

    def _log_in(self, smtp: smtplib.SMTP, user: str, password: str) -> None:
        try:
            smtp.login(user, password)
        except smtplib.SMTPNotSupportedError:
            raise self._fault(_("the server knows no user and password: take `user` out of [mail]")) from None
        except smtplib.SMTPAuthenticationError as fault:
            if fault.smtp_code >= 500:
                raise self._fault(
                    _("the server refused the user and password ({code}): nothing was sent").format(
                        code=fault.smtp_code
                    )
                ) from None
            raise

    def _unconnected(self, fault: OSError | smtplib.SMTPException) -> Exception:
        if isinstance(fault, ssl.SSLCertVerificationError):
            return self._fault(_("the server's certificate is not to be trusted: nothing was sent"))
        if isinstance(fault, ssl.SSLError):
            return self._fault(_('no encrypted connection can be made: look at "security" and "port" in [mail]'))
        if isinstance(fault, socket.gaierror) and fault.errno == socket.EAI_NONAME:
            return self._fault(_('there is no such server: look at "host" in [mail], and at the network'))
        if isinstance(fault, smtplib.SMTPResponseException) and fault.smtp_code >= 500:
            return self._fault(
                _("the server does not talk to this computer ({code}): nothing was sent").format(code=fault.smtp_code)
            )
        return Unavailable(fault.smtp_code if isinstance(fault, smtplib.SMTPResponseException) else None, lost=True)

    def hand_over(self, content: bytes, recipient: str, before: Callable[[], None]) -> None:
        """Hand a message over; `before` is called when the server knows the recipient and nothing is sent yet.

        Raises Unavailable, Refused, Unknown, and AuditError as `open` does.
        """
        self.open()
        smtp = self._smtp
        assert smtp is not None
        try:
            self._name(smtp, recipient)
            before()
            self._content(smtp, content)
        except (Unavailable, Refused) as outcome:
            if isinstance(outcome, Unavailable) and outcome.lost:
                self._drop()
            else:
                self._reset(smtp)
            raise
        except BaseException:
            self._drop()
            raise

    def _name(self, smtp: smtplib.SMTP, recipient: str) -> None:
        try:
            for name, address in ((smtp.mail, self.settings.sender), (smtp.rcpt, recipient)):
                code, _reply = name(address)
                if not 200 <= code < 300:
                    raise _answer(code)
        except (smtplib.SMTPServerDisconnected, OSError):
            raise Unavailable(lost=True) from None

    def _content(self, smtp: smtplib.SMTP, content: bytes) -> None:
        try:
            code, _reply = smtp.data(content)
        except smtplib.SMTPDataError as fault:
            # It did not want to hear it at all.
            code = fault.smtp_code
        except (smtplib.SMTPServerDisconnected, OSError):
            raise Unknown from None
        if not 200 <= code < 300:
            raise _answer(code)

    def _reset(self, smtp: smtplib.SMTP) -> None:
        """Forget a message that was not taken, so that the next can be named."""
        try:
            smtp.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def close(self) -> None:
        """Take leave of the server."""
        if self._smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
        self._drop()

    def _drop(self) -> None:
        """Let a connection go that is of no more use."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()
