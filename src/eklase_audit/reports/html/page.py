"""The page as a whole: its parts put together, in one file that needs no other."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from eklase_audit.audit import Audit
from eklase_audit.i18n import _, active, moment_text
from eklase_audit.reports.wording import bearer_text, message, totals


def render(audit: Audit) -> bytes:
    """The report of an audit as one HTML file, in the language spoken."""
    environment = Environment(
        loader=PackageLoader("eklase_audit.reports.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("page.html").render(
        language=active(),
        regulation=audit.regulation.title,
        as_of=_("As of {moment}").format(moment=moment_text(audit.as_of)),
        totals=totals(audit),
        findings=[(bearer_text(finding), message(finding)) for finding in audit.findings],
    )
    return page.encode()
