"""Texts to attributions: windows through the network in batches of like length, scores to spans."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

import numpy as np

from purport.core.ports import Model
from purport.core.spans import Pieces, Span
from purport.read.attribution import Floats, Relation, decode
from purport.read.windows import Encoded, Window, blocks, encode, windows

WINDOW = 160  # tokens: attention costs the square of it, and few attributions need more
BATCH = 1  # padded tokens a pass, at least one window: in company, int8 rounds a window by the others' values
POOL = 16_384  # tokens gathered before batches are cut, so that like lengths meet
BEFORE, BEHIND = ",.;:-–—)!?”", ",.;:-–—(“"  # no content begins with these, or ends
Scores: TypeAlias = tuple[Floats, Floats, Floats, Floats]
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
    """A window of one text, and what was found in it."""

    text: int  # which text
    encoded: Encoded
    window: Window
    found: list[Relation] = field(default_factory=list)

    def __len__(self) -> int:
        return self.window.stop - self.window.start


def tag(texts: Sequence[str], model: Model) -> list[list[Attribution]]:
    """The attributions of each text, in order of their cues. Memory is bounded whatever their length."""
    answers: list[list[Attribution]] = [[] for _ in texts]
    with ThreadPoolExecutor(model.threads) as threads:
        for pool in _pools(jobs(texts, model)):
            for _ in threads.map(partial(_score, model), _batches(pool)):
                pass
            for job in pool:
                answers[job.text] += _attributions(job, texts[job.text])
    for found in answers:
        found.sort(key=lambda a: a.cue)
    return answers


def jobs(texts: Sequence[str], model: Model) -> Iterator[Job]:
    """The windows of every text, in order."""
    for number, text in enumerate(texts):
        for start, stop in blocks(text):
            encoded = encode(text, model.tokenizer, start, stop)
            yield from (Job(number, encoded, window) for window in windows(encoded, WINDOW))


def _pools(found: Iterable[Job]) -> Iterator[list[Job]]:
    pool: list[Job] = []
    tokens = 0
    for job in found:
        pool.append(job)
        tokens += len(job)
        if tokens >= POOL:
            yield pool
            pool, tokens = [], 0
    if pool:
        yield pool


def _batches(pool: list[Job]) -> Iterator[list[Job]]:
    batch: list[Job] = []
    for job in sorted(pool, key=len):
        if batch and (len(batch) + 1) * (len(job) + 2) > BATCH:
            yield batch
            batch = []
        batch.append(job)
    if batch:
        yield batch


def _score(model: Model, batch: list[Job]) -> None:
    for job, scores in zip(batch, network(model, batch), strict=True):
        job.found.extend(decode(*scores))


def network(model: Model, batch: Sequence[Job]) -> Iterator[Scores]:
    """For each window its tags, keys, queries and lean (`core.ports.Model`), without the padding."""
    size = max(map(len, batch)) + 2
    ids = np.full((len(batch), size), PAD, dtype=np.int64)
    shapes = np.zeros((len(batch), size), dtype=np.int64)
    mask = np.zeros((len(batch), size), dtype=np.float32)
    for row, job in enumerate(batch):
        n, cut = len(job), slice(job.window.start, job.window.stop)
        ids[row, 0], ids[row, n + 1] = CLS, SEP
        ids[row, 1 : n + 1] = job.encoded.ids[cut]
        shapes[row, 1 : n + 1] = job.encoded.shapes[cut]
        mask[row, : n + 2] = 1
    scores = model.scores(ids, shapes, mask)
    for row, job in enumerate(batch):
        inner = slice(1, len(job) + 1)
        tags, keys, queries, lean = (part[row, inner] for part in scores)
        yield tags, keys, queries, lean


def _attributions(job: Job, text: str) -> Iterator[Attribution]:
    encoded, window = job.encoded, job.window

    def characters(pieces: Iterable[Span]) -> Pieces:
        at = window.start
        return tuple((int(encoded.starts[at + a]), int(encoded.ends[at + b - 1])) for a, b in pieces)

    for relation in job.found:
        if window.keep <= window.start + relation.cue[0] < window.until:
            content = tuple(span for piece in characters(relation.content) if (span := tidy(text, piece))[0] < span[1])
            if content:
                yield Attribution(characters(relation.source), characters([relation.cue]), content, relation.confidence)


def tidy(text: str, piece: Span) -> Span:
    """The piece without the marks that stand between a content and its cue: `…, he said` and `said: …`."""
    start, end = piece
    while start < end and (text[start] in BEFORE or text[start].isspace()):
        start += 1
    while end > start and (text[end - 1] in BEHIND or text[end - 1].isspace()):
        end -= 1
    return start, end
