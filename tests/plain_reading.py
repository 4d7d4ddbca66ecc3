"""The contract, read plainly: one row at a time, one day at a time, no data frames.

The audit itself is written for speed. This reading is written to be compared, sentence by sentence, with the
text of the contract, and the two are held against each other over invented journals (test_property.py). Loops
over rows inside loops over days are right here.

It reads Aknīste's regulation. The forms a date, a mark kind or a class may take are few here (other tests
try them all). The kinds `summary` and `journal` are not read yet: each would be one more list in `Journal`
and one more source in the checks of clauses 8 and 9.

Where the contract leaves a point open, the comment begins with "Open:".
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import holidays
import phonenumbers

Tables = dict[str, list[dict[str, str]]]

# --- The numbers of Aknīste's regulation --------------------------------------------------------------------

IN_FORCE_FROM = date(2025, 12, 4)
DAILY_ENTRIES_BY = time(17, 0)
JUSTIFY_WITHIN = 5
FORMATIVE_WITHIN = 3
SUMMATIVE_WITHIN = 7
STATEMENT_BY_DAY = 5
MARKS_BEFORE_END = timedelta(days=3)
REPORT_WITHIN = 5
REPORT_CARD_WITHIN = 5
YEAR_PAPERS_WITHIN = 10

JUSTIFIED_CODES = {"ns", "nc"}
WORDS_FOR_NO_HOMEWORK = {"-", "–", "nav", "nav uzdots"}
MARKS_TO_REEXAMINE = {"1", "2", "3", "nv"}
GRADES_WITH_REEXAMINATION = {4, 5, 6, 7, 8, 10, 11}
GRADES_WITH_LEVELS = {1, 2, 3}

# --- The calendar -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SchoolYear:
    first_day: date
    semester1_end: date
    semester2_start: date
    end: date
    end_grade_9: date
    end_grade_12: date
    breaks: tuple[tuple[date, date], ...]


# By the calendar year in which the school year begins. The years that the invented journals can reach.
SCHOOL_YEARS = {
    2024: SchoolYear(
        date(2024, 9, 2),
        date(2024, 12, 20),
        date(2025, 1, 6),
        date(2025, 5, 30),
        date(2025, 6, 13),
        date(2025, 6, 20),
        (
            (date(2024, 10, 21), date(2024, 10, 27)),
            (date(2024, 12, 23), date(2025, 1, 5)),
            (date(2025, 3, 10), date(2025, 3, 16)),
        ),
    ),
    2025: SchoolYear(
        date(2025, 9, 1),
        date(2025, 12, 19),
        date(2026, 1, 5),
        date(2026, 5, 29),
        date(2026, 6, 12),
        date(2026, 6, 19),
        (
            (date(2025, 10, 20), date(2025, 10, 24)),
            (date(2025, 12, 22), date(2026, 1, 2)),
            (date(2026, 3, 9), date(2026, 3, 13)),
        ),
    ),
    2026: SchoolYear(
        date(2026, 9, 1),
        date(2026, 12, 18),
        date(2027, 1, 4),
        date(2027, 5, 31),
        date(2027, 6, 11),
        date(2027, 6, 18),
        (
            (date(2026, 10, 19), date(2026, 10, 23)),
            (date(2026, 12, 21), date(2027, 1, 1)),
            (date(2027, 3, 8), date(2027, 3, 12)),
        ),
    ),
}

LATVIA = holidays.country_holidays("LV", years=range(2024, 2029), language="lv")


def is_moved_saturday(day: date) -> bool:
    return day in LATVIA.weekend_workdays


def is_working_day(day: date) -> bool:
    if is_moved_saturday(day):
        return True
    return day.weekday() < 5 and day not in LATVIA  # LATVIA holds the days that were moved away, too


def end_of_day(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59))


def within_working_days(count: int, day: date) -> datetime:
    while count > 0:
        day += timedelta(days=1)
        if is_working_day(day):
            count -= 1
    return end_of_day(day)


def working_days_after(first: date, last: date) -> int:
    count = 0
    day = first + timedelta(days=1)
    while day <= last:
        if is_working_day(day):
            count += 1
        day += timedelta(days=1)
    return count


def year_of(day: date) -> int:
    return day.year if day.month >= 9 else day.year - 1


def year_begins(year: int) -> date:
    return date(year, 9, 1)


def grade_of(class_: str) -> int:
    return int(class_.split(".")[0])


def semester_begins(year: int, period: str) -> date:
    known = SCHOOL_YEARS[year]
    return known.first_day if period == "1" else known.semester2_start


def ends(year: int, period: str, class_: str) -> date:
    """The end of semester "1" or "2" or of the "year" for a class: 9 and 12 end later in spring."""
    known = SCHOOL_YEARS[year]
    if period == "1":
        return known.semester1_end
    if grade_of(class_) == 9:
        return known.end_grade_9
    if grade_of(class_) == 12:
        return known.end_grade_12
    return known.end


def is_school_day(day: date, class_: str) -> bool:
    year = year_of(day)
    if year not in SCHOOL_YEARS or not is_working_day(day) or is_moved_saturday(day):
        return False
    in_semester = any(semester_begins(year, n) <= day <= ends(year, n, class_) for n in ("1", "2"))
    return in_semester and not any(first <= day <= last for first, last in SCHOOL_YEARS[year].breaks)


# --- When something was done --------------------------------------------------------------------------------


@dataclass(frozen=True)
class When:
    """Somewhere from `start` to `end`. A stamp with a clock is one moment, a stamp without is its whole day,
    and what is there without a usable stamp was made at any time whatever."""

    start: datetime
    end: datetime
    shown: str

    @property
    def day(self) -> date:
        return self.start.date()

    @property
    def has_clock(self) -> bool:
        return self.start == self.end

    @property
    def is_told(self) -> bool:
        return self.start != datetime.min


SOME_TIME = When(datetime.min, datetime.max, "")


def is_made(when: When, as_of: datetime) -> bool:
    """An entry made after as_of counts as not made yet; a stamp without a clock counts from its day on."""
    return when.start <= as_of


# --- Values -------------------------------------------------------------------------------------------------

MARK_KINDS = {
    "formatīvs": "formative",
    "formatīvais": "formative",
    "summatīvs": "summative",
    "summatīvais": "summative",
    "semestra": "semester",
    "gada": "annual",
    "gala": "final",
    "galīgais": "final",
    "kombinētais": "combined",
    "kombinētā": "combined",
    "pēcpārbaudījums": "re-examination",
    "pēcpārbaudījuma": "re-examination",
    "starpvērtējums": "other",
    "valsts eksāmens": "other",
    "sesijas eksāmens": "other",
}
MARK_DATES = ("Darba datums", "Iesniegts")
PERIODS = {"1": "1", "2": "2", "i": "1", "ii": "2", "gads": "year", "gada": "year"}
WEEKDAYS = {"pirmdiena": 1, "otrdiena": 2, "trešdiena": 3, "ceturtdiena": 4, "piektdiena": 5, "sestdiena": 6}
WEEKDAYS |= {str(number): number for number in range(1, 8)}
DOCUMENTS = {
    "atskaite": "report",
    "liecība": "report card",
    "kopsavilkuma žurnāls": "summary journal",
    "personas lieta": "personal file",
}


def tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def parse_day(text: str) -> date | None:
    for form in ("%d.%m.%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            pass
    return None


def parse_when(text: str) -> When | None:
    day_text, _, clock = text.replace("T", " ").partition(" ")
    day = parse_day(day_text)
    if day is None:
        return None
    if not clock:
        return When(datetime.combine(day, time.min), end_of_day(day), day.isoformat())
    for form in ("%H:%M", "%H:%M:%S"):
        try:
            moment = datetime.combine(day, datetime.strptime(clock, form).time())
        except ValueError:
            continue
        return When(moment, moment, moment.isoformat())
    return None


def parse_class(text: str) -> str | None:
    """Grade and letter; the word "klase" is none, and what follows the letter is a group within the class."""
    found = re.match(r"(\d+)\s*\.?\s*(?:([^\W\d_])(?![^\W\d_]))?", text)
    return f"{int(found[1])}.{(found[2] or '').lower()}".rstrip(".") if found else None


def parse_lessons(text: str) -> tuple[int, ...] | None:
    """The slots that an entry fills: "3" is one, "1-2" is an entry of lesson 1 that fills two."""
    found = re.fullmatch(r"(\d+)(?:-(\d+))?\.?(?: stunda)?", text)
    if not found:
        return None
    first, last = int(found[1]), int(found[2] or found[1])
    return tuple(range(first, last + 1)) if first <= last <= 20 else None


def parse_month(text: str) -> str | None:
    return text if re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", text) else None


def parse_period(text: str) -> str | None:
    return PERIODS.get(re.sub(r"\.? sem(\.|estris)$", "", text.casefold()))


def parse_weekday(text: str) -> int | None:
    return WEEKDAYS.get(text.casefold())


def parse_code(text: str) -> str:
    return "".join(text.split()).casefold()


def parse_mark_kind(text: str) -> str | None:
    words = text.casefold()
    return MARK_KINDS.get(words) or MARK_KINDS.get(re.sub(r" (vērtējums|darbs)$", "", words))


def parse_document(text: str) -> str | None:
    return next((kind for word, kind in DOCUMENTS.items() if word in text.casefold()), None)


def names_in(text: str) -> set[str]:
    return {tidy(name) for name in text.split(";" if ";" in text else ",") if tidy(name)}


def has_valid_phone(text: str) -> bool:
    for number in re.split(r"[;,/]", text):
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(number, "LV")):
                return True
        except phonenumbers.NumberParseException:
            continue
    return False


def has_letter(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


def same_subject(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one.casefold() == other.casefold()


def joined(names: Iterable[str | None]) -> str | None:
    """Several bearers as they are shown: in alphabetical order (by code point); a blank name is nobody."""
    return " / ".join(sorted({name for name in names if name})) or None


# --- Reading the exports ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    file: str
    row: int


@dataclass
class Reader:
    """One row while it is read. Every bad cell is a data problem, and `stands` tells whether the row still
    counts: it falls by a bad cell that says what it is about, not by an unreadable stamp or optional cell.

    Open: a row that falls owes nothing; whether it may still speak for somebody (an exemption with an
    unreadable No, a document with a blank Periods) is not said. Here it is out altogether, save the one
    case that the contract names (2-unrecorded)."""

    kind: str
    row: int
    cells: dict[str, str]
    problems: list[dict[str, Any]]
    stands: bool = True

    @property
    def place(self) -> Place:
        return Place(f"{self.kind}.csv", self.row)

    def has(self, column: str) -> bool:
        return column in self.cells

    def text(self, column: str) -> str:
        return tidy(self.cells.get(column, ""))

    def bad(self, column: str, falls: bool) -> None:
        self.problems.append({"file": self.place.file, "row": self.row, "column": column})
        if falls:
            self.stands = False

    def about(self, column: str, parse: Callable[[str], Any] = tidy) -> Any:
        """A cell that says what the row is about: neither blank nor unreadable."""
        value = parse(self.text(column)) if self.text(column) else None
        if value is None:
            self.bad(column, falls=True)
        return value

    def optional(self, column: str, parse: Callable[[str], Any]) -> Any:
        value = parse(self.text(column)) if self.text(column) else None
        if value is None and self.text(column):
            self.bad(column, falls=False)
        return value

    def stamp(self, column: str) -> When | None:
        """None for a blank cell; an unreadable one says that it was done and not when."""
        if not self.text(column):
            return None
        return self.optional(column, parse_when) or SOME_TIME

    def is_unreadable(self, column: str, value: Any) -> bool:
        return bool(self.text(column)) and value is None


@dataclass(frozen=True)
class Lesson:
    place: Place
    stands: bool
    day: date | None
    slots: tuple[int, ...] | None
    class_: str | None
    subject: str
    teacher: str
    journal: str
    topic: str
    homework: str
    pupils: str | None  # None where there is no such column
    entered: When | None
    topic_entered: When | None
    absences_entered: When | None
    homework_entered: When | None


@dataclass(frozen=True)
class Mark:
    place: Place
    pupil: str
    class_: str
    subject: str
    teacher: str
    kind: str
    day: date | None
    submitted: date | None
    submitted_is_unreadable: bool
    mark: str
    period: str | None
    entered: When | None
    changed: When | None
    previous: str


@dataclass(frozen=True)
class Absence:
    place: Place
    pupil: str
    class_: str
    day: date
    slots: tuple[int, ...] | None
    subject: str
    teacher: str
    code: str
    entered: When | None
    justified: When | None


@dataclass(frozen=True)
class Cover:
    """A note or an event: what can justify an absence."""

    classes: frozenset[str]
    pupils: frozenset[str]
    first: date
    last: date
    received: When | None


@dataclass(frozen=True)
class Contact:
    place: Place
    pupil: str
    class_: str
    phones_are_valid: bool
    updated: When | None
    informed: When | None
    enrolled: date | None
    left: date | None


@dataclass(frozen=True)
class Statement:
    place: Place
    pupil: str
    class_: str
    month: str
    issued: When | None


@dataclass(frozen=True)
class Exemption:
    pupil: str
    class_: str
    subject: str
    first: date
    last: date | None


@dataclass(frozen=True)
class Document:
    place: Place
    kind: str | None
    class_: str | None
    pupil: str
    teacher: str
    period: str
    printed: When | None


@dataclass(frozen=True)
class ClassRow:
    class_: str
    teacher: str


@dataclass(frozen=True)
class Workload:
    teacher: str
    subject: str
    class_: str
    first: date | None
    last: date | None


@dataclass(frozen=True)
class Slot:
    place: Place
    class_: str
    weekday: int
    number: int
    subject: str
    teacher: str
    first: date | None
    last: date | None


def read_lesson(row: Reader) -> Lesson:
    return Lesson(
        day=row.about("Datums", parse_day),
        # A blank number is no problem, but the column is one that must be there: an unreadable number is.
        slots=row.about("Stunda", parse_lessons) if row.text("Stunda") else None,
        class_=row.about("Klase", parse_class),
        subject=row.about("Priekšmets"),
        # Open: a blank Pedagogs of a lesson, mark, workload or timetable row is nobody, and no problem.
        teacher=row.text("Pedagogs"),
        journal=row.text("Žurnāls"),
        topic=row.text("Tēma"),
        homework=row.text("Mājas darbs"),
        pupils=row.text("Skolēni") if row.has("Skolēni") else None,
        entered=row.stamp("Ievadīts"),
        topic_entered=row.stamp("Tēma ievadīta"),
        absences_entered=row.stamp("Kavējumi ievadīti"),
        homework_entered=row.stamp("Mājas darbs ievadīts"),
        place=row.place,
        stands=row.stands,
    )


def read_mark(row: Reader) -> Mark:
    kind = row.about("Vērtējuma veids", parse_mark_kind)
    day = row.optional("Darba datums", parse_day)
    submitted = row.optional("Iesniegts", parse_day)
    period = row.optional("Periods", parse_period)
    day_is_blank = not row.text("Darba datums")
    submitted_is_blank = not row.text("Iesniegts")
    if kind == "formative" and row.has("Darba datums") and day_is_blank:
        row.bad("Darba datums", falls=True)
    if kind == "summative" and day_is_blank and submitted_is_blank:
        # Open: with no column Darba datums the problem is shown in the date column that the file has.
        for column in MARK_DATES:
            if row.has(column):
                row.bad(column, falls=True)
                break
    # Open: an unreadable period leaves the row standing (the column is optional), as a mark of no period.
    if kind == "semester" and row.has("Periods") and not row.text("Periods"):
        row.bad("Periods", falls=True)
    changed = row.stamp("Labots")
    return Mark(
        pupil=row.about("Skolēns"),
        class_=row.about("Klase", parse_class),
        subject=row.about("Priekšmets"),
        teacher=row.text("Pedagogs"),
        kind=kind,
        day=day,
        submitted=submitted,
        submitted_is_unreadable=row.is_unreadable("Iesniegts", submitted),
        mark=row.text("Vērtējums"),
        period=period,
        entered=row.stamp("Ievadīts"),
        changed=changed if changed and changed.is_told else None,
        previous=row.text("Iepriekšējais vērtējums"),
        place=row.place,
    )


def read_absence(row: Reader) -> Absence:
    return Absence(
        pupil=row.about("Skolēns"),
        class_=row.about("Klase", parse_class),
        day=row.about("Datums", parse_day),
        slots=row.optional("Stunda", parse_lessons),
        subject=row.text("Priekšmets"),
        teacher=row.text("Pedagogs"),
        code=row.about("Kavējums", parse_code),
        entered=row.stamp("Ievadīts"),
        justified=row.stamp("Attaisnots"),
        place=row.place,
    )


def read_note(row: Reader) -> Cover:
    pupil, class_ = row.about("Skolēns"), row.about("Klase", parse_class)
    return Cover(
        classes=frozenset({class_}),
        pupils=frozenset({pupil}),
        first=row.about("No", parse_day),
        last=row.about("Līdz", parse_day),
        # A blank Saņemta says that it has not come; one that cannot be read, that it has, and not when.
        received=row.stamp("Saņemta"),
    )


def read_event(row: Reader) -> Cover:
    classes = {parse_class(text) for text in names_in(row.text("Klase"))}
    return Cover(
        classes=frozenset(class_ for class_ in classes if class_),
        pupils=frozenset(names_in(row.text("Skolēni"))),
        first=row.about("No", parse_day),
        last=row.about("Līdz", parse_day),
        received=row.stamp("Informācija saņemta"),
    )


def read_contact(row: Reader) -> Contact:
    return Contact(
        pupil=row.about("Skolēns"),
        class_=row.about("Klase", parse_class),
        phones_are_valid=has_valid_phone(row.text("Skolēna tālrunis")) and has_valid_phone(row.text("Vecāka tālrunis")),
        updated=row.stamp("Aktualizēts"),
        informed=row.stamp("Vecāki informēti"),
        enrolled=row.optional("Uzņemts", parse_day),
        left=row.optional("Atskaitīts", parse_day),
        place=row.place,
    )


def read_statement(row: Reader) -> Statement:
    return Statement(
        class_=row.about("Klase", parse_class),
        pupil=row.about("Skolēns"),
        month=row.about("Mēnesis", parse_month),
        issued=row.stamp("Izsniegts"),
        place=row.place,
    )


def read_exemption(row: Reader) -> Exemption:
    return Exemption(
        pupil=row.about("Skolēns"),
        class_=row.about("Klase", parse_class),
        subject=row.about("Priekšmets"),
        first=row.about("No", parse_day),
        last=row.optional("Līdz", parse_day),
    )


def read_document(row: Reader) -> Document:
    return Document(
        kind=parse_document(row.about("Dokuments") or ""),
        class_=row.optional("Klase", parse_class),
        pupil=row.text("Skolēns"),
        teacher=row.text("Pedagogs"),
        period=row.about("Periods", parse_period),
        printed=row.stamp("Izdrukāts"),
        place=row.place,
    )


def read_class(row: Reader) -> ClassRow:
    return ClassRow(class_=row.about("Klase", parse_class), teacher=row.text("Klases audzinātājs"))


def read_workload(row: Reader) -> Workload:
    return Workload(
        teacher=row.text("Pedagogs"),
        subject=row.about("Priekšmets"),
        class_=row.about("Klase", parse_class),
        first=row.optional("No", parse_day),
        last=row.optional("Līdz", parse_day),
    )


def read_slot(row: Reader) -> Slot:
    numbers = row.about("Stunda", parse_lessons)
    return Slot(
        class_=row.about("Klase", parse_class),
        weekday=row.about("Nedēļas diena", parse_weekday),
        number=numbers[0] if numbers else 0,
        subject=row.about("Priekšmets"),
        teacher=row.text("Pedagogs"),
        first=row.optional("Spēkā no", parse_day),
        last=row.optional("Spēkā līdz", parse_day),
        place=row.place,
    )


@dataclass
class Journal:
    """Everything that was read: the rows that stand, and of the lessons also those that do not."""

    tables: Tables
    problems: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.all_lessons: list[Lesson] = self.read("lessons", read_lesson, all_rows=True)
        self.lessons = [lesson for lesson in self.all_lessons if lesson.stands]
        self.marks: list[Mark] = self.read("marks", read_mark)
        self.absences: list[Absence] = self.read("absences", read_absence)
        self.covers: list[Cover] = self.read("notes", read_note) + self.read("events", read_event)
        self.contacts: list[Contact] = self.read("contacts", read_contact)
        self.statements: list[Statement] = self.read("statements", read_statement)
        self.all_exemptions: list[Exemption] = self.read("exemptions", read_exemption, all_rows=True)
        self.exemptions = [
            row for row in self.all_exemptions if None not in (row.pupil, row.class_, row.subject, row.first)
        ]
        self.documents: list[Document] = self.read("documents", read_document)
        self.classes: list[ClassRow] = self.read("classes", read_class)
        self.workloads: list[Workload] = self.read("workloads", read_workload)
        self.timetable: list[Slot] = self.read("timetable", read_slot)

    def read(self, kind: str, read_row: Callable[[Reader], Any], all_rows: bool = False) -> list[Any]:
        read = []
        # The header is row 1 of the file.
        for number, cells in enumerate(self.tables.get(kind, []), start=2):
            reader = Reader(kind, number, cells, self.problems)
            row = read_row(reader)
            if reader.stands or all_rows:
                read.append(row)
        return read

    def has(self, *kinds: str) -> bool:
        return all(kind in self.tables for kind in kinds)

    def has_column(self, kind: str, *columns: str) -> bool:
        """Does the export have any of these columns?"""
        return kind in self.tables and any(column in self.tables[kind][0] for column in columns)

    def class_teacher(self, class_: str) -> str | None:
        # Open: a class with two class teachers is borne by both, as in 8.
        return joined(row.teacher for row in self.classes if row.class_ == class_)


# --- Duties and defects -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class About:
    """What a duty or a defect is about, as a finding shows it."""

    bearer: str | None
    role: str
    on: date
    class_: str | None = None
    subject: str | None = None
    pupil: str | None = None
    lesson: int | None = None
    period: str | None = None


@dataclass(frozen=True)
class Done:
    when: When
    place: Place | None


@dataclass(frozen=True)
class Duty:
    about: About
    due: datetime
    done: Done | None
    place: Place | None  # of the entry judged, or what stands for it while it is not there
    exists_from: date | None = None  # `on`, unless it is owed from earlier


@dataclass(frozen=True)
class Defect:
    about: About
    reason: str | None
    place: Place


Demands = Iterator[Duty | Defect]


def earliest(entries: Iterable[Done], as_of: datetime) -> Done | None:
    """Of several entries that would do, the earliest; what comes after as_of is not made yet. One without a
    usable stamp may have been first: then the earliest is somewhere up to the first that is known."""
    made = [entry for entry in entries if is_made(entry.when, as_of)]
    if not made:
        return None
    first = min(made, key=lambda entry: (entry.when.start, entry.when.end))
    end = min(entry.when.end for entry in made)
    return Done(When(first.when.start, end, first.when.shown), first.place)


# --- 1: contacts --------------------------------------------------------------------------------------------


def pupils_of(journal: Journal) -> dict[tuple[str, str], list[Contact]]:
    """A pupil is a name and a class; a pupil has a row a parent."""
    pupils: dict[tuple[str, str], list[Contact]] = {}
    for row in journal.contacts:
        pupils.setdefault((row.pupil, row.class_), []).append(row)
    return pupils


def is_at_school(rows: list[Contact], on: date) -> bool:
    # Open: where the rows of one pupil disagree, any of them that says "not here" is believed.
    came_later = any(row.enrolled is not None and row.enrolled > on for row in rows)
    left_before = any(row.left is not None and row.left < on for row in rows)
    return not came_later and not left_before


def contact_duties(journal: Journal, as_of: datetime, done_in: Callable[[Contact], When | None]) -> Demands:
    year = year_of(as_of.date())
    on = year_begins(year)
    since = date(year, 8, 1)
    for (pupil, class_), rows in pupils_of(journal).items():
        if not is_at_school(rows, on):
            continue
        entries = []
        for row in rows:
            when = done_in(row)
            if when is not None and (not when.is_told or when.day >= since):
                entries.append(Done(when, row.place))
        about = About(journal.class_teacher(class_), "class_teacher", on, class_, pupil=pupil)
        yield Duty(about, end_of_day(date(year, 9, 30)), earliest(entries, as_of), rows[0].place)


def contacts_1(journal: Journal, as_of: datetime) -> Demands:
    return contact_duties(journal, as_of, lambda row: row.updated if row.phones_are_valid else None)


def informed_1(journal: Journal, as_of: datetime) -> Demands:
    return contact_duties(journal, as_of, lambda row: row.informed)


# --- 2: the daily entries -----------------------------------------------------------------------------------


def about_lesson(lesson: Lesson) -> About:
    assert lesson.day is not None
    number = lesson.slots[0] if lesson.slots else None
    return About(lesson.teacher or None, "subject_teacher", lesson.day, lesson.class_, lesson.subject, lesson=number)


def due_that_day(day: date) -> datetime:
    return datetime.combine(day, DAILY_ENTRIES_BY)


def lesson_duty(lesson: Lesson, when: When | None, as_of: datetime) -> Duty:
    assert lesson.day is not None
    done = Done(when, lesson.place) if when is not None and is_made(when, as_of) else None
    return Duty(about_lesson(lesson), due_that_day(lesson.day), done, lesson.place)


def lesson_2(journal: Journal, as_of: datetime) -> Demands:
    for lesson in journal.lessons:
        when = lesson.entered
        # Open: any stamp that is not blank shows the lesson, an unreadable one too.
        shown = (
            lesson.topic
            or lesson.homework
            or lesson.topic_entered
            or lesson.absences_entered
            or lesson.homework_entered
        )
        if when is None and shown:
            when = SOME_TIME
        yield lesson_duty(lesson, when, as_of)


def topic_is_there(lesson: Lesson) -> When | None:
    """When the topic was written; None without a topic. An unreadable stamp of its own is not replaced."""
    if not lesson.topic:
        return None
    return lesson.topic_entered or lesson.entered or SOME_TIME


def topic_2(journal: Journal, as_of: datetime) -> Demands:
    for lesson in journal.lessons:
        yield lesson_duty(lesson, topic_is_there(lesson), as_of)


def attendance_2(journal: Journal, as_of: datetime) -> Demands:
    for lesson in journal.lessons:
        yield lesson_duty(lesson, lesson.absences_entered, as_of)


def homework_2(journal: Journal, as_of: datetime) -> Demands:
    for lesson in journal.lessons:
        if lesson.homework and lesson.homework.casefold() not in WORDS_FOR_NO_HOMEWORK:
            yield lesson_duty(lesson, lesson.homework_entered or lesson.entered or SOME_TIME, as_of)


def about_absence(absence: Absence, bearer: str | None, role: str, on: date) -> About:
    number = absence.slots[0] if absence.slots else None
    return About(bearer, role, on, absence.class_, absence.subject or None, absence.pupil, number)


def absence_2(journal: Journal, as_of: datetime) -> Demands:
    for absence in journal.absences:
        when = absence.entered or SOME_TIME  # an absence row shows itself
        about = about_absence(absence, absence.teacher or None, "subject_teacher", absence.day)
        done = Done(when, absence.place) if is_made(when, as_of) else None
        yield Duty(about, due_that_day(absence.day), done, absence.place)


def unrecorded_2(journal: Journal, as_of: datetime) -> Demands:
    # Open: any row with a readable day tells it, whatever else is wrong with the row and whatever its class.
    days_with_lessons = [lesson.day for lesson in journal.all_lessons if lesson.day is not None]
    if not days_with_lessons:
        return
    day = min(days_with_lessons)
    while day <= as_of.date():
        slots: dict[tuple[str, int], list[Slot]] = {}
        for row in journal.timetable:
            in_validity = (row.first is None or row.first <= day) and (row.last is None or day <= row.last)
            if row.weekday == day.isoweekday() and in_validity and is_school_day(day, row.class_):
                slots.setdefault((row.class_, row.number), []).append(row)
        for (class_, number), rows in slots.items():
            about = About(
                joined(row.teacher for row in rows),
                "subject_teacher",
                day,
                class_,
                # Open: two timetable rows for one slot show both subjects, joined as their bearers are.
                joined(row.subject for row in rows),
                lesson=number,
            )
            done = lesson_in_slot(journal, class_, day, number, as_of > due_that_day(day))
            yield Duty(about, due_that_day(day), done, rows[0].place)
        day += timedelta(days=1)


def lesson_in_slot(journal: Journal, class_: str, day: date, number: int, is_past: bool) -> Done | None:
    """Is there a lesson row for the slot (whatever else is wrong with it), or one that could be it?"""
    in_time = When(datetime.min, datetime.min, "")
    for lesson in journal.all_lessons:
        if lesson.class_ == class_ and lesson.day == day and number in (lesson.slots or ()):
            return Done(in_time, None)
    for lesson in journal.all_lessons:
        # What is blank or unreadable is None here.
        fits = (
            lesson.class_ in (class_, None)
            and lesson.day in (day, None)
            and (lesson.slots is None or number in lesson.slots)
        )
        if fits and is_past:
            return Done(SOME_TIME, None)
    return None


# --- 3: the form of a topic ---------------------------------------------------------------------------------

INDIVIDUAL_WORK = "individuālais darbs"
SAMPLE_WORDS = {"sasniedzamaisrezultāts", "temats"}


def is_individual(lesson: Lesson) -> bool:
    if lesson.journal:
        return "individuāl" in lesson.journal.casefold()
    return lesson.topic.casefold().startswith(INDIVIDUAL_WORK)


def fault_in_topic(topic: str) -> str | None:
    topic = topic.strip()
    if not topic.startswith("SR:"):
        for place in range(1, len(topic)):
            begins = topic.startswith(("SR:", "S.R.:", "SR -"), place)
            if begins and not topic[place - 1].isalpha():
                return "prefix-not-first"
        return "no-prefix"
    text = topic.removeprefix("SR:")
    for place, letter in enumerate(text):
        if letter == "/" and any(beside.isspace() for beside in text[max(place - 1, 0) : place + 2]):
            result, subject_matter = text[:place], text[place + 1 :]
            break
    else:
        return "no-separator"
    if not has_letter(result):
        return "empty-result"
    if not has_letter(subject_matter):
        return "empty-topic"
    for part in (result, subject_matter):
        bare = "".join(part.split()).translate({ord(sign): None for sign in "\"'<>„“”«»‘’‚"})
        if bare.removesuffix(".").casefold() in SAMPLE_WORDS:
            return "placeholder"
    return None


def fault_in_individual_work(topic: str, pupils: str | None) -> str | None:
    topic = topic.strip()
    if not topic.casefold().startswith(INDIVIDUAL_WORK):
        return "no-prefix"
    _, opening, rest = topic.partition("(")
    subjects, closing, subject_matter = rest.partition(")")
    if not opening or not closing or not has_letter(subjects):
        return "no-subject"
    if not has_letter(subject_matter):
        return "no-topic"
    if pupils == "":
        return "no-pupils"
    return None


def topic_3_1(journal: Journal, as_of: datetime) -> Demands:
    for lesson in journal.lessons:
        when = topic_is_there(lesson)
        if when is None or not is_made(when, as_of) or is_individual(lesson):
            continue
        reason = fault_in_topic(lesson.topic)
        if reason:
            yield Defect(about_lesson(lesson), reason, lesson.place)


def individual_3_2(journal: Journal, as_of: datetime) -> Demands:
    for lesson in journal.lessons:
        when = topic_is_there(lesson)
        if when is None or not is_made(when, as_of) or not is_individual(lesson):
            continue
        reason = fault_in_individual_work(lesson.topic, lesson.pupils)
        if reason:
            yield Defect(about_lesson(lesson), reason, lesson.place)


# --- 4: absences and what justifies them --------------------------------------------------------------------


def covers(cover: Cover, absence: Absence) -> bool:
    """A note has one class and one pupil. An event with both lists needs both, with none it covers nobody."""
    if not cover.first <= absence.day <= cover.last:
        return False
    if not cover.classes and not cover.pupils:
        return False
    names_the_class = not cover.classes or absence.class_ in cover.classes
    names_the_pupil = not cover.pupils or absence.pupil in cover.pupils
    return names_the_class and names_the_pupil


def covers_of(journal: Journal, absence: Absence, as_of: datetime) -> list[Cover]:
    return [
        cover
        for cover in journal.covers
        if covers(cover, absence) and cover.received is not None and is_made(cover.received, as_of)
    ]


def entered_absences(journal: Journal, as_of: datetime) -> list[Absence]:
    return [row for row in journal.absences if is_made(row.entered or SOME_TIME, as_of)]


def justification(absence: Absence) -> When | None:
    if absence.code not in JUSTIFIED_CODES:
        return None
    return absence.justified or absence.entered or SOME_TIME


def justified_4(journal: Journal, as_of: datetime) -> Demands:
    for absence in entered_absences(journal, as_of):
        received = [cover.received.day for cover in covers_of(journal, absence, as_of) if cover.received.is_told]
        if not received:
            continue
        on = max(min(received), absence.day)
        when = justification(absence)
        done = Done(when, absence.place) if when is not None and is_made(when, as_of) else None
        about = about_absence(absence, journal.class_teacher(absence.class_), "class_teacher", on)
        yield Duty(about, within_working_days(JUSTIFY_WITHIN, on), done, absence.place)


def unfounded_4(journal: Journal, as_of: datetime) -> Demands:
    for absence in entered_absences(journal, as_of):
        when = justification(absence)
        if when is not None and is_made(when, as_of) and not covers_of(journal, absence, as_of):
            bearer = journal.class_teacher(absence.class_)
            yield Defect(about_absence(absence, bearer, "class_teacher", absence.day), None, absence.place)


# --- 5 and 6: marks in time ---------------------------------------------------------------------------------


def mark_duty(mark: Mark, on: date, days: int, as_of: datetime) -> Duty:
    about = About(mark.teacher or None, "subject_teacher", on, mark.class_, mark.subject, mark.pupil)
    when = mark.entered or SOME_TIME
    done = Done(when, mark.place) if mark.mark and is_made(when, as_of) else None
    if mark.kind == "summative" and mark.submitted_is_unreadable:
        done = Done(SOME_TIME, mark.place)  # from when to count cannot be told
    return Duty(about, within_working_days(days, on), done, mark.place)


def formative_5(journal: Journal, as_of: datetime) -> Demands:
    for mark in journal.marks:
        if mark.kind == "formative" and mark.day is not None:
            yield mark_duty(mark, mark.day, FORMATIVE_WITHIN, as_of)


def summative_6(journal: Journal, as_of: datetime) -> Demands:
    for mark in journal.marks:
        if mark.kind != "summative":
            continue
        on = mark.submitted or mark.day
        if on is not None:
            yield mark_duty(mark, on, SUMMATIVE_WITHIN, as_of)
        elif mark.submitted_is_unreadable:
            # Open: with no other day nobody can tell when it was owed; it is judged, and undetermined.
            duty = mark_duty(mark, IN_FORCE_FROM, SUMMATIVE_WITHIN, as_of)
            yield replace(duty, exists_from=date.min)


# --- 7: monthly statements ----------------------------------------------------------------------------------


def counts_from(when: When | None, begins: date) -> bool:
    """Documents and statements count from 1 September; one whose stamp cannot be read may be of this year."""
    return when is not None and (not when.is_told or when.day >= begins)


def statement_7(journal: Journal, as_of: datetime) -> Demands:
    year = year_of(as_of.date())
    for (pupil, class_), rows in pupils_of(journal).items():
        for month in range(12):
            first = date(year + (8 + month) // 12, (8 + month) % 12 + 1, 1)
            after = (first + timedelta(days=31)).replace(day=1)
            days = [first + timedelta(days=n) for n in range((after - first).days)]
            on = days[-1]
            # The month before September has no school day, so none is due in September.
            if not any(is_school_day(day, class_) for day in days) or not is_at_school(rows, on):
                continue
            entries = [
                Done(row.issued, row.place)
                for row in journal.statements
                if row.issued is not None
                and (row.pupil, row.class_, row.month) == (pupil, class_, f"{first:%Y-%m}")
                and counts_from(row.issued, year_begins(year))
            ]
            bearer = journal.class_teacher(class_)
            about = About(bearer, "class_teacher", on, class_, pupil=pupil, period=f"{first:%Y-%m}")
            due = end_of_day(after.replace(day=STATEMENT_BY_DAY))
            yield Duty(about, due, earliest(entries, as_of), None)


# --- 8: semester and annual marks ---------------------------------------------------------------------------


def day_of_mark(mark: Mark, as_of: datetime) -> date:
    """The day by which a mark belongs to a school year."""
    return dated(mark) or as_of.date()


def dated(mark: Mark) -> date | None:
    if mark.day is not None:
        return mark.day
    if mark.entered is not None and mark.entered.is_told:
        return mark.entered.day
    return None


def is_of(mark: Mark, pupil: str, class_: str, subject: str) -> bool:
    return (mark.pupil, mark.class_) == (pupil, class_) and same_subject(mark.subject, subject)


def entered_by(mark: Mark, as_of: datetime) -> bool:
    return is_made(mark.entered or SOME_TIME, as_of)


def runs(workload: Workload, first: date, last: date) -> bool:
    """Does it run at some time between the two days?"""
    begun = workload.first is None or workload.first <= last
    return begun and (workload.last is None or workload.last >= first)


def is_in_semester(mark: Mark, year: int, period: str) -> bool:
    if mark.period in ("1", "2"):
        return mark.period == period
    day = dated(mark)
    return day is not None and semester_begins(year, period) <= day <= ends(year, period, mark.class_)


def bearer_of_8(
    journal: Journal, pupil: str, class_: str, subject: str, year: int, period: str, as_of: datetime
) -> str | None:
    """The teacher of the newest mark in that semester or year; without one, the teachers of the workload.

    Open: a mark with a period is in that semester, another in the one that its day falls in (a day outside of
    both is in neither). Marks of one newest day share the duty; naming no teacher, they leave it to the
    workload."""
    marks = [mark for mark in journal.marks if is_of(mark, pupil, class_, subject)]
    marks = [mark for mark in marks if mark.mark and entered_by(mark, as_of)]
    marks = [mark for mark in marks if year_of(day_of_mark(mark, as_of)) == year]
    if period != "year":
        marks = [mark for mark in marks if is_in_semester(mark, year, period)]
    newest = max(((dated(mark) or date.min) for mark in marks), default=None)
    teacher = joined(mark.teacher for mark in marks if (dated(mark) or date.min) == newest)
    end = ends(year, period, class_)
    workloads = [row for row in journal.workloads if row.class_ == class_ and runs(row, end, end)]
    return teacher or joined(row.teacher for row in workloads if same_subject(row.subject, subject))


def final_marks(journal: Journal, as_of: datetime, period: str, kinds: set[str]) -> Demands:
    year = year_of(as_of.date())
    for (pupil, class_), rows in pupils_of(journal).items():
        end = ends(year, period, class_)
        subjects: dict[str, str] = {}
        for workload in journal.workloads:
            if workload.class_ == class_ and runs(workload, end, end):
                subjects.setdefault(workload.subject.casefold(), workload.subject)
        for subject in subjects.values():
            if not is_at_school(rows, end):
                continue
            entries = [
                Done(mark.entered or SOME_TIME, mark.place)
                for mark in journal.marks
                if is_of(mark, pupil, class_, subject)
                and mark.kind in kinds
                and mark.mark
                and (period == "year" or mark.period == period)
                and year_of(day_of_mark(mark, as_of)) == year
            ]
            about = About(
                bearer_of_8(journal, pupil, class_, subject, year, period, as_of),
                "subject_teacher",
                end,
                class_,
                subject,
                pupil,
                period=period,
            )
            owed_from = year_begins(year) if period == "year" else semester_begins(year, period)
            yield Duty(about, end_of_day(end - MARKS_BEFORE_END), earliest(entries, as_of), None, owed_from)


def semester_8(journal: Journal, as_of: datetime) -> Demands:
    yield from final_marks(journal, as_of, "1", {"semester"})
    yield from final_marks(journal, as_of, "2", {"semester"})


def year_8(journal: Journal, as_of: datetime) -> Demands:
    yield from final_marks(journal, as_of, "year", {"annual", "final"})


def changed_later(mark: Mark, as_of: datetime) -> bool:
    return mark.changed is not None and not is_made(mark.changed, as_of)


def mark_at(mark: Mark, as_of: datetime) -> str:
    """What the mark was as of as_of. Before its last change it was the previous one; where that is not told
    (Open: a blank cell or no such column) nothing is known of it, and nobody is held to it."""
    return mark.previous if changed_later(mark, as_of) else mark.mark


def was_there(mark: Mark, as_of: datetime) -> bool:
    return entered_by(mark, as_of) and bool(mark.mark or (changed_later(mark, as_of) and mark.previous))


def corrected_marks(journal: Journal, as_of: datetime) -> Iterator[tuple[Mark, date]]:
    """The annual marks changed after they were due, with the year's end of their class. A mark row is an
    entry, so it belongs to the year of its own day, which may be an earlier one than that of as_of.

    Open: a mark that was blanked is no annual mark; one whose first entry comes after as_of is none yet."""
    for mark in journal.marks:
        year = year_of(day_of_mark(mark, as_of))
        if mark.kind != "annual" or year not in SCHOOL_YEARS or not mark.mark or not entered_by(mark, as_of):
            continue
        end = ends(year, "year", mark.class_)
        changed = mark.changed
        if changed and is_made(changed, as_of) and changed.start > end_of_day(end - MARKS_BEFORE_END):
            yield mark, end


def about_annual(mark: Mark, on: date) -> About:
    return About(mark.teacher or None, "subject_teacher", on, mark.class_, mark.subject, mark.pupil, period="year")


def correction_8_1(journal: Journal, as_of: datetime) -> Demands:
    for mark, end in corrected_marks(journal, as_of):
        assert mark.changed is not None
        yield Duty(about_annual(mark, end), end_of_day(end), Done(mark.changed, mark.place), mark.place)


def unfounded_8_1(journal: Journal, as_of: datetime) -> Demands:
    for mark, _ in corrected_marks(journal, as_of):
        changed = mark.changed
        assert changed is not None
        founded = False
        # Open: a combined mark of any school year counts (the pupil's class tells the year well enough).
        for other in journal.marks:
            if other.kind != "combined" or not is_of(other, mark.pupil, mark.class_, mark.subject):
                continue
            if not was_there(other, as_of):
                continue
            entered = other.entered or SOME_TIME
            if not entered.is_told:
                founded = True
            elif entered.has_clock and changed.has_clock:
                founded = founded or entered.start <= changed.start
            else:
                founded = founded or entered.day <= changed.day
        if not founded:
            yield Defect(about_annual(mark, changed.day), None, mark.place)


def annual_marks_to_reexamine(journal: Journal, year: int, as_of: datetime) -> list[Mark]:
    return [
        mark
        for mark in journal.marks
        if mark.kind == "annual"
        and grade_of(mark.class_) in GRADES_WITH_REEXAMINATION
        and year_of(day_of_mark(mark, as_of)) == year
        and entered_by(mark, as_of)
        and mark_at(mark, as_of) in MARKS_TO_REEXAMINE
    ]


def year_of_reexamination(journal: Journal, mark: Mark, as_of: datetime) -> int:
    """A re-examination from 1 September to 31 December is of the year before where that year owes one."""
    day = day_of_mark(mark, as_of)
    year = year_of(day)
    if day.month >= 9:
        for annual in annual_marks_to_reexamine(journal, year - 1, as_of):
            if is_of(annual, mark.pupil, mark.class_, mark.subject):
                return year - 1
    return year


def reexam_8_2(journal: Journal, as_of: datetime) -> Demands:
    year = year_of(as_of.date())
    years = [year - 1, year] if as_of.month >= 9 else [year]
    for owing_year in years:
        if owing_year not in SCHOOL_YEARS:
            continue
        # Open: one duty a pupil and subject if any annual mark of theirs is low, borne by those who gave it.
        owing: dict[tuple[str, str, str], list[Mark]] = {}
        for mark in annual_marks_to_reexamine(journal, owing_year, as_of):
            owing.setdefault((mark.pupil, mark.class_, mark.subject.casefold()), []).append(mark)
        for (pupil, class_, subject), annuals in owing.items():
            entries = [
                Done(mark.entered or SOME_TIME, mark.place)
                for mark in journal.marks
                if mark.kind == "re-examination"
                and is_of(mark, pupil, class_, subject)
                and was_there(mark, as_of)
                and year_of_reexamination(journal, mark, as_of) == owing_year
            ]
            about = About(
                joined(mark.teacher for mark in annuals),
                "subject_teacher",
                ends(owing_year, "year", class_),
                class_,
                annuals[0].subject,
                pupil,
                period="year",
            )
            yield Duty(about, end_of_day(date(owing_year + 1, 8, 31)), earliest(entries, as_of), None)


# --- 9: exempted pupils -------------------------------------------------------------------------------------


def is_exempt(journal: Journal, mark: Mark, on: date) -> bool:
    for row in journal.exemptions:
        same_pupil = (row.pupil, row.class_) == (mark.pupil, mark.class_)
        if same_pupil and same_subject(row.subject, mark.subject) and row.first <= on <= (row.last or on):
            return True
    return False


def is_misspelt_exemption(mark: str, class_: str) -> bool:
    if grade_of(class_) in GRADES_WITH_LEVELS and mark == "A":
        return False  # the level "apguvis"
    plain = unicodedata.normalize("NFD", mark.casefold())
    letters = "".join(letter for letter in plain if letter.isalpha())
    return bool(letters) and ("atbrivots".startswith(letters) or "atbrivota".startswith(letters))


def final_marks_given(journal: Journal, as_of: datetime) -> Iterator[tuple[Mark, str, About]]:
    """Each semester and annual mark entered by as_of, what it was then, and the end that it stands at."""
    for mark in journal.marks:
        year = year_of(day_of_mark(mark, as_of))
        period = "year" if mark.kind == "annual" else mark.period
        if mark.kind not in ("semester", "annual") or year not in SCHOOL_YEARS or period is None:
            continue
        if not entered_by(mark, as_of) or not mark_at(mark, as_of):
            continue
        on = ends(year, period, mark.class_)
        yield (
            mark,
            mark_at(mark, as_of),
            About(
                mark.teacher or None,
                "subject_teacher",
                on,
                mark.class_,
                mark.subject,
                mark.pupil,
                period=period,
            ),
        )


def exempt_9(journal: Journal, as_of: datetime) -> Demands:
    for mark, given, about in final_marks_given(journal, as_of):
        if is_exempt(journal, mark, about.on) and given != "atb":
            reason = "misspelt" if is_misspelt_exemption(given, mark.class_) else "other-mark"
            yield Defect(about, reason, mark.place)


def unfounded_9(journal: Journal, as_of: datetime) -> Demands:
    # "no exemption": none that holds at that end, as in 9-exempt. Open: one whose No is blank or unreadable
    # may hold, so it is not said that there is none.
    for mark, given, about in final_marks_given(journal, as_of):
        perhaps = any(
            row.first is None
            and (row.pupil, row.class_) == (mark.pupil, mark.class_)
            and same_subject(row.subject, mark.subject)
            and about.on <= (row.last or about.on)
            for row in journal.all_exemptions
        )
        if given == "atb" and not perhaps and not is_exempt(journal, mark, about.on):
            yield Defect(about, None, mark.place)


# --- 10 and 11: papers --------------------------------------------------------------------------------------


def printed(journal: Journal, kind: str, as_of: datetime, is_it: Callable[[Document], bool]) -> Done | None:
    begins = year_begins(year_of(as_of.date()))
    return earliest(
        [
            Done(document.printed, document.place)
            for document in journal.documents
            if document.kind == kind
            and document.printed is not None
            and counts_from(document.printed, begins)
            and is_it(document)
        ],
        as_of,
    )


def is_of_pupil(document: Document, pupil: str, class_: str) -> bool:
    """Of the pupil (by name alone where the document gives no class), or of the class and no pupil."""
    if document.pupil:
        return document.pupil == pupil and document.class_ in (class_, None)
    return document.class_ == class_


def report_10(journal: Journal, as_of: datetime) -> Demands:
    year = year_of(as_of.date())
    people = {row.teacher for row in journal.workloads} | {row.teacher for row in journal.classes}
    for person in sorted(people - {""}):
        teaches = [row for row in journal.workloads if row.teacher == person]
        for period in ("1", "2"):
            classes = {row.class_ for row in journal.classes if row.teacher == person}
            # Open: a workload runs in a semester when it does so on some day of it, and only the classes of
            # such workloads count for the latest end. The role asks for any workload at all.
            for row in teaches:
                if runs(row, semester_begins(year, period), ends(year, period, row.class_)):
                    classes.add(row.class_)
            if not classes:
                continue
            on = max(ends(year, period, class_) for class_ in classes)
            about = About(person, "subject_teacher" if teaches else "class_teacher", on, period=period)

            def is_it(document: Document, person: str = person, period: str = period) -> bool:
                return document.teacher == person and document.period == period

            done = printed(journal, "report", as_of, is_it)
            yield Duty(about, within_working_days(REPORT_WITHIN, on), done, None)


def report_card_11(journal: Journal, as_of: datetime) -> Demands:
    year = year_of(as_of.date())
    for (pupil, class_), rows in pupils_of(journal).items():
        for period in ("1", "2"):
            on = ends(year, period, class_)
            if not is_at_school(rows, on):
                continue
            about = About(journal.class_teacher(class_), "class_teacher", on, class_, pupil=pupil, period=period)

            def is_it(document: Document, pupil: str = pupil, class_: str = class_, period: str = period) -> bool:
                return is_of_pupil(document, pupil, class_) and document.period == period

            done = printed(journal, "report card", as_of, is_it)
            yield Duty(about, within_working_days(REPORT_CARD_WITHIN, on), done, None)


def summary_journal_11(journal: Journal, as_of: datetime) -> Demands:
    year = year_of(as_of.date())
    for class_ in sorted({row.class_ for row in journal.classes}):
        on = ends(year, "year", class_)
        about = About(journal.class_teacher(class_), "class_teacher", on, class_, period="year")

        def is_it(document: Document, class_: str = class_) -> bool:
            return document.class_ == class_

        done = printed(journal, "summary journal", as_of, is_it)
        yield Duty(about, within_working_days(YEAR_PAPERS_WITHIN, on), done, None)


def personal_file_11(journal: Journal, as_of: datetime) -> Demands:
    year = year_of(as_of.date())
    for (pupil, class_), rows in pupils_of(journal).items():
        on = ends(year, "year", class_)
        if not is_at_school(rows, on):
            continue
        about = About(journal.class_teacher(class_), "class_teacher", on, class_, pupil=pupil, period="year")

        def is_it(document: Document, pupil: str = pupil, class_: str = class_) -> bool:
            return is_of_pupil(document, pupil, class_)

        done = printed(journal, "personal file", as_of, is_it)
        yield Duty(about, within_working_days(YEAR_PAPERS_WITHIN, on), done, None)


# --- Which checks there are, and what each needs ------------------------------------------------------------


@dataclass(frozen=True)
class Check:
    name: str
    severity: str
    demands: Callable[[Journal, datetime], Demands]
    can_be_audited: Callable[[Journal], bool]
    needs_the_year: bool = False  # of as_of, in the calendar


CHECKS = [
    Check("1-contacts", "warning", contacts_1, lambda j: j.has("contacts")),
    Check("1-informed", "warning", informed_1, lambda j: j.has_column("contacts", "Vecāki informēti")),
    Check("2-lesson", "violation", lesson_2, lambda j: j.has_column("lessons", "Ievadīts")),
    Check("2-unrecorded", "violation", unrecorded_2, lambda j: j.has("lessons", "timetable")),
    Check("2-topic", "violation", topic_2, lambda j: j.has("lessons")),
    Check("2-absence", "violation", absence_2, lambda j: j.has_column("absences", "Ievadīts")),
    Check("2-attendance", "violation", attendance_2, lambda j: j.has_column("lessons", "Kavējumi ievadīti")),
    Check(
        "2-homework",
        "violation",
        homework_2,
        lambda j: (
            j.has_column("lessons", "Mājas darbs") and j.has_column("lessons", "Mājas darbs ievadīts", "Ievadīts")
        ),
    ),
    Check("3.1-topic", "violation", topic_3_1, lambda j: j.has("lessons")),
    Check("3.2-individual", "violation", individual_3_2, lambda j: j.has("lessons")),
    Check(
        "4-justified",
        "warning",
        justified_4,
        lambda j: j.has("absences") and (j.has("notes") or j.has("events")),
    ),
    Check("4-unfounded", "warning", unfounded_4, lambda j: j.has("absences", "notes", "events")),
    Check("5-formative", "violation", formative_5, lambda j: j.has_column("marks", "Darba datums")),
    Check("6-summative", "violation", summative_6, lambda j: j.has_column("marks", *MARK_DATES)),
    Check("7-statement", "violation", statement_7, lambda j: j.has("statements", "contacts"), True),
    Check("8-semester", "violation", semester_8, lambda j: j.has("marks", "contacts", "workloads"), True),
    Check("8-year", "violation", year_8, lambda j: j.has("marks", "contacts", "workloads"), True),
    Check("8.1-correction", "violation", correction_8_1, lambda j: j.has_column("marks", "Labots")),
    Check("8.1-unfounded", "violation", unfounded_8_1, lambda j: j.has_column("marks", "Labots")),
    Check("8.2-reexam", "warning", reexam_8_2, lambda j: j.has("marks")),
    Check("9-exempt", "violation", exempt_9, lambda j: j.has("exemptions", "marks")),
    Check("9-unfounded", "warning", unfounded_9, lambda j: j.has("exemptions", "marks")),
    Check(
        "10-report",
        "warning",
        report_10,
        lambda j: j.has_column("documents", "Pedagogs") and (j.has("workloads") or j.has("classes")),
        True,
    ),
    Check("11-report-card", "warning", report_card_11, lambda j: j.has("documents", "contacts"), True),
    Check("11-summary-journal", "warning", summary_journal_11, lambda j: j.has("documents", "classes"), True),
    Check("11-personal-file", "warning", personal_file_11, lambda j: j.has("documents", "contacts"), True),
]

# --- The judgement, the same for every duty -----------------------------------------------------------------


def verdict_of(duty: Duty, as_of: datetime) -> str:
    if duty.done is None:
        return "overdue" if as_of > duty.due else "pending"
    if duty.done.when.end <= duty.due:
        return "fulfilled"
    if duty.done.when.start > duty.due:
        return "late"
    return "undetermined"


def finding_of(check: Check, demand: Duty | Defect, verdict: str, as_of: datetime) -> dict[str, Any]:
    about, place = demand.about, demand.place
    finding: dict[str, Any] = {
        "check": check.name,
        "severity": check.severity,
        "verdict": verdict,
        "reason": None,
        "bearer": about.bearer,
        "role": about.role,
        "class": about.class_,
        "subject": about.subject,
        "pupil": about.pupil,
        "on": about.on.isoformat(),
        "lesson": about.lesson,
        "period": about.period,
        "due_at": None,
        "done_at": None,
        "working_days_late": None,
    }
    if isinstance(demand, Defect):
        finding["reason"] = demand.reason
    else:
        last = as_of.date()
        if demand.done is not None:
            last, place = demand.done.when.day, demand.done.place
            finding["done_at"] = demand.done.when.shown
        finding["due_at"] = demand.due.isoformat()
        finding["working_days_late"] = working_days_after(demand.due.date(), last)
    return finding | {"file": place.file if place else None, "row": place.row if place else None}


def audit(tables: Tables, as_of: datetime) -> dict[str, Any]:
    """The answer of section 5, as far as it is compared: checks, findings and data problems."""
    journal = Journal(tables)
    checks, findings = [], []
    verdicts = ("fulfilled", "late", "overdue", "pending", "undetermined", "defects", "not_in_force")
    for check in CHECKS:
        counts = dict.fromkeys(verdicts, 0)
        found = []
        year_is_known = year_of(as_of.date()) in SCHOOL_YEARS or not check.needs_the_year
        is_audited = year_is_known and check.can_be_audited(journal)
        for demand in check.demands(journal, as_of) if is_audited else ():
            if isinstance(demand, Duty) and (demand.exists_from or demand.about.on) > as_of.date():
                continue
            if demand.about.on < IN_FORCE_FROM:
                counts["not_in_force"] += 1
            elif isinstance(demand, Defect):
                counts["defects"] += 1
                found.append(finding_of(check, demand, "defect", as_of))
            else:
                verdict = verdict_of(demand, as_of)
                counts[verdict] += 1
                if verdict in ("late", "overdue"):
                    found.append(finding_of(check, demand, verdict, as_of))
        status = "not_audited" if not is_audited else "findings" if found else "clean"
        checks.append({"check": check.name, "status": status, **counts})
        findings += found
    return {"checks": checks, "findings": findings, "data_problems": journal.problems}
