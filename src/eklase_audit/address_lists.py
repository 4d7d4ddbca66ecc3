"""The list of teachers' mail addresses that a school's office keeps."""

from __future__ import annotations

from pathlib import Path

from eklase_audit.addresses import is_address
from eklase_audit.exports.texts import fold
from eklase_audit.i18n import _
from eklase_audit.list_entries import Entry, entries_of, list_bytes

KIND = "addresses"


def read_addresses(path: Path) -> dict[str, str]:
    """The addresses in a list (XLSX, ODS, CSV, TOML) by name.

    Raises AuditError with place and column: no address, a teacher named twice (letter case and diacritics
    aside), an address that two teachers have.
    """
    known: dict[str, str] = {}
    names: dict[str, str] = {}
    places: dict[str, str] = {}
    for entry in entries_of(path.name, list_bytes(path), KIND, days=()):
        name, address = _read(entry)
        if (first := names.setdefault(fold(name), entry.place)) != entry.place:
            raise entry.error("teacher", _("this teacher is named already: {place}").format(place=first))
        if (first := places.setdefault(address.casefold(), entry.place)) != entry.place:
            raise entry.error("address", _("another teacher has this address: {place}").format(place=first))
        known[name] = address
    return known


def _read(entry: Entry) -> tuple[str, str]:
    cells = entry.whole()
    if not cells["teacher"]:
        raise entry.error("teacher", _("the teacher is not named"))
    if not is_address(cells["address"]):
        raise entry.error("address", _("a mail address is wanted, such as birojs@skola.lv"))
    return cells["teacher"], cells["address"]
