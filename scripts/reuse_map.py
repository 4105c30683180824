"""Draws docs/reuse-map.svg: films of our own making are taken in, then a compilation of some of them is asked about.

python scripts/reuse_map.py docs/reuse-map.svg    (takes a minute; the same films give the same picture)
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "unit"))

from film_samples import Picture, card, fair, film

from purport.cli import main as purport

RATE = 12


def times(seconds: float) -> Iterator[float]:
    return (number / RATE for number in range(round(seconds * RATE)))


def cropped(shown: Picture) -> Picture:
    return cv2.resize(shown[18:162, 32:288], (320, 180)).astype(np.uint8)


def compilation(t: float) -> Picture:
    """72 seconds: what is new, and parts of the pier, the parade and the bulletin."""
    if t < 14:
        return fair(t, 50)
    if t < 27:
        return cropped(fair(41 + t - 14, 1))
    if t < 38:
        return np.ascontiguousarray(fair(12 + t - 27, 2)[:, ::-1])
    if t < 46:
        return fair(t, 51)
    if t < 56:
        return fair(80 + 1.25 * (t - 46), 1)
    return fair(700 + t, 2) if t < 66 else cropped(card())


def main(out: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("films").mkdir()
        film(Path("films/pier.mp4"), (fair(t, 1) for t in times(110)), RATE)
        film(Path("films/parade.mp4"), (fair(t, 2) for t in times(40)), RATE)
        film(Path("films/bulletin.mp4"), (card() if t < 8 else fair(t, 3) for t in times(90)), RATE)
        film(Path("films/market.mp4"), (fair(t, 4) for t in times(60)), RATE)
        film(Path("statement-2.mp4"), (compilation(t) for t in times(72)), RATE)
        for words in (("add", "films"), ("find", "statement-2.mp4"), ("map", "statement-2.mp4", "-o", str(out))):
            purport(["footage", *words], standalone_mode=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
