"""The queue of review: what nobody judged yet, what matters most first; what is assigned; how far the work is.

Nothing here looks at the whole ledger: ordered are the latest claims that stand so, as many as said.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import msgspec

from purport.app import looking
from purport.app.browsing import found
from purport.app.house import House
from purport.app.reviewing import kept, standing
from purport.core.briefs import CLAIM
from purport.core.records import Claim, Query, Report
from purport.core.reviews import DIFFERING, DONE, REVIEWED, STATES, UNREVIEWED, Reviewed

LOOKED = 400  # claims that are put in order
UNSURE = 0.6  # a confidence below that is low
SHARP = ("deny", "accuse", "threaten", "claim_responsibility")  # acts whose misreading does most harm


@dataclass(frozen=True, slots=True)
class Waiting:
    """A claim in the queue, with why it stands where it stands."""

    claim: Claim
    report: Report
    reviewed: Reviewed
    because: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of what is to be judged, and how far the work is."""

    waiting: tuple[Waiting, ...]
    looked: int  # claims that were put in order
    more: bool  # are there more that stand so, which were not looked at?
    counts: dict[str, int]  # claims by how they stand, judged ones by their state


def queue(
    house: House,
    query: Query,
    to: str = "",
    briefed: Collection[str] = (),
    disputed: Collection[str] = (),
) -> Queue:
    """What is to be judged, by a query; `to`: instead, of what is assigned to somebody what is not done yet.

    `briefed` and `disputed` are ids of claims that an issued brief rests on, and that others dispute.
    Raises UsageError.
    """
    if to:
        some, more = list(assigned(house, to)), False
    else:
        page = found(house, msgspec.structs.replace(query, reviewed=query.reviewed or UNREVIEWED), LOOKED)
        some, more = list(page.claims), bool(page.next)
        if query == Query(reviewed=query.reviewed):
            held = {claim.id for claim, _ in some}
            some += [house.view.claim(id) for id in sorted(set(briefed) - held)]
    now = standing(house, some)
    waiting = [
        _weighed(claim, report, now.get(claim.id, Reviewed()), briefed, disputed)
        for claim, report in some
        if not claim.repeated and (to or _asked_for(query, now.get(claim.id, Reviewed())))
    ]
    waiting.sort(key=lambda one: -one.weight)  # of the same weight the latest first, as they came
    return Queue(tuple(waiting), len(some), more, progress(house))


def briefed(house: House) -> frozenset[str]:
    """The claims that lines of issued briefs rest on."""
    lines = (line for edition in looking.issued(house) for line in edition.lines)
    return frozenset(one.id for line in lines for one in line.exhibits if one.kind == CLAIM)


def _asked_for(query: Query, now: Reviewed) -> bool:
    wanted = query.reviewed or UNREVIEWED
    return now.state == wanted or (wanted == REVIEWED and now.state != UNREVIEWED)


def _weighed(
    claim: Claim, report: Report, now: Reviewed, briefed: Collection[str], disputed: Collection[str]
) -> Waiting:
    """How much it matters that a person looks at a claim. Who says it, and of whom, plays no part."""
    reasons = [
        (8.0, "in an issued brief", claim.id in briefed),
        (4.0, "judged differently", now.state == DIFFERING),
        (4.0, "disputed", claim.id in disputed),
        (2.0, "distanced", claim.stance == "distanced"),
        (1.0, claim.act.replace("_", " "), claim.act in SHARP),
        (2.0 * (1 - claim.confidence), f"confidence {claim.confidence:.2f}", claim.confidence < UNSURE),
    ]
    told = [(weight, said) for weight, said, holds in reasons if holds]
    return Waiting(claim, report, now, tuple(said for _, said in told), sum(weight for weight, _ in told))


def assigned(house: House, who: str) -> Iterator[tuple[Claim, Report]]:
    """The claims that were given to somebody and are not done, in their reports' latest readings."""
    reports = dict.fromkeys(one.place.report for one in kept(house).reviews(to=who)) if who else {}
    for id in reports:
        report = house.view.report(id)
        claims = next((reading.claims for reading in house.view.readings(id)), ())
        now = standing(house, [(claim, report) for claim in claims])
        for claim in claims:
            if claim.id in now and now[claim.id].to == who and now[claim.id].status != DONE:
                yield claim, report


def progress(house: House) -> dict[str, int]:
    """How many claims stand in which state, and how many were judged at all."""
    counts = kept(house).counts()
    judged = {state: counts.get(state, 0) for state in STATES if state != UNREVIEWED}
    return {REVIEWED: sum(judged.values()), **judged}
