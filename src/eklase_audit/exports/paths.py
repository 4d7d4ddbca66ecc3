"""Which files are meant by the paths that the user gave, and by which name each is told."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eklase_audit.errors import AuditError
from eklase_audit.i18n import _

READABLE = (".csv", ".tsv", ".txt", ".xlsx")
# Files that may well be exports but are of a form that is not read: named, never passed over in silence.
_OTHER_TABLES = (".xls", ".xlsm", ".xlsb", ".ods", ".html", ".htm", ".zip", ".pdf", ".numbers")


@dataclass(frozen=True)
class Found:
    """A file to read: where it is, how it is named in answers, whether the user named it himself."""

    path: Path
    name: str
    by_name: bool
    kind: str | None = None

    @property
    def readable(self) -> bool:
        """Whether its form is one that is read; a file given by name is always tried."""
        return self.by_name or self.path.suffix.lower() in READABLE


def find_files(paths: Sequence[Path], forced: Sequence[tuple[str, Path]] = ()) -> list[Found]:
    """All files below the paths, sorted by name. Raises AuditError for a path that is not there.

    `forced` are files whose kind the user gave (--as KIND=FILE); they need not be among the paths.
    """
    ways: dict[Path, list[tuple[str, Path, bool]]] = {}
    of_kind = {path.resolve(): kind for kind, path in forced}
    for path in [*paths, *(path for _kind, path in forced)]:
        if not path.exists():
            raise AuditError(_("{path}: there is no such file or folder; check the name").format(path=path))
        if path.is_dir():
            for file in _below(path):
                ways.setdefault(file.resolve(), []).append((file.relative_to(path).as_posix(), path, False))
        else:
            ways.setdefault(path.resolve(), []).append((path.name, path.parent, True))
    found: dict[Path, tuple[Path, str, bool, str | None]] = {}
    for key, given in ways.items():
        # A file meant twice is read once, by its longest name, whatever the order of the arguments.
        name, base, _by_name = max(given, key=lambda way: (not way[2], len(way[0]), str(way[1])))
        found[key] = (base, name, any(by_name for _name, _base, by_name in given), of_kind.get(key))
    counts = Counter(name for _base, name, _by_name, _kind in found.values())
    named = []
    for key, (base, name, by_name, kind) in found.items():
        shown = name if counts[name] == 1 else f"{base.resolve().name}/{name}"
        named.append(Found(key, shown, by_name, kind))
    again = Counter(file.name for file in named)
    named = [file if again[file.name] == 1 else Found(file.path, file.path.as_posix(), file.by_name, file.kind)
             for file in named]
    return sorted(named, key=lambda file: file.name)


def _below(folder: Path) -> list[Path]:
    files = []
    for base, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        files += [Path(base) / name for name in names
                  if not name.startswith((".", "~$")) and name.lower().endswith(READABLE + _OTHER_TABLES)]
    return sorted(files)
