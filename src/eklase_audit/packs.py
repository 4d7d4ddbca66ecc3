"""Where the rule packs and a school's configuration stand; what they are called, without reading all in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from eklase_audit.errors import AuditError
from eklase_audit.i18n import _, active
from eklase_audit.paths import real, rules_folder

DEFAULT = "aknistes-vidusskola"
FILE_NAME = "eklase-audit.toml"
# With what the variables of the environment begin; the one that names the configuration, the one of the rule pack.
PREFIX = "EKLASE_AUDIT_"
CONFIG_VARIABLE, RULES_VARIABLE = f"{PREFIX}CONFIG", f"{PREFIX}RULES"


def installed_packs() -> list[str]:
    """The ids of the rule packs that come with the tool: school/version."""
    folder = rules_folder()
    return [
        f"{file.parent.name}/{file.stem}" for file in sorted(folder.glob("*/*.toml")) if file.parent.name != "calendar"
    ]


def find_pack(name: str) -> Path:
    """The file of a rule pack by id ("school" means its newest version) or path. Raises AuditError."""
    try:
        is_file = Path(name).is_file()
    except OSError:
        # Too long for a name of a file, or in a folder that may not be looked into.
        is_file = False
    if is_file:
        return Path(name)
    if name.endswith(".toml"):
        raise AuditError(_("{path}: there is no such rule pack; check the name").format(path=name))
    fitting = [pack for pack in installed_packs() if pack == name or pack.split("/")[0] == name]
    if not fitting:
        raise AuditError(
            _("there is no rule pack «{name}»; there are: {packs}").format(
                name=name, packs=", ".join(installed_packs())
            )
        )
    return rules_folder() / f"{fitting[-1]}.toml"


def find_config(start: Path) -> Path | None:
    """The configuration in a folder or the nearest one above it."""
    try:
        start = real(start)
        for folder in (start, *start.parents) if start.is_dir() else start.parents:
            if (folder / FILE_NAME).is_file():
                return folder / FILE_NAME
    except PermissionError:
        # A folder that may not be looked into holds no configuration for us; reading from it says so itself.
        return None
    return None


def named_in(config: Path, rules: str) -> str:
    """The rule pack that a configuration names: a file beside it, if there is one of that name, else an id or path."""
    beside = config.parent / rules
    return str(beside) if rules.endswith(".toml") and beside.is_file() else rules


def clause_names(pack: Path) -> list[tuple[str, str]]:
    """The numbers of a pack's clauses and the ids of its checks, each with the clause's title in the language spoken.

    For completion: the pack is not validated. Raises OSError, ValueError, LookupError or TypeError where it is no pack.
    """
    names = []
    for clause in _tables(pack)["clauses"]:
        title = clause["title"][active()]
        words = sorted(check["check"].split(".")[1] for check in clause.get("checks", ()))
        names += [(name, title) for name in (clause["number"], *(f"{clause['number']}-{word}" for word in words))]
    return names


def settings_in(config: Path | None) -> dict[str, Any]:
    """What stands at the top of a configuration, not validated; nothing for None. Raises OSError or ValueError."""
    return _tables(config) if config else {}


def _tables(file: Path) -> dict[str, Any]:
    import tomllib

    return tomllib.loads(file.read_text("utf-8-sig"))
