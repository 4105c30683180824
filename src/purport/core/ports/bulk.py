"""What bulk work asks of the outside: where files lie, where outputs go, and who does it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, BinaryIO, Protocol, TypeAlias

from purport.core.bulk import Input, Receipt
from purport.core.columns import Row
from purport.core.ports.outside import Told
from purport.core.records import Capture, Gap, Reading, Release, Report

if TYPE_CHECKING:
    from pathlib import Path

Written: TypeAlias = dict[str, tuple["Path", int]]  # a table's name to its file and the number of its rows


class Depot(Protocol):
    """Where files lie that are to be worked on."""

    def files(self, place: str, kinds: tuple[str, ...]) -> Iterator[Input]:
        """The files that a place names, in order: one, those of a pattern, or those below a folder whose names end
        as in `kinds`. None if there are none. Raises InputError for what can't be listed."""
        ...

    def open(self, input: Input) -> AbstractContextManager[BinaryIO]:
        """Its bytes, to be read from anywhere in them. Raises InputError if it is not there as it was listed."""
        ...

    def near(self, input: Input) -> AbstractContextManager["Path"]:
        """A file on this machine with its bytes, for so long, to be read only. Raises InputError."""
        ...


class Shelf(Protocol):
    """Where outputs are put by their names (`claims/a.parquet`), each there whole or not at all."""

    def get(self, name: str) -> bytes:
        """What was put there; nothing if there is nothing. Raises EvidenceError."""
        ...

    def put(self, name: str, file: "Path") -> None:
        """Put a copy of a file there, in place of what is there. Raises EvidenceError."""
        ...

    def remove(self, name: str) -> None:
        """It is not there afterwards. Raises EvidenceError."""
        ...


class Taker(Protocol):
    """Takes what is read and examined: a ledger's writer, or tables. Adding what was added before adds nothing."""

    def add(
        self,
        *,
        captures: Iterable[Capture] = (),
        reports: Iterable[Report] = (),
        readings: Iterable[Reading] = (),
        gaps: Iterable[Gap] = (),
        releases: Iterable[Release] = (),
        what: str = "add",
    ) -> int:
        """Take records; returns how many were new. See `Writer`."""
        ...


class Tables(Taker, Protocol):
    """Takes what a ledger would take, and makes a file of each table."""

    def put(self, rows: Mapping[str, list[Row]]) -> int:
        """Rows by their table; returns how many."""
        ...

    def close(self) -> Written:
        """Finish the files; they stay where they are."""
        ...


class Hand(Protocol):
    """Does one file after the other."""

    def do(self, input: Input, told: Told) -> Receipt:
        """What a file's own faults are is told in the receipt; all others are raised, as PurportError."""
        ...


class Crew(Protocol):
    """Has many files done, by one hand or by several at once."""

    def work(self, inputs: Iterable[Input], told: Told) -> Iterator[Receipt]:
        """A receipt for each file, as they are done; `told` hears how far the present one is, where one is known."""
        ...
