"""Footage that was seen before as schema.org MediaReview in JSON-LD (https://schema.org/MediaReview).

`mediaAuthenticityCategory` (original, edited, staged, out of context …) is what a person decides about footage and what
is said of it; no fact of a file gives it, so none is written. A release is in this export only where a fact calls for
a review: a part of it is aligned with a part of another release, or is the same file.
"""

from collections.abc import Iterator
from typing import Any, TextIO

from purport.brief import sightings
from purport.brief.exports.parcel import Footage, Parcel, urn
from purport.brief.exports.stream import encoded, listed
from purport.core.findings import Findings, Sighting
from purport.core.matches import SAME_FOOTAGE
from purport.core.records import Capture, Release
from purport.core.times import iso

OBJECTS = {"video": "VideoObject", "image": "ImageObject", "audio": "AudioObject"}


def write(parcel: Parcel, out: TextIO) -> None:
    """A graph with a MediaReview for each release of which a part was found in another."""
    head = {"@context": "https://schema.org", "@id": urn("mediareviews"), "name": parcel.cover.title}
    head |= {"dateCreated": iso(parcel.cover.made)}
    out.write(encoded(head)[:-1] + ',\n"@graph": ')
    count = listed(out, _reviews(parcel))
    looked = f"{parcel.counts['releases']:,} looked at, {count:,} seen elsewhere: others have no review here."
    last = " ".join([f"{parcel.cover.what}, up to TLP:{parcel.cover.ceiling}. Releases: {looked}", *parcel.remarks()])
    out.write(",\n" + encoded({"description": last})[1:] + "\n")


def _reviews(parcel: Parcel) -> Iterator[dict[str, Any]]:
    for one in parcel.footage():
        for findings in one.findings:
            same = [seen for seen in findings.sightings if seen.same_bytes or seen.match.kind == SAME_FOOTAGE]
            if same:
                yield _review(one, findings, same, parcel)


def _review(one: Footage, findings: Findings, same: list[Sighting], parcel: Parcel) -> dict[str, Any]:
    lines = "; ".join(sightings.line(seen, findings) for seen in same)
    closing = "Aligned by a machine. Nobody has put it into a category; which of the two came first is not told here."
    return {
        "@type": "MediaReview",
        "@id": urn(f"{one.release.id}:review"),
        "datePublished": f"{parcel.cover.made:%Y-%m-%d}",
        "author": {"@type": "SoftwareApplication", "name": parcel.cover.tool},
        "itemReviewed": media(one.release, one.capture),
        "reviewAspect": "reuse",
        "reviewBody": f"The same footage: {lines}. {closing}",
        "citation": [media(seen.release, seen.capture) for seen in same],
    }


def media(release: Release, capture: Capture) -> dict[str, Any]:
    """A release as a MediaObject: what its file states, its digest, when it was taken."""
    found: dict[str, Any] = {"@type": OBJECTS[release.kind], "@id": urn(release.id)}
    found |= {"contentUrl": capture.url} if capture.url else {"name": capture.place}
    found |= {"encodingFormat": release.media_type} if release.media_type else {}
    found |= {"contentSize": f"{capture.size} B", "sha256": capture.digest.removeprefix("sha256:")}
    found |= {"duration": f"PT{release.duration:.3f}S"} if release.duration else {}
    found |= {"width": f"{release.width} px", "height": f"{release.height} px"} if release.width else {}
    return found | {"description": f"Taken {iso(capture.taken)}"}
