"""What is said and what stands written in footage, with its seconds; and where nothing is asserted, and why.

Times are seconds from the first picture, or from the first sound where there are no pictures.
"""

from collections.abc import Sequence

import msgspec

from purport.core.spans import Span

SPEECH, SCREEN = "speech", "screen"
LEAST = 4  # words of a sentence on screen
CLOSE = 0.8  # of a line's height: by so much the next line of a block may stand below it
LARGER = 1.5  # times as tall as another, and two lines are of two blocks

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
    """Where a stretch of speech, or a line on screen, stands in a text."""

    span: Span
    said: int  # its number in `Heard.said`, or in `Seen.shown`


class Transcript(msgspec.Struct, frozen=True):
    """The words of one release. `text` is what the reader reads of speech, a paragraph between two pauses; what it
    reads of lines on screen is `written`."""

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


def written(seen: Seen) -> tuple[str, tuple[Passage, ...]]:
    """The sentences on screen as a text, each line with its place in it: a paragraph for each block of lines, a block
    once however often it comes back. Names, places, headlines and broken pieces are left out."""
    text, passages, known = "", [], set[str]()
    for block in _blocks(seen.shown):
        paragraph = " ".join(seen.shown[number].text for number in block)
        if not is_sentence(paragraph) or paragraph.casefold() in known:
            continue
        known.add(paragraph.casefold())
        text += "\n" if text else ""
        for number in block:
            line = seen.shown[number].text
            text += "" if number == block[0] else " "
            passages.append(Passage((len(text), len(text) + len(line)), number))
            text += line
    return text, tuple(passages)


def _blocks(shown: Sequence[Shown]) -> list[list[int]]:
    """Lines that belong together, by their numbers: each stands right below the one before, as large, at one time."""
    blocks: list[list[int]] = []
    for number in sorted(range(len(shown)), key=lambda one: (shown[one].start, shown[one].box[1], shown[one].box[0])):
        for block in blocks:
            if _goes_on(shown[block[-1]], shown[number]):
                block.append(number)
                break
        else:
            blocks.append([number])
    return blocks


def _goes_on(above: Shown, below: Shown) -> bool:
    if (above.start, above.end) != (below.start, below.end):
        return False
    (left, top, right, bottom), (other_left, other_top, other_right, other_bottom) = above.box, below.box
    tall, other = bottom - top, other_bottom - other_top
    near = -0.5 * tall < other_top - bottom < CLOSE * tall and max(tall, other) < LARGER * min(tall, other)
    return near and min(right, other_right) > max(left, other_left)


def is_sentence(written: str) -> bool:
    """Does it begin and end as a sentence does, with LEAST words or more?"""
    words = [word for word in written.split() if any(letter.isalpha() for letter in word)]
    begins = next((letter for letter in written if letter.isalnum()), "")
    ends = written.rstrip("”\"'’)").endswith((".", "!", "?"))
    return len(words) >= LEAST and ends and (begins.isupper() or begins.isdigit())


def second_shown(transcript: Transcript, offset: int) -> float:
    """The second at which the line on screen appears that stands at a code-point offset of what is `written`."""
    at = 0.0
    for passage in written(transcript.seen)[1]:
        if passage.span[0] > offset:
            break
        at = transcript.seen.shown[passage.said].start
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
