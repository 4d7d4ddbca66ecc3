"""What follows from snapshots, check by check: contract of observation."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from eklase_audit.exports.paths import find_files
from eklase_audit.exports.reading import read_journal
from eklase_audit.journal import Journal
from journal_files import Entry, Sheet, write_workbook
from observing import answer_over, opened, take, verdict
from support import Tables, answer, command, write_tables

GRACE = timedelta(minutes=10)
SECOND = timedelta(seconds=1)
PUPIL = {"Skolēns": "Anna Liepa", "Klase": "7.a"}
WHOSE = {"Klase": "7.a", "Priekšmets": "Matemātika", "Pedagogs": "Ilze Kalniņa"}


def lesson(day: str, number: str = "3", **cells: str) -> dict[str, str]:
    return {"Datums": day, "Stunda": number, **WHOSE, "Tēma": "", "Mājas darbs": "", **cells}


def absence(day: str, code: str = "n", **cells: str) -> dict[str, str]:
    return {**PUPIL, **WHOSE, "Datums": day, "Stunda": "3", "Kavējums": code, **cells}


def mark(kind: str, value: str, day: str = "", **cells: str) -> dict[str, str]:
    return {
        **PUPIL,
        **WHOSE,
        "Vērtējuma veids": kind,
        "Darba datums": day,
        "Iesniegts": "",
        "Vērtējums": value,
        "Periods": "",
        **cells,
    }


def statement(month: str, issued: str, **cells: str) -> dict[str, str]:
    return {**PUPIL, "Mēnesis": month, "Izsniegts": issued, **cells}


OTHER = {"Skolēns": "Jānis Ozols"}
TOPIC = "SR: Aprēķina laukumu / Taisnstūris"
OTHER_LESSONS = [lesson("05.12.2025", "1", Tēma=TOPIC), lesson("12.12.2025", "1", Tēma=TOPIC)]
OTHER_ABSENCES = [absence("04.12.2025", **OTHER), absence("19.12.2025", **OTHER)]
OTHER_MARKS = [mark("formatīvs", "7", day, **OTHER) for day in ("04.12.2025", "30.12.2025")]
OTHER_STATEMENTS = [statement(month, "01.12.2025", **OTHER) for month in ("2025-11", "2026-01")]
CONTACTS = [
    {
        **PUPIL,
        "Skolēna tālrunis": "29123456",
        "Vecāka tālrunis": "29123457",
        "Aktualizēts": "10.09.2025",
    }
]
WORKLOADS = [WHOSE]
NOTES = [
    {
        **PUPIL,
        "No": "05.12.2025",
        "Līdz": "05.12.2025",
        "Iemesls": "slimība",
        "Saņemta": "08.12.2025",
    }
]


@dataclass(frozen=True)
class Duty:
    """A duty of a check: exports that hold its entry, exports that speak of it without it, what else it asks.

    `on` is the first day on which a snapshot can speak of it. `missing` where the duty is there without
    its entry.
    """

    check: str
    on: str
    due: str
    holds: Tables
    lacks: Tables
    rest: Mapping[str, Sequence[Mapping[str, str]]]
    missing: bool = True
    ranged: bool = True

    def moment(self, offset: timedelta = timedelta()) -> str:
        return (datetime.fromisoformat(self.due) + offset).isoformat()


def duty(
    check: str,
    on: str,
    due: str,
    kind: str,
    others: list[dict[str, str]],
    holds: Any,
    lacks: Any = None,
    rest: Mapping[str, Any] | None = None,
    *,
    missing: bool = True,
    ranged: bool = True,
) -> Any:
    told = Duty(
        check,
        on,
        due,
        {kind: [*others, holds]},
        {kind: [*others, *([lacks] if lacks else [])]},
        rest or {},
        missing,
        ranged,
    )
    return pytest.param(told, id=check)


FINALS = {"contacts": CONTACTS, "workloads": WORKLOADS}
DUTIES = [
    duty(
        "2-lesson",
        "2025-12-08",
        "2025-12-08T17:00:00",
        "lessons",
        OTHER_LESSONS,
        lesson("08.12.2025", Tēma=TOPIC),
        lesson("08.12.2025"),
    ),
    duty(
        "2-topic",
        "2025-12-08",
        "2025-12-08T17:00:00",
        "lessons",
        OTHER_LESSONS,
        lesson("08.12.2025", Tēma=TOPIC),
        lesson("08.12.2025", **{"Mājas darbs": "12. uzd."}),
    ),
    duty(
        "2-homework",
        "2025-12-08",
        "2025-12-08T17:00:00",
        "lessons",
        OTHER_LESSONS,
        lesson("08.12.2025", **{"Mājas darbs": "12. uzd."}),
        lesson("08.12.2025", Tēma=TOPIC),
        missing=False,
    ),
    duty(
        "2-absence",
        "2025-12-08",
        "2025-12-08T17:00:00",
        "absences",
        OTHER_ABSENCES,
        absence("08.12.2025"),
        missing=False,
    ),
    duty(
        "4-justified",
        "2025-12-08",
        "2025-12-15T23:59:59",
        "absences",
        OTHER_ABSENCES,
        absence("05.12.2025", "ns"),
        absence("05.12.2025"),
        {"notes": NOTES},
    ),
    duty(
        "5-formative",
        "2025-12-08",
        "2025-12-11T23:59:59",
        "marks",
        OTHER_MARKS,
        mark("formatīvs", "7", "08.12.2025"),
        mark("formatīvs", "", "08.12.2025"),
    ),
    duty(
        "6-summative",
        "2025-12-08",
        "2025-12-17T23:59:59",
        "marks",
        OTHER_MARKS,
        mark("summatīvs", "7", "05.12.2025", Iesniegts="08.12.2025"),
        mark("summatīvs", "", "05.12.2025", Iesniegts="08.12.2025"),
    ),
    duty(
        "7-statement",
        "2025-12-31",
        "2026-01-05T23:59:59",
        "statements",
        OTHER_STATEMENTS,
        statement("2025-12", "xx"),
        None,
        {"contacts": CONTACTS},
    ),
    duty(
        "8-semester",
        "2025-09-01",
        "2025-12-16T23:59:59",
        "marks",
        OTHER_MARKS,
        mark("semestra", "7", "", Periods="1. semestris"),
        None,
        FINALS,
        ranged=False,
    ),
    duty(
        "8-year",
        "2025-09-01",
        "2026-05-26T23:59:59",
        "marks",
        OTHER_MARKS,
        mark("gada", "7", "29.05.2026", Periods="Gads"),
        None,
        FINALS,
        ranged=False,
    ),
    duty(
        "8.2-reexam",
        "2026-05-29",
        "2026-08-31T23:59:59",
        "marks",
        [*OTHER_MARKS, mark("gada", "2", "20.05.2026", Periods="Gads")],
        mark("pēcpārbaudījuma", "5", "12.06.2026"),
        None,
        ranged=False,
    ),
]
every_duty = pytest.mark.parametrize("owed", DUTIES)
AFTER = timedelta(days=20)


def judged(
    owed: Duty, snapshots: list[tuple[str, Tables]], now: Tables | None = None, as_of: str | None = None
) -> tuple[str, dict[str, Any]]:
    """The verdict on the duty, and its finding (or what stands of it among the undetermined)."""
    tables = {**(owed.holds if now is None else now), **owed.rest}
    told = answer_over(snapshots, tables, as_of or owed.moment(AFTER), [owed.check])
    mine = [one for one in told["checks"] if one["check"] == owed.check]
    # The entries of others are of no interest here.
    entries = [
        one
        for one in [*told["findings"], *told["undetermined"]]
        if one["pupil"] in (None, PUPIL["Skolēns"])
        and one["lesson"] in (None, 3)
        and one["period"] in {"7-statement": ("2025-12",), "8-semester": ("1",)}.get(owed.check, (one["period"],))
    ]
    assert len(entries) <= 1
    if entries:
        return entries[0]["verdict"], entries[0]
    assert mine[0]["reason"] is None
    return ("pending" if not mine[0]["fulfilled"] else "fulfilled"), {}


@every_duty
class TestOfEachCheck:
    def test_seen_within_the_grace_is_in_time(self, owed: Duty) -> None:
        assert judged(owed, [(owed.moment(GRACE), owed.holds)])[0] == "fulfilled"

    def test_a_second_after_the_grace_it_cannot_be_told(self, owed: Duty) -> None:
        told, entry = judged(owed, [(owed.moment(GRACE + SECOND), owed.holds)])
        assert told == "undetermined"
        assert (entry["done_after"], entry["done_by"]) == (None, owed.moment(GRACE + SECOND))

    def test_not_there_at_the_due_moment_is_late(self, owed: Duty) -> None:
        by = owed.moment(timedelta(days=2))
        told, entry = judged(owed, [(owed.moment(), owed.lacks), (by, owed.holds)])
        assert told == "late"
        assert (entry["done_at"], entry["done_after"], entry["done_by"]) == (None, owed.moment(), by)
        assert entry["working_days_late"] == 0

    def test_made_between_before_and_after_cannot_be_told(self, owed: Duty) -> None:
        before, by = owed.moment(-SECOND), owed.moment(GRACE + SECOND)
        told, entry = judged(owed, [(before, owed.lacks), (by, owed.holds)])
        assert told == "undetermined"
        assert (entry["done_at"], entry["done_after"], entry["done_by"]) == (None, before, by)

    def test_not_there_before_and_there_within_the_grace_is_in_time(self, owed: Duty) -> None:
        snapshots = [(owed.moment(), owed.lacks), (owed.moment(GRACE), owed.holds)]
        assert judged(owed, snapshots)[0] == "fulfilled"

    def test_the_order_of_taking_does_not_matter(self, owed: Duty) -> None:
        snapshots = [(owed.moment(timedelta(days=2)), owed.holds), (owed.moment(), owed.lacks)]
        assert judged(owed, snapshots)[0] == "late"

    def test_there_now_and_in_no_snapshot_cannot_be_told(self, owed: Duty) -> None:
        assert judged(owed, [(owed.moment(), owed.lacks)])[0] == "undetermined"
        assert judged(owed, [])[0] == "undetermined"

    def test_a_snapshot_after_the_moment_of_the_audit_is_not_looked_at(self, owed: Duty) -> None:
        snapshots = [(owed.moment(), owed.lacks), (owed.moment(AFTER + SECOND), owed.holds)]
        told, entry = judged(owed, snapshots)
        assert told == "undetermined" and entry["done_by"] is None

    def test_missing_in_a_snapshot_of_after_it_was_due_is_overdue(self, owed: Duty) -> None:
        if not owed.missing:
            return
        told, entry = judged(owed, [(owed.moment(), owed.lacks)], owed.lacks)
        assert told == "overdue"
        assert (entry["done_at"], entry["done_after"], entry["done_by"]) == (None, owed.moment(), None)
        newest = owed.moment(timedelta(days=5))
        told, entry = judged(owed, [(owed.moment(), owed.lacks), (newest, owed.lacks)], owed.lacks)
        assert (told, entry["done_after"]) == ("overdue", newest)

    def test_missing_where_no_snapshot_speaks_of_it_cannot_be_told(self, owed: Duty) -> None:
        if not owed.missing:
            return
        assert judged(owed, [], owed.lacks)[0] == "undetermined"
        assert judged(owed, [(owed.moment(-SECOND), owed.lacks)], owed.lacks)[0] == "undetermined"

    def test_missing_and_not_due_is_pending(self, owed: Duty) -> None:
        if not owed.missing:
            return
        assert judged(owed, [(owed.moment(-SECOND), owed.lacks)], owed.lacks, owed.moment())[0] == "pending"
        assert judged(owed, [], owed.lacks, owed.moment())[0] == "pending"

    def test_seen_and_gone_since_was_still_made(self, owed: Duty) -> None:
        if not owed.missing:
            return
        snapshots = [(owed.moment(GRACE), owed.holds), (owed.moment(timedelta(days=3)), owed.lacks)]
        assert judged(owed, snapshots, owed.lacks)[0] == "fulfilled"

    def test_another_class_does_not_speak_of_it(self, owed: Duty) -> None:
        others = {
            kind: [row for row in rows if row["Klase"] != "7.a"] + [{**row, "Klase": "8.b"} for row in rows]
            for kind, rows in owed.lacks.items()
        }
        told, entry = judged(owed, [(owed.moment(), others), (owed.moment(timedelta(days=2)), owed.holds)])
        assert told == "undetermined" and entry["done_after"] is None

    def test_another_subject_speaks_of_absences_and_statements_only(self, owed: Duty) -> None:
        others = {
            kind: [{**row, **({"Priekšmets": "Fizika"} if "Priekšmets" in row else {})} for row in rows]
            for kind, rows in owed.lacks.items()
        }
        told, _entry = judged(owed, [(owed.moment(), others), (owed.moment(timedelta(days=2)), owed.holds)])
        by_class = owed.check in ("2-absence", "4-justified", "7-statement")
        assert told == ("late" if by_class else "undetermined")

    def test_an_export_of_other_days_does_not_speak_of_it(self, owed: Duty) -> None:
        ((kind, rows),) = owed.lacks.items()
        day = {"statements": "Mēnesis", "marks": "Darba datums"}.get(kind, "Datums")
        early = [
            {
                **row,
                day: "2025-11" if kind == "statements" else "04.12.2025",
                **({"Iesniegts": ""} if "Iesniegts" in row else {}),
            }
            for row in rows
        ]
        snapshots = [(owed.moment(), {kind: early}), (owed.moment(timedelta(days=2)), owed.holds)]
        assert judged(owed, snapshots)[0] == ("undetermined" if owed.ranged else "late")

    def test_a_snapshot_of_before_its_day_does_not_speak_of_it(self, owed: Duty) -> None:
        before = (datetime.fromisoformat(owed.on) - SECOND).isoformat()
        by = owed.moment(GRACE + SECOND)
        assert judged(owed, [(before, owed.lacks), (by, owed.holds)])[1]["done_after"] is None
        on = datetime.fromisoformat(owed.on).isoformat()
        assert judged(owed, [(on, owed.lacks), (by, owed.holds)])[1]["done_after"] == on


DAY_TOPIC = {"lessons": [*OTHER_LESSONS, lesson("08.12.2025", Tēma=TOPIC)]}
NO_TOPIC = {"lessons": [*OTHER_LESSONS, lesson("08.12.2025")]}


def one(told: dict[str, Any], check: str = "2-topic", number: int = 3) -> dict[str, Any]:
    return next(
        entry
        for entry in [*told["findings"], *told["undetermined"]]
        if entry["check"] == check and entry["lesson"] == number
    )


def test_working_days_late_are_counted_to_the_last_snapshot_without_it() -> None:
    snapshots = [("2025-12-10T12:00", NO_TOPIC), ("2025-12-15T17:05", DAY_TOPIC)]
    assert one(answer_over(snapshots, DAY_TOPIC, "2025-12-19", ["2-topic"]))["working_days_late"] == 2


def test_columns_without_stamps_are_no_reason_any_more() -> None:
    tables = {
        "lessons": [lesson("08.12.2025", Tēma=TOPIC, **{"Mājas darbs": "1. uzd."})],
        "absences": [absence("08.12.2025")],
    }
    checks = ["2-lesson", "2-topic", "2-homework", "2-absence"]
    bare = {one["check"]: one["status"] for one in answer(tables, "2025-12-19", checks)["checks"]}
    assert [bare[check] for check in checks] == ["not_audited", "clean", "not_audited", "not_audited"]
    over = answer_over([("2025-12-08T17:05", tables)], tables, "2025-12-19", checks)["checks"]
    assert {one["status"] for one in over} == {"clean"} and {one["fulfilled"] for one in over} == {1}


def test_a_stamp_of_its_own_is_used_instead() -> None:
    stamped = {"lessons": [lesson("08.12.2025", Tēma=TOPIC, Ievadīts="08.12.2025 17:30")]}
    late = answer_over([("2025-12-08T17:05", stamped)], stamped, "2025-12-19", ["2-topic"])
    assert one(late)["done_at"] == "2025-12-08T17:30:00"
    assert one(late)["done_after"] is None and one(late)["done_by"] is None
    day_only = {"lessons": [lesson("08.12.2025", Tēma=TOPIC, Ievadīts="08.12.2025")]}
    assert (
        verdict(answer_over([("2025-12-08T16:00", day_only)], day_only, "2025-12-19", ["2-topic"]), "2-topic")
        == "undetermined"
    )


def test_a_blank_stamp_leaves_it_to_the_snapshots() -> None:
    blank = {"lessons": [lesson("08.12.2025", Tēma=TOPIC, Ievadīts="")]}
    told = answer_over([("2025-12-08T17:10", blank)], blank, "2025-12-19", ["2-topic"])
    assert verdict(told, "2-topic") == "fulfilled"


@pytest.mark.parametrize(
    ("stamp", "contradicted"),
    [
        ("08.12.2025 16:00", True),
        ("08.12.2025 17:05:00", True),
        ("08.12.2025 17:05:01", False),
        ("08.12.2025", False),
        ("07.12.2025", True),
        ("", False),
    ],
)
@pytest.mark.parametrize("seen_later", [True, False])
def test_a_stamp_that_a_snapshot_contradicts(stamp: str, contradicted: bool, seen_later: bool) -> None:
    cells = {"Ievadīts": "05.12.2025 10:00", "Tēma ievadīta": "05.12.2025 10:00"}
    others = [{**row, **cells} for row in OTHER_LESSONS]
    now = {"lessons": [*others, lesson("08.12.2025", Tēma=TOPIC, Ievadīts="", **{"Tēma ievadīta": stamp})]}
    snapshots = [("2025-12-08T17:05", NO_TOPIC), *([("2025-12-09T17:05", DAY_TOPIC)] if seen_later else [])]
    told = answer_over(snapshots, now, "2025-12-19", ["2-topic"])
    problems = [
        (p["file"], p["sheet"], p["row"], p["column"])
        for p in told["data_problems"]
        if p["reason"] == "entry-time-contradicted"
    ]
    assert problems == ([("lessons.csv", None, 4, "Tēma ievadīta")] if contradicted else [])
    assert told["totals"]["data_problems"] == len(problems) == told["inputs"][0]["data_problems"]
    if contradicted:
        # It says so, and the stamp is used all the same.
        late = stamp == "08.12.2025 17:05:00"
        assert (told["checks"][0]["fulfilled"], told["checks"][0]["late"]) == (3 - late, late)


def test_the_column_named_is_the_one_that_was_used() -> None:
    now = {
        "lessons": [
            *({**row, "Ievadīts": "05.12.2025 10:00", "Tēma ievadīta": ""} for row in OTHER_LESSONS),
            lesson("08.12.2025", Tēma=TOPIC, Ievadīts="08.12.2025 11:00", **{"Tēma ievadīta": ""}),
        ]
    }
    told = answer_over([("2025-12-08T17:05", NO_TOPIC)], now, "2025-12-19", ["2-topic"])
    assert [(p["row"], p["column"]) for p in told["data_problems"]] == [(4, "Ievadīts")]


@pytest.mark.parametrize(
    "changed",
    [
        {"Tēma": "SR: Cits / Pavisam cits"},
        {"Pedagogs": "Uldis Ozols"},
        {"Klase": "7. A klase"},
        {"Priekšmets": "MATEMĀTIKA"},
        {"Datums": "2025-12-08"},
        {"Stunda": "3. stunda"},
    ],
)
def test_a_changed_text_or_teacher_is_the_same_lesson(changed: dict[str, str]) -> None:
    before = {"lessons": [lesson("08.12.2025", Tēma=TOPIC)]}
    now = {"lessons": [{**lesson("08.12.2025", Tēma=TOPIC), **changed}]}
    told = answer_over([("2025-12-08T17:00", before), ("2025-12-09T17:00", now)], now, "2025-12-19", ["2-topic"])
    assert verdict(told, "2-topic") == "fulfilled"


@pytest.mark.parametrize("changed", [{"Vērtējums": "9"}, {"Pedagogs": "Uldis Ozols"}, {"Temats": "cits"}])
def test_a_changed_mark_is_the_same_mark(changed: dict[str, str]) -> None:
    before = {"marks": [mark("formatīvs", "7", "08.12.2025", Temats="tests")]}
    now = {"marks": [mark("formatīvs", "7", "08.12.2025", **{"Temats": "tests", **changed})]}
    told = answer_over([("2025-12-11T17:00", before), ("2025-12-19T17:00", now)], now, "2025-12-20", ["5"])
    assert verdict(told, "5-formative") == "fulfilled"


def test_lessons_without_a_number_are_told_by_their_order() -> None:
    first, second = (lesson("08.12.2025", "", Tēma=TOPIC), lesson("08.12.2025", "", Tēma=TOPIC))
    blank = lesson("08.12.2025", "")
    now = {"lessons": [first, second]}
    snapshots = [("2025-12-08T17:00", {"lessons": [first, blank]}), ("2025-12-09T17:00", now)]
    told = answer_over(snapshots, now, "2025-12-19", ["2-topic"])["checks"][0]
    assert (told["fulfilled"], told["late"]) == (1, 1)


def test_groups_of_a_class_have_lessons_of_their_own() -> None:
    """Of two groups at once one's lesson is not the other's, in whatever order they stand."""
    first, second = (
        {**lesson("08.12.2025", number, Tēma=TOPIC), "Klase": f"7.a {group}. gr."}
        for number, group in (("", 1), ("", 2))
    )
    now = {"lessons": [first, second]}
    snapshots = [("2025-12-08T17:00", {"lessons": [second]}), ("2025-12-09T17:00", now)]
    told = answer_over(snapshots, now, "2025-12-19", ["2-topic"])
    (late,) = told["findings"]
    assert late["row"] == 2 and told["checks"][0]["fulfilled"] == 1


def test_absences_without_a_lesson_are_told_by_their_subject() -> None:
    rows = [absence("08.12.2025", Stunda="", Priekšmets=subject) for subject in ("Fizika", "Matemātika")]
    snapshots = [("2025-12-08T17:00", {"absences": rows[1:]}), ("2025-12-09T17:00", {"absences": rows})]
    told = answer_over(snapshots, {"absences": rows}, "2025-12-19", ["2-absence"])
    assert [found["subject"] for found in told["findings"]] == ["Fizika"]
    assert told["checks"][0]["fulfilled"] == 1


def test_marks_alike_are_told_by_their_order() -> None:
    rows = [mark("formatīvs", value, "08.12.2025") for value in ("7", "8")]
    snapshots = [
        ("2025-12-11T23:00", {"marks": rows[:1]}),
        ("2025-12-12T00:30", {"marks": rows[:1]}),
        ("2025-12-12T17:00", {"marks": rows}),
    ]
    told = answer_over(snapshots, {"marks": rows}, "2025-12-19", ["5"])
    assert [found["row"] for found in told["findings"]] == [3]
    assert told["checks"][0]["fulfilled"] == 1


def test_when_it_was_handed_in_cannot_be_read() -> None:
    """Then nobody can tell what was due: snapshots neither."""
    rows = {"marks": [*OTHER_MARKS, mark("summatīvs", "7", "08.12.2025", Iesniegts="31.02.2026")]}
    told = answer_over([("2025-12-08T17:00", rows)], rows, "2026-02-19", ["6"])
    assert verdict(told, "6-summative") == "undetermined"


def test_a_statement_of_a_wrong_day_is_still_one() -> None:
    rows = {"statements": [*OTHER_STATEMENTS, statement("2025-12", "")], "contacts": CONTACTS}
    snapshots = [("2026-01-06T10:00", rows)]
    (found,) = answer_over(snapshots, rows, "2026-01-10", ["7"])["findings"]
    assert (found["verdict"], found["period"]) == ("overdue", "2025-12")


def test_an_autumn_re_examination_answers_for_the_year_before_only() -> None:
    low = mark("gada", "2", "20.05.2026", Periods="Gads")
    autumn = mark("pēcpārbaudījuma", "5", "10.09.2026")
    snapshots = [("2026-09-01T08:00", {"marks": [low]}), ("2026-09-11T17:00", {"marks": [low, autumn]})]
    now = {"marks": [low, autumn]}
    (found,) = answer_over(snapshots, now, "2026-10-01", ["8.2"])["findings"]
    assert (found["verdict"], found["done_by"]) == ("late", "2026-09-11T17:00:00")
    # A year later another low mark is owed a re-examination of its own.
    again = {"marks": [low, autumn, mark("gada", "2", "20.05.2027", Periods="Gads")]}
    snapshots.append(("2027-06-30T17:00", again))
    told = answer_over(snapshots, again, "2027-07-01", ["8.2"])["checks"][0]
    assert (told["fulfilled"], told["pending"]) == (0, 1)


def workbook(folder: Path, entries: Sequence[Entry]) -> Journal:
    folder.mkdir(parents=True)
    write_workbook(folder / "zurnals.xlsx", [Sheet("7.a", entries)])
    return read_journal(find_files([folder]))


def test_over_the_workbook_of_e_klase(tmp_path: Path) -> None:
    """It tells no times of entry at all: snapshots do."""
    early = Entry(date="08.12.2025", cells={0: "7", 1: "n"})
    later = Entry(date="09.12.2025", cells={0: "8", 1: "n n", 2: "9"}, homework="12. uzd.")
    monday = workbook(tmp_path / "1", [early])
    tuesday = workbook(tmp_path / "2", [early, Entry(date="09.12.2025", topic="")])
    friday = workbook(tmp_path / "3", [early, later])
    snapshots = [("2025-12-08T17:05", monday), ("2025-12-09T17:05", tuesday), ("2025-12-19T17:05", friday)]
    told = {
        one["check"]: one
        for one in answer_over(
            snapshots, friday, "2025-12-22", ["2-lesson", "2-topic", "2-homework", "2-absence", "5"]
        )["checks"]
    }
    assert not [one["reason"] for one in told.values() if one["reason"]]
    assert (told["2-lesson"]["fulfilled"], told["2-lesson"]["late"]) == (1, 1)
    assert (told["2-topic"]["fulfilled"], told["2-topic"]["late"]) == (1, 1)
    assert (told["2-homework"]["fulfilled"], told["2-homework"]["late"]) == (0, 1)
    assert (told["2-absence"]["fulfilled"], told["2-absence"]["undetermined"]) == (1, 2)
    assert (told["5-formative"]["fulfilled"], told["5-formative"]["undetermined"]) == (1, 2)


def test_an_audit_without_a_store_is_as_before() -> None:
    told = answer(DAY_TOPIC, "2025-12-19", ["2-topic"])
    assert told["checks"][0]["undetermined"] == 3 and told["undetermined"] == []


def test_changes_and_what_vanished() -> None:
    day = [mark("formatīvs", value, f"0{n}.12.2025") for n, value in enumerate("5678", 4)]
    with opened() as store:
        assert (take(store, "2025-12-08T17:00", {"marks": day}).new) == 4
        changed = [*day[:3], mark("formatīvs", "9", "07.12.2025")]
        assert take(store, "2025-12-09T17:00", {"marks": changed}).changed == 1
        told = take(store, "2025-12-10T17:00", {"marks": [changed[0], changed[3]]})
        assert (told.new, told.changed, told.gone) == (0, 0, 2)
        # Gone once: it is not told again, and it may come back.
        assert take(store, "2025-12-11T17:00", {"marks": [changed[0], changed[3]]}).gone == 0
        held = store.contents()
        assert (held.entries["mark"], held.changed, held.changes, held.gone) == (4, 1, 1, 2)
        take(store, "2025-12-12T17:00", {"marks": day})
        held = store.contents()
        assert (held.changed, held.changes, held.gone) == (1, 1, 0)
        versions = [line for line in store.dump()["mark"] if line[0] == max(store.dump()["mark"])[0]]
        assert store.verify() == [] and versions


def test_what_an_export_of_a_week_lacks_has_not_vanished() -> None:
    day = [mark("formatīvs", "7", f"{n:02d}.12.2025") for n in (1, 2, 8, 9)]
    with opened() as store:
        take(store, "2025-12-08T17:00", {"marks": day})
        assert take(store, "2025-12-12T17:00", {"marks": day[2:]}).gone == 0
        assert store.contents().gone == 0


def test_the_working_counts_days_to_the_last_snapshot_without_it(tmp_path: Path) -> None:
    for taken, tables in (("2025-12-10T12:00", NO_TOPIC), ("2025-12-15T17:05", DAY_TOPIC)):
        (tmp_path / "now").mkdir(exist_ok=True)
        write_tables(tmp_path / "now", tables)
        assert command("snapshot", tmp_path / "now", "--store", tmp_path / "s.db", "--taken-at", taken).exit_code == 0
    found = one(
        answer_over(
            [("2025-12-10T12:00", NO_TOPIC), ("2025-12-15T17:05", DAY_TOPIC)],
            DAY_TOPIC,
            "2025-12-19",
            ["2-topic"],
        )
    )
    told = command(
        "why",
        found["fingerprint"],
        tmp_path / "now",
        "--store",
        tmp_path / "s.db",
        "--as-of",
        "2025-12-19",
        "--format",
        "json",
    )
    assert [day["day"] for day in json.loads(told.stdout)["late"] if day["number"]] == [
        "2025-12-09",
        "2025-12-10",
    ]
