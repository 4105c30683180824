"""The words of the house as frozen records. Each says where it came from; absence is an empty value."""

from datetime import datetime

import msgspec

from purport.core.ids import make_id
from purport.core.spans import Pieces, Selector, Span
from purport.core.times import Moment


class Capture(msgspec.Struct, frozen=True):
    """Bytes fetched from somewhere at a time.

    `place` says where the bytes came from in a way a person can follow: a path, an URL, or
    `archive.warc.gz#offset=1200`. The id depends on the place and the bytes, not on the time, so that
    taking the same file in twice is one capture.
    """

    id: str
    place: str
    digest: str  # sha256:… of the raw bytes
    size: int  # bytes
    taken: datetime  # aware, UTC
    media_type: str = "text/plain"
    kind: str = "file"  # file | stdin | jsonl | warc | url | media | mail | archived (by auto-archiver)
    url: str = ""  # where the bytes were published, if known
    stored: bool = False  # are the bytes kept in the blob store under their digest?


class Item(msgspec.Struct, frozen=True):
    """A capture with its bytes in hand and what its container said about it (a JSONL line, a WARC header)."""

    capture: Capture
    data: bytes
    charset: str = ""
    title: str = ""
    published: str = ""
    input_id: str = ""
    outlet: str = ""


class Note(msgspec.Struct, frozen=True):
    """A mark that the text carries about itself, with its place: a credit line, a byline, a repeat."""

    text: str
    span: Span = (0, 0)  # (0, 0): from metadata, not from the text
    kind: str = ""


class Report(msgspec.Struct, frozen=True):
    """The text of one published article or statement. All offsets of claims refer to `text`."""

    id: str
    capture: str
    text: str
    text_digest: str
    title: str = ""
    byline: str = ""
    outlet: str = ""
    url: str = ""
    published: tuple[Moment, ...] = ()  # none or one
    language: str = "en"
    credits: tuple[Note, ...] = ()  # "(AFP) —", "Source: …", "with reporting by …"
    repeats: tuple[Note, ...] = ()  # captions said twice, boilerplate: marked, not counted twice
    input_id: str = ""  # the id a JSONL line brought along


class Reason(msgspec.Struct, frozen=True):
    """The words that decided something, where they stand, and the rule or entry that read them so."""

    what: str  # act | stance | polarity | certainty | quote | source kind | target | time | speaker
    value: str
    words: str
    span: Span
    rule: str


class Speaker(msgspec.Struct, frozen=True):
    """Who a source refers to, by the fullest mention in the same report that supports it."""

    text: str
    span: Span
    confidence: float


class Mention(msgspec.Struct, frozen=True):
    """Words of the text with their place: what a claim is about or against."""

    text: str
    span: Span


class Hop(msgspec.Struct, frozen=True):
    """One step of a chain, from the words outward in: outlet > agency > group > video > narrator."""

    kind: str  # outlet | credit | a source kind
    text: str
    span: Span = (0, 0)
    claim: str = ""  # the claim whose source this is; empty for outlet and credit


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """One attribution relation: who says what, in which words, how firmly, as this report puts it."""

    id: str
    report: str
    source: Pieces  # may be empty: "it is said that"
    cue: Pieces
    content: Pieces
    act: str
    stance: str  # of the reporter: plain | distanced | endorsed
    polarity: str  # of the content as the source puts it: + | -
    certainty: str  # certain | probable | possible | unknown
    quote: str  # direct | indirect | mixed | none
    source_kind: str
    confidence: float
    speaker: tuple[Speaker, ...] = ()  # none or one
    target: tuple[Mention, ...] = ()  # none or one: of whom it is said, as in "accuses X of Y"
    time: tuple[Moment, ...] = ()  # when it was said, none or one
    chain: tuple[Hop, ...] = ()
    reasons: tuple[Reason, ...] = ()
    selector: Selector = Selector("", "", "")
    within: str = ""  # the claim whose content holds this one
    depth: int = 0
    repeated: bool = False  # stands in a caption or boilerplate said before


class Reading(msgspec.Struct, frozen=True):
    """One pass of one reader over one report. `reader` names code, lexicon and model versions."""

    id: str
    report: str
    reader: str
    claims: tuple[Claim, ...]


class Shot(msgspec.Struct, frozen=True):
    """An unbroken stretch of a release, in seconds from its first picture."""

    start: float
    end: float
    still: str = ""  # digest of a small, grey, blurred JPEG of its middle, in the blob store


class Provenance(msgspec.Struct, frozen=True):
    """What a file's C2PA manifest is worth here. It says who signed what, never whether the footage shows the truth."""

    verdict: str  # valid | invalid | untrusted | none | unknown (docs/footage.md)
    reasons: tuple[str, ...] = ()  # in words, the gravest first
    signer: str = ""  # as the certificate names it
    signed: str = ""  # when, by the time stamp in the signature


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """A published media item, anchored to its capture, with what its container states. Nothing stated is believed."""

    id: str
    capture: str
    kind: str  # video | image | audio
    version: str  # of the step that examined it
    container: str = ""  # as in mp4, matroska, jpeg
    media_type: str = ""
    codecs: tuple[str, ...] = ()  # pictures first
    duration: float = 0.0  # seconds as stated, or as decoded where nothing is stated; 0 for an image
    width: int = 0  # pixels, as shown upright; 0 without pictures
    height: int = 0
    rate: float = 0.0  # pictures a second on average, as stated
    variable: bool = False  # are the pictures unevenly spaced?
    created: tuple[Moment, ...] = ()  # none or one, as the file states it, with its words
    provenance: Provenance = Provenance("unknown")
    shots: tuple[Shot, ...] = ()
    prints: str = ""  # version of its fingerprints in the library; empty: it has none


class Gap(msgspec.Struct, frozen=True):
    """What could not be fetched, read or decided, written down so that silence is not taken for absence."""

    id: str
    stage: str  # collect | article | read | footage | …
    subject: str  # the path, URL or id it happened to
    cause: str  # a short stable word: empty, binary, not-english, truncated, timeout, …
    detail: str  # a sentence for people, with the mend where there is one
    seen: datetime


def gap(stage: str, subject: str, cause: str, detail: str, seen: datetime) -> Gap:
    """A gap whose id depends on what it is, not on when it was met again."""
    return Gap(make_id("gap", stage, subject, cause, detail), stage, subject, cause, detail, seen)


class Query(msgspec.Struct, frozen=True):
    """What a search may narrow by; empty means any."""

    words: str = ""
    act: str = ""
    stance: str = ""
    source_kind: str = ""
    outlet: str = ""
    report: str = ""
    nested: bool = True
    limit: int = 0  # 0: no limit
    since: tuple[datetime, ...] = ()  # reports published no earlier than that, none or one
    until: tuple[datetime, ...] = ()  # and before that
    reviewed: str = ""  # how people judged them: a state of `core.reviews`, or `reviewed` for any judgement
