"""Snapshots of an invented semester whose true entry times are known: what follows from them is never wrong.

Every run tries the same semesters and moments; HYPOTHESIS_PROFILE=explore looks for new ones.
"""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dated_school import FIRST, LAST, School, school
from eklase_audit.audit import Audit
from eklase_audit.findings import Finding
from eklase_audit.journal import Journal
from eklase_audit.reports import json_answer
from eklase_audit.store.database import Store
from observing import observed, opened, take
from support import audited, journal_of, regulation

settings.register_profile(
    "snapshots",
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
)
settings.register_profile("snapshots-explore", max_examples=150, deadline=None)
explore = os.environ.get("HYPOTHESIS_PROFILE") == "explore"
over_semesters = settings(settings.get_profile("snapshots-explore" if explore else "snapshots"))

CHECKS = ["2-lesson", "2-topic", "2-homework", "2-absence", "4-justified", "5", "6", "8-semester"]
DAILY = ("2-lesson", "2-topic", "2-homework", "2-absence")
AS_OF = datetime(2026, 6, 3, 12, 0)
GRACE = timedelta(seconds=regulation().snapshot_grace)
DAYS = 10

# Clock times about 17:00, and any others.
CLOCKS = st.one_of(
    st.sampled_from([17 * 3600 - 1, 17 * 3600, 17 * 3600 + 300, 17 * 3600 + 600, 17 * 3600 + 601]),
    st.integers(0, 24 * 3600 - 1),
)
MOMENTS = st.builds(
    lambda day, clock: datetime.combine(FIRST, datetime.min.time()) + timedelta(days=day, seconds=clock),
    st.one_of(st.integers(0, DAYS + 14), st.integers(0, (LAST - FIRST).days + 5)),
    CLOCKS,
)
WINDOWS = st.one_of(
    st.none(),
    st.integers(0, DAYS + 5).map(lambda n: (FIRST + timedelta(days=n), FIRST + timedelta(days=n + 6))),
)
# What is exported at one moment is one export, of the same days for all its classes.
SNAPSHOTS = st.lists(
    st.tuples(MOMENTS, WINDOWS, st.sampled_from([(), (), ("7.a",), ("8.b",)])),
    min_size=1,
    max_size=9,
    unique_by=lambda one: one[0],
)


def about(finding: Finding) -> tuple[Any, ...]:
    """What a finding is about."""
    if finding.rule.id == "8-semester":
        return finding.rule.id, finding.pupil, finding.subject, finding.period
    return finding.rule.id, finding.row


def by_duty(audit: Audit) -> dict[tuple[Any, ...], Finding]:
    return {about(finding): finding for finding in (*audit.findings, *audit.undetermined)}


def counts(audit: Audit) -> dict[str, dict[str, int]]:
    return {result.rule.id: result.counts for result in audit.results}


def exact(semester: School) -> Audit:
    return audited(journal_of(semester.exact(AS_OF)), AS_OF.isoformat(), CHECKS)


def hold(true: Audit, seen: Audit) -> None:
    """Nothing that snapshots tell is other than it was."""
    truth, told = by_duty(true), by_duty(seen)
    for duty, finding in told.items():
        was = truth.get(duty)
        if finding.verdict == "late":
            # Never called late what was on time, and made within the window that is told.
            assert was is not None and was.verdict == "late", duty
            assert isinstance(was.done_at, datetime) and finding.done_after and finding.done_by
            assert finding.done_after < was.done_at <= finding.done_by
            assert was.working_days_late is not None and finding.working_days_late is not None
            assert finding.working_days_late <= was.working_days_late
        if finding.verdict == "overdue":
            assert was is not None and was.verdict == "overdue", duty
    for duty, was in truth.items():
        # What was made after the due moment and the grace, or not at all, is never called on time.
        if was.verdict == "late":
            assert isinstance(was.done_at, datetime) and was.due_at is not None
            if was.done_at <= was.due_at + GRACE:
                continue
        if was.verdict in ("late", "overdue"):
            assert duty in told and told[duty].verdict in (was.verdict, "undetermined"), duty
    for check, numbers in counts(true).items():
        assert sum(numbers.values()) == sum(counts(seen)[check].values())


@given(st.integers(0, 10**6), SNAPSHOTS)
@over_semesters
def test_snapshots_at_any_moments_never_tell_what_was_not(seed: int, snapshots: list[Any]) -> None:
    semester = school(seed, DAYS)
    with opened() as store:
        for taken, window, classes in snapshots:
            take(store, taken.isoformat(), semester.export(taken, window, classes))
        hold(exact(semester), observed(store, journal_of(semester.export(AS_OF)), AS_OF.isoformat(), CHECKS))
        assert store.verify() == []


def test_taken_daily_at_five_past_five_clause_2_is_as_with_true_times() -> None:
    semester = school("daily", DAYS)
    with opened() as store:
        for number in range(-1, DAYS + 12):
            taken = datetime.combine(FIRST + timedelta(days=number), datetime.min.time()).replace(hour=17, minute=5)
            take(store, taken.isoformat(), semester.export(taken))
        seen = observed(store, journal_of(semester.export(AS_OF)), AS_OF.isoformat(), CHECKS)
    true = exact(semester)
    hold(true, seen)
    truth, told = by_duty(true), by_duty(seen)
    decided = 0
    for duty in set(truth) | set(told):
        if duty[0] not in DAILY or (duty in told and told[duty].verdict == "undetermined"):
            continue
        was = truth.get(duty)
        if (
            was
            and isinstance(was.done_at, datetime)
            and was.done_at <= was.done_at.replace(hour=17, minute=5)
            and was.done_at.date() == was.on
        ):
            # Between the due moment and the snapshot that speaks for it: in the teacher's favour.
            assert duty not in told
            continue
        assert duty in told and was is not None, duty
        assert (told[duty].verdict, told[duty].on) == (was.verdict, was.on)
        decided += 1
    assert decided > 20
    # Only where a class had no other row of the subject yet, so that no snapshot spoke of it.
    assert sum(counts(seen)[check]["undetermined"] for check in DAILY) <= 2


@given(st.integers(0, 10**6), SNAPSHOTS, st.randoms(use_true_random=False))
@over_semesters
def test_the_order_of_snapshots_does_not_matter(seed: int, snapshots: list[Any], chance: Any) -> None:
    semester = school(seed, 4, ("7.a", "8.b"), 2)
    journals: list[tuple[str, Journal]] = [
        (taken.isoformat(), journal_of(semester.export(taken, window, classes))) for taken, window, classes in snapshots
    ]
    now = journal_of(semester.export(AS_OF))
    with opened() as one, opened() as other:
        other.hasher = one.hasher
        for taken, journal in journals:
            take(one, taken, journal)
        # In another order, and some twice.
        again = [*journals, *chance.choices(journals, k=2)]
        chance.shuffle(again)
        for taken, journal in again:
            take(other, taken, journal)
        assert one.dump() == other.dump()
        assert one.contents().changes == other.contents().changes
        assert one.contents().gone == other.contents().gone
        assert answer_of(one, now) == answer_of(other, now)


def answer_of(store: Store, now: Journal) -> str:
    return json_answer.text(observed(store, now, AS_OF.isoformat(), CHECKS))


def test_adding_one_again_changes_no_byte_of_what_is_held() -> None:
    semester = school("again", 3)
    taken = datetime(2026, 1, 14, 17, 5)
    journal = journal_of(semester.export(taken))
    with opened() as store:
        assert take(store, taken.isoformat(), journal).is_new
        before, size = store.dump(), store.path.read_bytes()
        told = take(store, taken.isoformat(), journal)
        assert (told.is_new, told.new, told.changed, told.gone) == (False, 0, 0, 0)
        assert store.dump() == before and len(store.path.read_bytes()) == len(size)


def test_two_of_one_moment_are_one() -> None:
    semester = school("moment", 4)
    taken = datetime(2026, 1, 15, 17, 5)
    whole = semester.export(taken)
    parts = [{kind: rows} for kind, rows in whole.items() if kind in ("lessons", "absences", "marks")]
    halves = [semester.export(taken, None, (class_,)) for class_ in ("8.b", "7.a")]
    with opened() as one, opened() as other, opened() as third:
        other.hasher = third.hasher = one.hasher
        take(one, taken.isoformat(), whole)
        for part in parts:
            take(other, taken.isoformat(), part)
        for half in halves:
            take(third, taken.isoformat(), half)
        assert one.dump() == other.dump() == third.dump()
        assert one.snapshots() == other.snapshots() == third.snapshots()
        assert len(one.snapshots()) == 1


def test_the_generated_semester_is_the_same_each_time() -> None:
    assert school(7, 3).exact(AS_OF) == school(7, 3).exact(AS_OF)
    assert date(2026, 1, 12) == FIRST
