"""CSV files: which delimiter, where the header is, and the rows below it."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as arrow_csv

from eklase_audit.exports.charset import BadBytes, charset_of, from_windows_1257, without_wrong
from eklase_audit.exports.headings import MAX_TITLE_ROWS, Header, Kind, Unplaced, find_header
from eklase_audit.exports.limits import MAX_COLUMNS, MAX_LINE
from eklase_audit.exports.memory import Data, give_back
from eklase_audit.exports.table import RowFault, Table, table_of_rows
from eklase_audit.exports.texts import Column, clean
from eklase_audit.exports.threads import in_threads, parts_of
from eklase_audit.i18n import _

DELIMITERS = ";,\t"
_CHUNK = 1 << 20
_BLOCK = 1 << 21
_MANY = 50_000
# A line within its limit may be one cell. (In bytes the limit is no smaller than in letters.)
csv.field_size_limit(MAX_LINE)


@dataclass(frozen=True)
class Delimited:
    """What a delimited file was found to be: its table is None where nothing looks like headings."""

    encoding: str
    delimiter: str
    header: Header | None
    table: Table | None


def read_delimited(data: Data, forced: str | None = None, known: Mapping[str, Kind] | None = None) -> Delimited:
    """Read a whole file. Raises BadBytes, or Unplaced (see find_header)."""
    charset = charset_of(data)
    body, codec = data[charset.start :] if charset.start else data, charset.codec
    if charset.name == "utf-16" or not charset.sound:
        body, codec = without_wrong(body, charset), "utf-8"
    delimiter, rows, ends, header = _header(body, codec, forced, known)
    if header is None:
        return Delimited(charset.name, delimiter, None, None)
    above = rows[: header.row + 1]
    # Of two header rows the upper may be the wider one.
    width = max(_width(cells) for cells in above[-header.depth :])
    if width > MAX_COLUMNS:
        raise BadBytes(too_many_columns())
    blank = max(0, min(len(rows[header.row]), MAX_COLUMNS) - width)
    table = _body(body, ends[header.row], _Form(codec, delimiter, width, blank, header.row + 2))
    table.above = above
    return Delimited(charset.name, delimiter, header, table)


def too_many_columns() -> str:
    """The message that a table is wider than any export."""
    return _("it has more than {count} columns: no export has so many; delete the columns that hold no export").format(
        count=MAX_COLUMNS
    )


def _width(cells: Sequence[str]) -> int:
    """How many cells there are up to the last one that is not blank."""
    return max((n for n, cell in enumerate(cells, 1) if clean(cell)), default=0)


# ---- the delimiter and the header

# As Excel writes and reads it.
_NAMED_DELIMITER = re.compile(r'"?sep=([;,|\t:^~])"?\s*\Z', re.I)


def _first_lines(body: Data, codec: str) -> list[str]:
    """The first lines, as far as titles may reach: in a few thousand bytes, or in a million where these are too few."""
    for size in (_CHUNK >> 6, _CHUNK):
        lines = body[:size].decode(codec, "replace").splitlines()
        # The last one may be cut off.
        if len(lines) > MAX_TITLE_ROWS:
            break
    return lines[:MAX_TITLE_ROWS]


def _by_likelihood(lines: Sequence[str]) -> list[str]:
    """The delimiters, the likeliest first: the one named by the first line, then by how far each parts a line."""
    likely = sorted(DELIMITERS, key=lambda d: (-max((line.count(d) for line in lines), default=0), DELIMITERS.index(d)))
    named = _NAMED_DELIMITER.match(lines[0]) if lines else None
    return list(dict.fromkeys([*(named.groups() if named else ()), *likely]))


def _header(
    body: Data, codec: str, forced: str | None, known: Mapping[str, Kind] | None
) -> tuple[str, list[list[str]], list[int], Header | None]:
    """The delimiter by which the first rows show a header, those rows, the byte behind each, and the header.

    Raises the Unplaced of the likeliest delimiter where none shows a header.
    """
    fault: Unplaced | None = None
    first = None
    for delimiter in _by_likelihood(_first_lines(body, codec)):
        rows, ends = _first_rows(body, codec, delimiter)
        try:
            header = find_header(rows, forced, known)
        except Unplaced as other:
            fault = fault or other
            continue
        if header is not None:
            return delimiter, rows, ends, header
        first = first or (delimiter, rows, ends, None)
    if fault is not None:
        raise fault
    if first is None:
        raise BadBytes(_("this is no text: save it as CSV or as XLSX"))
    for number, cells in enumerate(first[1], 1):
        # The header may well be inside a cell whose quotation mark nothing closes.
        if any(line.count(first[0]) >= 2 for cell in cells for line in cell.splitlines()[1:]):
            raise BadBytes(_unclosed(number))
        if len(cells) > MAX_COLUMNS:
            raise BadBytes(too_many_columns())
    return first


def _first_rows(body: Data, codec: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """The first rows of cells, and behind which byte each ends."""
    rows: list[list[str]] = []
    ends: list[int] = []
    place = 0

    def texts() -> Iterator[str]:
        nonlocal place
        for text, end in _lines(body, codec):
            place = end
            yield text

    try:
        for row in csv.reader(texts(), delimiter=delimiter):
            rows.append(_cut(row, MAX_COLUMNS))
            ends.append(place)
            if len(rows) >= MAX_TITLE_ROWS + 2:
                break
    except csv.Error:
        pass
    return rows, ends


_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")


def _lines(body: Data, codec: str) -> Iterator[tuple[str, int]]:
    """The lines, whatever ends each, and behind which byte each ends."""
    place = 0
    while place < len(body):
        found = _LINE.match(body, place)
        assert found
        if found.end() - place > MAX_LINE:
            raise BadBytes(
                _("a line of it is longer than {size} MiB: no export has such lines; export it anew").format(
                    size=MAX_LINE >> 20
                )
            )
        place = found.end()
        yield found[0].decode(codec, "replace"), place


def _cut(cells: list[str], width: int) -> list[str]:
    """The cells up to a width; one more if any beyond it is filled."""
    return cells if len(cells) <= width else [*cells[:width], *[c for c in cells[width:] if clean(c)][:1]]


# ---- the rows below the header


@dataclass(frozen=True)
class _Form:
    """How the rows are written, how many columns count, how many blank headings follow, the first row's number."""

    codec: str
    delimiter: str
    width: int
    blank: int
    first_number: int


_FILLED = re.compile(rb"\S")


def _body(data: Data, start: int, form: _Form) -> Table:
    """The rows below the header, from byte `start` on. Rows of another width than the header's are read one by one."""
    quoted = data.find(b'"', start) >= 0
    if not _FILLED.search(data, start) or (quoted and _has_lone_mark(data, start, form.delimiter)):
        return _body_by_row(data[start:], form)
    try:
        read, odd = _read(data, start, form, quoted=quoted)
        cells = [_cells(text, form) for _n, text in odd]
    except (pa.ArrowInvalid, csv.Error):
        # A cell longer than a block, or quotation marks that do not pair: the slow way reads or tells these.
        return _body_by_row(data[start:], form)
    count, chunks = read.num_rows, read.columns
    del read
    columns = _columns(chunks, count)
    if quoted and any(_holds_row(text, form) for column in columns for text in column.texts):
        return _body_by_row(data[start:], form)
    wide = np.zeros(count, bool)
    for column in columns[form.width :]:
        wide |= column.spread([bool(clean(text)) for text in column.texts], False, bool)
    faults = np.where(wide, RowFault.WIDE, RowFault.NONE).astype(np.int8)
    table = Table(columns[: form.width], _numbers(count, odd, form.first_number), faults)
    if not odd:
        return table
    extra = table_of_rows(cells, 0, form.width)
    numbers = np.array([number - 1 + form.first_number for number, _text in odd], np.int32)
    joined = Table(
        [Column.join([a, b]) for a, b in zip(table.columns, extra.columns, strict=True)],
        np.concatenate([table.numbers, numbers]),
        np.concatenate([table.faults, extra.faults]),
    )
    return joined.rows(np.argsort(joined.numbers, kind="stable"))


def _read(data: Data, start: int, form: _Form, *, quoted: bool) -> tuple[pa.Table, list[tuple[int, str]]]:
    """The regular rows as columns of dictionaries, and number and text of each odd one. Raises ArrowInvalid.

    By threads where Arrow needs nothing of Python: no odd rows, which have no number there. Windows-1257 is
    then read as it stands, since its delimiters, quotation marks and line ends are those of UTF-8: its texts
    are bytes, of which only the distinct ones need to be recoded.
    """
    try:
        return _read_by_threads(data, start, form, quoted=quoted), []
    except pa.ArrowInvalid:
        odd: list[tuple[int, str]] = []

        def keep_odd(row: arrow_csv.InvalidRow) -> str:
            odd.append((row.number, row.text))
            return "skip"

        whole = start, len(data)
        how = _how(whole, form, form.codec, pa.string(), quoted=quoted, threads=False, keep_odd=keep_odd)
        return arrow_csv.read_csv(_part(data, whole), *how), odd


def _read_by_threads(data: Data, start: int, form: _Form, *, quoted: bool) -> pa.Table:
    held_as = pa.binary() if form.codec == "cp1257" else pa.string()
    if quoted:
        # Arrow alone knows which line ends stand in quotation marks.
        whole = start, len(data)
        return arrow_csv.read_csv(_part(data, whole), *_how(whole, form, "utf-8", held_as, quoted=True, threads=True))

    def read(part: tuple[int, int]) -> pa.Table:
        # One block after the other, which takes 100 MB less than where Arrow has threads of its own.
        how = _how(part, form, "utf-8", held_as, quoted=False, threads=False)
        return arrow_csv.open_csv(_part(data, part), *how).read_all()

    return pa.concat_tables(in_threads(read, parts_of(data, start)))


def _part(data: Data, part: tuple[int, int]) -> pa.BufferReader:
    return pa.BufferReader(pa.py_buffer(data).slice(part[0], part[1] - part[0]))


def _how(
    part: tuple[int, int],
    form: _Form,
    encoding: str,
    held_as: pa.DataType,
    *,
    quoted: bool,
    threads: bool,
    keep_odd: Callable[[arrow_csv.InvalidRow], str] | None = None,
) -> tuple[arrow_csv.ReadOptions, arrow_csv.ParseOptions, arrow_csv.ConvertOptions]:
    """How Arrow is to read the rows of a part of the data, each column as dictionaries of texts of a type."""
    names = [f"c{n}" for n in range(form.width + form.blank)]
    size = min(_BLOCK, part[1] - part[0] + 1)
    return (
        arrow_csv.ReadOptions(column_names=names, encoding=encoding, use_threads=threads, block_size=size),
        arrow_csv.ParseOptions(
            delimiter=form.delimiter,
            newlines_in_values=quoted,
            ignore_empty_lines=False,
            invalid_row_handler=keep_odd,
        ),
        # That all bytes are of the charset is known by now.
        arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.dictionary(pa.int32(), held_as)),
            strings_can_be_null=False,
            null_values=[],
            check_utf8=False,
        ),
    )


def _columns(chunks: list[pa.ChunkedArray | None], count: int) -> list[Column]:
    """The columns of so many rows. Takes what Arrow read out of the list, so that it is not held twice."""
    give_back()

    def made(place: int) -> Column:
        read, chunks[place] = chunks[place], None
        return Column.of_arrow(read, from_windows_1257)

    places = range(len(chunks))
    # Those of a small table are made sooner than a thread starts.
    return in_threads(made, places) if count > _MANY else list(map(made, places))


def _cells(text: str, form: _Form) -> list[str]:
    """The cells of one row, which has to be one line. Raises csv.Error."""
    rows = [_cut(row, form.width) for row in csv.reader([text], delimiter=form.delimiter, strict=True)]
    if len(rows) > 1 or any("\n" in cell or "\r" in cell for cells in rows for cell in cells):
        raise csv.Error
    return rows[0] if rows else []


def _numbers(count: int, odd: list[tuple[int, str]], first_number: int) -> npt.NDArray[np.int32]:
    """The row numbers of the regular rows: all numbers but those of the odd rows."""
    if not odd:
        return np.arange(first_number, first_number + count, dtype=np.int32)
    everything = np.ones(count + len(odd), bool)
    everything[[number - 1 for number, _text in odd]] = False
    return np.flatnonzero(everything).astype(np.int32) + np.int32(first_number)


def _has_lone_mark(data: Data, start: int, delimiter: str) -> bool:
    """Whether a quotation mark stands between two characters that are neither delimiters nor line ends.

    Where cells are quoted as they should, none does: such marks stand at a cell's edge, or are doubled.
    """
    codes = np.frombuffer(data, np.uint8, offset=start)
    for place in range(0, len(codes), _CHUNK):
        part = codes[max(place - 1, 0) : place + _CHUNK + 1]
        mark = part == ord('"')
        edge = mark | (part == ord(delimiter)) | (part == ord("\r")) | (part == ord("\n"))
        if (mark[1:-1] & ~edge[:-2] & ~edge[2:]).any():
            return True
    return False


def _body_by_row(data: Data, form: _Form) -> Table:
    """The rows read one by one, so that each with broken quotation marks is known.

    Broken within its line, a row is at fault itself. A mark that opens a cell which no mark closes on
    that line may have swallowed the rows below: where they begin is anybody's guess, so it raises BadBytes.
    """
    lines: list[str] = []
    rows: list[list[str]] = []
    broken: list[int] = []

    def texts() -> Iterator[str]:
        for text, _end in _lines(data, form.codec):
            lines.append(text)
            yield text

    reader = csv.reader(texts(), delimiter=form.delimiter, strict=True)
    while True:
        lines.clear()
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error:
            row = next(csv.reader(lines[:1], delimiter=form.delimiter), [])
            if len(lines) != 1 or any("\n" in cell or "\r" in cell for cell in row):
                raise BadBytes(_unclosed(form.first_number + len(rows))) from None
            broken.append(len(rows))
        if any(_holds_row(cell, form) for cell in row):
            raise BadBytes(_unclosed(form.first_number + len(rows)))
        rows.append(_cut(row, form.width))
    table = table_of_rows(rows, form.first_number, form.width)
    table.faults[broken] = RowFault.MISQUOTED
    return table


def _holds_row(cell: str, form: _Form) -> bool:
    """Whether a cell has swallowed a row below it, as one with a lone quotation mark does.

    Then all delimiters of a row stand in one of its lines, or in its first and last line together. So
    may those of a list of pupils; but each export has a class or a date in its rows, and so a digit.
    """
    if "\n" not in cell and "\r" not in cell:
        return False
    first, *middle, last = [line.count(form.delimiter) for line in re.split("\r\n|\r|\n", cell)]
    wanted = form.width - 1
    return (first + last == wanted or wanted in middle) and any(letter.isdigit() for letter in cell)


def _unclosed(row: int) -> str:
    return _("row {row}: a quotation mark opens a cell and does not close it: double it, or remove it").format(row=row)
