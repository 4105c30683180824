"""Where has this been seen before, to the second? A file against the library, by its prints.

    file -> sketch (one pass) -> looks like the library's -> runs with a view -> timing -> matches

Cheap things come first. Whole pictures alike cost next to nothing; marks are sought only in the looks that those leave
open, a few first, then many; as they are first, then as a mirror shows them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from purport.core.matches import SAME_FOOTAGE, SAME_SCENE, Match
from purport.footage.align import Run, Voting, groups
from purport.footage.index import Index
from purport.footage.joins import joined, settled
from purport.footage.judge import AT_SPEED, judged
from purport.footage.motion import Flags, View
from purport.footage.prints import Finder, Ints, Prints
from purport.footage.sketch import Sketch, sketch

ENOUGH = 0.8  # agreement of pictures from which a stretch need not be looked at more closely
MUCH = 0.8  # share of a run that a match must cover, or it is tried in parts


@dataclass(frozen=True, slots=True)
class Look:
    """How closely to look: pixels of the longer side, marks a picture, and every which look."""

    side: int
    marks: int
    every: int


STAGES = (Look(480, 300, 2), Look(640, 500, 1))


def find(path: Path, index: Index, told: Callable[[float], None] = lambda share: None) -> list[Match]:
    """Every interval of the file that the library's releases show, in the order of the query. Raises FootageError."""
    return matches(sketch(path, told), index)


def matches(query: Sketch, index: Index) -> list[Match]:
    found = list(by_pictures(query, index))
    for stage in STAGES:
        finder = Finder(stage.marks)
        for mirrored in (False, True):
            looks = unexplained(query, found)[:: stage.every]
            if len(looks):
                found += by_marks(query, index, looks, finder, stage.side, mirrored)
    return sorted(settled(joined(found)), key=lambda match: (match.query_start, -match.score, match.reference))


def unexplained(query: Sketch, found: list[Match]) -> Ints:
    """The looks of the query that no match says enough of."""
    times = query.prints.times
    open_ones = np.ones(len(times), bool)
    for match in found:
        if match.kind != SAME_SCENE and match.score >= ENOUGH:
            open_ones &= (times < match.query_start - 1e-3) | (times >= match.query_end)
    return np.flatnonzero(open_ones).astype(np.int32)


def by_pictures(query: Sketch, index: Index) -> Iterator[Match]:
    """By hashes: the whole picture, as it is or mirrored, at its own speed. Of all else marks tell better."""
    looks = np.arange(len(query.prints.times))
    for owner, (here, there) in index.pictures_alike(query.prints.hashes).items():
        reference = index.prints(owner)
        view = np.diag([reference.aspect / query.prints.aspect, 1.0, 1.0])

        run = partial(whole_run, here, there, view)
        for mirrored in (False, True):
            found = told(query, index.names[owner], reference, np.isin(looks, here), run, mirrored)
            yield from (match for match in found if match.kind == SAME_FOOTAGE and abs(match.speed - 1) <= AT_SPEED)


def whole_run(here: Ints, there: Ints, view: View, first: int, last: int) -> Run:
    voted = there[(here >= first) & (here <= last)]
    return Run(first, last, int(voted.min()), int(voted.max()), view)


def by_marks(query: Sketch, index: Index, looks: Ints, finder: Finder, side: int, mirrored: bool) -> Iterator[Match]:
    """By marks in some looks of the query."""
    marks = query.marks(looks.tolist(), finder, side, mirrored)
    for owner, hits in index.alike(marks.patterns).items():
        reference = index.prints(owner)
        voting = Voting(hits, marks, reference.marks, len(query.prints.times), len(reference.times))
        yield from told(query, index.names[owner], reference, voting.flags, voting.run, mirrored)


def told(
    query: Sketch,
    name: str,
    reference: Prints,
    flags: Flags,
    run: Callable[[int, int], Run | None],
    mirrored: bool,
) -> Iterator[Match]:
    """The matches of one release in the flagged looks: each stretch between two cuts as one, or in parts.

    Where one match does not say all of a stretch, it may be two that fade into one another.
    """
    hard = query.prints.cuts
    for first, last in groups(flags, query.starts(hard)):
        one = run(first, last)
        whole = judged(query, name, reference, one, mirrored, hard) if one else []
        if told_apart(whole, query, first, last):
            yield from whole
            continue
        inner = flags.copy()
        inner[:first], inner[last + 1 :] = False, False
        parts = list(groups(inner, query.starts(query.cuts)))
        smaller = [run(*part) for part in parts] if len(parts) > 1 else []
        found = [
            match for part in smaller if part for match in judged(query, name, reference, part, mirrored, query.cuts)
        ]
        better = [match for match in found if match.kind != SAME_SCENE]
        yield from better or whole or found


def told_apart(found: list[Match], query: Sketch, first: int, last: int) -> bool:
    """Do these matches, none of them of another time, say what the looks [first, last] are?"""
    begin, end = float(query.prints.times[first]), float(query.prints.times[last])
    said = sum(min(one.query_end, end) - max(one.query_start, begin) for one in found if one.kind != SAME_SCENE)
    return said >= MUCH * (end - begin)
