"""An invented semester of some classes whose true entry times are known, and its exports of any moment.

The same seed gives the same semester. An export of a moment holds what had been entered by then, and
no times of entry; `exact` gives the same entries with their true times. Used by the property tests
of snapshots and by tools/snapshot_shares.py.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

Row = dict[str, str]
Tables = dict[str, list[Row]]

FIRST, LAST = date(2026, 1, 12), date(2026, 5, 29)
SUBJECTS = ("Matemātika", "Latviešu valoda", "Sports un veselība", "Fizika")
TEACHERS = ("Ilze Krūmiņa", "Pēteris Vītols", "Dace Egle", "Uldis Ozols")
TOPICS = ("SR: Aprēķina laukumu / Taisnstūris", "SR: Raksta eseju / Eseja", "SR: Mēra spēku / Spēks")
DUE = time(17, 0)


@dataclass(frozen=True)
class Cell:
    """What stands in a cell from a moment on: (moment, text), the first one being when it was entered."""

    states: tuple[tuple[datetime, str], ...] = ()

    @property
    def entered(self) -> datetime | None:
        """When it was first entered; None if it never was."""
        return self.states[0][0] if self.states else None

    def at(self, moment: datetime) -> str:
        """What stands there at a moment."""
        return next((text for when, text in reversed(self.states) if when <= moment), "")


@dataclass
class Entry:
    """A row of an export: fixed cells, cells that are filled in time, the moment from which the row is there.

    `shows` are the cells of which one must be filled for the row to be there; none: it is there blank.
    """

    kind: str
    day: date
    fixed: Row
    cells: dict[str, Cell]
    stamps: dict[str, str]
    shows: tuple[str, ...] = ()
    taught: datetime = datetime.min

    def row(self, moment: datetime) -> Row | None:
        """The row as an export of a moment holds it; None where it does not."""
        if moment < self.taught or (self.shows and not any(self.cells[name].at(moment) for name in self.shows)):
            return None
        shown = {name: cell.at(moment) for name, cell in self.cells.items() if not name.startswith("_")}
        return {**self.fixed, **shown}

    def stamped(self, moment: datetime) -> Row | None:
        """The same with the true times of entry; each is the earliest of the cells that it stands for."""
        row = self.row(moment)
        if row is None:
            return None
        for heading, names in self.stamps.items():
            told = [when for name in names.split("|") if (when := self.cells[name].entered) and when <= moment]
            row[heading] = f"{min(told):%d.%m.%Y %H:%M:%S}" if told else ""
        return row


@dataclass
class School:
    """All entries of the semester, and what does not change in it."""

    entries: list[Entry] = field(default_factory=list)
    fixed: Tables = field(default_factory=dict)
    marked: set[tuple[str, date, int]] = field(default_factory=set)

    def export(
        self,
        moment: datetime,
        window: tuple[date, date] | None = None,
        classes: Sequence[str] = (),
        *,
        stamped: bool = False,
    ) -> Tables:
        """The exports of a moment: of a window of days and of some classes, or of all."""
        tables: Tables = {kind: list(rows) for kind, rows in self.fixed.items()}
        for entry in self.entries:
            if window and entry.fixed.get("Periods", "") == "" and not window[0] <= entry.day <= window[1]:
                continue
            if classes and entry.fixed["Klase"] not in classes:
                continue
            if row := entry.stamped(moment) if stamped else entry.row(moment):
                tables.setdefault(entry.kind, []).append(row)
        return tables

    def exact(self, moment: datetime) -> Tables:
        """The exports of a moment with the true times of entry."""
        return self.export(moment, stamped=True)


def _moment(chance: random.Random, day: date, lags: Sequence[tuple[float, tuple[int, int]]]) -> datetime:
    """A moment some minutes after the start of a day's lessons: one of several spans, by their shares."""
    low, high = chance.choices([span for _share, span in lags], [share for share, _span in lags])[0]
    return datetime.combine(day, time(8, 0)) + timedelta(seconds=chance.randint(low * 60, high * 60))


# Spans in minutes from 8:00: during the lessons, about 17:00, the same evening, the next days.
DAILY = ((0.72, (60, 520)), (0.08, (535, 556)), (0.08, (556, 900)), (0.12, (1200, 9000)))
MARKS = ((0.7, (60, 3000)), (0.15, (3000, 5800)), (0.15, (5800, 20000)))
DAY_MINUTES = 24 * 60


def school(seed: int | str, days: int = 15, classes: Sequence[str] = ("7.a", "8.b"), pupils: int = 3) -> School:
    """A semester of so many days of lessons."""
    chance = random.Random(seed)
    made = School()
    all_days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    taught = [day for day in all_days if day.weekday() < 5][:days]
    names = {class_: [f"Skolēns{class_[0]}{n} Bērzs" for n in range(pupils)] for class_ in classes}
    for class_ in classes:
        for day in taught:
            for number in range(1, chance.randint(2, 4)):
                _lesson(chance, made, class_, day, number, names[class_])
        for pupil in names[class_]:
            _semester_marks(chance, made, class_, pupil, taught)
    made.fixed = {
        "contacts": [
            {
                "Skolēns": pupil,
                "Klase": class_,
                "Skolēna tālrunis": "29123456",
                "Vecāka tālrunis": "29123457",
                "Aktualizēts": "05.09.2025",
            }
            for class_ in classes
            for pupil in names[class_]
        ],
        "workloads": [
            {"Pedagogs": TEACHERS[n], "Priekšmets": subject, "Klase": class_}
            for class_ in classes
            for n, subject in enumerate(SUBJECTS)
        ],
    }
    notes = [entry for entry in made.entries if entry.kind == "absences" and chance.random() < 0.6]
    made.fixed["notes"] = [
        {
            "Skolēns": entry.fixed["Skolēns"],
            "Klase": entry.fixed["Klase"],
            "No": f"{entry.day:%d.%m.%Y}",
            "Līdz": f"{entry.day:%d.%m.%Y}",
            "Iemesls": "slimība",
            "Saņemta": f"{entry.day + timedelta(days=chance.randint(0, 6)):%d.%m.%Y}",
        }
        for entry in notes
    ]
    if not notes:
        del made.fixed["notes"]
    return made


def _lesson(chance: random.Random, made: School, class_: str, day: date, number: int, names: Sequence[str]) -> None:
    subject = chance.randrange(len(SUBJECTS))
    whose = {"Klase": class_, "Priekšmets": SUBJECTS[subject], "Pedagogs": TEACHERS[subject]}
    written = f"{day:%d.%m.%Y}"
    states = [(_moment(chance, day, DAILY), chance.choice(TOPICS))] if chance.random() < 0.95 else []
    if states and chance.random() < 0.2:
        states.append((states[0][0] + timedelta(minutes=chance.randint(1, 3000)), chance.choice(TOPICS)))
    homework = Cell(((_moment(chance, day, DAILY), "12. uzd."),)) if chance.random() < 0.6 else Cell()
    made.entries.append(
        Entry(
            "lessons",
            day,
            {"Datums": written, "Stunda": str(number), **whose},
            {"Tēma": Cell(tuple(states)), "Mājas darbs": homework},
            {"Ievadīts": "Tēma|Mājas darbs", "Tēma ievadīta": "Tēma", "Mājas darbs ievadīts": "Mājas darbs"},
            () if chance.random() < 0.5 else ("Tēma", "Mājas darbs"),
            datetime.combine(day, time(7, 0)),
        )
    )
    for pupil in names:
        if chance.random() < 0.15:
            first = _moment(chance, day, DAILY)
            code = [(first, chance.choice(["n", "n", "ns"]))]
            if code[0][1] == "n" and chance.random() < 0.6:
                code.append((first + timedelta(minutes=chance.randint(60, 14 * DAY_MINUTES)), "ns"))
            made.entries.append(_absence(whose, written, number, pupil, day, code))
        # Marks alike in all that tells marks apart are told by their order, and may change places: none.
        if chance.random() < 0.25 and (pupil, day, subject) not in made.marked:
            made.marked.add((pupil, day, subject))
            made.entries.append(_mark(chance, whose, pupil, day, number))


def _absence(
    whose: Mapping[str, str],
    written: str,
    number: int,
    pupil: str,
    day: date,
    code: list[tuple[datetime, str]],
) -> Entry:
    justified = Cell(tuple(state for state in code if state[1] == "ns"))
    entry = Entry(
        "absences",
        day,
        {"Skolēns": pupil, "Datums": written, "Stunda": str(number), **whose},
        {"Kavējums": Cell(tuple(code))},
        {"Ievadīts": "Kavējums"},
        ("Kavējums",),
    )
    entry.cells["_justified"] = justified
    entry.stamps["Attaisnots"] = "_justified"
    return entry


def _mark(chance: random.Random, whose: Mapping[str, str], pupil: str, day: date, number: int) -> Entry:
    summative = chance.random() < 0.4
    handed = day + timedelta(days=chance.choice([0, 0, 1, 4])) if summative and chance.random() < 0.7 else None
    first = _moment(chance, handed or day, MARKS)
    states = [(first, str(chance.randint(4, 10)))]
    if chance.random() < 0.2:
        states.append((first + timedelta(minutes=chance.randint(1, 9000)), str(chance.randint(4, 10))))
    return Entry(
        "marks",
        day,
        {
            "Skolēns": pupil,
            **whose,
            "Vērtējuma veids": "summatīvs" if summative else "formatīvs",
            "Darba datums": f"{day:%d.%m.%Y}",
            "Iesniegts": f"{handed:%d.%m.%Y}" if handed else "",
            "Temats": f"stunda {number}",
            "Periods": "",
        },
        {"Vērtējums": Cell(tuple(states) if chance.random() < 0.95 else ())},
        {"Ievadīts": "Vērtējums"},
        ("Vērtējums",) if chance.random() < 0.6 else (),
        datetime.combine(day, time(7, 0)),
    )


def _semester_marks(chance: random.Random, made: School, class_: str, pupil: str, taught: Sequence[date]) -> None:
    for subject, teacher in zip(SUBJECTS, TEACHERS, strict=True):
        if chance.random() < 0.8:
            when = _moment(chance, LAST - timedelta(days=chance.randint(0, 9)), ((1.0, (0, 900)),))
            made.entries.append(
                Entry(
                    "marks",
                    when.date(),
                    {
                        "Skolēns": pupil,
                        "Klase": class_,
                        "Priekšmets": subject,
                        "Pedagogs": teacher,
                        "Vērtējuma veids": "semestra",
                        "Darba datums": "",
                        "Iesniegts": "",
                        "Temats": "",
                        "Periods": "2. semestris",
                    },
                    {"Vērtējums": Cell(((when, str(chance.randint(4, 10))),))},
                    {"Ievadīts": "Vērtējums"},
                    ("Vērtējums",),
                )
            )
