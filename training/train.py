"""Train the reader on PolNeAR, from annotators alone or from annotators and teachers.

    python training/train.py --base DIR --tokenizer FILE --data DIR --out FILE [--seed 1] [--epochs 6]
    python training/train.py … --soft FILE [--layers 0,2,3,5]

The first line trains a teacher or a plain student; the second a student that also learns what teachers
believed (`label.py`). Prints the dev scores of every epoch; keeps the last epoch's weights.
"""

import argparse
import random
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from evaluate import TorchModel, score
from label import Soft
from model import Reader, collate, link
from prepare import IGNORE, Example, examples, load


def batches(items: list[Example] | list[Soft], tokens: int, rng: random.Random) -> list[list]:
    """Windows of like length together, at most `tokens` padded tokens a batch, in random order."""

    def length(item: Example | Soft) -> int:
        return len(item.ids if isinstance(item, Example) else item.example.ids)

    order = sorted(items, key=lambda item: length(item) + rng.random() * 40)
    found, batch = [], []
    for item in order:
        if batch and (len(batch) + 1) * (length(item) + 42) > tokens:
            found.append(batch)
            batch = []
        batch.append(item)
    found.append(batch)
    rng.shuffle(found)
    return found


def false_cues(tags: torch.Tensor, gold: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Single tokens that the tagger half believes to be cues and the annotators did not mark."""
    belief = 1 - tags.detach().softmax(-1)[..., 0]
    wrong = (belief > 0.15) & (gold == 0) & (mask > 0)
    near = torch.zeros_like(wrong)
    near[:, 1:] |= wrong[:, :-1]
    rows, place = (wrong & ~near).nonzero(as_tuple=True)
    return rows, torch.stack([place, place + 1], dim=1)


def losses(out: dict[str, torch.Tensor], batch: dict[str, torch.Tensor]) -> torch.Tensor:
    """Cross-entropy with the annotators' labels, summed over tokens, cues and roles, a window's mean."""

    def distance(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        return F.cross_entropy(logits.flatten(0, -2), labels.flatten(), ignore_index=IGNORE, reduction="sum")

    loss = distance(out["tags"], batch["tags"])
    loss = loss + 0.5 * distance(out["sides"].unflatten(-1, (2, 3)).permute(0, 2, 1, 3), batch["sides"])
    rows, cues, roles = batch["rows"], batch["cues"], batch["roles"]
    more_rows, more_cues = false_cues(out["tags"], batch["tags"], batch["mask"])
    if len(more_rows):
        empty = torch.where(batch["tags"][more_rows] == IGNORE, IGNORE, 0)
        rows, cues, roles = torch.cat([rows, more_rows]), torch.cat([cues, more_cues]), torch.cat([roles, empty])
    if len(rows):
        loss = loss + distance(link(out, rows, cues), roles)
    return loss / len(batch["ids"])


def soft_losses(out: dict[str, torch.Tensor], softs: list[Soft]) -> torch.Tensor:
    """Cross-entropy of the student's labels with the teachers' probabilities."""

    def distance(logits: torch.Tensor, aim: torch.Tensor) -> torch.Tensor:
        return -(aim.float() * logits.log_softmax(-1)).sum()

    loss = torch.zeros(())
    for row, soft in enumerate(softs):
        n = len(soft.example.ids)
        loss = loss + distance(out["tags"][row, 1 : n + 1], soft.tags)
        loss = loss + 0.5 * distance(out["sides"][row, 1 : n + 1].unflatten(-1, (2, 3)), soft.sides)
        if soft.cues:
            rows, cues = torch.full((len(soft.cues),), row), torch.tensor(soft.cues) + 1
            loss = loss + distance(link(out, rows, cues)[:, 1 : n + 1], soft.roles)
    return loss / len(softs)


def optimiser(model: Reader, rate: float, head_rate: float, decay: float) -> torch.optim.Optimizer:
    """AdamW; heads learn faster than the encoder, lower layers slower by `decay` a layer."""
    layers = len(model.encoder.encoder.layer)
    groups = []
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        if name.startswith("encoder."):
            depth = layers - int(name.split(".layer.")[1].split(".")[0]) if ".layer." in name else layers + 1
            speed = rate * decay ** (depth - 1)
        else:
            speed = head_rate
        groups.append({"params": [parameter], "lr": speed, "weight_decay": 0.01 if parameter.ndim > 1 else 0.0})
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-6, fused=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", required=True, help="folder of the encoder (config.json, model.safetensors)")
    parser.add_argument("--tokenizer", required=True, help="tokenizer.json of the BERT uncased vocabulary")
    parser.add_argument("--data", required=True, help="folder with polnear_train.jsonl and polnear_dev.jsonl")
    parser.add_argument("--out", required=True)
    parser.add_argument("--layers", default="", help="encoder layers to keep, as in 0,2,5 (default: all)")
    parser.add_argument("--start", default="", help="start from this checkpoint instead of the bare encoder")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--rate", type=float, default=5e-5)
    parser.add_argument("--head-rate", type=float, default=5e-4)
    parser.add_argument("--decay", type=float, default=0.9)
    parser.add_argument("--tokens", type=int, default=3072, help="padded tokens a batch")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--soft", default="", help="what teachers believed, from label.py")
    parser.add_argument("--weight", type=float, default=2.0, help="of the teachers beside the annotators")
    parser.add_argument("--every", type=int, default=1, help="evaluate every so many epochs")
    options = parser.parse_args()

    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)
    np.random.seed(options.seed)
    torch.set_num_threads(2)
    tokenizer = Tokenizer.from_file(options.tokenizer)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    data = Path(options.data)
    train, dev = load(data / "polnear_train.jsonl", tokenizer), data / "polnear_dev.jsonl"
    soft = torch.load(options.soft, weights_only=False) if options.soft else {}

    layers = [int(n) for n in options.layers.split(",")] if options.layers else None
    model = Reader(options.base, layers)
    if options.start:
        model.load_state_dict(torch.load(options.start)["state"])

    def windows_of(epoch: int) -> list[Example] | list[Soft]:
        if not soft:
            return examples(train, rng)
        return soft["gold"][epoch % len(soft["gold"])] + [item for items in soft["plain"] for item in items]

    steps = sum(len(batches(windows_of(epoch), options.tokens, rng)) for epoch in range(options.epochs))
    adam = optimiser(model, options.rate, options.head_rate, options.decay)
    plan = torch.optim.lr_scheduler.LambdaLR(
        adam, lambda step: min(1.0, (step + 1) / (0.08 * steps)) * max(0.02, 1 - step / (steps * 1.02))
    )
    print(f"{sum(p.numel() for p in model.parameters()) / 1e6:.1f} M parameters, {steps} steps", flush=True)

    began, step = time.time(), 0
    for epoch in range(options.epochs):
        model.train()
        total = 0.0
        for items in batches(windows_of(epoch), options.tokens, rng):
            batch = collate([item.example if soft else item for item in items])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                out = model(batch["ids"], batch["shapes"], batch["mask"])
            loss = losses(out, batch)
            if soft:
                loss = loss + options.weight * soft_losses(out, items)
            adam.zero_grad(set_to_none=True)
            loss.backward()
            norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 25.0)
            adam.step()
            plan.step()
            step += 1
            total += float(loss.detach())
            if step % 100 == 0:
                print(
                    f"  step {step}/{steps} loss {float(loss.detach()):.2f} norm {float(norm):.1f} "
                    f"{(time.time() - began) / step:.2f} s/step",
                    flush=True,
                )
        if (epoch + 1) % options.every == 0 or epoch + 1 == options.epochs:
            print(
                f"epoch {epoch + 1} {score(TorchModel(model, tokenizer), dev)} {time.time() - began:.0f} s", flush=True
            )
        torch.save({"state": model.state_dict(), "layers": layers, "options": vars(options)}, options.out)


if __name__ == "__main__":
    main()
