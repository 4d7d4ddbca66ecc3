"""What a check needs of the exports, and what of that is not there."""

from __future__ import annotations

from eklase_audit.clauses import Check, Need
from eklase_audit.exports.headings import kinds
from eklase_audit.exports.schema import holds
from eklase_audit.i18n import _
from eklase_audit.journal import Journal


def missing(check: Check, journal: Journal, *, observed: bool = False) -> str:
    """Which exports or columns a check lacks, in words; "" where all it needs is there.

    Where snapshots tell when entries were made (`observed`), columns of stamps are not needed.
    """
    lacking = []
    for need in check.needs:
        there = [kind for kind in need.kinds if journal.has(kind)]
        if not there and need.stand_in and journal.has(need.stand_in):
            continue
        if not there:
            lacking.append(
                _("there is no export {exports}").format(
                    exports=_(" or ").join(f"«{kinds()[kind].title}» ({kind})" for kind in need.kinds)
                )
            )
        elif need.columns and not any(journal.has(k, (c,)) for k in there for c in need.columns):
            kind = kinds()[there[0]]
            of_workbook = not any(map(journal.has_sheet, there))
            if observed and check.aspect and (of_workbook or are_stamps(need)):
                continue
            if of_workbook:
                lacking.append(
                    _(
                        "E-klase's own workbook tells no times of entry: give the export {exports} too",
                    ).format(exports=f"«{kind.title}» ({kind.name})")
                )
                continue
            lacking.append(
                _("no file of «{export}» has the column {columns}").format(
                    export=kind.title, columns=_(" or ").join(f"«{kind.heading(c)}»" for c in need.columns)
                )
            )
    return "; ".join(dict.fromkeys(lacking))


def are_stamps(need: Need) -> bool:
    """Whether all columns of a need are stamps, which snapshots can stand in for."""
    return all(holds(kind, column) == "stamp" for kind in need.kinds for column in need.columns)
