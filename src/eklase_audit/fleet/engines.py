"""What runs the audits of many schools: processes of this machine, or a cluster of Dask.

Both take jobs and hand each outcome on as it comes. A worker that dies takes no other school with it, and
its own school is tried again.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from eklase_audit.errors import AuditError
from eklase_audit.fleet.work import Job, Outcome, audit_school
from eklase_audit.garbage import collect_seldom
from eklase_audit.i18n import _

# So often is a school given out whose worker died, before it is said to have failed.
ATTEMPTS = 3

Engine = Callable[[Sequence[Job]], Iterator[Outcome]]
Work = Callable[[Job], Outcome]


def local(workers: int | None = None, work: Work = audit_school) -> Engine:
    """An engine of processes on this machine, one a school, so many at a time (else one a processor)."""
    count = workers or os.cpu_count() or 1

    def run(jobs: Sequence[Job]) -> Iterator[Outcome]:
        # A thread waits for each process: a process that dies breaks only the pool of its own school.
        with ThreadPoolExecutor(count) as threads:
            waiting = [threads.submit(_in_a_process, work, job) for job in jobs]
            try:
                yield from (future.result() for future in as_completed(waiting))
            finally:
                threads.shutdown(wait=True, cancel_futures=True)

    return run


def _in_a_process(work: Work, job: Job) -> Outcome:
    for _attempt in range(ATTEMPTS):
        with ProcessPoolExecutor(1, mp_context=_processes(), initializer=collect_seldom) as pool:
            try:
                return pool.submit(work, job).result()
            except BrokenProcessPool:
                continue
    return _died(job)


def _processes() -> multiprocessing.context.BaseContext:
    """Processes that begin afresh; where the system allows, from one that has read the modules already."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["eklase_audit.fleet.work"])
    return context


def _died(job: Job) -> Outcome:
    return Outcome(job.school, error=_("its worker died {count} times (out of memory?)").format(count=ATTEMPTS))


def dask(scheduler: str, work: Work = audit_school) -> Engine:
    """An engine of the workers of an existing Dask cluster, by its scheduler's address.

    All workers must see the folders of the schools and of the answers by the same paths. Raises AuditError.
    """
    try:
        from distributed import Client, KilledWorker
        from distributed import as_completed as as_finished
    except ImportError:
        raise AuditError(_('--engine dask needs more packages: pip install "eklase-audit[fleet]"')) from None

    def run(jobs: Sequence[Job]) -> Iterator[Outcome]:
        try:
            client: Any = Client(scheduler, timeout="20s")  # type: ignore[no-untyped-call]
        except (OSError, TimeoutError, ValueError):
            raise AuditError(_("--scheduler: no Dask scheduler answers there; check the address")) from None
        with client:
            futures = client.map(work, jobs, pure=False, retries=ATTEMPTS - 1)
            by_key = {future.key: job for future, job in zip(futures, jobs, strict=True)}
            for future in as_finished(futures):  # type: ignore[no-untyped-call]
                job = by_key[future.key]
                if (fault := future.exception()) is None:
                    yield future.result()
                elif isinstance(fault, KilledWorker):
                    yield _died(job)
                else:
                    yield Outcome(job.school, error=_("unexpected fault: {kind}").format(kind=type(fault).__name__))

    return run
