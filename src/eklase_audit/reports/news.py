"""What is new since the run before, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eklase_audit.audit import Audit
from eklase_audit.findings import NEW, Finding
from eklase_audit.i18n import _, day_text, moment_text, ngettext

if TYPE_CHECKING:
    from rich.text import Text


def weeks_open(audit: Audit, finding: Finding) -> int | None:
    """For how many whole weeks a finding has been open; None without a history."""
    return None if finding.since is None else (audit.as_of.date() - finding.since).days // 7


def news_text(audit: Audit) -> str:
    """One line: what is new, still open and mended since the run before; "" without a history."""
    turns = audit.turns
    if turns is None:
        return ""
    if audit.previous is None:
        return _("First run of the history: all findings count as new.")
    new = sum(finding.news == NEW for finding in audit.counted)
    since = [finding.since for finding in audit.counted if finding.news != NEW and finding.since]
    old = _("{count} still open").format(count=len(since))
    if since:
        old += " " + _("(the oldest since {day})").format(day=day_text(min(since)))
    parts = [_("{count} new").format(count=new), old]
    if turns.entered:
        parts.append(_("{count} of these entered late").format(count=turns.entered))
    parts.append(_("{count} mended").format(count=len(audit.mended)))
    if turns.untold:
        parts.append(_("{count} that cannot be told").format(count=turns.untold))
    line = _("Since {moment}: {parts}").format(moment=moment_text(audit.previous), parts=", ".join(parts))
    if audit.new_only:
        left = len(audit.counted) - new
        line += ". " + ngettext(
            "{count} open finding is not listed", "{count} open findings are not listed", left
        ).format(count=left)
    return line + "."


def mark(audit: Audit, finding: Finding) -> Text:
    """A sign behind a finding: that it is new, or for how many weeks it has been open."""
    from rich.text import Text

    weeks = weeks_open(audit, finding)
    if weeks is None:
        return Text()
    if finding.news == NEW:
        return Text(_("new"), style="bold magenta")
    return Text(_("{count} wk").format(count=weeks) if weeks else _("open"), style="dim")
