"""The words that two texts share, aligned: runs of the same words, joined where little was changed between them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from purport.trace.shingles import RUN, Hashes, Words, mixed

_BITS = 19  # of a value that choose its slot
_TO_SLOT = np.uint64(64 - _BITS)

Places: TypeAlias = NDArray[np.intp]

GAP = 6  # words that may be changed, left out or put in between two runs of one passage
REPEATED = 8  # places of one run in a text that are looked at: a text that repeats itself takes no longer than others


class Run(NamedTuple):
    """`length` words, the same in both texts, from word `a` of one and word `b` of the other."""

    a: int
    b: int
    length: int


class Stretch(NamedTuple):
    """Runs that follow each other in both texts with few words between."""

    runs: tuple[Run, ...]
    words: int  # in the runs; of those between them none is counted

    @property
    def a(self) -> tuple[int, int]:
        """From its first word up to after its last."""
        return self.runs[0].a, self.runs[-1].a + self.runs[-1].length

    @property
    def b(self) -> tuple[int, int]:
        return self.runs[0].b, self.runs[-1].b + self.runs[-1].length


def runs(pairs: Sequence[tuple[Words, Words]]) -> list[list[Run]]:
    """For each pair of texts the runs of five words and more that they share, each word in one run at most.

    All pairs go through the arrays at once; pairs with the same first text should follow each other.
    """
    if not pairs:
        return []
    groups = np.cumsum([n > 0 and pair[0] is not pairs[n - 1][0] for n, pair in enumerate(pairs)])
    firsts = [pair[0] for n, pair in enumerate(pairs) if not n or groups[n] > groups[n - 1]]
    # salted, so that a text's runs are found by the texts it is paired with only
    salts = mixed(np.arange(len(firsts), dtype=np.uint64))
    ours, our_firsts = _joined([text.runs for text in firsts], salts)
    theirs, their_firsts = _joined([pair[1].runs for pair in pairs], salts[groups])
    left, right = _same(ours, theirs)
    owners = np.searchsorted(their_firsts, right, side="right") - 1
    left, right = left - our_firsts[groups[owners]], right - their_firsts[owners]
    found, edges = _unbroken(left, right, owners, len(pairs))
    return [
        _apart(found[start:end], len(a), len(b)) for (a, b), start, end in zip(pairs, edges, edges[1:], strict=False)
    ]


def _joined(texts: Sequence[Hashes], salts: Hashes) -> tuple[Hashes, Places]:
    """Runs of texts behind each other, and where each text's start."""
    sizes = np.array([len(text) for text in texts])
    return np.concatenate(texts) ^ np.repeat(salts, sizes), np.cumsum(sizes) - sizes


def _same(ours: Hashes, theirs: Hashes) -> tuple[Places, Places]:
    """The places of equal values, as pairs."""
    # most values have no equal: tables of where their first bits lead rule them out, on both sides, without a search
    our_slots, their_slots = (ours >> _TO_SLOT).astype(np.intp), (theirs >> _TO_SLOT).astype(np.intp)
    mine = np.flatnonzero(_held(their_slots)[our_slots])
    held = np.flatnonzero(_held(our_slots[mine])[their_slots])
    if not len(held):
        return held, held
    order = mine[np.argsort(ours[mine], kind="stable")]
    ordered = ours[order]
    first = np.minimum(np.searchsorted(ordered, theirs[held], side="left"), len(ordered) - 1)
    same = np.flatnonzero(ordered[first] == theirs[held])
    held, first = held[same], first[same]
    ends = np.append(np.flatnonzero(ordered[1:] != ordered[:-1]) + 1, len(ordered))
    often = np.minimum(ends[np.searchsorted(ends, first, side="right")] - first, REPEATED)
    held, first = np.repeat(held, often), np.repeat(first, often)
    return order[first + np.arange(len(held)) - np.repeat(np.cumsum(often) - often, often)], held


def _held(slots: Places) -> NDArray[np.bool_]:
    table = np.zeros(1 << _BITS, bool)
    table[slots] = True
    return table


def _unbroken(left: Places, right: Places, owners: Places, count: int) -> tuple[list[Run], list[int]]:
    """Pairs of places that follow each other in both texts, as runs, by owner and the longest first; they may overlap.

    Then where each owner's start.
    """
    # one number for each pair, by owner, then by how far the places lie apart: sorted sooner than three
    most = int(max(left.max(initial=0), right.max(initial=0))) + 1
    order = np.argsort((owners * (2 * most) + (right - left + most)) * most + left)
    left, right, owners = left[order], right[order], owners[order]
    goes_on = (left[1:] - left[:-1] == 1) & (right[1:] - right[:-1] == 1) & (owners[1:] == owners[:-1])
    begin = np.concatenate(([0], np.flatnonzero(~goes_on) + 1))[: len(left)]
    lengths = np.diff(np.append(begin, len(left))) + RUN - 1
    left, right, owners = left[begin], right[begin], owners[begin]
    order = np.lexsort((left + right, -lengths, owners))  # the same whichever text is named first
    rows = map(Run, left[order].tolist(), right[order].tolist(), lengths[order].tolist())
    return list(rows), np.searchsorted(owners, np.arange(count + 1)).tolist()


def _apart(found: list[Run], words_a: int, words_b: int) -> list[Run]:
    """Runs, the longest first, cut so that no word of either text is in two."""
    if len(found) < 2:
        return found
    taken_a, taken_b = bytearray(words_a), bytearray(words_b)
    chosen = []
    for a, b, length in found:
        if taken_a.find(1, a, a + length) >= 0 or taken_b.find(1, b, b + length) >= 0:
            a, b, length = _free(a, b, length, taken_a, taken_b)
        if length >= RUN:
            taken_a[a : a + length] = taken_b[b : b + length] = b"\1" * length
            chosen.append(Run(a, b, length))
    return chosen


def _free(a: int, b: int, length: int, taken_a: bytearray, taken_b: bytearray) -> Run:
    """A run without what longer ones have taken at its ends; without words, if one lies within it."""
    start, end = 0, length
    while start < end and (taken_a[a + start] or taken_b[b + start]):
        start += 1
    while end > start and (taken_a[a + end - 1] or taken_b[b + end - 1]):
        end -= 1
    within = taken_a.find(1, a + start, a + end) >= 0 or taken_b.find(1, b + start, b + end) >= 0
    return Run(a + start, b + start, 0 if within else end - start)


def stretches(found: Iterable[Run]) -> Iterator[Stretch]:
    """Runs joined where at most GAP words were changed between two of them, in the order of the first text."""
    held: list[Run] = []
    words = end_a = end_b = 0
    for run in sorted(found):
        a, b, length = run
        if held and not (a - end_a <= GAP and 0 <= b - end_b <= GAP):  # in the first text no run begins within another
            yield Stretch(tuple(held), words)
            held, words = [], 0
        held.append(run)
        words, end_a, end_b = words + length, a + length, b + length
    if held:
        yield Stretch(tuple(held), words)
