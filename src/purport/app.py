"""The use cases: all that the command line and, later, the desk can ask for."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from heapq import merge
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from purport import grouping, pipeline, seeking, tracing
from purport.brief import Brief, build
from purport.brief.outages import as_gaps
from purport.brief.outages import scope as said_scope
from purport.collect import listed, media, take
from purport.collect.embeds import canonical, embeds
from purport.core.changes import Changes, compare
from purport.core.errors import EvidenceError, InputError, NotFoundError, UsageError
from purport.core.explanation import Explanation
from purport.core.findings import Findings, Hits
from purport.core.origins import Event, LookAgain, SameClaim, Traced
from purport.core.ports import Blobs, Clock, Explainer, Fetcher, Reader, Told, View, Writer
from purport.core.records import Capture, Claim, Gap, Query, Reading, Release, Report
from purport.core.references import Address, Reference
from purport.core.stories import Judgement, Placed
from purport.core.times import EVER
from purport.core.transcript import Transcript
from purport.grouping import Grouping
from purport.pipeline import Outcome, Scribe, Studio
from purport.read.footing import addresses, footings
from purport.read.narrated import is_spoken
from purport.seeking import Question, Shelf
from purport.trace.refers import known
from purport.trace.refers import references as refer


@dataclass(frozen=True, slots=True)
class House:
    """A working house: every port with an adapter behind it. `wiring.open_house` builds one."""

    clock: Clock
    fetcher: Fetcher
    blobs: Blobs
    reader: Reader
    writer: Writer
    view: View
    grouping: tuple[Grouping, ...] = ()  # none or one: without it stories are what plainly belongs together


def read(house: House, places: Iterable[str], stdin: BinaryIO | None = None, follow: bool = False) -> Iterator[Outcome]:
    """Read every place into the ledger, in order; what was read before is looked up, not read again.

    `follow` fetches the pages that bookmarks name.
    """
    items = take(places, fetcher=house.fetcher, clock=house.clock, stdin=stdin, follow=follow)
    for outcome in pipeline.run(items, _steps(house)):
        yield replace(outcome, readings=tuple(_looked_up(house, outcome))) if outcome.known else outcome


def _steps(house: House) -> pipeline.Steps:
    return pipeline.Steps(house.clock, house.reader, house.blobs, house.writer, house.view)


def _looked_up(house: House, outcome: Outcome) -> Iterator[Reading]:
    for report in outcome.reports:
        yield from (r for r in house.view.readings(report.id) if r.reader == house.reader.version)


def claims(house: House, query: Query) -> Iterator[tuple[Claim, Report]]:
    """Claims of each report's latest reading that match."""
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
    steps = _steps(house)
    for batch in pipeline.gather(Outcome(reports=(report,)) for report in stored):
        before = [tuple(islice(house.view.readings(outcome.reports[0].id), 1)) for outcome in batch]
        for old, outcome in zip(before, pipeline.book(pipeline.read(batch, steps), steps), strict=True):
            (report,), new = outcome.reports, outcome.readings
            claims_before = [claim for reading in old for claim in reading.claims]
            changes = compare(claims_before, new[0].claims, report.text) if new else Changes()
            yield Again(report, old, new, changes, outcome.gaps)


def add_footage(
    house: House, studio: Studio, places: Iterable[str], told: Told = lambda share: None
) -> Iterator[Outcome]:
    """Take media files into the ledger and the library, in order; what is known is looked up, not done again."""
    yield from pipeline.examine(media(places, house.clock), _steps(house), studio, told)


def releases(house: House) -> Iterator[tuple[Release, Capture]]:
    """The latest release of each capture, with it, in the order of arrival."""
    return house.view.releases()


def release(house: House, id: str) -> tuple[Release, Capture]:
    """A release by its id or the beginning of it, with its capture. Raises NotFoundError."""
    found = house.view.release(id)
    return found, house.view.capture(found.capture)


def shelf_space(house: House, studio: Studio) -> tuple[float, int, int]:
    """Hours of video in the library, the bytes that their prints take, and those of its index (0: not made yet)."""
    videos = [one for one, _ in house.view.releases() if one.kind == "video" and one.prints]
    index = studio.index.stat().st_size if studio.index.is_file() else 0
    return sum(one.duration for one in videos) / 3600, sum(studio.library.size(one.id) for one in videos), index


def find(house: House, studio: Studio, place: str, told: Told = lambda share: None) -> Findings:
    """Where a file, or a release by its id, was seen before; a file is not taken in by asking.

    Raises InputError, NotFoundError and FootageError.
    """
    question, shelf = asked(house, place), searchable(house)
    if not [capture for _, capture in shelf if not (question.known and capture.digest == question.digest)]:
        raise NotFoundError(f"The library holds no {'other ' * question.known}footage to search. {TAKE_IN}")
    return seeking.seek(question, shelf, studio, told)


TAKE_IN = "Take some in first: purport footage add FILE."


def asked(house: House, place: str) -> Question:
    """The file or release that a place names. Raises InputError, NotFoundError and EvidenceError."""
    path = Path(place)
    if path.is_file() or not is_id(place):
        if path.is_dir():
            raise InputError(
                f"{place} is a folder. Ask about one file at a time; purport footage add takes folders in."
            )
        (medium,) = media([place], house.clock)
        if isinstance(medium, Gap):
            raise InputError(f"{medium.subject}: {medium.detail} Name a file, or a release by its id.")
        return Question(medium.capture.place, medium.capture.place, path.absolute(), medium.capture.digest)
    found, capture = release(house, place)
    return Question(found.id, capture.place, house.blobs.file(capture.digest), capture.digest, known=True)


def is_id(place: str) -> bool:
    """Does it look like the id of a release, or the beginning of one?"""
    return place.startswith("release-") or bool(re.fullmatch("[0-9a-f]{4,32}", place))


def searchable(house: House) -> Shelf:
    """The releases with prints; of files with the same bytes, which are one release to people, the first."""
    shelf: dict[str, tuple[Release, Capture]] = {}
    for found, capture in house.view.releases():
        if found.prints:
            shelf.setdefault(capture.digest, (found, capture))
    return list(shelf.values())


def sheet(house: House, studio: Studio, findings: Findings, clear: bool, told: Told = lambda share: None) -> bytes:
    """A contact sheet of findings, a JPEG, blurred unless clear pictures are asked for. Raises FootageError."""
    return seeking.draw(findings, house.blobs, studio, clear, told)


def hashes(house: House, studio: Studio, id: str) -> str:
    """The PDQ hashes of a release, a line each as vPDQ writes them. Raises NotFoundError."""
    found, _ = release(house, id)
    if not found.prints:
        raise NotFoundError(f"{found.id} has no pictures, so it has no hashes.")
    return seeking.hashes(found, studio)


def hits(house: House, studio: Studio, text: str, id: str = "", told: Told = lambda share: None) -> Hits:
    """The seconds near the PDQ hashes of a list, in all releases or one.

    Raises InputError for a list without a hash, NotFoundError.
    """
    hashes = list(listed(text))
    if not hashes:
        raise InputError("The list holds no PDQ hash of quality 50 or more: 64 hexadecimal digits each.")
    shelf = [release(house, id)] if id else searchable(house)
    shelf = [pair for pair in shelf if pair[0].prints]
    if not shelf:
        raise NotFoundError(f"There is no footage with hashes to search. {TAKE_IN}")
    return seeking.compare(hashes, shelf, studio, told)


@dataclass(frozen=True, slots=True)
class Worded:
    """A release in words: what is said and shown in it, and what became of the report of what is said."""

    release: Release
    capture: Capture  # the release's
    transcript: Transcript
    outcome: Outcome


def words(house: House, scribe: Scribe, id: str, told: Told = lambda share: None) -> Worded:
    """Put a release (its id or the beginning of it) into words and read them; what is known is looked up.

    Raises NotFoundError, FootageError and EvidenceError.
    """
    found, capture = release(house, id)
    transcript, outcome = pipeline.transcribe(found, capture, _steps(house), scribe, told)
    if outcome.known:
        outcome = replace(outcome, readings=tuple(_looked_up(house, outcome)))
    return Worded(found, capture, transcript, outcome)


def references(house: House, ids: Sequence[str] = ()) -> Iterator[tuple[Report, Reference]]:
    """Which releases the ledger's reports refer to; of the reports named, or of all. Raises NotFoundError."""
    shelf = known(house.view.releases(), canonical)
    chosen = [house.view.report(id) for id in ids] if ids else house.view.reports()
    for report in chosen:
        if is_spoken(report):
            continue
        given = [Address(url, "text", span) for url, span in addresses(report.text)]
        given += embeds(page_of(house, report), report.url)
        said = footings(report.text, report.published)
        yield from ((report, one) for one in refer(report, given, said, shelf, canonical))


def page_of(house: House, report: Report) -> str:
    """The mark-up that a report was taken from; empty where it was none, or is no longer kept."""
    capture = house.view.capture(report.capture)
    if not capture.stored or capture.media_type not in ("text/html", "application/xhtml+xml"):
        return ""
    try:
        return house.blobs.get(capture.digest).decode("utf-8", "replace")
    except EvidenceError:  # what it says in its text is still there to go by
        return ""


def traced(
    house: House,
    wanted: Sequence[str] = (),
    until: tuple[datetime, ...] = (),
    studio: tuple[Studio, ...] = (),
    told: Told = lambda share: None,
) -> Iterator[Traced]:
    """Stories traced: of a story, report or claim by its id; one story of several reports; or all, without ids.

    `until` leaves out what was not out by an instant; with a `studio`, footage that reports refer to is sought among
    the other releases. Raises NotFoundError.
    """
    corpus = _corpus(house, until, studio, told)
    now = [_story_now(house, id) for id in wanted]
    for story, claim in tracing.chosen(corpus, house.view, now):
        yield tracing.trace(corpus, story, claim)


def _corpus(house: House, until: tuple[datetime, ...], studio: tuple[Studio, ...], told: Told) -> tracing.Corpus:
    found = [one for _, one in references(house)]
    meant = {id: release(house, id) for one in found if len(one.releases) == 1 for id in one.releases}
    sought = [find(house, tools, id, told) for tools in studio for id, (one, _) in sorted(meant.items()) if one.prints]
    matches = [sighting.match for findings in sought for sighting in findings.sightings]
    given = tracing.Given(found, matches, list(house.view.releases()))
    return tracing.corpus(house.view, lambda report: page_of(house, report), joined(house, given), until)


def _story_now(house: House, id: str) -> str:
    """An id that a story once had leads to the story in which the report that began it stands now."""
    return next((grouping.story_now(tools, id) for tools in house.grouping if id.startswith("story-")), id)


def undo(house: House, merge: str, why: str) -> tuple[Judgement, SameClaim]:
    """Part two claims that the machine took for one, for good. Raises NotFoundError, UsageError."""
    return grouping.undo(_tools(house), house.view, merge, why)


def split(house: House, report: str, why: str) -> tuple[Judgement, tuple[Placed, ...]]:
    """Take a report out of its story, for good. Raises NotFoundError, UsageError."""
    return grouping.split(_tools(house), house.view, report, why)


def join(house: House, a: str, b: str, why: str) -> tuple[Judgement, tuple[Placed, ...]]:
    """Put the stories of two reports together, for good. Raises NotFoundError, UsageError."""
    return grouping.join(_tools(house), house.view, a, b, why)


def history(house: House, story: str) -> tuple[Placed, ...]:
    """How reports came into a story or left it, in order. Raises NotFoundError."""
    return grouping.history(_tools(house), story)


def _tools(house: House) -> Grouping:
    for tools in house.grouping:
        return tools
    raise UsageError("Stories are kept where the house has an encoder; this one has none.")


def joined(house: House, given: tracing.Given) -> tracing.Given:
    """With the stories, after new reports were grouped into them, and with what people decided about them."""
    return next((_joined(house, tools, given) for tools in house.grouping), given)


def _joined(house: House, tools: Grouping, given: tracing.Given) -> tracing.Given:
    known = replace(given, parted=partial(grouping.parted, tools))

    def ties() -> Iterable[tuple[str, str]]:
        return tracing.tied(house.view, lambda report: page_of(house, report), known)

    stories = grouping.caught_up(tools, house.view, ties)
    return replace(known, stories=stories, merge=partial(grouping.merges, tools, about=tracing.about))


def ripple(
    house: House, event: Event, briefs: Mapping[str, Sequence[str]] | None = None
) -> tuple[tuple[LookAgain, ...], str]:
    """What rests on something that happened to a report, claim, release or node, and the name of that.

    `briefs` says which claims and reports each issued brief uses. Raises NotFoundError.
    """
    corpus = _corpus(house, (), (), lambda share: None)
    return tracing.look_again(corpus, house.view, event, briefs or {})


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


def nothing(missed: Sequence[Gap]) -> InputError:
    """What to say when not one report could be read."""
    if missed:
        return InputError(f"Nothing could be read: {missed[0].subject}: {missed[0].detail}")
    return InputError("Nothing to read there. Name a file, a folder with .txt, .html, .jsonl or .warc, a URL, or -.")
