"""Which files are meant by the paths that the user gave, and by which name each is told."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eklase_audit.errors import AuditError
from eklase_audit.i18n import _
from eklase_audit.paths import real

READABLE = (".csv", ".tsv", ".txt", ".xlsx", ".ods", ".zip")
# Files that may well be exports but are of a form that is not read: named, never passed over in silence.
_OTHER_TABLES = (".xls", ".xlsm", ".xlsb", ".html", ".htm", ".pdf", ".numbers", ".rar", ".7z")


@dataclass(frozen=True)
class Found:
    """A file to read: where it is, how it is named in answers, whether the user named it himself.

    Also what was found and cannot be read: a folder without access, a link to a folder.
    """

    path: Path
    name: str
    by_name: bool
    kind: str | None = None
    is_folder: bool = False

    @property
    def readable(self) -> bool:
        """Whether its form is one that is read; a file given by name is always tried."""
        return self.by_name or is_readable(self.path.name)


def is_readable(name: str) -> bool:
    """Whether a file of that name is of a form that is read."""
    return name.lower().endswith(READABLE)


def may_be_export(name: str) -> bool:
    """Whether a file of that name may hold an export, in whatever form; spreadsheets' lock files do not."""
    return not name.startswith((".", "~$")) and name.lower().endswith(READABLE + _OTHER_TABLES)


def find_files(paths: Sequence[Path], forced: Sequence[tuple[str, Path]] = ()) -> list[Found]:
    """All files below the paths, sorted by name. Raises AuditError for a path that is not there.

    `forced` are files whose kind the user gave (--as KIND=FILE); they need not be among the paths.
    """
    ways: dict[Path, list[tuple[str, Path, bool]]] = {}
    folders: set[Path] = set()
    of_kind = {real(path): kind for kind, path in forced}
    for path in [*paths, *(path for _kind, path in forced)]:
        if not _exists(path):
            raise AuditError(_("{path}: there is no such file or folder; check the name").format(path=path))
        if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises where access is refused
            for file, is_folder in _below(path):
                # A link to a folder is told by its own name, not by that of the folder.
                key = file.absolute() if is_folder else real(file)
                name = _shown(file.relative_to(path)) if file != path else _shown(Path(real(path).name))
                ways.setdefault(key, []).append((name, path, False))
                folders |= {key} if is_folder else set()
        else:
            ways.setdefault(real(path), []).append((_shown(Path(path.name)), path.parent, True))
    found: dict[Path, tuple[Path, str, bool, str | None]] = {}
    for key, given in ways.items():
        # A file meant twice is read once, by its longest name, whatever the order of the arguments.
        name, base, _by_name = max(given, key=lambda way: (not way[2], len(way[0]), str(way[1])))
        found[key] = (base, name, any(by_name for _name, _base, by_name in given), of_kind.get(key))
    counts = Counter(name for _base, name, _by_name, _kind in found.values())
    named = []
    for key, (base, name, by_name, kind) in found.items():
        shown = name if counts[name] == 1 else f"{_shown(Path(real(base).name))}/{name}"
        named.append(Found(key, shown, by_name, kind, key in folders))
    again = Counter(file.name for file in named)
    named = [file if again[file.name] == 1 else replace(file, name=_shown(file.path)) for file in named]
    return sorted(named, key=lambda file: file.name)


def _exists(path: Path) -> bool:
    # A path without access is there, and so is a link that leads nowhere: it is told on reading.
    try:
        return os.path.lexists(path)
    except ValueError:
        return False


def _shown(path: Path) -> str:
    """A path as text; bytes of a name that are no text are shown as such."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


def _below(folder: Path) -> Iterator[tuple[Path, bool]]:
    """What may be an export below a folder; and the folders, marked as such, that are not looked into."""
    closed: list[Path] = []

    def note(error: OSError) -> None:
        closed.append(Path(error.filename))

    for base, folders, names in os.walk(folder, onerror=note):
        folders[:] = [name for name in folders if not name.startswith(".")]
        # Links are not followed: they may lead in a circle, or to the whole disk.
        yield from ((Path(base) / name, True) for name in folders if (Path(base) / name).is_symlink())
        yield from ((Path(base) / name, False) for name in names if may_be_export(name))
    yield from ((path, True) for path in closed)
