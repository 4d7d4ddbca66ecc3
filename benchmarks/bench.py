"""What an audit costs beside reading its files, and beside other tools; `make bench`.

    python benchmarks/bench.py [--rounds N] [PART…]

Parts: marks, year, five, slow, workbook, growth, start (all, if none is named); those not named keep their results.
Every measurement is a process of its own (one_run.py). Those that are compared take turns, round by round, so that
what else the machine does weighs on all; of each the least time counts. Results go to results/results.json, and from
there to docs/performance.md. Exports are made once and kept in benchmarks/.data.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import performance
from school_year import write_workbook, write_year

HERE = Path(__file__).parent
DATA = HERE / ".data"
RESULTS = HERE / "results" / "results.json"
PACKAGES = (
    "pandas", "numpy", "pyarrow", "python-calamine", "polars", "duckdb", "pandera", "frictionless",
)  # fmt: skip
MILLION = 1_000_000
SIZES = (100_000, 300_000, MILLION, 3 * MILLION, 5 * MILLION)
Runs = dict[str, dict[str, Any]]


def exports(marks: int, encoding: str = "utf-8", *, workbook: bool = False) -> Path:
    """The folder of a year's exports, made if it is not there yet."""
    maker = hashlib.sha256((HERE / "school_year.py").read_bytes()).hexdigest()[:8]
    folder = DATA / f"{maker}-{'xlsx' if workbook else encoding}-{marks}"
    if not folder.exists():
        print(f"  making {folder.name}", file=sys.stderr)
        part = folder.with_suffix(".part")
        if workbook:
            write_workbook(part, marks)
        else:
            write_year(part, marks, encoding=encoding)
        part.rename(folder)
    return folder


def one_run(who: str, job: str, folder: Path, encoding: str = "utf-8", warm: Path | None = None) -> dict[str, Any]:
    """Wall and CPU seconds, peak memory in KiB, number and digest of findings."""
    script = [sys.executable, str(HERE / "one_run.py"), who, job, str(folder), encoding, str(warm or exports(2000))]
    return json.loads(subprocess.run(script, check=True, capture_output=True, text=True).stdout)


def least(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The least of each measure, and how often it was taken."""
    if len({run["digest"] for run in runs}) > 1:
        raise SystemExit("the same audit found different things")
    return {**runs[0], **{name: min(run[name] for run in runs) for name in ("wall", "cpu", "peak")}, "runs": len(runs)}


def in_turns(measures: dict[str, Callable[[], dict[str, Any]]], rounds: int) -> Runs:
    """Each measure so many times, taking turns."""
    taken: dict[str, list[dict[str, Any]]] = {name: [] for name in measures}
    for number in range(rounds):
        for name, measure in measures.items():
            taken[name].append(measure())
            print(f"  round {number + 1}: {name} {taken[name][-1]['wall']:.3f} s", file=sys.stderr)
    return {name: least(runs) for name, runs in taken.items()}


# ---- the parts


def marks(rounds: int) -> Runs:
    """A million marks, to the findings of 5, 6 and 9; in UTF-8 and in windows-1257."""
    utf_8, cp1257 = exports(MILLION), exports(MILLION, "cp1257")
    return in_turns(
        {
            "floor": lambda: one_run("floor", "marks", utf_8),
            "eklase": lambda: one_run("eklase", "marks", utf_8),
            "eklase, windows-1257": lambda: one_run("eklase", "marks", cp1257, "cp1257", exports(2000, "cp1257")),
        },
        rounds,
    )


def year(rounds: int) -> Runs:
    """The exports of a whole year with a million marks, to the findings of all clauses."""
    folder = exports(MILLION)
    return in_turns({who: lambda who=who: one_run(who, "year", folder) for who in ("floor", "eklase")}, rounds)


def five(rounds: int) -> Runs:
    """Five checks beside the peers that are quick."""
    return _peers(("floor", "eklase", "polars_lazy", "duckdb_sql"), exports(MILLION), rounds)


def slow(rounds: int) -> Runs:
    """The same beside the slow ones; half a minute a round."""
    return _peers(("floor", "eklase", "pandera_schema", "csv_loop", "frictionless_table"), exports(MILLION), rounds)


def _peers(names: Sequence[str], folder: Path, rounds: int) -> Runs:
    found = in_turns({who: lambda who=who: one_run(who, "five", folder) for who in names}, rounds)
    for who, run in found.items():
        run["equal"] = who == "floor" or run["digest"] == found["eklase"]["digest"]
        if not run["equal"]:
            print(f"  {who} finds something else than eklase-audit", file=sys.stderr)
    return found


def workbook(rounds: int) -> Runs:
    """A workbook of 200,000 marks."""
    folder, warm = exports(200_000, workbook=True), exports(2000, workbook=True)
    names = ("calamine", "eklase")
    return in_turns({who: lambda who=who: one_run(who, "marks", folder, warm=warm) for who in names}, rounds)


def growth(rounds: int) -> Runs:
    """From 100,000 to five million marks, and the exponent with which the time of an audit grows."""
    measures = {
        f"{who} {size}": lambda who=who, size=size: one_run(who, "marks", exports(size))
        for size in SIZES
        for who in ("floor", "eklase")
    }
    found = in_turns(measures, rounds)
    for measure in ("wall", "cpu"):
        spans = [found[f"eklase {size}"][measure] for size in SIZES]
        found[f"exponent, {measure}"] = {"value": float(np.polyfit(np.log(SIZES), np.log(spans), 1)[0])}
    return found


_TYPER = """
import typer
app = typer.Typer(rich_markup_mode=None)
@app.command()
def one(): pass
@app.command()
def two(): pass
app()
"""


# Completion is asked for under the command's own name.
_AS_INSTALLED = "import sys; sys.argv = ['eklase-audit']; from eklase_audit.__main__ import main; main()"


def start(rounds: int) -> Runs:
    """From the start of a process to its end."""
    python, tool = [sys.executable], [sys.executable, "-m", "eklase_audit"]
    check = [*tool, "check", "sample_exports", "--as-of", "2026-11-24T18:00", "--fail-on", "never", "--quiet"]
    bare = {"_BARE_COMPLETE": "complete_bash", "COMP_WORDS": "bare ", "COMP_CWORD": "1"}
    complete = {"_EKLASE_AUDIT_COMPLETE": "complete_bash", "COMP_WORDS": "eklase-audit ", "COMP_CWORD": "1"}
    typer = HERE / ".data" / "bare"
    typer.write_text(_TYPER)
    found = in_turns(
        {
            "python": lambda: _command([*python, "-c", "pass"]),
            "bare Typer --help": lambda: _command([*python, str(typer), "--help"]),
            "--help": lambda: _command([*tool, "--help"]),
            "bare Typer completion": lambda: _command([*python, str(typer)], bare),
            "completion": lambda: _command([*python, "-c", _AS_INSTALLED], complete),
            "clauses": lambda: _command([*tool, "clauses"]),
            "explain 5": lambda: _command([*tool, "explain", "5"]),
            "import pandas, pyarrow": lambda: _command([*python, "-c", "import pandas, pyarrow"]),
            "check sample_exports": lambda: _command(check),
        },
        rounds,
    )
    for name in ("--help", "clauses", "explain 5"):
        traced = [*python, "-X", "importtime", "-m", "eklase_audit", *name.split()]
        told = subprocess.run(traced, check=True, capture_output=True, text=True, cwd=HERE.parent).stderr
        found[name]["pandas"] = any(line.split("|")[-1].strip().startswith("pandas.") for line in told.splitlines())
    return found


def _command(command: Sequence[str], extra: dict[str, str] | None = None) -> dict[str, Any]:
    before, wall = os.times(), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=HERE.parent, env={**os.environ, **(extra or {})})
    wall, after = time.perf_counter() - wall, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return {"wall": wall, "cpu": cpu, "peak": 0, "digest": ""}


PARTS = {part.__name__: part for part in (marks, year, five, slow, workbook, growth, start)}


def machine() -> dict[str, str]:
    """What it was measured on, and with."""
    told = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.partition(":")[2].strip() for line in told if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": names[0] if names else platform.processor() or "unknown",
        "cores": str(os.cpu_count()),
        "memory": f"{memory:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in PACKAGES},
    }


def main() -> None:
    """Measure the parts named, and write results and page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for name in asked.parts or PARTS:
        print(name, file=sys.stderr)
        results[name] = {"date": date.today().isoformat(), "machine": machine(), "runs": PARTS[name](asked.rounds)}
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    performance.write(results, HERE.parent / "docs")
    print(performance.table(results))


if __name__ == "__main__":
    main()
