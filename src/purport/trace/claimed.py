"""The claims of two versions as sets of their texts' words, and which of them are one claim."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from purport.core.records import Claim
from purport.trace.alignment import Difference, Text
from purport.trace.wording import NOTE, table

SAME = 0.3  # share of their contents' telling words that two claims have in common, from which they may be one


class Claimed(NamedTuple):
    """A claim with the numbers of the words of its roles, and of those that decided its labels."""

    claim: Claim
    at: int  # its place among the claims
    source: frozenset[int]
    cue: frozenset[int]
    content: frozenset[int]
    telling: frozenset[int]  # words of the content
    decided: dict[str, frozenset[int]]  # by label: stance, polarity, certainty

    @property
    def words(self) -> frozenset[int]:
        return self.source | self.cue | self.content


def claimed(claims: Iterable[Claim], text: Text) -> list[Claimed]:
    """The claims that stand in the story: none in notes of corrections, captions said twice and the like."""
    little = table().little
    found = []
    for at, claim in enumerate(claims):
        source, cue, content = (text.within(role) for role in (claim.source, claim.cue, claim.content))
        if any(text.part(number) == NOTE for number in cue or content) or not (cue or content):
            continue
        telling = frozenset(number for number in content if text.words[number].key not in little) or content
        decided: dict[str, frozenset[int]] = defaultdict(frozenset)
        for reason in claim.reasons:
            decided[reason.what] |= text.within((reason.span,))
        found.append(Claimed(claim, at, source, cue, content, telling, decided))
    return found


class Both(NamedTuple):
    """One claim in two versions."""

    before: Claimed
    after: Claimed


def both(before: list[Claimed], after: list[Claimed], found: Difference) -> Iterator[Both]:
    """The claims that are one, the most alike first, each once; ties are settled by places alone."""
    where: dict[int, list[int]] = defaultdict(list)
    for b, theirs in enumerate(after):
        for word in theirs.words:
            where[word].append(b)
    scored = []
    for a, mine in enumerate(before):
        near = {b for word in mine.words if word in found.there for b in where.get(found.there[word], ())}
        for b in near:
            score = _likeness(mine, after[b], found)
            if score:
                scored.append((-score, abs(a - b), a + b, a, b))
    taken: set[int] = set()
    used: set[int] = set()
    for *_, a, b in sorted(scored):
        if a not in taken and b not in used:
            taken.add(a)
            used.add(b)
            yield Both(before[a], after[b])


def _likeness(mine: Claimed, theirs: Claimed, found: Difference) -> float:
    """0 for claims that are not one: contents count first, then cues, then sources."""
    there = found.there
    if _inside(mine.cue, theirs.content, there) or _inside(theirs.cue, mine.content, found.back):
        return 0.0  # one was claimed within the other: a hop of the chain came or went
    contents = _share(mine.telling, theirs.telling, there)
    cues, sources = _share(mine.cue, theirs.cue, there), _share(mine.source, theirs.source, there)
    same_frame = cues == 1 and (sources == 1 or not (mine.source or theirs.source))
    if contents < SAME and not same_frame:
        return 0.0
    return contents + cues / 2 + sources / 4


def _inside(cue: frozenset[int], content: frozenset[int], across: dict[int, int]) -> bool:
    return bool(cue) and all(across.get(number, -1) in content for number in cue)


def _share(a: frozenset[int], b: frozenset[int], there: dict[int, int]) -> float:
    """The share of their words that stand in both (Dice)."""
    both = sum(there.get(number, -1) in b for number in a)
    return 2 * both / (len(a) + len(b)) if both else 0.0
