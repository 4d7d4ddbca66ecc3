"""Taking a snapshot: what a journal holds and speaks of, written into a store."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from eklase_audit.journal import Journal
from eklase_audit.moments import NO_DAY, moment_number
from eklase_audit.regulation import Symbols
from eklase_audit.store.coverage import NO_DAYS, Coverage
from eklase_audit.store.database import Recorded, Store
from eklase_audit.store.entries import OBSERVED_KINDS, groups, held_entries, row_days

_IN_A_NAME = re.compile(
    r"(?<!\d)(?P<y>20\d\d)-?(?P<m>\d\d)-?(?P<d>\d\d)[ _T-]"
    r"(?P<h>\d\d)[-_.:h]?(?P<min>\d\d)(?:[-_.:]?(?P<s>\d\d))?(?!\d)"
)


def moment_in_name(name: str) -> datetime | None:
    """The moment that a name tells, such as 2026-11-24_1705; None where it tells none."""
    if found := _IN_A_NAME.search(name):
        with suppress(ValueError):
            return datetime(*(int(found[part] or 0) for part in ("y", "m", "d", "h", "min", "s")))  # type: ignore[arg-type]
    return None


def moment_of_path(path: Path) -> datetime | None:
    """The moment that the name of a file or folder tells, or of the nearest folder above that tells one."""
    whole = path.absolute()
    return next((when for one in (whole, *whole.parents) if (when := moment_in_name(one.name))), None)


def moment_of_files(paths: Sequence[Path]) -> datetime:
    """When the newest of the files was last written."""
    files = [file for path in paths for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file()]
    newest = max((file.stat().st_mtime for file in files), default=0.0)
    return datetime.fromtimestamp(newest).replace(microsecond=0)


def take_snapshot(store: Store, journal: Journal, taken: datetime, symbols: Symbols) -> Recorded:
    """Note what a journal holds, at the moment it was taken."""
    moment = moment_number(taken)
    entries = held_entries(store.hasher, journal, moment, symbols.justified, symbols.no_homework)
    return store.record(moment, entries, spoken_of(store, journal, moment))


def spoken_of(store: Store, journal: Journal, taken: int) -> list[Coverage]:
    """The classes, subjects and days that a journal has rows of, by kind."""
    found = []
    for kind in OBSERVED_KINDS:
        if not journal.has(kind):
            continue
        rows = journal.rows(kind)
        if len(rows):
            spoken = np.unique(groups(store.hasher, kind, rows))
            found.append(Coverage(taken, kind, *_days(kind, rows), spoken))
    return found


def _days(kind: str, rows: pd.DataFrame) -> tuple[int, int, int]:
    """The first and the last day of rows, and the last of their second days too."""
    days = row_days(kind, rows)
    days = days[days != NO_DAY]
    if not len(days):
        return NO_DAYS
    first, last = int(days.min()), int(days.max())
    return first, last, max(last, int(rows["submitted_on"].max())) if kind == "marks" else last
