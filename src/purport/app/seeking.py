"""The steps that ask the library: where footage was seen before, and which releases have listed hashes.

    file -> worker, with the prints of a shelf of releases -> matches -> findings -> contact sheet
    release -> the ledger, where it was compared with that very shelf before -> findings

What needs codecs or many prints is done by a worker, which gets names of files and gives back records.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

import msgspec

from purport.core.errors import EvidenceError, NotFoundError
from purport.core.findings import Findings, Hit, Hits, Sighting
from purport.core.ids import make_id
from purport.core.matches import SAME_FOOTAGE, Comparison, Match
from purport.core.ports import Blobs, Compared, Told
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
    left_out = {*seen.stale, *([own[0].id] if own and question.known else [])}
    searched = [release for release, _ in shelf if release.id not in left_out]
    return Findings(
        query=question.name,
        title=question.title,
        file=str(question.file),
        duration=seen.duration,
        width=seen.width,
        height=seen.height,
        sightings=tuple(sightings(seen.matches, question, shelf, seen.duration)),
        searched=len(searched),
        seconds=sum(release.duration for release in searched),
        missed=(*(fault.detail for fault in seen.faults), *stale(seen.stale)),
    )


def sightings(matches: Iterable[Match], question: Question, shelf: Shelf, duration: float) -> Iterator[Sighting]:
    """The matches with their releases; of a file that is a release, byte by byte, that first."""
    if not question.known:
        own = [pair for pair in shelf if pair[1].digest == question.digest]
        yield from (Sighting(whole(question.name, pair[0], duration), *pair, same_bytes=True) for pair in own)
    by_id = {release.id: (release, capture) for release, capture in shelf}
    yield from (Sighting(match, *by_id[match.reference]) for match in matches)


def others(question: Question, shelf: Shelf) -> tuple[Release, ...]:
    """Those with other bytes."""
    return tuple(release for release, capture in shelf if capture.digest != question.digest)


def library(searched: Iterable[Release]) -> str:
    """A digest of the releases that something was compared with."""
    return make_id("library", *sorted(release.id for release in searched))


def looked_up(view: Compared, question: Question, shelf: Shelf) -> Iterator[Findings]:
    """What was found of a release when it was compared with this very shelf, by these rules; none or one."""
    now = library(others(question, shelf))
    for kept in view.compared(question.name):
        if (kept.matcher, kept.library) == (found.MATCHER, now):
            yield Findings(
                query=question.name,
                title=question.title,
                file=str(question.file),
                duration=kept.duration,
                width=kept.width,
                height=kept.height,
                sightings=tuple(sightings(kept.matches, question, shelf, kept.duration)),
                searched=kept.searched,
                seconds=kept.seconds,
                missed=kept.missed,
                compared=(kept.at,),
            )


def comparison(findings: Findings, question: Question, shelf: Shelf, at: datetime) -> tuple[Comparison, ...]:
    """What was found of a release, as the ledger keeps it; none where some of the shelf could not be searched."""
    searched = others(question, shelf)
    if findings.searched < len(searched):
        return ()
    by = library(searched)
    return (
        Comparison(
            id=make_id("comparison", question.name, found.MATCHER, by),
            release=question.name,
            matcher=found.MATCHER,
            library=by,
            searched=findings.searched,
            seconds=findings.seconds,
            duration=findings.duration,
            width=findings.width,
            height=findings.height,
            at=at,
            missed=findings.missed,
            matches=tuple(one.match for one in findings.sightings),
        ),
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
    return hashes_in(studio.library.open(release.id), release.rate, studio)


def hashes_in(prints: Path, rate: float, studio: Studio) -> str:
    """The same of a file with prints, by the rate of its pictures. Raises FootageError."""
    order = found.HashesOrder(str(prints), rate)
    return studio.workshop.do(found.HASHES, msgspec.msgpack.encode(order), lambda share: None).decode()
