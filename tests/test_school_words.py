"""A school's own headings, names, spellings and symbols, from its configuration."""

from pathlib import Path

import pytest

from eklase_audit import i18n
from eklase_audit.config import load_config
from eklase_audit.errors import AuditError
from eklase_audit.exports.frames import given_name_first
from eklase_audit.exports.paths import find_files
from eklase_audit.exports.reading import read_journal
from eklase_audit.inspection import inspect_journal, proposal
from eklase_audit.journal import Journal
from eklase_audit.reports import json_answer
from support import audited, command, configured, regulation, write_tables

MARKS = "Skolēns;Klase;Priekšmets;Pedagogs;Vērtējuma veids;Darba datums;{mark};Ievadīts\n"
ROW = "Bērziņa Anna;7.a;Matemātika;Kalniņa Ilze;{kind};09.02.2026;7;10.02.2026 15:00\n"


def read(folder: Path, text: str, config: str = "") -> Journal:
    """The journal of one CSV file under a configuration."""
    i18n.activate("en")
    (folder / "eklase-audit.toml").write_text(config, "utf-8")
    (folder / "vertejumi.csv").write_text(text, "utf-8")
    settings = load_config(folder / "eklase-audit.toml").exports
    return read_journal(find_files([folder / "vertejumi.csv"]), settings=settings, forms=True)


def test_a_heading_of_the_school(tmp_path: Path) -> None:
    text = MARKS.format(mark="Rezultāts") + ROW.format(kind="formatīvs")
    assert read(tmp_path, text).errors
    journal = read(tmp_path, text, '[headings.marks]\nmark = ["Rezultāts"]\n')
    assert list(journal.rows("marks")["mark"]) == ["7"]


def test_a_heading_of_the_school_goes_before_the_built_in_one(tmp_path: Path) -> None:
    text = MARKS.format(mark="Vērtējums;Rezultāts") + ROW.format(kind="formatīvs").replace(";7;", ";7;9;")
    journal = read(tmp_path, text, '[headings.marks]\nmark = ["Rezultāts"]\n')
    assert list(journal.rows("marks")["mark"]) == ["9"]


@pytest.mark.parametrize(
    ("config", "pupil", "teacher"),
    [
        ("", "Bērziņa Anna", "Kalniņa Ilze"),
        ('name_order = "surname_first"', "Anna Bērziņa", "Ilze Kalniņa"),
        ('[name_order]\nmarks = "surname_first"', "Anna Bērziņa", "Ilze Kalniņa"),
        ('[name_order]\ncontacts = "surname_first"', "Bērziņa Anna", "Kalniņa Ilze"),
        ('[[aliases]]\nname = "Kalniņa Ilze"\nto = "Ilze Krūmiņa"', "Bērziņa Anna", "Ilze Krūmiņa"),
        (
            '[[aliases]]\nname = "Bērziņa Anna"\nclass = "7.a"\nto = "Anna Liepa"',
            "Anna Liepa",
            "Kalniņa Ilze",
        ),
        (
            '[[aliases]]\nname = "Bērziņa Anna"\nclass = "8.b"\nto = "Anna Liepa"',
            "Bērziņa Anna",
            "Kalniņa Ilze",
        ),
    ],
)
def test_names(tmp_path: Path, config: str, pupil: str, teacher: str) -> None:
    journal = read(tmp_path, MARKS.format(mark="Vērtējums") + ROW.format(kind="formatīvs"), config)
    rows = journal.rows("marks")
    assert (rows["pupil"].iloc[0], rows["teacher"].iloc[0]) == (pupil, teacher)


def test_a_pupil_who_changed_class(tmp_path: Path) -> None:
    config = '[[aliases]]\nname = "Bērziņa Anna"\nclass = "7.a"\nto_class = "8 B"'
    rows = read(tmp_path, MARKS.format(mark="Vērtējums") + ROW.format(kind="formatīvs"), config).rows("marks")
    assert (rows["class"].iloc[0], rows["grade"].iloc[0]) == ("8.b", 8)


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        ("Bērziņa Anna", "Anna Bērziņa"),
        ("Bērziņa Anna Marija", "Anna Marija Bērziņa"),
        ("Bērziņa-Ozola, Anna", "Anna Bērziņa-Ozola"),
        ("Anna", "Anna"),
    ],
)
def test_given_name_first(text: str, turned: str) -> None:
    assert given_name_first(text) == turned


def test_an_unknown_kind_of_mark_lists_those_known_and_can_be_taught(tmp_path: Path) -> None:
    text = MARKS.format(mark="Vērtējums") + ROW.format(kind="Ikdienas darbs")
    (problem,) = read(tmp_path, text).problems
    assert "formatīvs" in dict(problem.fill)["known"]
    taught = read(tmp_path, text, '[mark_kinds]\nformative = ["ikdienas darbs"]\n')
    assert not taught.problems
    assert list(taught.rows("marks")["kind"]) == ["formative"]


@pytest.mark.parametrize(
    ("config", "error"),
    [
        ("[headings.mark]\nmark = []", "headings.mark: unknown key; nearest: marks"),
        ("[headings.marks]\nmarc = []", "headings.marks.marc: unknown key; nearest: mark"),
        ('[headings.marks]\nmark = "x"', "headings.marks.mark: a list of texts is wanted"),
        ('name_order = "x"', "name_order: allowed are: given_first, surname_first"),
        ('[name_order]\nmarx = "x"', "name_order.marx: unknown key"),
        ('[[aliases]]\nname = "A B"', "aliases[1]: an alias has a name, and to or to_class"),
        ('[[aliases]]\nname = "A B"\nto_class = "x"', "aliases[1].to_class: a list of classes is wanted"),
        ('[[aliases]]\nname = "A B"\nto = "C D"\nphone = "x"', "aliases[1].phone: one phone number is wanted"),
        ('[[aliases]]\nname = "A B"\nto = "C D"\ngroup = 2', "aliases[1].group: a text is wanted"),
        ('[[aliases]]\nname = "A B"\nto = "C D"\ngrupa = "2"', "aliases[1].grupa: unknown key"),
        ('[mark_kinds]\nformativ = ["x"]', "mark_kinds.formativ: unknown key; nearest: formative"),
        ('[lesson_types]\n"Diena" = "x"', "lesson_types.Diena: allowed are:"),
        ("[symbols]\njustifie = []", "symbols.justifie: unknown key; nearest: justified"),
    ],
)
def test_what_is_wrong_in_the_configuration_is_named(tmp_path: Path, config: str, error: str) -> None:
    with pytest.raises(AuditError) as told:
        read(tmp_path, "", config)
    assert str(told.value).startswith(f"eklase-audit.toml: {error}")


@pytest.mark.parametrize(
    ("header", "lines"),
    [
        ("Rezultāts", ["[headings.marks]", 'mark = ["Rezultāts"]  # Vērtējums']),
        ("Vertejumss", ["[headings.marks]", 'mark = ["Vertejumss"]  # Vērtējums']),
        ("Viens;Otrs", ["# which of these is «Vērtējums»?", '# mark = ["Viens"]', '# mark = ["Otrs"]']),
    ],
)
def test_a_proposal_for_a_file_that_is_half_understood(tmp_path: Path, header: str, lines: list[str]) -> None:
    journal = read(tmp_path, MARKS.format(mark=header) + ROW.format(kind="formatīvs"))
    proposed = proposal(journal).splitlines()
    assert proposed[0] == "# vertejumi.csv"
    assert set(lines) <= set(proposed)


def test_the_proposal_is_a_configuration_that_reads_the_file(tmp_path: Path) -> None:
    text = MARKS.format(mark="Rezultāts") + ROW.format(kind="formatīvs")
    journal = read(tmp_path, text, proposal(read(tmp_path, text)))
    assert not journal.errors
    assert len(journal.rows("marks")) == 1


def test_inspect_tells_how_a_file_was_understood(tmp_path: Path) -> None:
    text = "Skola;;;;;;;;\n" + MARKS.format(mark="Vērtējums").replace("Ievadīts", "Ievadīts;Piezīmes")
    text += ROW.format(kind="formatīvs").rstrip("\n") + ";\n"
    text += ROW.format(kind="formatīvs").replace("10.02.2026 15:00", "vakar").rstrip("\n") + ";\n"
    (sheet,) = inspect_journal(read(tmp_path, text), regulation()).sheets
    assert (sheet.sheet.kind, sheet.sheet.header_row, sheet.sheet.rows) == ("marks", 2, 2)
    assert ("Piezīmes", None) in sheet.columns
    assert ("Vērtējums", "Vērtējums") in sheet.columns
    assert sheet.forms["Ievadīts"] == {"99.99.9999 99:99": 1, "a…": 1}
    assert [count for _problem, count in sheet.problems] == [1]
    assert [day.isoformat() for day in sheet.period or ()] == ["2026-02-09", "2026-02-09"]
    assert sheet.classes == ("7.a",)
    assert sheet.teachers == ("Kalniņa Ilze",)
    assert sheet.exported and sheet.exported.isoformat() == "2026-02-10T15:00:00"
    assert "5-formative" in sheet.serves and "8.1-correction" not in sheet.serves


def test_inspect_is_latvian_throughout(tmp_path: Path) -> None:
    write_tables(tmp_path, {"contacts": [contact("29111111"), contact("29222222")]})
    told = command("inspect", tmp_path, "--lang", "lv").stdout
    assert "utf-8, atdalītājs ;" in told
    assert "vai divi skolēni ar vienādu vārdu? Anna Ozola, 7.a" in told


# ---- two pupils of one name


def contact(phone: str, parent: str = "29000000", name: str = "Anna Ozola", class_: str = "7.a") -> dict[str, str]:
    return {
        "Skolēns": name, "Klase": class_, "Skolēna tālrunis": phone, "Vecāka tālrunis": parent,
        "Aktualizēts": "10.09.2025",
    }  # fmt: skip


def mark(class_: str, value: str, kind: str = "semestra", subject: str = "Matemātika") -> dict[str, str]:
    return {
        "Skolēns": "Anna Ozola", "Klase": class_, "Priekšmets": subject, "Pedagogs": "Ilze Kārkla",
        "Vērtējuma veids": kind, "Darba datums": "08.12.2025", "Vērtējums": value, "Periods": "1. semestris",
        "Ievadīts": "08.12.2025 12:00",
    }  # fmt: skip


SECOND = """
    [[aliases]]
    name = "Anna Ozola"
    class = "7.a"
    phone = "+371 29 222 222"
    to = "Anna Ozola (2)"

    [[aliases]]
    name = "Anna Ozola"
    class = "7.a"
    group = "(2. Gr.)"
    to = "Anna Ozola (2)"
"""


@pytest.mark.parametrize(
    ("config", "verdicts"),
    [
        ("", {"Anna Ozola": {"Matemātika": "fulfilled"}}),
        (SECOND, {"Anna Ozola": {"Matemātika": "fulfilled"}, "Anna Ozola (2)": {"Matemātika": "overdue"}}),
    ],
)
def test_the_semester_mark_of_one_namesake_is_not_that_of_the_other(
    tmp_path: Path, config: str, verdicts: dict[str, dict[str, str]]
) -> None:
    # Clause 8: each pupil is owed a semester mark. Only the Anna Ozola of the first group has one.
    tables = {
        "contacts": [contact("29111111"), contact("29222222")],
        "workloads": [{"Pedagogs": "Ilze Kārkla", "Priekšmets": "Matemātika", "Klase": "7.a"}],
        "marks": [mark("7.a 1. gr.", "8"), mark("7.a 2. gr.", "6", "formatīvs")],
    }
    write_tables(tmp_path, tables)
    journal = read_journal(find_files([tmp_path]), settings=configured(config).exports)
    told = json_answer.answer(audited(journal, "2025-12-19", ["8-semester"]))
    (counts,) = told["checks"]
    expected = [verdict for subjects in verdicts.values() for verdict in subjects.values()]
    assert [counts["fulfilled"], counts["overdue"]] == [expected.count("fulfilled"), expected.count("overdue")]
    overdue = [name for name, subjects in verdicts.items() if "overdue" in subjects.values()]
    assert [finding["pupil"] for finding in told["findings"]] == overdue


@pytest.mark.parametrize(
    ("condition", "meant"),
    [
        ('group = "1. gr."', [0]),
        ('group = ""', [2]),
        ('subject = "mūzika"', [1]),
        ('teacher = "Ilze Kārkla"', [0, 1, 2]),
        ('teacher = "Dace Liepa"', []),
        ('subject = "Matemātika"\ngroup = "2. gr."', []),
        ('phone = "29111111"', []),
        ('class = "7.b"\ngroup = "1. gr."', []),
    ],
)
def test_what_tells_a_row_of_a_namesake(tmp_path: Path, condition: str, meant: list[int]) -> None:
    rows = [mark("7.a 1. gr.", "8"), mark("7.a 2. gr.", "6", subject="Mūzika"), mark("7.a", "7")]
    write_tables(tmp_path, {"marks": rows})
    config = f'[[aliases]]\nname = "Anna Ozola"\n{condition}\nto = "Anna Ozola (2)"'
    journal = read_journal(find_files([tmp_path]), settings=configured(config).exports)
    assert [n for n, name in enumerate(journal.rows("marks")["pupil"]) if name == "Anna Ozola (2)"] == meant


def test_an_alias_with_a_condition_and_a_new_class(tmp_path: Path) -> None:
    write_tables(tmp_path, {"marks": [mark("7.a 1. gr.", "8"), mark("7.a 2. gr.", "6")]})
    config = '[[aliases]]\nname = "Anna Ozola"\ngroup = "2. gr."\nto_class = "8.b"'
    rows = read_journal(find_files([tmp_path]), settings=configured(config).exports).rows("marks")
    assert list(rows["class"]) == ["7.a", "8.b"]
    assert list(rows["grade"]) == [7, 8]


@pytest.mark.parametrize(
    ("contacts", "doubtful"),
    [
        ([contact("29111111"), contact("29222222")], [["2, 3"]]),
        ([contact("29111111"), contact("+371 29 111 111", "29333333")], [[]]),
        ([contact("29111111"), contact("29222222; 29111111")], [[]]),
        ([contact("29111111"), contact("")], [[]]),
        ([contact("29111111"), contact("29222222", class_="7.b"), contact("29333333", name="Anna Oša")], [[]]),
        ([contact("29111111", name=""), contact("29222222", name="")], [[]]),
    ],
)
def test_inspect_notices_two_pupils_of_one_name(
    tmp_path: Path, contacts: list[dict[str, str]], doubtful: list[list[str]]
) -> None:
    i18n.activate("en")
    write_tables(tmp_path, {"contacts": contacts})
    journal = read_journal(find_files([tmp_path]))
    remarks = [sheet.remarks for sheet in inspect_journal(journal, regulation()).sheets]
    assert [[remark.partition("rows: ")[2].partition(")")[0] for remark in told] for told in remarks] == doubtful


def test_inspect_notices_namesakes_of_two_files_until_they_are_told_apart(tmp_path: Path) -> None:
    for name, phone in (("a", "29111111"), ("b", "29222222")):
        (tmp_path / name).mkdir()
        write_tables(tmp_path / name, {"contacts": [contact(phone)]})
    told = command("inspect", tmp_path)
    assert told.stdout.count("two pupils of one name? Anna Ozola, 7.a") == 2
    (tmp_path / "eklase-audit.toml").write_text(SECOND, "utf-8")
    assert "two pupils" not in command("inspect", tmp_path).stdout
