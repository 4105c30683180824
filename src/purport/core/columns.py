"""The tables that bulk work makes: their columns, and the rows of records. A promise to those who build on them.

docs/bulk.md describes them to people; a test holds that page against this one.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from purport.core.records import Capture, Claim, Gap, Note, Reading, Release, Report
from purport.core.spans import Pieces, Span, words
from purport.core.times import Moment

Kind: TypeAlias = str | list["Kind"] | dict[str, "Kind"]  # a word, a list of a kind, fields with their kinds
Row: TypeAlias = dict[str, Any]

SPAN: dict[str, Kind] = {"start": "int32", "end": "int32"}
PIECES: list[Kind] = [SPAN]
MOMENT: dict[str, Kind] = {"start": "time", "end": "time", "words": "string", "span": SPAN}
MARKED: list[Kind] = [{"text": "string", "kind": "string", "span": SPAN}]

# (name, kind, what it is); what a column with fields may lack is null, a text that is not there is empty
Columns: TypeAlias = tuple[tuple[str, Kind, str], ...]

CLAIMS: Columns = (
    ("claim", "string", "the claim’s id, the same as in a ledger"),
    ("report", "string", "the report that it stands in"),
    ("reader", "string", "who read it: the versions of rules, lexicon and model"),
    ("input_id", "string", "the id that a line of JSONL brought along"),
    ("url", "string", "where the report was published, if known"),
    ("outlet", "string", "by whom"),
    ("title", "string", "the report’s title"),
    ("published", "time", "when its publication begins (a day is its first instant), null where not known"),
    ("text_digest", "string", "SHA-256 of the report’s text, which all offsets refer to"),
    ("act", "string", "say, deny, doubt, accuse, …"),
    ("stance", "string", "the reporter’s: plain, distanced, endorsed"),
    ("polarity", "string", "of the content as the source puts it: +, -"),
    ("certainty", "string", "certain, probable, possible, unknown"),
    ("quote", "string", "direct, indirect, mixed, none"),
    ("source_words", "string", "the source in the report’s words; empty where none is named"),
    ("source", PIECES, "where they stand: half-open, in code points"),
    ("source_kind", "string", "official, agency, video, …"),
    ("speaker", {"text": "string", "span": SPAN, "confidence": "double"}, "whom those words refer to, or null"),
    ("cue_words", "string", "the words that attribute"),
    ("cue", PIECES, "where they stand"),
    ("content_words", "string", "what is claimed"),
    ("content", PIECES, "where it stands"),
    ("prefix", "string", "some characters before the content, to find it in another copy"),
    ("suffix", "string", "and behind it"),
    ("target", {"text": "string", "span": SPAN}, "of whom it is said, or null"),
    ("time", MOMENT, "when it was said, or null"),
    ("chain", [{"kind": "string", "text": "string", "span": SPAN, "claim": "string"}], "the hops, from the words out"),
    ("confidence", "double", "the share of claims with this number that an annotator would have marked"),
    ("reasons", [{"what": "string", "value": "string", "words": "string", "span": SPAN, "rule": "string"}],
     "the words that decided something, and by which rule"),
    ("within", "string", "the claim whose content holds this one"),
    ("depth", "int32", "how many claims it stands in"),
    ("repeated", "bool", "it stands in a caption or in boilerplate that was said before"),
)  # fmt: skip

REPORTS: Columns = (
    ("report", "string", "the report’s id, the same as in a ledger"),
    ("capture", "string", "the capture that it was taken from"),
    ("place", "string", "where its bytes came from: a path, or crawl.warc.gz#offset=1200"),
    ("digest", "string", "SHA-256 of those bytes"),
    ("size", "int64", "how many they are"),
    ("taken", "time", "when they were fetched, as an archive states it; else when they were read"),
    ("media_type", "string", "text/html, text/plain"),
    ("url", "string", "where it was published, if known"),
    ("outlet", "string", "by whom"),
    ("title", "string", "its title"),
    ("byline", "string", "its authors, as they are written"),
    ("published", MOMENT, "when, with the words that say so, or null"),
    ("language", "string", "only en is read for claims"),
    ("text", "string", "the text; all offsets are into it"),
    ("text_digest", "string", "SHA-256 of the text in UTF-8"),
    ("credits", MARKED, "whom it credits: agencies, sources"),
    ("repeats", MARKED, "captions said twice, boilerplate"),
    ("input_id", "string", "the id that a line of JSONL brought along"),
    ("reading", "string", "the reading’s id; empty where the reader failed on it (a gap says why)"),
    ("reader", "string", "who read it"),
    ("claims", "int32", "how many claims were found"),
)

GAPS: Columns = (
    ("gap", "string", "its id, the same as in a ledger"),
    ("stage", "string", "collect, article, read, footage"),
    ("subject", "string", "what it happened to"),
    ("cause", "string", "a short stable word: empty, no-article, not-english, truncated, …"),
    ("detail", "string", "a sentence for people, with the mend where there is one"),
    ("seen", "time", "when"),
)

RELEASES: Columns = (
    ("release", "string", "the release’s id, the same as in a ledger"),
    ("capture", "string", "the capture that it was taken from"),
    ("place", "string", "where the file lies"),
    ("digest", "string", "SHA-256 of the file"),
    ("size", "int64", "its bytes"),
    ("kind", "string", "video, image, audio"),
    ("version", "string", "of the examination"),
    ("container", "string", "mp4, matroska, jpeg, …"),
    ("media_type", "string", "video/mp4, …"),
    ("codecs", ["string"], "pictures first"),
    ("duration", "double", "seconds, as stated or as decoded; 0 for an image"),
    ("width", "int32", "pixels, upright"),
    ("height", "int32", "pixels"),
    ("rate", "double", "pictures a second, as stated"),
    ("variable", "bool", "are the pictures unevenly spaced?"),
    ("created", MOMENT, "when, as the file states it, or null"),
    ("provenance", "string", "valid, invalid, untrusted, none, unknown: what its C2PA manifest is worth here"),
    ("signer", "string", "as the certificate names it"),
    ("shots", [{"start": "double", "end": "double"}], "unbroken stretches, in seconds"),
    ("prints", "binary", "all its fingerprints, as a library keeps them; null where it has no pictures"),
)

HASHES: Columns = (
    ("release", "string", "the release"),
    ("picture", "int32", "the number of the picture"),
    ("seconds", "double", "when it is shown"),
    ("pdq", "string", "its PDQ hash, 64 hexadecimal digits"),
    ("quality", "int32", "PDQ’s own, 0 to 100; below 50 a hash should not be matched"),
)

READ: Mapping[str, Columns] = {"claims": CLAIMS, "reports": REPORTS, "gaps": GAPS}
FINGERPRINT: Mapping[str, Columns] = {"releases": RELEASES, "hashes": HASHES, "gaps": GAPS}


def claims(report: Report, reading: Reading) -> Iterator[Row]:
    """The rows of a reading's claims, in order."""
    shared = {
        "report": report.id,
        "reader": reading.reader,
        "input_id": report.input_id,
        "url": report.url,
        "outlet": report.outlet,
        "title": report.title,
        "published": next((one.start for one in report.published), None),
        "text_digest": report.text_digest,
    }
    for claim in reading.claims:
        yield shared | _claim(claim, report.text)


def _claim(claim: Claim, text: str) -> Row:
    return {
        "claim": claim.id,
        "act": claim.act,
        "stance": claim.stance,
        "polarity": claim.polarity,
        "certainty": claim.certainty,
        "quote": claim.quote,
        "source_words": words(text, claim.source),
        "source": _pieces(claim.source),
        "source_kind": claim.source_kind,
        "speaker": next(
            ({"text": s.text, "span": _span(s.span), "confidence": s.confidence} for s in claim.speaker), None
        ),
        "cue_words": words(text, claim.cue),
        "cue": _pieces(claim.cue),
        "content_words": words(text, claim.content),
        "content": _pieces(claim.content),
        "prefix": claim.selector.prefix,
        "suffix": claim.selector.suffix,
        "target": next(({"text": t.text, "span": _span(t.span)} for t in claim.target), None),
        "time": _moment(claim.time),
        "chain": [{"kind": h.kind, "text": h.text, "span": _span(h.span), "claim": h.claim} for h in claim.chain],
        "confidence": claim.confidence,
        "reasons": [
            {"what": r.what, "value": r.value, "words": r.words, "span": _span(r.span), "rule": r.rule}
            for r in claim.reasons
        ],
        "within": claim.within,
        "depth": claim.depth,
        "repeated": claim.repeated,
    }


def report(one: Report, capture: Capture, reading: Sequence[Reading]) -> Row:
    """The row of a report, with its reading, none or one."""
    return {
        "report": one.id,
        "capture": capture.id,
        "place": capture.place,
        "digest": capture.digest,
        "size": capture.size,
        "taken": capture.taken,
        "media_type": capture.media_type,
        "url": one.url,
        "outlet": one.outlet,
        "title": one.title,
        "byline": one.byline,
        "published": _moment(one.published),
        "language": one.language,
        "text": one.text,
        "text_digest": one.text_digest,
        "credits": _notes(one.credits),
        "repeats": _notes(one.repeats),
        "input_id": one.input_id,
        "reading": next((r.id for r in reading), ""),
        "reader": next((r.reader for r in reading), ""),
        "claims": sum(len(r.claims) for r in reading),
    }


def gap(one: Gap) -> Row:
    return {
        "gap": one.id,
        "stage": one.stage,
        "subject": one.subject,
        "cause": one.cause,
        "detail": one.detail,
        "seen": one.seen,
    }


def release(one: Release, capture: Capture, prints: bytes) -> Row:
    """The row of a release; `prints`: the file with its fingerprints, empty if it has none."""
    return {
        "release": one.id,
        "capture": capture.id,
        "place": capture.place,
        "digest": capture.digest,
        "size": capture.size,
        "kind": one.kind,
        "version": one.version,
        "container": one.container,
        "media_type": one.media_type,
        "codecs": list(one.codecs),
        "duration": one.duration,
        "width": one.width,
        "height": one.height,
        "rate": one.rate,
        "variable": one.variable,
        "created": _moment(one.created),
        "provenance": one.provenance.verdict,
        "signer": one.provenance.signer,
        "shots": [{"start": shot.start, "end": shot.end} for shot in one.shots],
        "prints": prints or None,
    }


def hashes(release: str, lines: str) -> Iterator[Row]:
    """The rows of hashes as vPDQ writes them, a line each: `number,quality,hash,seconds`."""
    for line in lines.splitlines():
        number, quality, value, seconds = line.split(",")
        yield {
            "release": release,
            "picture": int(number),
            "seconds": float(seconds),
            "pdq": value,
            "quality": int(quality),
        }


def _span(span: Span) -> Row:
    return {"start": span[0], "end": span[1]}


def _pieces(pieces: Pieces) -> list[Row]:
    return [_span(piece) for piece in pieces]


def _moment(moments: Sequence[Moment]) -> Row | None:
    return next(
        ({"start": m.start, "end": m.end, "words": m.words, "span": _span(m.span)} for m in moments),
        None,
    )


def _notes(notes: Sequence[Note]) -> list[Row]:
    return [{"text": note.text, "kind": note.kind, "span": _span(note.span)} for note in notes]
