"""The HTML report in real Chromium: filters, sorting, search, keyboard, paper, no JavaScript, no network, axe."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from eklase_audit import i18n
from eklase_audit.audit import Audit
from eklase_audit.findings import Waiver
from eklase_audit.reports.html import render
from support import audited, sample_journal

pypdf = pytest.importorskip("pypdf")
sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.programs

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def audit() -> Audit:
    """The sample in autumn, with a teacher of an evil name, one waived finding, and new and open ones."""
    found = audited(sample_journal(), "2026-11-24T18:00")
    last = found.findings[-60:]
    findings = [one._replace(news="new" if number % 3 else "open", since=date(2026, 11, 16))
                for number, one in enumerate((*found.findings[:120], *last))]  # fmt: skip
    findings[0] = findings[0]._replace(waiver=Waiver("slimības lapa"), news=None)
    findings[1] = findings[1]._replace(bearers=(EVIL,), class_="10.b")
    return replace(found, findings=tuple(findings))


def written(path: Path, audit: Audit) -> Path:
    i18n.activate("lv")
    try:
        path.write_bytes(render(audit))
    finally:
        i18n.activate("en")
    return path


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, audit: Audit) -> Path:
    return written(tmp_path_factory.mktemp("report") / "parskats.html", audit)


@pytest.fixture(scope="module")
def browser() -> Iterator[sync_api.Browser]:
    program = shutil.which("chromium")
    assert program, "Chromium is wanted"
    with sync_api.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=program)
        yield chromium
        chromium.close()


class Watched:
    """A page in a context of its own; whatever it asks of the network or complains of is kept."""

    def __init__(self, browser: sync_api.Browser, path: Path, **options: object) -> None:
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.goto(path.as_uri())

    def column(self, name: str) -> list[str]:
        """The texts of a column of the findings that are in the page."""
        return self.page.locator(f"#all tbody tr:not(.g) .{name}").all_inner_texts()

    def shown(self) -> int:
        return int(self.page.locator("#shown").inner_text().split()[1])


@pytest.fixture
def opened(browser: sync_api.Browser, report: Path) -> Iterator[Watched]:
    watched = Watched(browser, report, viewport={"width": 1400, "height": 1000})
    yield watched
    watched.context.close()
    assert watched.requests == [report.as_uri()]
    assert watched.complaints == []


def test_filters(opened: Watched, audit: Audit) -> None:
    page = opened.page
    assert opened.shown() == len(audit.findings)
    page.select_option("#filter-c", "9")
    assert set(opened.column("c")) == {"9"}
    assert opened.shown() == sum(one.rule.clause == "9" for one in audit.findings)
    page.click("#clear")
    page.select_option("#filter-k", "10.b")
    assert opened.column("t") == [EVIL]
    page.click("#clear")
    page.select_option("#filter-s", "brīdinājums")
    assert opened.shown() == sum(one.rule.severity == "warning" for one in audit.findings)
    page.click("#clear")
    page.select_option("#filter-i", "open")
    assert opened.shown() == sum(one.news == "open" for one in audit.findings)
    page.select_option("#filter-i", "waived")
    assert page.locator("#excused").is_visible()
    assert not page.locator("#all").is_visible()
    page.click("#clear")
    name = max(
        {one.bearer or "" for one in audit.findings}, key=lambda who: sum(f.bearer == who for f in audit.findings)
    )
    page.locator("#teachers a", has_text=name).click()
    assert set(opened.column("t")) == {name}
    assert page.input_value("#filter-t") == name


def test_search_folds_letters_and_takes_all_words(opened: Watched, audit: Audit) -> None:
    finding = next(one for one in audit.findings if one.pupil and any(letter in one.pupil for letter in "āčēģīķļņšūž"))
    plain = str(finding.pupil).translate(str.maketrans("āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽ", "acegiklnsuzACEGIKLNSUZ"))
    whole = opened.page.locator("#shown").inner_text()
    opened.page.fill("#q", f"{plain.upper()} {finding.class_}")
    sync_api.expect(opened.page.locator("#shown")).not_to_have_text(whole)
    pupils = opened.column("p")
    assert pupils
    assert set(pupils) == {finding.pupil}
    opened.page.fill("#q", "nav tāda vārda")
    sync_api.expect(opened.page.locator("#all")).to_be_hidden()
    assert opened.page.locator("#shown").inner_text() == "Šiem atlases nosacījumiem neatbilst neviens konstatējums."


def test_sorting(opened: Watched) -> None:
    page = opened.page
    page.click("#all thead th.k button")
    grades = [int(name.split(".")[0]) for name in opened.column("k")]
    assert grades == sorted(grades)
    assert grades[0] < 10 <= grades[-1]
    page.click("#all thead th.k button")
    assert [int(name.split(".")[0]) for name in opened.column("k")] == sorted(grades, reverse=True)
    assert page.get_attribute("#all thead th.k", "aria-sort") == "descending"
    page.click("#all thead th.u button")
    keys = page.eval_on_selector_all("#all tbody td.u", "cells => cells.map(cell => cell.dataset.v)")
    assert [key for key in keys if key] == sorted(key for key in keys if key)
    assert "" not in keys[: len([key for key in keys if key])]
    page.click("#all thead th.l button")
    days = [int(text) for text in opened.column("l") if text]
    assert days == sorted(days)
    page.click("#all thead th.p button")
    letters = ["AĀBCČDEĒFGĢHIĪJKĶLĻMNŅOPRSŠTUŪVZŽ".index(text[0]) for text in opened.column("p") if text]
    assert letters == sorted(letters)
    assert len(set(letters)) > 5
    page.click("#teachers thead th:first-child button")
    names = page.locator("#teachers tbody th").all_inner_texts()
    assert names.index("Ģirts Šmits") > names.index("Guntars Liepiņš")
    assert names.index("Ģirts Šmits") < names.index("Ilze Kārkliņa")


def test_keyboard_alone(opened: Watched) -> None:
    page = opened.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.press("Tab")
    page.keyboard.type("9")
    assert page.input_value("#filter-c") == "9"
    page.focus("#all thead th.d button")
    page.keyboard.press("Enter")
    assert page.get_attribute("#all thead th.d", "aria-sort") == "ascending"
    page.focus("#all tbody td.c a")
    page.keyboard.press("Enter")
    # The page hears of the jump a moment after it was made.
    page.wait_for_function("document.querySelector('details:target')?.open")
    assert page.evaluate("getComputedStyle(document.querySelector('.skip')).outlineStyle") is not None


def test_names_stay_text(opened: Watched) -> None:
    assert opened.page.locator("#all .g th", has_text=EVIL).count() == 1
    assert opened.page.locator("script").count() == 2


def test_without_javascript_all_rows_are_there(browser: sync_api.Browser, report: Path, audit: Audit) -> None:
    watched = Watched(browser, report, java_script_enabled=False)
    rows = watched.page.locator("#all tbody tr:not(.g)")
    assert rows.count() == sum(not one.waived for one in audit.findings)
    assert rows.last.is_visible()
    assert watched.page.locator("#excused tbody tr").is_visible()
    assert not watched.page.locator(".filters").is_visible()
    assert not watched.page.locator("#print").is_visible()
    assert (watched.requests, watched.complaints) == ([report.as_uri()], [])
    watched.context.close()


def pages(page: sync_api.Page) -> list[str]:
    return [one.extract_text() for one in pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages]


@pytest.mark.parametrize("javascript", [True, False])
def test_print(browser: sync_api.Browser, report: Path, audit: Audit, *, javascript: bool) -> None:
    """A4; all findings, whatever the screen shows; where asked, each teacher's page names no other teacher."""
    watched = Watched(browser, report, java_script_enabled=javascript)
    whole = pages(watched.page)
    names = sorted({one.bearer or "" for one in audit.findings if one.bearers and one.bearer != EVIL})
    assert all(any(name in text for text in whole) for name in names)
    watched.page.check("#paged")
    paged = pages(watched.page)
    for text in paged:
        assert sum(name in text for name in names) <= 1
    assert all(any(name in text for text in paged) for name in names)
    assert len(names) <= len(paged) <= len(names) + len(audit.findings) // 20 + 2
    # Back on the screen it is as it was.
    assert watched.page.locator("#all").is_visible()
    watched.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 390])
def test_axe_finds_nothing_serious(browser: sync_api.Browser, report: Path, scheme: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    watched = Watched(browser, report, color_scheme=scheme, viewport={"width": width, "height": 900})
    watched.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    found = axe.run(watched.page).response["violations"]
    assert [
        (one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in ("serious", "critical")
    ] == []
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= width
    watched.context.close()


def test_twenty_thousand_findings(browser: sync_api.Browser, tmp_path: Path, audit: Audit) -> None:
    times = 20_000 // len(audit.findings) + 1
    many = [one._replace(fingerprint=f"{n:03x}{one.fingerprint[3:]}") for n in range(times) for one in audit.findings]
    watched = Watched(browser, written(tmp_path / "liels.html", replace(audit, findings=tuple(many))))
    assert watched.shown() == len(many) >= 20_000
    # Only the first of them are in the page; the next come as one scrolls there, or by the button.
    count = watched.page.locator("#all tr[data-n]").count
    assert count() < 1000
    first = count()
    watched.page.locator("#more").scroll_into_view_if_needed()
    sync_api.expect(watched.page.locator("#all tr[data-n]").nth(first)).to_be_attached()
    watched.page.select_option("#filter-k", "10.b")
    assert (watched.shown(), count()) == (times, times)
    watched.context.close()
