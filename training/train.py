"""Train the reader on PolNeAR, with or without a teacher.

    python training/train.py --base DIR --tokenizer FILE --data DIR --out FILE [--seed 1] [--epochs 6]
    python training/train.py --base DIR --tokenizer FILE --data DIR --out FILE --teacher FILE --teacher-base DIR --unlabelled FILE

The first line trains a teacher or a plain student; the second distils a teacher into a student over the
same windows and over unlabelled news text. Prints the dev scores of every epoch; keeps the last epoch.
"""

import argparse
import math
import random
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from evaluate import score
from model import Reader, link
from prepare import IGNORE, Example, encode_plain, examples, load
from tokenizers import Tokenizer

PAD, CLS, SEP = 0, 101, 102  # of the BERT vocabulary; MPNet's is the same moved by its own specials


def collate(items: list[Example], base_kind: str) -> dict[str, torch.Tensor]:
    size = max(len(item.ids) for item in items) + 2
    shift, (pad, cls, sep) = (4, (1, 0, 2)) if base_kind == "mpnet" else (0, (PAD, CLS, SEP))
    ids = torch.full((len(items), size), pad)
    shapes = torch.zeros((len(items), size), dtype=torch.long)
    mask = torch.zeros((len(items), size))
    tags = torch.full((len(items), size), IGNORE)
    sides = torch.full((len(items), 2, size), IGNORE)
    rows, cues, roles = [], [], []
    for row, item in enumerate(items):
        n = len(item.ids)
        ids[row, 0], ids[row, n + 1] = cls, sep
        ids[row, 1 : n + 1] = torch.as_tensor(item.ids) + shift
        shapes[row, 1 : n + 1] = torch.as_tensor(item.shapes)
        mask[row, : n + 2] = 1
        tags[row, 1 : n + 1] = torch.as_tensor(item.tags)
        sides[row, :, 1 : n + 1] = torch.as_tensor(item.sides)
        for cue, role in zip(item.cues, item.roles, strict=True):
            rows.append(row)
            cues.append((cue[0] + 1, cue[1] + 1))
            labels = torch.full((size,), IGNORE)
            labels[1 : n + 1] = torch.as_tensor(role)
            roles.append(labels)
    return {
        "ids": ids, "shapes": shapes, "mask": mask, "tags": tags, "sides": sides,
        "rows": torch.tensor(rows, dtype=torch.long),
        "cues": torch.tensor(cues, dtype=torch.long).reshape(-1, 2),
        "roles": torch.stack(roles) if roles else torch.zeros((0, size), dtype=torch.long),
    }


def batches(items: list[Example], tokens: int, rng: random.Random) -> list[list[Example]]:
    """Windows of like length together, at most `tokens` padded tokens a batch, in random order."""
    order = sorted(items, key=lambda item: len(item.ids) + rng.random() * 40)
    found, batch = [], []
    for item in order:
        if batch and (len(batch) + 1) * (len(item.ids) + 42) > tokens:
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
    loss = F.cross_entropy(out["tags"].flatten(0, 1), batch["tags"].flatten(), ignore_index=IGNORE, reduction="sum")
    side = out["sides"].unflatten(-1, (2, 3)).permute(0, 2, 1, 3)
    loss = loss + 0.5 * F.cross_entropy(side.flatten(0, 2), batch["sides"].flatten(), ignore_index=IGNORE, reduction="sum")
    rows, cues, roles = batch["rows"], batch["cues"], batch["roles"]
    more_rows, more_cues = false_cues(out["tags"], batch["tags"], batch["mask"])
    if len(more_rows):
        empty = torch.where(batch["tags"][more_rows] == IGNORE, IGNORE, 0)
        rows, cues, roles = torch.cat([rows, more_rows]), torch.cat([cues, more_cues]), torch.cat([roles, empty])
    if len(rows):
        logits = link(out, rows, cues)
        loss = loss + F.cross_entropy(logits.flatten(0, 1), roles.flatten(), ignore_index=IGNORE, reduction="sum")
    return loss / len(batch["ids"])


def soft_losses(out: dict, teacher: dict, batch: dict, rows: torch.Tensor, cues: torch.Tensor) -> torch.Tensor:
    """Kullback-Leibler divergence of the student's labels from the teacher's (Hinton et al. 2015)."""
    def divergence(student: torch.Tensor, aim: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        kl = F.kl_div(student.log_softmax(-1), aim.log_softmax(-1), log_target=True, reduction="none").sum(-1)
        return (kl * mask).sum()

    mask = batch["mask"]
    loss = divergence(out["tags"], teacher["tags"], mask)
    side = [x["sides"].unflatten(-1, (2, 3)) for x in (out, teacher)]
    loss = loss + 0.5 * divergence(side[0], side[1], mask[:, :, None])
    if len(rows):
        loss = loss + divergence(link(out, rows, cues), link(teacher, rows, cues), mask[rows])
    return loss / len(batch["ids"])


def believed(tags: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Cues the teacher believes in: runs of tokens at better than one in five."""
    rows, cues = [], []
    belief = ((1 - tags.softmax(-1)[..., 0]) > 0.2) & (mask > 0)
    starts = tags.argmax(-1) == 1
    for row, (line, begin) in enumerate(zip(belief.tolist(), starts.tolist(), strict=True)):
        i = 0
        while i < len(line):
            if line[i]:
                j = i + 1
                while j < len(line) and line[j] and not begin[j]:
                    j += 1
                rows.append(row)
                cues.append((i, j))
                i = j
            else:
                i += 1
    return torch.tensor(rows, dtype=torch.long), torch.tensor(cues, dtype=torch.long).reshape(-1, 2)


def optimiser(model: Reader, rate: float, head_rate: float, decay: float) -> torch.optim.Optimizer:
    """AdamW; heads learn faster than the encoder, lower layers slower by `decay` a layer."""
    layers = len(model.encoder.encoder.layer)
    groups = []
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        if name.startswith("encoder."):
            depth = layers - int(name.split(".layer.")[1].split(".")[0]) if ".layer." in name else layers + 1
            speed = rate * decay**(depth - 1)
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
    parser.add_argument("--teacher", action="append", default=[], help="checkpoint; give more for an ensemble")
    parser.add_argument("--teacher-base", default="")
    parser.add_argument("--unlabelled", default="", help="JSONL of {text}; read by the teacher only")
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
    plain = encode_plain(Path(options.unlabelled), tokenizer) if options.unlabelled else []

    layers = [int(n) for n in options.layers.split(",")] if options.layers else None
    model = Reader(options.base, layers)
    if options.start:
        model.load_state_dict(torch.load(options.start)["state"])
    kind = model.encoder.config.model_type
    teachers = []
    for path in options.teacher:
        teacher = Reader(options.teacher_base)
        teacher.load_state_dict(torch.load(path)["state"])
        teachers.append(teacher.eval())

    steps = options.epochs * len(batches(examples(train + plain, rng), options.tokens, rng))
    adam = optimiser(model, options.rate, options.head_rate, options.decay)
    plan = torch.optim.lr_scheduler.LambdaLR(
        adam, lambda step: min(1.0, (step + 1) / (0.08 * steps)) * max(0.02, 1 - step / (steps * 1.02)))
    print(f"{sum(p.numel() for p in model.parameters()) / 1e6:.1f} M parameters, {steps} steps", flush=True)

    began, step = time.time(), 0
    for epoch in range(options.epochs):
        model.train()
        total = 0.0
        for items in batches(examples(train + plain, rng), options.tokens, rng):
            batch = collate(items, kind)
            labelled = torch.tensor([item.gold for item in items])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                out = model(batch["ids"], batch["shapes"], batch["mask"])
            loss = losses(out, batch) if bool(labelled.all()) or not teachers else 0.0
            for teacher in teachers:
                with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
                    view = collate(items, teacher.encoder.config.model_type)
                    aim = teacher(view["ids"], view["shapes"], view["mask"])
                rows, cues = believed(aim["tags"], batch["mask"])
                loss = loss + 2.0 * soft_losses(out, aim, batch, rows, cues) / len(teachers)
            adam.zero_grad(set_to_none=True)
            loss.backward()
            norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 25.0 * math.sqrt(1 + len(teachers)))
            adam.step()
            plan.step()
            step += 1
            total += float(loss.detach())
            if step % 100 == 0:
                print(f"  step {step}/{steps} loss {float(loss.detach()):.2f} norm {float(norm):.1f} "
                      f"{(time.time() - began) / step:.2f} s/step", flush=True)
        if (epoch + 1) % options.every == 0 or epoch + 1 == options.epochs:
            print(f"epoch {epoch + 1} {score(model, tokenizer, dev)} {time.time() - began:.0f} s", flush=True)
    torch.save({"state": model.state_dict(), "base": options.base, "layers": layers, "options": vars(options)}, options.out)


if __name__ == "__main__":
    main()
