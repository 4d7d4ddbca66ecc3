"""A teacher's own list, and what falls due day by day: the same duties as check finds, in another order."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings

from eklase_audit.agenda import agenda, horizon_of, meant, tasks, working_days_left
from random_journals import Case
from support import audited, calendar, command, journal_of, sample_journal, table, write_tables
from test_ahead import ANY_JOURNALS, as_text
from test_property import over_journals

WEEK = timedelta(days=7)


@settings(over_journals, max_examples=5)
@given(ANY_JOURNALS)
def test_what_is_overdue_of_a_person_is_what_check_finds_of_that_person(case: Case) -> None:
    tables, as_of = case
    journal = journal_of(tables)
    whole = audited(journal, as_text(as_of), horizon=as_of + WEEK)
    named = {name for one in (*whole.findings, *whole.pending) for name in one.bearers}
    for name in sorted(named):
        audit = audited(journal, as_text(as_of), horizon=as_of + WEEK, teachers=(name,))
        mine = agenda(audit, name, as_of + WEEK)
        found = [one for one in whole.findings if name in one.bearers]
        assert sorted(one.fingerprint for one in mine.overdue) == sorted(
            one.fingerprint for one in found if one.verdict == "overdue"
        )
        assert sorted(one.fingerprint for one in mine.wrong) == sorted(
            one.fingerprint for one in found if one.verdict == "defect"
        )
        assert mine.late == sum(one.verdict == "late" for one in found)
        pending = sorted(one.fingerprint for one in whole.pending if name in one.bearers)
        assert sorted(one.fingerprint for one in (*mine.today, *mine.coming)) == pending


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("Anna Bērziņa", ["Anna Bērziņa"]),
        ("anna berzina", ["Anna Bērziņa"]),
        ("Bērziņa Anna", ["Anna Bērziņa"]),
        ("Bērziņ", ["Anna Bērziņa", "Jānis Bērziņš"]),
        ("berzins", ["Jānis Bērziņš"]),
        ("ann", ["Anna Bērziņa", "Anna Kalniņa", "Marianna Ose"][:2]),
        ("mari", ["Marianna Ose"]),
        ("lnin", ["Anna Kalniņa"]),
        ("nobody", []),
    ],
)
def test_part_of_a_name_is_enough_where_it_means_one_person(asked: str, expected: list[str]) -> None:
    names = ["Jānis Bērziņš", "Anna Kalniņa", "Anna Bērziņa", "Marianna Ose", "Anna Bērziņa"]
    assert meant(asked, names) == expected


def test_a_name_written_just_so_is_that_person_though_another_differs_only_in_diacritics() -> None:
    assert meant("Anna Berzina", ["Anna Bērziņa", "Anna Berzina"]) == ["Anna Berzina"]
    assert meant("anna berzina", ["Anna Bērziņa", "Anna Berzina"]) == ["Anna Berzina", "Anna Bērziņa"]


@pytest.mark.parametrize(
    ("as_of", "days", "expected"),
    [
        ("2026-11-16T09:00", 0, "2026-11-16"),
        ("2026-11-16T09:00", 1, "2026-11-17"),
        # 18 November is a holiday, and a weekend follows.
        ("2026-11-17T09:00", 4, "2026-11-24"),
        ("2026-11-21T09:00", 1, "2026-11-23"),
    ],
)
def test_the_horizon_is_counted_in_working_days(as_of: str, days: int, expected: str) -> None:
    assert horizon_of(calendar(), datetime.fromisoformat(as_of), days) == datetime.fromisoformat(f"{expected}T23:59:59")


def test_working_days_left_are_counted_to_the_day_itself() -> None:
    as_of = datetime(2026, 11, 13, 12)
    days = [(13, 0), (15, 0), (16, 1), (18, 2), (19, 3), (12, -1)]
    assert [working_days_left(calendar(), as_of, datetime(2026, 11, day).date()) for day, _left in days] == [
        left for _day, left in days
    ]


LESSONS = """
Datums      | Stunda | Klase | Priekšmets | Pedagogs     | Tēma      | Ievadīts         | Kavējumi ievadīti
07.01.2026. | 1      | 7.a   | Vēsture    | Ilze Krūmiņa |           |                  |
07.01.2026. | 2      | 7.a   | Bioloģija  | Ilze Krūmiņa | x / y     | 07.01.2026 10:00 | 07.01.2026 10:00
06.01.2026. | 3      | 7.a   | Vēsture    | Ilze Krūmiņa | SR: a / b | 06.01.2026 18:00 | 06.01.2026 10:00
08.01.2026. | 1      | 5.b   | Ģeogrāfija | Ilze Krūmiņa |           |                  |
08.01.2026. | 1      | 7.a   | Vēsture    | Dace Egle    | SR: a / b | 08.01.2026 10:00 | 08.01.2026 10:00
"""
AS_OF = "2026-01-08T12:00"


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "eksports"
    folder.mkdir()
    write_tables(folder, {"lessons": table(LESSONS)})
    return folder


def test_the_list_parts_what_is_overdue_wrong_and_due_today(exports: Path) -> None:
    result = command("me", "krum", exports, "--as-of", AS_OF, "--format", "json")
    assert result.exit_code == 0
    mine = json.loads(result.stdout)
    assert mine["teacher"] == "Ilze Krūmiņa"
    assert [(one["subject"], one["check"]) for one in mine["overdue"]] == [
        ("Vēsture", "2-attendance"),
        ("Vēsture", "2-lesson"),
        ("Vēsture", "2-topic"),
    ]
    assert [(one["subject"], one["check"]) for one in mine["wrong"]] == [("Bioloģija", "3.1-topic")]
    assert {(one["class"], one["due_at"]) for one in mine["today"]} == {("5.b", "2026-01-08T17:00:00")}
    # The lesson and its topic were entered an hour too late: that cannot be mended.
    assert mine["totals"]["late"] == 2
    assert [one["check"] for one in mine["how"]] == ["2-attendance", "2-lesson", "2-topic", "3.1-topic"]
    assert all(one["text"] for one in mine["how"])


def test_the_list_says_once_for_each_check_how_to_do_it(exports: Path) -> None:
    shown = command("me", "krum", exports, "--as-of", AS_OF).stdout
    assert shown.count("Open the class journal, the lesson of that day, and enter its topic.") == 1
    places = [shown.index(words) for words in ("Overdue: enter it now (3)", "To be mended (1)", "Due today (3)")]
    assert places == sorted(places)
    assert "2 entries are there, but came late" in shown
    assert "Thank you" not in shown


def test_the_list_is_kind_when_all_is_done_and_honest_about_what_was_not_audited(exports: Path) -> None:
    shown = command("me", "Egle", exports, "--as-of", "2026-01-08T12:00").stdout
    assert "All that could be audited is done, and nothing falls due by 15 Jan 2026. Thank you!" in shown
    assert "checks could not be made" in shown
    rules = "kraslavas-gimnazija"
    nothing = command("me", "Egle", exports, "--as-of", "2026-01-08T12:00", "--rules", rules)
    assert (nothing.exit_code, "Thank you" in nothing.stdout) == (2, False)


def test_a_name_that_means_several_people_lists_them(exports: Path) -> None:
    result = command("me", "l", exports, "--as-of", AS_OF)
    assert result.exit_code == 2
    assert result.stdout.splitlines() == ["Dace Egle", "Ilze Krūmiņa"]
    assert "Egle" not in result.stderr
    assert json.loads(command("me", "l", exports, "--format", "json").stdout)["choices"] == [
        "Dace Egle",
        "Ilze Krūmiņa",
    ]


@pytest.mark.parametrize("name", ["zzz", "", " "])
def test_a_name_of_nobody_is_told(exports: Path, name: str) -> None:
    result = command("me", name, exports, "--as-of", AS_OF)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "there is no teacher" in result.stderr


def test_what_one_lesson_lacks_is_one_task(exports: Path) -> None:
    journal = journal_of({"lessons": table(LESSONS)})
    audit = audited(journal, AS_OF, teachers=("Ilze Krūmiņa",))
    overdue = [one for one in audit.findings if one.verdict == "overdue"]
    assert [len(task.findings) for task in tasks(overdue)] == [3]


MARKS = table(
    """
    Skolēns      | Klase | Priekšmets | Pedagogs     | Vērtējuma veids | Darba datums | Vērtējums | Ievadīts
    Anna Bērziņa | 7.a   | Vēsture    | Ilze Krūmiņa | formatīvais     | 07.01.2026.  |           |
    Jānis Ozols  | 7.a   | Vēsture    | Ilze Krūmiņa | formatīvais     | 07.01.2026.  |           |
    Jānis Ozols  | 7.b   | Vēsture    | Dace Egle    | formatīvais     | 08.01.2026.  |           |
    """
)


def test_due_tells_days_teachers_and_counts(tmp_path: Path) -> None:
    write_tables(tmp_path, {"marks": MARKS})
    result = command("due", tmp_path, "--as-of", "2026-01-08", "--format", "json")
    assert result.exit_code == 0
    days = json.loads(result.stdout)["days"]
    assert [(day["day"], day["working_days_left"], day["count"]) for day in days] == [
        ("2026-01-12", 2, 2),
        ("2026-01-13", 3, 1),
    ]
    assert [(line["teacher"], line["class"], line["checks"], line["count"]) for line in days[0]["lines"]] == [
        ("Ilze Krūmiņa", "7.a", ["5-formative"], 2)
    ]
    shown = command("due", tmp_path, "--as-of", "2026-01-08").stdout
    assert "Monday, 12 Jan 2026 · 2 working days left · 2 duties" in shown
    assert "In all: 3 duties" in shown


def test_due_can_be_narrowed_down_and_looks_as_far_as_asked(tmp_path: Path) -> None:
    write_tables(tmp_path, {"marks": MARKS})

    def count(*options: str) -> int:
        result = command("due", tmp_path, "--as-of", "2026-01-08", "--format", "json", *options)
        return int(json.loads(result.stdout)["totals"]["pending"])

    assert count() == 3
    assert count("--days", "1") == 0
    assert count("--days", "2") == 2
    assert count("--teacher", "Dace Egle") == 1
    assert count("--class", "7.a") == 2
    assert count("--clause", "6") == 0
    assert "Nothing falls due by" in command("due", tmp_path, "--as-of", "2026-01-08", "--days", "1").stdout


def test_an_answer_goes_to_a_file_that_only_its_owner_reads_and_never_over_an_export(tmp_path: Path) -> None:
    folder = tmp_path / "eksports"
    folder.mkdir()
    write_tables(folder, {"marks": MARKS})
    target = tmp_path / "due.txt"
    result = command("due", folder, "--as-of", "2026-01-08", "--out", target)
    assert (result.exit_code, result.stdout) == (0, "")
    assert target.stat().st_mode & 0o777 == 0o600
    assert "Ilze Krūmiņa" in target.read_text("utf-8")
    before = (folder / "marks.csv").read_bytes()
    refused = command("due", folder, "--out", folder / "marks.csv")
    assert refused.exit_code == 2
    assert "is one of the exports" in refused.stderr
    assert (folder / "marks.csv").read_bytes() == before
    for place in (tmp_path, tmp_path / "nav" / "due.txt"):
        assert command("due", folder, "--out", place).exit_code == 2
    assert not (tmp_path / "nav").exists()


def test_the_samples_agree_with_check() -> None:
    as_of, name = "2026-11-24T16:00", "Guntars Liepiņš"
    journal = sample_journal()
    found = [one for one in audited(journal, as_of).findings if name in one.bearers and one.verdict == "overdue"]
    audit = audited(journal, as_of, teachers=(name,))
    assert agenda(audit, name, datetime.fromisoformat(as_of)).overdue == tuple(found)
    assert found


def test_a_finding_has_the_same_fingerprint_whoever_is_asked_for() -> None:
    marks = table(
        """
        Skolēns      | Klase | Priekšmets | Pedagogs     | Vērtējuma veids | Darba datums | Vērtējums | Ievadīts
        Anna Bērziņa | 7.a   | Vēsture    | Ilze Krūmiņa | formatīvais     | 07.01.2026.  |           |
        Anna Bērziņa | 7.a   | Vēsture    | Dace Egle    | formatīvais     | 07.01.2026.  |           |
        """
    )
    journal = journal_of({"marks": marks})
    whole = {one.bearer: one.fingerprint for one in audited(journal, "2026-02-02").findings}
    assert len(set(whole.values())) == 2
    for name, fingerprint in whole.items():
        assert [one.fingerprint for one in audited(journal, "2026-02-02", teachers=(str(name),)).findings] == [
            fingerprint
        ]
    # What is pending is named as it will be once it is overdue.
    ahead = audited(journal, "2026-01-08", horizon=datetime(2026, 2, 1), teachers=("Dace Egle",)).pending
    assert [one.fingerprint for one in ahead] == [whole["Dace Egle"]]


def test_what_a_waiver_excuses_is_neither_to_be_done_nor_due(tmp_path: Path) -> None:
    folder = tmp_path / "eksports"
    folder.mkdir()
    write_tables(folder, {"marks": MARKS})
    waivers = tmp_path / "iznemumi.csv"
    waivers.write_text("Punkts;Klase;Iemesls;Spēkā līdz\n5;7.a;slimība;31.01.2026.\n", "utf-8")

    def told(as_of: str, *words: str) -> dict[str, int]:
        result = command(*words, folder, "--as-of", as_of, "--format", "json", "--waivers", waivers)
        totals: dict[str, int] = json.loads(result.stdout)["totals"]
        return totals

    due = told("2026-01-08", "due")
    assert (due["pending"], due["waived"]) == (1, 2)
    mine = told("2026-01-08", "me", "Ilze")
    assert (mine["today"] + mine["coming"], mine["waived"]) == (0, 2)
    mine = told("2026-01-15", "me", "Ilze")
    assert (mine["overdue"], mine["waived"]) == (0, 2)
    # The waiver ends, and what it excused is overdue.
    mine = told("2026-02-02", "me", "Ilze")
    assert (mine["overdue"], mine["waived"]) == (2, 0)
