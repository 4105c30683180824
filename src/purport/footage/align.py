"""Which stretches of a query may show a release, and how its picture lies in theirs.

Marks vote for pairs of looks; looks that follow one another and are voted for make a run; the marks of a run, taken
together, give one view: how places in the query's picture go over into the reference's (RANSAC, Fischler and Bolles
1981). An edit lies still over a run, so the marks of all its looks may be put together.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from purport.footage.index import Hits
from purport.footage.prints import Floats, Ints, Marks
from purport.footage.ranks import firsts, ranked

VOTED = 5.0  # weight of marks from which a look of the query may show the release
HELD = 8.0  # weight of marks that must agree on one view
STRAY = 0.025  # of a picture's height: by so much a mark may miss its place
HOLE = 3  # looks in a run that may be without votes
NEIGHBOURS = 1  # looks of the reference around the best that marks are taken from
SQUEEZE = 1.8  # of the scale across over the scale along: no edit does more
MANY = 12  # marks that agree on a view, from which one with eight unknowns instead of four is sought
FULLER = 1.25  # times as many marks must agree on a view with eight unknowns as on one with four
ALL = 0.85  # of the marks near a view: where so many agree on it, no fuller one is sought
DRAWS = 500  # of two pairs of places, at most: with a tenth of the pairs true, one draw in a hundred is
SEED = 1  # of RANSAC's draws, so that the same query gives the same answer


@dataclass(frozen=True, slots=True)
class Run:
    """Looks [first, last] of the query, the looks of the reference voted for [low, high], and the view between them.

    `view` [3, 3] takes places in the query's picture, in units of its height, to places in the reference's.
    """

    first: int
    last: int
    low: int
    high: int
    view: NDArray[np.float64]
    weight: float = 0.0  # of the marks that agree on the view; 0 where whole pictures are alike
    discount: float = 0.0  # share of their weight taken off for being common
    shared: int = 0  # the releases that the commonest tenth of them are in
    speeds: tuple[float, ...] = ()  # to try beside one, at which the reference may have been played
    # of those marks in the reference [n, 2], in units of its height
    places: Floats = field(default_factory=lambda: np.zeros((0, 2), np.float32))


def votes(q: Ints, r: Ints, weights: Floats, looks: int, others: int) -> Floats:
    """Weight of like marks for each pair of looks [looks of the query, looks of the reference], from the looks (first,
    last) that each is in, of the query [n, 2] and of the reference."""
    width = others + 1
    above, below = q[:, 0] * width, (q[:, 1] + 1) * width
    left, right = r[:, 0], r[:, 1] + 1
    at = np.concatenate([above + left, above + right, below + left, below + right])
    signed = np.concatenate([weights, -weights, -weights, weights])
    corners = np.bincount(at, signed, (looks + 1) * width).reshape(looks + 1, width)
    found: Floats = corners.cumsum(0).cumsum(1)[:-1, :-1].astype(np.float32)
    return found


class Voting:
    """The votes of the query's marks for one release, and the runs in them."""

    def __init__(self, hits: Hits, query: Marks, reference: Marks, looks: int, others: int) -> None:
        self._hits, self._query, self._reference = hits, query, reference
        self._looks = query.looks[hits.query], reference.looks[hits.reference]
        self._weights = hits.weights
        self._voted = votes(*self._looks, self._weights, looks, others)

    @property
    def flags(self) -> NDArray[np.bool_]:
        """The looks of the query that may show the release."""
        found: NDArray[np.bool_] = self._voted.max(1) >= VOTED
        return found

    def run(self, first: int, last: int) -> Run | None:
        """The looks [first, last] as one run with its view; none if their marks agree on none."""
        hits, query, reference, weights = self._hits, self._query, self._reference, self._weights
        voted = self._voted[first : last + 1]
        some = self._near(first, voted.argmax(1))
        if weights[some].sum() < HELD:  # nor would those that agree weigh enough
            return None
        some = single(hits, some)
        if len(some) < 4 or weights[some].sum() < HELD:
            return None
        view, inside = agreed(query.places[hits.query[some]], reference.places[hits.reference[some]])
        if view is None:
            return None
        order = some[inside]
        held = float(weights[order].sum())
        if held < HELD or not spread(query.places[hits.query[order]]):
            return None
        likely = np.flatnonzero(voted.max(0) >= 0.4 * voted.max())
        return Run(
            first,
            last,
            int(likely[0]),
            int(likely[-1]),
            view,
            held,
            1 - held / float(hits.closeness[order].sum()),
            int(ranked(hits.shared[order], 0.9)),
            places=reference.places[hits.reference[order]],
        )

    def _near(self, first: int, best: NDArray[np.int64]) -> Ints:
        """The hits in the looks from `first` on, near the look of the reference that is voted for most for each."""
        q, r = self._looks
        inside = np.flatnonzero((q[:, 1] >= first) & (q[:, 0] < first + len(best)))
        q, r = q[inside], r[inside]
        chosen = np.zeros(len(inside), bool)
        for look, other in enumerate(best.tolist(), first):
            chosen |= (
                (q[:, 0] <= look)
                & (q[:, 1] >= look)
                & (r[:, 0] <= other + NEIGHBOURS)
                & (r[:, 1] >= other - NEIGHBOURS)
            )
        return inside[chosen].astype(np.int32)


def groups(flags: NDArray[np.bool_], cuts: list[int]) -> Iterator[tuple[int, int]]:
    """Looks (first, last) of each group of flags with holes of at most HOLE between them, no cut inside."""
    starts = set(cuts)
    first = last = -1
    for look in np.flatnonzero(flags).tolist():
        if first >= 0 and (look - last > HOLE + 1 or any(at in starts for at in range(last + 1, look + 1))):
            yield first, last
            first = look
        first = look if first < 0 else first
        last = look
    if first >= 0:
        yield first, last


def single(hits: Hits, some: Ints) -> Ints:
    """Of these hits those in which each mark of either side has the one partner that is closest to it.

    Else a mark that many resemble would draw all of them to one point, and that would be a view, too.
    """
    order = some[np.argsort(-hits.closeness[some], kind="stable")]
    for side in (hits.query, hits.reference):
        order = order[np.sort(firsts(side[order]))]
    return order


def agreed(here: Floats, there: Floats) -> tuple[NDArray[np.float64] | None, NDArray[np.bool_]]:
    """The view that most pairs of places [n, 2] agree on, and which do; none if it is not one that edits make."""
    cv2.setRNGSeed(SEED)
    nothing = np.zeros(len(here), bool)
    matrix, inside = cv2.estimateAffinePartial2D(
        here, there, method=cv2.RANSAC, ransacReprojThreshold=STRAY, maxIters=DRAWS, confidence=0.999
    )
    if matrix is None or int(inside.sum()) < 4:
        return None, nothing
    view = np.vstack([matrix, [0, 0, 1]])
    inside = inside.ravel().astype(bool)
    near = np.linalg.norm(moved(view, here) - there, axis=1) < 4 * STRAY
    if inside.sum() >= MANY and inside.sum() < ALL * near.sum():  # filmed from the side, or squeezed
        cv2.setRNGSeed(SEED)
        fuller, _ = cv2.findHomography(here[near], there[near], cv2.USAC_FAST, STRAY / 2, maxIters=200)
        if fuller is not None and sane(fuller, here):
            fits = np.linalg.norm(moved(fuller, here) - there, axis=1) < STRAY
            if fits.sum() > FULLER * inside.sum():
                view, inside = fuller, fits
    return (view, np.asarray(inside)) if sane(view, here) else (None, nothing)


def sane(view: NDArray[np.float64], here: Floats) -> bool:
    """Does the view keep a picture a picture: not mirrored, not folded, neither a speck nor squeezed?"""
    middle = here.mean(0)
    corners = middle + np.array([[-0.25, -0.25], [0.25, -0.25], [0.25, 0.25], [-0.25, 0.25]])
    depth = np.column_stack([corners, np.ones(4)]) @ view[2]
    if (depth <= 0.05).any() and (depth >= -0.05).any():
        return False
    a, b, c, d = moved(view, corners)
    sides = (b - a, c - b, d - c, a - d)
    if min(v[0] * w[1] - v[1] * w[0] for v, w in zip(sides, (*sides[1:], sides[0]), strict=True)) <= 0:
        return False
    across, along = np.linalg.norm(b - a) + np.linalg.norm(c - d), np.linalg.norm(c - b) + np.linalg.norm(d - a)
    scale = (across + along) / 2
    return bool(0.2 < scale < 6 and max(across / along, along / across) < SQUEEZE)


def moved(view: NDArray[np.float64], places: NDArray[np.floating]) -> NDArray[np.float64]:
    """Places [n, 2] through a view [3, 3]."""
    to = np.column_stack([places, np.ones(len(places))]) @ view.T
    return to[:, :2] / to[:, 2:]


def spread(places: Floats) -> bool:
    """Do the marks lie over some part of the picture, and not all on one word or logo?"""
    return any(ranked(along, 0.95) - ranked(along, 0.05) > 0.12 for along in places.T)
