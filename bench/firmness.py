"""How well negation, modality and attitude are read: Pearson r and sign accuracy on UDS-IH2 ("It Happened").

    python bench/firmness.py --data DIR            # the development set, beside a bare cue-word baseline
    python bench/firmness.py --data DIR --fit      # weigh the signs anew on the training set, rewrite the table

DIR holds `uds_ih2_{train,dev}.jsonl`: a text in tokens set apart by spaces, events as token numbers, labels from
-3 (did not happen) to +3 (did). The test set is not looked at here. Sign accuracy leaves out labels of 0.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from purport.core.spans import Span
from purport.read import factuality, firmness
from purport.read.lexicon import lexicon
from purport.read.lexicon.words import split

TABLE = Path(factuality.__file__).parent / "lexicon" / "factuality.toml"
RARE = 20  # a sign seen less often than this in training gets no weight
RIDGE = 4.0  # pulls weights towards nought; chosen on dev
NEGATIONS = {"not", "n't", "never", "no", "nobody", "nothing", "none", "cannot", "without", "neither", "nor"}
HEADING = """# What each sign around a verb adds to the score of its event, from -3 (did not happen) to +3 (happened).
# Fitted by `python bench/firmness.py --data DIR --fit` on the training set of UDS-IH2 (CC BY-SA 4.0); the signs are
# explained in factuality.py.
"""


def events(path: Path) -> Iterator[tuple[str, Span, float]]:
    """Text, the event's half-open code-point span, its label."""
    for line in path.read_text("utf-8").splitlines():
        item = json.loads(line)
        tokens = item["text"].split(" ")
        starts = np.cumsum([0, *(len(token) + 1 for token in tokens)])
        for target in item["targets"]:
            first, last = target["span1"]
            yield item["text"], (int(starts[first]), int(starts[last]) - 1), float(target["label"])


def cue_words(text: str, event: Span) -> float:
    """The baseline: happened, unless the sentence has a word of negation."""
    return -3.0 if NEGATIONS & set(text.lower().split()) else 3.0


def near_cue_words(text: str, event: Span) -> float:
    """A stronger one: happened, unless a word of negation stands among the four before the verb."""
    return -3.0 if NEGATIONS & set(text[: event[0]].lower().split()[-4:]) else 3.0


def claim_labels(text: str, event: Span) -> float:
    """The polarity and certainty a claim would get, had it this sentence as its content: ±3, ±2, ±1 or 0."""
    words, lex = split(text, ((0, len(text)),)), lexicon()
    sure = firmness.certainty(words, lex, False, text.rstrip().endswith("?")).value
    sign = -1 if firmness.polarity(words, lex).value == "-" else 1
    return float(sign * firmness.RANK[sure])


def quality(score: Callable[[str, Span], float], rows: list[tuple[str, Span, float]]) -> tuple[float, float, float]:
    """Pearson r (nan for a constant score), sign accuracy where the label isn't 0, mean absolute error."""
    found = np.array([score(text, event) for text, event, _ in rows])
    gold = np.array([label for *_, label in rows])
    r = float(np.corrcoef(found, gold)[0, 1]) if found.std() else float("nan")
    told = gold != 0
    right = float(np.mean(np.sign(found[told]) == np.sign(gold[told])))
    return r, right, float(np.mean(np.abs(found - gold)))


def measure(name: str, score: Callable[[str, Span], float], rows: list[tuple[str, Span, float]]) -> None:
    start = time.perf_counter()
    r, right, off = quality(score, rows)
    took = time.perf_counter() - start
    print(f"{name:<38}{r:>10.3f}{right:>15.3f}{off:>12.3f}{1e6 * took / len(rows):>12.0f}")


def fit(rows: list[tuple[str, Span, float]]) -> dict[str, float]:
    """Weights of the signs by ridge regression."""
    signs = [factuality.signs(text, event) for text, event, _ in rows]
    seen = Counter(sign for found in signs for sign in found)
    names = sorted(sign for sign, times in seen.items() if times >= RARE)
    column = {sign: n for n, sign in enumerate(names)}
    matrix = np.zeros((len(rows), len(names)))
    for n, found in enumerate(signs):
        matrix[n, [column[sign] for sign in found if sign in column]] = 1
    gold = np.array([label for *_, label in rows])
    weights = np.linalg.solve(matrix.T @ matrix + RIDGE * np.eye(len(names)), matrix.T @ gold)
    return {sign: round(float(weight), 2) for sign, weight in zip(names, weights, strict=True)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--fit", action="store_true")
    options = parser.parse_args()
    if options.fit:
        weights = fit(list(events(options.data / "uds_ih2_train.jsonl")))
        TABLE.write_text(HEADING + "".join(f'"{sign}" = {weight}\n' for sign, weight in weights.items()), "utf-8")
        lexicon.cache_clear()
        print(f"{len(weights)} weights written to {TABLE.name}")
    rows = list(events(options.data / "uds_ih2_dev.jsonl"))
    print(f"UDS-IH2 dev, {len(rows)} events, lexicon {lexicon().version}")
    print(f"{'':<38}{'Pearson r':>10}{'sign accuracy':>15}{'mean error':>12}{'µs/event':>12}")
    measure("always happened", lambda text, event: 3.0, rows)
    measure("a negation word in the sentence", cue_words, rows)
    measure("a negation word before the verb", near_cue_words, rows)
    measure("purport, labels of a whole content", claim_labels, rows)
    measure("purport, signs of each event", factuality.factuality, rows)


if __name__ == "__main__":
    main()
