"""Findings: what the judgement found, one object each, for the reports to show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

import pandas as pd

from eklase_audit.duties import BEARERS, HINT
from eklase_audit.journal import Journal
from eklase_audit.moments import DAY, NEVER, NO_DAY, NO_MOMENT, to_date, to_datetime
from eklase_audit.regulation import CheckRule, clause_key
from eklase_audit.tallies import LESSON_CHECKS

# What a finding is since the run before.
NEW, OPEN = "new", "open"


# How a waiver stands towards an audit: honoured and needed; honoured, but ending soon; honoured, though there
# is nothing that it excuses; the same, but the audit did not look at all it may be for; too early; too late.
USED, EXPIRING, UNMATCHED, UNCHECKED, NOT_YET, EXPIRED = (
    "used", "expiring", "unmatched", "unchecked", "not_yet", "expired",
)  # fmt: skip


@dataclass(frozen=True)
class Waiver:
    """A finding's being excused: why, by which order, who allowed it, from when until when.

    It names a finding by its fingerprint (or the beginning of it), or findings by a clause or check and what
    they are about; all that it names has to fit. `first` and `last` are the days on which audits honour it,
    `days` those of the duties it is for. `place` says where it stands (file and row).
    """

    reason: str
    place: str = ""
    order: str = ""
    allowed_by: str = ""
    first: date | None = None
    last: date | None = None
    fingerprint: str | None = None
    clause: str | None = None
    teachers: tuple[str, ...] = ()
    class_: str | None = None
    subject: str | None = None
    pupil: str | None = None
    days: tuple[date | None, date | None] = (None, None)


@dataclass(frozen=True)
class WaiverUse:
    """How a waiver stands towards an audit, and how many of its findings fit it (None: none was looked at)."""

    waiver: Waiver
    state: str
    matches: int | None


@dataclass(frozen=True)
class Finding:
    """One finding: what is late, overdue or wrong, who bears it, and where it stands.

    `waiver` excuses it; `news` is NEW or OPEN, and `since` the day of the first run that found it,
    where a history of runs is kept.
    """

    fingerprint: str
    rule: CheckRule
    verdict: str
    reason: str | None
    hint: str
    bearers: tuple[str, ...]
    role: str
    class_: str | None
    subject: str | None
    pupil: str | None
    on: date | None
    lesson: int | None
    period: str | None
    due_at: datetime | None
    due_before: datetime | None
    done_at: datetime | date | None
    done_after: datetime | None
    done_by: datetime | None
    working_days_late: int | None
    file: str | None
    sheet: str | None
    row: int | None
    waiver: Waiver | None = None
    news: str | None = None
    since: date | None = None

    @property
    def waived(self) -> bool:
        """Whether it is excused, and so fails no run."""
        return self.waiver is not None

    @property
    def bearer(self) -> str | None:
        """Who bears it, several joined by " / "; None where unknown."""
        return " / ".join(self.bearers) or None


def lapse_of(finding: Finding) -> tuple[object, ...]:
    """What counts once: a lesson entered late is one lapse, though its topic and attendance are late with it.

    It is made of a finding as `tallies` makes it of duties.
    """
    if finding.rule.name.startswith(LESSON_CHECKS):
        subject = finding.subject if finding.lesson is None else None
        return (finding.bearers, finding.role, finding.class_, finding.on, finding.lesson, subject)
    return (finding.rule.id, finding.fingerprint)


def findings_of(rule: CheckRule, frame: pd.DataFrame, journal: Journal) -> Iterable[Finding]:
    """The findings of a check as objects. Only what was found is ever made into objects and words."""
    for line in frame.to_dict("records"):
        bearers = tuple(str(line["bearer"]).split(BEARERS)) if isinstance(line["bearer"], str) else ()
        on = to_date(line["on"]) if line["on"] != NO_DAY else None
        sheet = journal.sheets[line["sheet_no"]] if line["sheet_no"] >= 0 else None
        defect, late = line["verdict"] == "defect", line["verdict"] == "late"
        lesson = int(line["lesson"]) if line["lesson"] >= 0 else None
        texts = {name: _text(line[name]) for name in ("class", "subject", "pupil", "period", "reason")}
        reason, _mark, hint = (texts["reason"] or "").partition(HINT)
        yield Finding(
            _fingerprint(rule.id, texts, on, lesson, bearers, line["alike"]),
            rule,
            line["verdict"],
            reason or None,
            hint,
            bearers,
            line["role"],
            texts["class"],
            texts["subject"],
            texts["pupil"],
            on,
            lesson,
            texts["period"],
            None if defect or line["due"] == NEVER else to_datetime(line["due"]),
            to_datetime(line["due_before"]) if line["due_before"] != line["due"] else None,
            _done_at(line["done"], line["done_last"]) if late and line["done_after"] == NO_MOMENT else None,
            _moment(line["done_after"]),
            _moment(line["done_by"]),
            int(line["working_days_late"]) if line["working_days_late"] >= 0 else None,
            sheet.file if sheet else None,
            sheet.sheet if sheet else None,
            int(line["row"]) if sheet else None,
        )


def _moment(moment: int) -> datetime | None:
    return None if moment == NO_MOMENT else to_datetime(moment)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _done_at(first: int, last: int) -> datetime | date:
    return to_datetime(first) if first == last else to_date(first // DAY)


def _fingerprint(
    check: str,
    texts: dict[str, str | None],
    on: date | None,
    lesson: int | None,
    bearers: tuple[str, ...],
    alike: int,
) -> str:
    """The same from week to week: made of what the finding is about, not of how it stands now.

    A duty of a person alone (a teacher's report) is about that person.
    """
    about: list[object] = [
        check,
        texts["class"],
        (texts["subject"] or "").casefold(),
        texts["pupil"],
        on,
        lesson,
        texts["period"],
        alike,
    ]
    if not texts["class"] and not texts["pupil"]:
        about.append(bearers)
    return blake2b(repr(about).encode(), digest_size=8).hexdigest()


def class_key(name: str | None) -> tuple[float, str]:
    """A sorting key of classes: by grade, then by letter; none last."""
    grade, _dot, letter = (name or "").partition(".")
    return (int(grade), letter) if grade.isdigit() else (float("inf"), letter)


def order(finding: Finding) -> tuple[Any, ...]:
    """The order of findings in answers: by clause, check, class, day, bearer and on (contract section 5)."""

    def null_last(value: Any) -> tuple[bool, Any]:
        return (value is None, value if value is not None else 0)

    return (
        clause_key(finding.rule.clause),
        finding.rule.id,
        class_key(finding.class_),
        *map(
            null_last,
            (
                finding.on,
                finding.bearer,
                finding.subject,
                finding.pupil,
                finding.lesson,
                finding.period,
                finding.file,
                finding.sheet,
                finding.row,
            ),
        ),
    )
