"""Train the reader on PolNeAR, from annotators alone or from annotators and teachers.

    python training/train.py --base DIR --tokenizer FILE --data DIR --out FILE [--seed 1] [--epochs 6]
    python training/train.py … --soft FILE [--layers 0,1,2,3] [--width 1024] [--heads 8]

The first line trains a teacher (with --named) or a plain student; the second a student that also learns what
teachers believed (`label.py`). Prints the dev scores of every epoch; keeps the last epoch's weights.
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
from model import Reader, collate, link, narrow
from prepare import IGNORE, Example, examples, load

LISTEN = 30  # batches by which the inner units to keep are chosen
NOISE = 16  # tokens by which the lengths in one batch may differ: each epoch's batches are others


def batches(items: list[Example] | list[Soft], tokens: int, rng: random.Random) -> list[list]:
    """Windows of like length together, at most `tokens` padded tokens a batch, in random order."""

    def length(item: Example | Soft) -> int:
        return len(item.ids if isinstance(item, Example) else item.example.ids)

    order = sorted(items, key=lambda item: length(item) + rng.random() * NOISE)
    found, batch = [], []
    for item in order:
        if batch and (len(batch) + 1) * (length(item) + NOISE + 2) > tokens:
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
    """Cross-entropy of the student's labels with the teachers' probabilities, a window's mean."""
    size = out["tags"].shape[1]

    def distance(logits: torch.Tensor, aim: torch.Tensor) -> torch.Tensor:
        return -(aim * logits.log_softmax(-1)).sum()

    def padded(parts: list[torch.Tensor]) -> torch.Tensor:
        """Aims [tokens, …] of several windows as [windows, size, …]: nought for the special tokens and the padding."""
        whole = torch.zeros((len(parts), size, *parts[0].shape[1:]))
        for row, part in enumerate(parts):
            whole[row, 1 : len(part) + 1] = part
        return whole

    loss = distance(out["tags"], padded([soft.tags for soft in softs]))
    loss = loss + 0.5 * distance(out["sides"].unflatten(-1, (2, 3)), padded([soft.sides for soft in softs]))
    rows = torch.tensor([row for row, soft in enumerate(softs) for _ in soft.cues])
    if len(rows):
        cues = torch.tensor([cue for soft in softs for cue in soft.cues]) + 1
        loss = loss + distance(link(out, rows, cues), padded([role for soft in softs for role in soft.roles]))
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


def freeze(model: Reader, layers: int) -> None:
    """Leave the embeddings and the lowest encoder layers as they came: no gradient passes through them."""
    frozen = [model.encoder.embeddings, *model.encoder.encoder.layer[:layers]] if layers else []
    for part in frozen:
        part.requires_grad_(False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", required=True, help="folder of the encoder (config.json, model.safetensors)")
    parser.add_argument("--tokenizer", required=True, help="tokenizer.json of the BERT uncased vocabulary")
    parser.add_argument("--data", required=True, help="folder with polnear_train.jsonl and polnear_dev.jsonl")
    parser.add_argument("--out", required=True)
    parser.add_argument("--layers", default="", help="encoder layers to keep, as in 0,2,5 (default: all)")
    parser.add_argument("--width", type=int, default=0, help="inner units to keep in each layer (default: as it is)")
    parser.add_argument("--frozen", type=int, default=0, help="lowest encoder layers that are not trained")
    parser.add_argument("--heads", type=int, default=0, help="heads of attention to keep (default: as it is)")
    parser.add_argument("--start", default="", help="go on from this checkpoint, as narrow unless told otherwise")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--rate", type=float, default=5e-5)
    parser.add_argument("--head-rate", type=float, default=5e-4)
    parser.add_argument("--decay", type=float, default=0.9)
    parser.add_argument("--tokens", type=int, default=3072, help="padded tokens a batch")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--named", action="store_true", help="show the names: for a teacher, never for the reader")
    parser.add_argument("--soft", default="", help="what teachers believed, from label.py")
    parser.add_argument("--weight", type=float, default=2.0, help="of the teachers beside the annotators")
    parser.add_argument(
        "--threads", type=int, default=2, help="cores to take: two runs of one are quicker than one of two"
    )
    parser.add_argument("--every", type=int, default=1, help="evaluate every so many epochs")
    options = parser.parse_args()

    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)
    np.random.seed(options.seed)
    torch.set_num_threads(options.threads)
    tokenizer = Tokenizer.from_file(options.tokenizer)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    data = Path(options.data)
    train, dev = load(data / "polnear_train.jsonl", tokenizer, options.named), data / "polnear_dev.jsonl"
    soft = torch.load(options.soft, weights_only=False) if options.soft else {}

    start = torch.load(options.start) if options.start else {}
    layers = [int(n) for n in options.layers.split(",")] if options.layers else None
    layers, had = start.get("layers", layers), (start.get("width", 0), start.get("heads", 0))
    model = Reader(options.base, layers, *had)
    width, heads = options.width or had[0], options.heads or had[1]
    if start:
        model.load_state_dict(start["state"])
    freeze(model, options.frozen)

    def windows_of(epoch: int) -> list[Example] | list[Soft]:
        if not soft:
            return examples(train, rng)
        return [item for part in soft.values() if part for item in part[epoch % len(part)]]

    if (width, heads) != had:
        heard = batches(windows_of(0), options.tokens, rng)[:LISTEN]
        inner = width or model.encoder.config.intermediate_size
        narrow(model, inner, [collate([item.example if soft else item for item in items]) for items in heard], heads)
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
            reached = score(TorchModel(model, tokenizer), dev, named=options.named)
            print(f"epoch {epoch + 1} {reached} {time.time() - began:.0f} s", flush=True)
        saved = {
            "state": model.state_dict(),
            "layers": layers,
            "width": width,
            "heads": heads,
            "options": vars(options),
        }
        torch.save(saved, options.out)


if __name__ == "__main__":
    main()
