"""Pseudonyms: no name is left in any answer, who is who stands in the key file alone and stays so."""

from __future__ import annotations

import json
import os
import re
import threading
from pathlib import Path

import pytest

from eklase_audit.audit import Audit
from eklase_audit.errors import AuditError
from eklase_audit.exports.paths import find_files
from eklase_audit.exports.reading import read_journal
from eklase_audit.findings import order
from eklase_audit.pseudonyms import Pseudonyms, kept_pseudonyms
from eklase_audit.reports import json_answer
from eklase_audit.reports.files import KINDS
from eklase_audit.veiling import veiled
from marked_school import AS_OF, MARK, marks_in, write_school
from support import audited, command, table, write_tables


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("skola")
    write_school(folder)
    return folder


@pytest.fixture(scope="module")
def named(exports: Path) -> Audit:
    return audited(read_journal(find_files([exports])), AS_OF)


def asked(exports: Path, key: Path) -> list[str | Path]:
    return [exports, "--as-of", AS_OF, "--pseudonymise", "--pseudonym-key", key, "--config", os.devnull]


def test_no_answer_names_anybody(exports: Path, tmp_path: Path) -> None:
    options = asked(exports, tmp_path / "key")
    reports = [f"--report={kind}:{tmp_path / 'report'}.{kind}" for kind in KINDS]
    answer = command("check", *options, *reports, "--format", "json")
    whole = json.loads(answer.stdout)
    print_outs = [
        answer,
        command("check", *options, "--lang", "lv"),
        command("coverage", *options),
        command("inspect", exports, "--pseudonymise", "--pseudonym-key", tmp_path / "key", "--config", os.devnull),
        command("inspect", exports, "--pseudonymise", "--pseudonym-key", tmp_path / "key", "--format", "json"),
        command("me", "zqxilze", *options),
        command("due", *options, "--days", "366"),
        command("due", *options, "--days", "366", "--format", "ics", "--names"),
        command("close", "1", *options),
        command("close", "1", *options, "--format", "html"),
    ]
    late = next(one["fingerprint"] for one in whole["findings"] if one["verdict"] == "late")
    print_outs += [command("why", late, *options, *how) for how in ([], ["--format", "json"])]
    assert len({(one["check"], one["role"]) for one in whole["findings"]}) > 8
    assert len(whole["data_problems"]) >= 10
    for shown in print_outs:
        assert shown.exit_code in (0, 1), shown.stderr
        assert shown.stdout
        assert MARK not in shown.stdout.lower()
    for kind in KINDS:
        assert not marks_in((tmp_path / f"report.{kind}").read_bytes()), kind


def test_without_it_the_marks_come_out(exports: Path, tmp_path: Path) -> None:
    """Else the test above would prove nothing."""
    reports = [f"--report={kind}:{tmp_path / 'report'}.{kind}" for kind in KINDS]
    shown = command("check", exports, "--as-of", AS_OF, *reports)
    assert MARK in shown.stdout.lower()
    for kind in KINDS:
        assert marks_in((tmp_path / f"report.{kind}").read_bytes()), kind


def test_pseudonyms_have_their_form_and_the_key_file_tells_whose_they_are(exports: Path, tmp_path: Path) -> None:
    key = tmp_path / "kept" / "apart.json"
    whole = json.loads(command("check", *asked(exports, key), "--clause", "5", "--format", "json").stdout)
    assert key.stat().st_mode & 0o777 == 0o600
    known = json.loads(key.read_text(encoding="utf-8"))
    bearers = {name for one in whole["findings"] if one["bearer"] for name in one["bearer"].split(" / ")}
    pupils = {(one["class"], one["pupil"]) for one in whole["findings"] if one["pupil"]}
    assert bearers <= set(known["teachers"])
    assert "Zqxilze Zqxasi" in known["teachers"].values()
    assert all(re.fullmatch(r"P-\d\d", name) for name in bearers)
    assert pupils
    assert all(name in known["pupils"][class_] and re.fullmatch(rf"{class_}-\d\d", name) for class_, name in pupils)


def test_what_was_given_out_never_changes(tmp_path: Path) -> None:
    path = tmp_path / "key"
    with kept_pseudonyms(path) as first:
        first.name_all({"Ilze Kalniņa", "Dace Siliņa"}, {("7.a", "Anna Ozola"), ("7.b", "Anna Ozola")})
    with kept_pseudonyms(path) as second:
        second.name_all({"Aija Ābele", "Ilze Kalniņa"}, {("7.a", "Anna Ozola"), ("7.a", "Jānis Bērziņš")})
    assert second.teachers == {**first.teachers, "Aija Ābele": "P-03"}
    assert second.pupils == {**first.pupils, ("7.a", "Jānis Bērziņš"): "7.a-02"}
    assert second.secret == first.secret
    assert {first.pupils["7.a", "Anna Ozola"], first.pupils["7.b", "Anna Ozola"]} == {"7.a-01", "7.b-01"}


def test_numbers_do_not_follow_the_alphabet() -> None:
    """A class list in its order would else tell who is who."""
    names = [f"Pupil {number:02d}" for number in range(30)]
    drawn = []
    for _ in range(3):
        pseudonyms = Pseudonyms("00" * 32)
        pseudonyms.name_all([], [("7.a", name) for name in names])
        drawn.append([pseudonyms.pupils["7.a", name] for name in names])
    assert any(one != sorted(one) for one in drawn)


def test_answers_stay_the_same_from_run_to_run(named: Audit, tmp_path: Path) -> None:
    answers = []
    for _ in range(2):
        with kept_pseudonyms(tmp_path / "key") as pseudonyms:
            answers.append(json_answer.text(veiled(named, pseudonyms)))
    assert answers[0] == answers[1]
    told, veiled_ones = json_answer.answer(named), json.loads(answers[0])
    assert veiled_ones["totals"] == told["totals"]
    assert len(veiled_ones["findings"]) == len(told["findings"])
    # Names can be tried out on a fingerprint, so it is another one.
    assert not {one["fingerprint"] for one in veiled_ones["findings"]} & {
        one["fingerprint"] for one in told["findings"]
    }


def test_findings_are_ordered_by_pseudonym(named: Audit) -> None:
    """In the order of the names the place would tell who is who."""
    pseudonyms = Pseudonyms("00" * 32)
    found = veiled(named, pseudonyms).findings
    assert list(found) == sorted(found, key=order)


def test_a_pseudonym_can_be_asked_for_as_a_teacher(exports: Path, tmp_path: Path) -> None:
    key = tmp_path / "key"
    command("check", *asked(exports, key), "--clause", "5")
    teachers = json.loads(key.read_text(encoding="utf-8"))["teachers"]
    sign = next(given for given, name in teachers.items() if name == "Zqxilze Zqxasi")
    shown = json.loads(
        command("check", *asked(exports, key), "--clause", "5", "--teacher", sign, "--format", "json").stdout
    )
    assert {one["bearer"] for one in shown["findings"]} == {sign}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"secret": "00", "teachers": {}, "pupils": {}}', "Skolēns;Klase\n"])
def test_another_file_is_never_overwritten(exports: Path, tmp_path: Path, text: str) -> None:
    path = tmp_path / "other"
    path.write_text(text, encoding="utf-8")
    shown = command("check", *asked(exports, path), "--clause", "5")
    if text:
        assert shown.exit_code == 2
        assert str(path) in shown.stderr
        assert path.read_text(encoding="utf-8") == text
        assert not shown.stdout
    else:
        assert shown.exit_code == 1


def test_the_key_file_lies_beside_the_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    school, elsewhere = tmp_path / "skola", tmp_path / "cits"
    for folder in (school, elsewhere):
        folder.mkdir()
    write_tables(school, {"klases": table("Klase | Klases audzinātājs\n7.a | Dace Siliņa")})
    monkeypatch.chdir(elsewhere)
    command("check", school, "--pseudonymise")
    assert [one.name for one in elsewhere.iterdir()] == ["eklase-audit.pseudonyms"]
    (school / "eklase-audit.toml").touch()
    command("check", school, "--pseudonymise")
    assert (school / "eklase-audit.pseudonyms").is_file()


def test_a_key_file_without_pseudonyms_asked_for_is_a_mistake(exports: Path, tmp_path: Path) -> None:
    shown = command("check", exports, "--pseudonym-key", tmp_path / "key")
    assert shown.exit_code == 2
    assert "--pseudonymise" in shown.stderr


def test_runs_at_one_time_lose_no_name(tmp_path: Path) -> None:
    path = tmp_path / "key"

    def name(number: int) -> None:
        with kept_pseudonyms(path) as pseudonyms:
            pseudonyms.name_all([f"Teacher {number}"], [])

    runs = [threading.Thread(target=name, args=(number,)) for number in range(12)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    with kept_pseudonyms(path) as kept:
        assert len(kept.teachers) == 12
        assert len(set(kept.teachers.values())) == 12


def test_a_fault_on_the_way_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(AuditError), kept_pseudonyms(tmp_path / "key") as pseudonyms:
        pseudonyms.name_all(["Ilze Kalniņa"], [])
        raise AuditError("fault")
    assert not (tmp_path / "key").exists()


def test_a_finding_can_be_excused_by_the_fingerprint_of_a_pseudonymised_answer(exports: Path, tmp_path: Path) -> None:
    options, waivers = asked(exports, tmp_path / "key"), tmp_path / "w.csv"
    whole = json.loads(command("check", *options, "--clause", "5", "--format", "json").stdout)
    mark = whole["findings"][0]["fingerprint"]
    given = command("waive", mark, *options, "--reason", "Zqx slims", "--waivers", waivers)
    assert given.exit_code == 0, given.stderr
    assert mark not in waivers.read_text(encoding="utf-8-sig")
    for shown in (
        command("check", *options, "--clause", "5", "--waivers", waivers, "--format", "json"),
        command("check", *options, "--clause", "5", "--waivers", waivers),
        command("waivers", *options, "--waivers", waivers),
        command("waivers", *options[1:], "--waivers", waivers, "--format", "json"),
    ):
        assert shown.exit_code in (0, 1), shown.stderr
        assert MARK not in shown.stdout.lower()
    excused = json.loads(command("check", *options, "--clause", "5", "--waivers", waivers, "--format", "json").stdout)
    assert [one["fingerprint"] for one in excused["findings"] if one["waived"]] == [mark]
