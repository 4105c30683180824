"""Many rows at once, by the way that each database has for it. A transaction's error is told by `faults.writing`."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, Table, select
from sqlalchemy.exc import DBAPIError

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


def append(connection: Connection, table: Table, rows: list[Row], last: int) -> tuple[int, list[Row]]:
    """Adds the rows that are not there yet, numbered from `last` on; how many that were, and which.

    Where the database tells only how many, and not all of them are new, it is not known which.
    """
    names = [column.name for column in table.columns if column.name != "number" and column.computed is None]
    if connection.dialect.name == "postgresql":
        return _append_copied(connection, table, names, rows, last)
    columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
    statement = f"INSERT INTO {table.name} ({columns}) VALUES ({marks}) ON CONFLICT DO NOTHING"
    count = connection.exec_driver_sql(statement, rows, {"preserve_rowcount": True}).rowcount
    return count, rows if count == len(rows) else []


def _append_copied(
    connection: Connection, table: Table, names: list[str], rows: list[Row], last: int
) -> tuple[int, list[Row]]:
    """COPY is the fastest way in, and knows no conflict: what is there, or comes twice, is left out before."""
    if "id" in names and table.c.id.unique:
        place = names.index("id")
        by_id = {row[place]: row for row in reversed(rows)}
        known = set(connection.scalars(select(table.c.id).where(table.c.id.in_(by_id))))
        rows = [row for id, row in reversed(by_id.items()) if id not in known]
    copy(connection, table.name, ("number", *names), ((last + n, *row) for n, row in enumerate(rows, 1)))
    return len(rows), rows


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


def fetched(connection: Connection, chosen: Select[Any], size: int, as_kept: bool = False) -> Iterator[list[Row]]:
    """What a statement without parameters chooses, so many rows at a time, as plain tuples straight from the driver.

    In PostgreSQL texts are given back as they were, or `as_kept`: a reader in Python takes five times as long for each
    as the driver's own.
    """
    statement = str(chosen.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True}))
    driver: Any = connection.dialect.loaded_dbapi
    try:
        with closing(_cursor(connection, statement)) as cursor:
            while rows := cursor.fetchmany(size):
                kept_so = as_kept or connection.dialect.name != "postgresql"
                yield rows if kept_so else [tuple(map(_given, row)) if _led(row) else row for row in rows]
    except driver.Error as error:
        raise DBAPIError(statement, None, error) from error


def _cursor(connection: Connection, statement: str) -> Any:
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name != "postgresql":
        return driver.execute(statement)
    from psycopg.types.string import TextLoader

    cursor = driver.cursor("fetched")
    cursor.adapters.register_loader("text", TextLoader)
    return cursor.execute(statement)


def _led(row: Row) -> bool:
    return any(type(value) is str and _LEAD in value for value in row)


def _given(value: Any) -> Any:
    return given(value) if isinstance(value, str) else value


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
