"""Where tests keep ledgers: a SQLite file, or a schema of its own in a PostgreSQL that was started for the tests.

PURPORT_TEST_LEDGER names a PostgreSQL database (postgresql+psycopg://…), or says `postgresql` for one that is started
here: then all ledgers of tests stand in it (../conftest.py). Without it they are SQLite files, and only those tests
that are about both databases start a server, if PostgreSQL is on this machine.
"""

import atexit
import functools
import hashlib
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote

import pytest
from sqlalchemy import Engine, make_url

from purport.edges.postgres import open_postgres

TOLD = os.environ.get("PURPORT_TEST_LEDGER", "")
BOTH = ("sqlite", "postgresql")
MARKED: set[Path] = set()  # files in whose place a schema is
Open: TypeAlias = Callable[..., Engine]


def url_in(database: str, folder: Path, name: str = "purport.db") -> str:
    """The URL of a ledger in one of BOTH, the same for the same place. Skips the test if PostgreSQL is not at hand."""
    path = (folder / name).absolute()
    return f"sqlite:///{path}" if database == "sqlite" else _schema(str(path))


def in_postgresql(open_file: Open) -> Open:
    """Opens ledgers in PostgreSQL that are asked for as files, unless that file is there and not empty."""

    def open_instead(url: str, who: str = "") -> Engine:
        path = Path(make_url(url).database or f"/nowhere/{uuid.uuid4()}").absolute()
        if url.startswith("sqlite:///") and path.name != ":memory:":
            if not path.parent.is_dir() or path.is_dir() or (path.is_file() and path.stat().st_size):
                return open_file(url, who)
            path.touch(0o600)
            MARKED.add(path)
        return open_postgres(_schema(str(path)), who)

    return open_instead


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
