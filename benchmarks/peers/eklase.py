"""eklase-audit itself, from the files to the findings (not to their words)."""

from __future__ import annotations

from eklase_audit.audit import Auditor
from eklase_audit.calendar import load_calendar
from eklase_audit.clauses import CHECKS
from eklase_audit.exports.paths import find_files
from eklase_audit.exports.reading import read_journal
from eklase_audit.garbage import collect_seldom
from eklase_audit.packs import DEFAULT
from eklase_audit.regulation import load_regulation
from peers import Finding, Task

# As the command itself does.
collect_seldom()


def run(task: Task) -> list[Finding]:
    """Audit the files, all rules or those of the job's checks."""
    regulation = load_regulation(DEFAULT, CHECKS)
    journal = read_journal(find_files(task.files()))
    if journal.errors:
        raise SystemExit(str(journal.errors[0]))
    rules = [rule for rule in regulation.checks if not task.checks or rule.id in task.checks]
    audit = Auditor(journal, regulation, load_calendar(), task.as_of).audit(rules)
    return [(found.rule.id, found.row or 0, found.reason or found.verdict) for found in audit.findings]
