"""From the network's scores to attributions: cues first, then what each cue ties to whom."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import mul

import numpy as np
from numpy.typing import NDArray

from purport.core.spans import Span

Floats = NDArray[np.float32]

# Chosen on PolNeAR dev (training/README.md)
CUE = 0.32  # belief from which a cue is taken up
KEEP = 0.40  # how likely a content has to be one, for its attribution to be kept
SOURCE = 0.35  # belief from which a token may belong to the source
SWITCH = 0.5  # what beginning or ending a piece of content costs, in log odds
CERTAIN = 8.0  # log odds beyond this count as this

# How sure an attribution is, from the log odds of its cue, of its content and of the weakest of its three parts: fitted
# on PolNeAR dev to how often attributions that are kept are the annotators' (Platt 1999; training/calibrate.py)
BASE, OF_CUE, OF_CONTENT, OF_WEAKEST = -1.410, 0.372, 0.135, 0.284
# How likely its content is one that the annotators marked, whoever it is by: from the same log odds and the share of it
# that stands in the content of a surer cue. This decides what is kept
KEPT = -1.047, 0.475, 0.245, -0.031, -0.711
NEVER = 1e-4  # beliefs nearer to 0 or 1 than this count as this
UNSOURCED = 0.5  # belief that stands in for a source's where there is none


@dataclass(frozen=True, slots=True)
class Relation:
    """One attribution in token numbers, half-open; `content` may be in pieces."""

    cue: Span
    source: tuple[Span, ...]
    content: tuple[Span, ...]
    beliefs: tuple[float, float, float]  # in the cue, the content and the source; 0.5 for a source that is none

    @property
    def confidence(self) -> float:
        """How likely it is that an annotator would find this attribution."""
        return confidence(*self.beliefs)


def decode(
    tags: Floats, keys: Floats, queries: Floats, lean: Floats, cue_from: float = CUE, keep_from: float = KEEP
) -> list[Relation]:
    """The attributions of one window.

    `tags` are cue logits [tokens, 3] (out, begin, in); `keys` and `queries` [tokens, 4, width] and `lean`
    [tokens, 4] score roles (source begins, goes on, content begins, goes on).
    """
    cues = find_cues(tags, cue_from)
    if not cues:
        return []
    roles = softmax(link([cue for cue, _ in cues], keys, queries, lean))
    sources, contents = roles[1] + roles[2], roles[3] + roles[4]
    for number, (cue, _) in enumerate(cues):
        sources[number, slice(*cue)] = contents[number, slice(*cue)] = 0
    odds = log_odds(contents)
    found: list[Relation] = []
    for number, (cue, belief) in enumerate(cues):
        content = segments(odds[number], SWITCH)
        if not content:
            continue
        source = source_of(sources[number], content)
        beliefs = belief, mean(contents[number], content), mean(sources[number], source)
        found.append(Relation(cue, source, tuple(content), beliefs))
    return [one for one in found if worth(one, found) >= keep_from]


def worth(one: Relation, beside: Sequence[Relation]) -> float:
    """How likely it is that an annotator would mark this content, beside all attributions of the same window."""
    return logistic(KEPT[0], KEPT[1:], (*map(odds_of, one.beliefs), under(one, beside)))


def under(one: Relation, beside: Sequence[Relation]) -> float:
    """How much of its content stands in the content of one whose cue is surer, from 0 to 1."""
    surer = (other for other in beside if other.beliefs[0] > one.beliefs[0])
    return max((share(one.content, other.content) for other in surer), default=0.0)


def share(pieces: Sequence[Span], among: Sequence[Span]) -> float:
    """How much of some pieces stands in others, from 0 to 1."""
    common = sum(max(0, min(b, d) - max(a, c)) for a, b in pieces for c, d in among)
    return common / sum(end - start for start, end in pieces)


def mean(belief: Floats, pieces: Sequence[Span]) -> float:
    """The mean belief over the tokens of all pieces."""
    if not pieces:
        return UNSOURCED
    return sum(total(belief, piece) for piece in pieces) / sum(end - start for start, end in pieces)


def total(belief: Floats, piece: Span) -> float:
    return float(np.add.reduce(belief[slice(*piece)]))


def confidence(cue: float, content: float, source: float) -> float:
    """How likely it is that an annotator would find this attribution, from the beliefs in its parts."""
    return logistic(BASE, (OF_CUE, OF_CONTENT, OF_WEAKEST), map(odds_of, (cue, content, min(cue, content, source))))


def odds_of(belief: float) -> float:
    """Its log odds, bounded."""
    p = min(max(belief, NEVER), 1 - NEVER)
    return math.log(p / (1 - p))


def logistic(base: float, weights: Iterable[float], values: Iterable[float]) -> float:
    return 1 / (1 + math.exp(-base - sum(map(mul, weights, values))))


def find_cues(tags: Floats, threshold: float = CUE) -> list[tuple[Span, float]]:
    """Cue spans with their belief, from tag logits [tokens, 3] (out, begin, in)."""
    out, begin, goes_on = softmax(tags.T)
    belief = 1 - out
    believed = runs(belief > threshold)
    if not believed:
        return []
    begins, beliefs = (begin > goes_on).tolist(), belief.tolist()
    found: list[tuple[Span, float]] = []
    for start, end in believed:
        cuts = [start, *(at for at in range(start + 1, end) if begins[at]), end]
        found += (((first, last), max(beliefs[first:last])) for first, last in pairwise(cuts))
    return found


def link(cues: list[Span], keys: Floats, queries: Floats, lean: Floats) -> Floats:
    """Role logits [5, cues, tokens] (out, source begins, goes on, content begins, goes on)."""
    query = queries[[a for a, _ in cues]]
    for number, (a, b) in enumerate(cues):
        if b - a > 1:
            query[number] = queries[a:b].mean(0)
    logits = np.zeros((5, len(cues), len(keys)), dtype=keys.dtype)
    np.add(np.matmul(query.transpose(1, 0, 2), keys.transpose(1, 2, 0)), lean.T[:, None], out=logits[1:])
    return logits


def segments(scores: Floats, cost: float) -> list[Span]:
    """The stretches of greatest total score, when each one's beginning and end cost something.

    An exact two-state Viterbi search. Switching inside a run of one sign never pays, so it steps from run
    to run.
    """
    positive = scores > 0
    edges = [0, *((positive[1:] != positive[:-1]).nonzero()[0] + 1).tolist()]
    sums = np.add.reduceat(scores, edges).tolist()
    off, on = 0.0, -cost
    path: list[tuple[bool, bool]] = []  # for each run: was the state before on, given that it is now off / on?
    for value in sums:
        from_on, stay_on = on - cost > off, on > off - cost
        path.append((from_on, stay_on))
        off, on = max(off, on - cost), max(on, off - cost) + value
    state = on - cost > off
    flags = []
    for from_on, stay_on in reversed(path):
        flags.append(state)
        state = stay_on if state else from_on
    flags.reverse()
    found: list[Span] = []
    for flag, start, end in zip(flags, edges, [*edges[1:], len(scores)], strict=True):
        if flag and found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        elif flag:
            found.append((start, end))
    return found


def source_of(belief: Floats, content: list[Span]) -> tuple[Span, ...]:
    """The run of believed tokens with the greatest sum, outside the content; none or one."""
    free = belief > SOURCE
    for start, end in content:
        free[start:end] = False
    best = max(runs(free), key=lambda span: total(belief, span), default=())
    return (best,) if best else ()


def log_odds(p: Floats) -> Floats:
    tiny = 1e-6
    odds: Floats = np.clip(np.log(p + tiny) - np.log(1 - p + tiny), -CERTAIN, CERTAIN)
    return odds


def softmax(x: Floats) -> Floats:
    """Over the first axis: numpy is quick along many tokens and slow along a few choices."""
    e: Floats = np.exp(x - np.maximum.reduce(x))
    e /= np.add.reduce(e)
    return e


def runs(flags: NDArray[np.bool_]) -> list[Span]:
    """The half-open spans where flags hold."""
    marks = flags.tobytes()
    found: list[Span] = []
    start = marks.find(1)
    while start >= 0:
        end = marks.find(0, start)
        end = end if end >= 0 else len(marks)
        found.append((start, end))
        start = marks.find(1, end)
    return found
