"""Fit how likely two reports are of one story, on ECB+ train; count the common words of news, on PolNeAR train.

    python training/grouping.py --data DIR --words > src/purport/trace/common_words.toml
    python training/grouping.py --data DIR --kept FILE > src/purport/trace/stories.toml

The pairs are all pairs of the 575 documents, scored over the likenesses of `trace/sketches.py`; pairs within one
topic (two events of one kind) count five times, since those are what is hard. Prints the table, and to stderr how the
threshold of the groups was chosen: B³ F1 on train, reports arriving one by one in three orders. Dev is not looked at
(`bench/stories.py`).
"""

import argparse
import json
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

from purport.core.ports import Encoder
from purport.edges.onnx import OnnxEncoder
from purport.edges.vectors import KeptEncoder
from purport.trace import stories as room
from purport.trace.likeness import stem
from purport.trace.sketches import LIKENESSES, Vocabulary, likenesses, sketch
from purport.trace.stories import LOCAL, NEAREST
from stories import Document, documents, shuffled  # bench/stories.py

RIDGE, HARD = 1.0, 5.0
ALONE = 0.1  # the quantile of what documents are used to that stands for a report without kin
COMMON = 9  # articles that hold a stem, so that it is called common

_SMALL = re.compile(r"(?<![^\W_])[a-zà-öø-ÿ]+(?![^\W_])")


def count_words(folder: Path) -> None:
    held, reports = Counter[str](), 0
    for line in (folder / "attribution" / "polnear_train.jsonl").read_text("utf-8").splitlines():
        reports += 1
        # names have capitals: none of them is common, or those of some parties would tell less than those of others
        held.update({stem(word) for word in _SMALL.findall(json.loads(line)["text"])})
    print("# In how many of so many news articles (PolNeAR train) each common stem stands; `least` is added to each.")
    print("# Printed by training/grouping.py --words.")
    print(f"reports = {reports}\nleast = 0.5\n\n[stems]")
    for word, times in sorted(held.items(), key=lambda one: (-one[1], one[0])):
        if times >= COMMON and not word.isdigit():
            print(f"{word} = {times}" if word.isascii() else f'"{word}" = {times}')


def features(like: np.ndarray, used: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    local, mine, theirs = like[:, LOCAL], used[rows], used[columns]
    return np.hstack([like, local - np.maximum(mine, theirs), local - np.minimum(mine, theirs)])


def fit(x: np.ndarray, y: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, float]:
    """Logistic regression with a ridge, by Newton's steps; features are brought to one spread first."""
    spread = x.std(0)
    z = np.hstack([x / spread, np.ones((len(x), 1))])
    ridge = np.full(z.shape[1], RIDGE)
    ridge[-1] = 0
    w = np.zeros(z.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(z @ w, -30, 30)))
        slope = z.T @ (counts * (p - y)) + ridge * w
        curve = (z * (counts * p * (1 - p))[:, None]).T @ z + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        w -= step
        if np.abs(step).max() < 1e-6:
            break
    return w[:-1] / spread, float(w[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--kept", type=Path, default=Path(tempfile.gettempdir()) / "purport-bench.vectors")
    parser.add_argument("--words", action="store_true")
    options = parser.parse_args()
    if options.words:
        count_words(options.data)
        return
    encoder = KeptEncoder(OnnxEncoder(), options.kept)
    found = documents(options.data / "events" / "ecbplus_train.jsonl")
    table = fitted(found, encoder)
    print(table.replace("LEAST", f"{chosen(table, found, encoder)}"), end="")


def fitted(found: list[Document], encoder: Encoder) -> str:
    vocabulary = Vocabulary()
    sketches = [sketch(one.report.id, one.report.text, "", float("nan"), "en", vocabulary, encoder) for one in found]
    for one in sketches:
        vocabulary.seen(one)
    like = np.stack([likenesses(one, sketches, vocabulary) for one in sketches])
    local = like[:, :, LOCAL].copy()
    local[np.arange(len(found)), np.arange(len(found))] = -1
    used = np.sort(local, axis=1)[:, -NEAREST:].mean(1)
    rows, columns = np.triu_indices(len(found), 1)
    y = np.array([found[a].story == found[b].story for a, b in zip(rows, columns, strict=True)], float)
    hard = np.array([found[a].topic == found[b].topic for a, b in zip(rows, columns, strict=True)])
    w, base = fit(features(like[rows, columns], used, rows, columns), y, np.where(hard, HARD, 1.0))
    names, near = list(LIKENESSES), [LIKENESSES[n] for n in LOCAL]
    n, m = len(names), len(near)
    lines = [
        "# How likely two reports are of one story: the weight of each likeness (sketches.py), by itself, and by how",
        "# much it exceeds what the two are used to (stories.py). Fitted on ECB+ train by training/grouping.py.",
        f"base = {base:.3f}",
        "least = LEAST",
    ]
    for title, keys, values in (
        ("plain", names, w[:n]),
        ("above_more", near, w[n : n + m]),
        ("above_less", near, w[n + m :]),
        ("usual", near, np.quantile(used, ALONE, axis=0)),
    ):
        lines += ["", f"[{title}]", *(f'"{key}" = {value:.3f}' for key, value in zip(keys, values, strict=True))]
    return "\n".join(lines) + "\n"


def chosen(table: str, found: list[Document], encoder: Encoder) -> float:
    """The threshold with the best mean B³ F1 on train."""
    import tomllib

    read = tomllib.loads(table.replace("LEAST", "0.0"))
    near = [LIKENESSES[n] for n in LOCAL]
    best = (0.0, 0.0)
    for least in (0.0, 0.25, 0.5, 0.75, 1.0, 1.5):
        made = room.Weights(
            read["base"],
            np.array([read["plain"][name] for name in LIKENESSES]),
            np.array([read["above_more"][name] for name in near]),
            np.array([read["above_less"][name] for name in near]),
            np.array([read["usual"][name] for name in near], np.float32),
            least,
        )
        room.weights = lambda made=made: made
        scores = [shuffled(found, seed, encoder).f1 for seed in range(3)]
        print(f"least {least}: B³ F1 on train {np.mean(scores):.3f}", file=sys.stderr, flush=True)
        best = max(best, (float(np.mean(scores)), least))
    return best[1]


if __name__ == "__main__":
    main()
