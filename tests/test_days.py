"""One export looked at from every day of a month: what is owed comes, falls due, is done, and stays found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest

from eklase_audit.journal import Journal
from eklase_audit.reports.json_answer import answer as json_of
from support import Tables, audited, journal_of, sample_journal, table

END = time(23, 59, 59)
VERDICTS = ("fulfilled", "late", "overdue", "pending", "undetermined")


@dataclass(frozen=True)
class Duty:
    """A duty of the month: its check, whose or which it is, its day, when due, its stamp ("" for none)."""

    check: str
    who: str
    on: str
    due: str
    stamp: str

    def verdict(self, as_of: datetime) -> str | None:
        """What must be said of it at a moment; None before it is there."""
        if date.fromisoformat(self.on) > as_of.date():
            return None
        due = moment(self.due)
        first = datetime.fromisoformat(self.stamp) if self.stamp else datetime.max
        last = first if ":" in self.stamp or not self.stamp else datetime.combine(first.date(), END)
        if first > as_of:
            return "overdue" if as_of > due else "pending"
        return "fulfilled" if last <= due else "late" if first > due else "undetermined"


def moment(text: str) -> datetime:
    when = datetime.fromisoformat(text)
    return when if ":" in text else datetime.combine(when, END)


# January 2026 has a working Saturday, the 17th.
MONTH = """
5-formative | Ance Bite     | 2026-01-08 | 2026-01-13       | 2026-01-13 23:00
5-formative | Dace Egle     | 2026-01-08 | 2026-01-13       | 2026-01-14 08:00
5-formative | Fredis Gailis | 2026-01-08 | 2026-01-13       |
5-formative | Ieva Jansone  | 2026-01-14 | 2026-01-17       | 2026-01-17 10:00
5-formative | Kārlis Lūsis  | 2026-01-14 | 2026-01-17       | 2026-01-18 10:00
5-formative | Madara Niedre | 2026-01-22 | 2026-01-27       | 2026-02-03
5-formative | Oskars Pūce   | 2026-01-22 | 2026-01-27       | 2026-01-27
5-formative | Rūta Sniega   | 2026-02-05 | 2026-02-10       |
5-formative | Toms Ūdris    | 2026-02-05 | 2026-02-10       | 2026-02-05 09:00
6-summative | Ance Bite     | 2026-01-08 | 2026-01-17       | 2026-01-17 12:00
6-summative | Dace Egle     | 2026-01-08 | 2026-01-17       | 2026-01-19 12:00
6-summative | Fredis Gailis | 2026-01-30 | 2026-02-10       |
2-lesson    | 1             | 2026-01-12 | 2026-01-12 17:00 | 2026-01-12 16:59
2-lesson    | 2             | 2026-01-12 | 2026-01-12 17:00 | 2026-01-12 17:00
2-lesson    | 3             | 2026-01-12 | 2026-01-12 17:00 | 2026-01-12 17:01
2-lesson    | 4             | 2026-01-12 | 2026-01-12 17:00 | 2026-01-19 08:00
2-lesson    | 5             | 2026-01-13 | 2026-01-13 17:00 | 2026-01-13
2-lesson    | 6             | 2026-01-20 | 2026-01-20 17:00 |
2-lesson    | 7             | 2026-02-09 | 2026-02-09 17:00 | 2026-02-09 07:00
7-statement | Ance Bite     | 2025-12-31 | 2026-01-05       | 2026-01-05 20:00
7-statement | Dace Egle     | 2025-12-31 | 2026-01-05       | 2026-01-12
7-statement | Ance Bite     | 2026-01-31 | 2026-02-05       | 2026-02-05
7-statement | Dace Egle     | 2026-01-31 | 2026-02-05       |
"""
DUTIES = [Duty(*(cell.strip() for cell in line.split("|"))) for line in MONTH.strip().splitlines()]


def tables() -> Tables:
    """The month as a school would export it."""
    marks, lessons, statements = [], [], []
    for duty in DUTIES:
        done = "78%" if duty.stamp else ""
        if duty.check == "2-lesson":
            topic = "SR: Mēra / Pi" if duty.stamp else ""
            lessons.append(f"{duty.on} | {duty.who} | 7.a | Fizika | Rita Ozere | {topic} | {duty.stamp}")
        elif duty.check == "7-statement":
            statements.append(f"7.a | {duty.who} | {duty.on[:7]} | {duty.stamp}")
        else:
            kind = "formatīvs" if duty.check == "5-formative" else "summatīvs"
            marks.append(f"{duty.who} | 7.a | Fizika | Rita Ozere | {kind} | {duty.on} | {done} | {duty.stamp}")
    columns = {
        "lessons": "Datums | Stunda | Klase | Priekšmets | Pedagogs | Tēma | Ievadīts",
        "statements": "Klase | Skolēns | Mēnesis | Izsniegts",
        "marks": "Skolēns | Klase | Priekšmets | Pedagogs | Veids | Datums | Vērtējums | Ievadīts",
        "contacts": "Skolēns | Klase | Skolēna tālrunis | Vecāka tālrunis | Aktualizēts",
    }
    pupils = [f"{name} | 7.a | 20000001 | 20000002 | 2025-09-05" for name in ("Ance Bite", "Dace Egle")]
    rows = {"lessons": lessons, "statements": statements, "marks": marks, "contacts": pupils}
    return {kind: table("\n".join([columns[kind], *rows[kind]])) for kind in columns}


CHECKS = sorted({duty.check for duty in DUTIES})


def moments() -> Iterator[datetime]:
    """The end of every day from 7 January to 12 February, and on days with lessons the hours that matter."""
    day = date(2026, 1, 7)
    while day <= date(2026, 2, 12):
        if any(duty.check == "2-lesson" and str(day) in (duty.on, duty.stamp[:10]) for duty in DUTIES):
            yield from (datetime.combine(day, clock) for clock in (time(7, 30), time(17), time(17, 0, 1)))
        yield datetime.combine(day, END)
        day += timedelta(1)


def who(finding: dict[str, Any]) -> tuple[str, str, str]:
    return finding["check"], finding["pupil"] or str(finding["lesson"]), finding["on"]


@pytest.fixture(scope="module")
def answers() -> dict[datetime, dict[str, Any]]:
    journal = journal_of(tables())
    return {as_of: json_of(audited(journal, as_of.isoformat(timespec="seconds"), CHECKS)) for as_of in moments()}


def test_every_verdict_of_every_day(answers: dict[datetime, dict[str, Any]]) -> None:
    said = set()
    for as_of, answer in answers.items():
        assert (answer["data_problems"], answer["as_of"]) == ([], as_of.isoformat())
        for line in answer["checks"]:
            verdicts = [duty.verdict(as_of) for duty in DUTIES if duty.check == line["check"]]
            expected = {name: verdicts.count(name) for name in VERDICTS}
            assert {name: line[name] for name in VERDICTS} == expected, (as_of, line["check"])
            said |= {(line["check"], name) for name in VERDICTS if expected[name]}
    # The month shows each check in every way in which it can stand.
    assert {name for _check, name in said} == set(VERDICTS)
    assert all({(check, name) for name in ("fulfilled", "late", "overdue", "pending")} <= said for check in CHECKS)


def test_every_finding_of_every_day(answers: dict[datetime, dict[str, Any]]) -> None:
    for as_of, answer in answers.items():
        expected = {
            (duty.check, duty.who, duty.on): duty for duty in DUTIES if duty.verdict(as_of) in ("late", "overdue")
        }
        assert sorted(map(who, answer["findings"])) == sorted(expected), as_of
        for finding in answer["findings"]:
            duty = expected[who(finding)]
            assert finding["verdict"] == duty.verdict(as_of)
            assert finding["due_at"] == moment(duty.due).isoformat()
            assert as_of > moment(duty.due)
            done = "" if finding["verdict"] == "overdue" else duty.stamp
            clock = ":00" if ":" in done else ""
            assert finding["done_at"] == (f"{done}{clock}".replace(" ", "T") or None)


def test_a_finding_is_the_same_finding_from_day_to_day(answers: dict[datetime, dict[str, Any]]) -> None:
    names: dict[tuple[str, str, str], set[str]] = {}
    for answer in answers.values():
        for finding in answer["findings"]:
            names.setdefault(who(finding), set()).add(finding["fingerprint"])
    assert len(names) == 12
    assert all(len(mine) == 1 for mine in names.values())
    assert len(set.union(*names.values())) == len(names)


def test_what_is_owed_never_shrinks(answers: dict[datetime, dict[str, Any]]) -> None:
    for earlier, later in pairwise(answers.values()):
        for before, after in zip(earlier["checks"], later["checks"], strict=True):
            assert sum(before[name] for name in VERDICTS) <= sum(after[name] for name in VERDICTS)
            # What was done stays done, in time or late; what was not in force stays so.
            for name in ("fulfilled", "late", "not_in_force"):
                assert before[name] <= after[name]


def test_days_late_grow_until_it_is_done(answers: dict[datetime, dict[str, Any]]) -> None:
    days: dict[tuple[str, str, str], list[tuple[str, int]]] = {}
    for answer in answers.values():
        for finding in answer["findings"]:
            days.setdefault(who(finding), []).append((finding["verdict"], finding["working_days_late"]))
    for course in days.values():
        overdue = [count for verdict, count in course if verdict == "overdue"]
        late = [count for verdict, count in course if verdict == "late"]
        assert overdue == sorted(overdue)
        assert len(set(late)) <= 1
        # Overdue first, then late, and never back.
        assert [verdict for verdict, _count in course] == ["overdue"] * len(overdue) + ["late"] * len(late)


BY_HAND = [
    # as of, whose mark of 14 January, verdict and working days late
    ("2026-01-17T23:59:59", "Kārlis Lūsis", None),
    ("2026-01-18T00:00:00", "Kārlis Lūsis", ("overdue", 0)),
    ("2026-01-18T10:00:00", "Kārlis Lūsis", ("late", 0)),
    ("2026-02-12T00:00:00", "Kārlis Lūsis", ("late", 0)),
    ("2026-01-14T00:00:00", "Fredis Gailis", ("overdue", 1)),
    ("2026-01-17T00:00:00", "Fredis Gailis", ("overdue", 4)),
    ("2026-01-18T00:00:00", "Fredis Gailis", ("overdue", 4)),
    ("2026-02-02T23:59:59", "Madara Niedre", ("overdue", 4)),
    # A stamp without a clock counts for its whole day.
    ("2026-02-03T00:00:00", "Madara Niedre", ("late", 5)),
]


@pytest.mark.parametrize(("as_of", "pupil", "expected"), BY_HAND)
def test_by_hand(as_of: str, pupil: str, expected: tuple[str, int] | None) -> None:
    found = json_of(audited(journal_of(tables()), as_of, ["5"]))["findings"]
    mine = [(f["verdict"], f["working_days_late"]) for f in found if f["pupil"] == pupil]
    assert mine == ([expected] if expected else [])


# --- the sample exports -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def sample() -> Journal:
    return sample_journal()


WEEK = ["2026-11-12", "2026-11-13T16:00", "2026-11-13T17:30", "2026-11-16T12:00", "2026-11-18", "2026-11-20"]
ENTRIES = ["2", "5", "6"]


def test_a_week_of_the_sample_exports(sample: Journal) -> None:
    answers = [json_of(audited(sample, as_of, ENTRIES)) for as_of in WEEK]
    for answer in answers:
        assert len({f["fingerprint"] for f in answer["findings"]}) == len(answer["findings"])
        for finding in answer["findings"]:
            assert finding["due_at"] < (finding["done_at"] or answer["as_of"]) <= answer["as_of"]
            assert (finding["verdict"] == "late") == (finding["done_at"] is not None)
    turned = new = 0
    for earlier, later in pairwise(answers):
        before = {f["fingerprint"]: f for f in earlier["findings"]}
        after = {f["fingerprint"]: f for f in later["findings"]}
        assert set(before) <= set(after)
        for fingerprint, now in after.items():
            was = before.get(fingerprint)
            if was is None:
                # Not found before: it was not due yet.
                assert now["due_at"] >= earlier["as_of"]
                new += 1
            elif was["verdict"] == "late":
                assert now == was
            else:
                kept = ("check", "class", "subject", "pupil", "on", "lesson", "due_at", "file", "row")
                assert all(was[name] == now[name] for name in kept)
                assert now["working_days_late"] >= was["working_days_late"]
                if now["verdict"] == "late":
                    turned += 1
                    assert now["done_at"] > earlier["as_of"]
        for was_line, line in zip(earlier["checks"], later["checks"], strict=True):
            assert sum(was_line[name] for name in VERDICTS) <= sum(line[name] for name in VERDICTS)
            assert was_line["fulfilled"] <= line["fulfilled"]
            assert was_line["late"] <= line["late"]
    # The week is worth looking at: some things turned late, and some came new.
    assert turned and new
    # Looking changes nothing.
    assert json_of(audited(sample, WEEK[0], ENTRIES)) == answers[0]
