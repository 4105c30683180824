"""What the rooms ask of the world: the hour, the web, places to keep bytes, work done elsewhere."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeAlias

from purport.core.copies import Booked, Copy
from purport.core.origins import Traced
from purport.core.watching import Answer, Request

if TYPE_CHECKING:
    from pathlib import Path


Page: TypeAlias = tuple[str, str, bytes]  # final URL, media type, body
Told: TypeAlias = Callable[[float], None]  # hears how much of a piece of work is done, from 0 to 1


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class Fetcher(Protocol):
    def fetch(self, url: str) -> Page:
        """The page at an `http(s)` URL. Raises RefusedAddressError or FetchError."""
        ...


class Blobs(Protocol):
    """Bytes kept under their digest, written once."""

    def put(self, data: bytes) -> str:
        """Keep bytes; returns their `sha256:…` digest. Keeping the same bytes twice is one blob."""
        ...

    def get(self, digest: str) -> bytes:
        """The bytes of a digest, checked against it. Raises EvidenceError."""
        ...

    def pieces(self, digest: str) -> Iterator[bytes]:
        """The bytes that are kept as a digest, some at a time, as they lie there, unchecked. Raises EvidenceError."""
        ...

    def put_file(self, path: "Path") -> str:
        """Keep a file's bytes; memory does not grow with its size. Returns their digest. Raises EvidenceError."""
        ...

    def file(self, digest: str) -> "Path":
        """A file on this machine with the bytes of a digest, to be read only. Raises EvidenceError."""
        ...


class Library(Protocol):
    """Fingerprints of footage, a file a release, each there whole or not at all."""

    def put(self, release: str, file: "Path") -> None:
        """Keep a copy of a file; it replaces the prints that are there already. Raises EvidenceError."""
        ...

    def ids(self) -> Iterator[str]:
        """The releases that have prints, in the order of their ids."""
        ...

    def open(self, release: str) -> "Path":
        """The file with a release's prints. Raises NotFoundError."""
        ...

    def size(self, release: str = "") -> int:
        """Bytes of a release's prints (0 if it has none), or of all."""
        ...


class Workshop(Protocol):
    """Does work that may crash, hang or swell apart from this process, within bounds of time and memory."""

    def do(self, step: str, order: bytes, told: Told) -> bytes:
        """The answer of a named step to an order. Raises FootageError with cause crashed, timeout or memory, and those
        that the step itself raises."""
        ...

    def close(self) -> None:
        """Send the workers home."""
        ...


class Authority(Protocol):
    """A time stamp authority (RFC 3161)."""

    def stamp(self, request: bytes) -> bytes:
        """Its answer to a request, both in DER. Raises RefusedAddressError or FetchError."""
        ...


class Web(Protocol):
    """Makes requests, several at once. Who sends them sees to politeness."""

    def send(self, request: Request) -> None:
        """Have a request made as soon as may be."""
        ...

    def answers(self, wait: float) -> list[Answer]:
        """What has come, in any order; waits so many seconds at most for the first."""
        ...

    def close(self) -> None:
        """Make no more requests, and wait for none."""
        ...


class Hook(Protocol):
    def post(self, url: str, data: bytes, key: str, allow_private: bool) -> None:
        """Hand JSON to a webhook; `key` is the same when it is handed over again.

        Raises RefusedAddressError or FetchError; their messages hold nothing of the address but its host.
        """
        ...


class Feeds(Protocol):
    def write(self, path: str, text: str) -> None:
        """Put a text in place of a file's, whole or not at all. Raises UsageError."""
        ...


class Copybook(Protocol):
    """What reports share, kept beside the ledger: it can be made again from the reports at any time."""

    upto: int  # the number of the ledger's last report when all were compared last, in this run; 0 at its beginning

    def reports(self) -> list[str]:
        """The reports that were compared, by their ids, in that order."""
        ...

    def booked(self, first: int = 0) -> Iterator[Booked]:
        """What makes the index again, from a report's number on. Raises ValueError for what is damaged."""
        ...

    def add(self, booked: Booked, found: Sequence[Copy]) -> bool:
        """Keep a batch, whole or not at all; False if its place is taken by another one who works on the same."""
        ...

    def copies(self, reports: Collection[str]) -> Iterator[Copy]:
        """What some reports share with any other, each once."""
        ...

    def holds(self, report: str) -> bool:
        """Was this report compared?"""
        ...

    def clear(self) -> None:
        """Forget everything."""
        ...


class Traces(Protocol):
    """Traced stories, kept beside the ledger: they can be traced again at any time."""

    def get(self, subject: str, key: str) -> Iterator[Traced]:
        """What was kept of a story or claim under a key, by the same program: none or one."""
        ...

    def put(self, subject: str, key: str, traced: Traced) -> None:
        """Keep it in place of what was kept of the same before."""
        ...
