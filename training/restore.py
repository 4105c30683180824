"""The network in the wheel back to a checkpoint, for a run that goes on from it or is taught by it.

    python training/restore.py --base DIR --model src/purport/read/model --out FILE

What is exported is rounded, so the checkpoint says what the wheel's graph says but for the rounding of activations; the
part that only training needs ("sides") begins anew.
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from model import WIDTH, Reader


def weights(graph: onnx.GraphProto) -> dict[str, Tensor]:
    """The graph's weights by the names that `export.py` gave them, each rounded weight as what it stands for."""
    stored = {part.name: numpy_helper.to_array(part) for part in graph.initializer}
    found = {}
    for name, part in stored.items():
        if name.endswith("_quantized"):
            plain = name.removesuffix("_quantized")
            rounded = part.astype(np.float32) - stored[f"{plain}_zero_point"].astype(np.float32)
            whole = rounded * stored[f"{plain}_scale"]
            found[plain.removesuffix("_Transposed")] = torch.tensor(whole.T if plain.endswith("_Transposed") else whole)
        elif not name.endswith(("_scale", "_zero_point")):
            found[name] = torch.tensor(part)
    return found


def restored(base: str, found: dict[str, Tensor]) -> tuple[Reader, dict[str, object]]:
    """The reader that says what the graph said, and its form as checkpoints tell it."""
    layers = sorted({int(name.split(".")[2]) for name in found if name.startswith("encoder.layers.")})
    one = "encoder.layers.0.attention.self.query.bias"
    form = {"layers": layers, "width": len(found["encoder.layers.0.intermediate.dense.bias"]), "heads": 0}
    reader = Reader(base, layers, form["width"])
    size = reader.encoder.config.hidden_size // reader.encoder.config.num_attention_heads
    if len(found[one]) != reader.encoder.config.hidden_size:
        form["heads"] = len(found[one]) // size
        reader = Reader(base, layers, form["width"], form["heads"])

    state = reader.state_dict()
    given = {
        "encoder.embeddings.word_embeddings.weight": found["encoder.words.weight"],
        "encoder.embeddings.LayerNorm.weight": found["encoder.norm.weight"],
        "encoder.embeddings.LayerNorm.bias": found["encoder.norm.bias"],
    }
    place = state["encoder.embeddings.position_embeddings.weight"].clone()
    place[: len(found["encoder.place"])] = (
        found["encoder.place"] - state["encoder.embeddings.token_type_embeddings.weight"][0]
    )
    given["encoder.embeddings.position_embeddings.weight"] = place
    for name in state:
        graphs = name.replace("encoder.encoder.layer.", "encoder.layers.")
        if name not in given and graphs in found:
            given[name] = found[graphs]
    for name in given:  # what export.py multiplied in
        if ".attention.self.query." in name:
            given[name] = given[name] * size**0.5
        elif name.startswith("key.2."):
            given[name] = given[name] * WIDTH**0.5
    elsewhere = {"sides.weight", "sides.bias", "encoder.embeddings.token_type_embeddings.weight"}
    if missing := set(state) - set(given) - elsewhere:
        raise SystemExit(f"restore: the graph lacks {sorted(missing)}")
    reader.load_state_dict(state | given)
    return reader, form


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", required=True, help="folder of the encoder (config.json, model.safetensors)")
    parser.add_argument("--model", required=True, help="folder with reader.onnx")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    reader, form = restored(options.base, weights(onnx.load(Path(options.model, "reader.onnx")).graph))
    torch.save({"state": reader.state_dict(), **form, "options": vars(options)}, options.out)
    print(f"{options.out}: layers {form['layers']}, {form['width']} inner units, {form['heads'] or 'all'} heads")


if __name__ == "__main__":
    main()
