"""Which claims of different reports say the same thing.

    contents > the likest of other reports (`likeness.py`) > what keeps them apart (`particulars.py`) > score > merge

A wrong merge costs more than a miss. So nothing that differs in a number, a day, a name, who did what, or whether it
is so is ever merged, and what is left must be alike in meaning and in its telling words. Each merge carries what
agreed, with the words of both; a person may undo it (`core/stories.py`), and then the machine leaves the two apart.
Contents in another language than English are left alone until that is measured.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

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
from purport.trace.sketches import Floats, Vocabulary

VERSION = "1"

NEAREST = 12  # claims that one is compared with
LEAST = 3  # telling words that a content must have
SURE = 0.82  # the score from which two are merged; chosen on half of tests/golden/same_claims.toml
MEANING, WORDS, SPEAKER = 0.5, 0.45, 0.05  # weights in the score
SAME_MEANING, SAME_WORDS, SAME_NUMBERS, SAME_DAYS, SAME_NAMES, SAME_SOURCE = (
    "same meaning", "same words", "same numbers", "same days", "same names", "same source",
)  # fmt: skip


class Pair(NamedTuple):
    """How alike two claims are, from 0 to 1."""

    meaning: float  # the cosine of their vectors
    words: float  # the share of their telling words, by weight, that both have
    speaker: bool  # the same one says it

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
    contents = [content(one, known.reports[one.report]) for one in chosen]
    all_of = [
        particulars(one, said, known.actors[one.id].key, about(report, one), report.published)
        for one, said in zip(chosen, contents, strict=True)
        for report in (known.reports[one.report],)
    ]
    vectors = encoder.encode([one.plain for one in all_of])
    return tuple(sorted(_merges(all_of, vectors, undone), key=lambda one: one.id))


def content(claim: Claim, report: Report) -> str:
    return " ".join(words(report.text, claim.content).split())


def _may_merge(claim: Claim, known: Known) -> bool:
    return counts(claim) and bool(claim.content) and known.reports[claim.report].language == "en"


def _merges(all_of: Sequence[Particulars], vectors: Floats, undone: Collection[frozenset[str]]) -> Iterator[SameClaim]:
    index, vocabulary = Likeness(), Vocabulary()
    for number, one in enumerate(all_of):
        for other in index.nearest(one.words, vectors[number], NEAREST):
            two = all_of[other]
            if one.claim.report == two.claim.report or frozenset((one.claim.id, two.claim.id)) in undone:
                continue
            if min(len(telling(one)), len(telling(two))) < LEAST or apart(one, two):
                continue
            pair = alike(one, two, float(vectors[number] @ vectors[other]), vocabulary)
            if pair.score >= SURE:
                yield _same(one, two, pair)
        index.add([Entry(one.words)], vectors[number : number + 1], vectors[number : number + 1])


def alike(a: Particulars, b: Particulars, meaning: float, vocabulary: Vocabulary) -> Pair:
    names = {stem(name) for name in (*a.names, *b.names)}
    return Pair(meaning, _shared(telling(a), telling(b), names, vocabulary), bool(a.who) and a.who == b.who)


def _shared(a: Sequence[str], b: Sequence[str], names: Collection[str], vocabulary: Vocabulary) -> float:
    """Twice the weight of the telling words that both have, over the weight of all. All names weigh the same."""
    weight = {word: 1 + (vocabulary.unseen if word in names else vocabulary.rarity_of(word)) for word in (*a, *b)}
    total = sum(weight[word] for word in a) + sum(weight[word] for word in b)
    return 2 * sum(weight[word] for word in a if word in b) / total if total else 0.0


def _same(one: Particulars, two: Particulars, pair: Pair) -> SameClaim:
    a, b = sorted((one, two), key=lambda side: side.claim.id)
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
