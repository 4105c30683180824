"""The path of tracing, on one page.

    reports with their claims > who is who > graph > stories > N, K, U; threads; disputes; timeline

It asks the ledger and changes nothing in it: what is found can be found again from what is kept. Which stories reports
stand in, and what people decided about them, is kept (`grouping.py`) and given.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from purport.collect.embeds import canonical, embeds
from purport.core.copies import Copy
from purport.core.errors import NotFoundError
from purport.core.ids import make_id
from purport.core.matches import Match
from purport.core.origins import Event, Graph, Link, LookAgain, SameClaim, Story, Traced
from purport.core.ports import View
from purport.core.records import Capture, Claim, Release, Report
from purport.core.references import Reference
from purport.core.spans import cover
from purport.core.times import Moment, iso
from purport.read.dates import spoken_of
from purport.read.footing import addresses
from purport.read.quotes import inside
from purport.trace.copies import Copies
from purport.trace.disputes import disputes
from purport.trace.graph import Material, build
from purport.trace.known import Known, know, rank
from purport.trace.origins import account, narrowed
from purport.trace.ripple import ripple
from purport.trace.routes import counts
from purport.trace.threads import carried, groups, running, said_in, story_account
from purport.trace.timeline import by_then, timeline
from purport.trace.together import stories, ties


@dataclass(frozen=True, slots=True)
class Corpus:
    """The reports that are looked at, with all that ties them."""

    material: Material
    known: Known
    graph: Graph
    stories: tuple[Story, ...]
    same: tuple[SameClaim, ...]
    taken: Mapping[str, datetime]  # when captures were taken, by their ids
    until: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """What is known beside the reports' own words."""

    references: Sequence[Reference] = ()
    matches: Sequence[Match] = ()
    releases: Sequence[tuple[Release, Capture]] = ()
    same: Sequence[SameClaim] = ()
    stories: Sequence[Story] = ()  # none: reports are put together by what ties them
    merge: Callable[[Known], tuple[SameClaim, ...]] = (
        lambda known: ()
    )  # finds the claims that say one thing, in a story
    parted: Callable[[Known], frozenset[frozenset[str]]] = lambda known: frozenset()  # claims that a person parted
    copied: Callable[[Mapping[str, Report]], Sequence[Copy]] = lambda reports: compared(reports)  # words they share


def corpus(
    view: View,
    page: Callable[[Report], str],
    given: Given = Given(),
    until: tuple[datetime, ...] = (),
    wanted: Collection[str] = (),
) -> Corpus:
    """All reports of the ledger that were out at an instant, or those wanted; read, tied and grouped.

    `page` is the mark-up that a report was taken from.
    """
    readings, taken = [], {}
    # those wanted are opened alone and together: a ledger may hold a million others
    captures = view.captures_of(wanted)
    for report, claims in _read(view, wanted) if wanted else _all(view):
        at = (captures.get(report.id) or view.capture(report.capture)).taken
        if all(by_then(report, at, instant) for instant in until):
            taken[report.capture] = at
            readings.append((report, claims))
    material = _material(readings, page, given)
    known = _known(material, given)
    grouped = _grouped(given.stories, known) or stories(
        known, material.copies, material.links, given.same, material.references
    )
    found = Corpus(material, known, build(material, known), grouped, tuple(given.same), taken, until)
    return replace(found, same=(*found.same, *_merged(found, given)))


def _merged(found: Corpus, given: Given) -> Iterator[SameClaim]:
    """The claims that say one thing, story by story."""
    readings = {report.id: (report, claims) for report, claims in found.material.readings}
    for story in found.stories:
        if len(story.reports) > 1:
            yield from given.merge(_alone(found, [readings[id] for id in story.reports]))


def _alone(found: Corpus, readings: Sequence[tuple[Report, Sequence[Claim]]]) -> Known:
    """What is known of a story's reports, as if there were no others."""
    if len(readings) == len(found.known.reports):
        return found.known
    return replace(know(readings, (), ()), apart=found.known.apart)


def tied(view: View, page: Callable[[Report], str], given: Given, among: Collection[str]) -> Iterator[tuple[str, str]]:
    """Pairs of some reports that have something in common which few have: words, footage, a link, speakers."""
    material = _material(_read(view, among), page, given)
    return ties(_known(material, given), material.copies, material.links, given.same, material.references)


def _material(
    readings: Sequence[tuple[Report, Sequence[Claim]]], page: Callable[[Report], str], given: Given
) -> Material:
    reports = {report.id: report for report, _ in readings}
    return Material(
        readings=readings,
        copies=given.copied(reports),
        references=given.references,
        matches=given.matches,
        links=tuple(_links(reports, page)),
        releases=given.releases,
    )


def _known(material: Material, given: Given) -> Known:
    known = know(material.readings, material.copies, material.references)
    return replace(known, apart=given.parted(known))


def _grouped(found: Iterable[Story], known: Known) -> tuple[Story, ...]:
    """The stories, as far as their reports are looked at; those with the most reports first."""
    inside = (_of(story, [id for id in story.reports if id in known.reports], known) for story in found)
    some = [story for story in inside if story.reports]
    return tuple(sorted(some, key=lambda one: (-len(one.reports), known.rank(one.reports[0]))))


def _of(story: Story, ids: Collection[str], known: Known) -> Story:
    return Story(story.id, tuple(sorted(ids, key=known.rank)))


def _published(report: Report) -> str:
    return next((iso(moment.start) for moment in report.published), "")


def _read(view: View, ids: Collection[str]) -> list[tuple[Report, tuple[Claim, ...]]]:
    """Some reports with the claims of their latest readings, in the order of their publication."""
    claims = view.claims_of(ids)
    return [(report, claims.get(report.id, ())) for report in sorted(view.some(ids), key=_published)]


def _all(view: View) -> Iterator[tuple[Report, tuple[Claim, ...]]]:
    for report in view.reports():
        yield report, next((reading.claims for reading in view.readings(report.id)), ())


def compared(reports: Mapping[str, Report]) -> tuple[Copy, ...]:
    """What some reports share, found now."""
    return Copies(reports.__getitem__, lambda report: inside(report.text)).add(*reports.values())


def _links(reports: Mapping[str, Report], page: Callable[[Report], str]) -> Iterator[Link]:
    """Where one report gives the address of another, in its text or its page."""
    at = {address: id for id, report in reports.items() if (address := canonical(report.url))}
    if not at or len(reports) == 1:
        return
    for report in reports.values():
        given = [(url, span) for url, span in addresses(report.text)]
        given += [(one.url, one.span) for one in embeds(page(report), report.url)]
        seen = {report.id}
        for url, span in given:
            to = at.get(canonical(url), "")
            if to and to not in seen:
                seen.add(to)
                yield Link(report.id, to, url, span)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A story that is asked for, or a claim in it, by the reports or the claim that were named, if any were."""

    story: Story
    claim: str = ""
    named: tuple[str, ...] = ()  # reports that must have been out


def chosen(view: View, stories: Sequence[Story], wanted: Sequence[str]) -> Iterator[Wanted]:
    """The stories that are asked for. Raises NotFoundError.

    An id may be shortened as elsewhere. Several reports are taken for one story, whatever ties them.
    """
    if not stories:
        raise NotFoundError(_NOTHING.format(when=""))
    if not wanted:
        yield from map(Wanted, stories)
        return
    if len(wanted) > 1:
        reports = {report.id: report for report in map(view.report, wanted)}
        ids = tuple(sorted(reports, key=lambda id: rank(reports[id])))
        yield Wanted(Story(make_id("story", *ids), ids), named=ids)
        return
    (id,) = wanted
    stories_by_id = [story for story in stories if story.id.startswith(id) or story.id.startswith(f"story-{id}")]
    if len(stories_by_id) == 1 and not id.startswith(("report", "claim")):
        yield Wanted(stories_by_id[0])
        return
    if id.startswith("story"):
        raise NotFoundError(f"There is no story {id}. purport trace --all lists {len(stories)} of them.")
    claim = ""
    if not id.startswith("report"):
        try:
            claim = view.claim(id)[0].id
        except NotFoundError:
            if id.startswith("claim"):
                raise
    try:
        report = view.claim(claim)[1].id if claim else view.report(id).id
    except NotFoundError as error:
        if id.startswith(("report", "claim")) or claim:
            raise
        raise NotFoundError(f"No story, report or claim has an id that begins with {id}. {error}") from error
    yield Wanted(story_of(stories, report), claim, (report,))


_NOTHING = "There is no report{when} to trace. Read some first: purport read FILE, or purport demo."


def out(found: Corpus, wanted: Wanted) -> Story:
    """A story as far as it was out by the instant that is looked at. Raises NotFoundError."""
    for id in wanted.named:
        if id not in found.known.reports:
            raise NotFoundError(f"{id} was not out by {iso(found.until[0])}. Give a later --as-of, or none.")
    story = _of(wanted.story, [id for id in wanted.story.reports if id in found.known.reports], found.known)
    if not story.reports:
        raise NotFoundError(_NOTHING.format(when=f" that was out by {iso(found.until[0])}"))
    return story


def trace(found: Corpus, story: Story, claim: str = "") -> Traced:
    """All that can be told of one story, or of one claim in it and those that say the same."""
    part = within_story(found, story.reports)
    same = groups(part.known, part.same)
    threads = running(part.known, part.graph, same)
    contested, copied = disputes(part.known), tuple(part.material.copies)
    if claim:
        group = next((one for one in same if claim in one), {claim})
        threads = tuple(thread for thread in threads if claim in thread.claims)
        ids = {part.known.claims[one].report for one in group}
        counted = account(part.graph, ids, group)
        contested = tuple(one for one in contested if group & {side.claim for side in (one.first, *one.answers)})
        copied = tuple(copy for copy in copied if copy.a in ids and copy.b in ids)
        title = said_in(part.known.claims[claim], part.known)
    else:
        counted = story_account(part.known, part.graph, same)
        title = threads[0].words if threads else part.known.report_node(story.reports[0]).name
    entries = timeline(part.known, threads, part.taken, about)
    return Traced(
        story=story.id,
        title=title,
        graph=narrowed(part.graph, group if claim else carried(part.known, same)),
        account=counted,
        threads=threads,
        disputes=contested,
        copies=copied,
        timeline=tuple(one for one in entries if one.claim in group) if claim else entries,
        until=part.until,
        merges=tuple(one for one in part.same if {one.a, one.b} <= (group if claim else part.known.claims.keys())),
    )


def within_story(found: Corpus, ids: Collection[str]) -> Corpus:
    """The corpus narrowed to some reports, as if there were no others."""
    if set(ids) == found.known.reports.keys():
        return found
    made = found.material
    material = replace(
        made,
        readings=[(report, claims) for report, claims in made.readings if report.id in ids],
        copies=[copy for copy in made.copies if copy.a in ids and copy.b in ids],
        references=[one for one in made.references if one.report in ids],
        links=[link for link in made.links if link.report in ids and link.to in ids],
    )
    known = replace(know(material.readings, material.copies, material.references), apart=found.known.apart)
    return replace(found, material=material, known=known, graph=build(material, known))


def about(report: Report, claim: Claim) -> tuple[Moment, ...]:
    """The time that a claim's content speaks of, none or one."""
    if not (claim.content and counts(claim)):
        return ()
    return _spoken_of(report.text, cover(claim.content), report.published)


# it is asked twice of each claim of a story: by who joins claims and by the timeline
_spoken_of = lru_cache(1 << 10)(spoken_of)


def look_again(
    found: Corpus, view: View, event: Event, briefs: Mapping[str, Collection[str]]
) -> tuple[tuple[LookAgain, ...], str]:
    """What rests on something that was edited, deleted, denied or found reused, and its name. Raises NotFoundError."""
    id = node_of(found, event.node)
    marks = ripple(found.graph, Event(id, event.what, event.detail), groups(found.known, found.same), briefs)
    return marks, next(node.name for node in found.graph.nodes if node.id == id)


def node_of(found: Corpus, named: str) -> str:
    """The node that is meant by its id, the beginning of it, or the name of who speaks. Raises NotFoundError."""
    names = {node.id: node.name for node in found.graph.nodes}
    wanted = named.lower()
    ids = [id for id in names if id == wanted or id.startswith(wanted) or id.endswith(f":{wanted}")]
    ids = [id for id in ids if id == f"speaker:{wanted}"] or ids  # a bare name is whoever is called so
    if not ids:
        raise NotFoundError(
            f"Nothing rests on {named}. Name a report, claim or release by its id, or an origin as purport trace "
            "--json gives it, such as speaker:coast monitor."
        )
    if len(ids) > 1 and wanted not in ids:
        raise NotFoundError(f"{named} could be {', '.join(ids[:5])}. Name one of them.")
    return wanted if wanted in ids else ids[0]


def story_of(found: Iterable[Story], report: str) -> Story:
    return next(story for story in found if report in story.reports)
