"""`waive`: a waiver is added to the list that the office keeps, and all that stands there stays."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Font
from openpyxl.worksheet.table import Table

from eklase_audit.waivers import load_waivers
from support import audited, command, journal_of, regulation, table, write_tables
from waiver_lists import write_list

AS_OF = "2026-01-16"
MARKS = {
    "marks": table("""
Skolēns        | Klase | Priekšmets | Pedagogs     | Vērtējuma veids | Darba datums | Vērtējums | Ievadīts
Anna Bērziņa   | 7.a   | Matemātika | Ilze Kalniņa | formatīvais     | 08.12.2025   | 8         | 22.12.2025 10:00
Ģirts Šķēle    | 7.a   | Matemātika | Ilze Kalniņa | formatīvais     | 09.12.2025   | 7         | 22.12.2025 10:00
Līga Ķirse     | 7.a   | Matemātika | Ilze Kalniņa | formatīvais     | 10.12.2025   | 7         |
""")
}
ANNA, GIRTS = (f.fingerprint for f in audited(journal_of(MARKS), AS_OF).findings)
FORMS = ("csv", "xlsx", "toml")


@pytest.fixture
def school(tmp_path: Path) -> Path:
    folder = tmp_path / "eksports"
    folder.mkdir()
    write_tables(folder, MARKS)
    return folder


def waive(path: Path, *options: str | Path, fingerprint: str = ANNA, reason: str = "Pedagoga lapa") -> Any:
    return command("waive", fingerprint, *options, "--reason", reason, "--waivers", path)


def waivers(path: Path) -> list[tuple[Any, ...]]:
    return [(w.fingerprint, w.reason, w.order, w.allowed_by, w.first, w.last) for w in load_waivers(path, regulation())]


@pytest.mark.parametrize("form", FORMS)
def test_a_list_is_made_where_there_is_none_and_the_next_run_honours_it(school: Path, form: str) -> None:
    path = school.parent / f"izņēmumi.{form}"
    added = waive(path, school, "--as-of", AS_OF, "--until", "30.06.2026", "--order", "1-7/12", fingerprint=ANNA[:8])
    assert (added.exit_code, added.stderr) == (0, "")
    assert path.name in added.stdout
    assert path.stat().st_mode & 0o777 == 0o600
    again = waive(path, "--allowed-by", "Līga Ķirse", "--from", "2026-01-01", fingerprint=GIRTS[:8], reason="=SUM(1)")
    assert again.exit_code == 0, again.stderr
    (one, other) = load_waivers(path, regulation())
    assert (one.fingerprint, one.clause, one.reason, one.order) == (ANNA, "5-formative", "Pedagoga lapa", "1-7/12")
    assert (other.fingerprint, other.clause, other.reason) == (GIRTS[:8], None, "=SUM(1)")
    assert [str(day) for day in (one.first, one.last, other.first, other.last)] == [
        "None", "2026-06-30", "2026-01-01", "None",
    ]  # fmt: skip
    assert other.allowed_by == "Līga Ķirse"
    assert command("check", school, "--as-of", AS_OF, "--waivers", path).exit_code == 0


@pytest.mark.parametrize("form", FORMS)
def test_no_name_of_a_pupil_or_teacher_is_written(school: Path, form: str) -> None:
    path = school.parent / f"izņēmumi.{form}"
    assert waive(path, school, "--as-of", AS_OF).exit_code == 0
    told = str([[cell.value for cell in row] for row in openpyxl.load_workbook(path).active.rows]) if form == "xlsx" \
        else path.read_text("utf-8-sig")  # fmt: skip
    assert "7.a, Matemātika, 8 Dec 2025" in told
    assert not any(name in told for name in ("Anna", "Bērziņa", "Ilze", "Kalniņa"))


@pytest.mark.parametrize("form", FORMS)
def test_what_is_refused_leaves_the_list_as_it_was(school: Path, form: str) -> None:
    path = school.parent / f"izņēmumi.{form}"
    assert waive(path, "--until", "31.01.2026").exit_code == 0
    before = path.read_bytes()
    for options, text in (
        ({}, "this finding is waived already"),
        ({"fingerprint": ANNA[:10]}, "this finding is waived already"),
        ({"fingerprint": GIRTS, "reason": " "}, "a waiver needs a reason"),
        ({"fingerprint": GIRTS[:7]}, "FINGERPRINT: not a fingerprint"),
        ({"fingerprint": "vārds123"}, "FINGERPRINT: not a fingerprint"),
    ):
        result = waive(path, **options)  # type: ignore[arg-type]
        assert (result.exit_code, result.stderr.count("\n"), text in result.stderr) == (2, 1, True), result.stderr
    for words, text in (
        (["--from", "02.02.2026", "--until", "01.02.2026"], "end before it begins"),
        (["--until", "31.02.2026"], "--until: not a date"),
        ([school, "--as-of", AS_OF], "no finding has a fingerprint"),
    ):
        result = waive(path, *words, fingerprint="0" * 16)
        assert (result.exit_code, text in result.stderr) == (2, True), result.stderr
    assert path.read_bytes() == before
    # What ended can be prolonged.
    assert waive(path, "--from", "01.02.2026").exit_code == 0
    assert len(waivers(path)) == 2


def test_a_waiver_needs_a_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = command("waive", ANNA, "--reason", "x")
    assert (result.exit_code, "say which list it goes to" in result.stderr) == (2, True)
    (tmp_path / "eklase-audit.toml").write_text('waivers = "izņēmumi.toml"', "utf-8")
    assert command("waive", ANNA, "--reason", "x").exit_code == 0
    assert [w[0] for w in waivers(tmp_path / "izņēmumi.toml")] == [ANNA]


def test_other_forms_are_named(tmp_path: Path) -> None:
    assert "a waiver can be added to .xlsx, .csv, .toml" in waive(tmp_path / "a.ods").stderr


def test_a_waiver_that_has_ended_is_told(tmp_path: Path) -> None:
    result = waive(tmp_path / "a.csv", "--until", "01.01.2026", "--as-of", AS_OF)
    assert (result.exit_code, "ended already" in result.stderr) == (0, True)


@pytest.mark.parametrize("lock", ["~$a.xlsx", ".~lock.a.xlsx#"])
def test_a_list_that_is_open_in_a_spreadsheet(tmp_path: Path, lock: str) -> None:
    path = tmp_path / "a.xlsx"
    assert waive(path).exit_code == 0
    (tmp_path / lock).write_text("Lietvede", "utf-8")
    result = waive(path, fingerprint=GIRTS)
    assert result.exit_code == 2
    assert "a.xlsx: it is open in a spreadsheet" in result.stderr and lock in result.stderr
    assert len(waivers(path)) == 1


def test_a_list_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    assert waive(path).exit_code == 0

    def denied(self: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", denied)
    result = waive(path, fingerprint=GIRTS)
    assert (result.exit_code, "it cannot be replaced: close it" in result.stderr) == (2, True)
    assert [os.fspath(p.name) for p in tmp_path.iterdir()] == ["a.csv"]


def test_the_rights_of_a_list_and_a_link_to_it_stay(tmp_path: Path) -> None:
    path, link = tmp_path / "a.csv", tmp_path / "saite.csv"
    assert waive(path).exit_code == 0
    path.chmod(0o640)
    link.symlink_to(path)
    assert waive(link, fingerprint=GIRTS).exit_code == 0
    assert (path.stat().st_mode & 0o777, link.is_symlink(), len(waivers(path))) == (0o640, True, 2)


# ---- texts

TITLED = "Izņēmumu saraksts;;\r\nIemesls;Pirkstnospiedums;Rīkojums\r\nŠķēršļi;0123456789abcdef;\r\n"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1257", "utf-16"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_a_text_keeps_its_charset_its_columns_and_its_ends_of_line(tmp_path: Path, codec: str, end: str) -> None:
    path = tmp_path / "a.csv"
    before = TITLED.replace("\r\n", end).encode(codec)
    path.write_bytes(before)
    assert waive(path, "--order", "1-7; 12", reason="Šķita, ka labi").exit_code == 0
    after = path.read_bytes()
    assert after.startswith(before)
    line = f'Šķita, ka labi;{ANNA};"1-7; 12"{end}'
    assert after.decode(codec) == before.decode(codec) + line
    assert [w[:3] for w in waivers(path)] == [
        ("0123456789abcdef", "Šķēršļi", ""),
        (ANNA, "Šķita, ka labi", "1-7; 12"),
    ]


def test_a_last_line_without_an_end_gets_one(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TITLED.strip().encode())
    assert waive(path).exit_code == 0
    assert path.read_bytes() == (TITLED.strip() + f"\r\nPedagoga lapa;{ANNA};\r\n").encode()


def test_letters_that_the_charset_has_not(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TITLED.encode("cp1257"))
    result = waive(path, reason="Договор")
    assert (result.exit_code, "its charset (windows-1257) has not all these letters" in result.stderr) == (2, True)


def test_a_column_that_the_list_lacks(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TITLED.encode())
    result = waive(path, "--until", "30.06.2026")
    assert (result.exit_code, result.stderr) == (
        2, "eklase-audit: a.csv: there is no column «Līdz»: add it to the headings\n",
    )  # fmt: skip
    assert path.read_bytes() == TITLED.encode()


def test_a_list_with_a_fault_is_mended_first(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TITLED.replace("0123", "vārd").encode())
    result = waive(path)
    assert (result.exit_code, "mend this first" in result.stderr) == (2, True)


@pytest.mark.parametrize("text", ["", "# Saraksts\n", "# Saraksts", '[[waivers]]\r\nclause = 5\r\nreason = "x"\r\n'])
def test_a_toml_keeps_what_stands_in_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(text.encode())
    reason = 'Teica "jā" \\ nē'
    assert waive(path, reason=reason).exit_code == 0
    assert path.read_bytes().startswith(text.encode())
    assert waivers(path)[-1][:2] == (ANNA, reason)


# ---- workbooks


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A list with a title, columns in an order of its own, one of them the office's own, and formats."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "Saraksts"
    sheet.append(["Izņēmumi 2025./2026. m. g."])
    sheet.append(["Līdz", "Iemesls", "Arhīva nr.", "Pirkstnospiedums"])
    sheet.append([None, "Remonts", "A-7", "0123456789abcdef"])
    sheet["A3"].number_format = "yyyy.mm.dd"
    sheet["B3"].font = Font(bold=True)
    sheet.column_dimensions["B"].width = 61
    sheet.freeze_panes = "A3"
    made.create_sheet("Piezīmes").append(["Zvanīt direktorei"])
    path = tmp_path / "a.xlsx"
    made.save(path)
    return path


def test_a_workbook_keeps_its_rows_columns_widths_and_sheets(book: Path) -> None:
    assert waive(book, "--until", "30.06.2026", reason="=1+1").exit_code == 0
    after = openpyxl.load_workbook(book)
    sheet = after["Saraksts"]
    rows = [[cell.value for cell in row] for row in sheet.rows]
    assert rows[:2] == [["Izņēmumi 2025./2026. m. g.", None, None, None], ["Līdz", "Iemesls", "Arhīva nr.",
                        "Pirkstnospiedums"]]  # fmt: skip
    assert rows[2] == [None, "Remonts", "A-7", "0123456789abcdef"]
    assert [str(rows[3][0]), *rows[3][1:]] == ["2026-06-30 00:00:00", "=1+1", None, ANNA]
    assert sheet["B4"].data_type == "s"
    assert (sheet["A4"].number_format, sheet["B4"].font.bold) == ("yyyy.mm.dd", True)
    assert (sheet.column_dimensions["B"].width, sheet.freeze_panes) == (61, "A3")
    assert after.sheetnames == ["Saraksts", "Piezīmes"]
    assert after["Piezīmes"]["A1"].value == "Zvanīt direktorei"


def test_a_table_of_the_workbook_grows(book: Path) -> None:
    made = openpyxl.load_workbook(book)
    made["Saraksts"].add_table(Table(displayName="Saraksts1", ref="A2:D3"))
    made.save(book)
    assert waive(book).exit_code == 0
    assert openpyxl.load_workbook(book)["Saraksts"].tables["Saraksts1"].ref == "A2:D4"


def test_the_template_takes_waivers_below_its_headings(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert command("template", "waivers", "--out", path).exit_code == 0
    assert load_waivers(path, regulation()) == ()
    assert waive(path, fingerprint="12345678").exit_code == 0
    assert waive(path, fingerprint="87654321", reason="Otrs").exit_code == 0
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert [[row[0].value, row[0].number_format] for row in sheet.iter_rows(min_row=2)] == [
        ["12345678", "@"], ["87654321", "@"],
    ]  # fmt: skip
    # Its notes and its checks of dates are there still.
    assert sheet["I1"].comment is not None
    assert {rule.type for rule in sheet.data_validations.dataValidation} == {"date"}


def _charted(path: Path) -> None:
    made = openpyxl.load_workbook(path)
    chart = BarChart()
    chart.add_data(Reference(made.active, min_col=1, min_row=2, max_row=3))
    made.active.add_chart(chart, "G2")
    made.save(path)


def test_a_workbook_with_a_chart_is_left_alone(book: Path) -> None:
    _charted(book)
    before = book.read_bytes()
    result = waive(book)
    assert (result.exit_code, "it holds pictures, charts or macros" in result.stderr) == (2, True)
    assert book.read_bytes() == before


@pytest.mark.parametrize("write", [lambda path: path.write_bytes(b"PK\x03\x04nav"), lambda path: path.write_text("x")])
def test_what_is_no_workbook(tmp_path: Path, write: Callable[[Path], Any]) -> None:
    path = tmp_path / "a.xlsx"
    write(path)
    before = path.read_bytes()
    result = waive(path)
    assert (result.exit_code, result.stderr.count("\n"), path.read_bytes()) == (2, 1, before)


def test_the_list_stands_among_the_exports_and_is_none(school: Path) -> None:
    path = write_list(school / "izņēmumi.xlsx", f"Pirkstnospiedums | Iemesls\n{ANNA} | x\n{GIRTS} | y")
    result = command("check", school, "--as-of", AS_OF, "--waivers", path)
    assert result.exit_code == 0
    assert "izņēmumi.xlsx: skipped" in result.stderr
