"""Two exports of different days in one folder."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from eklase_audit import i18n
from eklase_audit.errors import AuditError
from eklase_audit.exports.paths import find_files
from eklase_audit.exports.reading import read_journal
from support import write_tables


def marks(values: list[str], stamps: list[str], teacher: str = "Ilze Kalniņa") -> list[dict[str, str]]:
    """Formative marks of one class, one a pupil, with their times of entry."""
    return [
        {
            "Skolēns": f"Skolēns {number}",
            "Klase": "7.a",
            "Priekšmets": "Matemātika",
            "Pedagogs": teacher,
            "Vērtējuma veids": "formatīvs",
            "Darba datums": "09.02.2026",
            "Vērtējums": value,
            "Ievadīts": stamp,
        }
        for number, (value, stamp) in enumerate(zip(values, stamps, strict=True))
    ]


IN_TIME, LATER = "10.02.2026 15:00", "17.02.2026 15:00"
GAPS = marks(["7"] * 6 + ["", "", "", ""], [IN_TIME] * 6 + [""] * 4)
MENDED = marks(["7"] * 10, [IN_TIME] * 6 + [LATER] * 4)


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Writes files of marks, named in the order in which they are given."""

    def write(**files: list[dict[str, str]]) -> Path:
        for name, rows in files.items():
            place = tmp_path / name
            place.mkdir()
            write_tables(place, {"marks": rows})
        return tmp_path

    i18n.activate("en")
    return write


def test_two_days_of_one_export_are_an_error_that_names_both(folder: Callable[..., Path]) -> None:
    place = folder(a=GAPS, b=MENDED)
    with pytest.raises(AuditError, match=r"a/marks\.csv and b/marks\.csv hold the same entries"):
        read_journal(find_files([place]))


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_newest_takes_the_later_whatever_the_names(folder: Callable[..., Path], names: tuple[str, str]) -> None:
    place = folder(**dict(zip(names, (GAPS, MENDED), strict=True)))
    journal = read_journal(find_files([place]), newest=True)
    rows = journal.rows("marks")
    assert len(rows) == 10
    assert sorted(rows["mark"]) == ["7"] * 10


def test_newest_keeps_what_the_later_does_not_speak_of(folder: Callable[..., Path]) -> None:
    other_class = [{**row, "Klase": "8.b"} for row in MENDED[:2]]
    earlier = [{**row, "Darba datums": "12.01.2026"} for row in MENDED[:3]]
    place = folder(a=[*GAPS, *other_class, *earlier], b=MENDED)
    journal = read_journal(find_files([place]), newest=True)
    assert len(journal.rows("marks")) == 10 + 2 + 3


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(MENDED, MENDED, id="the same export twice"),
        pytest.param(MENDED, marks(["7"] * 10, [IN_TIME] * 10, "Uldis Ozols"), id="another teacher's marks"),
        pytest.param(MENDED, [{**row, "Darba datums": "10.02.2026"} for row in GAPS], id="another day's marks"),
        pytest.param(
            marks(["7"] * 30, [IN_TIME] * 30),
            marks(["7"] * 27 + [""] * 3, [IN_TIME] * 27 + [""] * 3),
            id="a tenth",
        ),
    ],
)
def test_what_is_not_two_days_of_one_export(
    folder: Callable[..., Path], first: list[dict[str, str]], second: list[dict[str, str]]
) -> None:
    journal = read_journal(find_files([folder(a=first, b=second)]))
    assert not journal.errors


@pytest.mark.parametrize("heading", ["fingerprint", "Pirkstnospiedums", "FINGERPRINT:"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_table_of_the_tool_itself_is_no_export(tmp_path: Path, heading: str, form: str) -> None:
    _write(tmp_path / f"a.{form}", ";".join([heading, *MENDED[0]]))
    journal = read_journal(find_files([tmp_path]))
    assert not journal.frames
    assert ["eklase-audit itself" in skipped.reason for skipped in journal.skipped] == [True]


WAIVERS = "Punkts;Pedagogs;Klase;Priekšmets;Skolēns;No;Līdz;Iemesls;Rīkojums;Atļāva"
OWN_LISTS = [
    "Pedagogs;No;Līdz;Iemesls",
    "PEDAGOGS:;No;līdz;Iemesls;Aizvieto;Piezīmes",
    "teacher;from;until;reason;substitute",
    f"Pirkstnospiedums;{WAIVERS}",
    WAIVERS,
    "Pārbaude;Iemesls;Atļāva",
    "Punkts;Klase;Iemesls;Līdz",
    "clause;teacher;class;subject;pupil;from;until;reason;order;allowed_by",
]
EXPORTS = {
    "notes": ["Skolēns;Klase;No;Līdz;Iemesls;Saņemta", "Skolēns;Klase;No;Līdz;Iemesls;Saņemta;Punkts;Atļāva;Pedagogs"],
    "workloads": ["Pedagogs;Priekšmets;Klase;No;Līdz", "Pedagogs;Mācību priekšmets;Klase;No;Līdz;Iemesls;Aizvieto",
                  "Pedagogs;Priekšmets;Klase;No;Līdz;Iemesls;Punkts"],
    "exemptions": ["Skolēns;Klase;Priekšmets;No;Līdz;Rīkojums",
                   "Izglītojamais;Klase;Priekšmets;No;Līdz;Rīkojums;Iemesls;Pedagogs",
                   "Skolēns;Klase;Priekšmets;No;Līdz;Rīkojums;Iemesls;Punkts"],
    "documents": ["Dokuments;Pedagogs;Periods;Izdrukāts;No;Līdz;Iemesls"],
}  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("headings", OWN_LISTS)
def test_waivers_and_absences_of_staff_are_no_exports(tmp_path: Path, headings: str, form: str) -> None:
    _write(tmp_path / f"a.{form}", headings)
    journal = read_journal(find_files([tmp_path]))
    assert (list(journal.frames), journal.errors) == ([], [])
    assert ["eklase-audit itself" in skipped.reason for skipped in journal.skipped] == [True]


@pytest.mark.parametrize(("kind", "headings"), [(kind, one) for kind, several in EXPORTS.items() for one in several])
def test_an_export_is_no_list_of_the_tool(tmp_path: Path, kind: str, headings: str) -> None:
    _write(tmp_path / "a.csv", headings)
    journal = read_journal(find_files([tmp_path]))
    assert (list(journal.frames), journal.errors, journal.skipped) == ([kind], [], [])


@pytest.mark.parametrize("headings", ["Izglītojamais;Pedagogs;No;Līdz;Iemesls", "Klase;Pedagogs;No;Līdz;Iemesls"])
def test_an_export_that_lacks_a_heading_is_named_and_not_passed_over(tmp_path: Path, headings: str) -> None:
    _write(tmp_path / "a.csv", headings)
    journal = read_journal(find_files([tmp_path]))
    assert [len(journal.errors), len(journal.skipped)] == [1, 0]


def test_a_kind_that_the_user_gave_is_not_doubted(tmp_path: Path) -> None:
    _write(tmp_path / "a.csv", WAIVERS)
    journal = read_journal(find_files([], [("exemptions", tmp_path / "a.csv")]))
    assert list(journal.frames) == ["exemptions"]


def _write(path: Path, headings: str) -> None:
    """A table of two rows below a title and these headings, as CSV or XLSX."""
    i18n.activate("en")
    words = headings.split(";")
    rows = [["Skola"], words, [f"{n}" for n in range(len(words))], ["x"] * len(words)]
    if path.suffix == ".csv":
        path.write_text("\n".join(";".join(row) for row in rows), "utf-8")
        return
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
