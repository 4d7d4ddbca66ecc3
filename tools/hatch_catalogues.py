"""Compile the gettext catalogues when the package is built or installed for editing."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface[Any]):
    """Hatchling's hook around tools/catalogues.py."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run before the wheel, the sdist or the editable install is put together."""
        root = Path(self.root)
        runpy.run_path(str(root / "tools/catalogues.py"))["compile_catalogues"](root)
