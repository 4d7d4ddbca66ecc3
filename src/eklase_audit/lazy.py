"""numpy, pandas and pyarrow, read when something of them is first asked for.

Reading them takes longer than all of a command that only shows texts. So modules that hold both what is shown (a check
with its manual) and what works on columns take them from here: `from eklase_audit.lazy import np, pd`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any


class Later:
    """Stands for a module until something of it is asked for; what was asked for once is kept."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        # Python's own questions (copying, inspecting) are not meant for the module.
        if name.startswith("__"):
            raise AttributeError(name)
        value = getattr(import_module(self._name), name)
        setattr(self, name, value)
        return value


if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc
else:
    np, npt, pd = Later("numpy"), Later("numpy.typing"), Later("pandas")
    pa, pc = Later("pyarrow"), Later("pyarrow.compute")

__all__ = ["np", "npt", "pa", "pc", "pd"]
