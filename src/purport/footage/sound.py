"""A media file as sound, in stretches of bounded length: memory does not grow with the file."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import av
import numpy as np
from numpy.typing import NDArray

from purport.core.errors import FootageError
from purport.footage.frames import length, opened, said

Samples: TypeAlias = NDArray[np.float32]  # [samples], -1 to 1

RATE = 16_000  # samples a second: what networks of speech are made for
JUMP = 0.3  # seconds by which the file's clock may differ from the number of samples before it is believed


@dataclass(frozen=True, slots=True)
class Block:
    """Samples that follow one another, from `time` in seconds."""

    time: float
    samples: Samples


@dataclass(slots=True)
class Sound:
    """The sound of a file, to be drawn once; afterwards `faults` says what could not be decoded, in words."""

    path: Path
    duration: float = 0.0  # seconds as the container states them, 0 if it does not
    faults: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Block]:
        """Raises FootageError (cause "no-sound" where there is no sound track)."""
        with opened(self.path) as container:
            if not container.streams.audio:
                raise FootageError(f"{self.path.name} holds no sound.", cause="no-sound")
            stream = container.streams.audio[0]
            self.duration = length(container, stream)
            yield from self._blocks(container, stream, beginning(container))

    def _blocks(self, container: Any, stream: Any, origin: float) -> Iterator[Block]:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        time, rate = None, 0  # of the next sample, and the rate that it was taken at
        for frame in self._frames(container, stream):
            stated = frame.time - origin if frame.time is not None else time
            if time is None or (stated is not None and abs(stated - time) > JUMP) or frame.sample_rate != rate:
                yield from _drained(resampler, time)
                resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
                time, rate = stated or 0.0, frame.sample_rate
            frame.pts = None
            for samples in map(_samples, resampler.resample(frame)):
                yield Block(time, samples)
                time += len(samples) / RATE
        if time is None:
            raise FootageError(f"{self.path.name} holds no sound that can be decoded.")
        yield from _drained(resampler, time)

    def _frames(self, container: Any, stream: Any) -> Iterator[Any]:
        broken, packets = 0, container.demux(stream)
        while True:
            try:
                packet = next(packets, None)
            except (av.error.FFmpegError, OSError) as error:
                self.faults.append(f"The sound breaks off ({said(error)}).")
                break
            if packet is None:
                break
            try:
                yield from packet.decode()
            except av.error.FFmpegError:
                broken += 1
        if broken:
            self.faults.append(f"{broken} packets of its sound could not be decoded.")


def beginning(container: Any) -> float:
    """The file's own time of its first picture, from which the house counts; of its first sound without pictures."""
    for stream in (*container.streams.video, *container.streams.audio):
        if stream.start_time is not None and stream.time_base:
            return float(stream.start_time * stream.time_base)
    return 0.0


def _drained(resampler: Any, time: float | None) -> Iterator[Block]:
    """What the resampler still holds."""
    if time is None:
        return
    for samples in map(_samples, resampler.resample(None)):
        yield Block(time, samples)
        time += len(samples) / RATE


def _samples(frame: Any) -> Samples:
    samples: Samples = frame.to_ndarray().reshape(-1).astype(np.float32, copy=False)
    return samples
