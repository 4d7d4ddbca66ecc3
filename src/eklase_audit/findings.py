"""Findings: what the judgement found, one object each, for the reports to show."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
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


class Finding(NamedTuple):
    """One finding: what is late, overdue or wrong, who bears it, and where it stands.

    `waiver` excuses it; `news` is NEW or OPEN, and `since` the day of the first run that found it,
    where a history of runs is kept. It is a tuple, since making one takes a sixth of what it takes
    to make a frozen object.
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


_TOLD = (
    "verdict", "reason", "bearer", "role", "class", "subject", "pupil", "on", "lesson", "period",
    "due", "due_before", "done", "done_last", "done_after", "done_by", "working_days_late", "sheet_no", "row", "alike",
)  # fmt: skip


def findings_of(rule: CheckRule, frame: pd.DataFrame, journal: Journal) -> Iterable[Finding]:
    """The findings of a check as objects. Only what was found is ever made into objects and words."""
    # What a cell is made into is made once, whatever the number of findings that have it.
    moment, day, folded, said = cache(to_datetime), cache(to_date), cache(str.casefold), cache(repr)
    cells = zip(*(_cells(frame[name]) for name in _TOLD), strict=True)
    # One name a column, in the order of _TOLD.
    for (
        verdict, reason, bearer, role, class_, subject, pupil, day_no, lesson, period,
        due, due_before, first, last, after, by, late, sheet_no, row, alike,
    ) in cells:  # fmt: skip
        bearers = tuple(bearer.split(BEARERS)) if bearer else ()
        on = day(day_no) if day_no != NO_DAY else None
        number = lesson if lesson >= 0 else None
        sheet = journal.sheets[sheet_no] if sheet_no >= 0 else None
        why, _mark, hint = (reason or "").partition(HINT)
        done_at = None
        if verdict == "late" and after == NO_MOMENT:
            done_at = moment(first) if first == last else day(first // DAY)
        about = (rule.id, class_, folded(subject or ""), pupil, on, number, period, alike)
        yield Finding(
            _fingerprint(about if class_ or pupil else (*about, bearers), said),
            rule,
            verdict,
            why or None,
            hint,
            bearers,
            role,
            class_,
            subject,
            pupil,
            on,
            number,
            period,
            None if verdict == "defect" or due == NEVER else moment(due),
            moment(due_before) if due_before != due else None,
            done_at,
            None if after == NO_MOMENT else moment(after),
            None if by == NO_MOMENT else moment(by),
            late if late >= 0 else None,
            sheet.file if sheet else None,
            sheet.sheet if sheet else None,
            row if sheet else None,
        )


def _cells(column: pd.Series) -> list[Any]:
    """The cells of a column as Python's own whole numbers and texts; None where there is no text."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return np.array([*column.cat.categories.tolist(), None], object)[column.cat.codes.to_numpy()].tolist()
    return column.to_numpy().tolist()


def _fingerprint(about: tuple[object, ...], said: Callable[[object], str]) -> str:
    """The same from week to week: made of what the finding is about, not of how it stands now.

    `about` are check, class, subject, pupil, day, lesson, period and the place among those alike; where
    neither class nor pupil is told (a teacher's report), the bearers too. `said` tells how each is written.
    """
    return blake2b(f"[{', '.join(map(said, about))}]".encode(), digest_size=8).hexdigest()


@cache
def class_key(name: str | None) -> tuple[float, str]:
    """A sorting key of classes: by grade, then by letter; none last."""
    grade, _dot, letter = (name or "").partition(".")
    return (int(grade), letter) if grade.isdigit() else (float("inf"), letter)


def order(finding: Finding) -> tuple[Any, ...]:
    """The order of findings in answers: by clause, check, class, day, bearer and on (contract section 5)."""
    on, bearer, subject, pupil = finding.on, finding.bearer, finding.subject, finding.pupil
    lesson, period, file, sheet, row = finding.lesson, finding.period, finding.file, finding.sheet, finding.row
    # What is not told comes last, and is never compared with what is.
    return (
        clause_key(finding.rule.clause), finding.rule.id, class_key(finding.class_),
        on is None, on, bearer is None, bearer, subject is None, subject, pupil is None, pupil,
        lesson is None, lesson, period is None, period, file is None, file, sheet is None, sheet, row is None, row,
    )  # fmt: skip
