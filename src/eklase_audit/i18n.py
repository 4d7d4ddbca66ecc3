"""Latvian and English: one place that knows which language is spoken.

Texts for people are gettext messages; their English form is the message id. Latvian comes from
locales/lv/LC_MESSAGES/messages.po.
"""

from __future__ import annotations

import gettext as _gettext
import locale
import math
import os
from datetime import date, datetime, timedelta
from pathlib import Path

LANGUAGES = ("lv", "en")
# Where a process's locale is told, the first that is set counts.
VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
_DOMAIN = "messages"
_LOCALES = Path(__file__).parent / "locales"

_language = "en"
_catalogue: _gettext.NullTranslations = _gettext.NullTranslations()


def activate(language: str) -> None:
    """Speak this language ("lv" or "en") from now on."""
    global _language, _catalogue
    _language = language
    _catalogue = _gettext.translation(_DOMAIN, _LOCALES, [language], fallback=True)


def is_there(language: str) -> bool:
    """Whether the tool's texts are there in a language; English needs no catalogue."""
    return language == "en" or _gettext.find(_DOMAIN, _LOCALES, [language]) is not None


def active() -> str:
    """The language spoken now."""
    return _language


def language_of_locale() -> str:
    """Latvian where the process's locale is Latvian, English otherwise."""
    for name in VARIABLES:
        if value := os.environ.get(name):
            return "lv" if value.lower().startswith("lv") else "en"
    return "lv" if (locale.getlocale()[0] or "").lower().startswith(("lv", "latvian")) else "en"


def _(message: str) -> str:
    """The message in the language spoken now."""
    return _catalogue.gettext(message) if message else ""


def ngettext(one: str, many: str, count: int) -> str:
    """The form of a message that goes with a count (Latvian has three)."""
    return _catalogue.ngettext(one, many, count)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a message for the catalogue that is translated later, where it is shown."""
    return message


def day_text(day: int | date) -> str:
    """A day as the language writes it: 08.12.2025 or 8 Dec 2025."""
    when = day if isinstance(day, date) else date(1970, 1, 1) + timedelta(days=int(day))
    if _language == "lv":
        return f"{when:%d.%m.%Y}."
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def moment_text(moment: int | datetime, *, clock: bool = True) -> str:
    """A moment as the language writes it; the end of a day without its 23:59:59."""
    when = moment if isinstance(moment, datetime) else datetime(1970, 1, 1) + timedelta(seconds=int(moment))
    if not clock or (when.hour, when.minute, when.second) == (23, 59, 59):
        return day_text(when.date())
    seconds = f":{when:%S}" if when.second else ""
    return f"{day_text(when.date())} {when.hour}:{when:%M}{seconds}"


def when_text(when: datetime | date) -> str:
    """A day, or a moment with its clock, as the language writes it."""
    return moment_text(when) if isinstance(when, datetime) else day_text(when)


def month_text(year: int, month: int) -> str:
    """A month as the language writes it: 2026. gada decembris, or December 2026."""
    if _language == "lv":
        return f"{year}. gada {_MONTH_NAMES['lv'][month - 1]}"
    return f"{_MONTH_NAMES['en'][month - 1]} {year}"


_MONTH_NAMES = {
    "lv": (
        "janvāris", "februāris", "marts", "aprīlis", "maijs", "jūnijs",
        "jūlijs", "augusts", "septembris", "oktobris", "novembris", "decembris",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip


def number_text(number: float, digits: int) -> str:
    """A number with so many digits behind the language's decimal sign."""
    text = f"{number:.{digits}f}"
    return text.replace(".", ",") if _language == "lv" else text


def percent_text(share: float) -> str:
    """A share from 0 to 1 in per cent, never rounded up to a whole that it is not: 99,9 %."""
    return f"{number_text(math.floor(share * 1000) / 10, 1)}\N{NO-BREAK SPACE}%"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


# The Latvian alphabet in its order; letters it lacks stand where its neighbours would look for them.
_ALPHABET = "abcčdefgģhiyjkķlļmnņopqrŗsštuvwxzž"
_ORDER = {letter: f"{place:02d}" for place, letter in enumerate(_ALPHABET)}
_LONG_VOWELS = str.maketrans("āēīōū", "aeiou")


def collation_key(text: str) -> tuple[str, str, str]:
    """A sorting key in Latvian order: č is a letter after c; ā stands after a where words are else alike."""
    folded = text.casefold()
    first = "".join(
        _ORDER.get(letter, f"\x00{letter}" if letter == " " else f"99{letter}")
        for letter in folded.translate(_LONG_VOWELS)
    )
    return first, folded, text
