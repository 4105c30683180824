"""When: the reference's cells seen through the query, and the time at which they move alike.

A view says that two pictures show the same place. Whether they show the same moments is told by what moves: over a
run, each cell's brightness is compared after its mean has been taken off, so that what stands still says nothing. The
same footage agrees at one time and speed; the same camera at another time agrees at none; where nothing moves,
nobody can tell.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from purport.footage.prints import COLUMNS, RATE, ROWS, Bytes, Floats
from purport.footage.ranks import ranked

FINE = 4  # pixels a cell and side through which a view is drawn
SIZE = (COLUMNS * FINE, ROWS * FINE)
CHANNELS = 4  # of a picture that is warped at once
TOGETHER = 64  # pictures that are shrunk at once
FEWEST = 12  # cells that must be seen
SPEEDS = (1.25, 0.8, 1.1, 0.9, 1.5, 0.67, 2.0, 0.5, 1.05, 0.95, 1.33, 0.75)
STILL = 1.5  # cells a moment: where fewer change, nothing tells
TELLING = 40  # cells
SHARPER = 2  # rounds of making a view sharper, each by half as much as the one before
ROUNDS = 4  # of making a timing finer, each by half as much as the one before
PLAIN = 0.85  # agreement from which no other speed is tried
MARGIN = 0.02  # by so much another speed than one must agree better
LAG = 2  # moments over which a change is measured: a quarter of a second
WINDOW = 14  # moments in which movement is looked for where a run agrees at no one time
LOCAL = 7  # moments over which it is followed from there
AGREES = 0.74  # agreement of what moves from which it is the same moments
NEARBY = 2  # cells
CHANGE = 3.0  # brightness levels: less is noise
HIDDEN = 8.0  # brightness levels by which a hidden cell misses at least


View: TypeAlias = NDArray[np.float64]  # [3, 3]
Flags: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Seen:
    """The reference's cells as the query shows them: times [n], values [n, cells], and which of all they are."""

    times: Floats
    values: Floats
    cells: Flags

    def part(self, moments: Flags) -> "Seen":
        return Seen(self.times[moments], self.values[moments], self.cells)

    def without(self, hidden: Flags) -> "Seen":
        """`hidden` [cells shown]: those to leave out."""
        cells = self.cells.copy()
        cells[np.flatnonzero(cells)[hidden]] = False
        return Seen(self.times, self.values[:, ~hidden], cells)


@dataclass(frozen=True, slots=True)
class Timing:
    """Reference time = speed * query time + offset; how well what moves agrees (-1 to 1), and how much does."""

    speed: float
    offset: float
    agreement: float
    movement: float = 0.0  # cells a moment that change, in the query or in the reference


def seen(thumbs: Bytes, times: Floats, view: View, aspect: float) -> Seen | None:
    """The query's small pictures [n, height, width] through a view, as cells of the reference; none if too few show.

    `aspect` is the reference's width over its height.
    """
    cells = shown(thumbs.shape[1:], view, aspect)
    return Seen(times, drawn(thumbs, view, aspect)[:, cells], cells) if cells.sum() >= FEWEST else None


def shown(shape: tuple[int, ...], view: View, aspect: float) -> Flags:
    """Which of the reference's cells lie in the query's picture of this shape."""
    white = cv2.warpPerspective(np.full(shape, 255, np.uint8), onto_cells(view, shape[0], aspect), SIZE)
    cells: Flags = shrunk(np.asarray(white, np.uint8), 1)[0] > 0.95 * 255
    return cells


def drawn(thumbs: Bytes, view: View, aspect: float) -> Floats:
    """All cells [n, ROWS * COLUMNS] of small pictures through a view; black where it shows nothing."""
    matrix = onto_cells(view, thumbs.shape[1], aspect)
    some = (thumbs[at : at + TOGETHER] for at in range(0, len(thumbs), TOGETHER))
    return np.concatenate([warped_cells(few, matrix) for few in some])


def onto_cells(view: View, height: int, aspect: float) -> View:
    """The view from a small picture's pixels to the finer ones that cells are made of."""
    onto: View = np.diag([SIZE[0] / aspect, SIZE[1], 1.0]) @ view @ np.diag([1 / height, 1 / height, 1.0])
    return onto


def warped_cells(thumbs: Bytes, matrix: View) -> Floats:
    """The cells of small pictures [n, height, width]: four are warped as the channels of one, and all shrunk as one
    tall picture, which takes half as long as each on its own."""
    whole = -(-len(thumbs) // CHANNELS) * CHANNELS
    four, warped = unaligned((*thumbs.shape[1:], CHANNELS)), np.empty((*SIZE[::-1], CHANNELS), np.uint8)
    drawn = np.empty((whole, *SIZE[::-1]), np.uint8)
    for at in range(0, whole, CHANNELS):
        some = list(thumbs[at : at + CHANNELS])
        cv2.merge(some + some[:1] * (CHANNELS - len(some)), four)
        cv2.warpPerspective(four, matrix, SIZE, warped, flags=cv2.INTER_LINEAR)
        cv2.split(warped, list(drawn[at : at + CHANNELS]))
    return shrunk(drawn.reshape(-1, SIZE[0]), whole)[: len(thumbs)].astype(np.float32)


def shrunk(drawn: Bytes, many: int) -> Bytes:
    """So many pictures one below the other, as cells [many, ROWS * COLUMNS]."""
    cells = cv2.resize(drawn, (COLUMNS, ROWS * many), interpolation=cv2.INTER_AREA)
    return np.asarray(cells.reshape(many, -1), np.uint8)


def unaligned(shape: tuple[int, ...]) -> Bytes:
    """Room that begins at an odd address: what OpenCV merges to any other it writes past the processor's cache."""
    return np.empty(1 + math.prod(shape), np.uint8)[1:].reshape(shape)


def sharpened(thumbs: Bytes, there: Floats, cells: Flags, view: View, aspect: float) -> View:
    """The view moved and stretched a little at a time while small pictures [n, height, width] agree better with the
    reference's cells [n, cells] at their times: marks place it to a cell or so, movement needs it closer."""
    middle = np.array([aspect / 2, 0.5])

    def score(tried: View) -> float:
        return float(alike(drawn(thumbs, tried, aspect)[:, cells], there).mean())

    best, step = score(view), np.array([0.012, 0.012, 0.015, 0.015])
    for _ in range(SHARPER):
        for number in range(4):
            for sign in (-1, 1):
                change = np.zeros(4)
                change[number] = sign * step[number]
                stretch = np.diag([1 + change[2], 1 + change[3], 1.0])
                stretch[:2, 2] = change[:2] - change[2:] * middle
                tried = stretch @ view
                if (reached := score(tried)) > best + 1e-4:
                    best, view = reached, tried
                    break
        step = step / 2
    return view


def alike(here: Floats, there: Floats) -> Floats:
    """The correlation of each picture's cells [n, cells] with the other's: neither brightness nor contrast counts."""
    here, there = (side - side.mean(1, keepdims=True) for side in (here, there))
    power = np.sqrt((here**2).sum(1) * (there**2).sum(1))
    result: Floats = (here * there).sum(1) / np.maximum(power, 1.0)
    return result


def timing(
    query: Seen, times: Floats, values: Floats, low: float, high: float, sure: Flags, speeds: Sequence[float] = SPEEDS
) -> Timing:
    """The time between `low` and `high` seconds at which the query moves as the reference does.

    `values` are the reference's cells [n, cells], of those that the query shows. The cells that change most in the
    query, of those `sure` [ROWS * COLUMNS] to show the reference, tell the time as well as all do.
    """
    if len(times) == 1:
        return Timing(0.0, float(times[0]), 0.0)  # a photograph: any time of the query is its one
    if still(query, sure):
        return longest(query, times, values, low, high)
    spread = query.values.std(0) * (sure[query.cells] if sure[query.cells].sum() >= FEWEST else 1.0)
    telling = np.argsort(-spread)[:TELLING]
    query, values = Seen(query.times, query.values[:, telling], query.cells), values[:, telling]
    best = at_speed(query, times, values, low, high, 1.0)
    fine = finer(query, times, values, best)
    if fine.agreement >= PLAIN or not speeds:
        return fine
    for speed in speeds:
        found = at_speed(query, times, values, low, high, speed)
        if found.agreement > best.agreement + MARGIN:
            best = found
    return finer(query, times, values, best) if best.speed != 1.0 else fine


def still(query: Seen, sure: Flags) -> bool:
    """Does so little change in the query that its movement says nothing?"""
    here = np.abs(query.values[LAG:] - query.values[:-LAG]) > CHANGE
    return not len(here) or float((here & sure[query.cells]).sum()) < STILL * len(here)


def longest(query: Seen, times: Floats, values: Floats, low: float, high: float) -> Timing:
    """Where the reference looks as the query does for as long as it lasts: all that stillness tells of the time."""
    n = len(query.times)
    span = np.flatnonzero((times >= low - 1e-3) & (times <= high + 1e-3))
    usual = np.repeat(query.values.mean(0)[None], len(span), axis=0)
    agreement = np.convolve(alike(usual, values[span]), np.ones(n) / n, "valid" if len(span) >= n else "same")
    at = span[min(int(agreement.argmax()), len(span) - 1)]
    return Timing(1.0, float(times[at] - query.times[0]), 0.0)


def at_speed(query: Seen, times: Floats, values: Floats, low: float, high: float, speed: float) -> Timing:
    """The best offset at one speed: the products over all cells for every offset at once, over the greater power of
    both sides, so that what stands still is not found where the reference moves."""
    step = 1 / RATE
    own = np.arange(query.times[0], query.times[-1] + 1e-6, step)
    n = len(own)
    there = np.arange(low, high + 1e-6, step * speed)
    lags = len(there) - n + 1
    if n < 2 or lags < 1:
        return Timing(speed, low, -1.0)
    mine = sampled(query.times, query.values, own)
    theirs = sampled(times, values, there)
    mine = mine - mine.mean(0)
    products = mine @ theirs.T
    across, along = products.strides
    numerator = np.lib.stride_tricks.as_strided(products, (lags, n), (along, across + along)).sum(1)
    sums = np.concatenate([np.zeros((1, theirs.shape[1])), theirs.cumsum(0, dtype=np.float64)])
    squares = np.concatenate([[0.0], (theirs.astype(np.float64) ** 2).sum(1).cumsum()])
    varied = squares[n:] - squares[:-n] - ((sums[n:] - sums[:-n]) ** 2).sum(1) / n
    agreement = numerator / np.maximum(np.maximum(varied, float((mine**2).sum())), 1e-3)
    at = int(agreement.argmax())
    return Timing(speed, float(there[at] - speed * own[0]), float(agreement[at]))


def finer(query: Seen, times: Floats, values: Floats, rough: Timing) -> Timing:
    """The timing between the steps: speed and offset are changed by less and less while changes agree better."""
    here = query.values[LAG:] - query.values[:-LAG]
    power = float((here**2).sum())

    def reached(speed: float, offset: float) -> float:
        there = sampled(times, values, speed * query.times + offset)
        return changes(here, power, there) if len(there) > LAG else 0.0

    best = Timing(rough.speed, rough.offset, reached(rough.speed, rough.offset))
    by_speed, by_offset = 0.02, 1 / RATE
    middle = float(query.times.mean())
    for _ in range(ROUNDS):
        for quicker, later in ((0.0, by_offset), (by_speed, 0.0)):
            for sign in (1, -1):
                speed = best.speed + sign * quicker
                offset = best.offset + sign * (later - quicker * middle)
                agreement = reached(speed, offset)
                if agreement > best.agreement + 1e-3:
                    best = Timing(speed, offset, agreement)
                    break
        by_speed, by_offset = by_speed / 2, by_offset / 2
    return best


def weighed(query: Seen, times: Floats, values: Floats, when: Timing, sure: Flags) -> Timing:
    """The timing with the agreement of what moves in the reference, or in the query if that agrees better.

    What moves in the query counts in the cells that are `sure` [ROWS * COLUMNS] to show the reference: a line of text
    that runs over it says nothing of the footage.
    """
    there = sampled(times, values, when.speed * query.times + when.offset)
    if len(there) <= LAG:
        return Timing(when.speed, when.offset, 0.0)
    here, there = (side[LAG:] - side[:-LAG] for side in (query.values, there))
    own = (np.abs(here) > CHANGE) & sure[query.cells]
    found = [
        (correlation(here[large], there[large]), float(large.sum()) / len(here))
        for large in (own, np.abs(there) > CHANGE)
    ]
    moving = [one for one in found if one[1] >= STILL] or found[1:]
    return Timing(when.speed, when.offset, *max(moving))


def changes(here: Floats, power: float, there: Floats) -> float:
    """How well changes over LAG moments agree, over the greater power of both sides: `here` [n - LAG, cells] are the
    query's with their power, `there` [n, cells] the reference's values.

    A change is sharper in time than brightness is: light that slowly goes up agrees with any light that does.
    """
    there = there[LAG:] - there[:-LAG]
    own, both = there.ravel(), here.ravel()
    return float(both @ own) / max(power, float(own @ own), 1e-3)


def correlation(here: Floats, there: Floats) -> float:
    """About nought: changes have no mean to take off."""
    power = float((here**2).sum()) * float((there**2).sum())
    return float((here * there).sum()) / max(math.sqrt(power), 1e-3)


def stretches(
    query: Seen, times: Floats, values: Floats, low: float, high: float, sure: Flags
) -> Iterator[tuple[int, int, Timing]]:
    """Parts (first, last) of the query's moments that move as the reference does, each at a time of its own, with that.

    Where two pieces of one camera follow one another no cut is seen; a short window finds the time of one, which then
    holds as far as what moves agrees with it. A window so short would fit too much at speeds that are not the
    reference's own.
    """
    taken = np.zeros(len(query.times), bool)
    for start in range(0, len(query.times) - WINDOW + 1, WINDOW // 2):
        window = np.zeros(len(query.times), bool)
        window[start : start + WINDOW] = True
        if taken[window].any():
            continue
        some = query.part(window)
        when = weighed(some, times, values, timing(some, times, values, low, high, sure, speeds=()), sure)
        if when.agreement < AGREES or when.movement < STILL:
            continue
        first, last = held(query, times, values, when, start, sure)
        whole = np.zeros(len(query.times), bool)
        whole[first : last + 1] = True
        whole &= ~taken
        when = weighed(query.part(whole), times, values, finer(query.part(whole), times, values, when), sure)
        if when.agreement >= AGREES and when.movement >= STILL:
            taken |= whole
            first, last = (int(at) for at in np.flatnonzero(whole)[[0, -1]])
            yield first, last, when


def held(query: Seen, times: Floats, values: Floats, when: Timing, start: int, sure: Flags) -> tuple[int, int]:
    """How far from a window's start on both sides what moves agrees at this timing, moments (first, last)."""
    there = sampled(times, values, when.speed * query.times + when.offset)
    here, there = (side[LAG:] - side[:-LAG] for side in (query.values, there))
    large = ((np.abs(here) > CHANGE) & sure[query.cells]) | (np.abs(there) > CHANGE)
    parts = [(one * large).sum(1) for one in (here * there, here * here, there * there, np.ones_like(here))]
    both, own, other, count = (np.convolve(part, np.ones(LOCAL), "same") for part in parts)
    good = (both >= 0.5 * np.sqrt(np.maximum(own * other, 1e-3))) | (count < STILL * LOCAL)
    first = last = min(start + WINDOW // 2, len(good) - 1)
    while first > 0 and good[first - 1]:
        first -= 1
    while last + 1 < len(good) and good[last + 1]:
        last += 1
    return first, last + LAG


def around(places: Floats, aspect: float) -> Flags:
    """The cells [ROWS * COLUMNS] near places [n, 2] of a picture; all of them where there are none."""
    if not len(places):
        return np.ones(ROWS * COLUMNS, bool)
    field = np.zeros((ROWS, COLUMNS), np.uint8)
    across = np.clip(places[:, 0] / aspect * COLUMNS, 0, COLUMNS - 1).astype(np.int64)
    field[np.clip(places[:, 1] * ROWS, 0, ROWS - 1).astype(np.int64), across] = 1
    near: Flags = cv2.dilate(field, np.ones((2 * NEARBY + 1,) * 2, np.uint8)).ravel() > 0
    return near


def covered(here: Floats, there: Floats) -> Flags:
    """Which cells [cells] the query hides behind something else: a bar, a logo, a frame.

    From usual brightness over time: most cells go over into the reference's by one gain and one shift; those that
    don't by far are hidden.
    """
    gain, shift = line(here, there)
    missed = np.abs(gain * here + shift - there)
    hidden: Flags = missed > max(HIDDEN, 4 * ranked(missed, 0.5))
    return hidden


def line(here: Floats, there: Floats) -> tuple[float, float]:
    """Gain and shift from here to there: from the middle halves of both, then by least squares over what fits best."""
    spreads = [ranked(side, 0.75) - ranked(side, 0.25) for side in (here, there)]
    gain = spreads[1] / max(spreads[0], 1.0)
    shift = ranked(there - gain * here, 0.5)
    for _ in range(3):
        missed = np.abs(gain * here + shift - there)
        keep = missed <= ranked(missed, 0.6)
        if here[keep].std() < 1.0:
            break
        own, other = here[keep], there[keep]
        means = float(own.mean()), float(other.mean())
        slope = float(((own - means[0]) * (other - means[1])).mean()) / float(own.var())
        if slope <= 0:
            break
        gain, shift = slope, means[1] - slope * means[0]
    return gain, shift


def sampled(times: Floats, values: Floats, at: NDArray[np.floating]) -> Floats:
    """Values [n, cells] at other times, between two by their distances; the first and the last beyond the ends."""
    if len(times) == 1:
        return np.repeat(values, len(at), axis=0)
    right = np.minimum(np.maximum(times.searchsorted(at), 1), len(times) - 1)
    left = right - 1
    before = times[left]
    share = (at - before) / np.maximum(times[right] - before, 1e-6)
    share = np.minimum(np.maximum(share, 0), 1).astype(np.float32)[:, None]
    low: Floats = values[left]
    low += share * (values[right] - low)
    return low
