"""Many schools: an answer a school, tables over all, and no school that takes others with it."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from eklase_audit.fleet import engines
from eklase_audit.fleet.run import run_fleet, schools_in
from eklase_audit.fleet.work import Job, Outcome, audit_school, finished
from support import command, table, write_tables

AS_OF = datetime(2026, 2, 27, 23, 59, 59)
MARKS = table(
    """
Skolēns       | Klase | Priekšmets | Pedagogs     | Vērtējuma veids | Darba datums | Vērtējums | Ievadīts
Anna Ozola    | 7.a   | Matemātika | Ilze Kalniņa | formatīvs       | 08.12.2025   | 7         | 15.12.2025 08:10
Jānis Bērziņš | 7.b   | Matemātika | Ilze Kalniņa | formatīvs       | 08.12.2025   | 7         | 09.12.2025 08:10
"""
)


def school(folder: Path, name: str, marks: list[dict[str, str]] = MARKS) -> Path:
    (folder / name).mkdir(parents=True)
    write_tables(folder / name, {"marks": marks})
    return folder / name


def schools(folder: Path, count: int) -> Path:
    for number in range(count):
        # Not all alike: with the number grows how many marks of the school are late.
        school(
            folder, f"Skola {number + 1}", [MARKS[0]] * (number % 3) + [{**MARKS[1], "Skolēns": f"Skolēns {number}"}]
        )
    return folder


def jobs(folder: Path, out: Path) -> list[Job]:
    return [Job(path, out, AS_OF, lang="en") for path in schools_in(folder)]


def written(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def fleet(folder: Path, out: Path, *more: str) -> Any:
    return command("fleet", folder, "--out", out, "--as-of", "2026-02-27", "--workers", "2", *more)


def test_each_school_gets_the_answer_that_check_gives(tmp_path: Path) -> None:
    schools(tmp_path / "in", 2)
    result = fleet(tmp_path / "in", tmp_path / "out", "--format", "json")
    assert result.exit_code == 1, result.stderr
    answer = json.loads(result.stdout)
    assert [(one["school"], one["violations"], one["duties"]) for one in answer["schools"]] == [
        ("Skola 1", 0, 1),
        ("Skola 2", 1, 2),
    ]
    alone = command("check", tmp_path / "in" / "Skola 2", "--as-of", "2026-02-27", "--format", "json")
    assert (tmp_path / "out/answers/Skola 2.json").read_text("utf-8") == alone.stdout
    assert answer["totals"]["violations"] == 1
    assert [(one["clause"], one["violations"], one["audited"]) for one in answer["by_clause"] if one["audited"]] == [
        ("5", 1, 2),
        ("6", 0, 2),
        ("8.2", 0, 2),
    ]
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "out").rglob("*") if path.is_file()} == {0o600}


def test_a_school_that_fails_is_told_and_stops_no_other(tmp_path: Path) -> None:
    schools(tmp_path / "in", 2)
    (tmp_path / "in/Tukšā skola").mkdir()
    (tmp_path / "in/Skola 9").mkdir()
    (tmp_path / "in/Skola 9/eklase-audit.toml").write_text("rulez = 1\n", "utf-8")
    result = fleet(tmp_path / "in", tmp_path / "out")
    assert result.exit_code == 2
    assert "Skola 9: eklase-audit.toml: rulez: unknown key; nearest: rules" in result.stderr
    assert "Tukšā skola: there is no export in its folder" in result.stderr
    assert "2 schools could not be audited" in result.stderr
    assert "Schools that could not be audited" in result.stdout
    assert "2 schools, 1 violation" in result.stdout


def test_each_school_has_its_own_configuration_and_regulation(tmp_path: Path) -> None:
    folder = schools(tmp_path / "in", 2)
    (folder / "Skola 2/eklase-audit.toml").write_text('[parameters]\n"5.working_days" = 9\n', "utf-8")
    school(folder, "Krāslava")
    (folder / "Krāslava/eklase-audit.toml").write_text('rules = "kraslavas-gimnazija"\n', "utf-8")
    answer = json.loads(fleet(folder, tmp_path / "out", "--format", "json").stdout)
    assert [(one["school"], one["violations"]) for one in answer["schools"]][1:] == [("Skola 1", 0), ("Skola 2", 0)]
    regulations = {one["school"]: one["regulation"] for one in answer["schools"]}
    assert regulations["Krāslava"].startswith("kraslavas-gimnazija")
    assert len({one["regulation"] for one in answer["by_clause"]}) == 2


def test_what_was_done_is_not_done_again_unless_something_changed(tmp_path: Path) -> None:
    folder = schools(tmp_path / "in", 3)
    again: list[tuple[str, bool]] = []
    asked = jobs(folder, tmp_path / "out")
    run_fleet(asked, lambda waiting: map(audit_school, waiting))
    before = written(tmp_path / "out")
    write_tables(folder / "Skola 2", {"marks": MARKS[:1]})
    (folder / "Skola 3/eklase-audit.toml").write_text('lang = "lv"\n', "utf-8")
    run_fleet(
        asked, lambda waiting: map(audit_school, waiting), lambda outcome, old: again.append((outcome.school, old))
    )
    assert again == [("Skola 1", True), ("Skola 2", False), ("Skola 3", False)]
    after = written(tmp_path / "out")
    assert {name for name in after if after[name] != before[name]} == {
        "answers/Skola 2.json",
        "checks/school=Skola 2/part-0.parquet",
        "classes/school=Skola 2/part-0.parquet",
        "outcomes/Skola 2.json",
        "outcomes/Skola 3.json",
    }


def test_a_run_that_was_cut_off_goes_on_with_its_moment(tmp_path: Path) -> None:
    folder, out = schools(tmp_path / "in", 2), tmp_path / "out"
    first = jobs(folder, out)[0]
    audit_school(first)
    (out / "run.json").write_text('{"as_of": "2026-02-27T23:59:59", "ended": false}', "utf-8")
    result = command("fleet", folder, "--out", out, "--workers", "1")
    assert "going on with the run of 27 Feb 2026, which was cut off" in result.stderr
    assert json.loads((out / "run.json").read_text("utf-8")) == {"as_of": "2026-02-27T23:59:59", "ended": True}
    assert finished(first)


def dies(job: Job) -> Outcome:
    """Die at the first and second school of a kind, and always at one."""
    marker = job.out / f"tried {job.school}"
    tries = len(marker.read_text("utf-8")) if marker.exists() else 0
    marker.write_text("x" * (tries + 1), "utf-8")
    if job.school == "Skola 3" or (job.school == "Skola 2" and tries < 2):
        os.kill(os.getpid(), signal.SIGKILL)
    return audit_school(job)


def test_a_school_whose_worker_died_is_given_out_again(tmp_path: Path) -> None:
    folder, out = schools(tmp_path / "in", 4), tmp_path / "out"
    out.mkdir()
    outcomes = run_fleet(jobs(folder, out), engines.local(2, dies))
    assert [(one.school, one.error is None) for one in outcomes] == [
        ("Skola 1", True),
        ("Skola 2", True),
        ("Skola 3", False),
        ("Skola 4", True),
    ]
    assert outcomes[2].error == "its worker died 3 times (out of memory?)"


@pytest.mark.parametrize("names", [False, True])
def test_parquet_of_all_schools_can_be_queried_and_holds_names_only_where_asked(tmp_path: Path, names: bool) -> None:
    folder = schools(tmp_path / "in", 3)
    school(folder, "Ģ=1%")
    fleet(folder, tmp_path / "out", *(["--names"] if names else []))
    found = duckdb.sql(
        f"SELECT school, count(*) FROM read_parquet('{tmp_path}/out/findings/*/*.parquet', hive_partitioning = true)"
        " GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    assert found == [("Skola 2", 1), ("Skola 3", 2), ("Ģ=1%", 1)]
    content = b"".join(path.read_bytes() for path in (tmp_path / "out/findings").rglob("*.parquet"))
    columns = duckdb.sql(f"SELECT * FROM '{tmp_path}/out/findings/*/*.parquet'").columns
    assert ("pupil" in columns) == ("bearer" in columns) == names
    assert ("Kalniņa".encode() in content) == names


def test_no_folder_of_a_school_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "marks.csv").write_text("x", "utf-8")
    assert fleet(tmp_path, tmp_path / "out").exit_code == 2
    assert fleet(tmp_path / "nav", tmp_path / "out").exit_code == 2


def test_dask_without_a_scheduler_is_an_error(tmp_path: Path) -> None:
    result = fleet(schools(tmp_path / "in", 1), tmp_path / "out", "--engine", "dask")
    assert result.exit_code == 2
    assert "--scheduler" in result.stderr


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A real scheduler and workers on this machine: its address, and the processes of the workers."""
    file = folder / "scheduler.json"
    python = [sys.executable, "-m"]
    common = ["--scheduler-file", str(file), "--no-dashboard"]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    running = [
        subprocess.Popen(
            [*python, "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", *common], **quiet
        )
    ]
    try:
        deadline = time.monotonic() + 60
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        address = json.loads(file.read_text("utf-8"))["address"]
        options = ["--nthreads", "1", "--no-nanny", "--death-timeout", "60"]
        running += [
            subprocess.Popen([*python, "distributed.cli.dask_worker", *common, *options], **quiet)
            for _ in range(workers)
        ]
        yield address, running[1:]
    finally:
        for process in running:
            with suppress(ProcessLookupError):
                process.kill()
            process.wait()


@pytest.mark.programs
@pytest.mark.parametrize("kill", [False, True])
def test_a_dask_cluster_gives_the_same_bytes_also_when_a_worker_is_killed(tmp_path: Path, kill: bool) -> None:
    folder = schools(tmp_path / "in", 40)
    run_fleet(jobs(folder, tmp_path / "local"), engines.local(2))
    told: list[str] = []
    with cluster(tmp_path, 2) as (address, workers):

        def tell(outcome: Outcome, _again: bool) -> None:
            told.append(outcome.school)
            if kill and len(told) == 5:
                workers[0].kill()

        outcomes = run_fleet(jobs(folder, tmp_path / "dask"), engines.dask(address), tell)
    assert [one.error for one in outcomes] == [None] * 40
    assert len(told) == 40
    assert written(tmp_path / "dask") == written(tmp_path / "local")
