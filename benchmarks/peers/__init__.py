"""The same five checks in other tools, each as one who knows it well would write them.

A peer is a module with `run(task)`, which reads the task's files and returns its findings as tuples (check, row,
what): the row's number in its file (the headings are row 1), and a duty's verdict or a defect's reason. Marks kinds,
days and stamps of these files are all of one form; no peer has to cope with more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

Finding = tuple[str, int, str]
# The files that a job reads, and the checks it makes; no checks: all of the regulation.
JOBS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "marks": (("marks", "exemptions"), ("5-formative", "6-summative", "9-exempt", "9-unfounded")),
    "five": (
        ("marks", "lessons", "exemptions"),
        ("5-formative", "6-summative", "2-lesson", "3.1-topic", "9-exempt", "9-unfounded"),
    ),
    "year": ((), ()),
}


@dataclass(frozen=True)
class Task:
    """What to check, as of when, and the facts of the calendar that the checks rest on.

    `working` are all working days of the school year and some months after it, in order; `ends` the last day of
    semester 1, semester 2 and the year by grade.
    """

    folder: Path
    job: str
    as_of: datetime
    encoding: str = "utf-8"
    working: list[date] = field(default_factory=list)
    ends: dict[int, tuple[date, date, date]] = field(default_factory=dict)

    @property
    def checks(self) -> tuple[str, ...]:
        return JOBS[self.job][1]

    def files(self) -> list[Path]:
        """The files that are read, all of the folder for a whole year."""
        files = sorted(self.folder.glob("*.*"))
        kinds = JOBS[self.job][0]
        return [file for file in files if not kinds or file.stem.partition("-")[0] in kinds]

    def file(self, kind: str) -> Path:
        """The file of a kind of exports."""
        return next(self.folder.glob(f"{kind}.*"))
