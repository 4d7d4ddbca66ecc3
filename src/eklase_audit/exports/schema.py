"""What each column of each kind holds, and which cells must not be blank."""

from __future__ import annotations

from collections.abc import Mapping

# What a meaning holds, whatever its kind of export; the rest is text.
_HOLDS = {
    "pupil": "name", "teacher": "name", "class_teacher": "name", "responsible": "name",
    "class": "class", "subject": "subject", "lesson": "lesson", "weekday": "weekday", "month": "month",
    "date": "day", "submitted_on": "day", "from": "day", "to": "day", "enrolled_on": "day", "left_on": "day",
    "valid_from": "day", "valid_to": "day", "until": "day", "days_from": "day", "days_to": "day",
    "entered_at": "stamp", "topic_entered_at": "stamp", "absences_entered_at": "stamp",
    "homework_entered_at": "stamp", "changed_at": "stamp", "justified_at": "stamp", "received_at": "stamp",
    "informed_at": "stamp", "updated_at": "stamp", "issued_at": "stamp", "printed_at": "stamp",
    "period": "period", "code": "code",
}  # fmt: skip
_EXCEPTIONS = {("marks", "kind"): "mark_kind", ("events", "class"): "classes", ("events", "pupils"): "pupils"}

# Cells that say what the row is about: blank is a data problem, and the row owes nothing.
# (A formative mark's date, a summative one's dates and a semester mark's period: see frames.py.)
ABOUT: Mapping[str, tuple[str, ...]] = {
    "lessons": ("date", "class", "subject"),
    "marks": ("pupil", "class", "subject", "kind"),
    "absences": ("pupil", "class", "date", "code"),
    "notes": ("pupil", "class", "from", "to"),
    "events": ("from", "to"),
    "contacts": ("pupil", "class"),
    "statements": ("class", "pupil", "month"),
    "exemptions": ("pupil", "class", "subject", "from"),
    "documents": ("document", "period"),
    "classes": ("class",),
    "workloads": ("subject", "class"),
    "timetable": ("class", "weekday", "lesson", "subject"),
    "summary": ("pupil", "class"),
}


def holds(kind: str, meaning: str) -> str:
    """What the column of a meaning holds: name, class, classes, subject, day, stamp, lesson, ... or text."""
    return _EXCEPTIONS.get((kind, meaning), _HOLDS.get(meaning, "text"))
