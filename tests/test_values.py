"""The forms in which dates, lessons, classes, marks and lists are written, and what is none of them."""

from __future__ import annotations

import itertools
import unicodedata
from datetime import date, datetime, time

import pyarrow as pa
import pytest

from eklase_audit.clauses.c01_contacts import has_valid_phone
from eklase_audit.exports import values
from eklase_audit.exports.texts import Texts, Unreadable, clean, split_list
from eklase_audit.exports.workbook import cell_text, dated_text, month_text
from eklase_audit.moments import day_number, to_date

NBSP, THIN, ZERO_WIDTH, SOFT_HYPHEN = "\u00a0", "\u2009", "\u200b", "\u00ad"


def stamp(text: str) -> str:
    """A date and time as ISO writes it; the date alone where there is no clock."""
    head, tail = values.split_stamp(clean(text))
    day = to_date(values.day(head)).isoformat()
    if not tail:
        return day
    seconds = values.clock(tail)
    return f"{day}T{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def day(text: str) -> str:
    return to_date(values.day_of_stamp(clean(text))).isoformat()


def month(text: str) -> str:
    year, number = divmod(values.month(clean(text)), 12)
    return f"{year}-{number + 1:02d}"


def school_class(text: str) -> tuple[str, int, str]:
    return values.school_class(clean(text))


def refused(read: object, text: str) -> bool:
    assert callable(read)
    try:
        read(text)
    except Unreadable:
        return True
    return False


# ---- dates and moments

DAYS = [
    "08.12.2025",
    "08.12.2025.",
    "8.12.2025",
    "8.12.2025.",
    "2025-12-08",
    "08/12/2025",
    " 08.12.2025 ",
    f"08.12.2025{NBSP}",
    f"{ZERO_WIDTH}08.12.2025",
    # A time in a column of days is no fault: the day is what counts.
    "08.12.2025 16:05",
]


@pytest.mark.parametrize("text", DAYS)
def test_a_day(text: str) -> None:
    assert day(text) == "2025-12-08"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("29.02.2028", "2028-02-29"),
        ("01.02.2026", "2026-02-01"),
        ("1.2.2026", "2026-02-01"),
        ("01/02/2026", "2026-02-01"),
        ("31.12.2025.", "2025-12-31"),
        ("01.01.2000", "2000-01-01"),
        ("31.12.2099", "2099-12-31"),
    ],
)
def test_the_day_stands_before_the_month(text: str, expected: str) -> None:
    assert day(text) == expected


NO_DAYS = [
    "31.02.2026",
    "29.02.2026",
    "31.04.2026",
    "00.12.2025",
    "32.12.2025",
    "08.00.2025",
    "08.13.2025",
    "12/31/2025",
    "2025-13-01",
    "2025-02-30",
    "08.12.25",
    "08.12.0205",
    "08.12.1999",
    "08.12.2100",
    "08.12.2205",
    "08.12.20255",
    "08.12.",
    "08.12",
    "08.12.2025..",
    "08-12-2025",
    "2025.12.08",
    "2025/12/08",
    "20251208",
    "8. decembris",
    "46000",
    "8",
    "08.12.2025 x",
    "08.12.2025 25:00",
    "x08.12.2025",
    "-",
    "šodien",
]


@pytest.mark.parametrize("text", NO_DAYS)
def test_no_day(text: str) -> None:
    assert refused(day, text)


STAMPS = {
    "08.12.2025 16:05": "2025-12-08T16:05:00",
    "08.12.2025. 16:05": "2025-12-08T16:05:00",
    "8.12.2025 16:05": "2025-12-08T16:05:00",
    "2025-12-08 16:05": "2025-12-08T16:05:00",
    "08/12/2025 16:05": "2025-12-08T16:05:00",
    "08.12.2025 16:05:30": "2025-12-08T16:05:30",
    "2025-12-08T16:05:00": "2025-12-08T16:05:00",
    "2025-12-08T16:05": "2025-12-08T16:05:00",
    "08.12.2025 plkst. 16:05": "2025-12-08T16:05:00",
    "08.12.2025. plkst. 9.05": "2025-12-08T09:05:00",
    "08.12.2025 Plkst. 16:05": "2025-12-08T16:05:00",
    "08.12.2025 16.05": "2025-12-08T16:05:00",
    "08.12.2025. 16.05": "2025-12-08T16:05:00",
    "08.12.2025 9:05": "2025-12-08T09:05:00",
    "08.12.2025. 9:05": "2025-12-08T09:05:00",
    "08.12.2025  16:05": "2025-12-08T16:05:00",
    f"08.12.2025{NBSP}16:05": "2025-12-08T16:05:00",
    f"08.12.2025{THIN}16:05{ZERO_WIDTH}": "2025-12-08T16:05:00",
    "08.12.2025 00:00": "2025-12-08T00:00:00",
    "08.12.2025 23:59:59": "2025-12-08T23:59:59",
    # Without a clock time.
    "08.12.2025": "2025-12-08",
    "08.12.2025.": "2025-12-08",
    "2025-12-08": "2025-12-08",
}


@pytest.mark.parametrize(("text", "expected"), STAMPS.items())
def test_a_moment(text: str, expected: str) -> None:
    assert stamp(text) == expected


NO_STAMPS = [
    "08.12.2025 24:00",
    "08.12.2025 16:60",
    "08.12.2025 16:05:60",
    "08.12.2025 16",
    "08.12.2025 1605",
    "08.12.2025 16:5",
    "08.12.2025 116:05",
    "08.12.2025 -1:05",
    "08.12.2025 4:05 PM",
    "08.12.2025 16:05 16:06",
    "08.12.2025,16:05",
    "31.02.2026 16:05",
    "16:05",
    "16:05 08.12.2025",
    "2025-12-08T",
    # An offset or a fraction of a second.
    "2025-12-08T16:05:00+02:00",
    "2025-12-08T16:05:00Z",
    "2025-12-08 16:05+0200",
    "08.12.2025 16:05 EET",
    "2025-12-08T16:05:00.500",
    "2025-12-08T16:05:00.000",
    "08.12.2025 16:05:30,5",
    "08.12.2025 16:05.30",
    "08.12.2025 16.05:30",
]


@pytest.mark.parametrize("text", NO_STAMPS)
def test_no_moment(text: str) -> None:
    assert refused(stamp, text)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (date(2025, 12, 8), "08.12.2025"),
        (datetime(2025, 12, 8, 16, 5), "08.12.2025 16:05"),
        (datetime(2025, 12, 8, 16, 5, 30), "08.12.2025 16:05:30"),
        # Excel has no dates, only moments: one at midnight is a day.
        (datetime(2025, 12, 8), "08.12.2025"),
        # A text at midnight is a moment: the person who wrote it meant one.
        ("08.12.2025 00:00", "08.12.2025 00:00"),
        # Excel keeps a time as a fraction of a day, so what is a hair off a second is that second.
        (datetime(2025, 12, 8, 16, 4, 59, 999_600), "08.12.2025 16:05"),
        (datetime(2025, 12, 8, 16, 5, 0, 400), "08.12.2025 16:05"),
        (3, "3"),
        (3.0, "3"),
        (7.5, "7.5"),
        (time(16, 5), "16:05:00"),
        (None, ""),
        ("", ""),
        ("7.a", "7.a"),
    ],
)
def test_the_text_of_a_cell_of_a_workbook(cell: object, text: str) -> None:
    assert cell_text(cell) == text


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (45_999, "08.12.2025"),
        (45_999.0, "08.12.2025"),
        (45_999 + (16 * 60 + 5) / 1440, "08.12.2025 16:05"),
        (36_526, "01.01.2000"),
        (73_050, "31.12.2099"),
        # Numbers that are no date of a school stay numbers, and so unreadable.
        (36_525, "36525"),
        (73_051, "73051"),
        (2025, "2025"),
        (8, "8"),
        (-1, "-1"),
        (True, "TRUE"),
        # A number written as text is a text.
        ("45999", "45999"),
    ],
)
def test_a_number_in_a_date_column_of_a_workbook(cell: object, text: str) -> None:
    assert dated_text(cell) == text


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        # A spreadsheet keeps "novembris 2025" as the first day of the month.
        (date(2025, 11, 1), "2025-11"),
        (datetime(2025, 11, 1), "2025-11"),
        (date(2025, 11, 2), "02.11.2025"),
        (datetime(2025, 11, 1, 16, 5), "01.11.2025 16:05"),
        # "11.2025" that became a number.
        (11.2025, "11.2025"),
        ("2025-11", "2025-11"),
    ],
)
def test_a_cell_in_a_month_column_of_a_workbook(cell: object, text: str) -> None:
    assert month_text(cell) == text


# ---- weekdays

WEEKDAYS = [
    ("Pirmdiena", "P.", "P", "Pr", "Pr.", "1"),
    ("Otrdiena", "O.", "O", "Ot", "Ot.", "2"),
    ("Trešdiena", "T.", "T", "Tr", "Tr.", "3"),
    ("Ceturtdiena", "C.", "C", "Ce", "Ce.", "4"),
    ("Piektdiena", "Pk.", "Pk", "PK", "pk", "5"),
    ("Sestdiena", "S.", "S", "Se", "Se.", "6"),
    ("Svētdiena", "Sv.", "Sv", "SV", "sv.", "7"),
]


@pytest.mark.parametrize(
    ("text", "number"), [(word, number) for number, words in enumerate(WEEKDAYS) for word in words]
)
def test_a_weekday(text: str, number: int) -> None:
    assert {values.weekday(clean(form)) for form in (text, text.lower(), text.upper(), f" {text}{NBSP}")} == {number}


@pytest.mark.parametrize("text", ["0", "8", "Pi", "Monday", "diena", "Pirm", "P.O.", "08.12.2025", "-"])
def test_no_weekday(text: str) -> None:
    assert refused(values.weekday, text)


# ---- lesson numbers


@pytest.mark.parametrize("number", range(21))
def test_a_lesson_number(number: int) -> None:
    for form in ("{}", "{}.", "{}. stunda", "{} stunda", "{}.stunda", "{}. STUNDA", " {}. "):
        assert values.lesson(clean(form.format(number))) == (number, number)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1-2", (1, 2)),
        ("1 - 2", (1, 2)),
        ("1–2", (1, 2)),
        ("1.-2.", (1, 2)),
        ("3-5", (3, 5)),
        ("0-1", (0, 1)),
        ("1.-2. stunda", (1, 2)),
        ("19-20", (19, 20)),
    ],
)
def test_one_entry_of_several_lessons(text: str, expected: tuple[int, int]) -> None:
    assert values.lesson(clean(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "21",
        "99",
        "100",
        "-1",
        "20-21",
        "2-1",
        "1-2-3",
        "1,2",
        "1/2",
        "1.5",
        "pirmā",
        "stunda",
        "3. gr.",
        "3a",
        "01.02.2026",
        "-",
    ],
)
def test_no_lesson_number(text: str) -> None:
    assert refused(values.lesson, text)


# ---- classes

CLASSES = {
    "12.b": ("12.b", 12, ""),
    "12b": ("12.b", 12, ""),
    "12 B": ("12.b", 12, ""),
    "12.B": ("12.b", 12, ""),
    "12.B klase": ("12.b", 12, ""),
    "12.b klase": ("12.b", 12, ""),
    "12. b": ("12.b", 12, ""),
    "12. B Klase": ("12.b", 12, ""),
    f"12.{NBSP}b": ("12.b", 12, ""),
    f"12.b{ZERO_WIDTH}": ("12.b", 12, ""),
    "7.": ("7", 7, ""),
    "7": ("7", 7, ""),
    "7. klase": ("7", 7, ""),
    "7.klase": ("7", 7, ""),
    "7 klase": ("7", 7, ""),
    "7.a": ("7.a", 7, ""),
    "7.a.": ("7.a", 7, ""),
    "1.ā": ("1.ā", 1, ""),
    "1.Š klase": ("1.š", 1, ""),
    "7.a 1. gr.": ("7.a", 7, "1. gr"),
    "7.a klase 1. grupa": ("7.a", 7, "1. grupa"),
    "7.a (angļu)": ("7.a", 7, "angļu"),
    "7. klase 2. gr.": ("7", 7, "2. gr"),
    "7. gr. 2": ("7", 7, "gr. 2"),
}


@pytest.mark.parametrize(("text", "expected"), CLASSES.items())
def test_a_class(text: str, expected: tuple[str, int, str]) -> None:
    assert school_class(text) == expected


@pytest.mark.parametrize("grade", range(1, 13))
def test_every_grade(grade: int) -> None:
    assert school_class(f"{grade}.c") == (f"{grade}.c", grade, "")


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "klase",
        "A klase",
        "VII a",
        "0.a",
        "13.a",
        "99",
        "100.a",
        "2025",
        "klase 7.a",
        "-",
        ".7a",
        # What a spreadsheet makes of "7.1" is a date and no class.
        "07.01.2026",
    ],
)
def test_no_class(text: str) -> None:
    assert refused(school_class, text)


# ---- months and periods

MONTHS = [
    ("janvāris", "janvārī"),
    ("februāris", "februārī"),
    ("marts", "martā"),
    ("aprīlis", "aprīlī"),
    ("maijs", "maijā"),
    ("jūnijs", "jūnijā"),
    ("jūlijs", "jūlijā"),
    ("augusts", "augustā"),
    ("septembris", "septembrī"),
    ("oktobris", "oktobrī"),
    ("novembris", "novembrī"),
    ("decembris", "decembrī"),
]


@pytest.mark.parametrize(("number", "words"), list(enumerate(MONTHS, 1)))
def test_a_month(number: int, words: tuple[str, str]) -> None:
    forms = [f"2025-{number:02d}", f"{number:02d}.2025", f"{number}.2025"]
    for word in words:
        forms += [f"{word} 2025", f"2025. gada {word}", f"2025.{NBSP}gada  {word}"]
    for form in forms:
        for text in (form, form.upper(), form.title(), unicodedata.normalize("NFD", form)):
            assert month(text) == f"2025-{number:02d}", text


@pytest.mark.parametrize(
    "text",
    [
        "2025-00",
        "2025-13",
        "13.2025",
        "00.2025",
        "novembris",
        "2025",
        "11",
        "nov 2025",
        "November 2025",
        "novembris 25",
        "novembris 1999",
        "1999-11",
        "11.2100",
        "11/2025",
        "2025. gada",
        "31.02.2026",
        "-",
    ],
)
def test_no_month(text: str) -> None:
    assert refused(month, text)


PERIODS = {
    1: [
        "1. semestris",
        "1. sem.",
        "1. sem",
        "1.semestris",
        "1 semestris",
        "I semestris",
        "I sem.",
        "I. semestris",
        "1",
        "1.",
        "I",
        "1. SEMESTRIS",
        "i semestris",
        f"1.{NBSP}semestris",
    ],
    2: [
        "2. semestris",
        "2. sem.",
        "2. sem",
        "2.semestris",
        "2 semestris",
        "II semestris",
        "II sem.",
        "2",
        "2.",
        "II",
        "2. Semestris",
    ],
    values.YEAR: ["Gads", "Gada", "gads", "GADA"],
}


@pytest.mark.parametrize(("number", "text"), [(number, text) for number, texts in PERIODS.items() for text in texts])
def test_a_period(number: int, text: str) -> None:
    assert values.period(clean(text)) == number


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "3",
        "3. semestris",
        "III semestris",
        "12",
        "semestris",
        "pirmais",
        "gad",
        "2025",
        "1. ceturksnis",
        "1-2",
        "-",
    ],
)
def test_no_period(text: str) -> None:
    assert refused(values.period, text)


# ---- kinds of marks

MARK_KINDS = {
    "formative": ["formatīvs", "formatīvais"],
    "summative": ["summatīvs", "summatīvais"],
    "semester": ["semestra"],
    "annual": ["gada"],
    "final": ["gala", "galīgais"],
    "combined": ["kombinētais", "kombinētā darba"],
    "reexam": ["pēcpārbaudījuma", "pēcpārbaudījums"],
}
ENDINGS = ["", " vērtējums", " darbs"]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(("kind", "word"), [(kind, word) for kind, words in MARK_KINDS.items() for word in words])
def test_a_kind_of_mark(kind: str, word: str, ending: str) -> None:
    text = word + ending
    for form in (text, text.upper(), text.capitalize(), unicodedata.normalize("NFD", text), f"{NBSP}{text} "):
        assert values.mark_kind(clean(form)) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Prognozētais vērtējums / Kombinētais darbs", "combined"),
        ("PROGNOZĒTAIS VĒRTĒJUMS / KOMBINĒTAIS DARBS", "combined"),
        ("Starpvērtējums", "other"),
        ("starpvērtējums", "other"),
        ("Valsts diagnosticējošais darbs", "other"),
        ("valsts eksāmens", "other"),
        ("Sesijas eksāmens", "other"),
    ],
)
def test_a_kind_of_mark_in_several_words(text: str, kind: str) -> None:
    assert values.mark_kind(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "kontroldarbs",
        "vērtējums",
        "darbs",
        "semestris",
        "gads",
        "formatīvi",
        "summatīvs formatīvs",
        "diagnosticējošais darbs",
        "eksāmens",
        "Prognozētais vērtējums",
        "8",
        "-",
    ],
)
def test_an_unknown_kind_of_mark(text: str) -> None:
    with pytest.raises(Unreadable) as fault:
        values.mark_kind(text)
    # Whoever wrote it must learn what could have stood there.
    assert "formatīvs" in dict(fault.value.fill)["known"]


# ---- absences, lists, texts


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("n", "n"),
        ("nc", "nc"),
        ("n c", "nc"),
        ("N C", "nc"),
        ("NS", "ns"),
        ("n  s", "ns"),
        (f"n{NBSP}c", "nc"),
        (f"n{ZERO_WIDTH}s", "ns"),
        ("n/c", "n/c"),
    ],
)
def test_an_absence_code_loses_inner_spaces_and_case(text: str, code: str) -> None:
    assert values.absence_code(clean(text)) == code


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("Anna Bērziņa; Jānis Ozols", ["Anna Bērziņa", "Jānis Ozols"]),
        ("Anna Bērziņa;Jānis Ozols;", ["Anna Bērziņa", "Jānis Ozols"]),
        ("Anna Bērziņa\nJānis Ozols", ["Anna Bērziņa", "Jānis Ozols"]),
        ("Anna Bērziņa\r\nJānis Ozols\r\n", ["Anna Bērziņa", "Jānis Ozols"]),
        ("Anna Bērziņa, Jānis Ozols", ["Anna Bērziņa", "Jānis Ozols"]),
        # A comma parts pupils only where nothing else does: here it stands inside the names.
        ("Bērziņa, Anna; Ozols, Jānis", ["Bērziņa, Anna", "Ozols, Jānis"]),
        ("Bērziņa, Anna\nOzols, Jānis", ["Bērziņa, Anna", "Ozols, Jānis"]),
        (f"Anna{NBSP}Bērziņa;  Jānis  Ozols", ["Anna Bērziņa", "Jānis Ozols"]),
        ("Anna Bērziņa", ["Anna Bērziņa"]),
        ("", []),
        (" ; ;", []),
    ],
)
def test_a_list_of_pupils(text: str, items: list[str]) -> None:
    assert split_list(text) == items


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna Bērziņa", "Anna Bērziņa"),
        (unicodedata.normalize("NFD", "Anna Bērziņa"), "Anna Bērziņa"),
        ("  Anna \t Bērziņa\n", "Anna Bērziņa"),
        (f"Anna{NBSP}Bērziņa", "Anna Bērziņa"),
        (f"Anna{THIN}{NBSP} Bērziņa", "Anna Bērziņa"),
        (f"An{ZERO_WIDTH}na Bēr{SOFT_HYPHEN}ziņa", "Anna Bērziņa"),
        ("\ufeffAnna Bērziņa", "Anna Bērziņa"),
        ("Anna\u2060 \u200cBērziņa\u200d", "Anna Bērziņa"),
        ("\u200eAnna Bērziņa\u200f", "Anna Bērziņa"),
        ("anna Bērziņa", "anna Bērziņa"),
        # Dashes and quotation marks have a width.
        ("Anna\u2010Marija\u2013Bērziņa «x\u2070»", "Anna\u2010Marija\u2013Bērziņa «x\u2070»"),
        (NBSP, ""),
        (ZERO_WIDTH, ""),
        ("", ""),
    ],
)
def test_a_text_as_it_is_compared(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("cell", "valid"),
    [
        ("29123456", True),
        ("+371 29 123 456", True),
        ("00371 29123456", True),
        ("(+371) 67123456", True),
        (f"29{NBSP}123{NBSP}456", True),
        ("+44 20 7946 0018", True),
        # Of several in a cell one must be valid.
        ("123; 29123456", True),
        ("29123456, nav", True),
        ("nav / 67123456", True),
        ("123; 456", False),
        ("2912345", False),
        ("291234567", False),
        ("49123456", False),
        ("+371", False),
        ("nav", False),
        ("-", False),
        ("", False),
    ],
)
def test_a_phone(cell: str, valid: bool) -> None:
    assert has_valid_phone(clean(cell)) is valid


def test_the_first_and_the_last_year_are_the_whole_years() -> None:
    assert values.day("01.01.2000") == day_number(date(2000, 1, 1))
    assert values.day("31.12.2099") == day_number(date(2099, 12, 31))


def test_latvian_text_is_plain_and_any_other_is_looked_at() -> None:
    texts = [""]
    letters = "aāčēģīķļņšūžAĀČĒĢĪĶĻŅŠŪŽōŖ–„“”!~7"
    for pair in map("".join, itertools.product(letters, repeat=2)):
        assert unicodedata.normalize("NFC", pair) == pair == clean(pair)
        texts += [pair, f"{pair} {pair}"]
    assert Texts(pa.array(texts)).tidy
    for text in ("a\u0304", " a", "a ", "a  b", "a\nb", "a\u00a0b", "\u200ba", "a\ufffd", "a\n"):
        assert not Texts(pa.array(["a", text])).tidy
        assert (clean(text) != text) is (text != "a\ufffd")
