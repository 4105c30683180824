"""Stories: trace them, and what people decide about how claims and reports are joined."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from purport.app import copying, grouping, traces, tracing
from purport.app.footage import find, page_of, pages, references, release
from purport.app.grouping import Grouping
from purport.app.house import House
from purport.core.copies import Copy
from purport.core.errors import NotFoundError, UsageError
from purport.core.matches import Match
from purport.core.origins import Event, LookAgain, SameClaim, Story, Traced
from purport.core.ports import Told
from purport.core.records import Report
from purport.core.references import Reference
from purport.core.stories import Judgement, Placed, story_id
from purport.pipeline import Studio


def traced(
    house: House,
    wanted: Sequence[str] = (),
    until: tuple[datetime, ...] = (),
    studio: tuple[Studio, ...] = (),
    told: Told = lambda share: None,
    kept: Callable[[str], bool] = lambda report: True,
) -> Iterator[Traced]:
    """Stories traced: of a story, report or claim by its id; one story of several reports; or all, without ids.

    `until` leaves out what was not out by an instant; with a `studio`, footage that reports refer to is sought among
    the other releases, as far as the ledger does not hold it. Reports that are not `kept` are left out as if they were
    not there. Raises NotFoundError.
    """
    given = joined(house, tracing.Given())
    corpora = () if house.grouping else (_corpus(house, until, studio, told),)  # stories are found among all reports
    stories = next((one.stories for one in corpora), given.stories)
    now = [_story_now(house, id) for id in wanted]
    chosen = tracing.chosen(house.view, _narrowed(house, now) or stories, now)
    as_it_stands = not (corpora or until or studio)
    late: list[NotFoundError] = []
    told_of = 0
    for one in chosen:
        some = tuple(filter(kept, one.story.reports))
        if not some:
            continue
        one = replace(one, story=Story(one.story.id, some))
        try:
            if as_it_stands:
                yield traces.found(house, _order(house, one), partial(made, house))
            else:
                corpus = next(iter(corpora), None) or _opened(house, _beside(house, one.story), until, studio, told)
                yield tracing.trace(corpus, tracing.out(corpus, one), one.claim)
            told_of += 1
        except NotFoundError as error:
            late = [error]
    for one_late in late:
        if wanted or not told_of:  # of all stories those that were out are told
            raise one_late


def made(house: House, order: traces.Order) -> Traced:
    """A story traced now, whatever is kept."""
    corpus = _opened(house, order.beside, (), (), lambda share: None)
    one = tracing.Wanted(order.story, order.claim)
    return tracing.trace(corpus, tracing.out(corpus, one), one.claim)


def trace_apart(house: House, order: traces.Order) -> None:
    """What a worker does: a story is traced and kept, unless it was in the meantime."""
    if not list(traces.kept(house, order)):
        traces.keep(house, order, made(house, order))


def ahead(house: House, reports: int) -> Iterator[traces.Order]:
    """The stories of so many reports, the latest first, that were not traced yet as they stand now."""
    joined(house, tracing.Given())
    seen: set[str] = set()
    latest = house.view.latest_reports(reports) if house.traces else ()
    for tools in house.grouping:
        for _, report, _ in latest:
            held = tools.standing.held.get(report.id, "")
            if held and held not in seen and tools.standing.has(held):
                seen.add(held)
                order = _order(house, tracing.Wanted(tools.standing.story(held)))
                if not list(traces.kept(house, order)):
                    yield order


def _order(house: House, one: tracing.Wanted) -> traces.Order:
    return traces.ordered(house, one.story, one.claim, _beside(house, one.story))


def _beside(house: House, story: Story) -> tuple[Story, ...]:
    """The stories that a story's reports stand in."""
    return tuple(one for tools in house.grouping for one in tools.standing.beside(story.reports))


def _opened(
    house: House, stories: Sequence[Story], until: tuple[datetime, ...], studio: tuple[Studio, ...], told: Told
) -> tracing.Corpus:
    """The reports of some stories, and nothing else of the ledger."""
    reports = [id for one in stories for id in one.reports]
    some = _decided(house, replace(_found(house, reports, studio, told), stories=stories, copied=_copied(house)))
    return tracing.corpus(house.view, pages(house, reports), some, until, reports)


def _decided(house: House, given: tracing.Given) -> tracing.Given:
    """With what people decided about claims, and with what finds those that say one thing."""
    for tools in house.grouping:
        merge = partial(grouping.merges, tools, about=tracing.about)
        return replace(given, merge=merge, parted=partial(grouping.parted, tools))
    return given


def _corpus(house: House, until: tuple[datetime, ...], studio: tuple[Studio, ...], told: Told) -> tracing.Corpus:
    given = joined(house, replace(_found(house, (), studio, told), copied=_copied(house)))
    return tracing.corpus(house.view, lambda report: page_of(house, report), given, until)


def _found(house: House, reports: Sequence[str], studio: tuple[Studio, ...], told: Told) -> tracing.Given:
    """What ties some reports, or all, beside their own words."""
    releases = list(house.view.releases())
    found = _references(house, reports)
    meant = {id: release(house, id) for one in found if len(one.releases) == 1 for id in one.releases}
    shown = sorted(id for id, (one, _) in meant.items() if one.prints)
    matches = [match for id in shown for match in _seen(house, id, studio, told)]
    return tracing.Given(found, matches, releases)


def _references(house: House, reports: Sequence[str]) -> list[Reference]:
    """Which releases some reports, or all, refer to: none where there is no release."""
    some = next(iter(house.view.releases()), None) is not None
    return [one for _, one in references(house, reports)] if some else []


def _copied(house: House) -> Callable[[Mapping[str, Report]], Sequence[Copy]]:
    """How the words are found that reports share: looked up, once those that are new were compared."""
    for book in house.copybook:
        copying.caught_up(book, house.view)
        return partial(copying.among, book)
    return tracing.compared


def whole(house: House) -> tracing.Corpus:
    """All that the ledger holds, read, tied and grouped."""
    return _corpus(house, (), (), lambda share: None)


def _seen(house: House, id: str, studio: tuple[Studio, ...], told: Told) -> Iterator[Match]:
    """Where a release was seen before: sought with a studio, else as it was booked last."""
    for tools in studio:
        yield from (sighting.match for sighting in find(house, tools, id, told).sightings)
    for kept in () if studio else house.view.compared(id):
        yield from kept.matches


def _story_now(house: House, id: str) -> str:
    """An id that a story once had leads to the story in which the report that began it stands now."""
    return next((tools.standing.now(id) for tools in house.grouping if id.startswith("story-")), id)


def _narrowed(house: House, wanted: Sequence[str]) -> tuple[Story, ...]:
    """The story that is named by a whole id, its own or that of a report in it, if it is: there may be many others."""
    for tools in house.grouping if len(wanted) == 1 else ():
        (id,) = wanted
        story = tools.standing.held.get(id, id)
        return (tools.standing.story(story),) if tools.standing.has(story) else ()
    return ()


def standing(house: House) -> tuple[Story, ...]:
    """The stories with their reports, those with the most first, without tracing any; new reports are grouped first."""
    if not house.grouping:
        return _corpus(house, (), (), lambda share: None).stories
    return tuple(joined(house, tracing.Given()).stories)


def undo(house: House, merge: str, why: str, who: str = "") -> tuple[Judgement, SameClaim]:
    """Part two claims that the machine took for one, for good. Raises NotFoundError, UsageError."""
    return grouping.undo(_tools(house, who), house.view, merge, why)


def split(house: House, report: str, why: str, who: str = "") -> tuple[Judgement, tuple[Placed, ...]]:
    """Take a report out of its story, for good. Raises NotFoundError, UsageError."""
    return grouping.split(_tools(house, who), house.view, report, why)


def join(house: House, a: str, b: str, why: str, who: str = "") -> tuple[Judgement, tuple[Placed, ...]]:
    """Put the stories of two reports together, for good. Raises NotFoundError, UsageError."""
    return grouping.join(_tools(house, who), house.view, a, b, why)


def history(house: House, story: str) -> tuple[Placed, ...]:
    """How reports came into a story or left it, in order. Raises NotFoundError."""
    return grouping.history(_tools(house), story)


def began(house: House, story: str) -> str:
    """The report that began a story, by the story's id or the beginning of it. Raises NotFoundError."""
    for one in _tools(house).joins.placed():
        if story_id(one.report).startswith(story.strip()):
            return one.report
    raise NotFoundError(f"There is no story {story}. purport stories lists them.")


def _tools(house: House, who: str = "") -> Grouping:
    """What stories are kept with; what is decided is this person's, or else whoever opened the house's."""
    for tools in house.grouping:
        return replace(tools, who=who or tools.who)
    raise UsageError("Stories are kept where the house has an encoder; this one has none.")


def joined(house: House, given: tracing.Given) -> tracing.Given:
    """With the stories, after new reports were grouped into them, and with what people decided about them."""
    return next((_joined(house, tools, given) for tools in house.grouping), given)


def _joined(house: House, tools: Grouping, given: tracing.Given) -> tracing.Given:
    known = _decided(house, given)
    if house.aside and tools.look(house.view).waiting():
        with tools.standing.apart:  # others who wait for the same find it done
            if tools.look(house.view).waiting():
                traces.apart(house, traces.GROUP, b"", "new reports")

    def ties(among: Collection[str]) -> Iterable[tuple[str, str]]:
        some = replace(known, references=_references(house, list(among)), copied=_copied(house))
        return tracing.tied(house.view, pages(house, among), some, among)

    stories = grouping.caught_up(tools, house.view, ties).stories()
    return replace(known, stories=stories)


def ripple(
    house: House, event: Event, briefs: Mapping[str, Sequence[str]] | None = None
) -> tuple[tuple[LookAgain, ...], str]:
    """What rests on something that happened to a report, claim, release or node, and the name of that.

    `briefs` says which claims and reports each issued brief uses. Raises NotFoundError.
    """
    return tracing.look_again(whole(house), house.view, event, briefs or {})
