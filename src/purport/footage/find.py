"""Where has this been seen before, to the second? A file against the library, by its prints.

    file -> sketch (one pass) -> whole pictures alike, then marks alike -> runs with a view -> timing -> matches

Whole pictures come first, since they cost next to nothing; marks are sought where those leave the query open.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from purport.core.matches import SAME_FOOTAGE, SAME_SCENE, UNDECIDABLE, Match
from purport.footage.align import Run, runs
from purport.footage.frames import Footage
from purport.footage.index import Index
from purport.footage.motion import FEWEST, Seen, Timing, covered, sampled, seen, timing
from purport.footage.prints import RATE, Bytes, Floats, Maker, Marks, Prints, fit, heard

SIDE = 640  # pixels of the query's longer side on which marks are sought
MARKS = 500
THUMB = 160  # pixels of the longer side of the small pictures
ALIKE = 0.62  # agreement of cells, of pictures' patterns: below, the view was an accident
SAME = 0.74  # agreement of what moves from which it is the same footage
OTHER = 0.6  # and below which it is another time
STILL = 1.5  # cells a moment: where fewer change, nothing tells
MOST = 0.5  # share of the reference's cells that may be hidden
BEYOND = 60.0  # seconds of the reference around the votes that are looked at: what stands still votes for any time
REACH = 3.0  # seconds around a run in which its ends are sought
SHORTEST = 0.7  # seconds of a match


@dataclass(frozen=True, slots=True)
class Sketch:
    """What a query is asked about by: its prints, its marks as a mirror shows them, and its small pictures."""

    name: str
    prints: Prints
    mirrored: Marks
    thumbs: Bytes  # [cells, height, width]


class Sketcher:
    """Takes a query's sketch in one pass; the small pictures go to a file without a name, so that memory stays flat."""

    def __init__(self) -> None:
        self._maker = Maker(SIDE, MARKS, mirrored=True)
        self._spool = tempfile.TemporaryFile()
        self._shape = (0, 0)

    def take(self, path: Path, told: Callable[[float], None]) -> Sketch:
        footage = Footage(path)
        for picture in heard(footage, told):
            if self._maker.see(picture):
                thumb = fit(picture.grey, THUMB)
                self._shape = self._shape if self._shape[0] else thumb.shape
                if thumb.shape != self._shape:  # the picture changed its size midway
                    thumb = cv2.resize(thumb, self._shape[::-1])
                self._spool.write(thumb.tobytes())
        self._spool.flush()
        prints = self._maker.made(tuple(footage.faults))
        thumbs = np.memmap(self._spool, np.uint8, "r", shape=(len(prints.cell_times), *self._shape))
        return Sketch(path.name, prints, self._maker.mirrored(), thumbs)


def find(path: Path, index: Index, told: Callable[[float], None] = lambda share: None) -> list[Match]:
    """Every interval of the file that the library's releases show, in the order of the query. Raises FootageError."""
    return matches(Sketcher().take(path, told), index)


def matches(sketch: Sketch, index: Index) -> list[Match]:
    found = [match for mirrored in (False, True) for match in by_marks(sketch, index, mirrored)]
    return sorted(settled(joined(found)), key=lambda match: (match.query_start, -match.score, match.reference))


def by_marks(sketch: Sketch, index: Index, mirrored: bool) -> Iterator[Match]:
    marks = sketch.mirrored if mirrored else sketch.prints.marks
    starts = np.searchsorted(sketch.prints.times, sketch.prints.cuts - 1e-3).tolist()
    for owner, hits in index.alike(marks.patterns).items():
        reference = index.prints[owner]
        for run in runs(hits, marks, reference.marks, len(sketch.prints.times), len(reference.times), starts):
            yield from judged(sketch, index.names[owner], reference, run, mirrored)


def judged(sketch: Sketch, name: str, reference: Prints, run: Run, mirrored: bool) -> Iterator[Match]:
    """What a run shows: where it begins and ends, and whether what moves agrees."""
    times = sketch.prints.cell_times
    begin, end = sketch.prints.times[run.first], sketch.prints.times[run.last]
    around = shot_around(sketch.prints, float(begin), float(end))
    near = np.flatnonzero((times >= around[0] - 1e-3) & (times <= around[1] + 1e-3))
    thumbs = sketch.thumbs[near]
    thumbs = thumbs[:, :, ::-1] if mirrored else thumbs
    shown = seen(thumbs, times[near], run.view, reference.aspect, thumbs.shape[1:])
    if shown is None:
        return
    core = (times[near] >= begin - 1e-3) & (times[near] <= end + 1.0 / RATE + 1e-3)
    values = reference.cells.reshape(len(reference.cells), -1)[:, shown.cells].astype(np.float32)
    low, high = (float(reference.times[at]) for at in (run.low, run.high))
    low, high = max(0.0, low - BEYOND), min(reference.duration, high + BEYOND)
    when = timing(part(shown, core), reference.cell_times, values, low, high)
    there = sampled(reference.cell_times, values, when.speed * shown.times + when.offset)
    hidden = covered(shown.values[core].mean(0), there[core].mean(0))
    if hidden.any() and (~hidden).sum() >= FEWEST:
        shown, values = Seen(shown.times, shown.values[:, ~hidden], shown.cells), values[:, ~hidden]
        when = timing(part(shown, core), reference.cell_times, values, low, high)
        there = sampled(reference.cell_times, values, when.speed * shown.times + when.offset)
    patterns = alike(shown.values, there)
    usual = float(np.median(patterns[core]))
    if usual < ALIKE or hidden.mean() > MOST:
        return
    first, last = ends(shown.times, patterns, core, when, reference.duration, usual)
    first, last = (snapped(at, sketch.prints.cuts) for at in (first, last))
    last = min(last, sketch.prints.duration)
    if last - first < SHORTEST:
        return
    yield Match(
        query=sketch.name,
        reference=name,
        query_start=round(first, 3),
        query_end=round(last, 3),
        reference_start=round(max(0.0, when.speed * first + when.offset), 3),
        reference_end=round(min(reference.duration, when.speed * last + when.offset), 3),
        speed=round(when.speed, 3),
        mirrored=mirrored,
        kind=kind(when),
        score=round(usual, 3),
        marks=round(run.weight),
        discount=round(run.discount, 3),
        shared=run.shared,
        view=tuple(float(n) for n in run.view.ravel().round(5)),
        agreement=round(when.agreement, 3),
        movement=round(when.movement, 3),
    )


def part(shown: Seen, flags: NDArray[np.bool_]) -> Seen:
    return Seen(shown.times[flags], shown.values[flags], shown.cells)


def kind(when: Timing) -> str:
    if when.movement < STILL:
        return UNDECIDABLE
    if when.agreement >= SAME:
        return SAME_FOOTAGE
    return SAME_SCENE if when.agreement < OTHER else UNDECIDABLE


def shot_around(prints: Prints, begin: float, end: float) -> tuple[float, float]:
    """The query's time around a run, no further than its shot goes and than REACH."""
    cuts = prints.cuts.astype(float)
    before = cuts[cuts <= begin + 1e-3]
    behind = cuts[cuts > end + 1e-3]
    low = max(float(before[-1]) if len(before) else 0.0, begin - REACH)
    return low, min(float(behind[0]) - 1e-2 if len(behind) else prints.duration, end + REACH)


def alike(here: Floats, there: Floats) -> Floats:
    """The correlation of each picture's cells [n, cells] with the other's: neither brightness nor contrast counts."""
    here, there = (side - side.mean(1, keepdims=True) for side in (here, there))
    power = np.sqrt((here**2).sum(1) * (there**2).sum(1))
    return (here * there).sum(1) / np.maximum(power, 1.0)


def ends(
    times: Floats, patterns: Floats, core: NDArray[np.bool_], when: Timing, duration: float, usual: float
) -> tuple[float, float]:
    """From when to when the pictures agree: until they are halfway to what they are beyond, or the reference ends."""
    there = when.speed * times + when.offset
    held = (there > -1 / RATE) & (there < duration + 1 / RATE)
    beyond = patterns[~core & held]
    other = float(np.percentile(beyond, 10)) if len(beyond) else usual
    floor = (usual + min(other, usual - 0.1)) / 2 if other < usual - 0.1 else usual - 0.15
    good = (patterns >= floor) & held
    places = np.flatnonzero(core)
    first, last = int(places[0]), int(places[-1])
    while first < last and not good[first]:
        first += 1
    while last > first and not good[last]:
        last -= 1
    while first > 0 and good[first - 1]:
        first -= 1
    while last + 1 < len(times) and good[last + 1]:
        last += 1
    step = 1 / RATE
    return max(0.0, float(times[first])), float(times[last]) + step


def snapped(at: float, cuts: Floats) -> float:
    """The query's cut that is meant, if one is near."""
    near = cuts[np.abs(cuts - at) < 0.3]
    return float(near[np.abs(near - at).argmin()]) if len(near) else at


def joined(found: Iterable[Match]) -> list[Match]:
    """Matches that go on in one another, as one."""
    whole: list[Match] = []
    for match in sorted(found, key=lambda one: (one.reference, one.mirrored, one.query_start)):
        last = whole[-1] if whole else None
        if last and goes_on(last, match):
            longer = match if match.query_end - match.query_start > last.query_end - last.query_start else last
            whole[-1] = msgspec.structs.replace(
                longer,
                kind=SAME_FOOTAGE if SAME_FOOTAGE in (last.kind, match.kind) else longer.kind,
                query_start=last.query_start,
                reference_start=last.reference_start,
                query_end=max(last.query_end, match.query_end),
                reference_end=max(last.reference_end, match.reference_end),
                marks=last.marks + match.marks,
            )
        else:
            whole.append(match)
    return whole


def goes_on(last: Match, match: Match) -> bool:
    same = (last.reference, last.mirrored) == (match.reference, match.mirrored)
    same = same and (last.kind == match.kind or SAME_SCENE not in (last.kind, match.kind))
    gap = match.query_start - last.query_end
    expected = last.reference_end + gap * last.speed
    return same and gap < 0.8 and abs(match.reference_start - expected) < 0.35


def settled(found: list[Match]) -> Iterator[Match]:
    """Of matches of one release for the same stretch of the query the best alone."""
    kept: list[Match] = []
    for match in sorted(found, key=lambda one: (one.kind == SAME_FOOTAGE, one.marks), reverse=True):
        if not any(overlap(match, other) > 0.5 for other in kept if other.reference == match.reference):
            kept.append(match)
            yield match


def overlap(one: Match, other: Match) -> float:
    """Share of the shorter one's time in the query that both cover."""
    both = min(one.query_end, other.query_end) - max(one.query_start, other.query_start)
    return max(0.0, both) / min(one.query_end - one.query_start, other.query_end - other.query_start)
