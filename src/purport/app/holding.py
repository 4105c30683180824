"""What is held of a piece of evidence, and where: for whoever wants to see the bytes for themselves.

id of a claim, report, release or capture > capture > its bytes, here or in an archive; the exchange; other versions
"""

from itertools import islice

import msgspec

from purport.core.errors import EvidenceError, NotFoundError
from purport.core.ports import Blobs, View
from purport.core.records import Capture
from purport.core.transcript import Transcript
from purport.core.watching import Exchange
from purport.footage import transcript

CHECKED = 64 * 1024 * 1024  # bytes that are read through to check their digest; larger files are looked for only
VERSIONS = 20  # of a page that are named, the latest first

# where the bytes are
KEPT = "kept"  # in the ledger's folder, under their digest
ARCHIVE = "archive"  # in a WARC file of ours
CONTAINER = "container"  # in the file that they were read from: a line of a JSONL, a record of somebody's WARC
LOST = "lost"  # they should be here, and they are not, or not as they were


class Held(msgspec.Struct, frozen=True):
    """A capture, and what there is of its bytes."""

    capture: Capture
    where: str
    said: str  # in words, with what was checked and the mend where there is one
    exchange: tuple[Exchange, ...] = ()  # in which it was fetched, none or one
    versions: tuple[Capture, ...] = ()  # of the page that it is a version of, the latest first


def held(view: View, blobs: Blobs, id: str) -> Held:
    """What is held of the capture behind an id. Raises NotFoundError."""
    capture = capture_of(view, id)
    exchange = tuple(islice(_exchanges(view, capture), 1))
    where, said = _bytes(blobs, capture, exchange)
    versions = tuple(islice(view.versions(capture.id), VERSIONS))
    return Held(capture, where, said, exchange, versions)


def capture_of(view: View, id: str) -> Capture:
    """The capture that a claim, report or release is anchored to, or that itself is named. Raises NotFoundError."""
    kind = id.partition("-")[0]
    if kind == "claim":
        return view.capture(view.claim(id)[1].capture)
    if kind == "report":
        return view.capture(view.report(id).capture)
    if kind == "release":
        return view.capture(view.release(id).capture)
    if kind == "capture":
        return view.capture(id)
    raise NotFoundError(
        f"{id!r} names no evidence. Give an id with its kind: claim-…, report-…, release-… or capture-…."
    )


def words_of(view: View, blobs: Blobs, release: str, version: str) -> tuple[tuple[Transcript, Capture], ...]:
    """The words of a release, if this version made them, with their capture; none or one. Raises EvidenceError."""
    try:
        kept = view.capture(transcript.capture_id(release, version))
    except NotFoundError:
        return ()
    return ((transcript.opened(blobs.get(kept.digest)), kept),)


def _exchanges(view: View, capture: Capture) -> tuple[Exchange, ...]:
    """Those in which a capture came: its place names the archive and the record."""
    if not (capture.url and "#offset=" in capture.place):
        return ()
    return tuple(
        one for one in view.exchanges(url=capture.url) if f"{one.archive}#offset={one.offset}" == capture.place
    )


def _bytes(blobs: Blobs, capture: Capture, exchange: tuple[Exchange, ...]) -> tuple[str, str]:
    if capture.stored:
        try:
            if capture.size > CHECKED:
                blobs.file(capture.digest)
                return KEPT, "The bytes are kept. They are many and were not read through: purport verify does that."
            blobs.get(capture.digest)
        except EvidenceError as error:
            return LOST, str(error)
        return KEPT, "The bytes are kept, and they have this digest: they were read through just now."
    if exchange:
        return ARCHIVE, "The bytes are a record of this web archive; purport verify reads it through."
    return CONTAINER, "The bytes were not copied: they stand in the file that the place names."
