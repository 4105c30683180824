"""The index of a package: where each address was kept, when, and in which bytes (CDXJ), sorted and in blocks.

https://specs.webrecorder.net/cdxj/0.1.0/. Keys are those that replay tools make of an address (SURT: the host's labels
turned round, the path in small letters), so that they find it.
"""

import hashlib
import heapq
import re
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlsplit

import msgspec

from purport.preserve.members import deflated
from purport.preserve.records import Record

BLOCK = 300  # lines that are compressed together
RUN = 50_000  # lines that are sorted in memory

_SAFE = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
_PORTS = {"http": 80, "https": 443}
_PATH_SESSIONS = [
    re.compile(rb"^(.*/)(\((?:[a-z]\([0-9a-z]{24}\))+\)/)([^?]+\.aspx.*)$", re.I),
    re.compile(rb"^(.*/)(\([0-9a-z]{24}\)/)([^?]+\.aspx.*)$", re.I),
]
_QUERY_SESSIONS = [
    re.compile(rb"^(.*)(?:jsessionid=[0-9a-zA-Z]{32})(?:&(.*))?$", re.I),
    re.compile(rb"^(.*)(?:phpsessid=[0-9a-zA-Z]{32})(?:&(.*))?$", re.I),
    re.compile(rb"^(.*)(?:sid=[0-9a-zA-Z]{32})(?:&(.*))?$", re.I),
    re.compile(rb"^(.*)(?:ASPSESSIONID[a-zA-Z]{8}=[a-zA-Z]{24})(?:&(.*))?$", re.I),
    re.compile(rb"^(.*)(?:cfid=[^&]+&cftoken=[^&]+)(?:&(.*))?$", re.I),
]


def key(url: str) -> str:
    """The address's key, as in `example,kest)/news?a=1`; an address that can't be taken apart is its own key."""
    try:
        parts = urlsplit(re.sub(r"[\r\n\t]", "", url.strip()))
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return quote_from_bytes(url.encode(), safe=_SAFE)
    path = _escaped(_normal(_unescaped(parts.path.encode()))).lower()
    for pattern in _PATH_SESSIONS:
        path = pattern.sub(rb"\1\3", path)
    if len(path) > 1 and path.endswith(b"/"):
        path = path[:-1]
    query = _escaped(_unescaped(parts.query.encode()))
    for pattern in _QUERY_SESSIONS:
        query = pattern.sub(rb"\1\2", query)
    query = b"&".join(b"=".join(pair) for pair in sorted(arg.split(b"=", 1) for arg in query.lower().split(b"&")))
    rest = (path + (b"?" + query if query else b"")).decode("ascii")
    if not host:
        return f"{parts.scheme}:{rest}"
    number = "" if port in (None, _PORTS.get(parts.scheme)) else f":{port}"
    return f"{','.join(reversed(_host(host).split('.')))}{number}){rest}"


def line(record: Record, offset: int, digest: str, name: str) -> str:
    """The index's line for a record that lies at an offset of the file `name`; `digest` is of its compressed bytes."""
    same = record.kind == "revisit"
    fields = {
        "url": record.url,
        "mime": "warc/revisit" if same else record.media_type,
        "status": str(record.status or 200),
        "digest": record.fields.get("warc-payload-digest", "") if same else record.digest,
        "length": str(record.end - record.offset),
        "offset": str(offset),
        "filename": name,
        "recordDigest": digest,
    }
    if not fields["mime"]:
        del fields["mime"]
    return f"{key(record.url)} {record.date:%Y%m%d%H%M%S} {msgspec.json.encode(fields).decode()}\n"


class Sorted:
    """Lines in order, whatever their number: what does not fit into memory is put aside in files."""

    def __init__(self, run: int = RUN) -> None:
        self._run, self._lines, self._aside = run, list[str](), list[IO[str]]()

    def add(self, line: str) -> None:
        self._lines.append(line)
        if len(self._lines) >= self._run:
            file = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115 - closed by `close`
            file.writelines(sorted(self._lines))
            self._aside.append(file)
            self._lines = []

    def __iter__(self) -> Iterator[str]:
        for file in self._aside:
            file.seek(0)
        yield from heapq.merge(*self._aside, sorted(self._lines))

    def close(self) -> None:
        for file in self._aside:
            file.close()


def blocks(lines: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The lines in compressed blocks, each with the key and time it begins with, by which it is looked up."""
    left = iter(lines)
    while block := list(islice(left, BLOCK)):
        yield block[0].partition("{")[0].strip(), b"".join(deflated((one.encode() for one in block), 6))


def looked_up(start: str, offset: int, block: bytes) -> str:
    """The line of the second index, `index.idx`, for a block."""
    fields = {"offset": offset, "length": len(block), "digest": "sha256:" + hashlib.sha256(block).hexdigest()}
    return f"{start} {msgspec.json.encode(fields).decode()}\n"


HEAD = '!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}\n'


def _host(host: str) -> str:
    host = _unescaped(host.encode()).decode("utf-8", "replace").lower()
    try:
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        host = quote_from_bytes(host.encode(), safe=_SAFE)
    return re.sub(r"^www\d*\.", "", host.replace("..", ".").strip("."))


def _normal(path: bytes) -> bytes:
    """The path without `.`, `..` and empty pieces."""
    kept: list[bytes] = []
    pieces = path.split(b"/")[1:]
    for number, piece in enumerate(pieces):
        if piece == b"..":
            kept = kept[:-1] if kept else [piece]
        elif piece != b"." and (piece or number == len(pieces) - 1):
            kept.append(piece)
    return b"/" + b"/".join(kept)


def _unescaped(data: bytes) -> bytes:
    while (again := unquote_to_bytes(data)) != data:
        data = again
    return data


def _escaped(data: bytes) -> bytes:
    return quote_from_bytes(data, safe=_SAFE).encode("ascii")
