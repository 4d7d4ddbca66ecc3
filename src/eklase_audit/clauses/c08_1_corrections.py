"""Clause 8.1: until the year's end an annual mark may be corrected for the combined work."""

from __future__ import annotations

from eklase_audit.anchors import YEAR_END
from eklase_audit.clauses.keys import PUPIL_AND_SUBJECT, pair_keys
from eklase_audit.clauses.marks import YEAR, dated_marks, ends, known
from eklase_audit.clauses.registry import Context, Need, check, entry_defects, entry_duties
from eklase_audit.errors import NotAudited
from eklase_audit.i18n import N_, _
from eklase_audit.journal import stamps
from eklase_audit.lazy import np, pd
from eklase_audit.moments import DAY, NEVER, NO_DAY, Flags, Interval, day_of

_NEEDS = [Need(("marks",), ("changed_at",))]


def _corrected(ctx: Context) -> pd.DataFrame:
    """Annual marks changed after they were due (clause 8) and by `as_of`, each with its year's `end`."""
    annual_rule = ctx.rules.get("final.year")
    if annual_rule is None or annual_rule.deadline is None:
        raise NotAudited(_("the regulation sets no day by which annual marks are due"))
    marks = dated_marks(ctx)
    marks = known(ctx, marks[np.asarray(marks["kind"] == "annual") & marks["given"].to_numpy()])
    end = ends(ctx, marks["start"].to_numpy(), marks["grade"].to_numpy(), YEAR)
    ctx.leave_unknown_years(marks["start"].to_numpy()[end == NO_DAY], int((end != NO_DAY).sum()))
    changed = stamps(marks, "changed_at")
    due = annual_rule.deadline.due(end, ctx.calendar)
    corrected = changed.given & (changed.when.first > due) & (changed.when.first <= ctx.as_of) & (end != NO_DAY)
    return marks.assign(end=end)[corrected]


@check("correction.correction", thing=N_("correction of an annual mark"), needs=_NEEDS, deadline=YEAR_END)
def correction(ctx: Context) -> pd.DataFrame:
    """Annual mark corrected before the year's end.

    What the regulation asks:
        An annual mark may be corrected, for the combined work, until the school year of the class ends.
    What is checked:
        Annual marks whose last change, «Labots», came after such marks were due. It is in time up to the end
        of the year's last day for that grade, and late after it. Earlier changes, and marks never changed,
        owe nothing; an unreadable «Labots» counts as blank.
    What a violation looks like:
        Emīls Krasts, 8.a, had his annual mark in mathematics raised in July.
    What is right:
        It was raised on the last school day, after his combined work.
    How to mend it in E-klase:
        A correction made too late stays a finding. Make the next ones before the year ends.
    Settings:
        The deadline (end_of_day). When annual marks are due is set at their own check.
    """
    rows = _corrected(ctx)
    return entry_duties(ctx, rows, on="end", done=stamps(rows, "changed_at").when, pupil=True, period="year")


@check("correction.unfounded", thing=N_("correction of an annual mark"), needs=_NEEDS, defects=True)
def unfounded(ctx: Context) -> pd.DataFrame:
    """Annual mark corrected without combined work.

    What the regulation asks:
        After annual marks are due, one is corrected only if the pupil did the combined work.
    What is checked:
        Annual marks whose last change, «Labots», came after such marks were due. A combined-work mark of that
        pupil in that subject must have been entered by then; where a stamp has no clock time, the same day
        will do, and a combined-work mark without a stamp is accepted.
    What a violation looks like:
        The annual mark in physics for Anna Liepa rose from 6 to 7, but there is no mark for combined work.
    What is right:
        Her combined work was marked on Monday, and the annual mark changed on Tuesday.
    How to mend it in E-klase:
        Enter the mark for the combined work if it was done; otherwise restore the earlier annual mark.
    Settings:
        None of its own. When annual marks are due is set at their own check.
    """
    rows = _corrected(ctx)
    rows = rows[~_founded(ctx, rows)]
    days = day_of(stamps(rows, "changed_at").when.first)
    return entry_defects(rows, on=days, reason=None, pupil=True, period="year")


def _founded(ctx: Context, rows: pd.DataFrame) -> Flags:
    """Corrections by whose time a combined-work mark of the pupil in the subject was there."""
    marks = dated_marks(ctx)
    combined = marks[np.asarray(marks["kind"] == "combined") & marks["given"].to_numpy()]
    row_keys, combined_keys = pair_keys(rows, combined, PUPIL_AND_SUBJECT)
    first = pd.Series(combined["done"].to_numpy()).groupby(combined_keys).min()
    earliest = pd.Series(row_keys).map(first).fillna(int(NEVER)).to_numpy().astype(np.int64)
    # Where one of the two stamps has no clock, the same day is early enough.
    changed: Interval = stamps(rows, "changed_at").when
    return earliest <= np.maximum(changed.last, changed.first // DAY * DAY)
