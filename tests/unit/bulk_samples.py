"""Files for bulk work, and what comes out of it."""

import gzip
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

SAID = "The harbour office of {place} said on Monday that the sluice had been opened before the flood."
DENIED = "A speaker of the dockers’ union denied that anybody had been warned."


def page(place: str) -> bytes:
    body = "".join(f"<p>{words}</p>" for words in (SAID.format(place=place), DENIED))
    title = f"Sluice of {place} was open, office says"
    article = f"<article><h1>{title}</h1>{body}</article>"
    return f"<html><head><title>{title}</title></head><body>{article}</body></html>".encode()


def archive(path: Path, *places: str) -> Path:
    """A web archive with a page about each place, the same bytes each time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(gzip.compress(_record(place), mtime=0) for place in places))
    return path


def _record(place: str) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page(place)
    head = (
        "WARC/1.1",
        "WARC-Type: response",
        "WARC-Record-ID: <urn:uuid:7f3c1d52-0000-4000-8000-000000000000>",
        "WARC-Date: 2031-03-12T08:00:00Z",
        f"WARC-Target-URI: https://wire.example/{place.lower()}.html",
        "Content-Type: application/http; msgtype=response",
        f"Content-Length: {len(block)}",
    )
    return "\r\n".join(head).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def rows(out: Path, table: str) -> list[dict[str, Any]]:
    """All rows of a table, in the order of its files' names."""
    return [row for path in sorted((out / table).glob("*.parquet")) for row in pq.read_table(path).to_pylist()]
