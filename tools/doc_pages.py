"""The pages of docs/ that are made from the tool itself: one a clause, and the list of the commands.

    python tools/doc_pages.py update     write docs/lv/punkti, docs/en/clauses, docs/lv/komandas.md, docs/en/commands.md
    python tools/doc_pages.py check      end in 1 where they are not as `update` writes them

The words are those of `eklase-audit explain` and of the commands' own help.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from man_pages import named, usage

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
MADE = "<!-- Made by tools/doc_pages.py from the tool itself: change that. -->"

# Where the pages of each language lie in docs/, and what only these pages say.
WORDS: dict[str, dict[str, str]] = {
    "en": {
        "clauses": "en/clauses",
        "commands": "en/commands.md",
        "other": "lv",
        "other_name": "Latviski",
        "clause": "Clause {number}. {title}",
        "all": "All clauses",
        "index": "The clauses",
        "intro": "What each clause asks, how it is checked, how to mend what was found. Findings name their clause.",
        "guides": "Guides: [the deputy director's week](../deputy-week.md), "
        "[the teacher's five minutes](../teacher-five-minutes.md).",
        "at_hand": "The same at the terminal: `{command}`.",
        "check": "check",
        "severity": "severity",
        "needs": "needs the exports",
        "unseen": "What no export shows",
        "list": "The commands",
        "list_intro": "Each with its own words. The options of a command: `eklase-audit COMMAND --help`.",
    },
    "lv": {
        "clauses": "lv/punkti",
        "commands": "lv/komandas.md",
        "other": "en",
        "other_name": "In English",
        "clause": "{number}. punkts. {title}",
        "all": "Visi punkti",
        "index": "Kārtības punkti",
        "intro": "Ko prasa katrs punkts, kā to pārbauda un kā novērst atrasto. Katrs konstatējums nosauc savu punktu.",
        "guides": "Ceļveži: [vietnieka nedēļa](../vietnieka-nedela.md), "
        "[pedagoga piecas minūtes](../pedagoga-piecas-minutes.md).",
        "at_hand": "Tas pats terminālī: `{command}`.",
        "check": "pārbaude",
        "severity": "smagums",
        "needs": "vajadzīgās datnes",
        "unseen": "Ko nerāda neviena datne",
        "list": "Komandas",
        "list_intro": "Katra saviem vārdiem. Komandas iespējas: `eklase-audit KOMANDA --help`.",
    },
}


def pages(language: str) -> dict[str, str]:
    """The pages of a language by their place in docs/. Commands have their help from import on: one a process."""
    from eklase_audit import i18n

    i18n.activate(language)
    from eklase_audit.clauses import CHECKS
    from eklase_audit.packs import DEFAULT
    from eklase_audit.regulation import load_regulation

    words = WORDS[language]
    regulation = load_regulation(DEFAULT, CHECKS)
    folder = words["clauses"]
    made = {f"{folder}/{clause.number}.md": clause_page(clause, words) for clause in regulation.clauses}
    made[f"{folder}/README.md"] = index(regulation, words)
    made[words["commands"]] = command_list(words)
    return made


def clause_page(clause: Any, words: dict[str, str]) -> str:
    """All that is said of a clause: its checks by the headings of their docstrings."""
    other = WORDS[words["other"]]
    beside = f"../../{other['clauses']}/{clause.number}.md"
    parts = [
        f"# {escaped(words['clause'].format(number=clause.number, title=clause.title))}",
        MADE,
        f"[{words['all']}](README.md) · [{words['other_name']}]({beside})",
        f"**{escaped(clause.summary)}**",
    ]
    for rule in clause.checks:
        parts += check_parts(rule, words)
    if clause.unseen:
        parts += [f"## {words['unseen']}", *(f"- {escaped(text[language_of(words)])}" for text in clause.unseen)]
    parts.append(words["at_hand"].format(command=f"eklase-audit explain {clause.number}"))
    return joined(parts)


def check_parts(rule: Any, words: dict[str, str]) -> Iterator[str]:
    """A check's page, as `explain` shows it."""
    from eklase_audit.clauses import CHECKS
    from eklase_audit.i18n import _
    from eklase_audit.reports import manual

    title, sections = manual.page(rule)
    yield f"## {escaped(title)}"
    needs = manual.needs_text(CHECKS[rule.name].needs)
    told = {"check": f"`{rule.id}`", "severity": manual.severity_text(rule), "needs": escaped(needs)}
    yield " · ".join(f"{words[name]}: {text}" for name, text in told.items())
    for heading in manual.HEADINGS:
        yield f"### {_(heading)}"
        yield escaped(sections.get(heading, ""))
    if lines := manual.settings(rule):
        yield "\n".join(f"- {escaped(manual.setting_text(line))}" for line in lines)


def index(regulation: Any, words: dict[str, str]) -> str:
    """The list of the clauses."""
    other = WORDS[words["other"]]
    lines = [
        f"- [{clause.number}. {escaped(clause.title)}]({clause.number}.md): {escaped(clause.summary)}"
        for clause in regulation.clauses
    ]
    return joined(
        [
            f"# {words['index']}",
            MADE,
            f"[{words['other_name']}](../../{other['clauses']}/README.md)",
            escaped(regulation.title),
            words["intro"],
            words["guides"],
            "\n".join(lines),
            words["at_hand"].format(command="eklase-audit clauses"),
        ]
    )


def command_list(words: dict[str, str]) -> str:
    """The commands, with their arguments and their help."""
    from eklase_audit.cli import whole

    parts = [
        f"# {words['list']}",
        MADE,
        f"[{words['other_name']}](../{WORDS[words['other']]['commands']})",
        words["list_intro"],
    ]
    for name, command in sorted(named(whole(), "")):
        parts += [
            f"## {name}",
            f"`eklase-audit {name} {usage(command)}`",
            escaped(" ".join((command.help or "").split())),
        ]
    return joined(parts)


def language_of(words: dict[str, str]) -> str:
    """The language whose words these are."""
    return next(language for language, known in WORDS.items() if known is words)


def joined(parts: list[str]) -> str:
    """Paragraphs with a blank line between; those of one list without."""
    return re.sub(r"(?m)^(- .*)\n\n(?=- )", r"\1\n", "\n\n".join(part for part in parts if part)) + "\n"


def escaped(text: str) -> str:
    """A text that Markdown shows as it stands; "_" within a word is no emphasis to it."""
    return re.sub(r"[\\`*<>\[\]|]|(?<!\w)_|_(?!\w)", r"\\\g<0>", text)


def made() -> dict[Path, str]:
    """Each page's place and text."""
    alone = {"PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"}
    texts: dict[Path, str] = {}
    for language in WORDS:
        asked = [sys.executable, __file__, "print", language]
        told = subprocess.run(asked, check=True, stdout=subprocess.PIPE, encoding="utf-8", env=alone).stdout
        texts |= {DOCS / place: text for place, text in json.loads(told).items()}
    return texts


def faults() -> list[str]:
    """The pages that are not as the tool would write them, and those of clauses that are no more."""
    texts = made()
    there = {path for words in WORDS.values() for path in (DOCS / words["clauses"]).glob("*.md")}
    stale = {path for path, text in texts.items() if not path.exists() or path.read_text("utf-8") != text}
    return [
        f"{path.relative_to(ROOT)}: not as the tool is: python tools/doc_pages.py update"
        for path in sorted(stale | there - set(texts))
    ]


def update() -> None:
    """Write the pages, and take away those of clauses that are no more."""
    texts = made()
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    for words in WORDS.values():
        for path in set((DOCS / words["clauses"]).glob("*.md")) - set(texts):
            path.unlink()


def main(arguments: list[str]) -> int:
    """Do what is asked for; the exit code."""
    match arguments:
        case ["print", language] if language in WORDS:
            json.dump(pages(language), sys.stdout, ensure_ascii=False)
            return 0
        case ["update"]:
            update()
            return 0
        case ["check"]:
            found = faults()
            for fault in found:
                print(fault, file=sys.stderr)
            return 1 if found else 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
