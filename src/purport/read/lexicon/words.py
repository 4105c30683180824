"""A stretch of text as lower-case words with their places: all the rules of this room look at."""

import re
from typing import NamedTuple

from purport.core.spans import Pieces, Span

_WORD = re.compile(r"\w+(?:-\w+)*(?:['’]\w+)?|[^\w\s]")
_CURLY = str.maketrans("’", "'")
_BEFORE_A_START = frozenset(".!?:;\"“”„«‘'(")  # behind these a word is capital without being a name
HEADLINE = 5  # words; fewer are too few to tell a headline from a name
_ENDINGS = ("'s", "'re", "'ve", "'d", "'ll", "'m")


class Words(NamedTuple):
    """Words in reading order; `low` is lower-case with straight apostrophes, `didn't` is two words."""

    low: list[str]
    starts: list[int]
    ends: list[int]

    def span(self, first: int, last: int) -> Span:
        """Where the words first..last (both included) stand in the text."""
        return self.starts[first], self.ends[last]


def split(text: str, pieces: Pieces, limit: int = 10_000) -> Words:
    """The words of the pieces of a text, at most about `limit`; punctuation marks are words too."""
    low: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in pieces:
        for match in _WORD.finditer(text, start, end):
            word = match.group().lower()
            at, stop = match.span()
            if "'" in word or "’" in word:
                word = word.translate(_CURLY)
                cut = _cut(word)
                if cut:
                    low.append(word[:cut])
                    starts.append(at)
                    ends.append(at + cut)
                    word, at = word[cut:], at + cut
            low.append(word)
            starts.append(at)
            ends.append(stop)
            if len(low) >= limit:
                return Words(low, starts, ends)
    return Words(low, starts, ends)


def spare_names(text: str, words: Words) -> Words:
    """The same words with the capital given back to names, so that they match no table: "the May government".

    A capital word is a name unless it begins a sentence, is "I", or stands in a headline, where most are capital.
    """
    low = words.low
    names = [
        i
        for i, start in enumerate(words.starts)
        if i and text[start].isupper() and low[i] != "i" and low[i - 1] not in _BEFORE_A_START
    ]
    if len(low) >= HEADLINE and 2 * len(names) > sum(word[0].isalpha() for word in low):
        return words
    for i in names:
        low[i] = text[words.starts[i] : words.ends[i]]
    return words


def _cut(word: str) -> int:
    """Where a contraction is cut: did|n't, it|'s; 0 for a name such as o'hara."""
    if word.endswith("n't"):
        return len(word) - 3
    for ending in _ENDINGS:
        if word.endswith(ending):
            return len(word) - len(ending)
    return 0
