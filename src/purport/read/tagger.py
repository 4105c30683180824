"""Texts to attributions: windows through the network, one by one, scores to spans.

A window goes alone: in company, int8 rounds it by the others' values, and a report would read differently
beside another.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TypeAlias

import numpy as np

from purport.core.ports import Model
from purport.core.spans import Pieces, Span
from purport.read.attribution import Floats, Relation, decode
from purport.read.windows import BLOCK, Encoded, Window, blocks, encode, windows

WINDOW = 160  # tokens: attention costs the square of it, and few attributions need more
BEFORE, BEHIND = ",.;:-–—)!?”", ",.;:-–—(“"  # no content begins with these, or ends
HEADS = 8  # lines above the body at the most, empty ones among them: headline, kicker, credits, place
ENDS = frozenset(".!?…:;,-–—\"”’')]")  # a line that ends with one of these may go on in the next
Scores: TypeAlias = tuple[Floats, Floats, Floats, Floats]
Turn: TypeAlias = list[tuple[int, Span]]  # blocks, each with the number of its text
CLS, SEP, PAD = 101, 102, 0  # of the BERT uncased vocabulary


@dataclass(frozen=True, slots=True)
class Attribution:
    """Source, cue and content as half-open code-point pieces of the text."""

    source: Pieces
    cue: Pieces
    content: Pieces
    confidence: float


@dataclass(frozen=True, slots=True)
class Job:
    """A window of one text."""

    text: int  # which text
    encoded: Encoded
    window: Window

    def __len__(self) -> int:
        return self.window.stop - self.window.start


def tag(texts: Sequence[str], model: Model, named: bool = False) -> list[list[Attribution]]:
    """The attributions of each text, in order of their cues.

    `named` shows the network the names of parties: for a teacher in training, which was trained so.
    """
    turns, read = list(_turns(texts)), partial(_turn, texts, model, named)
    if min(len(turns), model.threads) < 2:
        answers = list(map(read, turns))
    else:
        with ThreadPoolExecutor(model.threads) as threads:
            answers = list(threads.map(read, turns))
    found: list[list[Attribution]] = [[] for _ in texts]
    for number, attribution in chain.from_iterable(answers):
        found[number].append(attribution)
    return [sorted(attributions, key=lambda one: one.cue) for attributions in found]


def _turns(texts: Sequence[str]) -> Iterator[Turn]:
    """The blocks of all texts, as many at a time as make one block, so that memory is bounded however long they are."""
    turn: Turn = []
    room = BLOCK
    for number, text in enumerate(texts):
        for start, stop in blocks(text):
            if turn and stop - start > room:
                yield turn
                turn, room = [], BLOCK
            turn.append((number, (start, stop)))
            room -= stop - start
    if turn:
        yield turn


def _turn(texts: Sequence[str], model: Model, named: bool, turn: Turn) -> list[tuple[int, Attribution]]:
    """The attributions of some blocks, each with the number of its text.

    All windows go through the network before any answer is looked at: its weights stay in the processor's cache.
    """
    jobs = [job for number, block in turn for job in _jobs(number, texts[number], model, named, block)]
    scores = [network(model, job) for job in jobs]
    return [
        (job.text, attribution)
        for job, score in zip(jobs, scores, strict=True)
        for relation in decode(*score)
        for attribution in locate(job, relation, texts[job.text])
    ]


def jobs(texts: Sequence[str], model: Model, named: bool = False) -> Iterator[Job]:
    """The windows of every text, in order."""
    for number, text in enumerate(texts):
        for block in blocks(text):
            yield from _jobs(number, text, model, named, block)


def _jobs(number: int, text: str, model: Model, named: bool, block: Span) -> Iterator[Job]:
    encoded = encode(text, model.tokenizer, *block, named)
    return (Job(number, encoded, window) for window in windows(encoded, WINDOW))


def network(model: Model, job: Job) -> Scores:
    """A window's tags, keys, queries and lean (`core.ports.Model`), without the special tokens."""
    cut = slice(job.window.start, job.window.stop)
    ids, shapes = np.zeros((2, len(job) + 2), dtype=np.int64)
    ids[0], ids[1:-1], ids[-1] = CLS, job.encoded.ids[cut], SEP
    shapes[1:-1] = job.encoded.shapes[cut]
    tags, keys, queries, lean = (part[1:-1] for part in model.scores(ids, shapes))
    return tags, keys, queries, lean


def locate(job: Job, relation: Relation, text: str) -> Iterator[Attribution]:
    """The relation in code points of its text; none where another window reports it or its content is but marks."""
    encoded, window = job.encoded, job.window

    def characters(pieces: Iterable[Span]) -> Pieces:
        at = window.start
        return tuple((int(encoded.starts[at + a]), int(encoded.ends[at + b - 1])) for a, b in pieces)

    if window.keep <= window.start + relation.cue[0] < window.until:
        cue = characters([relation.cue])
        first, last = bounds(text, cue[0][0])

        def reached(pieces: Iterable[Span]) -> Iterator[Span]:
            return ((max(start, first), min(end, last)) for start, end in characters(pieces))

        source = tuple(piece for piece in reached(relation.source) if piece[0] < piece[1])
        content = tuple(span for piece in reached(relation.content) if (span := tidy(text, piece))[0] < span[1])
        if content:
            yield Attribution(source, cue, content, relation.confidence)


def bounds(text: str, at: int) -> Span:
    """Where source and content of a cue at `at` may be: a headline or a line of credits is all, the body begins behind.

    Such lines come first, HEADS of them at the most, and have no mark at their end. One that goes on in lower case is
    no headline but the first of a text with hard line breaks.
    """
    start = 0
    for _ in range(HEADS):
        end = text.find("\n", start)
        if end < 0 or (end > start and not _stands_alone(text, start, end)):
            break
        if at < end:
            return start, end
        start = end + 1
    return start, len(text)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Is the line a headline or the like?"""
    return text[start:end].rstrip()[-1:] not in ENDS and not text[end : end + 200].lstrip()[:1].islower()


def tidy(text: str, piece: Span) -> Span:
    """The piece without the marks that stand between a content and its cue: `…, he said` and `said: …`."""
    start, end = piece
    while start < end and (text[start] in BEFORE or text[start].isspace()):
        start += 1
    while end > start and (text[end - 1] in BEHIND or text[end - 1].isspace()):
        end -= 1
    return start, end
