"""Install the tool as a school would, and try it away from the checkout.

    python tools/try_install.py WAY…     pip, pipx, uv, laptop

pip takes the wheel into a new environment, pipx and uv make it a command; the wheel is built from the sdist, as
distributions do it. laptop is the one-folder build of PyInstaller (`make laptop` has made it in dist/laptop/). Each
command so made audits a copy of the sample exports in an empty environment and must answer as the checkout does.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
AS_OF = "2026-11-24T18:00"
PAGE = "share/man/man1/eklase-audit.1"


def run(*command: str | Path, env: Mapping[str, str] | None = None, cwd: Path | None = None, code: int = 0) -> str:
    """What a command says; it must end in this exit code."""
    done = subprocess.run(
        [str(word) for word in command],
        env=env,
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        timeout=900,
        check=False,
    )
    if done.returncode != code:
        raise SystemExit(f"{' '.join(map(str, command))}: ended in {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def build(into: Path) -> Path:
    """The wheel, built from the sdist that was built from the checkout."""
    run(sys.executable, "-m", "build", "--sdist", "--outdir", into, ROOT)
    (sdist,) = into.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(into / "source", filter="data")
    (source,) = (into / "source").iterdir()
    run(sys.executable, "-m", "build", "--wheel", "--outdir", into, source)
    (wheel,) = into.glob("*.whl")
    holds_all(wheel)
    return wheel


def holds_all(wheel: Path) -> None:
    """The wheel must hold each rule pack, and each file of the package that is no source of a catalogue."""
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    files = [
        path.relative_to(ROOT / "src").as_posix()
        for path in (ROOT / "src/eklase_audit").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    rules = [
        f"eklase_audit/rules/{path.relative_to(ROOT / 'rules').as_posix()}" for path in ROOT.glob("rules/**/*.toml")
    ]
    lacking = {*files, *rules, "eklase_audit/locales/lv/LC_MESSAGES/messages.mo"} - held
    if not any(name.endswith(PAGE) for name in held):
        lacking.add(PAGE)
    if lacking:
        raise SystemExit(f"{wheel.name} lacks {', '.join(sorted(lacking))}")


def by_pip(wheel: Path, into: Path) -> Path:
    """A new environment with the wheel."""
    run(sys.executable, "-m", "venv", into / "venv")
    run(into / "venv/bin/pip", "install", "--quiet", wheel)
    if not (into / "venv" / PAGE).is_file():
        raise SystemExit(f"pip put no manual page at {PAGE}")
    return into / "venv/bin/eklase-audit"


def by_pipx(wheel: Path, into: Path) -> Path:
    """The command that pipx makes, and its manual page."""
    places = {"PIPX_HOME": "home", "PIPX_BIN_DIR": "bin", "PIPX_MAN_DIR": "man"}
    env = os.environ | {name: str(into / folder) for name, folder in places.items()}
    run(BIN / "pipx", "install", "--quiet", "--python", sys.executable, wheel, env=env)
    if not (into / "man/man1/eklase-audit.1").exists():
        raise SystemExit("pipx put no manual page into its place")
    return into / "bin/eklase-audit"


def by_uv(wheel: Path, into: Path) -> Path:
    """The command that `uv tool install` makes."""
    env = os.environ | {"UV_TOOL_DIR": str(into / "tools"), "UV_TOOL_BIN_DIR": str(into / "bin")}
    run(BIN / "uv", "tool", "install", "--quiet", "--python", sys.executable, wheel, env=env)
    return into / "bin/eklase-audit"


def by_pyinstaller(_wheel: Path, into: Path) -> Path:
    """The one-folder build, moved away from where it was built."""
    shutil.copytree(ROOT / "dist/laptop/eklase-audit", into / "eklase-audit", symlinks=True)
    return into / "eklase-audit/eklase-audit"


def try_command(command: Path, folder: Path) -> None:
    """Use a command as a school would, in an empty environment, away from the checkout."""
    env = {"HOME": str(folder), "TZ": "Europe/Riga"}
    shutil.copytree(ROOT / "sample_exports", folder / "eksporti")

    def use(*words: str, code: int = 0) -> str:
        return run(command, *words, env=env, cwd=folder, code=code)

    check = ("check", "eksporti", "--as-of", AS_OF, "--lang", "lv", "--format", "json")
    here = run(sys.executable, "-m", "eklase_audit", *check, env={"PYTHONPATH": str(ROOT / "src")}, cwd=folder, code=1)
    there = use(*check, code=1)
    if json.loads(there) != json.loads(here):
        raise SystemExit(f"{command} audits otherwise than the checkout")
    report = folder / "pārskats.html"
    use("check", "eksporti", "--as-of", AS_OF, "--quiet", "--report", report.name, code=1)
    if not report.read_text("utf-8").rstrip().endswith("</html>") or report.stat().st_mode & 0o077:
        raise SystemExit(f"{command} wrote no whole report for its owner only")
    if "Ko prasa kārtība" not in (page := use("explain", "5", "--lang", "lv")):
        raise SystemExit(f"{command} does not explain in Latvian:\n{page}")
    asked = {"_EKLASE_AUDIT_COMPLETE": "complete_bash", "COMP_WORDS": "eklase-audit doc", "COMP_CWORD": "1"}
    if run(command, env=env | asked, cwd=folder).split() != ["doctor"]:
        raise SystemExit(f"{command} does not complete its commands")
    use("snapshot", "eksporti", "--taken-at", AS_OF, "--store", "krātuve.db")
    use("store", "verify", "krātuve.db")
    use("init", "skola")
    use("clauses", "--config", "skola/eklase-audit.toml")
    use("template", "documents")
    use("doctor")


WAYS: dict[str, Callable[[Path, Path], Path]] = {
    "pip": by_pip, "pipx": by_pipx, "uv": by_uv, "laptop": by_pyinstaller,
}  # fmt: skip


def main(ways: list[str]) -> int:
    """Try each way; the exit code."""
    if not ways or not set(ways) <= set(WAYS):
        print(__doc__, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel = build(folder) if set(ways) - {"laptop"} else folder
        for way in ways:
            (folder / way / "use").mkdir(parents=True)
            try_command(WAYS[way](wheel, folder / way), folder / way / "use")
            print(f"{way}: installed, audits as the checkout does")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
