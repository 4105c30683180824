"""The steps that ask the library: where footage was seen before, and which releases have listed hashes.

    file -> worker, with the prints of a shelf of releases -> matches -> findings -> contact sheet

What needs codecs or many prints is done by a worker, which gets names of files and gives back records.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import msgspec

from purport.core.errors import EvidenceError, NotFoundError
from purport.core.findings import Findings, Hit, Hits, Sighting
from purport.core.matches import SAME_FOOTAGE, Match
from purport.core.ports import Blobs, Told
from purport.core.records import Capture, Release
from purport.footage import found
from purport.pipeline import Studio

Shelf: TypeAlias = Sequence[tuple[Release, Capture]]  # with prints; of releases with the same bytes one


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about: a file, or a release by its id."""

    name: str  # as the user names it, or the id
    title: str  # for people: the file, or where the release came from
    file: Path
    digest: str
    known: bool = False  # a release is asked about, which need not be told that it is in the library


def seek(question: Question, shelf: Shelf, studio: Studio, told: Told) -> Findings:
    """Where the file was seen before, among the releases of a shelf. Raises FootageError.

    A release with the same bytes is not compared with the file: that they are the same is said of a file, and needs no
    saying of a release.
    """
    own = next((pair for pair in shelf if pair[1].digest == question.digest), None)
    order = found.Order(str(question.file), question.name, str(studio.index), volumes(shelf, studio), question.digest)
    answer = studio.workshop.do(found.FIND, msgspec.msgpack.encode(order), told)
    seen = msgspec.msgpack.decode(answer, type=found.Found)
    by_id = {release.id: (release, capture) for release, capture in shelf}
    sightings = [Sighting(match, *by_id[match.reference]) for match in seen.matches]
    if own and not question.known:
        sightings.insert(0, Sighting(whole(question.name, own[0], seen.duration), *own, same_bytes=True))
    left_out = {*seen.stale, *([own[0].id] if own and question.known else [])}
    searched = [release for release, _ in shelf if release.id not in left_out]
    return Findings(
        query=question.name,
        title=question.title,
        file=str(question.file),
        duration=seen.duration,
        width=seen.width,
        height=seen.height,
        sightings=tuple(sightings),
        searched=len(searched),
        seconds=sum(release.duration for release in searched),
        missed=(*(fault.detail for fault in seen.faults), *stale(seen.stale)),
    )


def whole(name: str, release: Release, duration: float) -> Match:
    """What there is to say of a file that has a release's bytes."""
    return Match(
        query=name,
        reference=release.id,
        query_start=0.0,
        query_end=round(duration, 3),
        reference_start=0.0,
        reference_end=round(duration, 3),
        speed=1.0,
        mirrored=False,
        kind=SAME_FOOTAGE,
        score=1.0,
    )


def volumes(shelf: Shelf, studio: Studio) -> tuple[found.Volume, ...]:
    """Where the prints of the releases are; those whose prints are lost come with a version that nobody reads."""

    def volume(release: Release, capture: Capture) -> found.Volume:
        try:
            return found.Volume(release.id, capture.digest, str(studio.library.open(release.id)), release.prints)
        except NotFoundError:
            return found.Volume(release.id, capture.digest, "", "lost")

    return tuple(volume(*pair) for pair in shelf)


def stale(ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        f"{id} was not searched: its prints are lost, broken or of another version. Add its file again." for id in ids
    )


def draw(findings: Findings, blobs: Blobs, studio: Studio, clear: bool, told: Told) -> bytes:
    """The sightings side by side, as a JPEG. Raises FootageError."""

    def pairing(one: Sighting) -> found.Pairing:
        try:
            file = str(blobs.file(one.capture.digest))
        except EvidenceError:  # its side stays empty
            file = ""
        return found.Pairing(one.match, file, one.capture.place)

    order = found.SheetOrder(findings.file, tuple(map(pairing, findings.sightings)), clear)
    return studio.workshop.do(found.SHEET, msgspec.msgpack.encode(order), told)


def compare(hashes: Sequence[tuple[str, int]], shelf: Shelf, studio: Studio, told: Told) -> Hits:
    """The seconds of a shelf's releases that are near PDQ hashes, which come with their lines in a list."""
    order = found.ListedOrder(tuple(found.Listed(*one) for one in hashes), volumes(shelf, studio))
    answer = studio.workshop.do(found.LISTED, msgspec.msgpack.encode(order), told)
    nearest = msgspec.msgpack.decode(answer, type=found.Nearest)
    by_id = {release.id: (release, capture) for release, capture in shelf}
    hits = tuple(
        Hit(*by_id[one.release], one.second, one.hash, one.listed.hash, one.listed.line, one.distance)
        for one in nearest.hits
    )
    return Hits(hits, len(hashes), len(shelf) - len(nearest.stale), stale(nearest.stale))


def hashes(release: Release, studio: Studio) -> str:
    """The PDQ hashes of a release, as vPDQ writes them. Raises NotFoundError, FootageError."""
    order = found.HashesOrder(str(studio.library.open(release.id)), release.rate)
    return studio.workshop.do(found.HASHES, msgspec.msgpack.encode(order), lambda share: None).decode()
