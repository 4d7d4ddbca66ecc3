"""What the documents say of the tool and of each other, held against both.

    python tools/docs_check.py      end in 1 where a document is wrong, each fault in a line

Read are the Markdown files beside this folder and below docs/. Held are: links lead to files and headings that are
there; commands, options and choices in code (`eklase-audit check --format json`, `--as-of`) are the tool's; README.md
names each command. The changelog is held to what is not released yet: older versions had other commands.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from enum import EnumMeta
from pathlib import Path
from typing import Any, get_args

ROOT = Path(__file__).resolve().parent.parent

# Options of other programs that the documents name.
FOREIGN = {"--network", "--no-build-isolation", "--hash"}

_FENCE = re.compile(r"^(`{3,}|~{3,})\s*(.*)$")
_SPAN = re.compile(r"(`+)(.+?)\1", re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$")
# What follows the program's name on a command line, up to the end of that command.
_CALL = re.compile(r"(?<![\w.-])eklase-audit +(?=[a-z-])(.*?)(?= +#| +&& | +[|;>] |$)")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


class Document:
    """A Markdown file parted into prose (its code taken out), code and headings."""

    def __init__(self, text: str) -> None:
        self.prose: list[tuple[int, str]] = []
        self.code: list[tuple[int, str]] = []
        self.blocks: list[tuple[str, list[str]]] = []
        self.headings: list[str] = []
        fence = ""
        for number, line in enumerate(text.splitlines(), 1):
            mark = _FENCE.match(line)
            if fence:
                if mark and mark[1].startswith(fence) and not mark[2]:
                    fence = ""
                else:
                    self.blocks[-1][1].append(line)
                    self.code.append((number, line))
            elif mark:
                fence = mark[1]
                self.blocks.append((mark[2], []))
            elif line.startswith("    "):
                self.code.append((number, line))
            else:
                if heading := _HEADING.match(line):
                    self.headings.append(heading[1])
                self.prose.append((number, line))

    def paragraphs(self) -> Iterator[tuple[int, str]]:
        """Lines of prose that belong together: a span of code may go on in the next line."""
        first, lines = 0, []
        for number, line in [*self.prose, (0, "")]:
            if line and lines and number == first + len(lines):
                lines.append(line)
                continue
            if lines:
                yield first, "\n".join(lines)
            first, lines = number, [line] if line else []

    def spans(self) -> Iterator[tuple[int, str]]:
        """Code within lines, with the number of the line where it begins."""
        for number, text in self.paragraphs():
            for span in _SPAN.finditer(text):
                yield number + text.count("\n", 0, span.start()), " ".join(span[2].split())

    def links(self) -> Iterator[tuple[int, str]]:
        """Where links and pictures lead to, with their lines."""
        for number, text in self.paragraphs():
            plain = _SPAN.sub(lambda span: "\n" * span[0].count("\n"), text)
            for link in _LINK.finditer(plain):
                yield number + plain.count("\n", 0, link.start()), link[1]

    def anchors(self) -> set[str]:
        """What a link may name behind "#": each heading as GitHub writes it."""
        return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in self.headings}


def commands_of(lines: list[str]) -> list[str]:
    """What a reader types, of a block's lines: one command each; "\\" goes on in the next."""
    return [line for line in "\n".join(lines).replace("\\\n", " ").splitlines() if line.strip(" ")]


def documents(root: Path = ROOT) -> list[Path]:
    """The files that are held."""
    return [*sorted(root.glob("*.md")), *sorted((root / "docs").rglob("*.md"))]


def text_of(path: Path) -> str:
    """What of a file is held: all of it, of the changelog what is not released yet."""
    text = path.read_text("utf-8")
    if path.name == "CHANGELOG.md":
        return "\n## [".join(text.split("\n## [")[:2])
    return text


def link_faults(path: Path) -> Iterator[str]:
    """The links of a document that lead nowhere."""
    for number, target in Document(text_of(path)).links():
        if re.match(r"[a-z]+:", target):
            continue
        name, _mark, anchor = target.partition("#")
        file = path.parent / name if name else path
        if not file.exists():
            yield f"{number}: there is no {target}"
        elif anchor and anchor not in Document(file.read_text("utf-8")).anchors():
            yield f"{number}: no heading of {file.name} is called #{anchor}"


class Tool:
    """The commands of the tool, and what each understands."""

    def __init__(self, top: Any) -> None:
        self.top = top

    def options(self, command: Any) -> dict[str, Any]:
        """The options of a command (a group: also of those below it) by each of their names."""
        found = {name: one for one in command.params for name in (*one.opts, *one.secondary_opts)} | {"--help": None}
        for below in getattr(command, "commands", {}).values():
            found = self.options(below) | found
        return found

    def faults(self, words: list[str]) -> Iterator[str]:
        """What is wrong in a command line without the program's name."""
        command = self.top
        for place, word in enumerate(words):
            if not hasattr(command, "commands") or word.startswith("-") or not re.fullmatch(r"[a-z|-]+", word):
                break
            names = word.split("|")
            for name in names:
                if name not in command.commands:
                    yield f"there is no command {' '.join([*words[:place], name])}"
                    return
            if len(names) > 1:
                break
            command = command.commands[word]
        known = self.options(command)
        for word, after in zip(words, [*words[1:], ""], strict=True):
            if not (option := _OPTION.match(word)):
                continue
            if option[0] not in known:
                yield f"{words[0]} has no option {option[0]}"
            elif wrong := self.wrong_choice(known[option[0]], after):
                yield f"{option[0]} does not take {wrong}"

    @staticmethod
    def wrong_choice(option: Any, value: str) -> str:
        """The word behind an option where it is none of its choices; "" where it is, or the option takes any."""
        # An option that takes one of a few words has an Enum for its type, or that or None; older Typer lists them.
        type_ = getattr(getattr(option, "type_descriptor", None), "annotation", None)
        kinds = [kind for kind in (type_, *get_args(type_)) if isinstance(kind, EnumMeta)]
        listed = getattr(getattr(option, "type", None), "choices", None) or ()
        choices = {getattr(one, "value", one) for one in (*listed, *(one for kind in kinds for one in kind))}
        wrong = [word for word in value.split("|") if re.fullmatch(r"[a-z]+", word) and choices and word not in choices]
        return "|".join(wrong)

    def span_faults(self, text: str) -> Iterator[str]:
        """What is wrong in code within a line: `check --strict`, `--as-of`."""
        if text.startswith("--"):
            for option in _OPTION.findall(text):
                if option not in self.options(self.top) and option not in FOREIGN:
                    yield f"no command has an option {option}"
        elif (words := text.split())[0] in self.top.commands and words[1:2] != ["="]:
            yield from self.faults(words)


def command_faults(path: Path, tool: Tool) -> Iterator[str]:
    """The commands and options in a document's code that the tool does not know."""
    document = Document(text_of(path))
    for number, text in [*document.code, *document.spans()]:
        for call in _CALL.finditer(text):
            for fault in tool.faults(call[1].split()):
                yield f"{number}: {fault}"
    for number, text in document.spans():
        for fault in tool.span_faults(text):
            yield f"{number}: {fault}"


def unnamed(path: Path, tool: Tool) -> Iterator[str]:
    """The commands that a document's code does not name."""
    document = Document(path.read_text("utf-8"))
    named = {
        call[1].split()[0] for _number, text in [*document.code, *document.spans()] for call in _CALL.finditer(text)
    }
    for name, command in tool.top.commands.items():
        if name not in named and not command.hidden:
            yield f"eklase-audit {name} is not named"


def faults(root: Path, tool: Tool) -> list[str]:
    """All that is wrong in the documents below a folder."""
    found = []
    for path in documents(root):
        told = [*link_faults(path), *command_faults(path, tool)]
        if path == root / "README.md":
            told += unnamed(path, tool)
        found += [f"{path.relative_to(root)}:{fault}" for fault in told]
    return found


def the_tool() -> Tool:
    """The tool as it is."""
    from eklase_audit.cli import whole

    return Tool(whole())


def main() -> int:
    """Tell what is wrong; the exit code."""
    found = faults(ROOT, the_tool())
    for fault in found:
        print(fault, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
