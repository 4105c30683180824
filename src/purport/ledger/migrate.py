"""Brings a ledger to the form this code knows: the numbered SQL files of `migrations/`, each run once."""

import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import resources
from importlib.metadata import version

from sqlalchemy import Connection, Engine, func, inspect, select

from purport.core.custody import Deed
from purport.core.errors import LedgerError
from purport.ledger import custody, tables
from purport.ledger.faults import reading, writing
from purport.ledger.tables import ledger_versions

_NAME = re.compile(r"(\d{4})\.(\w+)\.sql")  # 0001.sqlite.sql


def migrations(dialect: str) -> dict[int, str]:
    """The SQL that brings a ledger to each version, for a database ("sqlite", "postgresql"), in order.

    Numbers have no hole: a ledger that had passed one would never be given what is put there later.
    """
    found = {}
    for file in resources.files("purport.ledger").joinpath("migrations").iterdir():
        if (name := _NAME.fullmatch(file.name)) and name[2] == dialect:
            found[int(name[1])] = file.read_text(encoding="utf-8")
    if missing := set(range(1, len(found) + 1)) - set(found):
        raise ValueError(f"the migrations for {dialect} have no number {min(missing)}")
    return dict(sorted(found.items()))


def statements(sql: str, dialect: str = "sqlite") -> Iterator[str]:
    """What is sent to a database at once: all of a file to PostgreSQL, and single statements to SQLite.

    Triggers, with their inner semicolons, stay whole.
    """
    if dialect != "sqlite":
        yield from filter(None, [sql])
        return
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement.strip()
            statement = ""
    if re.sub(r"--.*", "", statement).strip():
        raise ValueError(f"a migration ends in the middle of a statement: {statement.strip()[:80]!r}")


def current(connection: Connection) -> int:
    """The version a ledger has; 0 for a database without tables. Raises LedgerError when it is not a ledger."""
    names = set(inspect(connection).get_table_names())
    if ledger_versions.name in names:
        if found := connection.scalar(select(func.max(ledger_versions.c.version))):
            return int(found)
        raise LedgerError("That ledger is only half there: run the same purport migrate again, which goes on with it.")
    if names:
        shown = ", ".join(sorted(names)[:3])
        raise LedgerError(
            f"That database is not a Purport ledger (it holds the tables {shown} …) and was left as it is. "
            "Choose another --ledger; one that does not exist yet is made."
        )
    return 0


def migrate(engine: Engine, who: str = "") -> int:
    """Applies what is missing, all or nothing, and returns how many migrations that were.

    The custody log tells of it. A ledger that had no such log is adopted into it with all rows that are there.
    Two programs that open a new ledger at once are safe: the second waits and finds the work done. Raises
    LedgerError when the ledger is newer than this program or is something else.
    """
    known = migrations(engine.dialect.name)
    newest = max(known)
    with reading(engine) as connection:
        had = current(connection)
    if had < newest:
        with writing(engine) as connection:
            had = current(connection)
            missing = [number for number in known if number > had]
            before = _vouched_for(connection)
            for number in missing:
                _run(connection, known[number])
                connection.execute(ledger_versions.insert(), {"version": number, "made_by": version("purport")})
            if missing:
                what = "make" if not had else "migrate" if before else "adopt"
                deed = Deed(what, (f"version {had}", f"version {newest}"))
                custody.seal(connection, [deed], what, before, who, datetime.now(UTC))
            return len(missing)
    if had > newest:
        raise LedgerError(
            f"The ledger has version {had}; this Purport ({version('purport')}) knows versions up to {newest}. "
            "Install a newer Purport to open it, or choose another --ledger."
        )
    return 0


def make_tables(connection: Connection) -> None:
    """The tables of this program's version, and not one row in them: for a ledger that is brought from elsewhere."""
    for sql in migrations(connection.dialect.name).values():
        _run(connection, sql)


def _run(connection: Connection, sql: str) -> None:
    for statement in statements(sql, connection.dialect.name):
        connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


def _vouched_for(connection: Connection) -> dict[str, int]:
    """The last rows that the custody log knows of; nothing where there is no log yet."""
    names = set(inspect(connection).get_table_names())
    if tables.custody.name not in names:
        return {}
    return custody.lasts(connection, [table for table in custody.VOUCHED if table.name in names])
