"""The Journal: what was read, one tidy frame a kind, with no trace of file formats.

Frames are pandas data frames with one line an entry. Columns, by the way their meaning is read
(see exports/schema.py):

- texts are Categorical; NaN means that the row's file has no such column, "" is a blank cell;
- days are int32 day numbers, NO_DAY where blank or unreadable;
- a stamp `x` is three columns: `x` and `x_last` (first and last moment, int64; ALWAYS/NEVER for
  an unreadable one) and `x_state` (see State);
- `lesson` is int16, -1 where there is none;
- `class` is "12.b" (Categorical), `grade` int8, `group` what follows the class;
- `subject_key` is the subject without its case, for comparison;
- `sound` is False where the row has a fault that lets it owe nothing;
- `repeated` is True where the same row stands in another table too (it counts once);
- `sheet_no` (index into Journal.sheets) and `row` tell where the entry stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from eklase_audit.lazy import np, npt, pd
from eklase_audit.moments import ALWAYS, NEVER, Flags, Interval

# The kind of the sheets of E-klase's own workbook, and the kinds in whose frames their rows stand.
WORKBOOK = "journal"
WORKBOOK_KINDS = ("lessons", "marks", "absences")
# What a row of it can yield: a lesson with formative or summative marks, or marks of another kind.
LESSON_YIELDS = (
    "formative", "summative", "semester-1", "semester-2", "annual", "final", "combined", "reexam", "other",
)  # fmt: skip
# Frames like those of contacts and workloads, from E-klase's own workbook and pupil list.
PUPIL_STAND_IN, WORKLOAD_STAND_IN = STAND_INS = ("journal_pupils", "journal_workloads")


class State(IntEnum):
    """What stands in a cell that says when something was done."""

    NO_COLUMN = -1
    BLANK = 0
    GIVEN = 1
    UNREADABLE = 2


@dataclass
class Sheet:
    """One table that was read: a CSV file, or a sheet of a workbook.

    `headings` are the file's words by meaning, `columns` all its headings with their meaning (None: ignored).
    `fates` tell what became of its rows: title, header, blank, footer, other (in E-klase's own workbook: no entry
    of the journal), repeat (it stands in another file too), unreadable (it owes nothing because of a data problem)
    and audited add up to all rows of the file or sheet; `rows` are the last two. `hidden` and `hidden_rows` tell
    what a spreadsheet would not show.
    """

    file: str
    sheet: str | None
    kind: str
    encoding: str | None
    delimiter: str | None
    header_row: int
    headings: dict[str, str]
    columns: tuple[tuple[str, str | None], ...] = ()
    rows: int = 0
    data_problems: int = 0
    fates: dict[str, int] = field(default_factory=dict)
    hidden: bool = False
    hidden_rows: int = 0

    @property
    def other_rows(self) -> int:
        """Rows of E-klase's own workbook that are no entries of the journal, and so are left out."""
        return self.fates.get("other", 0)


@dataclass(frozen=True)
class Skipped:
    """A file or sheet that holds no table, and why it was passed over."""

    file: str
    sheet: str | None
    reason: str


@dataclass(frozen=True)
class DataProblem:
    """A cell that could not be read. `reason` is a message id, `fill` what goes into it."""

    file: str
    sheet: str | None
    row: int
    column: str
    value: str
    reason: str
    fill: tuple[tuple[str, str], ...] = ()


@dataclass
class Journal:
    """All that was read: frames by kind, and an account of files, sheets and problems.

    `columns` are, by kind, the meanings for which some file has a column, E-klase's own workbook
    aside; `unplaced` the tables whose kind could not be told (file, sheet, the Unplaced with its
    nearest kinds); `forms` the forms of values by sheet number and meaning (see exports/forms.py).
    """

    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    columns: dict[str, set[str]] = field(default_factory=dict)
    sheets: list[Sheet] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    problems: list[DataProblem] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)
    unplaced: list[tuple[str, str | None, Any]] = field(default_factory=list)
    forms: dict[tuple[int, str], Counter[str]] = field(default_factory=dict)

    def names(self, column: str) -> list[str]:
        """The texts that a column (class, teacher, class_teacher) holds in all kinds, in order.

        Events are left out: who answers for them may be no teacher.
        """
        names = {
            str(name)
            for kind, frame in self.frames.items()
            if column in frame and kind != "events"
            for name in frame[column].cat.categories
        }
        return sorted(names - {""})

    def has(self, kind: str, columns: Iterable[str] = ()) -> bool:
        """Whether a kind was read, and some file of it has each of the columns (meanings)."""
        return kind in self.frames and set(columns) <= self.columns.get(kind, set())

    def rows(self, kind: str) -> pd.DataFrame:
        """The sound rows of a kind that is there."""
        frame = self.frames[kind]
        return kept(frame, frame["sound"].to_numpy())

    def export_rows(self, kind: str) -> pd.DataFrame:
        """The sound rows of a kind without those of E-klase's own workbook, which tells no times of entry."""
        rows = self.rows(kind)
        of_workbook = np.array([sheet.kind == WORKBOOK for sheet in self.sheets])
        return kept(rows, ~of_workbook[rows["sheet_no"].to_numpy()])

    def has_sheet(self, kind: str) -> bool:
        """Whether some file or sheet is of this very kind."""
        return any(sheet.kind == kind for sheet in self.sheets)


@dataclass(frozen=True)
class Stamps:
    """One stamp column of a frame: when, and what stood in the cell."""

    when: Interval
    state: np.ndarray

    @property
    def has_column(self) -> Flags:
        """Rows whose file has the column."""
        return np.asarray(self.state != State.NO_COLUMN)

    @property
    def filled(self) -> Flags:
        """Rows whose cell is not blank, readable or not."""
        return np.asarray(self.state > State.BLANK)

    @property
    def given(self) -> Flags:
        """Rows with a readable stamp."""
        return np.asarray(self.state == State.GIVEN)

    @property
    def unreadable(self) -> Flags:
        """Rows with a stamp that cannot be read."""
        return np.asarray(self.state == State.UNREADABLE)

    def otherwise(self, other: Stamps) -> Stamps:
        """This stamp, and where its cell is blank or absent, the other one."""
        mine = self.filled
        return Stamps(
            Interval(
                np.where(mine, self.when.first, other.when.first),
                np.where(mine, self.when.last, other.when.last),
            ),
            np.where(mine, self.state, other.state),
        )

    def done(self, there: Flags) -> Interval:
        """When what is `there` was done: at its stamp; at an unknown time if it has none."""
        return Interval(
            np.where(there, np.where(self.given, self.when.first, ALWAYS), NEVER),
            np.where(there & self.given, self.when.last, NEVER),
        )


def stamps(frame: pd.DataFrame, column: str) -> Stamps:
    """The stamp column of that name."""
    return Stamps(
        Interval(frame[column].to_numpy(), frame[f"{column}_last"].to_numpy()),
        frame[f"{column}_state"].to_numpy(),
    )


def categorical(codes: npt.NDArray[Any], texts: Sequence[str]) -> pd.Categorical[Any]:
    """A Categorical from codes into distinct texts (-1: NaN), without checking what is known to hold."""
    dtype: Any = pd.CategoricalDtype(pd.Index(list(texts), dtype=object))
    return pd.Categorical.from_codes(codes, dtype=dtype, validate=False)


def coded(column: Any) -> tuple[npt.NDArray[Any], list[Any]]:
    """A column as a code a cell into its distinct texts, and these; -1 for no text."""
    if isinstance(getattr(column, "dtype", None), pd.CategoricalDtype):
        texts = pd.Categorical(column)
        return texts.codes, texts.categories.tolist()
    codes, distinct = pd.factorize(np.asarray(column, dtype=object))
    return codes, distinct.tolist()


def together(columns: Sequence[Any]) -> tuple[npt.NDArray[np.int32], list[Any]]:
    """Columns of texts, one below the other, as `coded` has one: each distinct text has one code in all."""
    # By distinct texts, not by rows: a million rows have a few hundred of them.
    places: dict[Any, int] = {}
    codes = []
    for column in columns:
        own, texts = coded(column)
        codes.append(np.array([*(places.setdefault(text, len(places)) for text in texts), -1], np.int32)[own])
    return np.concatenate(codes), list(places)


def filled(texts: pd.Series) -> Flags:
    """Cells that hold a text: neither blank nor of a column that is absent."""
    blank = np.array([text == "" for text in texts.cat.categories] + [True])
    return np.asarray(~blank[texts.cat.codes.to_numpy()])


def kept(frame: pd.DataFrame, flags: Flags) -> pd.DataFrame:
    """The flagged rows of a frame: the frame itself, uncopied, where that is all of them."""
    return frame if flags.all() else frame[flags]


def stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Frames with the same columns, one below the other; their texts stay Categorical."""
    columns: dict[str, Any] = {}
    for name in frames[0]:
        cells = [frame[name] for frame in frames]
        if isinstance(cells[0].dtype, pd.CategoricalDtype):
            columns[str(name)] = categorical(*together(cells))
        else:
            columns[str(name)] = np.concatenate([c.to_numpy() for c in cells])
    return pd.DataFrame(columns, copy=False)
