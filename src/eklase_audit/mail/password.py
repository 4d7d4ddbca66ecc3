"""The password of the mail server: from a variable of the environment or the keyring of the system."""

from __future__ import annotations

from collections.abc import Mapping

from eklase_audit.errors import AuditError
from eklase_audit.i18n import _
from eklase_audit.mail_settings import PASSWORD_VARIABLE

SERVICE = "eklase-audit"


def password_of(user: str, environ: Mapping[str, str]) -> str:
    """The password of a user. Raises AuditError that says how to put it where it is looked for."""
    found = environ.get(PASSWORD_VARIABLE) or _from_keyring(user)
    if not found:
        raise AuditError(
            _(
                "there is no password for the mail server: put it in the variable {variable}, or install "
                "eklase-audit[mail] and store it with: keyring set {service} USER"
            ).format(variable=PASSWORD_VARIABLE, service=SERVICE)
        )
    if not found.isascii():
        raise AuditError(_("the password of the mail server has letters that mail servers do not take: change it"))
    return found


def _from_keyring(user: str) -> str | None:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        return keyring.get_password(SERVICE, user)
    except KeyringError:
        # None that can be opened: as in cron, where nobody is logged in.
        return None
