"""Zip packages (XLSX, ODS, archives of exports): what is in them, and whether it may be unpacked.

A workbook is read by a library that trusts it. So all that could fill the memory (bombs, a cell in the last
corner of a sheet) is looked for first, and on the way what that library does not tell: hidden rows, cells whose
value is lost, the system of dates.
"""

from __future__ import annotations

import re
import stat
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePosixPath
from xml.etree import ElementTree
from xml.parsers import expat
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from eklase_audit.exports.charset import BadBytes
from eklase_audit.exports.limits import (
    HARMLESS_UNPACKED,
    MAX_CELLS,
    MAX_MEMBERS,
    MAX_RATIO,
    MAX_UNPACKED,
)
from eklase_audit.i18n import _

_BROKEN = (
    BadZipFile,
    LargeZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
_PROLOG = 1 << 16
_MAX_COPIES = 10_000
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".bin", ".vml")


class Package:
    """A zip package in memory whose directory was looked over. Raises BadBytes where it is not to be unpacked."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = ZipFile(BytesIO(data))
        except _BROKEN:
            raise BadBytes(broken()) from None
        self.members = [member for member in self._zip.infolist() if not member.filename.endswith("/")]
        unpacked = sum(member.file_size for member in self.members)
        if (
            len(self.members) > MAX_MEMBERS
            or unpacked > MAX_UNPACKED
            or (unpacked > HARMLESS_UNPACKED and unpacked > MAX_RATIO * len(data))
        ):
            raise BadBytes(_("it unpacks to far more than any export holds, and was not unpacked: export it anew"))
        self._names = {member.filename for member in self.members}

    @property
    def is_ambiguous(self) -> bool:
        """Whether two members have one name, so that another reader may find another one there."""
        return len({_part(member.filename) for member in self.members}) < len(self.members)

    @property
    def form(self) -> str:
        """What the package is: xlsx, ods, zip, or "" for an office document that is no readable workbook."""
        if "xl/workbook.xml" in self._names:
            return "xlsx"
        if "content.xml" in self._names:
            return "ods" if b"spreadsheet" in self.read("mimetype") else ""
        return "" if "[Content_Types].xml" in self._names else "zip"

    def read(self, name: str | ZipInfo) -> bytes:
        """The bytes of a member, b"" where there is none of that name. Raises BadBytes."""
        if isinstance(name, str) and name not in self._names:
            return b""
        try:
            # Its length and checksum are compared: a directory that lies is a broken archive.
            return self._zip.read(name)
        except _BROKEN:
            raise BadBytes(broken()) from None


def broken() -> str:
    """The message that an archive is not as its directory says."""
    return _("it is a broken archive or workbook: export or copy it anew")


def _part(name: str) -> str:
    """The name of a member as readers of workbooks look for it."""
    return name.replace("\\", "/").lower()


def fault_of_member(member: ZipInfo) -> str | None:
    """Why a member of an archive is not read, if it is not."""
    if member.flag_bits & 1:
        return _("it is protected by a password: save it without one")
    path = PurePosixPath(member.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0] or stat.S_ISLNK(member.external_attr >> 16):
        return _("its path leads out of the archive, or it is a link: pack the file itself anew")
    return None


# ---- workbooks


@dataclass
class SheetScan:
    """What is known of a sheet before it is read. Places are (row, column) from 0."""

    cells: int = 0
    hidden_rows: int = 0
    lost: set[tuple[int, int]] = field(default_factory=set)
    percents: set[tuple[int, int]] = field(default_factory=set)

    @property
    def fault(self) -> str | None:
        """Why the sheet is not read, if it is not."""
        return too_many_cells() if self.cells > MAX_CELLS else None


def too_many_cells() -> str:
    """The message that a sheet is larger than any export."""
    return _(
        "it reaches over more than {count} million cells: delete what stands far below or beside the table"
    ).format(count=MAX_CELLS // 1_000_000)


@dataclass
class BookScan:
    """What is known of a workbook before it is read: its sheets by name, and whether its days count from 1904."""

    sheets: dict[str, SheetScan] = field(default_factory=dict)
    from_1904: bool = False


def scan_workbook(package: Package) -> BookScan:
    """Look over a workbook (XLSX or ODS). Raises BadBytes where it is not to be opened."""
    if package.is_ambiguous:
        raise BadBytes(broken())
    parts = {
        _part(member.filename): package.read(member)
        for member in package.members
        if not member.filename.lower().endswith(_PICTURES)
    }
    for xml in parts.values():
        # Only ahead of all else may a document declare something, and a workbook is written in UTF-8.
        if b"<!DOCTYPE" in xml[:_PROLOG] or xml.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise BadBytes(_("its XML declares entities, as no spreadsheet does: open it and save it anew as XLSX"))
    try:
        if package.form == "ods":
            scan = BookScan(_scan_ods(parts["content.xml"]))
            if any(sheet.fault for sheet in scan.sheets.values()):
                raise BadBytes(too_many_cells())
            return scan
        return _scan_xlsx(parts)
    except (expat.ExpatError, ElementTree.ParseError, ValueError, LookupError):
        raise BadBytes(_("it cannot be opened as a workbook: open it and save it anew as XLSX")) from None


def _scan_xlsx(parts: dict[str, bytes]) -> BookScan:
    book = ElementTree.fromstring(parts["xl/workbook.xml"])  # noqa: S314 - without entities, see above
    relations = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])  # noqa: S314
    targets = {
        str(relation.get("Id")): _part(str(relation.get("Target"))).removeprefix("/").removeprefix("xl/")
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
            scan.sheets[name] = _scan_sheet(parts[part], percents)
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


# A cell right of column Z or below row 999,999: all nearer ones together are no more than 26 million.
_FAR = re.compile(rb'<c r="(?:[A-Z]{2}|[A-Z]\d{7})')
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*\shidden=["'](?:1|true)["'][^>]*(?<!/)>""")


def _scan_sheet(xml: bytes, percents: frozenset[str]) -> SheetScan:
    """What is known of a sheet of XLSX. It is parsed only where a search finds what has to be known exactly."""
    is_plain = _is_plain(xml) and not any(f' s="{style}"'.encode() in xml for style in percents)
    scan = SheetScan() if is_plain else _XlsxCells(percents).parse(xml)
    if b"hidden=" in xml:
        scan.hidden_rows = len(_HIDDEN_ROW.findall(xml))
    return scan


def _is_plain(xml: bytes) -> bool:
    """Whether a sheet is written as programs commonly do, each cell with its place, none far, and no formulas."""
    cells = xml.count(b'<c r="')
    return (
        xml.count(b"<c") == cells + xml.count(b"<col")
        and b":c" not in xml
        and not _FAR.search(xml)
        and b"<f>" not in xml
        and b"<f " not in xml
        and b't="e"' not in xml
    )


class _Cells:
    """The corner of a sheet's filled cells, and what else is noted on the way."""

    def __init__(self) -> None:
        self.scan = SheetScan()
        self.row = self.column = -1
        self.bottom = self.right = 0

    def parse(self, xml: bytes) -> SheetScan:
        """Parse a whole part. Raises ExpatError or ValueError."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: self.start(name.rpartition(":")[2], attributes)
        parser.EndElementHandler = lambda name: self.end(name.rpartition(":")[2])
        parser.CharacterDataHandler = self.text
        parser.StartDoctypeDeclHandler = _refuse
        parser.Parse(xml, True)
        return self.scan

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, tag: str) -> None:
        raise NotImplementedError

    def text(self, text: str) -> None:
        raise NotImplementedError

    def reach(self, bottom: int, right: int) -> None:
        """Note that cells are filled down to here."""
        self.bottom, self.right = max(self.bottom, bottom), max(self.right, right)
        self.scan.cells = self.bottom * self.right


def _refuse(*_arguments: object) -> None:
    raise ValueError


class _XlsxCells(_Cells):
    """One sheet of XLSX, some of whose styles show percentages."""

    def __init__(self, percents: frozenset[str]) -> None:
        super().__init__()
        self.percents = percents
        self.is_percent = False
        self.has_value = self.has_formula = self.in_value = False
        self.type = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            self.row, self.column = int(attributes.get("r", self.row + 2)) - 1, -1
        elif tag == "c":
            self.column += 1
            if place := attributes.get("r"):
                letters = place.rstrip("0123456789")
                self.row, self.column = int(place[len(letters) :]) - 1, _column_number(letters)
            self.has_value = self.has_formula = False
            self.type = attributes.get("t", "")
            self.is_percent = attributes.get("s") in self.percents
        elif tag == "f":
            self.has_formula = True
        elif tag in ("v", "is"):
            self.in_value = True

    def text(self, text: str) -> None:
        self.has_value |= self.in_value and bool(text)

    def end(self, tag: str) -> None:
        if tag in ("v", "is"):
            self.in_value = False
        elif tag == "c" and (self.has_value or self.has_formula):
            self.reach(self.row + 1, self.column + 1)
            # A formula whose value is a text may have none: it is an empty text.
            if self.type == "e" or not (self.has_value or self.type == "str"):
                self.scan.lost.add((self.row, self.column))
            elif self.is_percent:
                self.scan.percents.add((self.row, self.column))


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _scan_ods(xml: bytes) -> dict[str, SheetScan]:
    cells = _OdsCells()
    cells.parse(xml)
    return cells.sheets


class _OdsCells(_Cells):
    """The sheets of an ODS. Rows and cells say how often they are repeated, blank ones to the sheet's edge."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: dict[str, SheetScan] = {}
        self.times = 1
        self.filled_to = 0
        self.cell: tuple[int, int] | None = None
        self.is_lost = self.is_percent = False
        self.hidden = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        plain = {name.rpartition(":")[2]: value for name, value in attributes.items()}
        if tag == "table":
            self.scan = self.sheets[plain.get("name", "")] = SheetScan()
            self.row = self.bottom = self.right = 0
        elif tag == "table-row":
            self.times = int(plain.get("number-rows-repeated", 1))
            self.hidden = plain.get("visibility", "visible") != "visible"
            self.column = self.filled_to = 0
        elif tag in ("table-cell", "covered-table-cell"):
            last = self.column + int(plain.get("number-columns-repeated", 1))
            self.cell = (self.column, last)
            # calcext:value-type says it where office:value-type calls an error a text.
            self.is_lost = "error" in (attributes.get("calcext:value-type"), plain.get("value-type"))
            self.is_percent = plain.get("value-type") == "percentage"
            self.column = last
            if "value-type" in plain:
                self.filled_to = last

    def text(self, text: str) -> None:
        if self.cell and text.strip():
            self.filled_to = self.cell[1]

    def end(self, tag: str) -> None:
        if tag in ("table-cell", "covered-table-cell") and self.cell:
            first, end = self.cell
            noted = self.scan.lost if self.is_lost else self.scan.percents if self.is_percent else None
            # Copied to a whole sheet such a cell is none of an export's; it is noted where it begins.
            if noted is not None:
                times = self.times if self.times * (end - first) <= _MAX_COPIES else 1
                noted |= {(self.row + r, c) for r in range(times) for c in range(first, min(end, first + _MAX_COPIES))}
            self.cell = None
        elif tag == "table-row":
            if self.filled_to:
                self.reach(self.row + self.times, self.filled_to)
                self.scan.hidden_rows += self.times if self.hidden else 0
            self.row += self.times
