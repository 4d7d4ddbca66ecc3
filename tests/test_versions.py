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
    i18n.activate("en")
    rows = [[heading, *MENDED[0]], ["0a1b2c3d", *MENDED[0].values()]]
    if form == "csv":
        (tmp_path / "a.csv").write_text("\n".join(";".join(row) for row in rows), "utf-8")
    else:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / "a.xlsx")
    journal = read_journal(find_files([tmp_path]))
    assert not journal.frames
    assert ["eklase-audit itself" in skipped.reason for skipped in journal.skipped] == [True]
