"""The words that two texts share, aligned: runs of the same words, joined to passages where little was changed between."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from purport.trace.shingles import RUN, Words

GAP = 6  # words that may be changed, left out or put in between two runs of one passage
REPEATED = 8  # places of one run in a text that are looked at: a text that repeats itself takes no longer than others


class Run(NamedTuple):
    """`length` words, the same in both texts, from word `a` of one and word `b` of the other."""

    a: int
    b: int
    length: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Runs that follow each other in both texts with few words between."""

    runs: tuple[Run, ...]

    @property
    def words(self) -> int:
        return sum(run.length for run in self.runs)

    @property
    def a(self) -> tuple[int, int]:
        """From its first word up to after its last."""
        return self.runs[0].a, self.runs[-1].a + self.runs[-1].length

    @property
    def b(self) -> tuple[int, int]:
        return self.runs[0].b, self.runs[-1].b + self.runs[-1].length


def runs(a: Words, others: Sequence[Words]) -> list[list[Run]]:
    """For each of the others the runs of five words and more that it shares with `a`, each word in one run at most."""
    found: list[list[Run]] = [[] for _ in others]
    for number, run in sorted(_unbroken(a, others), key=lambda one: (one[0], -one[1].length, *one[1][:2])):
        found[number].append(run)
    return [_apart(one, len(a), len(b)) for one, b in zip(found, others, strict=True)]


def _unbroken(a: Words, others: Sequence[Words]) -> list[tuple[int, Run]]:
    """All runs, as long as they are the same, each with the number of the other text that has it. They may overlap."""
    theirs = np.concatenate([b.runs for b in others])
    order = np.argsort(a.runs, kind="stable")
    ordered = a.runs[order]
    first = np.searchsorted(ordered, theirs, side="left")
    held = np.flatnonzero(ordered[np.minimum(first, len(ordered) - 1)] == theirs) if len(ordered) else first[:0]
    if not len(held):
        return []
    first, last = first[held], np.searchsorted(ordered, theirs[held], side="right")
    often = np.minimum(last - first, REPEATED)
    if often.max() > 1:
        held, first = np.repeat(held, often), np.repeat(first, often)
        first = first + np.arange(len(held)) - np.repeat(np.cumsum(often) - often, often)
    ours = order[first]
    firsts = np.cumsum([0, *(len(b.runs) for b in others)])
    owners = np.searchsorted(firsts, held, side="right") - 1
    order = np.lexsort((ours, held - ours, owners))
    held, ours, owners = held[order], ours[order], owners[order]
    breaks = np.flatnonzero((np.diff(ours) != 1) | (np.diff(held) != 1) | (np.diff(owners) != 0)) + 1
    begin = np.concatenate(([0], breaks))
    lengths = np.diff(np.append(begin, len(held))) + RUN - 1
    owners = owners[begin]
    rows = map(Run, ours[begin].tolist(), (held[begin] - firsts[owners]).tolist(), lengths.tolist())
    return list(zip(owners.tolist(), rows, strict=True))


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


def stretches(found: list[Run]) -> Iterator[Stretch]:
    """Runs joined where at most GAP words were changed between two of them, in the order of the first text."""
    held: list[Run] = []
    for run in sorted(found):
        if held and not (
            0 <= run.a - held[-1].a - held[-1].length <= GAP and 0 <= run.b - held[-1].b - held[-1].length <= GAP
        ):
            yield Stretch(tuple(held))
            held = []
        held.append(run)
    if held:
        yield Stretch(tuple(held))
