"""Which claims of different reports say the same thing.

    contents > those of other reports with the same words > what keeps them apart (`particulars.py`)
             > of many the likest (`likeness.py`) > what they mean > score > merge

A wrong merge costs more than a miss. So nothing that differs in a number, a day, a name, who did what, or whether it
is so is ever merged, and what is left must be alike in meaning and in its telling words. Each merge carries what
agreed, with the words of both; a person may undo it (`core/stories.py`), and then the machine leaves the two apart.
Contents in another language than English are left alone until that is measured.
"""

from array import array
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from purport.core.ids import make_id
from purport.core.origins import Ground, SameClaim
from purport.core.ports import Encoder
from purport.core.records import Claim, Report
from purport.core.spans import cover, words
from purport.core.times import Moment
from purport.trace.known import Known
from purport.trace.likeness import Entry, Likeness, stem
from purport.trace.particulars import Particulars, apart, particulars, telling
from purport.trace.routes import counts
from purport.trace.sketches import Vocabulary

VERSION = "4"

NEAREST = 12  # claims that one is compared with
MOST = 64  # whose words are looked at for it: a story may hold a thousand copies
LEAST = 3  # telling words that a content must have
SURE = 0.82  # the score from which two are merged; chosen on half of tests/golden/same_claims.toml
MEANING, WORDS, SPEAKER = 0.5, 0.45, 0.05  # weights in the score
NEAR = 0.45  # share of words, names of others counted as names, from which two are looked at more closely
SAME_MEANING, SAME_WORDS, SAME_NUMBERS, SAME_DAYS, SAME_NAMES, SAME_SOURCE = (
    "same meaning", "same words", "same numbers", "same days", "same names", "same source",
)  # fmt: skip


class Pair(NamedTuple):
    """How alike two claims are, from 0 to 1."""

    one: Particulars
    two: Particulars
    meaning: float  # the cosine of their vectors
    words: float  # the share of their telling words, by weight, that both have

    @property
    def speaker(self) -> bool:
        """The same one says it."""
        return bool(self.one.who) and self.one.who == self.two.who

    @property
    def score(self) -> float:
        return MEANING * self.meaning + WORDS * self.words + SPEAKER * self.speaker


def same_claims(
    known: Known,
    encoder: Encoder,
    about: Callable[[Report, Claim], tuple[Moment, ...]] = lambda report, claim: (),
    undone: Collection[frozenset[str]] = (),
) -> tuple[SameClaim, ...]:
    """The merges among the claims that are known, in the order of their ids. `undone`: pairs that a person parted."""
    chosen = [one for one in map(known.claims.__getitem__, sorted(known.claims)) if _may_merge(one, known)]
    all_of = [
        particulars(one, content(one, report), known.actors[one.id].key, about(report, one), report.published)
        for one in chosen
        for report in (known.reports[one.report],)
    ]
    parted = frozenset(undone)
    merges = [
        _same(pair)
        for pair in _understood(list(_pairs(all_of, encoder)), encoder)
        if pair.score >= SURE and frozenset((pair.one.claim.id, pair.two.claim.id)) not in parted
    ]
    return tuple(sorted(merges, key=lambda one: one.id))


def content(claim: Claim, report: Report) -> str:
    return " ".join(words(report.text, claim.content).split())


def _may_merge(claim: Claim, known: Known) -> bool:
    return counts(claim) and bool(claim.content) and known.reports[claim.report].language == "en"


class _Words:
    """The telling words of some contents, and how much each tells. Names tell as much as a word that never came."""

    def __init__(self, all_of: Sequence[Particulars]) -> None:
        vocabulary = Vocabulary()
        self._all = [telling(one) for one in all_of]
        self._names = [frozenset(map(stem, one.names)) for one in all_of]
        self._rarity = {word: 1 + vocabulary.rarity_of(word) for word in {*chain.from_iterable(self._all)}}
        self._name = 1 + vocabulary.unseen

    def shared(self, number: int, other: int) -> float:
        """Twice the weight of the words that both have, over the weight of all."""
        a, b = self._all[number], self._all[other]
        names = self._names[number] | self._names[other]
        weight = {word: self._name if word in names else self._rarity[word] for word in (*a, *b)}
        total = sum(weight[word] for word in a) + sum(weight[word] for word in b)
        return 2 * sum(weight[word] for word in a if word in b) / total if total else 0.0

    def near(self, reports: NDArray[np.intp]) -> Iterator[tuple[int, list[int]]]:
        """Each content with those before it, in other reports, that share words by and large: of many the MOST."""
        named = frozenset(chain.from_iterable(self._names))
        weight = {word: self._name if word in named else rarity for word, rarity in self._rarity.items()}
        totals = np.array([sum(weight[word] for word in each) for each in self._all])
        having: dict[str, array[int]] = {}
        for number, mine in enumerate(self._all):
            if len(mine) < LEAST:
                continue
            met = [(having[word], weight[word]) for word in mine if word in having]
            others = np.frombuffer(b"".join(those for those, _ in met), np.int32)
            weights = np.repeat([each for _, each in met], [len(those) for those, _ in met])
            common = np.bincount(others, weights, number)  # the weight of the words that each one before has too
            for word in mine:
                having.setdefault(word, array("i")).append(number)
            shares = 2 * common / (totals[:number] + totals[number])
            found = np.flatnonzero((shares >= NEAR) & (reports[:number] != reports[number]))
            yield number, found[np.argsort(-shares[found], kind="stable")[:MOST]].tolist()


def _pairs(all_of: Sequence[Particulars], encoder: Encoder) -> Iterator[Pair]:
    """Those that may be one, as alike as if they meant the same: each with the few before it that are likest.

    Those whose words are so unlike that no meaning makes up for it are left out, and those that something keeps apart.
    """
    words, places = _Words(all_of), dict[str, int]()
    reports = np.array([places.setdefault(one.claim.report, len(places)) for one in all_of], np.intp)
    for number, others in words.near(reports):
        pairs = (Pair(all_of[number], all_of[other], 1.0, words.shared(number, other)) for other in others)
        yield from _likest([pair for pair in pairs if pair.score >= SURE and not apart(pair.one, pair.two)], encoder)


def _likest(pairs: Sequence[Pair], encoder: Encoder) -> Sequence[Pair]:
    """Of one claim's pairs the few with those that are most like it."""
    if len(pairs) <= NEAREST:
        return pairs
    one, index = pairs[0].one, Likeness()
    vector, *others = encoder.encode([one.plain, *(pair.two.plain for pair in pairs)])
    index.add([Entry(pair.two.words) for pair in pairs], np.array(others), np.array(others))
    return [pairs[place] for place in index.nearest(one.words, vector, NEAREST)]


def _understood(pairs: Sequence[Pair], encoder: Encoder) -> Iterator[Pair]:
    """With how alike in meaning they are. Two that read the same but for names mean the same: only others are encoded,
    which is what costs most."""
    needed = sorted({side.plain for pair in pairs if pair.one.plain != pair.two.plain for side in (pair.one, pair.two)})
    vectors = dict(zip(needed, encoder.encode(needed), strict=True))
    for pair in pairs:
        one, two = pair.one.plain, pair.two.plain
        yield pair if one == two else pair._replace(meaning=float(vectors[one] @ vectors[two]))


def _same(pair: Pair) -> SameClaim:
    a, b = sorted((pair.one, pair.two), key=lambda side: side.claim.id)
    return SameClaim(
        make_id("same", a.claim.id, b.claim.id),
        a.claim.id,
        b.claim.id,
        tuple(ground for side, other in ((a, b), (b, a)) for ground in _grounds(side, other, pair)),
        round(pair.score, 3),
    )


def _grounds(side: Particulars, other: Particulars, pair: Pair) -> Iterator[Ground]:
    """What agreed, in the words of one of the two."""
    claim = side.claim
    yield Ground(SAME_MEANING, side.words, claim.report, cover(claim.content), claim.id)
    agreed = {
        SAME_WORDS: [word for word in telling(side) if word in telling(other)],
        SAME_NUMBERS: sorted(side.numbers & other.numbers),
        SAME_DAYS: sorted(side.days & other.days),
        SAME_NAMES: [name for name in side.names if name in other.names],
        SAME_SOURCE: [side.who] if pair.speaker else [],
    }
    for kind, found in agreed.items():
        if found:
            yield Ground(kind, ", ".join(found), claim.report, (0, 0), claim.id)
