"""Matches that go on in one another made one, and of several for one stretch the best kept."""

from collections.abc import Iterable, Iterator

import msgspec

from purport.core.matches import SAME_FOOTAGE, SAME_SCENE, UNDECIDABLE, Match

APART = 1.2  # seconds of the query that may lie between two parts of a match
LESS = 0.6  # of what moves with another release: a match with so little is outdone if it agrees less, too
WORSE = 0.1  # and one that agrees less by so much, whatever moves
ASTRAY = 0.35  # seconds of the reference by which the second may begin elsewhere than expected


def joined(found: Iterable[Match]) -> list[Match]:
    whole: list[Match] = []
    for match in sorted(found, key=lambda one: (one.reference, one.mirrored, one.query_start)):
        last = whole[-1] if whole else None
        if last and goes_on(last, match):
            whole[-1] = together(last, match)
        else:
            whole.append(match)
    return whole


def goes_on(last: Match, match: Match) -> bool:
    same = (last.reference, last.mirrored) == (match.reference, match.mirrored)
    same = same and (last.kind == match.kind or SAME_SCENE not in (last.kind, match.kind))
    gap = match.query_start - last.query_end
    expected = last.reference_end + gap * last.speed
    return same and gap < APART and abs(match.reference_start - expected) < ASTRAY


def together(last: Match, match: Match) -> Match:
    """One match from the beginning of the first to the end of the later one, with the facts of the longer."""
    ending = match if match.query_end > last.query_end else last
    longer = max(last, match, key=lambda one: one.query_end - one.query_start)
    seconds = ending.query_end - last.query_start
    return msgspec.structs.replace(
        longer,
        kind=SAME_FOOTAGE if SAME_FOOTAGE in (last.kind, match.kind) else longer.kind,
        query_start=last.query_start,
        reference_start=last.reference_start,
        query_end=ending.query_end,
        reference_end=ending.reference_end,
        speed=round((ending.reference_end - last.reference_start) / seconds, 3) if seconds > 0 else longer.speed,
    )


def settled(found: list[Match]) -> Iterator[Match]:
    """Of matches of one release for the same stretch of the query the best alone."""
    kept: list[Match] = []
    for match in sorted(found, key=worth, reverse=True):
        if not any(overlap(match, other) > 0.5 for other in kept if other.reference == match.reference):
            kept.append(match)
            yield match


def outdone(found: list[Match]) -> list[Match]:
    """Matches of which another release says more of the same stretch made undecidable.

    A camera that stands still shows much that looks alike at two times. The same moments agree best, and in most of
    what moves; two copies of one film agree about equally, and both stay.
    """
    same = [match for match in found if match.kind == SAME_FOOTAGE]
    return [
        msgspec.structs.replace(match, kind=UNDECIDABLE)
        if match.kind == SAME_FOOTAGE and any(outdoes(other, match) for other in same)
        else match
        for match in found
    ]


def outdoes(other: Match, match: Match) -> bool:
    if other.reference == match.reference or overlap(match, other) <= 0.5 or other.agreement <= match.agreement:
        return False
    return match.movement < LESS * other.movement or match.agreement < other.agreement - WORSE


def worth(match: Match) -> tuple[int, float]:
    order = (SAME_SCENE, UNDECIDABLE, SAME_FOOTAGE)
    return order.index(match.kind), match.score * (match.query_end - match.query_start)


def overlap(one: Match, other: Match) -> float:
    """Share of the shorter one's time in the query that both cover."""
    both = min(one.query_end, other.query_end) - max(one.query_start, other.query_start)
    return max(0.0, both) / max(min(one.query_end - one.query_start, other.query_end - other.query_start), 1e-6)
