"""Letters as files: a page (HTML), plain text, or a draft that a mail program opens (.eml)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

from eklase_audit.reports.letters import Letter, table, text
from eklase_audit.reports.safe_text import visible

_PREFIX = "vestule-"
# File systems and paths of Windows are short; so much of a name tells whose it is.
_LONGEST = 60


def html(letter: Letter, address: str = "") -> bytes:
    """The letter as a page of one file."""
    from eklase_audit.i18n import _
    from eklase_audit.reports.html.single import single_page

    greeting, person = letter.greeting
    sections = [(section.title, len(section.rows), *table(section.rows)) for section in letter.sections]
    page = single_page(
        "letter", letter=letter, greeting=greeting, person=person, sections=sections, how_title=_("How to do it")
    )
    return page.encode()


def txt(letter: Letter, address: str = "") -> bytes:
    """The letter as plain text, with the line ends and the mark that Windows' own editor wants."""
    return ("\ufeff" + text(letter).replace("\n", "\r\n")).encode()


def message_of(letter: Letter, address: str = "") -> EmailMessage:
    """The letter as a message to an address (or to none), as text and as HTML."""
    message = EmailMessage(policy=SMTP)
    message["To"] = Address(visible(letter.person), addr_spec=address) if address else ""
    message["Subject"] = letter.subject
    message.set_content(text(letter), cte="base64")
    message.add_alternative(html(letter).decode(), subtype="html", cte="base64")
    # The same letter gives the same bytes.
    message.set_boundary("=_" + sha256(html(letter)).hexdigest()[:32])
    return message


def eml(letter: Letter, address: str = "") -> bytes:
    """The letter as a draft that is not sent yet, to an address (or to none)."""
    draft = message_of(letter, address)
    draft["X-Unsent"] = "1"
    return bytes(draft)


FORMATS: Mapping[str, Callable[[Letter, str], bytes]] = {"html": html, "txt": txt, "eml": eml}


def file_names(people: Iterable[str]) -> dict[str, str]:
    """A file's name (without its ending) for each of some people: plain letters, digits and "-" alone.

    Names that come out alike get the beginning of their hash behind them.
    """
    plain = {person: _plain(person) for person in people}
    alike = Counter(name.casefold() for name in plain.values())
    return {
        person: _PREFIX + (name if name and alike[name.casefold()] == 1 else f"{name}-{_hash(person)}".lstrip("-"))
        for person, name in plain.items()
    }


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[A-Za-z0-9]+", letters))[:_LONGEST].rstrip("-")


def _hash(name: str) -> str:
    return sha256(name.encode()).hexdigest()[:6]


def render(made: Sequence[Letter], formats: Iterable[str], addresses: Mapping[str, str]) -> dict[str, bytes]:
    """The content of each file by its name."""
    names = file_names(letter.person for letter in made)
    formats = list(formats)
    return {
        f"{names[letter.person]}.{ending}": FORMATS[ending](letter, addresses.get(letter.person, ""))
        for letter in made
        for ending in formats
    }
