"""Clause 1: at the start of the school year parents are told of the journal, and phones are renewed."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from eklase_audit.clauses.keys import PUPIL, pair_keys
from eklase_audit.clauses.marks import earliest
from eklase_audit.clauses.pupils import attending, pupils
from eklase_audit.clauses.registry import Context, Need, check
from eklase_audit.duties import duty_frame
from eklase_audit.i18n import N_
from eklase_audit.journal import Stamps, stamps
from eklase_audit.moments import Flags, day_number, day_of


@cache
def has_valid_phone(cell: str) -> bool:
    """Whether one of the numbers in a cell is a valid phone number, as seen from Latvia."""
    import re

    from phonenumbers import NumberParseException, is_valid_number, parse

    for number in re.split(r"[;,/\r\n]", cell):
        try:
            if number.strip() and is_valid_number(parse(number, "LV")):
                return True
        except NumberParseException:
            continue
    return False


def _valid(phones: pd.Series) -> Flags:
    valid = [has_valid_phone(cell) for cell in phones.cat.categories]
    return np.array([*valid, False])[phones.cat.codes.to_numpy()]


def _renewed(ctx: Context, stamp: Stamps, counts: Flags) -> pd.DataFrame:
    """A duty per pupil: done at the earliest stamp, of the rows that count, since the day set before the year."""
    month, day = ctx.parameter("since")
    since = day_number(date(ctx.start, month, day))
    rows = ctx.journal.rows("contacts")
    recent = stamp.unreadable | (stamp.given & (day_of(stamp.when.first) >= since))
    done = stamp.done(counts & recent)
    entries = rows.assign(done=done.first, done_last=done.last)[counts & recent]
    owed = pupils(ctx)
    first = np.full(len(owed), day_number(date(ctx.start, 9, 1)), np.int32)
    here = attending(owed, first)
    owed, first = owed[here], first[here]
    when, sheet_no, row = earliest(*pair_keys(owed, entries, PUPIL), entries)
    nowhere = row < 0
    return duty_frame(
        len(owed), on=first, due=ctx.due(first), done=when, role="class_teacher",
        bearer=ctx.class_teacher_of(owed["class"]), class_=owed["class"], pupil=owed["pupil"],
        sheet_no=np.where(nowhere, owed["sheet_no"], sheet_no), row=np.where(nowhere, owed["row"], row))


@check("contacts.contacts", thing=N_("phones of pupil and parent"), needs=[Need(("contacts",))], deadline=True,
       parameters=("since",))
def contacts(ctx: Context) -> pd.DataFrame:
    """Phones renewed at the start of the school year."""
    rows = ctx.journal.rows("contacts")
    valid = _valid(rows["pupil_phone"]) & _valid(rows["parent_phone"])
    return _renewed(ctx, stamps(rows, "updated_at"), valid)


@check("contacts.informed", thing=N_("parents told about the journal"),
       needs=[Need(("contacts",), ("informed_at",))], deadline=True, parameters=("since",))
def informed(ctx: Context) -> pd.DataFrame:
    """Parents told about the journal."""
    stamp = stamps(ctx.journal.rows("contacts"), "informed_at")
    return _renewed(ctx, stamp, stamp.has_column)
