"""What is looked for in the cells of a sheet (XLSX, ODS), by parsing all of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from eklase_audit.exports.limits import MAX_CELLS
from eklase_audit.i18n import _

_MAX_COPIES = 10_000


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


def scan_xlsx_sheet(xml: bytes, percents: frozenset[str]) -> SheetScan:
    """One sheet of XLSX, some of whose styles show percentages. Raises ExpatError or ValueError."""
    return _XlsxCells(percents).parse(xml)


def scan_ods(xml: bytes) -> dict[str, SheetScan]:
    """The sheets of an ODS by name. Raises ExpatError or ValueError."""
    cells = _OdsCells()
    cells.parse(xml)
    return cells.sheets


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
