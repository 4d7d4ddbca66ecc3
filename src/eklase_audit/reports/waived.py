"""What waivers excuse, and the waivers themselves: in the terminal and as plain values."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from eklase_audit.audit import Audit
from eklase_audit.errors import AuditError
from eklase_audit.findings import EXPIRED, EXPIRING, NOT_YET, UNCHECKED, UNMATCHED, USED, Finding, Waiver, WaiverUse
from eklase_audit.i18n import N_, _, day_text, ngettext
from eklase_audit.reports.layout import Column, is_narrow, lines_of, safe, table_of, words_column
from eklase_audit.reports.wording import bearer_text, message

_STATES = {
    USED: N_("honoured"),
    EXPIRING: N_("ends soon"),
    UNMATCHED: N_("excuses nothing: take it out, or mend it"),
    UNCHECKED: N_("holds; not all was audited that it may be for"),
    NOT_YET: N_("does not hold yet"),
    EXPIRED: N_("has ended: prolong it, or take it out"),
}
_STYLES = {USED: "green", EXPIRING: "yellow", UNMATCHED: "yellow", EXPIRED: "red"}
# What an audit names besides what is excused: the school has something to do there.
_TOLD = (EXPIRED, EXPIRING, UNMATCHED)
_SHORT = 8


def show(audit: Audit, console: Console) -> None:
    """Print the findings that are excused, with the reason, and the waivers that ended or excuse nothing."""
    excused = [(finding, finding.waiver) for finding in audit.findings if finding.waiver]
    if excused:
        narrow = is_narrow(console)
        columns = [Column(_("Check")), words_column(_("What")), words_column(_("Reason"))]
        if not narrow:
            columns += [words_column(_("Order")), words_column(_("Allowed by")), Column(_("Until"))]
        table = table_of(_("Waived findings"), *columns)
        for finding, waiver in excused:
            first, reason, *others = _excused_cells(finding, waiver)
            check = Text.assemble(finding.rule.id, "\n", (finding.fingerprint[:_SHORT], "dim"))
            named = [Text(f"{name} ").append_text(text) for name, text in zip(_names(), others, strict=True) if text]
            table.add_row(check, first, *([lines_of(reason, *named)] if narrow else [reason, *others]))
        console.print(table)
    if told := to_look_at(audit):
        _show_uses(_("Waivers to look at"), told, console)


def _names() -> tuple[str, str, str]:
    return _("order"), _("allowed by"), _("until")


def _excused_cells(finding: Finding, waiver: Waiver) -> tuple[Text, Text, Text, Text, Text]:
    about = (bearer_text(finding), finding.class_, finding.subject, finding.pupil)
    on = day_text(finding.on) if finding.on else None
    what = lines_of(safe(", ".join(filter(None, (*about, on)))), safe(message(finding)))
    return what, safe(waiver.reason), safe(waiver.order), safe(waiver.allowed_by), Text(_end(waiver))


def _end(waiver: Waiver) -> str:
    return day_text(waiver.last) if waiver.last else ""


def to_look_at(audit: Audit) -> list[WaiverUse]:
    """The waivers at which the school has something to do."""
    return [use for use in audit.waivers if use.state in _TOLD]


def show_list(uses: Sequence[WaiverUse], console: Console) -> None:
    """Print all waivers with their states."""
    if uses:
        _show_uses(_("Waivers"), uses, console)
    count = len(uses)
    console.print(
        Text(ngettext("In all: {count} waiver", "In all: {count} waivers", count).format(count=count), style="bold")
    )


def _show_uses(title: str, uses: Iterable[WaiverUse], console: Console) -> None:
    table = table_of(
        title,
        words_column(_("Where")),
        words_column(_("What it is for")),
        words_column(_("Reason")),
        words_column(_("Holds")),
        words_column(_("State")),
    )
    for use in uses:
        waiver = use.waiver
        table.add_row(
            safe(waiver.place),
            safe(about_text(waiver)),
            safe(waiver.reason),
            Text(_span(waiver.first, waiver.last)),
            Text(state_text(use), style=_STYLES.get(use.state, "")),
        )
    console.print(table)


def about_text(waiver: Waiver) -> str:
    """What a waiver is for, in words."""
    parts = []
    if waiver.fingerprint:
        parts.append(waiver.fingerprint[:_SHORT])
    if waiver.clause:
        is_number = waiver.clause.replace(".", "").isdigit()
        parts.append(_("clause {number}").format(number=waiver.clause) if is_number else waiver.clause)
    parts += [*waiver.teachers, *filter(None, (waiver.class_, waiver.subject, waiver.pupil))]
    if any(waiver.days):
        parts.append(_span(*waiver.days))
    return ", ".join(parts)


def state_text(use: WaiverUse) -> str:
    """How a waiver stands, and how many findings fit it where that was looked at."""
    text = _("holds") if use.matches is None and use.state == UNCHECKED else _(_STATES[use.state])
    if not use.matches:
        return text
    found = ngettext("{count} finding", "{count} findings", use.matches).format(count=use.matches)
    return f"{text} ({found})"


def _span(first: date | None, last: date | None) -> str:
    """The days from one to another, either of them open."""
    if first and last:
        return day_text(first) if first == last else f"{day_text(first)} – {day_text(last)}"
    if first:
        return _("from {day}").format(day=day_text(first))
    return _("until {day}").format(day=day_text(last)) if last else ""


# ---- plain values


def finding_waiver(finding: Finding) -> dict[str, Any] | None:
    """What excuses a finding, as plain values."""
    return _grounds(finding.waiver) if finding.waiver else None


def waiver_entries(uses: Iterable[WaiverUse]) -> list[dict[str, Any]]:
    """Waivers with their states, as plain values."""
    return [
        {
            **_grounds(use.waiver),
            "state": use.state,
            "matches": use.matches,
            "fingerprint": use.waiver.fingerprint,
            "clause": use.waiver.clause,
            "teachers": list(use.waiver.teachers),
            "class": use.waiver.class_,
            "subject": use.waiver.subject,
            "pupil": use.waiver.pupil,
            "days_from": _iso(use.waiver.days[0]),
            "days_to": _iso(use.waiver.days[1]),
        }
        for use in uses
    ]


def list_text(uses: Iterable[WaiverUse], faults: Iterable[AuditError], as_of: datetime) -> str:
    """The waivers alone as JSON text."""
    entry = {
        "schema": 1,
        "as_of": as_of.isoformat(),
        "waivers": waiver_entries(uses),
        "errors": [str(fault) for fault in faults],
    }
    return json.dumps(entry, ensure_ascii=False, indent=2) + "\n"


def _grounds(waiver: Waiver) -> dict[str, Any]:
    return {
        "reason": waiver.reason,
        "order": waiver.order or None,
        "allowed_by": waiver.allowed_by or None,
        "from": _iso(waiver.first),
        "until": _iso(waiver.last),
        "place": waiver.place,
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
