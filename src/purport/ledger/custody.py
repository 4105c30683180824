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
from typing import Any

import msgspec
from sqlalchemy import Column, Connection, Float, Table, func, select

from purport.core.custody import Deed, Rows, sealed
from purport.core.people import actor
from purport.ledger.rows import entry_row
from purport.ledger.tables import custody, metadata

# What the log vouches for: every table but its own, in the order of their names.
VOUCHED = tuple(metadata.tables[name] for name in sorted(metadata.tables) if name != custody.name)
_HELD = 32  # rows in memory at a time: a report's text may have megabytes

_encoder = msgspec.json.Encoder()


def tool() -> str:
    return f"purport {version('purport')}"


def named(table: Table) -> str:
    """A table's name as a plain string: SQLAlchemy's own kind of string is nothing that can be encoded."""
    return f"{table.name}"


def key(table: Table) -> Column[int]:
    """What a table's rows are numbered by."""
    return next(iter(table.primary_key))


def lasts(connection: Connection, tables: Iterable[Table] = VOUCHED) -> dict[str, int]:
    """The number of the last row of each table; taken before appending, it tells `seal` where to begin."""
    asked = list(tables)
    if not asked:
        return {}
    ends = select(*(select(func.max(key(table))).scalar_subquery() for table in asked))  # all at once
    return {named(table): end or 0 for table, end in zip(asked, connection.execute(ends).one(), strict=True)}


def digest_over(connection: Connection, table: Table, first: int, last: int) -> tuple[int, str]:
    """Of the rows from number to number: the first that is missing (0: none), and the digest over those there are.

    The digest is the SHA-256 of the rows in order, each as a JSON array of all stored columns and a newline. A
    number with a fraction is written as text, the shortest that gives the same number again.
    """
    columns = [column for column in table.columns if column.computed is None]
    floats = [place for place, column in enumerate(columns) if isinstance(column.type, Float)]
    chosen = select(*columns).where(key(table) >= first, key(table) <= last).order_by(key(table))
    expected, sha = first, hashlib.sha256()
    numbered = columns.index(key(table))
    for rows in connection.execute(chosen, execution_options={"yield_per": _HELD}).partitions():
        sha.update(_encoder.encode_lines([_plain(row, floats) for row in rows]))
        for row in rows:
            expected += row[numbered] == expected
    return (expected if expected <= last else 0), f"sha256:{sha.hexdigest()}"


def _plain(row: Any, floats: list[int]) -> list[Any]:
    values = list(row)
    for place in floats:
        values[place] = repr(values[place])
    return values


def brought(connection: Connection, before: dict[str, int]) -> Iterator[Rows]:
    """The rows that came after those numbers, table by table."""
    ends = lasts(connection)
    for table in VOUCHED:
        now, then = ends[named(table)], before.get(named(table), 0)
        if now > then:
            yield Rows(named(table), then + 1, now, digest_over(connection, table, then + 1, now)[1])


def seal(
    connection: Connection, deeds: Iterable[Deed], what: str, before: dict[str, int], who: str, at: datetime
) -> None:
    """Adds an entry for each deed; what came into the tables goes into the first, or into one of its own called `what`.

    The caller holds the write lock, so that no other entry comes between the last one and these.
    """
    told, rows = list(deeds), tuple(brought(connection, before))
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
