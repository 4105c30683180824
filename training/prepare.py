"""PolNeAR's attributions as what the model sees: windows of token ids with a label for each token."""

import json
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from purport.read.windows import Encoded, Window, encode, windows

SIZES = (96, 240)  # tokens a window in training: reading takes 160
IGNORE = -100
OUT, BEGIN, IN = 0, 1, 2
ROLE_LABELS = ("out", "source begins", "source goes on", "content begins", "content goes on")


@dataclass
class Relation:
    """One gold attribution in token numbers of its document."""

    cue: tuple[int, int]
    source: list[tuple[int, int]]
    content: list[tuple[int, int]]


@dataclass
class Document:
    encoded: Encoded
    relations: list[Relation]
    gold: bool = True


@dataclass
class Example:
    """One window: `ids` and `shapes` without special tokens; labels aligned with them.

    `cues` are half-open token pairs; `roles[i]` labels every token by its role towards cue i.
    """

    ids: np.ndarray
    shapes: np.ndarray
    tags: np.ndarray  # cue: out, begin, in
    sides: np.ndarray  # [2, tokens]: source and content of any cue, for the auxiliary loss
    cues: list[tuple[int, int]]
    roles: list[np.ndarray]
    gold: bool = True


def load(path: Path, tokenizer: Tokenizer, named: bool = False) -> list[Document]:
    """Annotated texts; `named` shows a teacher the names that the reader is not shown."""
    return [document(json.loads(line), tokenizer, named) for line in path.open(encoding="utf-8")]


def document(record: dict, tokenizer: Tokenizer, named: bool = False) -> Document:
    encoded = encode(record["text"], tokenizer, named=named)
    relations = []
    for item in record["attributions"]:
        spans = {
            role: [pair for piece in item[role] if (pair := tokens(encoded, *piece))]
            for role in ("source", "cue", "content")
        }
        if spans["cue"]:
            cue = (spans["cue"][0][0], spans["cue"][-1][1])
            relations.append(Relation(cue, spans["source"], spans["content"]))
    return Document(encoded, relations)


def tokens(encoded: Encoded, start: int, end: int) -> tuple[int, int] | None:
    """The half-open token pair that the characters [start, end) touch."""
    first = int(np.searchsorted(encoded.ends, start, side="right"))
    last = int(np.searchsorted(encoded.starts, end, side="left"))
    return (first, last) if last > first else None


def example(doc: Document, window: Window) -> Example:
    encoded, low, high = doc.encoded, window.start, window.stop
    size = high - low
    tags = np.full(size, OUT if doc.gold else IGNORE)
    sides = np.full((2, size), OUT if doc.gold else IGNORE)
    cues, roles = [], []
    for relation in doc.relations:
        start, end = relation.cue
        if start < low or end > high:
            continue
        tags[start - low : end - low] = IN
        tags[start - low] = BEGIN
        role = np.zeros(size, dtype=np.int64)
        for side, pieces in enumerate((relation.source, relation.content)):
            for left, right in pieces:
                left, right = max(left - low, 0), min(right - low, size)
                if right > left:
                    role[left:right] = 2 * side + 2
                    role[left] = 2 * side + 1
                    sides[side, left:right] = IN
                    sides[side, left] = BEGIN
        cues.append((start - low, end - low))
        roles.append(role)
    return Example(encoded.ids[low:high], encoded.shapes[low:high], tags, sides, cues, roles, doc.gold)


def examples(docs: list[Document], rng: random.Random) -> list[Example]:
    """Every window of every document; windows fall anew at each call, for their size varies."""
    return [example(doc, window) for doc in docs for window in windows(doc.encoded, rng.randint(*SIZES))]


def load_plain(path: Path, tokenizer: Tokenizer, named: bool = False) -> list[Document]:
    """Texts without annotations, for a teacher to read."""
    return [
        Document(encode(json.loads(line)["text"], tokenizer, named=named), [], gold=False)
        for line in path.open(encoding="utf-8")
    ]
