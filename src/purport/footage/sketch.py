"""What a file is asked about by: its prints, its small pictures, and its marks once somebody asks for them."""

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

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

    def marks(self, looks: Iterable[int], find: Finder, side: int, mirrored: bool) -> Marks:
        """The marks of some looks, in order, as they are or as a mirror shows them."""
        tracks = Tracks()
        for number in looks:
            grey = fit(self.look(number), side)
            tracks.see(number, *find(np.ascontiguousarray(grey[:, ::-1]) if mirrored else grey))
        return tracks.marks()

    def starts(self, cuts: Floats) -> list[int]:
        """The looks at which shots begin."""
        found: list[int] = np.searchsorted(self.prints.times, cuts - 1e-3).tolist()
        return found


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
    footage, maker, beat = Footage(path), Maker(marks=0), Beat(LOOKS)
    shape, places, at = (0, 0), [], 0
    with tempfile.TemporaryFile() as thumbs, tempfile.TemporaryFile() as looks:
        for picture in heard(footage, told):
            if maker.see(picture):
                thumb = fit(picture.grey, THUMB)
                shape = shape if shape[0] else thumb.shape
                thumbs.write((thumb if thumb.shape == shape else cv2.resize(thumb, shape[::-1])).tobytes())
            if beat.due(picture.time):
                stored = packed(fit(picture.grey, LARGE), footage.duration > LONG)
                places.append((at, len(stored)))
                at += looks.write(stored)
        prints = maker.made(tuple(footage.faults))
        small = mapped(thumbs).reshape(len(prints.cell_times), *shape)
        return Sketch(path.name, prints, all_cuts(prints), small, mapped(looks), tuple(places))


def mapped(file: BinaryIO) -> Bytes:
    """What a file holds, without reading it; it may be closed, and is gone when this is."""
    file.flush()
    return np.memmap(file, np.uint8, "r")
