"""Where tests keep ledgers: a SQLite file, or a schema of its own in a PostgreSQL that was started for the tests.

PURPORT_TEST_LEDGER names a PostgreSQL database (postgresql+psycopg://…), or says `postgresql` for one that is started
here: then all ledgers of tests stand in it. Without it they are SQLite files, and only those tests that are about both
databases start a server, if there is one on this machine.
"""

import atexit
import functools
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import Engine, make_url

from purport.edges.ledgers import open_ledger

TOLD = os.environ.get("PURPORT_TEST_LEDGER", "")
BOTH = ("sqlite", "postgresql")


def ledger_url(folder: Path | str, name: str = "purport.db") -> str:
    """The URL of the ledger that is called so in a folder; in PostgreSQL of a schema for just this place."""
    return url_in("postgresql" if TOLD else "sqlite", Path(folder), name)


def opened(folder: Path | str, name: str = "purport.db", who: str = "") -> Engine:
    return open_ledger(ledger_url(folder, name), who)


def url_in(database: str, folder: Path, name: str = "purport.db") -> str:
    """The same in one of BOTH. Skips the test when PostgreSQL is not at hand."""
    path = (folder / name).absolute()
    return f"sqlite:///{path}" if database == "sqlite" else _schema(str(path))


@functools.cache
def _schema(place: str) -> str:
    import psycopg

    name = "ledger_" + hashlib.sha256(place.encode()).hexdigest()[:16]
    url = make_url(server())
    with psycopg.connect(url.set(drivername="postgresql").render_as_string(False), autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")
        connection.execute(f"CREATE SCHEMA {name}")
    return f"{server()}{'&' if url.query else '?'}options={quote(f'-csearch_path={name}')}"


@functools.cache
def server() -> str:
    """The URL of a database for tests."""
    if ":" in TOLD:
        return TOLD
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)
    if programs is None:
        pytest.skip("PostgreSQL is not installed here")
    return _started(programs)


def _started(programs: Path) -> str:
    """A throwaway server, reached by a socket in its folder; it need not outlive a power cut, and dies with us."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a short path: a socket's may have 107 bytes
    user = "postgres" if os.getuid() == 0 else None  # a server refuses to run as root
    if user:
        shutil.chown(folder, user)

    def run(*command: str | Path) -> None:
        done = subprocess.run(command, user=user, cwd=folder, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr or done.stdout

    control = (programs / "pg_ctl", "--pgdata", folder / "data", "--silent")
    run(programs / "initdb", "-D", folder / "data", "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
    settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c max_connections=300"
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(run, *control, "--mode=immediate", "stop")
    run(*control, "--wait", "--log", folder / "log", "--options", settings, "start")
    run(programs / "createdb", "-h", folder, "-U", "tester", "purport")
    return f"postgresql+psycopg://tester@/purport?host={quote(str(folder), safe='')}"
