"""Let one or more teachers read the training texts and write down what they believe.

    python training/label.py --base DIR --checkpoint FILE [--checkpoint FILE …] --tokenizer FILE \\
        --data DIR [--plain FILE] --out FILE

The soft labels (Hinton et al. 2015, arXiv:1503.02531) are kept for windows of three sizes, so that a
student meets the same words in other surroundings each epoch; several teachers are averaged.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer

from model import Reader, collate, link
from prepare import Document, Example, encode_plain, example, load
from purport.read.windows import windows

SIZES = (320, 220, 140)


@dataclass
class Soft:
    """One window as the teachers see it: probabilities in half precision, special tokens left out."""

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


@torch.no_grad()
def label(items: list[Example], teachers: list[Reader]) -> list[Soft]:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        batch = collate(items)
        outs = [teacher(batch["ids"], batch["shapes"], batch["mask"]) for teacher in teachers]
    tags = torch.stack([out["tags"].softmax(-1) for out in outs]).mean(0)
    sides = torch.stack([out["sides"].unflatten(-1, (2, 3)).softmax(-1) for out in outs]).mean(0)
    found = []
    for row, item in enumerate(items):
        n = len(item.ids)
        cues = sorted({*believed(tags[row, 1 : n + 1]), *item.cues})
        roles = torch.zeros((0, n, 5))
        if cues:
            places = torch.tensor(cues) + 1
            rows = torch.full((len(cues),), row)
            roles = torch.stack([link(out, rows, places).softmax(-1) for out in outs]).mean(0)[:, 1 : n + 1]
        found.append(Soft(item, tags[row, 1 : n + 1].half(), sides[row, 1 : n + 1].half(), cues, roles.half()))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", required=True)
    parser.add_argument("--checkpoint", action="append", required=True)
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--data", required=True, help="folder with polnear_train.jsonl")
    parser.add_argument("--plain", default="", help="JSONL of {text}: news without labels")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    torch.set_num_threads(2)
    tokenizer = Tokenizer.from_file(options.tokenizer)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    teachers = []
    for path in options.checkpoint:
        teacher = Reader(options.base)
        teacher.load_state_dict(torch.load(path)["state"])
        teachers.append(teacher.eval())

    def read(docs: list[Document], size: int) -> list[Soft]:
        items = sorted(
            (example(doc, w) for doc in docs for w in windows(doc.encoded, size)), key=lambda item: len(item.ids)
        )
        return [soft for i in range(0, len(items), 12) for soft in label(items[i : i + 12], teachers)]

    gold = load(Path(options.data, "polnear_train.jsonl"), tokenizer)
    plain = encode_plain(Path(options.plain), tokenizer) if options.plain else []
    answer: dict[str, list[list[Soft]]] = {"gold": [], "plain": []}
    for size in SIZES:
        answer["gold"].append(read(gold, size))
        print("gold", size, sum(len(soft.cues) for soft in answer["gold"][-1]), "cues", flush=True)
    if plain:
        answer["plain"].append(read(plain, SIZES[0]))
        print("plain", sum(len(soft.cues) for soft in answer["plain"][-1]), "cues", flush=True)
    torch.save(answer, options.out)


if __name__ == "__main__":
    main()
