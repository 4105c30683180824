"""A media file as pictures with their times, one at a time: memory does not grow with its length.

What is broken in the middle is left out and told; what decodes is used.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import av
import numpy as np
from numpy.typing import NDArray

from purport.core.errors import FootageError

Grey: TypeAlias = NDArray[np.uint8]  # [height, width]

PLANAR = ("yuv4", "yuvj4", "nv12", "nv21", "gray")  # their first plane is the brightness, a byte a pixel
DEEP = ("10le", "10be", "12le", "12be", "14le", "14be", "16le", "16be", "9le", "9be", "gray16")
LISTS = ("hls", "dash", "concat", "imf", "sdp", "rtsp")  # they name other files; those are not opened
LARGEST = 16_384  # pixels a side: beyond that a header is taken for broken
GAP = 0.14  # seconds between pictures: where leaving some out makes longer gaps, none is left out
SILENCE = 0.5  # seconds in packets of which no picture comes: then, too


@dataclass(frozen=True, slots=True)
class Picture:
    """One decoded picture: `time` in seconds from the first one, brightness as the eye would see it upright."""

    time: float
    grey: Grey


@dataclass(slots=True)
class Footage:
    """The pictures of a file, to be drawn once; afterwards `faults` says what could not be decoded, in words."""

    path: Path
    threads: int = 1
    hurried: bool = False  # leave out pictures that no other is made from, where enough are left
    duration: float = 0.0  # seconds as the container states them, 0 if it does not
    step: float = 0.04  # seconds from one picture to the next, as a rule
    faults: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Picture]:
        """Raises FootageError if there is nothing to decode at all."""
        with opened(self.path) as container:
            single(container, self.path.name)
            stream = picture_stream(container, self.path)
            stream.thread_count, stream.thread_type = self.threads, "AUTO"
            self.duration, self.step = length(container, stream), 1.0 / float(stream.average_rate or 25)
            if (
                self.hurried
            ):  # of those left, the ones between others are not smoothed: in H.264 hardly any is made from them
                smooth = "bidir" if stream.codec_context.name == "h264" else "noref"
                stream.codec_context.options = {"skip_loop_filter": smooth}
                stream.codec_context.skip_frame = "NONREF" if 2 * self.step <= GAP else "DEFAULT"
            yield from self._pictures(container, stream)

    def _pictures(self, container: Any, stream: Any) -> Iterator[Picture]:
        first, last = None, -1.0
        for frame in self._frames(container, stream):
            at = frame.time if frame.time is not None else last + self.step + (first or 0.0)
            first = at if first is None else first
            time = at - first
            if time <= last:  # a clock that stands still or goes back
                time = last + self.step
            if self.hurried and time - last > GAP and last >= 0:
                stream.codec_context.skip_frame = "DEFAULT"
            last = time
            yield Picture(time, upright(brightness(frame), frame.rotation))
        if first is None:
            raise FootageError(f"{self.path.name} holds no picture that can be decoded.")

    def _frames(self, container: Any, stream: Any) -> Iterator[Any]:
        broken = silent = 0
        packets = container.demux(stream)
        while True:
            try:
                packet = next(packets, None)
            except (av.error.FFmpegError, OSError) as error:
                self.faults.append(f"The file breaks off ({said(error)}).")
                break
            if packet is None:
                break
            if silent * self.step > SILENCE:
                stream.codec_context.skip_frame = "DEFAULT"
            try:
                frames = packet.decode()
                silent = 0 if frames else silent + 1
                yield from frames
            except MemoryError:
                raise
            except av.error.FFmpegError:
                broken += 1
        if broken:
            self.faults.append(f"{broken} of its packets could not be decoded.")


def opened(path: Path) -> Any:
    """The file's container, open. Local files only: nothing in it may name another place. Raises FootageError."""
    try:
        return av.open(str(path), options={"protocol_whitelist": "file,crypto,data"}, metadata_errors="ignore")
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise FootageError(f"{path.name} can't be opened as video, image or sound ({said(error)}).") from error


def single(container: Any, name: str) -> str:
    """The container's form. Raises FootageError if it is but a list of other files."""
    form = str(container.format.name).split(",")[0]
    if form in LISTS:
        raise FootageError(f"{name} is a list of other files ({form}). Give those files themselves.")
    return form


def picture_stream(container: Any, path: Path) -> Any:
    """The stream to look at: the first that is moving or still pictures. Raises FootageError."""
    # a sound file's cover is an attached picture, not footage
    streams = [one for one in container.streams.video if "ATTACHED_PIC" not in str(one.disposition).upper()]
    if not streams:
        raise FootageError(f"{path.name} holds no pictures.", cause="no-picture")
    stream = streams[0]
    if not 0 < stream.width <= LARGEST or not 0 < stream.height <= LARGEST:
        raise FootageError(f"{path.name} says that its pictures are {stream.width} x {stream.height} pixels.")
    return stream


def length(container: Any, stream: Any) -> float:
    """Seconds as the container or the stream states them; 0 if neither does."""
    if container.duration:
        return float(container.duration) / float(av.time_base)
    return float(stream.duration * stream.time_base) if stream.duration and stream.time_base else 0.0


def brightness(frame: Any) -> Grey:
    """The frame's brightness [height, width], without a conversion where the format holds it as it is."""
    name = frame.format.name
    if not name.startswith(PLANAR) or name.endswith(DEEP):
        grey: Grey = frame.to_ndarray(format="gray")
        return grey
    plane = frame.planes[0]
    return np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: frame.height, : frame.width]


def upright(grey: Grey, degrees: int) -> Grey:
    """The picture turned as its file asks for (counter-clockwise, a multiple of 90)."""
    return np.rot90(grey, round(degrees / 90) % 4) if degrees else grey


def said(error: Exception) -> str:
    """FFmpeg's words for a fault, without our file's name."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
