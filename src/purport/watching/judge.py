"""What comes of one answer: the visit to book, with what was listed or taken, and where a redirect leads."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import msgspec

from purport.collect import limits
from purport.collect.absent import STATUSES
from purport.collect.inflate import BodyError, inflate
from purport.collect.items import split_media_type, without_password
from purport.collect.listing import listed
from purport.collect.listings import Listing, read_listing
from purport.core.ids import digest, make_id
from purport.core.pace import retry_after
from purport.core.records import Capture, Report, gap
from purport.core.watching import Answer, Exchange, Listed, Source
from purport.watching.compare import gone, page_item, same_words
from purport.watching.tasks import Found, Task
from purport.watching.visits import failure, visit

REDIRECTS = 5
_READ = ("text/html", "application/xhtml+xml", "text/plain", "")
_SHOWN = ("video/", "audio/", "image/")


Reported = Callable[[str], Iterator[Report]]  # the reports of a capture, by its id


def judge(task: Task, answer: Answer, kept: tuple[Exchange, ...], reported: Reported) -> Found:
    """What came of an answer to a task's request. `kept`: the exchange as it was preserved, none or one."""
    found = Found([task], exchanges=list(kept))
    at = answer.wire.asked
    if onward := task.moved(answer):
        redirected(task, onward[0], found, at)
    elif answer.cause or not (200 <= answer.status < 300 or answer.status == 304):
        failed(task, answer, found, at)
    elif answer.status == 304:
        found.visits.append(visit(task, at, "same", kept))
    else:
        try:
            taken(task, answer, found, at, reported)
        except BodyError as error:
            found.visits.append(failure(task, at, error.cause, f"{task.at}: {error}.", kept))
    if answer.excess:
        detail = f"The server sent {answer.excess} bytes more than it had announced; what it announced is kept."
        found.gaps.append(gap("watch", without_password(task.at), "length", detail, at))
    return found


def redirected(task: Task, onward: Task, found: Found, at: datetime) -> None:
    """A redirect is a task of its own, so that its host's politeness and robots.txt hold for it, too."""
    kept = tuple(found.exchanges)
    if not onward.host:
        detail = f"{task.at} leads to “{onward.at[:200]}”, which is not http(s) and was not opened."
        found.visits.append(failure(task, at, "not-an-address", detail, kept))
    elif task.hops >= REDIRECTS:
        detail = f"{task.url} redirects more than {REDIRECTS} times; give the final address."
        found.visits.append(failure(task, at, "redirects", detail, kept))
    else:
        found.tasks, found.onward = [], [onward]


def failed(task: Task, answer: Answer, found: Found, at: datetime) -> None:
    """No page: it is gone if there was one before, else it is tried again."""
    kept, cause, detail = tuple(found.exchanges), answer.cause, answer.detail
    if not cause:  # an answer that makes no sense here, as a redirect to nowhere
        cause, detail = "http-status", f"{task.at} answered {answer.status} and gave no page; it is tried again later."
    if answer.status in STATUSES and cause == "http-status" and task.last and task.last[0].digest:
        about = {"cause": f"http-{answer.status}", "detail": STATUSES[answer.status]}
        found.visits.append(visit(task, at, "gone", kept, **about))
        return
    asked = retry_after(answer.headers.get("retry-after", ""), at)
    found.visits.append(failure(task, at, cause, detail, kept, answer.status, asked))


def taken(task: Task, answer: Answer, found: Found, at: datetime, reported: Reported) -> None:
    """A whole answer: what is in it, if it is another than last time. Raises BodyError."""
    kept, content_type = tuple(found.exchanges), answer.headers.get("content-type", "")
    kind, _ = split_media_type(content_type)
    media = task.kind == "media" or (task.kind == "page" and kind.startswith(_SHOWN))
    body = b"" if media else opened(answer)
    size, sha = digested(answer) if media else (len(body), digest(body))
    said: dict[str, Any] = {
        "digest": sha,
        "etag": answer.headers.get("etag", "")[:500],
        "modified": answer.headers.get("last-modified", "")[:100],
    }
    before = task.last[0].digest if task.last else ""
    outcome = "same" if sha == before else "changed" if before else "new"
    listing = Listing() if media or outcome == "same" else read_listing(task.at, body, content_type, at, *task.lister)
    if outcome == "same":
        found.visits.append(visit(task, at, outcome, kept, **said))
    elif listing.fault:
        found.gaps += listing.gaps
        found.visits.append(failure(task, at, *listing.fault, kept))
    else:
        found.gaps += listing.gaps
        found.listed = list({one.id: one for one in with_media(listing.listed, task.source)}.values())
        said["found"] = len(found.listed)
        if listing.only:
            found.visits.append(visit(task, at, outcome, kept, **said))
        else:
            version(task, answer, found, reported, Body(body, kind, sha, size, media), outcome, said)


@dataclass(frozen=True, slots=True)
class Body:
    """What came, without its content encodings; of media only its measures."""

    data: bytes
    kind: str
    digest: str
    size: int
    media: bool


def version(
    task: Task, answer: Answer, found: Found, reported: Reported, body: Body, outcome: str, said: dict[str, Any]
) -> None:
    """A version of a page, or a media file: its capture, unless it turns out to be no other version."""
    kept, at = tuple(found.exchanges), answer.wire.asked
    _, charset = split_media_type(answer.headers.get("content-type", ""))
    for exchange in kept:
        capture = captured(task, exchange, body)
        other = {} if body.media else compared(task, answer, capture, body.data, charset, reported)
        if other:
            found.listed.clear()
            found.visits.append(visit(task, at, other.pop("outcome"), kept, **{**said, **other}))
            continue
        found.captures.append(capture)
        about = {"charset": charset, "encoding": answer.headers.get("content-encoding", "")[:100]}
        found.visits.append(visit(task, at, outcome, kept, capture=capture.id, **about, **said))
        if not body.media and body.kind not in _READ:
            detail = f"It is {body.kind}, which is kept but not read."
            found.gaps.append(gap("watch", capture.place, "not-read", detail, at))


def compared(
    task: Task, answer: Answer, capture: Capture, body: bytes, charset: str, reported: Reported
) -> dict[str, str]:
    """What a visit says of a page that has other bytes than last time and yet is not another version; else nothing."""
    for before in islice(reported(task.last[0].capture) if task.last else (), 1):
        item, _ = page_item(capture, body, charset, capture.taken)
        for absence in gone(item, answer.status, task.url, before):
            # what was there stands as it was, so that the page is asked for as a whole next time
            about = {"digest": task.last[0].digest, "etag": "", "modified": ""}
            return {"outcome": "gone", "cause": absence.cause, "detail": absence.detail, **about}
        if same_words(item, before, capture.taken):
            return {"outcome": "same", "detail": "Its bytes differ, the words of its article do not."}
    return {}


def captured(task: Task, exchange: Exchange, body: Body) -> Capture:
    """The capture of a page or a media file: its bytes stay in the archive."""
    place = f"{exchange.archive}#offset={exchange.offset}"
    return Capture(
        make_id("capture", place, body.digest),
        place,
        body.digest,
        body.size,
        exchange.asked,
        body.kind or ("application/octet-stream" if body.media else "text/html"),
        "media" if body.media else "warc",
        without_password(task.at),
    )


def with_media(items: tuple[Listed, ...], source: Source) -> Iterator[Listed]:
    """The items, each followed by its enclosures as items of their own."""
    for item in items:
        if item.url and item.url in item.media:
            item = msgspec.structs.replace(item, kind="media")
        if source.media or item.kind != "media":
            yield item
        for url in item.media if source.media else ():
            if url != item.url:
                yield listed(source.name, item.seen, key=url, url=url, kind="media", of=item.id)


def opened(answer: Answer) -> bytes:
    """The body of an answer without its content encodings. Raises BodyError."""
    if answer.payload is None:
        return b""
    answer.payload.seek(0)
    return inflate(answer.payload.read(), answer.headers.get("content-encoding", ""), limits.HTML)


def digested(answer: Answer) -> tuple[int, str]:
    """Size and digest of a body that may be too large to hold."""
    size, sha = 0, hashlib.sha256()
    if answer.payload is not None:
        answer.payload.seek(0)
        while piece := answer.payload.read(1024 * 1024):
            size += len(piece)
            sha.update(piece)
    return size, f"sha256:{sha.hexdigest()}"
