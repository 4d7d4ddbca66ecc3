"""From paths to a Journal: read every file, join what is of one kind, count no row twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from eklase_audit.errors import AuditError, ReadError
from eklase_audit.exports import values
from eklase_audit.exports.delimited import BadBytes, read_delimited
from eklase_audit.exports.forms import value_forms
from eklase_audit.exports.frames import FrameBuilder
from eklase_audit.exports.headings import Header, Kind, Unplaced, school_kinds
from eklase_audit.exports.journal_frames import add_own_forms
from eklase_audit.exports.own_forms import read_own_form
from eklase_audit.exports.paths import Found
from eklase_audit.exports.settings import DEFAULTS, Settings
from eklase_audit.exports.table import Table, without_blanks_and_footer
from eklase_audit.exports.texts import Column, without_codes
from eklase_audit.exports.versions import settle_versions
from eklase_audit.exports.workbook import read_workbook
from eklase_audit.i18n import _
from eklase_audit.journal import Journal, Sheet, Skipped, categorical

Progress = Callable[[str], None]
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass
class _Piece:
    """One table of the journal with what is known of it."""

    sheet: Sheet
    header: Header
    table: Table
    content: Any = None


def read_journal(
    files: Sequence[Found],
    progress: Progress = lambda name: None,
    settings: Settings = DEFAULTS,
    *,
    newest: bool = False,
) -> Journal:
    """Read all files. A file that cannot be read is an error in Journal.errors; the others are read.

    Raises AuditError where two of them are exports of different days, unless `newest` takes the later.
    """
    journal = Journal()
    known = school_kinds(settings.headings)
    pieces: list[_Piece] = []
    for file in files:
        progress(file.name)
        try:
            pieces += _read_file(file, journal, known)
        except AuditError as error:
            journal.errors.append(error)
    journal.sheets = [piece.sheet for piece in pieces]
    for kind in known.values():
        if any(piece.header.kind is kind for piece in pieces):
            _join(journal, kind, pieces, settings)
    sizes = {number: len(piece.table.numbers) for number, piece in enumerate(pieces)}
    own = [(number, piece.content) for number, piece in enumerate(pieces) if piece.content is not None]
    sizes |= add_own_forms(journal, own, settings)
    settle_versions(journal, sizes, newest=newest)
    # The one place where data problems are freed of personal codes, whatever export they come from.
    journal.problems = [replace(p, column=without_codes(p.column), value=without_codes(p.value))
                        for p in journal.problems]
    journal.problems.sort(key=lambda p: (p.file, p.sheet or "", p.row, p.column))
    return journal


def _read_file(file: Found, journal: Journal, known: Mapping[str, Kind]) -> list[_Piece]:
    if not file.readable:
        journal.skipped.append(Skipped(file.name, None, _("files of this form are not read: save it as XLSX or CSV")))
        return []
    try:
        data = file.path.read_bytes()
    except OSError:
        raise ReadError(file.name, None, _("it cannot be opened: check its access rights")) from None
    try:
        pieces = _read_bytes(file, data, journal, known)
    except (BadBytes, Unplaced) as fault:
        if isinstance(fault, Unplaced):
            journal.unplaced.append((file.name, None, fault))
        raise ReadError(file.name, None, str(fault)) from None
    if not pieces and file.by_name and not _has_fault(journal, file):
        # What would be skipped in a folder is an error where it was asked for.
        reasons = dict.fromkeys(skipped.reason for skipped in journal.skipped if skipped.file == file.name)
        journal.skipped = [skipped for skipped in journal.skipped if skipped.file != file.name]
        raise ReadError(file.name, None, "; ".join(reasons) or _NO_TABLE())
    return pieces


def _has_fault(journal: Journal, file: Found) -> bool:
    return any(isinstance(error, ReadError) and error.file == file.name for error in journal.errors)


def _NO_TABLE() -> str:  # noqa: N802 - a text that waits for its language
    return _("no table with headings of an export in it: give an export of E-klase")


def _EMPTY() -> str:  # noqa: N802 - as above
    return _("the file is empty: export it anew")


def _read_bytes(file: Found, data: bytes, journal: Journal, known: Mapping[str, Kind]) -> list[_Piece]:
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf\xfe\xff"):
        journal.skipped.append(Skipped(file.name, None, _EMPTY()))
        return []
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise BadBytes(_("it is protected by a password: save it without one"))
        raise BadBytes(_("it is a workbook of the old .xls form: save it as .xlsx"))
    if data.startswith(b"PK\x03\x04"):
        return _workbook_pieces(file, data, journal, known)
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<?xml", b"<meta")):
        raise BadBytes(_("it is a web page, whatever its name says: open it in a spreadsheet and save it as XLSX"))
    read = read_delimited(data, file.kind, known)
    if read.header is None or read.table is None:
        journal.skipped.append(Skipped(file.name, None, _NO_TABLE()))
        return []
    sheet = _sheet(file.name, None, read.header, read.encoding, read.delimiter)
    return [_Piece(sheet, read.header, read.table)]


def _workbook_pieces(file: Found, data: bytes, journal: Journal, known: Mapping[str, Kind]) -> list[_Piece]:
    pieces = []
    for read in read_workbook(data, file.kind, known, read_own_form):
        name = without_codes(read.name)
        if read.fault:
            journal.errors.append(ReadError(file.name, name, read.fault))
            if read.unplaced:
                journal.unplaced.append((file.name, name, read.unplaced))
        elif read.header is None or read.table is None:
            journal.skipped.append(Skipped(file.name, name, _NO_TABLE()))
        else:
            sheet = _sheet(file.name, name, read.header, None, None)
            pieces.append(_Piece(sheet, read.header, read.table, read.content))
    fitting = [piece for piece in pieces if piece.header.kind.name == file.kind]
    if file.kind and pieces and not fitting and not _has_fault(journal, file):
        raise BadBytes(_("no sheet of it has the headings of {kind}").format(kind=file.kind))
    return pieces


def _sheet(file: str, name: str | None, header: Header, encoding: str | None, delimiter: str | None) -> Sheet:
    return Sheet(file, name, header.kind.name, encoding, delimiter, header.row + 1, header.headings, columns=header_columns(header))


def header_columns(header: Header) -> tuple[tuple[str, str | None], ...]:
    """Each column of a header: its heading, and what it means (None: it is ignored)."""
    meanings = {column: meaning for meaning, column in header.columns.items()}
    meanings |= {column: f"{subject} · {part}" for column, subject, part in header.wide}
    width = max([len(header.cells), *(column + 1 for column in meanings)])
    cells = [*header.cells, *[""] * (width - len(header.cells))]
    return tuple((cell, meanings.get(n)) for n, cell in enumerate(cells) if cell or n in meanings)


def _join(journal: Journal, kind: Kind, all_pieces: Sequence[_Piece], settings: Settings) -> None:
    """Add the frame of one kind, from all its tables."""
    numbered = [(number, piece) for number, piece in enumerate(all_pieces) if piece.header.kind is kind]
    pieces = [piece for _number, piece in numbered]
    for piece in pieces:
        piece.table = without_blanks_and_footer(piece.table, piece.header)
    columns = {
        meaning: Column.join([_column(piece, piece.header.columns.get(meaning)) for piece in pieces])
        for meaning in kind.headings
    }
    sheet_no = np.repeat([number for number, _piece in numbered], [len(p.table.numbers) for p in pieces])
    sheet_no = sheet_no.astype(np.int32)
    rows = np.concatenate([piece.table.numbers for piece in pieces])
    wide = np.concatenate([piece.table.too_wide for piece in pieces])
    cells = _wide_cells(pieces)
    repeated = np.zeros(len(rows), bool)
    if len(pieces) > 1:
        once, repeated = _counted_once([*columns.values(), *cells.values()], sheet_no)
        columns = {meaning: column[once] for meaning, column in columns.items()}
        cells = {key: column[once] for key, column in cells.items()}
        sheet_no, rows, wide = sheet_no[once], rows[once], wide[once]
    builder = FrameBuilder(kind, columns, journal.sheets, sheet_no, rows, settings)
    frame = builder.build(wide)
    frame["repeated"] = repeated
    journal.forms |= value_forms(kind, columns, sheet_no)
    for number, piece in numbered:
        sheet = piece.sheet
        sheet.rows = int((sheet_no == number).sum())
        sheet.data_problems = sum(p.file == sheet.file and p.sheet == sheet.sheet for p in builder.problems)
    if cells:
        years = {number: piece.header.school_year or -1 for number, piece in numbered}
        frame["school_year"] = frame["sheet_no"].map(years).astype(np.int32)
        frame = _melted(frame, cells)
    journal.frames[kind.name] = frame
    journal.columns[kind.name] = {meaning for piece in pieces for meaning in piece.header.columns}
    journal.problems += builder.problems


def _column(piece: _Piece, place: int | None) -> Column:
    return Column.absent(len(piece.table.numbers)) if place is None else piece.table.columns[place]


def _counted_once(columns: Sequence[Column], sheet_no: npt.NDArray[np.int32]
                  ) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """The rows to keep, so that a row whose texts all stand in an earlier table too counts once.

    And, for each of these, whether it stands in another table too.
    """
    same = np.zeros(len(sheet_no), np.int64)
    for column in columns:
        texts = column.cleaned()
        same = pd.factorize(same * (len(texts.texts) + 1) + texts.codes + 1)[0].astype(np.int64)
    within = pd.Series(same).groupby([same, sheet_no]).cumcount().to_numpy()
    rows = pd.DataFrame({"same": same, "within": within})
    once = np.flatnonzero(~rows.duplicated().to_numpy())
    return once, rows.duplicated(keep=False).to_numpy()[once]


def _wide_cells(pieces: Sequence[_Piece]) -> dict[tuple[str, str], Column]:
    """The columns of marks of all summaries, by subject and period text; none for other kinds."""
    # Of two columns with the same headings the left one is it.
    places = [{(subject, part): column for column, subject, part in reversed(p.header.wide)} for p in pieces]
    keys = dict.fromkeys(key for there in places for key in reversed(there))
    return {
        key: Column.join([_column(piece, there.get(key)) for piece, there in zip(pieces, places, strict=True)])
        for key in keys
    }


def _melted(frame: pd.DataFrame, cells: dict[tuple[str, str], Column]) -> pd.DataFrame:
    """A summary as one row a mark: its pupil's columns, subject, period (1, 2 or YEAR) and mark."""
    parts = []
    for (subject, part), column in cells.items():
        column = column.cleaned()
        here = ~column.blank()
        piece = frame[here].copy()
        piece["subject"] = subject
        piece["subject_key"] = subject.casefold()
        piece["period"] = np.int8(values.period(part))
        piece["mark"] = pd.Series(column.texts, dtype=object).to_numpy()[column.codes[here]]
        parts.append(piece)
    joined = pd.concat(parts, ignore_index=True)
    for name in ("subject", "subject_key", "mark"):
        codes, texts = pd.factorize(joined[name].to_numpy(object))
        joined[name] = categorical(codes.astype(np.int32), list(texts))
    return joined
