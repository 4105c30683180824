"""A worker of `edges/jobs.py`: takes orders, does them in threads, and says by its heartbeat that it lives.

An order is acknowledged when what it booked is in the ledger and what follows from it is handed over. What a worker
holds that is not heard of any more is given to others; so an order may be done twice, and never not at all.
"""

import asyncio
import logging
import os
import platform
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.worker import Worker
from psycopg import Error, IntegrityError, OperationalError

from purport.core import journal
from purport.core.errors import InputError, NotFoundError, PurportError
from purport.core.ports import Clock, Doing
from purport.core.work import QUEUES, Did, Done, Order
from purport.edges.jobs import TOGETHER, job_of
from purport.ledger.faults import explain

TRIES = 5  # of an order, until it is given up
WAIT = 4  # seconds before another try, and so many times as long each time: 4, 16, 64, 256
HOPELESS = (InputError, NotFoundError)  # what no other try can mend
KEPT, KEPT_FAILED = 1, 24 * 7  # hours that orders are remembered when they were done, and when they were given up
FORGOTTEN = 24 * 3600  # seconds after which a silent worker is no longer told of
_PRUNED = 300.0  # seconds between two times of pruning
_LOST = (ConnectorException, Error, OSError)  # what a server that is not to be reached raises
_AWAY = (OperationalError, IntegrityError)  # of these what another try may mend; or it was taken for gone meanwhile
_LOOK, _AGAIN = 0.2, 2.0  # seconds: how often one looks whether to stop; before connecting again

# Given back are the orders of workers that are silent or gone; given up, what was tried too often; and let go, what
# waits a second time already.
_STALLED = """
WITH stalled AS (
    SELECT job.id, coalesce(ours.host, '') AS host, job.attempts + 1 >= %(tries)s AS last, EXISTS (
        SELECT 1 FROM procrastinate_jobs AS other
        WHERE other.queueing_lock = job.queueing_lock AND other.status = 'todo'
    ) AS waits
    FROM procrastinate_jobs AS job LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
        LEFT JOIN purport_workers AS ours ON ours.worker = worker.id
    WHERE job.status = 'doing'
        AND (worker.id IS NULL OR worker.last_heartbeat < now() - %(patience)s * interval '1 second')
    ORDER BY job.id FOR UPDATE OF job SKIP LOCKED
), held AS (
    INSERT INTO purport_faults (job, host, said)
    SELECT id, host, 'Its worker was not heard of any more.' FROM stalled
)
UPDATE procrastinate_jobs AS job SET attempts = attempts + 1, worker_id = NULL, status = (
    CASE WHEN waits THEN 'aborted' WHEN last THEN 'failed' ELSE 'todo' END
)::procrastinate_job_status
FROM stalled WHERE stalled.id = job.id RETURNING job.id, job.task_name AS what
"""
_HERE = """
INSERT INTO purport_workers (worker, host, process, queues, concurrency)
SELECT id, %(host)s, %(process)s, %(queues)s::text[], %(concurrency)s
FROM procrastinate_workers WHERE id = %(worker)s FOR KEY SHARE
"""
_ONCE = """
DELETE FROM procrastinate_workers USING purport_workers
WHERE id = worker AND host = %(host)s AND process = %(process)s AND worker <> %(worker)s
"""
_HOLDS = """
SELECT id FROM procrastinate_jobs
WHERE id = %(job)s AND (status = 'doing' AND worker_id = %(worker)s OR %(anybody)s AND status IN ('todo', 'doing'))
"""
_HEARD = """
SELECT id FROM procrastinate_workers
WHERE id = %(worker)s AND last_heartbeat > now() - 2 * %(patience)s * interval '1 second'
"""
_FAULT = "INSERT INTO purport_faults (job, host, said) VALUES (%(job)s, %(host)s, %(said)s)"


class _SilentError(OSError):
    """What a worker says does not get through, though the server is there again: it has to begin anew."""


class _Retries(BaseRetryStrategy):
    """Try again, later and later. What is handed over again by itself (`once`) need not be."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if job.queueing_lock or isinstance(exception, HOPELESS) or job.attempts + 1 >= TRIES:
            return None
        return RetryDecision(retry_in={"seconds": WAIT ** (job.attempts + 1)})


class _Manager(JobManager):
    """Procrastinate's, but that who was taken for gone has no say any more on whether an order failed.

    That it was done, one has a say on: it is in the ledger. `unheard`: an end did not get through, so an order is held
    that nobody does; nobody would take it over from a worker that lives.
    """

    unheard = False

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        with self._noticed():
            if await self._holds(job, status is Status.SUCCEEDED):
                await super().finish_job(job, status, delete_job)

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        with self._noticed():
            if await self._holds(job, False):
                await super().retry_job(job, retry_at, priority, queue, lock)

    @contextmanager
    def _noticed(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.unheard = True
            raise

    async def _holds(self, job: Job, anybody: bool) -> bool:
        about = {"job": job.id, "worker": job.worker_id, "anybody": anybody}
        holds = bool(await self.connector.execute_query_all_async(_HOLDS, **about))
        if not holds:
            journal.tell("late", job=job.id or 0, order=job.task_name)
        return holds


@dataclass(frozen=True, slots=True)
class _Shift:
    """What a worker was asked for."""

    queues: tuple[str, ...]
    concurrency: int
    stopped: Callable[[], bool]
    wait: bool


class Hands:
    """One worker. `address` is how its pool of connections is made."""

    def __init__(
        self, address: dict[str, Any], doing: Doing, clock: Clock, patience: float, away: Callable[[str], None]
    ) -> None:
        self._address, self._doing, self._clock, self._patience = address, doing, clock, patience
        self._host = platform.node()
        self._away, self._lost = away, False
        self._told: Callable[[Done], None] = lambda done: None
        self._busy: set[int | None] = set()  # orders in the threads

    def work(
        self,
        queues: tuple[str, ...],
        concurrency: int,
        told: Callable[[Done], None],
        stopped: Callable[[], bool],
        wait: bool,
    ) -> None:
        self._told = told
        with _quiet(), ThreadPoolExecutor(concurrency, "purport-work") as threads:
            try:
                asyncio.run(self._work(_Shift(queues, concurrency, stopped, wait), threads))
            except KeyboardInterrupt:  # asked twice: what is held is left to others
                os._exit(130)

    async def _work(self, shift: _Shift, threads: ThreadPoolExecutor) -> None:
        asyncio.get_running_loop().set_exception_handler(_lost)
        while not shift.stopped():
            try:
                if await self._round(shift, threads):
                    return
            except _LOST as error:
                cause = error.__cause__ or error
                if isinstance(cause, Error) and not isinstance(cause, _AWAY):
                    raise explain(cause) from error  # a server that is there says no
                journal.tell("retry", of="jobs", error=type(cause).__name__)
                if not self._lost:
                    self._lost = True
                    self._away(str(explain(cause if isinstance(cause, Exception) else error)))
            for _ in range(int(_AGAIN / _LOOK)):
                if not shift.stopped():
                    await asyncio.sleep(_LOOK)

    async def _round(self, shift: _Shift, threads: ThreadPoolExecutor) -> bool:
        """Work until stopped, or until the connection is lost; was all that was asked for done?"""
        connector = PsycopgConnector(**self._address, min_size=1, max_size=4, timeout=10.0)
        app = App(connector=connector)
        app.job_manager = manager = _Manager(connector)
        for what in (one for queue in shift.queues for one in QUEUES[queue]):
            app.task(name=what, pass_context=True, retry=_Retries())(self._task(what, threads))
        async with app.open_async():
            worker: Any = Worker(  # which is not typed in all places
                app,
                queues=list(shift.queues),
                name=self._host,
                concurrency=shift.concurrency,
                wait=shift.wait,
                install_signal_handlers=False,
                fetch_job_polling_interval=min(5.0, self._patience / 3),
                update_heartbeat_interval=self._patience / 6,
                stalled_worker_timeout=FORGOTTEN,
            )
            await self._give_back(app)
            working = asyncio.create_task(worker.run())
            upkeep = asyncio.create_task(self._upkeep(app))
            registered = asked = lost = False
            looked = time.monotonic()
            try:
                while not working.done():
                    await asyncio.wait([working], timeout=_LOOK if registered else _LOOK / 10)
                    if worker.worker_id is not None and not registered:
                        registered = True
                        await self._register(app, worker.worker_id, shift)
                    if shift.stopped() and not asked:
                        asked = True
                        worker.stop()
                    if manager.unheard:
                        raise _SilentError("the end of an order did not get through")
                    if worker.worker_id is not None and not self._busy and time.monotonic() - looked > self._patience:
                        looked = time.monotonic()
                        await asyncio.wait_for(self._heard(app, worker.worker_id), 2 * self._patience)
                await working
            except _LOST:
                lost = True
                raise
            finally:
                worker.stop()
                upkeep.cancel()
                with suppress(asyncio.CancelledError, *_LOST):
                    await upkeep
                # who has lost the server may wait for it for ever; what it held is given to others
                await asyncio.wait([working], timeout=self._patience if lost else None)
                with suppress(asyncio.CancelledError, *_LOST):
                    if working.done():
                        await working
            return asked or not shift.wait

    async def _register(self, app: App, worker: int, shift: _Shift) -> None:
        about = {"worker": worker, "host": self._host, "process": os.getpid()}
        what = {"queues": list(shift.queues), "concurrency": shift.concurrency}
        await app.connector.execute_query_async(_HERE, **about, **what)
        await app.connector.execute_query_async(_ONCE, **about)  # who was cut off could not say good-bye
        if self._lost:
            self._lost = False
            self._away("")

    async def _heard(self, app: App, worker: int) -> None:
        """Raises _SilentError when the heartbeat is too old: its task may wait for an answer that was lost."""
        about = {"worker": worker, "patience": self._patience}
        if not await app.connector.execute_query_all_async(_HEARD, **about):
            raise _SilentError("the heartbeat does not get through")

    async def _upkeep(self, app: App) -> None:
        """What any worker does for all of them: give back what others hold and can't do, prune."""
        pruned = 0.0
        while True:
            with suppress(*_LOST):
                await self._give_back(app)
                if time.monotonic() - pruned > _PRUNED:
                    pruned = time.monotonic()
                    await app.job_manager.delete_old_jobs(KEPT)
                    await app.job_manager.delete_old_jobs(
                        KEPT_FAILED, include_failed=True, include_cancelled=True, include_aborted=True
                    )
            await asyncio.sleep(self._patience / 3)

    async def _give_back(self, app: App) -> None:
        about = {"patience": self._patience, "tries": TRIES}
        for row in await app.connector.execute_query_all_async(_STALLED, **about):
            journal.tell("stalled", job=row["id"], order=row["what"])

    def _task(self, what: str, threads: ThreadPoolExecutor) -> Callable[..., Any]:
        async def task(context: JobContext, about: list[str]) -> None:
            job, began = context.job, time.perf_counter()
            lock, once = job.lock or "", job.queueing_lock or ""
            order = Order(what=what, about=tuple(about), lock=lock, once=once, tries=job.attempts)
            loop, around = asyncio.get_running_loop(), copy_context()

            def do() -> Did:
                self._busy.add(job.id)
                try:
                    with journal.about(job=str(job.id)), journal.step("order", order=what):
                        return self._doing(order)
                finally:
                    self._busy.discard(job.id)

            try:
                did = await loop.run_in_executor(threads, around.run, do)
                await self._follow(context.app, did.follow)
            except Exception as error:
                said = str(error) if isinstance(error, PurportError) else f"{type(error).__name__}: {error}"
                self._tell(order, began, fault=said or type(error).__name__)
                with suppress(*_LOST):
                    await context.app.connector.execute_query_async(
                        _FAULT, job=job.id, host=self._host, said=said[:1000]
                    )
                raise
            self._tell(order, began, said=did.said)

        return task

    async def _follow(self, app: App, orders: tuple[Order, ...]) -> None:
        jobs = [job_of(order) for order in orders if not order.once]
        for start in range(0, len(jobs), TOGETHER):
            await app.job_manager.batch_defer_jobs_async(jobs[start : start + TOGETHER])
        for order in orders:
            if order.once:
                with suppress(AlreadyEnqueued):
                    await app.job_manager.batch_defer_jobs_async([job_of(order)])

    def _tell(self, order: Order, began: float, said: str = "", fault: str = "") -> None:
        seconds = round(time.perf_counter() - began, 3)
        self._told(Done(order=order, at=self._clock.now(), seconds=seconds, said=said, fault=fault))


def _lost(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """An acknowledgement that did not get through: the order is given to others, and what was done is in the ledger."""
    journal.tell("unacknowledged", said=type(context.get("exception")).__name__)


@contextmanager
def _quiet() -> Iterator[None]:
    """What these packages log of faults is told in our own words, unless a log is asked for."""
    handler, named = logging.NullHandler(), [logging.getLogger(one) for one in ("procrastinate", "psycopg")]
    for logger in named:
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger in named:
            logger.removeHandler(handler)
