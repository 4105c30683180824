"""WARC records, as they are written and as they are found again: names of fields, digests, what a block holds."""

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

import msgspec

from purport.core.errors import EvidenceError
from purport.core.times import iso
from purport.preserve.http import PIECE, Head, Stream, payload, read_head

VERSION = "WARC/1.1"
SAME = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
RESPONSE = "application/http;msgtype=response"
REQUEST = "application/http;msgtype=request"
OPENING = 64 * 1024  # bytes of a payload's beginning that are kept, to find a title in

_LEGAL = "!#$%&'()*+,-./:;=?@[]_~"  # what an address is written with, beside letters and digits


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A record as it was found: where it lies, what its fields say, what its block really holds."""

    archive: str  # name of its file
    offset: int
    end: int
    kind: str  # response | revisit | resource | request | warcinfo | metadata | …
    fields: dict[str, str]  # the first of each name, in lower case
    status: int = 0  # of the HTTP response
    media_type: str = ""
    content_type: str = ""  # all of it, with the charset
    encoding: str = ""  # content encoding
    location: str = ""  # where a redirect leads
    digest: str = ""  # sha256:… of the payload
    size: int = 0  # bytes of the payload
    opening: bytes = b""  # the payload's first bytes
    fault: str = ""  # what does not hold, in words

    @property
    def id(self) -> str:
        return self.fields.get("warc-record-id", "")

    @property
    def url(self) -> str:
        return self.fields.get("warc-target-uri", "").strip("<>")

    @property
    def date(self) -> datetime:
        """When it was taken. Raises EvidenceError."""
        said = self.fields.get("warc-date", "")
        try:
            return datetime.fromisoformat(said.replace("Z", "+00:00")).astimezone(UTC)
        except ValueError as error:
            where = f"{self.archive}#offset={self.offset}"
            raise EvidenceError(f"{where} has no date: {said[:40]!r}. Fetch the archive again.") from error


@dataclass(frozen=True, slots=True)
class Block:
    """What was found in a block when all of it was read."""

    head: Head
    length: int  # bytes of the block
    block_digest: str  # sha256:…
    digest: str  # of the payload
    size: int  # bytes of the payload
    opening: bytes


class Digested:
    """At most so many bytes of a stream, with the digest of all that was read of them."""

    def __init__(self, stream: Stream, limit: int = 2**63) -> None:
        self._stream, self._left, self._sha = stream, limit, hashlib.sha256()
        self.length = 0

    def read(self, size: int = PIECE, /) -> bytes:
        return self._took(self._stream.read(min(size, self._left)))

    def readline(self, size: int = PIECE, /) -> bytes:
        return self._took(self._stream.readline(min(size, self._left)))

    def _took(self, data: bytes) -> bytes:
        self._sha.update(data)
        self._left -= len(data)
        self.length += len(data)
        return data

    @property
    def digest(self) -> str:
        return "sha256:" + self._sha.hexdigest()


def examine(stream: Stream, limit: int = 2**63, http: bool = True) -> Block:
    """Read a block to its end, or to so many bytes. `http` says that it is an HTTP message, and else all is payload."""
    digested, sha, size, opening = Digested(stream, limit), hashlib.sha256(), 0, b""
    head = read_head(digested) if http else Head()
    for piece in payload(digested, head):
        sha.update(piece)
        size += len(piece)
        if len(opening) < OPENING:
            opening += piece[: OPENING - len(opening)]
    while digested.read():  # trailers, and what stands behind broken chunks
        pass
    return Block(head, digested.length, digested.digest, "sha256:" + sha.hexdigest(), size, opening)


def urn(exchange: str, part: str = "answer") -> str:
    """The WARC-Record-ID of a part (answer, request, interim) of an exchange: known from the exchange's id alone."""
    return f"<{uuid.uuid5(uuid.NAMESPACE_URL, f'{exchange}/{part}').urn}>"


def head_of(kind: str, id: str, date: datetime, length: int, fields: dict[str, str]) -> bytes:
    """The lines before a record's block. Fields without a value are left out."""
    named = {"WARC-Type": kind, "WARC-Record-ID": id, "WARC-Date": iso(date), **fields, "Content-Length": str(length)}
    lines = [VERSION] + [f"{name}: {_one_line(value)}" for name, value in named.items() if value]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def written_url(url: str) -> str:
    """An address as the standard wants it written: nothing but what RFC 3986 allows."""
    return quote(url.strip(), safe=_LEGAL)


def _one_line(value: str) -> str:
    return " ".join(value.split())


def copied(stream: Stream, length: int) -> Iterator[bytes]:
    """The next so many bytes. Raises EvidenceError if there are fewer."""
    while length:
        piece = stream.read(min(PIECE, length))
        if not piece:
            raise EvidenceError("What was to be kept became shorter meanwhile. Do it again.")
        length -= len(piece)
        yield piece
