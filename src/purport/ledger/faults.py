"""What a database says when it fails, turned into what a person can do about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from purport.core.errors import LedgerError

_COPY = "Only a server that copies another answers: name the one that writes, or wait until this one takes over."
# a part of the database's message, and the mend
_MENDS = (
    ("database is locked", "Another program has been writing to it for too long; wait for it to end and try again."),
    (
        "readonly database",
        "The file or its folder can't be written to; mend the permissions or choose another --ledger.",
    ),
    ("unable to open", "The file or its folder can't be opened; mend the permissions or choose another --ledger."),
    ("database or disk is full", "The disk is full: free some space and run the same command again; nothing is lost."),
    ("disk I/O error", "The disk failed to answer; look at its health and its free space, then try again."),
    ("file is not a database", "That file is something else; choose another --ledger."),
    ("malformed", "The file is damaged; restore it from a backup, or save what is left with `sqlite3 FILE .recover`."),
    ("no such module: fts5", "This Python's SQLite lacks full text search (FTS5); use another build of Python."),
    ("lock timeout", "Another program has been writing to it for too long; wait for it to end and try again."),
    ("No space left", "The server's disk is full: free some space there and run the same command again."),
    ("could not extend", "The server's disk is full: free some space there and run the same command again."),
    ("too many clients", "The server has no connection left: wait, or have its max_connections raised."),
    ("connection slots", "The server has no connection left: wait, or have its max_connections raised."),
    ("timeout expired", "The server does not answer: is it there, and the way to it? Then run the same command again."),
    ("starting up", "The server is starting; wait a moment and try again."),
    ("shutting down", "The server went away; when it is back, run the same command again."),
    ("recovery mode", "The server is coming back from a fall; wait a moment and try again."),
    ("not yet accepting", "The server is coming back from a fall; wait a moment and try again."),
    ("session is read-only", _COPY),
    ("read-only transaction", _COPY),
    ("hot standby", _COPY),
    ("during recovery", _COPY),
    ("password", "Give the user's password in ~/.pgpass, PGPASSWORD or the URL of --ledger."),
    ("no pg_hba.conf entry", "The server lets nobody in this way: have its pg_hba.conf mended."),
    ("Peer authentication", "The server lets you in by your own name alone: name that user in --ledger."),
    ("not get through", "The way to the server was lost for a moment."),
    ("server closed the connection", "The server went away; when it is back, run the same command again."),
    ("connection is lost", "The server was lost on the way; when it is to be reached, run the same command again."),
    ("connection is closed", "The server was lost on the way; when it is to be reached, run the same command again."),
    ("consuming input failed", "The server was lost on the way; when it is to be reached, run the same command again."),
    ("terminating connection", "The server went away; when it is back, run the same command again."),
    ('FATAL: database "', "Have its server make the database: createdb NAME."),
    ('FATAL: role "', "The server knows no such user: name another in --ledger, or have it made: createuser NAME."),
    ("connection failed", "Is the server running, and are --ledger's host and port right? Start it, or mend them."),
    ("permission denied", "The database's owner must let that user in: GRANT CREATE, USAGE ON SCHEMA public TO USER."),
    (
        "no schema has been selected",
        "Have its owner make the schema, and GRANT CREATE, USAGE ON SCHEMA NAME TO USER.",
    ),
)


def explain(error: Exception) -> LedgerError:
    """The LedgerError to raise in the place of a database's own error."""
    said = " ".join(str(error.orig if isinstance(error, DBAPIError) else error).split())
    mend = next((mend for part, mend in _MENDS if part in said), "The database's words are all we know.")
    return LedgerError(f"The ledger can't be used: {said}. {mend}")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection to read from; rows stream, a few hundred held at a time. Raises LedgerError."""
    try:
        with engine.connect() as connection:
            yield connection.execution_options(yield_per=256)
    except DBAPIError as error:
        raise explain(error) from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction: all of it or nothing. Waits for other writers. Raises LedgerError.

    The option `purport_writes` tells the edge to take the write lock at the start: a SQLite transaction
    that reads first and writes later fails at once, without waiting, when another wrote in between.
    """
    driver: Any = engine.dialect.loaded_dbapi  # what is copied in bulk goes past SQLAlchemy, and so do its errors
    try:
        with engine.execution_options(purport_writes=True).begin() as connection:
            yield connection
    except (IntegrityError, driver.IntegrityError) as error:
        said = " ".join(str(getattr(error, "orig", error)).split())
        raise LedgerError(
            f"Nothing was added: {said}. A report needs its capture, and a reading its report, in the ledger "
            "or in the same call."
        ) from error
    except (DBAPIError, driver.Error) as error:
        raise explain(error) from error
