"""Where has this been seen before, to the second? A file against the library, by its prints.

    file -> sketch (one pass) -> looks like the library's -> runs with a view -> timing -> matches

Cheap things come first. Whole pictures alike cost next to nothing; marks are sought only in the looks that those leave
open, a few first, then many; as they are first, then as a mirror shows them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import numpy as np

from purport.core.matches import SAME_FOOTAGE, SAME_SCENE, UNDECIDABLE, Match
from purport.footage.align import HELD, Run, Voting, groups
from purport.footage.index import PROBES, Hits, Index
from purport.footage.joins import joined, outdone, overlap, settled
from purport.footage.judge import judged
from purport.footage.motion import SPEEDS, STILL, Flags, View, alike
from purport.footage.prints import Floats, Ints, Marks, Prints, Tracks
from purport.footage.sketch import Marker, Sketch, sketch

FULLY = 2  # releases that are tried at every speed for a stretch of the query
LIKELY = 0.9  # agreement of two looks from which whole pictures are worth comparing
CERTAIN = 0.95  # agreement of what moves from which a whole picture needs no marks to say that it is the same
FEW = 2  # looks at a shot in each pass, if it has so many
FILLED = 0.9  # share of the picture that one match fills: then there is no other in it
ENOUGH = 0.8  # agreement of pictures from which a stretch need not be looked at more closely
FIRM = 14  # weight of marks from which what can't be told needs no closer look
MUCH = 0.8  # share of a run that a match must cover, or it is tried in parts


Seek: TypeAlias = Callable[[int, int], Run | None]


@dataclass(frozen=True, slots=True)
class Pass:
    """How closely to look: pixels of the longer side, marks a picture, every which look, and as a mirror shows it?

    `again`: also where one of the passes before, of the same side, found what may be something else. `closest`: no
    later one looks closer, so that what rests on few marks counts, too. `lists` of the index are looked through.
    """

    side: int
    marks: int
    every: int
    mirrored: bool
    again: bool = False
    closest: bool = False
    lists: int = PROBES


PASSES = (
    Pass(480, 120, 4, False, lists=3),
    Pass(480, 120, 4, True, lists=3),
    Pass(480, 300, 2, False, again=True, lists=3),
    Pass(480, 300, 2, True, again=True, lists=3),
    Pass(640, 600, 1, False, closest=True),
    Pass(640, 600, 2, True, closest=True),
)


def find(path: Path, index: Index, told: Callable[[float], None] = lambda share: None) -> list[Match]:
    """Every interval of the file that the library's releases show, in the order of the query. Raises FootageError."""
    return matches(sketch(path, told), index)


def matches(query: Sketch, index: Index) -> list[Match]:
    search = Search(query, index)
    search.by_pictures()
    markers = {one.side: Marker(query, one.side) for one in PASSES}
    sides = {(one.side, one.mirrored): Side(markers[one.side], index, one.mirrored) for one in PASSES}
    for one in PASSES:
        looks = unexplained(query, search.found, one)
        looks = looks[due(query, one.every)[looks]]
        if len(looks):
            search.by_marks(looks, sides[one.side, one.mirrored], one)
    search.by_likeness()
    found = outdone(list(settled(joined(search.found))))
    return sorted(found, key=lambda match: (match.query_start, -match.score, match.reference))


def due(query: Sketch, every: int) -> Flags:
    """Which looks a pass looks at: of each shot every so manieth, and of a short one more, down to all."""
    chosen = np.zeros(len(query.prints.times), bool)
    edges = [0, *query.starts(query.cuts), len(chosen)]
    for first, stop in pairwise(edges):
        chosen[first : stop : max(1, min(every, (stop - first) // FEW))] = True
    return chosen


def unexplained(query: Sketch, found: list[Match], before: Pass) -> Ints:
    """The looks of the query that no match says enough of before a pass: what it is, or that there is nothing else to
    see."""
    times = query.prints.times
    open_ones = np.ones(len(times), bool)
    for match in found:
        doubtful = match.kind != SAME_FOOTAGE and match.movement >= STILL
        if before.again and doubtful and match.mirrored == before.mirrored:
            continue
        if match.score >= ENOUGH and (match.kind != SAME_SCENE or match.filled >= FILLED):
            open_ones &= (times < match.query_start - 1e-3) | (times >= match.query_end)
    return np.flatnonzero(open_ones).astype(np.int32)


class Side:
    """The marks of the query in the looks looked at so far, as they are or as a mirror shows them, and what is like
    them in the library."""

    def __init__(self, marker: Marker, index: Index, mirrored: bool) -> None:
        self.mirrored = mirrored
        self.marks, self.hits = Tracks().marks(), dict[int, Hits]()
        self._marker, self._index, self._looked = marker, index, set[int]()

    def see(self, looks: Ints, how: Pass) -> None:
        """Look at those that were not looked at yet, so closely."""
        fresh = [look for look in looks.tolist() if look not in self._looked]
        self._looked.update(fresh)
        marks = self._marker.marks(fresh, self.mirrored, how.marks)
        for owner, hits in self._index.alike(marks.patterns, how.lists).items():
            later = replace(hits, query=hits.query + np.int32(len(self.marks)))
            self.hits[owner] = together(self.hits[owner], later) if owner in self.hits else later
        self.marks = Marks(
            np.concatenate([self.marks.patterns, marks.patterns]),
            np.concatenate([self.marks.places, marks.places]),
            np.concatenate([self.marks.looks, marks.looks]),
        )


def together(some: Hits, more: Hits) -> Hits:
    return Hits(
        *(
            np.concatenate([getattr(one, name) for one in (some, more)])
            for name in ("query", "reference", "closeness", "rarity", "shared")
        )
    )


class Search:
    """What was found so far for a query, which says how much of the rest is worth a closer look."""

    def __init__(self, query: Sketch, index: Index) -> None:
        self.found: list[Match] = []
        self._query, self._index = query, index
        self._tried: list[tuple[int, int]] = []  # runs for which every speed was tried

    def by_pictures(self) -> None:
        """By hashes: the whole picture, as it is or mirrored, at its own speed. Of all else marks tell better."""
        looks = np.arange(len(self._query.prints.times))
        for owner, (here, there) in self._index.pictures_alike(self._query.prints.hashes).items():
            reference = self._index.prints(owner)
            view = np.diag([reference.aspect / self._query.prints.aspect, 1.0, 1.0])
            run = partial(whole_run, here, there, view)
            for mirrored in orientations(self._query.prints, reference, here, there):
                found = self._told(owner, np.isin(looks, here), run, mirrored)
                self.found += [one for one in found if one.kind == SAME_FOOTAGE and one.agreement >= CERTAIN]

    def by_marks(self, looks: Ints, side: Side, how: Pass) -> None:
        """By marks in some looks of the query; releases that have most of them first."""
        times = self._query.prints.times
        side.see(looks, how)
        asked = np.zeros(len(times), bool)
        asked[looks] = True
        weights = {owner: float(hits.weights.sum()) for owner, hits in side.hits.items()}
        for owner in sorted((one for one in weights if weights[one] >= HELD), key=lambda one: -weights[one]):
            reference = self._index.prints(owner)
            voting = Voting(side.hits[owner], side.marks, reference.marks, len(times), len(reference.times))
            found = self._told(owner, voting.flags & asked, voting.run, side.mirrored)
            self.found += [one for one in found if how.closest or one.kind != UNDECIDABLE or one.marks >= FIRM]

    def by_likeness(self) -> None:
        """Where nothing moves, the releases that look like those found: to name one alone would say too much."""
        owners = {name: owner for owner, name in enumerate(self._index.names)}
        times = self._query.prints.times
        for match in [one for one in self.found if one.kind == UNDECIDABLE and one.movement < STILL]:
            reference = self._index.prints(owners[match.reference])
            low, high = reference.times.searchsorted([match.reference_start, match.reference_end - 1e-3])
            first, stop = times.searchsorted([match.query_start - 1e-3, match.query_end - 1e-3]).tolist()
            some = np.minimum([low, (low + high) // 2], len(reference.hashes) - 1)
            near = self._index.pictures_alike(reference.hashes[some])
            for owner, (_, there) in near.items() if stop > first else ():
                name = self._index.names[owner]
                if any(one.reference == name and overlap(one, match) > MUCH for one in self.found):
                    continue
                other = self._index.prints(owner)
                view = np.diag([other.aspect / reference.aspect, 1.0, 1.0]) @ np.reshape(match.view, (3, 3))
                looks = (first, stop - 1, int(there.min()), int(there.max()))
                run = Run(*looks, view, float(match.marks), match.discount, match.shared)
                found = judged(self._query, name, other, run, match.mirrored, self._query.cuts)
                self.found += [one for one in found if one.kind == UNDECIDABLE]

    def _told(self, owner: int, flags: Flags, run: Seek, mirrored: bool) -> list[Match]:
        """The matches of one release in the flagged looks: each stretch between two cuts as one, or in parts.

        Where one match does not say all of a stretch, it may be two that fade into one another.
        """
        query, found = self._query, []
        for first, last in groups(flags, query.starts(query.prints.cuts)):
            whole = self._judged(owner, run(first, last), mirrored, query.prints.cuts)
            if told_apart(whole, query, first, last):
                found += whole
                continue
            inner = flags.copy()
            inner[:first], inner[last + 1 :] = False, False
            parts = list(groups(inner, query.starts(query.cuts)))
            smaller = [run(*part) for part in parts] if len(parts) > 1 else []
            some = [match for part in smaller for match in self._judged(owner, part, mirrored, query.cuts)]
            found += [match for match in some if match.kind != SAME_SCENE] or whole or some
        return found

    def _judged(self, owner: int, run: Run | None, mirrored: bool, cuts: Floats) -> list[Match]:
        if run is None:
            return []
        run = replace(run, speeds=self._speeds(run))
        return judged(self._query, self._index.names[owner], self._index.prints(owner), run, mirrored, cuts)

    def _speeds(self, run: Run) -> tuple[float, ...]:
        """The speeds to try beside one: all for the first releases that may be a run, then only what was found."""
        times = self._query.prints.times
        begin, end = float(times[run.first]), float(times[run.last])
        for match in self.found:
            if match.kind == SAME_FOOTAGE and match.query_start <= begin + 0.5 and match.query_end >= end - 0.5:
                return (match.speed,)
        alike = sum(min(run.last, last) - max(run.first, first) >= 0 for first, last in self._tried)
        if not run.weight or alike >= FULLY:
            return ()
        self._tried.append((run.first, run.last))
        return SPEEDS


def orientations(query: Prints, reference: Prints, here: Ints, there: Ints) -> list[bool]:
    """Are looks with one hash as each other, or as a mirror shows them (True)? Neither where it was an accident."""
    some = slice(None, None, max(1, len(here) // 8))
    own, other = (
        side.cells[side.cell_times.searchsorted(side.times[looks[some]] - 1e-3)].astype(np.float32)
        for side, looks in ((query, here), (reference, there))
    )
    agree = [
        float(alike(turned.reshape(len(own), -1), other.reshape(len(own), -1)).max())
        for turned in (own, own[:, :, ::-1])
    ]
    return [bool(mirrored) for mirrored, value in enumerate(agree) if value >= LIKELY and value >= max(agree) - 0.02]


def whole_run(here: Ints, there: Ints, view: View, first: int, last: int) -> Run:
    voted = there[(here >= first) & (here <= last)]
    return Run(first, last, int(voted.min()), int(voted.max()), view)


def told_apart(found: list[Match], query: Sketch, first: int, last: int) -> bool:
    """Do these matches, none of them of another time, say what the looks [first, last] are?"""
    begin, end = float(query.prints.times[first]), float(query.prints.times[last])
    said = sum(min(one.query_end, end) - max(one.query_start, begin) for one in found if one.kind != SAME_SCENE)
    return said >= MUCH * (end - begin)
