"""The command as cron runs it, again and again with faults between: `env -i PATH=… eklase-audit check … --cron`.

    python benchmarks/cron_loop.py [RUNS]

Each run is a process of its own in an empty environment, with reports, a store, a history, a log and a limit of time.
Each time its exit code must be the one promised, standard output empty, standard error one line or none, each report
the whole one of the exports as they were then or before, store and history whole, and what they held still there.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from soak_setting import DAYS, History, Setting, small_disk

PROGRAM = f'exec "{sys.executable}" -m eklase_audit "$@"'


class Loop:
    """Runs over one folder of exports, in which faults come and go."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.exports = setting.folder / "live"
        self.told: Counter[tuple[str, int]] = Counter()
        self.runs_kept: list[object] = []
        setting.whole(*setting.snapshot(0), codes=(0,))
        self.snapshots = len(setting.held_by_store()["snapshots"])
        for path in setting.out.iterdir():
            path.unlink()

    def command(self, **changes: str) -> list[str]:
        """The command line."""
        setting = self.setting
        options = {
            "--as-of": setting.taken(DAYS - 1).isoformat(),
            "--store": str(setting.store),
            "--log": str(setting.log),
            "--timeout": "10m",
            **({"--history": str(setting.history)} if History is not None else {}),
            **changes,
        }
        words = [word for option in options.items() for word in option]
        reports = [word for kind in ("csv", "html") for word in ("--report", f"{kind}:{setting.out / kind}")]
        return ["check", str(self.exports), "--cron", *words, *reports]

    def start(self, words: list[str]) -> subprocess.Popen[bytes]:
        """Start a run in an empty environment."""
        path = os.pathsep.join(one for one in sys.path if one)
        environment = ["env", "-i", "PATH=/usr/bin:/bin", f"PYTHONPATH={path}", f"TMPDIR={self.setting.folder}"]
        return subprocess.Popen(
            [*environment, f"XDG_STATE_HOME={self.setting.folder / 'state'}", "/bin/sh", "-c", PROGRAM, "sh", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, fault: str, codes: Sequence[int], words: list[str] | None = None, kill: int | None = None) -> None:
        """One run; afterwards all must be as promised."""
        before = self._reports()
        with self.start(words or self.command()) as process:
            if kill is not None:
                time.sleep(self._span * 0.6)
                process.send_signal(kill)
            out, err = process.communicate(timeout=600)
        code = process.returncode
        assert code in codes, (fault, code, err)
        assert out == b"", (fault, out)
        lines = err.decode().splitlines()
        # One that is killed at its very end may have said its line already.
        assert len(lines) == (code != 0) or (code == -signal.SIGKILL and not lines), (fault, code, lines)
        after = self._reports()
        # What can be read beside a broken file is audited, and reported.
        if code not in (0, 1) and kill is None and "broken" not in fault:
            assert after == before, f"{fault}: a report was changed"
        self.told[fault, code] += 1
        self._nothing_is_lost(swept=code in (0, 1))

    def measure(self) -> None:
        """A first run, to know how long one takes."""
        started = time.monotonic()
        self.run("none", (0, 1))
        self._span = time.monotonic() - started

    def _reports(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.setting.out.iterdir() if not path.name.startswith(".")}

    def _nothing_is_lost(self, *, swept: bool) -> None:
        setting = self.setting
        if report := self._reports():
            assert report["csv"].startswith(b"\xef\xbb\xbf") and report["csv"].endswith(b"\n")
            assert report["html"].rstrip().endswith(b"</html>")
        if swept:
            assert sorted(path.name for path in setting.out.iterdir()) == ["csv", "html"]
        assert len(setting.held_by_store()["snapshots"]) == self.snapshots
        if History is not None:
            kept = [run[0] for run in setting.held_by_history()]
            assert set(self.runs_kept) <= set(kept), "a run of the history is lost"
            self.runs_kept = kept
        setting.log_is_whole()

    def live(self, day: int) -> None:
        """Let the exports of a day be those that are audited."""
        shutil.rmtree(self.exports, ignore_errors=True)
        shutil.copytree(self.setting.exports(day), self.exports)

    @contextmanager
    def broken_file(self) -> Iterator[None]:
        """A broken workbook lies in the folder."""
        path = self.exports / "bojats.xlsx"
        path.write_bytes(b"PK\x03\x04 broken")
        try:
            yield
        finally:
            path.unlink()


def _faults(loop: Loop) -> list[tuple[str, Callable[[], None]]]:
    setting = loop.setting

    def found() -> None:
        loop.run("none", (1,))

    def clean() -> None:
        loop.run("none (nothing to tell)", (0,), loop.command(**{"--fail-on": "never"}))

    def broken() -> None:
        with loop.broken_file():
            loop.run("a broken file in the folder", (2,), loop.command())

    def killed() -> None:
        loop.run("kill -9", (-signal.SIGKILL, 1), kill=signal.SIGKILL)

    def stopped() -> None:
        loop.run("SIGTERM", (143, -signal.SIGTERM, 1), kill=signal.SIGTERM)

    def gone() -> None:
        hidden = loop.exports.rename(loop.exports.with_name("hidden"))
        try:
            loop.run("the folder of exports is gone", (2,))
        finally:
            hidden.rename(loop.exports)

    def together() -> None:
        from eklase_audit.cli.run_lock import alone

        with alone([loop.exports.resolve()]):
            loop.run("another run is at work", (2,))

    def too_long() -> None:
        loop.run("its time is over (--timeout 1s)", (2, 1), loop.command(**{"--timeout": "1s"}))

    def full() -> None:
        with small_disk(setting.folder / "small", "64k") as disk:
            if disk is None:
                found()
                return
            (disk / "filler").write_bytes(b"x" * shutil.disk_usage(disk).free)
            words = [*loop.command(), "--report", f"csv:{disk / 'csv'}"]
            loop.run("a full disk", (2,), words)
            assert [path.name for path in disk.iterdir()] == ["filler"]

    def lost_store() -> None:
        loop.run("the store is not there", (2,), loop.command(**{"--store": str(setting.folder / "nav.db")}))

    return [
        ("found", found),
        ("killed", killed),
        ("clean", clean),
        ("broken", broken),
        ("stopped", stopped),
        ("found", found),
        ("full", full),
        ("killed", killed),
        ("together", together),
        ("gone", gone),
        ("too long", too_long),
        ("lost store", lost_store),
    ]


def loop_with_faults(folder: Path, runs: int, only: Sequence[str] = ()) -> Counter[tuple[str, int]]:
    """So many runs with faults between (or `only` some of them); how often each fault ended in which exit code."""
    loop = Loop(Setting(folder, with_reports=False))
    loop.live(DAYS - 1)
    loop.measure()
    faults = [fault for name, fault in _faults(loop) if not only or name in only]
    for number in range(runs - 2):
        loop.live((0, DAYS - 1)[number % 2])
        faults[number % len(faults)]()
    # And at the end all is as ever.
    loop.live(DAYS - 1)
    loop.run("none", (1,))
    return loop.told


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    with tempfile.TemporaryDirectory() as name:
        for (fault, code), count in sorted(loop_with_faults(Path(name), runs).items()):
            print(f"{fault}: {count} times exit code {code}")


if __name__ == "__main__":
    main()
