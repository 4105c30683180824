"""What an outlet changed in a page after publishing it, said of its claims: a denial added, a number changed.

Words decide: what stands in both versions is no edit, even if a reader read it otherwise the second time, and what
changed is told in some edit. Nothing depends on which version came first (swapping them swaps added and removed) or on
who is named.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import TypeAlias

import msgspec

from purport.core.edits import (
    ADDED,
    ATTRIBUTION,
    CHANGED,
    CLAIM,
    CUE,
    DATE,
    DENIAL,
    HEADLINE,
    NOTE,
    PASSAGE,
    REMOVED,
    STANCE,
    TEXT,
    Edit,
    Version,
    rank,
)  # fmt: skip
from purport.core.spans import words as said
from purport.trace import wording
from purport.trace.alignment import Hunk, Text
from purport.trace.claimed import Claimed, both, claimed
from purport.trace.facets import facets, told
from purport.trace.places import NEW, OLD, Pages, edit, how_of, pages

KEPT = 0.7  # share of a claim's telling words that stand on, from which only its attribution is gone
ANOTHER = 0.2  # share of the telling words in common, below which another text stands at the address
LEAST = 30  # words for that

Run: TypeAlias = list[int]  # sentences that follow one another


def edits(before: Version, after: Version) -> tuple[Edit, ...]:
    """What changed from one version of a page to another, the gravest first; nothing of what only looks different."""
    at = pages(before, after)
    if _is_another(*at.texts):
        was, now = (at.stretch(side, (0, len(at.versions[side].report.text))) for side in (OLD, NEW))
        return (edit(TEXT, CHANGED, was, now),)
    notes = list(_notes(at))
    found = [*_once(_claims(at)), *_headline(at), *_date(before, after, at)]
    note = " ".join(one.after.words for one in notes if one.how != REMOVED)
    found = [msgspec.structs.replace(one, note=note) for one in found]
    return tuple(sorted((*found, *notes), key=rank))


def _once(found: Iterator[Edit]) -> Iterator[Edit]:
    """Without a change of the words of telling where the same change is told as one of the reporter's stance.

    A page may have been read with another claim at the very place, in the one version and in the other.
    """
    told = list(found)
    stances = {(one.before.span, one.after.span) for one in told if one.kind == STANCE}
    yield from (one for one in told if one.kind != CUE or (one.before.span, one.after.span) not in stances)


def _is_another(old: Text, new: Text) -> bool:
    mine, theirs = (Counter(wording.telling([word.key for word in text.words])) for text in (old, new))
    fewer = min(mine.total(), theirs.total())
    return max(mine.total(), theirs.total()) >= LEAST and (mine & theirs).total() < ANOTHER * max(fewer, 1)


def _headline(at: Pages) -> Iterator[Edit]:
    """The headline as a whole; what it changes of claims is told besides."""
    titles = [" ".join(version.report.title.split()) for version in at.versions]
    keys = [[word.key for word in wording.words_of(title, (0, len(title)))] for title in titles]
    if all(titles) and keys[OLD] != keys[NEW]:
        before, after = (at.stretch(side, _first(at.texts[side]), titles[side]) for side in (OLD, NEW))
        yield edit(HEADLINE, CHANGED, before, after, where=wording.HEADLINE)


def _first(text: Text) -> tuple[int, int]:
    """Where the headline stands in the text; (0, 0) where it stands only in the mark-up."""
    return next((one.span for one in text.sentences[:1] if one.part == wording.HEADLINE), (0, 0))


def _date(before: Version, after: Version, at: Pages) -> Iterator[Edit]:
    """The day of publication that the page states; a page that states none says nothing of it."""
    for was in before.report.published:
        for now in after.report.published:
            if was.start != now.start:
                yield edit(DATE, CHANGED, at.stretch(OLD, was.span, was.words), at.stretch(NEW, now.span, now.words))


def _is_note(hunk: Hunk, at: Pages) -> bool:
    return any(at.texts[side].part(number) == wording.NOTE for side in (OLD, NEW) for number in hunk.sides[side][:1])


def _notes(at: Pages) -> Iterator[Edit]:
    """Notes of corrections, each told whole."""
    groups: dict[int, tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for hunk in at.found.hunks:
        if _is_note(hunk, at):
            for side in (OLD, NEW):
                across = (at.found.there, at.found.back)[side]
                for number in hunk.sides[side]:
                    whole = at.texts[side].of(at.texts[side].sentence(number))
                    groups[hunk.group][side].update(whole)
                    groups[hunk.group][1 - side].update(across[one] for one in whole if one in across)
    for old, new in groups.values():
        yield edit(NOTE, how_of(old, new), at.place(OLD, old, new), at.place(NEW, new, old))


def _claims(at: Pages) -> Iterator[Edit]:
    """Claims that came and went, then what else changed."""
    mine, theirs = (claimed(version.claims, text) for version, text in zip(at.versions, at.texts, strict=True))
    pairs = list(both(mine, theirs, at.found))
    hunks = [hunk for hunk in at.found.hunks if not _is_note(hunk, at)]
    lone = tuple(
        _lone(claims, [pair[side] for pair in pairs], {number for hunk in hunks for number in hunk.sides[side]})
        for side, claims in ((OLD, mine), (NEW, theirs))
    )
    for side in (OLD, NEW):
        for one in _outermost(lone[side]):
            if _is_read_once(one, side, hunks, at):
                yield _put_otherwise(one, side, hunks, at)
            else:
                yield _come_or_gone(one, side, hunks, lone[1 - side], at)
    left = [hunk for hunk in hunks if not any(_is_told(hunk, side, lone[side], at) for side in (OLD, NEW))]
    whole = {hunk for hunk in left if _is_whole(hunk, at)}
    yield from _passages(whole, at)
    yield from told(facets([hunk for hunk in left if hunk not in whole], pairs, at), at)


def _lone(claims: Sequence[Claimed], paired: Sequence[Claimed], changed: set[int]) -> list[Claimed]:
    """The claims of one version only, whose words of telling are of that version only, too."""
    known = {one.at for one in paired}
    alone = (one for one in claims if one.at not in known and not changed.isdisjoint(one.cue or one.content))
    return [one for one in alone if not any(_is_double(one, other) for other in paired)]


def _is_double(one: Claimed, other: Claimed) -> bool:
    """The same words of the same source, read twice: once by "shows", once by "purportedly"."""
    same = len(one.telling & other.telling)
    return same >= KEPT * max(len(one.telling), len(other.telling), 1) and one.source == other.source


def _outermost(claims: Sequence[Claimed]) -> Iterator[Claimed]:
    """A claim inside another that came or went is told with it, unless it denies."""
    ids = {one.claim.id for one in claims}
    yield from (one for one in claims if one.claim.within not in ids or one.claim.act == "deny")


def _is_attribution(one: Claimed, side: int, at: Pages) -> bool:
    """Do the words of the claim stand on without it?"""
    across = (at.found.there, at.found.back)[side]
    kept = sum(number in across for number in one.telling)
    return bool(one.telling) and kept >= KEPT * len(one.telling)


def _is_read_once(one: Claimed, side: int, hunks: Sequence[Hunk], at: Pages) -> bool:
    """Did the claim stand in both, put a little otherwise, and was read as one in this version only?

    Then its words stand on, and so do some of its words of telling, or its source does with others behind it.
    """
    across = (at.found.there, at.found.back)[side]
    told = any(hunk.sides[1 - side] for hunk in hunks if not one.cue.isdisjoint(hunk.sides[side]))
    named = bool(one.source) and all(number in across for number in one.source) and told and one.claim.act != "deny"
    return (named or any(number in across for number in one.cue)) and _is_attribution(one, side, at)


def _put_otherwise(one: Claimed, side: int, hunks: Sequence[Hunk], at: Pages) -> Edit:
    """Its words of telling in both versions: “shows” became “purportedly shows”."""
    decided = one.decided["stance"]
    near = [hunk for hunk in hunks if not one.cue.isdisjoint(hunk.sides[side])]
    distance = one.claim.stance != "plain" and any(not decided.isdisjoint(hunk.sides[side]) for hunk in near)
    sides = [{number for hunk in near for number in hunk.sides[which]} for which in (OLD, NEW)]
    sides[side] |= one.cue
    old, new = at.widened(*at.matched(sides[OLD], sides[NEW]))
    places = [at.place(OLD, old, new), at.place(NEW, new, old)]
    places[side] = places[side].of(one.claim.id)
    who = said(at.versions[side].report.text, one.claim.source)
    return edit(STANCE if distance else CUE, CHANGED, places[OLD], places[NEW], who, where=at.where(old, new))


def _come_or_gone(one: Claimed, side: int, hunks: Sequence[Hunk], others: Sequence[Claimed], at: Pages) -> Edit:
    words = set(one.words)
    taken = {number for other in others for number in other.words}
    beside = {
        number for hunk in hunks if not words.isdisjoint(hunk.sides[side]) for number in hunk.sides[1 - side]
    } - taken
    if one.claim.act != "deny" and _is_attribution(one, side, at):
        kind = ATTRIBUTION
        across = (at.found.there, at.found.back)[side]
        beside |= {across[number] for number in one.content if number in across}
    else:
        kind = DENIAL if one.claim.act == "deny" else CLAIM
    here, there = at.place(side, words, beside), at.place(1 - side, beside, words)
    report = at.versions[side].report
    shown = said(report.text, one.claim.content or one.claim.cue)
    here = msgspec.structs.replace(here, words=shown, claim=one.claim.id)
    who = next((speaker.text for speaker in one.claim.speaker), said(report.text, one.claim.source))
    before, after = (here, there) if side == OLD else (there, here)
    return edit(kind, (REMOVED, ADDED)[side], before, after, who, where=at.where(*((words, ()), ((), words))[side]))


def _is_told(hunk: Hunk, side: int, lone: Sequence[Claimed], at: Pages) -> bool:
    """Is it told by a claim that came or went? Of one whose words stand on, only who says it and how."""
    words = set(hunk.sides[side])
    return any(
        not words.isdisjoint(one.cue | one.source if _is_attribution(one, side, at) else one.words) for one in lone
    )


def _is_whole(hunk: Hunk, at: Pages) -> bool:
    """Whole sentences that came or went?"""
    side = OLD if hunk.before else NEW
    numbers, text = hunk.sides[side], at.texts[side]
    return not hunk.sides[1 - side] and len(numbers) == len(text.of(text.sentence(numbers[0])))


def _passages(hunks: Collection[Hunk], at: Pages) -> Iterator[Edit]:
    """Sentences in which nothing is claimed; those that follow one another are one passage."""
    for side in (OLD, NEW):
        text = at.texts[side]
        found = sorted(text.sentence(hunk.sides[side][0]) for hunk in hunks if hunk.sides[side])
        for run in _runs([number for number in found if text.sentences[number].part == wording.TEXT]):
            words = {number for sentence in run for number in text.of(sentence)}
            here, there = at.place(side, words), at.place(1 - side, (), words)
            before, after = (here, there) if side == OLD else (there, here)
            yield edit(PASSAGE, (REMOVED, ADDED)[side], before, after)


def _runs(numbers: Sequence[int]) -> Iterator[Run]:
    run: Run = []
    for number in numbers:
        if run and number != run[-1] + 1:
            yield run
            run = []
        run.append(number)
    if run:
        yield run
