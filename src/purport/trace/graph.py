"""The provenance graph of some reports: which account rests on which, each tie with its evidence.

    report > claim > (what it was copied from, or: credited outlet > speaker > footage) > who released it

Where a claim stands in a passage that was copied, it rests on the report it was copied from and on nothing else: a
copy hears nobody. Where a report credits an outlet whose own report is here, that report speaks for itself. A chain
ends at the first hop that can't be told from others ("sources"): what lies behind nobody is not reached.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from purport.core.copies import Copy
from purport.core.matches import SAME_FOOTAGE as SHOWS_THE_SAME
from purport.core.matches import Match
from purport.core.origins import (
    ATTRIBUTION,
    CLAIM,
    HELD,
    LINK,
    OUTLET,
    REFERENCE,
    RELEASE,
    REPORT,
    SAME_FOOTAGE,
    SHARED_PASSAGE,
    Graph,
    Ground,
    Link,
    Node,
    Tie,
)
from purport.core.records import Capture, Claim, Release, Report
from purport.core.references import Reference
from purport.core.spans import words
from purport.trace.known import Known
from purport.trace.routes import counts, report_route, route

Step: TypeAlias = tuple[Node, Node, Ground]


@dataclass(frozen=True, slots=True)
class Material:
    """What is known of some reports; each part may be missing."""

    readings: Sequence[tuple[Report, Sequence[Claim]]]
    copies: Sequence[Copy] = ()
    references: Sequence[Reference] = ()
    matches: Sequence[Match] = ()
    links: Sequence[Link] = ()
    releases: Sequence[tuple[Release, Capture]] = field(default=())


def build(material: Material, known: Known) -> Graph:
    """The graph of what is known of some material; the same in any order."""
    steps: list[Step] = []
    for report, claims in material.readings:
        steps += _of_report(report, claims, known)
    steps += _links(material.links, known)
    steps += _footage(material.matches, material.releases)
    used = {node.id for step in steps for node in step[:2]}
    alone = [known.report_node(report.id) for report, _ in material.readings]
    alone += [node for node in (_release(*pair) for pair in material.releases) if node.id in used]
    return gathered(steps, alone)


def gathered(steps: Iterable[Step], alone: Iterable[Node] = ()) -> Graph:
    """Nodes and ties of some steps, each once."""
    nodes: dict[str, set[Node]] = {}
    ties: dict[tuple[str, str], set[Ground]] = {}
    for node in alone:
        nodes.setdefault(node.id, set()).add(node)
    for upper, lower, ground in steps:
        nodes.setdefault(upper.id, set()).add(upper)
        nodes.setdefault(lower.id, set()).add(lower)
        if upper.id != lower.id:
            ties.setdefault((upper.id, lower.id), set()).add(ground)
    return Graph(
        nodes=tuple(_called(nodes[id]) for id in sorted(nodes)),
        ties=tuple(Tie(*ends, tuple(sorted(ties[ends], key=_in_order))) for ends in sorted(ties)),
    )


def _called(same: Iterable[Node]) -> Node:
    """Of several names for a node the fullest; its id where it has none."""
    best = min(same, key=_fullest)
    return best if best.name else Node(best.id, best.kind, best.id)


def _fullest(node: Node) -> tuple[int, str]:
    return -len(node.name.split()), node.name


def _in_order(ground: Ground) -> tuple[str, ...]:
    return ground.kind, ground.report, f"{ground.span[0]:09}", ground.words, ground.record


def _of_report(report: Report, claims: Sequence[Claim], known: Known) -> Iterator[Step]:
    top = known.report_node(report.id)
    spoken = [claim for claim in claims if counts(claim)]
    for claim in spoken:
        said = words(report.text, claim.content) or words(report.text, claim.cue)
        node = Node(claim.id, CLAIM, " ".join(said.split()))
        ground = Ground(ATTRIBUTION, known.attributed(claim), report.id, known.place(claim), claim.id)
        yield top, node, ground
        copied = known.copied(claim)
        if copied:
            original, passage, copy = copied[0]
            shared = " ".join(report.text[slice(*passage)].split())
            yield node, known.report_node(original), Ground(SHARED_PASSAGE, shared, report.id, passage, copy)
        else:
            yield from route(claim, node, known)
    if not spoken:
        yield from report_route(report, top, known)
    for outlet in known.credited(report.id):
        for other in known.held(outlet.key, report.id):
            yield outlet.node, known.report_node(other), Ground(HELD, outlet.name, other)


def _links(links: Iterable[Link], known: Known) -> Iterator[Step]:
    for link in links:
        if (
            link.report != link.to
            and {link.report, link.to} <= known.reports.keys()
            and known.may_rest(link.report, link.to)
        ):
            ground = Ground(LINK, link.address, link.report, link.span)
            yield known.report_node(link.report), known.report_node(link.to), ground


def _footage(matches: Iterable[Match], releases: Sequence[tuple[Release, Capture]]) -> Iterator[Step]:
    """What shows the same as an older release rests on that one."""
    taken = {release.id: (release, capture) for release, capture in releases}
    for match in matches:
        if match.kind != SHOWS_THE_SAME or not {match.query, match.reference} <= taken.keys():
            continue
        newer, older = sorted((match.query, match.reference), key=lambda id: age(*taken[id]), reverse=True)
        there = f"{match.reference_start:.1f}–{match.reference_end:.1f} s"
        said = f"{match.query_start:.1f}–{match.query_end:.1f} s shows {there}"
        yield _release(*taken[newer]), _release(*taken[older]), Ground(SAME_FOOTAGE, said, record=match.reference)


def age(release: Release, capture: Capture) -> tuple[str, str]:
    """When it was made, as far as that is known, and otherwise taken; the same for the same pair."""
    made = release.created[0].start if release.created else capture.taken
    return made.isoformat(), release.id


def _release(release: Release, capture: Capture) -> Node:
    return Node(release.id, RELEASE, capture.place.rpartition("/")[2] or release.id)


__all__ = ["OUTLET", "REFERENCE", "REPORT", "Material", "build", "gathered"]
