"""What a file is asked about by: its prints, its small pictures, and its marks once somebody asks for them."""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import cv2
import numpy as np

from purport.footage.frames import Footage, Grey
from purport.footage.prints import LOOKS, Beat, Bytes, Finder, Floats, Maker, Marks, Prints, Tracks, fit, heard
from purport.footage.shots import all_cuts

THUMB = 160  # pixels of the longer side of the small pictures, eight a second
LARGE = 640  # and of those in which marks are sought, two a second
LONG = 600.0  # seconds from which they wait as JPEG
QUALITY = 92


@dataclass(frozen=True, slots=True)
class Sketch:
    """A query, seen once from its first picture to its last. What is large lies in files without a name."""

    name: str
    prints: Prints  # without marks
    cuts: Floats  # when its shots begin, those that fade in too
    thumbs: Bytes  # [cells, height, width]
    _looks: Bytes
    _places: tuple[tuple[int, int], ...]  # of each look in it

    def look(self, number: int) -> Grey:
        start, size = self._places[number]
        return unpacked(self._looks[start : start + size].tobytes())

    def starts(self, cuts: Floats) -> list[int]:
        """The looks at which shots begin."""
        found: list[int] = np.searchsorted(self.prints.times, cuts - 1e-3).tolist()
        return found


class Marker:
    """The marks of a sketch's looks, of so many pixels along their longer side.

    Corners are sought once in a look: the mirror image has the same.
    """

    def __init__(self, query: Sketch, side: int) -> None:
        self._query, self._side = query, side
        self._finders: dict[int, Finder] = {}
        self._corners: dict[tuple[int, int], Floats] = {}

    def marks(self, looks: Iterable[int], mirrored: bool, many: int) -> Marks:
        """The marks of some looks, in order, at most so many a look, as they are or as a mirror shows them."""
        find = self._finders.setdefault(many, Finder(many, hurried=True))
        tracks = Tracks()
        for number in looks:
            grey = fit(self._query.look(number), self._side)
            tracks.see(number, *(self._mirrored if mirrored else self._plain)(grey, find, (number, many)))
        return tracks.marks()

    def _plain(self, grey: Grey, find: Finder, at: tuple[int, int]) -> tuple[Bytes, Floats]:
        corners = find.corners(grey)
        self._corners[at] = packed_corners(corners)
        return find.patterns(grey, corners)

    def _mirrored(self, grey: Grey, find: Finder, at: tuple[int, int]) -> tuple[Bytes, Floats]:
        if at not in self._corners:
            self._corners[at] = packed_corners(find.corners(grey))
        corners = mirrored_corners(self._corners[at], grey.shape[1], find.scale)
        return find.patterns(np.ascontiguousarray(grey[:, ::-1]), corners)


def packed_corners(corners: Sequence[Any]) -> Floats:
    """OpenCV's key points as [n, (across, down, size, angle, response, octave)], a tenth of their size."""
    rows = [(*one.pt, one.size, one.angle, one.response, one.octave) for one in corners]
    return np.array(rows, np.float32).reshape(-1, 6)


def mirrored_corners(corners: Floats, width: int, step: float) -> list[Any]:
    """The same corners in the picture's mirror image, as key points. Each lies on a pixel of its octave, which is
    smaller than the one before by so many times."""
    scale = step ** corners[:, 5]
    across = (np.rint(width / scale) - 1) * scale - corners[:, 0]
    angles = (180 - corners[:, 3]) % 360
    rows = zip(across.tolist(), angles.tolist(), corners.tolist(), strict=True)
    return [
        cv2.KeyPoint(x, down, size, angle, response, int(octave))
        for x, angle, (_, down, size, _, response, octave) in rows
    ]


def packed(grey: Grey, small: bool) -> bytes:
    """A picture as bytes: as it is, which is quick, or as JPEG, a tenth of the size."""
    if small:
        _, stored = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        return b"J" + stored.tobytes()
    return b"R" + np.array(grey.shape, np.uint16).tobytes() + grey.tobytes()


def unpacked(stored: bytes) -> Grey:
    if stored[:1] == b"J":
        return np.asarray(cv2.imdecode(np.frombuffer(stored, np.uint8, offset=1), cv2.IMREAD_GRAYSCALE), np.uint8)
    return np.frombuffer(stored, np.uint8, offset=5).reshape(np.frombuffer(stored[1:5], np.uint16))


def sketch(path: Path, told: Callable[[float], None] = lambda share: None) -> Sketch:
    """One pass over a file; memory stays flat whatever its length. Raises FootageError."""
    footage, maker, beat = Footage(path, hurried=True), Maker(marks=0), Beat(LOOKS)
    shape, places, at = (0, 0), [], 0
    with tempfile.TemporaryFile() as thumbs, tempfile.TemporaryFile() as looks:
        for picture in heard(footage, told):
            if maker.see(picture):
                thumb = fit(fit(picture.grey, 2 * THUMB), THUMB)  # far quicker than at once
                shape = shape if shape[0] else thumb.shape
                thumbs.write((thumb if thumb.shape == shape else cv2.resize(thumb, shape[::-1])).tobytes())
            if beat.due(picture.time):
                stored = packed(fit(picture.grey, LARGE), footage.duration > LONG)
                places.append((at, len(stored)))
                at += looks.write(stored)
        prints = maker.made(tuple(footage.faults), footage.step)
        small = mapped(thumbs).reshape(len(prints.cell_times), *shape)
        return Sketch(path.name, prints, all_cuts(prints), small, mapped(looks), tuple(places))


def mapped(file: BinaryIO) -> Bytes:
    """What a file holds, without reading it; it may be closed, and is gone when this is."""
    file.flush()
    return np.asarray(np.memmap(file, np.uint8, "r"))  # a plain array: each part of the other kind costs more than it
