"""What still stands open before a semester or a year can be closed, by class and subject.

Marks, topics, lessons and printed papers are the duties of an audit. Two more things are looked at, which no
clause asks for by itself and a school wants to know in good time: pupils with too few summative marks for a
semester mark to rest on, and works that still stand as not done ("nv").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from eklase_audit.agenda import working_days_left
from eklase_audit.audit import NOT_AUDITED, Audit
from eklase_audit.calendar import Calendar, SchoolYear
from eklase_audit.clauses import Context
from eklase_audit.clauses.c09_exemptions import is_exempt
from eklase_audit.clauses.keys import PUPIL_AND_SUBJECT, pair_keys
from eklase_audit.clauses.marks import dated_marks, known
from eklase_audit.duties import BEARERS
from eklase_audit.findings import Finding, class_key
from eklase_audit.i18n import collation_key
from eklase_audit.judgement import OVERDUE, PENDING, UNDETERMINED
from eklase_audit.moments import NO_DAY, Days, Flags, day_number, moment_number, to_date, to_datetime
from eklase_audit.regulation import Parameter

# What can stand open, in the order in which it is told.
MARKS, EXEMPT, FEW, NOT_YET, TOPICS, LESSONS, PRINTS = (
    "marks", "exempt", "few", "not_yet", "topics", "lessons", "prints",
)  # fmt: skip
KINDS = (MARKS, EXEMPT, FEW, NOT_YET, TOPICS, LESSONS, PRINTS)
# The states of a class and subject: something is past its time, something stands open, it cannot all be told, all done.
LATE, OPEN, UNKNOWN, DONE = "overdue", "open", "unknown", "done"

# What may be closed, and the periods of duties that it takes in: with the year goes its second semester.
PERIODS = {"1": ("1",), "2": ("2",), "year": ("2", "year")}
FINALS = ("final.semester", "final.year")
# Of these duties those are asked for that are due up to the very end; of DAILY those due by now.
OF_A_SEMESTER = ("final.semester", "exemption.exempt", "prints.report", "prints.report-card")
OF_THE_YEAR = ("final.year", "prints.summary-journal", "prints.personal-file")
DAILY = {"daily.topic": TOPICS, "daily.unrecorded": LESSONS}


def checks_of(period: str) -> tuple[str, ...]:
    """The checks (as in CHECKS) whose duties a period is closed with, DAILY aside."""
    return (*OF_A_SEMESTER, *OF_THE_YEAR) if period == "year" else OF_A_SEMESTER


@dataclass(frozen=True)
class OpenThing:
    """One thing that stands open; `due_at` is when it has to be done, None for what has no moment of its own."""

    kind: str
    class_: str | None
    subject: str | None
    pupil: str | None
    on: date | None
    bearers: tuple[str, ...]
    role: str
    due_at: datetime | None
    overdue: bool
    check: str | None = None


@dataclass
class Cell:
    """A class and subject (none: papers of the class): its semester marks in all, and what stands open."""

    marks: int = 0
    undetermined: int = 0
    open: list[OpenThing] = field(default_factory=list)

    def count(self, kind: str) -> int:
        """How many things of a kind stand open."""
        return sum(one.kind == kind for one in self.open)

    @property
    def state(self) -> str:
        """LATE, OPEN, UNKNOWN or DONE."""
        if any(one.overdue for one in self.open):
            return LATE
        if self.open:
            return OPEN
        return UNKNOWN if self.undetermined else DONE


@dataclass(frozen=True)
class Deadline:
    """When the marks of some classes are due, and how many working days there are until then (below 0: past)."""

    due_at: datetime
    classes: tuple[str, ...]
    left: int


@dataclass(frozen=True)
class Closing:
    """What stands open of a period ("1", "2" or "year"), by class and subject."""

    period: str
    as_of: datetime
    deadlines: tuple[Deadline, ...]
    cells: Mapping[tuple[str | None, str | None], Cell]
    settings: Mapping[str, Parameter]
    not_audited: Mapping[str, str]

    @property
    def open(self) -> list[OpenThing]:
        """All that stands open."""
        return [one for cell in self.cells.values() for one in cell.open]

    @property
    def classes(self) -> list[str]:
        """The classes, by grade and letter."""
        return sorted({class_ for class_, _subject in self.cells if class_}, key=class_key)

    @property
    def subjects(self) -> list[str]:
        """The subjects, in Latvian order."""
        return sorted({subject for class_, subject in self.cells if class_ and subject}, key=collation_key)


def closing(period: str, end: Audit, now: Audit, calendar: Calendar, year: SchoolYear) -> Closing:
    """What stands open of a period.

    `end` is an audit of checks_of() up to the end of the school year that keeps the duties of FINALS, `now`
    one of DAILY up to the end of the day.
    """
    duties = _finals(end, period)
    cells: dict[tuple[str | None, str | None], Cell] = {}
    context = _context(end, calendar)
    exempt = _exempt_pupils(context, duties)
    for one in _semester_marks(end, period, duties, exempt):
        _cell(cells, one).open.append(one)
    for one in (*_papers(end, period), *_wrong_signs(end, period, year), *_daily(now, period, year)):
        _cell(cells, one).open.append(one)
    for one in (*_too_few(context, end, duties, exempt, year), *_not_yet(context, end, duties, period, year)):
        _cell(cells, one).open.append(one)
    for (class_, subject), (count, undetermined) in _counts(duties).items():
        cell = cells.setdefault((class_, subject), Cell())
        cell.marks, cell.undetermined = count, undetermined
    return Closing(
        period,
        end.as_of,
        _deadlines(duties, end, calendar),
        cells,
        end.regulation.closing,
        {r.rule.id: r.reason or "" for r in (*end.results, *now.results) if r.status == NOT_AUDITED},
    )


def _cell(cells: dict[tuple[str | None, str | None], Cell], one: OpenThing) -> Cell:
    return cells.setdefault((one.class_, one.subject), Cell())


def _finals(audit: Audit, period: str) -> pd.DataFrame:
    """The duties of semester and annual marks of a period, with subject_key and end (the day they stand for)."""
    parts = [audit.duties[name] for name in FINALS if name in audit.duties]
    texts = ("class", "subject", "pupil", "period", "bearer")
    columns = ["on", "due", "verdict", "role", *texts]
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in (*columns, "subject_key", "end")})
    duties = pd.concat([part[columns].astype(dict.fromkeys(texts, object)) for part in parts], ignore_index=True)
    duties = duties[np.asarray(duties["period"].isin(PERIODS[period]))].reset_index(drop=True)
    return duties.assign(subject_key=duties["subject"].str.casefold(), end=duties["on"])


def _context(audit: Audit, calendar: Calendar) -> Context:
    """What the clauses' own look at marks needs to know; it depends on no rule."""
    rules = {rule.name: rule for rule in audit.regulation.checks}
    return Context(
        audit.journal,
        calendar,
        moment_number(audit.as_of),
        next(iter(rules.values())),
        rules,
        audit.regulation.symbols,
    )


def _exempt_pupils(context: Context, duties: pd.DataFrame) -> Flags:
    if not len(duties) or not context.journal.has("exemptions"):
        return np.zeros(len(duties), bool)
    return is_exempt(context, duties)


def _semester_marks(audit: Audit, period: str, duties: pd.DataFrame, exempt: Flags) -> Iterable[OpenThing]:
    """The marks that are not there; of a pupil who is exempt it is the sign of that which is missing."""
    signs = set(duties[exempt][["period", "class", "subject", "pupil"]].itertuples(index=False, name=None))
    for one in _unfinished(audit):
        if one.rule.name in FINALS and one.period in PERIODS[period]:
            yield _of_finding(one, EXEMPT if (one.period, one.class_, one.subject, one.pupil) in signs else MARKS)


def _unfinished(audit: Audit) -> Iterable[Finding]:
    return (one for one in (*audit.counted, *audit.awaited) if one.verdict in (OVERDUE, PENDING))


def _of_duty(line: Mapping[Any, Any], kind: str, overdue: bool) -> OpenThing:
    bearers = tuple(line["bearer"].split(BEARERS)) if isinstance(line["bearer"], str) else ()
    return OpenThing(
        kind,
        line["class"],
        line["subject"],
        line["pupil"],
        None,
        bearers,
        line["role"],
        to_datetime(line["due"]),
        overdue,
    )


def _of_finding(finding: Finding, kind: str) -> OpenThing:
    return OpenThing(
        kind,
        finding.class_,
        finding.subject,
        finding.pupil,
        finding.on,
        finding.bearers,
        finding.role,
        finding.due_at,
        finding.verdict == OVERDUE,
        finding.rule.id,
    )


def _papers(audit: Audit, period: str) -> Iterable[OpenThing]:
    for one in _unfinished(audit):
        if one.rule.name.startswith("prints.") and one.period in PERIODS[period]:
            yield _of_finding(one, PRINTS)


def _wrong_signs(audit: Audit, period: str, year: SchoolYear) -> Iterable[OpenThing]:
    """Marks of exempt pupils that are not the sign of it."""
    for one in audit.counted:
        mine = one.rule.name == "exemption.exempt" and one.period in PERIODS[period]
        if mine and one.on and one.on >= date(year.start, 9, 1):
            yield _of_finding(one, EXEMPT)


def _span(year: SchoolYear, period: str) -> tuple[int, int, Days]:
    """The first day of a period, and its last day by grade."""
    semester = 1 if period == "1" else 2
    first = year.semester_start(3 if period == "year" else semester)
    ends = year.ends(semester)
    return first, int(ends.max()), ends


def _daily(audit: Audit, period: str, year: SchoolYear) -> Iterable[OpenThing]:
    first, last, _ends = _span(year, period)
    for one in _unfinished(audit):
        # A lesson of days to come lacks nothing yet.
        here = one.on and one.on <= audit.as_of.date() and first <= day_number(one.on) <= last
        if here and one.rule.name in DAILY:
            yield _of_finding(one, DAILY[one.rule.name])


def _summative(context: Context, audit: Audit, year: SchoolYear, period: str) -> pd.DataFrame:
    """The summative marks of a period that are known, as they stood then; `settled` unless they stand for none yet."""
    marks = known(context, dated_marks(context))
    if not len(marks):
        return marks
    first, _last, ends = _span(year, period)
    day = marks["day"].to_numpy()
    value = marks["value"].astype(object).str.casefold()
    inside = (day >= first) & (day <= ends[marks["grade"].to_numpy()])
    marks = marks.assign(settled=~np.asarray(value.isin(_not_yet_signs(audit))))
    return marks[inside & np.asarray(marks["kind"] == "summative") & np.asarray(marks["value"] != "")]


def _not_yet_signs(audit: Audit) -> list[str]:
    return [sign.casefold() for sign in audit.regulation.closing["not_yet"].value]


def _too_few(
    context: Context, audit: Audit, duties: pd.DataFrame, exempt: Flags, year: SchoolYear
) -> Iterable[OpenThing]:
    """Pupils with fewer summative marks in a semester than the school reads a semester mark to need."""
    least = audit.regulation.closing["summative_least"].value
    of_semester = np.asarray(duties["period"].isin(["1", "2"]))
    mine = duties[of_semester & ~exempt].reset_index(drop=True)
    if not least or not len(mine) or not audit.journal.has("marks"):
        return
    marks = _summative(context, audit, year, str(mine["period"].iloc[0]))
    counts = np.zeros(len(mine), np.int64)
    if len(marks):
        owed_keys, mark_keys = pair_keys(mine, marks[marks["settled"]], PUPIL_AND_SUBJECT)
        known_keys, each = np.unique(mark_keys, return_counts=True)
        at = np.minimum(np.searchsorted(known_keys, owed_keys), max(len(known_keys) - 1, 0))
        if len(known_keys):
            counts = np.where(known_keys[at] == owed_keys, each[at], 0)
    as_of = moment_number(audit.as_of)
    for line in mine[counts < least].to_dict("records"):
        yield _of_duty(line, FEW, line["due"] < as_of)


def _not_yet(
    context: Context, audit: Audit, duties: pd.DataFrame, period: str, year: SchoolYear
) -> Iterable[OpenThing]:
    """Works that stand as not done yet, unless another mark of the same day is there."""
    if not audit.journal.has("marks"):
        return
    marks = _summative(context, audit, year, period)
    if not len(marks):
        return
    open_ones, settled = marks[~marks["settled"]], marks[marks["settled"]]
    same_work = (*PUPIL_AND_SUBJECT, "day")
    open_keys, settled_keys = pair_keys(open_ones, settled, same_work)
    open_ones = open_ones[~np.isin(open_keys, settled_keys)]
    due = {class_: int(moment) for class_, moment in duties.groupby("class")["due"].max().items()}
    as_of = moment_number(audit.as_of)
    texts = ("class", "subject", "pupil", "teacher")
    for line in open_ones.astype(dict.fromkeys(texts, object)).to_dict("records"):
        until = due.get(line["class"])
        yield OpenThing(
            NOT_YET,
            line["class"],
            line["subject"],
            line["pupil"],
            None if line["day"] == NO_DAY else to_date(line["day"]),
            (line["teacher"],) if line["teacher"] else (),
            "subject_teacher",
            None if until is None else to_datetime(until),
            until is not None and until < as_of,
        )


def _counts(duties: pd.DataFrame) -> dict[tuple[str, str], tuple[int, int]]:
    """Of each class and subject the number of marks owed, and of those that cannot be told."""
    unknown = duties.assign(unknown=np.asarray(duties["verdict"] == UNDETERMINED))
    sums = unknown.groupby(["class", "subject"], as_index=False)["unknown"].agg(["count", "sum"])
    columns = (sums[name].tolist() for name in ("class", "subject", "count", "sum"))
    return {(class_, subject): (int(count), int(total)) for class_, subject, count, total in zip(*columns, strict=True)}


def _deadlines(duties: pd.DataFrame, audit: Audit, calendar: Calendar) -> tuple[Deadline, ...]:
    classes: dict[int, set[str]] = {}
    for due, class_ in duties[["due", "class"]].drop_duplicates().itertuples(index=False):
        classes.setdefault(int(due), set()).add(str(class_))
    return tuple(
        Deadline(
            to_datetime(due),
            tuple(sorted(classes[due], key=class_key)),
            working_days_left(calendar, audit.as_of, to_datetime(due).date()),
        )
        for due in sorted(classes)
    )


@dataclass(frozen=True)
class Mender:
    """Who can still mend something: a person, what of a kind, in which classes and subjects, by when."""

    bearers: tuple[str, ...]
    role: str
    class_: str | None
    kind: str
    things: tuple[OpenThing, ...]


def menders(things: Sequence[OpenThing]) -> list[Mender]:
    """What stands open by who can mend it and by kind; one of several bearers is each of them."""
    groups: dict[tuple[Any, ...], list[OpenThing]] = {}
    for one in things:
        unnamed = one.class_ if one.role == "class_teacher" else None
        named: list[tuple[tuple[str, ...], str, str | None]] = [((name,), "", None) for name in one.bearers]
        for who in named or [((), one.role, unnamed)]:
            groups.setdefault((*who, one.kind), []).append(one)
    found = [
        Mender(bearers, role, class_, kind, tuple(group)) for (bearers, role, class_, kind), group in groups.items()
    ]
    return sorted(
        found,
        key=lambda one: (
            not one.bearers,
            collation_key(one.bearers[0] if one.bearers else ""),
            class_key(one.class_),
            KINDS.index(one.kind),
        ),
    )
