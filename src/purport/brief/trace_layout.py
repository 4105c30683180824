"""Where everything stands in the picture of a story: rows of reports, and columns of what they rest on."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from purport.brief import words as say
from purport.core.origins import (
    CLAIM,
    FOOTAGE,
    OUTLET,
    RELEASE,
    REPORT,
    UNNAMED,
    Ground,
    Node,
    Traced,
)
from purport.core.records import Report

WIDTH = 1000
LEFT, MIDDLE, RIGHT = 90, 420, 740  # of the marks; names stand to the right of them
LETTER, LARGE = 8.8, 14.6  # widths of a letter, on a wide screen and on a phone, and a little more
LONG, SHORT = 30, 15  # letters of a name with what stands behind it, and of a name on a phone
TOP, ROW, GAP = 150, 44, 42
FEW = 2  # ends that one report alone leads to are told as a number from there on
ENDS = ("end",)


@dataclass(frozen=True, slots=True)
class Mark:
    x: float
    y: float
    shape: str  # origin | point | end | report | lost | outlet | footage
    name: str
    aside: str = ""
    said: str = ""  # in full


@dataclass(frozen=True, slots=True)
class Arc:
    """From one report to another that it rests on."""

    above: float  # the y of the one that rests
    below: float  # and of the one rested on
    lane: int
    vital: bool  # it leads to what several can't do without
    said: str


@dataclass(frozen=True, slots=True)
class Line:
    x: float
    y: float
    to_x: float
    to_y: float
    vital: bool
    said: str


@dataclass(frozen=True, slots=True)
class Layout:
    marks: Sequence[Mark]
    arcs: Sequence[Arc]
    lines: Sequence[Line]
    height: int


Ties = dict[tuple[str, str], tuple[Ground, ...]]


def laid_out(traced: Traced, reports: Mapping[str, Report]) -> Layout:
    """The places of all marks, arcs and lines; the same for the same story."""
    nodes = {node.id: node for node in traced.graph.nodes}
    ties = _without(_between(traced, nodes), nodes)
    rows = _rows(traced, reports)
    ties = {ends: grounds for ends, grounds in ties.items() if ends[0] in rows or nodes[ends[0]].kind != REPORT}
    ties, summed = _summed(ties, nodes)
    beyond = {id: node for id, node in nodes.items() if node.kind != REPORT and any(id in ends for ends in ties)}
    y: dict[str, float] = {id: TOP + ROW * number for number, id in enumerate(rows)}
    held = {upper for upper, lower in ties if lower in beyond}
    x = {id: MIDDLE if id in held else RIGHT for id in beyond}
    for column in (MIDDLE, RIGHT):
        y |= _spread([id for id in sorted(beyond) if x[id] == column], y, ties)
    points = {point.node: len(point.reports) for point in traced.account.points}
    origins = {one.id for one in traced.account.origins}
    marks = [_report(id, y[id], traced, reports, points, summed.get(id, 0)) for id in rows]
    marks += [_beyond(beyond[id], x[id], y[id], points, origins, len(rows)) for id in sorted(beyond)]
    bottom = max((mark.y for mark in marks), default=TOP)
    begins = {id: mark.x + 24 + _width(mark) for id, mark in zip((*rows, *sorted(beyond)), marks, strict=True)}
    vital = points.keys() | origins
    lines = list(_lines(ties, begins, x, y, vital))
    return Layout(marks, list(_arcs(ties, y, rows, vital)), lines, round(bottom + 40))


def _width(mark: Mark) -> float:
    """How far a name reaches at most, whatever the screen."""
    aside = len(mark.aside) + 1 if mark.aside else 0
    return max(LETTER * (min(len(mark.name), LONG - aside) + aside), LARGE * min(len(mark.name), SHORT))


def _between(traced: Traced, nodes: Mapping[str, Node]) -> Ties:
    """Ties between accounts: claims are passed through, and so are credited outlets whose reports are here."""
    lower: dict[str, list[tuple[str, tuple[Ground, ...]]]] = {}
    for tie in traced.graph.ties:
        lower.setdefault(tie.upper, []).append((tie.lower, tie.grounds))
    through = {id for id, node in nodes.items() if node.kind == CLAIM}
    through |= {
        id
        for id, node in nodes.items()
        if node.kind == OUTLET and any(nodes[one].kind == REPORT for one, _ in lower.get(id, ()))
    }
    found: Ties = {}
    for id in nodes:
        if id in through:
            continue
        open = [(one, grounds) for one, grounds in lower.get(id, ())]
        seen: set[str] = set()
        while open:
            one, grounds = open.pop()
            if one in through:
                if one not in seen:
                    seen.add(one)
                    credited = nodes[one].kind == OUTLET  # then the credit line is what leads on
                    open += [(next, grounds if credited else more) for next, more in lower.get(one, ())]
            elif one != id:
                found[id, one] = tuple(dict.fromkeys((*found.get((id, one), ()), *grounds)))
    return found


def _without(ties: Ties, nodes: Mapping[str, Node]) -> Ties:
    """Without the unnamed: that a report leads to nobody else is told at the report."""
    return {ends: grounds for ends, grounds in ties.items() if all(nodes[id].kind != UNNAMED for id in ends)}


def _summed(ties: Ties, nodes: Mapping[str, Node]) -> tuple[Ties, dict[str, int]]:
    """What one report alone leads to becomes a number at it, where it leads to many ends."""
    from_reports: dict[str, set[str]] = {}
    for report in sorted({above for above, _ in ties if nodes[above].kind == REPORT}):
        open = [report]
        seen = {report}
        while open:
            at = open.pop()
            more = {below for above, below in ties if above == at and nodes[below].kind != REPORT} - seen
            seen |= more
            open += sorted(more)
        for id in seen - {report}:
            from_reports.setdefault(id, set()).add(report)
    held = {above for above, _ in ties}
    alone: dict[str, set[str]] = {}
    for id, leading in from_reports.items():
        if len(leading) == 1:
            alone.setdefault(next(iter(leading)), set()).add(id)
    many = {report: len(ids - held) for report, ids in alone.items() if len(ids - held) > FEW}
    gone = {id for report in many for id in alone[report]}
    return {ends: grounds for ends, grounds in ties.items() if not gone & set(ends)}, many


def _rows(traced: Traced, reports: Mapping[str, Report]) -> list[str]:
    """The reports from top to bottom: by origin, the largest first; within it by time; the untraceable last."""
    origin = {id: number for number, one in enumerate(_by_size(traced)) for id in one}
    lost = set(traced.account.untraceable)

    def key(id: str) -> tuple[bool, int, str, str]:
        published = reports[id].published[0].start.isoformat() if reports[id].published else "9"
        return id in lost, origin.get(id, len(origin)), published, id

    return sorted(traced.account.reports, key=key)


def _by_size(traced: Traced) -> list[Sequence[str]]:
    return [one.reports for one in sorted(traced.account.origins, key=lambda one: (-len(one.reports), one.id))]


def _spread(ids: Sequence[str], y: Mapping[str, float], ties: Ties) -> dict[str, float]:
    """Each beside the middle of what rests on it, with room between."""
    wanted = {}
    for id in ids:
        beside = [y[above] for above, below in ties if below == id and above in y]
        wanted[id] = sum(beside) / len(beside) if beside else TOP
    found: dict[str, float] = {}
    last = float(TOP - GAP)
    for id in sorted(ids, key=lambda id: (wanted[id], id)):
        last = max(wanted[id], last + GAP)
        found[id] = round(last, 1)
    return found


def _report(
    id: str, y: float, traced: Traced, reports: Mapping[str, Report], points: Mapping[str, int], sources: int
) -> Mark:
    report = reports[id]
    name = report.outlet or " ".join(report.title.split()) or id
    day = f"{report.published[0].start.day} {report.published[0].start:%b}" if report.published else ""
    lost = id in traced.account.untraceable
    origin = any(one.id == id for one in traced.account.origins)
    shape = "lost" if lost else "origin" if origin else "point" if id in points else "report"
    aside = ", ".join(filter(None, (day, f"{sources} sources" if sources else "")))
    said = ": ".join(filter(None, (report.outlet, " ".join(report.title.split()))))
    said += (
        " (untraceable)"
        if lost
        else f" ({say.number(points[id], 'report')} can't do without it)"
        if id in points
        else ""
    )
    return Mark(LEFT, y, shape, name, aside, said)


def _beyond(node: Node, x: float, y: float, points: Mapping[str, int], origins: Collection[str], reports: int) -> Mark:
    kinds = {OUTLET: "outlet", RELEASE: "footage", FOOTAGE: "footage"}
    shape = "origin" if node.id in origins else "point" if node.id in points else kinds.get(node.kind, "end")
    aside = f"{points[node.id]} of {reports}" if node.id in points else ""
    said = f"{node.name} ({node.kind})"
    said += f": {say.number(points[node.id], 'report')} of {reports} can't do without it" if node.id in points else ""
    name = (
        node.name.removeprefix("the ").replace("footage released by", "footage of")
        if node.kind == FOOTAGE
        else node.name
    )
    return Mark(x, y, shape, name, aside, said)


def _arcs(ties: Ties, y: Mapping[str, float], rows: Sequence[str], vital: Collection[str]) -> Iterator[Arc]:
    lanes: dict[str, int] = {}
    for (above, below), grounds in sorted(ties.items(), key=lambda one: (y.get(one[0][1], 0), one[0])):
        if above in rows and below in rows:
            lanes[below] = lanes.get(below, -1) + 1
            yield Arc(y[above], y[below], lanes[below], below in vital, _why(grounds))


def _lines(
    ties: Ties, begins: Mapping[str, float], x: Mapping[str, float], y: Mapping[str, float], vital: Collection[str]
) -> Iterator[Line]:
    for (above, below), grounds in sorted(ties.items()):
        if below in x and above in y:
            yield Line(round(begins[above], 1), y[above], x[below] - 14, y[below], below in vital, _why(grounds))


def _why(grounds: Sequence[Ground]) -> str:
    return "; ".join(dict.fromkeys(f"{one.kind}: “{' '.join(one.words.split())[:90]}”" for one in grounds[:4]))
