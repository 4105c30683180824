"""Reads the custody log and what it vouches for, all as it stood at one moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from sqlalchemy import Column, ColumnElement, Connection, Engine, LargeBinary, cast, func, select
from sqlalchemy.exc import DBAPIError

from purport.core.custody import Rows, Sealed, Stamp
from purport.core.errors import CustodyError
from purport.core.records import Capture, Release
from purport.core.watching import Exchange
from purport.ledger.custody import VOUCHED, digest_over, lasts, named
from purport.ledger.faults import reading as reads
from purport.ledger.tables import captures, custody, exchanges, releases, stamps

_captures = msgspec.json.Decoder(Capture)
_exchanges = msgspec.json.Decoder(Exchange)
_releases = msgspec.json.Decoder(Release)
_stamps = msgspec.json.Decoder(Stamp)


class Snapshot:
    """Implements `core.ports.Log` and `core.ports.Holdings` in one transaction, in which no writer changes anything."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def head(self) -> tuple[int, str]:
        """The number and the hash of the last entry; 0 and nothing if there is none."""
        last = select(custody.c.number, custody.c.id).order_by(custody.c.number.desc()).limit(1)
        return next(((row.number, row.id) for row in self._connection.execute(last)), (0, ""))

    def sealed(self, first: int = 1, last: int = 0) -> Iterator[Sealed]:
        """The entries from number to number (0: to the last one), in order."""
        texts = [self._raw(column) for column in custody.columns if column is not custody.c.number]
        chosen = select(custody.c.number, *texts).where(custody.c.number >= first).order_by(custody.c.number)
        if last:
            chosen = chosen.where(custody.c.number <= last)
        for number, *columns in self._connection.execute(chosen):
            id, *repeated, record = map(_text, columns)
            yield Sealed(number, id, record, tuple(repeated))

    def _raw(self, column: Column[str]) -> ColumnElement[Any]:
        """As bytes: what is no text any more must not end the reading, but show as altered. PostgreSQL keeps none."""
        return cast(column, LargeBinary) if self._connection.dialect.name == "sqlite" else column

    def latest(self, what: str) -> Iterator[Sealed]:
        """The last entry that tells of this verb, none or one."""
        of = select(custody.c.number).where(custody.c.what == what).order_by(custody.c.number.desc()).limit(1)
        for number in self._connection.scalars(of).all():
            yield from self.sealed(number, number)

    def of(self, who: str, last: int, limit: int) -> Iterator[Sealed]:
        """What somebody did, up to an entry: the latest first, so many at most."""
        done = select(custody.c.number).where(custody.c.who == who, custody.c.number <= last)
        for number in self._connection.scalars(done.order_by(custody.c.number.desc()).limit(limit)).all():
            yield from self.sealed(number, number)

    def found(self, rows: Rows) -> tuple[int, str]:
        """Of the rows that an entry vouches for: the first number that is missing, 0 if none, and the digest."""
        table = next((table for table in VOUCHED if named(table) == rows.table), None)
        if table is None:
            raise CustodyError(f"The table {rows.table}", "is not one of the ledger's, and an entry vouches for it.")
        try:
            return digest_over(self._connection, table, rows.first, rows.last)
        except DBAPIError as error:  # bytes that are no text any more
            span = f"{rows.first:,} to {rows.last:,}"
            raise CustodyError(f"Among the {rows.table} {span} one", f"can't be read: {error.orig}.") from error

    def stamps(self) -> Iterator[Stamp]:
        """In the order in which they were got."""
        for record in self._connection.scalars(select(stamps.c.record).order_by(stamps.c.number)):
            yield _stamps.decode(record)

    def ends(self) -> dict[str, int]:
        """The number of the last row of each table that the custody log vouches for, by the tables' names."""
        return lasts(self._connection)

    def kept(self) -> Iterator[tuple[str, str]]:
        """The digests of all bytes that were kept, each once, with what they are: captures, then stills of footage."""
        first = select(func.min(captures.c.number)).where(captures.c.stored == 1).group_by(captures.c.digest)
        chosen = select(captures.c.record).where(captures.c.number.in_(first)).order_by(captures.c.number)
        for record in self._connection.scalars(chosen):
            capture = _captures.decode(record)
            yield capture.digest, f"{capture.id}, {capture.place}"
        for record in self._connection.scalars(select(releases.c.record).order_by(releases.c.number)):
            release = _releases.decode(record)
            for still in dict.fromkeys(shot.still for shot in release.shots if shot.still):
                yield still, f"a still of {release.id}"

    def exchanges(self) -> Iterator[Exchange]:
        """All exchanges, archive by archive, in the order in which they lie there."""
        chosen = select(exchanges.c.record).order_by(exchanges.c.archive, exchanges.c.end)
        for record in self._connection.scalars(chosen):
            yield _exchanges.decode(record)


def _text(column: bytes | str | None) -> str:
    return column.decode("utf-8", "replace") if isinstance(column, bytes) else column or ""


class Custody:
    """The custody log of an engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def at_this_moment(self) -> Iterator[Snapshot]:
        """The log as it stands now, for as long as one looks at it. Raises LedgerError."""
        with reads(self._engine) as connection:
            yield Snapshot(connection)
