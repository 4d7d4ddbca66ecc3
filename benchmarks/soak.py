"""Faults tried: kills at random moments, full disks, moved clocks and others; writes the table of docs/faults.md.

    python benchmarks/soak.py [KILLS] [SEED] [SECONDS]

KILLS (500) are kill -9; a tenth as many SIGTERM follow. After SECONDS (900) no further kill begins. Results stand in
results/faults.json, and the page is made from them. It ends in 1 where a fault was not borne as promised.
"""

from __future__ import annotations

import json
import os
import platform
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from cron_loop import loop_with_faults
from soak_faults import all_faults
from soak_kills import Killing
from soak_setting import Setting

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "faults.json"
PAGE = HERE.parent / "docs" / "faults.md"

_HEAD = """# Faults tried

What a run goes through is tried, not only reasoned: `make soak` does what stands below on a small invented school and
stops at the first promise that is not kept. This page is made of its results ({day}; {machine}).
"""
_KILLS = """
## Runs that are killed

At random moments of their time, half of them near its end, where files are written. Each time each report must be the
whole old or the whole new one, the store and the history whole and as before or as after, and the next run must find
no lock, write all, and take out what the killed one left beside the reports. After SIGTERM nothing is left at all.
{asked}

| run | signal | killed | ended before | as before | as after | some reports new, some old | left something to sweep |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""
_FAULTS = """
## Faults around a run

| fault | runs | outcome |
| --- | --- | --- |
"""
_LOOP = """
## As cron runs it

`env -i PATH=… eklase-audit check … --cron`, with `--store`, `--history`, `--log`, `--timeout 10m` and two reports:
{runs} runs one after another with faults between (`benchmarks/cron_loop.py`). Standard output was always empty,
standard error one line (none at exit code 0), every report whole; store and history lost nothing, and the run after
each fault was as ever.

| fault | exit code | runs |
| --- | --- | --- |
"""
_END = """
## What was not tried

Windows (Excel that holds a report open, the Task Scheduler), a real network share (its errors were put in place of the
answers of system calls), power that fails (files, and the folders they stand in, are synced; whether the disk keeps its
word is the disk's matter).
"""


def page(results: Mapping[str, Any]) -> str:
    """The page of the results."""
    text = _HEAD.format(day=results["day"], machine=results["machine"])
    text += _KILLS.format(asked=" ".join(_asked(results)))
    for signal_name, kinds in results["kills"].items():
        for kind, told in kinds.items():
            cells = [kind, signal_name, told["kills"] - told["ended"]]
            cells += [told[name] for name in ("ended", "before", "after", "mixed", "left_over")]
            text += _line(cells)
    text += _FAULTS
    for told in results["faults"]:
        text += _line([told["fault"], told["tries"] or "not tried", told["outcome"]])
    text += _LOOP.format(runs=sum(told["runs"] for told in results["loop"]))
    for told in results["loop"]:
        code = told["code"]
        text += _line([told["fault"], code if code >= 0 else f"none ({signal.Signals(-code).name})", told["runs"]])
    return text + _END


def _asked(results: Mapping[str, Any]) -> Iterator[str]:
    for name, kinds in results["kills"].items():
        done, asked = sum(told["kills"] for told in kinds.values()), results["asked"][name]
        yield f"{name}: {done} runs{f', of {asked} asked for, in the time that was given' if done < asked else ''}."


def _line(cells: list[Any]) -> str:
    return f"| {' | '.join(map(str, cells))} |\n"


def main() -> None:
    kills, seed, seconds = (
        int(sys.argv[number]) if len(sys.argv) > number else default for number, default in ((1, 500), (2, 5), (3, 900))
    )
    results: dict[str, Any] = {
        "day": date.today().isoformat(),
        "machine": f"{platform.system()}, Python {platform.python_version()}, {os.cpu_count()} processors, seed {seed}",
        "asked": {"SIGKILL": kills, "SIGTERM": kills // 10},
        "kills": {},
    }
    for name in [name for name in os.environ if name.startswith("EKLASE_AUDIT_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory() as name:
        print("faults around a run", flush=True)
        results["faults"] = [asdict(told) for told in all_faults(Setting(Path(name)))]
    with tempfile.TemporaryDirectory() as name:
        print("as cron runs it", flush=True)
        loop = loop_with_faults(Path(name), 50)
        results["loop"] = [
            {"fault": fault, "code": code, "runs": count} for (fault, code), count in sorted(loop.items())
        ]
    with tempfile.TemporaryDirectory() as name:
        setting = Setting(Path(name))
        for number, count in ((signal.SIGKILL, kills), (signal.SIGTERM, kills // 10)):
            print(number.name, flush=True)
            killing = Killing(setting, random.Random(seed), number)
            killing.go_on(count, time.monotonic() + seconds * count / (kills * 1.1))
            results["kills"][number.name] = {kind: asdict(told) for kind, told in killing.told.items()}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    PAGE.write_text(page(results), encoding="utf-8")
    print(f"written: {PAGE}")


if __name__ == "__main__":
    main()
