"""What words that changed, change: how firmly a claim is put, whose word it is, its numbers, or none of these."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from purport.core.edits import (
    ACT,
    ADDED,
    CERTAINTY,
    CHANGED,
    CONTENT,
    CUE,
    DATELINE,
    DENIAL,
    KINDS,
    NUMBER,
    PASSAGE,
    POLARITY,
    REMOVED,
    SOURCE,
    STANCE,
    Edit,
)  # fmt: skip
from purport.core.spans import words as said
from purport.trace.alignment import Hunk
from purport.trace.claimed import Both, Claimed
from purport.trace.places import NEW, OLD, Pages, edit, how_of
from purport.trace.wording import HEADLINE, is_number, table

FEW = 4  # words around a number that came or went; in longer ones it is not the number that changed
MANY = 8  # words around a number that changed

LABELS = (STANCE, POLARITY, CERTAINTY)  # those that other words than the cue may decide
TELLING = frozenset((STANCE, DENIAL, ACT, CUE))  # shown with the whole cue
LABELLED = frozenset((POLARITY, CERTAINTY, *TELLING))  # never without words on either side


class Facet(NamedTuple):
    """One thing that a hunk changes, of one claim or of none."""

    kind: str
    hunk: Hunk
    of: tuple[Both, ...] = ()  # none or one


def facets(hunks: Iterable[Hunk], pairs: Sequence[Both], at: Pages) -> Iterator[Facet]:
    inner_first = sorted(
        pairs, key=lambda pair: (len(pair.before.words) + len(pair.after.words), pair.before.at + pair.after.at)
    )
    for hunk in hunks:
        found = {facet.kind: facet for facet in reversed(list(_of(hunk, inner_first, at)))}  # of the innermost claim
        yield from found.values()
        if not found or (found.keys() == {NUMBER} and _says_more(hunk, at)):
            yield from _plain(hunk, inner_first, at)


def _size(pair: Both) -> tuple[int, int]:
    return len(pair.before.words) + len(pair.after.words), pair.before.at + pair.after.at


def _touches(hunk: Hunk, before: frozenset[int], after: frozenset[int]) -> bool:
    return not (before.isdisjoint(hunk.before) and after.isdisjoint(hunk.after))


def _of(hunk: Hunk, pairs: Sequence[Both], at: Pages) -> Iterator[Facet]:
    for pair in pairs:
        yield from (Facet(kind, hunk, (pair,)) for kind in _telling(hunk, pair))
        if _touches(hunk, pair.before.source, pair.after.source) and _named(pair, OLD, at) != _named(pair, NEW, at):
            yield Facet(SOURCE, hunk, (pair,))
    old, new = ([at.texts[side].words[n].key for n in _numbers(hunk, side, at)] for side in (OLD, NEW))
    longest = max(len(hunk.before), len(hunk.after))
    if old != new and (longest <= FEW or (old and new and (longest <= MANY or len(old) == len(new)))):
        yield Facet(NUMBER, hunk)


def _numbers(hunk: Hunk, side: int, at: Pages) -> list[int]:
    """The words of a side that are numbers."""
    return [number for number in hunk.sides[side] if is_number(at.texts[side].words[number].key)]


def _telling(hunk: Hunk, pair: Both) -> Iterator[str]:
    """How a claim is put: what its labels say of it, where this hunk holds the words that decided them."""
    mine, theirs = pair
    cue = _touches(hunk, mine.cue, theirs.cue)
    found = []
    denial = (mine.claim.act == "deny") != (theirs.claim.act == "deny")
    if cue and denial:
        found.append(DENIAL)
    elif cue and mine.claim.act != theirs.claim.act:
        found.append(ACT)
    for label in LABELS:
        was, now = getattr(mine.claim, label), getattr(theirs.claim, label)
        decided = _touches(hunk, mine.decided[label], theirs.decided[label])
        if was != now and (cue or decided) and not (label == POLARITY and denial):
            found.append(label)
    if cue:  # one word of telling is one edit, however many labels it decides
        yield min(found, key=KINDS.index, default=CUE)
    else:
        yield from found


def _named(pair: Both, side: int, at: Pages) -> list[str]:
    """The words of a source, without "a" and "the", and without numbers, which are told by themselves."""
    found = [at.texts[side].words[number] for number in sorted(pair[side].source)]
    return [word.key for word in found if word.key not in table().determiners and not is_number(word.key)]


def _says_more(hunk: Hunk, at: Pages) -> bool:
    """Did other words change than numbers?"""
    little = table().little
    keys = {side: [at.texts[side].words[n].key for n in hunk.sides[side]] for side in (OLD, NEW)}
    old, new = ([key for key in keys[side] if not is_number(key) and key not in little] for side in (OLD, NEW))
    return old != new


def _plain(hunk: Hunk, pairs: Sequence[Both], at: Pages) -> Iterator[Facet]:
    for pair in pairs:
        if _touches(hunk, pair.before.content, pair.after.content):
            yield Facet(CONTENT, hunk, (pair,))
            return
    if at.where(hunk.before, hunk.after) != HEADLINE:  # that is told whole
        yield Facet(DATELINE if _in_dateline(hunk, at) else PASSAGE, hunk)


def _in_dateline(hunk: Hunk, at: Pages) -> bool:
    return all(
        at.texts[side].words[number].span[1] <= at.texts[side].sentences[at.texts[side].sentence(number)].dateline
        for side in (OLD, NEW)
        for number in hunk.sides[side]
    )


def told(found: Iterable[Facet], at: Pages) -> Iterator[Edit]:
    """The edits: one for all hunks that change the same of one claim, or of one passage; each number by itself."""
    together: dict[tuple[object, ...], list[Facet]] = {}
    for number, facet in enumerate(found):
        of = tuple(pair.after.at for pair in facet.of) or facet.hunk.group
        key = (facet.kind, number if facet.kind == NUMBER else of)
        together.setdefault(key, []).append(facet)
    for some in together.values():
        yield _number(some[0], at) if some[0].kind == NUMBER else _edit(some, at)


def _number(facet: Facet, at: Pages) -> Edit:
    hunk = facet.hunk
    old, new = (_numbers(hunk, side, at) for side in (OLD, NEW))
    about = at.about(new, NEW) if new else at.about(old, OLD)
    before, after = at.place(OLD, old or hunk.before, hunk.after), at.place(NEW, new or hunk.after, hunk.before)
    return edit(NUMBER, how_of(old, new), before, after, about=about, where=at.where(*hunk.sides))


def _edit(some: Sequence[Facet], at: Pages) -> Edit:
    kind = some[0].kind
    old, new = ({number for facet in some for number in facet.hunk.sides[side]} for side in (OLD, NEW))
    how, who, ids = how_of(old, new), "", ("", "")
    for pair in some[0].of:
        ids, who = (pair.before.claim.id, pair.after.claim.id), _who(pair, at)
        if kind in TELLING:
            old, new = at.matched(old | _put(kind, pair.before), new | _put(kind, pair.after))
        if kind == SOURCE:
            old, new = set(pair.before.source) or old, set(pair.after.source) or new
            how = how_of(old, new)
        if kind == DENIAL:
            how = ADDED if pair.after.claim.act == "deny" else REMOVED
    if kind in LABELLED:
        old, new = at.widened(old, new)
        how = how if kind == DENIAL else CHANGED
    before, after = at.place(OLD, old, new), at.place(NEW, new, old)
    return edit(kind, how, before.of(ids[OLD]), after.of(ids[NEW]), who, where=at.where(old, new))


def _who(pair: Both, at: Pages) -> str:
    sources = (said(at.versions[side].report.text, pair[side].claim.source) for side in (NEW, OLD))
    return next(filter(None, sources), "")


def _put(kind: str, one: Claimed) -> frozenset[int]:
    """The words that say how a claim is put."""
    return one.cue | one.decided[STANCE] if kind == STANCE else one.cue
