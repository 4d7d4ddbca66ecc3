"""The command eklase-audit, also run as python -m eklase_audit."""

from __future__ import annotations

import sys
from io import TextIOWrapper

from eklase_audit import i18n


def main() -> None:
    """Choose the language of the help texts, then run the command line."""
    _speak_utf_8()
    i18n.activate(_language_asked(sys.argv[1:]) or i18n.language_of_locale())
    # The commands' help texts are made when their modules are read, so these wait for the language.
    from eklase_audit.cli import app

    app()


def _speak_utf_8() -> None:
    """Let no letter stop an answer: files and pipes get UTF-8, a terminal that lacks a letter a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8")


def _language_asked(arguments: list[str]) -> str | None:
    for number, word in enumerate(arguments):
        value = ""
        if word.startswith("--lang="):
            value = word.removeprefix("--lang=")
        elif word == "--lang" and number + 1 < len(arguments):
            value = arguments[number + 1]
        if value in i18n.LANGUAGES:
            return value
    return None


if __name__ == "__main__":
    main()
