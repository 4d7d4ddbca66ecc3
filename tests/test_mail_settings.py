"""What may stand in [mail], [notify] and a list of addresses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eklase_audit import i18n
from eklase_audit.address_lists import read_addresses
from eklase_audit.addresses import is_address, of_people
from eklase_audit.errors import AuditError
from eklase_audit.mail_settings import NOTIFY_VARIABLE, PASSWORD_VARIABLE
from eklase_audit.templates import workbook
from support import command, configured

MAIL = '[mail]\nhost = "smtp.skola.example"\nfrom = "audits@skola.example"\n'


@pytest.fixture(autouse=True)
def english() -> None:
    i18n.activate("en")


@pytest.mark.parametrize(("security", "port"), [("", 587), ("starttls", 587), ("tls", 465)])
def test_the_port_follows_the_security(security: str, port: int) -> None:
    mail = configured(MAIL + (f'security = "{security}"\n' if security else "")).mail
    assert mail is not None
    assert (mail.port, mail.security) == (port, security or "starttls")
    assert mail.sent.name == "eklase-audit-sent.db"


def test_a_password_in_the_file_is_an_error() -> None:
    with pytest.raises(AuditError) as told:
        configured(MAIL + 'password = "slepens"\n')
    assert PASSWORD_VARIABLE in str(told.value)
    assert "slepens" not in str(told.value)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_without_encryption_only_on_this_computer(host: str) -> None:
    text = f'[mail]\nhost = "{host}"\nfrom = "audits@skola.example"\nsecurity = "none"\n'
    assert configured(text).mail is not None
    for other in ("smtp.skola.example", "10.0.0.1", "localhost.skola.example", "127.0.0.1.example"):
        with pytest.raises(AuditError, match='"none" is only for a server on this computer'):
            configured(text.replace(f'"{host}"', f'"{other}"'))


FAULTS = [
    ('[mail]\nfrom = "a@b.lv"\n', "mail.host: this key is missing"),
    ('[mail]\nhost = "h"\n', "mail.from: this key is missing"),
    (MAIL + "porta = 25\n", "mail.porta: unknown key; nearest: port"),
    (MAIL + "port = 0\n", "mail.port: a number from 1 to 65535"),
    (MAIL + "port = true\n", "mail.port: a number from 1 to 65535"),
    (MAIL + 'security = "ssl"\n', "mail.security: allowed are: starttls, tls, none"),
    (MAIL + 'to = ["a@b.lv", "birojs"]\n', "mail.to[2]: a mail address is wanted"),
    (MAIL + 'to = ["a@b.lv", "A@b.lv"]\n', "mail.to: an address stands here twice"),
    (MAIL.replace("audits@skola.example", "a@b.lv\\nBcc: c@d.lv"), "mail.from: a mail address is wanted"),
    ('[addresses]\n"Anna Bērziņa" = "a@b.lv"\n"Anna Berzina" = "c@b.lv"\n', "addresses: a teacher is named here twice"),
    ("[notify]\nurls = 1\n", "notify.urls: a list of texts is wanted"),
]


@pytest.mark.parametrize(("text", "told"), FAULTS)
def test_what_is_wrong_is_told_by_its_key(text: str, told: str) -> None:
    with pytest.raises(AuditError) as fault:
        configured(text)
    assert told in str(fault.value)


GOOD = ["a@b.lv", "anna.berzina@skola.edu.lv", "o'neil+e-klase@x-y.example"]
BAD = "a|a@b|@b.lv|a@|a b@c.lv|ā@b.lv|a@ā.lv|a..b@c.lv|.a@c.lv|a@-c.lv|a@c.lv,d@e.lv|<a@c.lv>|a@[127.0.0.1]"
BAD_ONES = [*BAD.split("|"), "", "a@c.lv\n", f"{'a' * 65}@b.lv", f"a@{'b' * 250}.lv"]


def test_the_form_of_an_address() -> None:
    assert [one for one in GOOD if not is_address(one)] == []
    assert [one for one in BAD_ONES if is_address(one)] == []


def test_a_list_as_the_template_writes_it_and_as_toml(tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "adreses.xlsx"
    path.write_bytes(workbook("addresses"))
    book = openpyxl.load_workbook(path)
    assert [cell.value for cell in book.active[1]] == ["Pedagogs", "E-pasts"]
    book.active.append(["Anna Bērziņa", "anna@skola.example"])
    book.save(path)
    written = tmp_path / "adreses.toml"
    written.write_text('[[addresses]]\nteacher = "Anna Bērziņa"\naddress = "anna@skola.example"\n', "utf-8")
    assert read_addresses(path) == read_addresses(written) == {"Anna Bērziņa": "anna@skola.example"}


def test_case_and_diacritics_do_not_matter_unless_names_differ_by_them() -> None:
    known = {"Anna Bērziņa": "anna@skola.example"}
    assert of_people(known, ["ANNA BERZINA", "Anna Bērza"]) == {"ANNA BERZINA": "anna@skola.example"}


def test_a_list_among_the_exports_is_no_export(tmp_path: Path) -> None:
    (tmp_path / "adreses.csv").write_text("Pedagogs;E-pasts\nAnna Bērziņa;anna@skola.example\n", "utf-8")
    (tmp_path / "klases.csv").write_text("Klase;Klases audzinātājs\n7.a;Anna Bērziņa\n", "utf-8")
    shown = command("inspect", tmp_path, "--lang", "en")
    assert shown.exit_code == 0, shown.stderr


def test_what_is_secret_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "eklase-audit.toml").write_text(f'{MAIL}[notify]\nurls = ["json://skola.example/slepens"]\n', "utf-8")
    monkeypatch.setenv(PASSWORD_VARIABLE, "slepena")
    monkeypatch.setenv(NOTIFY_VARIABLE, "json://skola.example/slepens")
    shown = command("config", "show", tmp_path, "--format", "json")
    assert shown.exit_code == 0, shown.stderr
    assert "slepen" not in shown.stdout
    assert {"mail", "notify"} <= {one["key"] for one in json.loads(shown.stdout)["settings"]}
