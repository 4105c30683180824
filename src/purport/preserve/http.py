"""What an HTTP response is made of: the head, and the payload that lies in chunks or behind it as it is.

The payload is what the WARC standard calls the entity-body: chunks joined, content encodings left. Nothing here
changes a byte, and nothing is refused: what is broken is read as far as it goes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

HEAD = 1024 * 1024  # bytes of head that are looked at
PIECE = 64 * 1024  # bytes read at a time

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})(?!\d)")
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?\r?\n", re.DOTALL)


class Stream(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...

    def readline(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Head:
    """Status line and headers. Status 0 says that it is no HTTP response; `begun` are then the first of its bytes."""

    status: int = 0
    fields: tuple[tuple[str, str], ...] = ()  # names in lower case, in their order
    length: int = 0  # bytes of the head
    begun: bytes = b""

    def get(self, name: str) -> str:
        """All values of a header, joined by commas as HTTP allows; empty where there is none."""
        return ", ".join(value for key, value in self.fields if key == name)

    @property
    def chunked(self) -> bool:
        return self.get("transfer-encoding").lower().split(",")[-1].strip() == "chunked"

    @property
    def media_type(self) -> str:
        return self.get("content-type").partition(";")[0].strip().lower()


def read_head(stream: Stream) -> Head:
    """The head at the beginning of a stream, which stands behind it afterwards."""
    lines = _lines(stream)
    found = _STATUS.match(lines[0]) if lines else None
    if not found:
        return Head(begun=b"".join(lines))
    return Head(int(found[1]), parse_fields(lines[1:]), sum(map(len, lines)))


def interim(stream: Stream) -> bytes:
    """The interim responses (100 Continue, 103 Early Hints) that stand before the one that counts."""
    before = b""
    while len(before) < HEAD:
        lines = _lines(stream)
        found = _STATUS.match(lines[0]) if lines else None
        if not found or found[1] == b"101" or not found[1].startswith(b"1"):
            return before if lines else b""  # nothing followed: then they are all there is
        before += b"".join(lines)
    return b""


def payload(stream: Stream, head: Head) -> Iterator[bytes]:
    """The payload behind a head, piece by piece; `stream` is what `read_head` left of it."""
    if head.begun:
        yield head.begun
    if head.status and head.chunked:
        yield from _joined(stream)
    else:
        yield from _rest(stream)


def parse_fields(lines: list[bytes]) -> tuple[tuple[str, str], ...]:
    """Header lines as names (in lower case) and values; a line that begins with a blank continues the one before."""
    fields: list[tuple[str, str]] = []
    for line in lines:
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if text[:1] in (" ", "\t") and fields:
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {text.strip()}".strip())
            continue
        name, colon, value = text.partition(":")
        if colon:
            fields.append((name.strip().lower(), value.strip()))
    return tuple(fields)


def _lines(stream: Stream) -> list[bytes]:
    """Lines up to the empty one and with it, or as many as fit into a head."""
    lines, room = list[bytes](), HEAD
    while room > 0 and (line := stream.readline(room)):
        lines.append(line)
        room -= len(line)
        if line in (b"\r\n", b"\n"):
            break
    return lines


def _joined(stream: Stream) -> Iterator[bytes]:
    """The chunks joined. What says it is chunked and isn't from its first byte on is taken as it is."""
    first = True
    while True:
        line = stream.readline(4096)
        found = _CHUNK.fullmatch(line)
        if not found:
            if first:
                yield line
                yield from _rest(stream)
            return
        first = False
        left = int(found[1], 16)
        if not left:
            return
        while left:
            piece = stream.read(min(left, PIECE))
            if not piece:
                return
            left -= len(piece)
            yield piece
        if stream.readline(2) not in (b"\r\n", b"\n"):
            return


def _rest(stream: Stream) -> Iterator[bytes]:
    while piece := stream.read(PIECE):
        yield piece
