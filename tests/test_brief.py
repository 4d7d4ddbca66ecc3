"""The page for a meeting: fair, short, and without names where none are wanted."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from eklase_audit import i18n
from eklase_audit.audit import Audit
from eklase_audit.brief import Brief, brief_of
from eklase_audit.findings import Waiver
from eklase_audit.reports import brief as report
from marked_school import AS_OF, MARK, write_school
from support import audited, command, journal_of, sample_journal, table

HEADINGS = "Skolēns | Klase | Priekšmets | Pedagogs | Vērtējuma veids | Darba datums | Vērtējums | Ievadīts\n"


@cache
def sample(as_of: str) -> Audit:
    return audited(sample_journal(), as_of)


def of_sample(*, names: bool = True) -> Brief:
    return brief_of(sample("2026-11-24"), sample("2026-11-17"), sample("2026-10-27"), names=names)


def marks(class_: str, teacher: str, late: int, in_time: int, day: str = "08.12.2025") -> str:
    """Formative marks of a class, so many entered late and so many in time."""
    when = ["30.12.2025 10:00"] * late + ["09.12.2025 10:00"] * in_time
    return "".join(
        f"Pupil {n} | {class_} | Matemātika | {teacher} | formatīvs | {day} | 7 | {entered}\n"
        for n, entered in enumerate(when)
    )


def page_of(rows: str, *, names: bool = True, moments: tuple[str, str, str] = (AS_OF, AS_OF, AS_OF)) -> Brief:
    journal = journal_of({"marks": table(HEADINGS + rows)})
    now, week, weeks = (audited(journal, moment, ["5"]) for moment in moments)
    return brief_of(now, week, weeks, names=names)


def test_numbers_are_those_of_the_audit() -> None:
    audit, page = sample("2026-11-24"), of_sample()
    assert page.open == sum(one.verdict in ("overdue", "defect") for one in audit.findings)
    assert page.open_before == sum(one.verdict in ("overdue", "defect") for one in sample("2026-11-17").findings)
    assert page.school.duties == sum(tally.duties for tally in audit.tallies)
    assert [len(page.clauses), len(page.classes)] == [5, 5]
    counts = [one.findings for one in page.clauses]
    assert counts == sorted(counts, reverse=True)
    assert page.clauses[0].findings == sum(one.rule.clause == page.clauses[0].clause.number for one in audit.findings)


def test_what_is_waived_counts_nowhere() -> None:
    audit = sample("2026-11-24")
    excused = replace(audit, findings=tuple(one._replace(waiver=Waiver("order")) for one in audit.findings))
    page = brief_of(excused, excused, excused)
    assert (page.open, page.clauses, page.classes) == (0, (), ())
    assert page.school.in_time == 1


def test_a_class_with_few_duties_is_not_pilloried() -> None:
    page = page_of(marks("7.a", "Ilze Kalniņa", 19, 0) + marks("7.b", "Dace Siliņa", 1, 19))
    assert [one.about for one in page.classes] == ["7.b"]


def test_classes_are_weighed_and_not_counted() -> None:
    page = page_of(marks("7.a", "Ilze Kalniņa", 3, 97) + marks("7.b", "Dace Siliņa", 2, 18) + marks("7.c", "A", 0, 30))
    assert [one.about for one in page.classes] == ["7.b", "7.a"]


# Of each: 20 late by 12 December, and in time afterwards those of January.
OLD = marks("7.a", "Ilze Kalniņa", 20, 0) + marks("7.b", "Dace Siliņa", 20, 0)
GOOD = [f"Pupil {n} | {{}} | Matemātika | {{}} | formatīvs | 12.01.2026 | 7 | 12.01.2026 10:00\n" for n in range(20)]


def test_the_most_improved_is_who_fell_the_most() -> None:
    new = "".join(GOOD).format(*["7.a", "Ilze Kalniņa"] * 20) + "".join(GOOD[:5]).format(*["7.b", "Dace Siliņa"] * 5)
    page = page_of(OLD + new, moments=(AS_OF, AS_OF, "2026-01-08"))
    assert page.best_teacher is not None and page.best_class is not None
    assert (page.best_teacher.name, page.best_teacher.before, page.best_teacher.now) == ("Ilze Kalniņa", 100, 50)
    assert page.best_class.name == "7.a"


def test_whoever_had_too_few_duties_four_weeks_ago_did_not_improve() -> None:
    few = marks("7.a", "Ilze Kalniņa", 19, 0)
    new = "".join(GOOD).format(*["7.a", "Ilze Kalniņa"] * 20)
    page = page_of(few + new, moments=(AS_OF, AS_OF, "2026-01-08"))
    assert (page.best_teacher, page.best_class) == (None, None)


def test_without_names_no_teacher_stands_on_it() -> None:
    names = {name for tally in sample("2026-11-24").tallies for name in tally.bearers}
    named, nameless = (of_sample(names=names) for names in (True, False))
    assert named.best_teacher is not None
    shown = report.html(nameless).decode() + report.text(nameless)
    assert not [name for name in names if name in shown]
    assert named.best_teacher.name in report.html(named).decode()
    assert nameless.best_class == named.best_class


@pytest.mark.parametrize(("before", "shown"), [(3, "+2"), (5, "±0"), (9, "−4")])
def test_the_change_has_its_sign(before: int, shown: str) -> None:
    assert report.numbers(replace(of_sample(), open=5, open_before=before))[2][0] == shown


def test_an_empty_page_says_so() -> None:
    page = page_of(marks("7.a", "Ilze Kalniņa", 0, 30))
    shown = report.html(page).decode()
    assert "There are no findings." in shown
    assert "No class stands out." in shown
    assert "100.0" in shown


def test_names_are_text() -> None:
    page = replace(of_sample(), classes=())
    assert page.best_teacher is not None
    hostile = replace(page, best_teacher=replace(page.best_teacher, name="<script>alert(1)</script>"))
    shown = report.html(hostile).decode()
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown


def test_the_command(tmp_path: Path) -> None:
    school, out = tmp_path / "skola", tmp_path / "brief.html"
    school.mkdir()
    write_school(school)
    options = ["--as-of", AS_OF, "--config", os.devnull]
    written = command("brief", school, *options, "--out", out, "--pseudonymise", "--pseudonym-key", tmp_path / "key")
    assert written.exit_code == 0, written.stderr
    assert out.stat().st_mode & 0o777 == 0o600
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert MARK not in out.read_text(encoding="utf-8").lower()
    shown = command("brief", school, *options, "--no-names", "--format", "json")
    assert json.loads(shown.stdout)["improved"]["teacher"] is None
    assert MARK not in shown.stdout.lower()
    assert "In time" not in command("brief", school, *options, "--lang", "lv").stdout


@pytest.mark.programs
@pytest.mark.parametrize("language", ["lv", "en"])
def test_it_prints_on_one_page(tmp_path: Path, language: str) -> None:
    """With words as long as may be, too."""
    program = shutil.which("chromium")
    assert program, "Chromium is wanted: see .ci/run"
    page = of_sample()
    long = "Ļoti gara rindkopas virsraksta daļa " * 12
    clauses = tuple(replace(one, clause=replace(one.clause, titles={"lv": long, "en": long})) for one in page.clauses)
    assert page.best_teacher is not None
    longest = replace(
        page, title=long, as_of=datetime(2026, 11, 24, 17, 5), clauses=clauses, unseen=26, problems=1234,
        best_teacher=replace(page.best_teacher, name=long),
    )  # fmt: skip
    try:
        i18n.activate(language)
        (tmp_path / "page.html").write_bytes(report.html(longest))
    finally:
        i18n.activate("en")
    subprocess.run(
        [
            program, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}",
            "--no-pdf-header-footer", f"--print-to-pdf={tmp_path / 'page.pdf'}", (tmp_path / "page.html").as_uri(),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert len(re.findall(rb"/Type\s*/Page\b", (tmp_path / "page.pdf").read_bytes())) == 1
