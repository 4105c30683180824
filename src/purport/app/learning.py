"""What can be learned from judgements: where two people agree, and texts with what people say is claimed in them.

The lines are what `training/prepare.py` reads: `text` and `attributions` with source, cue and content as pieces.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import msgspec

from purport.app.house import House
from purport.app.reviewing import kept
from purport.core.records import Claim, Report
from purport.core.reviews import (
    CONFIRMED,
    CORRECTED,
    DIFFERING,
    JUDGED,
    REJECTED,
    UNREVIEWED,
    Agreement,
    Review,
    Reviewed,
    Said,
    changed,
    machine,
    reviewed,
    settled,
)
from purport.core.spans import words
from purport.core.times import iso


def agreement(house: House) -> tuple[Agreement, ...]:
    """Of each two people who judged the same claims; those with the most first."""
    said: dict[str, dict[str, str]] = {}
    for _, _, claims in judged(house):
        for claim, now in claims:
            for one in now.words:
                said.setdefault(one.who, {})[claim.id] = one.what
    found = []
    for a, b in combinations(sorted(said), 2):
        both = said[a].keys() & said[b].keys()
        if both:
            same = sum(said[a][id] == said[b][id] for id in both)
            found.append(Agreement(a, b, len(both), same, _chance(said[a], said[b], both)))
    return tuple(sorted(found, key=lambda one: -one.both))


def _chance(a: dict[str, str], b: dict[str, str], both: set[str]) -> float:
    def often(said: dict[str, str], what: str) -> float:
        return sum(said[id] == what for id in both) / len(both)

    return sum(often(a, what) * often(b, what) for what in JUDGED)


def judged(house: House) -> Iterator[tuple[Report, Sequence[Claim], list[tuple[Claim, Reviewed]]]]:
    """Each report of which anything was decided, its latest reading, and how those of its claims stand."""
    rows: dict[str, list[Review]] = {}
    for one in kept(house).reviews():
        rows.setdefault(one.place.report, []).append(one)
    for id, found in rows.items():
        claims = next((reading.claims for reading in house.view.readings(id)), ())
        about = settled(found, claims)
        standing = [(claim, reviewed(about[claim.id])) for claim in claims if claim.id in about]
        if standing:
            yield house.view.report(id), claims, standing


def export(house: House, whole: bool = False) -> Iterator[dict[str, Any]]:
    """A line for each report of which a claim was judged; `whole`: only where all its claims are, by all alike."""
    for report, claims, standing in judged(house):
        now = {claim.id: state for claim, state in standing}
        line = _line(report, claims, now)
        if line["judgements"] and (line["complete"] or not whole):
            yield line


def _line(report: Report, claims: Sequence[Claim], now: dict[str, Reviewed]) -> dict[str, Any]:
    kept: dict[str, list[dict[str, Any]]] = {"attributions": [], "rejected": [], "open": []}
    judgements = []
    for claim in claims:
        stands = now.get(claim.id, Reviewed())
        said, sort = machine(claim), "open"
        if stands.state in (CONFIRMED, CORRECTED):
            said, sort = next(iter(stands.words[-1].said), said), "attributions"
        elif stands.state == REJECTED:
            sort = "rejected"
        kept[sort].append(_said(said, report) | {"claim": claim.id})
        judgements += [_judgement(claim, report, one) for one in stands.words]
    settled = all(now.get(claim.id, Reviewed()).state not in (UNREVIEWED, DIFFERING) for claim in claims)
    named = {"id": report.id, "text": report.text, "language": report.language}
    return named | kept | {"complete": settled, "judgements": judgements}


def _judgement(claim: Claim, report: Report, one: Review) -> dict[str, Any]:
    said = next(iter(one.said), machine(claim))
    return {
        "claim": claim.id,
        "review": one.id,
        "what": one.what,
        "who": one.who,
        "at": iso(one.at),
        "why": one.why,
        "changed": list(changed(machine(claim), said)),
        "machine": _said(machine(claim), report),
        "person": [] if one.what == REJECTED else [_said(said, report)],
    }


def _said(said: Said, report: Report) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.to_builtins(said)
    return shown | {"words": {role: words(report.text, getattr(said, role)) for role in ("source", "cue", "content")}}
