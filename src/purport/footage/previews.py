"""Stills of a release's shots as the desk shows them until asked for more: small, grey, blurred.

Footage may hurt those who look at it, and those it shows. A still is there to tell shots apart, not to see by.
"""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import av
import cv2

from purport.core.errors import FootageError
from purport.footage.frames import brightness, opened, picture_stream, upright

SIDE = 160  # pixels at most
BLUR = 3.5  # pixels: a face that fills a third of the picture is a blot
QUALITY = 60
FAR = 250  # pictures that are decoded at most to come to a shot that begins without a key picture

Span = tuple[float, float]


def previews(path: Path, shots: Sequence[Span]) -> list[bytes]:
    """A JPEG of about the middle of each shot; empty bytes where nothing could be decoded. Raises FootageError."""
    with opened(path) as container:
        stream = picture_stream(container, path)
        stream.thread_count = 1
        opening = first(container, stream)
        return [preview(opening if is_brief(shot) else middle(container, stream, shot, opening)) for shot in shots]


def first(container: Any, stream: Any) -> Any:
    """The first picture, from which shots count. Raises FootageError."""
    try:
        return next(container.decode(stream))
    except (StopIteration, av.error.FFmpegError) as error:
        raise FootageError("It holds no picture that can be decoded.") from error


def is_brief(shot: Span) -> bool:
    """Is it a still, or so short a beginning that its first picture will do?"""
    return shot[0] == 0 and shot[1] < 2


def middle(container: Any, stream: Any, shot: Span, opening: Any) -> Any:
    """The picture of a shot nearest before its middle that costs little to come by: a key picture, if it has one."""
    start, end = (opening.time + time for time in shot)
    try:
        container.seek(round((start + end) / 2 / stream.time_base), stream=stream)
        for frame in islice(container.decode(stream), FAR):
            if frame.time is not None and frame.time >= start - 1e-3:
                return frame if frame.time < end else None
    except (av.error.FFmpegError, OSError):
        pass  # some containers can't be sought in, and some files break off
    return None


def preview(frame: Any) -> bytes:
    """A picture at most SIDE pixels wide and high, grey, blurred, as a JPEG."""
    if frame is None:
        return b""
    grey = upright(brightness(frame), frame.rotation)
    scale = min(1.0, SIDE / max(grey.shape))
    width, height = (max(1, round(n * scale)) for n in grey.shape[::-1])
    small = cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(small, (0, 0), BLUR)
    return bytes(cv2.imencode(".jpg", blurred, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1])
