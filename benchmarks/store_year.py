"""A school year of daily snapshots: what a day's snapshot, the store and `check --store` cost.

    python benchmarks/store_year.py [PUPILS] [DAYS]

Defaults: 1,000 pupils (about 1.5 million entries), 200 snapshots. The year's last export is written
and read; the exports of earlier days are what had been entered of it by then. All is told as ratios of
times taken in this very run. Temporary files go where TMPDIR says.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from eklase_audit.clauses import CHECKS
from eklase_audit.exports.paths import find_files
from eklase_audit.exports.reading import read_journal
from eklase_audit.journal import Journal
from eklase_audit.packs import DEFAULT
from eklase_audit.regulation import load_regulation
from eklase_audit.store.database import Store
from eklase_audit.store.snapshot import take_snapshot

FIRST = date(2026, 9, 1)
CLASS_SIZE, SUBJECTS, LESSONS = 25, 14, 7
MARKS_A_DAY, ABSENT, LATE, CHANGED = 6.6, 0.04, 0.02, 0.01


def school_days(count: int) -> list[date]:
    """So many days from Monday to Friday."""
    days = (FIRST + timedelta(days=n) for n in range(2 * count + 10))
    return [day for day in days if day.weekday() < 5][:count]


def tables(pupils: int, days: list[date]) -> dict[str, pd.DataFrame]:
    """The year's rows; `entered` is the number of the first snapshot with each, `changed` of its mark."""
    chance = np.random.default_rng(1)
    written = np.array([f"{day:%d.%m.%Y}" for day in days])
    classes = np.array([f"{n % 12 + 1}.{'abcdefgh'[n // 12]}" for n in range(max(pupils // CLASS_SIZE, 1))])
    names = np.array([f"Vārds{n} Uzvārds{n % 997}" for n in range(pupils)])
    subjects = np.array([f"Priekšmets {n}" for n in range(SUBJECTS)])

    def made(day: Any, class_: Any, subject: Any, **rest: Any) -> pd.DataFrame:
        late = (chance.random(len(day)) < LATE) * chance.integers(1, 12, len(day))
        teacher = np.array([f"Skolotājs {n}" for n in range(SUBJECTS * 3)])[subject + SUBJECTS * (class_ % 3)]
        return pd.DataFrame(
            {
                "Klase": classes[class_],
                "Priekšmets": subjects[subject],
                "Pedagogs": teacher,
                **rest,
                "entered": np.minimum(day + late, len(days) - 1),
            }
        )

    day, class_, number = (a.ravel() for a in np.mgrid[0 : len(days), 0 : len(classes), 1 : LESSONS + 1])
    subject = (day + class_ + number * 3) % SUBJECTS
    lessons = made(
        day,
        class_,
        subject,
        Datums=written[day],
        Stunda=number.astype(str),
        Tēma=np.array([f"SR: prot {n} / Temats {n}" for n in range(500)])[chance.integers(0, 500, len(day))],
        **{"Mājas darbs": np.array([f"{n}. uzd." for n in range(200)])[chance.integers(0, 200, len(day))]},
    )
    count = int(pupils * len(days) * LESSONS * ABSENT)
    day, pupil = chance.integers(0, len(days), count), chance.integers(0, pupils, count)
    number = chance.integers(1, LESSONS + 1, count)
    absences = made(
        day,
        pupil // CLASS_SIZE % len(classes),
        (day + number) % SUBJECTS,
        Skolēns=names[pupil],
        Datums=written[day],
        Stunda=number.astype(str),
        Kavējums=np.array(["n", "ns"])[chance.integers(0, 2, count)],
    )
    count = int(pupils * len(days) * MARKS_A_DAY)
    day, pupil = chance.integers(0, len(days), count), chance.integers(0, pupils, count)
    subject = chance.integers(0, SUBJECTS, count)
    marks = made(
        day,
        pupil // CLASS_SIZE % len(classes),
        subject,
        Skolēns=names[pupil],
        **{
            "Vērtējuma veids": np.array(["formatīvs", "summatīvs"])[(chance.random(count) < 0.2).astype(int)],
            "Darba datums": written[day],
            "Iesniegts": np.full(count, ""),
            "Periods": np.full(count, ""),
        },
        Vērtējums=chance.integers(1, 11, count).astype(str),
    )
    changes = chance.random(count) < CHANGED
    marks["changed"] = np.where(changes, np.minimum(marks["entered"] + 5, len(days) - 1), -1)
    return {"lessons": lessons, "absences": absences, "marks": marks}


def export_of(journal: Journal, made: dict[str, pd.DataFrame], day: int) -> Journal:
    """What had been entered of the year by a day."""
    frames = dict(journal.frames)
    for kind, table in made.items():
        there = table["entered"].to_numpy() <= day
        frame = frames[kind]
        if kind == "marks":
            # A mark that is changed later still has another value.
            codes = frame["mark"].cat.codes.to_numpy().copy()
            later = table["changed"].to_numpy() > day
            codes[later] = (codes[later] + 1) % len(frame["mark"].cat.categories)
            frame = frame.assign(mark=pd.Categorical.from_codes(codes, dtype=frame["mark"].dtype))
        frames[kind] = frame[there].reset_index(drop=True)
    return replace(journal, frames=frames)


def timed_reading(folder: Path) -> tuple[float, Journal]:
    """How long reading the exports takes, and what was read."""
    started = time.perf_counter()
    journal = read_journal(find_files([folder]))
    return time.perf_counter() - started, journal


def timed_check(folder: Path, as_of: str, *arguments: str) -> float:
    started = time.perf_counter()
    subprocess.run(
        [
            sys.executable,
            "-m",
            "eklase_audit",
            "check",
            str(folder),
            "--as-of",
            as_of,
            "--format",
            "json",
            "--quiet",
            "--fail-on",
            "never",
            *arguments,
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - started


def main() -> None:
    pupils = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    days = school_days(int(sys.argv[2]) if len(sys.argv) > 2 else 200)
    symbols = load_regulation(DEFAULT, CHECKS).symbols
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "exports"
        folder.mkdir()
        made = tables(pupils, days)
        for kind, table in made.items():
            shown = table.drop(columns=["entered", "changed"], errors="ignore")
            shown.to_csv(folder / f"{kind}.csv", sep=";", index=False)
        reading, journal = timed_reading(folder)
        assert [len(journal.frames[kind]) for kind in made] == [len(table) for table in made.values()]
        rows = sum(len(frame) for frame in journal.frames.values())
        path = Path(name) / "s.db"
        spans = []
        with Store(path, create=True) as store:
            for day, when in enumerate(days):
                held = export_of(journal, made, day)
                started = time.perf_counter()
                take_snapshot(store, held, datetime(when.year, when.month, when.day, 17, 5), symbols)
                spans.append(time.perf_counter() - started)
                if day % 20 == 19:
                    print(
                        f"  day {day + 1}: {spans[-1]:.1f} s, {path.stat().st_size / 1e6:.0f} MB",
                        file=sys.stderr,
                    )
            # Beside the last snapshot, so that what else the machine does weighs on both.
            reading = min(reading, timed_reading(folder)[0])
            told = store.contents()
            started = time.perf_counter()
            assert store.verify() == []
            verifying = time.perf_counter() - started
        as_of = days[-1].isoformat()
        stamped = Path(name) / "stamped"
        stamped.mkdir()
        written = np.array([f"{day:%d.%m.%Y} 12:00" for day in days])
        for kind, table in made.items():
            shown = table.drop(columns=["entered", "changed"], errors="ignore")
            shown.assign(Ievadīts=written[table["entered"]]).to_csv(stamped / f"{kind}.csv", sep=";", index=False)
        bare, over, exact = (
            min(timed_check(*arguments) for _again in range(3))
            for arguments in ((folder, as_of), (folder, as_of, "--store", str(path)), (stamped, as_of))
        )
    print(
        f"{pupils} pupils, {rows} rows, {sum(told.entries.values())} entries, {len(told.snapshots)} snapshots, "
        f"{told.changed} entries changed\n"
        f"reading the last export {reading:.1f} s; its snapshot (reading and recording) "
        f"{reading + spans[-1]:.1f} s: {(reading + spans[-1]) / reading:.2f} times\n"
        f"the store: {told.size / 1e6:.0f} MB; verifying it {verifying:.1f} s\n"
        f"check {bare:.1f} s (it finds nothing late, for want of times), check --store {over:.1f} s: "
        f"{over / bare:.2f} times; check of exports with true times {exact:.1f} s: {over / exact:.2f} times"
    )


if __name__ == "__main__":
    main()
