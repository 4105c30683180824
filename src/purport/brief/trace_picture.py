"""Who rests on whom in a story, as one picture (SVG): reports down the left, what they rest on to the right.

Arcs at the left lead from a copy to what it was copied from; lines to the right, through agencies and footage, to where
the trace ends. What several reports can't do without is a diamond. Colours are Okabe and Ito's, which the colour-blind
tell apart, and every kind has a shape of its own. Letters grow where the picture is shown small, on a phone.
"""

from collections.abc import Iterator, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from purport.brief import words as say
from purport.brief.trace_layout import (
    ENDS,
    LEFT,
    LONG,
    MIDDLE,
    RIGHT,
    SHORT,
    TOP,
    WIDTH,
    Arc,
    Layout,
    Line,
    Mark,
    laid_out,
)
from purport.brief.trace_tree import counted
from purport.core.origins import Traced
from purport.core.records import Report

LEGEND = 190

STYLE = """
    :root { --ink: #1d2327; --soft: #5b6670; --paper: #ffffff; --line: #8a97a1; --point: #d55e00; --end: #0072b2;
      --lost: #7d6a86; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e8ecef; --soft: #a7b1b9; --paper: #15191c; --line: #6f7c86;
      --point: #e69f00; --end: #56b4e9; --lost: #b8a5c4; } }
    text { fill: var(--ink); font-size: 15px; paint-order: stroke; stroke: var(--paper); stroke-width: 4px;
      stroke-linejoin: round; }
    .head { font-size: 20px; font-weight: 600; }
    .soft { fill: var(--soft); }
    .strong { font-weight: 600; }
    .paper { fill: var(--paper); }
    .tie { fill: none; stroke: var(--line); stroke-width: 1.6; }
    .tie.copied { stroke-dasharray: 5 4; }
    .tie.vital { stroke: var(--point); stroke-width: 2.4; }
    .report { fill: var(--paper); stroke: var(--ink); stroke-width: 2; }
    .outlet { fill: var(--soft); }
    .footage { fill: var(--soft); }
    .end { fill: var(--end); }
    .origin { fill: var(--point); stroke: var(--point); stroke-width: 2.5; }
    .point { fill: var(--paper); stroke: var(--point); stroke-width: 2.5; }
    .lost { fill: var(--paper); stroke: var(--lost); stroke-width: 2; stroke-dasharray: 3 3; }
    .small { display: none; }
    @media (max-width: 640px) {
      text { font-size: 27px; }
      .head { font-size: 30px; }
      .large { display: none; }
      .small { display: inline; }
      .tie { stroke-width: 3; }
      .tie.vital { stroke-width: 4.5; }
    }
"""


def draw(traced: Traced, reports: Mapping[str, Report]) -> str:
    """The picture, complete and with nothing that it would have to fetch."""
    layout = laid_out(traced, reports)
    height = layout.height + LEGEND
    head = say.inert(traced.title)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
            "aria-labelledby=\"t d\" font-family=\"system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, "
            'sans-serif">',
            f'<title id="t">{escape(head)}: who rests on whom</title>',
            f'<desc id="d">{escape(say.inert(told(traced, reports)))}</desc>',
            f"<style>{STYLE}</style>",
            f'<rect class="paper" width="{WIDTH}" height="{height}"/>',
            *_both("head", 24, 38, head, 78, 44),
            *_both("soft", 24, 72, counted(traced.account), 99, 99),
            *_columns(layout),
            *map(_arc, sorted(layout.arcs, key=lambda one: one.vital)),
            *map(_line, sorted(layout.lines, key=lambda one: one.vital)),
            *(part for mark in layout.marks for part in _mark(mark)),
            *_legend(layout.height),
            "</svg>\n",
        ]
    )


def size(traced: Traced, reports: Mapping[str, Report]) -> tuple[int, int]:
    """Width and height of the picture, for who has to leave room for it."""
    return WIDTH, laid_out(traced, reports).height + LEGEND


def told(traced: Traced, reports: Mapping[str, Report]) -> str:
    """The picture in words, for those who don't see it."""
    account = traced.account
    parts = [f"{counted(account)}."]
    for one in account.origins:
        parts.append(f"Origin: {one.name}; {_outlets(one.reports, reports) or 'no report rests on it alone'}.")
    for point in account.points:
        parts.append(f"{say.number(len(point.reports), 'report')} can't do without {point.name}.")
    if account.untraceable:
        parts.append(f"Untraceable: {_outlets(account.untraceable, reports)}.")
    return " ".join(parts)


def _outlets(ids: Sequence[str], reports: Mapping[str, Report]) -> str:
    return ", ".join(reports[id].outlet or reports[id].title for id in ids if id in reports)


def _columns(layout: Layout) -> Iterator[str]:
    yield from _both("soft", LEFT + 18, TOP - 40, "reports", 40, 40)
    if any(mark.x == MIDDLE for mark in layout.marks):
        yield from _both("soft", MIDDLE + 18, TOP - 40, "passed on by", 40, 40)
    if any(mark.x == RIGHT for mark in layout.marks):
        yield from _both("soft", RIGHT + 18, TOP - 40, "where it ends", 40, 40)


def _arc(arc: Arc) -> str:
    """From a report to another, along the left; a dot at the one that is rested on."""
    depth = min(LEFT - 12, 18 + 0.12 * abs(arc.below - arc.above) + 5 * arc.lane)
    x = LEFT - 10
    vital = " vital" * arc.vital
    path = f"M{x} {arc.above}C{x - depth} {arc.above} {x - depth} {arc.below} {x} {arc.below}"
    head = f"M{x - 6} {arc.below - 5}L{x + 2} {arc.below}L{x - 6} {arc.below + 5}"
    said = f"<title>{escape(say.inert(arc.said))}</title>"
    return f'<path class="tie copied{vital}" d="{path}">{said}</path><path class="tie{vital}" d="{head}"/>'


def _line(line: Line) -> str:
    middle = round((line.x + line.to_x) / 2)
    path = f"M{line.x} {line.y}C{middle} {line.y} {middle} {line.to_y} {line.to_x} {line.to_y}"
    return f'<path class="tie{" vital" * line.vital}" d="{path}"><title>{escape(say.inert(line.said))}</title></path>'


def _mark(mark: Mark) -> Iterator[str]:
    title = f"<title>{escape(say.inert(mark.said))}</title>"
    yield _shape(mark.shape, mark.x, mark.y, title)
    strong = "strong" if mark.shape in ("origin", "point") else "soft" if mark.shape == "lost" else ""
    aside = f" {mark.aside}" if mark.aside else ""
    yield from _both(strong, mark.x + 18, mark.y, mark.name, LONG - len(aside), SHORT, aside)


def _shape(shape: str, x: float, y: float, title: str = "") -> str:
    if shape in ("origin", "point"):
        return f'<path class="{shape}" d="M{x} {y - 12}L{x + 12} {y}L{x} {y + 12}L{x - 12} {y}z">{title}</path>'
    if shape == "outlet":
        return f'<rect class="outlet" x="{x - 7}" y="{y - 7}" width="14" height="14">{title}</rect>'
    if shape == "footage":
        return f'<path class="footage" d="M{x - 7} {y - 8}L{x + 9} {y}L{x - 7} {y + 8}z">{title}</path>'
    return f'<circle class="{shape}" cx="{x}" cy="{y}" r="{8 if shape in ENDS else 7}">{title}</circle>'


def _both(kind: str, x: float, y: float, words: str, long: int, short: int, aside: str = "") -> Iterator[str]:
    """The words as they stand on a wide screen, and on a phone."""
    for size, room, down in (("large", long, 5), ("small", short, 9)):
        quiet = f'<tspan class="soft" font-weight="400">{escape(aside)}</tspan>' if aside and size == "large" else ""
        shown = escape(say.inert(_cut(words, room)))
        name = " ".join(filter(None, (kind, size)))
        yield f'<text class={quoteattr(name)} x="{round(x, 1)}" y="{round(y + down, 1)}">{shown}{quiet}</text>'


def _cut(words: str, length: int) -> str:
    said = " ".join(words.split())
    return said if len(said) <= length else said[: length - 1].rstrip(" ,;:") + "…"


MEANINGS = (
    ("origin", "independent origin"),
    ("point", "several can’t do without it"),
    ("end", "named"),
    ("report", "report"),
    ("lost", "untraceable"),
    ("outlet", "outlet or agency"),
    ("footage", "footage"),
)


def _legend(top: float) -> Iterator[str]:
    for number, (shape, meaning) in enumerate(MEANINGS):
        x, y = 36 + (WIDTH // 2) * (number % 2), top + 24 + 40 * (number // 2)
        yield _shape(shape, x, y)
        yield from _both("soft", x + 22, y, meaning, 40, 40)
