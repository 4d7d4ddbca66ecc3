"""Texts from files as they may stand in other files and on a screen: without what could act there."""

from __future__ import annotations

import unicodedata

_WHITE = {"\t": " ", "\n": " ", "\r": " "}
# Control, format, half and private characters; no file of XML may hold the last two of a plane either.
_HIDDEN = ("Cc", "Cf", "Cs", "Co")
# A spreadsheet takes what begins so for a formula.
_FORMULA = ("=", "+", "-", "@")


def visible(text: str) -> str:
    """The text on one line, without control characters and those that change the direction of writing."""
    if text.isprintable():
        return text
    return "".join(
        _WHITE.get(letter, letter)
        for letter in text
        if letter in _WHITE or (unicodedata.category(letter) not in _HIDDEN and ord(letter) & 0xFFFE != 0xFFFE)
    )


def no_formula(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula."""
    text = visible(text)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
