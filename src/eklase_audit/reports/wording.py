"""Findings and reasons in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from eklase_audit.audit import NOT_AUDITED, Audit
from eklase_audit.clauses import CHECKS
from eklase_audit.figures import Figures, Person
from eklase_audit.findings import Finding
from eklase_audit.i18n import (
    N_,
    _,
    day_text,
    moment_text,
    month_text,
    ngettext,
    number_text,
    percent_text,
    when_text,
)
from eklase_audit.journal import DataProblem
from eklase_audit.regulation import CheckRule
from eklase_audit.reports.news import news_text

REASONS = {
    "prefix-not-first": N_("«SR:» stands in the middle: the entry must begin with it"),
    "no-prefix": N_("the entry does not begin with «{start}»"),
    "no-separator": N_("there is no « / » between result and topic"),
    "empty-result": N_("there is no result before the « / »"),
    "empty-topic": N_("there is no topic after the « / »"),
    "placeholder": N_("the sample's own words were left in place of result or topic"),
    "no-subject": N_("there are no subjects in brackets after «Individuālais darbs»"),
    "no-topic": N_("there is no topic after the brackets"),
    "no-pupils": N_("no pupils are attached"),
    "misspelt": N_("the sign of an exempt pupil is misspelt: it is exactly «atb»"),
    "other-mark": N_("an exempt pupil has another mark than «atb»"),
}
HINTS = {"near-prefix": N_("write it with capital letters, without full stops, with a colon")}
DEFECTS = {
    "absences.unfounded": N_("marked justified, but there is no note and no event for that day"),
    "correction.unfounded": N_("corrected after it was due, but no combined-work mark is there"),
    "exemption.unfounded": N_("«atb» stands there, but no exemption of the pupil from this subject"),
}


_CODES = {
    "entry-time-contradicted": N_("its stamp is no later than a snapshot that does not have it: written back in time?"),
}


def message(finding: Finding) -> str:
    """One sentence that says what is wrong."""
    thing = _(CHECKS[finding.rule.name].thing)
    if finding.verdict == "defect":
        return f"{thing}: {defect_text(finding)}"
    due = moment_text(finding.due_at) if finding.due_at else "–"
    days = finding.working_days_late or 0
    late = ngettext("{count} working day late", "{count} working days late", days).format(count=days)
    if finding.verdict == "late" and finding.done_after and finding.done_by:
        text = _("{thing}: due {due}, made after {after} and by {by}, as snapshots show ({late})").format(
            thing=thing,
            due=due,
            after=moment_text(finding.done_after),
            by=moment_text(finding.done_by),
            late=late,
        )
    elif finding.verdict == "late":
        text = _("{thing}: due {due}, done {done} ({late})").format(
            thing=thing, due=due, done=done_text(finding), late=late
        )
    elif finding.verdict == "undetermined":
        text = _("{thing}: due {due}; when it was done cannot be told").format(thing=thing, due=due)
    elif finding.verdict == "pending":
        text = _("{thing}: due {due}, not done yet").format(thing=thing, due=due)
    else:
        text = _("{thing}: due {due}, not done yet ({late})").format(thing=thing, due=due, late=late)
    reading = reading_text(finding.rule)
    return f"{text}; {reading}" if reading else text


def reading_text(rule: CheckRule) -> str:
    """That the deadline is the school's reading of the text; "" where the text itself sets it."""
    if rule.deadline is None or not rule.deadline.reading:
        return ""
    return _("the school's reading: {deadline}").format(deadline=rule.deadline.text())


def things_text(findings: Iterable[Finding]) -> str:
    """What findings ask for, each thing once."""
    return ", ".join(dict.fromkeys(_(CHECKS[one.rule.name].thing) for one in findings))


def checks_text(findings: Iterable[Finding]) -> str:
    """The checks that findings are of, each once."""
    return ", ".join(dict.fromkeys(one.rule.id for one in findings))


def on_text(finding: Finding) -> str:
    """Which day a finding is about, with the lesson; of a statement its month."""
    if finding.period and "-" in finding.period:
        return finding.period
    on = day_text(finding.on) if finding.on else ""
    if finding.lesson is not None:
        on += ", " + _("lesson {number}").format(number=finding.lesson)
    return on


def grades_text(grades: Sequence[int]) -> str:
    """Grades in words, neighbours as a span: "grades 1–8, 10–11"; "" for all of them."""
    spans: list[list[int]] = []
    for grade in grades:
        if spans and grade == spans[-1][1] + 1:
            spans[-1][1] = grade
        else:
            spans.append([grade, grade])
    dot = _("{grade}")
    ends = [[dot.format(grade=grade) for grade in dict.fromkeys(span)] for span in spans]
    names = ", ".join("–".join(span) for span in ends)
    return ngettext("grade {grades}", "grades {grades}", len(grades)).format(grades=names) if names else ""


def period_text(period: str | None) -> str:
    """A period in words: a semester, the school year, a month; "" for none."""
    if period in ("1", "2"):
        return _("semester {number}").format(number=period)
    if period == "year":
        return _("the whole year")
    if period:
        year, month = period.split("-")
        return month_text(int(year), int(month))
    return ""


def defect_text(finding: Finding) -> str:
    """What is wrong with an entry."""
    text = REASONS.get(finding.reason or "", DEFECTS.get(finding.rule.name, ""))
    start = "Individuālais darbs" if finding.rule.name == "form.individual" else "SR:"
    hint = "; " + _(HINTS[finding.hint]) if finding.hint else ""
    return _(text).format(start=start) + hint


def done_text(finding: Finding) -> str:
    """When it was done, "" where it was not."""
    if finding.done_by:
        return _("by {moment}").format(moment=moment_text(finding.done_by))
    return "" if finding.done_at is None else when_text(finding.done_at)


def bearer_text(finding: Finding) -> str:
    """Who bears a finding; an unknown class teacher by the class."""
    return " / ".join(finding.bearers) or person_text(Person(None, finding.role, finding.class_))


def person_text(person: Person) -> str:
    """A person's name; an unknown class teacher by the class."""
    if person.name:
        return person.name
    if person.role == "class_teacher":
        return _("class teacher {class_}").format(class_=person.class_ or "?")
    return _("teacher not named")


def share_text(figures: Figures[Any]) -> str:
    """The share of duties done in time, or that there were too few of them to say."""
    return _("too few") if figures.in_time is None or not figures.enough else percent_text(figures.in_time)


def per_hundred_text(figures: Figures[Any]) -> str:
    """The findings for each 100 duties, "" where there were too few duties to say."""
    return "" if figures.per_hundred is None or not figures.enough else number_text(figures.per_hundred, 1)


def median_text(figures: Figures[Any]) -> str:
    """The median of the working days late, "" where nothing was late; between two days it is a half."""
    late = figures.median_late
    return "" if late is None else number_text(late, 0 if late == int(late) else 1)


def totals(audit: Audit) -> str:
    """One line: how many violations and warnings, how many waived, what was not checked and not read."""
    severities = Counter(finding.rule.severity for finding in audit.counted)
    left_out = sum(result.status == NOT_AUDITED for result in audit.results)
    problems = len(audit.journal.problems)
    parts = [_violations(severities["violation"]), _warnings(severities["warning"])]
    if audit.waivers:
        count = sum(finding.waived for finding in audit.findings)
        parts.append(ngettext("{count} waived", "{count} waived", count).format(count=count))
    parts += [
        ngettext("{count} check not made", "{count} checks not made", left_out).format(count=left_out),
        ngettext("{count} cell not read", "{count} cells not read", problems).format(count=problems),
    ]
    return _("In all: {parts}").format(parts=", ".join(parts))


def last_lines(audit: Audit) -> list[str]:
    """What stands below an audit, and alone where little is to be said: the totals, and what is new."""
    return [line for line in (totals(audit), news_text(audit)) if line]


def _violations(count: int) -> str:
    return ngettext("{count} violation", "{count} violations", count).format(count=count)


def _warnings(count: int) -> str:
    return ngettext("{count} warning", "{count} warnings", count).format(count=count)


def severity_text(severity: str) -> str:
    """A severity in words."""
    return {"violation": _("violation"), "warning": _("warning")}[severity]


def verdict_text(verdict: str) -> str:
    """A finding's verdict in words."""
    return {
        "late": _("late"),
        "overdue": _("overdue"),
        "defect": _("defect"),
        "pending": _("pending"),
        "undetermined": _("unknown"),
    }[verdict]


def problem_text(problem: DataProblem) -> str:
    """Why a cell could not be read, or does not fit."""
    return _(_CODES.get(problem.reason, problem.reason)).format(**dict(problem.fill))
