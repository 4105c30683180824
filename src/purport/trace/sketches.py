"""What a report is about, as far as it takes to tell whether another one is about the same event.

A sketch holds the report's words (their stems, all and of the opening), names, numbers, and two vectors of meaning.
How rare a word is, is counted over the reports that came, on top of a table of common news words, so that the first
reports are not judged by themselves alone. Names count as words that happen to have a capital: which names they are
tells nothing.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from purport.core.ports import Encoder
from purport.trace.likeness import stem
from purport.trace.nameless import nameless, names
from purport.trace.usual import common

Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int32]

ENCODED = 6  # sentences whose meaning is taken; the rest of a report is mostly background
OPENING = 2  # sentences
TOP = 5  # names that a report is most about
SENTENCE = 600  # characters of it that are looked at
CHARACTERS = 20_000  # of a report

_BREAK = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“‘(]?[^\Wa-zß-öø-ÿ_])|\n+")
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[.!?:\"“”]")


@dataclass(frozen=True, slots=True)
class Counts:
    """Words of one kind, by their numbers, with how often they come."""

    words: Ints
    times: Floats


@dataclass(frozen=True, slots=True)
class Sketch:
    report: str
    when: float  # seconds since 1970; nan: not known
    language: str
    stems: Counts
    names: Counts
    numbers: Counts
    opening: Counts
    salient: Counts  # names that the report never writes small
    meaning: Floats
    start: Floats  # the meaning of the opening

    def kinds(self) -> tuple[Counts, Counts, Counts, Counts]:
        """Those that are compared by cosine, in the order of the weights."""
        return self.stems, self.names, self.numbers, self.opening


class Vocabulary:
    """All stems that ever came, by number, and in how many reports."""

    def __init__(self) -> None:
        usual = common()
        self._numbers: dict[str, int] = {word: n for n, word in enumerate(usual.stems)}
        self.words: list[str] = list(usual.stems)
        self._held = np.zeros(max(1024, 2 * len(usual.stems)), np.float32)
        self._held[: len(usual.stems)] = list(usual.stems.values())
        self._reports = usual.reports
        self._least = usual.least

    def numbers(self, counted: Mapping[str, int]) -> Counts:
        """Words by their numbers, new ones booked; `times` is 1 + log of how often."""
        for word in counted:
            if word not in self._numbers:
                self._numbers[word] = len(self.words)
                self.words.append(word)
        if len(self.words) > len(self._held):
            self._held = np.concatenate([self._held, np.zeros(len(self.words), np.float32)])
        order = sorted(self._numbers[word] for word in counted)
        found = np.array(order, np.int32)
        return Counts(found, np.log([counted[self.words[n]] for n in order], dtype=np.float32) + 1)

    def seen(self, sketch: Sketch) -> None:
        """One more report holds these words."""
        self._held[sketch.stems.words] += 1
        self._reports += 1

    @property
    def unseen(self) -> float:
        """How much a word tells that never came."""
        return math.log((self._reports + 1) / self._least)

    def rarity_of(self, word: str) -> float:
        """How much a word tells that may never have come."""
        number = self._numbers.get(word, -1)
        return float(self.rarity(np.array([number], np.int32))[0]) if number >= 0 else self.unseen

    def rarity(self, words: Ints) -> Floats:
        """How much each word tells, from 0 up."""
        found: Floats = np.maximum(np.log((self._reports + 1) / (self._held[words] + self._least)), 0)
        return found


def sentences(text: str) -> list[str]:
    parts = (part.strip() for part in _BREAK.split(text[:CHARACTERS]))
    return [part[:SENTENCE] for part in parts if part]


def sketch(
    report: str, text: str, title: str, when: float, language: str, vocabulary: Vocabulary, encoder: Encoder
) -> Sketch:
    """The sketch of a report; in languages that the encoder does not know its meaning is left out."""
    parts = sentences(text)
    if title and not text.lstrip().startswith(title.strip()):
        parts.insert(0, title.strip()[:SENTENCE])
    all_tokens = [_TOKEN.findall(part) for part in parts]
    vectors = (
        encoder.encode([_plain(part) for part in parts[:ENCODED]]) if language == "en" else np.zeros((0, 1), np.float32)
    )
    called = Counter(name for tokens in all_tokens for name in _names(tokens))
    small = {token.lower() for tokens in all_tokens for token in tokens if token[0].islower()}
    return Sketch(
        report=report,
        when=when,
        language=language,
        stems=vocabulary.numbers(_stems(all_tokens)),
        names=vocabulary.numbers(_by_stem(called)),
        numbers=vocabulary.numbers(Counter(d for part in parts for d in re.findall(r"\d+", part))),
        opening=vocabulary.numbers(_stems(all_tokens[:OPENING])),
        salient=vocabulary.numbers(_by_stem({name: n for name, n in called.items() if name not in small})),
        meaning=_mean(vectors),
        start=_mean(vectors[:OPENING]),
    )


def _plain(sentence: str) -> str:
    return nameless(sentence, [span for _, span in names(sentence)])


def _names(tokens: Sequence[str]) -> Iterable[str]:
    """Words with a capital that no sentence or quotation begins with."""
    before = "."
    for token in tokens:
        if token[0].isupper() and len(token) > 1 and before not in '.!?"“”':
            yield _bare(token)
        before = token


def _bare(token: str) -> str:
    return token.lower().replace("’", "'").removesuffix("'s")


def _stems(sentences: Iterable[Sequence[str]]) -> Counter[str]:
    return Counter(stem(_bare(token)) for tokens in sentences for token in tokens if token[0].isalnum())


def _by_stem(names: Mapping[str, int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for name, times in names.items():
        found[stem(name)] += times
    return found


def _mean(vectors: Floats) -> Floats:
    if not len(vectors):
        return np.zeros(0, np.float32)
    mean = vectors.mean(0)
    unit: Floats = (mean / (float(np.linalg.norm(mean)) or 1.0)).astype(np.float32)
    return unit


LIKENESSES = ("words", "names", "numbers", "opening", "meaning", "start", "main names, less", "main names, more")


def likenesses(one: Sketch, others: Sequence[Sketch], vocabulary: Vocabulary) -> Floats:
    """How like a report is to others in each respect, [others, LIKENESSES], each from 0 (or -1) to 1."""
    found = np.zeros((len(others), len(LIKENESSES)), np.float32)
    if not others:
        return found
    for kind in range(4):
        found[:, kind] = _cosines(one.kinds()[kind], [other.kinds()[kind] for other in others], vocabulary)
    for column, mine, theirs in (
        (4, one.meaning, [other.meaning for other in others]),
        (5, one.start, [other.start for other in others]),
    ):
        if len(mine) and all(len(vector) == len(mine) for vector in theirs):
            found[:, column] = np.stack(theirs) @ mine
    shares = np.array([_shares(one.salient, other.salient, vocabulary) for other in others], np.float32)
    found[:, 6], found[:, 7] = shares.min(1), shares.max(1)
    return found


def _cosines(one: Counts, others: Sequence[Counts], vocabulary: Vocabulary) -> Floats:
    """Cosines of words weighed by their rarity."""
    sizes = np.array([len(other.words) for other in others])
    if not len(one.words) or not sizes.any():
        return np.zeros(len(others), np.float32)
    mine = one.times * vocabulary.rarity(one.words)
    words = np.concatenate([other.words for other in others])
    theirs = np.concatenate([other.times for other in others]) * vocabulary.rarity(words)
    places = np.minimum(np.searchsorted(one.words, words), len(one.words) - 1)
    both = np.where(one.words[places] == words, mine[places] * theirs, 0)
    owner = np.repeat(np.arange(len(others)), sizes)
    dots = np.bincount(owner, both, len(others))
    norms = np.sqrt(np.bincount(owner, theirs**2, len(others))) * np.sqrt(float(mine @ mine))
    cosines: Floats = (dots / np.maximum(norms, 1e-9)).astype(np.float32)
    return cosines


def _shares(one: Counts, other: Counts, vocabulary: Vocabulary) -> tuple[float, float]:
    """Of the main names of each report, the share by weight that the other has at all."""
    return _share(one, other, vocabulary), _share(other, one, vocabulary)


def main_names(one: Counts, vocabulary: Vocabulary) -> tuple[Ints, Floats]:
    """The names that a report is most about, with their weights."""
    weights = np.sqrt(np.exp(one.times - 1)) * vocabulary.rarity(one.words)
    best = np.argsort(-weights, kind="stable")[:TOP]
    chosen: Floats = weights[best]
    return one.words[best], chosen


def _share(one: Counts, other: Counts, vocabulary: Vocabulary) -> float:
    words, weights = main_names(one, vocabulary)
    total = float(weights.sum())
    return float(weights[np.isin(words, other.words)].sum()) / total if total else 0.0
