"""What is watched, and what came of it: sources, what they listed, each try, each exchange as it went over the wire."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO

import msgspec

from purport.core.records import Capture

NEVER = datetime(9999, 12, 31, tzinfo=UTC)  # when nothing is tried again


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One table of `sources.toml`: something that publishes, and how it is to be watched."""

    name: str
    kind: str  # feed | page | sitemap | folder
    place: str  # the address, or a folder's path
    every: float = 600.0  # seconds between two looks at it
    allow_private: bool = False  # may it lie on one's own network?
    media: bool = True  # are videos, images and sounds fetched too?
    delay: float = 1.0  # seconds between two requests to one of its hosts; a host may ask for more
    again: float = 3600.0  # seconds until an item's page is looked at again, twice as long each time; 0: never


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """An address that a source listed. The id depends on the source and the item's key: listed twice is one.

    An enclosure is an item of its own, `of` the entry that it came with.
    """

    id: str
    source: str  # its name
    key: str  # the entry's own id, else its address
    url: str
    title: str = ""
    published: str = ""  # as written; reading it is another step
    media: tuple[str, ...] = ()  # addresses of enclosures
    kind: str = "page"  # page | media | list (a part of what lists: a sitemap in a sitemap)
    of: str = ""  # the id of the item that it is an enclosure of
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
    begins: int = 0  # where the bytes under `sealed` begin: at `offset`, or in a file's first exchange at its warcinfo
    sealed: str = ""  # sha256:… of the file's bytes from there to `end`: any changed byte shows


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One try to look at a source or at one of its items, whatever came of it.

    What the next try needs is carried on from visit to visit, so that the last one says all.
    """

    id: str
    source: str  # its name
    url: str
    item: str = ""  # the listed item's id; empty: the source itself
    at: datetime
    outcome: str  # new | changed | same | gone | failed | refused | put-off
    cause: str = ""  # of what did not go well: timeout, http-status, robots, …
    detail: str = ""  # in words, with the mend
    exchange: str = ""  # the last one of this try
    capture: str = ""  # of the latest version there is: taken now if the outcome is new or changed, carried on else
    digest: str = ""  # of the bytes last seen there, sha256:…
    charset: str = ""  # as the response named it
    encoding: str = ""  # its content encodings
    etag: str = ""  # to ask next time whether it changed
    modified: str = ""
    tries: int = 0  # that failed in a row, this one included
    looks: int = 0  # that succeeded, this one included
    found: int = 0  # items listed
    fresh: int = 0  # of those, never listed before
    next: datetime  # not before then


class Unread(msgspec.Struct, frozen=True, kw_only=True):
    """A page that was taken and is still to be read."""

    number: int  # of the visit, in the order of arrival
    visit: Visit
    capture: Capture
    exchange: Exchange
    item: tuple[Listed, ...] = ()  # none: the page is the source itself


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How a source stands: its last look, and what there is of it."""

    last: Visit
    reached: tuple[datetime, ...] = ()  # when it was last looked at with success, none or one
    items: int = 0  # ever listed
    taken: int = 0  # of those, taken
    failing: int = 0  # of those, the last try failed


class Outage(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which a source or an item could not be had: tries that failed in a row."""

    source: str
    item: str = ""  # its id; empty: the source itself
    url: str
    kind: str = "page"  # of the item
    began: datetime  # the first try that failed
    last: datetime  # the last one
    ended: tuple[datetime, ...] = ()  # when a try succeeded again, none or one
    tries: int
    cause: str  # of the last try
    detail: str


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


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of the web: one address, once."""

    url: str  # may hold a user name and a password, which go to its host and nowhere else
    limit: int  # the most bytes of a response
    allow_private: bool = False
    etag: str = ""  # ask whether it changed
    modified: str = ""
    seconds: float = 30.0  # that it may take


@dataclass(slots=True)
class Answer:
    """What came of a request: a response, or the cause why there is none or not all of one."""

    request: Request
    wire: Wire
    status: int = 0  # 0: there was no response
    headers: Mapping[str, str] = field(default_factory=dict)  # by names in lower case
    payload: BinaryIO | None = None  # the body as sent, content encodings and all, without its chunks
    cause: str = ""  # unreachable, name, tls, timeout, disconnect, truncated, too-large, protocol, refused-address, …
    detail: str = ""  # in words, with the mend
    excess: int = 0  # bytes that came behind the end that the response gave

    def close(self) -> None:
        """Give up what is held of it, in memory or on disk."""
        self.wire.response.close()
        if self.payload is not None:
            self.payload.close()
