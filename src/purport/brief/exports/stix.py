"""An export as a STIX 2.1 bundle (https://docs.oasis-open.org/cti/stix/v2.1/os/stix-v2.1-os.html).

STIX tells of threats; Purport tells of what is reported. So nobody becomes a threat actor, a claim is a `note` about
the report that it stands in and about who is quoted, and what makes it a claim stands in a property extension with its
definition in the bundle. A capture or release is `observed-data` of an address and a file: bytes that were there at a
time. Identities are those that a text names, one for each report: that two texts mean the same one is not said.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TextIO

from purport.brief.exports.parcel import (
    Footage,
    Parcel,
    Piece,
    heading,
    is_somebody,
    library,
    said,
    selector,
    urn,
    uuid_of,
    who,
)
from purport.brief.exports.stream import listed
from purport.core.marks import LEVELS
from purport.core.origins import Traced
from purport.core.records import Capture, Claim
from purport.core.times import iso, utc

# of OASIS (https://github.com/oasis-open/cti-stix-common-objects, extension-definition-specifications/tlp-2.0)
TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
TLP = {
    "CLEAR": "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    "GREEN": "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "AMBER": "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "AMBER+STRICT": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    "RED": "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
}
TLP_MADE = "2022-10-01T00:00:00.000Z"
MADE = "2026-11-28T00:00:00.000Z"  # of what does not change from bundle to bundle
EXTENSION = f"extension-definition--{uuid_of('stix', 'claim', '1.0.0')}"
CLASSES = {  # what a text says of a source, in the words of the open vocabulary identity-class-ov
    "person": "individual",
    "office": "organization",
    "government": "organization",
    "organisation": "organization",
    "outlet": "organization",
    "armed_group": "group",
    "collective": "class",
}
FIELDS = ("act", "stance", "polarity", "certainty", "quote", "source_kind")


def write(parcel: Parcel, out: TextIO) -> None:
    """The bundle, each object checked with stix2 as it is written. Raises UsageError if that is not installed."""
    stix2 = library("stix2", "exports")

    def checked() -> Iterator[Any]:
        known: set[str] = set()  # addresses, files and what was seen of them: several reports may be of one
        for one in _objects(parcel):
            if one["type"] in ("file", "url", "observed-data"):
                if one["id"] in known:
                    continue
                known.add(one["id"])
            stix2.parse(one, allow_custom=False, version="2.1")
            yield one

    cover = parcel.cover
    bundle = f"bundle--{uuid_of(cover.title, cover.what, iso(cover.made), cover.ceiling)}"
    out.write(f'{{"type": "bundle", "id": "{bundle}", "objects": ')
    listed(out, checked())
    out.write("}\n")


def _objects(parcel: Parcel) -> Iterator[dict[str, Any]]:
    maker = _identity(parcel)
    yield maker
    yield _definition(maker["id"])
    yield from (_marking(level) for level in LEVELS)
    for piece in parcel.pieces():
        yield from _piece(piece, maker["id"])
    for one in parcel.footage():
        yield from _footage(one, maker["id"])
    for story in parcel.stories:
        yield _grouping(story, parcel, maker["id"])
    yield _about(parcel, maker["id"])


def _common(kind: str, key: str, maker: str, at: datetime, level: str) -> dict[str, Any]:
    return {
        "type": kind,
        "spec_version": "2.1",
        "id": f"{kind}--{uuid_of('stix', kind, key)}",
        "created_by_ref": maker,
        "created": _when(at),
        "modified": _when(at),
        "object_marking_refs": [TLP[level]],
    }


def _when(at: datetime) -> str:
    """An instant with milliseconds, as STIX has it."""
    return f"{utc(at):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def _identity(parcel: Parcel) -> dict[str, Any]:
    return {
        "type": "identity",
        "spec_version": "2.1",
        "id": f"identity--{uuid_of('stix', 'identity', 'purport')}",
        "created": MADE,
        "modified": MADE,
        "name": parcel.cover.tool.split()[0].capitalize(),
        "description": "A program that writes down who is reported to have said what. It gives no verdict.",
        "identity_class": "system",
    }


def _definition(maker: str) -> dict[str, Any]:
    return {
        "type": "extension-definition",
        "spec_version": "2.1",
        "id": EXTENSION,
        "created_by_ref": maker,
        "created": MADE,
        "modified": MADE,
        "name": "Reported claim",
        "description": "On a note: one attribution relation in a report, with the roles' places as half-open pairs of "
        "Unicode code points in the report's stored text; on a report or observed-data: the digests it rests on.",
        "schema": "On a note: act, stance, polarity, certainty, quote, source_kind, exact, report, reviewed (strings); "
        "source, cue, content (lists of [begin, end)); begins, ends (integers); confidence (0 to 1). On a report: "
        "outlet, published_by, text_digest, reader (strings).",
        "version": "1.0.0",
        "extension_types": ["property-extension"],
    }


def _marking(level: str) -> dict[str, Any]:
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": TLP[level],
        "created": TLP_MADE,
        "name": f"TLP:{level}",
        "extensions": {TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": level.lower()}},
    }


def _piece(piece: Piece, maker: str) -> Iterator[dict[str, Any]]:
    report, taken, level = piece.report, piece.capture.taken, piece.level
    seen = list(_observed(piece.capture, maker, level))
    yield from seen
    refs = [seen[-1]["id"]]
    whole = _common("report", report.id, maker, taken, level)
    quoted: dict[str, dict[str, Any]] = {}
    notes = []
    for claim in piece.claims:
        about = [whole["id"]]
        if (name := who(claim, report)) and is_somebody(claim):
            actor = _common("identity", f"{report.id}\n{name.casefold()}", maker, taken, level) | {
                "name": name,
                "description": "As this report names who it quotes.",
                "identity_class": CLASSES.get(claim.source_kind, "unknown"),
            }
            quoted.setdefault(actor["id"], actor)
            about.append(actor["id"])
        notes.append(_note(claim, piece, about, maker))
    yield from quoted.values()
    yield from notes
    dated = next((moment.start for moment in report.published), taken)
    yield whole | {
        "name": heading(report),
        "description": f"What {report.outlet or 'an outlet that is not named'} published, and who is quoted in it.",
        "published": _when(dated),
        "object_refs": [*refs, *quoted, *(note["id"] for note in notes)],
        "external_references": [
            {"source_name": report.outlet or "purport", "external_id": report.id}
            | ({"url": report.url} if report.url else {})
        ],
        "extensions": {
            EXTENSION: {
                "extension_type": "property-extension",
                "outlet": report.outlet,
                "published_by": "the report" if report.published else "the time of capture",
                "text_digest": report.text_digest,
                "reader": piece.reader,
            }
        },
    }


def _note(claim: Claim, piece: Piece, about: list[str], maker: str) -> dict[str, Any]:
    report = piece.report
    quoted, (begins, ends) = selector(claim, report)
    roles = {role: [list(place) for place in getattr(claim, role)] for role in ("source", "cue", "content")}
    return _common("note", claim.id, maker, piece.capture.taken, piece.level) | {
        "abstract": f"Reported: {who(claim, report) or 'no source named'}"[:200],
        "content": said(claim, report),
        "object_refs": about,
        "external_references": [{"source_name": "purport", "external_id": claim.id}],
        "extensions": {
            EXTENSION: {
                "extension_type": "property-extension",
                **{name: getattr(claim, name) for name in FIELDS},
                **{role: places for role, places in roles.items() if places},
                "begins": begins,
                "ends": ends,
                "exact": quoted.exact,
                "confidence": round(claim.confidence, 3),
                "report": urn(report.id),
                **({"reviewed": piece.stands[claim.id]} if claim.id in piece.stands else {}),
            }
        },
    }


def _observed(capture: Capture, maker: str, level: str) -> Iterator[dict[str, Any]]:
    """The file that was there, where it was, and that it was seen."""
    digest = capture.digest.removeprefix("sha256:")
    file = {"type": "file", "spec_version": "2.1", "hashes": {"SHA-256": digest}, "size": capture.size}
    file |= {"mime_type": capture.media_type, "id": f"file--{uuid_of('stix', 'file', digest)}"}
    yield file | {"object_marking_refs": [TLP[level]]}
    refs = [str(file["id"])]
    if capture.url:
        at = {"type": "url", "spec_version": "2.1", "value": capture.url}
        refs.append(f"url--{uuid_of('stix', 'url', capture.url)}")
        yield at | {"id": refs[-1], "object_marking_refs": [TLP[level]]}
    yield _common("observed-data", capture.id, maker, capture.taken, level) | {
        "first_observed": _when(capture.taken),
        "last_observed": _when(capture.taken),
        "number_observed": 1,
        "object_refs": refs,
        "external_references": [{"source_name": "purport", "external_id": capture.id}],
    }


def _footage(one: Footage, maker: str) -> Iterator[dict[str, Any]]:
    seen = list(_observed(one.capture, maker, one.level))
    yield from seen
    release = one.release
    facts = f"{release.kind}, {release.container or 'container not told'}, {release.duration:.1f} s"
    yield _common("note", release.id, maker, one.capture.taken, one.level) | {
        "abstract": f"A release: {facts}",
        "content": f"What its file states: {facts}, {release.width}×{release.height}. Nothing stated is believed.",
        "object_refs": [seen[-1]["id"]],
        "external_references": [{"source_name": "purport", "external_id": release.id}],
    }


def _grouping(story: Traced, parcel: Parcel, maker: str) -> dict[str, Any]:
    refs = [f"report--{uuid_of('stix', 'report', id)}" for id in story.account.reports]
    return _common("grouping", story.story, maker, parcel.cover.made, parcel.cover.ceiling) | {
        "name": story.title or story.story,
        "description": "Reports that belong together, as a machine put them.",
        "context": "unspecified",
        "object_refs": refs,
    }


def _about(parcel: Parcel, maker: str) -> dict[str, Any]:
    """What the bundle is, and what was withheld from it."""
    cover = parcel.cover
    key = f"{cover.title}\n{iso(cover.made)}"
    return _common("note", key, maker, cover.made, "CLEAR") | {
        "abstract": f"About this bundle: {cover.title}"[:200],
        "content": " ".join([f"{cover.what}, up to TLP:{cover.ceiling}.", *parcel.remarks()]),
        "object_refs": [maker],
    }
