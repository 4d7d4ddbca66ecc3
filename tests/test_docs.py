"""What the documents say: guides that can be typed as they stand, pages that are not stale, links."""

from __future__ import annotations

import csv
import re
import shlex
import shutil
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

import doc_pages
import docs_check
from eklase_audit.cli import common
from support import SAMPLES, command

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
# The guides in Latvian and English.
GUIDES = {
    "lv/vietnieka-nedela.md": "en/deputy-week.md",
    "lv/pedagoga-piecas-minutes.md": "en/teacher-five-minutes.md",
    "lv/it-un-cron.md": "en/it-cron.md",
}
# Blocks of a language that cannot be run here: they install, or ask systemd.
MOST_NOT_RUN = 2


def guide(place: str) -> docs_check.Document:
    return docs_check.Document((DOCS / place).read_text("utf-8"))


# ---- the guides


class Autumn(datetime):
    """The clock of whoever follows the guides with the sample exports."""

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
        return datetime(2026, 11, 24, 18, 0, tzinfo=tz)


# The class that the guides are tried on: all of them would take a minute.
CLASS = "7a"
A_CLASS = re.compile(r"(\d{1,2})\.? ?([A-Za-z])( klase)?")


def is_of_class(cells: list[str]) -> bool:
    """Whether a row is of the class, or of no class."""
    classes = [found[1] + found[2].lower() for cell in cells if (found := A_CLASS.fullmatch(cell.strip()))]
    return not classes or CLASS in classes


def copy_samples(folder: Path) -> None:
    """The sample exports of the autumn, of one class: texts as they are, each sheet of a workbook as CSV."""
    folder.mkdir(parents=True)
    for path in sorted(path for part in ("2026-2027_rudens", "kopigi") for path in (SAMPLES / part).iterdir()):
        if path.suffix == ".csv":
            kept = [
                line
                for line in path.read_bytes().splitlines(True)
                if is_of_class(re.split("[;,]", line.decode("latin-1")))
            ]
            (folder / path.name).write_bytes(b"".join(kept))
            continue
        book = CalamineWorkbook.from_path(str(path))
        for sheet in book.sheet_names:
            rows = [[cell_text(cell) for cell in row] for row in book.get_sheet_by_name(sheet).to_python()]
            with (folder / f"{path.stem}-{sheet}.csv").open("w", encoding="utf-8", newline="") as out:
                csv.writer(out, delimiter=";").writerows(row for row in rows if is_of_class(row))


def cell_text(cell: object) -> str:
    """A cell of a workbook as its text: 3.0 as 3, a moment with a blank between day and clock."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("paraugi") / "eksporti"
    copy_samples(folder)
    return folder


@pytest.fixture
def folder(samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which a guide is followed, with its exports; each folder of exports is read once."""
    shutil.copytree(samples, tmp_path / "eksporti")
    shutil.copytree(samples, tmp_path / "e-klase/2026-11-24_1705")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(common, "datetime", Autumn)
    read, known = common.read, {}

    def once(paths: list[Path], *more: Any, **options: Any) -> Any:
        key = (*map(str, paths), options.get("forms"))
        if key not in known:
            known[key] = read(paths, *more, **options)
        return known[key]

    monkeypatch.setattr(common, "read", once)
    return tmp_path


@pytest.mark.parametrize("place", GUIDES)
def test_a_guide_can_be_followed(place: str, folder: Path) -> None:
    """Each block `sh` is typed and each block with a file's name is put there, in the order of the guide."""
    followed = 0
    for info, lines in guide(place).blocks:
        _kind, _space, name = info.partition(" ")
        if name and name != "no-run":
            (folder / name).write_text("\n".join(lines) + "\n", "utf-8")
        if info != "sh":
            continue
        for line in docs_check.commands_of(lines):
            program, *words = shlex.split(line, comments=True)
            assert program == "eklase-audit", line
            told = command(*words)
            assert told.exit_code in (0, 1), (line, told.exit_code, told.stderr)
            assert "Traceback" not in told.stderr
            for option in ("--out", "--report"):
                for word, value in pairwise(words):
                    if word == option:
                        assert (folder / value.rpartition(":")[2]).exists(), line
            followed += 1
    assert followed >= 5


@pytest.mark.parametrize(("latvian", "english"), GUIDES.items())
def test_both_languages_have_the_same_commands_and_files(latvian: str, english: str) -> None:
    """The Latvian ones are run, so the English ones are too."""
    assert guide(latvian).blocks == guide(english).blocks
    assert any(target == f"../{english}" for _line, target in guide(latvian).links())
    assert any(target == f"../{latvian}" for _line, target in guide(english).links())


def test_few_blocks_are_not_run() -> None:
    for language in zip(*GUIDES.items(), strict=True):
        infos = [info for place in language for info, _lines in guide(place).blocks]
        assert infos.count("sh no-run") <= MOST_NOT_RUN
        assert set(infos) <= {"sh", "sh no-run", "toml eklase-audit.toml"}


# ---- pages made from the tool


def test_the_pages_of_clauses_and_commands_are_as_the_tool_is() -> None:
    """Fails after a change of a docstring, its translation, a rule pack or a command: tools/doc_pages.py update."""
    assert doc_pages.faults() == []


def test_stale_missing_and_left_over_pages_are_told_and_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doc_pages, "ROOT", tmp_path)
    monkeypatch.setattr(doc_pages, "DOCS", tmp_path)
    five, six, seven = (tmp_path / f"en/clauses/{number}.md" for number in "567")
    monkeypatch.setattr(doc_pages, "made", lambda: {five: "5\n", six: "6\n"})
    five.parent.mkdir(parents=True)
    five.write_text("old\n")
    seven.write_text("7\n")
    assert [fault.partition(":")[0] for fault in doc_pages.faults()] == [f"en/clauses/{number}.md" for number in "567"]
    assert doc_pages.main(["check"]) == 1
    assert doc_pages.main(["update"]) == 0
    assert doc_pages.main(["check"]) == 0
    assert not seven.exists()


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a_b", "a_b"), ("_a_", r"\_a\_"), ("<SR>", r"\<SR\>"), ("a*b", r"a\*b"), ("[x](y)", r"\[x\](y)")],
)
def test_texts_stand_in_markdown_as_they_are(text: str, shown: str) -> None:
    assert doc_pages.escaped(text) == shown


# ---- the check of the documents


def test_the_documents_are_right() -> None:
    assert docs_check.faults(ROOT, docs_check.the_tool()) == []


README = "\n".join(f"    eklase-audit {name}" for name in docs_check.the_tool().top.commands)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("See [this](docs/none.md).", "there is no docs/none.md"),
        ("![A picture](none.png)", "there is no none.png"),
        ("See [this](README.md#nothing).", "no heading of README.md is called #nothing"),
        ("    eklase-audit chek FOLDER", "there is no command chek"),
        ("    .venv/bin/eklase-audit check FOLDER --sort x   # sorted", "check has no option --sort"),
        ("    eklase-audit check FOLDER && eklase-audit stor info x", "there is no command stor"),
        ("    eklase-audit check FOLDER --format xml", "--format does not take xml"),
        ("```sh\neklase-audit store look x\n```", "there is no command store look"),
        ("Say `eklase-audit store info|look`.", "there is no command store look"),
        ("Say `eklase-audit check\nFOLDER --sort`.", "check has no option --sort"),
        ("Say `check --sort`.", "check has no option --sort"),
        ("Say `--sort` or `--as-of`.", "no command has an option --sort"),
    ],
)
def test_a_wrong_document_is_told(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "README.md").write_text(f"{README}\n\n{text}\n", "utf-8")
    (told,) = docs_check.faults(tmp_path, docs_check.the_tool())
    assert told.startswith("README.md:")
    assert told.endswith(fault)


@pytest.mark.parametrize(
    "text",
    [
        "## A heading: two\nSee [it](#a-heading-two), [the web](https://example.org/x) and `[a](b)`.",
        "```\n[a](b)\n```",
        "    docker build -t eklase-audit . --network none",
        "    eklase-audit check FOLDER --format json | mail --subject x",
        'Say `store = "x.db"`, `eklase-audit --version`, `--fail-on violation`, `store prune` and `check`.',
    ],
)
def test_a_right_document_is_not_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "README.md").write_text(f"{README}\n\n{text}\n", "utf-8")
    assert docs_check.faults(tmp_path, docs_check.the_tool()) == []


def test_the_readme_names_each_command(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(README.replace("eklase-audit due\n", "\n"), "utf-8")
    assert docs_check.faults(tmp_path, docs_check.the_tool()) == ["README.md:eklase-audit due is not named"]


def test_of_the_changelog_what_is_released_is_history(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(README, "utf-8")
    old, new = "    eklase-audit olden\n", "    eklase-audit newer\n"
    (tmp_path / "CHANGELOG.md").write_text(f"# C\n\n## [Unreleased]\n\n{new}\n## [0.1.0]\n\n{old}", "utf-8")
    assert docs_check.faults(tmp_path, docs_check.the_tool()) == ["CHANGELOG.md:5: there is no command newer"]
