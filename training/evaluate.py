"""Score a reader on PolNeAR dev with the neutral scorer."""

import importlib.util
import json
import os
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from purport.read.attribution import decode
from purport.read.windows import encode, windows


def scorer():
    path = Path(os.environ.get("PURPORT_EVAL", "../shared/eval")) / "attribution_eval.py"
    spec = importlib.util.spec_from_file_location("attribution_eval", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def predictions(model, tokenizer: Tokenizer, records: list[dict], **settings) -> list[dict]:
    from train import collate
    from prepare import Document, example

    model.eval()
    kind = model.encoder.config.model_type
    answers = []
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for record in records:
            encoded = encode(record["text"], tokenizer)
            cut = windows(encoded)
            doc = Document(encoded, [])
            batch = collate([example(doc, w) for w in cut], kind)
            out = {k: v.float().numpy() for k, v in model(batch["ids"], batch["shapes"], batch["mask"]).items()}
            found = []
            for row, window in enumerate(cut):
                n = window.stop - window.start
                parts = [out[k][row, 1 : n + 1] for k in ("tags", "keys", "queries", "lean")]
                for relation in decode(*parts, **settings):
                    if not window.keep <= relation.cue[0] + window.start < window.until:
                        continue
                    def chars(pieces):
                        return [[int(encoded.starts[window.start + a]), int(encoded.ends[window.start + b - 1])] for a, b in pieces]
                    found.append({"source": chars(relation.source), "cue": chars([relation.cue]),
                                  "content": chars(relation.content), "confidence": relation.confidence})
            answers.append({"id": record["id"], "attributions": found})
    return answers


def summary(result: dict) -> str:
    a, s = result["attribution"], result["span"]
    return (f"c+s {a['content_source']['f1']:.4f} (p {a['content_source']['p']:.3f} r {a['content_source']['r']:.3f}) "
            f"content {a['content']['f1']:.4f} span source {s['source']['f1']:.4f} cue {s['cue']['f1']:.4f} content {s['content']['f1']:.4f}")


def score(model, tokenizer: Tokenizer, dev: Path, **settings) -> str:
    records = [json.loads(line) for line in dev.open(encoding="utf-8")]
    return summary(scorer().evaluate(records, predictions(model, tokenizer, records, **settings)))
