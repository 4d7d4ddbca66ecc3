"""Files that no program should have written, and what has to hold on reading them all the same.

The makers take a random.Random: Hypothesis gives one that it can shrink, a long run one with a seed.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

import journal_files
import support
from eklase_audit.exports.headings import kinds
from eklase_audit.exports.own_forms import OWN_TITLES
from eklase_audit.exports.paths import find_files
from eklase_audit.exports.reading import read_journal
from eklase_audit.exports.texts import LOST
from eklase_audit.journal import WORKBOOK, WORKBOOK_KINDS, Journal
from eklase_audit.reports import json_answer
from journal_files import CHECK_SHEETS, GOOD_TOPIC, LESSON, NBSP, PUPILS, TEST, Entry, Sheet, write_workbook

Files = Mapping[str, bytes]
FATES = ("title", "header", "blank", "footer", "other", "repeat", "unreadable", "audited")

# ---- what has to hold


def check(files: Files, *, audited: bool = False) -> Journal:
    """Read files as a folder. Whatever is in them, each is told of, and each row of a table has one fate."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, data in files.items():
            (folder / file).write_bytes(data)
        journal = read_journal(find_files([folder]), newest=True)
        if audited:
            json_answer.text(support.audited(journal, "2026-02-27"))
    told = [
        *(s.file for s in journal.sheets),
        *(s.file for s in journal.skipped),
        *(str(e) for e in journal.errors),
    ]
    for file in files:
        assert any(text.startswith(file) for text in told), f"{file} is passed over in silence"
    for error in journal.errors:
        assert "\n" not in str(error)
    for sheet in journal.sheets:
        # E-klase's own layouts are no tables below headings: what is wrong above the entries is told too.
        is_own = sheet.kind in OWN_TITLES
        assert tuple(sheet.fates) == FATES
        assert min(sheet.fates.values()) >= 0
        total = sum(sheet.fates.values())
        assert sheet.rows == sheet.fates["unreadable"] + sheet.fates["audited"]
        assert is_own or (sheet.fates["header"] >= 1 and sheet.header_row <= total and not sheet.fates["other"])
        if (count := rows_in(files, sheet.file, sheet.sheet, sheet.encoding, sheet.delimiter)) is not None:
            assert total == count, f"{sheet.file}: {sheet.fates} is not {count}"
        here = [problem for problem in journal.problems if (problem.file, problem.sheet) == (sheet.file, sheet.sheet)]
        assert sheet.data_problems == len(here)
        assert all((0 if is_own else sheet.header_row) < problem.row <= total for problem in here)
        if sheet.fates["unreadable"]:
            assert here, f"{sheet.file}: rows are not read, and nobody is told why"
        assert (
            len({(problem.row, problem.column, problem.reason) for problem in here}) == len(here)
            or sheet.kind == "summary"
        )
    for number, sheet in enumerate(journal.sheets):
        if sheet.kind == WORKBOOK:
            rows = {row for kind in WORKBOOK_KINDS for row in rows_of(journal, kind, number)}
            assert len(rows) <= sheet.fates["audited"], f"{sheet.file}: rows that were not read are audited"
            assert len(set(rows_of(journal, "lessons", number, sound=False))) <= sheet.fates["audited"]
    own = any(sheet.kind in OWN_TITLES for sheet in journal.sheets)
    for kind, frame in journal.frames.items():
        if kind != "summary" and not own:
            assert len(frame) == sum(sheet.rows for sheet in journal.sheets if sheet.kind == kind)
            assert (~frame["sound"]).sum() == sum(s.fates["unreadable"] for s in journal.sheets if s.kind == kind)
    return journal


def rows_of(journal: Journal, kind: str, sheet: int, *, sound: bool = True) -> list[int]:
    """The row numbers of a sheet in the frame of a kind, those of sound rows or all."""
    frame = journal.frames.get(kind)
    if frame is None:
        return []
    return frame["row"][(frame["sheet_no"] == sheet) & (frame["sound"] | (not sound))].tolist()


def rows_in(files: Files, file: str, sheet: str | None, encoding: str | None, delimiter: str | None) -> int | None:
    """How many rows a file or sheet has, counted in another way; None where that way is not at hand."""
    if file not in files:
        return None
    if sheet is not None:
        end = CalamineWorkbook.from_filelike(io.BytesIO(files[file])).get_sheet_by_name(sheet).end
        return end[0] + 1 if end else 0
    assert encoding and delimiter
    codec = {"utf-8": "utf-8-sig", "windows-1257": "cp1257"}.get(encoding, encoding)
    if codec == "utf-16" and not files[file].startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    text = files[file].decode(codec, "replace")
    return sum(1 for _row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


# ---- values near valid ones

ODD = [
    "", " ", "\u00a0", "\u200b", "-", "–", "?", "0", "x", "\0", "\x1b[31mx\x1b[0m", "\u202egnirts\u202c",
    "[bold]x[/bold]",
    "=HYPERLINK(\"http://example.org\";\"x\")", "+1", "-1+1", "@SUM(A1)", "'", '"', '""', 'a"b', ";", ",", "\t", "a\nb",
    "a\r\nb", "a\rb", "\ufffd", "\ufeff", "e\u0304", "ē" * 300, "9" * 400, "1e999", "NaN", "-inf", "Ⅳ", "٣", "²",
    "Kopā", "Sagatavots: 24.11.2026.", "TRUE", "None", "null", "nan", "https://example.org", "{x}", "%s", "\\", "\x85",
    "\u2028",
]  # fmt: skip
DAYS = ["08.12.2025", "8.12.2025.", "2025-12-08", "08/12/2025", "31.02.2026", "00.00.0000", "29.02.2024", "08.12.25",
        "45999", "45999.5", "08.12.2025 25:61", "08.12.2025. 9:05", "2025-12-08T16:05:00", "2025-12-08T16:05:00+02:00",
        "08.12.2025 plkst. 16:05", "08.12.2025 16.05", "08.12.2025 16:05:30.5", "32.12.2025", "1900-01-01",
        "9999-12-31"]  # fmt: skip
NEAR = {
    "day": DAYS, "stamp": DAYS, "class": ["7.a", "12 B", "7", "13.a", "0.a", "7.a 1. gr.", "12.B klase", "a.7", "7.1"],
    "lesson": ["1", "3.", "1-2", "21", "-1", "3. stunda", "2-1"], "weekday": ["P.", "Pirmdiena", "8", "Sv", "1"],
    "month": ["2025-11", "novembris 2025", "2025. gada novembrī", "13.2025", "11.2025"],
    "period": ["1. semestris", "II sem.", "Gads", "3", "1"], "code": ["n", "n c", "NS", "zz"],
    "mark_kind": ["formatīvs", "summatīvais", "semestra", "gada", "galīgais", "x", "Valsts eksāmens"],
    "name": ["Anna Bērziņa", "Jānis Ozols", "Ozols Jānis", "anna bērziņa"], "subject": ["Matemātika", "MATEMĀTIKA"],
    "classes": ["7.a; 8.b", "visi", "7.a, 13.a"], "pupils": ["Anna Bērziņa, Jānis Ozols", "Anna Bērziņa; Jā…"],
    "text": ["8", "75,81%", "atb", "nv", "SR: Risinu / Vienādojumi", "S.R.: x / y", "liecība", "29123456, 123"],
}  # fmt: skip


def near_rows(r: Random, kind: str, fewest: int = 0) -> list[list[str]]:
    """A table of a kind with values near valid ones."""
    from eklase_audit.exports.schema import holds

    meanings = [m for m in kinds()[kind].headings if m in kinds()[kind].required or r.random() < 0.7]
    r.shuffle(meanings)
    head = [r.choice(kinds()[kind].headings[meaning]) for meaning in meanings]
    if kind == "summary":
        head += [f"{subject} {part}" for subject in ("Matemātika", "Mūzika") for part in ("1. semestris", "Gada")]
    rows = [[""], ["Skola", "2025./2026."], ["Sagatavots: 24.11.2026."], []][: r.randrange(5)]
    rows.append(head)
    for _number in range(fewest + r.randrange(12)):
        chance = r.random()
        if chance < 0.05:
            rows.append([])
        elif chance < 0.1:
            rows.append(list(head))
        elif chance < 0.15:
            rows.append(["Kopā: 3"])
        else:
            row = [r.choice(ODD if r.random() < 0.15 else NEAR[holds(kind, m)]) for m in meanings]
            row += [r.choice(["8", "", "atb", *ODD]) for _extra in head[len(meanings) :]]
            if r.random() < 0.1:
                row = row[: r.randrange(len(row) + 1)] + [r.choice(ODD) for _extra in range(r.randrange(3))]
            rows.append(row)
    return rows


def as_csv(r: Random, rows: list[list[str]]) -> bytes:
    """Rows as some program might have written them."""
    out = io.StringIO()
    if r.random() < 0.1:
        out.write("sep=;\r\n")
    writer = csv.writer(
        out,
        delimiter=r.choice(";;;,\t"),
        lineterminator=r.choice(["\r\n", "\n", "\r"]),
        quoting=r.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    )
    writer.writerows(rows)
    text = out.getvalue()
    if r.random() < 0.2:
        text = text.rstrip("\r\n")
    return text.encode(r.choice(["utf-8", "utf-8-sig", "cp1257", "utf-16", "utf-16-le"]), "replace")


def as_workbook(r: Random, tables: Mapping[str, list[list[str]]]) -> bytes:
    """Tables as a workbook, with numbers, dates, formulas and truth values among the texts."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": r.random() < 0.2}) as book:
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for name, rows in tables.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    # Above that the headings stand, without which nothing would be read.
                    chance = r.random() if number > 4 else 1
                    if chance < 0.03:
                        when = datetime(2025, 12, 8) + timedelta(minutes=r.randrange(-(10**8), 10**6))
                        sheet.write_datetime(number, column, max(when, datetime(1904, 1, 1)), day)
                    elif chance < 0.06:
                        sheet.write_number(
                            number,
                            column,
                            r.choice([0, 1, -1, 45999, 45999.67, 1e15, 1e300, 0.1]),
                            *r.choice([(), (day,)]),
                        )
                    elif chance < 0.07:
                        sheet.write_boolean(number, column, r.random() < 0.5)
                    elif chance < 0.08:
                        sheet.write_formula(number, column, "=1/0", value=r.choice(["#DIV/0!", "", "7.a", 1]))
                    elif cell:
                        sheet.write_string(number, column, cell[:32_000])
            if r.random() < 0.1:
                sheet.set_row(r.randrange(len(rows) + 1), options={"hidden": True})
    return dateless(out.getvalue())


# ---- makers of files


def any_bytes(r: Random) -> Files:
    """Bytes of no meaning, some of which begin as files do."""
    head = r.choice(
        [
            b"",
            b"",
            b"\xef\xbb\xbf",
            b"\xff\xfe",
            b"PK\x03\x04",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            b"<html>",
            b"sep=;\r\n",
            "Klase;Klases audzinātājs\n".encode(),
            b"Klase\tAudz\0",
        ]
    )
    letters = r.choice([bytes(range(256)), b';,"\t\r\n\0 a1', "Klase;audzinātājs\n".encode()])
    return {
        r.choice(["x.csv", "x.xlsx", "x.ods", "x.zip", "x.txt"]): head + bytes(r.choices(letters, k=r.randrange(400)))
    }


def near_valid(r: Random) -> Files:
    """Tables of values near valid ones, as text, workbook or archive."""
    names = r.sample(sorted(kinds()), r.randrange(1, 4))
    tables = {name: near_rows(r, name) for name in names}
    chance = r.random()
    if chance < 0.3:
        return {"x.xlsx": as_workbook(r, tables)}
    files = {f"{name}.csv": as_csv(r, rows) for name, rows in tables.items()}
    if r.random() < 0.2:
        files |= {f"cits {name}": data for name, data in files.items()}
    return {"x.zip": zipped(files)} if chance < 0.4 else files


CELLS = [NBSP, NBSP, "", 7, "8", "n", "ns", "n c", "A A P P", "5|7", "8(p.d.)", "75,81%", "atb", "ATB.", 0.5, "Ā"]


def own_layouts(r: Random) -> Files:
    """A workbook in the layouts that E-klase itself writes, with values near valid ones, some of it twice."""

    def odd(usual: Sequence[Any], chance: float = 0.1) -> Any:
        return r.choice([*ODD, LOST] if r.random() < chance else usual)

    def entry() -> Entry:
        return Entry(
            odd([LESSON, TEST, "I semestra vērtējums", "Gada vērtējums", "Valsts eksāmens"]),
            odd([*DAYS[:4], date(2025, 12, 8), 45999, NBSP]),
            {n: odd(CELLS) for n in range(4) if r.random() < 0.5},
            odd([GOOD_TOPIC, GOOD_TOPIC, NBSP]),
            subject=odd(["Matemātika", "Sports", NBSP]),
            teacher=odd(["Ilze Kārkla", NBSP]),
            kind=odd(["Žurnāls", "Žurnāls", "Žurnāls", "Uzvedības žurnāls", NBSP]),
        )

    sheets = []
    for number in range(r.randrange(1, 4)):
        entries = [entry() for _n in range(r.randrange(8))]
        pupils = [(odd([first], 0.05), odd([surname], 0.05)) for first, surname in PUPILS[: r.randrange(5)]]
        class_ = odd(["7.a", "7.a 1. gr.", "2.b klase", ""])
        sheets.append(Sheet(class_, entries, pupils, codes=r.random() < 0.8, name=f"L{number}"))
    others: dict[str, list[list[Any]]] = {}
    if r.random() < 0.3:
        others[CHECK_SHEETS[0]] = [["Klase", "?"], [], ["7.a", odd(ODD)]][: r.randrange(4)]
    for number in range(r.randrange(3)):
        names = r.sample(["Bērziņa Anna", "Ozols Jānis", "Kalna Marta Elza", LOST, f"Kr{LOST}sts Emīls"], 3)
        rows: list[list[Any]] = [["Izglītojamo saraksts"], [], ["Skola"], [], [], [], [odd(["", "Grupa"])]]
        rows += [["7.a", n, name, ""] for n, name in enumerate(names)]
        rows += [[], ["Sagatavoja:", "", odd(["Sekretāre"])], *[[odd(["", "x"])] for _n in range(r.randrange(3))]]
        others[f"S{number}"] = rows
    with tempfile.TemporaryDirectory() as folder:
        book = dateless(write_workbook(Path(folder) / "x.xlsx", sheets, others).read_bytes())
        if r.random() < 0.3:
            again = write_workbook(Path(folder) / "y.xlsx", sheets[:1], dict(list(others.items())[-1:]))
            return {"x.xlsx": book, "y.xlsx": dateless(again.read_bytes())}
    return {"x.xlsx": book}


def zipped(files: Files) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            # Without the date of today, so that a seed makes the same bytes on each day.
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def dateless(workbook: bytes) -> bytes:
    """The workbook without the time at which it was made."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as book:
        members = {name: book.read(name) for name in book.namelist()}
    return zipped({name: re.sub(rb"20\d\d-\d\d-\d\dT[\d:]+Z", b"", data) for name, data in members.items()})


@cache
def seeds() -> dict[str, bytes]:
    """Valid files to be spoilt: one of each kind and form."""
    r = Random(4)
    files: dict[str, bytes] = {}
    for kind in kinds():
        files[f"{kind}.csv"] = as_csv(r, near_rows(r, kind, 6))
        files[f"{kind}.xlsx"] = as_workbook(r, {"S": near_rows(r, kind, 6), "T": near_rows(r, "classes")})
    with tempfile.TemporaryDirectory() as folder:
        files["zurnals.xlsx"] = journal_files.school(Path(folder) / "x.xlsx").read_bytes()
        pupils = [("7.a", "Bērziņa Anna"), ("7.a", "Ozols Jānis")]
        files["saraksts.xlsx"] = journal_files.write_pupil_list(Path(folder) / "y.xlsx", pupils).read_bytes()
    files = {name: dateless(data) if name.endswith(".xlsx") else data for name, data in files.items()}
    files["x.zip"] = zipped({name: data for name, data in files.items() if name.startswith(("cl", "ma"))})
    return files


TOKENS = [b'"', b'""', b";", b"\n", b"\r", b"\r\n", b"\t", b",", b"\0", b"\xef\xbb\xbf", b"\xff", b"\xc4",
          "ā".encode(),
          b"Klase;Klases audz", b";;;;;;;;;;;;;;;;", b'<c r="XFD1048576"><v>1</v></c>', b"<row r='9999999'/>",
          b' t="e"', b"<f>1</f>", b' r="A4294967296"', b"&#0;", b"]]>", b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
          b"99999999999",
          b' hidden="1"', b"NaN", b"-1"]  # fmt: skip


def spoilt(r: Random, data: bytes) -> bytes:
    """The bytes with a few small changes."""
    body = bytearray(data)
    for _number in range(r.randrange(1, 6)):
        place = r.randrange(len(body) + 1)
        end = min(len(body), place + r.choice([1, 1, 2, 8, 64, 500]))
        here = bytes(body[place:end])
        body[place:end] = r.choice(
            [b"", bytes(r.choices(range(256), k=r.randrange(1, 4))), r.choice(TOKENS), here * 2, here[::-1]]
        )
        if r.random() < 0.1:
            del body[r.randrange(len(body) + 1) :]
    return bytes(body)


def mutated(r: Random) -> Files:
    """A valid file, spoilt; of a workbook or archive a member, since its packing would hide all else."""
    name = r.choice(sorted(seeds()))
    data = seeds()[name]
    if name.endswith(".csv") or r.random() < 0.2:
        return {name: spoilt(r, data)}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    for member in r.sample(sorted(members), r.randrange(1, 3)):
        members[member] = spoilt(r, members[member])
    return {name: zipped(members)}


MAKERS: dict[str, Callable[[Random], Files]] = {
    "bytes": any_bytes, "mutated": mutated, "near": near_valid, "own": own_layouts,
}  # fmt: skip
