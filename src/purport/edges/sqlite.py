"""Ledgers in a SQLite file: opened with care, made when missing, never mistaken for another program's file.

The file is in WAL mode: one writer and any number of readers work at once, and `FILE-wal` and `FILE-shm` beside it
belong to it while it is open. A commit is safe against the death of the program; the last ones before a power cut
may be undone (synchronous = NORMAL), which never breaks the file. https://sqlite.org/wal.html
"""

import os
import shutil
import sqlite3
import tempfile
import time
import weakref
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from purport.core.errors import LedgerError
from purport.core.ports import Told
from purport.edges.files import make_private
from purport.ledger.faults import explain
from purport.ledger.migrate import migrate

WAIT = 30.0  # seconds to wait for another writer
_CACHE = 64 * 1024  # KiB of pages held by a connection; ids are spread evenly, so small caches miss often
_PAGE = 8192  # bytes: rows of a claim are some 1.4 KiB, and pages of 4 KiB would waste a fifth of them
_CHECKPOINT = 4096  # pages (32 MiB) in the WAL before they move into the file: fewer moves, faster appends
_COPIED = 1024  # pages copied between two words of how far it is
_MADE_BY_US = "ledger_versions"
SHORTEST = 512  # bytes of a database: its smallest page


def open_sqlite(url: str, who: str = "") -> Engine:
    """The ledger at `sqlite:///purport.db` (from the folder one stands in) or `sqlite:////srv/desk/purport.db`.

    It is made (readable by its owner alone) when there is none, and brought to this program's version. `sqlite://`
    is a ledger of its own that is gone with its engine: a temporary file, since readers and writers of SQLite's
    in-memory database stop each other. Raises LedgerError.
    """
    engine = connect_sqlite(url)
    migrate(engine, who)
    return engine


def connect_sqlite(url: str) -> Engine:
    """The same file, whatever tables it has; none in a new one."""
    path = _path(url)
    temporary = path is None
    if path is None:
        folder = tempfile.mkdtemp(prefix="purport-")
        path = Path(folder) / "ledger.db"
    try:
        _make_or_check(path)
        engine = create_engine(
            URL.create("sqlite", database=str(path)),
            connect_args={"timeout": WAIT},
            max_overflow=-1,  # a connection costs little here, and each open stream holds one
        )
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
    except BaseException:
        if temporary:
            shutil.rmtree(path.parent, ignore_errors=True)
        raise
    if temporary:
        weakref.finalize(engine, shutil.rmtree, path.parent, ignore_errors=True)
    return engine


def copy(path: Path, to: Path, told: Told) -> None:
    """Copy a SQLite database as it stands at one moment; others go on writing to it meanwhile. Raises LedgerError."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=WAIT)) as source:
            source.execute("BEGIN")  # hold on to that moment, or each write of others would begin the copy anew
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            with closing(sqlite3.connect(to, isolation_level=None)) as target:
                source.backup(target, pages=_COPIED, progress=lambda _, left, all: told(1 - left / max(all, 1)))
    except sqlite3.DatabaseError as error:
        raise explain(error) from error


def settle(path: Path) -> None:
    """Bring all of a database into its file, so that the file alone is the database. Raises LedgerError."""
    with closing(sqlite3.connect(path, timeout=WAIT)) as last:
        (busy, *_) = last.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise LedgerError(f"{path} is still being written. Call it again when nobody else works in that folder.")


def _path(url: str) -> Path | None:
    """Where the ledger's file is; None for a temporary one."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    if parsed is None or parsed.get_backend_name() != "sqlite" or parsed.host or parsed.query:
        raise LedgerError(
            f"{url!r} is not the address of a SQLite ledger. Write sqlite:///FILE, as in sqlite:///purport.db."
        )
    if parsed.database in (None, "", ":memory:"):
        return None
    return Path(parsed.database).absolute()


def _make_or_check(path: Path) -> None:
    """Makes an empty ledger file, or makes sure that the file there may become or is a ledger."""
    if not path.parent.is_dir():
        raise LedgerError(
            f"The folder {path.parent} for the ledger does not exist. Make it (mkdir -p {path.parent}) "
            "or choose another --ledger."
        )
    if path.is_dir():
        raise LedgerError(f"{path} is a folder. Name a file in it, as in sqlite:///{path / 'purport.db'}.")
    try:
        # 0600: what a desk gathers is its own; `chmod` shares it, and SQLite's side files follow the file's mode
        make_private(path)
    except OSError as error:
        raise LedgerError(
            f"The ledger {path} can't be opened for writing ({error.strerror}). Mend the permissions of the file and "
            "its folder, or choose another --ledger."
        ) from error
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise LedgerError(
            f"The folder {path.parent} can't be written to, and SQLite keeps files beside the ledger while it is "
            "open. Mend its permissions or choose another --ledger."
        )
    if path.stat().st_size:
        _check(path)
    _use_wal(path)


def _check(path: Path) -> None:
    """Looks at a file without changing it: its form is only touched when it is a ledger."""
    no_ledger = LedgerError(
        f"{path} is not a ledger and not a database, and was left as it is. Choose another --ledger; "
        "one that does not exist yet is made."
    )
    if path.stat().st_size < SHORTEST:  # SQLite itself takes a very short file for an empty database
        raise no_ledger
    try:
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=WAIT)
        try:
            names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        if "not a database" in str(error):
            raise no_ledger from error
        raise explain(error) from error
    if names and _MADE_BY_US not in names:
        shown = ", ".join(sorted(names)[:3])
        raise LedgerError(
            f"{path} is another program's database (it holds the tables {shown}) and was left as it is. "
            "Choose another --ledger; one that does not exist yet is made."
        )


def _use_wal(path: Path) -> None:
    """Turns on WAL, which the file remembers. SQLite does not wait for locks here, so we do."""
    until = time.monotonic() + WAIT
    while True:
        try:
            connection = sqlite3.connect(path, timeout=WAIT)
            try:
                connection.execute(f"PRAGMA page_size = {_PAGE}")  # heeded by an empty file alone
                connection.execute("PRAGMA journal_mode = WAL")
                return
            finally:
                connection.close()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise explain(error) from error
            time.sleep(0.02)
        except sqlite3.DatabaseError as error:
            raise explain(error) from error


def _on_connect(connection: Any, _record: object) -> None:
    # We say BEGIN ourselves: Python's sqlite3 would begin late, and commit before each CREATE TABLE.
    connection.isolation_level = None
    for setting in (
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "recursive_triggers = ON",  # or REPLACE would remove rows behind the back of the append-only triggers
        f"cache_size = -{_CACHE}",
        f"wal_autocheckpoint = {_CHECKPOINT}",
    ):
        connection.execute(f"PRAGMA {setting}")


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("purport_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
