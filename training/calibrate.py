"""Fit how sure the reader says it is to how often it is right, and choose what it keeps, on PolNeAR dev.

    python training/calibrate.py --model src/purport/read/model --data DIR [--eval DIR]

An attribution is right when the scorer pairs it with an annotated one (content Jaccard at least 0.5, sources that
meet). Prints the weights for `read/attribution.py`, the expected calibration error (`bench/calibration.py`) of weights
fitted on the other half of the documents, and the scores for each threshold.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from calibration import error, right
from evaluate import scorer
from purport.edges.onnx import OnnxModel
from purport.read import attribution, tagger

LOOSE = 0.05  # what is looked at is kept from this confidence on


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--data", required=True, help="folder with polnear_dev.jsonl")
    parser.add_argument("--eval", default="", help="folder of the scorer (default: PURPORT_EVAL or ../shared/eval)")
    options = parser.parse_args()
    lines = Path(options.data, "polnear_dev.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    found = read(records, OnnxModel(Path(options.model)))
    judge = scorer(options.eval)

    def features(items: list[dict]) -> np.ndarray:
        p = np.clip([item["beliefs"] for item in items], attribution.NEVER, 1 - attribution.NEVER)
        return np.column_stack([np.ones(len(p)), np.log(p / (1 - p))])

    everything = [item for items in found for item in items]
    x, document = features(everything), np.repeat(np.arange(len(found)), [len(items) for items in found])
    y = right(records, found, judge)
    weights = fit(x, y)
    print("BASE, OF_CUE, OF_CONTENT, OF_SOURCE =", ", ".join(f"{w:.3f}" for w in weights))
    print(f"as the wheel has it: {report(sigmoid(x @ now()), y)}")
    crossed = np.empty(len(y))
    for half in (0, 1):
        crossed[document % 2 == half] = sigmoid(
            x[document % 2 == half] @ fit(x[document % 2 != half], y[document % 2 != half])
        )
    print(f"fitted on the other half: {report(crossed, y)}")
    sure = sigmoid(x @ weights)
    for keep in np.arange(0.2, 0.56, 0.04):
        kept = [[] for _ in found]
        for item, number, p in zip(everything, document, sure, strict=True):
            if p >= keep:
                kept[number].append(item)
        result = judge.evaluate(records, predictions(records, kept))
        parts = [result["attribution"][name]["f1"] for name in ("content_source", "content")]
        parts += [result["span"][role]["f1"] for role in ("source", "cue", "content")]
        print(f"kept from {keep:.2f}:", " ".join(f"{part:.4f}" for part in parts))


def now() -> np.ndarray:
    return np.array([attribution.BASE, attribution.OF_CUE, attribution.OF_CONTENT, attribution.OF_SOURCE])


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def fit(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    def loss(w: np.ndarray) -> float:
        z = x @ w
        return float(np.logaddexp(0, z).sum() - (y * z).sum() + 0.01 * (w[1:] ** 2).sum())

    return minimize(loss, np.array([0.0, 0.5, 0.5, 0.2])).x


def report(sure: np.ndarray, hit: np.ndarray) -> str:
    shown = sure >= attribution.KEEP
    return f"expected calibration error {error(sure[shown], hit[shown]):.4f} over {shown.sum()} attributions"


def read(records: list[dict], model: OnnxModel) -> list[list[dict]]:
    """Each text's attributions, loosely kept, with the beliefs behind them."""
    found: list[list[dict]] = [[] for _ in records]
    for job in tagger.jobs([record["text"] for record in records], model):
        for relation in attribution.decode(*tagger.network(model, job), keep_from=LOOSE):
            for one in tagger.locate(job, relation, records[job.text]["text"]):
                spans = {"source": one.source, "cue": one.cue, "content": one.content}
                found[job.text].append({**spans, "beliefs": relation.beliefs})
    return found


def predictions(records: list[dict], found: list[list[dict]]) -> list[dict]:
    return [{"id": record["id"], "attributions": items} for record, items in zip(records, found, strict=True)]


if __name__ == "__main__":
    main()
