"""Text to the model's input: tokens with offsets, a shape for each, and overlapping windows.

The encoder behind the reader is uncased, so what the letters looked like is given back as a
*shape* id a token: its case, whether it stands in quotation marks, whether it opens a paragraph and
whether it is glued to the character before. Training and reading share this module, so that the
model meets at reading time exactly what it was trained on.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from purport.core.spans import Span
from purport.read.parties import parties
from purport.read.pieces import pieces

WINDOW = 320  # tokens a window, without the two special ones
MARGIN = 64  # tokens by which the windows of one overlong paragraph overlap
BLOCK = 20_000  # characters tokenised at a time, which bounds memory on a 50 MB text

CASES = 6  # lower, Title, UPPER, miXed, none (digits, punctuation), a party
SHAPES = CASES * 2 * 2 * 2  # case, quoted, opens a paragraph, glued
PARTY = 103  # the token that stands for a name: [MASK] of the BERT uncased vocabulary

_OPEN, _CLOSE = "“«„", "”»"  # the straight mark does both
_MARKS = re.compile(r'[“«„”»"\n]')

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
    """Cut a text into pieces of at most `size` characters: at a newline, else behind a sentence, else at a space."""
    start = 0
    while start < len(text):
        stop = start + size
        if stop < len(text):
            for mark in ("\n", ". ", " "):
                cut = text.rfind(mark, start + 1, stop)
                if cut > start:
                    stop = cut + len(mark)
                    break
        else:
            stop = len(text)
        yield start, stop
        start = stop


@cache
def _letters() -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Is a code point an upper-case, a lower-case letter? Beyond the basic plane: neither."""
    chars = [chr(i) for i in range(0x10000)]
    upper = np.array([char.isupper() for char in chars] + [False])
    return upper, np.array([char.islower() for char in chars] + [False])


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def quoted(text: str) -> NDArray[np.bool_]:
    """For each character, does it stand inside double quotation marks? Reset at each newline.

    A straight mark opens or closes by turns; the marks themselves count as inside; a quotation left
    open runs to the end of its paragraph, since the next one may take it up. Shape [len(text) + 1].
    """
    inside = np.zeros(len(text) + 1, dtype=bool)
    opened = -1
    for mark in _MARKS.finditer(text):
        at, char = mark.start(), mark.group()
        if char == "\n":
            if opened >= 0:
                inside[opened:at] = True
            opened = -1
        elif opened < 0 and char not in _CLOSE:
            opened = at
        elif opened >= 0 and char not in _OPEN:
            inside[opened : at + 1] = True
            opened = -1
    if opened >= 0:
        inside[opened : len(text)] = True
    return inside


def encode(text: str, tokenizer: Tokenizer, start: int = 0, stop: int | None = None, named: bool = False) -> Encoded:
    """Tokenise `text[start:stop]`; offsets are into the whole text.

    Each name and party noun (`read/parties.py`) is one token, the same for all, unless `named` asks for their
    own words (which only a teacher in training does).
    """
    piece = text[start:stop]
    ids, starts, ends = (np.array(part, dtype=np.int64) for part in pieces(piece, tokenizer))
    ids, starts, ends, party = _blind(ids, starts, ends, [] if named else parties(piece))
    codes = np.minimum(_codes(piece), 0x10000)
    upper, lower = (table[codes] for table in _letters())

    def count(flags: NDArray[np.bool_]) -> Ints:
        sums = np.zeros(len(flags) + 1, dtype=np.int64)
        np.cumsum(flags, out=sums[1:])
        found: Ints = sums[ends] - sums[starts]
        return found

    n, uppers, lowers = ends - starts, count(upper), count(lower)
    first = upper[starts]
    title = first & ((n == 1) | ((uppers == 1) & (lowers > 0)))
    case = np.where(uppers > 0, 3, 4)
    case[title] = 1
    case[(uppers > 0) & (lowers == 0) & (n > 1)] = 2
    case[(lowers > 0) & (uppers == 0)] = 0
    case[party] = 5
    paragraphs = np.cumsum(codes == 0x0A)[starts]
    opens, glued = np.ones((2, len(starts)), dtype=bool)
    opens[1:] = paragraphs[1:] > paragraphs[:-1]
    glued[:1] = False
    glued[1:] = (ends[:-1] == starts[1:]) & ~opens[1:]
    shapes = ((case * 2 + quoted(piece)[starts]) * 2 + opens) * 2 + glued
    return Encoded(
        ids=ids,
        shapes=shapes.astype(np.int64),
        starts=starts + start,
        ends=ends + start,
        paragraphs=paragraphs,
    )


def _blind(ids: Ints, starts: Ints, ends: Ints, hidden: list[Span]) -> tuple[Ints, Ints, Ints, NDArray[np.bool_]]:
    """The tokens with each hidden span made one, and which of them are such."""
    lows, highs = np.asarray(hidden, dtype=np.int64).reshape(-1, 2).T
    span = np.searchsorted(lows, starts, side="right") - 1
    within = (span >= 0) & (ends <= highs[span]) if hidden else np.zeros(len(ids), dtype=bool)
    span = np.where(within, span, -1 - np.arange(len(ids)))
    new = np.ones(len(ids), dtype=bool)
    new[1:] = span[1:] != span[:-1]
    (kept,) = new.nonzero()
    last = np.empty_like(kept)
    last[:-1], last[-1:] = kept[1:] - 1, len(ids) - 1
    party = within[kept]
    return np.where(party, PARTY, ids[kept]), starts[kept], ends[last], party


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
    margin = min(margin, size // 2)  # windows go forward, however small
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
