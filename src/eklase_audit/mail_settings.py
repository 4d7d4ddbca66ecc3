"""What a school sets for mail: the tables [mail] and [notify] of its configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from eklase_audit.addresses import is_address
from eklase_audit.i18n import _
from eklase_audit.toml_tables import Tables

# The one place from which a password is taken, besides the keyring.
PASSWORD_VARIABLE = "EKLASE_AUDIT_MAIL_PASSWORD"  # noqa: S105 - the variable's name
# Instead of [notify] urls, which may hold tokens.
NOTIFY_VARIABLE = "EKLASE_AUDIT_NOTIFY_URLS"
# How the way to the server is kept private, and the port for it.
PORTS = {"starttls": 587, "tls": 465, "none": 25}
KEYS = ("host", "port", "security", "user", "from", "to", "cafile", "sent")
SENT = "eklase-audit-sent.db"


@dataclass(frozen=True)
class MailSettings:
    """The server, who sends, and to whom the report goes; `sent` is the journal of what was sent.

    `cafile` holds the certificates that are trusted, where they are not those of the system.
    """

    host: str
    port: int
    security: str
    sender: str
    user: str | None
    to: tuple[str, ...]
    cafile: Path | None
    sent: Path


def read_mail(tables: Tables, folder: Path, value: Any) -> MailSettings:
    """The table [mail]; files are named from a folder. Raises AuditError."""
    if isinstance(value, dict) and "password" in value:
        raise tables.fault(
            "mail.password",
            _("no password may stand in this file: delete it here, and put it in the keyring or in {variable}").format(
                variable=PASSWORD_VARIABLE
            ),
        )
    tables.known("mail", value, KEYS)
    entry = tables.table("mail", value, ("host", "from"), [key for key in KEYS if key not in ("host", "from")])
    host = tables.text("mail.host", entry["host"])
    security = tables.text("mail.security", entry.get("security", "starttls"), tuple(PORTS))
    if not host.strip():
        raise tables.fault("mail.host", _("the name of a mail server is wanted"))
    if security == "none" and not _is_loopback(host):
        raise tables.fault(
            "mail.security", _('"none" is only for a server on this computer (localhost): write "starttls" or "tls"')
        )
    port = entry.get("port", PORTS[security])
    if type(port) is not int or not 1 <= port <= 65535:
        raise tables.fault("mail.port", _("a number from 1 to 65535 is wanted"))
    to = tables.texts("mail.to", entry.get("to", []))
    for number, one in enumerate(to, 1):
        _hold_address(tables, f"mail.to[{number}]", one)
    if len({one.casefold() for one in to}) < len(to):
        raise tables.fault("mail.to", _("an address stands here twice"))
    return MailSettings(
        host,
        port,
        security,
        _hold_address(tables, "mail.from", tables.text("mail.from", entry["from"])),
        tables.text("mail.user", entry["user"]) if "user" in entry else None,
        to,
        _file(tables, folder, entry, "cafile"),
        _file(tables, folder, entry, "sent") or folder / SENT,
    )


def read_notify(tables: Tables, value: Any) -> tuple[str, ...]:
    """The addresses of the table [notify], as Apprise writes them. Raises AuditError."""
    return tables.texts("notify.urls", tables.known("notify", value, ("urls",)).get("urls", []))


def _hold_address(tables: Tables, key: str, text: str) -> str:
    if not is_address(text):
        raise tables.fault(key, _("a mail address is wanted, such as birojs@skola.lv"))
    return text


def _file(tables: Tables, folder: Path, entry: Mapping[str, Any], key: str) -> Path | None:
    return folder / tables.text(f"mail.{key}", entry[key]) if key in entry else None


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
