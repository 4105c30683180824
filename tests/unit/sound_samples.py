"""Sounds and films as they stand in a test, made on the spot: tones, noise, silence, writing, a voice by espeak-ng."""

import shutil
import subprocess
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from purport.core.errors import ModelError
from purport.footage.ears import weights

RATE = 16_000
Samples = NDArray[np.float32]


def has_weights() -> bool:
    try:
        return bool(weights())
    except ModelError:
        return False


needs_weights = pytest.mark.skipif(not has_weights(), reason="needs a speech model: the extra purport[speech]")
needs_voice = pytest.mark.skipif(not shutil.which("espeak-ng"), reason="needs the Debian package espeak-ng")


def tone(seconds: float, pitch: float = 440.0, rate: int = RATE) -> Samples:
    return (0.3 * np.sin(2 * np.pi * pitch * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.float32)


def noise(seconds: float, seed: int = 1) -> Samples:
    return (0.1 * np.random.default_rng(seed).standard_normal(round(seconds * RATE))).astype(np.float32)


def voice(words: str, folder: Path, accent: str = "en-us", speed: int = 150) -> Samples:
    """The words spoken by espeak-ng."""
    out = folder / "voice.wav"
    subprocess.run(["espeak-ng", "-v", accent, "-s", str(speed), "-w", str(out), words], check=True)
    pieces = []
    with av.open(str(out)) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        for frame in container.decode(audio=0):
            pieces += [one.to_ndarray().reshape(-1) for one in resampler.resample(frame)]
    return np.concatenate(pieces).astype(np.float32)


def film(
    path: Path,
    sound: Samples | None = None,
    pictures: Iterable[NDArray[np.uint8]] = (),
    rate: int = RATE,
    every: float = 0.25,
    late: Sequence[tuple[float, float]] = (),
) -> Path:
    """A file of sound, of pictures (one every so many seconds) or both; `late`: from this second on, so much later."""
    with av.open(str(path), "w") as container:
        shown = list(pictures)
        if shown:
            stream: Any = container.add_stream("libx264", rate=1 / Fraction(every))
            stream.height, stream.width = shown[0].shape[:2]
            stream.pix_fmt, stream.options = "yuv420p", {"crf": "18", "preset": "ultrafast"}
        if sound is not None:
            plain = path.suffix in (".wav", ".mkv")
            track: Any = container.add_stream("pcm_s16le" if plain else "aac", rate=rate)
            track.layout = "mono"
        for picture in shown:
            frame = av.VideoFrame.from_ndarray(picture, format="gray").reformat(format="yuv420p")
            container.mux(stream.encode(frame))
        if shown:
            container.mux(stream.encode(None))
        if sound is not None:
            container.mux(_packets(track, sound, rate, late))
    return path


def _packets(track: Any, sound: Samples, rate: int, late: Sequence[tuple[float, float]]) -> Iterable[Any]:
    step = 1024
    whole = (np.clip(sound, -1, 1) * 32767).astype(np.int16)
    for start in range(0, len(whole), step):
        frame = av.AudioFrame.from_ndarray(whole[None, start : start + step], format="s16", layout="mono")
        frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
        frame.pts = start + round(sum(by for at, by in late if start / rate >= at) * rate)
        yield from track.encode(frame)
    yield from track.encode(None)
