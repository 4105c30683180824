"""Let one or more teachers read the training texts and write down what they believe.

    python training/label.py --base DIR --checkpoint FILE [--checkpoint FILE …] --tokenizer FILE \\
        --data DIR [--plain FILE] [--shares 2] --out FILE

The soft labels are those of Hinton et al. 2015 (arXiv:1503.02531). A student's epoch takes all annotated texts and
one share of the plain ones. Several teachers are averaged. Teachers who were shown names (`train.py --named`) are shown
them here too, unlike the student.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from model import Reader, collate, link
from prepare import Document, Example, example, load, load_plain
from purport.read.windows import windows

SIZE = 140  # the student's tokens a window
BATCH = 16  # windows


@dataclass
class Soft:
    """What the teachers believe of one of the student's windows, in half precision, special tokens left out."""

    example: Example
    tags: torch.Tensor  # [tokens, 3]
    sides: torch.Tensor  # [tokens, 2, 3]
    cues: list[tuple[int, int]]
    roles: torch.Tensor  # [cues, tokens, 5]


def believed(tags: torch.Tensor) -> list[tuple[int, int]]:
    """Cues believed in at better than one in five, from probabilities [tokens, 3]: half-open pairs."""
    belief = (tags[:, 0] < 0.8).tolist()
    begins = (tags[:, 1] > tags[:, 2]).tolist()
    cues: list[tuple[int, int]] = []
    for i, held in enumerate(belief):
        if held and (begins[i] or not i or not belief[i - 1]):
            cues.append((i, i + 1))
        elif held:
            cues[-1] = (cues[-1][0], i + 1)
    return cues


@dataclass
class Sight:
    """One window for the student, and the same words for a teacher, who is shown the names."""

    example: Example
    ids: np.ndarray  # the teacher's tokens
    shapes: np.ndarray
    first: np.ndarray  # for each of the student's tokens the first of the teacher's that it covers

    def __len__(self) -> int:
        return len(self.ids)

    def teachers(self) -> Example:
        nothing = np.zeros((2, len(self)), dtype=np.int64)
        return Example(self.ids, self.shapes, nothing[0], nothing, [], [])

    def to_student(self, cue: tuple[int, int]) -> tuple[int, int]:
        start, last = np.searchsorted(self.first, (cue[0], cue[1] - 1), side="right") - 1
        return int(start), int(last) + 1


def sights(doc: Document, named: Document) -> Iterator[Sight]:
    own, full = doc.encoded, named.encoded
    first = np.searchsorted(full.starts, own.starts)
    for window in windows(own, SIZE):
        low, high = first[window.start], first[window.stop] if window.stop < len(own) else len(full)
        yield Sight(
            example(doc, window), full.ids[low:high], full.shapes[low:high], first[window.start : window.stop] - low
        )


@torch.no_grad()
def label(items: list[Sight], teachers: list[Reader]) -> list[Soft]:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        batch = collate([item.teachers() for item in items])
        outs = [teacher(batch["ids"], batch["shapes"], batch["mask"]) for teacher in teachers]
    tags = torch.stack([out["tags"].softmax(-1) for out in outs]).mean(0)
    sides = torch.stack([out["sides"].unflatten(-1, (2, 3)).softmax(-1) for out in outs]).mean(0)
    found = []
    for row, item in enumerate(items):
        seen = torch.as_tensor(item.first) + 1  # behind the special token
        cues = {item.to_student(cue): cue for cue in believed(tags[row, 1 : len(item) + 1])}
        for start, end in item.example.cues:
            cues.setdefault((start, end), (int(item.first[start]), int(item.first[end - 1]) + 1))
        roles = torch.zeros((0, len(seen), 5))
        if cues:
            rows, places = torch.full((len(cues),), row), torch.tensor(list(cues.values())) + 1
            roles = torch.stack([link(out, rows, places).softmax(-1) for out in outs]).mean(0)[:, seen]
        found.append(Soft(item.example, tags[row, seen].half(), sides[row, seen].half(), list(cues), roles.half()))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", required=True)
    parser.add_argument("--checkpoint", action="append", required=True)
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--data", required=True, help="folder with polnear_train.jsonl")
    parser.add_argument("--plain", default="", help="JSONL of {text}: news without labels")
    parser.add_argument("--shares", type=int, default=2, help="of the plain texts: an epoch takes one")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    torch.set_num_threads(2)
    tokenizer = Tokenizer.from_file(options.tokenizer)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    checkpoints = [torch.load(path) for path in options.checkpoint]
    shown = {saved["options"].get("named", False) for saved in checkpoints}
    if len(shown) > 1:
        sys.exit("label: some of the teachers were shown names and some were not")
    teachers = []
    for saved in checkpoints:
        teacher = Reader(options.base, saved["layers"], saved["width"], saved["heads"])
        teacher.load_state_dict(saved["state"])
        teachers.append(teacher.eval())

    def read(docs: list[Document], named: list[Document]) -> list[Soft]:
        pairs = zip(docs, named, strict=True)
        items = sorted((sight for pair in pairs for sight in sights(*pair)), key=len)
        found = []
        for i in range(0, len(items), BATCH):
            found += label(items[i : i + BATCH], teachers)
            if i % (40 * BATCH) == 0:
                print(f"  window {i} of {len(items)}", flush=True)
        return found

    annotated = Path(options.data, "polnear_train.jsonl")
    gold, named_gold = (load(annotated, tokenizer, named) for named in (False, *shown))
    answer = {"gold": [read(gold, named_gold)], "plain": []}
    if options.plain:
        plain, named_plain = (load_plain(Path(options.plain), tokenizer, named) for named in (False, *shown))
        answer["plain"] = [
            read(plain[share :: options.shares], named_plain[share :: options.shares])
            for share in range(options.shares)
        ]
    for name, softs in answer.items():
        print(name, [sum(len(soft.cues) for soft in part) for part in softs], "cues", flush=True)
    torch.save(answer, options.out)


if __name__ == "__main__":
    main()
