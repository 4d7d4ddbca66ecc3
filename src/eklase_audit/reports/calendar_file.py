"""What falls due next as an iCalendar file (RFC 5545), for the calendars of Outlook, Google and phones.

Programs that show calendars hardly show to-dos, so these are events: one a teacher, moment and matter, with
its count in the title and what it is about in the description. A deadline with a clock is the half hour
before it, one at the end of a day an event of the whole day; neither makes anybody busy.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vRecur

from eklase_audit import __version__
from eklase_audit.agenda import DueLine, due_lines, tasks
from eklase_audit.audit import Audit
from eklase_audit.i18n import _, active, moment_text
from eklase_audit.reports.layout import safe
from eklase_audit.reports.wording import checks_text, on_text, person_text, things_text

ZONE = "Europe/Riga"
# How long before the moment a deadline with a clock is shown to begin.
_SHOWN = timedelta(minutes=30)
# The alarm of a whole day rings at eight in the morning of the day before, not at midnight.
_MORNING_BEFORE = timedelta(hours=-16)


def render(audit: Audit, *, names: bool = False) -> bytes:
    """The pending duties of an audit as a calendar. Pupils are named only where `names` asks for it."""
    calendar = Calendar()
    calendar.add("prodid", f"-//eklase-audit//eklase-audit {__version__}//{active().upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("E-klase: what falls due"))
    calendar.add("x-wr-timezone", ZONE)
    calendar.add_component(_riga())
    lines = due_lines(audit.awaited)
    one_person = len({line.person for line in lines}) == 1
    # Sorted again, since all of a check and moment is one event, whatever its classes and subjects.
    lines = sorted(lines, key=lambda line: (line.due_at, person_text(line.person), line.matter))
    for _key, group in groupby(lines, key=lambda line: (line.due_at, line.person, line.matter)):
        calendar.add_component(_event(list(group), audit.as_of, one_person=one_person, names=names))
    content: bytes = calendar.to_ical()
    return content


def _event(lines: Sequence[DueLine], as_of: datetime, *, one_person: bool, names: bool) -> Event:
    """The event of all that one person owes of one matter by one moment."""
    due_at, person = lines[0].due_at, lines[0].person
    thing = things_text(one for line in lines for one in line.findings)
    count = sum(len(line.findings) for line in lines)
    title = f"E-klase: {thing} ({count})"
    if not one_person:
        title += f" – {person_text(person)}"
    event = Event()
    event.add("uid", _uid(lines[0]))
    event.add("dtstamp", as_of.replace(tzinfo=ZoneInfo(ZONE)).astimezone(ZoneInfo("UTC")))
    event.add("summary", _safe(title))
    event.add("description", _safe_lines(_description(lines, names=names)))
    event.add("transp", "TRANSPARENT")
    event.add("categories", ["E-klase"])
    alarm = Alarm()
    if (due_at.hour, due_at.minute, due_at.second) == (23, 59, 59):
        event.add("dtstart", due_at.date())
        event.add("dtend", due_at.date() + timedelta(days=1))
        alarm.add("trigger", _MORNING_BEFORE)
    else:
        # Local times with the zone's name: a program finds the offset in the zone beside them.
        event.add("dtstart", due_at - _SHOWN, parameters={"TZID": ZONE})
        event.add("dtend", due_at, parameters={"TZID": ZONE})
        alarm.add("trigger", timedelta(days=-1))
    alarm.add("action", "DISPLAY")
    alarm.add("description", _safe(title))
    event.add_component(alarm)
    return event


def _description(lines: Sequence[DueLine], *, names: bool) -> list[str]:
    found = [one for line in lines for one in line.findings]
    told = [
        _("Due: {moment}").format(moment=moment_text(lines[0].due_at)),
        _("Clause {number}, check {check}").format(number=found[0].rule.clause, check=checks_text(found)),
        person_text(lines[0].person),
        "",
    ]
    for task in tasks(found):
        one = task.first
        parts = [part for part in (one.class_, one.subject, on_text(one)) if part]
        told.append(", ".join(parts) + (f": {len(task.findings)}" if len(task.findings) > 1 else ""))
        if names and task.pupils:
            told.append("  " + ", ".join(task.pupils))
    return told


def _safe(line: str) -> str:
    return safe(line).plain


def _safe_lines(lines: Sequence[str]) -> str:
    return "\n".join(_safe(line) for line in lines)


def _uid(line: DueLine) -> str:
    """The same as long as the deadline stands, so that a later file renews the event and does not double it.

    It is no fingerprint of a duty: the duties of an event become fewer while they are done.
    """
    person = line.person
    about = repr((line.matter, person.name, person.role, person.class_, line.due_at.isoformat()))
    return f"{blake2b(about.encode(), digest_size=12).hexdigest()}@eklase-audit"


def _riga() -> Timezone:
    """The zone of all times here: two hours ahead of UTC, three from the last Sunday of March to that of October."""
    zone = Timezone()
    zone.add("tzid", ZONE)
    for part, first, month, before, after, name in (
        (TimezoneStandard(), datetime(1997, 10, 26, 4), 10, 3, 2, "EET"),
        (TimezoneDaylight(), datetime(1997, 3, 30, 3), 3, 2, 3, "EEST"),
    ):
        rule: dict[str, Any] = {"freq": "yearly", "bymonth": month, "byday": "-1SU"}
        part.add("tzname", name)
        part.add("dtstart", first)
        part.add("tzoffsetfrom", timedelta(hours=before))
        part.add("tzoffsetto", timedelta(hours=after))
        part.add("rrule", vRecur(rule))
        zone.add_component(part)
    return zone
