"""How often Python looks for garbage in circles, which takes a tenth of a run at its own pace."""

from __future__ import annotations

import gc


def collect_seldom() -> None:
    """Set a pace for a process that only audits: tables make hardly a circle, but objects by the hundred thousand."""
    gc.set_threshold(100_000, 50, 100)
