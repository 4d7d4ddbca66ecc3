"""Clause 1: at the start of the school year parents are told of the journal, and phones are renewed."""

from __future__ import annotations

from datetime import date
from functools import cache

from eklase_audit.anchors import YEAR_START
from eklase_audit.clauses.keys import PUPIL, pair_keys
from eklase_audit.clauses.marks import earliest
from eklase_audit.clauses.pupils import attending, pupils
from eklase_audit.clauses.registry import Context, Need, check
from eklase_audit.duties import duty_frame
from eklase_audit.i18n import N_
from eklase_audit.journal import Stamps, stamps
from eklase_audit.lazy import np, pd
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
    when, sheet_no, row = earliest(ctx, *pair_keys(owed, entries, PUPIL), entries)
    nowhere = row < 0
    return duty_frame(
        len(owed),
        on=first,
        due=ctx.due(first),
        done=when,
        role="class_teacher",
        bearer=ctx.class_teacher_of(owed["class"]),
        class_=owed["class"],
        pupil=owed["pupil"],
        sheet_no=np.where(nowhere, owed["sheet_no"], sheet_no),
        row=np.where(nowhere, owed["row"], row),
    )


@check(
    "contacts.contacts",
    thing=N_("phones of pupil and parent"),
    needs=[Need(("contacts",))],
    deadline=YEAR_START,
    parameters=("since",),
)
def contacts(ctx: Context) -> pd.DataFrame:
    """Phones renewed at the start of the school year.

    What the regulation asks:
        At the start of the school year the class teacher enters or renews the phones of pupil and parents.
    What is checked:
        Each pupil in the contacts needs a row with a valid number in «Skolēna tālrunis» and «Vecāka tālrunis»
        (one of several will do) and a recent «Aktualizēts». The earliest such day decides: in time or late;
        with none, it is overdue after the deadline. A day that cannot be read is undetermined. Pupils not at
        the school on 1 September are left out.
    What a violation looks like:
        The parent's number of Anna Liepa, 7.a, lacks a digit.
    What is right:
        Both numbers are valid and were renewed in the first week of September.
    How to mend it in E-klase:
        Ask the family and correct the pupil's contact data.
    Settings:
        The deadline (by) and the day from which a renewal counts as recent (since): both the school's
        reading.
    """
    rows = ctx.journal.rows("contacts")
    valid = _valid(rows["pupil_phone"]) & _valid(rows["parent_phone"])
    return _renewed(ctx, stamps(rows, "updated_at"), valid)


@check(
    "contacts.informed",
    thing=N_("parents told about the journal"),
    needs=[Need(("contacts",), ("informed_at",))],
    deadline=YEAR_START,
    parameters=("since",),
)
def informed(ctx: Context) -> pd.DataFrame:
    """Parents told about the journal.

    What the regulation asks:
        At the start of the school year the class teacher tells parents how the journal is used.
    What is checked:
        Each pupil in the contacts needs a recent day in «Vecāki informēti». The earliest decides: in time or
        late; with none, it is overdue after the deadline. A day that cannot be read is undetermined. Only
        files with that column are judged: nothing else shows what was said. Pupils not at the school on 1
        September are left out.
    What a violation looks like:
        Autumn is nearly over, and Jānis Ozols, 5.a, has no day in «Vecāki informēti».
    What is right:
        The parents' meeting was on 10 September, and each row of the class has that day.
    How to mend it in E-klase:
        Tell the parents and note the day with the pupil's contacts.
    Settings:
        The deadline (by) and the day from which it counts as recent (since): both the school's reading.
    """
    stamp = stamps(ctx.journal.rows("contacts"), "informed_at")
    return _renewed(ctx, stamp, stamp.has_column)
