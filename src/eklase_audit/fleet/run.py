"""A run over many schools: which of them are to be audited, which were done before, and what came of all."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from eklase_audit import __version__
from eklase_audit.errors import AuditError
from eklase_audit.files import write_file
from eklase_audit.fleet.engines import Engine
from eklase_audit.fleet.sums import by_clause, by_school, by_size, total
from eklase_audit.fleet.work import Job, Outcome, finished
from eklase_audit.i18n import _

SCHEMA = 1
_RUN = "run.json"


def schools_in(folder: Path) -> list[Path]:
    """The folders of schools: each folder in a folder. Raises AuditError where there is none."""
    if not folder.is_dir():
        raise AuditError(_("{path}: there is no such file or folder; check the name").format(path=folder))
    found = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    if not found:
        raise AuditError(_("{path}: there is no folder of a school in it").format(path=folder))
    return found


@dataclass(frozen=True)
class Begun:
    """A run that was begun in the folder of answers: the moment it looks from, and whether it was ended."""

    as_of: datetime
    ended: bool


def begun(out: Path) -> Begun | None:
    """The run whose answers stand in a folder; None where there is none that can be read."""
    try:
        entry = json.loads((out / _RUN).read_text("utf-8"))
        return Begun(datetime.fromisoformat(entry["as_of"]), bool(entry["ended"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def run_fleet(
    jobs: Sequence[Job], engine: Engine, done: Callable[[Outcome, bool], None] = lambda outcome, again: None
) -> list[Outcome]:
    """Audit the schools that are not done yet; the outcomes of all, in the order of their names.

    `done` is told each outcome as it comes, and whether it was taken over from a run before.
    """
    _note(jobs[0], ended=False)
    outcomes, waiting = [], []
    for job in jobs:
        if known := finished(job):
            outcomes.append(known)
            done(known, True)
        else:
            waiting.append(job)
    for outcome in engine(waiting) if waiting else ():
        outcomes.append(outcome)
        done(outcome, False)
    _note(jobs[0], ended=True)
    return by_school(outcomes)


def _note(job: Job, *, ended: bool) -> None:
    entry = {"as_of": job.as_of.isoformat(), "ended": ended}
    write_file(job.out / _RUN, (json.dumps(entry) + "\n").encode(), overwrite=True)


def answer(outcomes: Sequence[Outcome], as_of: datetime) -> dict[str, Any]:
    """The answer over all schools as plain values."""
    return {
        "schema": SCHEMA,
        "tool": {"name": "eklase-audit", "version": __version__},
        "as_of": as_of.isoformat(),
        "schools": [_school(outcome) for outcome in outcomes],
        "by_clause": [asdict(one) for one in by_clause(outcomes)],
        "by_size": [{**_without_zero(asdict(one)), "per_hundred": one.per_hundred} for one in by_size(outcomes)],
        "totals": asdict(total(outcomes)),
    }


def _school(outcome: Outcome) -> dict[str, Any]:
    return {key: value for key, value in asdict(replace(outcome, checks=())).items() if key not in ("inputs", "checks")}


def _without_zero(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key != "not_audited"}


def text(outcomes: Sequence[Outcome], as_of: datetime) -> str:
    """The answer over all schools as JSON text."""
    return json.dumps(answer(outcomes, as_of), ensure_ascii=False, indent=2) + "\n"
