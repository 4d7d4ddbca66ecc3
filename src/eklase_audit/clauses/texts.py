"""Texts as clauses compare them."""

from __future__ import annotations

import unicodedata


def letters(text: str) -> str:
    """The letters of a text, without case and diacritics."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in folded if letter.isalpha())
