"""The countdown to a semester's end: what stands open, by class and subject, and who can still mend it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from eklase_audit.closing import DAILY, FINALS, checks_of, closing
from random_journals import Case, final_mark_journals
from support import audited, calendar, command, journal_of, regulation, table, write_tables
from test_ahead import as_text, school_year
from test_property import over_journals

CONTACTS = table(
    """
    Skolēns      | Klase | Skolēna tālrunis | Vecāka tālrunis | Aktualizēts
    Anna Bērziņa | 7.a   | 26123456         | 26123456        | 03.09.2026.
    Jānis Ozols  | 7.a   | 26123456         | 26123456        | 03.09.2026.
    Elza Kalniņa | 9.b   | 26123456         | 26123456        | 03.09.2026.
    """
)
WORKLOADS = table(
    """
    Pedagogs     | Priekšmets | Klase
    Ilze Krūmiņa | Vēsture    | 7.a
    Dace Egle    | Mūzika     | 7.a
    Dace Egle    | Mūzika     | 9.b
    """
)
EXEMPTIONS = table(
    """
    Skolēns     | Klase | Priekšmets | No          | Līdz
    Jānis Ozols | 7.a   | Mūzika     | 01.09.2026. |
    """
)
HEADINGS = (
    "Skolēns", "Klase", "Priekšmets", "Pedagogs", "Vērtējuma veids", "Darba datums", "Vērtējums", "Periods", "Ievadīts",
)  # fmt: skip


def mark(
    pupil: str, class_: str, subject: str, kind: str, day: str, value: str, period: str = "", entered: str = ""
) -> dict[str, str]:
    teacher = "Ilze Krūmiņa" if subject == "Vēsture" else "Dace Egle"
    return dict(zip(HEADINGS, (pupil, class_, subject, teacher, kind, day, value, period, entered or day), strict=True))


ANNA, JANIS, ELZA = ("Anna Bērziņa", "7.a"), ("Jānis Ozols", "7.a"), ("Elza Kalniņa", "9.b")
MARKS = [
    mark(*ANNA, "Vēsture", "summatīvais", "01.10.2026.", "8"),
    mark(*JANIS, "Vēsture", "summatīvais", "01.10.2026.", "nv"),
    mark(*ANNA, "Mūzika", "summatīvais", "02.10.2026.", "9"),
    mark(*ELZA, "Mūzika", "summatīvais", "02.10.2026.", "7"),
    mark(*ANNA, "Vēsture", "semestra", "07.12.2026.", "8", "1. semestris"),
]
# Marks of the first semester are due on 15 December 2026.
BEFORE, AFTER = "2026-12-08T12:00", "2026-12-16T12:00"


def tables(marks: Sequence[Mapping[str, str]] = MARKS, **others: Any) -> dict[str, Any]:
    return {"contacts": CONTACTS, "workloads": WORKLOADS, "exemptions": EXEMPTIONS, "marks": list(marks), **others}


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "eksports"
    folder.mkdir()
    write_tables(folder, tables())
    return folder


def closed(folder: Path, as_of: str, period: str = "1", *options: str) -> dict[str, Any]:
    result = command("close", period, folder, "--as-of", as_of, "--format", "json", *options)
    assert result.exit_code == 0, result.stderr
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def cells(answer: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(cell["class"], cell["subject"]): cell for cell in answer["cells"]}


def open_things(answer: dict[str, Any], kind: str) -> list[tuple[str, str, str]]:
    return [(one["class"], one["subject"], one["pupil"]) for one in answer["open"] if one["kind"] == kind]


def test_the_days_left_are_working_days_until_the_marks_are_due(exports: Path) -> None:
    (deadline,) = closed(exports, BEFORE)["deadlines"]
    assert deadline == {"due_at": "2026-12-15T23:59:59", "classes": ["7.a", "9.b"], "working_days_left": 5}
    assert closed(exports, AFTER)["deadlines"][0]["working_days_left"] == -1


def test_grades_that_end_later_have_days_of_their_own(exports: Path) -> None:
    deadlines = closed(exports, "2027-05-20", "year")["deadlines"]
    assert [(one["due_at"][:10], one["classes"]) for one in deadlines] == [
        ("2027-05-28", ["7.a"]),
        ("2027-06-08", ["9.b"]),
    ]


def test_missing_marks_and_missing_signs_of_the_exempt_are_told_apart(exports: Path) -> None:
    answer = closed(exports, BEFORE)
    assert open_things(answer, "marks") == [
        ("7.a", "Mūzika", "Anna Bērziņa"),
        ("7.a", "Vēsture", "Jānis Ozols"),
        ("9.b", "Mūzika", "Elza Kalniņa"),
    ]
    assert open_things(answer, "exempt") == [("7.a", "Mūzika", "Jānis Ozols")]


def test_a_wrong_mark_of_an_exempt_pupil_stands_open_until_it_is_the_sign(tmp_path: Path) -> None:
    wrong = mark(*JANIS, "Mūzika", "semestra", "07.12.2026.", "6", "1. semestris")
    write_tables(tmp_path, tables([*MARKS, wrong]))
    answer = closed(tmp_path, BEFORE)
    assert [one["check"] for one in answer["open"] if one["kind"] == "exempt"] == ["9-exempt"]
    write_tables(tmp_path, tables([*MARKS, {**wrong, "Vērtējums": "atb"}]))
    assert open_things(closed(tmp_path, BEFORE), "exempt") == []


def test_pupils_with_too_few_summative_marks_by_the_schools_reading(exports: Path) -> None:
    # A work that was not done gives no mark; who is exempt needs none.
    assert open_things(closed(exports, BEFORE), "few") == [("7.a", "Vēsture", "Jānis Ozols")]
    (exports / "eklase-audit.toml").write_text('[parameters]\n"closing.summative_least" = 2\n', "utf-8")
    assert len(open_things(closed(exports, BEFORE), "few")) == 4
    (exports / "eklase-audit.toml").write_text('[parameters]\n"closing.summative_least" = 0\n', "utf-8")
    assert open_things(closed(exports, BEFORE), "few") == []


def test_only_marks_of_the_semester_count_and_only_those_known_by_then(tmp_path: Path) -> None:
    late = mark(*JANIS, "Vēsture", "summatīvais", "03.12.2026.", "6", entered="10.12.2026. 09:00")
    old = mark(*JANIS, "Vēsture", "summatīvais", "20.05.2026.", "6")
    write_tables(tmp_path, tables([*MARKS, late, old]))
    assert open_things(closed(tmp_path, BEFORE), "few") == [("7.a", "Vēsture", "Jānis Ozols")]
    assert open_things(closed(tmp_path, "2026-12-11"), "few") == []


@pytest.mark.parametrize(("setting", "message"), [('"many"', "a whole number"), ("-1", "a whole number")])
def test_a_wrong_reading_is_told(exports: Path, setting: str, message: str) -> None:
    (exports / "eklase-audit.toml").write_text(f'[parameters]\n"closing.summative_least" = {setting}\n', "utf-8")
    result = command("close", "1", exports, "--as-of", BEFORE)
    assert result.exit_code == 2
    assert "closing.summative_least" in result.stderr
    assert message in result.stderr


def test_a_work_not_done_is_mended_by_another_mark_of_that_day_or_in_its_place(tmp_path: Path) -> None:
    write_tables(tmp_path, tables())
    assert open_things(closed(tmp_path, BEFORE), "not_yet") == [("7.a", "Vēsture", "Jānis Ozols")]
    again = mark(*JANIS, "Vēsture", "summatīvais", "01.10.2026.", "5", entered="03.11.2026.")
    write_tables(tmp_path, tables([*MARKS, again]))
    assert open_things(closed(tmp_path, BEFORE), "not_yet") == []
    # Seen from before it was mended it stands open.
    assert open_things(closed(tmp_path, "2026-11-02"), "not_yet") == [("7.a", "Vēsture", "Jānis Ozols")]
    other_work = {**again, "Darba datums": "08.10.2026."}
    write_tables(tmp_path, tables([*MARKS, other_work]))
    assert open_things(closed(tmp_path, BEFORE), "not_yet") == [("7.a", "Vēsture", "Jānis Ozols")]


LESSONS = table(
    """
    Datums      | Stunda | Klase | Priekšmets | Pedagogs     | Tēma      | Ievadīts
    05.10.2026. | 1      | 7.a   | Vēsture    | Ilze Krūmiņa |           | 05.10.2026. 10:00
    06.10.2026. | 1      | 7.a   | Vēsture    | Ilze Krūmiņa | SR: a / b | 06.10.2026. 10:00
    20.05.2026. | 1      | 7.a   | Vēsture    | Ilze Krūmiņa |           | 20.05.2026. 10:00
    09.12.2026. | 1      | 7.a   | Vēsture    | Ilze Krūmiņa |           |
    """
)
DOCUMENTS = table(
    """
    Dokuments         | Klase | Skolēns | Pedagogs     | Periods      | Izdrukāts
    Semestra atskaite |       |         | Ilze Krūmiņa | 1. semestris | 08.12.2026.
    Liecība           | 9.b   |         |              | 1. semestris | 08.12.2026.
    """
)


def test_topics_and_papers_of_the_semester_stand_open_too(tmp_path: Path) -> None:
    write_tables(tmp_path, tables(lessons=LESSONS, documents=DOCUMENTS))
    answer = closed(tmp_path, BEFORE)
    # A lesson of tomorrow lacks nothing yet, and one of the last school year is none of this semester.
    assert [(one["on"], one["overdue"]) for one in answer["open"] if one["kind"] == "topics"] == [("2026-10-05", True)]
    papers = [(one["check"], one["class"], one["pupil"]) for one in answer["open"] if one["kind"] == "prints"]
    assert papers == [
        ("11-report-card", "7.a", "Anna Bērziņa"),
        ("11-report-card", "7.a", "Jānis Ozols"),
        ("10-report", None, None),
    ]
    assert cells(answer)["7.a", "Vēsture"]["state"] == "overdue"


def test_the_states_of_the_matrix(tmp_path: Path) -> None:
    done = [
        mark(*ELZA, "Mūzika", "semestra", "07.12.2026.", "7", "1. semestris"),
        {**mark(*ANNA, "Mūzika", "semestra", "07.12.2026.", "7", "1. semestris"), "Ievadīts": ""},
        mark(*JANIS, "Mūzika", "semestra", "07.12.2026.", "atb", "1. semestris"),
    ]
    write_tables(tmp_path, tables([*MARKS, *done]))
    before = cells(closed(tmp_path, BEFORE))
    assert {place: cell["state"] for place, cell in before.items()} == {
        ("7.a", "Vēsture"): "open",
        ("7.a", "Mūzika"): "unknown",
        ("9.b", "Mūzika"): "done",
    }
    assert (before["7.a", "Mūzika"]["marks_owed"], before["7.a", "Mūzika"]["undetermined"]) == (2, 1)
    assert cells(closed(tmp_path, AFTER))["7.a", "Vēsture"]["state"] == "overdue"


def test_in_the_terminal_signs_stand_beside_counts_and_who_can_mend_it_below(exports: Path) -> None:
    shown = command("close", "1", exports, "--as-of", BEFORE).stdout
    lines = [line.split() for line in shown.splitlines()]
    assert ["Subject", "7.a", "9.b"] in lines
    assert ["Mūzika", "2•", "1•"] in lines
    assert ["Vēsture", "3•", "·"] in lines
    assert "Marks are due by 15 Dec 2026 – 5 working days left (all classes)" in shown
    below = shown[shown.index("Who can still mend it") :]
    assert "Vēsture: 7.a (Jānis Ozols)" in below
    assert below.index("Dace Egle") < below.index("Ilze Krūmiņa")
    assert "11-report-card: not audited" in shown
    assert "11-personal-file" not in shown


def test_it_is_kind_when_all_is_there(tmp_path: Path) -> None:
    one = [mark(*ANNA, "Vēsture", "summatīvais", "01.10.2026.", "8"), MARKS[-1]]
    write_tables(tmp_path, {"contacts": CONTACTS[:1], "workloads": WORKLOADS[:1], "marks": one})
    assert "All is there. Thank you!" in command("close", "1", tmp_path, "--as-of", BEFORE).stdout
    # Without the exports nothing is known, and that is no reason to be glad.
    write_tables(tmp_path, {"lessons": LESSONS[1:2]})
    for name in ("contacts", "workloads", "marks"):
        (tmp_path / f"{name}.csv").unlink()
    result = command("close", "1", tmp_path, "--as-of", BEFORE)
    assert "Nothing is known to stand open." in result.stdout
    assert "Thank you" not in result.stdout


def test_the_page_needs_no_other_file_and_takes_texts_as_texts(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    workloads = [{**WORKLOADS[0], "Priekšmets": evil}]
    write_tables(tmp_path, tables(workloads=workloads))
    target = tmp_path / "noslegums.html"
    result = command("close", "1", tmp_path, "--as-of", BEFORE, "--out", target)
    assert (result.exit_code, result.stdout) == (0, "")
    assert target.stat().st_mode & 0o777 == 0o600
    page = target.read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert evil not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    for outside in ("http:", "https:", "<script", "src=", "href=", "url(", "@import"):
        assert outside not in page
    assert 'class="state open" title="open, still in time; semester or annual mark missing: 2' in page


@pytest.mark.parametrize(
    ("period", "as_of", "message"),
    [
        ("2", "2026-12-08", "the second semester begins on"),
        ("1", "2040-12-08", "the school year 2040/2041 is not in the calendar"),
        ("3", "2026-12-08", "'3' is not one of"),
    ],
)
def test_what_cannot_be_closed_is_told_in_one_line(exports: Path, period: str, as_of: str, message: str) -> None:
    result = command("close", period, exports, "--as-of", as_of)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


@settings(over_journals, max_examples=5)
@given(final_mark_journals())
def test_marks_that_stand_open_past_their_time_are_those_that_check_finds_overdue(case: Case) -> None:
    found, as_of = case
    start = school_year(as_of)
    year = calendar().year(start)
    if year is None:
        return
    journal = journal_of(found)
    ids = {rule.name: rule.id for rule in regulation().checks}
    end = audited(
        journal,
        as_text(as_of),
        [ids[name] for name in checks_of("year")],
        horizon=datetime(start + 1, 8, 31, 23, 59, 59),
        kept=FINALS,
    )
    now = audited(journal, as_text(as_of), [ids[name] for name in DAILY], horizon=as_of)
    checked = audited(journal, as_text(as_of), ["8-semester", "8-year"]).findings
    for period, periods in (("1", ["1"]), ("year", ["2", "year"])):
        mine = closing(period, end, now, calendar(), year)
        told = sorted(
            (one.class_, one.subject, one.pupil)
            for one in mine.open
            if one.kind in ("marks", "exempt") and one.overdue and one.check
        )
        overdue = [one for one in checked if one.verdict == "overdue" and one.period in periods]
        assert told == sorted((one.class_, one.subject, one.pupil) for one in overdue)


def test_the_rule_pack_marks_what_is_its_reading() -> None:
    assert {name: (one.value, one.reading) for name, one in regulation().closing.items()} == {
        "summative_least": (1, True),
        "not_yet": (("nv",), True),
    }
