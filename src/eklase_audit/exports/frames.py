"""From texts to a tidy frame: every distinct text is read once, every bad cell is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from eklase_audit.exports import values
from eklase_audit.exports.headings import Kind
from eklase_audit.exports.schema import ABOUT, holds
from eklase_audit.exports.settings import DEFAULTS, Alias, Settings
from eklase_audit.exports.table import RowFault
from eklase_audit.exports.texts import Column, Unreadable, split_list
from eklase_audit.journal import DataProblem, Sheet, State, categorical
from eklase_audit.moments import ALWAYS, DAY, NEVER, NO_DAY

# What stands at the end of a list of pupils that was too long for a print.
_CUT_OFF = ("…", "...")


class FrameBuilder:
    """Builds the frame of one kind from its joined columns, collecting data problems on the way."""

    def __init__(
        self,
        kind: Kind,
        columns: dict[str, Column],
        sheets: Sequence[Sheet],
        sheet_no: npt.NDArray[np.int32],
        row: npt.NDArray[np.int32],
        settings: Settings = DEFAULTS,
    ) -> None:
        self.kind = kind
        self.raw = columns
        self.columns = {meaning: column.cleaned for meaning, column in columns.items()}
        self.sheets = sheets
        self.sheet_no = sheet_no
        self.row = row
        self.settings = settings
        self.name_aliases = {alias.name: alias.to_name for alias in settings.aliases if alias.is_plain}
        self.sound = np.ones(len(row), bool)
        self.problems: list[DataProblem] = []
        self.lost = {meaning: rows for meaning, column in columns.items() if (rows := column.lost()).any()}

    def build(self, faults: npt.NDArray[np.int8]) -> pd.DataFrame:
        """The frame (see journal.py for its columns), given the faults of whole rows."""
        data: dict[str, Any] = {}
        about = ABOUT[self.kind.name]
        for meaning, rows in self.lost.items():
            self.fault(meaning, rows, values.LOST_CELL, fatal=meaning in self.kind.required)
        for meaning in self.kind.headings:
            what = holds(self.kind.name, meaning)
            reader: Callable[[str], dict[str, Any]] = getattr(self, f"_{what}")
            data.update(reader(meaning))
            if meaning in about:
                column = self.columns[meaning]
                self.fault(meaning, column.blank() & (column.codes >= 0), values.BLANK)
        if self.kind.name == "marks":
            self._marks(data)
        if "pupil" in data and "class" in data:
            self._with_row_aliases(data)
        self.fault(self.kind.required[-1], faults == RowFault.WIDE, values.TOO_WIDE)
        self.fault(self.kind.required[-1], faults == RowFault.MISQUOTED, values.MISQUOTED)
        return pd.DataFrame({**data, "sheet_no": self.sheet_no, "row": self.row, "sound": self.sound}, copy=False)

    def _marks(self, data: dict[str, Any]) -> None:
        """The cells that only some kinds of marks need."""
        kind = data["kind"]
        blank = {m: self.columns[m].blank() for m in ("date", "submitted_on", "period")}
        has = {m: self.columns[m].codes >= 0 for m in ("date", "submitted_on", "period")}
        formative, summative = np.asarray(kind == "formative"), np.asarray(kind == "summative")
        self.fault("date", formative & has["date"] & blank["date"], values.BLANK)
        neither = summative & blank["date"] & blank["submitted_on"]
        self.fault("date", neither & has["date"], values.BLANK)
        self.fault("submitted_on", neither & ~has["date"] & has["submitted_on"], values.BLANK)
        semester = np.asarray(kind == "semester")
        self.fault("period", semester & has["period"] & blank["period"], values.BLANK)
        self.fault("period", semester & (data["period"] == values.YEAR), values.BAD_SEMESTER)

    def fault(
        self,
        meaning: str,
        rows: npt.NDArray[np.bool_],
        reason: str,
        fill: tuple[tuple[str, str], ...] = (),
        *,
        fatal: bool = True,
    ) -> None:
        """Note a data problem for each flagged row; a fatal one lets the row owe nothing."""
        if not rows.any():
            return
        column = self.raw[meaning]
        # A cell of which a part is lost is told as that alone.
        told = rows if reason == values.LOST_CELL or meaning not in self.lost else rows & ~self.lost[meaning]
        for place in np.flatnonzero(told):
            sheet = self.sheets[self.sheet_no[place]]
            code = column.codes[place]
            self.problems.append(
                DataProblem(
                    sheet.file,
                    sheet.sheet,
                    int(self.row[place]),
                    sheet.headings.get(meaning, self.kind.heading(meaning)),
                    column.texts[code] if code >= 0 else "",
                    reason,
                    fill,
                )
            )
        if fatal:
            self.sound[rows] = False

    def _read(self, meaning: str, work: Callable[[str], Any], otherwise: Any) -> tuple[list[Any], Column]:
        """What `work` makes of each distinct text; `otherwise` where blank or unreadable (a data problem)."""
        column = self.columns[meaning]
        fatal = meaning in self.kind.required
        read: list[Any] = []
        bad: dict[tuple[str, tuple[tuple[str, str], ...]], list[int]] = {}
        for code, text in enumerate(column.texts):
            try:
                read.append(work(text) if text else otherwise)
            except Unreadable as fault:
                read.append(otherwise)
                bad.setdefault((fault.reason, fault.fill), []).append(code)
        for (reason, fill), codes in bad.items():
            self.fault(meaning, np.isin(column.codes, codes), reason, fill, fatal=fatal)
        return read, column

    def _text(self, meaning: str) -> dict[str, Any]:
        column = self.columns[meaning]
        return {meaning: categorical(column.codes, column.texts)}

    def _name(self, meaning: str) -> dict[str, Any]:
        column = self.columns[meaning]
        names = Column.of([self._own_name(text) for text in column.texts]).gather(column.codes)
        return {meaning: categorical(names.codes, names.texts)}

    def _own_name(self, name: str) -> str:
        """A name as the school wants it known: given name first, and by its alias."""
        if self.kind.name in self.settings.surname_first:
            name = given_name_first(name)
        return self.name_aliases.get(name, name)

    def _with_row_aliases(self, data: dict[str, Any]) -> None:
        """Let pupils who stand under an earlier name or class, or under another's name, be who they are."""
        for alias in self.settings.aliases:
            if alias.is_plain or not (mine := self._meant(alias, data)).any():
                continue
            data["pupil"] = pd.Categorical(pd.Series(data["pupil"]).astype(object).mask(mine, alias.to_name))
            if alias.to_class is not None:
                name, grade, _group = values.school_class(alias.to_class)
                data["class"] = pd.Categorical(pd.Series(data["class"]).astype(object).mask(mine, name))
                data["grade"] = np.where(mine, np.int8(grade), data["grade"])

    def _meant(self, alias: Alias, data: dict[str, Any]) -> npt.NDArray[np.bool_]:
        """The rows of the pupil that an alias is about. A condition on a column that is not there meets none."""
        mine = _equal(data["pupil"], alias.name)
        for meaning, wanted in (
            ("class", alias.class_),
            ("group", alias.group),
            ("subject_key", alias.subject),
            ("teacher", alias.teacher),
        ):
            if wanted is not None:
                told = data.get(meaning)
                mine &= False if told is None else _equal(told, wanted, values.group_key if meaning == "group" else str)
        if alias.phone is not None:
            phones = self.raw.get("pupil_phone", Column.absent(len(mine)))
            has = [alias.phone in values.phone_numbers(text) for text in phones.texts]
            mine &= phones.spread(has, False, bool)
        return mine

    def _subject(self, meaning: str) -> dict[str, Any]:
        column = self.columns[meaning]
        keys = Column.of([text.casefold() for text in column.texts]).gather(column.codes)
        return {
            meaning: categorical(column.codes, column.texts),
            f"{meaning}_key": categorical(keys.codes, keys.texts),
        }

    def _code(self, meaning: str) -> dict[str, Any]:
        column = self.columns[meaning]
        codes = Column.of([values.absence_code(text) for text in column.texts]).gather(column.codes)
        return {meaning: categorical(codes.codes, codes.texts)}

    def _class(self, meaning: str) -> dict[str, Any]:
        read, column = self._read(meaning, values.school_class, ("", 0, ""))
        names = Column.of([name for name, _grade, _group in read]).gather(column.codes)
        groups = Column.of([group for _name, _grade, group in read]).gather(column.codes)
        return {
            meaning: categorical(names.codes, names.texts),
            "grade": column.spread([grade for _name, grade, _group in read], 0, np.int8),
            "group": categorical(groups.codes, groups.texts),
        }

    def _classes(self, meaning: str) -> dict[str, Any]:
        """A list of classes, kept as one text of class names parted by ";"; an unreadable item is left out."""

        def names(raw: str) -> str:
            return ";".join(values.school_class(item)[0] for item in split_list(raw))

        def readable(raw: str) -> str:
            kept = []
            for item in split_list(raw):
                with suppress(Unreadable):
                    kept.append(values.school_class(item)[0])
            return ";".join(kept)

        self._read_raw(meaning, names)
        return self._list(meaning, readable)

    def _read_raw(self, meaning: str, work: Callable[[str], str]) -> None:
        """Tell the texts that `work` cannot read."""
        raw = self.raw[meaning]
        bad = []
        for code, text in enumerate(raw.texts):
            try:
                work(text)
            except Unreadable as fault:
                bad.append(code)
                reason = fault.reason
        if bad:
            self.fault(meaning, np.isin(raw.codes, bad), reason, fatal=False)

    def _list(self, meaning: str, names: Callable[[str], str]) -> dict[str, Any]:
        # The text as it stands in the file: its line breaks part the items.
        raw = self.raw[meaning]
        column = Column.of([names(text) for text in raw.texts]).gather(raw.codes)
        return {meaning: categorical(column.codes, column.texts)}

    def _pupils(self, meaning: str) -> dict[str, Any]:
        """A list of pupils, kept as one text of names parted by ";"."""
        cut_off = [raw.rstrip().endswith(_CUT_OFF) for raw in self.raw[meaning].texts]
        if any(cut_off):
            self.fault(meaning, self.raw[meaning].spread(cut_off, False, bool), values.CUT_OFF, fatal=False)
        return self._list(
            meaning,
            lambda raw: ";".join(self._own_name(name) for name in split_list(raw) if not name.endswith(_CUT_OFF)),
        )

    def _day(self, meaning: str) -> dict[str, Any]:
        read, column = self._read(meaning, values.day_of_stamp, NO_DAY)
        unreadable = column.spread(
            [bool(text) and value == NO_DAY for text, value in zip(column.texts, read, strict=True)],
            False,
            bool,
        )
        return {meaning: column.spread(read, NO_DAY, np.int32), f"{meaning}_unreadable": unreadable}

    def _lesson(self, meaning: str) -> dict[str, Any]:
        read, column = self._read(meaning, values.lesson, (-1, -1))
        return {
            meaning: column.spread([first for first, _last in read], -1, np.int16),
            f"{meaning}_last": column.spread([last for _first, last in read], -1, np.int16),
        }

    def _weekday(self, meaning: str) -> dict[str, Any]:
        read, column = self._read(meaning, values.weekday, -1)
        return {meaning: column.spread(read, -1, np.int8)}

    def _month(self, meaning: str) -> dict[str, Any]:
        read, column = self._read(meaning, values.month, -1)
        return {meaning: column.spread(read, -1, np.int32)}

    def _period(self, meaning: str) -> dict[str, Any]:
        read, column = self._read(meaning, values.period, 0)
        return {meaning: column.spread(read, 0, np.int8)}

    def _mark_kind(self, meaning: str) -> dict[str, Any]:
        read, column = self._read(meaning, lambda text: values.mark_kind(text, self.settings.mark_kinds), "other")
        kinds = column.spread([values.MARK_KINDS.index(kind) for kind in read], -1, np.int8)
        dtype: Any = pd.CategoricalDtype(list(values.MARK_KINDS))
        return {meaning: pd.Series(pd.Categorical.from_codes(kinds, dtype=dtype, validate=False))}

    def _stamp(self, meaning: str) -> dict[str, Any]:
        """A stamp is read as two parts, each worked once: 200 days and 1,440 minutes, not a million stamps."""
        column = self.columns[meaning]
        heads, tails = values.split_stamps(column)
        days = heads.spread(heads.each(_or_else(values.day, int(NO_DAY))), NO_DAY, np.int64)
        clocks = tails.spread(tails.each(_or_else(values.clock, -2)), -2, np.int64)
        no_clock = tails.blank()
        blank = heads.blank() & no_clock
        unreadable = ~blank & ((days == NO_DAY) | (~no_clock & (clocks == -2)))
        start = days * DAY
        first = np.where(no_clock, start, start + clocks)
        last = np.where(no_clock, start + DAY - 1, start + clocks)
        state = np.where(blank, State.BLANK, np.where(unreadable, State.UNREADABLE, State.GIVEN))
        first = np.where(state == State.GIVEN, first, np.where(unreadable, ALWAYS, NEVER))
        last = np.where(state == State.GIVEN, last, NEVER)
        if unreadable.any():
            self.fault(meaning, np.isin(column.codes, np.flatnonzero(unreadable)), values.BAD_STAMP, fatal=False)
        firsts = column.spread(first, NEVER, np.int64)
        return {
            meaning: firsts,
            # Where each stamp has a clock, as nearly always, these are the same moments, and one array.
            f"{meaning}_last": firsts if (first == last).all() else column.spread(last, NEVER, np.int64),
            f"{meaning}_state": column.spread(state, State.NO_COLUMN, np.int8),
        }


def _equal(texts: pd.Categorical[Any], wanted: str, work: Callable[[str], str] = str) -> npt.NDArray[np.bool_]:
    """The rows whose text is, worked once a distinct text, the one wanted."""
    same = [work(text) == wanted for text in texts.categories]
    return np.array([*same, False])[texts.codes]


def given_name_first(name: str) -> str:
    """Bērziņa Anna Marija, or "Bērziņa, Anna Marija", as Anna Marija Bērziņa."""
    surname, comma, given = name.partition(",")
    if not comma:
        surname, _space, given = name.partition(" ")
    return f"{given.strip()} {surname.strip()}".strip()


def _or_else(work: Callable[[str], int], otherwise: int) -> Callable[[str], int]:
    """The same work, with a value for what cannot be read."""

    def tried(text: str) -> int:
        try:
            return work(text)
        except Unreadable:
            return otherwise

    return tried
