"""Compile the gettext catalogues when the package is built or installed for editing."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def compile_catalogues(root: Path) -> None:
    """Write a .mo beside each .po below the package's locales folder."""
    for source in sorted(root.glob("src/eklase_audit/locales/*/LC_MESSAGES/*.po")):
        with source.open("rb") as lines:
            catalogue = read_po(lines, locale=source.parts[-3])
        with source.with_suffix(".mo").open("wb") as out:
            write_mo(out, catalogue)


class CatalogueHook(BuildHookInterface[Any]):
    """Hatchling's hook around compile_catalogues."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run before the wheel, the sdist or the editable install is put together."""
        compile_catalogues(Path(self.root))
