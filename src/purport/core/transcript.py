"""What is said and what stands written in footage, with its seconds; and where nothing is asserted, and why.

Times are seconds from the first picture, or from the first sound where there are no pictures.
"""

from collections.abc import Sequence

import msgspec

from purport.core.spans import Span

SPEECH, SCREEN = "speech", "screen"

Box = tuple[int, int, int, int]  # left, top, right, bottom in pixels of the upright picture


class Said(msgspec.Struct, frozen=True):
    """A stretch of speech in words. `beats` says when each word of the text (as split at spaces) begins."""

    start: float
    end: float
    text: str
    confidence: float  # mean probability of its pieces, as the network gave it
    beats: tuple[float, ...] = ()
    language: str = "en"


class Shown(msgspec.Struct, frozen=True):
    """A line that stands in the picture, from the first to the last picture looked at that has it."""

    start: float
    end: float
    text: str
    confidence: float  # of its surest reading
    box: Box
    looks: int = 1  # in how many of the pictures looked at


class Withheld(msgspec.Struct, frozen=True):
    """A stretch in which somebody speaks, or something is written, that is not put into words here."""

    start: float
    end: float
    what: str  # speech | screen
    cause: str  # a short stable word: unsure, repetition, no-speech, language, unintelligible, illegible, no-model, …
    detail: str  # a sentence for people


class Heard(msgspec.Struct, frozen=True):
    """All that was heard in a file. Where there is a voice, it is in `said` or in `withheld`."""

    said: tuple[Said, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    language: str = ""  # of most of what was said; empty where nothing was
    language_confidence: float = 0.0  # 0: not detected, the model knows no other
    duration: float = 0.0  # seconds of sound
    voiced: float = 0.0  # of them with a voice in them
    model: str = ""  # names the weights and the rules


class Seen(msgspec.Struct, frozen=True):
    """All that was read in the pictures of a file."""

    shown: tuple[Shown, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    looks: int = 0  # pictures looked at
    every: float = 0.0  # seconds between two looks: shorter-lived lines may be missed
    width: int = 0  # of the picture that the boxes are in, upright
    height: int = 0
    model: str = ""


class Passage(msgspec.Struct, frozen=True):
    """Where a stretch of speech stands in the transcript's text."""

    span: Span
    said: int  # its number in `Heard.said`


class Transcript(msgspec.Struct, frozen=True):
    """The words of one release. `text` is what the reader reads: speech only, a paragraph between two pauses."""

    id: str
    release: str
    place: str  # the release's own
    text: str
    passages: tuple[Passage, ...]
    heard: Heard
    seen: Seen


def second(transcript: Transcript, offset: int) -> float:
    """The second of the footage at which the word around a code-point offset of the text begins."""
    at = 0.0
    for passage in transcript.passages:
        if passage.span[0] > offset:
            break
        at = _within(transcript.heard.said[passage.said], transcript.text, passage.span, offset)
    return at


def _within(said: Said, text: str, span: Span, offset: int) -> float:
    number = -1
    for at in range(span[0], min(offset + 1, span[1])):
        if not text[at].isspace() and (at == span[0] or text[at - 1].isspace()):
            number += 1
    return said.beats[number] if 0 <= number < len(said.beats) else said.start


def clock(seconds: float) -> str:
    """As people say it: 0:41, 12:03, 1:02:09."""
    whole = int(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def total(stretches: Sequence[Withheld]) -> float:
    """Seconds of the stretches together."""
    return sum(one.end - one.start for one in stretches)
