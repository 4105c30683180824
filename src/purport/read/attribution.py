"""From the network's scores to attributions: cues first, then what each cue ties to whom."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Piece = tuple[int, int]

CUE = 0.4  # a cue is taken up from this belief on; chosen on PolNeAR dev
KEEP = 0.4  # an attribution is kept from this confidence on; chosen on PolNeAR dev


@dataclass(frozen=True, slots=True)
class Relation:
    """One attribution in token numbers, half-open; `content` may be in pieces."""

    cue: Piece
    source: tuple[Piece, ...]
    content: tuple[Piece, ...]
    confidence: float


def softmax(x: Floats) -> Floats:
    e: Floats = np.exp(x - x.max(-1, keepdims=True))
    e /= e.sum(-1, keepdims=True)
    return e


def find_cues(tags: Floats, threshold: float = CUE) -> list[tuple[int, int, float]]:
    """Cue spans with their belief, from tag logits [tokens, 3] (out, begin, in)."""
    p = softmax(tags)
    belief = 1 - p[:, 0]
    found = []
    tokens = np.flatnonzero(belief > threshold).tolist()
    start = last = -2
    for i in tokens:
        if i != last + 1 or p[i, 1] > p[i, 2]:
            if start >= 0:
                found.append((start, last + 1))
            start = i
        last = i
    if start >= 0:
        found.append((start, last + 1))
    return [(a, b, float(belief[a:b].max())) for a, b in found]


def link(cues: list[Piece], keys: Floats, queries: Floats, lean: Floats) -> Floats:
    """Role logits [cues, tokens, 5] (out, source begins, goes on, content begins, goes on)."""
    query = np.stack([queries[a:b].mean(0) for a, b in cues])
    scores = np.einsum("crw,trw->ctr", query, keys, optimize=True) + lean
    return np.concatenate([np.zeros_like(scores[..., :1]), scores], axis=-1)


def runs(flags: NDArray[np.bool_]) -> list[Piece]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def decode(
    tags: Floats, keys: Floats, queries: Floats, lean: Floats, cue_threshold: float = CUE, keep: float = KEEP
) -> list[Relation]:
    cues = find_cues(tags, cue_threshold)
    if not cues:
        return []
    logits = link([(a, b) for a, b, _ in cues], keys, queries, lean)
    found = []
    for (a, b, belief), p in zip(cues, softmax(logits), strict=True):
        p[a:b] = (1, 0, 0, 0, 0)
        role = p.argmax(-1)
        content = runs(role >= 3)
        sources = runs((role == 1) | (role == 2))
        mass = p[:, 1:3].sum(-1)
        best = max(sources, key=lambda s: float(mass[s[0] : s[1]].sum()), default=None)
        if not content:
            continue
        certainty = float(np.mean(np.concatenate([p[s:e, 3:].sum(-1) for s, e in content])))
        confidence = belief * certainty
        if confidence >= keep:
            found.append(Relation((a, b), (best,) if best else (), tuple(content), confidence))
    return found
