"""An audit without names: pupils and teachers by their pseudonyms, no value from any cell.

What stays: classes, subjects, days, the names of files and the rows, by which whoever has the exports finds
the entry. A word of a sheet's name, of a subject or of a remark that is a word of anybody's name is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from eklase_audit.audit import Audit, CheckResult
from eklase_audit.closing import Cell, Closing, OpenThing
from eklase_audit.errors import ReadError
from eklase_audit.exports.texts import fold
from eklase_audit.findings import Finding, Waiver, WaiverUse, order
from eklase_audit.inspection import InspectedSheet, Inspection
from eklase_audit.journal import DataProblem, Journal
from eklase_audit.pseudonyms import Pseudonyms, Pupil
from eklase_audit.staff import StaffAbsence

# What stands in place of a value or a word that was left out.
LEFT_OUT = "…"

# The columns of frames (meanings) that hold names of people.
_NAMES = ("teacher", "class_teacher", "responsible", "pupil", "parent", "justified_by")
_WORD = re.compile(r"[^\W\d_]{2,}")


def veiled(audit: Audit, pseudonyms: Pseudonyms) -> Audit:
    """The audit with pseudonyms in place of names; whoever has none yet is given one."""
    findings = (*audit.findings, *audit.undetermined, *audit.pending)
    teachers = {name for one in findings for name in one.bearers}
    teachers |= {name for tally in audit.tallies for name in tally.bearers}
    teachers |= {name for one in audit.mended for name in one.bearers}
    teachers |= {one.teacher for one in audit.absences} | {*audit.filters.teachers}
    pseudonyms.name_all(teachers, _pupils(findings))
    veil = _Veil(pseudonyms, _words_of_names(audit.journal))
    return replace(
        audit,
        journal=veil.journal(audit.journal),
        results=tuple(map(veil.result, audit.results)),
        # By the names of before, the order would tell who is who.
        findings=tuple(sorted(map(veil.finding, audit.findings), key=order)),
        undetermined=tuple(sorted(map(veil.finding, audit.undetermined), key=order)),
        tallies=tuple(tally._replace(bearers=veil.bearers(tally.bearers)) for tally in audit.tallies),
        absences=tuple(map(veil.absence, audit.absences)),
        pending=tuple(sorted(map(veil.finding, audit.pending), key=order)),
        duties={},
        mended=tuple(replace(one, bearers=veil.bearers(one.bearers)) for one in audit.mended),
        filters=replace(audit.filters, teachers=veil.bearers(audit.filters.teachers)),
        waivers=veiled_uses(audit.waivers, pseudonyms, audit.journal),
    )


def veiled_uses(
    uses: Iterable[WaiverUse], pseudonyms: Pseudonyms, journal: Journal | None = None
) -> tuple[WaiverUse, ...]:
    """Waivers without names and reasons; whoever has no pseudonym is not told at all."""
    veil = _Veil(pseudonyms, _words_of_names(journal) if journal else set())
    return tuple(replace(use, waiver=veil.waiver(use.waiver)) for use in uses)


def veiled_closing(closing: Closing, journal: Journal, pseudonyms: Pseudonyms) -> Closing:
    """What stands open of a period, made of an audit with names, without them."""
    pseudonyms.name_all({name for one in closing.open for name in one.bearers}, _pupils(closing.open))
    veil = _Veil(pseudonyms, _words_of_names(journal))
    cells: dict[tuple[str | None, str | None], Cell] = {}
    for (class_, subject), cell in closing.cells.items():
        mine = cells.setdefault((class_, veil.maybe(subject)), Cell())
        mine.marks += cell.marks
        mine.undetermined += cell.undetermined
        mine.open += map(veil.open_thing, cell.open)
    return replace(
        closing, cells=cells, not_audited={check: veil.text(text) for check, text in closing.not_audited.items()}
    )


def veiled_inspection(inspection: Inspection, pseudonyms: Pseudonyms) -> Inspection:
    """How files were understood, without names: teachers by their pseudonyms, remarks without pupils."""
    pseudonyms.name_all({name for one in inspection.sheets for name in one.teachers}, [])
    veil = _Veil(pseudonyms, _words_of_names(inspection.journal))
    return replace(
        inspection,
        journal=veil.journal(inspection.journal),
        sheets=tuple(map(veil.inspected, inspection.sheets)),
        checks={check: veil.text(text) for check, text in inspection.checks.items()},
    )


def _pupils(findings: Iterable[Finding | OpenThing]) -> set[Pupil]:
    return {(one.class_, one.pupil) for one in findings if one.pupil}


def _words_of_names(journal: Journal) -> set[str]:
    """Each word of each name that the exports hold, without case and diacritics."""
    names = {
        str(name)
        for frame in journal.frames.values()
        for column in _NAMES
        if column in frame
        for name in frame[column].cat.categories
    }
    return {fold(word) for name in names for word in _WORD.findall(name)}


@dataclass
class _Veil:
    pseudonyms: Pseudonyms
    words: set[str]
    told: dict[str, str] = field(default_factory=dict)

    def text(self, text: str) -> str:
        """A text without the words of names; such a word begins with a capital letter."""
        if text not in self.told:
            self.told[text] = _WORD.sub(lambda word: self._word(word[0]), text)
        return self.told[text]

    def _word(self, word: str) -> str:
        return LEFT_OUT if word[0].isupper() and fold(word) in self.words else word

    def maybe(self, text: str | None) -> str | None:
        return None if text is None else self.text(text)

    def bearers(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(self.pseudonyms.teachers[name] for name in names))

    def pupil(self, about: Finding | OpenThing) -> str | None:
        return self.pseudonyms.pupils[about.class_, about.pupil] if about.pupil else None

    def open_thing(self, one: OpenThing) -> OpenThing:
        return replace(one, subject=self.maybe(one.subject), pupil=self.pupil(one), bearers=self.bearers(one.bearers))

    def finding(self, finding: Finding) -> Finding:
        return finding._replace(
            fingerprint=self.pseudonyms.fingerprint(finding.fingerprint),
            bearers=self.bearers(finding.bearers),
            subject=self.maybe(finding.subject),
            pupil=self.pupil(finding),
            sheet=self.maybe(finding.sheet),
            waiver=self.waiver(finding.waiver) if finding.waiver else None,
        )

    def waiver(self, waiver: Waiver) -> Waiver:
        """A waiver's days, clause and class; the rest is free text, or a name."""
        return Waiver(
            LEFT_OUT,
            place=waiver.place,
            first=waiver.first,
            last=waiver.last,
            fingerprint=waiver.fingerprint and self.pseudonyms.fingerprint(waiver.fingerprint),
            clause=waiver.clause,
            class_=waiver.class_,
            teachers=tuple(self.pseudonyms.teachers.get(name, LEFT_OUT) for name in waiver.teachers),
            subject=self.maybe(waiver.subject),
            pupil=waiver.pupil and LEFT_OUT,
            days=waiver.days,
        )

    def absence(self, absence: StaffAbsence) -> StaffAbsence:
        return replace(absence, teacher=self.pseudonyms.teachers[absence.teacher], substitute=None)

    def inspected(self, one: InspectedSheet) -> InspectedSheet:
        return replace(
            one,
            sheet=replace(one.sheet, sheet=self.maybe(one.sheet.sheet)),
            columns=tuple((self.text(heading), meaning) for heading, meaning in one.columns),
            forms={self.text(heading): counter for heading, counter in one.forms.items()},
            problems=[((self.text(column), reason, fill), count) for (column, reason, fill), count in one.problems],
            teachers=self.bearers(one.teachers),
            remarks=tuple(map(self.text, one.remarks)),
        )

    def result(self, result: CheckResult) -> CheckResult:
        return replace(result, reason=self.maybe(result.reason), limits=tuple(map(self.text, result.limits)))

    def problem(self, problem: DataProblem) -> DataProblem:
        return replace(
            problem,
            sheet=self.maybe(problem.sheet),
            column=self.text(problem.column),
            value=LEFT_OUT if problem.value else "",
        )

    def journal(self, journal: Journal) -> Journal:
        """The account of what was read. The rows themselves are left out: no report has a use for them."""
        return Journal(
            sheets=[replace(sheet, sheet=self.maybe(sheet.sheet), headings={}, columns=()) for sheet in journal.sheets],
            skipped=[
                replace(one, sheet=self.maybe(one.sheet), reason=self.text(one.reason)) for one in journal.skipped
            ],
            problems=list(map(self.problem, journal.problems)),
            errors=[
                ReadError(one.file, self.maybe(one.sheet), self.text(one.text)) if isinstance(one, ReadError) else one
                for one in journal.errors
            ],
        )
