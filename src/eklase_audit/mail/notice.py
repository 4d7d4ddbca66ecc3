"""One line to other channels (a webhook, a chat), by Apprise. It names nobody."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from eklase_audit.errors import AuditError
from eklase_audit.i18n import _


def notify(urls: Sequence[str], title: str, line: str) -> None:
    """Tell a line at each of some addresses, as Apprise writes them.

    Raises AuditError where one of them did not take it; which one is not told, since it may hold a token.
    """
    try:
        import apprise
    except ImportError:
        raise AuditError(_("[notify] needs Apprise: install eklase-audit[notify]")) from None
    # It would tell the addresses on standard error.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    channels = apprise.Apprise()
    if not all(channels.add(url) for url in urls):
        raise AuditError(_("[notify]: an address is none that Apprise knows"))
    if not channels.notify(title=title, body=line, body_format=apprise.NotifyFormat.TEXT):
        raise AuditError(_("[notify]: a channel did not take the notice"))
