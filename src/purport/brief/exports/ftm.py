"""An export as FollowTheMoney entities, a line each (https://followthemoney.tech).

A report is an Article with its text; who is quoted in it is a Mention, for that is all that is known of them: a name
in a document, resolved to nobody. A claim is a Note on its Article, whose words begin with whom they are attributed to.
A release is a Video, Image or Audio. No property here says that anybody did anything.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TextIO

from purport.brief.exports.parcel import Footage, Parcel, Piece, heading, is_somebody, library, said, uuid_of, who
from purport.brief.exports.stream import encoded
from purport.core.records import Capture, Claim
from purport.core.times import iso

SCHEMATA = {"video": "Video", "image": "Image", "audio": "Audio"}
DETECTED = {
    "person": "Person",
    "office": "Organization",
    "government": "PublicBody",
    "organisation": "Organization",
    "armed_group": "Organization",
    "outlet": "Organization",
}
LANGUAGES = {"en": "eng", "ar": "ara", "fr": "fra", "de": "deu", "es": "spa", "ru": "rus", "fa": "fas", "uk": "ukr"}

Properties = Mapping[str, Sequence[str]]


def write(parcel: Parcel, out: TextIO) -> None:
    """Lines of JSON, each entity checked with followthemoney. Raises UsageError if that is not installed."""
    model = library("followthemoney", "ftm").model

    for one in _entities(parcel):
        proxy = model.make_entity(one["schema"])
        proxy.id = one["id"]
        for name, values in one["properties"].items():
            proxy.add(name, values)
        out.write(encoded(proxy.to_dict()) + "\n")


def _entities(parcel: Parcel) -> Iterator[dict[str, Any]]:
    for piece in parcel.pieces():
        yield _article(piece)
        yield from _mentions(piece)
        yield from (_note(claim, piece) for claim in piece.claims)
    for one in parcel.footage():
        yield _medium(one)
    cover = parcel.cover
    about = " ".join([f"{cover.what}, up to TLP:{cover.ceiling}.", *parcel.remarks()])
    key = f"export-{uuid_of(cover.title, iso(cover.made))}"
    yield _entity("Note", key, {"name": [f"About this export: {cover.title}"], "description": [about]})


def _entity(schema: str, id: str, properties: Properties) -> dict[str, Any]:
    kept = {name: [value for value in values if value] for name, values in properties.items()}
    return {"id": id, "schema": schema, "properties": {name: values for name, values in kept.items() if values}}


def _document(capture: Capture) -> dict[str, list[str]]:
    return {
        "sourceUrl": [capture.url] if capture.url.startswith(("http://", "https://")) else [],
        "mimeType": [capture.media_type],
        "fileSize": [str(capture.size)],
        "fileName": [capture.place.rpartition("/")[2]],
        "retrievedAt": [iso(capture.taken)],
        "notes": [f"Bytes: {capture.digest}"],
    }


def _article(piece: Piece) -> dict[str, Any]:
    report = piece.report
    return _entity(
        "Article",
        report.id,
        _document(piece.capture)
        | {
            "title": [heading(report)],
            "author": [report.byline],
            "publisher": [report.outlet],
            "publishedAt": [f"{moment.start:%Y-%m-%d}" for moment in report.published],
            "language": [LANGUAGES.get(report.language, "")],
            "bodyText": [report.text],
            "processingAgent": [piece.reader],
            "notes": [f"Text: {report.text_digest}", f"Bytes: {piece.capture.digest}", f"TLP:{piece.level}"],
        },
    )


def _mentions(piece: Piece) -> Iterator[dict[str, Any]]:
    seen = set()
    for claim in piece.claims:
        name = who(claim, piece.report)
        if name and is_somebody(claim) and name.casefold() not in seen:
            seen.add(name.casefold())
            detected = DETECTED.get(claim.source_kind, "LegalEntity")
            given = {"document": [piece.report.id], "name": [name], "detectedSchema": [detected]}
            yield _entity("Mention", f"mention-{uuid_of(piece.report.id, name.casefold())}", given)


def _note(claim: Claim, piece: Piece) -> dict[str, Any]:
    report = piece.report
    reported = f"{report.outlet or 'A report'} reports: {said(claim, report)}"
    return _entity(
        "Note",
        claim.id,
        {
            "name": [f"{who(claim, report) or 'No source named'}: {claim.act.replace('_', ' ')}"],
            "description": [reported],
            "entity": [report.id],
            "proof": [report.id],
            "namesMentioned": [who(claim, report)] if is_somebody(claim) else [],
            "keywords": [f"act: {claim.act}", f"stance: {claim.stance}", f"certainty: {claim.certainty}"]
            + [f"reviewed: {stands}" for id, stands in piece.stands.items() if id == claim.id],
            "sourceUrl": [report.url] if report.url.startswith(("http://", "https://")) else [],
            "retrievedAt": [iso(piece.capture.taken)],
        },
    )


def _medium(one: Footage) -> dict[str, Any]:
    release = one.release
    given = _document(one.capture) | {"title": [one.capture.place.rpartition("/")[2]]}
    given["notes"] = [*given["notes"], f"TLP:{one.level}"]
    if release.kind != "image" and release.duration:
        given["duration"] = [f"{release.duration:.3f}"]
    return _entity(SCHEMATA[release.kind], release.id, given)
