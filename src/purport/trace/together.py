"""Which reports belong together: by copies, the same claims, the same footage, links, credits and speakers.

Plain connection, nothing learnt: by itself it stands in for stories (`stories`) where there is no encoder to group
reports as they arrive (`trace/stories.py`), and there it tells which reports are tied (`ties`).
"""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import combinations, pairwise

from purport.core.copies import BOILERPLATE, Copy
from purport.core.ids import make_id
from purport.core.origins import Link, SameClaim, Story
from purport.core.references import Reference
from purport.trace.actors import outlet_key
from purport.trace.known import NEVER, Known
from purport.trace.threads import groups

SPEAKERS = 2  # named speakers that two reports have in common
DAYS = timedelta(days=4)  # between two reports that are joined by their speakers
NAMES = 2  # that a report and one it cites have in common
MANY = 12  # reports in which a speaker is heard: too many to join them

_NAMED = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{2,}")  # written large, and not at the beginning of a sentence


def stories(
    known: Known,
    copies: Iterable[Copy] = (),
    links: Iterable[Link] = (),
    same: Iterable[SameClaim] = (),
    references: Iterable[Reference] = (),
) -> tuple[Story, ...]:
    """Every report in exactly one story; those with the most reports first. The id is that of the earliest report's."""
    leader = {id: id for id in known.reports}

    def lead(id: str) -> str:
        while leader[id] != id:
            id = leader[id]
        return id

    for a, b in ties(known, copies, links, same, references):
        if a in leader and b in leader:
            a, b = sorted((lead(a), lead(b)), key=known.rank)
            leader[b] = a
    held: dict[str, list[str]] = {}
    for id in sorted(known.reports, key=known.rank):
        held.setdefault(lead(id), []).append(id)
    found = [Story(make_id("story", first), tuple(ids)) for first, ids in held.items()]
    return tuple(sorted(found, key=lambda one: (-len(one.reports), known.rank(one.reports[0]))))


def ties(
    known: Known,
    copies: Iterable[Copy] = (),
    links: Iterable[Link] = (),
    same: Iterable[SameClaim] = (),
    references: Iterable[Reference] = (),
) -> Iterator[tuple[str, str]]:
    """Pairs of reports that have something in common which few reports have."""
    yield from ((copy.a, copy.b) for copy in copies if copy.kind != BOILERPLATE)
    yield from ((link.report, link.to) for link in links)
    yield from _by_claims(known, same)
    yield from _by_footage(references)
    yield from _by_credit(known)
    yield from _by_speakers(known)


def _by_claims(known: Known, same: Iterable[SameClaim]) -> Iterator[tuple[str, str]]:
    for group in groups(known, same):
        reports = sorted({known.claims[id].report for id in group})
        yield from pairwise(reports)


def _by_footage(references: Iterable[Reference]) -> Iterator[tuple[str, str]]:
    first: dict[str, str] = {}
    for one in references:
        if len(one.releases) == 1:
            yield first.setdefault(one.releases[0], one.report), one.report


def _by_credit(known: Known) -> Iterator[tuple[str, str]]:
    """A report and that of an outlet it credits or cites, where both hear one speaker or name the same places."""
    named = {id: frozenset(_NAMED.findall(report.text)) for id, report in known.reports.items()}
    for id in known.reports:
        cited = {outlet.key for outlet in known.credited(id)}
        cited |= {outlet_key(key) for key in known.speakers[id]} & known.outlets.keys()
        for outlet in cited:
            for other in known.held(outlet, id):
                if known.speakers[id] & known.speakers[other] or len(named[id] & named[other]) >= NAMES:
                    yield id, other


def _by_speakers(known: Known) -> Iterator[tuple[str, str]]:
    heard: dict[str, list[str]] = {}
    for id in sorted(known.reports):
        for key in known.speakers[id]:
            heard.setdefault(key, []).append(id)
    common: dict[tuple[str, str], int] = {}
    for reports in heard.values():
        if len(reports) <= MANY:
            for pair in combinations(reports, 2):
                common[pair] = common.get(pair, 0) + 1
    for (a, b), count in common.items():
        times = known.rank(a)[0], known.rank(b)[0]
        if count >= SPEAKERS and NEVER not in times and abs(times[0] - times[1]) <= DAYS:
            yield a, b
