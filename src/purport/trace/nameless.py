"""Texts with one and the same word for every name: what they mean, whoever they are about.

An encoder has read much about some parties and nothing about others, and would find two texts more alike for that.
Names are compared as they stand instead, letter by letter, and by the same rule for everybody.
"""

import re
from collections.abc import Iterator, Sequence

from purport.core.spans import Span
from purport.trace.likeness import stem
from purport.trace.usual import common

SOMEBODY = "Morgan"

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_BEGINS = re.compile(r"(?:^|[.!?:]|[\"“‘(\[])[\s\"“‘(\[]*$")
_MONTHS = "january february march april may june july august september october november december"
_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
CALENDAR = frozenset((*_MONTHS.split(), *_DAYS.split()))


def names(text: str) -> Iterator[tuple[str, Span]]:
    """Words with a capital, small and without "'s"; no days or months, and no ordinary word that begins a sentence."""
    for found in _WORD.finditer(text):
        if not found[0][0].isupper():  # as most
            continue
        word = found[0].replace("’", "'").removesuffix("'s")
        small = word.lower()
        if len(word) < 2 or small in CALENDAR:
            continue
        if stem(small) in common().stems and _BEGINS.search(text, max(0, found.start() - 8), found.start()):
            continue
        yield small, (found.start(), found.start() + len(word))


def nameless(text: str, spans: Sequence[Span]) -> str:
    """A text with one word for each name; names that stand side by side are one."""
    shown, last = "", 0
    for number, (start, end) in enumerate(spans):
        if not number or text[last:start].strip():
            shown += text[last:start] + SOMEBODY
        last = end
    return shown + text[last:]
