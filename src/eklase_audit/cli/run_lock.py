"""Locks that keep two unattended runs over the same exports or the same store from meeting.

A lock is a file of the user's state folder which the system holds locked for the run, so that of a killed run
none stays. The files are empty and named by digests.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from eklase_audit.errors import AuditError
from eklase_audit.i18n import _
from eklase_audit.paths import real


@contextmanager
def alone(places: Iterable[Path], wait: float = 0.0) -> Iterator[None]:
    """Be the only run at these files and folders. Raises AuditError where another is, after so many seconds."""
    # filelock knows the locks of Windows and of Unix.
    from filelock import FileLock, Timeout

    folder = lock_folder()
    with ExitStack() as stack:
        for place, name in sorted((str(place), _name(place)) for place in set(places)):
            # Where a file system has no locks, one that a killed run leaves would stay: rather none.
            lock = FileLock(folder / f"{name}.lock", timeout=wait, mode=0o600, fallback_to_soft=False)
            try:
                stack.enter_context(lock)
            except Timeout:
                raise AuditError(_("another run is at work on {path}: this one has ended").format(path=place)) from None
            except (OSError, NotImplementedError):
                raise AuditError(_("{path}: no lock can be made here: check the folder").format(path=folder)) from None
        yield


def lock_folder() -> Path:
    """Where the locks are: the user's state folder, or where that cannot be written, one of temporary files."""
    from platformdirs import user_state_path

    tried = [user_state_path("eklase-audit", appauthor=False) / "locks", _temporary()]
    for folder in tried:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _is_own(folder) and os.access(folder, os.W_OK | os.X_OK):
                return folder
        except (OSError, RuntimeError):
            continue
    raise AuditError(_("{path}: no lock can be made here: check the folder").format(path=tried[-1]))


def _temporary() -> Path:
    import tempfile

    user = "" if sys.platform == "win32" else f"-{os.getuid()}"
    return Path(tempfile.gettempdir()) / f"eklase-audit{user}"


def _is_own(folder: Path) -> bool:
    """Whether a folder is the user's own, and no link that another has laid there."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    return sys.platform == "win32" or folder.stat().st_uid == os.getuid()


def _name(place: Path) -> str:
    # Loads a library for encryption, which --help shall not wait for.
    from hashlib import blake2b

    return blake2b(os.fsencode(os.path.normcase(real(place))), digest_size=16).hexdigest()
