"""Are reports grouped into the stories they belong to? ECB+ dev, documents into subtopics. Prints Markdown.

    scripts/bench stories [--data DIR] [--kept FILE] [--split train]
    scripts/bench stories --many 100000        what one more report costs, on invented ones

The 197 documents arrive one by one, in three random orders, without dates or outlets; stories are as they stand when
the last one has come. The measure is B³ (Bagga and Baldwin 1998): for each document, which share of its story is of
its subtopic, and which share of its subtopic is in its story, both averaged, and F1 of the two. `--kept` is a file in
which vectors stay for the next run.
"""

import argparse
import json
import os
import random
import re
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from purport.core.ports import Encoder
from purport.core.records import Report
from purport.core.times import Moment
from purport.edges.onnx import OnnxEncoder
from purport.edges.vectors import KeptEncoder
from purport.trace.stories import Stories

SEEDS = 3
_TIGHT = re.compile(r" ([.,;:!?%)\]]|'s\b|n't\b)")


@dataclass(frozen=True)
class Document:
    report: Report
    story: str
    topic: str


@dataclass(frozen=True)
class B3:
    precision: float
    recall: float
    stories: int

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def documents(path: Path) -> list[Document]:
    return [_document(json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def _document(row: dict[str, list[str]]) -> Document:
    lines: dict[int, list[str]] = {}
    for token, sentence in zip(row["tokens"], row["sentence"], strict=True):
        if not token.startswith("http"):  # the address would give the day away, and the outlet
            lines.setdefault(int(sentence), []).append(token)
    text = "\n".join(_TIGHT.sub(r"\1", " ".join(tokens)) for tokens in lines.values())
    name = str(row["id"])
    return Document(Report(f"report-{name}", f"capture-{name}", text, ""), str(row["subtopic"]), str(row["topic"]))


def shuffled(found: Sequence[Document], seed: int, encoder: Encoder) -> B3:
    """The documents in a random order, one by one."""
    order = list(found)
    random.Random(seed).shuffle(order)
    stories = Stories(encoder)
    for one in order:
        stories.add(one.report)
    gold = {one.report.id: one.story for one in order}
    return b3([story.reports for story in stories.stories()], gold)


def b3(groups: Sequence[Sequence[str]], gold: dict[str, str]) -> B3:
    sizes: dict[str, int] = {}
    for name in gold.values():
        sizes[name] = sizes.get(name, 0) + 1
    precision = recall = 0.0
    for group in groups:
        for one in group:
            both = sum(gold[other] == gold[one] for other in group)
            precision += both / len(group)
            recall += both / sizes[gold[one]]
    return B3(precision / len(gold), recall / len(gold), len(groups))


def measure(path: Path, kept: Path) -> list[B3]:
    encoder = KeptEncoder(OnnxEncoder(), kept)
    found = documents(path)
    return [shuffled(found, seed, encoder) for seed in range(SEEDS)]


SENTENCES = [  # of a usual length
    "A fire at the grain store of Quillmarsh killed twelve people on Friday night, the harbour master Oda Brell said.",
    "The grain store burned down before firefighters from the neighbouring town of Sennet arrived at the scene.",
    "Brell blamed a lorry that caught fire while it was unloaded, and said that the driver was being questioned.",
    "The interior ministry said that it would send three investigators, who are expected to report within a month.",
    "Residents told the Sennet Courier that the store had failed two inspections since the spring of last year.",
    "The company that runs the store did not answer calls on Saturday, and its office in Marnet remained closed.",
]
PLACES = [
    a + b
    for a in ("Quill", "Sen", "Var", "Tol", "Brack", "Oster", "Mar", "Hel")
    for b in ("marsh", "net", "nia", "by", "ford")
]


def invented(count: int, seed: int = 7) -> Iterator[Report]:
    """Reports with words of a Zipf-like spread, five a story on average, over a year."""
    draw = np.random.default_rng(seed)
    vocabulary = [
        f"{a}{b}{c}" for a in "bcdfghklmnprstvw" for b in "aeiou" for c in ("ran", "tol", "mis", "dek", "lun", "sor")
    ]
    vocabulary = [one + two for one in vocabulary for two in ("", "ka", "ne", "sti", "vor", "ul", "ham", "pe")]
    spread = 1 / np.arange(1, len(vocabulary) + 1) ** 0.9
    spread /= spread.sum()
    themes: list[tuple[list[str], datetime]] = []
    start = datetime(2031, 1, 1, tzinfo=UTC)
    for number in range(count):
        if not themes or draw.random() < 0.2:
            own = [str(one) for one in draw.choice(vocabulary, 25)] + [f"{draw.choice(PLACES)}{draw.integers(400)}"]
            themes.append((own, start + timedelta(days=365 * number / count)))
        own, when = themes[max(0, len(themes) - 1 - int(draw.exponential(40)))]
        words = [str(one) for one in draw.choice(vocabulary, 160, p=spread)] + [
            str(one) for one in draw.choice(own, 60)
        ]
        draw.shuffle(words)
        text = ". ".join(" ".join(words[n : n + 20]).capitalize() for n in range(0, len(words), 20)) + "."
        day = when + timedelta(hours=float(draw.exponential(30)))
        yield Report(f"report-{number}", f"capture-{number}", text, "", published=(Moment(day, day),))


class Drawn:
    """An encoder that costs nothing: like texts get like vectors, by their words. What encoding costs is told apart."""

    version = "drawn"

    def __init__(self) -> None:
        self._vectors: dict[str, np.ndarray] = {}

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        found = np.zeros((len(texts), 384), np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                if word not in self._vectors:
                    self._vectors[word] = np.random.default_rng(len(self._vectors)).normal(size=384).astype(np.float32)
                found[row] += self._vectors[word]
        return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)


def many(count: int) -> None:
    """What one more report costs, at 1 k, 10 k, 100 k."""
    real = OnnxEncoder()
    stories, took = Stories(Drawn()), []
    print("| reports | median ms | 99th of 100 ms | memory MB | stories |\n|---|---|---|---|---|")
    for number, report in enumerate(invented(count), 1):
        start = time.perf_counter()
        stories.add(report)
        took.append(1000 * (time.perf_counter() - start))
        if number in (1_000, 10_000, 100_000) or number == count:
            last = np.array(took[-500:])
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
            shown = len(stories.stories())
            print(
                f"| {number:,} | {np.median(last):.1f} | {np.quantile(last, 0.99):.1f} | {memory:.0f} | {shown:,} |",
                flush=True,
            )
    real.encode(SENTENCES[:1])  # loads it
    start = time.perf_counter()
    for number in range(30):
        real.encode([f"{sentence} No. {number}." for sentence in SENTENCES])
    print(f"\nEncoding a report's first six sentences adds {1000 * (time.perf_counter() - start) / 30:.0f} ms.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("PURPORT_DATA", "data")))
    parser.add_argument("--kept", type=Path, default=Path(tempfile.gettempdir()) / "purport-bench.vectors")
    parser.add_argument("--split", choices=("train", "dev"), default="dev")
    parser.add_argument("--many", type=int, default=0, metavar="COUNT")
    options = parser.parse_args()
    if options.many:
        many(options.many)
        return
    found = measure(options.data / "events" / f"ecbplus_{options.split}.jsonl", options.kept)
    print(f"| ECB+ {options.split}, B³ | precision | recall | F1 | stories |\n|---|---|---|---|---|")
    for seed, row in enumerate(found):
        print(f"| order {seed} | {row.precision:.3f} | {row.recall:.3f} | {row.f1:.3f} | {row.stories} |")
    print(f"| mean | | | **{np.mean([row.f1 for row in found]):.3f}** | |")


if __name__ == "__main__":
    main()
