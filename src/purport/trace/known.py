"""What is known of the reports of a graph before a tie is drawn: who is who, who credits whom, what was copied."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeAlias

from purport.core.copies import A_TO_B, B_TO_A, BOILERPLATE, COPY, REWRITTEN, Copy
from purport.core.origins import CREDIT_LINE, OUTLET, REPORT, Ground, Node
from purport.core.records import Claim, Report
from purport.core.references import FIRM, LIKELY, Reference
from purport.core.spans import Span, cover, words
from purport.trace.actors import Actor, actors, fuller, in_full, outlet_key
from purport.trace.quotes import by_quotation
from purport.trace.released import releasers

NEVER = datetime.max.replace(tzinfo=UTC)
INSIDE = 0.8  # share of a claim that must stand in a passage for it to be copied with it

Copied: TypeAlias = tuple[str, Span, str]  # from which report, in which passage of the copy, by which record


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet or agency that a report credits, with the words."""

    key: str
    name: str
    ground: Ground

    @property
    def node(self) -> Node:
        return outlet_node(self.key, self.name)


def rank(report: Report) -> tuple[datetime, str]:
    """By which reports are put in order: those whose publication is not known come last."""
    return (report.published[0].start if report.published else NEVER), report.id


def outlet_node(key: str, name: str) -> Node:
    return Node(f"{OUTLET}:{key}", OUTLET, name)


@dataclass(frozen=True, slots=True)
class Known:
    """All that routes are read from, by the ids of reports and claims."""

    reports: Mapping[str, Report]
    claims: Mapping[str, Claim]
    actors: Mapping[str, Actor]
    quotes: Mapping[str, tuple[Ground, ...]]
    outlets: Mapping[str, tuple[str, ...]]  # reports by their outlet's key, the earliest first
    credits: Mapping[str, tuple[Outlet, ...]]
    released: Mapping[str, tuple[tuple[Actor, str, Span], ...]]  # who released the footage that a report speaks of
    releases: Mapping[str, tuple[Reference, ...]]  # which footage it is, where the ledger holds it
    originals: Mapping[str, tuple[Copied, ...]]
    speakers: Mapping[str, frozenset[str]]  # keys of those who speak in a report
    apart: frozenset[frozenset[str]] = frozenset()  # pairs of claims that a person parted

    def report_node(self, id: str) -> Node:
        report = self.reports[id]
        title = " ".join(report.title.split())
        return Node(id, REPORT, ": ".join(filter(None, (report.outlet, title))) or " ".join(report.text[:60].split()))

    def own(self, report: str) -> str:
        """The key of a report's own outlet."""
        return outlet_key(self.reports[report].outlet)

    def before(self, one: str, other: str) -> bool:
        """Was one report published before the other? Where that isn't known, the order of ids decides."""
        return self.rank(one) < self.rank(other)

    def may_rest(self, upper: str, lower: str) -> bool:
        """Can one report rest on another? Not on one that is known to be later."""
        dated = self.reports[upper].published and self.reports[lower].published
        return not dated or self.before(lower, upper)

    def rank(self, id: str) -> tuple[datetime, str]:
        return rank(self.reports[id])

    def credited(self, report: str) -> tuple[Outlet, ...]:
        return self.credits.get(report, ())

    def held(self, outlet: str, report: str) -> tuple[str, ...]:
        """The outlet's own reports that a report may rest on: those that came before it.

        Where all came later, all of them: outlets change what they published, and the day they give with it.
        """
        others = [id for id in self.outlets.get(outlet, ()) if id != report]
        return tuple([id for id in others if self.before(id, report)] or others)

    def attributed(self, claim: Claim) -> str:
        text = self.reports[claim.report].text
        return " ".join(f"{words(text, claim.source)} {words(text, claim.cue)}".split())

    def place(self, claim: Claim) -> Span:
        return cover((*claim.source, *claim.cue, *claim.content))

    def copied(self, claim: Claim) -> tuple[Copied, ...]:
        """What a claim was copied from, none or one: a credited outlet's report first, then the earliest."""
        originals = self.originals.get(claim.report, ())
        if not originals:  # as it is with most, and this is asked of every claim
            return ()
        span = self.place(claim)
        found = [one for one in originals if _share(span, one[1]) >= INSIDE]
        credited = {outlet.key for outlet in self.credited(claim.report)}
        found.sort(key=lambda one: (self.own(one[0]) not in credited, self.rank(one[0]), one[1]))
        return tuple(found[:1])


def _share(inner: Span, outer: Span) -> float:
    common = min(inner[1], outer[1]) - max(inner[0], outer[0])
    return max(0, common) / max(1, inner[1] - inner[0])


def know(
    readings: Sequence[tuple[Report, Sequence[Claim]]], copies: Sequence[Copy], references: Sequence[Reference]
) -> Known:
    """Bring together what stands in several reports: names in their fullest form, quotations, copies, releases."""
    reports = {report.id: report for report, _ in readings}
    said = {report.id: actors(claims, report) for report, claims in readings}
    each = [(claim, report) for report, claims in readings for claim in claims]
    who = _in_full({id: one for found in said.values() for id, one in found.items()})
    quoted, grounds = by_quotation(each, who)
    who = who | quoted
    outlets: dict[str, tuple[str, ...]] = {}
    known = Known(
        reports=reports,
        claims={claim.id: claim for claim, _ in each},
        actors=who,
        quotes=grounds,
        outlets=outlets,
        credits={report.id: tuple(_credits(report)) for report, _ in readings},
        released={report.id: tuple(releasers(report, claims, who)) for report, claims in readings},
        releases=_single(references),
        originals={},
        speakers={report.id: frozenset(who[claim.id].key for claim in claims) - {""} for report, claims in readings},
    )
    for id in sorted(reports, key=known.rank):
        if own := known.own(id):
            outlets[own] = (*outlets.get(own, ()), id)
    return replace(known, originals=_originals(copies, known))


def _in_full(found: Mapping[str, Actor]) -> dict[str, Actor]:
    whole = fuller(key for one in found.values() for key in (one.key, one.serves))
    return {id: Actor(in_full(one.key, whole), one.name, in_full(one.serves, whole)) for id, one in found.items()}


def _credits(report: Report) -> Iterator[Outlet]:
    """Whom a report credits, its own outlet left out: "Harbour Wire, Northlight" are two."""
    seen = {outlet_key(report.outlet)}
    for note in report.credits:
        if note.kind == "reporting" and not report.outlet:
            continue
        for name in _names(note.text):
            if (found := outlet_key(name)) and found not in seen:
                seen.add(found)
                yield Outlet(found, name, Ground(CREDIT_LINE, note.text.strip(" \t\n—–-"), report.id, note.span))


def _names(credit: str) -> Iterator[str]:
    for part in credit.replace(" and ", ",").replace("/", ",").replace("&", ",").split(","):
        if name := part.strip(" \t\n—–-.“”\"'"):
            yield name


def _single(references: Sequence[Reference]) -> dict[str, tuple[Reference, ...]]:
    """References that lead to one release, with more than a length to go by."""
    found: dict[str, tuple[Reference, ...]] = {}
    for one in references:
        if len(one.releases) == 1 and one.firmness in (FIRM, LIKELY):
            found[one.report] = (*found.get(one.report, ()), one)
    return found


def _originals(copies: Sequence[Copy], known: Known) -> dict[str, tuple[Copied, ...]]:
    """For each copying report the passages that it took, and from which report.

    Where the direction is not known, the report that was published first counts as the original.
    """
    found: dict[str, list[Copied]] = {}
    for copy in copies:
        if copy.kind not in (COPY, REWRITTEN) or not {copy.a, copy.b} <= known.reports.keys():
            continue
        forward = copy.direction == A_TO_B or (copy.direction != B_TO_A and known.before(copy.a, copy.b))
        original, taker = (copy.a, copy.b) if forward else (copy.b, copy.a)
        for passage in copy.passages:
            if passage.kind != BOILERPLATE:
                found.setdefault(taker, []).append((original, passage.b if forward else passage.a, copy.id))
    return {id: tuple(sorted(each)) for id, each in found.items()}
