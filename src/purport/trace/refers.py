"""Which release a report refers to, by what it gives of it: an address, a length, a day.

This is tracing: it compares what `collect` and `read` found in one report with the releases that are known, and
decides nothing where two of them fit.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from purport.core.ids import make_id
from purport.core.records import Capture, Release, Report
from purport.core.references import FIRM, LIKELY, POSSIBLE, UNDECIDABLE, Address, Evidence, Footing, Reference
from purport.core.times import iso
from purport.core.transcript import clock

VERSION = "1"  # of the rules below


@dataclass(frozen=True, slots=True)
class Known:
    """The releases, and which of them have an address; addresses in their canonical form."""

    releases: tuple[Release, ...]
    at: Mapping[str, tuple[str, ...]]


def known(releases: Iterable[tuple[Release, Capture]], canonical: Callable[[str], str]) -> Known:
    """The releases with the addresses that their bytes were taken from."""
    held, at = list[Release](), dict[str, tuple[str, ...]]()
    for release, capture in releases:
        held.append(release)
        for address in {canonical(capture.url), canonical(capture.place)} - {""}:
            at[address] = (*at.get(address, ()), release.id)
    return Known(tuple(held), at)


def references(
    report: Report,
    addresses: Sequence[Address],
    footings: Sequence[Footing],
    among: Known,
    canonical: Callable[[str], str],
) -> tuple[Reference, ...]:
    """What a report refers to; firm references first, then those by length and day, in the order of the text."""
    firm: dict[str, list[Evidence]] = {}
    for address in addresses:
        form = canonical(address.url)
        for id in among.at.get(form, ()):
            firm.setdefault(id, []).append(Evidence(address.how, address.url, address.span, form))
    loose = []
    for footing in footings:
        fitting = {one.id: found for one in among.releases if (found := tuple(_fits(footing, one)))}
        most = max(map(len, fitting.values()), default=0)
        best = {id: found for id, found in fitting.items() if len(found) == most}
        linked = [id for id in best if id in firm]
        if len(linked) == 1:  # the video that the report links to is the one it describes
            firm[linked[0]] += best[linked[0]]
        elif not linked and best:
            loose.append(_loose(report, best))
    return (*(_reference(report, (id,), evidence, FIRM) for id, evidence in firm.items()), *_once(loose))


def _fits(footing: Footing, release: Release) -> Iterator[Evidence]:
    """What a text states of footage and a release has; nothing where the length stated is not the release's."""
    if footing.kind != release.kind and not (footing.kind == "audio" and release.kind == "video"):
        return
    low, high = footing.seconds
    if high:
        if not low <= release.duration <= high:
            return
        yield Evidence("length", footing.length, footing.span, f"{clock(release.duration)} long")
    for day in footing.date:
        for created in release.created:
            if day.start < created.end and created.start < day.end:
                yield Evidence("date", day.words, day.span, f"made {iso(created.start)}, as its file states")


def _loose(report: Report, best: dict[str, tuple[Evidence, ...]]) -> Reference:
    found = list(dict.fromkeys(evidence for one in best.values() for evidence in one))
    if len(best) > 1:
        return _reference(report, tuple(best), found, UNDECIDABLE)
    return _reference(report, tuple(best), found, LIKELY if len(found) > 1 else POSSIBLE)


def _reference(report: Report, releases: tuple[str, ...], evidence: Sequence[Evidence], firmness: str) -> Reference:
    held = tuple(dict.fromkeys(evidence))
    id = make_id("reference", VERSION, report.id, releases, held)
    return Reference(id, report.id, releases, held, firmness)


def _once(loose: Sequence[Reference]) -> Iterator[Reference]:
    """Of references to the same releases the firmest, with the evidence of all."""
    rank = (LIKELY, POSSIBLE, UNDECIDABLE)
    by_releases: dict[tuple[str, ...], list[Reference]] = {}
    for one in loose:
        by_releases.setdefault(one.releases, []).append(one)
    for found in by_releases.values():
        firmest = min(found, key=lambda one: rank.index(one.firmness))
        evidence = tuple(dict.fromkeys(each for one in found for each in one.evidence))
        id = make_id("reference", VERSION, firmest.report, firmest.releases, evidence)
        yield Reference(id, firmest.report, firmest.releases, evidence, firmest.firmness)
