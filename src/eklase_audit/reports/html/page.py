"""The page as a whole: its parts put together, in one file that needs no other."""

from __future__ import annotations

from collections import Counter
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from eklase_audit import __version__
from eklase_audit.audit import Audit
from eklase_audit.coverage import AUDITED, NONE, PARTLY, Part, coverage, state_text
from eklase_audit.errors import place
from eklase_audit.figures import Figures, by_class, by_person, whole
from eklase_audit.findings import NEW, OPEN, class_key
from eklase_audit.i18n import _, active, collation_key, day_text, moment_text, ngettext
from eklase_audit.reports.html import charts, rows
from eklase_audit.reports.html.single import asset, environment, policy
from eklase_audit.reports.manual import HEADINGS, page, setting_text, settings, severity_text
from eklase_audit.reports.waived import about_text, to_look_at
from eklase_audit.reports.waived import state_text as waiver_state_text
from eklase_audit.reports.wording import (
    median_text,
    per_hundred_text,
    person_text,
    problem_text,
    share_text,
)


def render(audit: Audit) -> bytes:
    """The report of an audit as one HTML file, in the language spoken."""
    heat = charts.heat_map(audit)
    style = asset("report.css") + _for_style(heat)
    first_script, last_script = 'document.documentElement.className = "js";', asset("report.js")
    texts = {
        "policy": policy([style], [first_script, last_script]),
        "style": Markup(style),  # noqa: S704 - our own file
        "first_script": Markup(first_script),  # noqa: S704 - our own
        "last_script": Markup(last_script),  # noqa: S704 - our own file
    }
    content = _environment().get_template("page.html").render(**texts, heat=heat, **_content(audit))
    return content.lstrip().encode()


def _for_style(heat: charts.HeatMap) -> str:
    """What the style has to know of this report.

    That is what stands before a date where a line of the table is shown as a card, and which share of
    a printed page the names and the weeks of the heat map take.
    """
    words = {"u": _("Due"), "e": _("Done"), "l": _("Days late")}
    names = 100 * charts.NAMES / (charts.NAMES + charts.PITCH * max(1, len(heat.weeks)))
    entries = [f'--text-{name}: "{_in_style(text)}: ";' for name, text in words.items()]
    entries += [f"--names: {names:.2f}%;", f"--weeks: {100 - names:.2f}%;"]
    return "\n:root { " + " ".join(entries) + " }\n"


def _in_style(text: str) -> str:
    return "".join(letter if letter.isalpha() or letter == " " else f"\\{ord(letter):x} " for letter in text)


def _environment() -> Environment:
    """The templates' environment, with the words and figures that the report's templates ask for themselves."""
    made = environment()
    made.globals |= {
        "_": _,
        "ngettext": ngettext,
        "count": count,
        "PITCH": charts.PITCH,
        "NAMES": charts.NAMES,
        "day_text": day_text,
        "place": place,
        "share_text": share_text,
        "per_hundred_text": per_hundred_text,
        "median_text": median_text,
        "problem_text": problem_text,
        "state_text": state_text,
    }
    return made


def count(number: int) -> str:
    """A whole number, its thousands set apart."""
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")


def _content(audit: Audit) -> dict[str, Any]:
    severities = Counter(finding.rule.severity for finding in audit.counted)
    parts = coverage(audit)
    groups = rows.groups(audit)
    trend, days_late = charts.trend(audit), charts.days_late(audit)
    journal = audit.journal
    return {
        "audit": audit,
        "version": __version__,
        "language": active(),
        "as_of": _("As of {moment}").format(moment=moment_text(audit.as_of)),
        "previous": audit.previous
        and _("compared with the run of {moment}").format(moment=moment_text(audit.previous)),
        "violations": severities["violation"],
        "warnings": severities["warning"],
        "new": sum(finding.news == NEW for finding in audit.counted),
        "school": whole(audit),
        "clauses": _clauses(audit, parts),
        "left_out": [part for part in parts if part.notable],
        "verdicts": [text for _key, text in _verdicts()],
        "parts": _parts(audit, parts),
        "shades": [(f"h{number}", text) for number, text in enumerate(charts.shade_texts())],
        "clause_bars": charts.clause_bars(audit),
        "trend": trend,
        "trend_top": charts.nice_top([bar.total for bar in trend]),
        "days_late": days_late,
        "days_top": charts.nice_top([bar.total for bar in days_late]),
        "persons": _persons(audit, groups),
        "school_classes": [_figures(one, one.about or "–") for one in by_class(audit) if _told(one)],
        "groups": groups,
        "waived": rows.waived(audit),
        "waivers": [(about_text(use.waiver), use.waiver.reason, waiver_state_text(use)) for use in to_look_at(audit)],
        "filters": _filters(audit, groups),
        "violation": _("violation"),
        "warning": _("warning"),
        "unread": journal.problems or journal.skipped or journal.errors,
        "errors": [(where, text) for where, _colon, text in (str(e).partition(": ") for e in journal.errors)],
        "manual": _manual(audit),
    }


def _clauses(audit: Audit, parts: list[Part]) -> list[dict[str, str]]:
    """Each clause with the state of all its checks together.

    Single cells that could not be read, and what no export shows, leave it audited; the table tells them.
    """
    found = []
    for clause in audit.regulation.clauses:
        mine = [part for part in parts if part.clause.number == clause.number and part.check]
        if mine:
            whole_of_it = not any(part.notable for part in mine)
            state = NONE if all(part.state == NONE for part in mine) else AUDITED if whole_of_it else PARTLY
            found.append(
                {"number": clause.number, "title": clause.title, "state": state, "state_text": state_text(state)}
            )
    return found


def _verdicts() -> list[tuple[str, str]]:
    return [
        ("fulfilled", _("in time")),
        ("late", _("late")),
        ("overdue", _("overdue")),
        ("pending", _("pending")),
        ("undetermined", _("unknown")),
        ("defects", _("defects")),
    ]


def _parts(audit: Audit, parts: list[Part]) -> list[tuple[Part, list[int]]]:
    results = {result.rule.id: result for result in audit.results}
    return [
        (part, [results[part.check].counts[key] if part.check else 0 for key, _text in _verdicts()]) for part in parts
    ]


def _told(figures: Figures[Any]) -> bool:
    return bool(figures.duties or figures.findings)


def _figures(figures: Figures[Any], name: str, group: str = "") -> dict[str, Any]:
    return {"name": name, "figures": figures, "group": group}


def _persons(audit: Audit, groups: list[rows.Group]) -> list[dict[str, Any]]:
    """The figures of each teacher, with the place of their findings in the page."""
    places = {group.name: f"g-{number}" for number, group in enumerate(groups, 1)}
    return [
        _figures(one, person_text(one.about), places.get(person_text(one.about), ""))
        for one in by_person(audit)
        if _told(one)
    ]


def _filters(audit: Audit, groups: list[rows.Group]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The choices above the findings: name in the page, text, and what can be chosen (value, text)."""
    found = audit.findings
    numbers = {finding.rule.clause for finding in found}
    classes = sorted({one.class_ for one in found if one.class_}, key=class_key)
    names = {group.name for group in groups} | {name for one in found if one.waived for name in one.bearers}
    states = [("waived", _("waived"))] if any(finding.waived for finding in found) else []
    if any(finding.news for finding in found):
        states = [(NEW, _("new")), (OPEN, _("still open")), *states]
    filters = [
        ("c", _("Clause"), [(one.number, f"{one.number}. {one.title}") for one in audit.regulation.clauses
                            if one.number in numbers]),
        ("t", _("Teacher"), [(name, name) for name in sorted(names, key=collation_key)]),
        ("k", _("Class"), [(name, name) for name in classes]),
        ("s", _("Severity"), [(text, text) for text in (_("violation"), _("warning"))]),
        ("i", _("Status"), states),
    ]  # fmt: skip
    return [(f"filter-{key}", text, options) for key, text, options in filters if options]


def _manual(audit: Audit) -> list[dict[str, Any]]:
    """The pages of the clauses and checks that were asked for, as `explain` shows them."""
    asked = {result.rule.id for result in audit.results}
    return [
        {
            "number": clause.number,
            "title": clause.title,
            "summary": clause.summary,
            "checks": [_page(rule) for rule in clause.checks if rule.id in asked],
        }
        for clause in audit.regulation.clauses
        if asked & {rule.id for rule in clause.checks}
    ]


def _page(rule: Any) -> dict[str, Any]:
    title, sections = page(rule)
    return {
        "id": rule.id,
        "title": title,
        "severity": rule.severity,
        "severity_text": severity_text(rule),
        "sections": [(_(heading), sections.get(heading, "")) for heading in HEADINGS],
        "settings": [setting_text(line) for line in settings(rule)],
    }
