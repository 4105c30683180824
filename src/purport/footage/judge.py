"""What a run shows: from when to when, and whether it is the same footage, the same scene, or can't be told."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from purport.core.matches import SAME_FOOTAGE, SAME_SCENE, UNDECIDABLE, Match
from purport.footage.align import Run, moved
from purport.footage.motion import (
    AGREES,
    FEWEST,
    STILL,
    Flags,
    Seen,
    Timing,
    View,
    alike,
    around,
    covered,
    finer,
    sampled,
    seen,
    sharpened,
    still,
    stretches,
    timing,
    weighed,
)
from purport.footage.prints import RATE, Bytes, Floats, Prints
from purport.footage.ranks import middle, ranked
from purport.footage.sketch import Sketch

ALIKE = 0.62  # agreement of pictures' cells: below, the view was an accident
HARDLY = 0.4  # the same where so many marks agree that it was none: cells see little of a fine pattern
SHARP = 0.995  # from here on the view need not be made sharper
GAIN = 0.3  # of agreement of what moves: a sharper view never gave more
SURE = 60.0
WHOLE = 0.97  # and where whole pictures alone are alike: they must be the same picture, or marks are asked
FREEDOM = 0.14  # by so much more, and so many cells, where the speed was free to fit, too
MOSTLY = 0.75  # agreement of what moves in every other picture, from which whole pictures are worth a closer look
PLENTY = 3.0
OTHER = 0.6  # and below which it is another time, where so many cells move
CLEAR = 8.0
HARDLY_ANY = 0.12  # the same where fewer do: noise may be among them
EVIDENCE = 60.0  # cells that change, over all moments, from which the same footage may be said
AT_SPEED = 0.015  # by which a speed may differ from one and be one
MOST = 0.5  # share of the reference's cells that may be hidden
BEYOND = 60.0  # seconds of the reference around the votes that are looked at: what stands still votes for any time
REACH = 3.0  # seconds around a run in which its ends are sought
FADING = 0.4  # seconds around the middle of a fade that tell no time, if there are so many other moments
FEWEST_CLEAR = 8
USUAL = 24  # moments from which every second is enough to tell what is usual
NEAR_EDGE = 0.03  # of a picture's height: so far beyond its edge a place is still in it
NEAR_CUT = 0.3  # seconds from a shot's beginning within which an end is that
SHORTEST = 0.7  # seconds of a match


@dataclass(frozen=True, slots=True)
class Pair:
    """The query's small pictures around a run, and the part of a reference they may show."""

    thumbs: Bytes
    times: Floats
    core: Flags  # which of them are of the run
    reference: Prints
    sure: Flags  # the reference's cells that marks place in the query
    low: float  # seconds of the reference
    high: float
    speeds: tuple[float, ...]

    def thinned(self) -> "Pair":
        """With every other of the pictures, where there are many."""
        if self.core.sum() < USUAL:
            return self
        return replace(self, thumbs=self.thumbs[::2], times=self.times[::2], core=self.core[::2])


@dataclass(frozen=True, slots=True)
class Compared:
    """A pair seen through a view: its timing, and how well each moment's pictures agree."""

    pair: Pair
    view: View
    when: Timing
    shown: Seen
    there: Floats  # the reference's cells at the query's times
    patterns: Floats
    hidden: float  # share of the reference's cells that the query hides

    @property
    def usual(self) -> float:
        """How well the pictures of the run mostly agree."""
        return ranked(self.patterns[self.pair.core], 0.5)


def judged(sketch: Sketch, name: str, reference: Prints, run: Run, mirrored: bool, cuts: Floats) -> list[Match]:
    """The match that a run is, or the matches that it falls into; none if its pictures don't agree.

    `cuts` are those of the query not to look across.
    """
    pair = paired(sketch, reference, run, mirrored, cuts)
    placed = placed_by_marks(pair, run.view) if run.weight else placed_whole(pair, run.view)
    if placed is None:
        return []
    usual = placed.usual
    if usual < (WHOLE if not run.weight else ALIKE if run.weight < SURE else HARDLY):
        return []
    filled = (1 - placed.hidden) * inside(placed.view, sketch.prints.aspect, reference.aspect)

    def match(first: float, last: float, when: Timing) -> Match:
        return Match(
            query=sketch.name,
            reference=name,
            query_start=round(first, 3),
            query_end=round(last, 3),
            reference_start=round(max(0.0, when.speed * first + when.offset), 3),
            reference_end=round(min(reference.duration, when.speed * last + when.offset), 3),
            speed=round(when.speed, 3),
            mirrored=mirrored,
            kind=kind(when, last - first),
            score=round(usual, 3),
            marks=round(run.weight),
            discount=round(run.discount, 3),
            shared=run.shared,
            view=tuple(float(n) for n in placed.view.ravel().round(5)),
            filled=round(filled, 3),
            agreement=round(float(when.agreement), 3),
            movement=round(when.movement, 2),
        )

    def placed_ends(first: float, last: float) -> tuple[float, float]:
        return snapped(first, sketch.cuts), min(snapped(last, sketch.cuts), sketch.prints.duration)

    whole = match(*placed_ends(*ends(placed)), placed.when)
    found = [whole]
    if whole.kind != SAME_FOOTAGE and placed.when.movement >= STILL and len(run.speeds) > 1:
        found = [match(*placed_ends(first, last), when) for first, last, when in parts(placed)] or found
    return [one for one in found if one.query_end - one.query_start >= SHORTEST]


def placed_by_marks(pair: Pair, view: View) -> Compared | None:
    """First in every other picture, which is enough to make the view sharper, or where nothing else can come of it;
    then in all."""
    few = pair.thinned()
    rough = compared(few, view, finest=False)
    if rough is None or (len(pair.speeds) <= 1 and other_moments(rough.when)):
        return rough
    if rough.usual < SHARP:
        view = sharper(few, rough)
    return compared(pair, view, rough.when)


def other_moments(when: Timing) -> bool:
    """Would no sharper view make this the same footage? Nothing moves, or far from alike."""
    return when.movement < STILL or when.agreement < AGREES - GAIN


def placed_whole(pair: Pair, view: View) -> Compared | None:
    """For whole pictures that are alike; none where a first look says that they don't move alike: marks tell more."""
    rough = compared(pair.thinned(), view, finest=False)
    return compared(pair, view, rough.when) if rough and rough.when.agreement >= MOSTLY else None


def parts(placed: Compared) -> Iterator[tuple[float, float, Timing]]:
    """The parts of a run that are the same footage, each at its own time: from, to, timing."""
    pair = placed.pair
    core, reference = placed.shown.part(pair.core), pair.reference
    values = reference.cells.reshape(len(reference.cells), -1)[:, placed.shown.cells].astype(np.float32)
    for first, last, when in stretches(core, reference.cell_times, values, pair.low, pair.high, pair.sure):
        if kind(when, (last - first) / RATE) == SAME_FOOTAGE:
            yield float(core.times[first]), float(core.times[last]) + 1 / RATE, when


def paired(sketch: Sketch, reference: Prints, run: Run, mirrored: bool, cuts: Floats) -> Pair:
    times = sketch.prints.cell_times
    begin, end = float(sketch.prints.times[run.first]), float(sketch.prints.times[run.last])
    before, behind = cuts[cuts <= begin + 1e-3], cuts[cuts > end + 1e-3]
    first = max(float(before[-1]) if len(before) else 0.0, begin - REACH)
    last = min(float(behind[0]) - 1e-2 if len(behind) else sketch.prints.duration, end + REACH)
    near = np.flatnonzero((times >= first - 1e-3) & (times <= last + 1e-3))
    core = (times[near] >= begin - 1e-3) & (times[near] <= end + 1.0 / RATE + 1e-3)
    fades = np.setdiff1d(sketch.cuts, sketch.prints.cuts)
    clear = core & (np.abs(times[near, None] - fades).min(1, initial=np.inf) > FADING)
    core = clear if clear.sum() >= FEWEST_CLEAR else core
    thumbs = sketch.thumbs[near[0] : near[-1] + 1]
    low, high = (float(reference.times[at]) for at in (run.low, run.high))
    return Pair(
        thumbs[:, :, ::-1] if mirrored else thumbs,
        times[near],
        core,
        reference,
        around(run.places, reference.aspect),
        max(0.0, low - BEYOND),
        min(reference.duration, high + BEYOND),
        run.speeds,
    )


def compared(pair: Pair, view: View, before: Timing | None = None, finest: bool = True) -> Compared | None:
    """None if the view shows too little of the reference, or too much of it is hidden. With a timing from `before` it
    is only made finer; if it need not be the finest, one that agrees is left as it is."""
    reference = pair.reference
    shown = seen(pair.thumbs, pair.times, view, reference.aspect)
    if shown is None:
        return None
    values = reference.cells.reshape(len(reference.cells), -1)[:, shown.cells].astype(np.float32)

    def timed(shown: Seen, values: Floats, before: Timing | None) -> tuple[Timing, Floats]:
        core = shown.part(pair.core)
        moving = len(reference.cell_times) > 1 and not still(core, pair.sure)
        if before:
            when = finer(core, reference.cell_times, values, before) if moving else before
        else:
            when = timing(core, reference.cell_times, values, pair.low, pair.high, pair.sure, pair.speeds)
        if moving:
            when = weighed(core, reference.cell_times, values, when, pair.sure)
        return when, sampled(reference.cell_times, values, when.speed * shown.times + when.offset)

    if before:
        when, there = before, sampled(reference.cell_times, values, before.speed * shown.times + before.offset)
    else:
        when, there = timed(shown, values, None)
    some = np.flatnonzero(pair.core)[:: 2 if pair.core.sum() > USUAL else 1]
    hidden = covered(middle(shown.values[some]), middle(there[some]))
    if hidden.mean() > MOST or (~hidden).sum() < FEWEST:
        return None
    if not finest and when.agreement >= OTHER:
        shown, there = shown.without(hidden), there[:, ~hidden]
    elif hidden.any() or before:
        shown, values = shown.without(hidden), values[:, ~hidden]
        when, there = timed(shown, values, when if when.agreement >= OTHER or not hidden.any() else None)
    return Compared(pair, view, when, shown, there, alike(shown.values, there), float(hidden.mean()))


def sharper(pair: Pair, placed: Compared) -> View:
    some = np.flatnonzero(pair.core)
    some = some[:: -(-len(some) // 4)]
    return sharpened(pair.thumbs[some], placed.there[some], placed.shown.cells, placed.view, pair.reference.aspect)


def inside(view: View, own: float, other: float) -> float:
    """The share of the query's picture that lies in the reference's, both by their width over their height."""
    places = np.stack(np.meshgrid(np.linspace(0, own, 9), np.linspace(0, 1, 9)), axis=-1).reshape(-1, 2)
    there = moved(view, places)
    near = (there > -NEAR_EDGE) & (there < np.array([other, 1.0]) + NEAR_EDGE)
    return float(near.all(1).mean())


def kind(when: Timing, seconds: float) -> str:
    """`seconds` long is what the timing was found for: the shorter, the more must move to tell."""
    if when.movement < STILL:
        return UNDECIDABLE
    much = when.movement * seconds * RATE >= EVIDENCE
    fitted = abs(when.speed - 1) > AT_SPEED
    if when.agreement >= (AGREES + FREEDOM if fitted else AGREES) and much and (when.movement >= PLENTY or not fitted):
        return SAME_FOOTAGE
    return SAME_SCENE if when.agreement < (OTHER if when.movement >= CLEAR else HARDLY_ANY) else UNDECIDABLE


def ends(placed: Compared) -> tuple[float, float]:
    """From when to when the pictures agree: until they are halfway to what they are beyond, or the reference ends."""
    pair, patterns, usual = placed.pair, placed.patterns, placed.usual
    times, core = pair.times, pair.core
    there = placed.when.speed * times + placed.when.offset
    held = (there > -1 / RATE) & (there < pair.reference.duration + 1 / RATE)
    beyond = patterns[~core & held]
    other = min(ranked(beyond, 0.1) if len(beyond) else usual, usual - 0.3)
    good = (patterns >= (usual + other) / 2) & held
    first, last = (int(at) for at in np.flatnonzero(core)[[0, -1]])
    while first < last and not good[first]:
        first += 1
    while last > first and not good[last]:
        last -= 1
    while first > 0 and good[first - 1]:
        first -= 1
    while last + 1 < len(times) and good[last + 1]:
        last += 1
    return max(0.0, float(times[first])), float(times[last]) + 1 / RATE


def snapped(at: float, cuts: Floats) -> float:
    """The beginning of a shot that is meant, if one is near."""
    near = cuts[np.abs(cuts - at) < NEAR_CUT]
    return float(near[np.abs(near - at).argmin()]) if len(near) else at
