"""Files as LibreOffice saves them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path


def convert(source: Iterable[Path], target: Path, form: str, *options: str) -> Path:
    """The folder of the files as LibreOffice saves them, with a profile of its own."""
    program = shutil.which("soffice")
    assert program, "LibreOffice (soffice) is wanted"
    profile = target.parent / "profile"
    subprocess.run(
        [program, "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", form, *options,
         "--outdir", str(target), *map(str, source)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return target


# The charset of a CSV filter, and whether cells are saved as they are shown.
CSV_FILTERS = {
    "utf-8 semicolons": "59,34,76,1,,0,false,true",
    "utf-8 commas all texts quoted": "44,34,76,1,,0,true,true",
    "windows-1257 tabs": "9,34,39,1,,0,false,true",
    "utf-16 semicolons": "59,34,65535,1,,0,false,true",
}
# The language in which LibreOffice takes what it opens, and whether it looks for dates and numbers.
INPUT_FILTERS = {
    "English": "CSV:59,34,76,1,,1033,false,true",
    "Latvian": "CSV:59,34,76,1,,1062,false,true",
    "as it stands": "CSV:59,34,76,1,,1062,false,false",
    "all texts": "CSV:59,34,76,1," + "/".join(f"{column}/2" for column in range(1, 12)) + ",1062,false,false",
}
