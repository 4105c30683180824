"""What is said in a file, with its seconds; and each stretch in which somebody speaks and no words are given.

Nothing is asserted where the detector of voices hears none. What the network makes of a voice is withheld where the
network itself is unsure, goes round in circles or thinks that nobody speaks: Whisper gives English sentences for
noise, and for other languages (Koenecke et al. 2024, "Careless Whisper", found whole invented sentences).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import numpy as np

from purport.core.errors import FootageError, ModelError
from purport.core.spans import Span
from purport.core.transcript import SPEECH, Heard, Said, Withheld
from purport.footage.ears import WINDOW, Ear, Utterance, Whisper, weights
from purport.footage.sound import RATE, Block, Samples, Sound

Interval: TypeAlias = tuple[float, float]  # seconds

VERSION = "1"  # of the rules below; raise it when the same sound would give other words

CHUNK = 120.0  # seconds of sound held at once
NEAR = 1.0  # seconds: a voice that ends so close to the chunk's end may go on
# The bounds are set by `bench/words.py`, so that speech in thirteen other languages, noise and two voices at once give
# no words with an English-only tiny model; it tells how much English they cost. People reading aloud had 0.7 to 0.9.
SURE = 0.58  # mean probability of the pieces of words from which they are asserted
SILENT = 0.6  # probability of nobody speaking from which nothing is
CIRCLES = 3.0  # from this ratio of compression on the text repeats itself; Dickens has 2.5, loops have 10 and more
VOICED = 0.5  # share of an utterance in which a voice must be heard
BREATH = 1.0  # seconds of voice between two utterances that need no word of explanation
KNOWN = 0.5  # probability from which a language is taken for detected


def hear(path: Path, model: Path | Ear | None = None, told: Callable[[float], None] = lambda share: None) -> Heard:
    """The words in a file's sound; `told` hears how much of it is done (0 to 1).

    `model` is a folder of weights, none for the one that is installed. Without any, and where there is no sound, the
    whole is withheld and says so. Raises FootageError for what is no media file at all.
    """
    sound = Sound(path)
    try:
        ear = model if model is not None and not isinstance(model, Path) else Whisper(model or weights())
        hearing, said = Hearing(ear), 0.0
        for block in sound:
            hearing.take(block)
            if block.time >= said:  # a word about each second
                told(min(1.0, block.time / sound.duration) if sound.duration else 0.0)
                said = block.time + 1.0
    except ModelError as error:
        return nothing("no-model", str(error))
    except FootageError as error:
        if error.cause == "no-sound":
            return nothing(error.cause, "It holds no sound.")
        raise
    return hearing.done(tuple(sound.faults))


def version(ear: str) -> str:
    """Names all that the words depend on beside the file."""
    return f"hearing-{VERSION}+whisper-{ear}"


def nothing(cause: str, detail: str) -> Heard:
    """What there is to say when nothing was heard."""
    return Heard(withheld=(Withheld(0.0, 0.0, SPEECH, cause, detail),))


@dataclass(slots=True)
class Hearing:
    """Takes sound as it comes, and holds no more of it than CHUNK and the voice that reaches over its end."""

    ear: Ear
    _pieces: list[Samples] = field(default_factory=list)
    _held: int = 0  # samples in pieces
    _time: float = 0.0  # of the first of them
    _end: float = 0.0  # of the last
    _said: list[Said] = field(default_factory=list)
    _withheld: list[Withheld] = field(default_factory=list)
    _voiced: float = 0.0
    _language: str = ""
    _probability: float = 0.0

    def take(self, block: Block) -> None:
        if self._held and abs(block.time - self._end) > 1.5 / RATE:  # the file leaves out some time here
            self._hear(last=True)
        if not self._held:
            self._time = block.time
        self._pieces.append(block.samples)
        self._held += len(block.samples)
        self._end = block.time + len(block.samples) / RATE
        if self._held >= CHUNK * RATE:
            self._hear(last=False)

    def done(self, faults: tuple[str, ...] = ()) -> Heard:
        if self._held:
            self._hear(last=True)
        broken = (Withheld(self._end, self._end, SPEECH, "truncated", fault) for fault in faults)
        by_language: dict[str, float] = {}
        for one in self._said:
            by_language[one.language] = by_language.get(one.language, 0.0) + one.end - one.start
        language = max(by_language, key=lambda code: by_language[code], default="")
        return Heard(
            tuple(self._said),
            (*self._withheld, *broken),
            language,
            0.0 if self.ear.only else self._probability,
            self._end,
            self._voiced,
            version(self.ear.version),
        )

    def _hear(self, last: bool) -> None:
        samples = np.concatenate(self._pieces)
        stretches = self.ear.voiced(samples)
        cut = len(samples)
        if not last and stretches and stretches[-1][1] > cut - NEAR * RATE and stretches[-1][0] > 0:
            cut = stretches.pop()[0]
        for window in windows(stretches):
            self._window(samples, window)
        self._pieces, self._held = [samples[cut:].copy()], len(samples) - cut
        self._time += cut / RATE
        if last:
            self._pieces, self._held = [], 0

    def _window(self, samples: Samples, stretches: list[Span]) -> None:
        start, end = stretches[0][0], stretches[-1][1]
        at = self._time + start / RATE
        voices = [((a - start) / RATE, (b - start) / RATE) for a, b in stretches]
        self._voiced += sum(b - a for a, b in voices)
        language = self._language_of(samples[start:end])
        if not language:
            detail = f"A language that can't be told (“{self._language}” at {self._probability:.2f})."
            self._withheld += [Withheld(at + a, at + b, SPEECH, "language", detail) for a, b in voices]
            return
        heard = list(self.ear.words(samples[start:end], language))
        for one in heard:
            cause, detail = doubt(one, voices)
            if cause:
                self._withheld.append(Withheld(at + one.start, at + one.end, SPEECH, cause, detail))
            else:
                beats = tuple(round(at + beat, 2) for beat in one.beats)
                told = Said(at + one.start, at + one.end, one.text, one.confidence, beats, language)
                self._said.append(told)
        for a, b in left(voices, [(one.start, one.end) for one in heard]):
            detail = "A voice that the model gives no words for."
            self._withheld.append(Withheld(at + a, at + b, SPEECH, "unintelligible", detail))

    def _language_of(self, samples: Samples) -> str:
        """The language of a window, empty where it can't be told."""
        if self.ear.only:
            return self.ear.only
        self._language, self._probability = self.ear.language(samples)
        return self._language if self._probability >= KNOWN else ""


def windows(stretches: list[Span]) -> Iterator[list[Span]]:
    """Stretches of voice together, as many as fit into WINDOW from the first's beginning to the last's end."""
    window: list[Span] = []
    for stretch in stretches:
        if window and stretch[1] - window[0][0] > WINDOW * RATE:
            yield window
            window = []
        window.append(stretch)
    if window:
        yield window


def left(voices: Sequence[Interval], taken: Sequence[Interval]) -> Iterator[Interval]:
    """What of the voices lies in none of the intervals taken; what is shorter than BREATH is let go."""
    for start, end in voices:
        for a, b in sorted(taken):
            if a >= end:
                break
            if a - start > BREATH:
                yield start, a
            start = max(start, b)
        if end - start > BREATH:
            yield start, end


def doubt(one: Utterance, voices: Sequence[Interval]) -> tuple[str, str]:
    """Why an utterance is not asserted, as a short word and a sentence; empty words where it is."""
    length = one.end - one.start
    heard = sum(max(0.0, min(one.end, b) - max(one.start, a)) for a, b in voices)
    if length <= 0 or heard < VOICED * length:
        return "no-voice", "Words given for a stretch in which no voice is heard."
    if one.squeeze > CIRCLES:
        return "repetition", "A voice for which the model only repeats itself: another language, or noise."
    if one.silence > SILENT:
        return "no-speech", f"A voice that the model takes for none ({one.silence:.2f})."
    if one.confidence < SURE:
        return "unsure", f"A voice that the model is unsure of ({one.confidence:.2f}, {SURE} is asserted)."
    return "", ""
