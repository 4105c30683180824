"""Reports: read them, read them again, show what is booked of them and why."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import BinaryIO

from purport import pipeline
from purport.app.house import House, nothing, steps
from purport.app.reviewing import kept
from purport.brief import Brief, build
from purport.brief.outages import as_gaps
from purport.brief.outages import scope as said_scope
from purport.collect import take
from purport.core.changes import Changes, compare
from purport.core.errors import NotFoundError
from purport.core.explanation import Explanation
from purport.core.ports import Explainer
from purport.core.records import Capture, Claim, Gap, Query, Reading, Report
from purport.core.times import EVER
from purport.pipeline import Outcome


def read(house: House, places: Iterable[str], stdin: BinaryIO | None = None, follow: bool = False) -> Iterator[Outcome]:
    """Read every place into the ledger, in order; what was read before is looked up, not read again.

    `follow` fetches the pages that bookmarks name.
    """
    items = take(places, fetcher=house.fetcher, clock=house.clock, stdin=stdin, follow=follow)
    for outcome in pipeline.run(items, steps(house)):
        yield replace(outcome, readings=tuple(looked_up(house, outcome))) if outcome.known else outcome


def looked_up(house: House, outcome: Outcome) -> Iterator[Reading]:
    for report in outcome.reports:
        yield from (r for r in house.view.readings(report.id) if r.reader == house.reader.version)


def claims(house: House, query: Query) -> Iterator[tuple[Claim, Report]]:
    """Claims of each report's latest reading that match."""
    if query.reviewed:
        kept(house).carry()
    return house.view.claims(query)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A report with its latest reading and the capture it came from."""

    capture: Capture
    report: Report
    reading: Reading


def evidence(house: House, report: Report) -> Evidence:
    """What the ledger holds of a report. Raises NotFoundError if it was never read."""
    reading = next(iter(house.view.readings(report.id)), None)
    if reading is None:
        raise NotFoundError(f"{report.id} is in the ledger but was never read; read its place again.")
    return Evidence(house.view.capture(report.capture), report, reading)


def show(house: House, id: str) -> Evidence | tuple[Claim, Evidence]:
    """A report, or a claim with the report it stands in, by id or an unambiguous beginning of it.

    Raises NotFoundError.
    """
    if not id.startswith("report"):
        try:
            claim, report = house.view.claim(id)
            return claim, evidence(house, report)
        except NotFoundError as error:
            if id.startswith("claim"):
                raise
            no_claim = error
        try:
            report = house.view.report(id)
        except NotFoundError as no_report:
            raise NotFoundError(f"{no_claim} {no_report}") from no_report
        return evidence(house, report)
    return evidence(house, house.view.report(id))


def explain(house: House, id: str) -> Explanation:
    """Why a claim is as it is, and how sure its links are where this house's reader read it. Raises NotFoundError."""
    claim, report = house.view.claim(id)
    readings = house.view.readings(report.id)
    reading = next((r for r in readings if any(one.id == claim.id for one in r.claims)), None)
    if reading is None or reading.reader != house.reader.version:
        version = reading.reader if reading else "a reader that is not known"
        withheld = (
            f"Not told: this claim was read by {version}, and the reader here is {house.reader.version}. "
            f"purport reread {report.id} reads its report again and keeps both readings."
        )
        return Explanation(claim, report, version, withheld=withheld)
    if not isinstance(house.reader, Explainer):
        return Explanation(claim, report, reading.reader, withheld="Not told: this reader gives no numbers.")
    links = house.reader.links(report, claim, [one for one in reading.claims if one.id == claim.within])
    lost = "" if links else "Not told: the cue is not among the network's tokens."
    return Explanation(claim, report, reading.reader, links, lost)


@dataclass(frozen=True, slots=True)
class Again:
    """A stored report that was to be read again, and what that changed."""

    report: Report
    before: tuple[Reading, ...]  # the latest reading until now, none or one
    after: tuple[Reading, ...]  # the new one; none if this very reader had read it before, or failed on it
    changes: Changes
    gaps: tuple[Gap, ...]


def reread(house: House, ids: Sequence[str] = ()) -> Iterator[Again]:
    """Read stored reports again with this house's reader where it has not read them; all of them without ids.

    The new readings are kept beside the old. Memory holds one batch whatever their number. Raises NotFoundError.
    """
    chosen = {report.id: report for report in map(house.view.report, ids)}  # before anything is read
    stored = chosen.values() if ids else house.view.reports()
    tools = steps(house)
    for batch in pipeline.gather(Outcome(reports=(report,)) for report in stored):
        before = [tuple(islice(house.view.readings(outcome.reports[0].id), 1)) for outcome in batch]
        for old, outcome in zip(before, pipeline.book(pipeline.read(batch, tools), tools), strict=True):
            (report,), new = outcome.reports, outcome.readings
            claims_before = [claim for reading in old for claim in reading.claims]
            changes = compare(claims_before, new[0].claims, report.text) if new else Changes()
            yield Again(report, old, new, changes, outcome.gaps)


def gaps(house: House, source: str = "", since: datetime = EVER) -> Iterator[Gap]:
    """What could not be fetched, read or decided, and when what is watched could not be had; by time.

    `source`: the name of a watched source. Raises NotFoundError if nothing of that name was ever watched.
    """
    if source and source not in (names := [one.last.source for one in house.view.standings()]):
        known = f"There are {', '.join(names)}." if names else "Nothing was watched yet: purport watch sources.toml."
        raise NotFoundError(f"No source is named {source!r}. {known}")
    silent = (
        one
        for one in house.view.outages()
        if (not source or one.source == source) and all(ended >= since for ended in one.ended)
    )
    return merge(house.view.gaps(source, since), as_gaps(silent), key=lambda one: one.seen)


def scope(house: House) -> str:
    """From when that is which a search looks at, and what it can't see: said wherever nothing was found."""
    counts, outages = house.view.counts(), list(house.view.outages())
    return said_scope(counts["gaps"], house.view.period(), outages, house.clock.now())


def brief(house: House, outcomes: Iterable[Outcome], title: str = "") -> Brief:
    """A brief of what was just read. Raises InputError when that was nothing."""
    readings: list[tuple[Report, Reading]] = []
    captures: list[Capture] = []
    missed: list[Gap] = []
    for outcome in outcomes:
        readings += outcome.pairs()
        captures += outcome.captures
        missed += outcome.gaps
    if not readings:
        raise nothing(missed)
    return build(readings, captures, missed, house.clock.now(), title)
