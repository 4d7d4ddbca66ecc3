"""Mail addresses of teachers: their form, and whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from eklase_audit.exports.texts import clean, fold

# What no mail program takes for an address is none; whether the mailbox is there, its server says.
_NAME = r"[!#-'*+\-/0-9=?A-Z^_`a-z{|}~]+"
_ADDRESS = re.compile(
    rf"(?=.{{3,254}}$)(?=[^@]{{1,64}}@){_NAME}(\.{_NAME})*@([0-9A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])?\.)+[A-Za-z]{{2,}}"
)


def is_address(text: str) -> bool:
    """Whether a text has the form of a mail address, in letters that every mail server takes."""
    return _ADDRESS.fullmatch(text) is not None


def of_people(addresses: Mapping[str, str], people: Iterable[str]) -> dict[str, str]:
    """The address of each person who has one; letter case and diacritics of the list aside."""
    by_key = {fold(name): address for name, address in addresses.items()}
    return {
        name: address
        for name in people
        if (address := addresses.get(name) or by_key.get(fold(clean(name)))) is not None
    }
