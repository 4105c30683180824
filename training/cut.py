"""A trained reader to a narrower one that says nearly the same, by least squares alone: nothing is trained.

    python training/cut.py --base DIR --tokenizer FILE --checkpoint FILE --data DIR --width 896 --out FILE

Of each layer the inner units go one by one, each time the one whose loss the others can best make up for, and what
stays is fitted anew to what the layer said (optimal brain surgeon: Hassibi and Stork 1992; for whole units Kurtic et
al. 2023, arXiv:2302.04089).
"""

import argparse
import random
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from model import Reader, collate, keep_units
from prepare import examples, load

DOCUMENTS = 150  # that are listened to
SMALL = 1e-3  # of the mean variance: added to each, so that no unit stands for another by chance


def heard(reader: Reader, module: nn.Module, batches: list[dict[str, Tensor]]) -> Tensor:
    """What goes into a module over all tokens of some batches: [tokens, features], in double precision."""
    found: list[Tensor] = []

    def listen(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        found.append(inputs[0][real].double())

    hook = module.register_forward_pre_hook(listen)
    for batch in batches:
        real = batch["mask"] > 0
        reader(batch["ids"], batch["shapes"], batch["mask"])
    hook.remove()
    return torch.cat(found)


def refit(dense: nn.Linear, x: Tensor, keep: int) -> tuple[Tensor, float]:
    """Leave a linear layer `keep` of its inputs, fitted to what it said of x [tokens, in], and nought for the others.

    Returns the numbers of those that stay, and which share of the variance of what it said is lost.
    """
    mean, around = x.mean(0), torch.cov(x.T, correction=0)
    old = dense.weight.double()
    new, inverse = old.clone(), torch.linalg.inv(around + SMALL * around.diag().mean() * torch.eye(len(around)))
    stays = torch.ones(dense.in_features, dtype=torch.bool)
    while int(stays.sum()) > keep:
        cost = (new**2).sum(0) / inverse.diag()
        cost[~stays] = torch.inf
        unit = int(cost.argmin())
        row = inverse[unit] / inverse[unit, unit]
        new -= new[:, unit, None] * row
        inverse = inverse - inverse[:, unit, None] * row
        stays[unit] = False
        new[:, unit] = inverse[unit] = inverse[:, unit] = 0
        inverse[unit, unit] = 1
    dense.weight.copy_(new)
    dense.bias.copy_(dense.bias.double() + (old - new) @ mean)
    lost, said = (float(((part @ around) * part).sum()) for part in (old - new, old))
    return stays.nonzero().flatten(), lost / said


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", required=True, help="folder of the encoder (config.json, model.safetensors)")
    parser.add_argument("--tokenizer", required=True, help="tokenizer.json of the BERT uncased vocabulary")
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--data", required=True, help="folder with polnear_train.jsonl")
    parser.add_argument("--width", type=int, required=True, help="inner units that stay in each layer")
    parser.add_argument("--seed", type=int, default=3, help="by which the documents are drawn that are listened to")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    tokenizer = Tokenizer.from_file(options.tokenizer)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    documents = load(Path(options.data, "polnear_train.jsonl"), tokenizer)
    random.Random(options.seed).shuffle(documents)
    windows = sorted(examples(documents[:DOCUMENTS], random.Random(5)), key=lambda window: len(window.ids))
    batches = [collate(windows[i : i + 16]) for i in range(0, len(windows), 16)]
    saved = torch.load(options.checkpoint)
    reader = Reader(options.base, saved["layers"], saved["width"], saved["heads"]).eval()
    reader.load_state_dict(saved["state"])
    for number, layer in enumerate(reader.encoder.encoder.layer):
        units, lost = refit(layer.output.dense, heard(reader, layer.output.dense, batches), options.width)
        keep_units(layer, units)
        print(f"layer {number}: {len(units)} inner units, {100 * lost:.2f} % of what it said is lost", flush=True)
    torch.save({**saved, "state": reader.state_dict(), "width": options.width, "options": vars(options)}, options.out)


if __name__ == "__main__":
    main()
