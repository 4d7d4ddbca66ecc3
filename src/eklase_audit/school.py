"""A school as an audit sees it: its configuration and regulation, with the lists that it keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from eklase_audit.address_lists import read_addresses
from eklase_audit.audit import Audit, Auditor, Filters
from eklase_audit.calendar import Calendar
from eklase_audit.config import Config
from eklase_audit.findings import Waiver
from eklase_audit.journal import Journal
from eklase_audit.regulation import Regulation
from eklase_audit.school_rules import calendar_of
from eklase_audit.staff import StaffAbsence
from eklase_audit.staff_lists import load_staff_absences
from eklase_audit.waivers import load_waivers, waive


@dataclass
class School:
    """A configuration and the regulation it is audited against."""

    config: Config
    regulation: Regulation

    @cached_property
    def calendar(self) -> Calendar:
        """The calendar that holds for the school."""
        return calendar_of(self.config, self.regulation)

    @cached_property
    def waivers(self) -> tuple[Waiver, ...]:
        """The school's waivers. Raises AuditError where one of them cannot be understood."""
        return load_waivers(self.config.waivers, self.regulation) if self.config.waivers else ()

    def under(self, regulation: Regulation) -> School:
        """The same school under another regulation whose clauses have the numbers of its own."""
        other = School(self.config, regulation)
        # A waiver of a check that is not asked for there has nothing to excuse.
        lost = {rule.id for rule in self.regulation.checks} - {rule.id for rule in regulation.checks}
        other.waivers = tuple(waiver for waiver in self.waivers if waiver.clause not in lost)
        return other

    def with_waivers(self, audit: Audit, *, whole: bool = True) -> Audit:
        """An audit of its exports (`whole`: of all teachers and classes) with its waivers. Raises AuditError."""
        return waive(audit, self.waivers, whole=whole) if self.waivers else audit

    @cached_property
    def staff_absences(self) -> tuple[StaffAbsence, ...]:
        """The absences of its teachers. Raises AuditError where one of them cannot be understood."""
        listed = load_staff_absences(self.config.staff_list) if self.config.staff_list else ()
        return self.config.staff_absences + listed

    def addresses(self, file: Path | None = None) -> dict[str, str]:
        """The mail addresses of its teachers, with those of a list. Raises AuditError with the list's place."""
        listed = file or self.config.address_list
        return {**self.config.addresses, **(read_addresses(listed) if listed else {})}

    def auditor(
        self,
        journal: Journal,
        as_of: datetime,
        filters: Filters | None = None,
        *,
        ignore_in_force: bool = False,
    ) -> Auditor:
        """What audits its exports as of a moment."""
        return Auditor(
            journal,
            self.regulation,
            self.calendar,
            as_of,
            filters or Filters(),
            ignore_in_force,
            self.config.no_lessons,
            self.config.outages,
            self.staff_absences,
        )
