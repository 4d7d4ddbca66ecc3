"""An audit and its history: what is new since the run before, and this run kept for the next one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from eklase_audit.audit import Audit, Mended, Turns
from eklase_audit.findings import Finding
from eklase_audit.history.database import CheckMade, History, Run
from eklase_audit.history.news import Changes, Item, compare
from eklase_audit.moments import day_number, moment_number, to_date, to_datetime

# What a run was asked for besides the exports: runs are compared with those of the same scope only.
WHOLE, NOT_IN_FORCE_TOO, OBSERVED = "", "ignore-in-force", "store"


@dataclass(frozen=True)
class Remembered:
    """An audit with its news; `kept` tells whether the run stands in the history now."""

    audit: Audit
    kept: bool


def remember(audit: Audit, history: History, made_at: datetime, *, observed: bool = False) -> Remembered:
    """Mark what is new in an audit since the last run as of an earlier day, and keep the run.

    A run narrowed by clauses, teachers or classes is compared with what the last run knew of these,
    but not kept, since the next one would take all the others for mended. Nor is one that could not read
    a file or made no check; of that nothing is called mended either.
    """
    broken = bool(audit.journal.errors) or not audit.audited
    run = _run(audit, made_at, observed=observed)
    found = [item_of(finding, history) for finding in audit.findings]
    previous = history.previous(run.day, run.scope)
    known = history.items(previous) if previous else []
    kept = not broken and not _narrowed(audit)
    if kept:
        changes = history.record(run, found)
    else:
        reach = replace(run.reach, checks={}) if broken else run.reach
        changes = compare([item for item in known if _asked(item, audit, history)], found, reach, run.day)
    return Remembered(_told(audit, changes, known, previous, history), kept)


def item_of(finding: Finding, history: History) -> Item:
    """A finding as the history knows it."""
    due = finding.due_at.date() if finding.due_at else finding.on
    return Item(
        history.keyed(finding.fingerprint),
        finding.rule.id,
        finding.rule.clause,
        finding.class_,
        tuple(history.keyed(name) for name in finding.bearers),
        day_number(finding.on) if finding.on else None,
        day_number(due) if due else None,
        finding.verdict,
        finding.waived,
    )


def _run(audit: Audit, made_at: datetime, *, observed: bool) -> Run:
    scope = (NOT_IN_FORCE_TOO if audit.ignore_in_force else WHOLE, OBSERVED if observed else WHOLE)
    return Run(
        day_number(audit.as_of.date()),
        " ".join(word for word in scope if word),
        moment_number(audit.as_of),
        moment_number(made_at),
        audit.regulation.id,
        tuple(audit.journal.names("class")),
        {result.rule.id: CheckMade(result.rule.clause, result.first_day, result.due) for result in audit.audited},
    )


def _narrowed(audit: Audit) -> bool:
    filters = audit.filters
    return bool(filters.teachers or filters.classes) or len(audit.results) < len(audit.regulation.checks)


def _asked(item: Item, audit: Audit, history: History) -> bool:
    """Whether a finding of the run before is among those that a narrowed run was asked for."""
    filters = audit.filters
    mine = {history.keyed(name) for name in filters.teachers}
    return (
        item.check in {result.rule.id for result in audit.results}
        and (not filters.classes or item.class_ in filters.classes)
        and (not mine or bool(mine & set(item.bearers)))
    )


def _told(audit: Audit, changes: Changes, known: list[Item], previous: Run | None, history: History) -> Audit:
    """The audit with its news."""
    before = {item.key: item for item in known}
    teachers = [name for column in ("teacher", "class_teacher") for name in audit.journal.names(column)]
    names = {history.keyed(name): name for name in teachers} if changes.mended else {}
    entered = excused = returned = 0
    findings = []
    for finding, item in zip(audit.findings, changes.found, strict=True):
        findings.append(finding._replace(news=changes.news(item.key), since=to_date(item.since)))
        if was := before.get(item.key):
            entered += was.verdict == "overdue" and item.verdict == "late" and not item.waived
            excused += item.waived and not was.waived
            returned += was.waived and not item.waived
    mended = [
        Mended(
            item.check,
            item.clause,
            item.class_,
            to_date(item.since),
            tuple(names[bearer] for bearer in item.bearers if bearer in names),
        )
        for item in changes.mended
        if not item.waived
    ]
    return replace(
        audit,
        findings=tuple(findings),
        previous=to_datetime(previous.as_of) if previous else None,
        mended=tuple(sorted(mended, key=lambda one: (one.check, one.class_ or "", one.since, one.bearers))),
        turns=Turns(entered, excused, returned, sum(not item.waived for item in changes.untold)),
    )
