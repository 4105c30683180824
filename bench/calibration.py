"""How often a claim is right at each confidence, and the expected calibration error. Prints Markdown.

    scripts/bench calibration        over PolNeAR dev, with PURPORT_DATA and PURPORT_EVAL

A claim is right when the scorer pairs it with an annotated attribution (content Jaccard at least 0.5, sources that
meet). The error is the mean gap between confidence and share right over ten bins of equal width, weighted by what falls
into them (Guo et al. 2017, arXiv:1706.04599). Claims inside claims, which nobody annotated, are left out.
"""

import argparse
from collections.abc import Sequence
from typing import Any

import numpy as np

from attribution import load_scorer, with_material
from peers.purport_reader import report
from purport.wiring import open_reader

BINS = 10


def main() -> None:
    arguments = with_material(argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0]))
    scorer = load_scorer(arguments.eval / "attribution_eval.py")
    gold = scorer.read_jsonl(arguments.data / "attribution" / "polnear_dev.jsonl")
    sure, hit = measure(gold, scorer)
    print("| confidence | claims | confidence on average | right |")
    print("|---|---|---|---|")
    for number in sorted(set(bins(sure))):
        here = bins(sure) == number
        low, high = number / BINS, (number + 1) / BINS
        print(f"| {low:.1f} to {high:.1f} | {here.sum()} | {sure[here].mean():.3f} | {hit[here].mean():.3f} |")
    print(f"\nExpected calibration error {error(sure, hit):.3f} over {len(sure)} claims.")


def measure(gold: Sequence[dict[str, Any]], scorer: Any) -> tuple[np.ndarray, np.ndarray]:
    """The confidence of each outermost claim, and 1 where it is right, else 0."""
    readings = open_reader().read([report(record["text"]) for record in gold])
    claims = [[claim for claim in reading.claims if claim.depth == 0] for reading, _ in readings]
    found = [[{"source": c.source, "cue": c.cue, "content": c.content} for c in some] for some in claims]
    return np.array([claim.confidence for some in claims for claim in some]), right(gold, found, scorer)


def right(
    gold: Sequence[dict[str, Any]], found: Sequence[list[dict[str, Any]]], scorer: Any, by: str = "content_source"
) -> np.ndarray:
    """1 for each found attribution that one of the scorer's matchers pairs with an annotated one, else 0; in order."""
    answer: list[float] = []
    for record, items in zip(gold, found, strict=True):
        table = scorer.char_to_token(record["text"], scorer.token_bounds(record["text"]))
        sets = [scorer.as_sets(side, table) for side in (record["attributions"], items)]
        hit = {own for _, own in scorer.greedy(*sets, scorer.MATCHERS[by])}
        answer += [float(number in hit) for number in range(len(items))]
    return np.array(answer)


def bins(sure: np.ndarray) -> np.ndarray:
    return np.minimum((sure * BINS).astype(int), BINS - 1)


def error(sure: np.ndarray, hit: np.ndarray) -> float:
    where = bins(sure)
    gaps = (abs(sure[where == b].mean() - hit[where == b].mean()) * (where == b).mean() for b in set(where))
    return float(sum(gaps))


if __name__ == "__main__":
    main()
