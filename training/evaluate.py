"""Score a reader on PolNeAR dev with the neutral scorer."""

import importlib.util
import json
import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from model import Reader, collate
from prepare import Document, example
from purport.read.attribution import decode
from purport.read.windows import Encoded, Window, encode, windows

OUTPUTS = ("tags", "keys", "queries", "lean")


def scorer():
    path = Path(os.environ.get("PURPORT_EVAL", "../shared/eval")) / "attribution_eval.py"
    spec = importlib.util.spec_from_file_location("attribution_eval", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def predictions(model: Reader, tokenizer: Tokenizer, records: list[dict], **settings: float) -> list[dict]:
    """The reader's attributions of each record in the scorer's form."""
    model.eval()
    answers = []
    for record in records:
        encoded = encode(record["text"], tokenizer)
        found: list[dict] = []
        for window, scores in forward(model, encoded):
            for relation in decode(*scores, **settings):
                if window.keep <= relation.cue[0] + window.start < window.until:
                    found.append(
                        {
                            "source": characters(encoded, window, relation.source),
                            "cue": characters(encoded, window, [relation.cue]),
                            "content": characters(encoded, window, relation.content),
                            "confidence": relation.confidence,
                        }
                    )
        answers.append({"id": record["id"], "attributions": found})
    return answers


@torch.no_grad()
def forward(model: Reader, encoded: Encoded) -> list[tuple[Window, list[np.ndarray]]]:
    """Each window of a document with its scores, special tokens left out."""
    cut = windows(encoded)
    batch = collate([example(Document(encoded, []), window) for window in cut], model.encoder.config.model_type)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = model(batch["ids"], batch["shapes"], batch["mask"])
    return [
        (w, [out[name][row, 1 : w.stop - w.start + 1].float().numpy() for name in OUTPUTS]) for row, w in enumerate(cut)
    ]


def characters(encoded: Encoded, window: Window, pieces: Iterable[tuple[int, int]]) -> list[list[int]]:
    at = window.start
    return [[int(encoded.starts[at + a]), int(encoded.ends[at + b - 1])] for a, b in pieces]


def summary(result: dict) -> str:
    a, s = result["attribution"], result["span"]
    both = a["content_source"]
    spans = " ".join(f"{role} {s[role]['f1']:.4f}" for role in ("source", "cue", "content"))
    return (
        f"content+source {both['f1']:.4f} (p {both['p']:.3f} r {both['r']:.3f}) "
        f"content {a['content']['f1']:.4f}; spans {spans}"
    )


def score(model: Reader, tokenizer: Tokenizer, dev: Path, **settings: float) -> str:
    records = [json.loads(line) for line in dev.open(encoding="utf-8")]
    return summary(scorer().evaluate(records, predictions(model, tokenizer, records, **settings)))
