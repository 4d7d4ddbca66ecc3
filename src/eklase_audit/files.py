"""The one place that writes files: whole or not at all, readable by their owner only."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eklase_audit.errors import AuditError
from eklase_audit.i18n import _


def write_file(path: Path, content: bytes, *, overwrite: bool = False, mode: int | None = None) -> None:
    """Write a file beside its place and move it there, mode 0600 unless another is given. Raises AuditError on failure.

    Without `overwrite` a file that is there is left as it is, and that is an error.
    """
    name = ""
    try:
        if path.exists() and not overwrite:
            raise AuditError(_("{path}: it is there already and was left as it is").format(path=path))
        path.parent.mkdir(parents=True, exist_ok=True)
        # mkstemp makes the file 0600 from the start.
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        if mode is not None:
            Path(name).chmod(mode)
        Path(name).replace(path)
    except OSError as fault:
        if name:
            Path(name).unlink(missing_ok=True)
        if isinstance(fault, PermissionError) and path.exists():
            # Windows lets no one replace a file that Excel holds open.
            raise AuditError(
                _(
                    "{path}: it cannot be replaced: close it in the program that shows it, or check its access rights"
                ).format(path=path)
            ) from None
        raise AuditError(
            _("{path}: it cannot be written ({fault}): check the folder and its space").format(
                path=path, fault=fault.strerror
            )
        ) from None


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep other runs from a file until the end of the block, so that one does not undo what another wrote.

    On Windows a lock file beside it stays behind; elsewhere its folder is locked. Raises AuditError.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if sys.platform == "win32":
            handle = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        else:
            handle = os.open(path.parent, os.O_RDONLY)
    except OSError as fault:
        raise AuditError(
            _("{path}: it cannot be written ({fault}): check the folder and its space").format(
                path=path, fault=fault.strerror
            )
        ) from None
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
