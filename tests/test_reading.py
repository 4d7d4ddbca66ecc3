"""Files into a journal: which kind each is of, what its rows hold, what is told of it and what is counted."""

from __future__ import annotations

import csv
import io
import itertools
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from eklase_audit import i18n
from eklase_audit.exports import opening, threads
from eklase_audit.exports.charset import charset_of
from eklase_audit.exports.headings import kinds
from eklase_audit.exports.paths import find_files
from eklase_audit.exports.reading import read_journal
from eklase_audit.journal import Journal
from eklase_audit.moments import NO_DAY, to_date, to_datetime
from support import answer_of_folder

NBSP, ZERO_WIDTH = "\u00a0", "\u200b"

# The exports with their headings; a "*" marks those that must be there.
HEADINGS = {
    "lessons": "Datums* · Stunda* · Klase* · Priekšmets* · Pedagogs* · Žurnāls · Stundas tips · Tēma* · "
    "Mājas darbs · Skolēni · Ievadīts · Tēma ievadīta · Kavējumi ievadīti · Mājas darbs ievadīts",
    "marks": "Skolēns* · Klase* · Priekšmets* · Pedagogs* · Vērtējuma veids* · Darba datums · Iesniegts · "
    "Temats · Vērtējums* · Periods · Ievadīts · Labots · Iepriekšējais vērtējums",
    "absences": "Skolēns* · Klase* · Datums* · Stunda · Priekšmets · Pedagogs* · Kavējums* · Ievadīts · "
    "Attaisnots · Attaisnoja",
    "notes": "Skolēns* · Klase* · No* · Līdz* · Iemesls · Saņemta*",
    "events": "Pasākums* · Klase · Skolēni · No* · Līdz* · Atbildīgais pedagogs* · Informācija saņemta*",
    "contacts": "Skolēns* · Klase* · Skolēna tālrunis* · Vecāks · Vecāka tālrunis* · Aktualizēts* · "
    "Vecāki informēti · Uzņemts · Atskaitīts",
    "statements": "Klase* · Skolēns* · Mēnesis* · Izsniegts* · Veids",
    "exemptions": "Skolēns* · Klase* · Priekšmets* · No* · Līdz · Rīkojums",
    "documents": "Dokuments* · Klase · Skolēns · Pedagogs · Periods* · Izdrukāts*",
    "classes": "Klase* · Klases audzinātājs*",
    "workloads": "Pedagogs* · Priekšmets* · Klase* · No · Līdz",
    "timetable": "Klase* · Nedēļas diena* · Stunda* · Priekšmets* · Pedagogs* · Spēkā no · Spēkā līdz",
}

# One sound row of each kind.
ROWS = {
    "lessons": {
        "Datums": "08.12.2025",
        "Stunda": "3",
        "Klase": "7.a",
        "Priekšmets": "Matemātika",
        "Pedagogs": "Ilze Kalniņa",
        "Žurnāls": "Klases žurnāls",
        "Stundas tips": "Mācību stunda",
        "Tēma": "SR: Risinu vienādojumus / Lineāri vienādojumi",
        "Mājas darbs": "12. uzd.",
        "Skolēni": "",
        "Ievadīts": "08.12.2025 12:00",
        "Tēma ievadīta": "08.12.2025 12:00",
        "Kavējumi ievadīti": "08.12.2025 12:00",
        "Mājas darbs ievadīts": "08.12.2025 12:00",
    },
    "marks": {
        "Skolēns": "Anna Bērziņa",
        "Klase": "7.a",
        "Priekšmets": "Matemātika",
        "Pedagogs": "Ilze Kalniņa",
        "Vērtējuma veids": "formatīvais",
        "Darba datums": "08.12.2025",
        "Iesniegts": "",
        "Temats": "Vienādojumi",
        "Vērtējums": "8",
        "Periods": "",
        "Ievadīts": "09.12.2025 12:00",
        "Labots": "",
        "Iepriekšējais vērtējums": "",
    },
    "absences": {
        "Skolēns": "Anna Bērziņa",
        "Klase": "7.a",
        "Datums": "08.12.2025",
        "Stunda": "3",
        "Priekšmets": "Matemātika",
        "Pedagogs": "Ilze Kalniņa",
        "Kavējums": "n",
        "Ievadīts": "08.12.2025 12:00",
        "Attaisnots": "",
        "Attaisnoja": "",
    },
    "notes": {
        "Skolēns": "Anna Bērziņa",
        "Klase": "7.a",
        "No": "08.12.2025",
        "Līdz": "10.12.2025",
        "Iemesls": "slimība",
        "Saņemta": "11.12.2025",
    },
    "events": {
        "Pasākums": "Mācību olimpiāde",
        "Klase": "7.a",
        "Skolēni": "Anna Bērziņa",
        "No": "08.12.2025",
        "Līdz": "08.12.2025",
        "Atbildīgais pedagogs": "Ilze Kalniņa",
        "Informācija saņemta": "05.12.2025",
    },
    "contacts": {
        "Skolēns": "Anna Bērziņa",
        "Klase": "7.a",
        "Skolēna tālrunis": "29123456",
        "Vecāks": "Līga Bērziņa",
        "Vecāka tālrunis": "29123457",
        "Aktualizēts": "05.09.2025",
        "Vecāki informēti": "05.09.2025",
        "Uzņemts": "",
        "Atskaitīts": "",
    },
    "statements": {
        "Klase": "7.a",
        "Skolēns": "Anna Bērziņa",
        "Mēnesis": "2025-12",
        "Izsniegts": "05.01.2026",
        "Veids": "e-pasts",
    },
    "exemptions": {
        "Skolēns": "Anna Bērziņa",
        "Klase": "7.a",
        "Priekšmets": "Sports un veselība",
        "No": "01.09.2025",
        "Līdz": "",
        "Rīkojums": "1-9/15",
    },
    "documents": {
        "Dokuments": "Atskaite",
        "Klase": "",
        "Skolēns": "",
        "Pedagogs": "Ilze Kalniņa",
        "Periods": "1. semestris",
        "Izdrukāts": "22.12.2025",
    },
    "classes": {"Klase": "7.a", "Klases audzinātājs": "Dace Siliņa"},
    "workloads": {
        "Pedagogs": "Ilze Kalniņa",
        "Priekšmets": "Matemātika",
        "Klase": "7.a",
        "No": "",
        "Līdz": "",
    },
    "timetable": {
        "Klase": "7.a",
        "Nedēļas diena": "Pirmdiena",
        "Stunda": "3",
        "Priekšmets": "Matemātika",
        "Pedagogs": "Ilze Kalniņa",
        "Spēkā no": "",
        "Spēkā līdz": "",
    },
}


@pytest.fixture(autouse=True)
def _in_english() -> None:
    i18n.activate("en")


def all_headings(kind: str) -> list[str]:
    return HEADINGS[kind].replace("*", "").split(" · ")


def required(kind: str) -> list[str]:
    return [word.rstrip("*") for word in HEADINGS[kind].split(" · ") if word.endswith("*")]


def lines(*rows: Iterable[str], delimiter: str = ";", end: str = "\r\n") -> str:
    """Rows of cells as a delimited text, with quotation marks where a cell needs them."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue()


def table(kind: str, *changes: Mapping[str, str], headings: Sequence[str] = ()) -> list[list[str]]:
    """The headings of a kind and below them its sound row, once for each of the changes."""
    words = list(headings or all_headings(kind))
    return [
        words,
        *([{**ROWS[kind], **change}.get(word, "") for word in words] for change in changes or ({},)),
    ]


def read(*paths: Path, as_kind: str | None = None) -> Journal:
    forced = [(as_kind, paths[0])] if as_kind else []
    return read_journal(find_files(paths, forced))


def read_text(folder: Path, text: str | bytes, name: str = "fails.csv", as_kind: str | None = None) -> Journal:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(path, as_kind=as_kind)


def read_rows(folder: Path, rows: Iterable[Iterable[str]], as_kind: str | None = None) -> Journal:
    return read_text(folder, lines(*rows), as_kind=as_kind)


def kind_of(journal: Journal) -> str:
    """The kind of the one table that was read, or the one error."""
    assert len(journal.sheets) + len(journal.errors) == 1
    return journal.sheets[0].kind if journal.sheets else str(journal.errors[0])


def texts(frame: pd.DataFrame, column: str) -> list[str | None]:
    return [None if pd.isna(value) else str(value) for value in frame[column]]


def problems(journal: Journal) -> list[tuple[int, str, str]]:
    return [(p.row, p.column, p.value) for p in journal.problems]


# ---- which kind it is


@pytest.mark.parametrize("kind", HEADINGS)
def test_a_kind_is_found_by_its_headings(tmp_path: Path, kind: str) -> None:
    words = all_headings(kind)
    for number, order in enumerate((words, words[::-1], required(kind), sorted(required(kind)))):
        journal = read_text(tmp_path, lines(*table(kind, headings=order)), f"{number}.csv")
        assert kind_of(journal) == kind
        assert (journal.sheets[0].rows, journal.problems) == (1, [])


@pytest.mark.parametrize(("kind", "word"), [(kind, word) for kind in HEADINGS for word in required(kind)])
def test_a_kind_is_not_found_without_a_heading_that_it_requires(tmp_path: Path, kind: str, word: str) -> None:
    words = [other for other in all_headings(kind) if other != word]
    assert kind_of(read_rows(tmp_path, table(kind, headings=words))) != kind


SYNONYMS = [
    (kind.name, meaning, words[0], word)
    for kind in kinds().values()
    if kind.name != "summary"
    for meaning, words in kind.headings.items()
    for word in words[1:]
]


def test_the_synonyms_are_those_that_schools_know() -> None:
    known = {(kind, own, word) for kind, _meaning, own, word in SYNONYMS}
    assert {
        ("lessons", "Datums", "Stundas datums"),
        ("lessons", "Pedagogs", "Skolotājs"),
        ("lessons", "Tēma", "Ieraksts"),
        ("marks", "Skolēns", "Vārds, uzvārds"),
        ("marks", "Vērtējums", "Balles"),
        ("absences", "Kavējums", "Apzīmējums"),
        ("contacts", "Vecāka tālrunis", "Vecāku tālrunis"),
        ("classes", "Klases audzinātājs", "Audzinātāja"),
    } <= known


@pytest.mark.parametrize(("kind", "meaning", "own", "word"), SYNONYMS)
def test_a_synonym_is_as_good_as_the_heading(tmp_path: Path, kind: str, meaning: str, own: str, word: str) -> None:
    rows = table(kind)
    rows[0] = [word if heading == own else heading for heading in rows[0]]
    journal = read_rows(tmp_path, rows)
    assert kind_of(journal) == kind
    assert journal.sheets[0].headings[meaning] == word
    assert set(journal.sheets[0].headings) == set(kinds()[kind].headings)


@pytest.mark.parametrize(
    "write",
    [
        str.upper,
        str.lower,
        lambda word: unicodedata.normalize("NFD", word),
        lambda word: "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c)),
        lambda word: f"  {word}  ",
        lambda word: word.replace(" ", "  "),
        lambda word: word.replace(" ", ""),
        lambda word: word.replace(" ", NBSP),
        lambda word: word.replace(" ", "\n"),
        lambda word: f"{word[:3]}\n{word[3:]}",
        lambda word: f"{word[:3]}{ZERO_WIDTH}{word[3:]}",
        lambda word: f"{word}:",
        lambda word: f"{word}.",
        lambda word: f"{word} :",
        lambda word: f"{word.upper()}\n:",
    ],
)
@pytest.mark.parametrize("kind", ["lessons", "events", "timetable"])
def test_headings_match_however_they_are_written(tmp_path: Path, kind: str, write: Callable[[str], str]) -> None:
    rows = table(kind)
    rows[0] = [write(word) for word in rows[0]]
    journal = read_rows(tmp_path, rows)
    assert kind_of(journal) == kind
    assert set(journal.sheets[0].headings) == set(kinds()[kind].headings)
    assert journal.sheets[0].rows == 1


def test_other_columns_are_passed_over(tmp_path: Path) -> None:
    rows = [["Nr. p. k.", *cells, "Piezīmes"] for cells in table("marks")]
    journal = read_rows(tmp_path, rows)
    assert kind_of(journal) == "marks"
    assert texts(journal.frames["marks"], "pupil") == ["Anna Bērziņa"]


TIED = ["Diena", "Stunda", "Klase", "Priekšmets", "Pedagogs", "Ieraksts", "Spēkā no"]


def test_two_kinds_that_tie_are_an_error_until_the_kind_is_given(tmp_path: Path) -> None:
    rows = [TIED, ["08.12.2025", "3", "7.a", "Matemātika", "Ilze Kalniņa", "SR: Risinu / Vienādojumi", ""]]
    error = kind_of(read_rows(tmp_path, rows))
    assert "lessons" in error and "timetable" in error and "--as" in error
    assert kind_of(read_rows(tmp_path, rows, as_kind="lessons")) == "lessons"
    assert kind_of(read_rows(tmp_path, rows, as_kind="timetable")) == "timetable"


def test_lessons_without_topics_do_not_pass_for_workloads(tmp_path: Path) -> None:
    rows = table("lessons", headings=["Datums", "Stunda", "Klase", "Priekšmets", "Pedagogs"])
    error = kind_of(read_rows(tmp_path, rows))
    assert "lessons (Stundas) lacks the heading Tēma" in error
    assert kind_of(read_rows(tmp_path, rows, as_kind="workloads")) == "workloads"


def test_one_heading_more_of_another_kind_does_no_harm(tmp_path: Path) -> None:
    # "Datums" belongs to lessons, of which one heading more matches than of workloads: not yet two.
    rows = table("workloads", headings=["Pedagogs", "Priekšmets", "Klase", "Datums"])
    assert kind_of(read_rows(tmp_path, rows)) == "workloads"


def test_an_error_names_the_nearest_kind_what_it_lacks_and_the_likeliest_misspelling(tmp_path: Path) -> None:
    rows = table("marks")
    rows[0] = ["Vērtejuma viedi" if word == "Vērtējuma veids" else word for word in rows[0]]
    error = kind_of(read_rows(tmp_path, rows))
    assert "marks (Vērtējumi) lacks the heading Vērtējuma veids" in error
    assert "«Vērtejuma viedi»" in error and "«Vērtējuma veids»" in error
    assert "Anna Bērziņa" not in error


def test_a_given_kind_needs_its_headings_too(tmp_path: Path) -> None:
    error = kind_of(read_rows(tmp_path, table("workloads"), as_kind="marks"))
    assert "marks (Vērtējumi) lacks the heading Skolēns, Vērtējuma veids, Vērtējums" in error


@pytest.mark.parametrize(
    ("kind", "meaning", "first", "second"),
    [
        ("lessons", "topic", "Tēma", "Temats"),
        ("lessons", "teacher", "Pedagogs", "Skolotājs"),
        ("marks", "theme", "Temats", "Tēma"),
        ("marks", "date", "Darba datums", "Datums"),
        ("marks", "pupil", "Izglītojamais", "Vārds, uzvārds"),
        ("contacts", "updated_at", "Aktualizēts", "Atjaunots"),
    ],
)
def test_of_two_columns_of_one_meaning_the_earlier_synonym_is_it(
    tmp_path: Path, kind: str, meaning: str, first: str, second: str
) -> None:
    own = kinds()[kind].heading(meaning)
    for order in ([first, second], [second, first]):
        words = [word for word in all_headings(kind) if word != own]
        rows = table(kind, headings=[*order, *words])
        rows[1][order.index(first)] = ROWS[kind][own]
        rows[1][order.index(second)] = "31.02.2026"
        journal = read_rows(tmp_path, rows)
        assert kind_of(journal) == kind
        assert journal.sheets[0].headings[meaning] == first
        assert journal.problems == []


def test_a_small_kind_in_the_title_rows_is_no_header(tmp_path: Path) -> None:
    title = ["Klase:", "7.a", "Klases audzinātājs:", "Dace Siliņa"]
    journal = read_rows(tmp_path, [title, *table("marks")])
    assert (kind_of(journal), journal.sheets[0].header_row, journal.sheets[0].rows) == ("marks", 2, 1)


# ---- CSV: charsets, delimiters, quotation marks

CHARSETS = {
    "utf-8": ("utf-8", lambda text: text.encode()),
    "utf-8 with a mark": ("utf-8", lambda text: text.encode("utf-8-sig")),
    "windows-1257": ("windows-1257", lambda text: text.encode("cp1257")),
    "utf-16 LE with a mark": ("utf-16", lambda text: b"\xff\xfe" + text.encode("utf-16-le")),
    "utf-16 BE with a mark": ("utf-16", lambda text: b"\xfe\xff" + text.encode("utf-16-be")),
    "utf-16 LE": ("utf-16", lambda text: text.encode("utf-16-le")),
    "utf-16 BE": ("utf-16", lambda text: text.encode("utf-16-be")),
}
HARD_TOPICS = [
    'SR: Lasu "Mazo princi"; spriežu / Grāmata, kas jālasa',
    "SR: Rakstu\npārspriedumu,\r\nlaboju / Pārspriedums",
    'SR: Skaitu\t/ "Āžkājiņa ģērbj ķēniņu, šļūc; žņaudz"',
    "SR: Dziedu / Tautasdziesma",
]


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_any_charset_with_any_delimiter(tmp_path: Path, charset: str, delimiter: str) -> None:
    name, encode = CHARSETS[charset]
    rows = table("lessons", *({"Tēma": topic, "Stunda": str(n)} for n, topic in enumerate(HARD_TOPICS, 1)))
    rows.append(["31.02.2026", *rows[1][1:]])
    for end in ("\r\n", "\n"):
        journal = read_text(tmp_path, encode(lines(*rows, delimiter=delimiter, end=end)))
        (sheet,) = journal.sheets
        assert (sheet.encoding, sheet.delimiter, sheet.header_row, sheet.rows) == (name, delimiter, 1, 5)
        frame = journal.frames["lessons"]
        assert texts(frame, "topic")[:4] == [" ".join(topic.split()) for topic in HARD_TOPICS]
        # A line break in quotation marks makes no row, in a spreadsheet neither.
        assert list(frame["row"]) == [2, 3, 4, 5, 6]
        assert problems(journal) == [(6, "Datums", "31.02.2026")]


def test_files_of_several_charsets_are_one_journal(tmp_path: Path) -> None:
    for number, (_name, encode) in enumerate(CHARSETS.values(), 1):
        rows = table("marks", {"Skolēns": "Ģirts Šķēle", "Temats": f"{number}. darbs"})
        (tmp_path / f"{number}.csv").write_bytes(encode(lines(*rows)))
    journal = read(tmp_path)
    assert [sheet.encoding for sheet in journal.sheets] == [name for name, _encode in CHARSETS.values()]
    frame = journal.frames["marks"]
    assert texts(frame, "pupil") == ["Ģirts Šķēle"] * 7
    assert texts(frame, "theme") == [f"{number}. darbs" for number in range(1, 8)]


def test_a_charset_is_told_by_all_bytes_not_by_the_first(tmp_path: Path) -> None:
    plain = {"Priekšmets": "Sports", "Pedagogs": "Uldis Liepa", "Tēma": "SR: Skrienu / Kross"}
    words = ["Datums", "Stunda", "Klase", "Priekšmets", "Pedagogs", "Tema"]
    rows = [["Datums", "Stunda", "Klase", "Prieksmets", "Pedagogs", "Tema"]]
    rows += table("lessons", *([plain] * 5000), {"Pedagogs": "Jānis Āboliņš"}, headings=words)[1:]
    for row in rows[1:]:
        row[3:6] = [row[3] or "Sports", row[4], "SR: Skrienu / Kross"]
    journal = read_text(tmp_path, lines(*rows).encode("cp1257"))
    assert journal.sheets[0].encoding == "windows-1257"
    assert texts(journal.frames["lessons"], "teacher")[-1] == "Jānis Āboliņš"


def odd_row(text: str) -> str:
    return text.replace("16. darbs", "16. darbs;;;;;;;;viens par daudz", 1)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1257", "utf-16"])
@pytest.mark.parametrize(
    "mangled",
    [
        lambda text: text,
        odd_row,
        lambda text: text.rstrip() + text[-1] * 3,
        lambda text: text.replace("7. darbs", '"7.; darbs"'),
        lambda text: text.replace("7. darbs", '7. "darbs', 1),
        lambda text: text.replace("Ģirts", "Ģi\x00rts", 1),
    ],
    ids=["as it is", "an odd row", "blank lines below", "quotation marks", "a lone one", "a lost letter"],
)
def test_a_large_file_is_read_in_parts_as_a_small_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str, codec: str, mangled: Callable[[str], str]
) -> None:
    rows = table("marks", *({"Skolēns": f"Ģirts {n} Šķēle", "Temats": f"{n}. darbs"} for n in range(40)))
    data = mangled(lines(*rows, end=end)).encode(codec)
    whole = read_text(tmp_path, data)
    for workers, smallest in ((2, 2000), (4, 100)):
        monkeypatch.setattr(threads, "_WORKERS", workers)
        monkeypatch.setattr(threads, "_SMALLEST_PART", smallest)
        monkeypatch.setattr(opening, "_LARGE", smallest)
        parts = read_text(tmp_path, data)
        pd.testing.assert_frame_equal(parts.frames["marks"], whole.frames["marks"])
        assert (parts.problems, parts.sheets) == (whole.problems, whole.sheets)
    assert len(whole.frames["marks"]) == 40


def test_every_letter_of_windows_1257_is_read_as_it_is(tmp_path: Path) -> None:
    # Its dashes and quotation marks take three bytes in UTF-8, its letters two.
    letters = bytes(range(0xA2, 256)).replace(b"\xa5", b"").decode("cp1257") + "„“–—€…"
    themes = [f"{letter} darbs {letter}" for letter in letters if letter.isprintable()] + ["Darbs", ""]
    rows = table("marks", *({"Temats": theme} for theme in [*themes, *themes]))
    journal = read_text(tmp_path, lines(*rows).encode("cp1257"))
    assert (journal.sheets[0].encoding, journal.problems) == ("windows-1257", [])
    assert texts(journal.frames["marks"], "theme") == [unicodedata.normalize("NFC", theme) for theme in themes] * 2


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\xc4\x80\n" * 9, ("utf-8", True)),
        (b"\xc4\x80\n" * 8 + b"\xc4\n", ("utf-8", False)),
        (b"\xc4\n\x80" + b"\xc4\x80\n" * 8, ("utf-8", False)),
        (b"\xc2\n" * 9, ("windows-1257", True)),
        (b"a\n" * 8 + b"\xc2", ("windows-1257", True)),
        (b"\xc2\n" * 30 + b"\xc4\n", ("windows-1257", False)),
        (b"a" * 30 + b"\xc2", ("windows-1257", True)),
    ],
)
def test_a_charset_is_told_part_by_part_as_of_a_whole(
    monkeypatch: pytest.MonkeyPatch, data: bytes, told: tuple[str, bool]
) -> None:
    for workers, smallest in ((1, 4 << 20), (3, 1), (4, 7)):
        monkeypatch.setattr(threads, "_WORKERS", workers)
        monkeypatch.setattr(threads, "_SMALLEST_PART", smallest)
        found = charset_of(data)
        assert (found.name, found.sound) == told


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends_of_any_system_also_none_at_the_end(tmp_path: Path, end: str, last: bool) -> None:
    text = lines(*table("classes", {}, {"Klase": "8.b"}), end=end)
    journal = read_text(tmp_path, text if last else text.rstrip())
    assert texts(journal.frames["classes"], "class") == ["7.a", "8.b"]
    assert list(journal.frames["classes"]["row"]) == [2, 3]


def test_a_line_that_names_the_delimiter_is_a_title_row(tmp_path: Path) -> None:
    journal = read_text(tmp_path, "sep=;\r\n" + lines(*table("classes")))
    assert (kind_of(journal), journal.sheets[0].header_row, journal.sheets[0].rows) == ("classes", 2, 1)


def test_quotation_marks_inside_a_cell_are_part_of_it(tmp_path: Path) -> None:
    text = lines(*table("exemptions")).replace("Sports un veselība", 'Kurss "Sports"')
    assert texts(read_text(tmp_path, text).frames["exemptions"], "subject") == ['Kurss "Sports"']


@pytest.mark.parametrize("closing", ['"', ""])
def test_a_lone_quotation_mark_swallows_no_rows_in_silence(tmp_path: Path, closing: str) -> None:
    rows = lines(*table("documents", {}, {"Pedagogs": "@"}, {"Pedagogs": "#"}, {}))
    text = rows.replace("@", '"Ilze Kalniņa').replace("#", f"{closing}Ilze Kalniņa")
    error = kind_of(read_text(tmp_path, text))
    assert "row 3" in error and "quotation mark" in error
    assert "Kalniņa" not in error


# ---- title rows, blank rows, the footer


TITLES = [["Aknīstes vidusskola"], ["Periods:", "01.12.2025 – 19.12.2025"], [], ["Sagatavots: 20.12.2025"]]


def test_titles_blank_rows_and_the_footer_are_no_data_and_keep_their_numbers(tmp_path: Path) -> None:
    head, first, second, third = table("absences", {}, {"Stunda": "4"}, {"Stunda": "5"})
    footer = [
        ["Kopā: 3"],
        [],
        ["Sagatavoja: Dace Siliņa", "", "", "20.12.2025"],
        ["", ""],
        [NBSP, ZERO_WIDTH],
    ]
    journal = read_rows(tmp_path, [*TITLES, head, [], first, ["", NBSP], second, third, [], *footer])
    (sheet,) = journal.sheets
    assert (sheet.kind, sheet.header_row, sheet.rows, sheet.data_problems) == ("absences", 5, 3, 0)
    assert list(journal.frames["absences"]["row"]) == [7, 9, 10]
    assert list(journal.frames["absences"]["lesson"]) == [3, 4, 5]


@pytest.mark.parametrize("first", ["Kopā", "KOPĀ:", "Kopa 12", "Sagatavots", "Sagatavoja: D. Siliņa", "kopā stundas"])
def test_a_footer_by_its_first_cell(tmp_path: Path, first: str) -> None:
    rows = [*table("documents"), [first, "", "", "12"]]
    assert read_rows(tmp_path, rows).sheets[0].rows == 1


@pytest.mark.parametrize(
    "below",
    [
        # A required cell beside it is filled.
        ["Kopā", "", "", "", "1. semestris", ""],
        # It begins with another word.
        ["Pavisam", "", "", "12", "", ""],
        ["Nekopā", "", "", "12", "", ""],
    ],
)
def test_what_only_looks_like_a_footer_is_a_row(tmp_path: Path, below: list[str]) -> None:
    assert read_rows(tmp_path, [*table("documents"), below]).sheets[0].rows == 2


def test_a_footer_stands_below_the_last_row(tmp_path: Path) -> None:
    head, row = table("documents")
    journal = read_rows(tmp_path, [head, row, ["Kopā", "", "", "1"], row])
    assert journal.sheets[0].rows == 3
    assert problems(journal) == [(3, "Periods", "")]


@pytest.mark.parametrize("rows", [[], [[]], [["Kopā: 0"]]])
def test_headings_without_rows(tmp_path: Path, rows: list[list[str]]) -> None:
    journal = read_rows(tmp_path, [all_headings("marks"), *rows])
    assert (kind_of(journal), journal.sheets[0].rows, journal.problems) == ("marks", 0, [])
    assert len(journal.frames["marks"]) == 0


# ---- rows of another width


def test_a_short_row_ends_in_blank_cells(tmp_path: Path) -> None:
    head, row, other = table("workloads", {}, {"Klase": "8.b"})
    journal = read_rows(tmp_path, [head, row[:3], other, row[:2]])
    frame = journal.frames["workloads"]
    assert texts(frame, "class") == ["7.a", "8.b", ""]
    assert list(frame["from"]) == [NO_DAY] * 3
    assert problems(journal) == [(4, "Klase", "")]


def test_a_row_with_more_cells_than_headings_is_a_data_problem(tmp_path: Path) -> None:
    head, row, other = table("workloads", {}, {"Klase": "8.b"})
    journal = read_rows(tmp_path, [head, row, [*other, "lieks"], [*row, "", NBSP]])
    assert [problem.row for problem in journal.problems] == [3]
    assert list(journal.frames["workloads"]["sound"]) == [True, False, True]
    assert journal.sheets[0].rows == 3


def test_a_last_delimiter_in_every_line_is_no_cell(tmp_path: Path) -> None:
    text = "".join(line + ";\r\n" for line in lines(*table("marks", {}, {})).splitlines())
    journal = read_text(tmp_path, text)
    assert (journal.sheets[0].rows, journal.problems) == (2, [])


def test_row_numbers_among_rows_of_all_widths(tmp_path: Path) -> None:
    head, row = table("timetable")
    journal = read_rows(
        tmp_path, [head, row, row[:5], [], [*row, "x"], row, ["", "", "", "", "", "", "", "x"], row[:5]]
    )
    assert list(journal.frames["timetable"]["row"]) == [2, 3, 5, 6, 8]
    assert [problem.row for problem in journal.problems] == [5]


# ---- blank and unreadable cells

# (kind, heading, cells that are data problems, whether the row then still stands)
BAD_CELLS = [
    ("lessons", "Datums", ["", "31.02.2026", "08.12.25"], False),
    ("lessons", "Klase", ["", "a klase"], False),
    ("lessons", "Priekšmets", ["", NBSP], False),
    ("lessons", "Stunda", ["21", "trešā"], False),
    ("lessons", "Ievadīts", ["31.02.2026 12:00", "08.12.2025 24:00", "2025-12-08T12:00:00+02:00"], True),
    ("lessons", "Tēma ievadīta", ["vakar"], True),
    ("lessons", "Kavējumi ievadīti", ["jā"], True),
    ("lessons", "Mājas darbs ievadīts", ["2025-12-08T12:00:00.250"], True),
    ("marks", "Skolēns", ["", ZERO_WIDTH], False),
    ("marks", "Klase", ["", "VII"], False),
    ("marks", "Priekšmets", [""], False),
    ("marks", "Vērtējuma veids", ["", "kontroldarbs"], False),
    ("marks", "Darba datums", [""], False),
    ("marks", "Darba datums", ["31.02.2026"], True),
    ("marks", "Iesniegts", ["31.02.2026"], True),
    ("marks", "Periods", ["3. semestris"], True),
    ("marks", "Ievadīts", ["31.02.2026"], True),
    ("marks", "Labots", ["31.02.2026"], True),
    ("absences", "Skolēns", [""], False),
    ("absences", "Klase", [""], False),
    ("absences", "Datums", ["", "31.02.2026"], False),
    ("absences", "Kavējums", ["", NBSP], False),
    ("absences", "Stunda", ["21"], True),
    ("absences", "Ievadīts", ["?"], True),
    ("absences", "Attaisnots", ["?"], True),
    ("notes", "Skolēns", [""], False),
    ("notes", "Klase", [""], False),
    ("notes", "No", ["", "31.02.2026"], False),
    ("notes", "Līdz", ["", "31.02.2026"], False),
    ("notes", "Saņemta", ["31.02.2026"], True),
    ("events", "No", ["", "31.02.2026"], False),
    ("events", "Līdz", ["", "31.02.2026"], False),
    ("events", "Klase", ["7.a; visi"], True),
    ("events", "Informācija saņemta", ["31.02.2026"], True),
    ("contacts", "Skolēns", [""], False),
    ("contacts", "Klase", [""], False),
    ("contacts", "Aktualizēts", ["31.02.2026"], True),
    ("contacts", "Vecāki informēti", ["31.02.2026"], True),
    ("contacts", "Uzņemts", ["31.02.2026"], True),
    ("contacts", "Atskaitīts", ["31.02.2026"], True),
    ("statements", "Klase", [""], False),
    ("statements", "Skolēns", [""], False),
    ("statements", "Mēnesis", ["", "novembris"], False),
    ("statements", "Izsniegts", ["31.02.2026"], True),
    ("exemptions", "Skolēns", [""], False),
    ("exemptions", "Klase", [""], False),
    ("exemptions", "Priekšmets", [""], False),
    ("exemptions", "No", ["", "31.02.2026"], False),
    ("exemptions", "Līdz", ["31.02.2026"], True),
    ("documents", "Dokuments", [""], False),
    ("documents", "Klase", ["visas"], True),
    ("documents", "Periods", ["", "3. semestris"], False),
    ("documents", "Izdrukāts", ["31.02.2026"], True),
    ("classes", "Klase", ["", "a"], False),
    ("workloads", "Priekšmets", [""], False),
    ("workloads", "Klase", [""], False),
    ("workloads", "No", ["31.02.2026"], True),
    ("workloads", "Līdz", ["31.02.2026"], True),
    ("timetable", "Klase", ["", "a"], False),
    ("timetable", "Nedēļas diena", ["", "Monday"], False),
    ("timetable", "Stunda", ["", "21"], False),
    ("timetable", "Priekšmets", [""], False),
    ("timetable", "Spēkā no", ["31.02.2026"], True),
    ("timetable", "Spēkā līdz", ["31.02.2026"], True),
]


@pytest.mark.parametrize(("kind", "heading", "cells", "stands"), BAD_CELLS)
def test_a_bad_cell_is_told_with_its_place(
    tmp_path: Path, kind: str, heading: str, cells: list[str], stands: bool
) -> None:
    head, *rows = table(kind, {}, *({heading: cell} for cell in cells), {})
    journal = read_rows(tmp_path, [["Aknīstes vidusskola"], head, *rows])
    assert problems(journal) == [(4 + n, heading, cell) for n, cell in enumerate(cells)]
    assert {(p.file, p.sheet) for p in journal.problems} == {("fails.csv", None)}
    # One row's fault is no other's.
    assert list(journal.frames[kind]["sound"]) == [True, *([stands] * len(cells)), True]
    assert (journal.sheets[0].rows, journal.sheets[0].data_problems) == (len(rows), len(cells))


# Cells that may be blank.
MAY_BE_BLANK = {
    "lessons": "Stunda · Pedagogs · Žurnāls · Stundas tips · Tēma · Mājas darbs · Skolēni · Ievadīts · "
    "Tēma ievadīta · Kavējumi ievadīti · Mājas darbs ievadīts",
    "marks": "Pedagogs · Iesniegts · Temats · Vērtējums · Periods · Ievadīts · Labots · Iepriekšējais vērtējums",
    "absences": "Stunda · Priekšmets · Pedagogs · Ievadīts · Attaisnots · Attaisnoja",
    "notes": "Iemesls · Saņemta",
    "events": "Pasākums · Klase · Skolēni · Atbildīgais pedagogs · Informācija saņemta",
    "contacts": "Skolēna tālrunis · Vecāks · Vecāka tālrunis · Aktualizēts · Vecāki informēti · Uzņemts · Atskaitīts",
    "statements": "Izsniegts · Veids",
    "exemptions": "Līdz · Rīkojums",
    "documents": "Klase · Skolēns · Pedagogs · Izdrukāts",
    "classes": "Klases audzinātājs",
    "workloads": "Pedagogs · No · Līdz",
    "timetable": "Pedagogs · Spēkā no · Spēkā līdz",
}


@pytest.mark.parametrize("kind", HEADINGS)
def test_a_cell_is_blank_or_bad_and_each_is_held_here(tmp_path: Path, kind: str) -> None:
    may = MAY_BE_BLANK[kind].split(" · ")
    blank_is_bad = {heading for other, heading, cells, _stands in BAD_CELLS if other == kind and "" in cells}
    assert blank_is_bad | set(may) == set(all_headings(kind))
    assert not blank_is_bad & set(may)
    journal = read_rows(tmp_path, table(kind, dict.fromkeys(may, ""), dict.fromkeys(may, f" {NBSP}{ZERO_WIDTH}")))
    assert journal.problems == []
    assert list(journal.frames[kind]["sound"]) == [True, True]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"Vērtējuma veids": "formatīvais", "Darba datums": ""}, "Darba datums"),
        ({"Vērtējuma veids": "summatīvais", "Darba datums": "", "Iesniegts": ""}, "Darba datums"),
        ({"Vērtējuma veids": "summatīvais", "Darba datums": "", "Iesniegts": "08.12.2025"}, None),
        ({"Vērtējuma veids": "summatīvais", "Darba datums": "08.12.2025", "Iesniegts": ""}, None),
        ({"Vērtējuma veids": "semestra", "Darba datums": "", "Periods": ""}, "Periods"),
        ({"Vērtējuma veids": "semestra", "Darba datums": "", "Periods": "Gads"}, "Periods"),
        ({"Vērtējuma veids": "semestra", "Darba datums": "", "Periods": "1. semestris"}, None),
        ({"Vērtējuma veids": "gada", "Darba datums": "", "Periods": ""}, None),
        ({"Vērtējuma veids": "pēcpārbaudījuma", "Darba datums": "", "Periods": ""}, None),
        ({"Vērtējuma veids": "starpvērtējums", "Darba datums": "", "Periods": ""}, None),
    ],
)
def test_a_mark_needs_what_its_kind_needs(tmp_path: Path, cells: dict[str, str], column: str | None) -> None:
    journal = read_rows(tmp_path, table("marks", cells))
    assert [problem.column for problem in journal.problems] == ([column] if column else [])


def test_each_bad_cell_of_a_row_is_a_problem_of_its_own(tmp_path: Path) -> None:
    bad = {"Datums": "31.02.2026", "Stunda": "21", "Klase": "?", "Priekšmets": "", "Ievadīts": "vakar"}
    journal = read_rows(tmp_path, table("lessons", bad))
    assert sorted(problems(journal)) == sorted((2, heading, cell) for heading, cell in bad.items())


def test_a_problem_names_the_heading_and_the_value_as_the_file_has_them(tmp_path: Path) -> None:
    rows = table("marks", {"Darba datums": " 31.02.2026 "})
    rows[0] = ["VĒRTĒJUMA DATUMS:" if word == "Darba datums" else word for word in rows[0]]
    assert problems(read_rows(tmp_path, rows)) == [(2, "VĒRTĒJUMA DATUMS:", " 31.02.2026 ")]


# ---- what the cells come to


def test_the_values_of_a_lesson(tmp_path: Path) -> None:
    journal = read_rows(
        tmp_path,
        table(
            "lessons",
            {
                "Datums": f"8.12.2025{NBSP}",
                "Stunda": "1-2",
                "Klase": "12. B klase 1. gr.",
                "Priekšmets": f"Latviešu{NBSP} valoda",
                "Pedagogs": unicodedata.normalize("NFD", "Ilze  Kalniņa"),
                "Ievadīts": "08.12.2025. 9:05",
                "Tēma ievadīta": "2025-12-08T16:05:30",
                "Kavējumi ievadīti": "08.12.2025",
                "Mājas darbs ievadīts": "",
            },
        ),
    )
    (row,) = journal.frames["lessons"].to_dict("records")
    assert to_date(row["date"]) == date(2025, 12, 8)
    assert (row["lesson"], row["lesson_last"]) == (1, 2)
    assert (row["class"], row["grade"], row["group"]) == ("12.b", 12, "1. gr")
    assert (row["subject"], row["subject_key"], row["teacher"]) == (
        "Latviešu valoda",
        "latviešu valoda",
        "Ilze Kalniņa",
    )
    assert to_datetime(row["entered_at"]) == to_datetime(row["entered_at_last"]) == datetime(2025, 12, 8, 9, 5)
    assert to_datetime(row["topic_entered_at"]) == datetime(2025, 12, 8, 16, 5, 30)
    # A day without a clock is the whole day.
    assert to_datetime(row["absences_entered_at"]) == datetime(2025, 12, 8)
    assert to_datetime(row["absences_entered_at_last"]) == datetime(2025, 12, 8, 23, 59, 59)
    assert row["homework_entered_at_state"] == 0


def test_what_cannot_be_read_has_no_value(tmp_path: Path) -> None:
    (row,) = read_rows(tmp_path, table("lessons", {"Stunda": "x", "Klase": "x"})).frames["lessons"].to_dict("records")
    assert (row["lesson"], row["lesson_last"], row["class"], row["grade"]) == (-1, -1, "", 0)
    (row,) = read_rows(tmp_path, table("timetable", {"Nedēļas diena": "x"})).frames["timetable"].to_dict("records")
    assert row["weekday"] == -1
    (row,) = read_rows(tmp_path, table("statements", {"Mēnesis": "x"})).frames["statements"].to_dict("records")
    assert row["month"] == -1
    # A blank day and an unreadable one are told apart.
    frame = read_rows(tmp_path, table("marks", {"Iesniegts": "x"}, {"Iesniegts": ""}, {"Iesniegts": "08.12.2025"}))
    days = frame.frames["marks"][["submitted_on", "submitted_on_unreadable"]]
    assert days.to_numpy().tolist() == [[NO_DAY, True], [NO_DAY, False], [20_430, False]]


def test_an_event_lists_classes_and_pupils(tmp_path: Path) -> None:
    rows = table("events", {"Klase": "7a, 8.B klase, 12", "Skolēni": "Bērziņa, Anna\nOzols, Jānis"})
    frame = read_rows(tmp_path, rows).frames["events"]
    assert texts(frame, "class") == ["7.a;8.b;12"]
    assert texts(frame, "pupils") == ["Bērziņa, Anna;Ozols, Jānis"]


def test_marks_keep_their_case_and_absence_codes_lose_it(tmp_path: Path) -> None:
    assert texts(read_rows(tmp_path, table("marks", {"Vērtējums": "A T B"})).frames["marks"], "mark") == ["A T B"]
    frame = read_rows(tmp_path, table("absences", {"Kavējums": f"N{NBSP}C"})).frames["absences"]
    assert texts(frame, "code") == ["nc"]


def test_names_differ_by_case_and_by_order(tmp_path: Path) -> None:
    names = [
        "Anna Bērziņa",
        "anna Bērziņa",
        "Bērziņa Anna",
        "Anna  Bērziņa",
        unicodedata.normalize("NFD", "Anna Bērziņa"),
    ]
    rows = table("contacts", *({"Skolēns": name} for name in names))
    frame = read_rows(tmp_path, rows).frames["contacts"]
    assert texts(frame, "pupil") == [
        "Anna Bērziņa",
        "anna Bērziņa",
        "Bērziņa Anna",
        "Anna Bērziņa",
        "Anna Bērziņa",
    ]


# ---- several files of one kind


def write(folder: Path, name: str, rows: Iterable[Iterable[str]]) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(lines(*rows), encoding="utf-8")
    return path


def test_a_row_that_stands_in_two_files_counts_once(tmp_path: Path) -> None:
    one, two, three = ({"Stunda": str(n)} for n in (1, 2, 3))
    write(tmp_path, "a.csv", table("lessons", one, two))
    write(tmp_path, "b.csv", table("lessons", two, three))
    journal = read(tmp_path)
    assert list(journal.frames["lessons"]["lesson"]) == [1, 2, 3]
    assert [sheet.rows for sheet in journal.sheets] == [2, 1]
    assert list(journal.frames["lessons"]["row"]) == [2, 3, 3]


def test_the_same_row_twice_in_one_file_is_two(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", table("marks", {}, {}))
    write(tmp_path, "b.csv", table("marks", {}, {}, {}))
    assert [sheet.rows for sheet in read(tmp_path / "a.csv").sheets] == [2]
    # Of two overlapping files the one with more of them has them all.
    assert [sheet.rows for sheet in read(tmp_path).sheets] == [2, 1]


def test_repeats_are_seen_past_order_charset_spaces_and_words_of_the_headings(tmp_path: Path) -> None:
    rows = table("marks", {"Skolēns": "Ģirts Šķēle"})
    write(tmp_path, "a.csv", rows)
    turned = [row[::-1] for row in rows]
    turned[0] = ["Atzīme" if word == "Vērtējums" else word for word in turned[0]]
    turned[1] = [f" {cell}{NBSP}" for cell in turned[1]]
    (tmp_path / "b.csv").write_bytes(lines(*turned, delimiter=",").encode("cp1257"))
    assert [sheet.rows for sheet in read(tmp_path).sheets] == [1, 0]


@pytest.mark.parametrize("change", [{"Vērtējums": "9"}, {"Ievadīts": "09.12.2025 12:01"}, {"Skolēns": "anna Bērziņa"}])
def test_a_row_that_differs_in_one_cell_is_another(tmp_path: Path, change: dict[str, str]) -> None:
    write(tmp_path, "a.csv", table("marks"))
    write(tmp_path, "b.csv", table("marks", change))
    assert [sheet.rows for sheet in read(tmp_path).sheets] == [1, 1]


def test_the_data_problem_of_a_repeat_counts_once_too(tmp_path: Path) -> None:
    bad = {"Datums": "31.02.2026"}
    write(tmp_path, "a.csv", table("lessons", bad))
    write(tmp_path, "b.csv", table("lessons", {}, bad))
    journal = read(tmp_path)
    assert [(p.file, p.row) for p in journal.problems] == [("a.csv", 2)]
    assert [(sheet.rows, sheet.data_problems) for sheet in journal.sheets] == [(1, 1), (1, 0)]
    write(tmp_path, "a.csv", table("lessons", bad, bad))
    assert [(p.file, p.row) for p in read(tmp_path).problems] == [("a.csv", 2), ("a.csv", 3)]


def test_the_same_cells_in_files_of_two_kinds_are_no_repeat(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", table("statements"))
    write(tmp_path, "b.csv", table("classes"))
    assert [sheet.rows for sheet in read(tmp_path).sheets] == [1, 1]


def test_an_optional_column_of_one_file_is_not_lost_by_the_other(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", table("marks", {"Labots": "10.12.2025"}))
    write(tmp_path, "b.csv", table("marks", {"Skolēns": "Jānis Ozols"}, headings=required("marks")))
    frame = read(tmp_path).frames["marks"]
    assert list(frame["changed_at_state"]) == [1, -1]
    assert texts(frame, "theme") == ["Vienādojumi", None]


STAMPED = ("Datums", "Stunda", "Klase", "Priekšmets", "Pedagogs", "Tēma", "Ievadīts")


def test_rows_of_a_file_without_a_column_are_left_out_of_the_check_that_needs_it(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", table("lessons", {}, {"Stunda": "4"}, headings=STAMPED))
    write(tmp_path, "b.csv", table("lessons", {"Stunda": "5"}, headings=STAMPED[:-1]))
    (check,) = answer_of_folder(tmp_path, "2026-02-27", ["2-lesson"])["checks"]
    assert (check["status"], check["fulfilled"], check["undetermined"]) == ("clean", 2, 0)
    # Its topic is there all the same, only nobody can tell since when.
    (check,) = answer_of_folder(tmp_path, "2026-02-27", ["2-topic"])["checks"]
    assert (check["fulfilled"], check["undetermined"]) == (2, 1)


def test_a_column_that_no_file_has_is_named(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", table("lessons", headings=STAMPED[:-1]))
    (check,) = answer_of_folder(tmp_path, "2026-02-27", ["2-lesson"])["checks"]
    assert check["status"] == "not_audited"
    assert "Ievadīts" in check["reason"] and "Stundas" in check["reason"]


# ---- workbooks


def workbook(path: Path, **sheets: Sequence[Sequence[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def test_each_sheet_of_a_workbook_is_of_its_own_kind(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "skola.xlsx",
        Titullapa=[["Aknīstes vidusskola"], [], ["2025./2026. mācību gads"]],
        Stundas=[*TITLES, *table("lessons", {}, {"Datums": "31.02.2026"})],
        Tukša=[],
        Klases=table("classes"),
        Vēl=table("lessons", {"Stunda": "4"}),
    )
    journal = read(path)
    assert [(s.sheet, s.kind, s.rows, s.header_row, s.encoding, s.delimiter) for s in journal.sheets] == [
        ("Stundas", "lessons", 2, 5, None, None),
        ("Klases", "classes", 1, 1, None, None),
        ("Vēl", "lessons", 1, 1, None, None),
    ]
    assert [(s.file, s.sheet) for s in journal.skipped] == [
        ("skola.xlsx", "Titullapa"),
        ("skola.xlsx", "Tukša"),
    ]
    assert [(p.file, p.sheet, p.row, p.value) for p in journal.problems] == [("skola.xlsx", "Stundas", 7, "31.02.2026")]


def test_dates_and_numbers_in_their_own_cells(tmp_path: Path) -> None:
    rows = table("lessons", *[{}] * 5)
    places = {word: number for number, word in enumerate(rows[0])}
    stamps = [
        (date(2025, 12, 8), 3, datetime(2025, 12, 8, 16, 5), datetime(2025, 12, 8, 16, 5)),
        # At midnight a cell of Excel is a day, a text is a moment.
        (datetime(2025, 12, 8), 3.0, datetime(2025, 12, 8), None),
        ("08.12.2025", "3.", "08.12.2025 00:00", datetime(2025, 12, 8)),
        # A plain number in a column of dates is a date.
        (45_999, "3", 45_999 + (16 * 60 + 5) / 1440, datetime(2025, 12, 8, 16, 5)),
        # What is a hair off a second is that second.
        (45_999.0, 3, datetime(2025, 12, 8, 16, 4, 59, 999_700), datetime(2025, 12, 8, 16, 5)),
    ]
    for row, (day, lesson, entered, _moment) in zip(rows[1:], stamps, strict=True):
        row[places["Datums"]], row[places["Stunda"]], row[places["Ievadīts"]] = day, lesson, entered
    frame = read(workbook(tmp_path / "stundas.xlsx", Stundas=rows)).frames["lessons"]
    assert [to_date(day) for day in frame["date"]] == [date(2025, 12, 8)] * 5
    assert list(frame["lesson"]) == [3] * 5
    for (_day, _lesson, _entered, moment), first, last in zip(
        stamps, frame["entered_at"], frame["entered_at_last"], strict=True
    ):
        assert to_datetime(first) == (moment or datetime(2025, 12, 8))
        assert to_datetime(last) == (moment or datetime(2025, 12, 8, 23, 59, 59))


def test_numbers_that_are_no_dates_are_data_problems(tmp_path: Path) -> None:
    rows = table("lessons", *[{}] * 4)
    for row, cell in zip(rows[1:], (2025, 8.5, 99_999, "45999"), strict=True):
        row[0] = cell
    journal = read(workbook(tmp_path / "stundas.xlsx", Stundas=rows))
    assert problems(journal) == [
        (2, "Datums", "2025"),
        (3, "Datums", "8.5"),
        (4, "Datums", "99999"),
        (5, "Datums", "45999"),
    ]


def test_a_number_outside_the_date_columns_stays_a_number(tmp_path: Path) -> None:
    rows = table("contacts", {})
    rows[1] = [29123456 if cell in ("29123456", "29123457") else cell for cell in rows[1]]
    rows[1][1] = 7
    frame = read(workbook(tmp_path / "kontakti.xlsx", Kontakti=rows)).frames["contacts"]
    assert (texts(frame, "pupil_phone"), texts(frame, "class")) == (["29123456"], ["7"])


def test_a_table_that_begins_below_and_to_the_right(tmp_path: Path) -> None:
    rows = [[], [], *([None, None, *row] for row in table("marks", {"Darba datums": "31.02.2026"}))]
    journal = read(workbook(tmp_path / "vertejumi.xlsx", V=rows))
    assert journal.sheets[0].header_row == 3
    assert problems(journal) == [(4, "Darba datums", "31.02.2026")]
    assert list(journal.frames["marks"]["row"]) == [4]


def test_a_workbook_without_any_table_is_an_error_where_it_was_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", Viens=[["Sveiki"]], Divi=[])
    assert [str(error).partition(":")[0] for error in read(path).errors] == ["x.xlsx"]
    journal = read(tmp_path)
    assert (journal.errors, [s.sheet for s in journal.skipped]) == ([], ["Viens", "Divi"])


def test_a_given_kind_is_meant_for_the_sheets_that_it_fits(tmp_path: Path) -> None:
    rows = [TIED, ["08.12.2025", "3", "7.a", "Matemātika", "Ilze Kalniņa", "SR: Risinu / Vienādojumi", ""]]
    path = workbook(tmp_path / "x.xlsx", Titullapa=[["Skola"]], Stundas=rows, Klases=table("classes"))
    assert len(read(path).errors) == 1
    journal = read(path, as_kind="lessons")
    assert [(s.sheet, s.kind) for s in journal.sheets] == [("Stundas", "lessons"), ("Klases", "classes")]
    assert journal.errors == []
    assert len(read(path, as_kind="notes").errors) == 1


def test_each_bad_file_has_an_error_of_its_own(tmp_path: Path) -> None:
    bad = [["Skolēns", "Klase", "Datums", "Kavējums"], ["Anna Bērziņa", "7.a", "08.12.2025", "n"]]
    first = workbook(tmp_path / "a.xlsx", Slikta=bad)
    second = workbook(tmp_path / "b.xlsx", Titullapa=[["Skola"]])
    third = tmp_path / "c.csv"
    third.write_text("Labdien!", "utf-8")
    errors = [str(error).partition(": ")[0] for error in read(first, second, third).errors]
    assert errors == ["a.xlsx [Slikta]", "b.xlsx", "c.csv"]


def test_a_sheet_that_cannot_be_placed_stops_no_other(tmp_path: Path) -> None:
    bad = [["Skolēns", "Klase", "Datums", "Kavējums"], ["Anna Bērziņa", "7.a", "08.12.2025", "n"]]
    journal = read(workbook(tmp_path / "x.xlsx", Slikta=bad, Klases=table("classes")))
    assert [s.kind for s in journal.sheets] == ["classes"]
    (error,) = journal.errors
    assert str(error).startswith("x.xlsx [Slikta]: ") and "Pedagogs" in str(error)


# ---- names of files


def names(*paths: Path) -> list[str]:
    return [sheet.file for sheet in read(*paths).sheets]


@pytest.fixture
def school(tmp_path: Path) -> Path:
    for number, name in enumerate(("a/x.csv", "a/sub/x.csv", "a/sub/deep/y.TXT", "b/x.csv", "b/z.tsv"), 1):
        write(tmp_path, name, table("classes", {"Klase": f"{number}.a"}))
    write(tmp_path, "a/piezimes.md", [["Klase"]])
    write(tmp_path, "a/.slepts.csv", table("classes"))
    write(tmp_path, "a/~$x.csv", table("classes"))
    return tmp_path


def test_files_are_named_from_the_folder_that_was_given(school: Path) -> None:
    assert names(school / "a") == ["sub/deep/y.TXT", "sub/x.csv", "x.csv"]
    assert names(school) == ["a/sub/deep/y.TXT", "a/sub/x.csv", "a/x.csv", "b/x.csv", "b/z.tsv"]
    assert names(school / "a" / "sub" / "x.csv") == ["x.csv"]


def test_two_arguments_that_would_give_one_name(school: Path) -> None:
    a, b = school / "a", school / "b"
    assert names(a, b) == ["a/x.csv", "b/x.csv", "sub/deep/y.TXT", "sub/x.csv", "z.tsv"]
    assert names(a / "x.csv", b / "x.csv") == ["a/x.csv", "b/x.csv"]
    assert names(a / "x.csv", b) == ["a/x.csv", "b/x.csv", "z.tsv"]


def test_a_file_meant_twice_is_read_once(school: Path) -> None:
    a = school / "a"
    assert names(a / "x.csv", a / "x.csv", a / "sub" / ".." / "x.csv") == ["x.csv"]
    assert names(a, a) == names(a, a / "x.csv") == names(a)
    (school / "b" / "cits.csv").symlink_to(a / "x.csv")
    assert len(read(a / "x.csv", school / "b" / "cits.csv").sheets) == 1


def test_names_do_not_depend_on_the_order_of_the_arguments(school: Path) -> None:
    for paths in (
        (school / "a", school / "a" / "sub"),
        (school / "a", school / "a" / "sub" / "x.csv"),
        (school / "a", school / "b", school / "a" / "x.csv"),
    ):
        assert len({tuple(names(*order)) for order in itertools.permutations(paths)}) == 1


def test_a_folder_gives_its_exports_only(school: Path) -> None:
    (school / "a" / "veca.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    journal = read(school / "a")
    assert len(journal.sheets) == 3
    # What may be an export of another form is named, the rest is none of ours.
    assert [skipped.file for skipped in journal.skipped] == ["veca.xls"]
    assert journal.errors == []


@pytest.mark.parametrize("content", ["", "\r\n \r\n", "\ufeff", "Labdien! Šeit nav tabulas.\r\n"])
def test_a_file_without_a_table_is_skipped_in_a_folder_and_an_error_by_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.txt"
    path.write_text(content, encoding="utf-8")
    journal = read(tmp_path)
    assert ([skipped.file for skipped in journal.skipped], journal.errors) == (["x.txt"], [])
    journal = read(path)
    assert (journal.skipped, len(journal.errors)) == ([], 1)


def test_the_order_of_arguments_and_of_files_does_not_change_the_answer(tmp_path: Path) -> None:
    late = {"Ievadīts": "22.12.2025 12:00"}
    for name, changes in {
        "a/1.csv": [late, {**late, "Skolēns": "Jānis Ozols"}],
        "b/1.csv": [late, {"Darba datums": ""}],
        "b/2.csv": [{**late, "Skolēns": "Jānis Ozols"}, {"Darba datums": ""}],
    }.items():
        write(tmp_path, name, table("marks", *changes))
    journals = [read(*order) for order in itertools.permutations(sorted(tmp_path.rglob("*.csv")))]
    assert len({repr((j.sheets, j.problems, j.frames["marks"].to_csv())) for j in journals}) == 1


# ---- the wide summary


SUMMARY = [
    ["Skolēns", "Klase", "Matemātika", "", "", "Latviešu valoda", "", ""],
    ["", "", "1. semestris", "2. semestris", "Gada", "1. semestris", "2. semestris", "Gada"],
    ["Anna Bērziņa", "7.a", "8", "", "8", "atb", "7", ""],
    ["Jānis Ozols", "7. A klase", "", "", "", "", "", ""],
]
SUMMARY_MARKS = [
    ("Anna Bērziņa", "7.a", "Latviešu valoda", 1, "atb"),
    ("Anna Bērziņa", "7.a", "Latviešu valoda", 2, "7"),
    ("Anna Bērziņa", "7.a", "Matemātika", 1, "8"),
    ("Anna Bērziņa", "7.a", "Matemātika", 3, "8"),
]


def summary_marks(journal: Journal) -> list[tuple[str, str, str, int, str]]:
    frame = journal.frames["summary"]
    return sorted(
        (str(row["pupil"]), str(row["class"]), str(row["subject"]), int(row["period"]), str(row["mark"]))
        for row in frame.to_dict("records")
    )


ONE_ROW = [
    ["Skolēns", "Klase", "Matemātika 1. semestris", "Matemātika 2. semestris", "Matemātika Gada",
     "Latviešu valoda I sem.", "LATVIEŠU VALODA 2.semestris:", "Latviešu valoda gads"],
    *SUMMARY[2:],
]  # fmt: skip


def test_a_summary_of_two_header_rows(tmp_path: Path) -> None:
    journal = read_rows(tmp_path, [["Aknīstes vidusskola"], *SUMMARY])
    (sheet,) = journal.sheets
    assert (sheet.kind, sheet.header_row, sheet.rows, journal.problems) == ("summary", 3, 2, [])
    assert summary_marks(journal) == SUMMARY_MARKS
    assert set(journal.frames["summary"]["row"]) == {4}


def test_a_summary_of_one_header_row(tmp_path: Path) -> None:
    journal = read_rows(tmp_path, ONE_ROW)
    assert (kind_of(journal), journal.sheets[0].header_row, journal.sheets[0].rows) == ("summary", 1, 2)
    found = [(pupil, class_, subject.capitalize(), *rest) for pupil, class_, subject, *rest in summary_marks(journal)]
    assert sorted(found) == SUMMARY_MARKS


def test_the_pupils_heading_may_stand_in_the_lower_row(tmp_path: Path) -> None:
    rows = [["", "", *SUMMARY[0][2:]], ["Skolēns", "Klase", *SUMMARY[1][2:]], *SUMMARY[2:]]
    journal = read_rows(tmp_path, rows)
    assert (kind_of(journal), journal.sheets[0].header_row) == ("summary", 2)
    assert summary_marks(journal) == SUMMARY_MARKS


def test_a_summary_with_other_columns_beside_the_marks(tmp_path: Path) -> None:
    rows = [[*SUMMARY[0], "Piezīmes"], [*SUMMARY[1], ""], [*SUMMARY[2], "pārcelta"], SUMMARY[3]]
    rows = [[*row[:2], note, *row[2:]] for row, note in zip(rows, ("Nr.", "", "12", "13"), strict=True)]
    journal = read_rows(tmp_path, rows)
    assert (summary_marks(journal), journal.problems) == (SUMMARY_MARKS, [])


def test_a_summary_of_merged_cells(tmp_path: Path) -> None:
    path = workbook(tmp_path / "kopsavilkums.xlsx", Kopsavilkums=[["Aknīstes vidusskola"], *SUMMARY])
    book = openpyxl.load_workbook(path)
    sheet = book["Kopsavilkums"]
    for cells in ("A2:A3", "B2:B3", "C2:E2", "F2:H2", "A1:H1"):
        sheet.merge_cells(cells)
    sheet["C4"], sheet["G4"] = 8, 7
    book.save(path)
    journal = read(path)
    assert [(s.kind, s.header_row, s.rows) for s in journal.sheets] == [("summary", 3, 2)]
    assert summary_marks(journal) == SUMMARY_MARKS


def test_a_summary_below_title_rows_that_look_like_a_small_kind(tmp_path: Path) -> None:
    title = ["Klase:", "7.a", "Klases audzinātājs:", "Dace Siliņa"]
    journal = read_rows(tmp_path, [title, *SUMMARY])
    assert (kind_of(journal), journal.sheets[0].rows) == ("summary", 2)


def test_a_summary_whose_kind_was_given(tmp_path: Path) -> None:
    assert summary_marks(read_rows(tmp_path, SUMMARY, as_kind="summary")) == SUMMARY_MARKS
    error = kind_of(read_rows(tmp_path, table("statements"), as_kind="summary"))
    assert "1. semestris" in error


@pytest.mark.parametrize(
    ("titles", "year"),
    [
        (["2025./2026. mācību gads"], 2025),
        (["Aknīstes vidusskola", "2025/2026. m. g."], 2025),
        (["2025.-2026. m. g.", "Kopsavilkums 2025–2026"], 2025),
        ([], -1),
        (["2025./2026. un 2026./2027. mācību gads"], -1),
        (["2025./2027. mācību gads"], -1),
        (["Sagatavots 12.01.2026"], -1),
    ],
)
def test_the_school_year_of_a_summary_stands_in_its_titles(tmp_path: Path, titles: list[str], year: int) -> None:
    journal = read_rows(tmp_path, [*([title] for title in titles), *SUMMARY])
    assert set(journal.frames["summary"]["school_year"]) == {year}


def test_what_fits_another_kind_is_no_summary(tmp_path: Path) -> None:
    rows = table("contacts")
    rows[0].append("Matemātika 1. semestris")
    rows[1].append("8")
    assert kind_of(read_rows(tmp_path, rows)) == "contacts"


@pytest.mark.parametrize("word", ["Matemātika", "Matemātika 3. semestris", "Matemātika gad", "1. semestris"])
def test_pupils_without_columns_of_marks_are_no_summary(tmp_path: Path, word: str) -> None:
    journal = read_rows(tmp_path, [["Skolēns", "Klase", word], ["Anna Bērziņa", "7.a", "8"]])
    assert journal.sheets == []
    assert len(journal.errors) == 1


def test_a_bad_class_in_a_summary(tmp_path: Path) -> None:
    journal = read_rows(tmp_path, [*SUMMARY, ["Zane Krūmiņa", "visi", "8", "", "", "", "", ""]])
    assert problems(journal) == [(5, "Klase", "visi")]
    assert journal.sheets[0].rows == 3
    assert {str(row["pupil"]) for row in journal.rows("summary").to_dict("records")} == {"Anna Bērziņa"}


# ---- large files


def test_a_file_of_many_blocks_keeps_its_row_numbers(tmp_path: Path) -> None:
    head, row = table("lessons", {"Tēma": "SR: Rakstu / " + "garš ieraksts " * 400})
    text = lines(row).encode()
    count = (34 << 20) // len(text)
    body = bytearray(lines(head).encode())
    bad = {10, count // 2, count - 5}
    for number in range(count):
        # Rows of other widths and with line breaks, in every block.
        if number in bad:
            body += text.replace(b"08.12.2025;3", b"31.02.2026;3")
        elif number % 997 == 5:
            body += b"\r\n"
        elif number % 997 == 6:
            body += lines(row[:8]).encode()
        elif number % 997 == 7:
            body += text.replace(b"12. uzd.", b'"12.\r\n13. uzd."')
        else:
            body += text
    journal = read_text(tmp_path, bytes(body))
    assert problems(journal) == [(number + 2, "Datums", "31.02.2026") for number in sorted(bad)]
    blank = len([number for number in range(count) if number % 997 == 5 and number not in bad])
    assert journal.sheets[0].rows == count - blank


def test_a_cell_longer_than_a_block(tmp_path: Path) -> None:
    for size in (2 << 20, 18 << 20):
        long = "ā" * (size // 2)
        rows = table("lessons", {}, {"Tēma": long}, {"Datums": "31.02.2026"})
        journal = read_rows(tmp_path, rows)
        assert (journal.sheets[0].rows, problems(journal)) == (3, [(4, "Datums", "31.02.2026")])
        assert len(texts(journal.frames["lessons"], "topic")[1] or "") == len(long)


# ---- what an answer tells of its inputs


def test_the_answer_accounts_for_every_row(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", [*TITLES, *table("marks", {}, {"Darba datums": ""}), [], ["Kopā: 2"]])
    write(tmp_path, "b.csv", table("marks", {}, {"Skolēns": "Jānis Ozols"}))
    workbook(tmp_path / "c.xlsx", Titullapa=[["Skola"]], Klases=table("classes"))
    got = answer_of_folder(tmp_path, "2026-02-27", ["5"])
    csv_form = {"sheet": None, "kind": "marks", "encoding": "utf-8", "delimiter": ";"}
    sheet_form = {"sheet": "Klases", "kind": "classes", "encoding": None, "delimiter": None}
    keys = [*csv_form, "file", "rows", "header_row", "data_problems"]
    assert [{key: entry[key] for key in keys} for entry in got["inputs"]] == [
        {**csv_form, "file": "a.csv", "rows": 2, "header_row": 5, "data_problems": 1},
        {**csv_form, "file": "b.csv", "rows": 1, "header_row": 1, "data_problems": 0},
        {**sheet_form, "file": "c.xlsx", "rows": 1, "header_row": 1, "data_problems": 0},
    ]
    assert [(s["file"], s["sheet"]) for s in got["skipped"]] == [("c.xlsx", "Titullapa")]
    assert [{**p, "reason": ""} for p in got["data_problems"]] == [
        {"file": "a.csv", "sheet": None, "row": 7, "column": "Darba datums", "value": "", "reason": ""}
    ]
    assert got["data_problems"][0]["reason"]
    assert got["totals"]["data_problems"] == 1
    assert got["checks"][0]["fulfilled"] == 2
