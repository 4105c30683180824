"""Many rows at once, by the way that each database has for it. A transaction's error is told by `faults.writing`."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, func, select

from purport.ledger.rows import Row

_BETWEEN = "\x1f"
_LEAD, _ZERO = "\ufdd0", "\ufdd1"
_LED = re.compile(f"{_LEAD}([{_LEAD}{_ZERO}])")
ROWS = 1000  # a statement: more is no faster, and holds more in memory

T = TypeVar("T")


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of `size`, the last one shorter; nothing is held but one list."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def append(connection: Connection, table: Table, rows: Iterable[Row]) -> int:
    """Adds the rows that are not there yet, without their numbers; returns how many that were."""
    names = [column.name for column in table.columns if column.name != "number" and column.computed is None]
    add = _append_copied if connection.dialect.name == "postgresql" else _append_executed
    return sum(add(connection, table, names, batch) for batch in batches(rows, ROWS))


def _append_executed(connection: Connection, table: Table, names: list[str], rows: list[Row]) -> int:
    columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
    statement = f"INSERT INTO {table.name} ({columns}) VALUES ({marks}) ON CONFLICT DO NOTHING"
    return connection.exec_driver_sql(statement, rows, {"preserve_rowcount": True}).rowcount


def _append_copied(connection: Connection, table: Table, names: list[str], rows: list[Row]) -> int:
    """COPY is the fastest way in, and knows no conflict: what is there, or comes twice, is left out before."""
    if "id" in names and table.c.id.unique:
        place = names.index("id")
        by_id = {row[place]: row for row in reversed(rows)}
        known = set(connection.scalars(select(table.c.id).where(table.c.id.in_(by_id))))
        rows = [row for id, row in reversed(by_id.items()) if id not in known]
    last = connection.scalar(select(func.max(table.c.number))) or 0
    copy(connection, table.name, ("number", *names), ((last + n, *row) for n, row in enumerate(rows, 1)))
    return len(rows)


def put(connection: Connection, table: str, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Rows that are not there yet, with their numbers."""
    if connection.dialect.name == "postgresql":
        copy(connection, table, names, rows)
    else:
        columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
        statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"
        connection.exec_driver_sql(statement, [tuple(row) for row in rows])


def copy(connection: Connection, table: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Rows into a table of PostgreSQL, texts as they can be kept there (`kept`)."""
    driver: Any = connection.connection.driver_connection
    columns = ", ".join(f'"{name}"' for name in names)
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as into:
        for some in batches(rows, 100):
            into.write("".join(map(_line, some)))


def _line(row: Sequence[Any]) -> str:
    """A row in COPY's text format (https://www.postgresql.org/docs/current/sql-copy.html), with its end.

    All values at once, with a sign between them that hardly any text has: psycopg takes four times as long.
    """
    line = _BETWEEN.join(map(str, row))
    if line.count(_BETWEEN) != len(row) - 1:
        return "\t".join(_escaped(kept(str(value))) for value in row) + "\n"
    return _escaped(kept(line)).replace(_BETWEEN, "\t") + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def kept(text: str) -> str:
    """A text as PostgreSQL can keep it.

    The sign of number 0 can't stand in one there, and may stand in a report. Two signs that Unicode leaves to programs
    stand for it: the first leads in, and for itself stands twice.
    """
    if "\0" in text or _LEAD in text:
        return text.replace(_LEAD, _LEAD * 2).replace("\0", _LEAD + _ZERO)
    return text


def given(text: str) -> str:
    """The text that was kept so."""
    return _LED.sub(lambda found: "\0" if found[1] == _ZERO else _LEAD, text) if _LEAD in text else text
