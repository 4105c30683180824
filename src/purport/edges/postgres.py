"""Ledgers in a PostgreSQL database: one for many hosts, made when the database is empty, never over other tables.

Who adds something takes the ledger's lock for that transaction, so that the custody log stays one chain and rows are
numbered without a hole; who reads sees the ledger as it stood when the reading began, and waits for nobody.
"""

import weakref
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from purport.core.errors import LedgerError
from purport.ledger.bulk import given, kept
from purport.ledger.migrate import migrate

WAIT = 30  # seconds to wait for another writer
NAMES = ("postgresql+psycopg", "postgresql")
# Who is cut off from the server learns of it, and does not wait for hours; seconds, and milliseconds at the end
ALIVE: dict[str, Any] = {
    "connect_timeout": 30,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,
}
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('purport'), hashtext(current_schema()))"  # one in each schema
_SETTINGS = (
    f"SET lock_timeout = '{WAIT}s'",
    "SET jit = off",  # compiling a search takes longer than most searches
    "SET work_mem = '32MB'",  # the rows of a common word are remembered one by one, not page by page
    "SET random_page_cost = 1.1",  # on today's disks the way by an index costs no more than reading on
    "SET plan_cache_mode = force_custom_plan",  # the best way to rare words is not the one to common ones
    "SET client_min_messages = warning",
    "SET tcp_keepalives_idle = 10",  # and the server learns of it, too
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 4",
)
# A host that is cut off in the middle of adding must not keep the others waiting for longer than they would. Nor must
# two of its sessions, of which the second gets the lock when the first is ended
_ALONE = f"SET LOCAL idle_in_transaction_session_timeout = '{WAIT * 2 // 5}s'; {_LOCK}"


def open_postgres(url: str, who: str = "") -> Engine:
    """The ledger in the database at `postgresql+psycopg://USER:PASSWORD@HOST/DATABASE`, as SQLAlchemy writes it.

    An empty database becomes a ledger, and an older ledger is brought to this program's version. The database itself
    is made by its server's people (`createdb`). `?options=-csearch_path%3DNAME` keeps the ledger in a schema of that
    name, which must be there. Raises LedgerError.
    """
    engine = connect_postgres(url)
    try:
        migrate(engine, who)
    except BaseException:
        engine.dispose()
        raise
    return engine


def connect_postgres(url: str) -> Engine:
    """The same database, whatever tables it has."""
    address = _address(url)
    try:
        alive = {name: value for name, value in ALIVE.items() if name not in address.query}
        # each open stream holds a connection
        engine = create_engine(address, max_overflow=-1, pool_pre_ping=True, connect_args=alive)
    except ImportError as error:
        raise LedgerError(
            "A ledger in PostgreSQL needs the package psycopg. Install it: pip install 'purport[postgresql]'."
        ) from error
    weakref.finalize(engine, engine.pool.dispose)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def conninfo(url: str) -> str:
    """How the driver writes that address, with all its hosts. Raises LedgerError."""
    from psycopg.conninfo import make_conninfo
    from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

    _, parts = PGDialect_psycopg().create_connect_args(_address(url))  # type: ignore[no-untyped-call]
    return make_conninfo(**parts)


def _address(url: str) -> URL:
    wrong = LedgerError(  # the URL is not repeated, for it may hold a password
        f"That is not the address of a PostgreSQL ledger. Write {NAMES[0]}://USER@HOST/DATABASE, or "
        f"{NAMES[0]}:///DATABASE for a server on this machine; the password may stand in ~/.pgpass."
    )
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise wrong from error
    if address.drivername not in NAMES or not address.database:
        raise wrong
    return address.set(drivername=NAMES[0])


def _on_connect(connection: Any, _record: object) -> None:
    from psycopg import IsolationLevel, ServerCursor
    from psycopg.types.string import StrDumper, TextLoader

    class Stream(ServerCursor[Any]):
        def __del__(self, _: Any = None) -> None:
            """One that is left half-read is closed with its transaction: there is nothing to warn of."""

    class Keeping(StrDumper):
        def dump(self, obj: str) -> bytes:
            return kept(obj).encode()

    class Giving(TextLoader):
        def load(self, data: Any) -> str:
            return given(str(data, "utf-8"))

    connection.server_cursor_factory = Stream
    connection.adapters.register_dumper(str, Keeping)
    connection.adapters.register_loader("text", Giving)
    connection.autocommit = True
    for setting in _SETTINGS:
        connection.execute(setting)
    connection.autocommit = False
    connection.isolation_level = IsolationLevel.REPEATABLE_READ


def _on_begin(connection: Connection) -> None:
    from psycopg import IsolationLevel

    writes = connection.get_execution_options().get("purport_writes")
    # A writer looks at what is there once it holds the lock, and not as of before it waited for it.
    level = IsolationLevel.READ_COMMITTED if writes else IsolationLevel.REPEATABLE_READ
    driver: Any = connection.connection.driver_connection
    driver.isolation_level, driver.read_only = level, not writes
    if writes:
        connection.exec_driver_sql(_ALONE)
