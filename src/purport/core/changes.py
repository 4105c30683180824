"""What changed between two readings of one report: claims added, gone, and the same claim read differently."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

import msgspec

from purport.core.records import Claim
from purport.core.spans import Pieces, Span, words
from purport.core.times import iso

SAME = 0.3  # share of their characters that two contents have in common, from which they may be one claim's
MOVED = 0.1  # a confidence that moved by less is the same
_BLOCK = 1_024  # characters: claims are compared with those that touch the same block of the text

Places: TypeAlias = tuple[Pieces, Pieces, Pieces]


class Change(msgspec.Struct, frozen=True):
    """One field of a claim, as it was and as it is, in words."""

    field: str
    old: str
    new: str


class Changed(msgspec.Struct, frozen=True):
    """One claim in two readings that don't agree on it."""

    before: Claim
    after: Claim
    fields: tuple[Change, ...]


class Changes(msgspec.Struct, frozen=True):
    """The difference of two readings of one report; each in the order of its own reading."""

    added: tuple[Claim, ...] = ()
    gone: tuple[Claim, ...] = ()
    changed: tuple[Changed, ...] = ()
    same: int = 0  # claims that both readings have alike

    def __bool__(self) -> bool:
        return bool(self.added or self.gone or self.changed)


def compare(before: Sequence[Claim], after: Sequence[Claim], text: str) -> Changes:
    """Compare the claims of two readings of the report with this text.

    Claims at the very same places are one claim; of the others those are paired whose contents overlap most, each
    once. Ids play no part, since they depend on the reader. Swapping the readings swaps added and gone.
    """
    old, new = _by_places(before), _by_places(after)
    pairs = {places: places for places in old if places in new}
    left = [places for places in old if places not in pairs]
    right = [places for places in new if places not in pairs]
    taken: set[Places] = set()
    for _, a, b in sorted(_alike(left, right), key=lambda found: (-found[0], *sorted(found[1:]))):
        if a not in pairs and b not in taken:
            pairs[a] = b
            taken.add(b)
    held = {*pairs.values()}
    changed = [Changed(old[a], new[b], tuple(fields(old[a], new[b], text))) for a, b in pairs.items()]
    changed.sort(key=lambda one: _places(one.after))
    return Changes(
        added=tuple(claim for places, claim in new.items() if places not in held),
        gone=tuple(claim for places, claim in old.items() if places not in pairs),
        changed=tuple(one for one in changed if one.fields),
        same=sum(not one.fields for one in changed),
    )


def _places(claim: Claim) -> Places:
    return claim.cue, claim.content, claim.source


def _by_places(claims: Iterable[Claim]) -> dict[Places, Claim]:
    found: dict[Places, Claim] = {}
    for claim in claims:
        found.setdefault(_places(claim), claim)
    return found


def _alike(left: list[Places], right: list[Places]) -> Iterator[tuple[float, Places, Places]]:
    """Pairs that may be one claim, with how much alike they are; only those near each other are looked at."""
    near: dict[int, list[Places]] = defaultdict(list)
    for places in right:
        for block in _blocks(places):
            near[block].append(places)
    for places in left:
        for other in dict.fromkeys(found for block in _blocks(places) for found in near.get(block, ())):
            score = likeness(places, other)
            if score:
                yield score, places, other


def _blocks(places: Places) -> set[int]:
    cue, content, _ = places
    return {block for start, end in (content or cue) for block in range(start // _BLOCK, end // _BLOCK + 1)}


def likeness(a: Places, b: Places) -> float:
    """How alike two claims are: 0 if they are not one; contents count first, then cues, then sources."""
    cues, contents, sources = (_share(x, y) for x, y in zip(a, b, strict=True))
    bare = not (a[1] or b[1])  # "declined to comment" has no content
    if contents < SAME and not (bare and cues):
        return 0.0
    return contents + cues / 2 + sources / 4


def _share(a: Pieces, b: Pieces) -> float:
    """The share of their characters that two roles have in common (Jaccard)."""
    common = sum(_common(x, y) for x in a for y in b)
    total = sum(end - start for start, end in (*a, *b)) - common
    return common / total if total else 0.0


def _common(a: Span, b: Span) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def fields(before: Claim, after: Claim, text: str) -> Iterator[Change]:
    """The fields in which two claims differ. Ids, selectors and reasons, which follow from the others, are left out."""
    for role in ("source", "cue", "content"):
        old, new = getattr(before, role), getattr(after, role)
        if old != new:
            said, says = words(text, old), words(text, new)
            if said == says:  # the same words at another place
                said, says = f"{said} [{_at(old)}]", f"{says} [{_at(new)}]"
            yield Change(role, said, says)
    for name in ("act", "stance", "polarity", "certainty", "quote", "source_kind"):
        if getattr(before, name) != getattr(after, name):
            yield Change(name, getattr(before, name), getattr(after, name))
    for name, show in (("speaker", _mentions), ("target", _mentions), ("time", _times), ("chain", _chain)):
        old, new = show(getattr(before, name)), show(getattr(after, name))
        if old != new:
            yield Change(name, old, new)
    if bool(before.within) != bool(after.within):
        yield Change("inside another claim", _yes(before.within), _yes(after.within))
    if before.repeated != after.repeated:
        yield Change("repeated", _yes(before.repeated), _yes(after.repeated))
    if abs(before.confidence - after.confidence) >= MOVED:
        yield Change("confidence", f"{before.confidence:.2f}", f"{after.confidence:.2f}")


def _at(pieces: Pieces) -> str:
    return " ".join(f"{start}–{end}" for start, end in pieces)


def _mentions(found: Sequence[msgspec.Struct]) -> str:
    return ", ".join(f"{one.text} [{_at((one.span,))}]" for one in found)  # type: ignore[attr-defined]


def _times(found: Sequence[msgspec.Struct]) -> str:
    return ", ".join(f"{one.words} ({iso(one.start)} – {iso(one.end)})" for one in found)  # type: ignore[attr-defined]


def _chain(found: Sequence[msgspec.Struct]) -> str:
    return " › ".join(f"{one.text} ({one.kind})" for one in found)  # type: ignore[attr-defined]


def _yes(value: object) -> str:
    return "yes" if value else "no"
