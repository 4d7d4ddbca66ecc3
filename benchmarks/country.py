"""A country of schools at a tenth: how long a year's audit of all of them takes here, and what follows for more cores.

    python benchmarks/country.py [SCHOOLS] [FOLDER]      (60 schools, a tenth of Latvia's 600)

Makes schools whose sizes are spread as below, audits them by `eklase-audit fleet --engine local` with one and
with two processes, and writes docs/country.md. What all schools would take is reckoned from that, as told there.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from school_year import AS_OF, write_year

from eklase_audit.fleet.engines import local
from eklase_audit.fleet.run import run_fleet, schools_in
from eklase_audit.fleet.work import Job, Outcome, audit_school

ROOT = Path(__file__).resolve().parents[1]
# Latvia, rounded: 600 schools, 200,000 pupils, 100 million marks a year (the task's figures, not a statistic).
SCHOOLS, PUPILS, MARKS = 600, 200_000, 100_000_000
MARKS_A_PUPIL = MARKS // PUPILS
# Sizes of schools are spread as a lognormal distribution: many small ones, a few with more than a thousand pupils.
SPREAD = 0.9
CORES = (1, 8, 64)
# A processor's core for an hour at a large provider, in euro, November 2026: an assumption to be replaced by one's own.
EURO_A_CORE_HOUR = 0.05


@dataclass
class Measured:
    """What a run over the schools took."""

    processes: int
    seconds: float
    cpu_seconds: float
    peak_mib: float


def pupils_of(count: int, seed: int = 7) -> list[int]:
    """The pupils of so many schools, the mean that of the country."""
    sizes = np.random.default_rng(seed).lognormal(0.0, SPREAD, count)
    sizes = np.maximum(sizes * (PUPILS / SCHOOLS) / sizes.mean(), 12)
    return sorted(int(size) for size in sizes)


def make(folder: Path, sizes: list[int]) -> int:
    """Write the schools' exports; the number of bytes."""
    for number, pupils in enumerate(sizes):
        write_year(folder / f"Skola {number + 1:03d}", pupils * MARKS_A_PUPIL, seed=number)
    return sum(path.stat().st_size for path in folder.rglob("*.csv"))


def timed(job: Job) -> Outcome:
    """Audit a school, and note what its process took: CPU time in seconds and the most memory in KiB."""
    outcome = audit_school(job)
    used = resource.getrusage(resource.RUSAGE_SELF)
    (job.out / f"{job.school}.cpu").write_text(f"{used.ru_utime + used.ru_stime} {used.ru_maxrss}", "utf-8")
    return outcome


def run(folder: Path, out: Path, processes: int) -> Measured:
    """Audit all schools afresh, so many at a time."""
    shutil.rmtree(out, ignore_errors=True)
    jobs = [Job(school, out, datetime.fromisoformat(AS_OF)) for school in schools_in(folder)]
    start = time.perf_counter()
    run_fleet(jobs, local(processes, timed))
    seconds = time.perf_counter() - start
    used = [path.read_text("utf-8").split() for path in out.glob("*.cpu")]
    return Measured(processes, seconds, sum(float(cpu) for cpu, _ in used), max(int(kib) for _, kib in used) / 1024)


def main(arguments: list[str]) -> None:
    count = int(arguments[0]) if arguments else SCHOOLS // 10
    with tempfile.TemporaryDirectory() as name:
        folder = Path(arguments[1]) if len(arguments) > 1 else Path(name)
        sizes = pupils_of(count)
        size = make(folder / "skolas", sizes)
        runs = [run(folder / "skolas", folder / f"atbildes {n}", n) for n in (1, 2)]
        answers = sum(path.stat().st_size for path in (folder / "atbildes 1").rglob("*") if path.is_file())
        found = [json.loads(path.read_text("utf-8")) for path in (folder / "atbildes 1/outcomes").glob("*.json")]
    held = {
        "schools": count, "pupils": sum(sizes), "marks": sum(sizes) * MARKS_A_PUPIL, "bytes": size,
        "answers": answers, "failed": count - len(found), "duties": sum(one["duties"] for one in found),
        "largest": max(sizes), "runs": [asdict(one) for one in runs], "cores_here": os.cpu_count(),
    }  # fmt: skip
    (ROOT / "benchmarks/results/country.json").write_text(json.dumps(held, indent=1) + "\n", "utf-8")
    (ROOT / "docs/country.md").write_text(page(held), "utf-8")


def page(held: dict[str, Any]) -> str:
    """The estimate as a page."""
    one, two = (Measured(**run) for run in held["runs"])
    share = MARKS / held["marks"]
    core_hours = one.cpu_seconds * share / 3600
    slowdown = two.cpu_seconds / one.cpu_seconds
    # The largest school is done by one process: no number of cores makes a run shorter than that.
    largest = one.cpu_seconds * held["largest"] * MARKS_A_PUPIL / held["marks"] / 3600
    lines = [
        "# A country of schools: an estimate",
        "",
        "Made by `python benchmarks/country.py` from a run on this machine; write nothing here by hand.",
        "",
        "## Measured",
        "",
        f"{held['schools']} made schools ({held['pupils']:,} pupils, {held['marks']:,} marks of a school year, the",
        f"other kinds in proportion; {held['bytes'] / 1e9:.2f} GB of CSV; the largest {held['largest']} pupils),",
        f"audited with all clauses by `fleet --engine local` on {held['cores_here']} cores, which did other work too.",
        f"Failed: {held['failed']}. Duties judged: {held['duties']:,}. Answers: {held['answers'] / 1e6:.0f} MB.",
        "",
        "| processes | time, s | CPU time, s | largest process, MiB |",
        "| --- | --- | --- | --- |",
        *(f"| {r.processes} | {r.seconds:.0f} | {r.cpu_seconds:.0f} | {r.peak_mib:.0f} |" for r in (one, two)),
        "",
        f"Two were {one.seconds / two.seconds:.2f} times as fast as one, for {slowdown:.2f} times the CPU time.",
        "",
        "## Reckoned",
        "",
        f"Latvia as {SCHOOLS} schools, {PUPILS:,} pupils, {MARKS:,} marks a year: {share:.1f} times those measured.",
        "Time is CPU time times that, divided by the cores, and multiplied by what two processes cost each other here;",
        "memory is the largest process of each core. Reading from a shared disk is not in it: the disk must give",
        f"{held['bytes'] / one.cpu_seconds / 1e6:.0f} MB/s a core.",
        "",
        "| cores | time | memory, GiB | cost, EUR |",
        "| --- | --- | --- | --- |",
    ]
    for cores in CORES:
        hours = max(core_hours * (1.0 if cores == 1 else slowdown) / cores, largest)
        memory = one.peak_mib * cores / 1024
        lines.append(f"| {cores} | {_time(hours)} | {memory:.1f} | {hours * cores * EURO_A_CORE_HOUR:.2f} |")
    lines += [
        "",
        f"A core for an hour is taken at {EURO_A_CORE_HOUR} EUR, an assumption. What this rests on: a school costs in",
        "proportion to its marks (growth is measured in performance.md), schools are as large as a lognormal",
        f"distribution has them (spread {SPREAD}; no list of real sizes was at hand), exports are CSV in UTF-8.",
        "Workbooks (XLSX) take several times as long to read.",
        "",
    ]
    return "\n".join(lines)


def _time(hours: float) -> str:
    return f"{hours:.1f} h" if hours >= 1 else f"{hours * 60:.1f} min"


if __name__ == "__main__":
    main(sys.argv[1:])
