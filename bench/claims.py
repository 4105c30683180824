"""Posts to the claims that they repeat: CheckThat! 2022 task 2A. Prints Markdown.

    scripts/bench claims [--data DIR] [--kept FILE] [--weights]
    scripts/bench claims --pairs     # which claims are merged, on the invented pairs of tests/golden/same_claims.toml

`$PURPORT_DATA/claims` holds 14,231 claims that fact-checkers looked into, and posts in three splits. Each post is put
to `purport.trace.likeness`, the same scorer that finds which claims of a story may say one thing. The measure is
MAP@5: where the claim that a post repeats stands first, 1; second, 1/2; … fifth, 1/5; below, 0. `--weights` shows how
the two weights in likeness.py were chosen: on train and dev. `--kept` is a file in which vectors stay for the next
run.
"""

import argparse
import csv
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from purport.app.tracing import about
from purport.edges.onnx import OnnxEncoder
from purport.edges.vectors import KeptEncoder
from purport.trace import likeness
from purport.trace.likeness import Entry, Floats, Likeness
from purport.trace.same_claim import same_claims

SPLITS = {
    "train": ("CT2022-Task2A-EN-Train-Dev_Queries.tsv", "CT2022-Task2A-EN-Train_QRELs.tsv"),
    "dev": ("CT2022-Task2A-EN-Train-Dev_Queries.tsv", "CT2022-Task2A-EN-Dev_QRELs.tsv"),
    "dev-test": ("CT2022-Task2A-EN-Dev-Test_Queries.tsv", "CT2022-Task2A-EN-Dev-Test_QRELs.tsv"),
}
DEPTH = 5

_LINK = re.compile(r"pic\.twitter\.com/\S+|https?://\S+")
_SIGNATURE = re.compile(r"—\s*[^—]*\(@\w+\)\s*\w+ \d+, \d{4}\s*$")
_TAG = re.compile(r"[#@](\w+)")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|_")


def plain(post: str) -> str:
    """The words of a post: no links, no signature, "#ShutTheCanal" as three words."""
    post = _SIGNATURE.sub(" ", _LINK.sub(" ", post))
    return " ".join(_TAG.sub(lambda tag: _HUMP.sub(" ", tag[1]), post).split())


def posts(folder: Path, split: str) -> dict[str, tuple[str, set[str]]]:
    """Each post of a split with the ids of the claims that it repeats."""
    queries, answers = (folder / name for name in SPLITS[split])
    with queries.open(encoding="utf-8") as file:
        texts = {row[0]: plain(row[1]) for row in csv.reader(file, delimiter="\t") if len(row) > 1}
    wanted: dict[str, set[str]] = {}
    for line in answers.read_text("utf-8").splitlines():
        if len(parts := line.split()) == 4:
            wanted.setdefault(parts[0], set()).add(parts[2])
    return {id: (texts[id], claims) for id, claims in wanted.items()}


def average_precision(ranked: list[str], wanted: set[str]) -> float:
    hits, total = 0, 0.0
    for place, id in enumerate(ranked, 1):
        if id in wanted:
            hits += 1
            total += hits / place
    return total / min(len(wanted), DEPTH)


class Bench:
    """The claims, booked, and the posts with their vectors."""

    def __init__(self, folder: Path, kept: Path) -> None:
        lines = (folder / "checkthat2022_2a_verified_claims.jsonl").read_text("utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        self.ids = [row["vclaim_id"] for row in rows]
        encoder = KeptEncoder(OnnxEncoder(), kept)
        entries = [Entry(row["vclaim"], row["title"], row.get("subtitle") or "") for row in rows]
        self.said, self.about = (
            encoder.encode([entry.said for entry in entries]),
            encoder.encode([entry.about for entry in entries]),
        )
        self.likeness = Likeness()
        self.likeness.add(entries, self.said, self.about)
        self.posts = {split: posts(folder, split) for split in SPLITS}
        texts = sorted({text for split in self.posts.values() for text, _ in split.values()})
        self.vectors: Mapping[str, Floats] = dict(zip(texts, encoder.encode(texts), strict=True))

    def map(self, split: str, scores: Callable[[str], Floats]) -> float:
        found = []
        for text, wanted in self.posts[split].values():
            best = np.argsort(-scores(text), kind="stable")[:DEPTH]
            found.append(average_precision([self.ids[n] for n in best], wanted))
        return float(np.mean(found))

    def fused(self, text: str) -> Floats:
        return self.likeness.scores(text, self.vectors[text])


def measure(folder: Path, kept: Path) -> dict[str, dict[str, float]]:
    """MAP@5 by way and split."""
    bench = Bench(folder, kept)
    said, about = bench.said, bench.about
    ways: dict[str, Callable[[str], Floats]] = {
        "words alone (BM25)": bench.likeness.words_alone,
        "meaning alone (encoder)": lambda text: said @ bench.vectors[text],
        "purport: words and meaning": lambda text: likeness.fused(
            bench.likeness.words_alone(text), said @ bench.vectors[text], about @ bench.vectors[text]
        ),
    }
    return {name: {split: bench.map(split, way) for split in SPLITS} for name, way in ways.items()}


def weights(folder: Path, kept: Path) -> None:
    """MAP@5 on train and dev over the weights of meaning."""
    bench = Bench(folder, kept)
    words = {
        text: bench.likeness.words_alone(text) for split in ("train", "dev") for text, _ in bench.posts[split].values()
    }
    print("| meaning | about | train | dev |\n|---|---|---|---|")
    for likeness.MEANING in (3.0, 4.0, 5.0, 6.0):
        for likeness.ABOUT in (0.0, 0.6, 1.2):
            row = [
                bench.map(
                    split,
                    lambda text: likeness.fused(
                        words[text], bench.said @ bench.vectors[text], bench.about @ bench.vectors[text]
                    ),
                )
                for split in ("train", "dev")
            ]
            print(f"| {likeness.MEANING} | {likeness.ABOUT} | " + " | ".join(f"{one:.4f}" for one in row) + " |")


def pairs() -> None:
    """Precision and recall of merges on invented pairs, and what keeps the near misses apart."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "unit"))
    from claim_pairs import PAIRS, known

    encoder = OnnxEncoder()
    print(
        "| invented pairs | pairs | of one claim | merged | right | precision | recall |\n|---|---|---|---|---|---|---|"
    )
    for half in ("choose", "report"):
        chosen = [pair for pair in PAIRS if pair["set"] == half]
        merged = [pair for pair in chosen if same_claims(known(pair), encoder, about)]
        same, right = sum(pair["same"] for pair in chosen), sum(pair["same"] for pair in merged)
        row = (len(chosen), same, len(merged), right, f"{right / len(merged):.2f}", f"{right / same:.2f}")
        print(f"| {half} | " + " | ".join(map(str, row)) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("PURPORT_DATA", "data")))
    parser.add_argument("--kept", type=Path, default=Path(tempfile.gettempdir()) / "purport-bench.vectors")
    parser.add_argument("--weights", action="store_true")
    parser.add_argument("--pairs", action="store_true")
    options = parser.parse_args()
    if options.pairs:
        pairs()
        return
    if options.weights:
        weights(options.data / "claims", options.kept)
        return
    start = time.perf_counter()
    found = measure(options.data / "claims", options.kept)
    print("| CheckThat! 2022 2A, MAP@5 | " + " | ".join(SPLITS) + " |\n|---|" + "---|" * len(SPLITS))
    for name, row in found.items():
        print(f"| {name} | " + " | ".join(f"{row[split]:.4f}" for split in SPLITS) + " |")
    print(f"\n{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
