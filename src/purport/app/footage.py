"""Footage: take it in, look where it was seen before, put it into words, tell which reports mean it."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from purport import pipeline
from purport.app import seeking
from purport.app.house import House, steps
from purport.app.reports import looked_up
from purport.app.seeking import Question, Shelf
from purport.collect import listed, media
from purport.collect.embeds import canonical, embeds
from purport.core.errors import EvidenceError, InputError, NotFoundError
from purport.core.findings import Findings, Hits
from purport.core.ports import Told
from purport.core.records import Capture, Gap, Release, Report
from purport.core.references import Address, Reference
from purport.core.transcript import Transcript
from purport.pipeline import Outcome, Scribe, Studio
from purport.read.footing import addresses, footings
from purport.read.narrated import is_spoken
from purport.trace.refers import known
from purport.trace.refers import references as refer


def add_footage(
    house: House, studio: Studio, places: Iterable[str], told: Told = lambda share: None
) -> Iterator[Outcome]:
    """Take media files into the ledger and the library, in order; what is known is looked up, not done again."""
    yield from pipeline.examine(media(places, house.clock), steps(house), studio, told)


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

    What is found of a release is booked, and looked up as long as the library and the matcher stay the same.
    Raises InputError, NotFoundError and FootageError.
    """
    question, shelf = asked(house, place), searchable(house)
    if not [capture for _, capture in shelf if not (question.known and capture.digest == question.digest)]:
        raise NotFoundError(f"The library holds no {'other ' * question.known}footage to search. {TAKE_IN}")
    if not question.known:
        return seeking.seek(question, shelf, studio, told)
    for findings in seeking.looked_up(house.view, question, shelf):
        return findings
    findings = seeking.seek(question, shelf, studio, told)
    house.writer.add(comparisons=seeking.comparison(findings, question, shelf, house.clock.now()), what="compare")
    return findings


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
    transcript, outcome = pipeline.transcribe(found, capture, steps(house), scribe, told)
    if outcome.known:
        outcome = replace(outcome, readings=tuple(looked_up(house, outcome)))
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


def pages(house: House, reports: Iterable[str]) -> Callable[[Report], str]:
    """The mark-up of some reports, by their ids: their captures are looked up together."""
    captures = house.view.captures_of(reports)
    return lambda report: _markup(house, captures.get(report.id) or house.view.capture(report.capture))


def page_of(house: House, report: Report) -> str:
    """The mark-up that a report was taken from; empty where it was none, or is no longer kept."""
    return _markup(house, house.view.capture(report.capture))


def _markup(house: House, capture: Capture) -> str:
    if not capture.stored or capture.media_type not in ("text/html", "application/xhtml+xml"):
        return ""
    try:
        return house.blobs.get(capture.digest).decode("utf-8", "replace")
    except EvidenceError:  # what it says in its text is still there to go by
        return ""
