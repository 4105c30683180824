"""Rows as the custody log takes digests over them: a JSON array of all stored columns each, and a newline.

A number with a fraction is written as text, the shortest that gives the same number again.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import Column, Connection, Float, Select, Table, select

from purport.ledger.bulk import fetched
from purport.ledger.rows import Row

HELD = 32  # rows in memory at a time: a report's text may have megabytes, and few are soonest gone through

_encoder = msgspec.json.Encoder()


def columns_of(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if column.computed is None]


def key(table: Table) -> Column[int]:
    """What a table's rows are numbered by."""
    return next(iter(table.primary_key))


def encoded(table: Table, rows: Sequence[Row]) -> Iterator[bytes]:
    """The lines of whole rows, those of some at a time."""
    floats = [place for place, column in enumerate(columns_of(table)) if isinstance(column.type, Float)]
    for start in range(0, len(rows), HELD):
        some = rows[start : start + HELD]
        for place in floats:
            some = [(*row[:place], repr(row[place]), *row[place + 1 :]) for row in some]
        yield _encoder.encode_lines(some)


def stored(table: Table, first: int, last: int) -> Select[Any]:
    """The rows from number to number, in order."""
    return select(*columns_of(table)).where(key(table) >= first, key(table) <= last).order_by(key(table))


def line_of(connection: Connection, table: Table, number: int) -> bytes:
    """The line of the row of that number, as the database gives it; empty if there is none."""
    found = [line for rows in fetched(connection, stored(table, number, number), 1) for line in encoded(table, rows)]
    return b"".join(found)
