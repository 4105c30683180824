"""Fit how sure the reader says it is to how often it is right, and choose what it keeps, on PolNeAR dev.

    python training/calibrate.py --model src/purport/read/model --data DIR [--eval DIR]

An attribution is right when the scorer pairs it with an annotated one (content Jaccard at least 0.5, sources that
meet). What is kept is chosen by how likely its content alone is right; how sure a claim is, is fitted to what is kept.
Prints the weights of both for `read/attribution.py`, the expected calibration error (`bench/calibration.py`) and, for
each threshold, the scores: as fitted, and with weights fitted on the other half of the documents.
"""

import argparse
import json
from pathlib import Path
from types import ModuleType

import numpy as np
from scipy.optimize import minimize

from calibration import error, right
from evaluate import scorer
from purport.edges.onnx import OnnxModel
from purport.read import attribution, tagger


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

    everything = [item for items in found for item in items]
    document = np.repeat(np.arange(len(found)), [len(items) for items in found])
    beliefs = np.clip([item["beliefs"] for item in everything], attribution.NEVER, 1 - attribution.NEVER)
    sides = np.column_stack([np.ones(len(beliefs)), np.log(beliefs / (1 - beliefs))])
    placed = np.column_stack([sides, [item["under"] for item in everything]])

    both, content = (right(records, found, judge, name) for name in ("content_source", "content"))
    kept = fit(placed, content)
    worth, other_worth = sigmoid(placed @ kept), crossed(placed, content, document)
    shown = worth >= attribution.KEEP
    sides = np.column_stack([sides[:, :3], sides[:, 1:].min(1)])[shown]  # of cue and content, and of the weakest part
    both = both[shown]
    print("BASE, OF_CUE, OF_CONTENT, OF_WEAKEST =", ", ".join(f"{w:.3f}" for w in fit(sides, both)))
    print("KEPT =", ", ".join(f"{w:.3f}" for w in kept))
    print(f"as the wheel has it: {report(sigmoid(sides @ now()), both)}")
    print(f"fitted on the other half: {report(crossed(sides, both, document[shown]), both)}")
    for keep in np.arange(0.3, 0.56, 0.02):
        parts = [scores(judge, records, found, p >= keep) for p in (worth, other_worth)]
        print(f"kept from {keep:.2f}:", parts[0], "| on the other half:", parts[1])


def scores(judge: ModuleType, records: list[dict], found: list[list[dict]], kept: np.ndarray) -> str:
    """Content+source and content F1, then exact span F1 of each role, of what is kept."""
    flags = iter(kept)
    chosen = [[item for item in items if next(flags)] for items in found]
    result = judge.evaluate(records, predictions(records, chosen))
    parts = [result["attribution"][name]["f1"] for name in ("content_source", "content")]
    parts += [result["span"][role]["f1"] for role in ("source", "cue", "content")]
    return " ".join(f"{part:.4f}" for part in parts)


def crossed(x: np.ndarray, y: np.ndarray, document: np.ndarray) -> np.ndarray:
    """How likely each is, by weights fitted on the half of the documents that it is not of."""
    p = np.empty(len(y))
    for half in (0, 1):
        here = document % 2 == half
        p[here] = sigmoid(x[here] @ fit(x[~here], y[~here]))
    return p


def now() -> np.ndarray:
    return np.array([attribution.BASE, attribution.OF_CUE, attribution.OF_CONTENT, attribution.OF_WEAKEST])


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def fit(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    def loss(w: np.ndarray) -> float:
        z = x @ w
        return float(np.logaddexp(0, z).sum() - (y * z).sum() + 0.01 * (w[1:] ** 2).sum())

    return minimize(loss, np.zeros(x.shape[1])).x


def report(sure: np.ndarray, hit: np.ndarray) -> str:
    return f"expected calibration error {error(sure, hit):.4f} over {len(sure)} attributions"


def read(records: list[dict], model: OnnxModel) -> list[list[dict]]:
    """Each text's attributions, also those that are not kept, with what tells how likely they are."""
    found: list[list[dict]] = [[] for _ in records]
    for job in tagger.jobs([record["text"] for record in records], model):
        relations = attribution.decode(*tagger.network(model, job), keep_from=0.0)
        for relation in relations:
            for one in tagger.locate(job, relation, records[job.text]["text"]):
                item = {"source": one.source, "cue": one.cue, "content": one.content, "beliefs": relation.beliefs}
                found[job.text].append({**item, "under": attribution.under(relation, relations)})
    return found


def predictions(records: list[dict], found: list[list[dict]]) -> list[dict]:
    return [{"id": record["id"], "attributions": items} for record, items in zip(records, found, strict=True)]


if __name__ == "__main__":
    main()
