"""What reading many cells asks of the memory."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa


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
