"""Reading TOML written by people: every fault is told in one line with file, key and what is allowed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from eklase_audit.errors import AuditError, nearest
from eklase_audit.i18n import _
from eklase_audit.moments import FIRST_YEAR, LAST_YEAR, day_number


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a file. Raises AuditError where it is not there or no valid TOML."""
    try:
        return parse_toml(path.name, path.read_bytes())
    except FileNotFoundError:
        raise AuditError(_("{path}: there is no such file or folder; check the name").format(path=path)) from None
    except OSError:
        raise AuditError(_("{file}: it cannot be opened: check its access rights").format(file=path.name)) from None


def parse_toml(file: str, data: bytes) -> dict[str, Any]:
    """The tables in the bytes of a file of that name. Raises AuditError where they are no valid TOML."""
    try:
        # Editors on Windows write a mark before the text, which TOML does not know.
        return tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise AuditError(_("{file}: no valid TOML: {fault}").format(file=file, fault=fault)) from None


@dataclass
class Tables:
    """Takes values out of the tables of one file, or raises an AuditError that names file and key."""

    file: str

    def fault(self, key: str, text: str) -> AuditError:
        """The error that something is wrong at a key."""
        return AuditError(": ".join(part for part in (self.file, key, text) if part))

    def table(
        self,
        key: str,
        entry: Any,
        required: Sequence[str] = (),
        optional: Sequence[str] = (),
        *,
        tell_all: bool = True,
    ) -> Mapping[str, Any]:
        """A table with these keys and no others; an unknown one is told with all allowed, or the nearest."""
        if not isinstance(entry, dict):
            raise self.fault(key, _("a table is wanted"))
        allowed = (*required, *optional)
        for name in entry:
            if name not in allowed:
                text = (
                    _("unknown key; allowed are: {keys}").format(keys=", ".join(allowed))
                    if tell_all
                    else _("unknown key; nearest: {near}").format(near=nearest(name, allowed))
                )
                raise self.fault(f"{key}.{name}" if key else name, text)
        for name in required:
            if name not in entry:
                raise self.fault(f"{key}.{name}" if key else name, _("this key is missing"))
        return entry

    def known(self, key: str, entry: Any, allowed: Sequence[str]) -> Mapping[str, Any]:
        """A table in which all keys may be missing; an unknown one is told with the nearest."""
        return self.table(key, entry, (), allowed, tell_all=False)

    def tables(self, key: str, entries: Any) -> Sequence[Any]:
        """A list of tables."""
        if not isinstance(entries, list):
            raise self.fault(key, _("a list of tables is wanted: [[{key}]]").format(key=re.sub(r"\[\d+\]", "", key)))
        return entries

    def text(self, key: str, value: Any, allowed: Sequence[str] = ()) -> str:
        """A text, one of those allowed if any are named."""
        if not isinstance(value, str) or (allowed and value not in allowed):
            raise self.fault(
                key,
                _("allowed are: {values}").format(values=", ".join(allowed)) if allowed else _("a text is wanted"),
            )
        return value

    def texts(self, key: str, value: Any) -> tuple[str, ...]:
        """A list of texts, none of them blank."""
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise self.fault(key, _("a list of texts is wanted"))
        return tuple(value)

    def flag(self, key: str, value: Any) -> bool:
        """True or false."""
        if not isinstance(value, bool):
            raise self.fault(key, _("true or false is wanted"))
        return value

    def day(self, key: str, value: Any) -> int:
        """A day number, of a year for which there are working days."""
        if type(value) is not date or not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise self.fault(key, _("a date is wanted, such as 2025-12-04"))
        return day_number(value)

    def grades(self, key: str, value: Any) -> frozenset[int]:
        """A list of grades."""
        if not isinstance(value, list) or not all(type(grade) is int and 1 <= grade <= 12 for grade in value):
            raise self.fault(key, _("a list of grades from 1 to 12 is wanted"))
        return frozenset(value)

    def in_order(self, key: str, last: int, before: str, first: int) -> None:
        """Hold that what stands at a key is not before what stands at another."""
        if last < first:
            raise self.fault(key, _("this must not be before {key}").format(key=before))
