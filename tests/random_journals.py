"""Invented journals for the property tests: small tables of all kinds, and a moment to look from.

The rows are written to meet each other (few pupils, few subjects, days close together) and to lie on the
edges: the minutes around 17:00, the days around a due day, around holidays, moved days and semester ends. A
few cells are blank or cannot be read, and now and then a column or a whole export is missing.

Every choice is read from one drawn string of bytes, a byte a choice, and a small byte is a plain choice. So
each example is a new journal (of many small draws Hypothesis makes most examples by changing one cell of the
last), and a failing one still shrinks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

Row = dict[str, str]
Tables = dict[str, list[Row]]
Case = tuple[Tables, datetime]

PUPILS = [
    ("Anna Bērziņa", "7.a"),
    ("Jānis Ozols", "7.a"),
    ("Elza Kalniņa", "9.b"),
    ("Anna Bērziņa", "9.b"),
    ("Kārlis Bite", "10.a"),
    ("Roberts Liepa", "12.a"),
    ("Marta Zariņa", "3.a"),
]
TEACHERS = ["Ilze Krūmiņa", "Pēteris Vītols", "Dace Egle"]
SUBJECTS = ["Matemātika", "Latviešu valoda", "Sports un veselība"]
UNREADABLE_DAYS = ["31.02.2026", "xx"]

DAYS_IN_TERM = [
    date(2025, 12, 2),
    date(2025, 12, 3),
    date(2025, 12, 4),
    date(2025, 12, 5),
    date(2025, 12, 8),
    date(2025, 12, 12),
    date(2025, 12, 19),
    date(2025, 12, 23),
    date(2025, 12, 29),
    date(2026, 1, 5),
    date(2026, 1, 15),
    date(2026, 1, 16),
    date(2026, 1, 17),
    date(2026, 3, 6),
    date(2026, 3, 12),
    date(2026, 4, 1),
    date(2026, 4, 7),
    date(2026, 4, 30),
    date(2026, 5, 28),
    date(2026, 6, 12),
    date(2026, 6, 18),
    date(2026, 6, 26),
    date(2026, 8, 31),
    date(2026, 9, 1),
    date(2026, 11, 16),
    date(2026, 11, 17),
    date(2026, 12, 22),
    date(2027, 1, 4),
]
CLASSES_WITH_REEXAMINATION = {"7.a", "10.a"}
SEMESTER_1_ENDS = {2025: date(2025, 12, 19), 2026: date(2026, 12, 18)}
YEAR_ENDS = {
    2025: {"9": date(2026, 6, 12), "12": date(2026, 6, 19), "other": date(2026, 5, 29)},
    2026: {"9": date(2027, 6, 11), "12": date(2027, 6, 18), "other": date(2027, 5, 31)},
}
CLOCKS_FOR_NOW = [time(8, 0), time(16, 59), time(17, 0), time(17, 0, 1)]
CLOCKS = ["08:15", "16:59", "17:00", "17:00:01", "23:59:59", "00:00:00"]

KINDS_WITH_MANY_ROWS = {"lessons", "marks", "absences", "statements", "documents"}

OPTIONAL_COLUMNS = {
    "lessons": [
        "Žurnāls",
        "Mājas darbs",
        "Skolēni",
        "Ievadīts",
        "Tēma ievadīta",
        "Kavējumi ievadīti",
        "Mājas darbs ievadīts",
    ],
    "marks": ["Darba datums", "Iesniegts", "Ievadīts", "Labots", "Iepriekšējais vērtējums"],
    "absences": ["Stunda", "Priekšmets", "Ievadīts", "Attaisnots"],
    "notes": ["Iemesls"],
    "events": ["Klase", "Skolēni"],
    "contacts": ["Vecāki informēti", "Uzņemts", "Atskaitīts"],
    "statements": ["Veids"],
    "exemptions": ["Līdz"],
    "documents": ["Skolēns", "Pedagogs"],
    "classes": [],
    "workloads": ["No", "Līdz"],
    "timetable": ["Spēkā no", "Spēkā līdz"],
}

# The cells that are blanked or made unreadable now and then. Names are only ever blanked: any text is a name.
BLANK = [""]
BAD_DAY = ["", *UNREADABLE_DAYS]
BAD_STAMP = ["", "", "xx", "31.02.2026 10:00"]
BAD_CLASS = ["", "bez klases"]
SPOILED_CELLS: dict[str, dict[str, list[str]]] = {
    "lessons": {
        "Datums": BAD_DAY,
        "Stunda": ["", "", "xx"],
        "Klase": BAD_CLASS,
        "Priekšmets": BLANK,
        "Pedagogs": BLANK,
        "Ievadīts": BAD_STAMP,
        "Tēma ievadīta": BAD_STAMP,
        "Kavējumi ievadīti": BAD_STAMP,
        "Mājas darbs ievadīts": BAD_STAMP,
    },
    "marks": {
        "Skolēns": BLANK,
        "Klase": BAD_CLASS,
        "Priekšmets": BLANK,
        "Pedagogs": BLANK,
        "Vērtējuma veids": ["", "xx"],
        "Darba datums": BAD_DAY,
        "Iesniegts": BAD_DAY,
        "Ievadīts": BAD_STAMP,
        "Labots": BAD_STAMP,
    },
    "absences": {
        "Skolēns": BLANK,
        "Klase": BAD_CLASS,
        "Datums": BAD_DAY,
        "Stunda": ["", "xx"],
        "Priekšmets": BLANK,
        "Pedagogs": BLANK,
        "Kavējums": BLANK,
        "Ievadīts": BAD_STAMP,
        "Attaisnots": BAD_STAMP,
    },
    "notes": {
        "Skolēns": BLANK,
        "Klase": BAD_CLASS,
        "No": BAD_DAY,
        "Līdz": BAD_DAY,
        "Saņemta": BAD_STAMP,
    },
    "events": {"No": BAD_DAY, "Līdz": BAD_DAY, "Informācija saņemta": BAD_STAMP},
    "contacts": {
        "Skolēns": BLANK,
        "Klase": BAD_CLASS,
        "Aktualizēts": BAD_STAMP,
        "Vecāki informēti": BAD_STAMP,
        "Uzņemts": UNREADABLE_DAYS,
        "Atskaitīts": UNREADABLE_DAYS,
    },
    "statements": {
        "Klase": BAD_CLASS,
        "Skolēns": BLANK,
        "Mēnesis": ["", "xx"],
        "Izsniegts": BAD_STAMP,
    },
    "exemptions": {
        "Skolēns": BLANK,
        "Klase": BAD_CLASS,
        "Priekšmets": BLANK,
        "No": BAD_DAY,
        "Līdz": UNREADABLE_DAYS,
    },
    "documents": {"Dokuments": BLANK, "Periods": ["", "xx"], "Izdrukāts": BAD_STAMP},
    "classes": {"Klase": BAD_CLASS, "Klases audzinātājs": BLANK},
    "workloads": {
        "Pedagogs": BLANK,
        "Priekšmets": BLANK,
        "Klase": BAD_CLASS,
        "No": UNREADABLE_DAYS,
        "Līdz": UNREADABLE_DAYS,
    },
    "timetable": {
        "Klase": BAD_CLASS,
        "Nedēļas diena": ["", "xx"],
        "Stunda": ["", "xx"],
        "Priekšmets": BLANK,
        "Pedagogs": BLANK,
        "Spēkā no": UNREADABLE_DAYS,
        "Spēkā līdz": UNREADABLE_DAYS,
    },
}

TOPICS = [
    "SR: saskaita daļas / Daļu saskaitīšana",
    "SR: saskaita daļas/ Daļas",
    "",
    "Daļu saskaitīšana",
    "sr: saskaita daļas / Daļas",
    "S.R.: saskaita daļas / Daļas",
    "Daļas SR: saskaita / Daļas",
    "Daļas. SR - saskaita / Daļas",
    "SR: saskaita daļas",
    "SR: saskaita/Daļas",
    "SR: 1. / Daļas",
    "SR: saskaita daļas / 12",
    "SR: <sasniedzamais rezultāts> / Daļas",
    "SR: saskaita daļas / „Temats”.",
    "Individuālais darbs (Matemātika / Algebra) Vienādojumi",
    "individuālais darbs (Matemātika / Algebra) Vienādojumi",
    "Individuālais darbs Vienādojumi",
    "Individuālais darbs ( / ) Vienādojumi",
    "Individuālais darbs (Matemātika / Algebra)",
]
HOMEWORKS = ["12. uzdevums", "", "-", "Nav", "nav uzdots", "Izlasīt 3. nodaļu"]
JOURNALS = ["Mācību žurnāls", "", "Individuālo darbu žurnāls"]
WEEKDAYS = ["Pirmdiena", "Otrdiena", "Trešdiena", "Ceturtdiena", "Piektdiena", "Sestdiena"]
MARKS = ["7", "4", "3", "1", "nv", "10"]
FINAL_MARKS = ["7", "3", "1", "nv", "atb", "atb", "atb.", "ATB", "a", "A", "atbrīvots", "i", "5"]
LEVELS = ["A", "A", "T", "a", "atb", "atb."]
VALID_PHONES = ["29123456", "+371 26543210", "123; 29123456"]
INVALID_PHONES = ["123", "", "nav"]


BYTES_OF_A_ROW = 48
MOST_ROWS = 8
MOST_TABLES = 4
BYTES_OF_A_JOURNAL = BYTES_OF_A_ROW * (1 + MOST_ROWS * MOST_TABLES)


@dataclass
class Pen:
    """Writes the rows of one invented journal, looked at as of one moment.

    Each journal knows only two pupils and two subjects: so the rows of its exports meet."""

    source: bytes
    days_to_look_from: Sequence[date]
    cursor: int = 0
    as_of: datetime = field(init=False)
    roster: list[tuple[str, str]] = field(init=False)
    subjects: list[str] = field(init=False)

    def __post_init__(self) -> None:
        day = self.day_near(self.one_of(*self.days_to_look_from), 0, 0, 1, -1, 2, 4, 7)
        whole_day = time(23, 59, 59)
        clock = self.one_of(whole_day, whole_day, whole_day, whole_day, *CLOCKS_FOR_NOW)
        self.as_of = datetime.combine(day, clock)
        first, second = self.one_of(*PUPILS), self.one_of(*PUPILS)
        self.roster = [first, first, second]
        self.subjects = [SUBJECTS[0], SUBJECTS[0], self.one_of(*SUBJECTS)]

    @property
    def today(self) -> date:
        return self.as_of.date()

    def one_of(self, *choices: Any) -> Any:
        byte = self.source[self.cursor]
        self.cursor += 1
        return choices[byte * len(choices) // 256]

    def seldom(self) -> bool:
        return bool(self.one_of(*[False] * 6, True))

    def often(self) -> bool:
        return bool(self.one_of(True, True, True, False))

    def day_text(self, day: date) -> str:
        return day.isoformat() if self.seldom() else f"{day:%d.%m.%Y}"

    def day_near(self, day: date, *offsets: int) -> date:
        return day + timedelta(days=self.one_of(*offsets))

    def stamp_near(self, day: date, *offsets: int) -> str:
        """A stamp some days off: with a clock, seldom with its day only or unreadable."""
        text = self.day_text(self.day_near(day, *offsets))
        if self.seldom():
            return str(self.one_of(text, text, text, "xx"))
        return f"{text} {self.one_of(*CLOCKS)}"

    def pupil(self) -> tuple[str, str]:
        name, class_ = self.one_of(*self.roster)
        return name, class_

    def subject(self) -> str:
        return str(self.one_of(*self.subjects))

    def teacher(self) -> str:
        return str(self.one_of(*TEACHERS))

    def tables(self, **kinds: "RowWriter") -> Tables:
        """All the exports, save one now and then."""
        missing = self.one_of(*kinds) if len(kinds) > 1 and self.seldom() else None
        tables = {}
        for number, (kind, write) in enumerate(kinds.items()):
            # Each table and each row has its own stretch of the source: to shrink one changes no other.
            self.cursor = BYTES_OF_A_ROW * (1 + MOST_ROWS * number)
            rows = self.rows(kind, write)
            if kind != missing:
                tables[kind] = rows
        return tables

    def rows(self, kind: str, write: "RowWriter") -> list[Row]:
        begins = self.cursor
        count = self.one_of(*range(1, MOST_ROWS if kind in KINDS_WITH_MANY_ROWS else 5))
        missing: list[str] = []
        if OPTIONAL_COLUMNS[kind] and self.seldom():
            missing = [self.one_of(*OPTIONAL_COLUMNS[kind]) for _ in range(self.one_of(1, 1, 2))]
        rows = []
        for number in range(1, count + 1):
            self.cursor = begins + BYTES_OF_A_ROW * number
            row = write(self)
            if self.seldom():
                column = self.one_of(*SPOILED_CELLS[kind])
                row[column] = self.one_of(*SPOILED_CELLS[kind][column])
            rows.append({column: cell for column, cell in row.items() if column not in missing})
        return rows


RowWriter = Callable[[Pen], Row]


def journals(days: Sequence[date], **kinds: RowWriter) -> st.SearchStrategy[Case]:
    def write(source: bytes) -> Case:
        pen = Pen(source, days)
        return pen.tables(**kinds), pen.as_of

    return st.binary(min_size=BYTES_OF_A_JOURNAL, max_size=BYTES_OF_A_JOURNAL).map(write)


def year_of(day: date) -> int:
    return day.year if day.month >= 9 else day.year - 1


def year_end(year: int, class_: str) -> date:
    ends = YEAR_ENDS[min(max(year, 2025), 2026)]
    return ends.get(class_.split(".")[0], ends["other"])


# --- 2 and 3: lessons and the timetable ---------------------------------------------------------------------


def lesson_row(pen: Pen) -> Row:
    day = pen.day_near(pen.today, 0, -1, -1, -2, -3, -4, -7, -9, 1)
    _, class_ = pen.pupil()
    return {
        "Datums": pen.day_text(day),
        "Stunda": pen.one_of("1", "2", "2", "3", "1-2", "", "xx") if pen.seldom() else pen.one_of("1", "2"),
        "Klase": class_,
        "Priekšmets": pen.subject(),
        "Pedagogs": pen.teacher(),
        "Žurnāls": pen.one_of(*JOURNALS),
        "Tēma": pen.one_of(*TOPICS),
        "Mājas darbs": pen.one_of(*HOMEWORKS),
        "Skolēni": pen.one_of("Anna Bērziņa; Jānis Ozols", ""),
        "Ievadīts": "" if pen.seldom() else pen.stamp_near(day, 0, 0, 0, 1, 3, -1),
        "Tēma ievadīta": pen.stamp_near(day, 0, 0, 1, 2) if pen.seldom() else "",
        "Kavējumi ievadīti": pen.stamp_near(day, 0, 0, 0, 1) if pen.often() else "",
        "Mājas darbs ievadīts": pen.stamp_near(day, 0, 1, 2) if pen.seldom() else "",
    }


def slot_row(pen: Pen) -> Row:
    _, class_ = pen.pupil()
    weekday = pen.day_near(pen.today, 0, -1, -2, -3, -4).isoweekday()
    return {
        "Klase": class_,
        "Nedēļas diena": pen.one_of(WEEKDAYS[min(weekday, 6) - 1], str(weekday)),
        "Stunda": pen.one_of("1", "2", "2"),
        "Priekšmets": pen.subject(),
        "Pedagogs": pen.teacher(),
        "Spēkā no": pen.day_text(pen.day_near(pen.today, -8, -2, 0)) if pen.seldom() else "",
        "Spēkā līdz": pen.day_text(pen.day_near(pen.today, -7, -1, 0)) if pen.seldom() else "",
    }


def lesson_journals() -> st.SearchStrategy[Case]:
    """Clauses 2 and 3: lessons and the timetable."""
    return journals(DAYS_IN_TERM, lessons=lesson_row, timetable=slot_row)


# --- 2 and 4: absences, notes and events --------------------------------------------------------------------


def absence_row(pen: Pen) -> Row:
    day = pen.day_near(pen.today, 0, -1, -5, -8, -10, -12, -14, -16, 1)
    pupil, class_ = pen.pupil()
    return {
        "Skolēns": pupil,
        "Klase": class_,
        "Datums": pen.day_text(day),
        "Stunda": pen.one_of("1", "2"),
        "Priekšmets": pen.subject(),
        "Pedagogs": pen.teacher(),
        "Kavējums": pen.one_of("n", "ns", "nc", "ns"),
        "Ievadīts": pen.stamp_near(day, 0, 0, 0, 1, 3),
        "Attaisnots": pen.stamp_near(day, 1, 5, 7, 8, 9, 10, 12) if pen.often() else "",
    }


def covered_days(pen: Pen) -> Row:
    first = pen.day_near(pen.today, -16, -14, -12, -10, -5, 0)
    return {
        "No": pen.day_text(first),
        "Līdz": pen.day_text(pen.day_near(first, 12, 7, 4, 0, 9)),
    }


def note_row(pen: Pen) -> Row:
    pupil, class_ = pen.pupil()
    return {
        "Skolēns": pupil,
        "Klase": class_,
        **covered_days(pen),
        "Iemesls": "slimība",
        "Saņemta": pen.stamp_near(pen.today, -14, -12, -10, -8, -7, -5, 0, 1),
    }


def event_row(pen: Pen) -> Row:
    (one, class_), (other, _) = pen.pupil(), pen.pupil()
    return {
        "Pasākums": pen.one_of("Olimpiāde", "Koru skate"),
        "Klase": pen.one_of(class_, "", f"{class_}; 9.b"),
        "Skolēni": pen.one_of("", one, f"{one}; {other}"),
        **covered_days(pen),
        "Atbildīgais pedagogs": pen.teacher(),
        "Informācija saņemta": "" if pen.seldom() else pen.stamp_near(pen.today, -14, -12, -10, -8, -5, 0, 1),
    }


def class_row(pen: Pen) -> Row:
    _, class_ = pen.pupil()
    return {"Klase": class_, "Klases audzinātājs": pen.teacher()}


def absence_journals() -> st.SearchStrategy[Case]:
    """Clauses 2 (absences) and 4."""
    return journals(DAYS_IN_TERM, absences=absence_row, notes=note_row, events=event_row, classes=class_row)


# --- 5 and 6: marks of works --------------------------------------------------------------------------------


def work_row(pen: Pen) -> Row:
    day = pen.day_near(pen.today, -15, -17, -11, -9, -5, -3, 0, 1)
    pupil, class_ = pen.pupil()
    kind = pen.one_of("formatīvais", "Formatīvs", "summatīvais", "Summatīvs", "Summatīvais vērtējums", "Starpvērtējums")
    submitted = pen.day_near(day, 0, 1, 3) if pen.one_of(True, False) else None
    return {
        "Skolēns": pupil,
        "Klase": class_,
        "Priekšmets": pen.subject(),
        "Pedagogs": pen.teacher(),
        "Vērtējuma veids": kind,
        "Darba datums": pen.day_text(day),
        "Iesniegts": pen.day_text(submitted) if submitted else "",
        "Vērtējums": pen.one_of(*MARKS) if pen.often() else "",
        "Periods": "",
        "Ievadīts": pen.stamp_near(submitted or day, 0, 3, 4, 5, 9, 10, 11, 12, 13),
        "Labots": "",
        "Iepriekšējais vērtējums": "",
    }


def work_journals() -> st.SearchStrategy[Case]:
    """Clauses 5 and 6."""
    return journals(DAYS_IN_TERM, marks=work_row)


# --- 1 and 7: contacts and statements -----------------------------------------------------------------------


DAYS_OF_CONTACTS = [
    date(2025, 12, 5),
    date(2026, 1, 5),
    date(2026, 2, 6),
    date(2026, 6, 5),
    date(2026, 7, 6),
    date(2026, 9, 1),
    date(2026, 9, 30),
    date(2026, 10, 5),
    date(2026, 10, 9),
    date(2026, 11, 5),
    date(2026, 12, 8),
]


def contact_row(pen: Pen) -> Row:
    pupil, class_ = pen.pupil()
    september = date(year_of(pen.today), 9, 1)
    return {
        "Skolēns": pupil,
        "Klase": class_,
        "Skolēna tālrunis": pen.one_of(*VALID_PHONES) if pen.often() else pen.one_of(*INVALID_PHONES),
        "Vecāks": "Inga Bērziņa",
        "Vecāka tālrunis": pen.one_of(*VALID_PHONES) if pen.often() else pen.one_of(*INVALID_PHONES),
        "Aktualizēts": pen.stamp_near(september, 29, 30, 30, 5, 35, -31, -32),
        "Vecāki informēti": pen.stamp_near(september, 29, 30, 30, 10, 33, -31, -32) if pen.often() else "",
        "Uzņemts": pen.day_text(pen.day_near(september, 0, 1, 60, 108, 109, 120)) if pen.seldom() else "",
        "Atskaitīts": pen.day_text(pen.day_near(september, -1, 0, 29, 109, 110)) if pen.seldom() else "",
    }


def statement_row(pen: Pen) -> Row:
    pupil, class_ = pen.pupil()
    day = pen.today
    month = (day - timedelta(days=pen.one_of(15, 20, 40, 40, 70))).replace(day=1)
    after = (month + timedelta(days=31)).replace(day=1)
    return {
        "Klase": class_,
        "Skolēns": pupil,
        "Mēnesis": f"{month:%Y-%m}",
        "Izsniegts": pen.stamp_near(after, 4, 3, 5, 6, 8, 10, -1),
        "Veids": "e-pasts",
    }


def contact_journals() -> st.SearchStrategy[Case]:
    """Clauses 1 and 7."""
    return journals(DAYS_OF_CONTACTS, contacts=contact_row, statements=statement_row, classes=class_row)


# --- 8 and 9: semester and annual marks ---------------------------------------------------------------------

DAYS_NEAR_ENDS = [
    date(2025, 12, 16),
    date(2025, 12, 19),
    date(2026, 1, 5),
    date(2026, 5, 26),
    date(2026, 5, 29),
    date(2026, 6, 9),
    date(2026, 6, 12),
    date(2026, 6, 19),
    date(2026, 8, 31),
    date(2026, 9, 2),
    date(2026, 9, 15),
    date(2026, 12, 15),
    date(2026, 12, 31),
    date(2027, 1, 2),
    date(2027, 6, 1),
]


DAYS_AFTER_YEAR_ENDS = [
    date(2026, 5, 29),
    date(2026, 5, 31),
    date(2026, 6, 12),
    date(2026, 6, 16),
    date(2026, 6, 23),
    date(2026, 8, 31),
    date(2026, 9, 2),
    date(2026, 9, 15),
    date(2026, 10, 5),
    date(2026, 11, 5),
    date(2026, 12, 31),
    date(2027, 1, 2),
    date(2027, 6, 20),
]


def ends_near(as_of: date, class_: str) -> list[tuple[str, date]]:
    """The semester and year ends about as_of, the nearest first, each with the period that it closes."""
    ends = [("1", end) for end in SEMESTER_1_ENDS.values()]
    ends += [("2", year_end(year, class_)) for year in YEAR_ENDS]
    return sorted(ends, key=lambda end: abs((as_of - end[1]).days))[:2]


def final_mark_row(pen: Pen) -> Row:
    pupil, class_ = pen.pupil()
    nearest, other = ends_near(pen.today, class_)
    period, end = pen.one_of(nearest, nearest, other)
    if period == "1":
        kind = pen.one_of("Semestra vērtējums", "semestra", "semestra", "formatīvais", "Valsts eksāmens")
    else:
        kind = pen.one_of("semestra", "Gada vērtējums", "gada", "gada", "Galīgais vērtējums", "gala", "formatīvais")
    day = pen.day_near(end, -3, 0, -10, -30, 1)
    return {
        "Skolēns": pupil,
        "Klase": class_,
        "Priekšmets": pen.subject(),
        "Pedagogs": pen.teacher(),
        "Vērtējuma veids": kind,
        "Darba datums": "" if kind != "formatīvais" and pen.seldom() else pen.day_text(day),
        "Iesniegts": "",
        "Vērtējums": "" if pen.seldom() else pen.one_of(*(LEVELS if class_ == "3.a" else FINAL_MARKS)),
        "Periods": f"{period}. semestris" if kind.casefold().startswith("semestra") else pen.one_of("", "Gads"),
        "Ievadīts": "" if pen.seldom() else pen.stamp_near(end, -3, -3, -2, -2, -1, -6, 0, 1),
        "Labots": "",
        "Iepriekšējais vērtējums": "",
    }


def corrected_row(pen: Pen) -> Row:
    """An annual mark with its later change, a combined mark to found it, or a re-examination mark."""
    pupil, class_ = pen.pupil()
    if class_ not in CLASSES_WITH_REEXAMINATION and pen.often():
        pupil, class_ = PUPILS[0]
    year = year_of(pen.today)
    year = max(2025, year - 1 if pen.as_of.month >= 9 else year)
    end = year_end(year, class_)
    row = {
        "Skolēns": pupil,
        "Klase": class_,
        "Priekšmets": pen.subject(),
        "Pedagogs": pen.teacher(),
        "Iesniegts": "",
        "Periods": pen.one_of("Gads", ""),
        "Labots": "",
        "Iepriekšējais vērtējums": "",
    }
    kind = pen.one_of("annual", "annual", "combined", "re-examination")
    if kind == "annual":
        row["Vērtējuma veids"] = pen.one_of("gada", "Gada vērtējums")
        row["Darba datums"] = pen.day_text(pen.day_near(end, -3, -4, -10))
        row["Vērtējums"] = pen.one_of("3", "1", "2", "nv", "4", "atb")
        row["Ievadīts"] = pen.stamp_near(end, -3, -4, -5)
        if pen.often():
            row["Labots"] = pen.stamp_near(end, -2, -1, 0, 1, 1, 3)
            row["Iepriekšējais vērtējums"] = pen.one_of("2", "nv", "4", "atb", "6")
    elif kind == "combined":
        row["Vērtējuma veids"] = pen.one_of("Kombinētais darbs", "kombinētais")
        row["Darba datums"] = pen.day_text(pen.day_near(end, -3, -1, 0))
        row["Vērtējums"] = pen.one_of(*MARKS)
        row["Ievadīts"] = pen.stamp_near(end, -2, -1, 0, 1)
    else:
        day = pen.day_near(date(year + 1, 8, 31), 0, -1, -60, 1, 2, 5, 60, 120, 122, 123)
        row["Vērtējuma veids"] = pen.one_of("Pēcpārbaudījums", "pēcpārbaudījuma vērtējums")
        row["Darba datums"] = "" if pen.seldom() else pen.day_text(day)
        row["Vērtējums"] = "" if pen.seldom() else pen.one_of(*MARKS)
        row["Ievadīts"] = pen.stamp_near(day, 0, 0, 1)
    if pen.seldom():
        row["Ievadīts"] = ""
    return {column: row[column] for column in MARK_COLUMNS}


MARK_COLUMNS = [
    "Skolēns",
    "Klase",
    "Priekšmets",
    "Pedagogs",
    "Vērtējuma veids",
    "Darba datums",
    "Iesniegts",
    "Vērtējums",
    "Periods",
    "Ievadīts",
    "Labots",
    "Iepriekšējais vērtējums",
]


def workload_row(pen: Pen) -> Row:
    _, class_ = pen.pupil()
    nearest, other = ends_near(pen.today, class_)
    first = pen.day_near(pen.one_of(nearest, other)[1], 0, 1, -5, 14)
    last = pen.day_near(pen.one_of(nearest, other)[1], 0, -1, 3)
    return {
        "Pedagogs": pen.teacher(),
        "Priekšmets": pen.subject(),
        "Klase": class_,
        "No": pen.day_text(first) if pen.seldom() else "",
        "Līdz": pen.day_text(last) if pen.seldom() else "",
    }


def final_mark_journals() -> st.SearchStrategy[Case]:
    """Clause 8: semester and annual marks."""
    return journals(DAYS_NEAR_ENDS, marks=final_mark_row, contacts=contact_row, workloads=workload_row)


def corrected_mark_journals() -> st.SearchStrategy[Case]:
    """Clauses 8.1 and 8.2: annual marks that were changed or have to be re-examined."""
    return journals(DAYS_AFTER_YEAR_ENDS, marks=corrected_row)


def exemption_row(pen: Pen) -> Row:
    pupil, class_ = pen.pupil()
    nearest, other = ends_near(pen.today, class_)
    _, end = pen.one_of(nearest, nearest, other)
    return {
        "Skolēns": pupil,
        "Klase": class_,
        "Priekšmets": pen.subject(),
        "No": pen.day_text(pen.day_near(end, -100, -20, 0, 1)),
        "Līdz": pen.one_of("", pen.day_text(pen.day_near(end, 10, 0, -1))),
    }


def exemption_journals() -> st.SearchStrategy[Case]:
    """Clause 9: exemptions and the marks beside them."""
    return journals(
        DAYS_NEAR_ENDS,
        marks=lambda pen: corrected_row(pen) if pen.seldom() else final_mark_row(pen),
        exemptions=exemption_row,
    )


# --- 10 and 11: papers --------------------------------------------------------------------------------------


DAYS_OF_PAPERS = [
    date(2025, 12, 19),
    date(2025, 12, 30),
    date(2026, 1, 5),
    date(2026, 1, 9),
    date(2026, 6, 5),
    date(2026, 6, 12),
    date(2026, 6, 19),
    date(2026, 6, 26),
    date(2026, 6, 29),
    date(2026, 7, 6),
    date(2026, 12, 30),
    date(2027, 6, 15),
]


def document_row(pen: Pen) -> Row:
    pupil, class_ = pen.pupil()
    kind = pen.one_of(
        "Priekšmeta atskaite", "Atskaite", "Liecība", "Kopsavilkuma žurnāls", "Personas lieta", "Protokols"
    )
    nearest, other = ends_near(pen.today, class_)
    period, end = pen.one_of(nearest, nearest, other)
    if kind.casefold().endswith("atskaite"):
        about = ("", "", pen.teacher())
    elif kind == "Kopsavilkuma žurnāls":
        about = (class_, "", "")
    else:
        about = pen.one_of((class_, pupil, ""), (class_, "", ""), ("", pupil, ""))
    return {
        "Dokuments": kind,
        "Klase": about[0],
        "Skolēns": about[1],
        "Pedagogs": about[2],
        "Periods": "Gads" if pen.seldom() else f"{period}. semestris",
        "Izdrukāts": pen.stamp_near(end, 5, 7, 8, 11, 14, 17, 18, 20, -300),
    }


def paper_journals() -> st.SearchStrategy[Case]:
    """Clauses 10 and 11: reports, report cards, summary journals and personal files."""
    return journals(
        DAYS_OF_PAPERS,
        documents=document_row,
        contacts=contact_row,
        workloads=workload_row,
        classes=class_row,
    )
