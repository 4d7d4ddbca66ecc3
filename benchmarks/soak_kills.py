"""Runs that are killed at random moments: reports are the old or the new ones, stores as before or as after."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forked_run import ForkedRun
from soak_setting import DAYS, History, Setting

# Of a hundred kills so many fall on each kind of run.
SHARES = {"reports": 45, "snapshot": 30, "check over a store": 10, "history": 15}


@dataclass
class Kills:
    """What came of the kills of one kind of run."""

    kills: int = 0
    # Ended by itself before the kill came.
    ended: int = 0
    before: int = 0
    after: int = 0
    mixed: int = 0
    left_over: int = 0


@dataclass
class Killing:
    """Kills of all kinds of runs over one setting."""

    setting: Setting
    chance: random.Random
    number: int = signal.SIGKILL
    told: dict[str, Kills] = field(default_factory=dict)
    _spans: Counter[str] = field(default_factory=Counter)
    _turn: Counter[str] = field(default_factory=Counter)

    def kinds(self) -> dict[str, int]:
        """The kinds of runs there are, with their shares."""
        return {kind: share for kind, share in SHARES.items() if kind != "history" or History is not None}

    def go_on(self, kills: int, until: float) -> None:
        """Kill so many runs, or fewer if the time (of time.monotonic) is over before."""
        works: dict[str, Callable[[Kills], None]] = {
            "reports": self._reports,
            "snapshot": self._snapshot,
            "check over a store": self._over_a_store,
            "history": self._history,
        }
        shares = self.kinds()
        span = until - time.monotonic()
        for kind, share in shares.items():
            told = self.told.setdefault(kind, Kills())
            rest = kills * share // sum(shares.values())
            ends = time.monotonic() + span * share / sum(shares.values())
            while told.kills < rest and time.monotonic() < ends:
                works[kind](told)
            print(f"  {kind}: {told}", flush=True)

    def _kill(self, kind: str, told: Kills, *arguments: str | Path) -> bool:
        """Kill a run; whether it was still going on. A first one is let go to its end, to know how long it takes."""
        if not self._spans[kind]:
            started = time.monotonic()
            ForkedRun(*arguments).wait()
            self._spans[kind] = int((time.monotonic() - started) * 1e6)
        run = ForkedRun(*arguments)
        # Half of the kills fall anywhere, half at the end, where files are written.
        share = self.chance.random() if self.chance.random() < 0.5 else self.chance.uniform(0.7, 1.05)
        time.sleep(share * self._spans[kind] / 1e6)
        run.send(self.number)
        code, said = run.wait()
        told.kills += 1
        killed = code in (-self.number, 128 + self.number)
        told.ended += not killed
        assert killed or code in (0, 1), (code, said)
        assert "Traceback" not in said, said
        assert len(said.splitlines()) <= 1, said
        return killed

    def _tell(self, told: Kills, held: Any, before: Any, after: Any) -> None:
        told.before += held == before
        told.after += held == after and held != before
        assert held in (before, after), "neither as before nor as after"

    def _reports(self, told: Kills) -> None:
        setting = self.setting
        day = (0, DAYS - 1)[self._turn["reports"] % 2]
        self._turn["reports"] += 1
        old = setting.reports_are_whole()
        self._kill("reports", told, *setting.check(day), *setting.reports())
        now = setting.reports_are_whole()
        told.mixed += len(now) > 1
        told.before += now == old
        told.after += now == {day} != old
        if self.number != signal.SIGKILL:
            setting.nothing_is_left_over()
        if setting.left_over() or told.kills % 10 == 0:
            told.left_over += bool(setting.left_over())
            # The next run finds no lock, writes all, and takes out what was left.
            setting.whole(*setting.check(day), *setting.reports(), codes=(1,))
            assert setting.reports_are_whole() == {day}
            setting.nothing_is_left_over()

    def _snapshot(self, told: Kills) -> None:
        setting = self.setting
        day = self._turn["snapshot"] % DAYS
        self._turn["snapshot"] += 1
        if day == 0:
            for path in setting.folder.glob("s.db*"):
                path.unlink()
        before = setting.held_by_store() if setting.store.exists() else None
        self._kill("snapshot", told, *setting.snapshot(day))
        held = setting.held_by_store() if setting.store.exists() else None
        setting.whole(*setting.snapshot(day), codes=(0,))
        # A store that has just been made holds nothing.
        empty = held if held is not None and not held["snapshots"] else None
        self._tell(told, before if held == empty and before is None else held, before, setting.held_by_store())

    def _over_a_store(self, told: Kills) -> None:
        setting = self.setting
        if not setting.store.exists():
            setting.whole(*setting.snapshot(0), codes=(0,))
        before = setting.held_by_store()
        self._kill("check over a store", told, *setting.check(DAYS - 1, "--store", setting.store))
        self._tell(told, setting.held_by_store(), before, before)

    def _history(self, told: Kills) -> None:
        setting = self.setting
        day = self._turn["history"] % DAYS
        self._turn["history"] += 1
        if day == 0:
            for path in setting.folder.glob("h.db*"):
                path.unlink()
        before = setting.held_by_history()
        arguments = setting.check(day, "--history", setting.history)
        self._kill("history", told, *arguments)
        held = setting.held_by_history()
        setting.whole(*arguments)
        self._tell(told, held, before, setting.held_by_history())
