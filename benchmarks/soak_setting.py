"""A small school for the soak: exports of some days, the outputs of runs over them, and what these must be."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE.parent / name) for name in ("tools", "tests")]

from forked_run import ForkedRun  # noqa: E402

from dated_school import FIRST, school  # noqa: E402
from eklase_audit.store.database import Store  # noqa: E402
from support import write_tables  # noqa: E402

try:
    from eklase_audit.history.database import History
except ImportError:
    History = None  # type: ignore[assignment,misc]

KINDS = ("html", "xlsx", "csv", "jsonl", "md", "junit")
DAYS = 10


@dataclass
class Setting:
    """A folder with exports/0 … exports/9, one a day, and the places of reports, store, history and log."""

    folder: Path
    with_reports: bool = True
    expected: dict[int, dict[str, bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        os.environ["XDG_STATE_HOME"] = str(self.folder / "state")
        semester = school(7, DAYS, ("7.a", "8.b", "9.c"), 8)
        for day in range(DAYS):
            self.exports(day).mkdir(parents=True)
            write_tables(self.exports(day), semester.export(self.taken(day)))
        self.out.mkdir()
        for day in (0, DAYS - 1) if self.with_reports else ():
            self.whole(*self.check(day), *self.reports(), codes=(1,))
            self.expected[day] = {kind: (self.out / kind).read_bytes() for kind in KINDS}

    @staticmethod
    def taken(day: int) -> datetime:
        """When the exports of a day were taken."""
        return datetime.combine(FIRST, time(17, 5)) + timedelta(days=day)

    @property
    def out(self) -> Path:
        """Where reports go."""
        return self.folder / "out"

    @property
    def store(self) -> Path:
        """The store of snapshots."""
        return self.folder / "s.db"

    @property
    def history(self) -> Path:
        """The history of runs."""
        return self.folder / "h.db"

    @property
    def log(self) -> Path:
        """The log of all runs."""
        return self.folder / "runs.log"

    def exports(self, day: int) -> Path:
        """The folder of a day's exports."""
        return self.folder / "exports" / str(day)

    def check(self, day: int, *options: str | Path) -> list[str | Path]:
        """The command that audits a day's exports."""
        moment = self.taken(day).isoformat()
        return ["check", self.exports(day), "--as-of", moment, "--cron", "--log", self.log, "--lang", "en", *options]

    def snapshot(self, day: int) -> list[str | Path]:
        """The command that takes a snapshot of a day's exports."""
        moment = self.taken(day).isoformat(timespec="minutes")
        return ["snapshot", self.exports(day), "--store", self.store, "--taken-at", moment, "--cron", "--log", self.log]

    def reports(self, out: Path | None = None) -> list[str]:
        """The options that ask for all reports."""
        return [word for kind in KINDS for word in ("--report", f"{kind}:{(out or self.out) / kind}")]

    def whole(self, *arguments: str | Path, codes: tuple[int, ...] = (0, 1)) -> str:
        """Run a command to its end, which must be one of these exit codes; what it said."""
        code, said = ForkedRun(*arguments).wait()
        assert code in codes, (code, said)
        return said

    def reports_are_whole(self, out: Path | None = None) -> set[int]:
        """The days whose reports stand there; each file must be the whole report of one of them."""
        days = set()
        for kind in KINDS:
            content = ((out or self.out) / kind).read_bytes()
            of = [day for day, files in self.expected.items() if files[kind] == content]
            assert of, f"{kind}: neither the old report nor the new one"
            days |= set(of)
        return days

    def nothing_is_left_over(self, out: Path | None = None) -> None:
        """No file stands beside the reports."""
        found = sorted(path.name for path in (out or self.out).iterdir())
        assert found == sorted(KINDS), found

    def left_over(self) -> int:
        """How many files of killed runs stand beside the reports."""
        return len(list(self.out.glob(".*")))

    def held_by_store(self) -> Any:
        """All that the store holds; it must be whole."""
        opened = Store(self.store, create=True)
        try:
            assert opened.verify() == []
            return opened.dump()
        finally:
            opened.close()

    def held_by_history(self) -> Any:
        """The runs that the history holds, without when they were made; it must be whole."""
        if not self.history.exists():
            return []
        with History(self.history, create=True) as opened:
            assert opened.verify() == []
            return [(run.day, run.scope, run.checks, run.findings, run.new) for run in opened.listed()]

    def log_is_whole(self) -> int:
        """How many lines the logs have; each must begin with its time."""
        lines = [line for path in self.folder.glob("runs.log*") for line in path.read_text("utf-8").splitlines()]
        for line in lines:
            datetime.fromisoformat(line[:19])
        return len(lines)


@contextmanager
def small_disk(place: Path, size: str = "8m") -> Iterator[Path | None]:
    """A disk of its own at a place; None where none can be mounted."""
    place.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)
