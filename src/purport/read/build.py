"""Attributions to claims: how they hold one another, and what each one means by the readable tables.

Every reader ends here, however it came by its attributions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from purport.core.ids import make_id
from purport.core.records import Claim, Hop, Reading, Reason, Report
from purport.core.spans import Pieces, Span, cover, move, overlaps, select, within, words
from purport.read import acts, dates, quotes, sources, targets
from purport.read.content import before_denial, denied_claim
from purport.read.parties import parties
from purport.read.speakers import Resolver
from purport.read.tagger import Attribution

VERSION = "7"  # of the rules by which claims are built; raise it when the same text would be read differently
DEPTH = 3  # claims inside claims inside claims, and no further
NEAR = 8  # how many attributions before and after one may hold it
INNER = 0.5  # an inner claim is kept from this confidence on: it is read without its surroundings
FIRST_PERSON = frozenset({"i", "we"})  # "I think", inside a quotation, is its speaker over again

Tree = list["Found"]


@dataclass(slots=True)
class Found:
    """An attribution on its way to a claim, with those found inside its content."""

    at: Attribution
    depth: int = 0
    inner: Tree = field(default_factory=list)


def rules() -> str:
    """The versions of all that turns attributions into claims."""
    return f"purport-{VERSION}+lexicon-{acts.lexicon_version()}"


def reading(report: Report, version: str, tree: Tree) -> Reading:
    """The reading of a report by the reader of that version, with a claim for each attribution of the tree."""
    claims = tuple(_Builder(report, version, tree).claims(tree)) if tree else ()
    return Reading(make_id("reading", report.id, version), report.id, version, claims)


def plant(attributions: Sequence[Attribution], text: str) -> Tree:
    """What one look at the text found, as a tree: an attribution inside another's content hangs from it."""
    tree: Tree = []
    all_found = [Found(attribution) for attribution in attributions]
    sizes = [size(found.at) for found in all_found]
    for number, found in enumerate(all_found):
        around: list[int] = []
        if is_told(found.at, text):
            near = range(max(0, number - NEAR), min(len(all_found), number + 1 + NEAR))
            around = [o for o in near if sizes[o] > sizes[number] and holds(all_found[o].at, found.at)]
        holder = min(around, key=sizes.__getitem__, default=-1)
        (all_found[holder].inner if holder >= 0 else tree).append(found)
    for found in every(tree):
        for inner in found.inner:
            inner.depth = found.depth + 1
    return tree


def every(tree: Tree) -> Iterator[Found]:
    """Each one of a tree, outer ones before those inside them."""
    for found in tree:
        yield found
        yield from every(found.inner)


def size(attribution: Attribution) -> int:
    """Characters of its content."""
    return sum(end - start for start, end in attribution.content)


def places(pieces: Pieces) -> Iterator[int]:
    """Every offset that the pieces cover."""
    for piece in pieces:
        yield from range(*piece)


def stretches(text: str, content: Pieces) -> Iterator[Span]:
    """The content as unbroken runs of text: pieces with only white space between them are one."""
    run: list[Span] = []
    for piece in content:
        if run and text[run[-1][1] : piece[0]].strip():
            yield cover(run)
            run = []
        run.append(piece)
    if run:
        yield cover(run)


def looked_into(text: str, content: Pieces) -> Iterator[Span]:
    """The runs of a content that are read again for claims inside it: those in which words are told."""
    for stretch in stretches(text, content):
        if tells(text[slice(*stretch)]):
            told = before_denial(text, stretch)
            if told == stretch or tells(text[slice(*told)]):
                yield told


def owner(text: str, source: Pieces) -> Pieces:
    """Who makes "the group's" claim: the group."""
    *before, (start, end) = source or ((0, 0),)
    if text[start:end].endswith(("'s", "\N{RIGHT SINGLE QUOTATION MARK}s")) and end - start > 2:
        return (*before, (start, end - 2))
    return source


def tells(said: str) -> bool:
    """May something be told in these words? What a party is called says nothing of it: "state television"."""
    if not acts.may_attribute(said):
        return False
    for start, end in parties(said):
        said = said[:start] + "*" * (end - start) + said[end:]
    return acts.may_attribute(said)


def by_noun(text: str, outer: Attribution) -> Iterator[Attribution]:
    """The claims that a content denies and a noun tells, each as sure as the claim that denies it."""
    for stretch in stretches(text, outer.content):
        if told := denied_claim(text, stretch):
            yield Attribution((told.source,), (told.cue,), (told.content,), outer.confidence)


def shift(attribution: Attribution, by: int) -> Attribution:
    source, cue, content = (move(pieces, by) for pieces in (attribution.source, attribution.cue, attribution.content))
    return Attribution(source, cue, content, attribution.confidence)


def nests(inner: Attribution, outer: Attribution, text: str) -> bool:
    """Is this a claim of somebody else inside the outer one's content, and not the outer one over again?"""
    return is_told(inner, text) and holds(outer, inner)


def is_told(inner: Attribution, text: str) -> bool:
    """May it be a claim of somebody else, whose words another claim passes on?"""
    if inner.confidence < INNER or not inner.source:
        return False
    return words(text, inner.source).casefold() not in FIRST_PERSON


def holds(outer: Attribution, inner: Attribution) -> bool:
    """Does the inner one's cue stand in the outer one's content, and its content beside the outer one's cue?"""
    at = cover(inner.cue)
    return any(within(at, piece) for piece in outer.content) and not any(
        overlaps(piece, cue) for piece in inner.content for cue in outer.cue
    )


class _Builder:
    """Builds the claims of one report: what is worked out once a report is kept here."""

    def __init__(self, report: Report, version: str, tree: Tree) -> None:
        self._report = report
        self._version = version
        self._inside = quotes.inside(report.text)
        self._resolver = Resolver(report.text, tuple(found.at.source for found in every(tree)))
        self._outermost = _outermost(report)
        self._hops: dict[Attribution, Hop] = {}  # one is asked for by every claim around it
        self._kinds: dict[Pieces, tuple[str, tuple[Reason, ...]]] = {}

    def claims(self, tree: Tree, outer: str = "", above: tuple[Hop, ...] = ()) -> Iterator[Claim]:
        for found in tree:
            claim = self._claim(found, outer, above)
            yield claim
            yield from self.claims(found.inner, claim.id, (*above, self._hop(found)))

    def _id(self, at: Attribution) -> str:
        return make_id("claim", self._report.id, self._version, at.source, at.cue, at.content)

    def _hop(self, found: Found) -> Hop:
        hop = self._hops.get(found.at)
        if hop is None:
            kind, _ = self._kind(found.at.source)
            source = owner(self._report.text, found.at.source)
            hop = Hop(kind, words(self._report.text, source), cover(source), self._id(found.at))
            self._hops[found.at] = hop
        return hop

    def _kind(self, source: Pieces) -> tuple[str, tuple[Reason, ...]]:
        if source not in self._kinds:
            self._kinds[source] = sources.kind(self._report.text, source)
        return self._kinds[source]

    def _down(self, found: Found) -> Iterator[Hop]:
        """The hops from this claim to the innermost one that holds most of its content."""
        while True:
            yield self._hop(found)
            deeper = [inner for inner in found.inner if 2 * size(inner.at) >= size(found.at)]
            if not deeper:
                return
            found = deeper[0]

    def _claim(self, found: Found, outer: str, above: tuple[Hop, ...]) -> Claim:
        report, at = self._report, found.at
        text, span = report.text, cover((*at.source, *at.cue, *at.content))
        judged = acts.judge(text, at.source, at.cue, at.content, self._inside)
        kind, kind_reasons = self._kind(at.source)
        quote, quote_reasons = quotes.kind(text, at.content, self._inside)
        return Claim(
            id=self._hop(found).claim,
            report=report.id,
            source=at.source,
            cue=at.cue,
            content=at.content,
            act=judged.act,
            stance=judged.stance,
            polarity=judged.polarity,
            certainty=judged.certainty,
            quote=quote,
            source_kind=kind,
            confidence=at.confidence,
            speaker=self._resolver.resolve(at.source),
            target=targets.target(text, at.source, at.cue, at.content),
            time=dates.said_at(text, at.source, at.cue, at.content, report.published),
            chain=(*self._outermost, *above, *self._down(found)),
            reasons=(
                *judged.reasons,
                *kind_reasons,
                *quote_reasons,
                *self._resolver.reasons(at.source),
            ),
            selector=select(text, span),
            within=outer,
            depth=found.depth,
            repeated=any(within(span, note.span) for note in report.repeats),
        )


def _outermost(report: Report) -> tuple[Hop, ...]:
    """The outlet and those it credits, each once: the hops that stand outside every claim of a report."""
    hops = {report.outlet: Hop("outlet", report.outlet)} if report.outlet else {}
    for note in report.credits:
        hops.setdefault(note.text, Hop("credit", note.text, note.span))
    return tuple(hops.values())
