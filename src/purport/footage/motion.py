"""When: the reference's cells seen through the query, and the time at which they move alike.

A view says that two pictures show the same place. Whether they show the same moments is told by what moves: over a
run, each cell's brightness is compared after its mean has been taken off, so that what stands still says nothing. The
same footage agrees at one time and speed; the same camera at another time agrees at none; where nothing moves,
nobody can tell.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from purport.footage.prints import COLUMNS, RATE, ROWS, Bytes, Floats

FINE = 4  # pixels a cell and side through which a view is drawn
FEWEST = 12  # cells that must be seen
SPEEDS = (1.0, 1.25, 0.8, 1.1, 0.9, 1.5, 0.67, 2.0, 0.5, 1.05, 0.95, 1.33, 0.75)
MARGIN = 0.02  # by so much another speed than one must agree better
LAG = 2  # moments over which a change is measured: a quarter of a second
CHANGE = 3.0  # brightness levels: less is noise
HIDDEN = 18.0  # brightness levels by which a hidden cell misses at least


@dataclass(frozen=True, slots=True)
class Seen:
    """The cells of the reference as the query shows them: times [n], values [n, cells] and which cells [ROWS * COLUMNS]."""

    times: Floats
    values: Floats
    cells: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Timing:
    """Reference time = speed * query time + offset; how well what moves agrees (-1 to 1), and how much of it there is."""

    speed: float
    offset: float
    agreement: float
    movement: float = 0.0  # cells a moment that change, in the query or in the reference


def seen(thumbs: Bytes, times: Floats, view: NDArray[np.float64], aspect: float, shape: tuple[int, int]) -> Seen | None:
    """The query's small pictures [n, height, width] through a view, as cells of the reference; none if too few show.

    `aspect` is the reference's width over its height, `shape` what the small pictures measure.
    """
    height, width = shape
    fine = (COLUMNS * FINE, ROWS * FINE)
    to_reference = np.diag([fine[0] / aspect, fine[1], 1.0])
    from_query = np.diag([1 / height, 1 / height, 1.0])
    matrix = to_reference @ view @ from_query
    whole = cv2.warpPerspective(np.full((height, width), 255, np.uint8), matrix, fine, flags=cv2.INTER_NEAREST)
    cells = grid(whole[None])[0] > 0.9 * 255
    if cells.sum() < FEWEST:
        return None
    drawn = np.stack([cv2.warpPerspective(thumb, matrix, fine, flags=cv2.INTER_AREA) for thumb in thumbs])
    return Seen(times, grid(drawn)[:, cells], cells)


def grid(pictures: Bytes) -> Floats:
    """Means [n, cells] of pictures [n, ROWS * FINE, COLUMNS * FINE]."""
    parts = pictures.reshape(-1, ROWS, FINE, COLUMNS, FINE).astype(np.float32)
    return parts.mean(axis=(2, 4)).reshape(len(pictures), -1)


def timing(query: Seen, times: Floats, values: Floats, low: float, high: float) -> Timing:
    """The time between `low` and `high` seconds at which the query moves as the reference does.

    `values` are the reference's cells [n, cells], of those that the query shows.
    """
    best = Timing(1.0, low, -1.0)
    for speed in SPEEDS:
        found = at_speed(query, times, values, low, high, speed)
        if found.agreement > best.agreement + (MARGIN if speed != 1.0 else 0.0):
            best = found
    return weighed(query, times, values, finer(query, times, values, best))


def at_speed(query: Seen, times: Floats, values: Floats, low: float, high: float, speed: float) -> Timing:
    """The best offset at one speed: the correlation over all cells for every offset at once."""
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
    agreement = numerator / np.sqrt(max(float((mine**2).sum()), 1e-3) * np.maximum(varied, 1e-3))
    at = int(agreement.argmax())
    return Timing(speed, float(there[at] - speed * own[0]), float(agreement[at]))


def finer(query: Seen, times: Floats, values: Floats, rough: Timing) -> Timing:
    """The timing between the steps: speed and offset are changed by less and less while changes agree better."""
    best = Timing(rough.speed, rough.offset, changes(query, times, values, rough)[0])
    by_speed, by_offset = 0.02, 1 / RATE
    middle = float(query.times.mean())
    for _ in range(5):
        tried = [
            Timing(best.speed + a * by_speed, best.offset + b * by_offset - a * by_speed * middle, 0.0)
            for a in (-1, 0, 1)
            for b in (-1, 0, 1)
        ]
        for one in tried:
            agreement = changes(query, times, values, one)[0]
            if agreement > best.agreement + 1e-3:
                best = Timing(one.speed, one.offset, agreement)
        by_speed, by_offset = by_speed / 2, by_offset / 2
    return best


def weighed(query: Seen, times: Floats, values: Floats, when: Timing) -> Timing:
    agreement, movement = changes(query, times, values, when, CHANGE)
    return Timing(when.speed, when.offset, agreement, movement)


def changes(query: Seen, times: Floats, values: Floats, when: Timing, least: float = 0.0) -> tuple[float, float]:
    """How well changes over LAG moments agree, of those of `least` brightness levels at least, and how many there are.

    A change is sharper in time than brightness is: light that slowly goes up agrees with any light that does.
    """
    theirs = sampled(times, values, when.speed * query.times + when.offset)
    if len(theirs) <= LAG:
        return 0.0, 0.0
    here, there = (side[LAG:] - side[:-LAG] for side in (query.values, theirs))
    if least:
        large = np.maximum(np.abs(here), np.abs(there)) > least
        here, there = here[large], there[large]
    power = float((here**2).sum()) * float((there**2).sum())
    return float((here * there).sum()) / max(np.sqrt(power), 1e-3), here.size / len(theirs)


def covered(here: Floats, there: Floats) -> NDArray[np.bool_]:
    """Which cells [cells] the query hides behind something else: a bar, a logo, a frame.

    From mean brightness over time: most cells go over into the reference's by one gain and one shift; those that
    don't by far are hidden.
    """
    gain, shift = line(here, there)
    missed = np.abs(gain * here + shift - there)
    return missed > max(HIDDEN, 4 * float(np.median(missed)))


def line(here: Floats, there: Floats) -> tuple[float, float]:
    """Gain and shift from here to there, by least squares over the better-fitting half, three times over."""
    keep = np.ones(len(here), bool)
    gain, shift = 1.0, 0.0
    for _ in range(4):
        if keep.sum() < 3 or here[keep].std() < 1e-3:
            break
        gain, shift = np.polyfit(here[keep], there[keep], 1)
        missed = np.abs(gain * here + shift - there)
        keep = missed <= np.percentile(missed, 60)
    return float(gain), float(shift)


def sampled(times: Floats, values: Floats, at: NDArray[np.floating]) -> Floats:
    """Values [n, cells] at other times, between two by their distances; the first and the last beyond the ends."""
    right = np.clip(np.searchsorted(times, at), 1, max(1, len(times) - 1))
    left = right - 1
    if len(times) == 1:
        return np.repeat(values, len(at), axis=0)
    share = np.clip((at - times[left]) / np.maximum(times[right] - times[left], 1e-6), 0, 1).astype(np.float32)
    return values[left] * (1 - share[:, None]) + values[right] * share[:, None]
