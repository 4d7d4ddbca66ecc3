"""Pseudonyms of pupils and teachers, and the key file in which a school can look up whose they are."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from eklase_audit.errors import AuditError
from eklase_audit.files import locked, write_file
from eklase_audit.i18n import _

# The key file where none is named. No export ends so, thus none is ever taken for one.
FILE_NAME = "eklase-audit.pseudonyms"

# A pupil is a name and a class; None where the class is not known.
Pupil: TypeAlias = tuple[str | None, str]


@dataclass
class Pseudonyms:
    """Who is called what: teachers "P-07", pupils "7.a-03". What was once given out never changes.

    `secret` keys the fingerprints, which a list of names would else tell the pupil of.
    """

    secret: str
    teachers: dict[str, str] = field(default_factory=dict)
    pupils: dict[Pupil, str] = field(default_factory=dict)

    def name_all(self, teachers: Iterable[str], pupils: Iterable[Pupil]) -> None:
        """Give each of these who has none a pseudonym.

        The new ones are numbered by lot: the order of a class list would tell who they are.
        """
        for teacher in _by_lot({*teachers} - {*self.teachers}):
            self.teachers[teacher] = f"P-{len(self.teachers) + 1:02d}"
        taken: dict[str | None, int] = {}
        for class_, _name in self.pupils:
            taken[class_] = taken.get(class_, 0) + 1
        for class_, name in _by_lot({*pupils} - {*self.pupils}):
            taken[class_] = taken.get(class_, 0) + 1
            self.pupils[class_, name] = f"{class_ or '?'}-{taken[class_]:02d}"

    def teacher(self, text: str) -> str:
        """The teacher whose pseudonym this is; the text itself where it is none."""
        return next((name for name, given in self.teachers.items() if given == text), text)

    def fingerprint(self, fingerprint: str) -> str:
        """A fingerprint that cannot be worked out from names without the key file."""
        return hashlib.blake2b(fingerprint.encode(), key=bytes.fromhex(self.secret), digest_size=8).hexdigest()

    def text(self) -> str:
        """What stands in the key file."""
        pupils: dict[str, dict[str, str]] = {}
        for (class_, name), given in self.pupils.items():
            pupils.setdefault(class_ or "", {})[given] = name
        entry = {
            "secret": self.secret,
            "teachers": {given: name for name, given in self.teachers.items()},
            "pupils": pupils,
        }
        return json.dumps(entry, ensure_ascii=False, indent=2) + "\n"


def _by_lot(names: Iterable[Any]) -> list[Any]:
    drawn = list(names)
    secrets.SystemRandom().shuffle(drawn)
    return drawn


@contextmanager
def kept_pseudonyms(path: Path) -> Iterator[Pseudonyms]:
    """The pseudonyms of a key file, a new one if need be; what is added is written at the end.

    Another run that wants the same file waits meanwhile. Raises AuditError where it is no such file.
    """
    with locked(path):
        before = _read(path)
        pseudonyms = _parsed(before, path) if before else Pseudonyms(secrets.token_hex(32))
        yield pseudonyms
        after = pseudonyms.text()
        if after != before:
            write_file(path, after.encode(), overwrite=True)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8") if path.exists() else ""
    except UnicodeDecodeError:
        raise _no_key(path) from None
    except OSError as fault:
        raise AuditError(
            _("{path}: the key file of pseudonyms cannot be read ({fault})").format(path=path, fault=fault.strerror)
        ) from None


def _parsed(text: str, path: Path) -> Pseudonyms:
    try:
        entry = json.loads(text)
        teachers = {str(name): str(given) for given, name in entry["teachers"].items()}
        pupils = {
            (class_ or None, str(name)): str(given)
            for class_, names in entry["pupils"].items()
            for given, name in names.items()
        }
        secret = str(entry["secret"])
        sound = len(bytes.fromhex(secret)) == 32 and len(teachers) == len(entry["teachers"])
    except (ValueError, TypeError, KeyError, AttributeError):
        raise _no_key(path) from None
    if not sound:
        raise _no_key(path)
    return Pseudonyms(secret, teachers, pupils)


def _no_key(path: Path) -> AuditError:
    return AuditError(
        _("{path}: this is no key file of pseudonyms, or it is damaged; name another one, or bring it back").format(
            path=path
        )
    )
