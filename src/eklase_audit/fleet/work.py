"""The audit of one school of many: reads its folder, writes its answers, and tells a small outcome.

It is the unit that an engine hands to a worker: all it takes and gives can be sent to another process.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from eklase_audit import __version__, i18n
from eklase_audit.audit import Audit
from eklase_audit.config import Config, load_config
from eklase_audit.errors import AuditError
from eklase_audit.exports.paths import Found, find_files
from eklase_audit.exports.reading import read_journal
from eklase_audit.figures import by_class
from eklase_audit.files import write_file
from eklase_audit.fleet.parquet import tables
from eklase_audit.i18n import _
from eklase_audit.packs import find_config
from eklase_audit.paths import rules_folder
from eklase_audit.reports import json_answer
from eklase_audit.school import School
from eklase_audit.school_rules import regulation_of, words_of

_SIGNS = re.compile(r'[%="*:<>?|\\\x00-\x1f]')
ANSWERS, OUTCOMES = "answers", "outcomes"


@dataclass(frozen=True)
class Job:
    """One school to audit: its folder, where its answers go, and how it is looked at."""

    folder: Path
    out: Path
    as_of: datetime
    rules: str | None = None
    ignore_in_force: bool = False
    names: bool = False
    lang: str = "lv"

    @property
    def school(self) -> str:
        """The school's name: that of its folder."""
        return self.folder.name

    @property
    def file_name(self) -> str:
        """The school's name as its files and partitions have it: signs that mean something there are written as %3D."""
        return _SIGNS.sub(lambda sign: f"%{ord(sign[0]):02X}", self.school)

    @property
    def outcome_file(self) -> Path:
        """Where its outcome is kept; it is there once the school is done."""
        return self.out / OUTCOMES / f"{self.file_name}.json"


@dataclass(frozen=True)
class ClauseSum:
    """What came of one check: its status, findings by severity, duties decided."""

    check: str
    clause: str
    status: str
    violations: int
    warnings: int
    waived: int
    duties: int


@dataclass(frozen=True)
class Outcome:
    """What is told of one school: counts, no names of persons. `error` where it could not be audited."""

    school: str
    inputs: str = ""
    error: str | None = None
    regulation: str | None = None
    pupils: int = 0
    duties: int = 0
    lapses: int = 0
    defects: int = 0
    violations: int = 0
    warnings: int = 0
    waived: int = 0
    data_problems: int = 0
    unread: int = 0
    not_audited: int = 0
    checks: tuple[ClauseSum, ...] = field(default=())

    def as_text(self) -> str:
        """The outcome as JSON text."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


def outcome_from(text: str) -> Outcome:
    """An outcome from its JSON text."""
    entry = json.loads(text)
    return Outcome(**{**entry, "checks": tuple(ClauseSum(**check) for check in entry["checks"])})


def finished(job: Job) -> Outcome | None:
    """The outcome of a school that was done before with the very same inputs; None where it has to be audited."""
    try:
        known = outcome_from(job.outcome_file.read_text("utf-8"))
        return known if known.error is None and known.inputs == inputs_hash(job) else None
    except (OSError, ValueError, TypeError, KeyError, AuditError):
        # What cannot be read is made anew; what is wrong with the school is told then.
        return None


def audit_school(job: Job) -> Outcome:
    """Audit one school and write its answers. What is wrong with it is told in the outcome, and stops no other."""
    i18n.activate(job.lang)
    try:
        return _audited(job)
    except AuditError as error:
        return Outcome(job.school, error=str(error))
    except Exception as fault:
        return Outcome(job.school, error=_("unexpected fault: {kind}").format(kind=type(fault).__name__))


def _audited(job: Job) -> Outcome:
    config, files = _config(job), find_files([job.folder])
    if not files:
        raise AuditError(_("there is no export in its folder"))
    # Taken before the reading: a file that changes meanwhile is read again in the next run.
    inputs = _hash(job, config, files)
    regulation = regulation_of(config, job.rules)
    journal = read_journal(files, settings=words_of(config, regulation))
    school = School(config, regulation)
    auditor = school.auditor(journal, job.as_of, ignore_in_force=job.ignore_in_force)
    audit = school.with_waivers(auditor.audit(regulation.select([])))
    if not audit.audited:
        reasons = [str(error) for error in journal.errors[:1]]
        raise AuditError("; ".join([_("nothing could be audited"), *reasons]))
    outcome = _outcome(job, inputs, audit)
    write_file(job.out / ANSWERS / f"{job.file_name}.json", json_answer.text(audit).encode(), overwrite=True)
    for table, content in tables(audit, names=job.names).items():
        write_file(job.out / table / f"school={job.file_name}" / "part-0.parquet", content, overwrite=True)
    # Last of all: whoever finds it finds the others too.
    write_file(job.outcome_file, outcome.as_text().encode(), overwrite=True)
    return outcome


def _config(job: Job) -> Config:
    path = find_config(job.folder)
    return load_config(path)


def _outcome(job: Job, inputs: str, audit: Audit) -> Outcome:
    classes = by_class(audit)
    checks = []
    for result in audit.results:
        mine = [finding for finding in audit.findings if finding.rule.id == result.rule.id]
        counted = len(mine) - sum(finding.waived for finding in mine)
        severe = result.rule.severity == "violation"
        checks.append(
            ClauseSum(
                result.rule.id,
                result.rule.clause,
                result.status,
                counted if severe else 0,
                0 if severe else counted,
                len(mine) - counted,
                sum(result.counts[name] for name in ("fulfilled", "late", "overdue")),
            )
        )
    return Outcome(
        job.school,
        inputs,
        None,
        audit.regulation.id,
        _pupils(audit),
        sum(one.duties for one in classes),
        sum(one.lapses for one in classes),
        sum(one.defects for one in classes),
        sum(check.violations for check in checks),
        sum(check.warnings for check in checks),
        sum(check.waived for check in checks),
        len(audit.journal.problems),
        len(audit.journal.errors),
        len(audit.results) - len(audit.audited),
        tuple(checks),
    )


def _pupils(audit: Audit) -> int:
    """The number of pupils that the exports name: of their contacts, else of their marks."""
    for kind in ("contacts", "marks"):
        if audit.journal.has(kind):
            return len(audit.journal.rows(kind)[["pupil", "class"]].drop_duplicates())
    return 0


def inputs_hash(job: Job) -> str:
    """A hash of all that the answers of a school follow from: exports, configuration, rules, moment, version."""
    return _hash(job, _config(job), find_files([job.folder]))


def _hash(job: Job, config: Config, files: list[Found]) -> str:
    whole = blake2b(digest_size=16)
    options = (__version__, job.as_of.isoformat(), job.rules, job.ignore_in_force, job.names, job.lang)
    whole.update(repr(options).encode())
    for name, path in _inputs(config, files):
        whole.update(repr(name).encode())
        whole.update(_file_hash(path))
    return whole.hexdigest()


def _inputs(config: Config, files: list[Found]) -> Iterator[tuple[str, Path]]:
    yield from ((file.name, file.path) for file in files)
    if config.path is not None:
        # Beside it stand the files that it names, such as a rule pack.
        yield from ((path.name, path) for path in sorted(config.path.parent.iterdir()) if path.is_file())
    yield from ((path.name, path) for path in (config.waivers, config.staff_list) if path is not None)
    folder = rules_folder()
    yield from ((path.relative_to(folder).as_posix(), path) for path in sorted(folder.rglob("*.toml")))


def _file_hash(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = blake2b(digest_size=16)
            while part := file.read(1 << 20):
                content.update(part)
            return content.digest()
    except OSError as fault:
        return repr(fault.errno).encode()
