"""The Latvian catalogue: kept up to date with the sources, checked, compiled.

    python tools/catalogues.py update     take the sources' messages into messages.po, and compile it
    python tools/catalogues.py check      end in 1 where messages.po is behind the sources or incomplete
    python tools/catalogues.py compile    write messages.mo beside messages.po

Messages are what the sources and the templates of reports hand to _, ngettext and N_, and the docstring of
each check: the page that `explain` prints. A message that was changed a little keeps its old translation, marked fuzzy,
until somebody has read it again and taken the mark away.
"""

from __future__ import annotations

import io
import string
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = "lv"
# One for 1, 21, 101; several for 2 to 9, 22 to 29; and, as Unicode's plural rules (CLDR) for Latvian have
# it, a form of its own for 0, 10 to 20 and the tens: "10 pārkāpumu".
PLURAL = "(n%10==1 && n%100!=11 ? 0 : n%10==0 || (n%100>=11 && n%100<=19) ? 2 : 1);"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
METHODS = [("eklase_audit/**.py", "python"), ("eklase_audit/**.html", "jinja2")]
# A template that cannot be parsed is an error; the spaces are those that the report's own settings leave.
OPTIONS = {"eklase_audit/**.html": {"silent": "false", "trim_blocks": "true", "lstrip_blocks": "true"}}
WIDTH = 100
# Fixed, so that neither file changes from run to run; dates and names are the history's matter.
HEADER = f"""\
# Latvian texts of eklase-audit. Messages come from the sources: python tools/catalogues.py update
msgid ""
msgstr ""
"Language: {LOCALE}\\n"
"Plural-Forms: nplurals=3; plural={PLURAL}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)


def po_path(root: Path = ROOT) -> Path:
    """Where the Latvian catalogue stands."""
    return root / "src/eklase_audit/locales" / LOCALE / "LC_MESSAGES/messages.po"


def compile_catalogues(root: Path = ROOT, into: Path | None = None) -> None:
    """Write the .mo of each .po of the package: beside it, or in the like place below `into`."""
    locales = root / "src/eklase_audit/locales"
    for source in sorted(locales.glob("*/LC_MESSAGES/*.po")):
        target = ((into or locales) / source.relative_to(locales)).with_suffix(".mo")
        catalogue = read_po(io.BytesIO(source.read_bytes()), locale=source.parts[-3])
        catalogue.creation_date = NO_DATE
        out = io.BytesIO()
        write_mo(out, catalogue)
        target.parent.mkdir(parents=True, exist_ok=True)
        # Replaced as a whole: a program that runs meanwhile reads the old file or the new one.
        part = target.with_name(f"{target.name}.part")
        part.write_bytes(out.getvalue())
        part.replace(target)


def extracted(root: Path = ROOT) -> Catalog:
    """Every message of the sources, and the page of each check."""
    from eklase_audit.clauses import CHECKS

    template = Catalog()
    sources = root / "src"
    found = sorted(extract_from_dir(sources, METHODS, OPTIONS, keywords=KEYWORDS),
                   key=lambda one: (one[0], one[1]))  # fmt: skip
    for filename, line, message, _comments, _context in found:
        # The line gives the order inside a file; it is not written.
        template.add(message, locations=[(f"src/{filename}", line)])
    for name, check in CHECKS.items():
        function = check.make.__code__
        filename = Path(function.co_filename).resolve().relative_to(root).as_posix()
        template.add(check.manual, locations=[(filename, function.co_firstlineno)],
                     auto_comments=[f"The page of the check {name}."])  # fmt: skip
    return template


def updated(root: Path = ROOT) -> tuple[Catalog, str]:
    """The catalogue as it should be, with the translations there are, and its text."""
    path = po_path(root)
    text = path.read_text(encoding="utf-8") if path.exists() else HEADER
    catalogue = read_po(io.StringIO(text), locale=LOCALE, ignore_obsolete=True)
    catalogue.update(extracted(root), update_creation_date=False)
    catalogue.obsolete.clear()
    out = io.BytesIO()
    write_po(out, catalogue, width=WIDTH, sort_by_file=True, include_lineno=False, omit_header=True,
             ignore_obsolete=True, include_previous=True)  # fmt: skip
    return catalogue, HEADER + out.getvalue().decode().rstrip("\n") + "\n"


def faults(root: Path = ROOT) -> Iterator[str]:
    """What is wrong with the catalogue, one line a message."""
    path = po_path(root)
    catalogue, text = updated(root)
    there = read_po(io.StringIO(path.read_text(encoding="utf-8")), locale=LOCALE) if path.exists() else Catalog()
    known, wanted = ({message.id for message in one if message.id} for one in (there, catalogue))
    yield from (f"not in the catalogue yet: {shown(one)}" for one in wanted - known)
    yield from (f"no message of the sources any more: {shown(one)}" for one in known - wanted)
    if known == wanted and (not path.exists() or path.read_text(encoding="utf-8") != text):
        yield f"{path.name} is not as `update` writes it"
    for message in catalogue:
        if message.id:
            yield from (f"{fault}: {shown(message.id)}" for fault in message_faults(message))


def message_faults(message: Message) -> Iterator[str]:
    """What is wrong with the translation of one message."""
    originals = message.id if isinstance(message.id, tuple) else (message.id,)
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    count = Catalog(LOCALE).num_plurals if len(originals) > 1 else 1
    if len(forms) != count or not all(forms):
        yield "not translated"
        return
    if message.fuzzy:
        yield "to be read again (fuzzy)"
    original = originals[-1]
    for form in forms:
        if placeholders(form) != placeholders(original):
            yield f"other {{placeholders}} in «{form}»"
        if (form[:1].isspace(), form[-1:].isspace()) != (original[:1].isspace(), original[-1:].isspace()):
            yield "other spaces at its ends"


def placeholders(text: str) -> set[str] | None:
    """The names between braces; None where the braces do not fit."""
    try:
        return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return None


def shown(message: str | tuple[str, ...]) -> str:
    """A message's first line, for a list of faults."""
    text = message if isinstance(message, str) else message[0]
    first, more, _rest = text.partition("\n")
    return f"«{first}{'…' if more else ''}»"


def main(arguments: list[str]) -> int:
    """Do what is asked for; the exit code."""
    match arguments:
        case ["update"]:
            catalogue, text = updated()
            po_path().parent.mkdir(parents=True, exist_ok=True)
            po_path().write_text(text, encoding="utf-8", newline="\n")
            compile_catalogues()
            for message in catalogue:
                if message.id:
                    for fault in message_faults(message):
                        print(f"{fault}: {shown(message.id)}")
            return 0
        case ["check"]:
            found = sorted(faults())
            for fault in found:
                print(fault, file=sys.stderr)
            return 1 if found else 0
        case ["compile"]:
            compile_catalogues()
            return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
