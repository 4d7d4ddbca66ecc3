"""Kills a run that takes a snapshot, at random moments: nothing recorded is lost, no half snapshot counts.

    python benchmarks/soak_store.py [KILLS] [SEED]

A child takes the snapshot as the command does, and is killed (kill -9) after a random time. Each time
the store must open, verify, and hold exactly what it held before, or that and the whole snapshot.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE.parent / name) for name in ("tools", "tests")]

from dated_school import FIRST, school  # noqa: E402
from eklase_audit.journal import Journal  # noqa: E402
from eklase_audit.store.database import Store  # noqa: E402
from observing import take  # noqa: E402
from support import journal_of  # noqa: E402


@dataclass
class Told:
    """How many kills there were, and after how many of them the store was as before, or had the snapshot."""

    kills: int = 0
    before: int = 0
    after: int = 0
    first_runs: int = 0


def _child(work: Callable[[], None]) -> int:
    child = os.fork()
    if not child:
        try:
            work()
            os._exit(0)
        except BaseException:
            os._exit(1)
    return child


def _copy(store: Path, to: Path) -> Path:
    to.mkdir(exist_ok=True)
    for name in (store.name, f"{store.name}.key"):
        shutil.copy(store.with_name(name), to / name)
    return to / store.name


def kill_at_random(folder: Path, kills: int, seed: int, days: int) -> Told:
    """Kill so many runs in a folder, over snapshots of so many days; raises where anything is lost."""
    chance = random.Random(seed)
    semester = school(seed, days, ("7.a", "8.b", "9.c"), 8)
    journals: list[tuple[str, Journal]] = []
    for day in range(days):
        taken = datetime.combine(FIRST, datetime.min.time()) + timedelta(days=day, hours=17, minutes=5)
        journals.append((taken.isoformat(), journal_of(semester.export(taken))))
    store = folder / "s.db"
    told = Told()
    while told.kills < kills:
        store.unlink(missing_ok=True)
        for ending in ("-journal", "-wal", "-shm"):
            store.with_name(f"s.db{ending}").unlink(missing_ok=True)
        if chance.random() < 0.5:
            store.with_name("s.db.key").unlink(missing_ok=True)
        for taken, journal in journals:
            if told.kills == kills:
                break
            before = after = None
            if store.exists():
                opened = Store(store, create=True)
                before = opened.dump()
                opened.close()
                whole = Store(_copy(store, folder / "whole"))
                started = time.perf_counter()
                take(whole, taken, journal)
                span = time.perf_counter() - started
                after = whole.dump()
                whole.close()
            else:
                span = 0.05

            def work(taken: str = taken, journal: Journal = journal) -> None:
                opened = Store(store, create=True)
                take(opened, taken, journal)
                opened.close()

            child = _child(work)
            time.sleep(chance.random() * span * 2)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            told.kills += 1
            opened = Store(store, create=True)
            faults = opened.verify()
            if faults:
                raise AssertionError(f"kill {told.kills}: {faults}")
            held = opened.dump()
            if before is None:
                told.first_runs += 1
                told.before += not held["snapshots"]
                told.after += bool(held["snapshots"])
            elif held == before:
                told.before += 1
            elif held == after:
                told.after += 1
            else:
                raise AssertionError(f"kill {told.kills}: the store is neither as before nor as after")
            # And then the same snapshot is taken to its end.
            take(opened, taken, journal)
            if after is not None and opened.dump() != after:
                raise AssertionError(f"kill {told.kills}: taking it again gives another store")
            opened.close()
    return told


def main() -> None:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    with tempfile.TemporaryDirectory() as folder:
        told = kill_at_random(Path(folder), kills, seed, days=10)
    print(
        f"{told.kills} kills (seed {seed}): each time the store opened and was whole; "
        f"{told.before} times without the snapshot, {told.after} times with it, none in between"
    )


if __name__ == "__main__":
    main()
