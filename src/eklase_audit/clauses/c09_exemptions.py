"""Clause 9: a pupil exempt from a subject gets "atb" as semester and annual mark."""

from __future__ import annotations

from eklase_audit.clauses.keys import PUPIL_AND_SUBJECT, pair_keys
from eklase_audit.clauses.marks import marks_of_periods
from eklase_audit.clauses.registry import Context, Need, check, entry_defects
from eklase_audit.i18n import N_
from eklase_audit.lazy import np, pd
from eklase_audit.moments import NO_DAY, Flags

_NEEDS = [Need(("exemptions",)), Need(("marks", "summary"))]
_WORDS = ("atbrivots", "atbrivota")


def is_exempt(ctx: Context, marks: pd.DataFrame, *, perhaps: bool = False) -> Flags:
    """Marks of pupils who were exempt from the subject on the day the mark stands for.

    With `perhaps` an exemption whose first day cannot be read counts too: nobody is told that
    there is none while one is there.
    """
    exemptions = ctx.journal.frames["exemptions"]
    if not perhaps:
        exemptions = exemptions[exemptions["sound"].to_numpy()]
    mark_keys, exemption_keys = pair_keys(marks, exemptions, PUPIL_AND_SUBJECT)
    pairs = pd.DataFrame({"key": mark_keys, "mark": np.arange(len(marks)), "end": marks["end"].to_numpy()}).merge(
        pd.DataFrame({"key": exemption_keys, "from": exemptions["from"], "to": exemptions["to"]}), on="key"
    )
    holds = pairs[(pairs["from"] <= pairs["end"]) & ((pairs["to"] == NO_DAY) | (pairs["end"] <= pairs["to"]))]
    flags = np.zeros(len(marks), bool)
    flags[holds["mark"].to_numpy()] = True
    return flags


def exempt_fault(mark: str, grade_has_levels: bool, right: str = "atb") -> str:
    """Why a mark is not the sign of an exempt pupil: "misspelt", "other-mark", or "" where it is."""
    from eklase_audit.clauses.texts import letters

    if mark == right:
        return ""
    if grade_has_levels and mark == "A":
        return "other-mark"
    told = letters(mark)
    return "misspelt" if told and any(word.startswith(told) for word in _WORDS) else "other-mark"


@check("exemption.exempt", thing=N_("mark of an exempt pupil"), needs=_NEEDS, defects=True)
def exempt(ctx: Context) -> pd.DataFrame:
    """Mark of an exempt pupil.

    What the regulation asks:
        A pupil exempt from a subject gets «atb» as semester and annual mark.
    What is checked:
        Semester and annual marks, also those of a summary, of pupils with an exemption from the subject on
        the semester's or year's last day, with «No» and «Līdz» included; a blank «Līdz» is open. The mark
        must be exactly the sign. A misspelling of it and another mark are named apart. Marks that are missing
        are the matter of other checks.
    What a violation looks like:
        Marta Kalna is exempt from sport all year, but her semester mark there is «ATB» or 7.
    What is right:
        Her mark is «atb».
    How to mend it in E-klase:
        Open the class journal in that subject and put the sign in place of the mark.
    Settings:
        None of its own. The sign of an exempt pupil stands in the rule pack.
    """
    marks = marks_of_periods(ctx)
    marks = marks[is_exempt(ctx, marks)]
    texts = marks["mark"].astype(object).to_numpy()
    pairs, places = np.unique(
        np.array(
            [
                f"{'L' if grade <= 3 else '-'}{text}"
                for grade, text in zip(marks["grade"].to_numpy(), texts, strict=True)
            ],
            dtype=object,
        ),
        return_inverse=True,
    )
    faults = np.array([exempt_fault(pair[1:], pair[0] == "L", ctx.symbols.exempt) for pair in pairs], dtype=object)
    reasons = faults[places] if len(faults) else np.array([], dtype=object)
    found = reasons != ""
    return _defects(marks[found], reasons[found])


@check("exemption.unfounded", thing=N_("exemption mark"), needs=_NEEDS, defects=True)
def unfounded(ctx: Context) -> pd.DataFrame:
    """Exemption mark without an exemption.

    What the regulation asks:
        «atb» is the mark of a pupil who is exempt from the subject, and of nobody else.
    What is checked:
        Semester and annual marks, also those of a summary, that are exactly the sign of an exempt pupil.
        There must be an exemption of that pupil from that subject on the semester's or year's last day, with
        «No» and «Līdz» included; a blank «Līdz» is open.
    What a violation looks like:
        Emīls Krasts has «atb» in sport for the second semester, but his exemption ended in February.
    What is right:
        His exemption runs until the end of the school year.
    How to mend it in E-klase:
        Enter the order that exempts the pupil, or replace the sign by the mark that was earned.
    Settings:
        None of its own. The sign of an exempt pupil stands in the rule pack.
    """
    marks = marks_of_periods(ctx)
    marks = marks[np.asarray(marks["mark"].astype(object) == ctx.symbols.exempt)]
    marks = marks[~is_exempt(ctx, marks, perhaps=True)]
    return _defects(marks, None)


def _defects(marks: pd.DataFrame, reasons: np.ndarray | None) -> pd.DataFrame:
    return entry_defects(marks, on=marks["end"].to_numpy(), reason=reasons, pupil=True, period=marks["period_text"])
