"""Files beside a desk at work: opening one a second time must not drop the locks that SQLite holds on it.

POSIX locks go with the first descriptor that a process closes; without them another process that leaves takes the
write-ahead log away, and what is written into it afterwards is lost.
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from purport.edges.copybook import FileCopybook
from purport.edges.people import open_people
from purport.edges.sqlite import open_sqlite
from purport.edges.traced import FileTraces

LEAVES = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM sqlite_master'); c.close()"


def ledger(path: Path) -> object:
    engine = open_sqlite(f"sqlite:///{path}")
    engine.connect().close()  # the pool keeps it open
    return engine


def people(path: Path) -> object:
    staff = open_people(path)
    staff.accounts()
    return staff


def copybook(path: Path) -> object:
    book = FileCopybook(str(path), "one")
    assert book._file
    return book


def traces(path: Path) -> object:
    kept = FileTraces(path, lambda: "one")
    assert kept._file
    return kept


@pytest.mark.parametrize("opened", [ledger, people, copybook, traces])
def test_a_process_that_leaves_takes_no_log_away_from_one_that_opened_twice(
    opened: Callable[[Path], object], tmp_path: Path
) -> None:
    path = tmp_path / "purport.db"
    kept = [opened(path), opened(path)]
    log = Path(f"{path}-wal")
    assert log.exists()
    subprocess.run([sys.executable, "-c", LEAVES, str(path)], check=True)
    assert log.exists()
    del kept
