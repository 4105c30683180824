"""The reuse map of a file or release as one picture (SVG): its time along the top, a lane for each release found in it.

Ribbons join what shows the same. Kinds differ in colour (Okabe and Ito's, which the colour-blind tell apart) and in
pattern. Letters grow where the picture is shown small, on a phone.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from purport.brief import words as say
from purport.brief.edits import edits
from purport.brief.releases import clock, short
from purport.brief.sightings import between, closing, line, nowhere, reasons
from purport.core.findings import Findings, Sighting
from purport.core.matches import SAME_FOOTAGE, SAME_SCENE, UNDECIDABLE

WIDTH, MARGIN = 900, 24
TOP, LANE = 150, 212  # heights: above the first lane, and of a lane
LEGEND = 132
LETTER = 8.2  # width of a letter of 15, and a little more
NAME = 44  # letters of a release's name that fit beside its id on a small screen
TICKS = 7  # along an axis, at most
STEPS = (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18000, 36000)
CLASSES = {SAME_FOOTAGE: "same", SAME_SCENE: "scene", UNDECIDABLE: "open"}
MEANINGS = (
    ("same", "same footage"),
    ("scene", "same view, another time"),
    ("open", "can't be told"),
    ("lost", "not found"),
)
MIRRORED = "⇋"

STYLE = """
    :root { --ink: #1d2327; --soft: #5b6670; --paper: #ffffff; --strip: #e4e8eb; --same: #0072b2; --scene: #d55e00;
      --open: #7d6a86; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e8ecef; --soft: #a7b1b9; --paper: #15191c; --strip: #333b41;
      --same: #56b4e9; --scene: #e69f00; --open: #b8a5c4; } }
    text { fill: var(--ink); font-size: 15px; }
    .head { font-size: 20px; font-weight: 600; }
    .soft { fill: var(--soft); }
    .name { font-weight: 600; }
    rect { stroke: var(--paper); stroke-width: 1.5; }
    .paper { fill: var(--paper); stroke: none; }
    .strip { fill: var(--strip); stroke: none; }
    .lost { fill: url(#lost); }
    .same { fill: var(--same); }
    .scene { fill: url(#scene); stroke: var(--scene); }
    .open { fill: url(#open); stroke: var(--open); }
    .ribbon { fill-opacity: .42; }
    .ribbon:hover { fill-opacity: .75; }
    .mirrored { stroke: var(--ink); stroke-dasharray: 6 4; stroke-width: 1.5; }
    .on { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; text-anchor: middle; }
    .small { display: none; }
    @media (max-width: 640px) {
      text { font-size: 25px; }
      .head { font-size: 29px; }
      .large { display: none; }
      .small { display: inline; }
    }
"""
PATTERNS = """
    <pattern id="lost" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="9" height="9" class="strip"/><path d="M0 0V9" stroke="var(--soft)" stroke-width="2.5"/></pattern>
    <pattern id="scene" width="10" height="10" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
      <path d="M0 0V10" stroke="var(--scene)" stroke-width="10"/></pattern>
    <pattern id="open" width="9" height="9" patternUnits="userSpaceOnUse">
      <circle cx="4.5" cy="4.5" r="2.6" fill="var(--open)"/></pattern>
"""


def draw(findings: Findings) -> str:
    """The map, complete and with nothing that it would have to fetch."""
    lanes = [list(group) for _, group in groupby(sorted(findings.sightings, key=_by_release), _of_release)]
    lanes.sort(key=lambda lane: lane[0].match.query_start)
    height = TOP + LANE * len(lanes) + LEGEND
    name = say.inert(findings.title)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
            "aria-labelledby=\"t d\" font-family=\"system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, "
            'sans-serif">',
            f'<title id="t">{escape(name)}: where it was seen before</title>',
            f'<desc id="d">{escape(say.inert(_told(findings)))}</desc>',
            f"<style>{STYLE}</style>",
            f"<defs>{PATTERNS}</defs>",
            f'<rect class="paper" width="{WIDTH}" height="{height}"/>',
            *_top(findings, name),
            *(part for number, lane in enumerate(lanes) for part in _lane(findings, lane, TOP + LANE * number)),
            *_legend(height - LEGEND),
            "</svg>\n",
        ]
    )


def _by_release(one: Sighting) -> tuple[str, float]:
    return one.match.reference, one.match.query_start


def _of_release(one: Sighting) -> str:
    return one.match.reference


def _told(findings: Findings) -> str:
    """The map in words, for those who don't see it."""
    return " ".join([f"{line(one, findings)}." for one in findings.sightings] + [closing(findings)])


def _x(seconds: float, duration: float) -> float:
    share = min(1.0, max(0.0, seconds / duration)) if duration else 0.0
    return round(MARGIN + (WIDTH - 2 * MARGIN) * share, 1)


def _top(findings: Findings, name: str) -> Iterator[str]:
    found = len({one.match.reference for one in findings.sightings})
    lost = sum(end - start for start, end in nowhere(findings))
    yield _text("head", MARGIN, 36, f"{_cut(name, NAME)}")
    said = f"{found} of {say.number(findings.searched, 'release')}"
    said += f" · {clock(lost)} of {clock(findings.duration)} found in none" if lost else ""
    yield _text("soft", MARGIN, 70, said)
    yield from _ticks(findings.duration, 104)
    yield _strip(114, 24, "strip", 0.0, findings.duration, findings.duration)
    for start, end in nowhere(findings):
        yield _strip(114, 24, "lost", start, end, findings.duration, f"not found: {between(start, end)}")
    for one in findings.sightings:
        start, end = one.match.query_start, one.match.query_end
        yield _strip(114, 24, CLASSES[one.match.kind], start, end, findings.duration, line(one, findings))


def _lane(findings: Findings, lane: Sequence[Sighting], top: int) -> Iterator[str]:
    """One release: its name, the query's strip again, the ribbons, its own strip and its time."""
    release, place = lane[0].release, say.inert(lane[0].capture.place)
    length = max([release.duration, *(one.match.reference_end for one in lane)])
    yield _text("name", MARGIN, top + 36, _cut(place.rpartition("/")[2], NAME - 18), f" {short(release.id)}")
    yield _strip(top + 50, 8, "strip", 0.0, findings.duration, findings.duration)
    yield _strip(top + 140, 20, "strip", 0.0, length, length)
    labels: list[str] = []
    for one in lane:
        match, kind = one.match, CLASSES[one.match.kind]
        a, b = (_x(at, findings.duration) for at in (match.query_start, match.query_end))
        c, d = (_x(at, length) for at in (match.reference_start, match.reference_end))
        told = "\n".join(map(say.inert, [line(one, findings), *reasons(match)]))
        mirrored = " mirrored" * match.mirrored
        yield _strip(top + 50, 8, kind, match.query_start, match.query_end, findings.duration)
        yield _strip(top + 140, 20, kind, match.reference_start, match.reference_end, length)
        yield (
            f'<path class="ribbon {kind}{mirrored}" d="M{a} {top + 58}H{b}L{d} {top + 140}H{c}z">'
            f"<title>{escape(told)}</title></path>"
        )
        labels += _label(findings, one, (a + b + c + d) / 4, top + 99, (b - a + d - c) / 2)
    yield from labels  # above all ribbons
    yield from _ticks(length, top + 188)


def _label(findings: Findings, one: Sighting, x: float, y: float, room: float) -> Iterator[str]:
    """What was done to the picture, where there is room; that it is mirrored, everywhere."""
    sizes = (findings.width, findings.height), (one.release.width, one.release.height)
    done = ["the same bytes"] if one.same_bytes else list(edits(one.match, *sizes))
    words = ", ".join(done)
    short_words = MIRRORED if one.match.mirrored else ""
    if one.match.mirrored:
        words = f"{MIRRORED} {words}"
    fits = len(words) * LETTER < room
    if words:
        yield _text("on large", x, y + 5, words if fits else short_words)
    if short_words:
        yield _text("on small", x, y + 9, short_words)


def _ticks(duration: float, y: int) -> Iterator[str]:
    """Times along an axis; every other one is left out where letters are large."""
    step = next((one for one in STEPS if duration / one <= TICKS), STEPS[-1])
    count = int(duration / step) + 1 if duration else 1
    for number in range(count):
        at = number * step
        x = _x(at, duration)
        anchor = "start" if x < MARGIN + 20 else "end" if x > WIDTH - MARGIN - 20 else "middle"
        words = clock(at) if step < 1 else clock(at).removesuffix(".0")
        style = f' style="text-anchor: {anchor}"'
        yield f'<text class="soft{" large" * (number % 2)}" x="{x}" y="{y}"{style}>{words}</text>'


def _strip(y: int, height: int, kind: str, start: float, end: float, duration: float, told: str = "") -> str:
    a, b = _x(start, duration), _x(end, duration)
    title = f"<title>{escape(say.inert(told))}</title>" if told else ""
    return f'<rect class="{kind}" x="{a}" y="{y}" width="{max(1.0, round(b - a, 1))}" height="{height}">{title}</rect>'


def _legend(top: int) -> Iterator[str]:
    """What the colours and patterns mean."""
    for number, (kind, meaning) in enumerate((*MEANINGS, ("same mirrored", f"{MIRRORED} mirrored"))):
        x, y = MARGIN + (WIDTH // 2 - MARGIN) * (number % 2), top + 20 + 38 * (number // 2)
        yield f'<rect class="{kind}" x="{x}" y="{y}" width="36" height="20" fill-opacity=".6"/>'
        yield _text("", x + 48, y + 17, meaning)


def _text(kind: str, x: float, y: float, words: str, quiet: str = "") -> str:
    more = f'<tspan class="soft" font-weight="400">{escape(quiet)}</tspan>' if quiet else ""
    return f'<text class={quoteattr(kind)} x="{round(x, 1)}" y="{y}">{escape(words)}{more}</text>'


def _cut(words: str, length: int) -> str:
    """The words, or their beginning and end where they are too long."""
    if len(words) <= length:
        return words
    return f"{words[: length // 2]}…{words[len(words) - length // 2 + 1 :]}"
