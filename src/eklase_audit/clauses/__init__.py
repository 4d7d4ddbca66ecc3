"""The clauses: one module a numbered clause, each check a function from the journal to duties or defects."""

from __future__ import annotations

from eklase_audit.clauses import (  # noqa: F401 - importing a clause registers its checks
    c01_contacts,
    c02_daily_entries,
    c03_entry_form,
    c04_absences,
    c05_formative_marks,
    c06_summative_marks,
    c07_statements,
    c08_1_corrections,
    c08_2_reexaminations,
    c08_final_marks,
    c09_exemptions,
    c10_reports,
    c11_year_documents,
)
from eklase_audit.clauses.registry import CHECKS, Check, Context, Need

__all__ = ["CHECKS", "Check", "Context", "Need"]
