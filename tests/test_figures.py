"""Fair figures: findings beside the duties that a person or a class had."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from eklase_audit import i18n
from eklase_audit.figures import Person, by_class, by_person, by_week
from eklase_audit.findings import Waiver
from eklase_audit.moments import NO_DAY, NO_WEEK, day_number, monday_of, week_number
from eklase_audit.reports.wording import median_text, per_hundred_text, share_text
from support import audited, journal_of, sample_journal, table

AS_OF = "2026-03-06"
# Monday, 2 March 2026. The first lesson is whole and in time; of the second everything is late; the third
# has a topic of the wrong form; the fourth, of another teacher, was entered late.
LESSONS = table(
    """
Datums | Stunda | Klase | Priekšmets | Pedagogs | Tēma | Mājas darbs | Ievadīts | Kavējumi ievadīti
02.03.2026 | 1 | 7.a | Algebra | Anna Bērziņa | SR: rēķina / daļas | 5. uzd. | 2026-03-02T10:00 | 2026-03-02T10:00
02.03.2026 | 2 | 7.a | Algebra | Anna Bērziņa | SR: rēķina / procenti | 6. uzd. | 04.03.2026 10:00 | 05.03.2026 10:00
02.03.2026 | 3 | 7.b | Algebra | Anna Bērziņa | procenti | - | 2026-03-02T10:00 | 2026-03-02T10:00
02.03.2026 | 4 | 7.b | Fizika | Jānis Kļaviņš | SR: mēra / spēks | - | 03.03.2026 10:00 | 2026-03-02T10:00
"""
)
ABSENCES = table(
    """
Skolēns | Klase | Datums | Stunda | Priekšmets | Pedagogs | Kavējums | Ievadīts
Ilze Ozola | 7.a | 02.03.2026 | 2 | Algebra | Anna Bērziņa | n | 05.03.2026 10:00
Uldis Egle | 7.a | 02.03.2026 | 2 | Algebra | Anna Bērziņa | n | 05.03.2026 10:00
"""
)


def test_a_lesson_entered_late_is_one_lapse_though_all_of_it_is_late() -> None:
    audit = audited(journal_of({"lessons": LESSONS, "absences": ABSENCES}), AS_OF, ["2", "3"])
    anna, janis = sorted(by_person(audit), key=lambda one: one.about.name or "")
    assert (anna.about, anna.duties, anna.lapses, anna.defects) == (Person("Anna Bērziņa", ""), 3, 1, 1)
    # Of its parts the absences were the latest: three working days after Monday.
    assert (anna.median_late, anna.worst_late) == (3, 3)
    assert len(anna.findings) == 7
    assert anna.in_time == pytest.approx(2 / 3)
    assert anna.per_hundred == pytest.approx(100 * 2 / 3)
    assert (janis.duties, janis.lapses, janis.defects, janis.worst_late) == (1, 1, 0, 1)
    assert [(one.about, one.duties, one.lapses) for one in by_class(audit)] == [("7.b", 2, 1), ("7.a", 2, 1)]


def test_few_duties_say_nothing_and_stand_last() -> None:
    many = [{**LESSONS[0], "Stunda": str(n), "Pedagogs": "Rita Liepa"} for n in range(20)]
    audit = audited(journal_of({"lessons": [*many, *LESSONS]}), AS_OF, ["2-topic"])
    figures = by_person(audit)
    assert [one.about.name for one in figures] == ["Rita Liepa", "Jānis Kļaviņš", "Anna Bērziņa"]
    assert [(share_text(one), per_hundred_text(one)) for one in figures] == [
        ("100.0\N{NO-BREAK SPACE}%", "0.0"),
        ("too few", ""),
        ("too few", ""),
    ]


def test_waived_findings_weigh_nothing() -> None:
    audit = audited(journal_of({"lessons": LESSONS, "absences": ABSENCES}), AS_OF, ["2", "3"])
    waived = [finding._replace(waiver=Waiver("apmācības")) for finding in audit.findings]
    figures = by_person(replace(audit, findings=tuple(waived)))
    assert [(one.duties, one.lapses, one.defects, one.waived) for one in figures] == [(2, 0, 0, 7), (0, 0, 0, 2)]
    assert [one.in_time for one in figures] == [1, None]


CHECKS_OF_DUTIES = [
    "1-contacts", "2-lesson", "2-topic", "2-unrecorded", "4-justified", "5-formative", "6-summative",
    "7-statement", "8.2-reexam",
]  # fmt: skip


@pytest.mark.parametrize("check", CHECKS_OF_DUTIES)
def test_the_duties_of_all_classes_are_those_that_the_check_decided(check: str) -> None:
    audit = audited(sample_journal(), "2026-11-24T18:00", [check])
    (result,) = audit.results
    decided = sum(result.counts[name] for name in ("fulfilled", "late", "overdue"))
    figures = by_class(audit)
    assert decided
    assert sum(one.duties for one in figures) == decided
    assert sum(one.lapses for one in figures) == result.counts["late"] + result.counts["overdue"]
    assert sum(tally.duties for tally in audit.tallies) == decided


def test_an_unknown_class_teacher_is_known_by_the_class() -> None:
    audit = audited(sample_journal(), "2026-11-24T18:00", ["7-statement"])
    assert Person(None, "class_teacher", "6.a") in [one.about for one in by_person(audit)]


def test_a_share_is_never_rounded_up_to_a_whole() -> None:
    i18n.activate("en")
    assert i18n.percent_text(0.9999) == "99.9\N{NO-BREAK SPACE}%"
    i18n.activate("lv")
    assert i18n.percent_text(0.9999) == "99,9\N{NO-BREAK SPACE}%"


def test_a_median_between_two_days_is_a_half() -> None:
    two = {**LESSONS[1], "Kavējumi ievadīti": "04.03.2026 10:00"}
    audit = audited(journal_of({"lessons": [two, {**LESSONS[3], "Pedagogs": "Anna Bērziņa"}]}), AS_OF)
    (anna,) = by_person(audit)
    assert (anna.median_late, median_text(anna)) == (1.5, "1.5")


def test_weeks_add_up_to_the_whole() -> None:
    """Each duty and finding of a person is of one week; so the weeks of a person are that person's figures."""
    audit = audited(sample_journal(), "2026-11-24T18:00")
    weeks = by_week(audit)
    assert all(week.weekday() == 0 for _person, week in weeks)
    for person in by_person(audit):
        mine = [one for one in weeks.values() if one.about[0] == person.about]
        assert sum(one.duties for one in mine) == person.duties
        assert sum(one.lapses for one in mine) == person.lapses
        assert sum(one.defects for one in mine) == person.defects
        assert max((one.worst_late for one in mine if one.worst_late is not None), default=None) == person.worst_late


def test_the_week_is_that_of_the_lesson() -> None:
    sunday, monday = {**LESSONS[1], "Datums": "01.03.2026"}, LESSONS[1]
    weeks = by_week(audited(journal_of({"lessons": [sunday, monday]}), AS_OF, ["2"]))
    assert [(str(week), one.duties, one.lapses) for (_person, week), one in sorted(weeks.items(), key=str)] == [
        ("2026-02-23", 1, 1),
        ("2026-03-02", 1, 1),
    ]


def test_a_week_begins_on_monday() -> None:
    days = [date(1970, 1, 1), date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 8)]
    numbers = np.array([*map(day_number, days), NO_DAY], np.int32)
    *weeks, unknown = week_number(numbers).tolist()
    assert list(map(monday_of, weeks)) == [date(1969, 12, 29), date(2026, 2, 23), date(2026, 3, 2), date(2026, 3, 2)]
    assert unknown == NO_WEEK
