"""Claims as schema.org ClaimReview in JSON-LD (https://schema.org/ClaimReview), each openly without a rating.

A ClaimReview is what a fact checker publishes about a claim. Purport checks no facts: it writes down who is reported to
have said what. So the rating says "Not rated", has no number, and nobody is named as the review's author but the
program. Who rates a claim replaces `reviewRating`, `author` and `url` by their own.
"""

from typing import Any, TextIO

from purport.brief.exports.parcel import Parcel, Piece, heading, put, said, urn, who
from purport.brief.exports.stream import encoded, listed
from purport.core.records import Claim, Report
from purport.core.times import iso

NOT_RATED = {
    "@type": "Rating",
    "alternateName": "Not rated",
    "ratingExplanation": "A machine wrote down who is reported to have said this. Nobody has rated it.",
}
TYPES = {  # of sources that are said to be somebody; others have no type, for the text does not tell
    "person": "Person",
    "office": "Organization",
    "government": "Organization",
    "armed_group": "Organization",
    "organisation": "Organization",
    "outlet": "Organization",
}


def write(parcel: Parcel, out: TextIO) -> None:
    """A graph with a ClaimReview for each claim. What a caption repeats is left out."""
    head = {"@context": "https://schema.org", "@id": urn("claimreviews"), "name": parcel.cover.title}
    head |= {"dateCreated": iso(parcel.cover.made)}
    out.write(encoded(head)[:-1] + ',\n"@graph": ')
    listed(out, (_review(one, piece, parcel) for piece in parcel.pieces() for one in piece.claims if not one.repeated))
    last = " ".join([f"{parcel.cover.what}, up to TLP:{parcel.cover.ceiling}.", *parcel.remarks()])
    out.write(",\n" + encoded({"description": last})[1:] + "\n")


def _review(claim: Claim, piece: Piece, parcel: Parcel) -> dict[str, Any]:
    report = piece.report
    return {
        "@type": "ClaimReview",
        "@id": urn(claim.id),
        "datePublished": f"{parcel.cover.made:%Y-%m-%d}",
        "author": {"@type": "SoftwareApplication", "name": parcel.cover.tool},
        "claimReviewed": put(claim, report),
        "itemReviewed": _claim(claim, report),
        "reviewAspect": "attribution",
        "reviewBody": f"{report.outlet or 'A report'} reports: {said(claim, report)}",
        "reviewRating": NOT_RATED,
        "isBasedOn": piece.capture.url or urn(piece.capture.id),
    }


def _claim(claim: Claim, report: Report) -> dict[str, Any]:
    found: dict[str, Any] = {"@type": "Claim", "text": put(claim, report), "appearance": [appearance(report)]}
    if name := who(claim, report):
        kind = {"@type": TYPES[claim.source_kind]} if claim.source_kind in TYPES else {}
        found["author"] = kind | {"name": name}
    for time in claim.time:
        found["datePublished"] = f"{time.start:%Y-%m-%d}"
    return found


def appearance(report: Report) -> dict[str, Any]:
    """The report that the claim stands in, as the work that it appears in."""
    found: dict[str, Any] = {"@type": "NewsArticle", "@id": urn(report.id), "headline": heading(report)}
    found |= {"url": report.url} if report.url else {}
    found |= {"publisher": {"@type": "Organization", "name": report.outlet}} if report.outlet else {}
    for moment in report.published:
        found["datePublished"] = f"{moment.start:%Y-%m-%d}"
    return found | {"inLanguage": report.language}
