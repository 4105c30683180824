"""The path of the data, on one page.

    places -> collect -> keep -> report -> read -> book -> outcomes
    places -> collect -> keep -> examine -> library -> book -> outcomes     (footage)
    release -> transcribe -> keep -> report -> read -> book -> outcomes     (the words in it)
    file -> seek among releases -> findings      (where it was seen before: seeking.py)
    file -> collect -> report -> read -> tables                              (bulk work: app/bulk.py)

Each step is a function of records; what a step can't do becomes a gap, and the rest goes on.
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import msgspec

from purport.collect import Medium
from purport.core import journal
from purport.core.errors import FootageError, NotFoundError, PurportError
from purport.core.ids import make_id
from purport.core.ports import Blobs, Clock, Library, Lookup, Reader, Taker, Told, Workshop
from purport.core.records import Capture, Gap, Item, Reading, Release, Report, gap
from purport.core.transcript import Transcript
from purport.footage import transcript, worded
from purport.footage.examined import STEP, Examined, Order
from purport.read import article
from purport.read.language import language_of
from purport.read.narrated import narrated

BATCH = 250_000  # characters read together: enough to fill the network's batches, little enough to keep


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item: one of its captures with its reports and their readings, or a gap alone."""

    captures: tuple[Capture, ...] = ()
    reports: tuple[Report, ...] = ()
    readings: tuple[Reading, ...] = ()  # of the reports; none of one that the reader failed on
    gaps: tuple[Gap, ...] = ()
    releases: tuple[Release, ...] = ()
    known: bool = False  # the ledger held this reading or release already
    added: int = 0  # new entries in the ledger

    def pairs(self) -> Iterator[tuple[Report, Reading]]:
        """The reports that were read, each with its reading."""
        found = {reading.report: reading for reading in self.readings}
        return ((report, found[report.id]) for report in self.reports if report.id in found)


@dataclass(frozen=True, slots=True)
class Steps:
    """The adapters that the steps work through."""

    clock: Clock
    reader: Reader
    blobs: Blobs
    writer: Taker
    view: Lookup


def run(items: Iterable[Item | Medium | Gap], steps: Steps) -> Iterator[Outcome]:
    """Take every item through the steps, in order; memory holds one batch whatever their number."""
    for batch in gather(prepare(item, steps) for item in items):
        yield from book(read(batch, steps), steps)


def file(items: Iterable[Item | Medium | Gap], steps: Steps) -> Iterator[Outcome]:
    """Keep and book what every item holds, and leave the reading to others."""
    for batch in gather(prepare(item, steps) for item in items):
        yield from book(batch, steps, "take")


def reread(reports: Iterable[Report], steps: Steps) -> Iterator[Outcome]:
    """Read reports that are booked already, where this very reader has not read them."""
    for batch in gather(Outcome(reports=(report,)) for report in reports):
        yield from book(read(batch, steps), steps)


def pour(items: Iterable[Item | Medium | Gap], reader: Reader, tables: Taker, clock: Clock) -> Iterator[Outcome]:
    """Read every item into tables: bytes stay where they lie, and nothing is looked up."""
    for batch in gather(written(item, clock) for item in items):
        reports = {report.id: report for outcome in batch for report in outcome.reports}
        yield from booked(answered(batch, reports, reader, clock), tables, "read")


def prepare(item: Item | Medium | Gap, steps: Steps) -> Outcome:
    """Keep the bytes, then find the report in them; a media file that came with reports is kept, no more."""
    if isinstance(item, Medium):
        return kept(item, steps)
    outcome = written(item, steps.clock)
    return replace(outcome, captures=(keep(item, steps.blobs),)) if isinstance(item, Item) else outcome


def written(item: Item | Medium | Gap, clock: Clock) -> Outcome:
    """The report in an item; of a media file its capture, no more."""
    if isinstance(item, Gap):
        return Outcome(gaps=(item,))
    if isinstance(item, Medium):
        return Outcome(captures=(item.capture,))
    reports, gaps = article.report(item, clock.now())
    return Outcome(captures=(item.capture,), reports=reports, gaps=gaps)


def kept(medium: Medium, steps: Steps) -> Outcome:
    """A media file's bytes, stored, if they are still those that were looked at."""
    capture = medium.capture
    if steps.blobs.put_file(medium.path) == capture.digest:
        return Outcome(captures=(capture,))
    detail = "The file changed while it was read. Wait until it is written, and add it again."
    return Outcome(gaps=(gap("footage", capture.place, "changed", detail, steps.clock.now()),))


def keep(item: Item, blobs: Blobs) -> Capture:
    """Store the bytes of what stands alone; a line of a JSONL or a record of a WARC stays in its container."""
    if item.capture.kind not in KEPT:
        return item.capture
    blobs.put(item.data)
    return msgspec.structs.replace(item.capture, stored=True)


KEPT = frozenset({"file", "stdin", "url"})

Batch: TypeAlias = list[Outcome]
Answer: TypeAlias = tuple[tuple[Reading, ...], list[Gap]]  # one reading, or a gap that says why there is none


def gather(outcomes: Iterable[Outcome], size: int = BATCH) -> Iterator[Batch]:
    batch: Batch = []
    characters = 0
    for outcome in outcomes:
        batch.append(outcome)
        characters += 1_000 + sum(len(report.text) for report in outcome.reports)
        if characters >= size:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def read(batch: Batch, steps: Steps) -> Batch:
    """Read the batch's reports together, but for those that this very reader has read before."""
    fresh = {
        report.id: report
        for outcome in batch
        for report in outcome.reports
        if not steps.view.has_reading(report.id, steps.reader.version)
    }
    return answered(batch, fresh, steps.reader, steps.clock)


def answered(batch: Batch, fresh: Mapping[str, Report], reader: Reader, clock: Clock) -> Batch:
    """The batch with the reader's answers to those of its reports that are `fresh`, by their ids."""
    with journal.step("read", reader=reader.version, reports=len(fresh)):
        answers = answer_all(list(fresh.values()), reader, clock)

    def answer(outcome: Outcome) -> Outcome:
        found = [answers.get(report.id) for report in outcome.reports]
        return replace(
            outcome,
            readings=tuple(reading for pair in found if pair for reading in pair[0]),
            gaps=outcome.gaps + tuple(one for pair in found if pair for one in pair[1]),
            known=bool(found) and not any(found),
        )

    return [answer(outcome) for outcome in batch]


def answer_all(reports: list[Report], reader: Reader, clock: Clock) -> dict[str, Answer]:
    """The reader's answers by the reports' ids. A report that it fails on is a gap; the others are read without it.

    Our own errors (the model is missing) are no report's fault and are raised.
    """
    try:
        found = reader.read(reports)
        pairs = zip(reports, found, strict=True)
        return {report.id: ((narrated(report, one),) if one.id else (), gaps) for report, (one, gaps) in pairs}
    except PurportError:
        raise
    except Exception as error:
        if len(reports) > 1:
            half = len(reports) // 2
            return answer_all(reports[:half], reader, clock) | answer_all(reports[half:], reader, clock)
        detail = f"The reader failed on it ({type(error).__name__}: {error}). The text is kept; please tell us of it."
        return {report.id: ((), [gap("read", report.id, "failed", detail, clock.now())]) for report in reports}


def book(batch: Batch, steps: Steps, what: str = "read") -> Iterator[Outcome]:
    """Append a batch to the ledger in one transaction, then hand its outcomes on. The custody log says `what`."""
    yield from booked(batch, steps.writer, what)


def booked(batch: Batch, taker: Taker, what: str) -> Iterator[Outcome]:
    added = taker.add(
        captures=[capture for outcome in batch for capture in outcome.captures],
        reports=[report for outcome in batch for report in outcome.reports],
        readings=[reading for outcome in batch for reading in outcome.readings],
        gaps=[one for outcome in batch for one in outcome.gaps],
        releases=[release for outcome in batch for release in outcome.releases],
        what=what,
    )
    for number, outcome in enumerate(batch):
        _told(outcome)
        yield replace(outcome, added=0 if number else added)


def _told(outcome: Outcome) -> None:
    for report, reading in outcome.pairs():
        claims = len(reading.claims)
        journal.tell("report", report=report.id, capture=report.capture, reader=reading.reader, claims=claims)
    for release in outcome.releases:
        journal.tell("release", release=release.id, capture=release.capture)
    for one in outcome.gaps:
        journal.tell("gap", gap=one.id, stage=one.stage, cause=one.cause)


@dataclass(frozen=True, slots=True)
class Studio:
    """What footage is examined with."""

    library: Library
    workshop: Workshop
    version: str  # names all that the outcome depends on beside the file
    trust: str = ""  # certificates (PEM) that the user vouches for
    index: Path = Path("purport.index")  # what is made of the library to search it; it can be made again


def examine(found: Iterable[Medium | Gap], steps: Steps, studio: Studio, told: Told) -> Iterator[Outcome]:
    """Take every media file through the steps, one by one; `told` hears how far the present one is.

    A file is booked when all of it is done and its prints are in the library, so that after a kill it is done again.
    """
    for one in found:
        told(0.0)
        outcome = Outcome(gaps=(one,)) if isinstance(one, Gap) else release(one, steps, studio, told)
        yield from [outcome] if outcome.known else book([outcome], steps, "examine")


def release(medium: Medium, steps: Steps, studio: Studio, told: Told) -> Outcome:
    """Keep the bytes, examine what was kept, put stills and prints where they belong."""
    capture, now = medium.capture, steps.clock.now()
    id = release_id(capture, studio)
    if steps.view.has_release(id):
        known = steps.view.release(id)
        if not known.prints or studio.library.size(id):
            return Outcome(captures=(capture,), releases=(known,), known=True)
    if (stored := kept(medium, steps)).gaps:
        return stored
    with tempfile.TemporaryDirectory(prefix="purport-") as folder:
        prints = Path(folder, "prints")
        try:
            examined = looked_at(steps.blobs.file(capture.digest), capture, studio, prints, told)
        except FootageError as error:
            failed = gap("footage", capture.place, error.cause, str(error), now)
            return Outcome(captures=(capture,), gaps=(failed,))
        for still in filter(None, examined.stills):
            steps.blobs.put(still)
        if examined.release.prints:
            studio.library.put(id, prints)
    missed = tuple(gap("footage", capture.place, fault.cause, fault.detail, now) for fault in examined.faults)
    return Outcome(captures=(capture,), releases=(examined.release,), gaps=missed)


def release_id(capture: Capture, studio: Studio) -> str:
    return make_id("release", capture.id, studio.version)


def looked_at(file: Path, capture: Capture, studio: Studio, prints: Path, told: Told) -> Examined:
    """What a worker sees in a file; the fingerprints go into `prints`. Raises FootageError."""
    id, name = release_id(capture, studio), capture.place.rpartition("/")[2]
    order = Order(str(file), name, id, capture.id, studio.version, str(prints), studio.trust)
    return msgspec.msgpack.decode(studio.workshop.do(STEP, msgspec.msgpack.encode(order), told), type=Examined)


@dataclass(frozen=True, slots=True)
class Scribe:
    """What footage is put into words with."""

    workshop: Workshop
    version: str  # names all that the words depend on beside the file
    model: str = ""  # the folder of the speech model; empty: the one that is installed


def transcribe(
    release: Release, capture: Capture, steps: Steps, scribe: Scribe, told: Told
) -> tuple[Transcript, Outcome]:
    """Put a release into words, keep them, and read what is said and shown.

    Raises EvidenceError; FootageError, with a gap.
    """
    now = steps.clock.now()
    try:
        kept = steps.view.capture(transcript.capture_id(release.id, scribe.version))
        made = transcript.opened(steps.blobs.get(kept.digest))
    except NotFoundError:
        try:
            made = words(release, capture, steps, scribe, told)
        except FootageError as error:
            steps.writer.add(gaps=[gap("hear", capture.place, error.cause, str(error), now)])
            raise
        item = transcript.item(made, scribe.version, now)
        kept = item.capture
        steps.blobs.put(item.data)
    reports = transcript.reports(made, kept, language_of, release.created)
    outcome = Outcome(captures=(kept,), reports=reports, gaps=tuple(transcript.gaps(made, now)))
    (outcome,) = book(read([outcome], steps), steps, "transcribe")
    return made, outcome


def words(release: Release, capture: Capture, steps: Steps, scribe: Scribe, told: Told) -> Transcript:
    """What is said and shown in a release, as a worker hears and sees it."""
    shots = tuple((shot.start, shot.end) for shot in release.shots)
    file = steps.blobs.file(capture.digest)
    order = worded.Order(str(file), capture.place.rpartition("/")[2], scribe.model, shots)
    answer = scribe.workshop.do(worded.STEP, msgspec.msgpack.encode(order), told)
    found = msgspec.msgpack.decode(answer, type=worded.Words)
    return transcript.transcript(release.id, capture.place, found.heard, found.seen)
