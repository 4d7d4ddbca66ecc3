"""The one place that writes files: whole or not at all, readable by their owner only.

A file is written beside its place, as `.name.xxxxxxxx.new`, brought to the disk, and moved there. Until then its
writer holds a lock on it; so the next one to write that file knows what a killed run left behind, and takes it out.
"""

from __future__ import annotations

import errno
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from eklase_audit.errors import AuditError
from eklase_audit.i18n import _

_ENDING = ".new"
# Of the longest names only the beginning is kept, since a name may have 255 bytes.
_NAME_KEPT = 40
# Where files have no locks of this kind, what a killed run left behind is known by its age.
_STALE_SECONDS = 600
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_GONE = tuple(
    getattr(errno, name)
    for name in ("EIO", "ESTALE", "ENOTCONN", "ENODEV", "ENXIO", "ETIMEDOUT", "EHOSTDOWN", "EHOSTUNREACH", "ENETDOWN")
    if hasattr(errno, name)
)
# What some file systems say to a request to bring a folder to the disk: they know no such thing.
_NO_FOLDER_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM, errno.EBADF, errno.ENOSYS)

# Written by now, not yet at their places; for a run that ends without being able to tidy up behind itself.
_unfinished: set[str] = set()


def write_file(path: Path, content: bytes, *, overwrite: bool = False, mode: int | None = None) -> None:
    """Write a file beside its place and move it there, mode 0600 unless another is given. Raises AuditError on failure.

    Without `overwrite` a file that is there is left as it is, and that is an error.
    """
    write_files({path: content}, overwrite=overwrite, mode=mode)


def write_files(contents: Mapping[Path, bytes], *, overwrite: bool = False, mode: int | None = None) -> None:
    """Write several files as `write_file` does: none is moved to its place before all are on the disk."""
    with ExitStack() as stack:
        fresh: dict[Path, _Fresh] = {}
        for path, content in contents.items():
            try:
                _allowed(path, overwrite=overwrite)
                path.parent.mkdir(parents=True, exist_ok=True)
                _sweep(path)
                fresh[path] = stack.enter_context(_Fresh(path))
                fresh[path].fill(content, mode)
            except OSError as fault:
                raise _error(path, fault) from None
        for path, one in fresh.items():
            try:
                one.settle()
            except OSError as fault:
                raise _error(path, fault) from None


def remove_unfinished() -> None:
    """Take out what this process has written beside its place so far; only for its sudden end."""
    for name in list(_unfinished):
        with suppress(OSError):
            Path(name).unlink()


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
        raise _error(path, fault) from None
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


class _Fresh:
    """A new file beside the place it is for; gone at the end of its block unless it was moved there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = ""
        self.handle = -1

    def __enter__(self) -> _Fresh:
        while True:
            # mkstemp makes the file 0600 from the start.
            self.handle, self.name = tempfile.mkstemp(dir=self.path.parent, prefix=_prefix(self.path), suffix=_ENDING)
            _unfinished.add(self.name)
            _lock(self.handle)
            # Between the two, another run may have taken it for one left behind.
            if os.fstat(self.handle).st_nlink or sys.platform == "win32":
                return self
            self.__exit__()

    def fill(self, content: bytes, mode: int | None) -> None:
        """Write the content and bring it to the disk, with the rights it is to have."""
        left = memoryview(content)
        while left:
            left = left[os.write(self.handle, left) :]
        if mode is not None:
            Path(self.name).chmod(mode)
        os.fsync(self.handle)

    def settle(self) -> None:
        """Move the file to its place, and bring that to the disk too."""
        if sys.platform == "win32":
            # An open file cannot be moved there.
            os.close(self.handle)
            self.handle = -1
        Path(self.name).replace(self.path)
        _unfinished.discard(self.name)
        self.name = ""
        _sync_folder(self.path.parent)

    def __exit__(self, *_fault: object) -> None:
        if self.handle >= 0:
            with suppress(OSError):
                os.close(self.handle)
            self.handle = -1
        if self.name:
            with suppress(OSError):
                Path(self.name).unlink()
            _unfinished.discard(self.name)
            self.name = ""


def _allowed(path: Path, *, overwrite: bool) -> None:
    """Raise AuditError where something stands that is not to be written over."""
    if not path.exists():
        return
    if not overwrite:
        raise AuditError(_("{path}: it is there already and was left as it is").format(path=path))
    if not path.is_file():
        # A device or a pipe would be replaced by a file.
        raise AuditError(_("{path}: it is no file, and cannot be written over").format(path=path))


def _prefix(path: Path) -> str:
    return f".{path.name[:_NAME_KEPT]}."


def _lock(handle: int) -> bool:
    """Lock an open file; whether it could be. The system takes the lock back when the process ends."""
    if sys.platform == "win32":
        return False
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _sweep(path: Path) -> None:
    """Take out what killed runs left beside a file. What another run writes just now stays."""
    form = re.compile(re.escape(_prefix(path)) + r"[a-z0-9_]{8}" + re.escape(_ENDING))
    with suppress(OSError):
        for found in path.parent.iterdir():
            if form.fullmatch(found.name) and str(found) not in _unfinished and not found.is_symlink():
                with suppress(OSError):
                    _take_out(found)


def _take_out(left: Path) -> None:
    if sys.platform == "win32":
        if time.time() - left.stat().st_mtime > _STALE_SECONDS:
            left.unlink()
        return
    handle = os.open(left, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        if _lock(handle):
            left.unlink()
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    """Let a folder too know on the disk what stands in it. Windows has no such call."""
    if sys.platform == "win32":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as fault:
        if fault.errno not in _NO_FOLDER_SYNC:
            raise


def _error(path: Path, fault: OSError) -> AuditError:
    """What went wrong, and what to do. The file that was there before is there still."""
    if fault.errno in _FULL:
        text = _("{path}: it cannot be written, since the disk is full: make room; nothing was changed")
    elif fault.errno in _GONE:
        text = _("{path}: it cannot be written ({fault}): is the disk or the network folder still there?")
    elif isinstance(fault, PermissionError) and os.path.lexists(path):
        # Windows lets no one replace a file that Excel holds open.
        text = _("{path}: it cannot be replaced: close it in the program that shows it, or check its access rights")
    else:
        text = _("{path}: it cannot be written ({fault}): check the folder and its space")
    return AuditError(text.format(path=path, fault=fault.strerror or type(fault).__name__))
