"""Seals what is added into the custody log, in the transaction that adds it.

One entry for each call, however many rows it brings: the entry carries, for each table, the numbers of its rows and one
digest over them. So every row of the ledger is held by the chain, and an entry costs a few hundred bytes.

Columns are never added to a table that has rows, for a digest is over all columns, as they were when it was made: what
is new goes into a new table.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib.metadata import version

from sqlalchemy import Connection, Table, func, select

from purport.core.custody import Deed, Rows, sealed
from purport.core.people import actor
from purport.ledger.bulk import fetched
from purport.ledger.intake import Intake
from purport.ledger.lines import HELD, columns_of, encoded, stored
from purport.ledger.lines import key as key
from purport.ledger.rows import entry_row
from purport.ledger.tables import custody, metadata

# What the log vouches for: every table but its own, in the order of their names.
VOUCHED = tuple(metadata.tables[name] for name in sorted(metadata.tables) if name != custody.name)


def tool() -> str:
    return f"purport {version('purport')}"


def named(table: Table) -> str:
    """A table's name as a plain string: SQLAlchemy's own kind of string is nothing that can be encoded."""
    return f"{table.name}"


def lasts(connection: Connection, tables: Iterable[Table] = VOUCHED) -> dict[str, int]:
    """The number of the last row of each table; taken before appending, it tells `seal` where to begin."""
    asked = list(tables)
    if not asked:
        return {}
    ends = select(*(select(func.max(key(table))).scalar_subquery() for table in asked))  # all at once
    return {named(table): end or 0 for table, end in zip(asked, connection.execute(ends).one(), strict=True)}


def digest_over(connection: Connection, table: Table, first: int, last: int) -> tuple[int, str]:
    """Of the rows from number to number: the first that is missing (0: none), and the digest over those there are.

    The digest is the SHA-256 of their lines (`lines.py`) in order.
    """
    expected, sha = first, hashlib.sha256()
    numbered = columns_of(table).index(key(table))
    for rows in fetched(connection, stored(table, first, last), HELD):
        for lines in encoded(table, rows):
            sha.update(lines)
        for row in rows:
            expected += row[numbered] == expected
    return (expected if expected <= last else 0), f"sha256:{sha.hexdigest()}"


def brought(connection: Connection, before: dict[str, int], intake: Intake | None = None) -> Iterator[Rows]:
    """The rows that came after those numbers, table by table; read again unless the intake has taken them in."""
    ends, known = lasts(connection), intake or Intake(connection, before)
    for table in VOUCHED:
        now, then = ends[named(table)], before.get(named(table), 0)
        if now > then:
            over = known.digest(table, then + 1, now) or digest_over(connection, table, then + 1, now)[1]
            yield Rows(named(table), then + 1, now, over)


def seal(
    connection: Connection,
    deeds: Iterable[Deed],
    what: str,
    before: dict[str, int],
    who: str,
    at: datetime,
    intake: Intake | None = None,
) -> None:
    """Adds an entry for each deed; what came into the tables goes into the first, or into one of its own called `what`.

    The caller holds the write lock, so that no other entry comes between the last one and these.
    """
    told, rows = list(deeds), tuple(brought(connection, before, intake))
    if rows and not told:
        told = [Deed(what)]
    if not told:
        return
    newest = select(custody.c.number, custody.c.id).order_by(custody.c.number.desc()).limit(1)
    number, previous = next(((row.number, row.id) for row in connection.execute(newest)), (0, ""))
    names = [column.name for column in custody.columns]
    for deed in told:
        number += 1
        entry = sealed(deed, number, previous, actor(who), at, tool(), rows)
        row = (number, *entry_row(entry))
        connection.execute(custody.insert(), dict(zip(names, row, strict=True)))
        previous, rows = row[1], ()
