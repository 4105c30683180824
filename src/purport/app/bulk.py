"""Bulk work: many files, each done apart by a hand, with a receipt beside its outputs when all of them are there.

A file that was done is known by its receipt and not done again, unless its bytes, the reader or the tables changed. One
that can't be done is a failed receipt (`failed/`), tried again by the next run; the others are done all the same.
"""

import errno
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from purport import pipeline
from purport.app.house import House, steps
from purport.app.seeking import hashes_in
from purport.collect import take_open
from purport.collect.kinds import NAMES
from purport.collect.media import SUFFIXES, medium
from purport.core import columns
from purport.core.bulk import FORM, Input, Receipt
from purport.core.errors import EvidenceError, FootageError, InputError, PurportError
from purport.core.ports import Clock, Depot, Reader, Shelf, Tables, Taker, Told
from purport.core.records import Gap, Release, gap
from purport.pipeline import Studio

KINDS = {"read": NAMES, "fingerprint": SUFFIXES}  # what is taken from a folder
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def inputs(depot: Depot, places: Iterable[str], what: str, clock: Clock) -> Iterator[Input | Gap]:
    """The files that some places name, each once, in order; a gap for a place that names none."""
    seen = set[str]()
    for place in places:
        count = 0
        try:
            for one in depot.files(place, KINDS[what]):
                count += 1
                if one.address not in seen:
                    seen.add(one.address)
                    yield one
        except InputError as error:
            yield gap("collect", place, "unreadable", str(error), clock.now())
            continue
        if not count:
            detail = f"No file to {what} there. Name files, a folder, a pattern in quotes, or s3://BUCKET/PATTERN."
            yield gap("collect", place, "missing", detail, clock.now())


@dataclass(frozen=True, slots=True)
class Bench:
    """Where a hand takes files from and puts tables."""

    depot: Depot
    shelf: Shelf
    clock: Clock
    tables: Callable[[Path], Tables]  # in a folder


@dataclass(frozen=True, slots=True)
class TableReader:
    """Reads files into tables (`core.ports.Hand`): `claims/NAME.parquet`, `reports/…`, `gaps/…`."""

    bench: Bench
    reader: Reader

    def do(self, input: Input, told: Told) -> Receipt:
        return tabled(input, self.bench, self.reader.version, lambda tables: self._read(input, tables, told))

    def _read(self, input: Input, tables: Tables, told: Told) -> None:
        clock = self.bench.clock
        with self.bench.depot.open(input) as stream:
            items = take_open(stream, input.place, input.address.rpartition("/")[2], clock)
            for _ in pipeline.pour(items, self.reader, tables, clock):
                told(share(stream.tell(), input.size))


@dataclass(frozen=True, slots=True)
class LedgerReader:
    """Reads files into a ledger (`core.ports.Hand`), as `purport read` does: what it has read before is not read again.

    The ledger is the receipt, so a file that was done is opened again to see that.
    """

    house: House
    depot: Depot

    def do(self, input: Input, told: Told) -> Receipt:
        began, version = Began(), self.house.reader.version
        outcomes, added = list[int](), 0
        try:
            with self.depot.open(input) as stream:
                items = take_open(stream, input.place, input.address.rpartition("/")[2], self.house.clock)
                for outcome in pipeline.run(items, steps(self.house)):
                    outcomes.append(len(outcome.reports))
                    added += outcome.added
                    told(share(stream.tell(), input.size))
        except Exception as error:
            return began.receipt(input, version, faults=self._booked(fault(input, error, self.house.clock)))
        rows = {"reports": sum(outcomes), "new": added}
        return began.receipt(input, version, rows, known=not added)

    def _booked(self, found: Gap) -> tuple[Gap, ...]:
        taker: Taker = self.house.writer
        taker.add(gaps=[found], what="read")
        return (found,)


@dataclass(frozen=True, slots=True)
class Fingerprinter:
    """Takes fingerprints of footage into tables (`core.ports.Hand`): `releases/NAME.parquet`, `hashes/…`, `gaps/…`."""

    bench: Bench
    studio: Studio

    def do(self, input: Input, told: Told) -> Receipt:
        return tabled(input, self.bench, self.studio.version, lambda tables: self._examine(input, tables, told))

    def _examine(self, input: Input, tables: Tables, told: Told) -> None:
        clock = self.bench.clock
        with self.bench.depot.near(input) as path, tempfile.TemporaryDirectory(prefix="purport-") as folder:
            found, prints = medium(path, clock, input.place), Path(folder, "prints")
            if isinstance(found, Gap):
                tables.add(gaps=[found], what="examine")
                return
            capture = found.capture
            try:
                examined = pipeline.looked_at(path.absolute(), capture, self.studio, prints, told)
            except FootageError as error:
                tables.add(gaps=[gap("footage", capture.place, error.cause, str(error), clock.now())], what="examine")
                return
            release: Release = examined.release
            held = prints.read_bytes() if release.prints else b""
            lines = hashes_in(prints, release.rate, self.studio) if release.prints else ""
            rows = {
                "releases": [columns.release(release, capture, held)],
                "hashes": list(columns.hashes(release.id, lines)),
            }
            tables.put(rows)
            missed = [gap("footage", capture.place, one.cause, one.detail, clock.now()) for one in examined.faults]
            tables.add(gaps=missed, what="examine")


class Began:
    """When a file was begun."""

    def __init__(self) -> None:
        self._seconds, self._processor = time.perf_counter(), time.process_time()

    def receipt(
        self,
        input: Input,
        version: str,
        rows: dict[str, int] | None = None,
        faults: tuple[Gap, ...] = (),
        known: bool = False,
    ) -> Receipt:
        return Receipt(
            input=input,
            version=version,
            rows=rows or {},
            seconds=time.perf_counter() - self._seconds,
            processor=time.process_time() - self._processor,
            faults=faults,
            known=known,
        )


def tabled(input: Input, bench: Bench, version: str, fill: Callable[[Tables], None]) -> Receipt:
    """Have tables filled and put in their places, the receipt last; what was done before is known by it.

    Raises what is no fault of the file: EvidenceError when outputs can't be put there.
    """
    for receipt in kept(input, bench.shelf, version):
        return receipt
    began = Began()
    with tempfile.TemporaryDirectory(prefix="purport-") as folder:
        tables = bench.tables(Path(folder))
        try:
            fill(tables)
            made = tables.close()
        except Exception as error:
            failed = began.receipt(input, version, faults=(fault(input, error, bench.clock),))
            _put(failed, f"failed/{input.name}.json", bench.shelf, Path(folder))
            return failed
        receipt = began.receipt(input, version, {name: rows for name, (_, rows) in made.items()})
        bench.shelf.remove(_done(input))  # so that nobody takes new tables and old ones for one output
        for name, (file, _) in made.items():
            bench.shelf.put(f"{name}/{input.name}.parquet", file)
        _put(receipt, _done(input), bench.shelf, Path(folder))
        bench.shelf.remove(f"failed/{input.name}.json")
        return receipt


def kept(input: Input, shelf: Shelf, version: str) -> Iterator[Receipt]:
    """The receipt of a file that was done just as it would be done now, none or one."""
    try:
        receipt = msgspec.json.decode(shelf.get(_done(input)) or b"{}", type=Receipt)
    except msgspec.DecodeError:
        return
    was, form = receipt.input, (receipt.version, receipt.form)
    if (was.address, was.size, was.state) == (input.address, input.size, input.state) and form == (version, FORM):
        yield msgspec.structs.replace(receipt, known=True)


def fault(input: Input, error: Exception, clock: Clock) -> Gap:
    """Why a file can't be done, as a gap. Raises the error again if it is no fault of the file."""
    if isinstance(error, OSError) and error.errno in FULL:
        raise EvidenceError(
            f"There is no room to work in {tempfile.gettempdir()} ({error.strerror}). Free some, or name another "
            "folder with TMPDIR, and run the same command again: it goes on with what is not done."
        ) from error
    if isinstance(error, InputError):
        return gap("collect", input.place, "unreadable", str(error), clock.now())
    if isinstance(error, PurportError):
        raise error
    detail = f"It could not be done ({type(error).__name__}: {error}). It is tried again by the next run."
    return gap("collect", input.place, "failed", detail, clock.now())


def share(at: int, size: int) -> float:
    """How much of a file is done."""
    return min(1.0, at / size) if size else 1.0


def _done(input: Input) -> str:
    return f"done/{input.name}.json"


def _put(receipt: Receipt, name: str, shelf: Shelf, folder: Path) -> None:
    file = folder / "receipt.json"
    file.write_bytes(msgspec.json.format(msgspec.json.encode(receipt), indent=1) + b"\n")
    shelf.put(name, file)


def lost(input: Input, clock: Clock) -> Receipt:
    """The receipt of a file whose worker came to no end."""
    detail = "Whoever worked on it died or was lost, more than once. It is tried again by the next run."
    return Receipt(input=input, faults=(gap("collect", input.place, "crashed", detail, clock.now()),))
