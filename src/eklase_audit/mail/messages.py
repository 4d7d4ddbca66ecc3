"""What is sent: a teacher's letter, or the report to one of the leadership, as a message of mail."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from secrets import token_hex

from eklase_audit.audit import Audit
from eklase_audit.i18n import _, active, moment_text
from eklase_audit.reports.letter_files import message_of
from eklase_audit.reports.letters import Letter


def letter_message(letter: Letter, recipient: str, sender: str, now: datetime) -> bytes:
    """The letter of a teacher, to that teacher alone."""
    return _sealed(message_of(letter, recipient), sender, now)


def report_message(audit: Audit, page: bytes, brief: str, recipient: str, sender: str, now: datetime) -> bytes:
    """The report as a page of HTML, attached to a text in brief."""
    message = EmailMessage(policy=SMTP)
    message["To"] = Address(addr_spec=recipient)
    message["Subject"] = _("E-klase: the audit as of {moment}").format(moment=moment_text(audit.as_of))
    message.set_content(brief, cte="base64")
    name = f"eklase-audit-{audit.as_of:%Y-%m-%d}.html"
    message.add_attachment(page, maintype="text", subtype="html", filename=name, params={"charset": "utf-8"})
    return _sealed(message, sender, now)


def _sealed(message: EmailMessage, sender: str, now: datetime) -> bytes:
    """The bytes of a message, with what is needed on the way. Nothing in it tells of this computer."""
    message["From"] = Address(addr_spec=sender)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{token_hex(16)}@{sender.partition('@')[2]}>"
    # No machine answers it with "I am on holiday".
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = active()
    return bytes(message)
