"""Exchanges with an invented site, as they would have gone over the wire."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

from purport.core.watching import Exchange, Wire
from purport.preserve import Archive

NOON = datetime(2026, 9, 1, 12, 0, 0, 250_000, tzinfo=UTC)
PAGE = b"<html><head><title>The mayor of Kest &amp; the well</title></head><body><p>She denied it.</p></body></html>"


class Ticking:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOON


def wire(
    url: str = "http://kest.example/",
    body: bytes = PAGE,
    minute: int = 0,
    status: str = "200 OK",
    chunked: bool = False,
    cut: str = "",
    **headers: str,
) -> Wire:
    """A request at so many minutes after noon, and the response."""
    named = {"Content-Type": "text/html; charset=utf-8"} | {k.replace("_", "-"): v for k, v in headers.items()}
    named |= {"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": str(len(body))}
    head = f"HTTP/1.1 {status}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in named.items()) + "\r\n"
    return raw(head.encode() + (in_chunks(body) if chunked else body), url, minute, cut)


def raw(response: bytes, url: str = "http://kest.example/", minute: int = 0, cut: str = "") -> Wire:
    host, _, path = url.partition("://")[2].partition("/")
    request = f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: Purport/0.1\r\n\r\n".encode()
    asked = NOON + timedelta(minutes=minute)
    return Wire(url, asked, request, io.BytesIO(response), len(response), "203.0.113.9", cut)


def in_chunks(body: bytes, size: int = 40, trailer: bytes = b"X-Trailer: yes\r\n") -> bytes:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x;n=1\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n" + trailer + b"\r\n"


class Shelf:
    """What a ledger would know: every exchange by its id, and the first that holds a payload."""

    def __init__(self) -> None:
        self.kept: list[Exchange] = []

    def put(self, archive: Archive, *wires: Wire) -> list[Exchange]:
        new = []
        for one in wires:
            new.append(archive.put(one, self.known))
            self.kept.append(new[-1])
        return new

    def known(self, digest: str, url: str) -> Exchange | None:
        return next((one for one in self.kept if one.digest == digest and not one.same_as and not one.cut), None)

    def find(self, id: str) -> Exchange:
        return next(one for one in self.kept if one.id == id)


def kept(folder: Path, *wires: Wire) -> list[Exchange]:
    """The wires in one archive, payloads once."""
    with Archive(folder, Ticking()) as archive:
        return Shelf().put(archive, *wires)
