"""Accounts, sign-ins and private counts, in a file of their own beside the ledger: they change and are nobody else's.

The ledger is only added to and may be given away; a password's hash must be able to go. What is kept here is in no
export, and a backup does not hold it. Where a server has the ledger, the same tables stand beside the ledger's there;
no custody entry vouches for them.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    delete,
    event,
    exists,
    insert,
    select,
    update,
)
from sqlalchemy.engine import URL, CursorResult, Row
from sqlalchemy.exc import DBAPIError, IntegrityError

from purport.core.errors import LedgerError
from purport.core.people import Account, Person, Session
from purport.core.times import iso
from purport.edges.files import make_private

metadata = MetaData()
_WAIT = 10.0  # seconds for another writer
_MEND = "Mend the permissions of the file and its folder, or bring it back from where you keep a copy."


def _text(name: str, **more: Any) -> Column[str]:
    return Column(name, Text, nullable=False, **more)


accounts = Table(
    "desk_accounts",
    metadata,
    _text("name", primary_key=True),
    _text("role"),
    _text("secret"),
    Column("active", Boolean, nullable=False),
    _text("since"),
)
sessions = Table(
    "desk_sessions",
    metadata,
    _text("id", primary_key=True),
    _text("name"),
    _text("kind"),
    _text("begun"),
    _text("seen"),
    _text("ends"),
)
counts = Table(
    "desk_counts",
    metadata,
    _text("name", primary_key=True),
    _text("day", primary_key=True),
    _text("kind", primary_key=True),
    Column("count", Integer, nullable=False),
)
views = Table(
    "desk_views",
    metadata,
    _text("name", primary_key=True),
    _text("day", primary_key=True),
    _text("entry", primary_key=True),
    Column("booked", Boolean, nullable=False),
)


class People:
    """Implements `core.ports.Roster`, `Sessions` and `Tallies` over an engine's tables. To be shared by threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def accounts(self) -> Iterator[Account]:
        with self._reading() as connection:
            return iter([_account(row) for row in connection.execute(select(accounts).order_by(accounts.c.name))])

    def account(self, name: str) -> Iterator[Account]:
        with self._reading() as connection:
            found = connection.execute(select(accounts).where(accounts.c.name == name))
            return iter([_account(row) for row in found])

    def keep(self, account: Account) -> None:
        values = {
            "role": account.role,
            "secret": account.secret,
            "active": account.active,
            "since": iso(account.since),
        }
        with self._writing() as connection:
            changed = _run(connection, update(accounts).where(accounts.c.name == account.name).values(values))
            if not changed.rowcount:
                connection.execute(insert(accounts).values(name=account.name, **values))

    def closed(self) -> bool:
        with self._reading() as connection:
            return bool(connection.scalar(select(exists(select(accounts.c.name)))))

    def begin(self, session: Session) -> None:
        times = {"begun": iso(session.begun), "seen": iso(session.seen), "ends": iso(session.ends)}
        with self._writing() as connection:
            connection.execute(insert(sessions).values(id=session.id, name=session.name, kind=session.kind, **times))

    def whose(self, id: str) -> Iterator[tuple[Session, Person]]:
        joined = sessions.join(accounts, accounts.c.name == sessions.c.name)
        chosen = select(sessions, accounts.c.role).select_from(joined)
        with self._reading() as connection:
            found = connection.execute(chosen.where(sessions.c.id == id, accounts.c.active))
            return iter([(_session(row), Person(row.name, row.role)) for row in found])

    def touch(self, id: str, at: datetime) -> None:
        with self._writing() as connection:
            connection.execute(update(sessions).where(sessions.c.id == id).values(seen=iso(at)))

    def end(self, id: str = "", name: str = "") -> int:
        which = sessions.c.id == id if id else sessions.c.name == name
        with self._writing() as connection:
            return _run(connection, delete(sessions).where(which)).rowcount

    def clear(self, before: datetime, idle: datetime) -> None:
        unused = (sessions.c.kind == "session") & (sessions.c.seen < iso(idle))
        with self._writing() as connection:
            connection.execute(delete(sessions).where((sessions.c.ends < iso(before)) | unused))

    def count(self, name: str, day: str, kind: str) -> None:
        one = (counts.c.name == name) & (counts.c.day == day) & (counts.c.kind == kind)
        with self._writing() as connection:
            if not _run(connection, update(counts).where(one).values(count=counts.c.count + 1)).rowcount:
                connection.execute(insert(counts).values(name=name, day=day, kind=kind, count=1))

    def counts(self, name: str, day: str) -> Mapping[str, int]:
        chosen = select(counts.c.kind, counts.c.count.label("of")).where(counts.c.name == name, counts.c.day == day)
        with self._reading() as connection:
            return {row.kind: row.of for row in connection.execute(chosen)}

    def see(self, name: str, day: str, entry: str) -> bool:
        known = select(exists(select(views.c.name).where(*_view(name, entry), views.c.day == day)))
        with self._reading() as connection:
            if connection.scalar(known):
                return False
        with suppress(IntegrityError), self._writing() as connection:  # another tab of the same person was quicker
            connection.execute(insert(views).values(name=name, day=day, entry=entry, booked=False))
            return True
        return False

    def unbooked(self, name: str = "") -> Mapping[str, tuple[str, ...]]:
        chosen = select(views.c.name, views.c.entry).where(~views.c.booked).order_by(views.c.day, views.c.entry)
        if name:
            chosen = chosen.where(views.c.name == name)
        found: dict[str, dict[str, None]] = {}
        with self._reading() as connection:
            for one, entry in connection.execute(chosen):
                found.setdefault(one, {})[entry] = None
        return {one: tuple(entries) for one, entries in found.items()}

    def booked(self, name: str, entries: Iterable[str]) -> None:
        with self._writing() as connection:
            for entry in entries:
                connection.execute(update(views).where(*_view(name, entry)).values(booked=True))

    def forget(self, before: str) -> None:
        with self._writing() as connection:
            connection.execute(delete(counts).where(counts.c.day < before))
            connection.execute(delete(views).where(views.c.day < before, views.c.booked))

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except DBAPIError as error:
            raise _said(error) from error

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self._engine.execution_options(purport_writes=True).begin() as connection:
                yield connection
        except IntegrityError:
            raise
        except DBAPIError as error:
            raise _said(error) from error


def open_people(path: Path) -> People:
    """The file with the accounts; made, for its owner alone, if there is none. Raises LedgerError."""
    try:
        make_private(path)
    except OSError as error:
        raise LedgerError(f"The file with the accounts, {path}, can't be opened ({error.strerror}). {_MEND}") from error
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": _WAIT}, max_overflow=-1)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return served_people(engine)


def served_people(engine: Engine) -> People:
    """The accounts in a database; their tables are made if they are not there. Raises LedgerError."""
    try:
        with engine.execution_options(purport_writes=True).begin() as connection:
            metadata.create_all(connection)
    except DBAPIError as error:
        raise _said(error) from error
    return People(engine)


def _on_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for setting in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
        connection.execute(f"PRAGMA {setting}")


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("purport_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _said(error: DBAPIError) -> LedgerError:
    return LedgerError(f"The accounts can't be used: {error.orig}. {_MEND}")


def _view(name: str, entry: str) -> tuple[Any, ...]:
    return views.c.name == name, views.c.entry == entry


def _run(connection: Connection, statement: Any) -> CursorResult[Any]:
    return connection.execute(statement)


def _account(row: Row[Any]) -> Account:
    since = datetime.fromisoformat(row.since)
    return Account(name=row.name, role=row.role, secret=row.secret, active=row.active, since=since)


def _session(row: Row[Any]) -> Session:
    begun, seen, ends = (datetime.fromisoformat(one) for one in (row.begun, row.seen, row.ends))
    return Session(id=row.id, name=row.name, kind=row.kind, begun=begun, seen=seen, ends=ends)
