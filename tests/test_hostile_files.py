"""Nothing that a file holds can hurt: it is refused in one line that names the file, and the others are read."""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from eklase_audit import i18n
from eklase_audit.exports import book_scan, limits, opening, threads
from eklase_audit.exports.paths import find_files
from eklase_audit.exports.reading import read_journal
from eklase_audit.journal import Journal
from support import answer_of_folder, command

GOOD = "Klase;Klases audzinātājs\n7.a;Dace Siliņa\n"


@pytest.fixture(autouse=True)
def _in_english() -> None:
    i18n.activate("en")


def read(*paths: Path) -> Journal:
    return read_journal(find_files(paths))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one good file in it."""
    (tmp_path / "labs.csv").write_text(GOOD, encoding="utf-8")
    return tmp_path


def refused(folder: Path, name: str = "slikts.xlsx") -> str:
    """The one line in which the bad file of a folder is refused; the good file is read."""
    journal = read(folder)
    assert [sheet.file for sheet in journal.sheets if sheet.file == "labs.csv"] == ["labs.csv"]
    (error,) = journal.errors
    assert str(error).startswith(name) and "\n" not in str(error)
    ended = command("check", folder, "--as-of", "2026-02-27")
    assert ended.exit_code == 2
    assert name in ended.stderr and "Traceback" not in ended.stderr
    return str(error).partition(": ")[2]


def workbook(folder: Path, sheet: str = "", name: str = "slikts.xlsx", **parts: bytes) -> Path:
    """A workbook made by openpyxl whose sheet holds these rows of XML instead, and some parts others."""
    made = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["Klase", "Klases audzinātājs"])  # type: ignore[union-attr]
    book.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.namelist():
            data = source.read(member)
            if member.endswith("sheet1.xml") and sheet:
                start, end = data.index(b"<sheetData>"), data.index(b"</sheetData>")
                data = data[:start] + b"<sheetData>" + sheet.encode() + data[end:]
            target.writestr(member, parts.get(member.rpartition("/")[2].replace(".", "_"), data))
    return folder / name


# ---- bombs


def test_a_bomb_in_a_workbook_is_not_unpacked(folder: Path) -> None:
    workbook(folder)
    with zipfile.ZipFile(folder / "slikts.xlsx", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/x.bin", bytes(64 << 20))
    assert "unpacks to far more" in refused(folder)


def test_a_bomb_in_an_archive_is_not_unpacked(folder: Path) -> None:
    with zipfile.ZipFile(folder / "slikts.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("labs2.csv", GOOD)
        for number in range(40):
            archive.writestr(f"{number}.csv", bytes(1 << 20))
    assert "unpacks to far more" in refused(folder, "slikts.zip")


def test_a_directory_that_lies_about_the_size_is_a_broken_archive(folder: Path) -> None:
    with zipfile.ZipFile(folder / "slikts.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.csv", GOOD * 10_000)
    data = bytearray((folder / "slikts.zip").read_bytes())
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<L", data, data.index(mark) + place, 100)
    (folder / "slikts.zip").write_bytes(data)
    assert "broken archive" in refused(folder, "slikts.zip/x.csv")


def test_archives_in_archives_are_not_unpacked(folder: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("x.csv", GOOD)
    with zipfile.ZipFile(folder / "ārā.zip", "w") as archive:
        archive.writestr("iekšā.zip", inner.getvalue())
    journal = read(folder)
    assert [(skipped.file, journal.errors) for skipped in journal.skipped] == [("ārā.zip/iekšā.zip", [])]


BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">%s]><worksheet>&j;</worksheet>""" % b"".join(
    b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 10) for letter in b"bcdefghij"
)


@pytest.mark.parametrize("part", ["sheet1_xml", "styles_xml", "workbook_xml", "workbook_xml_rels"])
def test_entities_in_a_workbook_are_not_expanded(folder: Path, part: str) -> None:
    workbook(folder, **{part: BOMB})
    assert "declares entities" in refused(folder)


def test_entities_in_an_ods_are_not_expanded(folder: Path) -> None:
    with zipfile.ZipFile(folder / "slikts.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", b" " * 70_000 + BOMB)
    assert "cannot be opened" in refused(folder, "slikts.ods")


@pytest.mark.parametrize("rows", [
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "<row><c><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    '<x:row r="1048576"><x:c  r="A1"><v>1</v></x:c><x:c s="1" r="ZZ1048576"><v>1</v></x:c></x:row>',
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="A4294967295"><v>1</v></c></row>',
])  # fmt: skip
def test_a_cell_in_the_last_corner_does_not_fill_the_memory(folder: Path, rows: str) -> None:
    workbook(folder, rows)
    assert refused(folder).startswith(("it reaches over more than 20 million cells", "it cannot be opened"))


# Cells as they may stand in a sheet, and whether a search alone shows that they are near the first corner.
CELLS = {
    '<c r="A1"><v>1</v></c>': True,
    '<c r="Z999999" s="12" t="inlineStr"><is><t>x</t></is></c>': True,
    '<c r="A1234567"/>': False,
    '<c r="A1000000"/>': False,
    '<c r="AA1"/>': False,
    '<c r="a1"/>': False,
    '<c  r="A1"/>': False,
    '<c s="1" r="A1"/>': False,
    "<c r='A1'/>": False,
    '<c\nr="A1"/>': False,
    '<c r="&#65;A1"/>': False,
    "<c/>": False,
    "<c>": False,
    '<x:c r="A1"/>': False,
    '<x:cols/><cols><col min="1"/></cols><conditionalFormatting/>': True,
}


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_far_off_is_seen_wherever_it_stands(monkeypatch: pytest.MonkeyPatch, cell: str) -> None:
    monkeypatch.setattr(book_scan, "_CHUNK", 16)
    monkeypatch.setattr(threads, "_SMALLEST_PART", 32)
    near = b'<row r="1"><c r="B2" t="n"><v>2</v></c></row>'
    for place in range(20):
        for sheet in (near + b" " * place + cell.encode() + near, near + b" " * place + cell.encode()):
            assert book_scan.is_near(sheet) is CELLS[cell]


def test_a_formatted_blank_cell_in_the_last_corner_does_no_harm(folder: Path) -> None:
    head = '<c r="A1" t="inlineStr"><is><t>Klase</t></is></c><c r="B1" t="inlineStr"><is><t>Audzinātāja</t></is></c>'
    workbook(folder, f'<row r="1">{head}</row><row r="1048576"><c r="XFD1048576" s="0"/></row>')
    assert read(folder).errors == []


def test_repeated_cells_of_an_ods_do_not_fill_the_memory(folder: Path) -> None:
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="L"><table:table-row table:number-rows-repeated="1048576"><table:table-cell '
        'table:number-columns-repeated="16384" office:value-type="string"><text:p>7.a</text:p></table:table-cell>'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(folder / "slikts.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    assert "20 million cells" in refused(folder, "slikts.ods")


# ---- sizes


def test_a_file_of_two_gigabytes_is_refused_before_it_is_read(folder: Path) -> None:
    with (folder / "slikts.csv").open("wb") as file:
        file.write(GOOD.encode())
        file.truncate(2 << 30)  # takes no room on the disk
    assert "larger than 512 MiB" in refused(folder, "slikts.csv")


def test_a_line_beyond_all_measure_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "slikts.csv").write_bytes(GOOD.encode() + b"7.b;" + b"a" * (limits.MAX_LINE + 1))
    assert "longer than 32 MiB" in refused(folder, "slikts.csv")
    (folder / "slikts.csv").write_bytes(b"a" * (limits.MAX_LINE + 1))
    assert "longer than 32 MiB" in refused(folder, "slikts.csv")


@pytest.mark.parametrize("count", [limits.MAX_COLUMNS + 1, 1_000_000])
def test_a_million_columns_are_refused(folder: Path, count: int) -> None:
    head = "Klase;Klases audzinātājs;" + "x;" * count
    (folder / "slikts.csv").write_text(f"{head}\n{'7.a;' * count}\n", encoding="utf-8")
    assert "more than 2000 columns" in refused(folder, "slikts.csv")


def test_rows_of_a_million_cells_are_data_problems(folder: Path) -> None:
    (folder / "x.csv").write_text(f"{GOOD}8.a;Anna{';x' * 1_000_000}\n9.a;Uga{';' * 1_000_000}\n", encoding="utf-8")
    journal = read(folder / "x.csv")
    assert [(p.row, p.column) for p in journal.problems] == [(3, "Klases audzinātājs")]
    assert journal.sheets[0].rows == 3


def test_a_sheet_of_many_columns_is_refused(folder: Path) -> None:
    book = xlsxwriter.Workbook(str(folder / "slikts.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Klase", "Audzinātāja", *["x"] * limits.MAX_COLUMNS])
    book.close()
    assert "more than 2000 columns" in refused(folder)


def test_a_folder_of_thousands_of_files(tmp_path: Path) -> None:
    for number in range(3_000):
        (tmp_path / f"{number}.csv").write_text(f"Klase;Audzinātāja\n7.a;Dace {number}\n", encoding="utf-8")
    journal = read(tmp_path)
    assert (len(journal.sheets), len(journal.frames["classes"]), journal.errors) == (3_000, 3_000, [])


# ---- paths


@pytest.mark.parametrize("path", ["/etc/x.csv", "../x.csv", "a/../../x.csv", "C:\\x.csv", "..\\x.csv", "\\x.csv"])
def test_paths_that_lead_out_of_an_archive_are_refused(folder: Path, path: str) -> None:
    member = zipfile.ZipInfo("x.csv")
    member.filename = path
    with zipfile.ZipFile(folder / "slikts.zip", "w") as archive:
        archive.writestr(member, GOOD)
        archive.writestr("cits.csv", GOOD.replace("7.a", "8.a"))
    journal = read(folder)
    assert [sheet.file for sheet in journal.sheets] == ["labs.csv", "slikts.zip/cits.csv"]
    assert [str(error).partition(": ")[2][:28] for error in journal.errors] == ["its path leads out of the ar"]


def test_links_in_an_archive_are_refused(folder: Path) -> None:
    link = zipfile.ZipInfo("x.csv")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(folder / "slikts.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "or it is a link" in refused(folder, "slikts.zip/x.csv")


def test_two_files_of_one_name_in_an_archive_are_refused(folder: Path) -> None:
    with zipfile.ZipFile(folder / "slikts.zip", "w") as archive, pytest.warns(UserWarning):
        archive.writestr("x.csv", GOOD)
        archive.writestr("x.csv", GOOD)
    assert [str(error).partition(": ")[0] for error in read(folder).errors] == ["slikts.zip/x.csv"] * 2


def test_links_in_a_circle(folder: Path) -> None:
    (folder / "a.csv").symlink_to(folder / "b.csv")
    (folder / "b.csv").symlink_to(folder / "a.csv")
    (folder / "apkārt").symlink_to(folder)
    journal = read(folder)
    assert [sheet.file for sheet in journal.sheets] == ["labs.csv"]
    assert [str(error).partition(": ")[0] for error in journal.errors] == ["a.csv", "b.csv"]
    assert [skipped.file for skipped in journal.skipped] == ["apkārt"]
    assert command("check", folder / "a.csv").exit_code == 2


def test_what_is_no_file_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "slikts.csv")
    assert "no ordinary file" in refused(folder, "slikts.csv")


def test_a_folder_named_as_a_file(folder: Path) -> None:
    (folder / "mape.csv").mkdir()
    (folder / "mape.csv" / "x.csv").write_text(GOOD, encoding="utf-8")
    assert len(read(folder).sheets) == 2


@pytest.fixture
def without_rights(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No access to whatever is named "liegts", for the superuser either."""
    opened, scanned = os.open, os.scandir

    def refuse(path: object) -> None:
        if "liegts" in str(path):
            raise PermissionError(13, "Permission denied", str(path))

    def open_file(path: str, *arguments: int, **named: int) -> int:
        refuse(path)
        return opened(path, *arguments, **named)

    def scan(path: str = ".") -> object:
        refuse(path)
        return scanned(path)

    monkeypatch.setattr(os, "open", open_file)
    monkeypatch.setattr(os, "scandir", scan)
    yield
    monkeypatch.undo()


@pytest.mark.usefixtures("without_rights")
@pytest.mark.parametrize("is_folder", [False, True])
def test_what_may_not_be_read_is_named_and_the_others_are_read(folder: Path, is_folder: bool) -> None:
    path = folder / ("liegts" if is_folder else "liegts.csv")
    if is_folder:
        path.mkdir()
        (path / "x.csv").write_text(GOOD, encoding="utf-8")
    else:
        path.write_text(GOOD, encoding="utf-8")
    assert "access rights" in refused(folder, path.name)


@pytest.mark.parametrize("change", [b"", GOOD.encode() * 9, GOOD.encode()[:-4]])
@pytest.mark.parametrize("large", [False, True])
def test_a_file_that_changes_while_it_is_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, change: bytes, large: bool
) -> None:
    monkeypatch.setattr(opening, "_LARGE", 1 if large else 16 << 20)
    path = folder / "slikts.csv"
    path.write_text(GOOD, encoding="utf-8")
    looked_at = os.fstat
    seen: list[int] = []

    def look(handle: int) -> os.stat_result:
        result = looked_at(handle)
        if path.stat().st_ino == result.st_ino and not seen:
            seen.append(handle)
            path.write_bytes(change)
        return result

    monkeypatch.setattr(opening.os, "fstat", look)
    journal = read(folder)
    assert seen
    assert [str(error).partition(": ")[2][:32] for error in journal.errors] == ["it changed while it was read: wa"]


def test_a_name_of_a_file_that_is_no_text(folder: Path) -> None:
    (Path(os.fsdecode(os.fsencode(folder) + b"/st\xe2vs\x1b[31m.csv"))).write_text(
        GOOD.replace("7.a", "8.a"), encoding="utf-8"
    )
    ended = command("check", folder, "--format", "json", "--as-of", "2026-02-27")
    assert "st\ufffdvs" in ended.stdout
    assert "\x1b" not in ended.stdout + ended.stderr


# ---- what stands in cells


NASTY = [
    '=HYPERLINK("http://example.org";"Anna")', "+371 Anna", "-Anna", "@Anna", "[bold red]Anna[/bold red]",
    "[link=http://x]Anna",
    "\x1b[31mAnna\x1b[0m",
    "\x9b31mAnna", "\x1b]0;Anna\x07", "\u202eannA\u202c", "\u2066Anna\u2069", "Anna\x00", "Anna\x08\x08",
    "Anna\nBērziņa", "'; DROP TABLE skolēni; --", "{0}{name}%s", "\\n", "ﷺ" * 50, "A" * 40_000,
]  # fmt: skip


@pytest.mark.parametrize("name", NASTY)
def test_names_that_would_do_something_only_stand_there(tmp_path: Path, name: str) -> None:
    cell = '"' + name.replace('"', '""') + '"'
    text = ("Izdomāta skola, 2025./2026. mācību gads. " * 30 + "\n"
            "Skolēns;Klase;Priekšmets;Pedagogs;Vērtējuma veids;Darba datums;Vērtējums;Ievadīts\n"
            f"{cell};7.a;{cell};{cell};formatīvais;08.12.2025;8;22.12.2025 12:00\n"
            f"{cell};7.a;{cell};{cell};formatīvais;{cell};8;{cell}\n")  # fmt: skip
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")
    got = answer_of_folder(tmp_path, "2026-02-27", ["5"])
    # A NUL is no letter: its cell is a data problem, and the row owes nothing.
    assert len(got["findings"]) == (0 if "\0" in name else 1)
    shown = command("check", tmp_path, "--clause", "5", "--as-of", "2026-02-27")
    assert shown.exit_code == (0 if "\0" in name else 1)
    for letter in "\x1b\x9b\x07\x08\0\u202e\u2066":
        assert letter not in shown.stdout + shown.stderr
    if "[" in name and "\x1b" not in name and "\x9b" not in name:
        assert name in shown.stdout


def test_values_stand_in_no_error(folder: Path) -> None:
    (folder / "slikts.csv").write_text('Skolēns;Klase;Datums\n"Slepens Vārds;7.a;x\n', encoding="utf-8")
    assert "Slepens" not in refused(folder, "slikts.csv")
