"""What the shell offers behind an option: clauses, teachers, classes, kinds. Nothing heavy is imported for it.

The clauses come from the rule pack, teachers and classes from what the last check kept (see name_cache.py).
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from eklase_audit import i18n, name_cache, packs
from eklase_audit.errors import AuditError
from eklase_audit.folding import fold

if TYPE_CHECKING:
    from eklase_audit.cli.request import Run

Offer = tuple[str, str]
Completer = Callable[[typer.Context, str], list[Offer]]

# The shells put into the line, and zsh even evaluates, what they are given: only what no shell acts on is offered.
_HARMLESS = re.compile(r"[\w .-]*[\w.=:]")
_NO_TEXT = re.compile(r"[^\w .,;«»–-]+")


class _Chosen(str):
    """A word that has been chosen already: Typer would drop what does not begin, letter by letter, as was typed."""

    __slots__ = ()

    def startswith(self, *_start: object) -> bool:
        """Whatever was typed, it is meant."""
        return True


def _quietly(completer: Completer) -> Completer:
    """Offer nothing where something is wrong: the command itself will say what.

    Typer goes by the names of the parameters, so the completers' own signatures do not show.
    """

    def offers(ctx: typer.Context, incomplete: str) -> list[Offer]:
        try:
            found = completer(ctx, incomplete)
        except (AuditError, OSError, ValueError, LookupError, TypeError):
            return []
        return [(_Chosen(_quoted(word)), _NO_TEXT.sub(" ", text)) for word, text in found if _HARMLESS.fullmatch(word)]

    return offers


@_quietly
def clauses(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """The clauses and checks of the regulation that the command would take."""
    asked, said = ctx.params, {} if ctx.params.get("isolated") else os.environ
    file = asked.get("config") or said.get(packs.CONFIG_VARIABLE)
    file = Path(file) if file else packs.find_config(_first_path(ctx))
    settings = {} if asked.get("isolated") else packs.settings_in(file)
    if (language := asked.get("lang") or settings.get("lang")) in i18n.LANGUAGES:
        i18n.activate(str(language))
    named = settings.get("rules", packs.DEFAULT)
    rules = asked.get("rules") or said.get(packs.RULES_VARIABLE) or (packs.named_in(file, named) if file else named)
    found = packs.clause_names(packs.find_pack(rules))
    return [offer for offer in found if offer[0].startswith(incomplete)]


@_quietly
def teachers(_ctx: typer.Context, incomplete: str) -> list[Offer]:
    """The teachers of the last audit whose name begins so; or the one of whose names another part does."""
    names, start = name_cache.kept().teachers, fold(incomplete)
    fitting = [name for name in names if fold(name).startswith(start)]
    if not fitting:
        # Several that begin otherwise than what was typed, a shell would make into something that nobody meant.
        parts = [name for name in names if any(part.startswith(start) for part in fold(name).split())]
        fitting = parts if len(parts) == 1 else []
    return [(name, "") for name in fitting]


@_quietly
def classes(_ctx: typer.Context, incomplete: str) -> list[Offer]:
    """The classes of the last audit."""
    return [(name, "") for name in name_cache.kept().classes if fold(name).startswith(fold(incomplete))]


@_quietly
def rules(_ctx: typer.Context, incomplete: str) -> list[Offer]:
    """The rule packs that come with the tool, by their schools."""
    schools = dict.fromkeys(pack.partition("/")[0] for pack in packs.installed_packs())
    return [(school, "") for school in schools if school.startswith(incomplete)]


@_quietly
def kinds(_ctx: typer.Context, incomplete: str) -> list[Offer]:
    """The kinds of exports, as --as KIND=FILE begins."""
    return [(f"{kind}=", title) for kind, title in _kinds() if kind.startswith(incomplete)]


@_quietly
def templates(_ctx: typer.Context, incomplete: str) -> list[Offer]:
    """The kinds that there are empty workbooks of."""
    from eklase_audit.template_names import LISTS, TEMPLATES

    titles = dict(_kinds())
    return [(kind, titles.get(kind, "")) for kind in (*TEMPLATES, *LISTS) if kind.startswith(incomplete)]


def keep_names(run: Run) -> None:
    """Keep the teachers and classes of an audit for completion, where a person is at a terminal and wants it."""
    if not run.settings.completion_cache:
        name_cache.forget()
    elif not run.request.pseudonymise and _at_terminal():
        from eklase_audit.findings import class_key

        teachers = run.journal.names("teacher") + run.journal.names("class_teacher")
        name_cache.keep(sorted(teachers, key=i18n.collation_key), sorted(run.journal.names("class"), key=class_key))


def _at_terminal() -> bool:
    return sys.stdout.isatty() or sys.stderr.isatty()


def _kinds() -> Iterable[Offer]:
    import tomllib
    from importlib.resources import files

    text = files("eklase_audit.exports").joinpath("headings.toml").read_text("utf-8")
    return [(kind, entry["title"]) for kind, entry in tomllib.loads(text).items()]


def _first_path(ctx: typer.Context) -> Path:
    paths = ctx.params.get("paths")
    return Path(paths[0]) if isinstance(paths, (list, tuple)) and paths else Path()


def _quoted(word: str) -> str:
    """A word for the shell that asks: bash and PowerShell put it into the line as it is, zsh and fish quote it."""
    asked = os.environ.get("_EKLASE_AUDIT_COMPLETE", "")
    if " " not in word:
        return word
    if asked.endswith("bash") and not _in_quotes(os.environ.get("COMP_WORDS", "")):
        return word.replace(" ", "\\ ")
    return f"'{word}'" if asked.endswith(("powershell", "pwsh")) else word


def _in_quotes(words: str) -> bool:
    """Whether the word that is being typed in bash began with a quotation mark that is still open."""
    typed = words.rpartition("\n")[2]
    return typed[:1] in ("'", '"') and typed.count(typed[0]) == 1
