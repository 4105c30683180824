"""A vault with an invented ledger, and ways to harm it that a thief with all rights to the files would have."""

import io
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from purport.app.proving import Check, Vault, hold
from purport.core.custody import Verified
from purport.core.ids import make_id
from purport.core.records import Capture, gap
from purport.core.watching import Wire
from purport.edges.blobs import FolderBlobs
from purport.edges.sqlite import open_sqlite
from purport.ledger import Book
from purport.ledger.log import Custody
from purport.preserve import Archive

NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)
NOTHING_TOLD = Check(note=False)


@dataclass
class FixedClock:
    time: datetime = NOON

    def now(self) -> datetime:
        return self.time


def vault(folder: Path) -> Vault:
    engine = open_sqlite(f"sqlite:///{folder / 'purport.db'}", "ona@desk")
    clock = ticking()
    return Vault(
        Custody(engine),
        Book(engine, "ona@desk", lambda: next(clock)),
        FolderBlobs(folder / "purport.blobs"),
        folder / "purport.warcs",
    )


def ticking() -> Iterator[datetime]:
    time = NOON
    while True:
        yield time
        time += timedelta(minutes=1)


def found(at: Vault, asked: Check = NOTHING_TOLD) -> Verified:
    return hold(at, asked, lambda share: None)


def some_gaps(number: int, count: int = 1) -> list:
    return [gap("read", f"{number}-{n}.txt", "empty", f"Nothing is written in {n}.", NOON) for n in range(count)]


def kept(at: Vault, data: bytes, place: str) -> Capture:
    digest = at.blobs.put(data)
    return Capture(make_id("capture", place, digest), place, digest, len(data), NOON, stored=True)


def fill(at: Vault) -> None:
    """Six entries after the first: captures with their bytes, gaps, and exchanges in one archive."""
    at.writer.add(captures=[kept(at, b"smoke above the bridge", "smoke.txt")], gaps=some_gaps(1, 3), what="read")
    at.writer.add(gaps=some_gaps(2), what="read")
    with Archive(at.archives, FixedClock()) as archive:
        held = [
            archive.put(wire(f"http://sarn.example/{n}", b"The market is shut. " * 20 + b"%d" % n)) for n in range(3)
        ]
        archive.flush()
    at.writer.add(exchanges=held[:2], what="watch")
    at.writer.add(exchanges=held[2:], captures=[kept(at, b"a market", "market.txt")], what="watch")
    at.writer.add(gaps=some_gaps(3, 40), what="read")
    at.writer.add(captures=[kept(at, b"boats", "boats.txt")], gaps=some_gaps(4), what="read")


def wire(url: str, body: bytes) -> Wire:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body)
    request = b"GET / HTTP/1.1\r\nHost: sarn.example\r\n\r\n"
    return Wire(url, NOON, request, io.BytesIO(head + body), len(head) + len(body), "192.0.2.7")


def harm(folder: Path, *statements: str | tuple[str, tuple[object, ...]]) -> None:
    """Change a ledger behind Purport's back, its triggers taken away first."""
    connection = sqlite3.connect(folder / "purport.db")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        changed = connection.execute(*(statement if isinstance(statement, tuple) else (statement,)))
        assert changed.rowcount != 0, statement
    connection.commit()
    connection.close()


def flip(path: Path, place: int, bit: int = 1) -> None:
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[place] ^= bit
    path.write_bytes(data)
