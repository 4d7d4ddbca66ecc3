"""What has to be known of a workbook before it is read.

A workbook is read by a library that trusts it. So all that could fill the memory (bombs, a cell in the last
corner of a sheet) is looked for first. What that library does not tell (hidden rows, cells whose value is lost,
the system of dates) is looked for too, and may be while it reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from xml.etree import ElementTree
from xml.parsers import expat

import numpy as np
import numpy.typing as npt

from eklase_audit.exports.charset import BadBytes
from eklase_audit.exports.packages import Package, broken, part_name
from eklase_audit.exports.sheet_cells import SheetScan, scan_ods, scan_xlsx_sheet, too_many_cells
from eklase_audit.exports.threads import in_threads, parts_of
from eklase_audit.i18n import _

_PROLOG = 1 << 16
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".bin", ".vml")


class SheetLook:
    """A sheet of which is known whether it is to be read at all (`fault`); the rest is looked for by `whole`."""

    def __init__(self, fault: str | None = None, find: Callable[[], SheetScan] = SheetScan) -> None:
        self.fault = fault
        self._find = find

    def whole(self) -> SheetScan:
        """All that is looked for; any thread may ask. Raises BadBytes."""
        with _told():
            scan = self._find()
        # What found it holds the bytes of the sheet.
        self._find = lambda: scan
        return scan


@dataclass
class BookScan:
    """What is known of a workbook before it is read: its sheets by name, and whether its days count from 1904."""

    sheets: dict[str, SheetLook] = field(default_factory=dict)
    from_1904: bool = False


@contextmanager
def _told() -> Iterator[None]:
    """Let what is no workbook inside be told."""
    try:
        yield
    except (expat.ExpatError, ElementTree.ParseError, ValueError, LookupError):
        raise BadBytes(_("it cannot be opened as a workbook: open it and save it anew as XLSX")) from None


def scan_workbook(package: Package) -> BookScan:
    """Look over a workbook (XLSX or ODS). Raises BadBytes where it is not to be opened."""
    if package.is_ambiguous:
        raise BadBytes(broken())
    parts = {
        part_name(member.filename): package.read(member)
        for member in package.members
        if not member.filename.lower().endswith(_PICTURES)
    }
    for xml in parts.values():
        # Only ahead of all else may a document declare something, and a workbook is written in UTF-8.
        if b"<!DOCTYPE" in xml[:_PROLOG] or xml.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise BadBytes(_("its XML declares entities, as no spreadsheet does: open it and save it anew as XLSX"))
    with _told():
        return _scan_ods(parts["content.xml"]) if package.form == "ods" else _scan_xlsx(parts)


def _scan_ods(xml: bytes) -> BookScan:
    sheets = scan_ods(xml)
    if any(sheet.fault for sheet in sheets.values()):
        raise BadBytes(too_many_cells())
    return BookScan({name: SheetLook(find=partial(replace, sheet)) for name, sheet in sheets.items()})


def _scan_xlsx(parts: dict[str, bytes]) -> BookScan:
    book = ElementTree.fromstring(parts["xl/workbook.xml"])  # noqa: S314 - without entities, see above
    relations = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])  # noqa: S314
    targets = {
        str(relation.get("Id")): part_name(str(relation.get("Target"))).removeprefix("/").removeprefix("xl/")
        for relation in relations
    }
    scan = BookScan()
    names: dict[str, str] = {}
    for element in book.iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "workbookPr":
            scan.from_1904 = element.get("date1904") in ("1", "true")
        elif tag == "sheet":
            relation = next((value for key, value in element.items() if key.endswith("}id")), "")
            names[f"xl/{targets.get(relation)}"] = str(element.get("name"))
    percents = _percent_styles(parts.get("xl/styles.xml"))
    for part, name in names.items():
        if part in parts:
            scan.sheets[name] = _look(parts[part], percents)
    return scan


def _percent_styles(xml: bytes | None) -> frozenset[str]:
    """The numbers of the styles that show a number as a percentage."""
    if xml is None:
        return frozenset()
    styles = ElementTree.fromstring(xml)  # noqa: S314 - as above
    formats = {"9", "10"}  # Excel's own
    found: list[str] = []
    for element in styles.iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "numFmt" and "%" in str(element.get("formatCode")):
            formats.add(str(element.get("numFmtId")))
        elif tag == "cellXfs":
            found = [str(n) for n, style in enumerate(element) if style.get("numFmtId") in formats]
    return frozenset(found)


def _look(xml: bytes, percents: frozenset[str]) -> SheetLook:
    """The look at a sheet of XLSX. It is parsed only where a search finds what has to be known exactly."""
    if is_near(xml):
        return SheetLook(find=lambda: _scan_sheet(xml, percents))
    scan = _parsed(xml, percents)
    return SheetLook(scan.fault, lambda: scan)


def _scan_sheet(xml: bytes, percents: frozenset[str]) -> SheetScan:
    """What is known of a sheet whose cells are near each other."""
    has_formula = b"<f" in xml and (b"<f>" in xml or b"<f " in xml)
    if has_formula or b't="e"' in xml or any(f' s="{style}"'.encode() in xml for style in percents):
        return _parsed(xml, percents)
    return SheetScan(hidden_rows=_hidden_rows(xml))


def _parsed(xml: bytes, percents: frozenset[str]) -> SheetScan:
    scan = scan_xlsx_sheet(xml, percents)
    scan.hidden_rows = _hidden_rows(xml)
    return scan


_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*\shidden=["'](?:1|true)["'][^>]*(?<!/)>""")


def _hidden_rows(xml: bytes) -> int:
    return len(_HIDDEN_ROW.findall(xml)) if b"hidden=" in xml else 0


# So much of a sheet is looked at in one go that it stays near the processor; the start of a cell is the longest
# text that is looked for.
_CHUNK = 1 << 18
_LONGEST = len(b'<c r="A1234567')
_BEHIND_A_NAME = np.isin(np.arange(256), list(b" \t\r\n>/"))


def is_near(xml: bytes) -> bool:
    """Whether each cell begins as programs commonly write it (<c r="B12"), in columns A to Z and above row 1,000,000.

    All such cells together are no more than 26 million. A million cells take 30 ms so, by search or parser ten times.
    """
    codes = np.frombuffer(xml, np.uint8)

    def are_near(part: tuple[int, int]) -> bool:
        for place in range(*part, _CHUNK):
            end = min(place + _CHUNK, part[1]) + _LONGEST
            chunk = codes[place:end]
            if not _begin_near(chunk if end <= len(xml) else np.append(chunk, np.zeros(end - len(xml), np.uint8))):
                return False
        return True

    return all(in_threads(are_near, parts_of(xml, behind=b">")))


def _begin_near(codes: npt.NDArray[np.uint8]) -> bool:
    """The same of the cells that begin in the codes, the last _LONGEST of which only end them."""
    first, second = codes[:-_LONGEST], codes[1 : 1 - _LONGEST]
    # In another document the name may have a prefix: <x:c
    cells = np.flatnonzero((second == ord("c")) & ((first == ord("<")) | (first == ord(":"))))
    cells = cells[_BEHIND_A_NAME[codes[cells + 2]]]
    for place, sign in enumerate(b'<c r="'):
        if (codes[cells + place] != sign).any():
            return False
    if not ((codes[cells + 6] - np.uint8(ord("A")) < 26) & _is_digit(codes[cells + 7])).all():
        return False
    for place in range(8, _LONGEST):
        cells = cells[_is_digit(codes[cells + place])]
    return not len(cells)


def _is_digit(codes: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    # What is below 0 becomes a large number.
    return codes - np.uint8(ord("0")) < 10
