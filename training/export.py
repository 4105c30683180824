"""A trained checkpoint to the reader's folder in the wheel: ONNX graph, int8, tokenizer.

The graph is the reader's network written for one window at a time, as the reader asks: without a dimension for
the batch, so that ONNX Runtime turns heads in its matrix products and not by moving them in memory, and with what no
text changes (places, token types, rotations, the scale of attention) as tables or in the weights.

python training/export.py --base DIR --tokenizer FILE --checkpoint FILE --out src/purport/read/model
"""

import argparse
import copy
import shutil
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from torch.nn.functional import gelu

from model import ROLES, WIDTH, Reader, turns
from purport.read.windows import SHAPES, WINDOW

OUTPUTS = ("tags", "keys", "queries", "lean")
LONGEST = WINDOW + 2  # tokens of the longest window that is ever asked about, with the two special ones
CLOSE = 1e-3  # how far a score of the graph may be from the network's before the weights are rounded


class Layers(nn.Module):
    """BERT's embeddings and layers for one window at a time, up to `longest` tokens."""

    def __init__(self, encoder: nn.Module, longest: int) -> None:
        super().__init__()
        embeddings = encoder.embeddings
        self.words, self.norm = embeddings.word_embeddings, embeddings.LayerNorm
        place = embeddings.position_embeddings.weight[:longest] + embeddings.token_type_embeddings.weight[0]
        self.place = nn.Parameter(place, requires_grad=False)
        self.layers = encoder.encoder.layer
        self.size = place.shape[1] // encoder.config.num_attention_heads
        for layer in self.layers:
            scale(layer.attention.self.query, self.size**-0.5)

    def forward(self, x: Tensor) -> Tensor:
        """Word vectors [tokens, hidden], not yet placed, to the last layer's."""
        x = self.norm(x + self.place[: x.shape[0]])
        for layer in self.layers:
            x = self.attend(layer, x)
            inner = gelu(layer.intermediate.dense(x))
            x = layer.output.LayerNorm(layer.output.dense(inner) + x)
        return x

    def attend(self, layer: nn.Module, x: Tensor) -> Tensor:
        asks, out = layer.attention.self, layer.attention.output
        wide = asks.query.out_features
        heads = (-1, wide // self.size, self.size)
        query, key, value = (part(x).view(heads) for part in (asks.query, asks.key, asks.value))
        weights = torch.softmax(query.permute(1, 0, 2) @ key.permute(1, 2, 0), -1)
        mixed = (weights @ value.permute(1, 0, 2)).permute(1, 0, 2).reshape(-1, wide)
        return out.LayerNorm(out.dense(mixed) + x)


class Scores(nn.Module):
    """What a `Reader` on BERT says of one window, without what only training needs: [1, tokens] in and out."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        reader = copy.deepcopy(reader)
        self.encoder, self.shape = Layers(reader.encoder, LONGEST), reader.shape
        self.tag, self.lean, self.key, self.query = reader.tag, reader.lean, reader.key, reader.query
        scale(self.key[-1], WIDTH**-0.5)
        cos, sin = (table[:, None, None, :] for table in turns(LONGEST))
        self.register_buffer("cos", cos)
        self.register_buffer("sin", torch.cat([-sin, sin], 2))  # [places, 1, halves, WIDTH / 2]
        self.register_buffer("other", torch.tensor([1, 0]))

    def forward(self, ids: Tensor, shapes: Tensor) -> tuple[Tensor, ...]:
        x = self.encoder(self.encoder.words(ids[0]) + self.shape(shapes[0]))
        return self.tag(x)[None], self.rotate(self.key(x)), self.rotate(self.query(x)), self.lean(x)[None]

    def rotate(self, x: Tensor) -> Tensor:
        """`model.rotate`, by tables."""
        halves, size = x.view(-1, ROLES, 2, WIDTH // 2), x.shape[0]
        turned = halves * self.cos[:size] + halves.index_select(2, self.other) * self.sin[:size]
        return turned.view(1, -1, ROLES, WIDTH)


def scale(linear: nn.Linear, by: float) -> None:
    linear.weight, linear.bias = nn.Parameter(linear.weight * by), nn.Parameter(linear.bias * by)


def graph(reader: Reader, path: Path) -> None:
    ids = torch.ones((1, 16), dtype=torch.long)
    names = ("ids", "shapes")
    torch.onnx.export(
        Scores(reader).eval(),
        (ids, ids),
        str(path),
        input_names=list(names),
        output_names=list(OUTPUTS),
        dynamic_axes={name: {1: "tokens"} for name in (*names, *OUTPUTS)},
        opset_version=20,
        dynamo=False,
    )


@torch.no_grad()
def compare(reader: Reader, path: Path) -> None:
    """End with an error where the graph doesn't say what the network says."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    for size in (3, 40, LONGEST):
        ids, shapes = torch.randint(1000, 20_000, (1, size)), torch.randint(SHAPES, (1, size))
        said = session.run(OUTPUTS, {"ids": ids.numpy(), "shapes": shapes.numpy()})
        meant = reader.eval()(ids, shapes)
        for name, part in zip(OUTPUTS, said, strict=True):
            far = float(np.abs(part - meant[name].numpy()).max())
            if not far < CLOSE:
                sys.exit(f"export: the graph's {name} of {size} tokens are {far:.1e} off the network's")


def rounded(whole: Path, path: Path) -> None:
    """Weights to int8, with a scale for each channel."""
    quantize_dynamic(
        str(whole),
        str(path),
        per_channel=True,
        weight_type=QuantType.QInt8,
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        op_types_to_quantize=["MatMul", "Gather"],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", required=True)
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--checkpoint", default="", help="omit to export untrained weights, for timing only")
    parser.add_argument("--layers", default="", help="with no checkpoint: encoder layers to keep")
    parser.add_argument("--width", type=int, default=0, help="with no checkpoint: inner units to keep")
    parser.add_argument("--heads", type=int, default=0, help="with no checkpoint: heads of attention to keep")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    saved = torch.load(options.checkpoint) if options.checkpoint else {}
    layers = saved.get("layers") or ([int(n) for n in options.layers.split(",")] if options.layers else None)
    reader = Reader(options.base, layers, saved.get("width", options.width), saved.get("heads", options.heads))
    if saved:
        reader.load_state_dict(saved["state"])
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    whole = out / "reader-f32.onnx"
    graph(reader, whole)
    compare(reader, whole)
    rounded(whole, out / "reader.onnx")
    shutil.copy(options.tokenizer, out / "tokenizer.json")
    print(
        f"{(out / 'reader.onnx').stat().st_size / 1e6:.1f} MB",
        sorted({node.op_type for node in onnx.load(out / "reader.onnx").graph.node}),
    )


if __name__ == "__main__":
    main()
