"""What is configured and where each value comes from: a variable, the file, the rule pack or the default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from eklase_audit.config import FAIL_ON, HISTORY_RETENTION, KEYS, NAME_ORDERS, RETENTIONS, Config
from eklase_audit.deadlines import Deadline
from eklase_audit.errors import AuditError
from eklase_audit.i18n import _
from eklase_audit.packs import DEFAULT
from eklase_audit.regulation import Regulation
from eklase_audit.school import School
from eklase_audit.school_rules import calendar_of, regulation_of
from eklase_audit.toml_tables import read_toml

VARIABLE, FILE, PACK, NOTHING = "variable", "file", "rule_pack", "default"
_DEFAULTS: Mapping[str, Any] = {
    "rules": DEFAULT,
    "count_school_breaks": True,
    "retention": RETENTIONS[0],
    "history_retention": HISTORY_RETENTION,
    "fail_on": FAIL_ON[0],
    "name_order": NAME_ORDERS[0],
    "completion_cache": True,
}
# Their values may hold tokens.
_SECRET, _HIDDEN = ("notify",), "…"


@dataclass(frozen=True)
class Setting:
    """A key with its value (None: nothing is set) and where it comes from; `name` is the variable's or the file's."""

    key: str
    value: Any
    origin: str
    name: str | None = None


def settings(config: Config, environ: Mapping[str, str]) -> list[Setting]:
    """Every key of the configuration, then every parameter of the regulation. Raises AuditError."""
    entry = read_toml(config.path) if config.path else {}
    regulation = regulation_of(config)
    return [*_keys(config, entry, regulation, environ), *_parameters(config, regulation)]


def _keys(
    config: Config, entry: Mapping[str, Any], regulation: Regulation, environ: Mapping[str, str]
) -> Iterator[Setting]:
    pack = {
        "moved_days": regulation.moved_days,
        "count_school_breaks": regulation.count_school_breaks,
        "symbols": {"justified": list(regulation.symbols.justified)},
        "lesson_types": dict(regulation.lesson_types),
    }
    for key in KEYS:
        if key == "parameters":
            continue
        if variable := config.variables.get(key):
            yield Setting(key, environ[variable], VARIABLE, variable)
        elif key in entry:
            yield Setting(key, _HIDDEN if key in _SECRET else _plain(entry[key]), FILE, str(config.path))
        elif key in pack:
            yield Setting(key, _plain(pack[key]), PACK, regulation.id)
        else:
            yield Setting(key, _DEFAULTS.get(key), NOTHING)


def _parameters(config: Config, regulation: Regulation) -> Iterator[Setting]:
    """The deadlines and other numbers of every check, those that the school changed marked as its own."""
    before = regulation_of(Config(rules=config.rules))
    original = {rule.id: rule for rule in before.checks}
    for rule in regulation.checks:
        pairs: list[tuple[str, Any, Any]] = []
        first = original[rule.id]
        if rule.deadline:
            pairs.append((rule.deadline.form, _deadline(rule.deadline), _deadline(first.deadline)))
        pairs += [(name, one.value, first.parameters[name].value) for name, one in rule.parameters.items()]
        for name, value, was in pairs:
            mine = value != was
            where = (FILE, str(config.path)) if mine else (PACK, regulation.id)
            yield Setting(f"{rule.id}.{name}", _plain(value), *where)


def _deadline(deadline: Deadline | None) -> Any:
    if deadline is None:
        return None
    plain = {key: value for key, value in deadline.plain().items() if key != "reading"}
    return next(iter(plain.values())) if len(plain) == 1 else plain


def _plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if (isinstance(value, Sequence) and not isinstance(value, str)) or isinstance(value, frozenset):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def faults(config: Config) -> list[AuditError]:
    """What is wrong with all that the configuration names: regulation, lists, folders of what is written."""
    found = []
    try:
        regulation = regulation_of(config)
        calendar_of(config, regulation)
        school = School(config, regulation)
    except AuditError as fault:
        return [fault]
    for look in (lambda: school.waivers, lambda: school.staff_absences, school.addresses):
        try:
            look()
        except AuditError as fault:
            found.append(fault)
    for key, path in (
        ("store", config.store),
        ("history", config.history),
        ("mail.sent", config.mail.sent if config.mail else None),
    ):
        if path is not None and not path.parent.is_dir():
            text = _("{key}: there is no folder {path}; make it first").format(key=key, path=path.parent)
            found.append(AuditError(text))
    return found
