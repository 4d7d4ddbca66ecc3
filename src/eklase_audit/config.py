"""The school's own configuration, eklase-audit.toml: the one place that reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from eklase_audit.addresses import is_address
from eklase_audit.calendar import Break, NoLessons
from eklase_audit.deadlines import Outage
from eklase_audit.errors import AuditError, nearest
from eklase_audit.exports.headings import kinds
from eklase_audit.exports.settings import DEFAULTS, Alias, Settings
from eklase_audit.exports.texts import clean, fold
from eklase_audit.exports.values import MARK_KINDS, absence_code, group_key, phone_numbers, school_class
from eklase_audit.i18n import LANGUAGES, _
from eklase_audit.journal import LESSON_YIELDS
from eklase_audit.mail_settings import NOTIFY_VARIABLE, PASSWORD_VARIABLE, MailSettings, read_mail, read_notify
from eklase_audit.moments import moment_number
from eklase_audit.packs import CONFIG_VARIABLE, DEFAULT, FILE_NAME, PREFIX, named_in
from eklase_audit.staff import StaffAbsence
from eklase_audit.toml_tables import Tables, read_toml

# How long a store of snapshots keeps entries, from 1 September on: that of this school year, or of the last.
RETENTIONS = ("school-year", "two-school-years")
# How long the history keeps runs, where the configuration does not say.
HISTORY_RETENTION = RETENTIONS[1]
# From which severity on a finding lets a run end in exit code 1.
FAIL_ON = ("violation", "warning", "never")
# What a variable of the environment may say in place of the file: EKLASE_AUDIT_RULES and so on.
VARIABLES = ("rules", "lang", "store", "history", "waivers", "staff_absences", "fail_on")
# Those that the commands read themselves: what they hold is shown nowhere.
SECRETS = (PASSWORD_VARIABLE, NOTIFY_VARIABLE)
# All that may stand in a configuration.
KEYS = (
    "rules",
    "lang",
    "moved_days",
    "count_school_breaks",
    "parameters",
    "free_days",
    "no_lessons",
    "outages",
    "staff_absences",
    "addresses",
    "mail",
    "notify",
    "waivers",
    "store",
    "retention",
    "history",
    "history_retention",
    "fail_on",
    "headings",
    "name_order",
    "aliases",
    "symbols",
    "mark_kinds",
    "lesson_types",
    "completion_cache",
)
NAME_ORDERS = ("given_first", "surname_first")


@dataclass(frozen=True)
class Config:
    """What a school set for itself; the defaults where it set nothing."""

    path: Path | None = None
    rules: str = DEFAULT
    lang: str | None = None
    moved_days: str | None = None
    count_school_breaks: bool | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    free_days: tuple[Break, ...] = ()
    no_lessons: tuple[NoLessons, ...] = ()
    outages: tuple[Outage, ...] = ()
    staff_absences: tuple[StaffAbsence, ...] = ()
    staff_list: Path | None = None
    addresses: Mapping[str, str] = field(default_factory=dict)
    address_list: Path | None = None
    mail: MailSettings | None = None
    notify: tuple[str, ...] = ()
    retention: str = RETENTIONS[0]
    history: Path | None = None
    history_retention: str | int = HISTORY_RETENTION
    exports: Settings = DEFAULTS
    justified: tuple[str, ...] | None = None
    waivers: Path | None = None
    store: Path | None = None
    fail_on: str = FAIL_ON[0]
    completion_cache: bool = True
    # The variables that were followed, by key.
    variables: Mapping[str, str] = field(default_factory=dict)


def first_day_kept(retention: str | int, today: date) -> date:
    """The first day that is kept on a day: by one of RETENTIONS, or so many weeks back."""
    if isinstance(retention, int):
        return today - timedelta(weeks=retention)
    start = today.year if today.month >= 9 else today.year - 1
    return date(start - RETENTIONS.index(retention), 9, 1)


def load_config(path: Path | None) -> Config:
    """Read and validate a configuration; the defaults for None. Raises AuditError naming file and key."""
    if path is None:
        return Config()
    return _Reader(path.name, path).config(read_toml(path))


def with_variables(config: Config, environ: Mapping[str, str]) -> Config:
    """The configuration with what variables of the environment say instead; blank ones say nothing.

    Raises AuditError for a variable that begins with PREFIX and is none.
    """
    given = {name: value for name, value in environ.items() if name.startswith(PREFIX) and value}
    known = {f"{PREFIX}{key.upper()}": key for key in VARIABLES}
    for name in given:
        if name not in (*known, CONFIG_VARIABLE, *SECRETS):
            near = nearest(name, [*known, CONFIG_VARIABLE, *SECRETS], 1)
            raise AuditError(_("{name}: unknown variable; nearest: {near}").format(name=name, near=near))
    values = {known[name]: value for name, value in given.items() if name in known}
    # Files are named from where the command runs.
    said = _Reader(_("variables of the environment"), Path(FILE_NAME).absolute()).config(values)
    names = ["staff_list" if key == "staff_absences" else key for key in values]
    return replace(
        config,
        **{name: getattr(said, name) for name in names},
        variables={key: f"{PREFIX}{key.upper()}" for key in values},
    )


@dataclass
class _Reader(Tables):
    """Reads the tables of a school's configuration."""

    path: Path

    def config(self, entry: Mapping[str, Any]) -> Config:
        top = self.known("", entry, KEYS)
        symbols = self.known("symbols", top.get("symbols", {}), ("justified",))
        return Config(
            self.path,
            self.rules(top.get("rules", DEFAULT)),
            self.choice("lang", top.get("lang"), LANGUAGES),
            self.choice("moved_days", top.get("moved_days"), ("followed", "ignored")),
            self.flag("count_school_breaks", top["count_school_breaks"]) if "count_school_breaks" in top else None,
            self.parameters(top.get("parameters", {})),
            tuple(self.free_day(f"free_days[{n}]", item) for n, item in enumerate(self.list_of(top, "free_days"), 1)),
            tuple(
                self.none_held(f"no_lessons[{n}]", item) for n, item in enumerate(self.list_of(top, "no_lessons"), 1)
            ),
            tuple(self.outage(f"outages[{n}]", item) for n, item in enumerate(self.list_of(top, "outages"), 1)),
            *self.staff_absences(top),
            *self.addresses(top.get("addresses", {})),
            read_mail(self, self.path.parent, top["mail"]) if "mail" in top else None,
            read_notify(self, top.get("notify", {})),
            self.choice("retention", top.get("retention", RETENTIONS[0]), RETENTIONS) or RETENTIONS[0],
            self.file_at(top, "history"),
            self.weeks("history_retention", top.get("history_retention", HISTORY_RETENTION)),
            self.exports(top),
            tuple(absence_code(code) for code in self.texts("symbols.justified", symbols["justified"]))
            if "justified" in symbols
            else None,
            self.file_at(top, "waivers"),
            self.file_at(top, "store"),
            self.choice("fail_on", top.get("fail_on"), FAIL_ON) or FAIL_ON[0],
            completion_cache=self.flag("completion_cache", top.get("completion_cache", True)),
        )

    def file_at(self, top: Mapping[str, Any], key: str) -> Path | None:
        """The file that a key names, from where the configuration stands."""
        return self.path.parent / self.text(key, top[key]) if key in top else None

    def list_of(self, top: Mapping[str, Any], key: str) -> Sequence[Any]:
        return self.tables(key, top.get(key, []))

    def rules(self, value: Any) -> str:
        return named_in(self.path, self.text("rules", value))

    def choice(self, key: str, value: Any, allowed: Sequence[str]) -> str | None:
        return None if value is None else self.text(key, value, allowed)

    def weeks(self, key: str, value: Any) -> str | int:
        """A number of weeks, or one of RETENTIONS."""
        if type(value) is int and 1 <= value <= 520:
            return value
        if value not in RETENTIONS:
            raise self.fault(key, _('write a number of weeks from 1 to 520, "school-year" or "two-school-years"'))
        return str(value)

    def parameters(self, entry: Any) -> Mapping[str, Any]:
        if not isinstance(entry, dict):
            raise self.fault("parameters", _("a table is wanted"))
        for key, value in entry.items():
            if isinstance(value, dict):
                raise self.fault(
                    f"parameters.{key}", _('write the whole name in quotation marks: "5.working_days" = 5')
                )
        return entry

    def days(self, key: str, table: Mapping[str, Any]) -> tuple[int, int]:
        """The first and the last day of an entry; without `to` it is one day."""
        first = self.day(f"{key}.from", table.get("from"))
        last = self.day(f"{key}.to", table.get("to", table.get("from")))
        self.in_order(f"{key}.to", last, "from", first)
        return first, last

    def free_day(self, key: str, entry: Any) -> Break:
        table = self.known(key, entry, ("name", "from", "to", "grades"))
        first, last = self.days(key, table)
        name = self.text(f"{key}.name", table.get("name", ""))
        return Break(name, first, last, self.grades(f"{key}.grades", table.get("grades", [])))

    def none_held(self, key: str, entry: Any) -> NoLessons:
        table = self.known(key, entry, ("from", "to", "classes", "lessons", "reason"))
        first, last = self.days(key, table)
        classes, lessons = table.get("classes", []), table.get("lessons", [])
        if not isinstance(lessons, list) or not all(type(n) is int and 0 <= n <= 20 for n in lessons):
            raise self.fault(f"{key}.lessons", _("a list of lesson numbers from 0 to 20 is wanted"))
        return NoLessons(
            first,
            last,
            self.classes(f"{key}.classes", classes),
            frozenset(lessons),
            self.text(f"{key}.reason", table.get("reason", "")),
        )

    def classes(self, key: str, value: Any) -> frozenset[str]:
        try:
            if not isinstance(value, list):
                raise TypeError
            return frozenset(school_class(clean(name))[0] for name in value)
        except (ValueError, TypeError):
            raise self.fault(key, _('a list of classes is wanted, such as ["7.a", "8.b"]')) from None

    def outage(self, key: str, entry: Any) -> Outage:
        table = self.known(key, entry, ("from", "to", "reason"))
        moments = [table.get(name) for name in ("from", "to")]
        for name, moment in zip(("from", "to"), moments, strict=True):
            if not isinstance(moment, datetime) or moment.tzinfo is not None:
                raise self.fault(f"{key}.{name}", _("a moment is wanted, such as 2026-03-02T12:00:00"))
        first, last = (moment_number(moment) for moment in moments if isinstance(moment, datetime))
        self.in_order(f"{key}.to", last, "from", first)
        return Outage(first, last, self.text(f"{key}.reason", table.get("reason", "")))

    def addresses(self, entry: Any) -> tuple[Mapping[str, str], Path | None]:
        """Mail addresses by teacher, or the name of a list. A fault names no teacher, only the place among them."""
        if isinstance(entry, str):
            return {}, self.path.parent / entry
        if not isinstance(entry, dict):
            raise self.fault("addresses", _("a table is wanted, or the name of a list"))
        for number, address in enumerate(entry.values(), 1):
            if not isinstance(address, str) or not is_address(address):
                raise self.fault(f"addresses ({number})", _("a mail address is wanted, such as birojs@skola.lv"))
        if len({fold(clean(name)) for name in entry}) < len(entry):
            raise self.fault("addresses", _("a teacher is named here twice"))
        return {clean(name): address for name, address in entry.items()}, None

    def staff_absences(self, top: Mapping[str, Any]) -> tuple[tuple[StaffAbsence, ...], Path | None]:
        """The absences of teachers: tables here, or the name of a list beside the configuration."""
        value = top.get("staff_absences", [])
        if isinstance(value, str):
            return (), self.path.parent / self.text("staff_absences", value)
        tables = enumerate(self.list_of(top, "staff_absences"), 1)
        return tuple(self.staff_absence(f"staff_absences[{n}]", item) for n, item in tables), None

    def staff_absence(self, key: str, entry: Any) -> StaffAbsence:
        """An absence of a teacher. A reason may stand there, and is not kept."""
        table = self.known(key, entry, ("teacher", "from", "to", "reason", "substitute"))
        teacher = clean(self.text(f"{key}.teacher", table.get("teacher", "")))
        if not teacher:
            raise self.fault(f"{key}.teacher", _("a text is wanted"))
        first, last = self.days(key, table)
        substitute = clean(self.text(f"{key}.substitute", table.get("substitute", "")))
        return StaffAbsence(teacher, first, last, substitute or None, f"{self.file}: {key}")

    def exports(self, top: Mapping[str, Any]) -> Settings:
        """What the school says of its exports: headings, name_order, aliases, mark_kinds, lesson_types."""
        headings = {
            kind: {
                meaning: self.texts(f"headings.{kind}.{meaning}", words)
                for meaning, words in self.known(f"headings.{kind}", meanings, tuple(kinds()[kind].headings)).items()
            }
            for kind, meanings in self.known("headings", top.get("headings", {}), tuple(kinds())).items()
        }
        spellings = self.known("mark_kinds", top.get("mark_kinds", {}), MARK_KINDS)
        types = top.get("lesson_types", {})
        if not isinstance(types, dict):
            raise self.fault("lesson_types", _("a table is wanted"))
        return Settings(
            headings,
            {
                clean(word).casefold(): kind
                for kind, words in spellings.items()
                for word in self.texts(f"mark_kinds.{kind}", words)
            },
            {
                clean(name).casefold(): self.choice(f"lesson_types.{name}", kind, LESSON_YIELDS) or ""
                for name, kind in types.items()
            },
            self.name_order(top.get("name_order", "given_first")),
            tuple(self.alias(f"aliases[{n}]", item) for n, item in enumerate(self.list_of(top, "aliases"), 1)),
        )

    def name_order(self, value: Any) -> frozenset[str]:
        """The kinds with surnames first: name_order = "surname_first" for all, or a table by kind."""
        if isinstance(value, str):
            order = self.choice("name_order", value, NAME_ORDERS)
            return frozenset(kinds()) if order == "surname_first" else frozenset()
        table = self.known("name_order", value, tuple(kinds()))
        return frozenset(
            kind
            for kind, order in table.items()
            if self.choice(f"name_order.{kind}", order, NAME_ORDERS) == "surname_first"
        )

    def alias(self, key: str, entry: Any) -> Alias:
        table = self.known(key, entry, ("name", "class", "group", "subject", "teacher", "phone", "to", "to_class"))
        if "name" not in table or not {"to", "to_class"} & set(table):
            raise self.fault(key, _("an alias has a name, and to or to_class"))
        name = clean(self.text(f"{key}.name", table["name"]))
        to_name = clean(self.text(f"{key}.to", table.get("to", name)))
        class_, to_class = (
            next(iter(self.classes(f"{key}.{word}", [table[word]]))) if word in table else None
            for word in ("class", "to_class")
        )
        group, subject, teacher = (
            clean(self.text(f"{key}.{word}", table[word])) if word in table else None
            for word in ("group", "subject", "teacher")
        )
        return Alias(
            name,
            to_name,
            class_,
            to_class,
            group=None if group is None else group_key(group),
            subject=None if subject is None else subject.casefold(),
            teacher=teacher,
            phone=self.phone(f"{key}.phone", table["phone"]) if "phone" in table else None,
        )

    def phone(self, key: str, value: Any) -> str:
        numbers = phone_numbers(self.text(key, value))
        if len(numbers) != 1:
            raise self.fault(key, _('one phone number is wanted, such as "29123456"'))
        return next(iter(numbers))
