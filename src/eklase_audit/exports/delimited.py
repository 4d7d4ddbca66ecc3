"""CSV files: which charset, which delimiter, where the header is, and the rows below it."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from eklase_audit.exports.headings import MAX_TITLE_ROWS, Header, Kind, Unplaced, find_header
from eklase_audit.exports.table import Table, table_of_rows
from eklase_audit.exports.texts import Column, clean
from eklase_audit.i18n import _

DELIMITERS = ";,\t"
_CHUNK = 1 << 20
_BLOCK = 1 << 24
csv.field_size_limit(1 << 27)


class BadBytes(Exception):  # noqa: N818 - told to the user with the file's name before it
    """The bytes are no delimited text. The message says what they are and what to do."""


@dataclass(frozen=True)
class Delimited:
    """What a delimited file was found to be: its table is None where nothing looks like headings."""

    encoding: str
    delimiter: str
    header: Header | None
    table: Table | None


def read_delimited(data: bytes, forced: str | None = None, known: Mapping[str, Kind] | None = None) -> Delimited:
    """Read a whole file. Raises BadBytes, or Unplaced (see find_header)."""
    encoding, codec, start = _charset(data)
    if encoding == "utf-16":
        data, codec, start = data[start:].decode(codec).encode("utf-8"), "utf-8", 0
    body = data[start:] if start else data
    if b"\n" not in body:
        body = body.replace(b"\r", b"\n")
    delimiter, rows, ends, header = _header(body, codec, forced, known)
    if header is None:
        return Delimited(encoding, delimiter, None, None)
    # A summary has two header rows, the upper of which may be the wider one.
    width = max(_width(cells) for cells in rows[header.row - bool(header.wide and header.row):header.row + 1])
    blank = max(0, len(rows[header.row]) - width)
    table = _body(body[ends[header.row]:], codec, delimiter, width, blank, header.row + 2)
    return Delimited(encoding, delimiter, header, table)


def _width(cells: Sequence[str]) -> int:
    """How many cells there are up to the last one that is not blank."""
    return max((n for n, cell in enumerate(cells, 1) if clean(cell)), default=0)


def _charset(data: bytes) -> tuple[str, str, int]:
    """Name of the encoding, codec, and length of its byte order mark.

    A ladder (mark, strict UTF-8, UTF-16 by its zero bytes, windows-1257) because guessers take
    Latvian windows-1257 for other code pages.
    """
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8", _strict(data, "utf-8", 3), 3
    for mark, codec in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return "utf-16", _strict(data, codec, 2), 2
    head = data[:4096]
    if b"\0" in head:
        codec = "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"
        if max(head[1::2].count(0), head[0::2].count(0)) * 4 < len(head) // 2:
            raise BadBytes(_("this is no text: save it as CSV or as XLSX"))
        return "utf-16", _strict(data, codec, 0), 0
    try:
        return "utf-8", _strict(data, "utf-8", 0), 0
    except BadBytes:
        return "windows-1257", _strict(data, "cp1257", 0), 0


def _strict(data: bytes, codec: str, start: int) -> str:
    """The codec, if all bytes are of it. Decoded by chunks, since the text itself is not needed."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    try:
        for place in range(start, len(data), _CHUNK):
            decoder.decode(data[place:place + _CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise BadBytes(
            _("its bytes are of no known charset: save it as CSV in UTF-8, or as XLSX")) from None
    return codec


def _by_likelihood(sample: str) -> list[str]:
    """The delimiters, the likeliest first: the one that parts the widest of the first rows."""
    lines = sample.splitlines()[:MAX_TITLE_ROWS]
    return sorted(DELIMITERS, key=lambda d: (-max((line.count(d) for line in lines), default=0), DELIMITERS.index(d)))


def _header(body: bytes, codec: str, forced: str | None, known: Mapping[str, Kind] | None
            ) -> tuple[str, list[list[str]], list[int], Header | None]:
    """The delimiter by which the first rows show a header, those rows, the byte behind each, and the header.

    Raises the Unplaced of the likeliest delimiter where none shows a header.
    """
    fault: Unplaced | None = None
    first = None
    for delimiter in _by_likelihood(body[:_CHUNK].decode(codec, "replace")):
        rows, ends = _first_rows(body, codec, delimiter)
        try:
            header = find_header(rows, forced, known)
        except Unplaced as other:
            fault = fault or other
            continue
        if header is not None:
            return delimiter, rows, ends, header
        first = first or (delimiter, rows, ends, None)
    if fault is not None or first is None:
        raise fault or BadBytes(_("this is no text: save it as CSV or as XLSX"))
    return first


def _first_rows(body: bytes, codec: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """The first rows of cells, and behind which byte each ends."""
    rows: list[list[str]] = []
    ends: list[int] = []
    lines = _lines(body, codec)
    used = 0
    seen: list[int] = []

    def texts() -> Iterator[str]:
        for text, size in lines:
            seen.append(size)
            yield text

    reader = csv.reader(texts(), delimiter=delimiter)
    try:
        for row in reader:
            rows.append(row)
            used += sum(seen)
            seen.clear()
            ends.append(used)
            if len(rows) >= MAX_TITLE_ROWS + 2:
                break
    except csv.Error:
        pass
    return rows, ends


def _lines(body: bytes, codec: str) -> Iterator[tuple[str, int]]:
    stream = io.BytesIO(body)
    for line in stream:
        yield line.decode(codec, "replace"), len(line)


def _body(data: bytes, codec: str, delimiter: str, width: int, blank: int, first_number: int) -> Table:
    """The rows below the header, which has so many headings and behind them so many blank cells.

    Rows of another width than the header's are read one by one.
    """
    if not data.strip():
        return table_of_rows([], first_number, width)
    names = [f"c{n}" for n in range(width + blank)]
    odd: list[tuple[int, str]] = []

    def keep_odd(row: arrow_csv.InvalidRow) -> str:
        odd.append((row.number, row.text))
        return "skip"

    try:
        read = arrow_csv.read_csv(
            pa.BufferReader(data),
            arrow_csv.ReadOptions(column_names=names, encoding=codec, use_threads=False, block_size=_BLOCK),
            arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False,
                                   invalid_row_handler=keep_odd),
            arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string())),
                                     strings_can_be_null=False, null_values=[]),
        )
    except pa.ArrowInvalid:
        # A cell longer than a block, or quotation marks that do not pair: the slow way reads these.
        return _body_by_csv(data, codec, delimiter, width, first_number)
    if any("\n" in text.rstrip("\r\n") for _n, text in odd):
        return _body_by_csv(data, codec, delimiter, width, first_number)
    columns = [Column.of_arrow(column) for column in read.columns]
    if any(_may_hold_rows(text, delimiter) for column in columns for text in column.texts):
        _check_quotation_marks(data, codec, delimiter, first_number)
    too_wide = np.zeros(read.num_rows, bool)
    for column in columns[width:]:
        too_wide |= column.spread([bool(clean(text)) for text in column.texts], False, bool)
    table = Table(columns[:width], _numbers(read.num_rows, odd, first_number), too_wide)
    if not odd:
        return table
    cells = [next(csv.reader([text], delimiter=delimiter), []) for _n, text in odd]
    extra = table_of_rows(cells, 0, width)
    numbers = np.array([number - 1 + first_number for number, _text in odd], np.int32)
    joined = Table(
        [Column.join([a, b]) for a, b in zip(table.columns, extra.columns, strict=True)],
        np.concatenate([table.numbers, numbers]),
        np.concatenate([table.too_wide, extra.too_wide]),
    )
    return joined.rows(np.argsort(joined.numbers, kind="stable"))


def _numbers(count: int, odd: list[tuple[int, str]], first_number: int) -> np.ndarray:
    """The row numbers of the regular rows: all numbers but those of the odd rows."""
    everything = np.ones(count + len(odd), bool)
    everything[[number - 1 for number, _text in odd]] = False
    return np.flatnonzero(everything).astype(np.int32) + np.int32(first_number)


def _body_by_csv(data: bytes, codec: str, delimiter: str, width: int, first_number: int) -> Table:
    text = io.StringIO(data.decode(codec), newline="")
    try:
        rows = list(csv.reader(text, delimiter=delimiter))
    except csv.Error:
        raise BadBytes(_("its quotation marks or line breaks are broken: save it anew as CSV or XLSX")) from None
    if any(_may_hold_rows(cell, delimiter) for row in rows for cell in row):
        _check_quotation_marks(data, codec, delimiter, first_number)
    return table_of_rows(rows, first_number, width)


def _may_hold_rows(cell: str, delimiter: str) -> bool:
    """Whether a cell may have swallowed the rows below it, as one with a lone quotation mark does."""
    line_break = cell.find("\n")
    return line_break >= 0 and delimiter in cell[line_break:]


def _check_quotation_marks(data: bytes, codec: str, delimiter: str, first_number: int) -> None:
    """Raise BadBytes where quotation marks do not pair, so that no row is lost inside a cell."""
    row = first_number
    try:
        for _cells in csv.reader(io.StringIO(data.decode(codec), newline=""), delimiter=delimiter, strict=True):
            row += 1
    except csv.Error:
        raise BadBytes(_("row {row}: a quotation mark opens a cell and does not close it: "
                         "double it, or remove it").format(row=row)) from None
