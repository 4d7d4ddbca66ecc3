"""The report as JUnit XML, which build servers show: a suite a clause, a case a finding or a check without any.

A finding is a failure, a check that was not made or a waived finding is skipped, and cells or files that
could not be read are errors, in a suite of their own.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from eklase_audit import __version__
from eklase_audit.audit import NOT_AUDITED, Audit, CheckResult
from eklase_audit.errors import ReadError, place
from eklase_audit.findings import Finding
from eklase_audit.i18n import _
from eklase_audit.reports.gaps import cells
from eklase_audit.reports.safe_text import visible
from eklase_audit.reports.wording import bearer_text, message


def render(audit: Audit) -> bytes:
    """The audit as the bytes of a JUnit XML file."""
    root = ET.Element("testsuites", name=f"eklase-audit {__version__}")
    for clause in audit.regulation.clauses:
        results = [result for result in audit.results if result.rule.clause == clause.number]
        if results:
            suite = ET.SubElement(root, "testsuite", name=f"{clause.number}. {visible(clause.title)}")
            suite.set("timestamp", audit.as_of.isoformat())
            for result in results:
                _check(suite, result, [finding for finding in audit.findings if finding.rule.id == result.rule.id])
    _unread(root, audit)
    for suite in [*root, root]:
        cases = list(suite.iter("testcase"))
        suite.set("tests", str(len(cases)))
        for word, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            if suite is not root or word != "skipped":
                suite.set(word, str(sum(case.find(tag) is not None for case in cases)))
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _check(suite: ET.Element, result: CheckResult, findings: list[Finding]) -> None:
    if not findings:
        case = ET.SubElement(suite, "testcase", classname=result.rule.id, name=result.rule.id)
        if result.status == NOT_AUDITED:
            ET.SubElement(case, "skipped", message=visible(result.reason or ""))
    for finding in findings:
        about = [finding.class_, finding.subject, finding.pupil, finding.on and finding.on.isoformat()]
        name = ", ".join(visible(part) for part in about if part) or finding.fingerprint
        case = ET.SubElement(suite, "testcase", classname=result.rule.id, name=f"{name} [{finding.fingerprint}]")
        text = f"{bearer_text(finding)}: {message(finding)}"
        if finding.waiver:
            ET.SubElement(case, "skipped", message=visible(finding.waiver.reason))
        else:
            failure = ET.SubElement(case, "failure", type=finding.rule.severity, message=visible(text))
            failure.text = visible(place(finding.file, finding.sheet, finding.row)) if finding.file else None


def _unread(root: ET.Element, audit: Audit) -> None:
    """A suite of what could not be read; none where all was."""
    faults = [(place(gap.file or "", gap.sheet, gap.row), f"«{gap.column}»: {gap.text}") for gap in cells(audit)]
    faults += [(place(e.file, e.sheet), e.text) for e in audit.journal.errors if isinstance(e, ReadError)]
    if faults:
        suite = ET.SubElement(root, "testsuite", name=_("Cells and files that could not be read"))
        for where, text in faults:
            case = ET.SubElement(suite, "testcase", classname="exports", name=visible(where))
            ET.SubElement(case, "error", message=visible(text))
