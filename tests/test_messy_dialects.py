"""A school of all kinds in messy layouts gives the same findings, but for the file and row in which they stand."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from messy_school import AS_OF, DIALECTS, SCHOOL, Dialect, write
from support import answer_of_folder

PLACES = ("file", "sheet", "row")


def told(folder: Path) -> dict[str, Any]:
    """What an audit says, file, row and the file's own words for its columns aside."""
    got = answer_of_folder(folder, AS_OF)
    assert (got["skipped"], got["errors"]) == ([], [])
    return {
        "findings": [{key: value for key, value in f.items() if key not in PLACES} for f in got["findings"]],
        "checks": [{key: value for key, value in check.items() if key != "limits"} for check in got["checks"]],
        "problems": sorted(problem["reason"] for problem in got["data_problems"]),
        "rows": sorted((sheet["kind"], sheet["rows"]) for sheet in got["inputs"]),
    }


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("plain")
    write(folder, DIALECTS[0])
    return told(folder)


def test_the_school_has_all_kinds_and_something_to_find_under_each_clause(expected: dict[str, Any]) -> None:
    assert {kind for kind, _rows in expected["rows"]} == set(SCHOOL)
    found = {finding["clause"] for finding in expected["findings"]}
    # Contacts were due before the regulation came into force; the year's end has not come yet.
    assert found == {"2", "3.1", "4", "5", "6", "7", "8", "9", "10", "11"}
    assert len(expected["problems"]) == 1
    assert not [check["check"] for check in expected["checks"] if check["status"] == "not_audited"]


@pytest.mark.parametrize("dialect", DIALECTS[1:], ids=lambda dialect: dialect.name)
def test_a_dialect_gives_the_same_findings(tmp_path: Path, expected: dict[str, Any], dialect: Dialect) -> None:
    write(tmp_path, dialect)
    got = told(tmp_path)
    for part, value in expected.items():
        assert got[part] == value, part


@pytest.mark.programs
@pytest.mark.parametrize("form", ["ods", "xlsx"])
def test_libreoffice_gives_the_same_findings(tmp_path: Path, expected: dict[str, Any], form: str) -> None:
    (tmp_path / "in").mkdir()
    write(tmp_path / "in", next(dialect for dialect in DIALECTS if dialect.form == "one workbook"))
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", form, "--outdir",
         str(tmp_path / "out"), str(tmp_path / "in" / "skola.xlsx")],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    assert told(tmp_path / "out") == expected
