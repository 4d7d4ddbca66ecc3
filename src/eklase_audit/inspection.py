"""How each file was understood, for people who wonder why something was or was not audited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pandas as pd

from eklase_audit.clauses import CHECKS
from eklase_audit.exports.headings import Kind, Match, Unplaced, fold_heading, kinds, misspelling
from eklase_audit.exports.journal_workbook import NOT_READ
from eklase_audit.exports.namesakes import namesakes
from eklase_audit.exports.own_forms import OWN_TITLES
from eklase_audit.exports.schema import holds
from eklase_audit.findings import class_key
from eklase_audit.i18n import _, collation_key
from eklase_audit.journal import WORKBOOK, WORKBOOK_KINDS, Journal, Sheet, State
from eklase_audit.moments import NO_DAY, to_date, to_datetime
from eklase_audit.needs import missing
from eklase_audit.regulation import Regulation


@dataclass(frozen=True)
class InspectedSheet:
    """One table: how it was understood, and what it holds.

    `columns`: (heading, what it means or None); `problems`: (column, message id, fill) by how often,
    the commonest first; `exported`: the newest stamp in it, which an export cannot be older than;
    `serves`: the checks it gives rows to; `remarks`: what the school may want to look at, though no cell is wrong.
    """

    sheet: Sheet
    title: str
    columns: tuple[tuple[str, str | None], ...]
    forms: dict[str, Counter[str]]
    problems: list[tuple[tuple[str, str, tuple[tuple[str, str], ...]], int]]
    period: tuple[date, date] | None
    classes: tuple[str, ...]
    teachers: tuple[str, ...]
    exported: datetime | date | None
    serves: tuple[str, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inspection:
    """All tables, and for each check of the regulation what it lacks ("" = it can be made)."""

    journal: Journal
    sheets: tuple[InspectedSheet, ...]
    checks: dict[str, str]


def inspect_journal(journal: Journal, regulation: Regulation) -> Inspection:
    """Inspect all that was read, for what the regulation asks."""
    sheets = tuple(_sheet(journal, number, sheet, regulation) for number, sheet in enumerate(journal.sheets))
    return Inspection(journal, sheets, {rule.id: missing(CHECKS[rule.name], journal) for rule in regulation.checks})


def _sheet(journal: Journal, number: int, sheet: Sheet, regulation: Regulation) -> InspectedSheet:
    # The rows of E-klase's own workbook stand in the frames of three kinds; its lessons speak for them here.
    of_workbook = sheet.kind == WORKBOOK
    name = "lessons" if of_workbook else sheet.kind
    kind = kinds().get(name)
    frame = journal.frames.get(name, pd.DataFrame())
    mine = frame[frame["sheet_no"].to_numpy() == number] if len(frame) else frame
    problems = Counter(
        (p.column, p.reason, p.fill) for p in journal.problems if (p.file, p.sheet) == (sheet.file, sheet.sheet)
    )
    forms = {
        sheet.headings.get(meaning, meaning): counter
        for (place, meaning), counter in journal.forms.items()
        if place == number
    }
    serves = tuple(
        rule.id
        for rule in regulation.checks
        if any(
            (set(WORKBOOK_KINDS) & set(need.kinds) and not need.columns)
            if of_workbook
            else sheet.kind in need.kinds and (not need.columns or set(need.columns) & set(sheet.headings))
            for need in CHECKS[rule.name].needs
        )
    )
    return InspectedSheet(
        sheet,
        OWN_TITLES.get(sheet.kind) or (kind.title if kind else sheet.kind),
        tuple(
            (heading, None if of_workbook and meaning in NOT_READ else _meaning(kind, meaning))
            for heading, meaning in sheet.columns
        ),
        forms,
        problems.most_common(),
        _period(mine, kind),
        _names(mine, ("class",)),
        _names(mine, ("teacher", "class_teacher", "responsible")),
        _newest(mine, kind),
        serves,
        tuple(_namesake_text(*who) for who in namesakes(frame, number)) if name == "contacts" and len(frame) else (),
    )


def _namesake_text(pupil: str, class_: str, rows: Sequence[int]) -> str:
    return _(
        "two pupils of one name? {pupil}, {class_}: the pupil's phones differ (rows: {rows}); "
        "[[aliases]] with phone tells them apart"
    ).format(pupil=pupil, class_=class_, rows=", ".join(map(str, rows)))


def _meaning(kind: Kind | None, meaning: str | None) -> str | None:
    if meaning is None or kind is None:
        return None
    return kind.heading(meaning) if meaning in kind.headings else meaning


def _names(frame: pd.DataFrame, columns: tuple[str, ...]) -> tuple[str, ...]:
    names = {str(name) for column in columns if column in frame for name in frame[column].dropna().unique()}
    return tuple(sorted(names - {""}, key=class_key if columns == ("class",) else collation_key))


def _period(frame: pd.DataFrame, kind: Kind | None) -> tuple[date, date] | None:
    """The first and the last day in the columns of days that say what rows are about."""
    days = [
        frame[m].to_numpy()
        for m in (kind.headings if kind else ())
        if m in frame and m in ("date", "submitted_on", "from") and holds(kind.name if kind else "", m) == "day"
    ]
    known = np.concatenate(days) if days else np.array([], np.int32)
    known = known[known != NO_DAY]
    return (to_date(known.min()), to_date(known.max())) if len(known) else None


def _newest(frame: pd.DataFrame, kind: Kind | None) -> datetime | date | None:
    newest = [
        max(
            zip(
                frame[meaning].to_numpy()[given].tolist(),
                frame[f"{meaning}_last"].to_numpy()[given].tolist(),
                strict=True,
            )
        )
        for meaning in (kind.headings if kind else ())
        if meaning in frame
        and holds(kind.name if kind else "", meaning) == "stamp"
        and (given := frame[f"{meaning}_state"].to_numpy() == State.GIVEN).any()
    ]
    if not newest:
        return None
    first, last = max(newest)
    return to_datetime(first) if first == last else to_datetime(first).date()


def proposal(journal: Journal) -> str:
    """Lines for eklase-audit.toml that let the tables be read whose kind could not be told; "" for none."""
    return "\n".join(_proposed(file, sheet, fault) for file, sheet, fault in journal.unplaced if fault.near)


def _proposed(file: str, sheet: str | None, fault: Unplaced) -> str:
    found: Match = fault.near[0]
    taken = set(found.columns.values())
    free = [cell.strip() for n, cell in enumerate(fault.cells) if n not in taken and fold_heading(cell)]
    guess = misspelling(found, fault.cells)
    lines = [f"# {file}" + (f" [{sheet}]" if sheet else ""), f"[headings.{found.kind.name}]"]
    for meaning in found.missing:
        heading = found.kind.heading(meaning)
        if guess and guess[2] == meaning:
            lines.append(f"{meaning} = [{_quoted(guess[0])}]  # {heading}")
        elif len(found.missing) == 1 and len(free) == 1:
            lines.append(f"{meaning} = [{_quoted(free[0])}]  # {heading}")
        else:
            lines.append("# " + _("which of these is «{heading}»?").format(heading=heading))
            lines += [f"# {meaning} = [{_quoted(cell)}]" for cell in free]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    from json import dumps

    return dumps(text, ensure_ascii=False)
