"""Work that numpy and Arrow do without Python's lock, and so on all processors at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TypeVar

from eklase_audit.exports.memory import Data

T = TypeVar("T")
R = TypeVar("R")

# A thread more than this would wait for memory, not for a processor.
_WORKERS = min(4, os.cpu_count() or 1)
# Less than this is worked sooner than a thread starts.
_SMALLEST_PART = 4 << 20


def in_threads(work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """What `work` makes of each item, in the items' order."""
    waiting = list(items)
    if len(waiting) < 2 or _WORKERS < 2:
        return list(map(work, waiting))
    with ThreadPoolExecutor(_WORKERS) as pool:
        return list(pool.map(work, waiting))


def parts_of(data: Data, start: int = 0, behind: bytes = b"\n") -> list[tuple[int, int]]:
    """First and end of parts of about one size, one a thread, that end behind that byte; one part if they are small."""
    size = len(data) - start
    count = max(1, min(_WORKERS, size // _SMALLEST_PART))
    ends = [data.find(behind, start + size * n // count) + 1 or len(data) for n in range(1, count)]
    return [(first, end) for first, end in pairwise([start, *ends, len(data)]) if first < end or not size]
