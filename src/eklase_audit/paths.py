"""Where the tool's own data stands: beside the code in a wheel, beside src/ in a checkout."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).parent


def rules_folder() -> Path:
    """The folder of rule packs and school years."""
    installed = _PACKAGE / "rules"
    return installed if installed.is_dir() else _PACKAGE.parents[1] / "rules"


def real(path: Path) -> Path:
    """The path without links. A link that leads in a circle stays as it is, where Path.resolve would raise."""
    return Path(os.path.realpath(path))
