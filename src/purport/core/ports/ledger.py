"""What the rooms ask of the ledger: to append, to open an entry, to list, to search."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from purport.core.alerts import Alert
from purport.core.custody import Deed, Rows, Sealed, Stamp
from purport.core.marks import Mark
from purport.core.matches import Comparison
from purport.core.origins import SameClaim
from purport.core.records import Capture, Claim, Gap, Query, Reading, Release, Report
from purport.core.stories import Judgement, Placed
from purport.core.times import EVER
from purport.core.watching import Exchange, Listed, Outage, Standing, Unread, Visit

ANY = Query()  # narrows by nothing


class Writer(Protocol):
    """Appends to the ledger. Adding what is there already adds nothing; each call is one transaction."""

    def add(
        self,
        captures: Iterable[Capture] = (),
        reports: Iterable[Report] = (),
        readings: Iterable[Reading] = (),
        gaps: Iterable[Gap] = (),
        releases: Iterable[Release] = (),
        stamps: Iterable[Stamp] = (),
        listed: Iterable[Listed] = (),
        exchanges: Iterable[Exchange] = (),
        visits: Iterable[Visit] = (),
        comparisons: Iterable[Comparison] = (),
        entries: Iterable[Deed] = (),
        what: str = "add",
    ) -> int:
        """Append records; returns how many entries (of all kinds, claims included) were new.

        What is new goes into the custody log by the verb `what`; `entries` are deeds to tell of, new or not.
        What a record points at must be in the ledger already or in the same call: a report or
        release its capture, a reading its report, a visit its item and its capture, a comparison its releases. Raises
        LedgerError, and then nothing of the call was added.
        """
        ...


class Lookup(Protocol):
    """Opens single entries. An id may be shortened to any unambiguous beginning of four digits or more,
    with or without its kind ("report-"); otherwise NotFoundError says what was searched."""

    def capture(self, id: str) -> Capture: ...

    def report(self, id: str) -> Report: ...

    def claim(self, id: str) -> tuple[Claim, Report]:
        """The claim, of whichever reading, with the report it stands in."""
        ...

    def has_reading(self, report: str, reader: str) -> bool:
        """Has this reader (by its version) read this report (by its whole id) already?"""
        ...

    def release(self, id: str) -> Release: ...

    def has_release(self, id: str) -> bool:
        """Is there a release by this whole id?"""
        ...


class Diary(Protocol):
    """What the ledger holds of watching."""

    def standings(self) -> Iterator[Standing]:
        """Each source that was ever looked at, with its last look and the sums of its items."""
        ...

    def agenda(self, source: str) -> Iterator[tuple[Listed, tuple[Visit, ...]]]:
        """The items of a source that are still to be looked at, each with its last visit, none or one."""
        ...

    def unlisted(self, ids: Sequence[str]) -> set[str]:
        """Those of some items' ids that were never listed."""
        ...

    def exchanges(self, *, id: str = "", url: str = "", digest: str = "") -> Iterator[Exchange]:
        """Exchanges by what is given, the latest first; by a payload's digest those that hold it whole."""
        ...

    def ended(self) -> tuple[str, int]:
        """The archive that holds the last exchange, and where that ends in it; empty and 0 if there is none."""
        ...

    def unread(self, after: int = 0, of: Sequence[str] = ()) -> Iterator[Unread]:
        """The pages taken by watching that have no report yet, nor a gap that says why; in the order of arrival.

        `of`: only these captures, by their whole ids.
        """
        ...

    def reported(self, capture: str) -> Iterator[Report]:
        """The reports of a capture, by its whole id."""
        ...

    def versions(self, capture: str) -> Iterator[Capture]:
        """The versions of the page that a capture is a version of, the latest first."""
        ...

    def gone(self) -> Iterator[Visit]:
        """The looks at which a page was found gone, in order."""
        ...

    def last_visit(self) -> int:
        """The number of the last try to look at anything; 0 if there was none."""
        ...

    def outages(self) -> Iterator[Outage]:
        """The times in which a source or an item could not be had: tries that failed in a row, as one."""
        ...


class Log(Protocol):
    """The custody log, as it stood at one moment."""

    def head(self) -> tuple[int, str]:
        """The number and the hash of the last entry; 0 and nothing if there is none."""
        ...

    def sealed(self, first: int = 1, last: int = 0) -> Iterator[Sealed]:
        """The entries from number to number (0: to the last one), in order."""
        ...

    def latest(self, what: str) -> Iterator[Sealed]:
        """The last entry that tells of this verb, none or one."""
        ...

    def of(self, who: str, last: int, limit: int) -> Iterator[Sealed]:
        """What somebody did, up to an entry: the latest first, so many at most."""
        ...

    def found(self, rows: Rows) -> tuple[int, str]:
        """Of the rows that an entry vouches for: the first number that is missing, 0 if none, and the digest."""
        ...

    def stamps(self) -> Iterator[Stamp]:
        """In the order in which they were got."""
        ...


class Holdings(Protocol):
    """What the ledger holds that lies outside of it, as it stood at one moment, and how far its tables go."""

    def ends(self) -> dict[str, int]:
        """The number of the last row of each table that the custody log vouches for, by the tables' names."""
        ...

    def kept(self) -> Iterator[tuple[str, str]]:
        """The digests of all bytes that were kept, each once, with what they are."""
        ...

    def exchanges(self) -> Iterator[Exchange]:
        """All exchanges, archive by archive, in the order in which they lie there."""
        ...


class Versions(Protocol):
    """Pages that were captured with different texts."""

    def several(self, urls: Collection[str]) -> set[str]:
        """Those of some addresses under which there are several reports."""
        ...

    def edited(self) -> Iterator[str]:
        """The addresses under which there are several texts, the one that got a text last at the end."""
        ...

    def page(self, url: str) -> Iterator[tuple[Report, Capture]]:
        """The reports of an address with their captures, by the time they were taken, then as they arrived."""
        ...


class Compared(Protocol):
    """Where kept footage was seen before, as it was booked."""

    def compared(self, release: str) -> Iterator[Comparison]:
        """The last comparison of a release (by its whole id) with all others, none or one."""
        ...

    def last_comparison(self) -> int:
        """A number that grows with each comparison."""
        ...


class Outbox(Protocol):
    """What was told to whom. An address is a digest: where it leads may be a secret."""

    def put(self, found: Iterable[tuple[Alert, Sequence[str]]]) -> int:
        """Keep alerts, each due at some addresses; returns how many deliveries that are new."""
        ...

    def due(self, address: str, since: datetime) -> Iterator[Alert]:
        """What is still to be told at an address, oldest first, of what was put there no earlier than `since`."""
        ...

    def done(self, told: Sequence[Alert], address: str, outcome: str, detail: str = "") -> None:
        """Write down what came of telling some alerts at an address: sent or failed."""
        ...

    def told(self, address: str, limit: int) -> Iterator[Alert]:
        """What was told at an address, or is due there, the latest first; at any address if it is empty."""
        ...


class Screens(Protocol):
    """What a screen shows: so many entries, the newest first, going on from a place."""

    def sizes(self) -> dict[str, int]:
        """What `View.counts` tells, in no time."""
        ...

    def latest_reports(self, limit: int, before: int = 0) -> list[tuple[int, Report, Capture]]:
        """Reports by their arrival, each with its number and its capture."""
        ...

    def latest_claims(
        self, query: Query, limit: int, before: tuple[int, int] = (0, 0)
    ) -> list[tuple[tuple[int, int], Claim, Report]]:
        """Claims of latest readings that match, whatever words the query has, each with its place to go on from."""
        ...

    def best_claims(self, query: Query, limit: int, skip: int = 0) -> list[tuple[Claim, Report]]:
        """Claims of latest readings that hold the query's words and match, the best first. Raises UsageError."""
        ...

    def latest_gaps(self, limit: int, before: int = 0, cause: str = "") -> list[tuple[int, Gap]]:
        """Gaps by their arrival, each with its number; all, or those of a cause."""
        ...

    def gaps_about(self, subjects: Sequence[str]) -> list[Gap]:
        """Gaps of any of some ids, addresses and places."""
        ...

    def causes(self) -> list[tuple[str, int]]:
        """The causes of gaps with how many there are of each, the most frequent first."""
        ...

    def outlets(self, most: int) -> list[str]:
        """Names of outlets in the order of the alphabet."""
        ...


class Joins(Protocol):
    """What was joined: reports into stories, claims into one."""

    def place(self, moved: Iterable[Placed]) -> int:
        """Book where reports stand from now on; returns how many rows were new. Raises LedgerError."""
        ...

    def placed(self) -> Iterator[Placed]:
        """Where each report stands, in the order in which reports came to stand in any story."""
        ...

    def moves(self, after: int = 0) -> Iterator[tuple[int, Placed]]:
        """What was booked of where reports stand behind a number, each with its own; the last one of a report holds."""
        ...

    def history(self, story: str) -> Iterator[Placed]:
        """How reports came into a story or left it, in order."""
        ...

    def merge(self, found: Iterable[SameClaim]) -> int:
        """Book claims that say the same thing; returns how many were new."""
        ...

    def merged(self, id: str) -> SameClaim:
        """A merge by its id or the beginning of it. Raises NotFoundError."""
        ...


class Judgements(Protocol):
    """What people decided about what the machine joined."""

    def judge(self, judgement: Judgement) -> None:
        """Book what a person decided."""
        ...

    def judgements(self) -> Iterator[Judgement]:
        """All that people decided, in order."""
        ...

    def last(self) -> int:
        """A number that grows whenever a person joins or parts something."""
        ...


class Marks(Protocol):
    """How far things may be passed on."""

    def mark(self, mark: Mark) -> None:
        """Book a handling mark. Raises LedgerError."""
        ...

    def marks(self) -> Iterator[Mark]:
        """All marks that were set, in order; of several for one subject the last one holds."""
        ...

    def taken_for(self, capture: str) -> tuple[str, ...]:
        """The names of the watched sources that a capture, by its whole id, was taken for."""
        ...


class View(Lookup, Diary, Screens, Versions, Compared, Protocol):
    """Reads the ledger. Iterators stream: memory does not grow with the ledger."""

    def counts(self) -> dict[str, int]:
        """How many captures, reports, readings, claims, gaps and releases there are, by these names."""
        ...

    def claims(self, query: Query = ANY) -> Iterator[tuple[Claim, Report]]:
        """Claims of each report's latest reading that match, best first for words, else in reading order."""
        ...

    def reports(self, query: Query = ANY) -> Iterator[Report]:
        """Reports by the query's words (title and text), outlet, report and limit, best or oldest first."""
        ...

    def roll(self, after: int = 0) -> Iterator[tuple[int, str, str]]:
        """Each report behind a number: its own, its id, and when its publication begins (empty: not known)."""
        ...

    def some(self, ids: Iterable[str]) -> Iterator[Report]:
        """Reports by their whole ids, in the order given; those that are not there are left out."""
        ...

    def claims_of(self, ids: Iterable[str]) -> dict[str, tuple[Claim, ...]]:
        """The claims of the latest readings of some reports, by the reports' whole ids; those without any left out."""
        ...

    def captures_of(self, ids: Iterable[str]) -> dict[str, Capture]:
        """The captures that some reports were taken from, by the reports' whole ids."""
        ...

    def latest_readings(self, ids: Iterable[str]) -> dict[str, str]:
        """The latest readings of some reports by their ids, by the reports' whole ids; those without one left out."""
        ...

    def readings(self, report: str) -> Iterator[Reading]:
        """All readings of a report (by its id), the latest first."""
        ...

    def gaps(self, source: str = "", since: datetime = EVER) -> Iterator[Gap]:
        """Gaps in the order they were met first: all, or those of a watched source, or those met since then."""
        ...

    def period(self) -> tuple[datetime, ...]:
        """When the first capture was taken and when the last; empty if there is none."""
        ...

    def releases(self) -> Iterator[tuple[Release, Capture]]:
        """The latest release of each capture, with it, in the order of arrival."""
        ...
