"""Matches side by side on one sheet: the file asked about on the left, the release on the right, at three times each.

Grey, blurred and small, until somebody asks for clear pictures: footage may hurt those who look at it.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import av
import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from purport.core.errors import FootageError
from purport.core.matches import Match
from purport.footage.found import Pairing, SheetOrder
from purport.footage.frames import Grey, brightness, opened, picture_stream, upright

SMALL, CLEAR = 200, 360  # pixels of a picture's width
BLUR = 0.02  # of a picture's width: a face that fills a third of it is a blot
MOMENTS = (0.15, 0.5, 0.85)  # of a match, at which it is shown
MOST = 40  # matches on a sheet: a picture of more can't be opened everywhere
FAR = 900  # pictures that are decoded at most to come to a time
EDGE, LINE = 12, 18  # pixels around pictures, and of a line of words
PAPER, INK, DRAWN = 245, 30, 255
QUALITY = 85

Corners = NDArray[np.float64]


def run(payload: bytes, told: Callable[[float], None]) -> bytes:
    """A SheetOrder in msgpack to a JPEG. Raises FootageError."""
    cv2.setNumThreads(1)
    return sheet(msgspec.msgpack.decode(payload, type=SheetOrder), told)


def sheet(order: SheetOrder, told: Callable[[float], None] = lambda share: None) -> bytes:
    chosen = order.pairings[:MOST]
    width = CLEAR if order.clear else SMALL
    rows: list[Grey] = []
    for number, pairing in enumerate(chosen):
        told(number / len(chosen))
        rows.append(row(Path(order.path), pairing, width, order.clear))
    if len(order.pairings) > MOST:
        rows.append(written(f"{len(order.pairings) - MOST} more matches are not drawn here.", rows[0].shape[1]))
    encoded = cv2.imencode(".jpg", np.concatenate(rows), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1]
    return encoded.tobytes()


def row(path: Path, pairing: Pairing, width: int, clear: bool) -> Grey:
    """One match: three pairs, with their times under them."""
    match = pairing.match
    here = [match.query_start + share * (match.query_end - match.query_start) for share in MOMENTS]
    there = [match.reference_start + share * (match.reference_end - match.reference_start) for share in MOMENTS]
    ours = pictures(path, here)
    theirs = pictures(Path(pairing.path), there) if pairing.path else [()] * len(there)
    pairs = [
        pair(one, other, match, width, clear, (a, b))
        for one, other, a, b in zip(ours, theirs, here, there, strict=True)
    ]
    tall = max(one.shape[0] for one in pairs)
    level = [np.pad(one, ((0, tall - one.shape[0]), (0, 0)), constant_values=PAPER) for one in pairs]
    body = np.concatenate(level, axis=1)
    return np.concatenate([written(heading(pairing), body.shape[1]), body])


def heading(pairing: Pairing) -> str:
    match = pairing.match
    said = f"{span(match.query_start, match.query_end)} here = {span(match.reference_start, match.reference_end)} in "
    return f"{said}{pairing.name}: {match.kind}{', mirrored' * match.mirrored}"


def span(start: float, end: float) -> str:
    return f"{clock(start)}-{clock(end)}"


def clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds * 10), 600)
    return f"{minutes}:{rest // 10:02}.{rest % 10}"


def written(words: str, width: int) -> Grey:
    """A strip with words; the font knows ASCII alone."""
    strip = np.full((LINE + EDGE, width), PAPER, np.uint8)
    plain = words.encode("ascii", "replace").decode()
    cv2.putText(strip, plain, (EDGE, LINE + 2), cv2.FONT_HERSHEY_SIMPLEX, 0.42, INK, 1, cv2.LINE_AA)
    return strip


Shown = tuple[Grey, ...]  # none or one


def pair(ours: Shown, theirs: Shown, match: Match, width: int, clear: bool, times: tuple[float, float]) -> Grey:
    """Two pictures beside each other, each with the outline of what the other shows."""
    sizes = [one[0].shape[1] / one[0].shape[0] if one else 16 / 9 for one in (ours, theirs)]
    there, here = outlines(match, *sizes)
    left = framed(ours, here, width, clear, clock(times[0]))
    right = framed(theirs, there, width, clear, f"= {clock(times[1])}")
    tall = max(left.shape[0], right.shape[0])
    level = [np.pad(one, ((0, tall - one.shape[0]), (0, 0)), constant_values=PAPER) for one in (left, right)]
    return np.pad(np.concatenate(level, axis=1), ((0, 0), (0, 2 * EDGE)), constant_values=PAPER)


def outlines(match: Match, aspect: float, other: float) -> tuple[Corners, Corners]:
    """The query's picture as it lies in the reference's, and the other way round: corners [4, 2] in units of height."""
    view = np.array(match.view or np.eye(3).ravel(), np.float64).reshape(3, 3)
    there = through(view, corners(aspect))
    here = through(np.linalg.inv(view).astype(np.float64), corners(other))
    if match.mirrored:
        here = np.column_stack([aspect - here[:, 0], here[:, 1]])
    return there, here


def corners(aspect: float) -> Corners:
    return np.array([[0, 0], [aspect, 0], [aspect, 1], [0, 1]], np.float64)


def through(view: NDArray[np.float64], places: Corners) -> Corners:
    to = np.column_stack([places, np.ones(len(places))]) @ view.T
    found: Corners = to[:, :2] / to[:, 2:]
    return found


def framed(shown: Shown, outline: Corners, width: int, clear: bool, words: str) -> Grey:
    """A picture of this width with an outline on it, a margin around and words below."""
    if shown:
        grey = shown[0]
        height = max(1, round(width * grey.shape[0] / grey.shape[1]))
        small: Grey = cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8)
        small = small if clear else cv2.GaussianBlur(small, (0, 0), BLUR * width).astype(np.uint8)
        places = np.round(outline * height).clip(-4 * width, 4 * width).astype(np.int32)
        cv2.polylines(small, [places], True, INK, 3, cv2.LINE_AA)
        cv2.polylines(small, [places], True, DRAWN, 1, cv2.LINE_AA)
    else:
        small = np.full((round(width * 9 / 16), width), 220, np.uint8)
        words += "  no picture"
    body = np.pad(small, ((0, 0), (EDGE, 0)), constant_values=PAPER)
    return np.concatenate([body, written(words, body.shape[1])])


def pictures(path: Path, times: Sequence[float]) -> list[Shown]:
    """The picture shown at each time, in seconds from the first one; none where it can't be decoded."""
    try:
        with opened(path) as container:
            stream = picture_stream(container, path)
            stream.thread_count = 1
            first = next(iter(container.decode(stream)), None)
            if first is None:
                return [()] * len(times)
            return [at(container, stream, first, time) for time in times]
    except (FootageError, av.error.FFmpegError, OSError):
        return [()] * len(times)


def at(container: Any, stream: Any, first: Any, time: float) -> Shown:
    if first.time is None or time <= 0:
        return (grey(first),)
    try:
        container.seek(int((first.time + time) / stream.time_base), stream=stream)
        shown = None
        for frame in timed(container, stream):
            if shown is not None and frame.time > first.time + time + 1e-3:
                break
            shown = frame
    except (av.error.FFmpegError, OSError):
        return ()
    return (grey(shown),) if shown is not None else ()


def timed(container: Any, stream: Any) -> Iterator[Any]:
    return (frame for frame in islice(container.decode(stream), FAR) if frame.time is not None)


def grey(frame: Any) -> Grey:
    return np.ascontiguousarray(upright(brightness(frame), frame.rotation))
