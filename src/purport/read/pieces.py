"""A text in the tokenizer's word pieces, for which each different word is looked at once.

News says the same words again and again. The tokenizer cuts a text at white space and at every mark before it cuts
words, so a word has the same pieces wherever it stands: what it answered for one is kept.
"""

import re
from functools import lru_cache
from typing import TypeAlias

from tokenizers import Tokenizer

MOST = 50_000  # words that are kept, of some 200 bytes each
LONGEST = 100  # characters of a word that is kept: the tokenizer knows none longer

Piece: TypeAlias = tuple[int, int, int]  # its id, and where in the word it begins and ends

# A word without marks, a mark, or what the tokenizer may hold for one of its own signs ("[CLS]")
_WORD = re.compile(r"\[[A-Z]{3,4}\]|[^ \n!-/:-@\[-`{-~]+|[!-/:-@\[-`{-~]")


def pieces(text: str, tokenizer: Tokenizer) -> tuple[list[int], list[int], list[int]]:
    """Ids, starts and ends of the pieces, as `tokenizer.encode` gives them; offsets are half-open code points."""
    known = _known(tokenizer)
    ids: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _WORD.finditer(text):
        at = match.start()
        for piece, first, last in known[match.group()]:
            ids.append(piece)
            starts.append(at + first)
            ends.append(at + last)
    return ids, starts, ends


class _Words(dict[str, tuple[Piece, ...]]):
    """The pieces of each word met."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        super().__init__()
        self._tokenizer = tokenizer

    def __missing__(self, word: str) -> tuple[Piece, ...]:
        if len(self) >= MOST:
            self.clear()
        encoding = self._tokenizer.encode(word, add_special_tokens=False)
        found = tuple((piece, *span) for piece, span in zip(encoding.ids, encoding.offsets, strict=True))
        if len(word) <= LONGEST:
            self[word] = found
        return found


@lru_cache(maxsize=4)
def _known(tokenizer: Tokenizer) -> _Words:
    return _Words(tokenizer)
