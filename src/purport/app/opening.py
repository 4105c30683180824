"""Evidence of a brief's lines: made of what the ledger holds, and opened again before anything leaves the house.

A line is refused when the claim, the report, the exact words or the bytes that hold them can't be opened.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from purport.app.house import House
from purport.brief.brief import check_claim
from purport.collect import take
from purport.core.briefs import CLAIM, MATCH, RELEASE, REPORT, Edition, Exhibit, Line
from purport.core.errors import EvidenceError, InputError, NotFoundError, PurportError, UsageError
from purport.core.ids import digest
from purport.core.records import Capture, Item, Report
from purport.core.spans import Pieces, Span, trim

OPENING = 300  # characters of a report that stand for it where no place in it is given

_PLACE = re.compile(r"(?P<id>[^#@=]+)#(?P<from>\d+)-(?P<to>\d+)")
_SECONDS = re.compile(r"(?P<id>[^#@=]+)@(?P<from>\d+(?:\.\d+)?)-(?P<to>\d+(?:\.\d+)?)")


def exhibit(house: House, named: str) -> Exhibit:
    """What a person names as evidence: a claim, report or release by its id or the beginning of it.

    `report-7d10#120-180` is a place in a report's text, `release-22ab@41-47` seconds of footage, and
    `release-22ab@41-47=release-9c01@3-9` a match of two. Raises NotFoundError and UsageError.
    """
    named = named.strip()
    if "=" in named or named.startswith("release") or "@" in named:
        return _footage(house, named)
    place = _PLACE.fullmatch(named)
    if named.startswith("report") or place:
        report = house.view.report(place["id"] if place else named)
        span = (int(place["from"]), int(place["to"])) if place else _opening(report)
        if not 0 <= span[0] < span[1] <= len(report.text):
            raise UsageError(f"{named}: that report has characters 0-{len(report.text)}. Name some of them.")
        return _words(house, REPORT, report.id, report, (span,))
    claim, report = house.view.claim(named)
    pieces = tuple(sorted((*claim.source, *claim.cue, *claim.content)))
    return _words(house, CLAIM, claim.id, report, pieces)


def _opening(report: Report) -> Span:
    """The first line of a report, or the beginning of it."""
    start = len(report.text) - len(report.text.lstrip())
    end = report.text.find("\n", start)
    return trim(report.text, (start, min(start + OPENING, end if end > start else len(report.text))))


def _words(house: House, kind: str, id: str, report: Report, pieces: Pieces) -> Exhibit:
    capture = house.view.capture(report.capture)
    said = tuple(report.text[start:end] for start, end in pieces)
    return Exhibit(kind, id, capture.id, capture.digest, report.id, pieces, said)


def _footage(house: House, named: str) -> Exhibit:
    parts = [_SECONDS.fullmatch(part.strip()) for part in named.split("=")]
    if parts == [None] and "@" not in named and "=" not in named:
        release = house.view.release(named)
        capture = house.view.capture(release.capture)
        return Exhibit(RELEASE, release.id, capture.id, capture.digest)
    if not all(parts) or len(parts) > 2:
        raise UsageError(
            f"{named!r}: footage is named as release-22ab@41-47, a match as release-22ab@41-47=release-9c01@3-9."
        )
    found = []
    for part in filter(None, parts):
        release = house.view.release(part["id"])
        span = (float(part["from"]), float(part["to"]))
        if span[0] > span[1] or (release.duration and span[1] > release.duration + 1):
            raise UsageError(f"{release.id} has {release.duration:.1f} seconds; {span[0]}-{span[1]} are none of it.")
        found.append((release, span))
    (first, seconds), *other = found
    capture = house.view.capture(first.capture)
    there, then = next(((one.id, span) for one, span in other), ("", ()))
    kind = MATCH if other else RELEASE
    return Exhibit(kind, first.id, capture.id, capture.digest, seconds=seconds, other=there, other_seconds=then)


def check(house: House, edition: Edition) -> None:
    """Open the evidence of every line. Raises EvidenceError naming the first line that can't, and the mend."""
    opened = Opened(house)
    for number, line in enumerate(edition.lines, 1):
        for fault in faults(opened, line):
            raise EvidenceError(f"Line {number} of the brief, “{_cut(line.text)}”, can't go out: {fault}")


def faults(opened: "Opened", line: Line) -> Iterator[str]:
    """What of a line's evidence can't be opened, with the mend; nothing if all can."""
    if not line.exhibits:
        yield "it rests on nothing. Add a claim to it, or remove it."
    for one in line.exhibits:
        try:
            opened.open(one)
        except PurportError as error:
            yield f"{one.kind} {one.id}: {error}"


class Opened:
    """Opens evidence; each capture's bytes once."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._bytes: set[str] = set()
        self._containers: dict[str, frozenset[str]] = {}

    def open(self, one: Exhibit) -> None:
        """Raises EvidenceError and NotFoundError."""
        if one.kind in (RELEASE, MATCH):
            for id in filter(None, (one.id, one.other)):
                release = self._house.view.release(id)
                self._capture(self._house.view.capture(release.capture), one.digest if id == one.id else "")
            return
        report = self._house.view.report(one.report)
        if digest(report.text.encode()) != report.text_digest:
            raise EvidenceError("the stored text is not what was read. Restore the ledger from a backup.")
        if one.kind == CLAIM:
            check_claim(self._house.view.claim(one.id)[0], report)
        for (start, end), words in zip(one.pieces, one.words, strict=True):
            if report.text[start:end] != words:
                raise EvidenceError(
                    f"the words “{_cut(words)}” don't stand at characters {start}-{end} of {report.id}. "
                    "Remove the line and add it anew."
                )
        if not one.pieces:
            raise EvidenceError("it points at no words. Remove the line and add it anew.")
        self._capture(self._house.view.capture(one.capture), one.digest)

    def _capture(self, capture: Capture, wanted: str) -> None:
        if wanted and capture.digest != wanted:
            raise EvidenceError(f"{capture.id} has another digest than when the line was written. Add the line anew.")
        if capture.id in self._bytes:
            return
        if capture.stored:
            self._kept(capture)
        elif not self._archived(capture) and not self._in_container(capture):
            raise EvidenceError(
                f"the bytes that it was taken from ({capture.place}) are not kept here and not where they came from. "
                "Bring that file back, or read the page itself with purport read and use the claim from there."
            )
        self._bytes.add(capture.id)

    def _kept(self, capture: Capture) -> None:
        """A file may be larger than memory."""
        path = self._house.blobs.file(capture.digest)
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if f"sha256:{found}" != capture.digest:
            raise EvidenceError(
                f"the bytes kept as {capture.digest} are no longer those. Bring {path} back from a backup."
            )

    def _archived(self, capture: Capture) -> bool:
        for payload in self._house.archived:
            for exchange in self._house.view.exchanges(digest=capture.digest):
                return digest(payload(exchange)) == capture.digest
        return False

    def _in_container(self, capture: Capture) -> bool:
        """A line of a JSONL or a record of a WARC file stays in it: is it there still?"""
        path = capture.place.partition("#")[0]
        if path not in self._containers:
            held: set[str] = set()
            if Path(path).is_file():
                try:
                    items = take([path], fetcher=self._house.fetcher, clock=self._house.clock)
                    held = {one.capture.id for one in items if isinstance(one, Item)}
                except (InputError, NotFoundError, OSError):
                    held = set()
            self._containers[path] = frozenset(held)
        return capture.id in self._containers[path]


def _cut(text: str) -> str:
    said = " ".join(text.split())
    return said if len(said) <= 60 else said[:59].rstrip() + "…"
