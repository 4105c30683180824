"""Web archives (WARC 1.x and the older ARC, plain or gzipped): every HTML response in them.

Reading is warcio's; what is ours: bounds on every record, digests checked over the bytes in hand, and a fault
in one record written down without losing the next (https://iipc.github.io/warc-specifications/).
"""

import base64
import hashlib
import io
import logging
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO

from purport.collect import limits
from purport.collect.inflate import BodyError, inflate
from purport.collect.items import item, read_charset, split_media_type, without_password
from purport.collect.kinds import kind_of
from purport.core.ports import Clock
from purport.core.records import Gap, Item, gap

_PAGES = ("text/html", "application/xhtml+xml")


def take_archive(stream: BinaryIO, place: str, clock: Clock) -> Iterator[Item | Gap]:
    """An item for each HTML response or resource, at `place#offset=N`; a gap for each that can't be trusted.

    Redirects (3xx) are passed over, error pages (4xx, 5xx) and pages whose digest is wrong are gaps. Records
    that only say "the same as before" (revisit) are counted in one gap at the end. Holds one record in memory.
    """
    records, reader = _open(stream)
    offset, pages, revisits = 0, 0, 0
    while True:
        try:
            record = next(records)
            offset = records.offset
            reader.lines = 0
            revisits += record.rec_type == "revisit"
            found = list(_take_record(record, f"{place}#offset={offset}", clock))
            # not left to the iterator, whose own faults would come with the next record's offset
            records.read_to_end()
        except StopIteration:
            break
        except Exception as error:  # warcio raises what the broken bytes make it raise
            yield _broken(place, offset, error, clock.now())
            return
        pages += len(found)
        yield from found
    if reader.cut or reader.fault:
        cause = "truncated" if reader.cut else "broken-archive"
        why = "ends in the middle of a record" if reader.cut else f"has broken compression ({reader.fault})"
        detail = f"The archive {why} after offset {offset}; what came before was read. Fetch it again."
        yield gap("collect", place, cause, detail, clock.now())
    if revisits:
        detail = f"{revisits} records say “same as before” and hold no page; the earlier capture may be elsewhere."
        yield gap("collect", place, "revisit", detail, clock.now())
    if not pages and not reader.cut and not reader.fault:
        yield gap("collect", place, "no-page", "The archive holds no HTML page of its own.", clock.now())


def _take_record(record: Any, place: str, clock: Clock) -> Iterator[Item | Gap]:
    """Nothing, an item, a gap, or an item with a gap. Gaps as a fault of this record only."""
    if record.rec_type not in ("response", "resource"):
        return
    head = record.raw_stream.read(limits.HEAD)
    start, status, headers = 0, "200", _Headers(record.rec_headers)
    if record.rec_type == "response" and head.startswith(b"HTTP/"):
        start, status, headers = _http(head)
    media_type, charset = split_media_type(headers.get("content-type"))
    if media_type not in _PAGES and (media_type or kind_of(head[start:]) != "html"):
        return
    if status.startswith("3"):
        return
    now = _when(record.rec_headers.get_header("WARC-Date")) or clock.now()
    if status >= "400":
        yield gap("collect", place, "http-status", f"The server had answered {status}: an error page, not read.", now)
        return
    if (record.length or 0) > limits.RECORD:
        detail = f"The page is larger than {limits.said(limits.RECORD)} and was not read."
        yield gap("collect", place, "too-large", detail, now)
        return
    block = head + _rest(record.raw_stream)
    if len(block) < (record.length or 0):
        detail = f"The record ends after {len(block)} of {record.length} bytes; fetch the archive again."
        yield gap("collect", place, "truncated", detail, now)
        return
    yield from _take_page(record, block, start, headers, charset, place, now)


def _take_page(
    record: Any, block: bytes, start: int, headers: "_Headers", charset: str, place: str, now: datetime
) -> Iterator[Item | Gap]:
    payload = body = block[start:]
    if start and "chunked" in headers.get("transfer-encoding").lower():
        from warcio.bufferedreaders import ChunkedDataReader  # type: ignore[import-untyped]

        body = ChunkedDataReader(io.BytesIO(payload), decomp_type=None).read()
    if wrong := _wrong_digest(record.rec_headers, block, (payload, body)):
        detail = f"{wrong} The page was changed or damaged after it was archived; it was not read."
        yield gap("collect", place, "digest", detail, now)
        return
    try:
        body = inflate(body, headers.get("content-encoding") if start else "", limits.HTML)
    except BodyError as error:
        yield gap("collect", place, error.cause, f"The page can't be opened: {error}.", now)
        return
    if not body.strip():
        yield gap("collect", place, "empty", "The page has no content.", now)
        return
    if record.rec_headers.get_header("WARC-Truncated"):
        yield gap("collect", place, "truncated", "The crawler cut this page short; what it kept was read.", now)
    charset, gaps = read_charset(body, "text/html", charset, place, now)
    yield from gaps
    url = without_password(record.rec_headers.get_header("WARC-Target-URI") or "")
    yield item(body, place, "warc", now, media_type="text/html", url=url, charset=charset)


class _Headers:
    def __init__(self, parsed: Any) -> None:
        self._parsed = parsed

    def get(self, name: str) -> str:
        return str(self._parsed.get_header(name) or "")


def _http(head: bytes) -> tuple[int, str, _Headers]:
    """Where the body starts, the status code, and the headers of an HTTP response. `length` is of bytes."""
    from warcio.statusandheaders import StatusAndHeadersParser  # type: ignore[import-untyped]

    stream = io.BytesIO(head)
    parsed = StatusAndHeadersParser(["HTTP/"], verify=False).parse(stream)
    status = (parsed.get_statuscode() or "200")[:3]
    return stream.tell(), status if status.isdigit() else "200", _Headers(parsed)


def _rest(stream: Any) -> bytes:
    pieces = []
    while piece := stream.read(limits.HEAD):
        pieces.append(piece)
    return b"".join(pieces)


def _wrong_digest(headers: Any, block: bytes, payloads: tuple[bytes, ...]) -> str:
    """A sentence naming the digest that doesn't hold; empty when all hold or none is given.

    Crawlers differ on whether a payload digest is taken before or after the chunks are joined: either will do.
    """
    checks: list[tuple[str, tuple[bytes, ...]]] = [("WARC-Block-Digest", (block,))]
    if not headers.get_header("WARC-Segment-Number"):
        checks.append(("WARC-Payload-Digest", payloads))
    for name, candidates in checks:
        said = headers.get_header(name) or ""
        if said and not any(_agrees(said, data) for data in candidates):
            return f"Its {name} “{said[:80]}” does not hold."
    return ""


def _agrees(said: str, data: bytes) -> bool:
    """Is this the labelled digest (`sha1:…`, in base 32, 16 or 64) of the data? Unknown algorithms are let pass."""
    label, _, value = said.partition(":")
    try:
        own = hashlib.new(label.lower().replace("-", ""), data, usedforsecurity=False).digest()
    except (ValueError, TypeError):
        return True
    forms = (base64.b32encode(own).rstrip(b"=").decode(), own.hex().upper())
    if value.rstrip("=").upper() in forms:
        return True
    plain = base64.urlsafe_b64encode(own).rstrip(b"=").decode()
    return value.rstrip("=").replace("+", "-").replace("/", "_") == plain


def _when(written: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat((written or "").replace("Z", "+00:00")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _broken(place: str, offset: int, error: Exception, now: datetime) -> Gap:
    said = " ".join(str(error).split())
    if "non-chunked gzip" in said:
        detail = "The records are not gzipped one by one; mend it with `warcio recompress OLD NEW` and read NEW."
    else:
        detail = f"The archive can't be read on after offset {offset} ({type(error).__name__}: {said[:160]})."
    return gap("collect", place, "broken-archive", detail, now)


def _open(stream: BinaryIO) -> tuple[Any, Any]:
    """warcio's iterator over the records, and its reader, which knows whether the bytes ended too early."""
    from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
    from warcio.bufferedreaders import DecompressingBufferedReader

    class Reader(DecompressingBufferedReader):  # type: ignore[misc]
        """warcio's reader that remembers faults instead of printing them, and bounds header lines."""

        cut = False
        fault = ""
        lines = 0

        def _decompress(self, data: bytes) -> bytes:
            if not self.decompressor or not self.num_block_read:
                return bytes(super()._decompress(data))
            try:
                return bytes(self.decompressor.decompress(data))
            except zlib.error as error:
                self.fault = str(error)
                return b""

        def _process_read(self, data: bytes) -> None:
            if not data and self.decompressor and not self.decompressor.eof:
                self.cut = True
            super()._process_read(data)

        def readline(self, length: int | None = None) -> bytes:
            room = limits.HEADERS - self.lines
            if room <= 0:
                raise ValueError("header lines without end")
            line = bytes(super().readline(min(length or room, room)))
            self.lines += len(line)
            return line

    class Records(ArchiveIterator):  # type: ignore[misc]
        INC_RECORD = ""  # printed to standard error otherwise

    logging.getLogger("warcio").addHandler(logging.NullHandler())  # it would write to standard error
    records = Records(stream, no_record_parse=True, arc2warc=True)
    records.reader = Reader(records.fh)
    return records, records.reader
