"""How many independent origins a set of reports has, and what they can't do without.

The accounts are a graph: an account (a report, an agency, a speaker, footage) has a tie to each account it rests on.
An *end* is a named account at which the trace ends: a speaker, footage whose bytes are here, what an outlet says that
it saw or was told itself, or a credited outlet of which no report is here and behind which nobody is named.
Unnamed sources are no ends, and a circle of citations has none.

- A report is **traceable** when some path from it reaches an end; otherwise it counts among the U untraceable.
- **K, the independent origins**, is the greatest number of paths from reports to ends of which no two share an account.
  By Menger's theorem that is also the least number of accounts that would all have to fall for no report to be left
  with an end. So K is 1 exactly if there is a single account that every path goes through.
- **The origins** are those accounts: of all smallest sets that every path goes through, the one farthest from the
  reports. There is exactly one such set, whatever the order in which reports arrived.
- **A single point of dependence** of a report is an account that each of its paths goes through (a dominator).

It follows that a diamond counts once, two witnesses in two reports count twice, one report counts once however many it
quotes, a copy changes nothing, and two ends found to be one, or a report found to be a copy, never raise K. K is at
most N - U. `tests/unit/test_origins_properties.py` holds these over random graphs.
"""

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import networkx as nx

from purport.core.origins import (
    CLAIM,
    FOOTAGE,
    HELD,
    OUTLET,
    OWN,
    RELEASE,
    REPORT,
    SPEAKER,
    Account,
    Graph,
    Ground,
    Node,
    Origin,
    Point,
    Tie,
)

ENDS = frozenset((SPEAKER, RELEASE, OWN, OUTLET))  # where nothing lies behind them

_BOTTOM = "\N{END OF TEXT}"  # below all ends; no node's id


@dataclass(frozen=True, slots=True)
class _Paths:
    """What lies on some path from a report to an end."""

    nodes: dict[str, Node]
    lower: dict[str, list[str]]  # sorted
    ends: list[str]


def account(graph: Graph, reports: Collection[str], claims: Collection[str] = ()) -> Account:
    """N, K and U of some reports of a graph; with `claims`, of what these claims alone rest on."""
    seen = narrowed(graph, claims) if claims else graph
    wanted = sorted(set(reports))
    paths = _paths(seen, wanted)
    found = _cut(paths, wanted)
    above = _dominators(paths, wanted)
    return Account(
        reports=tuple(wanted),
        origins=tuple(sorted((_origin(id, paths, seen, above, wanted) for id in found), key=_widest)),
        untraceable=tuple(id for id in wanted if id not in paths.nodes),
        points=tuple(_points(paths, above)),
    )


def _widest(origin: Origin) -> tuple[int, str]:
    return -len(origin.reports), origin.id


def narrowed(graph: Graph, claims: Collection[str]) -> Graph:
    """The graph of some claims: of the reports they stand in, no other claim; of other ties, none that others made.

    A report from which none of them was read stands with all that it says.
    """
    chosen, kinds = set(claims), {node.id: node.kind for node in graph.nodes}
    spoken = {tie.upper for tie in graph.ties if tie.lower in chosen}  # the reports that hold them
    dropped = {tie.lower for tie in graph.ties if tie.upper in spoken and kinds[tie.lower] == CLAIM} - chosen

    def kept(tie: Tie) -> bool:
        if tie.upper in dropped or tie.lower in dropped:
            return False
        made = [ground.record for ground in tie.grounds if kinds.get(ground.record) == CLAIM]
        return not made or not dropped.issuperset(made)

    return Graph(tuple(node for node in graph.nodes if node.id not in dropped), tuple(filter(kept, graph.ties)))


def _paths(graph: Graph, reports: Iterable[str]) -> _Paths:
    nodes = {node.id: node for node in graph.nodes}
    lower: dict[str, list[str]] = {id: [] for id in nodes}
    upper: dict[str, list[str]] = {id: [] for id in nodes}
    for tie in graph.ties:
        lower[tie.upper].append(tie.lower)
        upper[tie.lower].append(tie.upper)
    ends = [id for id, node in nodes.items() if node.kind in ENDS and not lower[id]]
    alive = _reached(ends, upper) & _reached([id for id in reports if id in nodes], lower)
    return _Paths(
        {id: nodes[id] for id in sorted(alive)},
        {id: sorted(one for one in set(lower[id]) if one in alive) for id in sorted(alive)},
        sorted(set(ends) & alive),
    )


def _reached(begin: Iterable[str], next: dict[str, list[str]]) -> set[str]:
    seen, open = set(begin), list(begin)
    while open:
        for id in next[open.pop()]:
            if id not in seen:
                seen.add(id)
                open.append(id)
    return seen


def _cut(paths: _Paths, reports: Iterable[str]) -> set[str]:
    """The least set of accounts that all paths go through, the farthest from the reports (Menger 1927).

    Each account is an arc that carries one path, except claims, which are no accounts of their own; the rest carries
    any number. One path after the other is found, the shortest first, until there is none (Edmonds and Karp 1972):
    there are as many as origins, that is few. What can then still reach the bottom is the side of the cut that is the
    smallest there is, whichever paths were found.
    """
    many = len(paths.nodes) + 1
    room: dict[int, dict[int, int]] = {_ABOVE: {}, _BELOW: {}}  # how many more paths an arc carries, either way
    enters = {id: 2 * number for number, id in enumerate(paths.nodes)}  # and it leaves by the next number
    for at in enters.values():
        room[at], room[at + 1] = {}, {}

    def arc(a: int, b: int, carries: int) -> None:
        room[a][b] = carries
        room[b].setdefault(a, 0)

    for id, node in paths.nodes.items():
        arc(enters[id], enters[id] + 1, many if node.kind == CLAIM else 1)
        for lower in paths.lower[id]:
            arc(enters[id] + 1, enters[lower], many)
    for id in reports:
        if id in enters:
            arc(_ABOVE, enters[id], many)
    for id in paths.ends:
        arc(enters[id] + 1, _BELOW, many)
    while path := _path(room):
        for a, b in pairwise(path):
            room[a][b] -= 1
            room[b][a] += 1
    below, open = {_BELOW}, [_BELOW]
    while open:
        at = open.pop()
        for other in room[at]:
            if other not in below and room[other][at]:
                below.add(other)
                open.append(other)
    return {id for id, at in enters.items() if at not in below and at + 1 in below}


_ABOVE, _BELOW = -2, -1  # above all reports, below all ends


def _path(room: dict[int, dict[int, int]]) -> list[int]:
    """The shortest path from above to below that there is still room for; empty: there is none."""
    came, open = {_ABOVE: _ABOVE}, deque((_ABOVE,))
    while open:
        at = open.popleft()
        for other, left in room[at].items():
            if left and other not in came:
                came[other] = at
                if other == _BELOW:
                    path = [other]
                    while path[-1] != _ABOVE:
                        path.append(came[path[-1]])
                    return path[::-1]
                open.append(other)
    return []


def _dominators(paths: _Paths, reports: Iterable[str]) -> dict[str, list[str]]:
    """For each traceable report the accounts that all its paths go through, itself first (Cooper, Harvey, Kennedy)."""
    network: Any = nx.DiGraph()
    network.add_node(_BOTTOM)
    network.add_edges_from((lower, id) for id, below in paths.lower.items() for lower in below)
    network.add_edges_from((_BOTTOM, id) for id in paths.ends)
    above = nx.immediate_dominators(network, _BOTTOM)
    found = {}
    for report in reports:
        if report in paths.nodes:
            found[report] = [report]
            at = above[report]
            while at != _BOTTOM:
                found[report].append(at)
                at = above[at]
    return found


def _points(paths: _Paths, above: dict[str, list[str]]) -> Iterator[Point]:
    """What two reports or more depend on; the one with the most first, and of those the farthest from them."""
    held: dict[str, list[str]] = {}
    depth: dict[str, int] = {}
    for report, points in above.items():
        for at, id in enumerate(points):
            if paths.nodes[id].kind != CLAIM:
                held.setdefault(id, []).append(report)
                depth[id] = max(depth.get(id, 0), at)
    for id in sorted(held, key=lambda id: (-len(held[id]), -depth[id], id)):
        if len(held[id]) > 1:
            yield Point(id, paths.nodes[id].name, tuple(held[id]))


def _origin(id: str, paths: _Paths, graph: Graph, above: dict[str, list[str]], reports: Iterable[str]) -> Origin:
    node = paths.nodes[id]
    grounds: dict[Ground, None] = {}
    for tie in graph.ties:
        if id == tie.lower or (node.kind == REPORT and tie.upper == id):
            grounds |= dict.fromkeys(one for one in tie.grounds if one.kind != HELD)
    behind = _reached([id], paths.lower) & set(paths.ends) - {id} if node.kind in (REPORT, OUTLET, FOOTAGE) else set()
    return Origin(
        id=id,
        kind=node.kind,
        name=node.name,
        evidence=tuple(grounds),
        reports=tuple(report for report in reports if id in above.get(report, ())),
        behind=tuple(sorted({paths.nodes[one].name for one in behind})),
    )
