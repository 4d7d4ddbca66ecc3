"""Reports written to files: which kinds there are, where each goes, and writing them all or none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from eklase_audit.audit import Audit
from eklase_audit.errors import AuditError, nearest
from eklase_audit.files import write_files
from eklase_audit.i18n import _
from eklase_audit.paths import real

# Each kind (which is the ending of its files too) and the module whose `render(audit: Audit) -> bytes` makes it.
KINDS = {
    "html": "eklase_audit.reports.html",
    "xlsx": "eklase_audit.reports.xlsx_report",
    "csv": "eklase_audit.reports.csv_report",
    "jsonl": "eklase_audit.reports.jsonl_report",
    "md": "eklase_audit.reports.markdown_report",
    "junit": "eklase_audit.reports.junit_report",
}

# One letter before a colon is a drive of Windows, not a kind.
_KIND_FIRST = re.compile(r"([A-Za-z][\w-]+):(.+)", re.DOTALL)


@dataclass(frozen=True)
class Target:
    """A report that is asked for: its kind, its file."""

    kind: str
    path: Path


def targets(texts: Iterable[str], exports: Iterable[Path] = ()) -> list[Target]:
    """What KIND:FILE, or FILE alone, asks for. Raises AuditError where a report could not go there.

    `exports` are the files that are audited: no report is written over one of them.
    """
    sources = {real(path) for path in exports}
    asked: dict[Path, Target] = {}
    for text in texts:
        target = _target(text)
        place = real(target.path)
        if place in asked:
            raise AuditError(
                _("--report: {path} is asked for twice; give each report a file of its own").format(path=target.path)
            )
        if place in sources:
            raise AuditError(
                _("--report: {path} is one of the exports; give the report another name").format(path=target.path)
            )
        if target.path.is_dir():
            raise AuditError(_("--report: {path} is a folder; give the name of a file").format(path=target.path))
        if not target.path.parent.is_dir():
            raise AuditError(
                _("--report: there is no folder {folder}; make it first").format(folder=target.path.parent)
            )
        asked[place] = target
    return list(asked.values())


def _target(text: str) -> Target:
    named = _KIND_FIRST.fullmatch(text)
    kind, file = (named[1], named[2]) if named else (Path(text).suffix[1:], text)
    if kind.lower() in KINDS:
        return Target(kind.lower(), Path(file))
    known = ", ".join(KINDS)
    if not kind:
        raise AuditError(
            _("--report: write it as KIND:FILE, such as html:report.html; kinds: {known}").format(known=known)
        )
    raise AuditError(
        _("--report: there is no kind «{kind}»; nearest: {near} (kinds: {known})").format(
            kind=kind, near=nearest(kind, KINDS, 1), known=known
        )
    )


def write_reports(audit: Audit, wanted: Sequence[Target]) -> None:
    """Make all reports of an audit, then write them, over older ones, all or none. Raises AuditError."""
    made = [import_module(KINDS[target.kind]).render(audit) for target in wanted]
    write_files({target.path: content for target, content in zip(wanted, made, strict=True)}, overwrite=True)
