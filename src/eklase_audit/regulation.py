"""A regulation as data: its clauses, the checks that hold them, and every number with its clause.

A rule pack is a TOML file below rules/, one folder a school, one file a version (named by the
day from which it is in force). The code knows checks; the pack says which clause asks for which
check, and with what deadline.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any, Protocol

from eklase_audit.deadlines import FORMS, BadDeadline, Deadline, parse_deadline, parse_month_day
from eklase_audit.errors import AuditError, nearest
from eklase_audit.i18n import _, active
from eklase_audit.journal import LESSON_YIELDS
from eklase_audit.moments import to_date
from eklase_audit.packs import find_pack
from eklase_audit.toml_tables import Tables, read_toml

SEVERITIES = ("violation", "warning")


class CheckSpec(Protocol):
    """What the code says of a check: its word, whether it has a deadline, the parameters it reads."""

    @property
    def word(self) -> str: ...  # noqa: D102
    @property
    def has_deadline(self) -> bool: ...  # noqa: D102
    @property
    def parameters(self) -> tuple[str, ...]: ...  # noqa: D102


@dataclass(frozen=True)
class Parameter:
    """A value that a clause gives to a check; `reading` where the school has to say."""

    value: Any
    reading: bool = False


# Where a rule pack says nothing of it, this is how a semester's closing is read.
CLOSING = {"summative_least": Parameter(1, reading=True), "not_yet": Parameter(("nv",), reading=True)}


@dataclass(frozen=True)
class CheckRule:
    """One check as a clause of this regulation asks it. `id` is clause and word: "5-formative"."""

    name: str
    id: str
    clause: str
    severity: str
    deadline: Deadline | None
    parameters: Mapping[str, Parameter]

    @property
    def has_reading(self) -> bool:
        """Whether some number of it is the school's reading of the text."""
        return bool(self.deadline and self.deadline.reading) or any(p.reading for p in self.parameters.values())


@dataclass(frozen=True)
class Clause:
    """A numbered clause, in our words; `unseen` are its parts that no export can show."""

    number: str
    titles: Mapping[str, str]
    summaries: Mapping[str, str]
    checks: tuple[CheckRule, ...]
    unseen: tuple[Mapping[str, str], ...] = ()

    @property
    def title(self) -> str:
        """The title in the language spoken now."""
        return self.titles[active()]

    @property
    def summary(self) -> str:
        """The summary in the language spoken now."""
        return self.summaries[active()]


@dataclass(frozen=True)
class Symbols:
    """The signs that a school writes in its journal."""

    justified: tuple[str, ...]
    no_homework: tuple[str, ...]
    exempt: str


@dataclass(frozen=True)
class Regulation:
    """A version of a school's regulation."""

    id: str
    titles: Mapping[str, str]
    in_force_from: date
    in_force_reading: bool
    source: str
    moved_days: str
    count_school_breaks: bool
    snapshot_grace: int
    symbols: Symbols
    clauses: tuple[Clause, ...]
    # What `close` counts by: how many summative marks a pupil needs, and the marks that stand for none yet.
    closing: Mapping[str, Parameter] = field(default_factory=lambda: CLOSING)
    # What rows of E-klase's own workbook yield, by their type, casefolded (see LESSON_YIELDS).
    lesson_types: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The title in the language spoken now."""
        return self.titles[active()]

    @property
    def checks(self) -> list[CheckRule]:
        """All checks in the order of their clauses."""
        return [check for clause in self.clauses for check in clause.checks]

    def clause(self, number: str) -> Clause:
        """The clause of that number."""
        return next(clause for clause in self.clauses if clause.number == number)

    def select(self, words: Sequence[str]) -> list[CheckRule]:
        """The checks meant by clause numbers ("8" takes in 8.1) and check ids, in order; all for none.

        Raises AuditError with the nearest names where a word means nothing.
        """
        wanted: set[str] = set()
        for word in words:
            mine = [c.id for c in self.checks if c.id == word or c.clause == word or c.clause.startswith(f"{word}.")]
            if not mine and all(clause.number != word for clause in self.clauses):
                names = [*(clause.number for clause in self.clauses), *(check.id for check in self.checks)]
                raise AuditError(
                    _("there is no clause or check «{word}»; nearest: {near}").format(
                        word=word, near=nearest(word, names)
                    )
                )
            wanted.update(mine)
        return [check for check in self.checks if not words or check.id in wanted]


@cache
def clause_key(number: str) -> tuple[int, ...]:
    """A sorting key of clause numbers: 2 before 10, 8 before 8.1."""
    return tuple(int(part) for part in re.findall(r"\d+", number))


def load_regulation(
    name: str, specs: Mapping[str, CheckSpec], overrides: Mapping[str, Any] | None = None
) -> Regulation:
    """Read and validate a rule pack, and set the parameters that a school's configuration overrides.

    Raises AuditError naming the file, the key and what is allowed.
    """
    path = find_pack(name)
    pack = _Pack(f"{path.parent.name}/{path.name}", specs).regulation(read_toml(path))
    return _overridden(pack, overrides or {})


@dataclass
class _Pack(Tables):
    """Reads the tables of one rule pack."""

    specs: Mapping[str, CheckSpec]
    seen: set[str] = field(default_factory=set)

    def minutes(self, key: str, value: Any) -> int:
        """A number of minutes, plain or as { value = 10, reading = true }."""
        if isinstance(value, dict):
            value = self.table(key, value, ("value",), ("reading",))["value"]
        if type(value) is not int or not 0 <= value <= 24 * 60:
            raise self.fault(key, _("a whole number from {low} to {high} is wanted").format(low=0, high=24 * 60))
        return value

    def spoken(self, key: str, entry: Any) -> dict[str, str]:
        table = self.table(key, entry, ("lv", "en"))
        return {language: self.text(f"{key}.{language}", text) for language, text in table.items()}

    def regulation(self, entry: dict[str, Any]) -> Regulation:
        top = self.table(
            "",
            entry,
            ("schema", "id", "title", "in_force_from", "source", "symbols", "clauses"),
            ("in_force_reading", "moved_days", "count_school_breaks", "snapshot_grace", "lesson_types", "closing"),
        )
        if top["schema"] != 1:
            raise self.fault("schema", _("this version of the tool reads schema 1"))
        in_force_from = to_date(self.day("in_force_from", top["in_force_from"]))
        symbols = self.table("symbols", top["symbols"], ("justified", "no_homework", "exempt"))
        entries = self.tables("clauses", top["clauses"])
        clauses = tuple(self.clause(f"clauses[{n}]", clause) for n, clause in enumerate(entries, 1))
        return Regulation(
            self.text("id", top["id"]),
            self.spoken("title", top["title"]),
            in_force_from,
            self.flag("in_force_reading", top.get("in_force_reading", False)),
            self.text("source", top["source"]),
            self.text("moved_days", top.get("moved_days", "followed"), ("followed", "ignored")),
            self.flag("count_school_breaks", top.get("count_school_breaks", True)),
            self.minutes("snapshot_grace", top.get("snapshot_grace", 0)) * 60,
            Symbols(
                tuple(code.replace(" ", "").lower() for code in self.texts("symbols.justified", symbols["justified"])),
                self.texts("symbols.no_homework", symbols["no_homework"]),
                self.text("symbols.exempt", symbols["exempt"]),
            ),
            tuple(sorted(clauses, key=lambda clause: clause_key(clause.number))),
            self.closing("closing", top.get("closing", {})),
            self.lesson_types("lesson_types", top.get("lesson_types", {})),
        )

    def closing(self, key: str, entry: Any) -> dict[str, Parameter]:
        given = self.table(key, entry, (), tuple(CLOSING))
        return CLOSING | {name: self.parameter(f"{key}.{name}", name, value) for name, value in given.items()}

    def lesson_types(self, key: str, entry: Any) -> dict[str, str]:
        if not isinstance(entry, dict):
            raise self.fault(key, _("a table is wanted"))
        return {name.casefold(): self.text(f"{key}.{name}", what, LESSON_YIELDS) for name, what in entry.items()}

    def clause(self, key: str, entry: Any) -> Clause:
        table = self.table(key, entry, ("number", "title", "summary"), ("checks", "unseen"))
        number = self.text(f"{key}.number", table["number"])
        if not re.fullmatch(r"\d+(\.\d+)*", number):
            raise self.fault(f"{key}.number", _('a clause number is written as "8.1"'))
        if number in self.seen:
            raise self.fault(f"{key}.number", _("this clause stands twice"))
        self.seen.add(number)
        checks = [
            self.check(f"{key}.checks[{n}]", number, check)
            for n, check in enumerate(self.tables(f"{key}.checks", table.get("checks", [])), 1)
        ]
        return Clause(
            number,
            self.spoken(f"{key}.title", table["title"]),
            self.spoken(f"{key}.summary", table["summary"]),
            tuple(sorted(checks, key=lambda check: check.id)),
            tuple(self.spoken(f"{key}.unseen", part) for part in self.tables(f"{key}.unseen", table.get("unseen", []))),
        )

    def check(self, key: str, number: str, entry: Any) -> CheckRule:
        table = self.table(key, entry, ("check", "severity"), ("deadline", "parameters"))
        name = self.text(f"{key}.check", table["check"], tuple(self.specs))
        spec = self.specs[name]
        rule_id = f"{number}-{spec.word}"
        if rule_id in self.seen:
            raise self.fault(f"{key}.check", _("this check stands twice"))
        self.seen.add(rule_id)
        deadline = None
        if spec.has_deadline != ("deadline" in table):
            raise self.fault(
                f"{key}.deadline",
                _("this key is missing") if spec.has_deadline else _("this check has no deadline"),
            )
        if spec.has_deadline:
            deadline = self.deadline(f"{key}.deadline", table["deadline"])
        given = self.table(f"{key}.parameters", table.get("parameters", {}), spec.parameters)
        parameters = {name: self.parameter(f"{key}.parameters.{name}", name, value) for name, value in given.items()}
        severity = self.text(f"{key}.severity", table["severity"], SEVERITIES)
        return CheckRule(name, rule_id, number, severity, deadline, parameters)

    def deadline(self, key: str, entry: Any) -> Deadline:
        if not isinstance(entry, dict):
            raise self.fault(key, _("a table is wanted"))
        try:
            return parse_deadline(entry)
        except BadDeadline as fault:
            raise self.fault(key, str(fault)) from None

    def parameter(self, key: str, name: str, value: Any) -> Parameter:
        reading = False
        if isinstance(value, dict):
            table = self.table(key, value, ("value",), ("reading",))
            value, reading = table["value"], self.flag(f"{key}.reading", table.get("reading", False))
        try:
            return Parameter(_parameter_value(name, value), reading)
        except (BadDeadline, ValueError) as fault:
            raise self.fault(key, str(fault)) from None


def _parameter_value(name: str, value: Any) -> Any:
    """A parameter's value by its name: dates of the year, lists of grades, lists of marks."""
    if name in ("since", "until"):
        return parse_month_day(value)
    if name == "summative_least":
        if type(value) is not int or not 0 <= value <= 99:
            raise ValueError(_("a whole number from {low} to {high} is wanted").format(low=0, high=99))
        return value
    kind = int if name == "grades" else str
    if not isinstance(value, list) or not all(type(item) is kind for item in value):
        raise ValueError(_("a list of whole numbers is wanted") if kind is int else _("a list of texts is wanted"))
    return tuple(value)


def _overridden(pack: Regulation, overrides: Mapping[str, Any]) -> Regulation:
    """The regulation with the school's own parameters, such as {"5.working_days": 5}."""
    checks = {check.id: check for check in pack.checks}
    closing = dict(pack.closing)
    for key, value in overrides.items():
        address, _dot, name = key.rpartition(".")
        if address == "closing" and name in closing:
            try:
                closing[name] = replace(closing[name], value=_parameter_value(name, value))
            except ValueError as fault:
                raise AuditError(_("parameter «{key}»: {fault}").format(key=key, fault=fault)) from None
            continue
        mine = [c for c in checks.values() if address in (c.id, c.clause)]
        fitting = [c for c in mine if name in c.parameters or (c.deadline and name in FORMS)]
        if not fitting:
            known = [
                f"{c.id}.{n}"
                for c in checks.values()
                for n in (*((c.deadline.form,) if c.deadline else ()), *c.parameters)
            ] + [f"closing.{n}" for n in closing]
            raise AuditError(
                _("there is no parameter «{key}»; nearest: {near}").format(key=key, near=nearest(key, known))
            )
        # A clause's number means those of its checks that have this very form of deadline, if any has.
        same = [c for c in fitting if name in c.parameters or (c.deadline and c.deadline.form == name)]
        for check in same or fitting:
            try:
                if name in check.parameters:
                    known_parameter = check.parameters[name]
                    changed = replace(known_parameter, value=_parameter_value(name, value))
                    checks[check.id] = replace(check, parameters={**check.parameters, name: changed})
                else:
                    assert check.deadline is not None
                    entry = {name: value, "reading": check.deadline.reading}
                    checks[check.id] = replace(check, deadline=parse_deadline(entry))
            except ValueError as fault:
                raise AuditError(_("parameter «{key}»: {fault}").format(key=key, fault=fault)) from None
    clauses = tuple(replace(c, checks=tuple(checks[check.id] for check in c.checks)) for c in pack.clauses)
    return replace(pack, clauses=clauses, closing=closing)
