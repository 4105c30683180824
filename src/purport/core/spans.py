"""Spans of a text: half-open pairs of Unicode code-point offsets; a role may hold several pieces."""

from collections.abc import Sequence
from typing import TypeAlias

import msgspec

Span: TypeAlias = tuple[int, int]
Pieces: TypeAlias = tuple[Span, ...]

CONTEXT = 32  # characters of prefix and suffix in a text-quote selector


class Selector(msgspec.Struct, frozen=True):
    """A W3C Web Annotation TextQuoteSelector (https://www.w3.org/TR/annotation-model/#text-quote-selector)."""

    exact: str
    prefix: str
    suffix: str
    type: str = "TextQuoteSelector"


def cover(pieces: Sequence[Span]) -> Span:
    """The smallest span around all pieces; (0, 0) when there are none."""
    if len(pieces) == 1:  # as nearly always
        return pieces[0]
    return (min(s for s, _ in pieces), max(e for _, e in pieces)) if pieces else (0, 0)


def overlaps(a: Span, b: Span) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def within(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def words(text: str, pieces: Pieces) -> str:
    """The words of the pieces, with an ellipsis where something was left out between two."""
    if len(pieces) == 1:  # as nearly always
        return text[pieces[0][0] : pieces[0][1]]
    shown = ""
    last = -1
    for start, end in pieces:
        if last >= 0:
            shown += " " if not text[last:start].strip() else " … "
        shown += text[start:end]
        last = end
    return shown


def trim(text: str, span: Span) -> Span:
    """The span without white space at its edges."""
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def move(pieces: Pieces, by: int) -> Pieces:
    return tuple((start + by, end + by) for start, end in pieces)


def select(text: str, span: Span) -> Selector:
    start, end = span
    return Selector(text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])
