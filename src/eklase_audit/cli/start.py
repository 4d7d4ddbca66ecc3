"""What `eklase-audit` alone says at a terminal: the three things one does most, ready to be copied."""

from __future__ import annotations

import os
import re
import shlex
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from eklase_audit.i18n import _
from eklase_audit.packs import find_config

if TYPE_CHECKING:
    from rich.console import Console

# Only names are looked at, so deep, and in not so many folders that it would take long.
_DEPTH, _FOLDERS = 3, 300
# A text may be anything, so it alone is no sign of exports.
_ENDINGS = (".csv", ".tsv", ".xlsx", ".ods", ".zip")
_NEEDS_NO_QUOTES = re.compile(r"[\w./\\:+-]+", re.ASCII)


def guide(console: Console) -> None:
    """Print what to do next with the exports of the current folder, or how to get some."""
    from rich.text import Text

    folders = folders_of_exports(Path())
    steps = _with_exports(quoted(folders[0], shell())) if folders else _without_exports()
    console.print(Text(_intro(folders)))
    for number, (text, command) in enumerate(steps, 1):
        console.print()
        console.print(Text(f"{number}. {text}"))
        if command:
            # Never broken into lines, so that it can be copied.
            console.print(Text(f"   {command}", style="bold"), soft_wrap=True)
    console.print()
    if folders and find_config(Path(folders[0])) is None:
        console.print(Text(_("The rules of another school than Aknīste's are set up with `eklase-audit init`.")))
    console.print(Text(_("All commands: `eklase-audit --help`; more about one: `eklase-audit check --help`.")))


def _intro(folders: list[str]) -> str:
    if not folders:
        return _("There are no files here that may be exports of E-klase (CSV, XLSX, ODS or ZIP).")
    if folders[0] == ".":
        return _("There are files here that may be exports of E-klase.")
    text = _("In the folder «{folder}» there are files that may be exports of E-klase.").format(folder=folders[0])
    if len(folders) == 1:
        return text
    return text + " " + _("(Also in: {folders}.)").format(folders=", ".join(folders[1:4]))


def _with_exports(path: str) -> list[tuple[str, str]]:
    name = _("Name Surname")
    return [
        (_("Who is behind, in which class, under which clause:"), f"eklase-audit check {path}"),
        (_("What one teacher has to enter or mend:"), f'eklase-audit me "{name}" {path}'),
        (_("What falls due in the next days:"), f"eklase-audit due {path}"),
    ]


def _without_exports() -> list[tuple[str, str]]:
    return [
        (
            _(
                "In E-klase open the list you want (lessons, marks, absences) with the school administrator's rights, "
                "choose the period, save it as Excel or CSV into this folder, and run `eklase-audit` here again."
            ),
            "",
        ),
        (_("Set up the rules of your school:"), "eklase-audit init"),
        (_("An empty workbook for what E-klase does not give out:"), "eklase-audit template documents"),
    ]


def folders_of_exports(folder: Path) -> list[str]:
    """Where there may be exports: "." for the folder itself, else those in it, the last changed first."""
    entries = _entries(folder)
    if any(_is_export(entry) for entry in entries):
        return ["."]
    left = [_FOLDERS]
    found = [(entry.stat().st_mtime, entry.name) for entry in entries if _holds_exports(entry, _DEPTH, left)]
    return [
        name if name[0] != "-" else f"./{name}" for _changed, name in sorted(found, key=lambda one: (-one[0], one[1]))
    ]


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """What stands in a folder by name, without what is hidden and what no command could be written for."""
    with suppress(OSError), os.scandir(folder) as found:
        return sorted(
            (entry for entry in found if not entry.name.startswith((".", "~$")) and entry.name.isprintable()),
            key=lambda entry: entry.name,
        )
    return []


def _is_export(entry: os.DirEntry[str]) -> bool:
    return entry.name.lower().endswith(_ENDINGS) and entry.is_file()


def _holds_exports(entry: os.DirEntry[str], depth: int, left: list[int]) -> bool:
    """Whether a folder holds such files, as deep as is looked; `left` is how many folders may still be looked into."""
    if not depth or left[0] <= 0 or not entry.is_dir(follow_symlinks=False):
        return False
    left[0] -= 1
    within = _entries(Path(entry.path))
    return any(map(_is_export, within)) or any(_holds_exports(other, depth - 1, left) for other in within)


def shell() -> str:
    """The shell that commands are to be written for: "posix", "cmd" or "powershell"."""
    from shellingham import ShellDetectionFailure, detect_shell

    name = ""
    with suppress(ShellDetectionFailure, OSError, NotImplementedError):
        name, _path = detect_shell()
    if name in ("powershell", "pwsh"):
        return "powershell"
    return "cmd" if os.name == "nt" else "posix"


def quoted(path: str, shell: str) -> str:
    """A path as that shell takes it for one word."""
    if _NEEDS_NO_QUOTES.fullmatch(path):
        return path
    if shell == "powershell":
        return "'" + path.replace("'", "''") + "'"
    return f'"{path}"' if shell == "cmd" else shlex.quote(path)
