"""Servers that fail in every way they can, all at once: each is told with its cause, and nobody else waits for them.

Nothing here goes by the clock. A request's time is over when the test says so, which is after the good source has been
taken in whole: so whatever the others do, it did not wait for them.
"""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from faults import Tally
from web_samples import Server, Today, response, serving

from purport.brief.outages import as_gaps
from purport.core.watching import Exchange, Source, Visit
from purport.edges.sqlite import open_sqlite
from purport.edges.web import Web
from purport.ledger.book import Book
from purport.ledger.view import View
from purport.preserve import Archive, payload_of, records
from purport.preserve.records import Record
from purport.watching import Lookout, Watch

FAULTS = {  # what is done, by the last number of the host: the cause, and how the response in the archive is cut
    "slow": (2, "timeout", "time"),
    "reset": (3, "disconnect", "disconnect"),
    "length": (4, "truncated", "disconnect"),
    "endless": (5, "too-large", "length"),
    "loop": (6, "redirects", ""),
    "busy": (7, "http-status", ""),
    "tls": (8, "tls", ""),
}
HOSTS = [f"127.0.0.{number}" for number in range(1, 9)]
pytestmark = pytest.mark.allow_hosts(HOSTS)
ITEMS = 7
WAIT = 600  # seconds that the busy one asks for
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: the connection is broken off, not ended


class Faulty:
    """What each server says to a request for its feed; a robots.txt none of them has."""

    def __init__(self) -> None:
        self.over = threading.Event()

    def good(self, to: socket.socket, path: str) -> None:
        if path == "/feed":
            items = "".join(f"<item><title>{n}</title><link>/item-{n}.html</link></item>" for n in range(ITEMS))
            to.sendall(response(f"<rss version='2.0'><channel><title>Good</title>{items}</channel></rss>".encode()))
        else:
            to.sendall(response(f"<title>{path}</title><p>The mayor said that {path} was so.</p>".encode()))

    def slow(self, to: socket.socket, path: str) -> None:
        """One byte after the other, for as long as anybody listens."""
        to.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while True:
            to.sendall(b"x")
            self.over.wait(0.01)

    def reset(self, to: socket.socket, path: str) -> bool:
        to.sendall(response(b"half of it", Content_Length="100"))
        to.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        return False

    def length(self, to: socket.socket, path: str) -> bool:
        to.sendall(response(b"half of it", Content_Length="100"))
        return False

    def endless(self, to: socket.socket, path: str) -> None:
        to.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n")
        while True:
            to.sendall(b"<item/>" * 10_000)

    def loop(self, to: socket.socket, path: str) -> None:
        to.sendall(response(b"", "302 Found", Location="/feed"))

    def busy(self, to: socket.socket, path: str) -> None:
        to.sendall(response(b"Later.", "503 Service Unavailable", Retry_After=str(WAIT)))

    def tls(self, to: socket.socket, path: str) -> None:
        """It speaks no TLS at all."""
        to.sendall(b"220 mail.kest.example\r\n\r\n")

    def talk(self, name: str, to: socket.socket, path: str) -> bool | None:
        if path == "/robots.txt":
            return to.sendall(response(b"none", "404 Not Found"))
        answer: bool | None = getattr(self, name)(to, path)
        return answer


def hello(server: Server) -> None:
    """Its greeting in TLS is no HTTP request, so `serving` would wait for more: answer anything that comes."""
    server._request = lambda connection: connection.recv(65536) and b"GET /hello \r\n\r\n"  # type: ignore[method-assign]


@pytest.fixture
def watched() -> Iterator[tuple[Source, ...]]:
    """All of them; the good one comes last: were anybody waited for, it would wait."""
    faulty = Faulty()
    with ExitStack() as stack:
        found = []
        for name, number in {"good": 1, **{name: fault[0] for name, fault in FAULTS.items()}}.items():
            server = stack.enter_context(
                serving(lambda to, path, name=name: faulty.talk(name, to, path), f"127.0.0.{number}")  # type: ignore[misc]
            )
            if name == "tls":
                hello(server)
            url = server.url("/feed").replace("http:", "https:" if name == "tls" else "http:")
            found.append(Source(name=name, kind="feed", place=url, allow_private=True, delay=0.0))
        yield (*found[1:], found[0])
        faulty.over.set()


def test_each_fault_has_its_cause_and_nobody_waits_for_it(
    watched: tuple[Source, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tally: Tally
) -> None:
    hour = [0.0]  # of the requests' deadlines; it stands still until the test moves it
    for module in ("web", "addresses"):
        monkeypatch.setattr(f"purport.edges.{module}.time", SimpleNamespace(monotonic=lambda: hour[0]))
    monkeypatch.setattr("purport.collect.limits.RECORD", 1_000_000)
    clock, engine = Today(), open_sqlite(f"sqlite:///{tmp_path / 'purport.db'}")
    view, archives = View(engine), tmp_path / "purport.warcs"
    web = Web(clock)

    def opened(kept: Exchange) -> bytes:
        return b"".join(payload_of(archives, kept, lambda id: next(view.exchanges(id=id))))

    visits: list[Visit] = []
    with Archive(archives, clock) as archive:
        watch = Watch(Lookout(clock, web, archive, Book(engine), view, opened), watched)
        rounds = watch.run(lambda: {one.source for one in visits} == {one.name for one in watched})
        for round in rounds:
            visits += round.found.visits
            if sum(one.source == "good" for one in visits) == 1 + ITEMS:
                hour[0] = 1000.0
    web.close()

    first = {name: next(one for one in visits if one.source == name) for name in FAULTS}
    told = {gap.subject: gap for gap in as_gaps(view.outages())}
    for name, (_, cause, cut) in FAULTS.items():
        visit = first[name]
        assert (name, visit.outcome, visit.cause) == (name, "failed", cause)
        assert told[visit.url].cause == cause
        assert f"“{name}” was not reached since 13 March 2031, 09:00 UTC" in told[visit.url].detail
        tally(f"server: {cause}")
        if visit.exchange:
            assert next(view.exchanges(id=visit.exchange)).cut == cut
    good = [number for number, one in enumerate(visits) if one.source == "good"]
    assert [visits[number].outcome for number in good] == ["new"] * (1 + ITEMS)
    assert visits.index(first["slow"]) > good[-1]  # it was still dripping when the good one was done
    assert first["busy"].next == first["busy"].at + timedelta(seconds=WAIT)
    assert all(isinstance(one, Record) and not one.fault for path in archives.iterdir() for one in records(path))
    assert {one.last.source: bool(one.reached) for one in view.standings()} == {
        one.name: one.name == "good" for one in watched
    }
