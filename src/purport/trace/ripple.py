"""What has to be looked at again when something that others rest on was edited, deleted, denied or found reused."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeAlias

from purport.core.origins import CLAIM, DELETED, DENIED, EDITED, REPORT, REUSED, Event, Graph, LookAgain, Node
from purport.trace.origins import ENDS, narrowed

Lower: TypeAlias = dict[str, list[str]]  # what each node rests on

HAPPENED = {
    EDITED: "was edited after this was taken from it",
    DELETED: "is no longer where it was",
    DENIED: "is denied",
    REUSED: "was found in older footage",
}


def ripple(
    graph: Graph,
    event: Event,
    same: Iterable[Collection[str]] = (),
    briefs: Mapping[str, Collection[str]] | None = None,
) -> tuple[LookAgain, ...]:
    """Claims, reports and issued briefs that rest on what an event happened to, claims first.

    `same` are the groups of claims that say one thing: a claim that came through a report rests on what that report has
    of the same claim. `briefs` says which claims and reports each brief uses.
    """
    nodes = {node.id: node for node in graph.nodes}
    if event.node not in nodes:
        return ()
    group = {id: frozenset(claims) for claims in same for id in claims}
    seen: dict[frozenset[str], Lower] = {}  # claims that say one thing are looked at together
    marks: dict[str, LookAgain] = {}
    above = _reached(event.node, _upper(graph))
    for id in sorted(above & {id for id, node in nodes.items() if node.kind == CLAIM}):
        alike = group.get(id, frozenset((id,)))
        if alike not in seen:
            seen[alike] = _lower(narrowed(graph, alike))
        if path := _path(seen[alike], id, event.node):
            marks[id] = _mark(nodes[id], path, seen[alike], event, nodes)
    holding = {tie.upper for tie in graph.ties if tie.lower in marks}
    whole = _lower(graph)
    for id in sorted(above & {id for id, node in nodes.items() if node.kind == REPORT}):
        path = _path(whole, id, event.node)
        direct = len(path) > 1 and nodes[path[1]].kind != CLAIM
        if path and (id in holding or direct or id == event.node):
            marks[id] = _mark(nodes[id], path, whole, event, nodes)
    return (*marks.values(), *_briefs(marks, briefs or {}))


def _lower(graph: Graph) -> Lower:
    lower: Lower = {}
    for tie in graph.ties:  # sorted, and so are the lists
        lower.setdefault(tie.upper, []).append(tie.lower)
    return lower


def _upper(graph: Graph) -> Lower:
    upper: Lower = {}
    for tie in graph.ties:
        upper.setdefault(tie.lower, []).append(tie.upper)
    return upper


def _reached(begin: str, next: Lower, without: str = "") -> set[str]:
    seen, open = {begin}, [begin]
    while open:
        for one in next.get(open.pop(), ()):
            if one not in seen and one != without:
                seen.add(one)
                open.append(one)
    return seen


def _path(lower: Lower, begin: str, end: str) -> list[str]:
    """A shortest path, or nothing."""
    came: dict[str, str] = {begin: ""}
    open = [begin]
    for id in open:
        for one in lower.get(id, ()):
            if one not in came:
                came[one] = id
                open.append(one)
    if end not in came:
        return []
    path = [end]
    while came[path[-1]]:
        path.append(came[path[-1]])
    return path[::-1]


def _mark(node: Node, path: list[str], lower: Lower, event: Event, nodes: Mapping[str, Node]) -> LookAgain:
    alone = not _stands(node.id, event.node, lower, nodes)
    said = f"{nodes[event.node].name} {HAPPENED.get(event.what, event.what)}"
    said += f": {event.detail}" if event.detail else ""
    rests = " It has nothing else to rest on." if alone else " It rests on other things, too."
    reason = f"{said}.{rests if node.id != event.node else ''}"
    return LookAgain(node.id, node.kind, alone, tuple(nodes[one].name for one in path), reason)


def _stands(begin: str, without: str, lower: Lower, nodes: Mapping[str, Node]) -> bool:
    """Is an end reached though one node has fallen?"""
    if begin == without:
        return False
    return any(nodes[id].kind in ENDS and not lower.get(id) for id in _reached(begin, lower, without))


def _briefs(marks: Mapping[str, LookAgain], briefs: Mapping[str, Collection[str]]) -> Iterator[LookAgain]:
    for id, used in sorted(briefs.items()):
        touched = [marks[one] for one in sorted(used) if one in marks]
        if touched:
            worst = max(touched, key=lambda one: one.alone)
            yield LookAgain(
                id, "brief", worst.alone, worst.path, f"It uses what has to be looked at again: {worst.reason}"
            )
