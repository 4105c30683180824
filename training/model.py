"""The reader's network: an uncased encoder told about letter shapes, a cue tagger and a linker.

The linker scores every token's role towards every cue by a bilinear form over rotated vectors
(GlobalPointer, Su et al. 2022, arXiv:2208.03054), so that a document needs one pass of the encoder
however many attributions it holds.
"""

import torch
from torch import Tensor, nn
from transformers import AutoModel

from prepare import IGNORE, Example
from purport.read.tagger import CLS, PAD, SEP
from purport.read.windows import SHAPES

UNK = 100

ROLES = 4  # source begins, source goes on, content begins, content goes on; "out" is fixed at 0
WIDTH = 64  # of a linking vector a role


def turns(size: int) -> tuple[Tensor, Tensor]:
    """Cosine and sine of the angles by which each place is turned, [size, WIDTH / 2] each."""
    half = WIDTH // 2
    rate = 10000.0 ** (-torch.arange(half, dtype=torch.float32) / half)
    angle = torch.arange(size, dtype=torch.float32)[:, None] * rate[None, :]
    return angle.cos(), angle.sin()


def rotate(x: Tensor) -> Tensor:
    """Rotary positions (Su et al. 2021) over axis 1 of [batch, tokens, ROLES, WIDTH]."""
    half = x.shape[-1] // 2
    cos, sin = (table.to(x.device)[None, :, None, :] for table in turns(x.shape[1]))
    left, right = x[..., :half], x[..., half:]
    return torch.cat([left * cos - right * sin, right * cos + left * sin], dim=-1)


def to_mpnet(ids: Tensor) -> Tensor:
    """MPNet's vocabulary is BERT's behind four special tokens of its own."""
    moved = ids + 4
    for bert, mpnet in ((PAD, 1), (UNK, 3), (CLS, 0), (SEP, 2)):
        moved = torch.where(ids == bert, mpnet, moved)
    return moved


class Dropout(nn.Module):
    """Dropout at p = 26/256 from eight random bytes a draw: on a CPU the draws cost more than the network."""

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        draws = torch.empty((x.numel() + 7) // 8, dtype=torch.int64).random_(-(2**63), None)
        kept = draws.view(torch.uint8)[: x.numel()].view(x.shape) >= 26
        return x * (kept.to(x.dtype) * (256 / 230))


class Reader(nn.Module):
    """ids, shapes [batch, tokens] -> tags [.., 3], keys [.., 4, 64], queries [.., 4, 64], lean [.., 4]."""

    def __init__(self, base: str, layers: list[int] | None = None, width: int = 0, heads: int = 0) -> None:
        """`layers` of the encoder are kept, and in each one `width` inner units and `heads` of attention (0: all)."""
        super().__init__()
        self.encoder = AutoModel.from_pretrained(
            base, add_pooling_layer=False, attention_probs_dropout_prob=0.0, attn_implementation="eager"
        )
        if layers is not None:
            kept = self.encoder.encoder.layer
            self.encoder.encoder.layer = nn.ModuleList([kept[i] for i in layers])
            self.encoder.config.num_hidden_layers = len(layers)
        for layer in self.encoder.encoder.layer:
            keep_units(layer, torch.arange(width or layer.intermediate.dense.out_features))
            if heads:
                keep_heads(layer, torch.arange(heads))
        self.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
        hidden = self.encoder.config.hidden_size
        self.shape = nn.Embedding(SHAPES, hidden)
        nn.init.zeros_(self.shape.weight)
        self.drop = Dropout()
        self.tag = nn.Linear(hidden, 3)
        self.sides = nn.Linear(hidden, 6)  # auxiliary, training only: source and content of any cue
        self.key = nn.Sequential(nn.Linear(hidden, 256), nn.GELU(), nn.Linear(256, ROLES * WIDTH))
        self.query = nn.Sequential(nn.Linear(hidden, 256), nn.GELU(), nn.Linear(256, ROLES * WIDTH))
        self.lean = nn.Linear(hidden, ROLES)

        for module in self.encoder.modules():
            for name, child in module.named_children():
                if isinstance(child, nn.Dropout) and child.p > 0:
                    setattr(module, name, Dropout())

    def encode(self, ids: Tensor, shapes: Tensor, mask: Tensor | None) -> Tensor:
        if self.encoder.config.model_type == "mpnet":
            ids = to_mpnet(ids)
        words = self.encoder.embeddings.word_embeddings(ids) + self.shape(shapes)
        return self.encoder(inputs_embeds=words, attention_mask=mask).last_hidden_state

    def forward(self, ids: Tensor, shapes: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        hidden = self.drop(self.encode(ids, shapes, mask))
        batch, size = ids.shape
        keys = self.key(hidden).float().view(batch, size, ROLES, WIDTH)
        queries = self.query(hidden).float().view(batch, size, ROLES, WIDTH)
        return {
            "tags": self.tag(hidden).float(),
            "sides": self.sides(hidden).float(),
            "keys": rotate(keys) / WIDTH**0.5,
            "queries": rotate(queries),
            "lean": self.lean(hidden).float(),
        }


def keep_units(layer: nn.Module, units: Tensor) -> None:
    """Cut a layer's feed-forward part down to these inner units."""
    inner, outer = layer.intermediate.dense, layer.output.dense
    inner.weight, inner.bias = nn.Parameter(inner.weight[units].detach()), nn.Parameter(inner.bias[units].detach())
    outer.weight = nn.Parameter(outer.weight[:, units].detach())
    inner.out_features = outer.in_features = len(units)


def keep_heads(layer: nn.Module, heads: Tensor) -> None:
    """Cut a BERT layer's attention down to these heads."""
    asks, out = layer.attention.self, layer.attention.output.dense
    size = asks.attention_head_size
    rows = (heads[:, None] * size + torch.arange(size)).flatten()
    for part in (asks.query, asks.key, asks.value):
        part.weight, part.bias = nn.Parameter(part.weight[rows].detach()), nn.Parameter(part.bias[rows].detach())
        part.out_features = len(rows)
    out.weight = nn.Parameter(out.weight[:, rows].detach())
    out.in_features = len(rows)


@torch.no_grad()
def narrow(reader: Reader, width: int, batches: list[dict[str, Tensor]], heads: int = 0) -> None:
    """Keep in each layer the inner units, and the heads if a number is given, that say most on these batches.

    What one says is its mean activation times its outgoing weight; after Sun et al. 2023 (Wanda,
    arXiv:2306.11695), for whole units and heads.
    """
    layers = list(reader.encoder.encoder.layer)
    outgoing = [layer.output.dense for layer in layers]
    outgoing += [layer.attention.output.dense for layer in layers] if heads else []
    said = {dense: torch.zeros(dense.in_features) for dense in outgoing}

    def listen(dense: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        said[dense] += inputs[0].float().abs().flatten(0, -2).mean(0)

    hooks = [dense.register_forward_pre_hook(listen) for dense in outgoing]
    for batch in batches:
        reader.eval()(batch["ids"], batch["shapes"], batch["mask"])
    for hook in hooks:
        hook.remove()
    says = {dense: sums * dense.weight.norm(dim=0) for dense, sums in said.items()}
    for layer in layers:
        keep_units(layer, says[layer.output.dense].topk(width).indices.sort().values)
        if heads:
            whole = says[layer.attention.output.dense].view(-1, layer.attention.self.attention_head_size).sum(1)
            keep_heads(layer, whole.topk(heads).indices.sort().values)


def link(out: dict[str, Tensor], rows: Tensor, cues: Tensor) -> Tensor:
    """Role logits [cues, tokens, 5] of cues [n, 2] (half-open, in token numbers) standing in `rows` [n]."""
    size = out["tags"].shape[1]
    place = torch.arange(size, device=cues.device)
    inside = ((place >= cues[:, :1]) & (place < cues[:, 1:])).float()
    inside = inside / inside.sum(1, keepdim=True)
    query = torch.einsum("nt,ntrw->nrw", inside, out["queries"][rows])
    scores = torch.einsum("nrw,ntrw->ntr", query, out["keys"][rows]) + out["lean"][rows]
    return torch.cat([torch.zeros_like(scores[..., :1]), scores], dim=-1)


def collate(items: list[Example]) -> dict[str, torch.Tensor]:
    """Windows as one padded batch; a row for each gold cue in "rows", "cues" and "roles"."""
    size = max(len(item.ids) for item in items) + 2
    ids = torch.full((len(items), size), PAD)
    shapes = torch.zeros((len(items), size), dtype=torch.long)
    mask = torch.zeros((len(items), size))
    tags = torch.full((len(items), size), IGNORE)
    sides = torch.full((len(items), 2, size), IGNORE)
    rows, cues, roles = [], [], []
    for row, item in enumerate(items):
        n = len(item.ids)
        ids[row, 0], ids[row, n + 1] = CLS, SEP
        ids[row, 1 : n + 1] = torch.as_tensor(item.ids)
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
        "ids": ids,
        "shapes": shapes,
        "mask": mask,
        "tags": tags,
        "sides": sides,
        "rows": torch.tensor(rows, dtype=torch.long),
        "cues": torch.tensor(cues, dtype=torch.long).reshape(-1, 2),
        "roles": torch.stack(roles) if roles else torch.zeros((0, size), dtype=torch.long),
    }
