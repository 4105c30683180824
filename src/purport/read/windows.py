"""Text to the model's input: tokens with offsets, a shape for each, and overlapping windows.

The encoder behind the reader is uncased, so what the letters looked like is given back as a
*shape* id a token: its case, whether it stands in quotation marks, whether it opens a paragraph and
whether it is glued to the character before. Training and reading share this module, so that the
model meets at reading time exactly what it was trained on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

WINDOW = 320  # tokens a window, without the two special ones
MARGIN = 64  # tokens by which the windows of one overlong paragraph overlap
BLOCK = 20_000  # characters tokenised at a time, which bounds memory on a 50 MB text

CASES = 5  # lower, Title, UPPER, miXed, none (digits, punctuation)
SHAPES = CASES * 2 * 2 * 2  # case, quoted, opens a paragraph, glued

_OPEN, _CLOSE, _TOGGLE = "“«„", "”»", '"'

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Encoded:
    """One block of text as tokens.

    `ids`, `shapes`, `starts` and `ends` are aligned arrays of shape [tokens]; starts and ends are
    half-open code-point offsets into the whole text, `paragraphs` the number of the paragraph each
    token stands in.
    """

    ids: Ints
    shapes: Ints
    starts: Ints
    ends: Ints
    paragraphs: Ints

    def __len__(self) -> int:
        return len(self.ids)


def blocks(text: str, size: int = BLOCK) -> Iterator[tuple[int, int]]:
    """Cut a text into pieces of at most `size` characters: at a newline, else at a space."""
    start = 0
    while start < len(text):
        stop = start + size
        if stop < len(text):
            for mark in ("\n", " "):
                cut = text.rfind(mark, start + 1, stop)
                if cut > start:
                    stop = cut + 1
                    break
        else:
            stop = len(text)
        yield start, stop
        start = stop


def quoted(text: str) -> NDArray[np.bool_]:
    """For each character, does it stand inside double quotation marks? Reset at each newline.

    A straight mark opens or closes by turns; the marks themselves count as inside.
    """
    inside = np.zeros(len(text) + 1, dtype=bool)
    opened = -1
    for i, char in enumerate(text):
        if char == "\n":
            if opened >= 0:
                inside[opened:i] = True  # a quotation may run on into the next paragraph
            opened = -1
        elif opened < 0 and (char in _OPEN or char in _TOGGLE):
            opened = i
        elif opened >= 0 and (char in _CLOSE or char in _TOGGLE):
            inside[opened : i + 1] = True
            opened = -1
    if opened >= 0:
        inside[opened : len(text)] = True
    return inside


def _case(word: str) -> int:
    if word.islower():
        return 0
    if word.isupper() and len(word) > 1:
        return 2
    if word[:1].isupper():
        return 1 if word[1:].islower() or len(word) == 1 else 3
    return 3 if any(char.isupper() for char in word) else 4


def encode(text: str, tokenizer: Tokenizer, start: int = 0, stop: int | None = None) -> Encoded:
    """Tokenise `text[start:stop]`; offsets are into the whole text."""
    piece = text[start:stop]
    encoding = tokenizer.encode(piece, add_special_tokens=False)
    spans = encoding.offsets
    inside = quoted(piece)
    shapes, paragraphs = [], []
    paragraph, last = 0, 0
    for token_start, token_end in spans:
        breaks = piece.count("\n", last, token_start)
        opens = breaks > 0 or not paragraphs
        paragraph += breaks > 0
        glued = token_start == last and not opens
        shape = _case(piece[token_start:token_end])
        shape = ((shape * 2 + bool(inside[token_start])) * 2 + opens) * 2 + glued
        shapes.append(shape)
        paragraphs.append(paragraph)
        last = token_end
    bounds = np.asarray(spans, dtype=np.int64).reshape(-1, 2) + start
    return Encoded(
        ids=np.asarray(encoding.ids, dtype=np.int64),
        shapes=np.asarray(shapes, dtype=np.int64),
        starts=bounds[:, 0],
        ends=bounds[:, 1],
        paragraphs=np.asarray(paragraphs, dtype=np.int64),
    )


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens [start, stop) go through the model; cues in [keep, until) are this window's to report."""

    start: int
    stop: int
    keep: int
    until: int


def windows(encoded: Encoded, size: int = WINDOW, margin: int = MARGIN) -> list[Window]:
    """Pack whole paragraphs into windows; cut only a paragraph longer than one, with overlap.

    Of the 22,000 attributions in PolNeAR 0.8 % cross a newline, so a paragraph is the natural unit.
    """
    edges = [0, *(np.flatnonzero(np.diff(encoded.paragraphs)) + 1).tolist(), len(encoded)]
    found: list[Window] = []
    start = keep = 0
    for left, right in pairwise(edges):
        if right - start > size and left > start:
            found.append(Window(start, left, keep, left))
            start = keep = left
        while right - start > size:
            stop = start + size
            found.append(Window(start, stop, keep, stop - margin // 2))
            start, keep = stop - margin, stop - margin // 2
    if start < len(encoded):
        found.append(Window(start, len(encoded), keep, len(encoded)))
    return found
