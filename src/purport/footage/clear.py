"""What is shown of footage once somebody asks: one clear still, or the moving pictures without their sound.

Both are made from the copy that was kept, which stays as it is. Taking the sound out copies the compressed pictures
as they are: nothing is encoded anew, so it takes as long as reading the file.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import cv2
import msgspec
import numpy as np

from purport.core.errors import FootageError
from purport.footage.found import SilentOrder, StillOrder
from purport.footage.frames import opened, picture_stream, upright
from purport.footage.sheet import timed

WIDEST = 960  # pixels of a still's longer side
QUALITY = 88


def run_still(payload: bytes, told: Callable[[float], None]) -> bytes:
    """A StillOrder in msgpack to a JPEG. Raises FootageError."""
    cv2.setNumThreads(1)
    return still(msgspec.msgpack.decode(payload, type=StillOrder))


def run_silent(payload: bytes, told: Callable[[float], None]) -> bytes:
    """A SilentOrder in msgpack; the file is where it was asked for. Raises FootageError."""
    silent(msgspec.msgpack.decode(payload, type=SilentOrder), told)
    return b""


def still(order: StillOrder) -> bytes:
    """The picture shown at a time, in seconds from the first one, upright and in its colours."""
    path = Path(order.path)
    with opened(path) as container:
        stream = picture_stream(container, path)
        stream.thread_count = 1
        try:
            frame = _at(container, stream, order.second)
        except (av.error.FFmpegError, OSError) as error:
            raise FootageError(f"No picture can be decoded there ({error}).") from error
    if frame is None:
        raise FootageError("There is no picture that can be decoded there.")
    picture = np.ascontiguousarray(upright(frame.to_ndarray(format="bgr24"), frame.rotation))
    scale = min(1.0, WIDEST / max(picture.shape[:2]))
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA) if scale < 1 else picture
    return cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()


def _at(container: Any, stream: Any, second: float) -> Any:
    """The frame at a time; none if nothing decodes."""
    first = next(iter(container.decode(stream)), None)
    if first is None or first.time is None or second <= 0:
        return first
    container.seek(int((first.time + second) / stream.time_base), stream=stream)
    shown = None
    for frame in timed(container, stream):
        if shown is not None and frame.time > first.time + second + 1e-3:
            break
        shown = frame
    return shown if shown is not None else first


def silent(order: SilentOrder, told: Callable[[float], None] = lambda share: None) -> None:
    """The moving pictures alone, in a file of the same kind. Raises FootageError."""
    path = Path(order.path)
    size = max(1, path.stat().st_size)
    options = {"movflags": "+faststart"} if order.form == "mp4" else {}
    try:
        with opened(path) as source, av.open(order.to, "w", format=order.form, options=options) as made:
            stream = picture_stream(source, path)
            copied = made.add_stream_from_template(stream)
            for packet in source.demux(stream):
                if packet.dts is None:  # the end of the stream
                    continue
                told(min(1.0, (packet.pos or 0) / size))
                packet.stream = copied
                made.mux(packet)
    except (av.error.FFmpegError, ValueError, OSError) as error:
        raise FootageError(f"The pictures can't be parted from the sound ({error}).") from error
