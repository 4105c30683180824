"""The pairs of reports whose copying a person labelled: their texts, how they were drawn, how they are split.

The texts lie outside the project (PURPORT_DATA: `events/` is ECB+, `stance/` FNC-1, `copies/` pairs with many shared
runs of five words). The labels, ids and the labeller's own words alone, are `tests/eval/copies_labels.toml`.
"""

import csv
import json
import random
import sys
import tomllib
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

Pair: TypeAlias = tuple[str, str]

LABELS = Path(__file__).parents[1] / "tests" / "eval" / "copies_labels.toml"
SEED = 6
BINS = (0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 1.01)  # share of the shorter text's runs of five words that the other has
A_BIN = {"ecbplus": 8, "fnc": 12}  # pairs drawn from each of the six bins
NEAR, FAR = 11, 4  # from each corpus: pairs two steps apart among the candidates, and pairs of any two texts
AGAIN = 50  # labelled a second time
DEV = 50  # of the 150: what thresholds may be chosen on
OFTEN = 2  # a text stands in so many pairs at most


def texts(data: Path) -> dict[str, str]:
    """All ECB+ documents and FNC-1 bodies by their ids (`21_12ecb.xml`, `train:877`)."""
    found: dict[str, str] = {}
    for name in ("ecbplus_train", "ecbplus_dev"):
        for line in (data / "events" / f"{name}.jsonl").read_text("utf-8").splitlines():
            document = json.loads(line)
            found[document["id"]] = _joined(document["tokens"], document["sentence"])
    csv.field_size_limit(sys.maxsize)
    for part, name in (("train", "fnc1_train_bodies"), ("test", "fnc1_competition_test_bodies")):
        with (data / "stance" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                found[f"{part}:{row['Body ID']}"] = row["articleBody"]
    return found


def _joined(tokens: list[str], sentence: list[int]) -> str:
    """ECB+ has tokens: a sentence a line, none broken within a quotation, without the address that some begin with."""
    lines: dict[int, list[str]] = defaultdict(list)
    for token, number in zip(tokens, sentence, strict=True):
        lines[number].append({"``": "“", "''": "”"}.get(token, token))
    text = ""
    for number, words in sorted(lines.items()):
        if number or not words[0].startswith("http"):
            within = text.count("“") > text.count("”") or text.rpartition("\n")[2].count('"') % 2
            text += (" " if within else "\n") * bool(text) + " ".join(words)
    return text


def drawn(data: Path) -> list[Pair]:
    """The 150 pairs, in the order in which they were labelled."""
    chance = random.Random(SEED)
    used: Counter[str] = Counter()
    pairs: list[Pair] = []
    known = texts(data)
    for corpus in ("ecbplus", "fnc"):
        candidates = json.loads((data / "copies" / f"{corpus}_candidates.json").read_text("utf-8"))
        for low, high in pairwise(BINS):
            fitting = [(one["a"], one["b"]) for one in candidates if low <= one["containment"] < high]
            pairs += _take(chance, fitting, A_BIN[corpus], used)
        taken = {frozenset((one["a"], one["b"])) for one in candidates}
        pairs += _take(chance, _two_steps_apart(taken), NEAR, used)
        ids = sorted(id for id in known if id.endswith(".xml") == (corpus == "ecbplus"))
        far = [(a, b) for a, b in (chance.sample(ids, 2) for _ in range(50)) if frozenset((a, b)) not in taken]
        pairs += _take(chance, far, FAR, used)
    chance.shuffle(pairs)
    return pairs


def _take(chance: random.Random, fitting: list[Pair], wanted: int, used: Counter[str]) -> list[Pair]:
    taken: list[Pair] = []
    for a, b in chance.sample(fitting, len(fitting)):
        if len(taken) < wanted and used[a] < OFTEN and used[b] < OFTEN:
            taken.append((a, b))
            used.update((a, b))
    return taken


def _two_steps_apart(taken: set[frozenset[str]]) -> list[Pair]:
    """Pairs that share a neighbour among the candidates but are none: mostly the same event in other words."""
    beside: dict[str, set[str]] = defaultdict(set)
    for pair in taken:
        a, b = sorted(pair)
        beside[a].add(b)
        beside[b].add(a)
    found = {(a, b) for near in beside.values() for a in near for b in near if a < b}
    return sorted(pair for pair in found if frozenset(pair) not in taken)


def labelled() -> dict[Pair, str]:
    """The label of each pair: copy | rewritten | own words | unrelated."""
    return {(one["a"], one["b"]): one["label"] for one in tomllib.loads(LABELS.read_text("utf-8"))["pairs"]}


def split(pairs: list[Pair]) -> tuple[list[Pair], list[Pair]]:
    """The pairs that thresholds may be chosen on, and those that are measured on."""
    mixed = random.Random(SEED + 1).sample(sorted(pairs), len(pairs))
    return mixed[:DEV], mixed[DEV:]


def again(pairs: list[Pair]) -> list[Pair]:
    """The pairs labelled a second time, in another order."""
    return random.Random(SEED + 2).sample(sorted(pairs), AGAIN)
