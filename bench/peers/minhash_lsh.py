"""Near duplicates by MinHash and locality-sensitive hashing, as the `datasketch` library does it."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from datasketch import MinHash, MinHashLSH

WORDS = (2, 3, 4, 5)
PERMUTATIONS = (64, 128, 256)
THRESHOLDS = (0.03, 0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)


class Settings(NamedTuple):
    words: int  # a shingle
    permutations: int
    threshold: float


def sketch(text: str, words: int, permutations: int) -> MinHash:
    found = re.findall(r"\w+", text.lower())
    shingles = [" ".join(found[n : n + words]).encode() for n in range(max(1, len(found) - words + 1))]
    made = MinHash(num_perm=permutations)
    made.update_batch(shingles)
    return made


def pairs(texts: Mapping[str, str], settings: Settings) -> set[frozenset[str]]:
    """The pairs that the index gives as similar: each text is asked about, then put in."""
    return joined(((id, sketch(text, settings.words, settings.permutations)) for id, text in texts.items()), settings)


def joined(sketches: Iterable[tuple[str, MinHash]], settings: Settings) -> set[frozenset[str]]:
    index = MinHashLSH(threshold=settings.threshold, num_perm=settings.permutations)
    found: set[frozenset[str]] = set()
    for id, one in sketches:
        found.update(frozenset((id, other)) for other in index.query(one))
        index.insert(id, one)
    return found
