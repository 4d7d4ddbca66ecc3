"""A folder into which a command writes files again and again, beside others that are none of its own.

A list in it tells the files that were written there, and their hashes. Only these are ever replaced or taken
away, and only while they are as they were written: what somebody changed, or put there, is left as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from eklase_audit.errors import AuditError
from eklase_audit.files import locked, write_file
from eklase_audit.i18n import _


def write_all(folder: Path, files: Mapping[str, bytes], listing: str, *, whole: bool = True) -> list[Path]:
    """Write files (by name) into a folder, made for its owner alone if need be; `listing` names the list of them.

    With `whole` these are all: those of an earlier run that are not among them are taken away. Returns
    those that should have been, but were changed meanwhile. Raises AuditError before anything is written
    where a file is in the way.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise AuditError(
            _("{path}: this folder cannot be made ({fault})").format(path=folder, fault=fault.strerror)
        ) from None
    with locked(folder / listing):
        known = _known(folder / listing)
        hashes = {name: _hash(content) for name, content in files.items()}
        for name in files:
            if _is_there(folder / name) and not _is_own(folder / name, [*known.get(name, ()), hashes[name]]):
                raise AuditError(
                    _("{path}: it was not written by this command, or was changed since: move it away first").format(
                        path=folder / name
                    )
                )
        stale = [name for name in known if name not in files and _is_there(folder / name)] if whole else []
        kept = [name for name in stale if not _is_own(folder / name, known[name])]
        # Written before the files too: a run that breaks off leaves none that the next would not know.
        before = {**known, **{name: [*known.get(name, ()), new] for name, new in hashes.items()}}
        _write_listing(folder / listing, before)
        for name, content in files.items():
            write_file(folder / name, content, overwrite=True)
        for name in set(stale) - set(kept):
            (folder / name).unlink(missing_ok=True)
        left = [name for name in known if name in kept or not whole]
        _write_listing(
            folder / listing,
            {**{name: known[name] for name in left}, **{name: [new] for name, new in hashes.items()}},
        )
        return [folder / name for name in kept]


def _known(path: Path) -> dict[str, list[str]]:
    """The hashes that each listed file may have. A name that leads out of the folder is none of ours."""
    try:
        entry = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        return {
            str(name): [str(one) for one in hashes] for name, hashes in entry.items() if Path(name).name == name != ".."
        }
    except (OSError, ValueError, AttributeError, TypeError):
        raise AuditError(_("{path}: this list of files is damaged: delete it").format(path=path)) from None


def _write_listing(path: Path, known: Mapping[str, list[str]]) -> None:
    write_file(path, (json.dumps(known, indent=1, sort_keys=True) + "\n").encode(), overwrite=True)


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _is_own(path: Path, hashes: list[str]) -> bool:
    try:
        return path.is_file() and not path.is_symlink() and _hash(path.read_bytes()) in hashes
    except OSError:
        return False


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()
