"""The route of one claim: from the report, through whom it credits and cites, to where that ends."""

import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from purport.core.origins import (
    ATTRIBUTION,
    CREDIT_LINE,
    FOOTAGE,
    OWN,
    REFERENCE,
    RELEASE,
    RELEASED_BY,
    SHARED_PASSAGE,
    SPEAKER,
    SPEAKS_FOR,
    UNNAMED,
    Ground,
    Node,
)
from purport.core.records import Claim, Report
from purport.core.references import Reference
from purport.core.spans import cover
from purport.trace.actors import AND, Actor, key_of, outlet_key
from purport.trace.known import Known, Outlet, outlet_node
from purport.trace.released import NARRATOR, SHOWN

Step: TypeAlias = tuple[Node, Node, Ground]

BEFORE = 40  # characters before a cue without a source in which the footage may stand
SILENT = frozenset(("decline", "ask"))  # who declines to speak, or asks, vouches for nothing


def counts(claim: Claim) -> bool:
    """Does a claim pass something on? A repeat (a caption said twice) does not count again."""
    return claim.act not in SILENT and not claim.repeated


def route(claim: Claim, node: Node, known: Known) -> Iterator[Step]:
    """The steps of one claim, outermost first."""
    report = known.reports[claim.report]
    hops = _hops(claim, known)
    fronts = [node]
    credits = _credits(claim, hops, known)
    if credits:
        yield from ((node, credit.node, credit.ground) for credit in credits)
        fronts = [credit.node for credit in credits if not known.held(credit.key, report.id)]
        if not fronts:
            return
    for hop in hops:
        ground = Ground(ATTRIBUTION, known.attributed(hop), report.id, known.place(hop), claim.id)
        nodes = _nodes(hop, claim, known)
        if {one.id for one in nodes} == {one.id for one in fronts}:
            continue
        for upper in fronts:
            for lower in nodes:
                yield upper, lower, ground
                yield from ((upper, lower, quote) for quote in known.quotes.get(hop.id, ()))
                if lower.kind == RELEASE:
                    yield upper, lower, _referred(known.releases[report.id][0])
        yield from _behind(hop, nodes, known)
        fronts = [one for one in nodes if one.kind != UNNAMED and not _speaks_for_itself(one, report, known)]
        if not fronts:
            return


def report_route(report: Report, top: Node, known: Known) -> Iterator[Step]:
    """Where no claim was read: whom the report as a whole copies, credits or shows."""
    for original, passage, copy in known.originals.get(report.id, ()):
        shared = " ".join(report.text[slice(*passage)].split())
        yield top, known.report_node(original), Ground(SHARED_PASSAGE, shared, report.id, passage, copy)
        return
    credits = known.credited(report.id)
    yield from ((top, credit.node, credit.ground) for credit in credits)
    for reference in known.releases.get(report.id, ()):
        yield top, Node(reference.releases[0], RELEASE, ""), _referred(reference)
    own = [note for note in report.credits if outlet_key(note.text) == outlet_key(report.outlet)]
    if own and not credits:
        yield top, _own(report), Ground(CREDIT_LINE, own[0].text, report.id, own[0].span)


def _hops(claim: Claim, known: Known) -> list[Claim]:
    """The claims that a claim lies within, outermost first, then itself."""
    held = [known.claims[hop.claim] for hop in claim.chain if hop.claim in known.claims]
    hops = [one for one in held if one.id != claim.id]
    return [*hops, claim]


def _credits(claim: Claim, hops: Sequence[Claim], known: Known) -> tuple[Outlet, ...]:
    """The credited outlets that a claim came through; none for what the outlet heard itself.

    That is what somebody told it by name ("told the Courier"), and what is said by one whom the credited reports, which
    are all here, don't have.
    """
    credits = known.credited(claim.report)
    report = known.reports[claim.report]
    if any(told(one, report) for one in hops) or (_is_own(known.actors[hops[0].id], report) and len(hops) == 1):
        return ()
    keys = {part for one in hops for part in known.actors[one.id].key.split(AND)} - {""}
    held = [id for credit in credits for id in known.held(credit.key, claim.report)]
    all_held = all(known.held(credit.key, claim.report) for credit in credits)
    if keys and all_held and not any(_has(keys, id, known) for id in held):
        named = {outlet_key(part) for part in keys}
        return tuple(credit for credit in credits if credit.key in named)
    return credits


def _has(keys: set[str], report: str, known: Known) -> bool:
    spoken = {part for key in known.speakers[report] for part in key.split(AND)}
    return bool(keys & spoken) or known.own(report) in {outlet_key(part) for part in keys}


def told(claim: Claim, report: Report) -> bool:
    """Was it said to the outlet itself: "told the Courier", "told our reporter"?"""
    return any(
        re.match(r"(?:our|this)\b", target.text, re.IGNORECASE) or _means(target.text, report)
        for target in claim.target
    )


def _means(said: str, report: Report) -> bool:
    """Is it the report's own outlet, in full or, as in "the Courier", by its last word?"""
    own, named = outlet_key(report.outlet), outlet_key(said)
    return bool(own) and (named == own or (len(named) >= LAST and own.endswith(named)))


LAST = 4  # letters of the last word of an outlet's name that stand for it


def _is_own(actor: Actor, report: Report) -> bool:
    return bool(actor.key) and _means(actor.key, report)


def _own(report: Report) -> Node:
    return Node(f"{OWN}:{outlet_key(report.outlet)}", OWN, f"{report.outlet}’s own account")


def _nodes(hop: Claim, claim: Claim, known: Known) -> list[Node]:
    """Whom one hop names; several where two say it together."""
    report, actor = known.reports[hop.report], known.actors[hop.id]
    if _is_own(actor, report):
        return [_own(report)]
    if is_footage(hop, known):
        return [_footage(hop, known)]
    keys = actor.key.split(AND) if actor.key else []
    if keys:
        names = actor.name.split(" and ") if len(keys) > 1 else [actor.name]
        return [_named(key, name, hop, known) for key, name in zip(keys, names, strict=False)]
    if told(hop, report) and report.outlet:
        return [_own(report)]
    return [_unnamed(report, actor.name)]


def is_footage(hop: Claim, known: Known) -> bool:
    """Is it footage that speaks, or somebody in it?"""
    actor = known.actors[hop.id]
    said = f"{actor.name} {known.attributed(hop)}"
    if hop.source_kind in ("video", "screen") or (not actor.key and NARRATOR.search(said)):
        return True
    text = known.reports[hop.report].text  # "The video appears to show …": what appears is the video
    if hop.source or not hop.cue:
        return False
    before = re.split(r"[.!?\n]", text[max(0, hop.cue[0][0] - BEFORE) : hop.cue[0][0]])[-1]
    return bool(SHOWN.search(before)) or any(SHOWN.match(text, start) for start, _ in hop.content[:1])


def footage_of(claim: Claim, known: Known) -> tuple[Node, ...]:
    """The footage that a claim has its content from, none or one."""
    return (_footage(claim, known),) if is_footage(claim, known) else ()


def _named(key: str, name: str, hop: Claim, known: Known) -> Node:
    outlet = outlet_key(key)
    credited = {credit.key for credits in known.credits.values() for credit in credits}
    if hop.source_kind == "outlet" or outlet in credited or outlet in known.outlets:
        return outlet_node(outlet, name)
    return speaker(key, name)


def speaker(key: str, name: str) -> Node:
    return Node(f"{SPEAKER}:{key}", SPEAKER, re.sub(r"^The\b", "the", name))


def _unnamed(report: Report, said: str) -> Node:
    return Node(f"{UNNAMED}:{report.id}:{key_of(said)}", UNNAMED, said or "no source named")


def _footage(hop: Claim, known: Known) -> Node:
    """Footage whose bytes are here, else the footage that somebody released, else footage of nobody."""
    if found := known.releases.get(hop.report, ()):
        return Node(found[0].releases[0], RELEASE, "")
    if who := known.released.get(hop.report, ()):
        return Node(f"{FOOTAGE}:{who[0][0].key}", FOOTAGE, f"the footage released by {who[0][0].name}")
    return _unnamed(known.reports[hop.report], known.actors[hop.id].name)


def _behind(hop: Claim, nodes: Sequence[Node], known: Known) -> Iterator[Step]:
    """Who released the footage, which release it is, and for whom a spokesperson speaks."""
    actor, who = known.actors[hop.id], known.released.get(hop.report, ())
    for node in nodes:
        if node.kind in (FOOTAGE, RELEASE):
            for one, said, span in who[:1]:
                yield node, speaker(one.key, one.name), Ground(RELEASED_BY, said, hop.report, span)
        if node.kind == SPEAKER and actor.serves and actor.serves != actor.key:
            ground = Ground(SPEAKS_FOR, actor.name, hop.report, cover(hop.source), hop.id)
            yield node, speaker(actor.serves, actor.serves), ground


def _referred(found: Reference) -> Ground:
    return Ground(REFERENCE, found.evidence[0].words if found.evidence else "", found.report, record=found.id)


def _speaks_for_itself(node: Node, report: Report, known: Known) -> bool:
    """Is it an outlet whose own report is here?"""
    kind, _, key = node.id.partition(":")
    return kind == "outlet" and bool(known.held(key, report.id))
