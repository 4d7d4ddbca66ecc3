"""--report KIND:FILE: what is asked for, where it goes, and when nothing is written."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from eklase_audit.errors import AuditError
from eklase_audit.reports import files
from eklase_audit.reports.files import targets
from support import command, write_tables

MARK = {
    "Skolēns": "Anna Bērziņa",
    "Klase": "7.a",
    "Priekšmets": "Matemātika",
    "Pedagogs": "Ilze Kalniņa",
    "Vērtējuma veids": "formatīvais",
    "Darba datums": "08.12.2025",
    "Vērtējums": "8",
    "Ievadīts": "22.12.2025 10:00",
}
KINDS = {"html": "", "xlsx": "", "md": ""}


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "eksports"
    folder.mkdir()
    write_tables(folder, {"marks": [MARK]})
    return folder


@pytest.mark.parametrize(
    ("text", "kind", "path"),
    [
        ("html:out.html", "html", "out.html"),
        ("out.html", "html", "out.html"),
        ("OUT.HTML", "html", "OUT.HTML"),
        ("XLSX:out.bin", "xlsx", "out.bin"),
        ("md:a:b", "md", "a:b"),
        (r"html:C:\x.html", "html", r"C:\x.html"),
        (r"C:\x.xlsx", "xlsx", r"C:\x.xlsx"),
        ("12:05 no skolas.html", "html", "12:05 no skolas.html"),
    ],
)
def test_what_is_asked_for(monkeypatch: pytest.MonkeyPatch, text: str, kind: str, path: str) -> None:
    monkeypatch.setattr(files, "KINDS", KINDS)
    assert [(target.kind, str(target.path)) for target in targets([text])] == [(kind, path)]


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["htm:x.html"], "«htm»; nearest: html"),
        (["x.xls"], "«xls»; nearest: xlsx"),
        (["report"], "write it as KIND:FILE"),
        (["html:"], "write it as KIND:FILE"),
        (["html:{folder}/a.html", "xlsx:{folder}/sub/../a.html"], "asked for twice"),
        (["html:{folder}/none/a.html"], "there is no folder"),
        (["html:{folder}/sub"], "is a folder"),
        (["html:{folder}/export.csv"], "is one of the exports"),
    ],
)
def test_what_cannot_be(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, texts: list[str], told: str) -> None:
    monkeypatch.setattr(files, "KINDS", KINDS)
    (tmp_path / "sub").mkdir()
    with pytest.raises(AuditError) as error:
        targets([text.format(folder=tmp_path) for text in texts], [tmp_path / "export.csv"])
    assert told in str(error.value)


def test_report_is_written_whole_for_its_owner_beside_the_answer(exports: Path, tmp_path: Path) -> None:
    line = ("check", exports, "--as-of", "2026-02-27", "--format", "json")
    plain = command(*line)
    report, other = tmp_path / "a.html", tmp_path / "b.html"
    other.write_text("old", "utf-8")
    result = command(*line, "--report", f"html:{report}", "--report", other)
    assert (result.stdout, result.exit_code) == (plain.stdout, plain.exit_code)
    assert [name in result.stderr for name in (f"written: {report}", f"written: {other}")] == [True, True]
    for path in (report, other):
        assert path.read_bytes().startswith(b"<!doctype html>")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert command(*line, "--report", report, "--quiet").stderr == ""


@pytest.mark.parametrize(
    "wrong", [["--as-of", "yesterday"], ["--teacher", "Neviena"], ["--clause", "7"], ["--report", "pdf:x.pdf"]]
)
def test_nothing_is_written_where_the_audit_could_not_be_made(exports: Path, tmp_path: Path, wrong: list[str]) -> None:
    report = tmp_path / "a.html"
    assert command("check", exports, "--report", f"html:{report}", *wrong).exit_code == 2
    assert not report.exists()


def test_an_export_is_not_written_over(exports: Path) -> None:
    before = (exports / "marks.csv").read_bytes()
    assert command("check", exports, "--report", f"html:{exports / 'marks.csv'}").exit_code == 2
    assert (exports / "marks.csv").read_bytes() == before
