"""Web archives (WARC 1.x and the older ARC, plain or gzipped): every HTML response in them.

Reading is warcio's; what is ours: bounds on every record, digests checked over the bytes in hand, and a fault
in one record written down without losing the next (https://iipc.github.io/warc-specifications/).
"""

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, BinaryIO

from purport.collect import limits
from purport.collect.digests import agrees, hasher, is_said
from purport.collect.inflate import BodyError, inflate
from purport.collect.items import item, read_charset, split_media_type, without_password
from purport.collect.kinds import kind_of
from purport.collect.warc import Headers, http_head, open_records
from purport.core.ports import Clock
from purport.core.records import Gap, Item, gap

_PAGES = ("text/html", "application/xhtml+xml")
_HTTP = "application/http"


@dataclass(slots=True)
class Contents:
    """What an archive holds, counted as it is read."""

    strict: bool = False  # take only pages whose own digest holds: the archive's did not
    records: Counter[str] = field(default_factory=Counter)  # by type
    digests: Counter[str] = field(default_factory=Counter)  # held | failed | unknown, each that is stated
    payloads: set[str] = field(default_factory=set)  # digests of the bodies that are here, for revisits of them
    elsewhere: int = 0  # revisits of bodies that are not
    wrong: list[str] = field(default_factory=list)  # places of records that are no pages and whose digest is wrong


def take_archive(stream: BinaryIO, place: str, clock: Clock, contents: Contents | None = None) -> Iterator[Item | Gap]:
    """An item for each HTML response or resource, at `place#offset=N`; a gap for each that can't be trusted.

    Redirects (3xx) are passed over, error pages (4xx, 5xx) and pages whose digest is wrong are gaps. Records that say
    "the same as before" (revisit) of what is not in this archive are counted in one gap at the end, and so are wrong
    digests of what is no page. Holds one record in memory, and the digests of bodies. `contents` is filled as it goes.
    """
    contents = contents or Contents()
    records, reader = open_records(stream)
    offset, pages = 0, 0
    while True:
        try:
            record = next(records)
            offset = records.offset
            if reader.over and not reader.decompressor:  # no empty line ended its header
                reader.cut = True
                break
            reader.lines, errors = 0, records.err_count
            here = f"{place}#offset={offset}"
            found = list(_take_record(record, here, clock, contents))
            # not left to the iterator, whose own faults would come with the next record's offset
            records.read_to_end()
            if records.err_count > errors:
                detail = "What follows is not the next record: the length that it states is wrong, or bytes were lost."
                found.append(gap("collect", here, "wrong-length", detail, clock.now()))
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
    yield from _closing(contents, place, clock.now())
    if not pages and not reader.cut and not reader.fault:
        yield gap("collect", place, "no-page", "The archive holds no HTML page of its own.", clock.now())


def _closing(contents: Contents, place: str, now: datetime) -> Iterator[Gap]:
    """What is told once an archive."""
    if contents.elsewhere:
        detail = (
            f"{contents.elsewhere} records say “same as before” of what is not in this archive; it may be elsewhere."
        )
        yield gap("collect", place, "revisit", detail, now)
    if contents.wrong:
        number = len(contents.wrong)
        which = "1 record that is no page was" if number == 1 else f"{number} records that are no pages were"
        detail = (
            f"{which} changed or damaged after being archived: a digest does not hold. "
            f"{'It' if number == 1 else 'The first'} is at {contents.wrong[0].rpartition('#')[2]}."
        )
        yield gap("collect", place, "digest", detail, now)


def _take_record(record: Any, place: str, clock: Clock, contents: Contents) -> Iterator[Item | Gap]:
    """Nothing, an item, a gap, or an item with a gap. Gaps as a fault of this record only."""
    kind = record.rec_type
    contents.records[kind] += 1
    head = record.raw_stream.read(limits.HEAD)
    start, status, headers = 0, "200", Headers(record.rec_headers)
    is_http = split_media_type(headers.get("content-type"))[0] == _HTTP
    if kind == "response" and head.startswith(b"HTTP/"):
        start, status, headers = http_head(head)
    elif kind == "response" and is_http:
        detail = "It is said to be a response, but does not begin as one; it was not read."
        yield gap("collect", place, "no-response", detail, _when(record.rec_headers) or clock.now())
    elif kind == "request" and is_http:
        start = head.find(b"\r\n\r\n") + 4 if b"\r\n\r\n" in head else len(head)
    media_type, charset = split_media_type(headers.get("content-type"))
    is_page = media_type in _PAGES or (not media_type and kind_of(head[start:]) == "html")
    if kind == "revisit":
        contents.elsewhere += record.rec_headers.get_header("WARC-Payload-Digest") not in contents.payloads
    elif kind in ("response", "resource"):
        contents.payloads.add(record.rec_headers.get_header("WARC-Payload-Digest") or "")
        if is_page and not status.startswith("3"):
            yield from _take_response(record, head, start, status, headers, charset, place, clock, contents)
            return
    size, wrong = _passed_over(record, head, start, headers, contents)
    if size < (record.length or 0):
        yield _short(size, record.length, place, _when(record.rec_headers) or clock.now())
    elif wrong:
        contents.wrong.append(place)


def _take_response(
    record: Any,
    head: bytes,
    start: int,
    status: str,
    headers: Headers,
    charset: str,
    place: str,
    clock: Clock,
    contents: Contents,
) -> Iterator[Item | Gap]:
    now = _when(record.rec_headers) or clock.now()
    if status >= "400":
        yield gap("collect", place, "http-status", f"The server had answered {status}: an error page, not read.", now)
        return
    if (record.length or 0) > limits.RECORD:
        detail = f"The page is larger than {limits.said(limits.RECORD)} and was not read."
        yield gap("collect", place, "too-large", detail, now)
        return
    block = head + b"".join(_rest(record.raw_stream))
    if len(block) < (record.length or 0):
        yield _short(len(block), record.length, place, now)
        return
    body = _joined(block[start:], headers, start)
    wrong, held = _checked(record.rec_headers, block, (block[start:], body), contents)
    if wrong:
        detail = f"{wrong} The page was changed or damaged after it was archived; it was not read."
        yield gap("collect", place, "digest", detail, now)
        return
    if contents.strict and not held:
        detail = "Its file was changed or damaged, and it has no digest of its own to go by; it was not read."
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


def _rest(stream: Any) -> Iterator[bytes]:
    return iter(lambda: stream.read(limits.HEAD), b"")


def _joined(payload: bytes, headers: Headers, start: int) -> bytes:
    """The body with its chunks joined, if it came in chunks."""
    if not start or "chunked" not in headers.get("transfer-encoding").lower():
        return payload
    from warcio.bufferedreaders import ChunkedDataReader  # type: ignore[import-untyped]

    return bytes(ChunkedDataReader(io.BytesIO(payload), decomp_type=None).read())


def _checked(headers: Any, block: bytes, payloads: tuple[bytes, ...], contents: Contents) -> tuple[str, bool]:
    """A sentence naming the digest that doesn't hold, empty when all hold or none is given; and: does one hold?

    Crawlers differ on whether a payload digest is taken before or after the chunks are joined: either will do.
    """
    held = False
    for name, candidates in (("WARC-Block-Digest", (block,)), ("WARC-Payload-Digest", payloads)):
        said = _said(headers, name)
        if not said:
            continue
        if hasher(said) is None:
            contents.digests["unknown"] += 1
        elif any(agrees(said, [data]) for data in candidates):
            contents.digests["held"] += 1
            held = True
        else:
            contents.digests["failed"] += 1
            return f"Its {name} “{said[:80]}” does not hold.", False
    return "", held


def _said(headers: Any, name: str) -> str:
    """A digest that speaks of the bytes in this record; a revisit's or a segment's payload is elsewhere."""
    partial = headers.get_header("WARC-Type") == "revisit" or headers.get_header("WARC-Segment-Number")
    return "" if name == "WARC-Payload-Digest" and partial else headers.get_header(name) or ""


def _passed_over(record: Any, head: bytes, start: int, headers: Headers, contents: Contents) -> tuple[int, bool]:
    """The bytes of a record that is not read, and: is a digest wrong? Of one too large for memory, the block's."""
    if (record.length or 0) <= limits.RECORD:
        block = head + b"".join(_rest(record.raw_stream))
        try:
            body = _joined(block[start:], headers, start)
        except Exception:  # what is no page need not come in good chunks
            body = block[start:]
        whole = len(block) >= (record.length or 0)
        return len(block), whole and bool(_checked(record.rec_headers, block, (block[start:], body), contents)[0])
    said = _said(record.rec_headers, "WARC-Block-Digest")
    made, size = hasher(said), len(head)
    if made is not None:
        made.update(head)
    for piece in _rest(record.raw_stream):
        size += len(piece)
        if made is not None:
            made.update(piece)
    if made is None or size < record.length:
        return size, False
    held = is_said(said, made.digest())
    contents.digests["held" if held else "failed"] += 1
    return size, not held


def _short(size: int, stated: int, place: str, now: datetime) -> Gap:
    detail = f"The record ends after {size} of {stated} bytes; fetch the archive again."
    return gap("collect", place, "truncated", detail, now)


def _when(headers: Any) -> datetime | None:
    written = headers.get_header("WARC-Date") or ""
    try:
        return datetime.fromisoformat(written.replace("Z", "+00:00")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _broken(place: str, offset: int, error: Exception, now: datetime) -> Gap:
    said = " ".join(str(error).split())
    if "non-chunked gzip" in said:
        detail = "The records are not gzipped one by one; mend it with `warcio recompress OLD NEW` and read NEW."
    else:
        why = (
            "what follows is no record" if "Unknown archive format" in said else f"{type(error).__name__}: {said[:160]}"
        )
        detail = f"The archive can't be read on after offset {offset} ({why}). Fetch it again."
    return gap("collect", place, "broken-archive", detail, now)
