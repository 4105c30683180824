"""The path of the data, on one page.

    places -> collect -> keep -> report -> read -> book -> outcomes

Each step is a function of records; what a step can't do becomes a gap, and the rest goes on.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

import msgspec

from purport.core.errors import PurportError
from purport.core.ports import Blobs, Clock, Lookup, Reader, Writer
from purport.core.records import Capture, Gap, Item, Reading, Report, gap
from purport.read import article

BATCH = 250_000  # characters read together: enough to fill the network's batches, little enough to keep


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item: one of its captures with its reports and their readings, or a gap alone."""

    captures: tuple[Capture, ...] = ()
    reports: tuple[Report, ...] = ()
    readings: tuple[Reading, ...] = ()  # of the reports; none of one that the reader failed on
    gaps: tuple[Gap, ...] = ()
    known: bool = False  # the ledger held this reading already
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
    writer: Writer
    view: Lookup


def run(items: Iterable[Item | Gap], steps: Steps) -> Iterator[Outcome]:
    """Take every item through the steps, in order; memory holds one batch whatever their number."""
    for batch in gather(prepare(item, steps) for item in items):
        yield from book(read(batch, steps), steps)


def prepare(item: Item | Gap, steps: Steps) -> Outcome:
    """Keep the bytes, then find the report in them."""
    if isinstance(item, Gap):
        return Outcome(gaps=(item,))
    capture = keep(item, steps.blobs)
    reports, gaps = article.report(item, steps.clock.now())
    return Outcome(captures=(capture,), reports=reports, gaps=gaps)


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
    answers = answer_all(list(fresh.values()), steps)

    def answer(outcome: Outcome) -> Outcome:
        found = [answers.get(report.id) for report in outcome.reports]
        return replace(
            outcome,
            readings=tuple(reading for pair in found if pair for reading in pair[0]),
            gaps=outcome.gaps + tuple(one for pair in found if pair for one in pair[1]),
            known=bool(found) and not any(found),
        )

    return [answer(outcome) for outcome in batch]


def answer_all(reports: list[Report], steps: Steps) -> dict[str, Answer]:
    """The reader's answers by the reports' ids. A report that it fails on is a gap; the others are read without it.

    Our own errors (the model is missing) are no report's fault and are raised.
    """
    try:
        found = steps.reader.read(reports)
        return {one.report: ((one,) if one.id else (), gaps) for one, gaps in found}
    except PurportError:
        raise
    except Exception as error:
        if len(reports) > 1:
            half = len(reports) // 2
            return answer_all(reports[:half], steps) | answer_all(reports[half:], steps)
        detail = f"The reader failed on it ({type(error).__name__}: {error}). The text is kept; please tell us of it."
        return {report.id: ((), [gap("read", report.id, "failed", detail, steps.clock.now())]) for report in reports}


def book(batch: Batch, steps: Steps) -> Iterator[Outcome]:
    """Append a batch to the ledger in one transaction, then hand its outcomes on."""
    added = steps.writer.add(
        captures=[capture for outcome in batch for capture in outcome.captures],
        reports=[report for outcome in batch for report in outcome.reports],
        readings=[reading for outcome in batch for reading in outcome.readings],
        gaps=[one for outcome in batch for one in outcome.gaps],
    )
    for number, outcome in enumerate(batch):
        yield replace(outcome, added=0 if number else added)
