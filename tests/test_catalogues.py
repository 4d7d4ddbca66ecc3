"""The Latvian catalogue, the pages of the checks in both languages, and the forms of dates and names."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from babel.messages import Message

import catalogues
from eklase_audit import i18n
from eklase_audit.clauses import CHECKS
from eklase_audit.deadlines import month_day_text
from eklase_audit.i18n import collation_key, day_text, moment_text, ngettext
from eklase_audit.packs import DEFAULT
from eklase_audit.regulation import CheckRule, load_regulation
from eklase_audit.reports.manual import HEADINGS, page, setting_text, settings

RULES = load_regulation(DEFAULT, CHECKS).checks


@pytest.fixture(autouse=True)
def _english_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Catalogues compiled for the test alone, whatever lies beside the sources; English again after it."""
    catalogues.compile_catalogues(into=tmp_path)
    monkeypatch.setattr(i18n, "_LOCALES", tmp_path)
    i18n.activate("en")
    yield
    i18n.activate("en")


def test_the_catalogue_is_up_to_date_and_wholly_translated():
    assert sorted(catalogues.faults()) == []


def test_a_message_that_the_catalogue_lacks_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    text = catalogues.po_path().read_text(encoding="utf-8")
    copy = tmp_path / "messages.po"
    copy.write_text(text.replace('msgid "semester mark"', 'msgid "a mark of old"'), encoding="utf-8")
    monkeypatch.setattr(catalogues, "po_path", lambda _root: copy)
    found = list(catalogues.faults())
    assert "not in the catalogue yet: «semester mark»" in found
    assert "no message of the sources any more: «a mark of old»" in found


def test_a_catalogue_that_was_edited_out_of_form_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    copy = tmp_path / "messages.po"
    copy.write_text(catalogues.po_path().read_text(encoding="utf-8") + "\n# more\n", encoding="utf-8")
    monkeypatch.setattr(catalogues, "po_path", lambda _root: copy)
    assert "messages.po is not as `update` writes it" in list(catalogues.faults())


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        (Message("late", "nokavēts"), None),
        (Message("late", ""), "not translated"),
        (Message("late", "nokavēts", flags=["fuzzy"]), "to be read again (fuzzy)"),
        (Message("by {date}", "līdz {datums}"), "other {placeholders} in «līdz {datums}»"),
        (Message("by {date}", "līdz {date"), "other {placeholders} in «līdz {date»"),
        (Message(" or ", "vai"), "other spaces at its ends"),
        (Message(("{count} day", "{count} days"), ("{count} diena", "{count} dienas")), "not translated"),
        (
            Message(("{n} day", "{n} days"), ("diena", "{n} dienas", "{n} dienu")),
            "other {placeholders} in «diena»",
        ),
    ],
)
def test_a_translation_is_held_to_its_message(message: Message, fault: str | None):
    assert list(catalogues.message_faults(message)) == ([fault] if fault else [])


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 pārkāpumu"),
        (1, "1 pārkāpums"),
        (2, "2 pārkāpumi"),
        (10, "10 pārkāpumu"),
        (11, "11 pārkāpumu"),
        (20, "20 pārkāpumu"),
        (21, "21 pārkāpums"),
        (111, "111 pārkāpumu"),
        (132, "132 pārkāpumi"),
        (121, "121 pārkāpums"),
    ],
)
def test_latvian_plurals(count: int, text: str):
    i18n.activate("lv")
    assert ngettext("{count} violation", "{count} violations", count).format(count=count) == text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_page_of_a_check_has_all_headings_in_order(rule: CheckRule):
    manual = CHECKS[rule.name].manual
    title, blank, *lines = manual.splitlines()
    assert title.endswith(".")
    assert blank == ""
    assert [line for line in lines if not line.startswith("    ")] == [f"{heading}:" for heading in HEADINGS]
    _title, sections = page(rule)
    assert all(sections[heading] for heading in HEADINGS)
    assert 60 <= sum(len(text.split()) for text in sections.values()) <= 140


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_latvian_page_of_a_check_has_the_same_headings(rule: CheckRule):
    english_title, english = page(rule)
    i18n.activate("lv")
    title, latvian = page(rule)
    assert title != english_title
    assert list(latvian) == list(english) == list(HEADINGS)
    assert all(latvian.values())
    assert latvian["What is checked"] != english["What is checked"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_page_names_each_parameter_and_no_value(rule: CheckRule, language: str):
    i18n.activate(language)
    _title, sections = page(rule)
    for line in settings(rule):
        assert f"({line['parameter'].rpartition('.')[2]})" in sections["Settings"]
        assert not any(line["text"] in text for text in sections.values())


def test_a_parameter_in_words():
    shown = {text for rule in RULES for text in map(setting_text, settings(rule))}
    assert "5-formative.working_days = 3 (within 3 working days)" in shown
    assert "1-contacts.by = 09-30 (by 30 Sep) · the school's reading" in shown
    assert "8.2-reexam.marks = 1, 2, 3, nv" in shown
    assert "8.1-correction.end_of_day = true (by the end of the day)" in shown


@pytest.mark.parametrize(
    ("language", "day", "moment", "end", "of_the_year"),
    [
        ("lv", "08.12.2025.", "08.12.2025. 9:05", "08.12.2025.", "05.09."),
        ("en", "8 Dec 2025", "8 Dec 2025 9:05", "8 Dec 2025", "5 Sep"),
    ],
)
def test_days_and_moments(language: str, day: str, moment: str, end: str, of_the_year: str):
    i18n.activate(language)
    assert day_text(date(2025, 12, 8)) == day
    assert moment_text(datetime(2025, 12, 8, 9, 5)) == moment
    assert moment_text(datetime(2025, 12, 8, 9, 5, 7)) == f"{moment}:07"
    assert moment_text(datetime(2025, 12, 8, 9, 5), clock=False) == day
    assert moment_text(datetime(2025, 12, 8, 23, 59, 59)) == end
    assert month_day_text(9, 5) == of_the_year


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("Ana", "Āna"),
        ("Cilda", "Čaka"),
        ("Čaka", "Daina"),
        ("Ella", "Ēlla"),
        ("Gatis", "Ģirts"),
        ("Ina", "Īna"),
        ("Kaspars", "Ķirsis"),
        ("Laila", "Ļevs"),
        ("Nora", "Ņina"),
        ("Sandra", "Šarlote"),
        ("Una", "Ūna"),
        ("Zane", "Žanis"),
        ("anna kalna", "Anna Liepa"),
        ("Anna Liepa", "Annas"),
    ],
)
def test_names_stand_in_the_order_of_the_latvian_alphabet(earlier: str, later: str):
    assert sorted((later, earlier), key=collation_key) == [earlier, later]
