"""What would be found under another regulation: the same exports, read once, audited twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eklase_audit.whatif import exchanged
from support import answer, command, regulation, table, write_tables

AS_OF = "2026-02-27"
KRASLAVA = "kraslavas-gimnazija"
# Monday, 8 December 2025: due on the 11th under three working days, on the 15th under five.
MARKS = table(
    """
Skolēns | Klase | Priekšmets | Pedagogs | Vērtējuma veids | Darba datums | Vērtējums | Ievadīts
Anna Ozola | 7.a | Algebra | Ilze Kalniņa | formatīvs | 08.12.2025 | 7 | 11.12.2025 12:00
Uldis Egle | 7.a | Algebra | Ilze Kalniņa | formatīvs | 08.12.2025 | 7 | 12.12.2025 12:00
Rita Liepa | 7.b | Fizika | Jānis Kļava | formatīvs | 08.12.2025 | 7 | 15.12.2025 12:00
Zane Ābele | 7.b | Fizika | Jānis Kļava | formatīvs | 08.12.2025 | 7 | 16.12.2025 12:00
"""
)
ABSENCES = table(
    """
Skolēns | Klase | Datums | Stunda | Priekšmets | Pedagogs | Kavējums | Ievadīts
Uldis Egle | 7.a | 08.12.2025 | 2 | Algebra | Ilze Kalniņa | n | 10.12.2025 10:00
"""
)


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "eksports"
    folder.mkdir()
    write_tables(folder, {"marks": MARKS, "absences": ABSENCES})
    return folder


def told(exports: Path, *options: str) -> dict[str, Any]:
    got = command("what-if", exports, "--as-of", AS_OF, "--format", "json", *options)
    assert got.exit_code == 0, got.output
    return json.loads(got.stdout)


def numbers(lines: list[dict[str, Any]], key: str) -> dict[str, tuple[int, int, int]]:
    return {line[key]: (line["before"], line["after"], line["difference"]) for line in lines if line["before"]}


def test_a_longer_limit_leaves_the_findings_that_break_it_too(exports: Path) -> None:
    what = told(exports, "--set", "5.working_days=5")
    assert what["totals"] == {"before": 4, "after": 2, "difference": -2, "gone": 2, "come": 0}
    assert numbers(what["by_check"], "check") == {"2-absence": (1, 1, 0), "5-formative": (3, 1, -2)}
    assert numbers(what["by_clause"], "clause") == {"2": (1, 1, 0), "5": (3, 1, -2)}
    assert numbers(what["by_person"], "bearer") == {"Ilze Kalniņa": (2, 1, -1), "Jānis Kļava": (2, 1, -1)}
    assert numbers(what["by_class"], "class") == {"7.a": (2, 1, -1), "7.b": (2, 1, -1)}
    (change,) = what["changes"]
    assert (change["check"], [change[side]["settings"][0]["value"] for side in ("before", "after")]) == (
        "5-formative",
        [3, 5],
    )
    (line,) = (line for line in what["by_check"] if line["check"] == "5-formative")
    assert line["in_time"] == [0.25, 0.75]


@pytest.mark.parametrize(("change", "value"), [("5.working_days=4", 4), ("5-formative.working_days = 1", 1)])
def test_after_is_what_check_finds_with_that_parameter_in_the_configuration(
    exports: Path, change: str, value: int
) -> None:
    configured = {"parameters": {"5.working_days": value}}
    expected = answer({"marks": MARKS, "absences": ABSENCES}, AS_OF, config=configured)
    what = told(exports, "--set", change)
    assert what["totals"]["after"] == len(expected["findings"])
    # The configuration itself may say so already; then nothing would change.
    (exports / "eklase-audit.toml").write_text(f'[parameters]\n"5.working_days" = {value}\n', "utf-8")
    same = told(exports, "--set", change)
    assert same["changes"] == []
    assert same["totals"]["before"] == same["totals"]["after"] == len(expected["findings"])


@pytest.mark.parametrize(
    ("change", "form", "value"),
    [
        ("5.calendar_days=2", "calendar_days", 2),
        ("2-absence.at=18:30", "at", "18:30"),
        ('2-absence.at="18:30"', "at", "18:30"),
        ("5.next_lesson=true", "next_lesson", True),
        ("8.2.grades=[9]", "grades", (9,)),
    ],
)
def test_values_are_written_as_in_a_configuration(exports: Path, change: str, form: str, value: Any) -> None:
    (asked,) = told(exports, "--set", change)["changes"]
    (setting,) = (one for one in asked["after"]["settings"] if one["parameter"].endswith(f".{form}"))
    assert setting["value"] == (list(value) if isinstance(value, tuple) else value)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], "say what would change: --set 5.working_days=5, or --other-rules with another regulation"),
        (["--set", "5.working_days"], "--set: write it as NAME=VALUE, such as 5.working_days=5"),
        (
            ["--set", "5.workingdays=5"],
            "there is no parameter «5.workingdays»; nearest: 4-justified.working_days, 5-formative.working_days",
        ),
        (["--set", "5.working_days=x"], "parameter «5.working_days»: "),
        (["--other-rules", "nav"], "there is no rule pack «nav»; there are: "),
    ],
)
def test_a_wrong_wish_is_one_line_and_nothing_is_read(exports: Path, options: list[str], says: str) -> None:
    got = command("what-if", exports, *options)
    assert (got.exit_code, got.stdout, got.stderr.count("\n")) == (2, "", 1)
    assert says in got.stderr


def test_another_schools_checks_are_known_by_what_they_check_not_by_their_numbers(exports: Path) -> None:
    own, other = regulation(), regulation(KRASLAVA)
    changed, there = exchanged(own, other)
    here = {check.name: check.id for check in own.checks}
    assert {check.name for check in changed.checks} == {check.name for check in other.checks}
    for check in changed.checks:
        (theirs,) = (one for one in other.checks if one.id == there[check.id])
        assert (check.name, check.deadline, check.parameters) == (theirs.name, theirs.deadline, theirs.parameters)
        assert check.id == here[check.name]
    what = told(exports, "--other-rules", KRASLAVA)
    states = {line["check"]: line["state"] for line in what["by_check"]}
    assert states["5-formative"] == ["audited", "audited"]
    assert states["1-informed"] == ["not_audited", "not_asked"]
    (line,) = (line for line in what["by_check"] if line["check"] == "5-formative")
    # There it stands in clause 1, and five calendar days end on the 13th.
    assert (line["check_there"], line["before"], line["after"], line["comparable"]) == ("1-formative", 3, 2, True)
    assert what["totals"] == {"before": 4, "after": 2, "difference": -2, "gone": 2, "come": 0}


def test_what_only_the_other_school_asks_for_stands_under_its_own_number() -> None:
    changed, there = exchanged(regulation(KRASLAVA), regulation())
    extra = [check for check in changed.checks if check.id.startswith("aknistes-vidusskola/2025-12-04:")]
    assert "3.1-topic" in {there[check.id] for check in extra}
    assert len(changed.checks) == len(regulation().checks)
    assert len({check.id for check in changed.checks}) == len(changed.checks)


def test_waivers_hold_on_both_sides(exports: Path) -> None:
    waivers = exports.parent / "w.toml"
    waivers.write_text('[[waivers]]\nclause = "5-formative"\nclass = "7.b"\nreason = "slimība"\n', "utf-8")
    what = told(exports, "--set", "5.working_days=5", "--waivers", str(waivers))
    assert numbers(what["by_class"], "class") == {"7.a": (2, 1, -1)}
    # Named by one's own clause, it excuses the same under the other school's; what is not asked for there, it leaves.
    other = told(exports, "--other-rules", KRASLAVA, "--waivers", str(waivers))["totals"]
    assert (other["before"], other["after"]) == (2, 0)
    waivers.write_text(waivers.read_text("utf-8").replace("5-formative", "3.1-topic"), "utf-8")
    assert told(exports, "--other-rules", KRASLAVA, "--waivers", str(waivers))["totals"]["after"] == 2


def test_the_tables_tell_the_change_and_what_was_made_on_one_side_only(exports: Path) -> None:
    got = command("what-if", exports, "--as-of", AS_OF, "--set", "5.working_days=5")
    assert "within 3 working days   within 5 working days" in got.stdout
    assert "In all: 4 before, 2 after; 2 would go, 0 would come" in got.stdout
    assert "could be made on neither side" in got.stdout
    got = command("what-if", exports, "--as-of", AS_OF, "--other-rules", KRASLAVA, "--lang", "lv")
    assert "nav prasīts" in got.stdout
    assert "mainītos" in got.stdout


def test_exports_are_read_once(exports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from eklase_audit.exports import reading

    calls = []
    read = reading.read_journal
    monkeypatch.setattr(reading, "read_journal", lambda *args, **options: calls.append(1) or read(*args, **options))
    told(exports, "--set", "5.working_days=5")
    assert calls == [1]
