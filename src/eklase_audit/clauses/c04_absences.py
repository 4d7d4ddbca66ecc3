"""Clause 4: class teachers mark absences justified once they have the note, or word of an event."""

from __future__ import annotations

from eklase_audit.anchors import PROOF
from eklase_audit.clauses.keys import keys, pair_keys
from eklase_audit.clauses.registry import Context, Need, check, entry_defects, entry_duties
from eklase_audit.i18n import N_
from eklase_audit.journal import stamps
from eklase_audit.lazy import np, pd
from eklase_audit.moments import NO_DAY, Days, Flags, Interval, day_of

# The key of "any": an event that names no class, or no pupil.
_ANY = ""
# Later than any day: nothing was received.
_NONE = 2**31 - 1


def _proofs(ctx: Context) -> pd.DataFrame:
    """Notes and events received by `as_of` (or at a time that cannot be read), one line a pupil and class.

    Columns: pupil, class (_ANY where any will do), from, to, received (day; NO_DAY unreadable).
    """
    parts = []
    if ctx.journal.has("notes"):
        notes = ctx.journal.rows("notes")
        parts.append(_received(ctx, notes, "received_at")[["pupil", "class", "from", "to", "received"]])
    if ctx.journal.has("events"):
        events = _received(ctx, ctx.journal.rows("events"), "informed_at")
        names = {name: events[name].astype(object).fillna("").str.split(";") for name in ("class", "pupils")}
        events = events.assign(**{"class": names["class"], "pupil": names["pupils"]})
        events = events.explode("class").explode("pupil")
        named = (events["class"] != _ANY) | (events["pupil"] != _ANY)
        parts.append(events.loc[named.to_numpy(), ["pupil", "class", "from", "to", "received"]])
    return pd.concat([part.astype({"pupil": object, "class": object}) for part in parts], ignore_index=True)


def _received(ctx: Context, rows: pd.DataFrame, column: str) -> pd.DataFrame:
    stamp = stamps(rows, column)
    received = np.where(stamp.given, day_of(stamp.when.first), NO_DAY)
    return rows.assign(received=received)[stamp.done(stamp.filled).known_by(ctx.as_of)]


def _covered(ctx: Context, absences: pd.DataFrame) -> tuple[Flags, Days]:
    """Which absences something covers, and the earliest day on which that was received (NO_DAY: none told)."""
    proofs = ctx.once("proofs", lambda: _proofs(ctx))
    covered = np.zeros(len(absences), bool)
    earliest = np.full(len(absences), _NONE, np.int64)
    any_class, any_pupil = proofs["class"] == _ANY, proofs["pupil"] == _ANY
    for mine, columns in (
        (~any_class & ~any_pupil, ("pupil", "class")),
        (any_class, ("pupil",)),
        (any_pupil, ("class",)),
    ):
        if not mine.any():
            continue
        some = proofs[mine.to_numpy()]
        absence_keys, proof_keys = pair_keys(absences, some, columns)
        days = pd.DataFrame({"key": absence_keys, "date": absences["date"].to_numpy()})
        # All lessons of a pupil's day are covered alike, so each day is looked for once.
        place, distinct = pd.factorize(keys([days], ("key", "date"))[0])
        days = days[~pd.Series(place).duplicated().to_numpy()].assign(place=np.arange(len(distinct)))
        pairs = days.merge(some[["from", "to", "received"]].assign(key=proof_keys), on="key")
        pairs = pairs[(pairs["from"] <= pairs["date"]) & (pairs["date"] <= pairs["to"])]
        told = pairs[(pairs["received"] != NO_DAY).to_numpy()]
        of_day, received = np.zeros(len(days), bool), np.full(len(days), _NONE, np.int64)
        of_day[pairs["place"].to_numpy()] = True
        np.minimum.at(received, told["place"].to_numpy(), told["received"].to_numpy())
        covered |= of_day[place]
        earliest = np.minimum(earliest, received[place])
    none = earliest == _NONE
    return covered, np.where(none, NO_DAY, earliest).astype(np.int32)


def _entered(ctx: Context) -> pd.DataFrame:
    """The absences that were entered by `as_of`."""
    rows = ctx.journal.rows("absences")
    return rows[stamps(rows, "entered_at").done(np.ones(len(rows), bool)).known_by(ctx.as_of)]


def _justified(ctx: Context, absences: pd.DataFrame) -> tuple[Flags, Interval]:
    """Absences with a justified code, and when they got it: Attaisnots, lacking that Ievadīts."""
    flags = np.asarray(absences["code"].isin(ctx.symbols.justified))
    stamp = stamps(absences, "justified_at").otherwise(stamps(absences, "entered_at"))
    return flags, stamp.done(flags)


@check(
    "absences.justified",
    thing=N_("justification of an absence"),
    needs=[Need(("absences",)), Need(("notes", "events"))],
    deadline=PROOF,
    aspect="justification",
)
def justified(ctx: Context) -> pd.DataFrame:
    """Absence justified once its cause is known.

    What the regulation asks:
        The class teacher marks an absence justified once a note, or word of an event, is there.
    What is checked:
        Each absence that a note covers, or an event naming the pupil or, with no pupils, the class. Time runs
        from the day when the first was received, or from a later absence. With a justified symbol,
        «Attaisnots», else «Ievadīts», tells in time or late; another symbol is overdue once the time has
        passed. Without a readable stamp it is undetermined. Absences that nothing covers are left out.
    What a violation looks like:
        Emīls Krasts brought a note on 5 November; in December his absences still stand as «n».
    What is right:
        They were changed to «ns» on the day the note came.
    How to mend it in E-klase:
        Open the absences of the class and mark those days as justified.
    Settings:
        The deadline (working_days), the school's reading. Justified symbols stand in the rule pack.
    """
    rows = _entered(ctx)
    _covers, received = _covered(ctx, rows)
    told = received != NO_DAY
    rows, received = rows[told], received[told]
    _flags, done = _justified(ctx, rows)
    days = np.maximum(rows["date"].to_numpy(), received)
    return entry_duties(
        ctx,
        rows,
        on="",
        days=days,
        done=done,
        pupil=True,
        role="class_teacher",
        bearer=ctx.class_teacher_of(rows["class"]),
        lesson=rows["lesson"],
    )


@check(
    "absences.unfounded",
    thing=N_("justified absence"),
    needs=[Need(("absences",)), Need(("notes",)), Need(("events",))],
    defects=True,
)
def unfounded(ctx: Context) -> pd.DataFrame:
    """Justified absence without a note or event.

    What the regulation asks:
        An absence is justified only for a cause that somebody has told: a note, or a teacher's word of an
        event.
    What is checked:
        Each absence with a justified symbol. A note of the pupil, or an event with the pupil or, naming no
        pupils, with the class, must take in that day, its first and last days included. One received after
        the moment of the audit does not count yet. An event with pupils and classes must fit in both.
    What a violation looks like:
        Marta Kalna's absence of 12 November stands as «ns», but her only note ends on 11 November.
    What is right:
        The note runs from 10 to 12 November.
    How to mend it in E-klase:
        Ask for the note and register it, or change the absence to an unjustified one.
    Settings:
        None of its own. Justified symbols stand in the rule pack.
    """
    rows = _entered(ctx)
    _flags, done = _justified(ctx, rows)
    rows = rows[done.known_by(ctx.as_of)]
    rows = rows[~_covered(ctx, rows)[0]]
    return entry_defects(
        rows,
        on=rows["date"].to_numpy(),
        reason=None,
        pupil=True,
        role="class_teacher",
        bearer=ctx.class_teacher_of(rows["class"]),
        lesson=rows["lesson"],
    )
