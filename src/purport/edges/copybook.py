"""What reports share, found once and kept in a file beside the ledger, with what it takes to go on from there.

Nothing is lost with the file: it is made again from the reports. Each batch of reports goes in whole or not at all, so
it may be cut off at any moment. It holds passages' places and first words, and is readable by its owner alone.
"""

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import Any
from zlib import crc32

import msgspec

from purport.core.copies import Booked, Copy
from purport.core.errors import LedgerError
from purport.edges.files import make_private
from purport.edges.sqlite import SHORTEST

_WAIT = 10.0  # seconds for another one that writes
_AT_ONCE = 500  # numbers in one question
_OURS = 0x50_55_43_42  # the application id in the file's head
_TABLES = (
    "CREATE TABLE made (version TEXT)",
    "CREATE TABLE booked (first INTEGER PRIMARY KEY, lengths TEXT, counts TEXT, runs BLOB, sum INT)",
    "CREATE TABLE reports (number INTEGER PRIMARY KEY, id TEXT UNIQUE)",
    "CREATE TABLE copies (earlier INT, later INT, record BLOB, PRIMARY KEY (later, earlier)) WITHOUT ROWID",
    "CREATE INDEX copies_by_earlier ON copies (earlier)",
)
_copies = msgspec.json.Decoder(Copy)


class FileCopybook:
    """`core.ports.Copybook` in a file; without a path, or where there can't be one, until the end of the run.

    A damaged file, or one of another version, is made anew; what is not ours is left alone. Raises LedgerError.
    """

    def __init__(self, path: str, version: str) -> None:
        self._path, self._version, self._lock = path, version, RLock()
        self.upto = 0

    def reports(self) -> list[str]:
        """The reports that were compared, in that order."""
        return [id for (id,) in self._asked("SELECT id FROM reports ORDER BY number")]

    def booked(self, first: int = 0) -> Iterator[Booked]:
        """What makes the index again, from a report's number on. Raises ValueError for what is damaged."""
        ids = self.reports()
        firsts = [at for (at,) in self._asked("SELECT first FROM booked WHERE first >= ? ORDER BY first", [first])]
        for at in firsts:
            for lengths, counts, runs, sum in self._asked(
                "SELECT lengths, counts, runs, sum FROM booked WHERE first = ?", [at]
            ):
                if crc32(runs) != sum:
                    raise ValueError(f"what was booked of report {at} and those behind it is damaged")
                each = tuple(json.loads(lengths))
                yield Booked(at, tuple(ids[at : at + len(each)]), each, tuple(json.loads(counts)), runs)

    def add(self, booked: Booked, found: Sequence[Copy]) -> bool:
        """Keep a batch; False if its place was taken by somebody else, who works on the same."""
        with self._lock, self._told(), self._whole() as file:
            (count,) = file.execute("SELECT coalesce(max(number) + 1, 0) FROM reports").fetchone()
            if count == booked.first:
                self._put(file, booked, found)
            return bool(count == booked.first)

    def _put(self, file: sqlite3.Connection, booked: Booked, found: Sequence[Copy]) -> None:
        numbers = dict(zip(booked.reports, range(booked.first, booked.first + len(booked.reports)), strict=True))
        file.executemany("INSERT INTO reports VALUES (?, ?)", [(number, id) for id, number in numbers.items()])
        others = list({one for copy in found for one in (copy.a, copy.b)} - numbers.keys())
        numbers |= self._numbers(others)
        file.executemany(
            "INSERT INTO copies VALUES (?, ?, ?)",
            [(*sorted((numbers[one.a], numbers[one.b])), msgspec.json.encode(one)) for one in found],
        )
        row = (booked.first, json.dumps(booked.lengths), json.dumps(booked.counts), booked.runs, crc32(booked.runs))
        file.execute("INSERT INTO booked VALUES (?, ?, ?, ?, ?)", row)

    def copies(self, reports: Collection[str]) -> Iterator[Copy]:
        """What some reports share with any other, each once."""
        numbers = list(self._numbers(list(reports)).values())
        found: dict[tuple[int, int], bytes] = {}
        for start in range(0, len(numbers), _AT_ONCE):
            some = numbers[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            for side in ("later", "earlier"):
                rows = self._asked(f"SELECT earlier, later, record FROM copies WHERE {side} IN ({marks})", some)
                found |= {(earlier, later): record for earlier, later, record in rows}
        yield from (_copies.decode(found[pair]) for pair in sorted(found, key=lambda pair: pair[::-1]))

    def holds(self, report: str) -> bool:
        """Was this report compared?"""
        return bool(self._numbers([report]))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock, self._told():
            self._make(self._file)

    def _numbers(self, ids: Sequence[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            found |= dict(self._asked(f"SELECT id, number FROM reports WHERE id IN ({marks})", some))
        return found

    def _asked(self, question: str, of: Sequence[Any] = ()) -> list[Any]:
        with self._lock, self._told():
            return self._file.execute(question, of).fetchall()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise LedgerError(
                f"{self._path or 'The copies'} can't be used ({error}). Delete it: it is made again from the reports."
            ) from error

    @contextmanager
    def _whole(self) -> Iterator[sqlite3.Connection]:
        """A transaction."""
        self._file.execute("BEGIN IMMEDIATE")
        try:
            yield self._file
            self._file.execute("COMMIT")
        except BaseException:
            if self._file.in_transaction:
                self._file.execute("ROLLBACK")
            raise

    @cached_property
    def _file(self) -> sqlite3.Connection:
        if self._path:
            with suppress(sqlite3.Error, OSError):
                return self._opened()
            with suppress(sqlite3.Error, OSError):
                if _is_ours(Path(self._path)):  # and damaged
                    for end in ("", "-wal", "-shm"):
                        Path(f"{self._path}{end}").unlink(missing_ok=True)
                    return self._opened()
        held = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._make(held)
        return held

    def _opened(self) -> sqlite3.Connection:
        path = Path(self._path)
        make_private(path)
        held = path.stat().st_size
        file = sqlite3.connect(self._path, isolation_level=None, timeout=_WAIT, check_same_thread=False)
        try:
            if held and (held < SHORTEST or file.execute("PRAGMA application_id").fetchone() != (_OURS,)):
                raise sqlite3.DatabaseError("another program's file")
            file.execute(f"PRAGMA application_id = {_OURS}")
            file.execute("PRAGMA journal_mode = WAL")
            file.execute("PRAGMA synchronous = NORMAL")
            names = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            if "made" not in names or file.execute("SELECT version FROM made").fetchall() != [(self._version,)]:
                self._make(file)
        except BaseException:
            file.close()
            raise
        return file

    def _make(self, file: sqlite3.Connection) -> None:
        file.execute("BEGIN IMMEDIATE")
        for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            file.execute(f'DROP TABLE "{name}"')
        for table in _TABLES:
            file.execute(table)
        file.execute("INSERT INTO made VALUES (?)", [self._version])
        file.execute("COMMIT")


def _is_ours(path: Path) -> bool:
    """Of a file that could not be opened as a database."""
    with path.open("rb") as file:
        return file.read(72)[68:] == _OURS.to_bytes(4, "big")
