"""Score a reader on PolNeAR dev with the neutral scorer, by the very path that reads in the wheel.

python training/evaluate.py --model src/purport/read/model --data DIR [--eval DIR]
"""

import argparse
import importlib.util
import json
import os
from pathlib import Path
from types import ModuleType

import numpy as np
from tokenizers import Tokenizer

from purport.core.ports import Model
from purport.edges.onnx import OUTPUTS, OnnxModel
from purport.read.tagger import tag


class TorchModel:
    """A network in training as the port that the tagger asks."""

    threads = 1
    version = "in training"

    def __init__(self, reader, tokenizer: Tokenizer) -> None:
        self._reader = reader
        self.tokenizer = tokenizer

    def scores(self, ids: np.ndarray, shapes: np.ndarray) -> tuple[np.ndarray, ...]:
        import torch

        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            out = self._reader.eval()(torch.as_tensor(ids[None]), torch.as_tensor(shapes[None]))
        return tuple(out[name][0].float().numpy() for name in OUTPUTS)


def scorer(folder: str = "") -> ModuleType:
    path = Path(folder or os.environ.get("PURPORT_EVAL", "../shared/eval"), "attribution_eval.py")
    spec = importlib.util.spec_from_file_location("attribution_eval", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def score(model: Model, dev: Path, folder: str = "", named: bool = False) -> str:
    """One line: content+source and content F1 of attributions, then exact span F1 of each role."""
    records = [json.loads(line) for line in dev.open(encoding="utf-8")]
    found = tag([record["text"] for record in records], model, named)
    answers = [
        {
            "id": record["id"],
            "attributions": [{"source": a.source, "cue": a.cue, "content": a.content} for a in attributions],
        }
        for record, attributions in zip(records, found, strict=True)
    ]
    result = scorer(folder).evaluate(records, answers)
    both, content = result["attribution"]["content_source"], result["attribution"]["content"]
    spans = " ".join(f"{role} {result['span'][role]['f1']:.4f}" for role in ("source", "cue", "content"))
    return (
        f"content+source {both['f1']:.4f} (p {both['p']:.3f} r {both['r']:.3f}) "
        f"content {content['f1']:.4f}; exact spans {spans}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="folder with reader.onnx and tokenizer.json")
    parser.add_argument("--data", required=True, help="folder with polnear_dev.jsonl")
    parser.add_argument("--eval", default="", help="folder of the scorer (default: PURPORT_EVAL or ../shared/eval)")
    options = parser.parse_args()
    print(score(OnnxModel(Path(options.model)), Path(options.data, "polnear_dev.jsonl"), options.eval))


if __name__ == "__main__":
    main()
