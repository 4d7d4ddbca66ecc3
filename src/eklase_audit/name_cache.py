"""The names of teachers and classes of the last audit, kept for the shell to complete what is typed.

One small file in the user's own cache folder, 0600. No pupils. It is read without any of the libraries that
read exports, and what is wrong with it is no matter: then nothing is completed.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from eklase_audit.errors import AuditError

_SCHEMA = 1


@dataclass(frozen=True)
class Names:
    """The teachers and the classes that the exports named."""

    teachers: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


def cache_file() -> Path:
    """Where the names are kept: in the folder that the system has for a user's caches."""
    from platformdirs import user_cache_path

    return user_cache_path("eklase-audit", appauthor=False) / "names.json"


def keep(teachers: Iterable[str], classes: Iterable[str]) -> None:
    """Keep the names in place of those kept before. Where they cannot be written, that is no matter."""
    import json

    from eklase_audit.files import write_file

    entry = {"schema": _SCHEMA, "teachers": list(dict.fromkeys(teachers)), "classes": list(dict.fromkeys(classes))}
    with suppress(AuditError, OSError):
        file = cache_file()
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_file(file, json.dumps(entry, ensure_ascii=False).encode(), overwrite=True)


def forget() -> None:
    """Delete the names that are kept."""
    with suppress(OSError):
        cache_file().unlink(missing_ok=True)


def kept() -> Names:
    """The names that are kept; none where there is no such file, or it is none of ours."""
    import json

    try:
        entry = json.loads(cache_file().read_bytes())
        if entry["schema"] != _SCHEMA:
            return Names()
        return Names(*(tuple(name for name in entry[key] if isinstance(name, str)) for key in ("teachers", "classes")))
    except (OSError, ValueError, LookupError, TypeError):
        return Names()
