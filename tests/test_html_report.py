"""The HTML report as text: what stands in it is the audit's, and nothing in it can act or be fetched."""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from eklase_audit import i18n
from eklase_audit.audit import Audit, Mended
from eklase_audit.figures import by_class, by_person, by_week
from eklase_audit.findings import Waiver
from eklase_audit.i18n import percent_text
from eklase_audit.reports.html import charts, render
from support import audited, journal_of, sample_journal

AS_OF = "2026-11-24T18:00"
EVIL = "<script>alert(1)</script>"
EMPTY = {"meta", "link", "input", "br", "col", "img", "hr"}


@dataclass
class Element:
    """An element of a page, with what is in it."""

    name: str
    attributes: dict[str, str]
    inside: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(one if isinstance(one, str) else one.text for one in self.inside)

    def all(self, name: str = "", **attributes: str) -> list[Element]:
        return [one for one in self.below() if (not name or one.name == name)
                and all(one.attributes.get(key) == value for key, value in attributes.items())]  # fmt: skip

    def below(self) -> Iterator[Element]:
        for one in self.inside:
            if isinstance(one, Element):
                yield one
                yield from one.below()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {key: value or "" for key, value in attrs})
        self.open[-1].inside.append(element)
        if tag not in EMPTY:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].inside.append(Element(tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().name == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def parsed(html: bytes) -> Element:
    reader = _Reader()
    reader.feed(html.decode())
    assert len(reader.open) == 1
    return reader.open[0]


@cache
def sample() -> Audit:
    return audited(sample_journal(), AS_OF)


def few() -> Audit:
    """The sample with its first findings alone."""
    return replace(sample(), findings=sample().findings[:30])


@cache
def sample_page() -> Element:
    i18n.activate("en")
    return parsed(render(sample()))


def rows(page: Element, id_: str) -> list[list[str]]:
    """The cells of a table's body."""
    (found,) = page.all("table", id=id_)
    (body,) = found.all("tbody")
    return [[cell.text.strip() for cell in row.inside if isinstance(cell, Element)] for row in body.all("tr")]


def number(text: str) -> int:
    return int(text.replace("\N{NO-BREAK SPACE}", "") or 0)


def test_the_tables_under_the_charts_have_the_numbers_of_the_audit() -> None:
    page, audit = sample_page(), sample()
    clauses = {row[0].partition(". ")[0]: (number(row[1]), number(row[2])) for row in rows(page, "clauses-table")}
    counts = Counter((finding.rule.clause, finding.rule.severity) for finding in audit.findings)
    assert clauses == {
        clause.number: (counts[clause.number, "violation"], counts[clause.number, "warning"])
        for clause in audit.regulation.clauses
    }
    trend = [(number(row[1]), number(row[2])) for row in rows(page, "trend-table")]
    severities = Counter(finding.rule.severity for finding in audit.findings)
    assert tuple(map(sum, zip(*trend, strict=True))) == (severities["violation"], severities["warning"])
    late = [(number(row[1]), number(row[2])) for row in rows(page, "days-table")]
    verdicts = Counter(finding.verdict for finding in audit.findings)
    assert tuple(map(sum, zip(*late, strict=True))) == (verdicts["late"], verdicts["overdue"])
    assert late[1] == tuple(
        sum(one.working_days_late == 1 and one.verdict == verdict for one in audit.findings)
        for verdict in ("late", "overdue")
    )


def test_the_heat_map_has_each_week_of_each_teacher() -> None:
    page, weeks = sample_page(), by_week(sample())
    told = {row[0]: [cell for cell in row[1:] if cell] for row in rows(page, "heat-table")}
    for person, cells in told.items():
        mine = sorted((week, one) for (who, week), one in weeks.items() if (who.name or who.class_ or "") in person)
        assert cells == [f"{one.lapses}/{one.duties}" for _week, one in mine if one.duties]
    (heat,) = page.all("svg", **{"aria-labelledby": "heat-t heat-d"})
    assert len(heat.all("rect")) == sum(map(len, told.values()))


def test_the_figures_of_teachers_and_classes_are_the_fair_ones() -> None:
    page = sample_page()
    for table, figures in (("teachers", by_person(sample())), ("classes", by_class(sample()))):
        told = rows(page, table)
        assert [(number(r[1]), number(r[3]), number(r[4])) for r in told] == [
            (one.duties, one.lapses, one.defects) for one in figures
        ]
        assert [r[2] for r in told if one_share(r)] == [percent_text(one.in_time or 0) for one in figures if one.enough]


def one_share(row: list[str]) -> bool:
    return row[2] != "too few"


def test_every_finding_stands_in_the_page_and_links_to_its_explanation() -> None:
    page, audit = sample_page(), sample()
    (table,) = page.all("table", id="all")
    lines = [row for row in table.all("tr") if "data-n" in row.attributes]
    assert {int(row.attributes["data-n"]) for row in lines} == set(range(len(audit.findings)))
    assert sum("data-c" not in row.attributes for row in lines) == len(audit.findings)
    for row in lines:
        finding = audit.findings[int(row.attributes["data-n"])]
        (link,) = row.all("a")
        assert link.attributes["href"] == f"#m-{finding.rule.id}"
        assert finding.fingerprint[:8] in row.text


def test_links_lead_into_the_page_and_names_in_it_are_unique() -> None:
    page = sample_page()
    ids = Counter(one.attributes["id"] for one in page.below() if "id" in one.attributes)
    assert not [name for name, count in ids.items() if count > 1]
    for link in page.all("a"):
        assert link.attributes["href"].startswith("#")
        assert link.attributes["href"][1:] in ids
    for svg in (one for one in page.all("svg") if one.attributes.get("role") == "img"):
        labels = svg.attributes["aria-labelledby"].split()
        assert [one.name for one in svg.below() if one.attributes.get("id") in labels] == ["title", "desc"]


def test_the_policy_takes_the_pages_own_style_and_scripts_alone() -> None:
    html = render(few()).decode()
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    told = {part.split()[0]: part.split()[1:] for part in policy.replace("&#39;", "'").split(";")}
    assert told["default-src"] == ["'none'"]
    for directive, tag in (("style-src", "style"), ("script-src", "script")):
        texts = re.findall(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        hashes = [f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in texts]
        assert texts
        assert told[directive] == hashes
    for element in sample_page().below():
        assert not [name for name in element.attributes if name == "style" or name.startswith("on")]
        assert not {"src", "srcset", "action"} & set(element.attributes)
    assert not re.search(r"https?://|url\(|@import", html.replace("http-equiv", ""))


def hostile() -> Audit:
    mark = {
        "Skolēns": '"><img src=x onerror=alert(2)>',
        "Klase": "7.a",
        "Priekšmets": "</style></script>{{ 7 * 7 }}",
        "Pedagogs": EVIL,
        "Vērtējuma veids": "formatīvais",
        "Darba datums": "08.12.2025",
        "Vērtējums": "8",
        "Ievadīts": "22.12.2025 10:00",
    }
    bad = {**mark, "Darba datums": "<b>&amp;", "Pedagogs": "Anna\u202eBērziņa"}
    return audited(journal_of({"marks": [mark, bad]}), "2026-02-27", ["5"])


def test_names_stay_text() -> None:
    html = render(hostile())
    page = parsed(html)
    assert EVIL.encode() not in html
    assert len(page.all("script")) == len(sample_page().all("script"))
    assert not page.all("img")
    assert EVIL in [cell.text for cell in page.all("th", **{"class": "t"})]
    assert "{{ 7 * 7 }}" in page.text
    assert rows(page, "problems-table")[0][2] == "<b>&amp;"
    assert "\u202e" not in page.text


def test_what_was_not_audited_stands_on_top_with_its_reason() -> None:
    i18n.activate("en")
    page = parsed(render(audited(journal_of({"marks": [{
        "Skolēns": "Una Priede", "Klase": "7.a", "Priekšmets": "Fizika", "Pedagogs": "Rita Ozere",
        "Vērtējuma veids": "formatīvs", "Darba datums": "02.02.2026", "Vērtējums": "8",
    }]}), "2026-02-27")))  # fmt: skip
    states = {one.all("b")[0].text: one.attributes["class"] for one in page.all("li") if one.all("em")}
    assert (states["2"], states["1"]) == ("not_audited", "not_audited")
    (left_out,) = page.all("dl", **{"class": "left-out"})
    assert "there is no export «Stundas» (lessons)" in left_out.text


def test_waived_new_and_mended_findings() -> None:
    audit = few()
    waiver = Waiver("slimības lapa", order="1-9/12", allowed_by="direktore", last=date(2026, 12, 1))
    first, second, third, *others = audit.findings
    audit = replace(
        audit,
        findings=(
            first._replace(waiver=waiver),
            second._replace(news="new"),
            third._replace(news="open", since=date(2026, 11, 2)),
            *others,
        ),
        previous=datetime(2026, 11, 17, 18),
        mended=(Mended("5-formative", "5", "7.a", date(2026, 11, 9)),),
    )
    i18n.activate("en")
    page = parsed(render(audit))
    (row,) = page.all("table", id="excused")[0].all("tr", **{"data-n": "0"})
    assert "Waived: slimības lapa; 1-9/12; direktore; until 1 Dec 2026" in row.text
    (main,) = page.all("table", id="all")
    assert not main.all("tr", **{"data-n": "0"})
    assert main.all("tr", **{"data-n": "1", "data-i": "new"})
    assert "since 2 Nov 2026" in main.all("tr", **{"data-n": "2", "data-i": "open"})[0].text
    assert [option.attributes["value"] for option in page.all("select", id="filter-i")[0].all("option")] == [
        "", "new", "open", "waived",
    ]  # fmt: skip
    assert rows(page, "mended-table") == [["5-formative", "7.a", "9 Nov 2026"]]
    clauses = rows(page, "clauses-table")
    assert sum(number(row[1]) + number(row[2]) for row in clauses) == len(audit.findings) - 1


def test_a_finding_of_two_teachers_stands_with_both_and_counts_once() -> None:
    audit = sample()
    both = audit.findings[0]._replace(bearers=("Zane Dzenīte", "Aija Šteinberga"))
    page = parsed(render(replace(audit, findings=(both,))))
    (table,) = page.all("table", id="all")
    lines = table.all("tr", **{"data-n": "0"})
    assert [("data-c" in row.attributes, row.all("th")[0].text) for row in lines] == [
        (True, "Zane Dzenīte / Aija Šteinberga"),
        (False, "Zane Dzenīte / Aija Šteinberga"),
    ]


def test_nothing_found_and_nothing_owed() -> None:
    i18n.activate("en")
    page = parsed(render(replace(sample(), findings=(), tallies=())))
    assert "Nothing was found." in page.text
    assert not page.all("table", id="heat-table")


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_page_speaks_one_language_and_is_the_same_each_time(language: str) -> None:
    i18n.activate(language)
    try:
        one, two = render(few()), render(few())
    finally:
        i18n.activate("en")
    assert one == two
    (html,) = parsed(one).all("html")
    assert html.attributes["lang"] == language
    headings = [one.text for one in html.all("h2")]
    assert ("Konstatējumi" in headings, "Findings" in headings) == (language == "lv", language == "en")


@pytest.mark.parametrize(
    ("values", "top"), [([], 1), ([0], 1), ([1], 1), ([3, 2], 4), ([41], 50), ([99], 100), ([101], 200), ([850], 1000)]
)
def test_the_end_of_a_scale(values: list[int], top: int) -> None:
    assert charts.nice_top(values) == top
