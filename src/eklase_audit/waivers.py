"""Waivers: findings that the school excuses, in a list that its office keeps.

A waiver names one finding by its fingerprint, or findings by a clause and, if it likes, teacher, class, subject,
pupil and days. It needs a reason and may end. What it excuses is shown apart and fails no run; a waiver that
excuses nothing, or no longer, is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from eklase_audit.audit import NOT_AUDITED, Audit
from eklase_audit.errors import AuditError
from eklase_audit.exports import values
from eklase_audit.exports.texts import Unreadable, clean
from eklase_audit.findings import (
    EXPIRED,
    EXPIRING,
    NOT_YET,
    UNCHECKED,
    UNMATCHED,
    USED,
    Finding,
    Waiver,
    WaiverUse,
)
from eklase_audit.i18n import N_, _, ngettext
from eklase_audit.list_entries import Entry, entries_of, list_bytes
from eklase_audit.regulation import Regulation

KIND = "waivers"
# A waiver that ends within so many days is told, in time to ask for another.
SOON = 14
# So much of a fingerprint names a finding; it is what tables show.
LEAST = 8
_FINGERPRINT = re.compile(rf"[0-9a-f]{{{LEAST},16}}\Z")
_CLAUSE = re.compile(r"(\d+(?:\.\d+)*)\.?(?: ?(?:punkts|p\.))?\Z", re.I)
_DAYS = ("days_from", "days_to", "from", "until")

NO_REASON = N_("a waiver needs a reason")
BAD_FINGERPRINT = N_(
    "not a fingerprint: copy at least {count} of its signs, 0-9 and a-f, into a cell formatted as text"
)
_NOTHING_NAMED = N_("neither a fingerprint nor a clause is named: a waiver needs one of them")
_NO_CLAUSE = N_("the regulation has no such clause or check; write it as 5 or 5-formative")
_DATED = N_("a spreadsheet took this for a date (8.1 for 8 January): format the column as text and write it anew")


@dataclass(frozen=True)
class Loaded:
    """The waivers of a file, and what is wrong with others of it, one line each."""

    waivers: tuple[Waiver, ...]
    faults: tuple[AuditError, ...] = ()


def load_waivers(path: Path, regulation: Regulation) -> tuple[Waiver, ...]:
    """The waivers of a file (XLSX, ODS, CSV, TOML). Raises AuditError where any of them cannot be understood."""
    loaded = read_waivers(path.name, list_bytes(path), regulation)
    if not loaded.faults:
        return loaded.waivers
    more = len(loaded.faults) - 1
    if not more:
        raise loaded.faults[0]
    text = ngettext(
        "and {count} more fault: `eklase-audit waivers` lists it",
        "and {count} more faults: `eklase-audit waivers` lists them",
        more,
    )
    raise AuditError(f"{loaded.faults[0]} ({text.format(count=more)})")


def read_waivers(file: str, data: bytes, regulation: Regulation) -> Loaded:
    """The waivers in the bytes of a file. Raises AuditError where the file as a whole cannot be read."""
    entries = entries_of(file, data, KIND, days=_DAYS, numbers=("clause",))
    waivers, faults = [], []
    for entry in entries:
        try:
            waivers.append(_waiver(entry, regulation))
        except AuditError as fault:
            faults.append(fault)
    return Loaded(tuple(waivers), tuple(faults))


# ---- reading


def _waiver(entry: Entry, regulation: Regulation) -> Waiver:
    cells = entry.whole()
    if not cells["reason"]:
        raise entry.error("reason", _(NO_REASON))
    if not cells["fingerprint"] and not cells["clause"]:
        raise AuditError(f"{entry.place}: {_(_NOTHING_NAMED)}")
    days, validity = entry.span("days_from", "days_to"), entry.span("from", "until")
    return Waiver(
        cells["reason"],
        entry.place,
        cells["order"],
        cells["allowed_by"],
        *validity,
        _fingerprint(entry),
        _clause(entry, regulation),
        names(cells["teacher"]),
        _class(entry),
        cells["subject"] or None,
        cells["pupil"] or None,
        days,
    )


def _fingerprint(entry: Entry) -> str | None:
    if not entry.cells["fingerprint"]:
        return None
    if (text := fingerprint_of(entry.cells["fingerprint"])) is None:
        raise entry.error("fingerprint", _(BAD_FINGERPRINT).format(count=LEAST))
    return text


def fingerprint_of(text: str) -> str | None:
    """The beginning of a fingerprint as it is compared; None where the text is none."""
    text = text.replace(" ", "").casefold()
    return text if _FINGERPRINT.match(text) else None


def _clause(entry: Entry, regulation: Regulation) -> str | None:
    text = entry.cells["clause"].casefold()
    if found := _CLAUSE.match(text):
        text = found[1]
    try:
        regulation.select([text] if text else [])
    except AuditError:
        raise entry.error("clause", _(_DATED if _is_day(text) else _NO_CLAUSE)) from None
    return text or None


def _is_day(text: str) -> bool:
    try:
        return bool(values.day(text))
    except Unreadable:
        return False


def names(text: str) -> tuple[str, ...]:
    """The teachers that a cell names: parted by ";" or, as findings show them, by " / "."""
    return tuple(name for part in re.split(r";| / ", text) if (name := clean(part)))


def _class(entry: Entry) -> str | None:
    try:
        return values.school_class(entry.cells["class"])[0] if entry.cells["class"] else None
    except Unreadable as fault:
        raise entry.error("class", _(fault.reason)) from None


# ---- applying


def waive(audit: Audit, waivers: Sequence[Waiver], *, whole: bool = True) -> Audit:
    """The audit with its findings excused by the waivers that hold on its day; the first that fits is named.

    `whole`: the audit looked at all teachers and classes, so that a waiver without a finding is one
    that is needed no more. Raises AuditError where the beginning of a fingerprint fits several findings.
    """
    day = audit.as_of.date()
    fitting: dict[int, list[Finding]] = {number: [] for number in range(len(waivers))}
    excused: dict[int, Waiver] = {}
    candidates = _Candidates(waivers)
    for place_, finding in enumerate(audit.findings):
        for number in candidates.of(finding):
            if fits(waivers[number], finding):
                fitting[number].append(finding)
                if _holds(waivers[number], day):
                    excused.setdefault(place_, waivers[number])
    for number, waiver in enumerate(waivers):
        _hold_unique(waiver, fitting[number])
    return replace(
        audit,
        findings=tuple(
            finding._replace(waiver=excused[n]) if n in excused else finding for n, finding in enumerate(audit.findings)
        ),
        pending=tuple(_beforehand(finding, waivers, candidates, day) for finding in audit.pending),
        waivers=tuple(
            WaiverUse(
                waiver,
                state(waiver, day, bool(fitting[number]), seen=whole and _is_seen(waiver, audit)),
                len(fitting[number]),
            )
            for number, waiver in enumerate(waivers)
        ),
    )


def _beforehand(finding: Finding, waivers: Sequence[Waiver], candidates: _Candidates, day: date) -> Finding:
    """A pending duty, excused by the first waiver that holds: what will be no finding need not be done."""
    for number in candidates.of(finding):
        if fits(waivers[number], finding) and _holds(waivers[number], day):
            return finding._replace(waiver=waivers[number])
    return finding


def fits(waiver: Waiver, finding: Finding) -> bool:
    """Whether a finding is all that a waiver names, whatever the day.

    Of a duty of several teachers each must be named: what excuses one does not excuse the others.
    """
    first, last = waiver.days
    on = finding.on
    return (
        (waiver.fingerprint is None or finding.fingerprint.startswith(waiver.fingerprint))
        and (waiver.clause is None or _of_clause(waiver.clause, finding.rule.id, finding.rule.clause))
        and (not waiver.teachers or (bool(finding.bearers) and set(finding.bearers) <= set(waiver.teachers)))
        and waiver.class_ in (None, finding.class_)
        and (waiver.subject is None or waiver.subject.casefold() == (finding.subject or "").casefold())
        and waiver.pupil in (None, finding.pupil)
        and (first is None or (on is not None and on >= first))
        and (last is None or (on is not None and on <= last))
    )


def _of_clause(word: str, check: str, clause: str) -> bool:
    """Whether a check is meant by a clause number (8 takes in 8.1) or is the check named."""
    return word in (check, clause) or clause.startswith(f"{word}.")


class _Candidates:
    """The numbers of the waivers that may fit a finding, so that not each is held against each."""

    def __init__(self, waivers: Sequence[Waiver]) -> None:
        self._by_fingerprint: dict[str, list[int]] = {}
        self._by_check: dict[str, list[int]] = {}
        self._open = [number for number, waiver in enumerate(waivers) if waiver.fingerprint is None]
        self._waivers = waivers
        for number, waiver in enumerate(waivers):
            if waiver.fingerprint is not None:
                self._by_fingerprint.setdefault(waiver.fingerprint[:LEAST], []).append(number)

    def of(self, finding: Finding) -> Iterable[int]:
        """In the order of the list."""
        rule = finding.rule
        if rule.id not in self._by_check:
            self._by_check[rule.id] = [
                number for number in self._open if _of_clause(self._waivers[number].clause or "", rule.id, rule.clause)
            ]
        return sorted([*self._by_check[rule.id], *self._by_fingerprint.get(finding.fingerprint[:LEAST], [])])


def _holds(waiver: Waiver, day: date) -> bool:
    return (waiver.first or day) <= day <= (waiver.last or day)


def _hold_unique(waiver: Waiver, fitting: Sequence[Finding]) -> None:
    if waiver.fingerprint is not None and len(fitting) > 1:
        raise AuditError(
            _("{place}: several findings have this fingerprint: write more of its signs, all 16 at best").format(
                place=waiver.place
            )
        )


def state(waiver: Waiver, day: date, matched: bool | None, *, seen: bool = True) -> str:
    """How a waiver stands on a day; `matched` whether a finding fits it (None: nobody looked)."""
    if waiver.first and day < waiver.first:
        return NOT_YET
    if waiver.last and waiver.last < day:
        return EXPIRED
    if matched is False and seen:
        return UNMATCHED
    if waiver.last and waiver.last - day <= timedelta(SOON):
        return EXPIRING
    return USED if matched else UNCHECKED


def _is_seen(waiver: Waiver, audit: Audit) -> bool:
    """Whether the audit made every check that the waiver may be for, and its days have come."""
    made = {result.rule.id: result.status != NOT_AUDITED for result in audit.results}
    rules = audit.regulation.select([waiver.clause] if waiver.clause else [])
    first, last = waiver.days
    come = last is not None and last <= audit.as_of.date() if first or last else True
    return come and all(made.get(rule.id, False) for rule in rules)
