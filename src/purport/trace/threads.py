"""What is claimed in several reports: the claims that say one thing, and which of a story's claims are carried on.

Claims are joined by records that say so (`SameClaim`), by a passage that was copied, by the same quotation, or by the
same words of the same actor. A denial is never joined with what it denies.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from functools import cache

from purport.core.ids import make_id
from purport.core.origins import UNNAMED, Account, Graph, SameClaim, Thread
from purport.core.records import Claim
from purport.core.spans import words
from purport.trace.known import Known
from purport.trace.origins import account
from purport.trace.quotes import quotations
from purport.trace.routes import counts, footage_of

LEAST = 3  # words that make a content more than a turn of phrase
ALIKE = 0.7  # share of their words that two claims of one copied passage have in common

_WORD = re.compile(r"\w[\w’'-]*")


def threads(known: Known, graph: Graph, same: Iterable[SameClaim] = ()) -> tuple[Thread, ...]:
    """The threads that run through two reports or more, those through the most reports first."""
    return running(known, graph, groups(known, same))


def running(known: Known, graph: Graph, groups: Iterable[set[str]]) -> tuple[Thread, ...]:
    """The threads of claims that were put together already (`groups`)."""
    found = []
    for group in groups:
        reports = {known.claims[id].report for id in group}
        if len(reports) > 1:
            first = min(group, key=lambda id: (known.rank(known.claims[id].report), known.place(known.claims[id]), id))
            said = said_in(known.claims[first], known)
            id = make_id("thread", first)
            found.append(Thread(id, said, tuple(sorted(group)), account(graph, reports, group)))
    return tuple(sorted(found, key=lambda one: (-len(one.account.reports), -len(one.claims), one.id)))


def said_in(claim: Claim, known: Known) -> str:
    text = known.reports[claim.report].text
    return " ".join((words(text, claim.content) or words(text, claim.cue)).split())


def groups(known: Known, same: Iterable[SameClaim] = ()) -> list[set[str]]:
    """Claims that say one thing, each in exactly one group."""
    leader = {id: id for id in sorted(known.claims) if counts(known.claims[id])}

    def lead(id: str) -> str:
        while leader[id] != id:
            leader[id] = leader[leader[id]]
            id = leader[id]
        return id

    held = {id: {id} for id in leader}
    parted = [pair for pair in known.apart if pair <= leader.keys()]
    joined = [(one.a, one.b) for one in same if {one.a, one.b} <= leader.keys()]
    for a, b in (*joined, *_alike(known, leader), *_copied(known, leader)):
        a, b = sorted((lead(a), lead(b)))
        if a == b or any(pair <= held[a] | held[b] for pair in parted):
            continue
        leader[b] = a
        held[a] |= held.pop(b)
    found: dict[str, set[str]] = {}
    for id in leader:
        found.setdefault(lead(id), set()).add(id)
    return list(found.values())


def _alike(known: Known, ids: Collection[str]) -> Iterator[tuple[str, str]]:
    """Claims with the same quotation, and those of the same actor in the same words."""
    first: dict[tuple[object, ...], str] = {}
    for id in sorted(ids):
        claim = known.claims[id]
        keys: list[tuple[object, ...]] = [
            ("quote", said, _side(claim)) for said in quotations(claim, known.reports[claim.report])
        ]
        keys += [("footage", *node, *_side(claim)) for node in _footage(claim, known)]
        content = _words(claim, known)
        if len(content) >= LEAST and known.actors[id].key:
            keys.append(("words", known.actors[id].key, *content, *_side(claim)))
        for key in keys:
            yield first.setdefault(key, id), id


def _footage(claim: Claim, known: Known) -> Iterator[tuple[str, str]]:
    """The footage that a claim tells of, where it is one that can be told from others."""
    yield from ((node.kind, node.id) for node in footage_of(claim, known) if node.kind != UNNAMED)


def _copied(known: Known, ids: Collection[str]) -> Iterator[tuple[str, str]]:
    """Claims of a copied passage and those in the report that it was copied from."""
    by_report: dict[str, list[str]] = {}
    for id in sorted(ids):
        by_report.setdefault(known.claims[id].report, []).append(id)

    @cache
    def said(id: str) -> frozenset[str]:
        return frozenset(_words(known.claims[id], known))

    for id in sorted(ids):
        claim = known.claims[id]
        for original, _, _ in known.copied(claim):
            scored = [(_share(said(id), said(one)), one) for one in by_report.get(original, ())]
            scored = [(score, one) for score, one in scored if _side(known.claims[one]) == _side(claim)]
            best, one = max(scored, default=(0.0, ""))
            if best >= ALIKE:
                yield one, id


def _words(claim: Claim, known: Known) -> tuple[str, ...]:
    return tuple(word.lower() for word in _WORD.findall(said_in(claim, known)))


def _side(claim: Claim) -> tuple[bool, str]:
    """What two claims must agree in to say one thing: whether it is denied, and whether it holds."""
    return claim.act in ("deny", "doubt"), claim.polarity


def _share(a: Set[str], b: Set[str]) -> float:
    return len(a & b) / len(a | b) if a | b else 0.0


def carried(known: Known, groups: Iterable[Collection[str]]) -> set[str]:
    """The claims that a story's count looks at: what two reports or more say in words of their own, with its copies.

    A report that shares nothing so stands with all that it says. Copies are not counted as sharing, so that one more
    copy changes nothing.
    """
    chosen: set[str] = set()
    for group in groups:
        if len({known.claims[id].report for id in group if not known.copied(known.claims[id])}) > 1:
            chosen |= set(group)
    shares = {known.claims[id].report for id in chosen}
    return chosen | {id for id, claim in known.claims.items() if claim.report not in shares and counts(claim)}


def story_account(known: Known, graph: Graph, found: Sequence[Collection[str]]) -> Account:
    """N, K and U of all reports that are known, over what they carry."""
    return account(graph, list(known.reports), carried(known, found) or [""])
