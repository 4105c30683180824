"""Fingerprints of a release: what `find` compares, taken in one pass over its pictures.

Three kinds, each for what the others leave open:

- *hashes*, two a second: 64 bits of a small picture and its mirror image together, for whole copies;
- *marks*, two a second: places in the picture with the pattern around them (ORB, Rublee et al. 2011), for what
  was cropped, framed or filmed off a screen. A mark that stays where it is is written down once, with how long;
- *cells*, eight a second: mean brightness on a coarse grid, for how things move: it tells the same footage from
  the same camera at another time, and places an interval to a fraction of a second.
"""

import json
import math
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import cv2
import numpy as np
import pdqhash
from numpy.typing import NDArray

from purport.core.errors import EvidenceError
from purport.footage.frames import Footage, Grey, Picture
from purport.footage.ranks import firsts

VERSION = "1"

LOOKS = 2.0  # a second at which hashes and marks are taken
RATE = 8.0  # a second at which cells are
ROWS, COLUMNS = 14, 24  # of cells
SIDE = 480  # pixels of the longer side on which marks are sought
MARKS = 300  # at most, a picture
STAYS = 0.006  # of the longer side: a mark that moved less is the same mark
ALIKE = 40  # of 256 bits by which a mark may differ from itself a moment before
SOUGHT = 4  # times as many corners are looked at as marks are kept
FAST = 5  # levels of brightness by which a corner differs from what is around it
CLEAR = 10  # and a clear one
SCALES = (1.2, 8)  # at which marks are sought: by how much each is smaller than the one before, and how many
FEWER = (1.44, 5)  # in a hurry: each mark of the others is still met within a fifth of its size, for a third less
PLENTY = 2  # times as many corners as marks are kept: then the best are among them
FIELDS = 8  # along the longer side, of the grid over which marks are spread
PLAIN = 6.0  # standard deviation of brightness below which a picture is told from no other
EDGE = 16  # pixels from the border that bear no marks
SMALLEST = 2 * EDGE + 8
PDQ_SIDE = 256
CUT = 18.0  # mean change of brightness, of 255, between pictures of two shots

Bytes: TypeAlias = NDArray[np.uint8]
Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Marks:
    """ORB marks: patterns [n, 32], places [n, 2] in pictures of height 1, and in which looks (first, last) [n, 2]."""

    patterns: Bytes
    places: Floats
    looks: Ints

    def __len__(self) -> int:
        return len(self.patterns)


@dataclass(frozen=True)
class Prints:
    """All fingerprints of one release. Times in seconds from its first picture."""

    duration: float
    width: int  # pixels, upright
    height: int
    times: Floats  # [looks]
    hashes: NDArray[np.uint64]  # [looks]; 0 for a picture too plain to tell
    marks: Marks
    cell_times: Floats  # [cells]
    cells: Bytes  # [cells, ROWS, COLUMNS]
    cuts: Floats  # when each shot but the first begins
    pdq: Bytes  # [seconds, 32]: PDQ hashes (Facebook 2019), one a second, to exchange with others
    quality: Bytes  # [seconds]: PDQ's own measure, 0 to 100; below 50 a hash should not be matched
    faults: tuple[str, ...] = ()

    @cached_property
    def shots(self) -> list[tuple[float, float]]:
        edges = [0.0, *map(float, self.cuts), self.duration]
        return list(pairwise(edges))

    @property
    def aspect(self) -> float:
        return self.width / self.height

    def save(self, path: Path) -> None:
        arrays = {name: getattr(self, name) for name in ARRAYS}
        arrays |= {"patterns": self.marks.patterns, "places": self.marks.places, "looks": self.marks.looks}
        facts = {name: getattr(self, name) for name in ("duration", "width", "height", "faults")} | {"version": VERSION}
        with path.open("wb") as file:
            np.savez_compressed(file, facts=np.array(json.dumps(facts)), **arrays)

    @staticmethod
    def load(path: Path) -> "Prints":
        """Raises EvidenceError."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
                facts = json.loads(str(held["facts"]))
                return Prints(
                    facts["duration"],
                    facts["width"],
                    facts["height"],
                    marks=Marks(held["patterns"], held["places"], held["looks"]),
                    faults=tuple(facts["faults"]),
                    **{name: held[name] for name in ARRAYS},
                )
        except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
            raise EvidenceError(f"The prints {path.name} can't be read ({error}). Add its file again.") from error


ARRAYS = ("times", "hashes", "cell_times", "cells", "cuts", "pdq", "quality")


def take(path: Path, told: Callable[[float], None] = lambda share: None) -> Prints:
    """The prints of a file, in one pass; `told` hears how much of it is done (0 to 1). Raises FootageError."""
    footage = Footage(path)
    maker = Maker()
    for picture in heard(footage, told):
        maker.see(picture)
    return maker.made(tuple(footage.faults))


def heard(footage: Footage, told: Callable[[float], None]) -> Iterator[Picture]:
    """The pictures, with a word about each second of them."""
    said = 0.0
    for picture in footage:
        if picture.time >= said:
            told(min(1.0, picture.time / footage.duration) if footage.duration else 0.0)
            said = picture.time + 1.0
        yield picture


class Maker:
    """Takes prints of pictures as they come, with so many marks a picture at most; none are for a query, which has them
    sought later, and needs no PDQ."""

    def __init__(self, marks: int = MARKS) -> None:
        self._find = Finder(marks) if marks else None
        self._tracks, self._cuts = Tracks(), Cuts()
        self._looks, self._beats, self._seconds = Beat(LOOKS), Beat(RATE), Beat(1.0)
        self._times: list[float] = []
        self._hashes: list[int] = []
        self._cell_times: list[float] = []
        self._cells: list[Grey] = []
        self._pdq: list[Bytes] = []
        self._quality: list[int] = []
        self._size = (0, 0)
        self._last = self._step = 0.0

    def see(self, picture: Picture) -> bool:
        """Take the prints that are due; were cells among them?"""
        time, grey = picture.time, picture.grey
        self._size = self._size if self._size[0] else grey.shape[::-1]
        self._step, self._last = time - self._last, time
        self._cuts.see(time, grey)
        if due := self._beats.due(time):
            self._cell_times.append(time)
            self._cells.append(means(grey, ROWS, COLUMNS))
        if self._looks.due(time):
            self._look(time, grey)
        return due

    def _look(self, time: float, grey: Grey) -> None:
        if self._find:
            grey = fit(grey, SIDE)
            self._tracks.see(len(self._times), *self._find(grey))
        self._times.append(time)
        self._hashes.append(hash_of(means(grey, 32, 32)))
        if self._find and self._seconds.due(time):
            vector, quality = pdqhash.compute(np.repeat(fit(grey, PDQ_SIDE)[..., None], 3, axis=2))
            self._pdq.append(np.packbits(vector))
            self._quality.append(quality)

    def made(self, faults: tuple[str, ...] = (), step: float = 0.0) -> Prints:
        """`step`: seconds that the last picture stays at most, where pictures before it were left out."""
        return Prints(
            self._last + (min(step, self._step) if step else self._step),
            *self._size,
            times=np.array(self._times, np.float32),
            hashes=np.array(self._hashes, np.uint64),
            marks=self._tracks.marks(),
            cell_times=np.array(self._cell_times, np.float32),
            cells=np.array(self._cells, np.uint8).reshape(-1, ROWS, COLUMNS),
            cuts=np.array(self._cuts.found, np.float32),
            pdq=np.array(self._pdq, np.uint8).reshape(-1, 32),
            quality=np.array(self._quality, np.uint8),
            faults=faults,
        )


@dataclass(slots=True)
class Beat:
    """Says which of the pictures are the first of each `1 / rate` seconds."""

    rate: float
    _next: float = 0.0

    def due(self, time: float) -> bool:
        if time < self._next - 1e-6:
            return False
        self._next = (math.floor(time * self.rate + 1e-6) + 1) / self.rate
        return True


def fit(grey: Grey, side: int) -> Grey:
    """The picture made smaller so that its longer side has at most so many pixels."""
    scale = side / max(grey.shape)
    if scale >= 1:
        return np.ascontiguousarray(grey)
    height, width = (max(1, round(n * scale)) for n in grey.shape)
    whole = int(1 / scale)
    if whole > 1:  # means over whole pixels are quick, and what is left to shrink is less than half
        rows, columns = (n // whole for n in grey.shape)
        grey = resized(grey[: rows * whole, : columns * whole], columns, rows)
    return resized(grey, width, height, cv2.INTER_LINEAR)


def means(grey: Grey, rows: int, columns: int) -> Grey:
    """Mean brightness on a grid, of a sample of some forty pixels a cell."""
    down, across = (max(1, n // (6 * cells)) for n, cells in zip(grey.shape, (rows, columns), strict=True))
    sample = np.ascontiguousarray(grey[down // 2 :: down, across // 2 :: across])
    return resized(sample, columns, rows)


def resized(grey: Grey, width: int, height: int, how: int = cv2.INTER_AREA) -> Grey:
    return np.asarray(cv2.resize(grey, (width, height), interpolation=how), np.uint8)


class Finder:
    """ORB marks, at most so many a picture, spread over it so that a line of text does not take them all.

    FAST corners on several scales, each with 256 comparisons around it, turned with the corner. Sought are more than
    wanted; each field of a grid then gives its best. In a hurry there are fewer scales, and plain corners are sought
    only where there are too few clear ones: those are half of what it costs.
    """

    def __init__(self, marks: int, hurried: bool = False) -> None:
        self._marks = marks
        self.scale, many = FEWER if hurried else SCALES
        self._orbs: list[Any] = [
            cv2.ORB.create(SOUGHT * marks, self.scale, many, fastThreshold=fast, edgeThreshold=EDGE)
            for fast in ((CLEAR, FAST) if hurried else (FAST,))
        ]

    def __call__(self, grey: Grey) -> tuple[Bytes, Floats]:
        """The marks' patterns [n, 32] and places [n, 2] in units of the picture's height."""
        return self.patterns(grey, self.corners(grey))

    def corners(self, grey: Grey) -> list[Any]:
        """Where marks are to be, as OpenCV's key points."""
        if min(grey.shape) < SMALLEST:
            return []
        points: Sequence[Any] = ()
        for orb in self._orbs:
            points = orb.detect(grey, None)
            if len(points) >= PLENTY * self._marks:
                break
        return self._spread(points, grey) if len(points) else []

    def patterns(self, grey: Grey, corners: Sequence[Any]) -> tuple[Bytes, Floats]:
        """What is around the corners, and their places, as a call gives them."""
        points, patterns = self._orbs[-1].compute(grey, corners) if len(corners) else ((), None)
        if not len(points):
            return np.zeros((0, 32), np.uint8), np.zeros((0, 2), np.float32)
        return np.asarray(patterns, np.uint8), (where(points) / grey.shape[0]).astype(np.float32)

    def _spread(self, points: Sequence[Any], grey: Grey) -> list[Any]:
        if len(points) <= self._marks:
            return list(points)
        places = where(points)
        side = max(grey.shape) / FIELDS
        fields = (places[:, 1] // side * FIELDS + places[:, 0] // side).astype(np.int64)
        order = np.lexsort((-np.array([point.response for point in points]), fields))
        sorted_fields = fields[order]
        rank = np.arange(len(order)) - np.searchsorted(sorted_fields, sorted_fields)  # in its field, best first
        best = order[np.argsort(rank, kind="stable")[: self._marks]]
        return [points[n] for n in np.sort(best)]


def where(points: Sequence[Any]) -> Floats:
    return np.asarray(cv2.KeyPoint.convert(points), np.float32)


def hash_of(small: Grey) -> int:
    """64 bits that a picture [32, 32] and its mirror image share; 0 for one too plain to tell.

    The signs, about their median, of low cosine coefficients (as in pHash) of two pictures that mirroring leaves as
    they are: the mean of the picture with its mirror image, and their difference without its sign.
    """
    if cv2.meanStdDev(small)[1] < PLAIN:
        return 0
    small = small.astype(np.float32)
    mirrored = small[:, ::-1]
    bits = []
    for symmetric in ((small + mirrored) / 2, np.abs(small - mirrored)):
        low = cv2.dct(symmetric)[:6, :12:2].ravel()[1:33]  # a symmetric picture has no odd ones along the row
        middle = np.partition(low, (15, 16))[15:17]
        bits.append(low > middle.mean())
    return int(np.packbits(np.concatenate(bits)).view(np.uint64)[0])


class Tracks:
    """Joins marks that stay where they are over several looks."""

    def __init__(self) -> None:
        self._patterns: list[Bytes] = []
        self._places: list[Floats] = []
        self._firsts: list[Ints] = []
        self._lasts: list[Ints] = []
        self._live = (np.zeros((0, 32), np.uint8), np.zeros((0, 2), np.float32), np.zeros(0, np.int32))

    def see(self, look: int, patterns: Bytes, places: Floats) -> None:
        old_patterns, old_places, since = self._live
        new, old = near(places, old_places, STAYS)
        differ = apart(patterns[new], old_patterns[old])
        closest = np.argsort(differ, kind="stable")
        closest = closest[differ[closest] <= ALIKE]
        new, old = new[closest], old[closest]
        once = firsts(old)  # each old mark goes on in one new mark at most
        new, old = new[once], old[once]
        once = firsts(new)
        new, old = new[once], old[once]
        ended = np.ones(len(since), bool)
        ended[old] = False
        self._end(ended, look - 1)
        began = np.full(len(patterns), look, np.int32)
        began[new] = since[old]
        kept_places = places.copy()
        kept_places[new] = old_places[old]
        self._live = patterns, kept_places, began

    def _end(self, ended: NDArray[np.bool_], last: int) -> None:
        patterns, places, firsts = self._live
        self._patterns.append(patterns[ended])
        self._places.append(places[ended])
        self._firsts.append(firsts[ended])
        self._lasts.append(np.full(int(ended.sum()), last, np.int32))
        self._last = last

    def marks(self) -> Marks:
        self._end(np.ones(len(self._live[2]), bool), self._last + 1 if self._patterns else 0)
        looks = np.stack([np.concatenate(self._firsts), np.concatenate(self._lasts)], axis=1)
        return Marks(np.concatenate(self._patterns), np.concatenate(self._places), looks)


def near(places: Floats, others: Floats, reach: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The pairs of places [n, 2] and [m, 2] nearer than `reach` along both axes, by their numbers, in order."""
    order = np.argsort(others[:, 0], kind="stable")
    along = others[order, 0]
    first = along.searchsorted(places[:, 0] - reach, "left")
    stop = along.searchsorted(places[:, 0] + reach, "right")
    many = stop - first
    new = np.repeat(np.arange(len(places)), many)
    old = order[np.arange(len(new)) - np.repeat(many.cumsum() - many, many) + np.repeat(first, many)]
    close = (np.abs(places[new] - others[old]) < reach).all(1)
    new, old = new[close], old[close]
    in_order = np.lexsort((old, new))
    return new[in_order], old[in_order]


def apart(left: Bytes, right: Bytes) -> NDArray[np.int64]:
    """In how many bits the rows of two arrays [n, bytes] differ; bytes a multiple of eight."""
    a, b = (np.ascontiguousarray(side).view(np.uint64) for side in (left, right))
    bits: NDArray[np.int64] = np.bitwise_count(a ^ b).sum(-1, dtype=np.int64)
    return bits


class Cuts:
    """Finds where a shot ends at once: every picture is compared with the one before, coarsely."""

    def __init__(self) -> None:
        self.found: list[float] = []
        self._before: Grey | None = None
        self._usual = 4.0  # how much pictures differed lately

    def see(self, time: float, grey: Grey) -> None:
        step = max(1, min(grey.shape) // 24)
        coarse = np.ascontiguousarray(grey[step // 2 :: step, step // 2 :: step])
        if self._before is not None and self._before.shape == coarse.shape:
            change = cv2.norm(coarse, self._before, cv2.NORM_L1) / coarse.size
            if change > CUT and change > 3 * self._usual:
                self.found.append(time)
            else:
                self._usual += 0.1 * (change - self._usual)
        self._before = coarse
