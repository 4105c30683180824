"""What has to be looked at again when something that others rest on was edited, deleted, denied or found reused."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from purport.core.origins import CLAIM, DELETED, DENIED, EDITED, REPORT, REUSED, Event, Graph, LookAgain
from purport.trace.origins import ENDS, narrowed

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
    group = {id: set(claims) for claims in same for id in claims}
    marks: dict[str, LookAgain] = {}
    above = _above(graph, event.node)
    for id in sorted(above & {id for id, node in nodes.items() if node.kind == CLAIM}):
        seen = narrowed(graph, group.get(id, {id}))
        if path := _path(seen, id, event.node):
            marks[id] = _mark(id, CLAIM, path, seen, event, graph)
    holding = {tie.upper for tie in graph.ties if tie.lower in marks}
    for id in sorted(above & {id for id, node in nodes.items() if node.kind == REPORT}):
        path = _path(graph, id, event.node)
        direct = len(path) > 1 and nodes[path[1]].kind != CLAIM
        if path and (id in holding or direct or id == event.node):
            marks[id] = _mark(id, REPORT, path, graph, event, graph)
    return (*marks.values(), *_briefs(marks, briefs or {}))


def _above(graph: Graph, id: str) -> set[str]:
    upper: dict[str, list[str]] = {}
    for tie in graph.ties:
        upper.setdefault(tie.lower, []).append(tie.upper)
    seen, open = {id}, [id]
    while open:
        for one in upper.get(open.pop(), ()):
            if one not in seen:
                seen.add(one)
                open.append(one)
    return seen


def _path(graph: Graph, begin: str, end: str) -> list[str]:
    """A shortest path, or nothing."""
    lower: dict[str, list[str]] = {}
    for tie in graph.ties:
        lower.setdefault(tie.upper, []).append(tie.lower)
    came: dict[str, str] = {begin: ""}
    open = [begin]
    for id in open:
        for one in sorted(lower.get(id, ())):
            if one not in came:
                came[one] = id
                open.append(one)
    if end not in came:
        return []
    path = [end]
    while came[path[-1]]:
        path.append(came[path[-1]])
    return path[::-1]


def _mark(id: str, kind: str, path: list[str], seen: Graph, event: Event, graph: Graph) -> LookAgain:
    names = {node.id: node.name for node in graph.nodes}
    alone = not _stands(seen, id, event.node)
    said = f"{names[event.node]} {HAPPENED.get(event.what, event.what)}" + (f": {event.detail}" if event.detail else "")
    rests = "has nothing else to rest on" if alone else "rests on other things, too"
    return LookAgain(id, kind, alone, tuple(names[one] for one in path), f"{said}. It {rests}.")


def _stands(graph: Graph, begin: str, without: str) -> bool:
    """Is an end reached though one node has fallen?"""
    if begin == without:
        return False
    nodes = {node.id: node for node in graph.nodes}
    lower: dict[str, list[str]] = {}
    for tie in graph.ties:
        lower.setdefault(tie.upper, []).append(tie.lower)
    seen, open = {begin}, [begin]
    while open:
        id = open.pop()
        if nodes[id].kind in ENDS and not lower.get(id):
            return True
        for one in lower.get(id, ()):
            if one not in seen and one != without:
                seen.add(one)
                open.append(one)
    return False


def _briefs(marks: Mapping[str, LookAgain], briefs: Mapping[str, Collection[str]]) -> Iterator[LookAgain]:
    for id, used in sorted(briefs.items()):
        touched = [marks[one] for one in sorted(used) if one in marks]
        if touched:
            worst = max(touched, key=lambda one: one.alone)
            yield LookAgain(
                id, "brief", worst.alone, worst.path, f"It uses what has to be looked at again: {worst.reason}"
            )
