"""eklase-audit send: to whom what goes, what is refused before anything is sent, and that it goes once."""

from __future__ import annotations

import json
import os
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from eklase_audit.cli import send as send_command
from eklase_audit.mail_settings import PASSWORD_VARIABLE
from mail_server import PASSWORD, USER, Mailbox, mail_server, trusted
from support import command, table, write_tables

AS_OF = "2026-02-27"
MARKS = table(
    """
Skolēns       | Klase | Priekšmets | Pedagogs     | Vērtējuma veids | Darba datums | Vērtējums | Ievadīts
Anna Ozola    | 7.a   | Matemātika | Ilze Kalniņa | formatīvs       | 08.12.2025   |           |
Jānis Bērziņš | 7.b   | Sports     | Ģirts Šmits  | formatīvs       | 09.12.2025   |           |
"""
)
# What each teacher's letter holds, and no other message to a teacher may.
OWN = {
    "ilze@skola.example": ["Ilze Kalniņa", "Anna Ozola", "Matemātika"],
    "girts@skola.example": ["Ģirts Šmits", "Jānis Bērziņš"],
}
LIST = """Pedagogs;E-pasts
Ilze Kalniņa;ilze@skola.example
GIRTS SMITS;girts@skola.example
Cits Cilvēks;cits@skola.example
"""
LEADER = "vadiba@skola.example"


class School:
    """A folder with exports, a list of addresses and a configuration; a mail server for the time of a run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.box = Mailbox()
        (folder / "skola").mkdir()
        write_tables(folder / "skola", {"marks": MARKS})
        self.listed(LIST)
        self.more = ""

    def listed(self, text: str) -> None:
        (self.folder / "adreses.csv").write_text(text, "utf-8")

    def send(self, *options: object, server: str = "starttls") -> Result:
        with mail_server(self.box, server) as port:
            config = self.folder / "eklase-audit.toml"
            config.write_text(
                f'lang = "en"\naddresses = "adreses.csv"\n[mail]\nhost = "localhost"\nport = {port}\n'
                f'from = "audits@skola.example"\nuser = "{USER}"\nto = ["{LEADER}"]\n'
                f'cafile = "{trusted(self.folder).name}"\n{self.more}',
                "utf-8",
            )
            return command("send", self.folder / "skola", "--as-of", AS_OF, *options)

    @property
    def recipients(self) -> list[str]:
        return [to for to, _message in self.box.took]


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waits: list[float] = []
    monkeypatch.setattr(send_command, "sleep", waits.append)
    return waits


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slept: list[float]) -> School:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    return School(tmp_path)


def whole(message: Any) -> str:
    """All that a message says, its headers too."""
    texts = [f"{name}: {value}" for name, value in message.items()]
    for part in message.walk():
        if not part.is_multipart():
            content = part.get_content()
            texts.append(content.decode() if isinstance(content, bytes) else content)
    return "\n".join(texts)


def test_by_itself_it_only_shows(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PASSWORD_VARIABLE)
    shown = school.send("--letters", "--report")
    assert shown.exit_code == 0, shown.stderr
    for text in (*OWN, LEADER, "Ilze Kalniņa", "3 messages would be sent.", "Nothing was sent: --really sends."):
        assert text in shown.stdout
    assert (school.box.asked, school.box.took) == ([], [])
    assert not (school.folder / "eklase-audit-sent.db").exists()


def test_each_letter_goes_to_its_teacher_alone(school: School) -> None:
    shown = school.send("--letters", "--really")
    assert shown.exit_code == 0, shown.stderr
    assert sorted(school.recipients) == sorted(OWN)
    assert school.box.encrypted == [True, True]
    for to, message in school.box.took:
        said = whole(message)
        assert [one.addr_spec for one in message["To"].addresses] == [to]
        assert not {"Cc", "Bcc"} & set(message.keys())
        for owner, words in OWN.items():
            for word in words:
                assert (word in said) == (owner == to), (to, word)
        assert all(other == to or other not in said for other in OWN)
        assert message["From"].addresses[0].addr_spec == "audits@skola.example"
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["Message-ID"].strip("<>").endswith("@skola.example")
        assert message["Date"] and not message.defects


def test_the_report_is_attached_and_its_text_names_nobody(school: School) -> None:
    shown = school.send("--report", "--really")
    assert shown.exit_code == 0, shown.stderr
    ((to, message),) = school.box.took
    assert to == LEADER
    body = message.get_body(("plain",))
    (attached,) = message.iter_attachments()
    assert body is not None
    assert attached.get_filename() == "eklase-audit-2026-02-27.html"
    page = attached.get_content()
    assert all(name in page for name in ("Ilze Kalniņa", "Ģirts Šmits"))
    text = body.get_content()
    assert "E-klase in brief" in text
    assert not any(name in text for words in OWN.values() for name in words if " " in name)


def test_a_second_run_sends_nothing_twice(school: School) -> None:
    school.send("--letters", "--really")
    shown = school.send("--letters", "--report", "--really")
    assert shown.exit_code == 0
    assert sorted(school.recipients) == sorted([*OWN, LEADER])
    assert "sent already" in shown.stdout
    assert "1 message sent." in shown.stdout
    one = school.send("--letters", "--really", "--again", "ģirts šmits")
    assert one.exit_code == 0
    assert school.recipients.count("girts@skola.example") == 2
    assert school.recipients.count("ilze@skola.example") == 1
    for path in school.folder.glob("eklase-audit-sent.db*"):
        assert os.name == "nt" or stat.S_IMODE(path.stat().st_mode) == 0o600


WRONG_LISTS: dict[str, tuple[str, str, list[str]]] = {
    "a teacher is missing": (
        LIST.replace("GIRTS SMITS", "Girts Kalns"),
        "1 teacher who has a letter is not",
        ["Ģirts Šmits"],
    ),
    "one twice": (LIST + "Ilze Kalnina;ilze2@skola.example\n", "adreses.csv:5: «Pedagogs»: this teacher is named", []),
    "the same row twice": (LIST + "Ilze Kalniņa;ilze@skola.example\n", "adreses.csv:5: «Pedagogs»", []),
    "one address for two": (LIST.replace("cits@", "ilze@"), "adreses.csv:4: «E-pasts»: another teacher has", []),
    "no address": (LIST.replace("cits@skola.example", "cits skola"), "adreses.csv:4: «E-pasts»: a mail address", []),
    "letters no server takes": (LIST.replace("cits@", "citāds@"), "adreses.csv:4: «E-pasts»: a mail address", []),
    "no headings": (LIST.partition("\n")[2], "adreses.csv: no headings of the list", []),
}


@pytest.mark.parametrize(("text", "told", "listed"), WRONG_LISTS.values(), ids=WRONG_LISTS.keys())
def test_a_list_that_does_not_fit_stops_all(school: School, text: str, told: str, listed: list[str]) -> None:
    school.listed(text)
    shown = school.send("--letters", "--report", "--really")
    assert shown.exit_code == 2
    assert told in shown.stderr
    assert len(shown.stderr.splitlines()) == 1
    assert all(name in shown.stdout for name in listed)
    assert not any(word in shown.stderr for word in ("Ilze", "ilze@", "Ģirts", "cits"))
    assert school.box.asked == []


def test_two_teachers_whom_the_list_cannot_tell_apart(school: School) -> None:
    """The same name but for its diacritics: one address would get both letters."""
    write_tables(school.folder / "skola", {"marks": [MARKS[0], {**MARKS[1], "Pedagogs": "Ilze Kalnina"}]})
    shown = school.send("--letters", "--really")
    assert shown.exit_code == 2
    assert "each letter is for one" in shown.stderr
    assert school.box.asked == []


def test_a_refusal_is_told_and_the_others_go(school: School, slept: list[float]) -> None:
    school.box.rcpt = lambda address, count: "550 <ilze@skola.example> Ilze?" if address.startswith("ilze") else None
    shown = school.send("--letters", "--really")
    assert shown.exit_code == 2
    assert school.recipients == ["girts@skola.example"]
    line = next(line for line in shown.stdout.splitlines() if "ilze@skola.example" in line)
    assert "refused (550)" in line
    assert "1 message was not sent" in shown.stderr
    assert "ilze" not in shown.stderr.lower()
    assert slept == []


def test_greylisting_is_waited_for(school: School, slept: list[float]) -> None:
    school.box.rcpt = lambda address, count: None if count else "451 come back"
    shown = school.send("--letters", "--really")
    assert shown.exit_code == 0
    assert sorted(school.recipients) == sorted(OWN)
    assert slept == [15]
    assert "2 messages are put off by the server" in shown.stderr


def test_what_may_have_arrived_is_told_each_time(school: School) -> None:
    school.box.data = lambda address, count: "drop" if address.startswith("ilze") and not count else None
    for _run in range(2):
        shown = school.send("--letters", "--really")
        assert shown.exit_code == 2
        line = next(line for line in shown.stdout.splitlines() if "ilze@skola.example" in line)
        assert "it may have arrived, or not" in line
    assert school.recipients == ["girts@skola.example"]
    assert school.send("--letters", "--really", "--again", "ilze@skola.example").exit_code == 0
    assert school.recipients == ["girts@skola.example", "ilze@skola.example"]


@pytest.mark.parametrize(
    ("server", "password", "told"),
    [("none", PASSWORD, "offers no encryption"), ("starttls", "nepareizi", "refused the user and password")],
)
def test_without_trust_nothing_is_sent(
    school: School, monkeypatch: pytest.MonkeyPatch, server: str, password: str, told: str
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, password)
    shown = school.send("--letters", "--really", server=server)
    assert shown.exit_code == 2
    assert told in shown.stderr
    assert "not sent" in shown.stdout
    assert password not in shown.stdout + shown.stderr
    assert school.box.asked == []


def test_without_a_password_it_says_where_to_put_it(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring
    from keyring.backends.fail import Keyring

    monkeypatch.delenv(PASSWORD_VARIABLE)
    before = keyring.get_keyring()
    try:
        keyring.set_keyring(Keyring())  # type: ignore[no-untyped-call]
        shown = school.send("--letters", "--really")
    finally:
        keyring.set_keyring(before)
    assert shown.exit_code == 2
    assert PASSWORD_VARIABLE in shown.stderr
    assert school.box.asked == []


def test_the_password_comes_from_the_keyring(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring

    monkeypatch.delenv(PASSWORD_VARIABLE)
    asked = {("eklase-audit", USER): PASSWORD}
    monkeypatch.setattr(keyring, "get_password", lambda service, user: asked.get((service, user)))
    assert school.send("--letters", "--really").exit_code == 0
    assert sorted(school.recipients) == sorted(OWN)


def test_what_could_not_be_read_stops_all(school: School) -> None:
    (school.folder / "skola" / "bojats.xlsx").write_bytes(b"PK\x03\x04 nothing")
    shown = school.send("--letters", "--really")
    assert shown.exit_code == 2
    assert "nothing was sent" in shown.stderr
    assert school.box.asked == []


OPTIONS: list[tuple[list[str], str]] = [
    ([], "say what is to be sent"),
    (["--letters", "--pseudonymise"], "leave out --pseudonymise"),
    (["--letters", "--again", "Nav Tāda"], "nothing goes to «Nav Tāda»"),
    (["--letters", "--isolated"], "there is no mail server"),
]


@pytest.mark.parametrize(("options", "told"), OPTIONS)
def test_options_that_make_no_sense(school: School, options: list[str], told: str) -> None:
    shown = school.send(*options, "--really")
    assert shown.exit_code == 2
    assert told in shown.stderr
    assert school.box.asked == []


@contextmanager
def webhook(status: int = 200) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """The port of a server that notes what is posted to it."""
    posted: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()

        log_message: Callable[..., None] = lambda *_arguments: None

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port, posted
    finally:
        server.shutdown()
        server.server_close()


def test_another_channel_gets_one_line_without_names(school: School) -> None:
    with webhook() as (port, posted):
        school.more = f'[notify]\nurls = ["json://127.0.0.1:{port}/slepens"]\n'
        assert school.send("--letters").exit_code == 0
        assert posted == []
        assert school.send("--letters", "--really").exit_code == 0
    ((line,),) = [[one["message"] for one in posted]]
    assert "messages sent 2, not sent 0" in line
    assert not any(word in json.dumps(posted, ensure_ascii=False) for words in OWN.values() for word in words)


def test_a_channel_that_fails_is_told_without_its_address(school: School) -> None:
    with webhook(500) as (port, _posted):
        school.more = f'[notify]\nurls = ["json://127.0.0.1:{port}/slepens"]\n'
        shown = school.send("--letters", "--really")
    assert shown.exit_code == 2
    assert sorted(school.recipients) == sorted(OWN)
    assert "a channel did not take the notice" in shown.stderr
    assert "slepens" not in shown.stderr + shown.stdout


def test_where_nobody_looks_on_it_says_one_line_and_no_names(school: School, tmp_path: Path) -> None:
    log = tmp_path / "darbi.log"
    school.box.rcpt = lambda address, count: "550 no" if address.startswith("ilze") and not count else None
    shown = school.send("--letters", "--really", "--cron", "--log", log)
    assert (shown.exit_code, shown.stdout, len(shown.stderr.splitlines())) == (2, "", 1)
    again = school.send("--letters", "--really", "--cron", "--log", log)
    assert (again.exit_code, again.stdout, again.stderr) == (0, "", "")
    assert sorted(school.recipients) == sorted(OWN)
    written = log.read_text("utf-8")
    assert "not_sent" in written
    assert not any(word in shown.stderr + written for word in ("ilze", "Ilze", "girts", "Ģirts"))
