"""Lists of waivers that an office opened in LibreOffice and saved there are the same lists."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from eklase_audit.errors import AuditError
from eklase_audit.findings import Waiver
from eklase_audit.waivers import load_waivers
from libreoffice import CSV_FILTERS, INPUT_FILTERS, convert
from support import command, regulation
from waiver_lists import write_list

pytestmark = pytest.mark.programs

LIST = """
Pirkstnospiedums | Punkts      | Pedagogs        | Klase | Datums no  | Iemesls             | Rīkojums | No         | Līdz
0f1e2d3c4b5a6978 |             |                 |       |            | Ķīļa māsas kāzas    | 1-7/12   |            | 30.06.2026
                 | 8.1         | Ģirts Šķēle     | 7.a   | 08.12.2025 | "Žagata"; ēka slēgta | 12       | 01.12.2025 | 31.12.2025
                 | 3.1-topic   | Ērika Ņikiforova |      |            | Čehu valodas kursi  |          |            |
                 | 5           |                 | 12.b  |            | Skat. pielikumu      |          |            |
"""  # fmt: skip  # noqa: E501


def read(path: Path) -> list[Waiver]:
    """The waivers of a list without their places."""
    return [replace(waiver, place="") for waiver in load_waivers(path, regulation())]


@pytest.fixture
def expected(tmp_path: Path) -> list[Waiver]:
    waivers = read(write_list(tmp_path / "paraugs.csv", LIST))
    assert [w.reason for w in waivers] == [
        "Ķīļa māsas kāzas",
        '"Žagata"; ēka slēgta',
        "Čehu valodas kursi",
        "Skat. pielikumu",
    ]
    return waivers


@pytest.mark.parametrize("way", ["all texts", "English"])
def test_a_text_saved_as_workbook(tmp_path: Path, expected: list[Waiver], way: str) -> None:
    target = convert([tmp_path / "paraugs.csv"], tmp_path / "lo", "xlsx", f"--infilter={INPUT_FILTERS[way]}")
    assert read(target / "paraugs.xlsx") == expected


def test_a_clause_that_latvian_libreoffice_takes_for_a_date_is_told_and_not_guessed(
    tmp_path: Path, expected: list[Waiver]
) -> None:
    target = convert([tmp_path / "paraugs.csv"], tmp_path / "lo", "xlsx", f"--infilter={INPUT_FILTERS['Latvian']}")
    with pytest.raises(AuditError, match=r":3: «Punkts»: a spreadsheet took this for a date"):
        read(target / "paraugs.xlsx")


@pytest.mark.parametrize("way", CSV_FILTERS)
def test_what_waive_wrote_saved_as_text_and_as_workbook(tmp_path: Path, way: str) -> None:
    path = tmp_path / "izņēmumi.xlsx"
    for fingerprint, reason in (("12345678", "Ķīļa māsas kāzas"), ("0f1e2d3c4b5a6978", "=1+1"), ("12345e67", "š")):
        result = command(
            "waive", fingerprint, "--reason", reason, "--until", "30.06.2026", "--order", "1-7/12", "--waivers", path
        )
        assert result.exit_code == 0, result.stderr
    expected = read(path)
    assert [w.reason for w in expected] == ["Ķīļa māsas kāzas", "=1+1", "š"]
    target = convert([path], tmp_path / "lo", f"csv:Text - txt - csv (StarCalc):{CSV_FILTERS[way]}")
    assert read(target / "izņēmumi.csv") == expected
    if way == "utf-8 semicolons":
        assert read(convert([path], tmp_path / "lo", "xlsx") / "izņēmumi.xlsx") == expected


def test_a_waiver_added_to_a_workbook_of_libreoffice(tmp_path: Path, expected: list[Waiver]) -> None:
    target = convert([tmp_path / "paraugs.csv"], tmp_path / "lo", "xlsx", f"--infilter={INPUT_FILTERS['all texts']}")
    path = target / "paraugs.xlsx"
    assert command("waive", "fedcba98", "--reason", "Jūrmala", "--waivers", path).exit_code == 0
    again = convert([path], tmp_path / "anew", "xlsx") / "paraugs.xlsx"
    assert read(again)[:-1] == expected
    assert (read(again)[-1].fingerprint, read(again)[-1].reason) == ("fedcba98", "Jūrmala")
