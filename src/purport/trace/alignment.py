"""Which sentence of one version is which of the other, and which of their words are the same.

Nothing here depends on which version came first, or on who is named: ties are settled by places alone, and the words
that two texts have in common are those that are found from both sides.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate
from typing import NamedTuple, TypeAlias

from purport.core.spans import Pieces
from purport.trace.wording import TEXT, Sentence, Word, table, telling

SAME = 0.4  # share of their telling words that two sentences have in common, from which one may be the other's edit
PART = 0.6  # share of a sentence's telling words that stand in another, from which it may be split off or joined to it
LEAST = 3  # telling words for that
MOST = 40_000  # pairs of sentences that are compared; beyond, only those at about the same place
NEAR = 30  # sentences
WORK = 20_000_000  # steps that comparing words may take in all; with less left than it needs, a group is cut short
ISLAND = 2  # little words that may stand unchanged between two changes of one phrase

Pair: TypeAlias = tuple[int, int]
Numbers: TypeAlias = tuple[int, ...]


class Text:
    """A version's sentences with their words numbered through."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self.sentences = sentences
        self.words: list[Word] = [word for sentence in sentences for word in sentence.words]
        self.begins = [0, *accumulate(len(sentence.words) for sentence in sentences)]
        self._starts = [word.span[0] for word in self.words]

    def of(self, sentence: int) -> range:
        """The numbers of a sentence's words."""
        return range(self.begins[sentence], self.begins[sentence + 1])

    def sentence(self, word: int) -> int:
        """The number of the sentence that a word stands in."""
        return bisect_left(self.begins, word + 1) - 1

    def part(self, word: int) -> str:
        return self.sentences[self.sentence(word)].part if self.words else TEXT

    def within(self, pieces: Pieces) -> frozenset[int]:
        """The numbers of the words that begin in the pieces of a role."""
        found = (range(bisect_left(self._starts, start), bisect_left(self._starts, end)) for start, end in pieces)
        return frozenset(number for numbers in found for number in numbers)


class Hunk(NamedTuple):
    """Words that changed together, by their numbers before and after, neither of which need be there."""

    sides: tuple[Numbers, Numbers]
    group: int = 0  # hunks of sentences that are one another's edits have one number

    @property
    def before(self) -> Numbers:
        return self.sides[0]

    @property
    def after(self) -> Numbers:
        return self.sides[1]


class Difference(NamedTuple):
    """What is the same in two texts, and what is not."""

    there: dict[int, int]  # the numbers of words before to those after
    back: dict[int, int]
    hunks: tuple[Hunk, ...]


def difference(before: Text, after: Text) -> Difference:
    """Sentences that stand in both versions are the same, moved or not; the others are compared by their words."""
    same, left, right = _equal(before.sentences, after.sentences)
    there = {a: b for i, j in same for a, b in zip(before.of(i), after.of(j), strict=True)}
    hunks: list[Hunk] = []
    groups = list(_groups(before.sentences, after.sentences, left, right))
    budget = WORK // max(1, len(groups))
    for number, (olds, news) in enumerate(groups):
        old = [word for i in olds for word in before.of(i)]
        new = [word for j in news for word in after.of(j)]
        kept = common([before.words[a].key for a in old], [after.words[b].key for b in new], budget)
        there |= {old[i]: new[j] for i, j in kept}
        for (a, b), (c, d) in _runs(kept, [before.words[i] for i in old], len(new)):
            hunk = Hunk((tuple(old[a:b]), tuple(new[c:d])), number)
            if not _slight(hunk, before, after):
                hunks.append(hunk)
    return Difference(there, {b: a for a, b in there.items()}, tuple(hunks))


def _slight(hunk: Hunk, before: Text, after: Text) -> bool:
    """ "A" for "the", an "and" where a sentence was cut in two: nothing that anybody claims."""
    slight = table().slight
    changed = [before.words[i].key for i in hunk.before] + [after.words[j].key for j in hunk.after]
    return slight.issuperset(changed)


def _equal(before: Sequence[Sentence], after: Sequence[Sentence]) -> tuple[list[Pair], list[int], list[int]]:
    """The sentences with the same words, in order of appearance; and what is left of either side."""
    where: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for j in reversed(range(len(after))):
        where[after[j].keys].append(j)
    same, left = [], []
    for i, sentence in enumerate(before):
        if where.get(sentence.keys):
            same.append((i, where[sentence.keys].pop()))
        else:
            left.append(i)
    held = {j for _, j in same}
    return same, left, [j for j in range(len(after)) if j not in held]


def _groups(
    before: Sequence[Sentence], after: Sequence[Sentence], left: list[int], right: list[int]
) -> Iterator[tuple[list[int], list[int]]]:
    """Sentences that are one another's edits, then those that are of one version only."""
    pairs = list(_pair(before, after, left, right))
    links = [*pairs, *_parts(before, after, left, right, pairs)]
    found = list(_connected(links))
    yield from found
    olds, news = {i for mine, _ in found for i in mine}, {j for _, theirs in found for j in theirs}
    yield from (([i], []) for i in left if i not in olds)
    yield from (([], [j]) for j in right if j not in news)


def _pair(before: Sequence[Sentence], after: Sequence[Sentence], left: list[int], right: list[int]) -> Iterator[Pair]:
    """The sentences that are each other's edit, the most alike first, each once."""
    old = {i: Counter(telling(before[i].keys)) for i in left}
    new = {j: Counter(telling(after[j].keys)) for j in right}
    size = [{n: keys.total() for n, keys in some.items()} for some in (old, new)]
    scored = []
    for i, j in _candidates(old, new, before, after):
        score = 2 * (old[i] & new[j]).total() / (size[0][i] + size[1][j])
        if score >= SAME:
            scored.append((-score, abs(i - j), i + j, i, j))
    taken: set[int] = set()
    used: set[int] = set()
    for *_, i, j in sorted(scored):
        if i not in taken and j not in used:
            taken.add(i)
            used.add(j)
            yield i, j


def _candidates(
    old: dict[int, Counter[str]], new: dict[int, Counter[str]], before: Sequence[Sentence], after: Sequence[Sentence]
) -> Iterator[Pair]:
    """Pairs of one part with a word in common."""
    near = len(old) * len(new) > MOST
    where: dict[str, list[int]] = defaultdict(list)
    for j, keys in new.items():
        for key in keys:
            where[key].append(j)
    for i, keys in old.items():
        if near:
            shared = {j for j in range(i - NEAR, i + NEAR + 1) if j in new and not keys.keys().isdisjoint(new[j])}
        else:
            shared = {j for key in keys for j in where.get(key, ())}
        yield from ((i, j) for j in shared if before[i].part == after[j].part)


def _parts(
    before: Sequence[Sentence], after: Sequence[Sentence], left: list[int], right: list[int], pairs: list[Pair]
) -> Iterator[Pair]:
    """Sentences that were split off from a paired one, or joined to it: their words stand in what changed there."""
    olds, news = set(left) - {i for i, _ in pairs}, set(right) - {j for _, j in pairs}  # those without a pair
    for i, j in pairs:
        gone = Counter(telling(before[i].keys)) - Counter(telling(after[j].keys))
        come = Counter(telling(after[j].keys)) - Counter(telling(before[i].keys))
        for other in (j - 1, j + 1):
            if other in news and after[other].part == before[i].part and _holds(gone, after[other]):
                yield i, other
        for other in (i - 1, i + 1):
            if other in olds and before[other].part == after[j].part and _holds(come, before[other]):
                yield other, j


def _holds(words: Counter[str], sentence: Sentence) -> bool:
    keys = Counter(telling(sentence.keys))
    common = (words & keys).total()
    return common >= LEAST and common >= PART * keys.total()


def _connected(links: Sequence[Pair]) -> Iterator[tuple[list[int], list[int]]]:
    """The sets of sentences that links hold together."""
    olds: dict[int, set[int]] = defaultdict(set)
    news: dict[int, set[int]] = defaultdict(set)
    for i, j in links:
        olds[i].add(j)
        news[j].add(i)
    left = set(olds)
    for first in sorted(olds):
        if first not in left:
            continue
        mine, theirs = {first}, set[int]()
        while True:
            theirs_now = {j for i in mine for j in olds[i]}
            mine_now = {i for j in theirs_now for i in news[j]} | mine
            if (mine_now, theirs_now) == (mine, theirs):
                break
            mine, theirs = mine_now, theirs_now
        left -= mine
        yield sorted(mine), sorted(theirs)


def common(a: Sequence[str], b: Sequence[str], budget: int = WORK) -> list[Pair]:
    """The places of the words that are the same, found from either side alike.

    Where the same few words stand over and over, finding all would take too long: then those that both begin and end
    with.
    """
    held = Counter(b)
    if sum(held[word] for word in a) * min(len(a), len(b)) > budget:
        return _ends(a, b)
    there = set(_blocks(a, b))
    return sorted(there & {(i, j) for j, i in _blocks(b, a)})


def _ends(a: Sequence[str], b: Sequence[str]) -> list[Pair]:
    fewer = min(len(a), len(b))
    first = next((n for n in range(fewer) if a[n] != b[n]), fewer)
    last = next((n for n in range(fewer - first) if a[-1 - n] != b[-1 - n]), fewer - first)
    found = [(n, n) for n in range(first)]
    return found + [(len(a) - n, len(b) - n) for n in range(last, 0, -1)]


def _blocks(a: Sequence[str], b: Sequence[str]) -> Iterator[Pair]:
    for i, j, size in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks():
        yield from ((i + n, j + n) for n in range(size))


def _runs(same: Sequence[Pair], old: Sequence[Word], new: int) -> list[tuple[Pair, Pair]]:
    """What stands between words that are the same; little words between two changes belong to the change."""
    little = table().little
    found: list[tuple[Pair, Pair]] = []
    last = (-1, -1)
    for i, j in [*same, (len(old), new)]:
        if i > last[0] + 1 or j > last[1] + 1:
            run = (last[0] + 1, i), (last[1] + 1, j)
            if found:
                (begin, until), (start, end) = found[-1]
                between = old[until : run[0][0]]
                if len(between) == run[1][0] - end <= ISLAND and all(word.key in little for word in between):
                    run = (begin, i), (start, j)
                    found.pop()
            found.append(run)
        last = (i, j)
    return found
