"""Mail addresses of teachers, from the configuration or from a list that the office keeps."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from eklase_audit.errors import AuditError
from eklase_audit.exports.texts import clean, fold
from eklase_audit.i18n import _

# What no mail program takes for an address is one of them; the rest is for the mail program to say.
_ADDRESS = re.compile(r"[!#-'*+\-./0-9=?A-Z^_`a-z{|}~]+@[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)+")


def is_address(text: str) -> bool:
    """Whether a text has the form of a mail address."""
    return _ADDRESS.fullmatch(text) is not None and ".." not in text


def read_addresses(path: Path) -> dict[str, str]:
    """The addresses of a CSV file of two columns: name and address. Raises AuditError naming file and row."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise AuditError(_("{path}: the list of addresses is no text in UTF-8: save it so").format(path=path)) from None
    except OSError as fault:
        raise AuditError(
            _("{path}: the list of addresses cannot be read ({fault})").format(path=path, fault=fault.strerror)
        ) from None
    first = text.partition("\n")[0]
    delimiter = max(";\t,", key=first.count)
    addresses = {}
    for number, row in enumerate(csv.reader(text.splitlines(), delimiter=delimiter), 1):
        cells = [clean(cell) for cell in row if clean(cell)]
        if not cells or (number == 1 and not any("@" in cell for cell in cells)):
            continue  # a blank line, or the headings
        if len(cells) < 2 or not is_address(cells[1]):
            raise AuditError(
                _("{path}, row {row}: a name and a mail address are wanted, in two columns").format(
                    path=path, row=number
                )
            )
        addresses[cells[0]] = cells[1]
    return addresses


def of_people(addresses: Mapping[str, str], people: Iterable[str]) -> dict[str, str]:
    """The address of each person who has one; letter case and diacritics of the list aside."""
    by_key = {fold(name): address for name, address in addresses.items()}
    return {
        name: address
        for name in people
        if (address := addresses.get(name) or by_key.get(fold(clean(name)))) is not None
    }
