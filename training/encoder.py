"""MiniLM as Purport's encoder of sentences, for `trace/`: ONNX, one text at a time, int8. Not trained here: exported.

The base is all-MiniLM-L6-v2 (Apache-2.0; Wang et al. 2020, arXiv:2002.10957; Reimers and Gurevych 2019,
arXiv:1908.10084): the mean of its last layer's vectors, normed. Its vocabulary is the reader's, whose tokenizer serves
both.

python training/encoder.py --base DIR --out src/purport/trace/model
"""

import argparse
import copy
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import Tensor, nn
from transformers import AutoModel

from export import CLOSE, Layers, rounded

LONGEST = 256  # tokens that the encoder was trained on


class Sentence(nn.Module):
    """ids [1, tokens] -> vector [1, 384] of length 1."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = Layers(copy.deepcopy(encoder), LONGEST)

    def forward(self, ids: Tensor) -> Tensor:
        hidden = self.encoder(self.encoder.words(ids[0]))
        return nn.functional.normalize(hidden.mean(0, keepdim=True), dim=1)


@torch.no_grad()
def compare(encoder: nn.Module, path: Path) -> None:
    """End with an error where the graph doesn't say what the network says."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    for size in (3, 40, LONGEST):
        ids = torch.randint(1000, 20_000, (1, size))
        meant = nn.functional.normalize(encoder(input_ids=ids).last_hidden_state.mean(1), dim=1)
        far = float(np.abs(session.run(["vector"], {"ids": ids.numpy()})[0] - meant.numpy()).max())
        if not far < CLOSE:
            sys.exit(f"encoder: the graph's vector of {size} tokens is {far:.1e} off the network's")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    whole = out / "encoder-f32.onnx"
    encoder = AutoModel.from_pretrained(options.base, add_pooling_layer=False, attn_implementation="eager").eval()
    torch.onnx.export(
        Sentence(encoder),
        (torch.ones((1, 16), dtype=torch.long),),
        str(whole),
        input_names=["ids"],
        output_names=["vector"],
        dynamic_axes={"ids": {1: "tokens"}},
        opset_version=20,
        dynamo=False,
    )
    compare(encoder, whole)
    rounded(whole, out / "encoder.onnx")
    print(f"{(out / 'encoder.onnx').stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
