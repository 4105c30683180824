"""The claims of the words in footage: who speaks is the first source, and the footage a hop in every chain.

In an article, "We will come" is a claim where the article names who says so. In what is heard in a video nobody is
named: the sentence is the narrator's own. Voices are not told apart, so "narrator" is whoever is heard. What stands
written in the pictures is nobody's either, and not the narrator's: "text on screen" is a source of its own.
"""

from collections.abc import Iterator

import msgspec

from purport.core.ids import make_id
from purport.core.records import Claim, Hop, Note, Reading, Report, Speaker
from purport.core.spans import Span, cover, overlaps, select, trim
from purport.core.transcript import is_sentence
from purport.read import acts, quotes, targets
from purport.read.tokens import Tokens, tokenise

FOOTAGE = "video"  # the kind of the credit that a spoken text carries, and of the hop
ON_SCREEN = "screen"  # and of that which a text from the pictures carries
NARRATOR = "narrator"
WRITING = "text on screen"
LEAST = 3  # words: less is a cry or a broken piece, and nothing is claimed by it
_ABBREVIATIONS = frozenset(("mr", "mrs", "ms", "dr", "gen", "col", "lt", "st"))


def is_spoken(report: Report) -> bool:
    """Is it the words of footage, heard or seen, and not an article?"""
    return any(note.kind in (FOOTAGE, ON_SCREEN) for note in report.credits)


def narrated(report: Report, reading: Reading) -> Reading:
    """The reading with the narrator, or the text on screen, in it; unchanged for a text that is not from footage.

    Each claim found gets the hops footage > narrator before its own. Each sentence that belongs to none of them is a
    claim of the narrator's, without source and cue; on screen, where names, places and dates stand alone, each that is
    written out as one. What changes here raises `build.VERSION`, as all rules do.
    """
    footage = next((note for note in report.credits if note.kind in (FOOTAGE, ON_SCREEN)), None)
    if footage is None or not reading.id or report.language != "en":
        return reading
    placed, start = list[tuple[int, Claim]](), 0
    for claim in reading.claims:
        if not claim.within:  # those inside it stay behind it
            start = _extent(claim)[0]
        placed.append((start, _told(claim, footage)))
    taken = [_extent(claim) for claim in reading.claims if not claim.within]
    table = quotes.inside(report.text)
    for span in sentences(report.text):
        if footage.kind == ON_SCREEN and not is_sentence(report.text[span[0] : span[1] + 1]):
            continue
        if not any(overlaps(span, one) for one in taken):
            placed.append((span[0], _own(report, reading.reader, span, footage, table)))
    claims = tuple(claim for _, claim in sorted(placed, key=lambda one: one[0]))
    return msgspec.structs.replace(reading, claims=claims)


def _extent(claim: Claim) -> Span:
    return cover((*claim.source, *claim.cue, *claim.content))


def _told(claim: Claim, footage: Note) -> Claim:
    """A claim that the narrator tells: its chain begins with the footage and the narrator (or the text on screen)."""
    rest = tuple(hop for hop in claim.chain if (hop.kind, hop.text) != ("credit", footage.text))
    return msgspec.structs.replace(claim, chain=(*_hops(footage), *rest))


def _hops(footage: Note, claim: str = "") -> tuple[Hop, Hop]:
    kind, voice = _voice(footage)
    return Hop(FOOTAGE, footage.text), Hop(kind, voice, claim=claim)


def _voice(footage: Note) -> tuple[str, str]:
    """Whose words they are, as a kind of source and by name."""
    return (ON_SCREEN, WRITING) if footage.kind == ON_SCREEN else (NARRATOR, NARRATOR)


def _own(report: Report, version: str, span: Span, footage: Note, table: bytes) -> Claim:
    text, content = report.text, (span,)
    id = make_id("claim", report.id, version, (), (), content)
    judged = acts.judge(text, (), (), content, table)
    return Claim(
        id=id,
        report=report.id,
        source=(),
        cue=(),
        content=content,
        act=judged.act,
        stance=judged.stance,
        polarity=judged.polarity,
        certainty=judged.certainty,
        quote="direct",  # the whole text is somebody's own words
        source_kind=_voice(footage)[0],
        confidence=1.0,  # the sentence stands there: no network decided; how surely it was heard, the transcript tells
        speaker=(Speaker(_voice(footage)[1], (0, 0), 1.0),),
        target=targets.target(text, (), (), content),
        chain=_hops(footage, id),
        reasons=judged.reasons,
        selector=select(text, span),
    )


def sentences(text: str) -> Iterator[Span]:
    """The sentences of a spoken text, of LEAST words or more."""
    tokens = tokenise(text, _ABBREVIATIONS)
    first = 0
    for number in range(1, len(tokens) + 1):
        if number < len(tokens) and tokens.sentences[number] == tokens.sentences[first]:
            continue
        words = sum(tokens.words[k][0].isalnum() for k in range(first, number))
        if words >= LEAST:
            yield trim(text, (tokens.starts[first], _end(tokens, first, number)))
        first = number


def _end(tokens: Tokens, first: int, stop: int) -> int:
    """Where a sentence's words end: a content has no full stop."""
    last = stop - 1
    while last > first and tokens.words[last] in (".", "\n"):
        last -= 1
    return tokens.ends[last]
