"""Layouts as schools have them, in files as several programs write them: read like the plain table of the same rows."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from eklase_audit import i18n
from eklase_audit.exports.paths import find_files
from eklase_audit.exports.reading import read_journal
from eklase_audit.journal import Journal, State
from eklase_audit.moments import NO_DAY, to_date, to_datetime

Rows = Sequence[Sequence[Any]]
NBSP, ZERO_WIDTH, LOST = "\u00a0", "\u200b", "\ufffd"

MARKS = [
    [
        "Skolēns",
        "Klase",
        "Priekšmets",
        "Pedagogs",
        "Vērtējuma veids",
        "Darba datums",
        "Vērtējums",
        "Ievadīts",
    ],
    [
        "Anna Bērziņa",
        "7.a",
        "Ķīmija",
        "Ilze Kalniņa",
        "formatīvais",
        "08.12.2025",
        "75,81%",
        "09.12.2025 12:00",
    ],
    ["Ģirts Šķēle", "7.a", "Ķīmija", "Ilze Kalniņa", "formatīvais", "09.12.2025", "8", "10.12.2025 12:00"],
    [
        "Ērika Ļaudama",
        "12.b",
        "Ķīmija",
        "Uldis Žagars",
        "formatīvais",
        "10.12.2025",
        "A T",
        "10.12.2025 17:30",
    ],
]
ABSENCES = [
    ["Skolēns", "Klase", "Datums", "Stunda", "Pedagogs", "Kavējums", "Ievadīts"],
    ["Anna Bērziņa", "7.a", "08.12.2025", "3", "Ilze Kalniņa", "n c", "08.12.2025 12:00"],
    ["Ģirts Šķēle", "7.a", "08.12.2025", "4", "Ilze Kalniņa", "ns", "08.12.2025 12:00"],
]
EVENTS = [
    ["Pasākums", "Klase", "Skolēni", "No", "Līdz", "Atbildīgais pedagogs", "Informācija saņemta"],
    [
        "Olimpiāde",
        "7.a",
        "Anna Bērziņa; Ģirts Šķēle",
        "08.12.2025",
        "08.12.2025",
        "Ilze Kalniņa",
        "05.12.2025",
    ],
]


@pytest.fixture(autouse=True)
def _in_english() -> None:
    i18n.activate("en")


def read(*paths: Path) -> Journal:
    return read_journal(find_files(paths))


def read_bytes(folder: Path, data: bytes, name: str = "fails.csv") -> Journal:
    (folder / name).write_bytes(data)
    return read(folder / name)


def lines(rows: Rows, delimiter: str = ";", end: str = "\r\n", **dialect: Any) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end, **dialect).writerows(rows)
    return out.getvalue()


def by_xlsxwriter(path: Path, rows: Rows, after: Callable[[Any, Any], None] = lambda book, sheet: None,
                  **options: Any) -> Path:  # fmt: skip
    book = xlsxwriter.Workbook(str(path), options)
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    moment = book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
    sheet = book.add_worksheet("Lapa")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write_datetime(number, column, cell, moment)
            elif isinstance(cell, date):
                sheet.write_datetime(number, column, cell, day)
            elif isinstance(cell, str):
                sheet.write_string(number, column, cell)
            else:
                sheet.write(number, column, cell)
    after(book, sheet)
    book.close()
    return path


def cells(journal: Journal, kind: str = "marks") -> list[tuple[str, ...]]:
    """What was read, as texts: where it stands aside."""
    frame = journal.frames[kind]
    wanted = {
        "marks": ("pupil", "class", "subject", "teacher", "kind", "mark"),
        "absences": ("pupil", "class", "teacher", "code"),
        "events": ("event", "class", "pupils", "responsible"),
    }[kind]
    found = [tuple(map(str, row)) for row in frame[list(wanted)].itertuples(index=False)]
    if kind == "events":
        return found
    days = ["-" if day == NO_DAY else str(to_date(day)) for day in frame["date"]]
    given = frame["entered_at_state"] == State.GIVEN
    stamps = [
        str(to_datetime(first)) if there else "-" for there, first in zip(given, frame["entered_at"], strict=True)
    ]
    return [(*row, day, stamp) for row, day, stamp in zip(found, days, stamps, strict=True)]


@pytest.fixture
def plain(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, ...]]:
    """The marks as the plain table gives them."""
    journal = read_bytes(tmp_path_factory.mktemp("plain"), lines(MARKS).encode())
    assert len(journal.frames["marks"]) == 3 and not journal.problems and not journal.errors
    return cells(journal)


def fates(journal: Journal) -> dict[str, int]:
    (sheet,) = journal.sheets
    return {fate: count for fate, count in sheet.fates.items() if count}


def reasons(journal: Journal) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.reason.split(":")[0]) for problem in journal.problems]


# ---- headers


TWO_ROWS = [
    ["Skolēns", "Klase", "Mācības", "", "Vērtējuma veids", "Darbs", "", "Ievadīts"],
    ["", "", "Priekšmets", "Pedagogs", "", "Darba datums", "Vērtējums", ""],
    *MARKS[1:],
]


def test_a_header_of_two_rows(tmp_path: Path, plain: object) -> None:
    journal = read_bytes(tmp_path, lines([["Skola"], *TWO_ROWS]).encode())
    assert cells(journal) == plain
    assert journal.sheets[0].header_row == 3
    assert fates(journal) == {"title": 1, "header": 2, "audited": 3}
    assert journal.sheets[0].headings["pupil"] == "Skolēns"


def test_a_header_of_two_rows_with_merged_cells(tmp_path: Path, plain: object) -> None:
    def merge(_book: Any, sheet: Any) -> None:
        for column in (0, 1, 4, 7):
            sheet.merge_range(0, column, 1, column, TWO_ROWS[0][column])
        sheet.merge_range(0, 2, 0, 3, "Mācības")
        sheet.merge_range(0, 5, 0, 6, "Darbs")

    journal = read(by_xlsxwriter(tmp_path / "x.xlsx", TWO_ROWS, merge))
    assert (cells(journal), journal.sheets[0].header_row) == (plain, 2)


def test_headings_of_which_two_rows_make_one(tmp_path: Path) -> None:
    rows = [
        ["Datums", "Stunda", "Klase", "Priekšmets", "Pedagogs", "Tēma", "", "Kavējumi", "Ievadīts"],
        ["", "", "", "", "", "", "ievadīta", "ievadīti", ""],
        ["08.12.2025", "3", "7.a", "Ķīmija", "Ilze", "SR: x / y", "08.12.2025 12:00", "08.12.2025 13:00", ""],
    ]
    journal = read_bytes(tmp_path, lines(rows).encode())
    frame = journal.frames["lessons"]
    assert (journal.problems, list(frame["topic"])) == ([], ["SR: x / y"])
    assert [str(to_datetime(frame[column][0])) for column in ("topic_entered_at", "absences_entered_at")] == [
        "2025-12-08 12:00:00", "2025-12-08 13:00:00",
    ]  # fmt: skip


def test_a_title_above_the_header_is_no_part_of_it(tmp_path: Path, plain: object) -> None:
    # "Periods" and "Klase" in a title are headings of marks, too.
    titles = [["", "", "", "", "", "", "", "", "Periods"], ["Klase", "7.a"]]
    journal = read_bytes(tmp_path, lines([*titles, *MARKS]).encode())
    assert cells(journal) == plain
    assert "period" not in journal.sheets[0].headings


def test_headings_of_several_lines(tmp_path: Path, plain: object) -> None:
    head = [word.replace(" ", "\n") for word in MARKS[0]]
    assert cells(read_bytes(tmp_path, lines([head, *MARKS[1:]]).encode())) == plain
    assert cells(read(by_xlsxwriter(tmp_path / "x.xlsx", [head, *MARKS[1:]]))) == plain


def test_a_print_of_several_pages(tmp_path: Path, plain: object) -> None:
    title, footer = ["Aknīstes vidusskola", "2025./2026."], ["Kopā lapā", "", "", "", "", "", "", "1"]
    pages = [[title, MARKS[0], row, [], footer] for row in MARKS[1:]]
    rows = [row for page in pages for row in page]
    for journal in (
        read_bytes(tmp_path, lines(rows).encode()),
        read(by_xlsxwriter(tmp_path / "x.xlsx", rows)),
    ):
        assert (cells(journal), journal.problems) == (plain, [])
        assert fates(journal) == {"title": 3, "header": 3, "blank": 3, "footer": 3, "audited": 3}
        assert list(journal.frames["marks"]["row"]) == [3, 8, 13]


def test_a_page_title_that_differs_is_told(tmp_path: Path) -> None:
    rows = [["Skola, 1. lapa"], *MARKS[:2], ["Skola, 2. lapa"], MARKS[0], MARKS[2]]
    journal = read_bytes(tmp_path, lines(rows).encode())
    assert fates(journal) == {"title": 1, "header": 2, "unreadable": 1, "audited": 2}
    assert {problem.row for problem in journal.problems} == {4}


def test_a_repeated_header_of_two_rows(tmp_path: Path, plain: object) -> None:
    rows = [*TWO_ROWS[:3], *TWO_ROWS[:2], *TWO_ROWS[3:]]
    journal = read_bytes(tmp_path, lines(rows).encode())
    assert cells(journal) == plain
    assert fates(journal) == {"header": 4, "audited": 3}


def test_a_repeated_header_of_a_summary(tmp_path: Path) -> None:
    head = [["Skolēns", "Klase", "Ķīmija", ""], ["", "", "1. semestris", "Gada"]]
    rows = [*head, ["Anna Bērziņa", "7.a", "8", "7"], *head, ["Ģirts Šķēle", "7.a", "9", "atb"]]
    journal = read_bytes(tmp_path, lines(rows).encode())
    assert (fates(journal), journal.problems) == ({"header": 4, "audited": 2}, [])
    assert len(journal.frames["summary"]) == 4


def test_blank_columns(tmp_path: Path, plain: object) -> None:
    rows = [["", *row[:3], "", "", *row[3:], ""] for row in MARKS]
    assert cells(read_bytes(tmp_path, lines(rows).encode())) == plain
    assert cells(read(by_xlsxwriter(tmp_path / "x.xlsx", rows))) == plain


# ---- cells of workbooks


def typed(cell: str) -> Any:
    for form in ("%d.%m.%Y %H:%M", "%d.%m.%Y"):
        try:
            moment = datetime.strptime(cell, form)
        except ValueError:
            continue
        return moment if " " in cell else moment.date()
    return int(cell) if cell.isdigit() else cell


TYPED = [MARKS[0], *([typed(cell) for cell in row] for row in MARKS[1:])]


@pytest.mark.parametrize("days_from_1904", [False, True])
def test_dates_of_both_systems_and_their_serial_numbers(tmp_path: Path, plain: object, days_from_1904: bool) -> None:
    path = by_xlsxwriter(tmp_path / "a.xlsx", TYPED, date_1904=days_from_1904)
    assert cells(read(path)) == plain
    first = datetime(1904, 1, 1) if days_from_1904 else datetime(1899, 12, 30)
    serial = [MARKS[0]]
    for row in TYPED[1:]:
        moments = [datetime(*cell.timetuple()[:6]) if isinstance(cell, date) else None for cell in row]
        serial.append([
            cell if when is None else (when - first).total_seconds() / 86_400
            for cell, when in zip(row, moments, strict=True)
        ])  # fmt: skip
    assert cells(read(by_xlsxwriter(tmp_path / "b.xlsx", serial, date_1904=days_from_1904))) == plain


def test_numbers_as_texts_and_texts_as_numbers(tmp_path: Path) -> None:
    rows = [ABSENCES[0], ["Anna", 7, date(2025, 12, 8), 3.0, "Ilze", "n", datetime(2025, 12, 8, 12)],
            ["Anna", "7", "08.12.2025", "3", "Ilze", "n", "08.12.2025 12:00"]]  # fmt: skip
    frame = read(by_xlsxwriter(tmp_path / "x.xlsx", rows)).frames["absences"]
    assert [list(map(str, frame[column])) for column in ("class", "lesson", "date", "entered_at")] == [
        [text, text] for text in ("7", "3", str(frame["date"][0]), str(frame["entered_at"][0]))
    ]


def test_percentages_as_they_are_shown(tmp_path: Path) -> None:
    def percentages(book: Any, sheet: Any) -> None:
        for row, (value, form) in enumerate([(0.7581, "0.00%"), (1, "0%"), (0.5, "0.0%")], 1):
            sheet.write_number(row, 6, value, book.add_format({"num_format": form}))

    journal = read(by_xlsxwriter(tmp_path / "x.xlsx", MARKS, percentages))
    assert list(journal.frames["marks"]["mark"]) == ["75,81%", "100%", "50%"]


def test_formulas_give_their_values(tmp_path: Path, plain: object) -> None:
    def formulas(_book: Any, sheet: Any) -> None:
        sheet.write_formula(1, 0, '="Anna "&"Bērziņa"', None, "Anna Bērziņa")
        sheet.write_formula(2, 6, "=4+4", None, 8)
        sheet.write_formula(3, 8, "=1/0", None, "#DIV/0!")  # beside the table

    assert cells(read(by_xlsxwriter(tmp_path / "x.xlsx", MARKS, formulas))) == plain


def test_a_formula_without_a_value_is_no_blank_cell(tmp_path: Path) -> None:
    # openpyxl writes formulas and no values.
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in MARKS:
        sheet.append(row)
    sheet["G2"], sheet["A3"] = "=4+4", '="Ģirts "&"Šķēle"'
    book.save(tmp_path / "x.xlsx")
    journal = read(tmp_path / "x.xlsx")
    told = [(2, "Vērtējums", "part of it is lost in the file (a wrong byte, a formula without a value)"),
            (3, "Skolēns", "part of it is lost in the file (a wrong byte, a formula without a value)")]  # fmt: skip
    assert reasons(journal) == told
    assert fates(journal) == {"header": 1, "unreadable": 2, "audited": 1}


def test_an_error_in_a_cell_is_no_blank_cell(tmp_path: Path) -> None:
    def errors(_book: Any, sheet: Any) -> None:
        sheet.write_formula(1, 7, "=NA()", None, "#N/A")
        sheet.write_formula(2, 5, "=1/0", None, "#DIV/0!")

    journal = read(by_xlsxwriter(tmp_path / "x.xlsx", MARKS, errors))
    assert [(row, column) for row, column, _reason in reasons(journal)] == [
        (2, "Ievadīts"),
        (3, "Darba datums"),
    ]
    # A stamp that cannot be read leaves the rest of its row standing; Darba datums is no required column either.
    assert fates(journal) == {"header": 1, "audited": 3}


def test_cells_merged_over_several_rows_hold_for_each(tmp_path: Path, plain: list[tuple[str, ...]]) -> None:
    def merge(_book: Any, sheet: Any) -> None:
        sheet.merge_range("B2:B3", "7.a")
        sheet.merge_range("C2:C4", "Ķīmija")

    rows = [MARKS[0], MARKS[1], *([row[0], "", "", *row[3:]] for row in MARKS[2:])]
    rows[3][1] = "12.b"
    journal = read(by_xlsxwriter(tmp_path / "x.xlsx", rows, merge))
    assert (cells(journal), journal.problems) == (plain, [])


def test_hidden_rows_and_sheets_are_read_and_named(tmp_path: Path, plain: object) -> None:
    def hide(book: Any, sheet: Any) -> None:
        sheet.set_row(2, options={"hidden": True})
        sheet.set_row(40, options={"hidden": True})  # blank
        book.add_worksheet("Cita").activate()
        sheet.hide()

    journal = read(by_xlsxwriter(tmp_path / "x.xlsx", MARKS, hide))
    assert cells(journal) == plain
    assert [(s.sheet, s.hidden, s.hidden_rows) for s in journal.sheets] == [("Lapa", True, 1)]


def test_spaces_that_cannot_be_seen(tmp_path: Path, plain: object) -> None:
    spoilt = [MARKS[0]]
    for row in MARKS[1:]:
        cells_ = [f"{NBSP}{cell.replace(' ', NBSP + ' ')}{ZERO_WIDTH}\u202f" for cell in row]
        cells_[0] = cells_[0][:3] + "\u00ad\ufeff\u202e" + cells_[0][3:]
        spoilt.append(cells_)
    assert cells(read_bytes(tmp_path, lines(spoilt).encode())) == plain
    assert cells(read(by_xlsxwriter(tmp_path / "x.xlsx", spoilt))) == plain


def test_absence_codes_with_a_space(tmp_path: Path) -> None:
    assert list(read_bytes(tmp_path, lines(ABSENCES).encode()).frames["absences"]["code"]) == ["nc", "ns"]


# ---- text files


@pytest.mark.parametrize("dialect", [
    {"delimiter": ";", "quoting": csv.QUOTE_ALL}, {"delimiter": "\t", "quoting": csv.QUOTE_MINIMAL},
    {"delimiter": ",", "end": "\n", "quoting": csv.QUOTE_ALL}, {"delimiter": ";", "end": "\r"},
])  # fmt: skip
def test_dialects_of_csv(tmp_path: Path, plain: object, dialect: dict[str, Any]) -> None:
    assert cells(read_bytes(tmp_path, lines(MARKS, **dialect).encode())) == plain


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_a_first_line_that_names_the_delimiter(tmp_path: Path, plain: object, delimiter: str) -> None:
    journal = read_bytes(tmp_path, (f"sep={delimiter}\r\n" + lines(MARKS, delimiter)).encode())
    assert (cells(journal), journal.sheets[0].delimiter, journal.sheets[0].header_row) == (
        plain,
        delimiter,
        2,
    )


def test_mixed_line_ends_and_none_at_the_end(tmp_path: Path, plain: object) -> None:
    head, first, second, third = (lines([row], end="") for row in MARKS)
    for text in (
        f"Skola\r{head}\n{first}\r\n{second}\r{third}",
        f"{head}\r\n\n{first}\n\r{second}\n\n{third}\r\n\r\n",
    ):
        journal = read_bytes(tmp_path, text.encode())
        assert cells(journal) == plain
        assert sum(journal.sheets[0].fates.values()) == journal.frames["marks"]["row"].max() + text.endswith("\r\n")


def test_quotation_marks_that_are_doubled(tmp_path: Path) -> None:
    rows = [row.copy() for row in MARKS]
    rows[1][2] = 'Kurss "Ķīmija; fizika" un "cits"'
    journal = read_bytes(tmp_path, lines(rows).encode())
    assert (journal.problems, journal.frames["marks"]["subject"][0]) == ([], rows[1][2])


def test_quotation_marks_that_are_not_doubled_spoil_one_row(tmp_path: Path, plain: list[tuple[str, ...]]) -> None:
    text = lines(MARKS).replace("8;10.12.2025", '"Kurss "A" 8; vai 9";10.12.2025')
    journal = read_bytes(tmp_path, text.encode())
    assert reasons(journal)[-1] == (3, "Vērtējums", "broken quotation marks")
    assert [cells(journal)[n] for n in (0, 2)] == [plain[0], plain[2]]
    assert fates(journal) == {"header": 1, "unreadable": 1, "audited": 2}


def test_quotation_marks_that_are_missing_shift_no_cells_in_silence(tmp_path: Path) -> None:
    text = lines([MARKS[0], *MARKS[1:]]).replace("Ilze Kalniņa", "Ilze; Kalniņa", 1)
    journal = read_bytes(tmp_path, text.encode())
    assert fates(journal) == {"header": 1, "unreadable": 1, "audited": 2}
    assert "more cells than headings" in reasons(journal)[-1][2]


@pytest.mark.parametrize(
    ("opening", "closing"), [("Ģirts", None), ("Ģirts", "Ērika"), ("Anna", "Ērika"), ("Ērika", None)]
)
def test_an_unclosed_quotation_mark_is_an_error_that_names_its_row(
    tmp_path: Path, opening: str, closing: str | None
) -> None:
    text = lines(MARKS).replace(opening, f'"{opening}')
    if closing:
        # Closed in the same column of a later row, the rows between look like one long cell.
        text = (
            text.replace(closing, f'{closing}"', 1)
            if closing != "Ērika"
            else text.replace("Ērika Ļaudama", 'Ērika Ļaudama"')
        )
    journal = read_bytes(tmp_path, text.encode())
    (error,) = journal.errors
    row = {"Anna": 2, "Ģirts": 3, "Ērika": 4}[opening]
    assert f"row {row}: a quotation mark opens a cell" in str(error)


def test_an_unclosed_quotation_mark_in_a_title_hides_no_header(tmp_path: Path) -> None:
    journal = read_bytes(tmp_path, ('"Skola;;;;;;;\r\n' + lines(MARKS)).encode())
    assert [str(error).partition(": ")[2][:40] for error in journal.errors] == [
        "row 1: a quotation mark opens a cell and"
    ]


def test_lists_of_many_lines_are_no_swallowed_rows(tmp_path: Path) -> None:
    rows = [EVENTS[0], EVENTS[1].copy(), EVENTS[1].copy()]
    rows[1][2] = "Anna; Jānis; Zane;\nĢirts; Elza; Uga; Ojārs"
    rows[2][2] = "\n".join("A; B; C; D; E; F; G" for _line in range(3))
    journal = read_bytes(tmp_path, lines(rows).encode())
    assert (journal.errors, journal.problems, len(journal.frames["events"])) == ([], [], 2)
    assert str(journal.frames["events"]["pupils"][0]).count(";") == 6


def test_a_cell_of_many_lines_with_delimiters(tmp_path: Path, plain: list[tuple[str, ...]]) -> None:
    rows = [row.copy() for row in MARKS]
    rows[2][6] = "8;\nlabots 9; 10"
    journal = read_bytes(tmp_path, lines(rows).encode())
    assert (journal.errors, journal.problems) == ([], [])
    assert [row[5] for row in cells(journal)] == ["75,81%", "8; labots 9; 10", "A T"]


def test_a_list_of_pupils_that_is_cut_off(tmp_path: Path) -> None:
    for end in ("…", "...", " …"):
        rows = [EVENTS[0], [*EVENTS[1][:2], f"Anna Bērziņa; Ģirts Šķ{end}", *EVENTS[1][3:]], EVENTS[1]]
        journal = read_bytes(tmp_path, lines(rows).encode())
        assert reasons(journal) == [(2, "Skolēni", "the list is cut off")]
        assert list(journal.frames["events"]["pupils"]) == ["Anna Bērziņa", "Anna Bērziņa;Ģirts Šķēle"]
        assert fates(journal) == {"header": 1, "audited": 2}


@pytest.mark.parametrize("cut", [10, 40, 60])
def test_a_file_that_ends_in_the_middle_of_a_row(tmp_path: Path, plain: list[tuple[str, ...]], cut: int) -> None:
    whole = lines(MARKS).encode()
    journal = read_bytes(tmp_path, whole[:-cut])
    rows = cells(journal)
    assert rows[:2] == plain[:2]
    assert not rows[2:] or journal.problems or rows[2][:5] == plain[2][:5]
    assert len(rows) == 3


def test_utf_8_with_wrong_bytes_is_no_other_charset(tmp_path: Path, plain: list[tuple[str, ...]]) -> None:
    data = lines(MARKS).encode()
    for mark, told in ((b"", "utf-8"), (b"\xef\xbb\xbf", "utf-8")):
        # The first letter of a name in windows-1257, half a letter of another.
        broken = data.replace("Ģirts".encode(), "Ģirts".encode("cp1257")).replace("Žagars".encode(), b"\xc5agars")
        journal = read_bytes(tmp_path, mark + broken)
        assert journal.sheets[0].encoding == told
        assert reasons(journal) == [
            (3, "Skolēns", "part of it is lost in the file (a wrong byte, a formula without a value)"),
            (4, "Pedagogs", "part of it is lost in the file (a wrong byte, a formula without a value)"),
        ]
        assert [problem.value for problem in journal.problems] == [f"{LOST}irts Šķēle", f"Uldis {LOST}agars"]
        assert cells(journal)[0] == plain[0]
        assert fates(journal) == {"header": 1, "unreadable": 2, "audited": 1}


def test_a_line_of_utf_8_in_windows_1257_is_told(tmp_path: Path, plain: list[tuple[str, ...]]) -> None:
    head, *rows = (lines([row]) for row in MARKS)
    data = head.encode("cp1257") + rows[0].encode("cp1257") * 3 + rows[1].encode() + rows[2].encode("cp1257") * 3
    journal = read_bytes(tmp_path, data)
    assert journal.sheets[0].encoding == "windows-1257"
    assert {problem.row for problem in journal.problems} == {5}
    assert cells(journal)[0] == plain[0] and cells(journal)[-1] == plain[-1]


def test_utf_16_that_is_cut_in_a_letter(tmp_path: Path, plain: list[tuple[str, ...]]) -> None:
    journal = read_bytes(tmp_path, lines(MARKS).encode("utf-16")[:-5])
    assert cells(journal)[:2] == plain[:2]
    assert [(row, column) for row, column, _reason in reasons(journal)] == [(4, "Ievadīts")]


# ---- archives


def test_an_archive_is_read_as_a_folder_is(tmp_path: Path, plain: object) -> None:
    with zipfile.ZipFile(tmp_path / "viss.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("7.a/vērtējumi.csv", lines(MARKS).encode())
        archive.write(by_xlsxwriter(tmp_path / "k.xlsx", ABSENCES), "kavējumi.xlsx")
        archive.writestr("piezīmes.md", "nekas")
        archive.writestr("__MACOSX/._vērtējumi.csv", b"\0")
        archive.writestr("vecs.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
        archive.writestr("slikts.csv", "Skolēns;Klase;Datums\nx;y;z\n")
    (tmp_path / "k.xlsx").unlink()
    for path in (tmp_path, tmp_path / "viss.zip"):
        journal = read(path)
        assert [(s.file, s.sheet, s.kind) for s in journal.sheets] == [
            ("viss.zip/7.a/vērtējumi.csv", None, "marks"), ("viss.zip/kavējumi.xlsx", "Lapa", "absences"),
        ]  # fmt: skip
        assert cells(journal) == plain
        assert [skipped.file for skipped in journal.skipped] == ["viss.zip/vecs.xls"]
        assert [str(error).partition(": ")[0] for error in journal.errors] == ["viss.zip/slikts.csv"]


def test_an_archive_without_exports_is_skipped_in_a_folder_and_an_error_by_name(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a.txt", "Labdien!")
    journal = read(tmp_path)
    assert ([skipped.file for skipped in journal.skipped], journal.errors) == (["x.zip/a.txt"], [])
    assert len(read(tmp_path / "x.zip").errors) == 1


def test_an_archive_or_workbook_of_nothing_is_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "tukšs.zip", "w") as archive:
        archive.writestr("piezīmes.md", "nekas")
    with zipfile.ZipFile(tmp_path / "viss.zip", "w") as archive:
        archive.write(by_xlsxwriter(tmp_path / "x.xlsx", []), "x.xlsx")
    journal = read(tmp_path)
    assert sorted(skipped.file for skipped in journal.skipped) == ["tukšs.zip", "viss.zip/x.xlsx", "x.xlsx"]
    assert len(read(tmp_path / "tukšs.zip").errors) == 1


# ---- LibreOffice


def convert(sources: Sequence[Path], target: Path, form: str, *options: str) -> list[Path]:
    program = shutil.which("soffice")
    assert program, "LibreOffice (soffice) is wanted"
    profile = target.parent / "profile"
    subprocess.run(
        [program, "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", form, *options,
         "--outdir", str(target), *map(str, sources)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return sorted(target.iterdir())


@pytest.fixture(scope="module")
def by_libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Messy workbooks as LibreOffice saves them: ods/ and xlsx/."""
    folder = tmp_path_factory.mktemp("office")
    source = folder / "source"
    source.mkdir()

    def mess(book: Any, sheet: Any) -> None:
        sheet.set_row(2, options={"hidden": True})
        sheet.merge_range("B2:B3", "7.a")
        sheet.write_formula(1, 0, '="Anna "&"Bērziņa"', None, "Anna Bērziņa")
        sheet.write_formula(6, 0, "=1/0", None, "#DIV/0!")
        hidden = book.add_worksheet("Slēpta")
        for number, row in enumerate(ABSENCES):
            hidden.write_row(number, 0, row)
        hidden.hide()

    by_xlsxwriter(source / "jauks.xlsx", [*TYPED, [], [], ["", *MARKS[1][1:]]], mess)
    by_xlsxwriter(source / "no1904.xlsx", TYPED, date_1904=True)
    by_xlsxwriter(source / "lapas.xlsx", [["Skola"], *TWO_ROWS[:3], *TWO_ROWS[:2], *TWO_ROWS[3:], ["Kopā: 3"]])
    for form in ("ods", "xlsx"):
        convert(sorted(source.iterdir()), folder / form, form)
    return folder


@pytest.mark.programs
@pytest.mark.parametrize("form", ["ods", "xlsx"])
def test_messy_workbooks_by_libreoffice(by_libreoffice: Path, plain: list[tuple[str, ...]], form: str) -> None:
    journal = read(by_libreoffice / form / f"jauks.{form}")
    marks, absences = journal.sheets
    assert cells(journal)[:3] == plain
    assert (marks.hidden, marks.hidden_rows, absences.hidden, absences.sheet) == (False, 1, True, "Slēpta")
    assert [(row, column) for row, column, _reason in reasons(journal)] == [(7, "Skolēns")]
    assert {fate: count for fate, count in marks.fates.items() if count} == {
        "header": 1, "blank": 2, "unreadable": 1, "audited": 3,
    }  # fmt: skip


@pytest.mark.programs
@pytest.mark.parametrize("form", ["ods", "xlsx"])
@pytest.mark.parametrize("name", ["no1904", "lapas"])
def test_dates_of_1904_and_pages_by_libreoffice(by_libreoffice: Path, plain: object, form: str, name: str) -> None:
    journal = read(by_libreoffice / form / f"{name}.{form}")
    assert (cells(journal), journal.problems, journal.errors) == (plain, [], [])
    if name == "lapas":
        assert fates(journal) == {"title": 1, "header": 4, "footer": 1, "audited": 3}


@pytest.mark.programs
def test_an_ods_made_of_a_csv(tmp_path: Path, plain: object) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "x.csv").write_bytes(lines([["Skola"], *MARKS]).encode())
    (path,) = convert(
        [tmp_path / "in" / "x.csv"], tmp_path / "out", "ods", "--infilter=CSV:59,34,76,1,,1062,false,true"
    )
    assert cells(read(path)) == plain
