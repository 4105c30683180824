"""A trained checkpoint to the reader's folder in the wheel: fused ONNX graph, int8, tokenizer.

python training/export.py --base DIR --tokenizer FILE --checkpoint FILE --out src/purport/read/model
"""

import argparse
import shutil
import tempfile
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions
from torch import Tensor, nn

from model import Reader

OUTPUTS = ("tags", "keys", "queries", "lean")


class Scores(nn.Module):
    """The reader without what only training needs."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, ids: Tensor, shapes: Tensor) -> tuple[Tensor, ...]:
        out = self.reader(ids, shapes)
        return tuple(out[name] for name in OUTPUTS)


def graph(reader: Reader, path: Path) -> None:
    ids = torch.ones((1, 16), dtype=torch.long)
    axes = {0: "batch", 1: "tokens"}
    names = ("ids", "shapes")
    torch.onnx.export(
        Scores(reader).eval(),
        (ids, ids),
        str(path),
        input_names=list(names),
        output_names=list(OUTPUTS),
        dynamic_axes=dict.fromkeys((*names, *OUTPUTS), axes),
        opset_version=17,
        dynamo=False,
    )


def fuse(path: Path, out: Path, heads: int, hidden: int) -> None:
    options = FusionOptions("bert")
    options.enable_embed_layer_norm = False
    # ONNX Runtime 1.32 takes eight times as long for the fused form as for Add and LayerNormalization
    options.enable_skip_layer_norm = False
    model = optimizer.optimize_model(
        str(path), "bert", num_heads=heads, hidden_size=hidden, optimization_options=options
    )
    model.save_model_to_file(str(out))
    print("fused:", {k: v for k, v in model.get_fused_operator_statistics().items() if v})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", required=True)
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--checkpoint", default="", help="omit to export untrained weights, for timing only")
    parser.add_argument("--layers", default="", help="with no checkpoint: encoder layers to keep")
    parser.add_argument("--width", type=int, default=0, help="with no checkpoint: inner units to keep")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    saved = torch.load(options.checkpoint) if options.checkpoint else {}
    layers = saved.get("layers") or ([int(n) for n in options.layers.split(",")] if options.layers else None)
    reader = Reader(options.base, layers, saved.get("width", options.width))
    if saved:
        reader.load_state_dict(saved["state"])
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    config = reader.encoder.config
    with tempfile.TemporaryDirectory() as folder:
        raw, fused = Path(folder, "raw.onnx"), Path(folder, "fused.onnx")
        graph(reader, raw)
        fuse(raw, fused, config.num_attention_heads, config.hidden_size)
        shutil.copy(fused, out / "reader-f32.onnx")
        quantize_dynamic(
            str(fused),
            str(out / "reader.onnx"),
            per_channel=True,
            weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
            op_types_to_quantize=["MatMul", "Gather", "Attention", "EmbedLayerNormalization"],
        )
    shutil.copy(options.tokenizer, out / "tokenizer.json")
    print(
        f"{(out / 'reader.onnx').stat().st_size / 1e6:.1f} MB",
        sorted({node.op_type for node in onnx.load(out / "reader.onnx").graph.node}),
    )


if __name__ == "__main__":
    main()
