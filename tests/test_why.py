"""Why: the working behind a finding, day by day, and its numbers against those of the finding itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from eklase_audit.cli import common
from eklase_audit.counting import Day
from eklase_audit.errors import AuditError
from eklase_audit.explanation import find, working
from eklase_audit.journal import Journal
from eklase_audit.reports import reasoning
from support import (
    Tables,
    audited,
    calendar,
    command,
    configured,
    journal_of,
    sample_journal,
    table,
    write_tables,
)
from test_calendar import WORKING

HEADINGS = "Skolēns | Klase | Priekšmets | Pedagogs | Vērtējuma veids | Darba datums | Vērtējums | Ievadīts"


def marks(*days: tuple[str, str]) -> list[dict[str, str]]:
    """Formative marks of these days, entered on those; one pupil each."""
    rows = [
        f"Skolēns {chr(65 + n)} | 7.a | Fizika | Rita Ozere | formatīvs | {on} | {'78%' if entered else ''} | {entered}"
        for n, (on, entered) in enumerate(days)
    ]
    return table("\n".join([HEADINGS, *rows]))


def why(folder: Path, fingerprint: str, as_of: str, *more: str) -> dict[str, Any]:
    result = command("why", fingerprint, folder, "--as-of", as_of, "--format", "json", *more)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def findings(folder: Path, as_of: str, *more: str) -> list[dict[str, Any]]:
    result = command("check", folder, "--as-of", as_of, "--fail-on", "never", "--format", "json", "--quiet", *more)
    return json.loads(result.stdout)["findings"]


def only_why(tables: Tables, as_of: str, clauses: list[str], **options: Any) -> dict[str, Any]:
    """The working of the one finding that these tables have, as the command would answer it."""
    audit = audited(journal_of(tables), as_of, clauses, **options)
    (finding,) = audit.findings
    settings = configured(options.get("config"))
    days = common.calendar(settings, audit.regulation)
    return json.loads(reasoning.text(working(finding, audit, days, settings.outages), audit))


# --- which finding ----------------------------------------------------------------------------------------


@pytest.fixture
def twenty(tmp_path: Path) -> Path:
    """Twenty late marks: of so many fingerprints, two begin with the same letter."""
    write_tables(tmp_path, {"marks": marks(*[("02.02.2026", "10.02.2026 12:00")] * 20)})
    return tmp_path


def test_a_finding_is_meant_by_the_beginning_of_its_fingerprint(twenty: Path) -> None:
    whole = [finding["fingerprint"] for finding in findings(twenty, "2026-02-27")]
    assert len(set(whole)) == 20
    shortest = {
        mine: next(mine[:n] for n in range(1, 17) if sum(other.startswith(mine[:n]) for other in whole) == 1)
        for mine in whole
    }
    for mine in whole[:1]:
        for asked in (mine, mine.upper(), shortest[mine]):
            assert why(twenty, asked, "2026-02-27")["finding"]["fingerprint"] == mine


def test_a_beginning_of_several_names_them(twenty: Path) -> None:
    whole = [finding["fingerprint"] for finding in findings(twenty, "2026-02-27")]
    letter = next(mine[0] for mine in whole if sum(other[0] == mine[0] for other in whole) > 1)
    for asked in (letter, ""):
        result = command("why", asked, twenty, "--as-of", "2026-02-27")
        assert (result.exit_code, result.stdout) == (2, "")
        says = f"several findings have a fingerprint that begins with «{asked}»: "
        assert result.stderr.startswith(f"eklase-audit: {says}")
        named = result.stderr.strip().partition(says)[2].split(", ")
        assert named == [mine for mine in whole if mine.startswith(asked)][:5]


@pytest.mark.parametrize("as_of", ["2026-02-27", "2026-02-03"])
def test_what_no_finding_has(twenty: Path, as_of: str) -> None:
    whole = findings(twenty, "2026-02-27")[0]["fingerprint"]
    # Neither a fingerprint of nobody, nor one of a finding that is none yet.
    asked = "0123456789abcdef" if as_of == "2026-02-27" else whole
    result = command("why", asked, twenty, "--as-of", as_of)
    assert (result.exit_code, result.stdout) == (2, "")
    says = f"no finding has a fingerprint that begins with «{asked}»; check --as-of and the paths"
    assert result.stderr == f"eklase-audit: {says}\n"


def test_find_does_not_guess() -> None:
    audit = audited(journal_of({"marks": marks(("02.02.2026", "10.02.2026 12:00"))}), "2026-02-27")
    whole = audit.findings[0].fingerprint
    assert find(audit, whole) is audit.findings[0]
    for asked in (whole + "0", whole[1:], f"{whole} "):
        with pytest.raises(AuditError):
            find(audit, asked)


# --- day by day -------------------------------------------------------------------------------------------

SATURDAY, SUNDAY = "Saturday", "Sunday"
MOVED = "working day moved to a Saturday"
INDEPENDENCE = "Latvijas Republikas Proklamēšanas diena"

# A mark's day and when it was entered; then the days up to the due day, and those from there: a number where
# the day counts, and behind it or alone why it is special.
COUNTS: list[tuple[str, str, str, list[Any], list[Any]]] = [
    (
        "over 17 and 18 November 2025",
        "2025-11-14",
        "2025-11-26",
        [SATURDAY, SUNDAY, "Brīvdiena (pārcelta no 08.11.2025)", INDEPENDENCE, 1, 2, 3],
        [SATURDAY, SUNDAY, 1, 2, 3],
    ),
    (
        "onto the working Saturday before it",
        "2025-11-05",
        "2025-11-10",
        [1, 2, (3, MOVED)],
        [SUNDAY, 1],
    ),
    (
        "over Christmas and New Year",
        "2025-12-23",
        "2026-01-07",
        [
            "Ziemassvētku vakars",
            "Pirmie Ziemassvētki",
            "Otrie Ziemassvētki",
            SATURDAY,
            SUNDAY,
            1,
            2,
            "Vecgada diena",
            "Jaungada diena",
            "Brīvdiena (pārcelta no 17.01.2026)",
            SATURDAY,
            SUNDAY,
            3,
        ],
        [1, 2],
    ),
    ("onto the working Saturday of January", "2026-01-14", "2026-01-20", [1, 2, (3, MOVED)], [SUNDAY, 1, 2]),
    ("late over it", "2026-01-13", "2026-01-19", [1, 2, 3], [(1, MOVED), SUNDAY, 2]),
    (
        "over 18 November 2026, a Wednesday",
        "2026-11-16",
        "2026-11-23",
        [1, INDEPENDENCE, 2, 3],
        [SATURDAY, SUNDAY, 1],
    ),
    ("from a Saturday", "2026-02-07", "2026-02-12", [SUNDAY, 1, 2, 3], [1]),
    ("school breaks are worked", "2026-03-06", "2026-03-12", [SATURDAY, SUNDAY, 1, 2, 3], [1]),
    ("late over Easter", "2026-03-30", "2026-04-07", [1, 2, 3], ["Lielā Piektdiena", SATURDAY,
     "Pirmās Lieldienas", "Otrās Lieldienas", 1]),
]  # fmt: skip


def as_written(days: Sequence[dict[str, Any]], after: date) -> list[Any]:
    """Days of an answer as they are written above; none may be missing between them."""
    assert [day["day"] for day in days] == [str(after + timedelta(n)) for n in range(1, len(days) + 1)]
    return [
        (day["number"], day["reason"]) if day["number"] and day["reason"] else day["number"] or day["reason"]
        for day in days
    ]


@pytest.mark.parametrize(("name", "on", "entered", "until_due", "late"), COUNTS, ids=[case[0] for case in COUNTS])
@pytest.mark.parametrize("done", [True, False], ids=["late", "overdue"])
def test_each_day_counted_and_each_skipped(
    name: str, on: str, entered: str, until_due: list[Any], late: list[Any], done: bool
) -> None:
    tables = {"marks": marks((on, f"{entered} 12:00" if done else ""))}
    # Late by its stamp, whenever one looks; not done at all, as far as one looks.
    as_of = "2026-12-31" if done else f"{entered}T12:00"
    shown = only_why(tables, as_of, ["5"], ignore_in_force=True)
    first = date.fromisoformat(on)
    due = first + timedelta(len(until_due))
    assert as_written(shown["until_due"], first) == until_due
    assert as_written(shown["late"], due) == late
    assert shown["finding"]["verdict"] == ("late" if done else "overdue")
    assert shown["finding"]["due_at"] == f"{due}T23:59:59"
    assert shown["finding"]["working_days_late"] == sum(not isinstance(day, str) for day in late)
    assert shown["deadline"] == {"working_days": 3, "reading": False}


def test_before_it_was_in_force_there_is_nothing_to_explain(tmp_path: Path) -> None:
    write_tables(tmp_path, {"marks": marks(("2025-11-14", "2025-11-26 12:00"))})
    assert findings(tmp_path, "2026-01-31") == []
    (found,) = findings(tmp_path, "2026-01-31", "--ignore-in-force")
    assert command("why", found["fingerprint"], tmp_path, "--as-of", "2026-01-31").exit_code == 2


def test_where_the_school_ignores_the_orders() -> None:
    tables = {"marks": marks(("2025-11-14", "2025-11-26 12:00"))}
    options = {"config": 'moved_days = "ignored"', "ignore_in_force": True}
    shown = only_why(tables, "2026-01-31", ["5"], **options)
    assert as_written(shown["until_due"], date(2025, 11, 14)) == [SATURDAY, SUNDAY, 1, INDEPENDENCE, 2, 3]


def test_where_breaks_do_not_count() -> None:
    tables = {"marks": marks(("2026-03-06", "2026-03-19 12:00"))}
    shown = only_why(tables, "2026-03-31", ["5"], config="count_school_breaks = false")
    off = [SATURDAY, SUNDAY, *["pavasara brīvlaiks"] * 5, SATURDAY, SUNDAY]
    assert as_written(shown["until_due"], date(2026, 3, 6)) == [*off, 1, 2, 3]


def test_calendar_days_are_all_counted() -> None:
    tables = {"marks": marks(("2026-02-05", "2026-02-16 12:00"))}
    shown = only_why(tables, "2026-02-27", ["1"], rules="kraslavas-gimnazija")
    assert as_written(shown["until_due"], date(2026, 2, 5)) == [1, 2, 3, 4, 5]
    # How late it is, is told in working days whatever the deadline is.
    assert as_written(shown["late"], date(2026, 2, 10)) == [1, 2, 3, SATURDAY, SUNDAY, 4]


def test_days_before_the_end_are_all_counted() -> None:
    tables = {
        "marks": table("""
            Skolēns    | Klase | Priekšmets | Pedagogs   | Vērtējuma veids | Vērtējums | Periods | Ievadīts
            Una Priede | 7.a   | Fizika     | Rita Ozere | semestra        | 7         | 1. sem. | 2025-12-18
        """),
        "contacts": table("""
            Skolēns    | Klase | Skolēna tālrunis | Vecāka tālrunis | Aktualizēts
            Una Priede | 7.a   | 20000001         | 20000002        | 2025-09-05
        """),
        "workloads": table("""
            Pedagogs   | Priekšmets | Klase
            Rita Ozere | Fizika     | 7.a
        """),
    }
    shown = only_why(tables, "2025-12-31", ["8-semester"])
    # The semester ends on 19 December.
    assert shown["finding"]["due_at"] == "2025-12-16T23:59:59"
    assert as_written(shown["until_due"], date(2025, 12, 16)) == [1, 2, 3]
    assert as_written(shown["late"], date(2025, 12, 16)) == [1, 2]


OUTAGE = '[[outages]]\nfrom = 2026-03-02T12:00:00\nto = 2026-03-02T18:00:00\nreason = "tīkla bojājums"'
LESSON = """
    Datums     | Stunda | Klase | Priekšmets | Pedagogs   | Tēma          | Ievadīts
    02.03.2026 | 1      | 7.a   | Fizika     | Rita Ozere | SR: Mēra / Pi | 05.03.2026 08:00
"""


def test_an_outage_is_told(tmp_path: Path) -> None:
    write_tables(tmp_path, {"lessons": table(LESSON)})

    def shown() -> dict[str, Any]:
        found = findings(tmp_path, "2026-03-13", "--clause", "2-lesson")
        return why(tmp_path, found[0]["fingerprint"], "2026-03-13")

    assert shown()["due_before"] is None
    assert as_written(shown()["late"], date(2026, 3, 2)) == [1, 2, 3]
    (tmp_path / "eklase-audit.toml").write_text(OUTAGE)
    assert shown()["due_before"] == "2026-03-02T17:00:00"
    assert shown()["finding"]["due_at"] == "2026-03-03T17:00:00"
    assert as_written(shown()["late"], date(2026, 3, 3)) == [1, 2]
    page = command("why", shown()["finding"]["fingerprint"], tmp_path, "--as-of", "2026-03-13").stdout
    assert "the journal could not be used from 2 Mar 2026 12:00 to 2 Mar 2026 18:00 (tīkla bojājums): " in page
    assert "due 2 Mar 2026 17:00 moved" in page
    assert "due: 3 Mar 2026 17:00" in page


def test_days_counted_before_an_outage_end_where_it_was_due_at_first() -> None:
    config = "[[outages]]\nfrom = 2026-02-05T20:00:00\nto = 2026-02-06T08:00:00"
    tables = {"marks": marks(("2026-02-02", "2026-02-10 12:00"))}
    shown = only_why(tables, "2026-02-27", ["5"], config=config)
    assert shown["due_before"] == "2026-02-05T23:59:59"
    assert as_written(shown["until_due"], date(2026, 2, 2)) == [1, 2, 3]
    assert shown["finding"]["due_at"] == "2026-02-06T23:59:59"
    assert as_written(shown["late"], date(2026, 2, 6)) == [SATURDAY, SUNDAY, 1, 2]


def test_a_defect_has_no_days(tmp_path: Path) -> None:
    lesson = LESSON.replace("SR: Mēra / Pi", "Mēra / Pi").replace("05.03.2026 08:00", "02.03.2026 09:00")
    shown = only_why({"lessons": table(lesson)}, "2026-03-13", ["3.1"])
    assert shown["finding"]["verdict"] == "defect"
    assert (shown["deadline"], shown["until_due"], shown["late"]) == (None, [], [])
    write_tables(tmp_path, {"lessons": table(lesson)})
    page = command("why", shown["finding"]["fingerprint"], tmp_path, "--as-of", "2026-03-13").stdout
    assert "lessons.csv:2" in page
    assert "working day" not in page and "due:" not in page


def test_entered_after_the_hour_of_its_day_is_late_by_no_working_day() -> None:
    lesson = LESSON.replace("05.03.2026 08:00", "02.03.2026 17:40")
    shown = only_why({"lessons": table(lesson)}, "2026-03-13", ["2-lesson"])
    assert (shown["until_due"], shown["late"], shown["finding"]["working_days_late"]) == ([], [], 0)


def test_the_page(tmp_path: Path) -> None:
    write_tables(tmp_path, {"marks": marks(("2026-11-16", "2026-11-23 12:00"))})
    fingerprint = findings(tmp_path, "2026-11-24")[0]["fingerprint"]
    page = command("why", fingerprint, tmp_path, "--as-of", "2026-11-24").stdout
    lines = [" ".join(line.split()) for line in page.splitlines()]
    assert lines == [
        "formative mark: due 20 Nov 2026, done 23 Nov 2026 12:00 (1 working day late)",
        f"fingerprint {fingerprint}",
        "owed by Rita Ozere",
        "class 7.a",
        "subject Fizika",
        "pupil Skolēns A",
        "entry marks.csv:2",
        "clause 5. Formative marks: Formative marks are entered within three working days.",
        "source Aknīstes vidusskolas E-klases lietošanas kārtība, spēkā no 04.12.2025.",
        "deadline within 3 working days (5-formative.working_days)",
        "counted from 16 Nov 2026",
        "Up to the due day",
        "1 17 Nov 2026",
        f"– 18 Nov 2026 {INDEPENDENCE}",
        "2 19 Nov 2026",
        "3 20 Nov 2026",
        "due: 20 Nov 2026",
        "done: 23 Nov 2026 12:00",
        "Working days late",
        "– 21 Nov 2026 Saturday",
        "– 22 Nov 2026 Sunday",
        "1 23 Nov 2026",
        "1 working day late",
    ]


def test_the_answer_names_finding_clause_and_source(tmp_path: Path) -> None:
    write_tables(tmp_path, {"marks": marks(("2026-11-16", "2026-11-23 12:00"))})
    (found,) = findings(tmp_path, "2026-11-24")
    shown = why(tmp_path, found["fingerprint"], "2026-11-24")
    assert shown["schema"] == 1
    assert shown["finding"] == found
    assert shown["clause"] == {
        "number": "5",
        "title": "Formative marks",
        "summary": "Formative marks are entered within three working days.",
        "source": "Aknīstes vidusskolas E-klases lietošanas kārtība, spēkā no 04.12.2025.",
    }


# --- over the sample exports: the working agrees with the finding -----------------------------------------


@pytest.fixture(scope="session")
def sample() -> Journal:
    return sample_journal()


# Two moments, and the forms of deadline of which something is found then.
MOMENTS = {
    "2026-06-20": {"at", "working_days", "day_of_month", "calendar_days_before_end", "end_of_day"},
    "2026-11-24T18:00": {"at", "working_days", "day_of_month", "end_of_day", "by"},
}


def day_of(when: datetime | date) -> date:
    return when.date() if isinstance(when, datetime) else when


def hold_days(days: Sequence[Day], after: date, until: date) -> None:
    """Each day between, once; counted if it is a working day, with a name if it is none."""
    length = max(0, (until - after).days)
    assert [day.day for day in days] == [after + timedelta(n) for n in range(1, length + 1)]
    number = 0
    for day in days:
        if day.day in WORKING:
            number += 1
            assert day.number == number
        else:
            assert day.number == 0
            assert day.reason


@pytest.mark.parametrize("as_of", MOMENTS)
def test_the_working_agrees_with_every_finding(sample: Journal, as_of: str) -> None:
    audit = audited(sample, as_of)
    forms = set()
    for finding in audit.findings:
        shown = working(finding, audit, calendar())
        assert shown.finding is finding
        assert shown.outage is None and finding.due_before is None
        deadline = finding.rule.deadline
        if finding.verdict == "defect":
            assert (shown.until_due, shown.late) == ((), ())
            continue
        assert finding.due_at is not None and finding.on is not None and deadline is not None
        forms.add(deadline.form)
        due = finding.due_at.date()
        if deadline.form == "working_days":
            hold_days(shown.until_due, finding.on, due)
            # The last day counted is the due day, and its number is the number of the clause.
            assert (shown.until_due[-1].day, shown.until_due[-1].number) == (due, deadline.value)
        elif deadline.form == "calendar_days_before_end":
            assert [day.number for day in shown.until_due] == [1, 2, 3]
            assert shown.until_due[0].day - timedelta(1) == due
            assert shown.until_due[-1].day == finding.on
        else:
            assert shown.until_due == ()
        assert (finding.done_at is None) == (finding.verdict == "overdue")
        done = day_of(finding.done_at or audit.as_of)
        hold_days(shown.late, due, done)
        assert sum(day.number > 0 for day in shown.late) == finding.working_days_late
        if finding.working_days_late:
            assert max(day.number for day in shown.late) == finding.working_days_late
    assert forms == MOMENTS[as_of]
