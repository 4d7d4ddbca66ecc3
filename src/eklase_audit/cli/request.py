"""What a user asks to be audited: the options that all commands over exports share, and the run they stand for.

A command takes one parameter `request: Request` under `@with_request`; its options then stand in the
command's own list, where that parameter stands. One that takes its paths otherwise has a parameter `paths` too.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import MISSING, dataclass, fields, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from eklase_audit.cli import common, completion
from eklase_audit.cli.common import (
    AsKindOption,
    ConfigOption,
    IsolatedOption,
    LangOption,
    NewestOption,
    PathsArgument,
    RulesOption,
    StoreOption,
    WaiversOption,
)
from eklase_audit.errors import AuditError
from eklase_audit.i18n import _

if TYPE_CHECKING:
    from eklase_audit.audit import Audit, Filters
    from eklase_audit.calendar import Calendar
    from eklase_audit.config import Config
    from eklase_audit.journal import Journal
    from eklase_audit.pseudonyms import Pseudonyms
    from eklase_audit.regulation import CheckRule, Regulation
    from eklase_audit.school import School

AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE[THH:MM]", help=_("The moment to look from (a date: its end). Else now.")),
]
IgnoreOption = Annotated[
    bool,
    typer.Option("--ignore-in-force", help=_("Judge entries from before the regulation was in force too.")),
]
PseudonymiseOption = Annotated[
    bool,
    typer.Option("--pseudonymise", help=_("Name nobody: pupils are shown as 7.a-03, teachers as P-07.")),
]
PseudonymKeyOption = Annotated[
    Path | None,
    typer.Option(
        "--pseudonym-key",
        metavar="FILE",
        help=_("Where it is kept who is who (else eklase-audit.pseudonyms beside the configuration)."),
    ),
]
ClauseOption = Annotated[
    list[str] | None,
    typer.Option(
        "--clause",
        metavar="N|CHECK",
        help=_("Only this clause (8 takes in 8.1) or check; repeatable."),
        autocompletion=completion.clauses,
    ),
]
TeacherOption = Annotated[
    list[str] | None,
    typer.Option(
        "--teacher", metavar="NAME", help=_("Only this teacher; repeatable."), autocompletion=completion.teachers
    ),
]
ClassOption = Annotated[
    list[str] | None,
    typer.Option("--class", metavar="CLASS", help=_("Only this class; repeatable."), autocompletion=completion.classes),
]


@dataclass(frozen=True)
class Request:
    """The options that all commands share which audit exports."""

    paths: PathsArgument
    as_of: AsOfOption = None
    ignore_in_force: IgnoreOption = False
    as_kind: AsKindOption = None
    newest: NewestOption = False
    store: StoreOption = None
    pseudonymise: PseudonymiseOption = False
    pseudonym_key: PseudonymKeyOption = None
    waivers: WaiversOption = None
    rules: RulesOption = None
    config: ConfigOption = None
    isolated: IsolatedOption = False
    lang: LangOption = None

    def run(self, *, quiet: bool = False) -> Run:
        """What is to be run. From here on the language asked for is spoken. Raises AuditError."""
        settings = common.configuration(self.config, self.paths, self.lang, isolated=self.isolated)
        settings = replace(settings, waivers=self.waivers or settings.waivers, store=self.store or settings.store)
        hold_key(asked=self.pseudonymise, key=self.pseudonym_key)
        return Run(self, settings, common.regulation(settings, self.rules), common.parse_as_of(self.as_of), quiet)


@dataclass
class Run:
    """A request with its configuration, regulation and moment; the exports are read once, when first needed."""

    request: Request
    settings: Config
    regulation: Regulation
    as_of: datetime
    quiet: bool = False
    said: bool = False

    @cached_property
    def journal(self) -> Journal:
        """The exports."""
        asked = self.request
        return common.read(
            asked.paths, asked.as_kind or [], self.settings, self.regulation, newest=asked.newest, quiet=self.quiet
        )

    @cached_property
    def school(self) -> School:
        """The school as an audit sees it."""
        from eklase_audit.school import School

        return School(self.settings, self.regulation)

    @property
    def calendar(self) -> Calendar:
        """The calendar that holds for the school."""
        return self.school.calendar

    def under(self, regulation: Regulation) -> Run:
        """The same exports, not read again, under another regulation with the clauses of this one's numbers."""
        other = replace(self, regulation=regulation)
        other.journal, other.school = self.journal, self.school.under(regulation)
        return other

    def teachers(self) -> list[str]:
        """All teachers that the exports name, in whatever role."""
        return self.school.auditor(self.journal, self.as_of).teachers()

    def audit(
        self,
        clauses: Sequence[str] = (),
        filters: Filters | None = None,
        as_of: datetime | None = None,
        horizon: datetime | None = None,
        kept: Collection[str] = (),
        *,
        waived: bool = True,
        named: bool = False,
    ) -> Audit:
        """Audit the exports as of the moment asked for, or of another. Raises AuditError.

        The school's waivers are honoured, unless `waived` is false. Up to a `horizon` what is pending is
        told too; `kept` names checks whose duties are kept. Where pseudonyms are asked for, the audit holds
        them in place of names, unless it is to be `named`; such an audit has to pass through `shown` before
        it is shown.
        """
        from eklase_audit.audit import Filters

        if waived:
            self.school.waivers  # noqa: B018 - what is wrong with them is told before the exports are read
        selected: Sequence[CheckRule] = self.regulation.select(list(clauses))
        as_of = as_of or self.as_of
        filters = self._meant(filters or Filters())
        auditor = self.school.auditor(self.journal, as_of, filters, ignore_in_force=self.request.ignore_in_force)
        auditor.horizon, auditor.kept = horizon, kept
        # Said once, however often the exports are audited.
        unknown, self.said = [] if self.said else auditor.unknown_absences(), True
        for absence in unknown:
            common.say(_("{place}: no export names this teacher: correct the name").format(place=absence.place))
        with ExitStack() as stack:
            if self.settings.store is not None:
                from eklase_audit.moments import moment_number
                from eklase_audit.store.database import Store
                from eklase_audit.store.windows import Observer

                opened = stack.enter_context(Store(self.settings.store))
                auditor.observer = Observer(opened, self.journal, moment_number(as_of))
            step = stack.enter_context(common.progress(_("Auditing"), len(selected), self.quiet))
            audit = auditor.audit(selected, step)
        if waived:
            audit = self.school.with_waivers(audit, whole=auditor.filters == Filters())
        return audit if named else self.shown(audit)

    def _meant(self, filters: Filters) -> Filters:
        """The filters, with teachers whose pseudonyms were given named as in the exports."""
        if not filters.teachers:
            return filters
        with self.pseudonyms() as pseudonyms:
            return (
                replace(filters, teachers=tuple(map(pseudonyms.teacher, filters.teachers))) if pseudonyms else filters
            )

    @contextmanager
    def pseudonyms(self) -> Iterator[Pseudonyms | None]:
        """The pseudonyms of the school, kept when they are done with; None where none are asked for."""
        asked = self.request
        with pseudonyms_of(self.settings, asked=asked.pseudonymise, key=asked.pseudonym_key) as pseudonyms:
            yield pseudonyms

    def shown(self, audit: Audit) -> Audit:
        """An audit as it may be shown: with pseudonyms in place of names, where they are asked for."""
        with self.pseudonyms() as pseudonyms:
            if pseudonyms is None:
                return audit
            from eklase_audit.veiling import veiled

            return veiled(audit, pseudonyms)

    def shown_teacher(self, name: str) -> str:
        """A teacher as named in answers: by the pseudonym, where those are asked for."""
        with self.pseudonyms() as pseudonyms:
            if pseudonyms is None:
                return name
            pseudonyms.name_all([name], [])
            return pseudonyms.teachers[name]


def hold_key(*, asked: bool, key: Path | None) -> None:
    """Raises AuditError where a key of pseudonyms is named and none are asked for."""
    if key and not asked:
        raise AuditError(_("--pseudonym-key: it is for --pseudonymise, which was not given"))


@contextmanager
def pseudonyms_of(settings: Config, *, asked: bool, key: Path | None) -> Iterator[Pseudonyms | None]:
    """The pseudonyms of a school, kept when they are done with; None where none are asked for."""
    if not asked:
        yield None
        return
    from eklase_audit.pseudonyms import FILE_NAME, kept_pseudonyms

    beside = settings.path.parent if settings.path else Path()
    with kept_pseudonyms(key or beside / FILE_NAME) as pseudonyms:
        yield pseudonyms


def with_request(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of Request in place of its parameter `request`; errors end it well.

    Where that parameter has a default, paths need not be given.
    """
    hints = get_type_hints(Request, include_extras=True)
    own = inspect.signature(command, eval_str=True)
    shared = [
        inspect.Parameter(
            one.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if one.default is MISSING else one.default,
            annotation=hints[one.name],
        )
        for one in fields(Request)
    ]
    # The paths stand where `request` stands; a command's own options come before the shared ones.
    paths, *options = shared
    if own.parameters["request"].default is not inspect.Parameter.empty:
        paths = paths.replace(default=None)
    # A command may say its paths in its own words; then it is handed them too.
    own_paths = own.parameters.get(paths.name)
    parameters = [
        (own_paths or paths) if name == "request" else parameter
        for name, parameter in own.parameters.items()
        if name != paths.name
    ]
    parameters = [*(one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parameters), *options]

    @common.ends_well
    def run(**options: Any) -> Any:
        asked = Request(
            **{one.name: options.pop(one.name) for one in shared if one.name != "paths"},
            paths=options.pop(paths.name) or [],
        )
        if own_paths:
            options[paths.name] = asked.paths
        return command(request=asked, **options)

    run.__doc__ = command.__doc__
    run.__name__ = command.__name__
    run.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run
