"""How alike texts are: by the words that they share, the rarer the more (BM25), and by what they mean (an encoder).

The same scorer serves claims that may say one thing and posts that repeat a claim (`bench/claims.py`).
BM25 as Robertson and Zaragoza give it ("The Probabilistic Relevance Framework: BM25 and Beyond", 2009).
"""

import re
from array import array
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]

K, B = 1.2, 0.75  # how fast a word that comes again counts less; how much a long text is held against its words
BEST = 50  # by their root mean square the word scores of a query are set to one scale
MEANING, ABOUT = 5.0, 0.6  # weights of meaning beside words; chosen on CheckThat! 2022 train and dev (docs/stories.md)

_WORD = re.compile(r"[^\W_]+")
_ENDINGS = ("ing", "ed", "es", "s")
_STEM = 3  # letters that a stem has at least


def stems(text: str) -> list[str]:
    """The words of a text without case and the commonest endings, in order."""
    return [stem(word) for word in _WORD.findall(text.lower().replace("’", "'").replace("'s", ""))]


@lru_cache(1 << 14)  # most words come again and again
def stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            return word[: -len(ending)]
    return word


class Wording:
    """Which texts have which words. Texts go by numbers, in the order in which they came."""

    def __init__(self) -> None:
        self._texts: dict[str, array[int]] = {}  # of each stem: the texts that have it
        self._times: dict[str, array[int]] = {}  # and how often
        self._lengths: array[int] = array("i")

    def __len__(self) -> int:
        return len(self._lengths)

    def add(self, text: str) -> None:
        counted = Counter(stems(text))
        for word, times in counted.items():
            self._texts.setdefault(word, array("i")).append(len(self))
            self._times.setdefault(word, array("i")).append(times)
        self._lengths.append(sum(counted.values()))

    def scores(self, text: str) -> Floats:
        """How well each text answers this one, [texts]."""
        found = np.zeros(len(self), np.float32)
        lengths = np.frombuffer(self._lengths, np.int32) if len(self) else np.zeros(0, np.int32)
        usual = lengths.mean() or 1.0 if len(self) else 1.0
        for word in dict.fromkeys(stems(text)):
            if word not in self._texts:
                continue
            texts = np.frombuffer(self._texts[word], np.int32)
            times = np.frombuffer(self._times[word], np.int32)
            rare = np.log1p((len(self) - len(texts) + 0.5) / (len(texts) + 0.5))
            found[texts] += rare * times * (K + 1) / (times + K * (1 - B + B * lengths[texts] / usual))
        return found


class Entry(NamedTuple):
    """A text to be found, with what it stands in: a claim's content and its report's title, say."""

    said: str
    about: str = ""
    beside: str = ""  # more words that it may be found by


class Likeness:
    """Finds the entries that are most like a text. Entries go by numbers, in the order in which they came."""

    def __init__(self) -> None:
        self._wording = Wording()
        self._vectors: Floats = np.zeros((0, 2, 0), np.float32)  # [room, said and about, numbers]

    def __len__(self) -> int:
        return len(self._wording)

    def add(self, entries: Sequence[Entry], said: Floats, about: Floats) -> None:
        """Book entries with the vectors of what they say and what they are about, [entries, numbers]."""
        first = len(self)
        for entry in entries:
            self._wording.add(" ".join(filter(None, entry)))
        if len(self) > len(self._vectors):
            grown = np.zeros((2 * len(self), 2, said.shape[1]), np.float32)
            grown[:first] = self._vectors[:first].reshape(
                first, *grown.shape[1:]
            )  # before the first, its width is open
            self._vectors = grown
        self._vectors[first : len(self)] = np.stack([said, about], axis=1)

    def words_alone(self, text: str) -> Floats:
        return self._wording.scores(text)

    def scores(self, text: str, vector: Floats) -> Floats:
        """How like each entry is to a text, [entries]; to be compared within one query only."""
        if not len(self):
            return np.zeros(0, np.float32)
        said, about = (self._vectors[: len(self)] @ vector).T
        return fused(self.words_alone(text), said, about)

    def nearest(self, text: str, vector: Floats, count: int) -> list[int]:
        """The numbers of the entries that are most like a text, the likest first."""
        return [int(number) for number in np.argsort(-self.scores(text, vector), kind="stable")[:count]]


def fused(words: Floats, said: Floats, about: Floats) -> Floats:
    """Scores by words, brought to one scale, with the cosines of what is said and of what it is about."""
    best = np.partition(words, -BEST)[-BEST:] if len(words) > BEST else words
    scale = float(np.sqrt(np.mean(best.astype(np.float64) ** 2))) or 1.0
    found: Floats = (words / scale + MEANING * said + ABOUT * about).astype(np.float32)
    return found
