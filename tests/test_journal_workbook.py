"""The workbook that E-klase itself writes, and its pupil list: what is read, said, and kept silent."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from eklase_audit import i18n
from eklase_audit.clauses import CHECKS
from eklase_audit.cli.app import app
from eklase_audit.errors import AuditError
from eklase_audit.exports.journal_cells import cell_entries
from eklase_audit.exports.paths import find_files
from eklase_audit.exports.reading import read_journal
from eklase_audit.exports.settings import Settings
from eklase_audit.journal import Journal
from eklase_audit.packs import DEFAULT, find_pack
from eklase_audit.regulation import load_regulation
from eklase_audit.reports import json_answer
from journal_files import (
    CHECK_SHEETS,
    GOOD_TOPIC,
    HEADINGS,
    NBSP,
    PUPILS,
    TEST,
    Entry,
    Sheet,
    code,
    school,
    write_pupil_list,
    write_workbook,
)
from support import audited as audit
from support import write_tables

CODE = re.compile(r"\d{6}\s?[-–]\s?\d{5}")
AS_OF = "2025-12-19"


def read(folder: Path, **own: Any) -> Journal:
    i18n.activate("en")
    return read_journal(find_files([folder]), settings=Settings(**own))


def audited(journal: Journal, as_of: str = AS_OF) -> dict[str, Any]:
    return json_answer.answer(audit(journal, as_of))


def answer(folder: Path, as_of: str = AS_OF, **own: Any) -> dict[str, Any]:
    return audited(read(folder, **own), as_of)


def check(answer: dict[str, Any], name: str) -> dict[str, Any]:
    return next(entry for entry in answer["checks"] if entry["check"] == name)


def counts(answer: dict[str, Any], name: str) -> dict[str, int]:
    told = ("fulfilled", "late", "overdue", "pending", "undetermined", "defects")
    return {key: value for key, value in check(answer, name).items() if key in told and value}


def findings(answer: dict[str, Any], name: str, *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(f[key] for key in keys) for f in answer["findings"] if f["check"] == name]


def of_one(folder: Path, entries: Sequence[Entry], class_: str = "7.a", **sheet: Any) -> Journal:
    write_workbook(folder / "zurnals.xlsx", [Sheet(class_, entries, **sheet)])
    return read(folder)


def texts(journal: Journal, kind: str, *columns: str) -> list[tuple[Any, ...]]:
    frame = journal.rows(kind)
    return [tuple(row) for row in frame[list(columns)].astype(object).itertuples(index=False)]


# ---- the whole school ----


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("skola")
    school(folder / "zurnals.xlsx")
    return folder


EXEMPT = [
    {"Skolēns": "Krasts-5 Emīls", "Klase": "5.a", "Priekšmets": "sports", "No": "01.09.2025", "Līdz": ""},
    {"Skolēns": "Marta Elza Kalna-6", "Klase": "6.a", "Priekšmets": "Sports", "No": "01.09.2025", "Līdz": ""},
]


def test_twelve_classes_give_the_findings_of_their_clauses(whole: Path) -> None:
    told = answer(whole)
    assert [(s["kind"], s["sheet"], s["rows"]) for s in told["inputs"]] == [
        *(("journal", f"{grade}.a", 12) for grade in range(1, 13)),
        *(("journal-check", n, 0) for n in CHECK_SHEETS),
    ]
    classes = [f"{grade}.a" for grade in range(1, 13)]
    assert findings(told, "2-topic", "class", "subject", "bearer", "on", "verdict", "file", "sheet", "row") == [
        (c, "Sports", "Dace Liepa", "2025-12-09", "overdue", "zurnals.xlsx", c, 14) for c in classes
    ]
    assert counts(told, "2-topic") == {"overdue": 12, "undetermined": 96}
    assert findings(told, "3.1-topic", "class", "reason", "on", "row") == [
        (c, "no-prefix", "2025-12-10", 15) for c in classes
    ]
    assert findings(told, "8-semester", "class", "pupil", "subject", "verdict", "bearer") == [
        (c, f"Jānis Ozols-{c[:-2]}", "Sports", "overdue", "Dace Liepa") for c in classes
    ]
    assert counts(told, "8-semester") == {"overdue": 12, "undetermined": 132}
    assert counts(told, "8-year") == {"pending": 144}
    assert not told["data_problems"] and not told["errors"] and not told["skipped"]


def test_names_of_exemptions_match_in_either_order(whole: Path, tmp_path: Path) -> None:
    shutil.copy(whole / "zurnals.xlsx", tmp_path)
    write_tables(tmp_path, {"exemptions": EXEMPT})
    assert findings(answer(tmp_path), "9-exempt", "class", "pupil", "reason", "bearer", "sheet") == [
        ("5.a", "Emīls Krasts-5", "other-mark", "Dace Liepa", "5.a"),
        ("6.a", "Marta Elza Kalna-6", "misspelt", "Dace Liepa", "6.a"),
    ]


NEEDS_TIMES = {
    "2-lesson": "lessons",
    "2-attendance": "lessons",
    "2-homework": "lessons",
    "2-absence": "absences",
    "5-formative": "marks",
    "6-summative": "marks",
    "8.1-correction": "marks",
}
NEEDS_OTHERS = {
    "1-contacts": "contacts",
    "7-statement": "statements",
    "10-report": "documents",
    "11-report-card": "documents",
    "4-justified": "notes",
    "9-exempt": "exemptions",
}


@pytest.mark.parametrize(("name", "export"), [*NEEDS_TIMES.items(), *NEEDS_OTHERS.items()])
def test_what_a_workbook_does_not_tell_is_not_audited(whole: Path, name: str, export: str) -> None:
    told = check(answer(whole), name)
    assert told["status"] == "not_audited"
    assert f"({export})" in told["reason"]
    assert "journal_" not in told["reason"]
    assert ("no times of entry" in told["reason"]) == (name in NEEDS_TIMES)


# ---- personal codes ----

RUN = CliRunner()


@pytest.mark.parametrize("form", ["json", "table"])
@pytest.mark.parametrize("command", ["check", "coverage"])
def test_no_personal_code_is_shown(tmp_path: Path, command: str, form: str, caplog: pytest.LogCaptureFixture) -> None:
    school(tmp_path / "skola.xlsx")
    dirty = [
        Entry(
            cells={0: f"x {code(1)}", 1: code(2), 2: f"8 {code(3)}"},
            topic=f"Saruna ar {code(4)}",
            homework=code(5),
            remarks=code(6),
        ),
        Entry(type=f"Cits {code(7)}"),
        Entry(date=f"32.12.2025 {code(8)}"),
        Entry(subject=code(9)),
        Entry(teacher=f"Ilze Kārkla {code(10).replace('-', '–')}", topic=NBSP),
    ]
    pupils = [("Anna", f"Bērziņa {code(11)}"), (f"Jānis{NBSP}{code(12)}", "Ozols"), ("Marta", "Kalna")]
    broken = Sheet("8.b", [Entry()], headings=HEADINGS[1:])
    write_workbook(
        tmp_path / "zurnals.xlsx",
        [
            Sheet("7.b", dirty, pupils),
            Sheet(f"klase {code(13)}", dirty, name="bez klases"),
            broken,
            Sheet("7.c", [Entry()], name=code(14)),
        ],
    )
    write_tables(
        tmp_path,
        {
            "exemptions": [
                {
                    "Skolēns": "Anna Liepa",
                    "Klase": code(15),
                    "Priekšmets": "Sports",
                    "No": f"no {code(16)}",
                    "Līdz": "",
                }
            ]
        },
    )
    run = RUN.invoke(app, [command, str(tmp_path), "--as-of", AS_OF, "--format", form, "--lang", "en"])
    assert run.exit_code == 2  # the sheet that lacks a heading
    assert "Tēma" in run.stderr
    assert not CODE.findall(run.stdout + run.stderr + caplog.text)
    assert "zurnals.xlsx" in run.stdout + run.stderr


def test_data_problems_of_any_export_are_freed_of_codes(tmp_path: Path) -> None:
    write_tables(
        tmp_path,
        {
            "marks": [
                {
                    "Skolēns": "Anna Liepa",
                    "Klase": f"klase {code(1)}",
                    "Priekšmets": "Sports",
                    "Pedagogs": "D",
                    "Vērtējums": "7",
                    "Vērtējuma veids": f"cits {code(2)}",
                    "Darba datums": code(3),
                    "Ievadīts": f"{code(4)} 12.12.2025",
                }
            ]
        },
    )
    problems = read(tmp_path).problems
    assert sorted(problem.value for problem in problems) == ["", "12.12.2025", "cits", "klase"]


# ---- cells ----

MARK, ABSENCE = False, True


@pytest.mark.parametrize(
    ("text", "told"),
    [
        *((str(n), [(MARK, str(n))]) for n in range(1, 11)),
        *(
            (word, [(MARK, word)])
            for word in ("85%", "7,5%", "100%", "i", "ni", "nv", "na", "NV", "VAM", "VAM3", "vam-2")
        ),
        ("85 %", [(MARK, "85%")]),
        *((word, [(MARK, word)]) for word in ("atb", "ATB", "atb.", "atbr", "a", "A", "Atbrīvots", "atbrīvota")),
        ("n", [(ABSENCE, "n")]),
        ("ns", [(ABSENCE, "ns")]),
        ("nc", [(ABSENCE, "nc")]),
        ("N", [(ABSENCE, "n")]),
        ("n c", [(ABSENCE, "nc")]),
        ("n s", [(ABSENCE, "ns")]),
        ("N S", [(ABSENCE, "ns")]),
        ("5|7", [(MARK, "7")]),
        ("5 | 7", [(MARK, "7")]),
        ("nv|4|6", [(MARK, "6")]),
        ("8(p.d.)", [(MARK, "8")]),
        ("8 (p. d.)", [(MARK, "8")]),
        ("5|8(p.d.)", [(MARK, "8")]),
        ("7 n", [(MARK, "7"), (ABSENCE, "n")]),
        ("n c 7 9", [(ABSENCE, "nc"), (MARK, "7"), (MARK, "9")]),
    ],
)
def test_cells(text: str, told: list[tuple[bool, str]]) -> None:
    assert cell_entries(text, False) == (tuple(told), True)


@pytest.mark.parametrize("text", ["S", "T", "A", "P", "A A P P", "S 7"])
def test_levels(text: str) -> None:
    assert cell_entries(text, True) == (tuple((MARK, word) for word in text.split()), True)


def test_an_absence_and_a_level() -> None:
    assert cell_entries("n S", True) == (((ABSENCE, "n"), (MARK, "S")), True)
    assert cell_entries("n s", True) == (((ABSENCE, "ns"),), True)


@pytest.mark.parametrize(
    "text",
    [
        "11",
        "0",
        "S",
        "T",
        "P",
        "x",
        "7.5",
        "-",
        "5|",
        "|",
        "(p.d.)",
        "nn",
        "05.07.2025",
        "%",
        "a7",
        "atbildēja",
    ],
)
def test_what_is_no_cell(text: str) -> None:
    assert cell_entries(text, False) == ((), False)


def test_cells_become_marks_and_absences_of_their_pupils(tmp_path: Path) -> None:
    journal = of_one(
        tmp_path,
        [
            Entry(cells={0: 7, 1: "n c", 2: "5|9 ns", 3: "?"}),
            Entry(date="09.12.2025", cells={0: 8.0, 3: "8 x"}),
        ],
    )
    assert texts(journal, "marks", "pupil", "kind", "mark", "subject", "teacher", "row") == [
        ("Anna Bērziņa", "formative", "7", "Matemātika", "Ilze Kārkla", 5),
        ("Marta Elza Kalna", "formative", "9", "Matemātika", "Ilze Kārkla", 5),
        ("Anna Bērziņa", "formative", "8", "Matemātika", "Ilze Kārkla", 6),
        ("Emīls Krasts", "formative", "8", "Matemātika", "Ilze Kārkla", 6),
    ]
    assert texts(journal, "absences", "pupil", "code", "lesson", "row") == [
        ("Jānis Ozols", "nc", -1, 5),
        ("Marta Elza Kalna", "ns", -1, 5),
    ]
    assert [(p.file, p.sheet, p.row, p.column, p.value) for p in journal.problems] == [
        ("zurnals.xlsx", "7.a", 5, "I", "?"),
        ("zurnals.xlsx", "7.a", 6, "I", "8 x"),
    ]
    assert journal.sheets[0].data_problems == 2


@pytest.mark.parametrize("blank", ["", NBSP, " ", f"{NBSP} ", "\u200b"])
def test_blank_cells_say_nothing(tmp_path: Path, blank: str) -> None:
    entry = Entry(topic=blank or NBSP, homework=blank or NBSP)
    journal = of_one(tmp_path, [entry], blank=blank)
    assert not len(journal.rows("marks")) and not len(journal.rows("absences")) and not journal.problems
    assert findings(audited(journal), "2-topic", "verdict") == [("overdue",)]


# ---- types ----

TYPES = [
    ("Mācību stunda", "formative", 0, True),
    ("mācību  stunda", "formative", 0, True),
    ("Pārbaudes darbs", "summative", 0, True),
    ("Pārrunas", "summative", 0, True),
    ("I semestra vērtējums", "semester", 1, False),
    ("II semestra vērtējums", "semester", 2, False),
    ("I semestra starpvērtējums", "other", 0, False),
    ("II semestra starpvērtējums", "other", 0, False),
    ("Prognozētais vērtējums / Kombinētais darbs", "combined", 0, False),
    ("Gada vērtējums", "annual", 3, False),
    ("Pēcpārbaudījums", "reexam", 0, False),
    ("Galīgais vērtējums priekšmetā", "final", 3, False),
    ("Valsts diagnosticējošais darbs", "other", 0, False),
    ("Valsts monitoringa darbs", "other", 0, False),
    ("Valsts eksāmens", "other", 0, False),
    ("Sesijas eksāmens", "other", 0, False),
]


@pytest.mark.parametrize(("type_", "kind", "period", "lesson"), TYPES)
def test_types(tmp_path: Path, type_: str, kind: str, period: int, lesson: bool) -> None:
    journal = of_one(tmp_path, [Entry(type_, cells={0: 7})])
    assert texts(journal, "marks", "kind", "period") == [(kind, period)]
    assert len(journal.rows("lessons")) == lesson
    assert not journal.problems


def test_an_unknown_type_is_a_data_problem_that_lists_those_known(tmp_path: Path) -> None:
    journal = of_one(tmp_path, [Entry("Ekskursija", cells={0: 7, 1: "n"}), Entry(NBSP), Entry(cells={0: 7})])
    told = audited(journal)["data_problems"]
    assert [(p["row"], p["column"], p["value"]) for p in told] == [(5, "E", "Ekskursija"), (6, "E", NBSP)]
    assert "Mācību stunda" in told[0]["reason"] and "Sesijas eksāmens" in told[0]["reason"]
    assert [len(journal.rows(kind)) for kind in ("lessons", "marks", "absences")] == [1, 1, 0]
    assert journal.sheets[0].rows == 3


@pytest.mark.parametrize(
    ("what", "kind", "period", "lessons"),
    [
        ("formative", "formative", 0, 1),
        ("summative", "summative", 0, 1),
        ("semester-2", "semester", 2, 0),
        ("combined", "combined", 0, 0),
        ("other", "other", 0, 0),
    ],
)
def test_types_of_the_school_itself(tmp_path: Path, what: str, kind: str, period: int, lessons: int) -> None:
    write_workbook(tmp_path / "z.xlsx", [Sheet("7.a", [Entry("Pārrunas", cells={0: 7})])])
    journal = read(tmp_path, lesson_types={"pārrunas": what})
    assert texts(journal, "marks", "kind", "period") == [(kind, period)]
    assert len(journal.rows("lessons")) == lessons


def test_types_from_a_rule_pack(tmp_path: Path) -> None:
    pack = tmp_path / "kartiba.toml"
    pack.write_text(find_pack(DEFAULT).read_text("utf-8") + '\n[lesson_types]\n"Ekskursija" = "formative"\n', "utf-8")
    write_workbook(tmp_path / "z.xlsx", [Sheet("7.a", [Entry("Ekskursija", topic=NBSP)])])
    run = RUN.invoke(
        app,
        [
            "check",
            str(tmp_path / "z.xlsx"),
            "--as-of",
            AS_OF,
            "--rules",
            str(pack),
            "--clause",
            "2-topic",
            "--lang",
            "en",
            "--strict",
        ],
    )
    assert run.exit_code == 1
    pack.write_text(pack.read_text("utf-8").replace('"formative"\n', '"stunda"\n'), "utf-8")
    with pytest.raises(AuditError, match=r"lesson_types\.Ekskursija.*semester-1"):
        load_regulation(str(pack), CHECKS)


# ---- rows ----


def test_rows_of_other_kinds_are_left_out_and_counted(tmp_path: Path) -> None:
    journal = of_one(
        tmp_path,
        [
            Entry(),
            Entry(kind="Uzvedības žurnāls"),
            Entry(kind="Piezīme", date="x"),
            Entry(kind="Žurnāls "),
            Entry(kind=NBSP),
        ],
    )
    assert len(journal.rows("lessons")) == 2
    assert (journal.sheets[0].rows, journal.sheets[0].other_rows) == (2, 3)
    assert not journal.problems


def fates(journal: Journal) -> list[dict[str, int]]:
    return [{fate: count for fate, count in sheet.fates.items() if count} for sheet in journal.sheets]


def test_each_row_of_a_workbook_has_one_fate(tmp_path: Path) -> None:
    entries = [Entry(), Entry(date="x"), Entry(kind="Piezīme"), Entry(), Entry("Nezināms"), Entry(subject=NBSP)]
    write_workbook(
        tmp_path / "a.xlsx",
        [Sheet("7.a", entries), Sheet("7.b", entries[:1], codes=False), Sheet("bez klases", entries[:2])],
        {CHECK_SHEETS[0]: [["Klase", "?"], [], ["7.a", 1]]},
    )
    write_workbook(tmp_path / "b.xlsx", [Sheet("7.a", [Entry(), Entry(teacher="Dace Liepa")])])
    journal = read(tmp_path)
    assert fates(journal) == [
        {"title": 1, "header": 3, "other": 1, "unreadable": 3, "audited": 2},
        {"title": 1, "header": 2, "blank": 1, "audited": 1},
        {"title": 1, "header": 3, "unreadable": 2},
        {"other": 2, "blank": 1},
        {"title": 1, "header": 3, "repeat": 1, "audited": 1},
    ]
    assert [sheet.rows for sheet in journal.sheets] == [5, 1, 2, 0, 1]


def test_a_sheet_of_no_class_is_told_once_and_its_copy_repeats_it(tmp_path: Path) -> None:
    for name, entries in (("a", [Entry()]), ("b", [Entry()]), ("c", [Entry(topic="x")])):
        write_workbook(tmp_path / f"{name}.xlsx", [Sheet("bez klases", entries)])
    journal = read(tmp_path)
    head = {"title": 1, "header": 3}
    assert fates(journal) == [{**head, "unreadable": 1}, {**head, "repeat": 1}, {**head, "unreadable": 1}]
    assert [problem.file for problem in journal.problems] == ["a.xlsx", "c.xlsx"]


@pytest.mark.parametrize(
    ("lost", "column", "unreadable"),
    [("topic", "J", 1), ("teacher", "N", 1), ("subject", "B", 1), ("homework", "K", 0)],
)
def test_a_cell_that_is_lost_in_the_file_is_told(tmp_path: Path, lost: str, column: str, unreadable: int) -> None:
    # The demand of clause 2 that rests on a topic which the file has lost cannot be judged, nor be passed over.
    journal = of_one(tmp_path, [Entry(), Entry(date="09.12.2025", **{lost: "\ufffd"})])
    assert [(p.row, p.column) for p in journal.problems] == [(6, column)]
    assert (fates(journal)[0].get("unreadable", 0), len(journal.rows("lessons"))) == (unreadable, 2 - unreadable)


def test_real_dates_and_texts(tmp_path: Path) -> None:
    journal = of_one(
        tmp_path,
        [
            Entry(date=date(2025, 12, 8)),
            Entry(date="08.12.2025"),
            Entry(date=45999),
            Entry(date="8.12.2025."),
        ],
    )
    assert {day for (day,) in texts(journal, "lessons", "date")} == {(date(2025, 12, 8) - date(1970, 1, 1)).days}


def test_bad_cells_of_a_row(tmp_path: Path) -> None:
    journal = of_one(
        tmp_path,
        [
            Entry(date="31.02.2025", cells={0: 7}),
            Entry(date=NBSP, cells={0: 7}),
            Entry(subject=NBSP, cells={0: 7}),
            Entry("Gada vērtējums", NBSP, {0: 7}),
            Entry("Gada vērtējums", "31.02.2025", {1: 8, 2: "n"}),
        ],
    )
    assert [(p.row, p.column, p.value) for p in journal.problems] == [
        (5, "D", "31.02.2025"),
        (6, "D", NBSP),
        (7, "B", NBSP),
        (9, "D", "31.02.2025"),
    ]
    assert not len(journal.rows("lessons"))
    assert texts(journal, "marks", "kind", "mark") == [("annual", "7"), ("annual", "8")]
    assert not len(journal.rows("absences"))


def test_a_class_without_a_number_is_one_data_problem(tmp_path: Path) -> None:
    journal = of_one(tmp_path, [Entry(cells={0: "?"}), Entry("Cits")], "Pulciņš")
    assert [(p.row, p.column, p.value) for p in journal.problems] == [(1, "A", "Pulciņš")]
    assert journal.sheets[0].rows == 2
    assert audited(journal)["totals"]["violations"] == 0


def test_a_row_that_stands_again_in_another_file_counts_once(tmp_path: Path) -> None:
    first = [Entry(topic=NBSP), Entry(topic=NBSP), Entry(cells={0: "?", 1: 7})]
    write_workbook(tmp_path / "a.xlsx", [Sheet("7.a", first), Sheet("Pulciņš", first)])
    write_workbook(
        tmp_path / "b.xlsx",
        [Sheet("7.a", [*first, Entry(topic=NBSP), Entry(date="09.12.2025")]), Sheet("Pulciņš", first)],
    )
    journal = read(tmp_path)
    assert [sheet.rows for sheet in journal.sheets] == [3, 3, 2, 0]
    assert [(p.file, p.row, p.value) for p in journal.problems] == [
        ("a.xlsx", 7, "?"),
        ("a.xlsx", 1, "Pulciņš"),
    ]
    assert len(journal.rows("lessons")) == 5 and len(journal.rows("marks")) == 1


def test_two_workbooks_of_different_days_are_an_error_or_the_later_counts(tmp_path: Path) -> None:
    # Word for word the same but for two topics, which were mended since.
    early = [Entry(date=day, topic=NBSP, cells={0: 7}) for day in ("08.12.2025", "09.12.2025")] + [
        Entry(date="10.12.2025", topic=NBSP)
    ]
    late = [Entry(date=day, cells={0: 7}) for day in ("08.12.2025", "09.12.2025")] + [
        *early[2:],
        Entry(date="11.12.2025"),
    ]
    for name, entries in (("1.xlsx", early), ("2.xlsx", late)):
        write_workbook(tmp_path / name, [Sheet("7.a", entries)])
    with pytest.raises(AuditError, match=r"1\.xlsx \[7\.a\] and 2\.xlsx \[7\.a\]"):
        read(tmp_path)
    journal = read_journal(find_files([tmp_path]), newest=True)
    assert findings(audited(journal), "2-topic", "on", "file") == [("2025-12-10", "1.xlsx")]
    assert len(journal.rows("marks")) == 2


# ---- classes, groups, pupils ----


@pytest.mark.parametrize(("grade", "reasons"), [(3, ["other-mark"]), (7, ["misspelt"])])
def test_a_level_is_no_misspelt_sign(tmp_path: Path, grade: int, reasons: list[str]) -> None:
    write_workbook(tmp_path / "z.xlsx", [Sheet(f"{grade}.a", [Entry("I semestra vērtējums", "12.12.2025", {0: "A"})])])
    write_tables(
        tmp_path,
        {
            "exemptions": [
                {
                    "Skolēns": "Bērziņa Anna",
                    "Klase": f"{grade}a",
                    "Priekšmets": "Matemātika",
                    "No": "01.09.2025",
                }
            ]
        },
    )
    assert findings(answer(tmp_path), "9-exempt", "pupil", "reason") == [("Anna Bērziņa", r) for r in reasons]


def test_subjects_of_a_group_are_owed_to_its_pupils_only(tmp_path: Path) -> None:
    write_workbook(
        tmp_path / "z.xlsx",
        [
            Sheet("7.a", [Entry()]),
            Sheet("7.a 1. gr.", [Entry(subject="Vācu valoda")], PUPILS[:1]),
            Sheet("7.a 2. gr.", [Entry(subject="Krievu valoda")], PUPILS[1:]),
        ],
    )
    owed = findings(answer(tmp_path, AS_OF), "8-semester", "pupil", "subject")
    assert len(owed) == 8
    assert [pupil for pupil, subject in owed if subject == "Vācu valoda"] == ["Anna Bērziņa"]


def test_pupils_of_another_year_owe_nothing(tmp_path: Path) -> None:
    write_workbook(tmp_path / "z.xlsx", [Sheet("7.a", [Entry(date="08.12.2024")])])
    assert counts(answer(tmp_path), "8-semester") == {}


CONTACTS = [
    {"Skolēns": name, "Klase": "7.a", "Skolēna tālrunis": "", "Vecāka tālrunis": "", "Aktualizēts": ""}
    for name in ("Bērziņa Anna", "Zane Zariņa")
]
WORKLOADS = [{"Pedagogs": "Anda Apse", "Priekšmets": "Mūzika", "Klase": "7.a"}]


def test_contacts_and_workloads_come_before_the_workbook(tmp_path: Path) -> None:
    entries = [Entry(), Entry("I semestra vērtējums", "12.12.2025", {0: 7, 1: 8})]
    write_workbook(tmp_path / "z.xlsx", [Sheet("7.a", entries)])
    assert counts(answer(tmp_path, AS_OF), "8-semester") == {"overdue": 2, "undetermined": 2}
    write_tables(tmp_path, {"contacts": CONTACTS})
    told = answer(tmp_path, AS_OF)
    assert findings(told, "8-semester", "pupil", "bearer") == [("Zane Zariņa", "Ilze Kārkla")]
    assert counts(told, "8-semester") == {"overdue": 1, "undetermined": 1}
    assert check(told, "1-contacts")["not_in_force"] == 2
    write_tables(tmp_path, {"workloads": WORKLOADS})
    assert findings(answer(tmp_path, AS_OF), "8-semester", "pupil", "subject", "bearer") == [
        ("Anna Bērziņa", "Mūzika", "Anda Apse"),
        ("Zane Zariņa", "Mūzika", "Anda Apse"),
    ]


# ---- beside other exports ----

LESSONS = [
    {
        "Datums": "08.12.2025",
        "Stunda": "1",
        "Klase": "7.a",
        "Priekšmets": "MATEMĀTIKA",
        "Pedagogs": "Anda Apse",
        "Tēma": GOOD_TOPIC,
        "Mājas darbs": "1. uzd.",
        "Ievadīts": "08.12.2025 16:00",
        "Kavējumi ievadīti": "08.12.2025 16:00",
    }
]
MARKS = [
    {
        "Skolēns": "Ozols Jānis",
        "Klase": "7.a",
        "Priekšmets": "Matemātika",
        "Pedagogs": "Anda Apse",
        "Vērtējuma veids": "semestra",
        "Vērtējums": "6",
        "Periods": "1. semestris",
        "Darba datums": "12.12.2025",
        "Ievadīts": "12.12.2025 10:00",
    }
]
ABSENCES = [
    {
        "Skolēns": "Anna Bērziņa",
        "Klase": "7.a",
        "Datums": "08.12.2025",
        "Priekšmets": "Matemātika",
        "Pedagogs": "Anda Apse",
        "Kavējums": "ns",
        "Ievadīts": "08.12.2025 16:00",
    }
]


def test_what_exports_tell_of_a_class_and_subject_is_left_aside(tmp_path: Path) -> None:
    entries = [Entry(subject=subject, topic=NBSP, cells={0: 7, 1: "n"}) for subject in ("Matemātika", "Fizika")]
    finals = [Entry("I semestra vērtējums", "11.12.2025", {1: 9}, subject=s) for s in ("Matemātika", "Fizika")]
    write_workbook(tmp_path / "z.xlsx", [Sheet("7.a", [*entries, *finals]), Sheet("7.b", entries[:1])])
    write_tables(tmp_path, {"lessons": LESSONS, "marks": MARKS, "absences": ABSENCES})
    journal = read(tmp_path)
    assert texts(journal, "lessons", "class", "subject") == [
        ("7.a", "MATEMĀTIKA"),
        ("7.a", "Fizika"),
        ("7.b", "Matemātika"),
    ]
    assert texts(journal, "marks", "class", "subject", "pupil", "mark") == [
        ("7.a", "Matemātika", "Jānis Ozols", "6"),
        ("7.a", "Fizika", "Anna Bērziņa", "7"),
        ("7.a", "Fizika", "Jānis Ozols", "9"),
        ("7.b", "Matemātika", "Anna Bērziņa", "7"),
    ]
    assert texts(journal, "absences", "class", "subject", "pupil", "code") == [
        ("7.a", "Matemātika", "Anna Bērziņa", "ns"),
        ("7.a", "Fizika", "Jānis Ozols", "n"),
        ("7.b", "Matemātika", "Jānis Ozols", "n"),
    ]


def test_rows_of_the_workbook_make_no_duty_where_times_of_entry_are_asked(tmp_path: Path) -> None:
    entries = [
        Entry(subject="Fizika", homework="uzd.", cells={0: 7, 1: "n"}),
        Entry(TEST, subject="Fizika", cells={0: 7}),
    ]
    write_workbook(tmp_path / "z.xlsx", [Sheet("7.a", entries)])
    formative = {**MARKS[0], "Vērtējuma veids": "formatīvs", "Periods": ""}
    write_tables(
        tmp_path,
        {
            "lessons": LESSONS,
            "absences": ABSENCES,
            "marks": [formative, {**formative, "Vērtējuma veids": "summatīvs"}],
        },
    )
    told = answer(tmp_path)
    for name in ("2-lesson", "2-absence", "2-attendance", "2-homework", "5-formative", "6-summative"):
        assert counts(told, name) == {"fulfilled": 1}, name
        assert any("no times of entry" in limit for limit in check(told, name)["limits"]), name
    assert counts(told, "2-topic") == {"fulfilled": 1, "undetermined": 2}


def test_a_lesson_without_a_number_may_be_any_of_its_day(tmp_path: Path) -> None:
    write_workbook(tmp_path / "z.xlsx", [Sheet("7.a", [Entry(date="08.12.2025")])])
    slot = {"Klase": "7.a", "Stunda": "1", "Priekšmets": "Fizika", "Pedagogs": "Anda Apse"}
    write_tables(tmp_path, {"timetable": [{**slot, "Nedēļas diena": day} for day in ("P", "O")]})
    told = answer(tmp_path, "2025-12-09")
    assert counts(told, "2-unrecorded") == {"undetermined": 1, "overdue": 1}
    assert findings(told, "2-unrecorded", "on") == [("2025-12-09",)]


def test_an_absences_export_without_subjects_speaks_of_the_whole_class(tmp_path: Path) -> None:
    write_workbook(tmp_path / "z.xlsx", [Sheet(c, [Entry(cells={0: "n"})]) for c in ("7.a", "7.b")])
    write_tables(tmp_path, {"absences": [{k: v for k, v in ABSENCES[0].items() if k != "Priekšmets"}]})
    assert texts(read(tmp_path), "absences", "class", "code") == [("7.a", "ns"), ("7.b", "n")]


def test_a_mark_of_the_workbook_wins_over_that_of_a_summary(tmp_path: Path) -> None:
    write_workbook(tmp_path / "z.xlsx", [Sheet("7.a", [Entry("I semestra vērtējums", "12.12.2025", {0: "atb"})])])
    write_tables(
        tmp_path,
        {
            "summary": [{"Skolēns": "Bērziņa Anna", "Klase": "7.a", "Matemātika 1. semestris": "7"}],
            "exemptions": [{"Skolēns": "Anna Bērziņa", "Klase": "7.a", "Priekšmets": "Matemātika", "No": "01.09.2025"}],
        },
    )
    assert check(answer(tmp_path), "9-exempt")["status"] == "clean"


def test_events_name_pupils_in_either_order(tmp_path: Path) -> None:
    write_workbook(tmp_path / "z.xlsx", [Sheet("7.a", [Entry(cells={0: "n", 1: "n", 2: "n"})])])
    event = {
        "Pasākums": "Olimpiāde",
        "No": "08.12.2025",
        "Līdz": "08.12.2025",
        "Atbildīgais pedagogs": "D",
        "Informācija saņemta": "01.12.2025",
    }
    write_tables(
        tmp_path,
        {
            "events": [
                {**event, "Klase": "7.a", "Skolēni": "Bērziņa Anna; Zane Zariņa"},
                {**event, "Klase": "", "Skolēni": "Kalna Marta Elza"},
            ]
        },
    )
    assert findings(answer(tmp_path), "4-justified", "pupil", "verdict") == [
        ("Anna Bērziņa", "overdue"),
        ("Marta Elza Kalna", "overdue"),
    ]


# ---- layouts that do not fit ----


@pytest.mark.parametrize(
    ("headings", "missing"),
    [(HEADINGS[1:], "Tēma"), (HEADINGS[:-1], "Priekšmeta skolotājs"), ((), "Tēma, Priekšmeta skolotājs")],
)
def test_headings_that_are_missing_are_named(tmp_path: Path, headings: Sequence[str], missing: str) -> None:
    write_workbook(tmp_path / "z.xlsx", [Sheet("7.a", [Entry()], headings=headings), Sheet("7.b", [Entry()])])
    journal = read(tmp_path)
    assert [str(error) for error in journal.errors] == [
        f"z.xlsx [7.a]: journal (E-klases žurnāls) lacks the heading {missing}"
    ]
    assert texts(journal, "lessons", "class") == [("7.b",)]


def test_headings_that_can_be_done_without(tmp_path: Path) -> None:
    journal = of_one(tmp_path, [Entry()], headings=("TĒMA:", "Priekšmeta\nskolotājs", "Autors"))
    assert not journal.errors
    assert texts(journal, "lessons", "topic", "teacher", "homework") == [
        (GOOD_TOPIC, "Ilze Kārkla", pytest.approx(float("nan"), nan_ok=True))
    ]


def test_pupils_behind_a_blank_column_are_told(tmp_path: Path) -> None:
    pupils = (*PUPILS[:2], (NBSP, NBSP), *PUPILS[2:])
    journal = of_one(tmp_path, [Entry(cells={0: 7, 3: 8})], pupils=pupils)
    assert texts(journal, "marks", "pupil") == [("Anna Bērziņa",)]
    assert [(p.row, p.column, p.value) for p in journal.problems] == [(2, "I", "Kalna"), (2, "J", "Krasts")]


def test_a_sheet_without_pupils_or_codes(tmp_path: Path) -> None:
    journal = of_one(tmp_path, [Entry(topic=NBSP)], pupils=(), codes=False)
    assert findings(audited(journal), "2-topic", "row") == [(5,)]


def test_a_table_below_headings_is_none_of_these(tmp_path: Path) -> None:
    heading = [
        "Datums",
        "Stunda",
        "Klase",
        "Priekšmets",
        "x",
        "Priekšmeta skolotājs",
        "Tēma",
        "Autors",
        "Piezīmes",
    ]
    write_workbook(
        tmp_path / "z.xlsx",
        [],
        {"Stundas": [[], heading, ["08.12.2025", 1, "7.a", "Fizika", "", "Dace Liepa", "SR: a / b", "", ""]]},
    )
    assert [sheet.kind for sheet in read(tmp_path).sheets] == ["lessons"]


# ---- the pupil list ----


@pytest.mark.parametrize("headings", [(), ("Grupa", "Nr.", "Uzvārds, vārds", "Personas kods")])
def test_a_pupil_list_tells_the_pupils_of_clause_8(tmp_path: Path, headings: Sequence[str]) -> None:
    write_pupil_list(tmp_path / "saraksts.xlsx", [("7.a", "Bērziņa Anna Marija"), ("7.a", "Ozols Jānis")], headings)
    write_tables(tmp_path, {"workloads": WORKLOADS, "marks": [{**MARKS[0], "Priekšmets": "Mūzika"}]})
    told = answer(tmp_path, AS_OF)
    assert ("pupil-list", "Saraksts", 2) in [(s["kind"], s["sheet"], s["rows"]) for s in told["inputs"]]
    assert findings(told, "8-semester", "pupil") == [("Anna Marija Bērziņa",)]
    assert check(told, "1-contacts")["status"] == "not_audited"
    assert counts(told, "8-semester") == {"fulfilled": 1, "overdue": 1}
    assert not CODE.search(str(told))


def test_a_pupil_list_beside_the_workbook_names_the_same_pupils(tmp_path: Path) -> None:
    write_workbook(tmp_path / "z.xlsx", [Sheet("7.a 1. gr.", [Entry()])])
    write_pupil_list(
        tmp_path / "saraksts.xlsx",
        [
            ("7.a", "Kalna Marta Elza"),
            ("7.a", "Ozols Jānis"),
            ("7.a", "Anna Bērziņa"),
            ("7.a", "Zariņa Zane"),
        ],
    )
    assert sorted(findings(answer(tmp_path, AS_OF), "8-semester", "pupil")) == [
        ("Anna Bērziņa",),
        ("Emīls Krasts",),
        ("Jānis Ozols",),
        ("Marta Elza Kalna",),
        ("Zane Zariņa",),
    ]


def test_each_row_of_a_pupil_list_has_one_fate(tmp_path: Path) -> None:
    names = [("7.a", "Ozols Jānis"), ("7.a", "Kr\ufffdsts Emīls"), ("7.a", "Kalna Marta Elza")]
    write_pupil_list(tmp_path / "a.xlsx", names, ["Grupa", "Nr."])
    write_pupil_list(tmp_path / "b.xlsx", [("7.b", "Zariņa Zane"), names[0]])
    journal = read(tmp_path)
    assert fates(journal) == [
        {"title": 2, "header": 1, "blank": 5, "footer": 1, "unreadable": 1, "audited": 2},
        {"title": 2, "blank": 6, "footer": 1, "repeat": 1, "audited": 1},
    ]
    assert [(p.file, p.row, p.column) for p in journal.problems] == [("a.xlsx", 9, "C")]
    assert [sheet.rows for sheet in journal.sheets] == [3, 1]


def test_inspect_tells_the_fates_of_a_workbook(tmp_path: Path) -> None:
    write_workbook(tmp_path / "z.xlsx", [Sheet("7.a", [Entry(), Entry(kind="Piezīme")])])
    run = RUN.invoke(app, ["inspect", str(tmp_path), "--lang", "en"])
    assert "1 (title 1, heading 3, no entry of the journal 1, read 1)" in run.stdout


def test_a_table_with_a_misspelt_heading_is_no_pupil_list(tmp_path: Path) -> None:
    rows = [[] for _ in range(6)] + [
        ["Klase", "Priekšmets", "Pedagoks", "Skolēns", "Vērtējums"],
        ["7.a", "Fizika", "Dace Liepa", "A", 7],
        ["7.a", "Sports", "Dace Liepa", "B", 7],
        ["Sagatavoja: D"],
    ]
    write_workbook(tmp_path / "z.xlsx", [], {"Lapa": rows})
    journal = read(tmp_path)
    assert not journal.sheets and len(journal.errors) == 1


# ---- other programs ----


@pytest.mark.programs
def test_a_copy_saved_by_libreoffice_reads_the_same(whole: Path, tmp_path: Path) -> None:
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(tmp_path / "out"),
            str(whole / "zurnals.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    assert answer(tmp_path / "out") == answer(whole)
