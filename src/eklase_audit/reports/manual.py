"""The manual: the clauses of a regulation, and the page of each check, made from its docstring."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console
from rich.text import Text

from eklase_audit.clauses import CHECKS, Need
from eklase_audit.deadlines import month_day_text
from eklase_audit.exports.headings import kinds
from eklase_audit.i18n import N_, _
from eklase_audit.regulation import CheckRule, Clause, Regulation

# The headings of every check's page, in their order; a test holds each docstring to them.
HEADINGS = (
    N_("What the regulation asks"),
    N_("What is checked"),
    N_("What a violation looks like"),
    N_("What is right"),
    N_("How to mend it in E-klase"),
    N_("Settings"),
)

# Longer lines are hard to read, however wide the terminal is.
_WIDTH = 110


def page(rule: CheckRule) -> tuple[str, dict[str, str]]:
    """A check's title and its sections by heading, in the language spoken."""
    title, _blank, rest = _(CHECKS[rule.name].manual).partition("\n")
    sections: dict[str, str] = {}
    heading = ""
    titles = {_(known): known for known in HEADINGS} | {known: known for known in HEADINGS}
    for line in rest.splitlines():
        if line.rstrip(":").strip() in titles and line.endswith(":") and not line.startswith(" "):
            heading = titles[line.rstrip(":").strip()]
            sections[heading] = ""
        elif heading:
            sections[heading] += f" {line.strip()}"
    return title.rstrip("."), {key: text.strip() for key, text in sections.items()}


def settings(rule: CheckRule) -> list[dict[str, Any]]:
    """The parameters of a check: name as a configuration writes it, value, whether it is a reading."""
    lines = []
    if rule.deadline:
        plain = rule.deadline.plain()
        lines.append(
            {
                "parameter": f"{rule.id}.{rule.deadline.form}",
                "value": plain[rule.deadline.form],
                "text": rule.deadline.text(),
                "reading": rule.deadline.reading,
            }
        )
    for name, parameter in rule.parameters.items():
        value: Any = parameter.value
        text = ", ".join(str(item) for item in value) if isinstance(value, tuple) else str(value)
        if name in ("since", "until"):
            text = month_day_text(*value)
            value = f"{value[0]:02d}-{value[1]:02d}"
        lines.append({"parameter": f"{rule.id}.{name}", "value": value, "text": text, "reading": parameter.reading})
    return lines


def needs_text(needs: tuple[Need, ...]) -> str:
    """The exports and columns a check needs, in words."""
    parts = []
    for need in needs:
        text = _(" or ").join(f"«{kinds()[kind].title}» ({kind})" for kind in need.kinds)
        if need.columns:
            columns = _(" or ").join(f"«{kinds()[need.kinds[0]].heading(column)}»" for column in need.columns)
            text += _(" with the column {columns}").format(columns=columns)
        parts.append(text)
    return "; ".join(dict.fromkeys(parts))


def _check_entry(rule: CheckRule) -> dict[str, Any]:
    title, sections = page(rule)
    return {
        "check": rule.id,
        "title": title,
        "severity": rule.severity,
        "settings": settings(rule),
        "needs": [{"kinds": list(need.kinds), "columns": list(need.columns)} for need in CHECKS[rule.name].needs],
        "sections": [{"heading": _(heading), "text": sections.get(heading, "")} for heading in HEADINGS],
    }


def _clause_entry(clause: Clause, checks: list[CheckRule]) -> dict[str, Any]:
    return {
        "clause": clause.number,
        "title": clause.title,
        "summary": clause.summary,
        "checks": [_check_entry(rule) for rule in checks],
    }


def regulation_entry(regulation: Regulation) -> dict[str, Any]:
    """What a regulation is, for JSON."""
    return {
        "id": regulation.id,
        "title": regulation.title,
        "in_force_from": regulation.in_force_from.isoformat(),
        "source": regulation.source,
    }


def json_text(value: Any) -> str:
    """An answer as JSON text."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def clauses_json(regulation: Regulation) -> str:
    """All clauses as JSON."""
    return json_text(
        {
            "schema": 1,
            "regulation": regulation_entry(regulation),
            "clauses": [_clause_entry(clause, list(clause.checks)) for clause in regulation.clauses],
        }
    )


def explanation_json(regulation: Regulation, what: str) -> str:
    """The clauses and checks that `what` means, as JSON."""
    chosen = _chosen(regulation, what)
    return json_text(
        {
            "schema": 1,
            "regulation": regulation_entry(regulation),
            "clauses": [_clause_entry(clause, checks) for clause, checks in chosen],
        }
    )


def _chosen(regulation: Regulation, what: str) -> list[tuple[Clause, list[CheckRule]]]:
    wanted = {rule.id for rule in regulation.select([what])}
    out = []
    for clause in regulation.clauses:
        checks = [rule for rule in clause.checks if rule.id in wanted]
        if checks or clause.number == what:
            out.append((clause, checks))
    return out


def _print(console: Console, text: Text, indent: int) -> None:
    """Print a text behind a margin, in lines that are easy to read, with no spaces after them."""
    for line in text.wrap(console, min(console.width, _WIDTH) - indent):
        line.rstrip()
        console.print(Text(" " * indent) + line)


def show_clauses(regulation: Regulation, console: Console) -> None:
    """Print every clause with its checks, their settings and needs."""
    console.print(Text(regulation.title, style="bold"))
    for clause in regulation.clauses:
        console.print()
        console.print(Text(f"{clause.number}. {clause.title}", style="bold"))
        _print(console, Text(clause.summary), 2)
        for rule in clause.checks:
            title, _sections = page(rule)
            _print(console, Text.assemble((rule.id, "cyan"), f"  {title} · {severity_text(rule)}"), 2)
            for line in settings(rule):
                _print(console, Text(setting_text(line)), 6)
            needs = _("needs: {needs}").format(needs=needs_text(CHECKS[rule.name].needs))
            _print(console, Text(needs), 6)


def setting_text(line: dict[str, Any]) -> str:
    """One parameter in words: its name, its value, whether the school has to say."""
    value = line["value"]
    if value is True:
        value = "true"
    elif isinstance(value, tuple):
        value = line["text"]
    text = f"{line['parameter']} = {value}"
    if line["text"] not in text:
        text += f" ({line['text']})"
    return text + (" · " + _("the school's reading") if line["reading"] else "")


def severity_text(rule: CheckRule) -> str:
    """Violation or warning, in the language spoken."""
    return _("violation") if rule.severity == "violation" else _("warning")


def show_explanation(regulation: Regulation, what: str, console: Console) -> None:
    """Print the pages of the clauses and checks that `what` means."""
    for clause, checks in _chosen(regulation, what):
        console.print(Text(f"{clause.number}. {clause.title}", style="bold"))
        _print(console, Text(clause.summary), 2)
        console.print()
        for rule in checks:
            title, sections = page(rule)
            console.print(Text.assemble((rule.id, "bold cyan"), f"  {title} · {severity_text(rule)}"))
            for heading in HEADINGS:
                _print(console, Text(_(heading), style="bold"), 2)
                _print(console, Text(sections.get(heading, "")), 4)
                if heading == "Settings":
                    for line in settings(rule):
                        _print(console, Text(setting_text(line)), 4)
            console.print()
