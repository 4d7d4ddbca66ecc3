"""Seeded exports of one invented school year, as large as asked for.

    python benchmarks/school_year.py FOLDER [MARKS]

Made from whole columns, so that a million marks take seconds; the same seed gives the same bytes. For each mark
there are 0.05 lessons and 0.3 absences; the other kinds follow from the pupils and classes these take. Of all
entries LATE are late and MISSING are not there, of the topics MALFORMED have another form than the regulation's.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as arrow_csv

from eklase_audit.calendar import Calendar, load_calendar
from eklase_audit.moments import to_date

# More would make a file larger than the tool takes (512 MiB).
ROWS_A_FILE = 3_000_000
START, AS_OF = 2026, "2027-06-30T23:59:59"
LATE, MISSING, MALFORMED = 0.01, 0.002, 0.01
SUBJECTS = (
    "Matemātika", "Latviešu valoda", "Angļu valoda", "Vēsture", "Fizika", "Ķīmija", "Bioloģija", "Ģeogrāfija",
    "Literatūra", "Mūzika", "Vizuālā māksla", "Datorika", "Dizains un tehnoloģijas", "Sports un veselība",
)  # fmt: skip
PUPILS_A_CLASS, LESSONS_A_DAY, SPORT = 25, 6, 13
_GIVEN = ("Anna", "Emīls", "Marta", "Roberts", "Sofija", "Gustavs", "Alise", "Markuss", "Elza", "Jēkabs", "Šarlote")
_STEMS = ("Bērz", "Kaln", "Ozol", "Liep", "Krast", "Ziem", "Vītol", "Zvirbul", "Āboliņ", "Egl", "Kārkl", "Priedī")
_LETTERS = "abcdefghijklmnoprstuvzāčēģīķļņšūž"
_STATEMENT_MONTHS = ("2026-10", "2026-11", "2026-12", "2027-01", "2027-02", "2027-03", "2027-04", "2027-05")

Whole = npt.NDArray[Any]
Cells = tuple[Sequence[str], Whole]


@dataclass(frozen=True)
class School:
    """How large the school is, its days, and where its chance comes from."""

    classes: int
    days: Whole
    calendar: Calendar
    chance: np.random.Generator

    @property
    def pupils(self) -> int:
        return self.classes * PUPILS_A_CLASS

    def class_names(self) -> list[str]:
        return [f"{n % 12 + 1}.{_LETTERS[n // 12]}" for n in range(self.classes)]

    def pupil_names(self) -> list[str]:
        return [
            f"{_GIVEN[n % len(_GIVEN)]} {_STEMS[n // 11 % len(_STEMS)]}{'aeiou'[n % 5]}{_roman(n // 132)}"
            for n in range(self.pupils)
        ]

    def teacher_names(self) -> list[str]:
        """A teacher a subject and three classes."""
        count = len(SUBJECTS) * -(-self.classes // 3)
        return [
            f"{_GIVEN[n % len(_GIVEN)]} {_STEMS[n // 11 % len(_STEMS)]}skolotāja{_roman(n // 132)}"
            for n in range(count)
        ]

    def teacher(self, class_: Whole, subject: Whole) -> Cells:
        return self.teacher_names(), class_ // 3 * len(SUBJECTS) + subject


def _roman(number: int) -> str:
    """A name's ending that tells apart pupils of one name, without a digit."""
    return "" if not number else "-" + "".join("abcdefghij"[int(digit)] for digit in str(number)).capitalize()


def school_of(marks: int, seed: int = 1) -> School:
    """The school in whose year so many marks are given."""
    calendar = load_calendar()
    days = calendar.school_days(START, 1)
    classes = max(1, min(round(marks / 20 / (len(days) * LESSONS_A_DAY)), 12 * len(_LETTERS)))
    return School(classes, days, calendar, np.random.default_rng(seed))


def write_year(folder: Path, marks: int, *, kinds: Sequence[str] = (), encoding: str = "utf-8", seed: int = 1) -> None:
    """Write the exports of a year with so many marks; of some kinds alone, if they are named."""
    folder.mkdir(parents=True, exist_ok=True)
    school = school_of(marks, seed)
    makers = {
        "marks": lambda: _marks(school, marks),
        "lessons": lambda: _lessons(school, marks // 20),
        "absences": lambda: _absences(school, marks * 3 // 10),
        "exemptions": lambda: _exemptions(school),
        "contacts": lambda: _contacts(school),
        "classes": lambda: _classes(school),
        "workloads": lambda: _workloads(school),
        "timetable": lambda: _timetable(school),
        "statements": lambda: _statements(school),
        "documents": lambda: _documents(school),
    }
    for kind, make in makers.items():
        if kind in (kinds or makers):
            # Each kind has its own chance, so that it is the same alone and among others.
            school.chance.bit_generator.state = np.random.default_rng(
                [seed, len(kind), ord(kind[0])]
            ).bit_generator.state
            for name, table in make().items():
                if name in (kinds or (*makers, "notes")):
                    _write(folder / f"{name}.csv", table, encoding)


def _write(path: Path, columns: dict[str, Cells], encoding: str) -> None:
    arrays = [
        pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(list(texts), pa.string())).cast(
            pa.string()
        )
        for texts, codes in columns.values()
    ]
    options = arrow_csv.WriteOptions(include_header=False, delimiter=";", quoting_style="none")
    header = (";".join(columns) + "\n").encode()
    table = pa.Table.from_arrays(arrays, names=list(columns))
    if len(table) > ROWS_A_FILE:
        # As schools do: some classes in one file, the others in the next.
        table = table.take(pa.array(np.argsort(columns["Klase"][1], kind="stable")))
    for number, first in enumerate(range(0, max(len(table), 1), ROWS_A_FILE), 1):
        part = path if number == 1 else path.with_stem(f"{path.stem}-{number}")
        with part.open("wb") as out:
            out.write(header)
            arrow_csv.write_csv(table.slice(first, ROWS_A_FILE), out, options)
        if encoding != "utf-8":
            part.write_bytes(part.read_bytes().decode().encode(encoding))


# ---- cells


def _same(text: str, count: int) -> Cells:
    return [text], np.zeros(count, np.int32)


def _chosen(flags: Whole, text: str, other: str = "") -> Cells:
    return [other, text], flags.astype(np.int32)


def _days(days: Whole) -> Cells:
    """Days as 08.12.2026; -1 is a blank cell."""
    distinct, codes = np.unique(days, return_inverse=True)
    return [f"{to_date(day):%d.%m.%Y}" if day >= 0 else "" for day in distinct.tolist()], codes


def _stamps(days: Whole, minutes: Whole) -> Cells:
    """Moments as 08.12.2026 16:05; a day of -1 is a blank cell."""
    distinct, codes = np.unique(np.where(days < 0, -1, days.astype(np.int64) * 1440 + minutes), return_inverse=True)
    texts = {day: f"{to_date(day):%d.%m.%Y}" for day in np.unique(days).tolist() if day >= 0}
    return [
        "" if moment < 0 else f"{texts[moment // 1440]} {moment // 60 % 24:02d}:{moment % 60:02d}"
        for moment in distinct.tolist()
    ], codes


def _same_day(school: School, day: Whole) -> Cells:
    """Entered on the day itself between 8:00 and 17:00; some late, some not at all."""
    roll, count = school.chance.random(len(day)), len(day)
    late = roll < LATE
    minutes = np.where(late, school.chance.integers(1021, 1439, count), school.chance.integers(480, 1020, count))
    days = day + late * school.chance.integers(0, 4, count)
    return _stamps(np.where(roll > 1 - MISSING, -1, days), minutes)


def _within(school: School, day: Whole, working_days: int) -> Whole:
    """The day of entry, at most so many working days after the day; some later."""
    count = len(day)
    late = school.chance.random(count) < LATE
    steps = np.where(
        late, working_days + school.chance.integers(1, 10, count), school.chance.integers(1, working_days + 1, count)
    )
    out = np.empty(count, np.int32)
    for step in np.unique(steps).tolist():
        mine = steps == step
        out[mine] = school.calendar.nth_working_day_after(day[mine].astype(np.int32), int(step))
    return out


# ---- kinds


def _marks(school: School, count: int) -> dict[str, dict[str, Cells]]:
    chance = school.chance
    # A mark of each semester and the year in each subject, the others of daily work.
    final_count = min(school.pupils * len(SUBJECTS) * 3, count // 2)
    pupil_f, subject_f, period_f = (a.ravel()[:final_count] for a in np.indices((school.pupils, len(SUBJECTS), 3)))
    daily = count - final_count
    day = school.days[chance.integers(0, len(school.days) - 10, daily)]
    pupil = np.concatenate([chance.integers(0, school.pupils, daily), pupil_f])
    subject = np.concatenate([chance.integers(0, len(SUBJECTS), daily), subject_f])
    kind = np.concatenate([(chance.random(daily) < 0.2).astype(np.int32), np.array([2, 2, 3])[period_f]])
    summative = kind == 1
    submitted = np.where(summative[:daily] & (chance.random(daily) < 0.7), day + 1, -1)
    anchor = np.where(submitted >= 0, submitted, day)
    entered = np.where(summative[:daily], _within(school, anchor, 7), _within(school, anchor, 3))
    year = school.calendar.years[START]
    due = np.array([year.semester1_end, year.end, year.end])[period_f] - 3
    entered = np.concatenate(
        [entered, due - chance.integers(0, 6, final_count) + (chance.random(final_count) < LATE) * 9]
    )
    day = np.concatenate([day, np.full(final_count, -1)])
    submitted = np.concatenate([submitted, np.full(final_count, -1)])
    values = ["", *map(str, range(1, 11)), "atb", "ATB", "S", "T", "A"]
    value = chance.integers(4, 11, count)
    value[chance.random(count) < MISSING] = 0
    final = kind >= 2
    exempt = final & (subject == SPORT) & (pupil % 40 == 0)
    # Of exempt pupils' marks one in ten is misspelt and one in ten another; some others have the sign unfounded.
    value[exempt] = np.array([11] * 8 + [12, 7])[chance.integers(0, 10, int(exempt.sum()))]
    value[final & (chance.random(count) < 0.0005)] = 11
    entered = np.where((value == 0) | (chance.random(count) < MISSING / 2), -1, entered)
    changed = np.where((entered >= 0) & (chance.random(count) < 0.01), entered + 1, -1)
    class_ = pupil // PUPILS_A_CLASS
    order = chance.permutation(count)
    topics = [f"{subject}: {n}. pārbaudes darba temats" for n in range(1, 61) for subject in ("Pamati", "Lietojums")]
    columns: dict[str, Cells] = {
        "Skolēns": (school.pupil_names(), pupil),
        "Klase": (school.class_names(), class_),
        "Priekšmets": (SUBJECTS, subject),
        "Pedagogs": school.teacher(class_, subject),
        "Vērtējuma veids": (["formatīvs", "summatīvs", "semestra", "gada"], kind),
        "Darba datums": _days(day),
        "Iesniegts": _days(submitted),
        "Temats": (topics, chance.integers(0, len(topics), count)),
        "Vērtējums": (values, value),
        "Periods": (
            ["", "1. semestris", "2. semestris"],
            np.concatenate([np.zeros(daily, np.int32), np.array([1, 2, 0])[period_f]]),
        ),
        "Ievadīts": _stamps(entered, chance.integers(480, 1320, count)),
        "Labots": _stamps(changed, chance.integers(480, 1320, count)),
        "Iepriekšējais vērtējums": (values, np.where(changed >= 0, 5, 0)),
    }
    return {"marks": {name: (texts, codes[order]) for name, (texts, codes) in columns.items()}}


def _lessons(school: School, count: int) -> dict[str, dict[str, Cells]]:
    chance = school.chance
    day, class_, number = (a.ravel()[:count] for a in np.indices((len(school.days), school.classes, LESSONS_A_DAY)))
    count = len(day)
    subject = _subject_of(school, day, class_, number)
    good = [f"SR: izmanto {n}. paņēmienu un skaidro tā gaitu / {name} ({n})" for n in range(900) for name in SUBJECTS]
    bad = [
        form.format(n)
        for n in range(20)
        for form in (
            "Daļskaitļi {}", "Temats {}. SR: saskaita daļas", "SR: saskaita daļas {}", "SR:  / Daļas {}",
            "SR: saskaita daļas / {}", "SR - saskaita / Daļas {}", "sr: saskaita / Daļas {}",
            "SR: sasniedzamais rezultāts / Tēma {}",
        )
    ]  # fmt: skip
    topic = np.where(
        chance.random(count) < MALFORMED,
        len(good) + chance.integers(0, len(bad), count),
        chance.integers(0, len(good), count),
    )
    topic[chance.random(count) < MISSING] = len(good) + len(bad)
    homework = [f"{n}. uzdevums, {n + 30}. lpp." for n in range(1, 200)] + ["nav uzdots", ""]
    day = school.days[day]
    entered = _same_day(school, day)
    return {
        "lessons": {
            "Datums": _days(day),
            "Stunda": ([str(n) for n in range(1, LESSONS_A_DAY + 1)], number),
            "Klase": (school.class_names(), class_),
            "Priekšmets": (SUBJECTS, subject),
            "Pedagogs": school.teacher(class_, subject),
            "Žurnāls": _same("Klases žurnāls", count),
            "Stundas tips": _same("Mācību stunda", count),
            "Tēma": ([*good, *bad, ""], topic),
            "Mājas darbs": (homework, chance.integers(0, len(homework), count)),
            "Skolēni": _same("", count),
            "Ievadīts": entered,
            "Tēma ievadīta": entered,
            "Kavējumi ievadīti": entered,
            "Mājas darbs ievadīts": entered,
        }
    }


def _subject_of(school: School, day: Whole, class_: Whole, number: Whole) -> Whole:
    """The subject by the timetable, given the place of the day among the school days."""
    weekday = (school.days[day] + 3) % 7
    return (weekday * LESSONS_A_DAY + number + class_) % len(SUBJECTS)


def _absences(school: School, count: int) -> dict[str, dict[str, Cells]]:
    chance = school.chance
    spells = -(-count // (2 * LESSONS_A_DAY))
    pupil_s, first = chance.integers(0, school.pupils, spells), chance.integers(0, len(school.days) - 11, spells)
    spell, nth, number = (a.ravel()[:count] for a in np.indices((spells, 2, LESSONS_A_DAY)))
    place, pupil = first[spell] + nth, pupil_s[spell]
    class_ = pupil // PUPILS_A_CLASS
    subject = _subject_of(school, place, class_, number)
    day = school.days[place]
    # One spell in ten is not justified; of the others a note comes within days.
    founded = chance.random(spells) >= 0.1
    last = school.days[first + 1]
    received = _within(school, last, 2)
    justified = _within(school, received, 4)
    code = np.where(founded, 1 + chance.integers(0, 2, spells), 0)
    code[~founded & (chance.random(spells) < 0.05)] = 1
    return {
        "absences": {
            "Skolēns": (school.pupil_names(), pupil),
            "Klase": (school.class_names(), class_),
            "Datums": _days(day),
            "Stunda": ([str(n) for n in range(1, LESSONS_A_DAY + 1)], number),
            "Priekšmets": (SUBJECTS, subject),
            "Pedagogs": school.teacher(class_, subject),
            "Kavējums": (["n", "ns", "nc"], code[spell]),
            "Ievadīts": _same_day(school, day),
            "Attaisnots": _stamps(np.where(founded, justified, -1)[spell], np.full(count, 600)),
            "Attaisnoja": _chosen(founded[spell], "Klases audzinātāja"),
        },
        "notes": {
            "Skolēns": (school.pupil_names(), pupil_s[founded]),
            "Klase": (school.class_names(), pupil_s[founded] // PUPILS_A_CLASS),
            "No": _days(school.days[first[founded]]),
            "Līdz": _days(last[founded]),
            "Iemesls": _same("slimība", int(founded.sum())),
            "Saņemta": _stamps(received[founded], np.full(int(founded.sum()), 540)),
        },
    }


def _exemptions(school: School) -> dict[str, dict[str, Cells]]:
    pupil = np.arange(0, school.pupils, 40)
    count = len(pupil)
    return {
        "exemptions": {
            "Skolēns": (school.pupil_names(), pupil),
            "Klase": (school.class_names(), pupil // PUPILS_A_CLASS),
            "Priekšmets": _same(SUBJECTS[SPORT], count),
            "No": _days(np.full(count, school.days[0])),
            "Līdz": _same("", count),
            "Rīkojums": _same("1-12/4", count),
        }
    }


def _contacts(school: School) -> dict[str, dict[str, Cells]]:
    pupil, count = np.arange(school.pupils), school.pupils
    renewed = school.days[0] + school.chance.integers(0, 40, count)
    return {
        "contacts": {
            "Skolēns": (school.pupil_names(), pupil),
            "Klase": (school.class_names(), pupil // PUPILS_A_CLASS),
            "Skolēna tālrunis": ([f"2{n:07d}" for n in range(1_000_000, 1_000_000 + count)], pupil),
            "Vecāks": _same("Vecāks", count),
            "Vecāka tālrunis": ([f"2{n:07d}" for n in range(3_000_000, 3_000_000 + count)], pupil),
            "Aktualizēts": _days(renewed),
            "Vecāki informēti": _days(renewed),
            "Uzņemts": _same("01.09.2025", count),
            "Atskaitīts": _same("", count),
        }
    }


def _classes(school: School) -> dict[str, dict[str, Cells]]:
    classes = np.arange(school.classes)
    return {
        "classes": {
            "Klase": (school.class_names(), classes),
            "Klases audzinātājs": school.teacher(classes, classes % len(SUBJECTS)),
        }
    }


def _workloads(school: School) -> dict[str, dict[str, Cells]]:
    class_, subject = (a.ravel() for a in np.indices((school.classes, len(SUBJECTS))))
    return {
        "workloads": {
            "Pedagogs": school.teacher(class_, subject),
            "Priekšmets": (SUBJECTS, subject),
            "Klase": (school.class_names(), class_),
            "No": _same("01.09.2026", len(class_)),
            "Līdz": _same("", len(class_)),
        }
    }


def _timetable(school: School) -> dict[str, dict[str, Cells]]:
    class_, weekday, number = (a.ravel() for a in np.indices((school.classes, 5, LESSONS_A_DAY)))
    subject = (weekday * LESSONS_A_DAY + number + class_) % len(SUBJECTS)
    return {
        "timetable": {
            "Klase": (school.class_names(), class_),
            "Nedēļas diena": (["pirmdiena", "otrdiena", "trešdiena", "ceturtdiena", "piektdiena"], weekday),
            "Stunda": ([str(n) for n in range(1, LESSONS_A_DAY + 1)], number),
            "Priekšmets": (SUBJECTS, subject),
            "Pedagogs": school.teacher(class_, subject),
            "Spēkā no": _same("01.09.2026", len(class_)),
            "Spēkā līdz": _same("", len(class_)),
        }
    }


def _statements(school: School) -> dict[str, dict[str, Cells]]:
    pupil, month = (a.ravel() for a in np.indices((school.pupils, len(_STATEMENT_MONTHS))))
    issued = np.array([(np.datetime64(text) + 1).astype("datetime64[D]").astype(int) + 2 for text in _STATEMENT_MONTHS])
    late = (school.chance.random(len(pupil)) < LATE) * 10
    return {
        "statements": {
            "Klase": (school.class_names(), pupil // PUPILS_A_CLASS),
            "Skolēns": (school.pupil_names(), pupil),
            "Mēnesis": (_STATEMENT_MONTHS, month),
            "Izsniegts": _days(issued[month] + late),
            "Veids": _same("papīra", len(pupil)),
        }
    }


def _documents(school: School) -> dict[str, dict[str, Cells]]:
    """Reports of all teachers, and the report cards, summary journals and files of all classes."""
    year = school.calendar.years[START]
    ends = (year.semester1_end, year.end)
    names, periods = (
        ("Atskaite", "Liecība", "Kopsavilkuma žurnāls", "Personas lieta"),
        ("1. semestris", "2. semestris", "Gads"),
    )
    teachers, classes = np.arange(len(school.teacher_names())), np.arange(school.classes)
    document, class_, teacher, period = [], [], [], []
    for name, time in ((0, 0), (0, 1)):
        document.append(np.full(len(teachers), name))
        class_.append(np.full(len(teachers), school.classes))
        teacher.append(teachers)
        period.append(np.full(len(teachers), time))
    for name, time in ((1, 0), (1, 1), (2, 2), (3, 2)):
        document.append(np.full(len(classes), name))
        class_.append(classes)
        teacher.append(np.full(len(classes), len(teachers)))
        period.append(np.full(len(classes), time))
    when = np.concatenate(period)
    return {
        "documents": {
            "Dokuments": (names, np.concatenate(document)),
            "Klase": ([*school.class_names(), ""], np.concatenate(class_)),
            "Skolēns": _same("", len(when)),
            "Pedagogs": ([*school.teacher_names(), ""], np.concatenate(teacher)),
            "Periods": (periods, when),
            "Izdrukāts": _days(np.array([ends[0], ends[1], ends[1]])[when] + timedelta(days=2).days),
        }
    }


def write_workbook(folder: Path, marks: int) -> None:
    """The marks and exemptions of a year as workbooks: days and times as text, as E-klase gives them out."""
    import xlsxwriter

    write_year(folder, marks, kinds=("marks", "exemptions"))
    for path in sorted(folder.glob("*.csv")):
        with xlsxwriter.Workbook(path.with_suffix(".xlsx"), {"constant_memory": True}) as book, path.open() as lines:
            sheet = book.add_worksheet()
            for row, line in enumerate(lines):
                sheet.write_row(row, 0, line.rstrip("\n").split(";"))
        path.unlink()


if __name__ == "__main__":
    write_year(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000)
