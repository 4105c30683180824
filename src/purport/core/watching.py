"""What is watched, and what came of it: sources, what they listed, each try, each exchange as it went over the wire."""

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

import msgspec


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One table of `sources.toml`: something that publishes, and how it is to be watched."""

    name: str
    kind: str  # feed | page | sitemap | folder
    place: str  # the address, or a folder's path
    every: float = 600.0  # seconds between two looks at it
    allow_private: bool = False  # may it lie on one's own network?
    media: bool = True  # are videos, images and sounds fetched too?


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """An item as its source listed it. The id depends on the source and the item's key: listed twice is one."""

    id: str
    source: str  # its name
    key: str  # the entry's own id, else its address
    url: str
    title: str = ""
    published: str = ""  # as written; reading it is another step
    media: tuple[str, ...] = ()  # addresses of enclosures
    seen: datetime  # when it was first listed


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """A request and its response, kept as WARC records. Redirects are exchanges of their own."""

    id: str
    url: str
    asked: datetime
    status: int  # 0: there was no response
    archive: str  # name of the WARC file
    offset: int  # of the response record (or revisit record), in bytes
    end: int  # where the last record of this exchange ends: bytes behind the last booked end are no entry's
    digest: str = ""  # sha256:… of the payload as sent, content encodings and all
    size: int = 0  # bytes of the payload
    media_type: str = ""
    same_as: str = ""  # the exchange whose payload this one repeats (a revisit record)
    cut: str = ""  # why the response is not whole: length | time | disconnect; empty: it is


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One try to look at a source or at one of its items, whatever came of it."""

    id: str
    source: str  # its name
    url: str
    item: str = ""  # the listed item's id; empty: the source itself
    at: datetime
    outcome: str  # new | changed | same | gone | failed | refused | put-off
    cause: str = ""  # of what did not go well: timeout, http-status, robots, …
    detail: str = ""  # in words, with the mend
    exchange: str = ""  # the last one of this try
    capture: str = ""  # what was taken from it
    etag: str = ""  # to ask next time whether it changed
    modified: str = ""
    found: int = 0  # items listed
    fresh: int = 0  # of those, never listed before
    next: datetime  # not before then


@dataclass(slots=True)
class Wire:
    """A request and its response as they went over the wire, credentials cut from the request.

    `response` is the whole response: status line, headers, body with its chunks and encodings; a file at its beginning,
    on disk when it is large. Empty where nothing was answered.
    """

    url: str
    asked: datetime
    request: bytes
    response: BinaryIO
    size: int  # bytes of the response
    address: str = ""  # the IP address it came from
    cut: str = ""  # as in `Exchange.cut`
