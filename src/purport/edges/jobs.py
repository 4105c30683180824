"""The engine of many hosts: orders wait in tables of the ledger's own PostgreSQL, kept by Procrastinate.

Its tables stand in a schema of their own beside the ledger's, made when they are first needed. They are no part of the
ledger: what is in them can be handed over again, and what was done is pruned.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from purport.core.errors import LedgerError, UsageError
from purport.core.ports import Clock, Doing
from purport.core.work import QUEUE_OF, QUEUES, SPANS, Backlog, Done, Fault, Hand, Order, Work, unheard
from purport.edges.postgres import ALIVE, conninfo
from purport.ledger.faults import explain

if TYPE_CHECKING:
    from psycopg import Connection

NAME = "jobs:"
PATIENCE = 30.0  # seconds without a heartbeat after which others take over what a worker holds
TOGETHER = 500  # orders in one statement
EXTRA = "Work by several hosts needs the package procrastinate. Install it: pip install 'purport[jobs]'."
_DENIED = "{} Its owner makes the schema once: CREATE SCHEMA {} AUTHORIZATION USER."

_OURS = """
CREATE TABLE purport_form (migration text NOT NULL);
CREATE TABLE purport_workers (
    worker bigint PRIMARY KEY REFERENCES procrastinate_workers ON DELETE CASCADE,
    host text NOT NULL,
    process integer NOT NULL,
    queues text[] NOT NULL,
    concurrency integer NOT NULL,
    began timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE purport_faults (
    job bigint NOT NULL REFERENCES procrastinate_jobs ON DELETE CASCADE,
    at timestamptz NOT NULL DEFAULT now(),
    host text NOT NULL,
    said text NOT NULL
);
CREATE INDEX ON purport_faults (job);
CREATE INDEX ON purport_faults (at);
"""
_BACKLOG = """
SELECT queue_name AS queue, status::text, count(*) AS orders, count(*) FILTER (WHERE scheduled_at > now()) AS later,
    sum(CASE queue_name WHEN 'read' THEN jsonb_array_length(args -> 'about') ELSE 1 END) AS things
FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed') GROUP BY queue_name, status
"""
_OLDEST = """
SELECT queue_name AS queue, min(event.at) AS at
FROM procrastinate_jobs AS job JOIN procrastinate_events AS event ON event.job_id = job.id AND event.type = 'deferred'
WHERE job.status = 'todo' GROUP BY queue_name
"""
_DONE = """
SELECT queue_name AS queue, count(*) AS orders,
    sum(CASE queue_name WHEN 'read' THEN jsonb_array_length(args -> 'about') ELSE 1 END) AS things
FROM procrastinate_events AS event JOIN procrastinate_jobs AS job ON job.id = event.job_id
WHERE event.type = 'succeeded' AND event.at > now() - %s * interval '1 minute' GROUP BY queue_name
"""
_HANDS = """
SELECT ours.*, last_heartbeat AS seen, last_heartbeat < now() - %s * interval '1 second' AS silent,
    (SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing' AND worker_id = ours.worker) AS doing
FROM procrastinate_workers AS theirs JOIN purport_workers AS ours ON ours.worker = theirs.id ORDER BY host, process
"""
_FAULTS = """
SELECT queue_name AS queue, task_name AS what, at, host, said
FROM purport_faults JOIN procrastinate_jobs ON id = job ORDER BY at DESC LIMIT 5
"""


class Jobs:
    """Implements `core.ports.Engine` over the PostgreSQL of a ledger. `patience`: seconds, see `PATIENCE`."""

    later = True

    def __init__(self, ledger: str, doing: Doing, clock: Clock, patience: float = PATIENCE) -> None:
        self._ledger = ledger
        self._doing, self._clock, self._patience = doing, clock, patience

    def hand(self, orders: Iterable[Order]) -> int:
        """Orders with a word of `once` go one by one, the others many at a time."""
        from procrastinate.exceptions import AlreadyEnqueued

        with self._manager() as manager:
            new, some = 0, list[Any]()
            for order in orders:
                if not order.once:
                    some.append(job_of(order))
                if len(some) == TOGETHER or (order.once and some):
                    new += len(manager.batch_defer_jobs(some))
                    some.clear()
                if order.once:
                    try:
                        new += len(manager.batch_defer_jobs([job_of(order)]))
                    except AlreadyEnqueued:
                        continue
            return new + (len(manager.batch_defer_jobs(some)) if some else 0)

    def work(
        self,
        queues: Iterable[str],
        concurrency: int,
        told: Callable[[Done], None],
        stopped: Callable[[], bool],
        wait: bool = True,
        away: Callable[[str], None] = unheard,
    ) -> None:
        chosen = tuple(queues) or tuple(QUEUES)
        for unknown in set(chosen) - QUEUES.keys():
            raise UsageError(f"There is no queue {unknown!r}. There are {', '.join(QUEUES)}.")
        address = {"conninfo": self._url, "kwargs": self._options}  # made sure of before the loop begins
        from purport.edges.hands import Hands

        Hands(address, self._doing, self._clock, self._patience, away).work(chosen, concurrency, told, stopped, wait)

    def standing(self) -> Work:
        with self._connected() as connection:
            if connection.execute("SELECT to_regclass('purport_form') AS form").fetchone() == {"form": None}:
                nothing = tuple(Backlog(queue=queue) for queue in QUEUES)
                return Work(engine=NAME, at=self._clock.now(), queues=nothing)
            rows = connection.execute(_BACKLOG).fetchall()
            oldest = {row["queue"]: row["at"] for row in connection.execute(_OLDEST)}
            done = [{row["queue"]: row for row in connection.execute(_DONE, (span,))} for span in SPANS]
            hands = connection.execute(_HANDS, (self._patience,)).fetchall()
            faults = [Fault(**row) for row in connection.execute(_FAULTS)]
        by = {(row["queue"], row["status"]): row for row in rows}

        def backlog(queue: str) -> Backlog:
            todo, doing, failed = (by.get((queue, status), _NONE) for status in ("todo", "doing", "failed"))
            spans = [counts.get(queue, _NONE) for counts in done]
            return Backlog(
                queue=queue,
                waiting=todo["orders"],
                later=todo["later"],
                doing=doing["orders"],
                failed=failed["orders"],
                things=int(todo["things"]),
                oldest=(oldest[queue],) if queue in oldest else (),
                done=tuple(one["orders"] for one in spans),
                rates=tuple(round(int(one["things"]) / span, 1) for one, span in zip(spans, SPANS, strict=True)),
            )

        return Work(
            engine=NAME,
            at=self._clock.now(),
            queues=tuple(map(backlog, QUEUES)),
            hands=tuple(
                Hand(queues=tuple(row.pop("queues")), **{key: row[key] for key in row if key != "worker"})
                for row in hands
            ),
            faults=tuple(faults),
        )

    @contextmanager
    def _manager(self) -> Iterator[Any]:
        """Procrastinate's, over a connection of its own."""
        from procrastinate import SyncPsycopgConnector
        from procrastinate.exceptions import ConnectorException
        from procrastinate.manager import JobManager

        connector = SyncPsycopgConnector(conninfo=self._url, kwargs=self._options, min_size=1, max_size=1)
        try:
            connector.open()
            yield JobManager(connector)
        except ConnectorException as error:
            raise explain(error.__cause__ if isinstance(error.__cause__, Exception) else error) from error
        finally:
            connector.close()

    @cached_property
    def _url(self) -> str:
        _driver()
        return conninfo(self._ledger)

    @cached_property
    def _options(self) -> dict[str, Any]:
        """How to connect to the schema of the jobs, which is there then. Raises UsageError, LedgerError."""
        psycopg = _driver()
        try:
            with psycopg.connect(self._url, **ALIVE) as connection:
                schema = _schema(connection)
                _set_up(connection, schema)
        except psycopg.errors.InsufficientPrivilege as error:
            raise LedgerError(_DENIED.format(explain(error), schema)) from error
        except psycopg.Error as error:
            raise explain(error) from error
        return {"options": f"-c search_path={schema}", **ALIVE}

    @contextmanager
    def _connected(self) -> Iterator["Connection[dict[str, Any]]"]:
        """To look, and make nothing."""
        psycopg = _driver()
        try:
            with psycopg.connect(self._url, **ALIVE) as connection:
                schema = _schema(connection)
            options = f"-c search_path={schema}"
            with psycopg.connect(self._url, row_factory=psycopg.rows.dict_row, **ALIVE, options=options) as connection:
                yield connection
        except psycopg.Error as error:
            raise explain(error) from error


def _driver() -> Any:
    """The module psycopg. Raises UsageError where the extra is not installed."""
    try:
        import procrastinate  # noqa: F401
        import psycopg.rows
    except ImportError as error:
        raise UsageError(EXTRA) from error
    return psycopg


_NONE: dict[str, Any] = {"orders": 0, "later": 0, "things": 0}


def job_of(order: Order) -> Any:
    """The order as Procrastinate keeps it."""
    from procrastinate.jobs import Job

    return Job(
        queue=QUEUE_OF[order.what],
        task_name=order.what,
        lock=order.lock or None,
        queueing_lock=order.once or None,
        task_kwargs={"about": list(order.about)},
    )


def _schema(connection: "Connection[Any]") -> str:
    """The name of the schema beside the ledger's."""
    (beside,) = connection.execute("SELECT current_schema()").fetchone() or ("",)
    return "purport_jobs" if beside == "public" else f"{beside}_jobs"


def _set_up(connection: "Connection[Any]", schema: str) -> None:
    """Make the tables, or bring them to the form of the Procrastinate that is installed; one program at a time."""
    from pathlib import Path

    from procrastinate.schema import SchemaManager
    from psycopg.sql import SQL, Identifier

    connection.execute("SELECT pg_advisory_xact_lock(hashtext('purport jobs'), hashtext(%s))", (schema,))
    connection.execute("SET LOCAL client_min_messages = warning")
    migrations = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    there = connection.execute("SELECT to_regclass(%s)", (f"{schema}.purport_form",)).fetchone()
    if there == (None,):
        connection.execute(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(Identifier(schema)))
    connection.execute(SQL("SET LOCAL search_path = {}").format(Identifier(schema)))
    if there == (None,):
        connection.execute(SchemaManager.get_schema())
        connection.execute(_OURS)
        missing = migrations[-1:]
    else:
        (form,) = connection.execute("SELECT max(migration) FROM purport_form").fetchone() or ("",)
        missing = [path for path in migrations if path.name > form]
        for path in missing:
            connection.execute(path.read_bytes())
    for path in missing:
        connection.execute("INSERT INTO purport_form VALUES (%s)", (path.name,))
