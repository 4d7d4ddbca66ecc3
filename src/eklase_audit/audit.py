"""The audit: every check of the regulation over the journal, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from eklase_audit.calendar import Calendar, NoLessons
from eklase_audit.clauses import CHECKS, Check, Context
from eklase_audit.deadlines import Outage
from eklase_audit.errors import NotAudited, place
from eklase_audit.exports.headings import kinds
from eklase_audit.filters import Filters, known_filters, known_name
from eklase_audit.findings import NEW, Finding, WaiverUse, findings_of, order
from eklase_audit.i18n import _
from eklase_audit.journal import WORKBOOK, WORKBOOK_KINDS, DataProblem, Journal, Sheet, State
from eklase_audit.judgement import Judged, due_by, judge
from eklase_audit.moments import (
    NO_DAY,
    NO_MOMENT,
    Interval,
    Windows,
    day_number,
    moment_number,
    to_datetime,
)
from eklase_audit.needs import are_stamps, missing
from eklase_audit.regulation import CheckRule, Regulation, clause_key
from eklase_audit.staff import Staff, StaffAbsence
from eklase_audit.store.entries import ASPECTS
from eklase_audit.tallies import Tallies, Tally, due_counts

if TYPE_CHECKING:
    from eklase_audit.store.windows import Observer


@dataclass(frozen=True)
class CheckResult:
    """What came of one check. `reason` says why it was not audited, `limits` what it left out.

    `first_day` is the day that its rows reach back to (None: no bound), `due` the number of its decided
    duties by the day they were due (None: it seeks defects); days since 1970.
    """

    rule: CheckRule
    status: str
    counts: dict[str, int]
    not_in_force: int
    reason: str | None
    limits: tuple[str, ...] = ()
    first_day: int | None = None
    due: Mapping[int, int] | None = None


@dataclass(frozen=True)
class Mended:
    """A finding of the run before that is none any more, as far as a history of runs knows it."""

    check: str
    clause: str
    class_: str | None
    since: date
    bearers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Turns:
    """How findings turned since the run before, besides those that are new, open or mended.

    `entered` were overdue and were entered, late; `excused` are waived now and were not, `returned` the
    other way round; of those `untold` this run could not tell whether they are still there.
    """

    entered: int = 0
    excused: int = 0
    returned: int = 0
    untold: int = 0


@dataclass(frozen=True)
class Audit:
    """All that an audit found, for the reports to show.

    `undetermined` are the duties that snapshots were asked about and could not settle. `tallies`
    are the duties that findings are weighed by, `absences` those of teachers that moved deadlines. Where
    a history of runs is kept, `previous` is the moment of the run before this one, `mended` is what
    was found then and is no more, and `turns` (None without a history) what else became of it. With
    `new_only` only what is new is listed. `waivers` are all that were given, those that excuse nothing too.
    `pending` is what falls due by the horizon asked for, and `duties` are those of the checks asked
    for, with their verdicts (see duties.py).
    """

    regulation: Regulation
    as_of: datetime
    journal: Journal
    results: tuple[CheckResult, ...]
    findings: tuple[Finding, ...]
    undetermined: tuple[Finding, ...] = ()
    tallies: tuple[Tally, ...] = ()
    absences: tuple[StaffAbsence, ...] = ()
    previous: datetime | None = None
    mended: tuple[Mended, ...] = ()
    waivers: tuple[WaiverUse, ...] = ()
    pending: tuple[Finding, ...] = ()
    duties: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    filters: Filters = field(default_factory=Filters)
    ignore_in_force: bool = False
    turns: Turns | None = None
    new_only: bool = False

    def lists(self, finding: Finding) -> bool:
        """Whether a finding is to be listed: each, or only the new ones where only those are asked for."""
        return not self.new_only or finding.news == NEW

    @property
    def shown(self) -> list[Finding]:
        """The findings to list."""
        return list(filter(self.lists, self.findings))

    @property
    def counted(self) -> list[Finding]:
        """The findings that no waiver excuses."""
        return [finding for finding in self.findings if not finding.waived]

    @property
    def awaited(self) -> list[Finding]:
        """The pending duties that no waiver excuses."""
        return [finding for finding in self.pending if not finding.waived]

    @property
    def audited(self) -> list[CheckResult]:
        """The checks that were made."""
        return [result for result in self.results if result.status != NOT_AUDITED]


CLEAN, FINDINGS, NOT_AUDITED = "clean", "findings", "not_audited"
# The checks of lessons, whose duties a substitute bears.
_OF_LESSONS = ("daily.", "form.")
# The reason of a data problem that is told by this word, as it stands in answers.
CONTRADICTED = "entry-time-contradicted"
# The stamps that tell when an entry of an aspect was made, the nearest first.
_STAMPS = {
    "lesson": ("entered_at",), "topic": ("topic_entered_at", "entered_at"),
    "homework": ("homework_entered_at", "entered_at"), "absence": ("entered_at",),
    "justification": ("justified_at", "entered_at"), "mark": ("entered_at",), "statement": ("issued_at",),
    "semester-mark": ("entered_at",), "annual-mark": ("entered_at",), "reexam-mark": ("entered_at",),
}  # fmt: skip


@dataclass
class Auditor:
    """Runs the checks of a regulation over a journal as of a moment.

    `horizon` is how far ahead pending duties are told, and `kept` names the checks (as in CHECKS) whose
    duties are; neither changes what is found.
    """

    journal: Journal
    regulation: Regulation
    calendar: Calendar
    as_of: datetime
    filters: Filters = field(default_factory=Filters)
    ignore_in_force: bool = False
    no_lessons: Sequence[NoLessons] = ()
    outages: Sequence[Outage] = ()
    absences: Sequence[StaffAbsence] = ()
    observer: Observer | None = None
    contradictions: dict[tuple[int, int, str], DataProblem] = field(default_factory=dict)
    tallies: Tallies = field(default_factory=Tallies)
    horizon: datetime | None = None
    kept: Collection[str] = ()
    pending: list[Finding] = field(default_factory=list)
    duties: dict[str, pd.DataFrame] = field(default_factory=dict)
    _shared: dict[Hashable, Any] = field(default_factory=dict)

    def audit(self, rules: Sequence[CheckRule], progress: Callable[[str], None] = lambda check: None) -> Audit:
        """Make the checks; one that cannot be made is `not_audited`, with its reason, and stops no other."""
        filters = self._known_filters()
        results, findings, undetermined = [], [], []
        for rule in rules:
            progress(rule.id)
            result, found, open_ones = self._check(rule, CHECKS[rule.name], filters)
            results.append(result)
            findings += found
            undetermined += open_ones
        results.sort(key=lambda result: (clause_key(result.rule.clause), result.rule.id))
        findings.sort(key=order)
        journal = self.journal
        if self.contradictions:
            journal = _with_problems(journal, self.contradictions)
        return Audit(
            self.regulation,
            self.as_of,
            journal,
            tuple(results),
            tuple(findings),
            tuple(sorted(undetermined, key=order)),
            tuple(self.tallies.made()),
            tuple(self._known_absences),
            pending=tuple(sorted(self.pending, key=order)),
            duties=self.duties,
            filters=filters,
            ignore_in_force=self.ignore_in_force,
        )

    def _note_contradictions(self, check: Check, frame: pd.DataFrame, windows: Windows) -> None:
        """Tell entries whose stamp is not after a snapshot that speaks of them without them: written back in time."""
        last = frame["done_last"].to_numpy()
        timed = Interval(frame["done"].to_numpy(), last).timed
        wrong = timed & (windows.after != NO_MOMENT) & (last <= windows.after) & (frame["row"].to_numpy() >= 0)
        if not wrong.any():
            return
        places = np.flatnonzero(wrong)
        numbers, rows = (frame[name].to_numpy()[places].tolist() for name in ("sheet_no", "row"))
        for at, number, row in zip(places.tolist(), numbers, rows, strict=True):
            sheet = self.journal.sheets[number]
            column = self._stamped(check.aspect or "", sheet, number, row)
            both = f"{to_datetime(int(last[at]))} <= {to_datetime(int(windows.after[at]))}"
            self.contradictions[number, row, column] = DataProblem(
                sheet.file, sheet.sheet, row, column, both, CONTRADICTED
            )

    def _stamped(self, aspect: str, sheet: Sheet, number: int, row: int) -> str:
        """The heading of the stamp that tells when the entry of a row was made."""
        frame = self.journal.frames[ASPECTS[aspect]]
        entry = frame[(frame["sheet_no"].to_numpy() == number) & (frame["row"].to_numpy() == row)].iloc[0]
        there = [meaning for meaning in _STAMPS[aspect] if entry[f"{meaning}_state"] == State.GIVEN]
        return sheet.headings[there[0]] if there else ""

    def _check(
        self, rule: CheckRule, check: Check, filters: Filters
    ) -> tuple[CheckResult, list[Finding], list[Finding]]:
        staff = Staff(self._known_absences, self.calendar) if self.absences else None
        context = Context(
            self.journal,
            self.calendar,
            moment_number(self.as_of),
            rule,
            {other.name: other for other in self.regulation.checks},
            self.regulation.symbols,
            self.no_lessons,
            observed=self.observer is not None,
            horizon=None if self.horizon is None else moment_number(self.horizon),
            shared=self._shared,
        )
        try:
            if lacking := missing(check, self.journal, observed=self.observer is not None):
                raise NotAudited(lacking)
            frame = check.make(context)
        except NotAudited as reason:
            counts = Judged().counts
            return CheckResult(rule, NOT_AUDITED, counts, 0, str(reason)), [], []
        if staff and check.name.startswith(_OF_LESSONS):
            frame["bearer"] = staff.substituted(frame["bearer"], frame["on"].to_numpy())
        asked = filters.of(frame)
        windows = None
        if self.observer and check.aspect:
            windows = self.observer.windows(check.aspect, frame)
            self._note_contradictions(check, frame[asked], windows[asked])
        how: dict[str, Any] = {
            "as_of": context.as_of,
            "calendar": self.calendar,
            "in_force_from": day_number(self.regulation.in_force_from),
            "ignore_in_force": self.ignore_in_force,
            "outages": self.outages,
            "staff": staff,
            "windows": windows,
            "grace": self.regulation.snapshot_grace,
            "asked": asked,
        }
        judged = judge(frame, defects=check.defects, **how)
        if context.horizon is not None and not check.defects:
            self.pending += findings_of(rule, due_by(frame, context.horizon, **how), self.journal)
        if check.name in self.kept:
            self.duties[check.name] = judged.duties
        if not check.defects:
            self.tallies.add(check.name, judged.duties, judged.decided)
        found = list(findings_of(rule, judged.findings, self.journal))
        status = FINDINGS if found else CLEAN
        limits = tuple(dict.fromkeys([*self._without_column(check), *context.limits]))
        open_ones = list(findings_of(rule, judged.undetermined, self.journal)) if windows else []
        due = None if check.defects else due_counts(judged.duties, judged.decided)
        first = self._first_day(check, judged.duties)
        result = CheckResult(rule, status, judged.counts, judged.not_in_force, None, limits, first, due)
        return result, found, open_ones

    def _first_day(self, check: Check, duties: pd.DataFrame) -> int | None:
        """The first day of the duties of a check, or of the rows that it seeks defects in; None: no bound."""
        days = duties["on"].to_numpy()
        if check.defects:
            kind = next((kind for kind in check.needs[0].kinds if kind in ("lessons", "absences")), None)
            days = self.journal.rows(kind)["date"].to_numpy() if kind and self.journal.has(kind) else days[:0]
        days = days[days != NO_DAY]
        return int(days.min()) if len(days) else None

    def _without_column(self, check: Check) -> Iterable[str]:
        """Files whose rows a check leaves out, since they lack the column it rests on."""
        observed = self.observer is not None and check.aspect is not None
        for need in check.needs:
            if observed and are_stamps(need):
                continue
            for sheet in self.journal.sheets:
                if need.columns and sheet.kind in need.kinds and not set(need.columns) & set(sheet.headings):
                    kind = kinds()[sheet.kind]
                    yield _("{where} has no column {columns}: its rows are left out").format(
                        where=place(sheet.file, sheet.sheet),
                        columns=_(" or ").join(f"«{kind.heading(c)}»" for c in need.columns),
                    )
            if (
                need.columns
                and not observed
                and set(need.kinds) & set(WORKBOOK_KINDS)
                and self.journal.has_sheet(WORKBOOK)
            ):
                yield _("E-klase's own workbook tells no times of entry: its rows are left out")

    def _known_filters(self) -> Filters:
        """The filters in the exports' own words. Raises AuditError with the nearest names."""
        return known_filters(self.filters, self.teachers(), self.classes())

    @cached_property
    def _known_absences(self) -> list[StaffAbsence]:
        """The absences of staff with the teachers named as the exports do; one of nobody there is left as it is."""
        known = self.teachers()
        return [
            replace(
                absence,
                teacher=known_name(absence.teacher, known) or absence.teacher,
                substitute=absence.substitute and (known_name(absence.substitute, known) or absence.substitute),
            )
            for absence in self.absences
        ]

    def unknown_absences(self) -> list[StaffAbsence]:
        """The absences of teachers whom no export names: misspelt, perhaps."""
        return [absence for absence in self.absences if not known_name(absence.teacher, self.teachers())]

    def teachers(self) -> list[str]:
        """All teachers that the exports name, as subject or class teacher."""
        return self.journal.names("teacher") + self.journal.names("class_teacher")

    def classes(self) -> list[str]:
        """All classes that the exports name."""
        return self.journal.names("class")


def _with_problems(journal: Journal, found: Mapping[tuple[int, int, str], DataProblem]) -> Journal:
    """The journal with more data problems, in the order of their sheets and rows, and with an account of them."""
    counts = Counter(number for number, _row, _column in found)
    sheets = [
        replace(sheet, data_problems=sheet.data_problems + counts[number])
        for number, sheet in enumerate(journal.sheets)
    ]
    return replace(journal, sheets=sheets, problems=[*journal.problems, *(found[key] for key in sorted(found))])


__all__ = [
    "CLEAN",
    "FINDINGS",
    "NOT_AUDITED",
    "Audit",
    "Auditor",
    "CheckResult",
    "Filters",
]
