"""The chains of one report as one drawn tree: outlet, credit, sources, and the sources inside their words."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from purport.brief import words as say
from purport.core.records import Claim, Report

# Measures in CSS pixels. The drawing is as wide as the narrowest screen it must be read on, less the margins.
WIDTH = 344
_INDENT, _LEFT, _LABEL, _NOTE, _GAP = 22, 9, 19, 17, 9
_LABEL_CHAR, _NOTE_CHAR = 7.9, 6.7  # a safe mean width of a character; fonts differ from desk to desk


@dataclass(slots=True)
class Node:
    """A hop that several chains may share, with the claims that end there."""

    kind: str
    label: str
    claims: list[Claim] = field(default_factory=list)
    inner: dict[str, "Node"] = field(default_factory=dict)


def tree(claims: Iterable[Claim], report: Report) -> Node:
    """Chains folded into a tree whose root has no label; the same words after the same hops are one node."""
    root = Node("", "")
    for claim in claims:
        node = root
        for hop in say.hops(claim, report):
            label = say.named(hop.text)
            key = label.casefold().removeprefix("the ") or f"({hop.kind})"
            node = node.inner.setdefault(key, Node(hop.kind, label))
        node.claims.append(claim)
    return root


@dataclass(slots=True)
class _Row:
    node: Node
    depth: int
    parent: int  # row number, -1 for none
    y: int = 0
    lines: tuple[str, ...] = ()
    notes: tuple[Markup, ...] = ()


def draw(claims: Sequence[Claim], report: Report, numbers: Mapping[str, int], href: str) -> Markup:
    """The tree as inline SVG without styles of its own; `href` is put before a claim's number to link it.

    Labels are wrapped, never cut off, except a single hop longer than four lines.
    """
    rows: list[_Row] = []
    waiting = [(node, 0, -1) for node in reversed(tree(claims, report).inner.values())]
    while waiting:
        node, depth, parent = waiting.pop()
        rows.append(_Row(node, depth, parent))
        here = len(rows) - 1
        waiting += [(n, depth + 1, here) for n in reversed(node.inner.values())]
    if not rows:
        return Markup("")
    y = 4
    for row in rows:
        room = WIDTH - _x(row.depth) - 16
        row.lines = _wrap(row.node.label or f"({say.kind(row.node.kind)})", int(room / _LABEL_CHAR))
        row.notes = tuple(_notes(row.node, numbers, href, int(room / _NOTE_CHAR)))
        row.y = y
        y += _LABEL * len(row.lines) + _NOTE * len(row.notes) + _GAP
    parts = [_edge(rows, row) for row in rows if row.parent >= 0]
    parts += [_shape(row) for row in rows]
    parts += [_label(row) for row in rows]
    title = f"Who stands behind the words of {report.outlet or report.title or 'this report'}"
    return Markup(
        f'<svg class="chain" width="{WIDTH}" height="{y}" role="group" aria-label="{escape(title)}">'
        + "".join(parts)
        + "</svg>"
    )


def _x(depth: int) -> int:
    # Very deep chains stop moving right, so that the words keep their room.
    return _LEFT + _INDENT * min(depth, 7)


def _wrap(label: str, width: int, most: int = 4) -> tuple[str, ...]:
    lines = textwrap.wrap(label, max(12, width), max_lines=most, placeholder=" …")
    return tuple(lines) or (label[: max(12, width)],)


def _notes(node: Node, numbers: Mapping[str, int], href: str, width: int) -> Iterable[Markup]:
    """Lines such as `video · show ≈ 3, 5 · say 4`, each number a link to its claim."""
    by_act: dict[tuple[str, str], list[Claim]] = {}
    for claim in node.claims:
        signs = "".join(sign for sign, _ in say.marks(claim))
        by_act.setdefault((claim.act.replace("_", " "), signs), []).append(claim)
    # Words stay whole across lines: each is (shown length, markup).
    pieces = [(len(say.kind(node.kind)), escape(say.kind(node.kind)))] if node.kind else []
    for (act, signs), claims in by_act.items():
        dot = "· " if pieces else ""
        shown = escape(dot + act) + (Markup(' <tspan class="sign">{}</tspan>').format(signs) if signs else "")
        pieces.append((len(f"{dot}{act} {signs}"), shown))
        for i, claim in enumerate(claims):
            number = numbers[claim.id]
            comma = "," if i + 1 < len(claims) else ""
            link = f'<a href="{escape(href)}{number}" aria-label="Claim {number}">{number}</a>{comma}'
            pieces.append((len(f"{number}{comma}"), Markup(link)))
    line: list[Markup] = []
    used = 0
    for length, piece in pieces:
        if line and used + length + 1 > width:
            yield Markup(" ").join(line)
            line, used = [], 0
        line.append(piece)
        used += length + 1
    if line:
        yield Markup(" ").join(line)


def _edge(rows: Sequence[_Row], row: _Row) -> str:
    parent = rows[row.parent]
    x, y = _x(parent.depth), row.y + 9
    turn = f"M{x} {parent.y + 16}V{y - 6}q0 6 6 6H{_x(row.depth) - 7}" if row.depth <= 7 else ""
    far = all(say.is_distanced(c) for c in row.node.claims) and row.node.claims
    return f'<path class="edge{" far" if far else ""}" d="{turn}"/>' if turn else ""


# The shape says what kind of speaker it is, beside the word that says so.
_BODIES = {"government", "organisation", "armed-group", "group"}
_PEOPLE = {"person", "office"}
_MADE = {"document", "video", "image", "video-or-image", "footage", "release"}


def _shape(row: _Row) -> str:
    x, y = _x(row.depth), row.y + 9
    kind = row.node.kind.replace("_", "-").replace(" ", "-")
    if kind == "outlet":
        return f'<rect class="full" x="{x - 5}" y="{y - 5}" width="10" height="10"/>'
    if kind == "credit":
        return f'<rect class="hollow" x="{x - 5}" y="{y - 5}" width="10" height="10"/>'
    if kind in _MADE:
        return f'<path class="full" d="M{x - 4} {y - 6}l10 6l-10 6z"/>'
    if kind in _BODIES:
        return f'<path class="full" d="M{x} {y - 6}l6 6l-6 6l-6 -6z"/>'
    return f'<circle class="{"full" if kind in _PEOPLE else "hollow"}" cx="{x}" cy="{y}" r="5"/>'


def _label(row: _Row) -> str:
    x = _x(row.depth) + 14
    parts = []
    for i, line in enumerate(row.lines):
        # U+2068 … U+2069 isolate words of either direction from what stands around them.
        text = escape(f"\u2068{line}\u2069")
        parts.append(f'<text class="who" x="{x}" y="{row.y + 14 + _LABEL * i}">{text}</text>')
    below = row.y + _LABEL * len(row.lines) + 12
    for i, note in enumerate(row.notes):
        parts.append(f'<text class="note" x="{x}" y="{below + _NOTE * i}">{note}</text>')
    return "".join(parts)
