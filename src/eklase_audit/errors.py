"""Errors that are told to the user in one line, and end in exit code 2."""

from __future__ import annotations

from collections.abc import Iterable


class AuditError(Exception):
    """Something the user can mend; the message says what and how. Never holds a cell's value.

    `logged` is the message as a log may keep it, where the message itself names people: those that the user
    asked for, or the nearest that the exports name.
    """

    def __init__(self, text: str, *, logged: str | None = None) -> None:
        super().__init__(text)
        self.logged = text if logged is None else logged


class ReadError(AuditError):
    """A file or a sheet that could not be read; the message begins with its name."""

    def __init__(self, file: str, sheet: str | None, text: str) -> None:
        self.file = file
        self.sheet = sheet
        self.text = text
        # Sheets may be named after people.
        super().__init__(f"{place(file, sheet)}: {text}", logged=f"{file}: {text}")


class NotAudited(Exception):  # noqa: N818 - an outcome, not a mistake
    """Raised by a check that cannot be made; the message is the reason, in the user's language."""


def place(file: str, sheet: str | None, row: int | None = None) -> str:
    """A file, sheet and row as one writes them in a line: file.xlsx [Sheet]:17."""
    name = f"{file} [{sheet}]" if sheet else file
    return name if row is None else f"{name}:{row}"


def nearest(word: str, names: Iterable[str], count: int = 3) -> str:
    """The names most like a word, parted by commas."""
    from rapidfuzz import fuzz, process

    found = process.extract(word, list(dict.fromkeys(names)), scorer=fuzz.WRatio, limit=count, processor=str.casefold)
    return ", ".join(name for name, _score, _place in found)
