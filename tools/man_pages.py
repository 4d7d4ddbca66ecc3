"""The manual pages, made from the commands themselves.

    python tools/man_pages.py update     write man/eklase-audit.1 and man/lv/eklase-audit.1
    python tools/man_pages.py check      end in 1 where they are not as `update` writes them

One page a language holds all commands: it can be searched as a whole. The wheel puts them below share/man.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGES = {"en": ROOT / "man/eklase-audit.1", "lv": ROOT / "man/lv/eklase-audit.1"}

# What no command's help says: the headings, what exit codes mean, which variables and files count.
WORDS = {
    "en": {
        "name": "NAME",
        "synopsis": "SYNOPSIS",
        "commands": "COMMANDS",
        "options": "OPTIONS",
        "exit": "EXIT STATUS",
        "environment": "ENVIRONMENT",
        "files": "FILES",
        "also": "SEE ALSO",
        "notes": {"[required]": ""},
        "codes": (
            ("0", "Nothing was found."),
            ("1", "At least one finding at or above --fail-on."),
            ("2", "The command was wrong, a file could not be read, or nothing could be audited."),
        ),
        "variables": (
            ("LC_ALL, LC_MESSAGES, LANG", "The language where --lang and the configuration name none."),
            ("TZ", "The time zone of now; exports hold times of Europe/Riga."),
            ("NO_COLOR", "No colour where it is set."),
        ),
        "places": (("eklase-audit.toml", "The school's configuration, found upward from the first path."),),
        "seen": "README.md, SECURITY.md and docs/ in the source of eklase-audit.",
    },
    "lv": {
        "name": "NOSAUKUMS",
        "synopsis": "LIETOJUMS",
        "commands": "KOMANDAS",
        "options": "IESPĒJAS",
        "exit": "BEIGU KODI",
        "environment": "VIDES MAINĪGIE",
        "files": "DATNES",
        "also": "SKATĪT ARĪ",
        "notes": {
            "[required]": "",
            "[default: ": "[noklusējums: ",
            "Install completion for the current shell.": "Ieslēgt šajā čaulā komandu pabeigšanu.",
            "Show completion for the current shell, to copy it or customize the installation.": (
                "Parādīt šīs čaulas pabeigšanas skriptu, ko nokopēt vai pielāgot."
            ),
        },
        "codes": (
            ("0", "Nekas nav atrasts."),
            ("1", "Ir vismaz viens konstatējums no --fail-on smaguma."),
            ("2", "Komanda bija nepareiza, datni nevarēja nolasīt vai neko nevarēja pārbaudīt."),
        ),
        "variables": (
            ("LC_ALL, LC_MESSAGES, LANG", "Valoda, ja to nenosaka ne --lang, ne konfigurācija."),
            ("TZ", "Pašreizējā brīža laika josla; izgūtajās datnēs ir Europe/Riga laiks."),
            ("NO_COLOR", "Ja iestatīts, bez krāsām."),
        ),
        "places": (("eklase-audit.toml", "Skolas konfigurācija, ko meklē no pirmā ceļa uz augšu."),),
        "seen": "README.md, SECURITY.md un docs/ rīka eklase-audit pirmkodā.",
    },
}


def page(language: str) -> str:
    """The page in a language. The commands' help is made at import, so a process speaks one language only."""
    from eklase_audit import __version__, i18n

    i18n.activate(language)
    from eklase_audit.cli import whole

    words: dict[str, Any] = WORDS[language]
    top = whole()
    commands = sorted(named(top, ""))
    lines = [
        '.\\" Made by tools/man_pages.py from the commands: change those.',
        f'.TH EKLASE\\-AUDIT 1 "" "eklase\\-audit {__version__}"',
        heading(words["name"]),
        f"eklase\\-audit \\- {escaped(top.help or '').rstrip('.')}",
        heading(words["synopsis"]),
        *(f".B eklase\\-audit {escaped(name)}\n{escaped(usage(command))}\n.br" for name, command in commands),
        heading(words["options"]),
        *option_lines(top, words),
        heading(words["commands"]),
    ]
    for name, command in commands:
        lines += [f'.SS "eklase\\-audit {escaped(name)}"', escaped(command.help or "")]
        lines += option_lines(command, words)
    for part, entries in (("exit", "codes"), ("environment", "variables"), ("files", "places")):
        lines.append(heading(words[part]))
        lines += [line for term, text in words[entries] for line in item(f"\\fB{escaped(term)}\\fR", text)]
    lines += [heading(words["also"]), escaped(words["seen"])]
    return "\n".join(lines) + "\n"


def named(command: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    """Each command that does something, with its name: "check", "store info"."""
    for name, below in command.commands.items():
        if hasattr(below, "commands"):
            yield from named(below, f"{prefix}{name} ")
        elif not below.hidden:
            yield f"{prefix}{name}", below


def shown(command: Any) -> list[tuple[str, str]]:
    """Each argument and option that the help shows, as it is typed, and what it does."""
    context = command.context_class(command, info_name="")
    records = []
    for parameter in command.params:
        record = parameter.get_help_record(context)
        if record and "--help" not in parameter.opts:
            is_argument = parameter.param_type_name == "argument"
            records.append((parameter.metavar or parameter.name.upper() if is_argument else record[0], record[1]))
    return records


def usage(command: Any) -> str:
    """The arguments of a command after its options; those that may be left out in brackets."""
    words = ["[OPTIONS]"]
    for one in command.params:
        if one.param_type_name == "argument":
            name = one.metavar or one.name.upper()
            words.append(name if one.required else f"[{name}]")
    return " ".join(words)


def option_lines(command: Any, words: dict[str, Any]) -> Iterator[str]:
    """The lines of all options of a command."""
    for typed, text in shown(command):
        for told, said in words["notes"].items():
            text = text.replace(told, said)
        yield from item(f"\\fB{escaped(typed)}\\fR", text)


def item(term: str, text: str) -> list[str]:
    """A term with its text, as roff sets them."""
    return [".TP", term, escaped(text)]


def heading(text: str) -> str:
    """A section's heading."""
    return f'.SH "{text}"'


def escaped(text: str) -> str:
    """A text that roff takes as it stands; its lines joined."""
    joined = " ".join(text.split()).replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{joined}" if joined.startswith((".", "'")) else joined


def made() -> dict[Path, str]:
    """Each page's place and text."""
    alone = {"PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"}
    texts = {}
    for language, path in PAGES.items():
        made_so = [sys.executable, __file__, "print", language]
        texts[path] = subprocess.run(made_so, check=True, stdout=subprocess.PIPE, encoding="utf-8", env=alone).stdout
    return texts


def main(arguments: list[str]) -> int:
    """Do what is asked for; the exit code."""
    match arguments:
        case ["print", language] if language in PAGES:
            print(page(language), end="")
            return 0
        case ["update"]:
            for path, text in made().items():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
            return 0
        case ["check"]:
            stale = [path for path, text in made().items() if not path.exists() or path.read_text("utf-8") != text]
            for path in stale:
                print(
                    f"{path.relative_to(ROOT)}: not as the commands are: python tools/man_pages.py update",
                    file=sys.stderr,
                )
            return 1 if stale else 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
