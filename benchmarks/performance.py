"""docs/performance.md and its plots, from the results of bench.py; no number is written by hand.

python benchmarks/performance.py
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
Results = dict[str, dict[str, Any]]
NAMES = {
    "floor": "pyarrow alone (the floor)",
    "eklase": "eklase-audit",
    "polars_lazy": "Polars, lazily",
    "duckdb_sql": "DuckDB, SQL",
    "pandera_schema": "pandera over pandas",
    "csv_loop": "csv and datetime, a loop",
    "frictionless_table": "frictionless, a custom check",
}


@dataclass(frozen=True)
class Target:
    """One target: part of the results, the run it is of, the run it is related to, of what, and the limit."""

    text: str
    part: str
    run: str
    beside: str
    measure: str
    limit: float


TARGETS = (
    Target("marks (5, 6, 9), 1 million rows, time", "marks", "eklase", "floor", "wall", 2.5),
    Target("marks (5, 6, 9), 1 million rows, peak memory", "marks", "eklase", "floor", "peak", 1.5),
    Target("the same in windows-1257, time (floor: UTF-8)", "marks", "eklase, windows-1257", "floor", "wall", 3.5),
    Target("workbook of 200,000 marks, time (floor: calamine)", "workbook", "eklase", "calamine", "wall", 1.5),
    Target("whole year, all clauses, time", "year", "eklase", "floor", "wall", 3.5),
    Target("`--help`, time (beside a bare Typer program's)", "start", "--help", "bare Typer --help", "wall", 1.5),
    Target("completion, time (beside the same)", "start", "completion", "bare Typer completion", "wall", 1.5),
    Target(
        "`check` of the samples, time (beside `import pandas, pyarrow`)", "start", "check sample_exports",
        "import pandas, pyarrow", "wall", 2,
    ),
)  # fmt: skip


def ratio(results: Results, target: Target, measure: str = "") -> float | None:
    """How many times as much the one takes as the other; None where it was not measured."""
    runs = results.get(target.part, {}).get("runs", {})
    if target.run not in runs or target.beside not in runs:
        return None
    below = runs[target.beside][measure or target.measure]
    return runs[target.run][measure or target.measure] / below if below else None


def targets(results: Results) -> Iterator[tuple[str, str, str, str, str]]:
    """Each target: what, the limit, what was measured, the same in CPU time, and whether it is met."""
    for target in TARGETS:
        found = ratio(results, target)
        if found is not None:
            cpu = ratio(results, target, "cpu") if target.measure == "wall" else None
            met = "yes" if found <= target.limit else "**no**"
            yield target.text, f"≤ {target.limit:g}", f"{found:.2f}", f"{cpu:.2f}" if cpu else "", met
    growth = results.get("growth", {}).get("runs", {})
    if growth:
        wall, cpu = (growth[f"exponent, {measure}"]["value"] for measure in ("wall", "cpu"))
        yield (
            f"growth to {max(_sizes(growth)) // 1_000_000} million marks, exponent",
            "≤ 1.05",
            f"{wall:.2f}",
            f"{cpu:.2f}",
            "yes" if wall <= 1.05 else "**no**",
        )
    start = results.get("start", {}).get("runs", {})
    for name in ("clauses", "explain 5"):
        if name in start:
            with_pandas = start[name]["pandas"]
            yield (
                f"`{name}` without pandas",
                "",
                "with" if with_pandas else "without",
                "",
                "**no**" if with_pandas else "yes",
            )


def table(results: Results) -> str:
    """The targets as a Markdown table."""
    lines = ["| target | limit | measured | CPU | met |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in targets(results))])


def peers(results: Results) -> str:
    """The peers as a Markdown table: the quick ones, then the slow ones, each measured beside the floor."""
    lines = [
        "| five checks (5, 6, 2-lesson, 3.1, 9) of a million marks | time | CPU | peak memory | same findings |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, run, floor in _beside_floor(results):
        times = (f"{run[measure] / floor[measure]:.1f}" for measure in ("wall", "cpu", "peak"))
        same = "" if name == "floor" else f"{run['findings']:,}" if run["equal"] else "**no**"
        lines.append(f"| {NAMES[name]} | {' | '.join(times)} | {same} |")
    return "\n".join(lines)


def _beside_floor(results: Results) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Each peer once, its run, and the floor that was measured with it."""
    seen: set[str] = set()
    for part in ("five", "slow"):
        runs = results.get(part, {}).get("runs", {})
        for name, run in runs.items():
            if name not in seen:
                yield name, run, runs["floor"]
        seen |= set(runs)


def sizes(results: Results) -> str:
    """The growth as a Markdown table."""
    runs = results.get("growth", {}).get("runs", {})
    lines = [
        "| marks | floor, s | eklase-audit, s | times the floor | peak memory, MiB |",
        "| --- | --- | --- | --- | --- |",
    ]
    for size in _sizes(runs):
        floor, mine = runs[f"floor {size}"], runs[f"eklase {size}"]
        cells = (
            f"{size:,}", f"{floor['wall']:.2f}", f"{mine['wall']:.2f}", f"{mine['wall'] / floor['wall']:.2f}",
            f"{mine['peak'] / 1024:.0f}",
        )  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def starts(results: Results) -> str:
    """The times from the start of a process to its end as a Markdown table."""
    runs = results.get("start", {}).get("runs", {})
    lines = ["| from start to end | ms | CPU, ms |", "| --- | --- | --- |"]
    lines += [f"| {name} | {1000 * run['wall']:.0f} | {1000 * run['cpu']:.0f} |" for name, run in runs.items()]
    return "\n".join(lines)


def _sizes(runs: dict[str, Any]) -> list[int]:
    return sorted(int(name.split()[1]) for name in runs if name.startswith("eklase "))


def versions(results: Results) -> str:
    """Which part was measured when and on what."""
    lines = []
    for name, part in results.items():
        fewest = min((run["runs"] for run in part["runs"].values() if "runs" in run), default=0)
        told = ", ".join(f"{what} {value}" for what, value in part["machine"].items())
        lines.append(f"- {name}: {part['date']}, {fewest} rounds; {told}")
    return "\n".join(lines)


PAGE = """# What an audit costs

Made by `make bench` from `benchmarks/results/results.json`; write nothing here by hand.

Times are ratios, not seconds: each is a multiple of what pyarrow takes, in the same minutes, to read the same bytes as
columns of texts and do nothing with them (the floor). Every measurement is a process of its own, after its imports and
after a small audit; those compared take turns, and of each the least counts. An audit is counted from the files to the
findings. The machine does other work meanwhile: where time and CPU time differ much, trust the CPU time.

The exports are made (`benchmarks/school_year.py`): of all entries 1 in 100 is late and 2 in 1,000 are missing, 1 topic
in 100 has another form. A whole year of a million marks has 50,000 lessons, 300,000 absences and the other kinds.

## Targets

{targets}

What stands in the way where one is missed. Marks: reading into dictionaries (columns of codes into distinct texts, on
which all else rests) takes pyarrow twice what it takes to read texts, and with joining them across threads more than
half of the CPU time; a fifth of the rest makes and orders the findings (11,500 of a million marks). The floor has both
processors at work all the time; an audit behind its reading has one, so that its time stands further from the floor
than its CPU time. A whole year: the fixed cost of 26 checks and 30,000 findings, besides. `check` of the samples: the
imports alone (pandas, pyarrow, Typer, holidays, phone numbers and the tool's own) cost most of what the target allows.

## Beside other tools

Each peer (`benchmarks/peers/`) is written as one who knows the tool would, and must find the same, row by row. They
cope with this one form of file only: they tell no data problems, no figures, no fingerprints, and read no other
charset, date or heading. Times the floor:

{peers}

![Times the floor](performance.svg)

## Growth

{sizes}

More than three million marks stand in several files, since one would be larger than the tool takes (512 MiB).

## Start

{starts}

## Measured on

{versions}
"""


def write(results: Results, folder: Path) -> None:
    """Write the page and its plots."""
    page = PAGE.format(
        targets=table(results), peers=peers(results), sizes=sizes(results), starts=starts(results),
        versions=versions(results),
    )  # fmt: skip
    (folder / "performance.md").write_text(page, encoding="utf-8")
    _plot(results, folder)


def _plot(results: Results, folder: Path) -> None:
    """Left the peers' times and memory as multiples, right the growth; nothing where a part was not measured yet."""
    if not {"five", "slow", "growth"} <= set(results):
        return
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "eklase-audit"
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.2), layout="constrained")
    bars = [
        (NAMES[name], run["cpu"] / floor["cpu"], run["peak"] / floor["peak"])
        for name, run, floor in _beside_floor(results)
        if name != "floor"
    ]
    bars.sort(key=lambda bar: -bar[1])
    places = range(len(bars))
    left.barh([place + 0.2 for place in places], [bar[1] for bar in bars], 0.4, label="CPU time")
    left.barh([place - 0.2 for place in places], [bar[2] for bar in bars], 0.4, label="peak memory")
    left.set_yticks(list(places), [bar[0] for bar in bars])
    for place, (_name, cpu, peak) in enumerate(bars):
        left.text(cpu, place + 0.2, f" {cpu:.1f}", va="center", fontsize=8)
        left.text(peak, place - 0.2, f" {peak:.1f}", va="center", fontsize=8)
    left.set_xscale("log")
    left.set_xlabel("times the floor")
    left.set_title("Five checks, the same findings")
    left.legend(loc="upper right")
    left.margins(x=0.15)
    runs = results.get("growth", {}).get("runs", {})
    for who, label in (("eklase", "eklase-audit"), ("floor", "the floor")):
        right.plot(_sizes(runs), [runs[f"{who} {size}"]["wall"] for size in _sizes(runs)], "o-", label=label)
    right.set_xscale("log")
    right.set_yscale("log")
    right.set_xlabel("marks")
    right.set_ylabel("seconds, from the file to the findings")
    right.set_title("Growth")
    right.grid(visible=True, which="both", alpha=0.3)
    right.legend()
    figure.savefig(folder / "performance.svg", metadata={"Date": None})
    figure.savefig(folder / "performance.png", dpi=150)
    plt.close(figure)


if __name__ == "__main__":
    write(json.loads((HERE / "results" / "results.json").read_text()), HERE.parent / "docs")
