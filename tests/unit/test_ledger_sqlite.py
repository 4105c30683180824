"""Opening a ledger's file: where it may be, what it may be, and who else may write to it."""

import gc
import multiprocessing
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from purport.core.errors import LedgerError
from purport.core.records import Gap, gap
from purport.edges import sqlite as edge
from purport.edges.sqlite import open_sqlite
from purport.ledger import Book, View

NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)


def gaps(start: int, count: int) -> list[Gap]:
    return [
        gap("collect", f"page {n}", "timeout", "It did not answer; try again.", NOON)
        for n in range(start, start + count)
    ]


def test_relative_to_the_folder_one_stands_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    engine = open_sqlite("sqlite:///purport.db")
    monkeypatch.chdir("/")
    assert Book(engine).add(gaps=gaps(0, 1)) == 1  # and stays there
    assert (tmp_path / "purport.db").is_file()
    engine.dispose()


def test_settings(tmp_path: Path):
    engine = open_sqlite(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in (
                "journal_mode",
                "synchronous",
                "foreign_keys",
                "recursive_triggers",
                "busy_timeout",
                "page_size",
            )
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 1,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "busy_timeout": 30_000,
        "page_size": 8192,
    }
    engine.dispose()


def test_a_new_ledger_is_its_owners_and_a_shared_one_stays_shared(tmp_path: Path):
    path = tmp_path / "a.db"
    open_sqlite(f"sqlite:///{path}").dispose()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o660)
    open_sqlite(f"sqlite:///{path}").dispose()
    assert stat.S_IMODE(path.stat().st_mode) == 0o660


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_temporary_ledger_is_its_own_and_goes_with_its_engine(url: str):
    engine, other = open_sqlite(url), open_sqlite(url)
    path = Path(str(engine.url.database))
    Book(engine).add(gaps=gaps(0, 3))
    assert (View(engine).counts()["gaps"], View(other).counts()["gaps"]) == (3, 0)
    assert path.exists()
    engine.dispose()
    del engine
    gc.collect()
    assert not path.parent.exists()
    other.dispose()


@pytest.mark.parametrize(
    "url",
    ["", "purport.db", "postgresql://host/db", "sqlite:/purport.db", "sqlite://host/a.db", "sqlite:///a.db?mode=ro"],
)
def test_other_addresses_are_refused(url: str):
    with pytest.raises(LedgerError, match="Write sqlite:///FILE"):
        open_sqlite(url)


def test_a_folder_that_does_not_exist(tmp_path: Path):
    with pytest.raises(LedgerError, match=r"does not exist\. Make it \(mkdir -p "):
        open_sqlite(f"sqlite:///{tmp_path}/no/such/purport.db")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_for_a_file(tmp_path: Path):
    with pytest.raises(LedgerError, match=r"is a folder\. Name a file in it"):
        open_sqlite(f"sqlite:///{tmp_path}")


def test_a_file_for_a_folder(tmp_path: Path):
    (tmp_path / "notes").write_text("x")
    with pytest.raises(LedgerError, match="does not exist"):
        open_sqlite(f"sqlite:///{tmp_path}/notes/purport.db")


def refuse_writing(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """A read-only folder, also for root, whom permissions don't stop."""

    def refused(path: object, *rest: object) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(edge.os, "open", refused)


def test_a_folder_one_may_not_write_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    refuse_writing(monkeypatch, tmp_path)
    with pytest.raises(LedgerError, match=r"Permission denied\)\. Mend the permissions"):
        open_sqlite(f"sqlite:///{tmp_path}/purport.db")


def test_a_ledger_in_a_folder_that_became_read_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    open_sqlite(f"sqlite:///{tmp_path}/purport.db").dispose()
    monkeypatch.setattr(edge.os, "access", lambda path, _: Path(path) != tmp_path)
    with pytest.raises(LedgerError, match="SQLite keeps files beside the ledger"):
        open_sqlite(f"sqlite:///{tmp_path}/purport.db")


@pytest.mark.parametrize(
    "content", [b"The bridge has fallen.\n" * 50, b"x", b"\0" * 5000, b"SQLite format 3\0" + b"?" * 500]
)
def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, content: bytes):
    path = tmp_path / "report.txt"
    path.write_bytes(content)
    with pytest.raises(LedgerError, match="was left as it is"):
        open_sqlite(f"sqlite:///{path}")
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_another_programs_database_is_left_alone(tmp_path: Path):
    path = tmp_path / "contacts.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE contacts (name TEXT)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(LedgerError, match=r"another program's database \(it holds the tables contacts\)"):
        open_sqlite(f"sqlite:///{path}")
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_an_empty_file_becomes_a_ledger(tmp_path: Path):
    (tmp_path / "new.db").touch()
    engine = open_sqlite(f"sqlite:///{tmp_path / 'new.db'}")
    assert View(engine).counts()["claims"] == 0
    engine.dispose()


def test_a_damaged_ledger_says_so(tmp_path: Path):
    path = tmp_path / "a.db"
    engine = open_sqlite(f"sqlite:///{path}")
    Book(engine).add(gaps=gaps(0, 500))
    engine.dispose()
    data = bytearray(path.read_bytes())
    for page in range(1, len(data) // 8192):  # all but the first, which names the tables
        data[page * 8192 : page * 8192 + 64] = b"\xff" * 64
    path.write_bytes(bytes(data))
    with pytest.raises(LedgerError, match="damaged; restore it from a backup"):
        list(View(open_sqlite(f"sqlite:///{path}")).gaps())


def test_a_writer_that_holds_on_too_long_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(edge, "WAIT", 0.05)
    path = tmp_path / "a.db"
    engine = open_sqlite(f"sqlite:///{path}")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LedgerError, match="Another program has been writing"):
        Book(engine).add(gaps=gaps(0, 1))
    assert View(engine).counts()["gaps"] == 0  # reading goes on
    other.execute("ROLLBACK")
    other.close()
    assert Book(engine).add(gaps=gaps(0, 1)) == 1
    engine.dispose()


def test_a_full_disk_adds_nothing(tmp_path: Path):
    engine = open_sqlite(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.connect() as connection:  # the one connection of the pool
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 8}")
    with pytest.raises(LedgerError, match="free some space"):
        Book(engine).add(gaps=gaps(0, 3000))
    assert View(engine).counts()["gaps"] == 0
    assert Book(engine).add(gaps=gaps(0, 3)) == 3
    engine.dispose()


def _write(url: str, start: int, results: "multiprocessing.SimpleQueue[int]") -> None:
    book = Book(open_sqlite(url))
    # every second gap is also written by the other process
    results.put(sum(book.add(gaps=gaps(start + 10 * n, 20)) for n in range(30)))


def test_two_processes_open_a_new_ledger_and_write_at_once(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'a.db'}"
    context = multiprocessing.get_context("spawn")
    results = context.SimpleQueue()
    workers = [context.Process(target=_write, args=(url, start, results)) for start in (0, 5)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0]
    engine = open_sqlite(url)
    assert results.get() + results.get() == View(engine).counts()["gaps"] == 315
    engine.dispose()


_KILLED = """
import sys
sys.path.insert(0, sys.argv[2])
from test_ledger_sqlite import gaps
from purport.edges.sqlite import open_sqlite
from purport.ledger import Book
book, n = Book(open_sqlite(sys.argv[1])), 0
while True:
    book.add(gaps=gaps(n, 500))
    n += 500
    print(n, flush=True)
"""


@pytest.mark.parametrize("after", [0.0, 0.004, 0.013])
def test_a_killed_writer_leaves_whole_calls(tmp_path: Path, after: float):
    url = f"sqlite:///{tmp_path / 'a.db'}"
    command = [sys.executable, "-c", _KILLED, url, str(Path(__file__).parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "500\n"
        time.sleep(after)
        os.kill(writer.pid, signal.SIGKILL)
        told = [500, *map(int, writer.stdout.read().split())]
    engine = open_sqlite(url)
    count = View(engine).counts()["gaps"]
    assert count in (told[-1], told[-1] + 500)  # the last call may have ended without a word of it
    assert Book(engine).add(gaps=gaps(0, count)) == 0
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    engine.dispose()
