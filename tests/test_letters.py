"""Letters: each teacher's own matters and nobody else's; files that are safe on every system; nothing is sent."""

from __future__ import annotations

import email
import email.policy
import os
import re
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from eklase_audit import i18n
from eklase_audit.agenda import horizon_of
from eklase_audit.audit import Audit, Auditor
from eklase_audit.errors import AuditError
from eklase_audit.findings import Waiver
from eklase_audit.own_folder import write_all
from eklase_audit.reports.letter_files import file_names, render
from eklase_audit.reports.letters import Letter, letters, text
from marked_school import AS_OF, marks_in, write_school
from support import calendar, command, journal_of, moment, regulation, sample_journal, table, write_tables

MARKS = table(
    """
Skolēns       | Klase | Priekšmets | Pedagogs         | Vērtējuma veids | Darba datums | Vērtējums | Ievadīts
Anna Ozola    | 7.a   | Matemātika | Ilze Kalniņa     | formatīvs       | 08.12.2025   |           |
Jānis Bērziņš | 7.b   | Matemātika | Ģirts Šmits      | formatīvs       | 08.12.2025   |           |
Eva Liepa     | 7.b   | Sports     | <b>Žanis</b> & = | formatīvs       | 08.12.2025   |           |
"""
)
# Both owe the statement of January, since both are the pupil's class teachers.
JOINT = {
    "classes": table("Klase | Klases audzinātājs\n7.a | Dace Siliņa\n7.a | Māris Kalns"),
    "contacts": table(
        """
Skolēns    | Klase | Skolēna tālrunis | Vecāka tālrunis | Aktualizēts
Anna Ozola | 7.a   | 29123456         | 29123457        | 05.12.2025
"""
    ),
    "statements": table("Klase | Skolēns | Mēnesis | Izsniegts\n7.a | Anna Ozola | 2025-12 | 05.01.2026"),
}


def ahead(journal: object, as_of: str, days: int = 5) -> tuple[Audit, list[Letter]]:
    i18n.activate("en")
    when = moment(as_of)
    horizon = horizon_of(calendar(), when, days)
    auditor = Auditor(journal, regulation(), calendar(), when, horizon=horizon)  # type: ignore[arg-type]
    audit = auditor.audit(regulation().select([]))
    return audit, letters(audit, horizon)


def whole_text(letter: Letter) -> str:
    return "\n".join(content.decode("utf-8", "replace") for content in render([letter], ["txt", "html"], {}).values())


def test_no_letter_holds_anything_of_another_teacher() -> None:
    audit, made = ahead(sample_journal(), "2026-02-27", 20)
    teachers = {name for one in (*audit.counted, *audit.pending) for name in one.bearers}
    assert len(made) > 15
    assert {letter.person for letter in made} <= teachers
    pupils = {one.pupil for one in (*audit.counted, *audit.pending) if one.pupil}
    strange = 0
    for letter in made:
        mine = [one for one in (*audit.counted, *audit.pending) if letter.person in one.bearers]
        others = [one for one in (*audit.counted, *audit.pending) if letter.person not in one.bearers]
        shown = whole_text(letter)
        own_pupils = {one.pupil for one in mine}
        for name in (teachers - {letter.person}) | (pupils - own_pupils):
            assert name not in shown, letter.person
            strange += 1
        for one in others:
            assert one.fingerprint not in shown
        # Where, on which day, what: each row stands for a finding of the teacher's own.
        own_rows = {(one.class_ or "", one.subject or "") for one in mine}
        own_rows |= {("", f"{class_} {subject}".strip()) for class_, subject in own_rows}
        for row in (row for section in letter.sections for row in section.rows):
            for place in row.subject.split(", "):
                assert (row.class_, re.sub(r" \(\d+\)$", "", place)) in own_rows
        told = sum(len(one.rows) for one in letter.sections if not one.coming)
        assert told <= sum(one.verdict in ("overdue", "defect") for one in mine)
    assert strange > 1000


def test_a_joint_duty_is_in_both_letters_and_neither_names_the_other() -> None:
    _audit, made = ahead(journal_of(JOINT), "2026-02-27")
    both = {letter.person: whole_text(letter) for letter in made}
    assert set(both) == {"Dace Siliņa", "Māris Kalns"}
    assert all("Anna Ozola" in shown and "shared with another teacher" in shown for shown in both.values())
    assert "Māris Kalns" not in both["Dace Siliņa"]
    assert "Dace Siliņa" not in both["Māris Kalns"]


def test_what_is_waived_is_in_no_letter() -> None:
    audit, made = ahead(journal_of({"marks": MARKS[:1]}), "2026-02-27")
    assert [letter.person for letter in made] == ["Ilze Kalniņa"]
    excused = replace(audit, findings=tuple(one._replace(waiver=Waiver("order 12")) for one in audit.findings))
    assert letters(replace(excused, pending=()), audit.as_of) == []


def test_what_came_late_alone_makes_no_letter() -> None:
    """There is nothing to be done about it."""
    late = [{**MARKS[0], "Vērtējums": "7", "Ievadīts": "20.01.2026 08:00"}]
    audit, made = ahead(journal_of({"marks": late}), "2026-02-27", 0)
    assert [one.verdict for one in audit.findings] == ["late"]
    assert made == []


def test_the_page_takes_names_as_text() -> None:
    _audit, made = ahead(journal_of({"marks": MARKS}), "2026-02-27")
    hostile = next(letter for letter in made if "Žanis" in letter.person)
    (page,) = render([hostile], ["html"], {}).values()
    assert b"<b>" not in page
    assert "&lt;b&gt;Žanis&lt;/b&gt; &amp; =".encode() in page
    assert b"default-src &#39;none&#39;; style-src &#39;sha256-" in page


def test_greeting_needs_no_vocative() -> None:
    _audit, made = ahead(journal_of({"marks": MARKS}), "2026-02-27")
    letter = next(one for one in made if one.person == "Ģirts Šmits")
    try:
        i18n.activate("lv")
        assert letter.greeting == ("Labdien!", "Pedagogs: Ģirts Šmits")
        assert text(letter).startswith("Labdien!\n\nPedagogs: Ģirts Šmits\n")
    finally:
        i18n.activate("en")


@pytest.mark.parametrize("address", ["", "girts.smits@skola.example"])
def test_a_draft_is_read_by_a_parser_of_mail(address: str) -> None:
    _audit, made = ahead(journal_of({"marks": MARKS}), "2026-02-27")
    letter = next(one for one in made if one.person == "Ģirts Šmits")
    (content,) = render([letter], ["eml"], {letter.person: address} if address else {}).values()
    assert render([letter], ["eml"], {letter.person: address} if address else {}) == {
        "vestule-Girts-Smits.eml": content
    }
    draft = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(draft, EmailMessage)
    assert draft["X-Unsent"] == "1"
    assert draft["Subject"] == letter.subject
    assert not draft.defects
    sent_to = draft["To"].addresses if draft["To"] else ()
    assert [(one.display_name, one.addr_spec) for one in sent_to] == ([("Ģirts Šmits", address)] if address else [])
    plain, page = draft.get_body(("plain",)), draft.get_body(("html",))
    assert plain is not None and plain.get_content().replace("\r\n", "\n") == text(letter)
    assert page is not None and "Jānis Bērziņš" in page.get_content()
    assert all(len(line) <= 78 for line in content.decode("ascii").splitlines())


NAMES = """
name                     | file
Anna Bērziņa             | vestule-Anna-Berzina
../../etc/passwd         | vestule-etc-passwd
C:\\x                    | vestule-C-x
CON                      | vestule-CON
a/b. .                   | vestule-a-b
"""


@pytest.mark.parametrize("case", table(NAMES), ids=lambda case: case["name"])
def test_file_names(case: dict[str, str]) -> None:
    assert file_names([case["name"]]) == {case["name"]: case["file"]}


def test_file_names_differ_whatever_the_names() -> None:
    people = ["Anna Bērziņa", "Anna Berziņa", "ANNA BERZINA", "Анна", "Яна", "…", "x" * 300, "x" * 301]
    names = file_names(people)
    assert len({name.casefold() for name in names.values()}) == len(people)
    assert all(len(name) < 90 and name.isascii() and "/" not in name for name in names.values())


# ---- the command ----


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "skola"
    folder.mkdir()
    write_tables(folder, {"vertejumi": MARKS[:2]})
    return folder


def run(exports: Path, out: Path, *more: str | Path) -> list[str]:
    shown = command("letters", exports, "--as-of", "2026-02-27", "--out", out, "--config", os.devnull, *more)
    assert shown.exit_code == 0, shown.stderr
    return sorted(path.name for path in out.iterdir() if not path.name.startswith("."))


def test_files_of_their_owner_alone_in_a_folder_of_the_owner_alone(exports: Path, tmp_path: Path) -> None:
    out = tmp_path / "vestules"
    kinds = ("eml", "html", "txt")
    assert run(exports, out) == [f"vestule-{name}.{kind}" for name in ("Girts-Smits", "Ilze-Kalnina") for kind in kinds]
    assert out.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o600}
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    run(exports, out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first


def test_stale_letters_go_and_what_is_not_ours_stays(exports: Path, tmp_path: Path) -> None:
    out = tmp_path / "vestules"
    run(exports, out, "--format", "txt")
    (out / "vestule-plans.txt").write_text("of the office")
    write_tables(exports, {"vertejumi": MARKS[:1]})
    assert run(exports, out, "--format", "txt") == ["vestule-Ilze-Kalnina.txt", "vestule-plans.txt"]


def test_a_letter_that_was_changed_is_neither_replaced_nor_taken_away(exports: Path, tmp_path: Path) -> None:
    out = tmp_path / "vestules"
    run(exports, out, "--format", "txt")
    changed = out / "vestule-Girts-Smits.txt"
    changed.write_text("with a word of my own")
    again = command("letters", exports, "--as-of", "2026-02-27", "--out", out, "--format", "txt")
    assert again.exit_code == 2
    assert changed.name in again.stderr
    write_tables(exports, {"vertejumi": MARKS[:1]})
    run(exports, out, "--format", "txt")
    assert changed.read_text() == "with a word of my own"


def test_one_teacher_alone_leaves_the_letters_of_the_others(exports: Path, tmp_path: Path) -> None:
    out = tmp_path / "vestules"
    both = run(exports, out, "--format", "html")
    assert run(exports, out, "--format", "html", "--teacher", "girts smits") == both
    elsewhere = tmp_path / "cits"
    assert run(exports, elsewhere, "--format", "html", "--teacher", "Smits") == ["vestule-Girts-Smits.html"]


def test_a_list_that_leads_out_of_the_folder_deletes_nothing(tmp_path: Path) -> None:
    out, victim = tmp_path / "out", tmp_path / "victim"
    out.mkdir()
    victim.write_bytes(b"x")
    hash_of_x = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    (out / "list").write_text(f'{{"../victim": ["{hash_of_x}"], "link": ["{hash_of_x}"]}}')
    (out / "link").symlink_to(victim)
    write_all(out, {}, "list")
    assert victim.read_bytes() == b"x"
    assert (out / "link").is_symlink()


def test_a_link_in_the_way_is_not_written_through(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"x")
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.txt").symlink_to(victim)
    with pytest.raises(AuditError):
        write_all(out, {"a.txt": b"x"}, "list")
    assert not (out / "list").exists()
    assert victim.read_bytes() == b"x"


def test_addresses_of_the_configuration_and_of_a_list(exports: Path, tmp_path: Path) -> None:
    config = tmp_path / "eklase-audit.toml"
    config.write_text('[addresses]\n"Ilze Kalniņa" = "ilze@skola.example"\n', encoding="utf-8")
    listed = tmp_path / "adreses.csv"
    listed.write_text("Pedagogs;E-pasts\nGIRTS SMITS;girts@skola.example\n", encoding="utf-8")
    out = tmp_path / "vestules"
    shown = command(
        "letters", exports, "--as-of", "2026-02-27", "--out", out, "--format", "eml", "--config", config,
        "--addresses", listed,
    )  # fmt: skip
    assert shown.exit_code == 0
    assert "no address" not in shown.stdout
    for name in ("ilze", "girts"):
        assert any(f"<{name}@skola.example>".encode() in path.read_bytes() for path in out.glob("*.eml"))


WRONG = {
    "an unknown form": ["--format", "pdf"],
    "no form": ["--format", ","],
    "an unknown teacher": ["--teacher", "Nobody Here"],
    "a folder of the exports": ["--out", "skola/vestules"],
    "a file": ["--out", "skola/vertejumi.csv"],
    "addresses that are none": ["--addresses", "wrong.csv"],
    "no list of addresses": ["--addresses", "none.csv"],
}


@pytest.mark.parametrize("options", WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_ends_in_one_line_and_writes_nothing(
    exports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("wrong.csv").write_text("Pedagogs;E-pasts\nIlze Kalniņa;secret value\n", encoding="utf-8")
    shown = command("letters", "skola", "--as-of", "2026-02-27", "--out", "vestules", *options)
    assert shown.exit_code == 2
    assert len(shown.stderr.splitlines()) == 1
    assert "secret" not in shown.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["skola", "wrong.csv"]


def test_with_pseudonyms_no_letter_names_anybody(tmp_path: Path) -> None:
    school, out = tmp_path / "skola", tmp_path / "vestules"
    school.mkdir()
    write_school(school)
    listed = tmp_path / "adreses.csv"
    listed.write_text("Pedagogs;E-pasts\nZqxilze Zqxasi;zqxilze@skola.example\n", encoding="utf-8")
    names = run_marked(school, out, listed)
    assert len(names) >= 3
    for path in out.iterdir():
        assert "zqx" not in path.name.lower()
        content = path.read_bytes()
        if path.suffix == ".eml":
            draft = email.message_from_bytes(content, policy=email.policy.default)
            content = "".join(part.get_content() for part in draft.walk() if not part.is_multipart()).encode()
            content += str(draft["To"]).encode()
        assert not marks_in(content), path.name


def run_marked(school: Path, out: Path, listed: Path) -> list[str]:
    shown = command(
        "letters", school, "--as-of", AS_OF, "--out", out, "--addresses", listed, "--pseudonymise",
        "--pseudonym-key", out.parent / "key", "--config", os.devnull,
    )  # fmt: skip
    assert shown.exit_code == 0, shown.stderr
    assert "zqx" not in shown.stdout.lower()
    return [path.name for path in out.iterdir()]
