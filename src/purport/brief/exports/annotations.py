"""Claims as W3C Web Annotations on the report's text (https://www.w3.org/TR/annotation-model/).

A claim is one annotation that describes all its words, and one for each piece of its source, cue and content that says
which role the piece has. Both carry a TextQuoteSelector and a TextPositionSelector; positions count Unicode code points
of the stored text, as the model asks. The text's own address is an URN; the page it was read from is its scope.
"""

from collections.abc import Iterator
from typing import Any, TextIO

from purport.brief.exports.parcel import Parcel, Piece, said, selector, urn
from purport.brief.exports.stream import encoded, listed
from purport.core.records import Claim, Report
from purport.core.spans import Span, select
from purport.core.times import iso

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
ROLES = ("source", "cue", "content")
TAGS = ("act", "stance", "certainty", "quote", "source_kind")


def write(parcel: Parcel, out: TextIO) -> None:
    """An AnnotationCollection with all of it on one page."""
    cover = parcel.cover
    generator = {"id": urn("software"), "type": "Software", "name": cover.tool}
    made = iso(cover.made)
    head: dict[str, Any] = {
        "@context": CONTEXT,
        "id": urn("annotations"),
        "type": "AnnotationCollection",
        "label": cover.title,
    }
    head |= {"generator": generator, "generated": made}
    out.write(encoded(head)[:-1] + ',\n"first": {"id": "urn:purport:annotations:1", "type": "AnnotationPage", ')
    out.write('"startIndex": 0, "items": ')
    total = listed(out, (one for piece in parcel.pieces() for claim in piece.claims for one in _about(piece, claim)))
    # `total` and the remarks are known when all are written; a JSON object has no order
    last = {"total": total, "summary": " ".join([f"{cover.what}, up to TLP:{cover.ceiling}.", *parcel.remarks()])}
    out.write("},\n" + encoded(last)[1:] + "\n")


def _about(piece: Piece, claim: Claim) -> Iterator[dict[str, Any]]:
    report = piece.report
    _, span = selector(claim, report)
    bodies: list[dict[str, Any]] = [
        {"type": "TextualBody", "value": said(claim, report), "format": "text/plain", "purpose": "describing"}
    ]
    bodies += [
        {"type": "TextualBody", "value": f"{name.replace('_', ' ')}: {getattr(claim, name)}", "purpose": "tagging"}
        for name in TAGS
    ]
    if claim.id in piece.stands:
        bodies.append({"type": "TextualBody", "value": f"reviewed: {piece.stands[claim.id]}", "purpose": "tagging"})
    yield {
        "id": urn(claim.id),
        "type": "Annotation",
        "motivation": "describing",
        "created": iso(piece.capture.taken),
        "creator": {"type": "Software", "name": piece.reader},
        "body": bodies,
        "target": _target(report, span),
    }
    for role in ROLES:
        for number, place in enumerate(getattr(claim, role)):
            yield {
                "id": urn(f"{claim.id}:{role}:{number}"),
                "type": "Annotation",
                "motivation": "classifying",
                "body": [
                    {"type": "TextualBody", "value": role, "purpose": "classifying"},
                    {"type": "SpecificResource", "source": urn(claim.id), "purpose": "linking"},
                ],
                "target": _target(report, place),
            }


def _target(report: Report, span: Span) -> dict[str, Any]:
    """Words of a report: by themselves with what stands around them, and by their place."""
    quoted = select(report.text, span)
    target: dict[str, Any] = {
        "type": "SpecificResource",
        "source": {"id": urn(report.id), "type": "Text", "format": "text/plain", "language": report.language},
        "selector": [
            {"type": quoted.type, "exact": quoted.exact, "prefix": quoted.prefix, "suffix": quoted.suffix},
            {"type": "TextPositionSelector", "start": span[0], "end": span[1]},
        ],
    }
    return target | ({"scope": report.url} if report.url else {})
