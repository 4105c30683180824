"""The seams of the house: what the rooms ask of the outside, in one to six methods each."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias

from purport.core.records import Capture, Claim, Gap, Query, Reading, Report

Page: TypeAlias = tuple[str, str, bytes]  # final URL, media type, body


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


class Reader(Protocol):
    """Reads reports into claims. `version` names everything its answer depends on."""

    @property
    def version(self) -> str: ...

    def read(self, reports: Sequence[Report]) -> list[tuple[Reading, list[Gap]]]:
        """A reading for each report, in order, with what could not be decided."""
        ...


class Writer(Protocol):
    """Appends to the ledger. Adding what is there already adds nothing; each call is one transaction."""

    def add(
        self,
        captures: Iterable[Capture] = (),
        reports: Iterable[Report] = (),
        readings: Iterable[Reading] = (),
        gaps: Iterable[Gap] = (),
    ) -> int:
        """Append records; returns how many entries (of all kinds, claims included) were new."""
        ...


class View(Protocol):
    """Reads the ledger."""

    def counts(self) -> dict[str, int]:
        """How many captures, reports, readings, claims and gaps there are, by these names."""
        ...

    def report(self, id: str) -> Report:
        """The report by its id or an unambiguous beginning of it. Raises NotFoundError."""
        ...

    def capture(self, id: str) -> Capture: ...

    def claims(self, query: Query) -> Iterator[tuple[Claim, Report]]:
        """Claims of each report's latest reading that match, best first for words, else in reading order."""
        ...

    def has_reading(self, report: str, reader: str) -> bool: ...

    def gaps(self) -> Iterator[Gap]: ...
