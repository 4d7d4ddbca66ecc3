"""From paths to a Journal: read every file, join what is of one kind, count no row twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from eklase_audit.errors import ReadError
from eklase_audit.exports.charset import BadBytes
from eklase_audit.exports.delimited import read_delimited
from eklase_audit.exports.forms import value_forms
from eklase_audit.exports.frames import FrameBuilder
from eklase_audit.exports.headings import Header, Kind, OwnTable, Unplaced, school_kinds
from eklase_audit.exports.journal_frames import add_own_forms
from eklase_audit.exports.memory import Data, give_back
from eklase_audit.exports.opening import file_data, package_of
from eklase_audit.exports.own_forms import read_own_form
from eklase_audit.exports.packages import Package, fault_of_member
from eklase_audit.exports.paths import Found, is_readable, may_be_export
from eklase_audit.exports.settings import DEFAULTS, Settings
from eklase_audit.exports.summary import lost_marks, melted
from eklase_audit.exports.table import Fate, Fates, Table, data_rows
from eklase_audit.exports.texts import Column, without_codes
from eklase_audit.exports.versions import settle_versions
from eklase_audit.exports.workbook import read_workbook
from eklase_audit.i18n import _
from eklase_audit.journal import Journal, Sheet, Skipped
from eklase_audit.row_keys import row_keys, stands_twice

Progress = Callable[[str], None]
_FILLED = re.compile(rb"[^ \t\r\n\0\xef\xbb\xbf\xfe\xff]")


@dataclass
class _Piece:
    """One table of the journal with what is known of it; `fates` has one for each row of the file or sheet."""

    sheet: Sheet
    header: Header
    table: Table
    content: Any = None
    fates: Fates = field(default_factory=lambda: np.zeros(0, np.int8))


@dataclass
class _Outcome:
    """What came of one file."""

    pieces: list[_Piece] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)
    unplaced: list[tuple[str, str | None, Unplaced]] = field(default_factory=list)

    def add(self, other: _Outcome) -> None:
        """Add what came of a part of the file."""
        self.pieces += other.pieces
        self.skipped += other.skipped
        self.errors += other.errors
        self.unplaced += other.unplaced

    def fail(self, file: str, sheet: str | None, fault: Exception | str) -> _Outcome:
        """Add the error that a file or sheet cannot be read; one of no kind is kept, for a proposal."""
        self.errors.append(ReadError(file, sheet, str(fault)))
        if isinstance(fault, Unplaced):
            self.unplaced.append((file, sheet, fault))
        return self


def read_journal(
    files: Sequence[Found],
    progress: Progress = lambda name: None,
    settings: Settings = DEFAULTS,
    *,
    newest: bool = False,
    forms: bool = False,
) -> Journal:
    """Read all files. A file that cannot be read is an error in Journal.errors; the others are read.

    Raises AuditError where two of them are exports of different days, unless `newest` takes the later.
    With `forms` the forms of values are told too, which only an inspection shows.
    """
    journal = Journal()
    known = school_kinds(settings.headings)
    pieces: list[_Piece] = []
    for file in files:
        progress(file.name)
        outcome = _read_file(file, known)
        pieces += outcome.pieces
        journal.skipped += outcome.skipped
        journal.errors += outcome.errors
        journal.unplaced += outcome.unplaced
    journal.sheets = [piece.sheet for piece in pieces]
    for kind in known.values():
        if any(piece.header.kind is kind for piece in pieces):
            _join(journal, kind, pieces, settings, forms=forms)
    sizes = {number: len(piece.table.numbers) for number, piece in enumerate(pieces)}
    own = [(number, piece.content) for number, piece in enumerate(pieces) if piece.content is not None]
    sizes |= add_own_forms(journal, own, settings)
    for number, content in own:
        _account(journal.sheets[number], content.fates)
    settle_versions(journal, sizes, newest=newest)
    # The one place where data problems are freed of personal codes, whatever export they come from.
    journal.problems = [
        replace(p, column=without_codes(p.column), value=without_codes(p.value)) for p in journal.problems
    ]
    give_back()
    journal.problems.sort(key=lambda p: (p.file, p.sheet or "", p.row, p.column))
    return journal


def _read_file(file: Found, known: Mapping[str, Kind]) -> _Outcome:
    if file.is_folder and file.path.is_symlink():
        return _skip(file.name, _("a link to a folder is not followed: give the folder itself"))
    if not file.is_folder and not file.readable:
        return _skip(file.name, _NOT_READ())
    try:
        outcome = _read_bytes(file, file_data(file.path), known)
    except OwnTable:
        outcome = _skip(file.name, _OWN())
    except (BadBytes, Unplaced) as fault:
        return _Outcome().fail(file.name, None, fault)
    except MemoryError:
        return _Outcome().fail(file.name, None, _("it is too large for this computer's memory: split it"))
    if file.by_name and not outcome.pieces and not outcome.errors:
        # What would be skipped in a folder is an error where it was asked for.
        reasons = dict.fromkeys(skipped.reason for skipped in outcome.skipped)
        return _Outcome().fail(file.name, None, "; ".join(reasons) or _NO_TABLE())
    return outcome


def _skip(file: str, reason: str, sheet: str | None = None) -> _Outcome:
    return _Outcome(skipped=[Skipped(file, sheet, reason)])


def _told(file: Found, outcome: _Outcome) -> _Outcome:
    """What came of a file of several parts; one without any part is skipped, too, and not in silence."""
    return outcome if outcome.pieces or outcome.skipped or outcome.errors else _skip(file.name, _NO_TABLE())


def _NO_TABLE() -> str:  # noqa: N802 - a text that waits for its language
    return _("no table with headings of an export in it: give an export of E-klase")


def _OWN() -> str:  # noqa: N802 - as above
    return _("it is a report or a list of eklase-audit itself, and no export")


def _EMPTY() -> str:  # noqa: N802 - as above
    return _("the file is empty: export it anew")


def _NOT_READ() -> str:  # noqa: N802 - as above
    return _("files of this form are not read: save it as XLSX or CSV")


def _read_bytes(file: Found, data: Data, known: Mapping[str, Kind]) -> _Outcome:
    if not _FILLED.search(data):
        return _skip(file.name, _EMPTY())
    if package := package_of(data):
        read_package = _read_members if package.form == "zip" else _read_sheets
        return _told(file, read_package(file, package, data, known))
    read = read_delimited(data, file.kind, known)
    if read.header is None or read.table is None:
        return _skip(file.name, _NO_TABLE())
    sheet = _sheet(file.name, None, read.header, read.encoding, read.delimiter)
    return _Outcome([_Piece(sheet, read.header, read.table)])


def _read_members(file: Found, package: Package, _data: Data, known: Mapping[str, Kind]) -> _Outcome:
    """What is in an archive, each member as a file of the archive's folder. One at fault stops no other."""
    outcome = _Outcome()
    members = [
        member
        for member in package.members
        if may_be_export(re.split(r"[/\\]", member.filename)[-1]) and not member.filename.startswith("__MACOSX/")
    ]
    counts = Counter(member.filename for member in members)
    for member in members:
        name = f"{file.name}/{member.filename}"
        try:
            if fault := fault_of_member(member):
                raise BadBytes(fault)
            if counts[member.filename] > 1:
                raise BadBytes(_("the archive holds several files of this name: pack it anew"))
            if not is_readable(member.filename) or member.filename.lower().endswith(".zip"):
                outcome.add(_skip(name, _NOT_READ()))
                continue
            # A kind that the user gave to an archive is meant for its one file.
            inner = replace(file, name=name, by_name=False, kind=file.kind if len(members) == 1 else None)
            outcome.add(_read_bytes(inner, package.read(member), known))
        except OwnTable:
            outcome.add(_skip(name, _OWN()))
        except (BadBytes, Unplaced) as problem:
            outcome.fail(name, None, problem)
    return outcome


def _read_sheets(file: Found, package: Package, data: Data, known: Mapping[str, Kind]) -> _Outcome:
    outcome, own = _Outcome(), False
    for read in read_workbook(package, data, file.kind, known, read_own_form):
        name = without_codes(read.name)
        if read.fault:
            outcome.fail(file.name, name, read.unplaced or read.fault)
        elif read.header is None or read.table is None:
            own |= read.is_own
            outcome.add(_skip(file.name, _OWN() if read.is_own else _NO_TABLE(), name))
        else:
            sheet = _sheet(file.name, name, read.header, None, None)
            sheet.hidden, sheet.hidden_rows = read.hidden, read.hidden_rows
            outcome.pieces.append(_Piece(sheet, read.header, read.table, read.content))
    if own and not outcome.pieces and not outcome.errors:
        # A report of the tool itself: its sheets are not told one by one.
        return _skip(file.name, _OWN())
    fitting = [piece for piece in outcome.pieces if piece.header.kind.name == file.kind]
    if file.kind and outcome.pieces and not fitting and not outcome.errors:
        raise BadBytes(_("no sheet of it has the headings of {kind}").format(kind=file.kind))
    return outcome


def _sheet(file: str, name: str | None, header: Header, encoding: str | None, delimiter: str | None) -> Sheet:
    return Sheet(
        file,
        name,
        header.kind.name,
        encoding,
        delimiter,
        header.row + 1,
        header.headings,
        header_columns(header),
    )


def header_columns(header: Header) -> tuple[tuple[str, str | None], ...]:
    """Each column of a header: its heading, and what it means (None: it is ignored)."""
    meanings = {column: meaning for meaning, column in header.columns.items()}
    meanings |= {column: f"{subject} · {part}" for column, subject, part in header.wide}
    width = max([len(header.cells), *(column + 1 for column in meanings)])
    words = {column: header.headings.get(meaning, "") for column, meaning in meanings.items()}
    cells = [*header.cells, *[""] * (width - len(header.cells))]
    return tuple((cell or words.get(n, ""), meanings.get(n)) for n, cell in enumerate(cells) if cell or n in meanings)


def _join(journal: Journal, kind: Kind, all_pieces: Sequence[_Piece], settings: Settings, *, forms: bool) -> None:
    """Add the frame of one kind, from all its tables."""
    numbered = [(number, piece) for number, piece in enumerate(all_pieces) if piece.header.kind is kind]
    pieces = [piece for _number, piece in numbered]
    for piece in pieces:
        piece.table, piece.fates = data_rows(piece.table, piece.header)
    columns = {
        meaning: Column.join([_column(piece, piece.header.columns.get(meaning)) for piece in pieces])
        for meaning in kind.headings
    }
    numbers = np.array([number for number, _piece in numbered], np.int32)
    sheet_no = np.repeat(numbers, [len(p.table.numbers) for p in pieces])
    rows = np.concatenate([piece.table.numbers for piece in pieces])
    faults = np.concatenate([piece.table.faults for piece in pieces])
    cells = _wide_cells(pieces)
    repeated = np.zeros(len(rows), bool)
    if len(pieces) > 1:
        once, repeated = _counted_once([*columns.values(), *cells.values()], sheet_no)
        again = np.ones(len(rows), bool)
        again[once] = False
        for piece, here in _by_piece(numbered, sheet_no):
            piece.fates[rows[here][again[here]] - 1] = Fate.REPEAT
        if again.any():
            columns = {meaning: column[once] for meaning, column in columns.items()}
            cells = {key: column[once] for key, column in cells.items()}
            sheet_no, rows, faults = sheet_no[once], rows[once], faults[once]
    builder = FrameBuilder(kind, columns, journal.sheets, sheet_no, rows, settings)
    frame = builder.build(faults)
    frame["repeated"] = repeated
    if forms:
        journal.forms |= value_forms(kind, columns, sheet_no)
    problems = [*builder.problems, *lost_marks(journal, cells, sheet_no, rows)]
    problem_counts = Counter((problem.file, problem.sheet) for problem in problems)
    unsound = ~frame["sound"].to_numpy()
    for piece, here in _by_piece(numbered, sheet_no):
        piece.fates[rows[here][unsound[here]] - 1] = Fate.UNREADABLE
        piece.sheet.data_problems = problem_counts[piece.sheet.file, piece.sheet.sheet]
        _account(piece.sheet, piece.fates)
    if cells:
        years = {number: piece.header.school_year or -1 for number, piece in numbered}
        frame["school_year"] = frame["sheet_no"].map(years).astype(np.int32)
        frame = melted(frame, cells)
    journal.frames[kind.name] = frame
    journal.columns[kind.name] = {meaning for piece in pieces for meaning in piece.header.columns}
    journal.problems += problems


def _by_piece(
    numbered: Sequence[tuple[int, _Piece]], sheet_no: npt.NDArray[np.int32]
) -> Iterator[tuple[_Piece, slice]]:
    """The pieces, each with where its rows stand among all, which are in the pieces' order."""
    for number, piece in numbered:
        first, end = np.searchsorted(sheet_no, [number, number + 1])
        yield piece, slice(int(first), int(end))


def _account(sheet: Sheet, fates: Fates) -> None:
    """Tell in a sheet what became of all its rows."""
    counts = np.bincount(fates, minlength=len(Fate))
    sheet.fates = {fate.name.lower(): int(counts[fate]) for fate in Fate}
    sheet.rows = sheet.fates["unreadable"] + sheet.fates["audited"]


def _column(piece: _Piece, place: int | None) -> Column:
    return Column.absent(len(piece.table.numbers)) if place is None else piece.table.columns[place]


def _counted_once(
    columns: Sequence[Column], sheet_no: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """The rows to keep, so that a row whose texts all stand in an earlier table too counts once.

    And, for each of these, whether it stands in another table too.
    """
    codes = [column.cleaned.codes for column in columns]
    # Nearly all rows stand nowhere else, and need no closer look.
    places = np.flatnonzero(stands_twice(codes))
    same, _span = row_keys([column[places] for column in codes])
    within = pd.Series(same).groupby([same, sheet_no[places]]).cumcount().to_numpy()
    rows = pd.DataFrame({"same": same, "within": within})
    kept, repeated = np.ones(len(sheet_no), bool), np.zeros(len(sheet_no), bool)
    kept[places] = ~rows.duplicated().to_numpy()
    repeated[places] = rows.duplicated(keep=False).to_numpy()
    once = np.flatnonzero(kept)
    return once, repeated[once]


def _wide_cells(pieces: Sequence[_Piece]) -> dict[tuple[str, str], Column]:
    """The columns of marks of all summaries, by subject and period text; none for other kinds."""
    # Of two columns with the same headings the left one is it.
    places = [{(subject, part): column for column, subject, part in reversed(p.header.wide)} for p in pieces]
    keys = dict.fromkeys(key for there in places for key in reversed(there))
    return {
        key: Column.join([_column(piece, there.get(key)) for piece, there in zip(pieces, places, strict=True)])
        for key in keys
    }
