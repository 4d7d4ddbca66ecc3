"""eklase-audit snapshot: note what exports hold now."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eklase_audit.cli import common
from eklase_audit.cli.common import AsKindOption, ConfigOption, IsolatedOption, LangOption, RulesOption
from eklase_audit.cli.unattended import unattended
from eklase_audit.errors import AuditError
from eklase_audit.i18n import _, moment_text, ngettext

if TYPE_CHECKING:
    from eklase_audit.config import Config
    from eklase_audit.regulation import Regulation
    from eklase_audit.store.database import Store


@unattended
@common.ends_well
def snapshot(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH…", help=_("Files and folders of exports."))
    ] = None,
    store: Annotated[
        Path | None,
        typer.Option("--store", metavar="FILE", help=_("The store; it is made where there is none.")),
    ] = None,
    taken_at: Annotated[
        str | None,
        typer.Option(
            "--taken-at",
            metavar="DATETHH:MM",
            help=_("When the exports were taken (else by a name such as 2026-11-24_1705, else the files' time)."),
        ),
    ] = None,
    each: Annotated[
        Path | None,
        typer.Option(
            "--each",
            metavar="FOLDER",
            help=_("Take each dated folder or file in this folder, in their order."),
        ),
    ] = None,
    as_kind: AsKindOption = None,
    rules: RulesOption = None,
    config: ConfigOption = None,
    isolated: IsolatedOption = False,
    lang: LangOption = None,
) -> None:
    """Take a snapshot (see the command's help)."""
    from eklase_audit.moments import moment_number
    from eklase_audit.store.database import Store

    settings = common.configuration(config, [*(paths or []), *([each] if each else [])], lang, isolated=isolated)
    regulation = common.regulation(settings, rules)
    store = store or settings.store
    if store is None:
        raise AuditError(_("say where the store is: --store FILE"))
    if bool(paths) == bool(each):
        raise AuditError(_("give either files and folders, or --each FOLDER"))
    for path in (*(paths or []), *([each] if each else [])):
        if not path.exists():
            raise _not_there(path)
    if each is None:
        when = _moment(paths or [], taken_at)
        with Store(store, create=True) as opened:
            common.tell(_take(opened, paths or [], when, settings, regulation, as_kind or []))
        return
    if taken_at is not None:
        raise AuditError(_("--taken-at goes with files and folders; --each takes the moments from the names"))
    together = _dated(each)
    with (
        Store(store, create=True) as opened,
        common.progress(_("Snapshots"), len(together), quiet=False) as step,
    ):
        known = set(opened.snapshots())
        for when, group in together.items():
            step(group[0].name)
            if moment_number(when) not in known:
                common.tell(_take(opened, group, when, settings, regulation, as_kind or []))


def _not_there(path: Path) -> AuditError:
    return AuditError(_("{path}: there is no such file or folder; check the name").format(path=path))


def _dated(folder: Path) -> dict[datetime, list[Path]]:
    """What stands in a folder, by the moments that the names tell, in their order; the rest is named."""
    from eklase_audit.store.snapshot import moment_in_name

    if not folder.is_dir():
        raise _not_there(folder)
    dated: list[tuple[datetime, Path]] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if when := moment_in_name(path.name):
            dated.append((when, path))
        else:
            common.say(_("{name}: left out, since its name tells no day and time").format(name=path.name))
    if not dated:
        raise AuditError(_("no folder or file in {path} is dated, such as 2026-11-24_1705").format(path=folder))
    together: dict[datetime, list[Path]] = {}
    for when, path in sorted(dated):
        together.setdefault(when, []).append(path)
    return together


def _moment(paths: list[Path], taken_at: str | None) -> datetime:
    """When the exports were taken. A time that only the files' dates tell is said aloud."""
    from eklase_audit.store.snapshot import moment_of_files, moment_of_path

    if taken_at is not None:
        wrong = AuditError(_("--taken-at: write the day and the time, such as 2026-11-24T17:05"))
        if "T" not in taken_at and " " not in taken_at:
            raise wrong
        try:
            return common.parse_as_of(taken_at)
        except AuditError:
            raise wrong from None
    named = {when for path in paths if (when := moment_of_path(path))}
    if len(named) > 1:
        raise AuditError(_("the names of the files tell different times: give --taken-at, or --each FOLDER"))
    if named:
        return named.pop()
    when = moment_of_files(paths)
    common.say(
        _("taken at {moment}, the time at which the newest file was written; say another with --taken-at").format(
            moment=moment_text(when)
        )
    )
    return when


def _take(
    store: Store,
    paths: list[Path],
    when: datetime,
    settings: Config,
    regulation: Regulation,
    as_kind: list[str],
) -> str:
    """Take one snapshot; what came of it, in one line."""
    from eklase_audit.store.snapshot import take_snapshot

    journal = common.read(paths, as_kind, settings, regulation, quiet=True)
    if journal.errors:
        raise AuditError(_("the snapshot was not taken, since a file could not be read"))
    recorded = take_snapshot(store, journal, when, regulation.symbols)
    return _("snapshot of {moment}: {new}, {changed}, {gone}").format(
        moment=moment_text(when),
        new=ngettext("{count} new entry", "{count} new entries", recorded.new).format(count=recorded.new),
        changed=ngettext("{count} changed", "{count} changed", recorded.changed).format(count=recorded.changed),
        gone=ngettext("{count} gone", "{count} gone", recorded.gone).format(count=recorded.gone),
    )
