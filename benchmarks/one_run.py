"""One measurement in a process of its own: how long one way of checking takes, and how much memory.

    python benchmarks/one_run.py WHO JOB FOLDER ENCODING WARM_FOLDER [FINDINGS]

WHO is a module of peers/, JOB one of peers.JOBS. Modules are imported, and the same is done once with a small
folder, before the clock starts. Prints one JSON object; writes the findings to a file, if one is named.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import resource
import sys
import time
from datetime import datetime
from pathlib import Path

from peers import Task
from school_year import AS_OF, START

from eklase_audit.calendar import load_calendar
from eklase_audit.moments import day_number, to_date


def task_of(folder: Path, job: str, encoding: str) -> Task:
    """The task, with the calendar's facts."""
    calendar = load_calendar()
    year = calendar.years[START]
    first = year.first_day
    working = [to_date(day) for day in range(first, day_number(datetime.fromisoformat(AS_OF).date()) + 60)]
    ends = ((grade, tuple(to_date(int(year.ends(number)[grade])) for number in (1, 2, 2))) for grade in range(1, 13))
    return Task(
        folder,
        job,
        datetime.fromisoformat(AS_OF),
        encoding,
        [day for day in working if calendar.is_working(day_number(day))],
        dict(ends),  # type: ignore[arg-type]
    )


def peak() -> int:
    """The most memory this process has held, in KiB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    who, job, folder, encoding, warm, *rest = sys.argv[1:]
    run = importlib.import_module(f"peers.{who}").run
    if warm != "-":
        run(task_of(Path(warm), job, encoding))
    task = task_of(Path(folder), job, encoding)
    wall, cpu = time.perf_counter(), time.process_time()
    found = run(task)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    held = peak()
    lines = sorted(f"{check} {row} {what}" for check, row, what in found)
    if rest:
        Path(rest[0]).write_text("\n".join(lines))
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
    print(json.dumps({"wall": wall, "cpu": cpu, "peak": held, "findings": len(lines), "digest": digest}))


if __name__ == "__main__":
    main()
