"""The steps from reports to stories, and what people decide about them and about merged claims.

    reports that stand in no story yet > sketches > the stories they touch, grouped again > who moved > booked
    a person's undoing > judgement > booked; the machine never goes against it

Reports are taken in the order of their publication. Of those that stand in a story already only the ones are looked
at that were out within some weeks of the new ones, so that a long ledger costs no more than a short one.
"""

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from purport.app.standing import Decided, Standing
from purport.core.errors import NotFoundError, UsageError
from purport.core.ids import make_id
from purport.core.origins import SameClaim
from purport.core.ports import Clock, Encoder, Joins, Judgements, View
from purport.core.records import Claim, Report
from purport.core.spans import cover, overlaps
from purport.core.stories import APART, MERGED, SAME, SPLIT, Judgement, Passage, Placed, story_id
from purport.core.times import Moment
from purport.trace.known import Known
from purport.trace.same_claim import same_claims
from purport.trace.stories import WINDOW, Stories

WHOLE = (0, 0)  # the span of a report as a whole
MOSTLY = 0.7  # of two spans that is common to both, so that they are one place
TOGETHER = 100  # reports that are grouped before what moved is booked


@dataclass(frozen=True, slots=True)
class Grouping:
    """What reports and claims are joined with."""

    joins: Joins
    judgements: Judgements
    encoder: Encoder
    clock: Clock
    who: str = ""
    standing: Standing = field(default_factory=Standing)
    decided: Decided = field(default_factory=Decided)

    def look(self, view: View) -> Standing:
        """Where reports stand now."""
        self.standing.look(self.joins, view)
        return self.standing

    def judged(self, reports: Collection[str]) -> list[str]:
        """What people decided about some reports, or about claims in them, by the ids of their judgements."""
        return self.decided.about(self.judgements, reports)


def caught_up(tools: Grouping, view: View, ties: Callable[[Collection[str]], Iterable[tuple[str, str]]]) -> Standing:
    """Where all reports stand, after those that stood in no story were grouped; that is booked.

    `ties` tells which of some reports are known to belong together; it is asked only when there are new ones.
    """
    with tools.standing.lock:
        standing = tools.look(view)
        if fresh := standing.waiting():
            near = _near(standing.published, fresh)
            tied: dict[str, list[str]] = {}
            for a, b in ties(near):
                tied.setdefault(a, []).append(b)
                tied.setdefault(b, []).append(a)
            stories = _restored(tools, view, standing.held, near, tied)
            reports = view.some(fresh)
            while some := list(islice(reports, TOGETHER)):
                moved = [one for report in some for one in stories.add(report, tied.get(report.id, ()))]
                tools.joins.place(moved)
            tools.look(view)
        return standing


def _near(published: Mapping[str, str], fresh: Sequence[str]) -> list[str]:
    """The reports that some could be of one story with: those that were out within weeks; all, for want of a date."""
    times = [_when(published[id]) for id in fresh]
    first, last = min(times, default=0.0) - WINDOW, max(times, default=0.0) + WINDOW
    if any(map(math.isnan, times)):
        return list(published)
    return [id for id, said in published.items() if math.isnan(when := _when(said)) or first <= when <= last]


def _when(published: str) -> float:
    return datetime.fromisoformat(published).timestamp() if published else math.nan


def _restored(
    tools: Grouping, view: View, held: Mapping[str, str], near: Sequence[str], tied: Mapping[str, Sequence[str]]
) -> Stories:
    """The stories that some reports could touch, as they stand."""
    apart, together = _pairs(tools.judgements.judgements())
    stories = Stories(tools.encoder, apart, together)
    wanted = {held[id] for id in near if id in held}
    began = {story_id(id): id for id in held}
    standing = [id for id, story in held.items() if story in wanted]  # in the order in which they came to stand in any
    for report in view.some(standing):
        stories.restore(report, began.get(held[report.id], report.id), tied.get(report.id, ()))
    return stories


def _pairs(found: Iterable[Judgement]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Pairs of whole reports that people parted, and that they put together; the last word holds."""
    verdicts: dict[tuple[str, str], str] = {}
    for one in found:
        for a, b in _crossed(one):
            if a.span == b.span == WHOLE:
                verdicts[min(a.report, b.report), max(a.report, b.report)] = one.verdict
    apart, together = ([pair for pair, said in verdicts.items() if said == verdict] for verdict in (APART, SAME))
    return apart, together


def _crossed(one: Judgement) -> Iterator[tuple[Passage, Passage]]:
    yield from ((a, b) for a in one.left for b in one.right)


def parted(tools: Grouping, known: Known) -> frozenset[frozenset[str]]:
    """Pairs of claims that people parted. A claim is found again by its place, whoever read the report since."""
    found: dict[frozenset[str], str] = {}
    places: dict[str, list[Claim]] = {}
    judged = [one for one in tools.judgements.judgements() if any(a.span != WHOLE for a in one.left)]
    if judged:
        for claim in known.claims.values():
            places.setdefault(claim.report, []).append(claim)
    for one in judged:
        for a, b in _crossed(one):
            for first in _at(a, places):
                for second in _at(b, places):
                    found[frozenset((first, second))] = one.verdict
    return frozenset(pair for pair, verdict in found.items() if verdict == APART)


def _at(place: Passage, places: Mapping[str, Sequence[Claim]]) -> list[str]:
    """The claims whose content is, for the most part, at a place."""
    return [
        claim.id
        for claim in places.get(place.report, ())
        if (span := cover(claim.content)) and overlaps(span, place.span) and _share(span, place.span) >= MOSTLY
    ]


def _share(a: tuple[int, int], b: tuple[int, int]) -> float:
    """What two spans have in common, of what they cover together."""
    return (min(a[1], b[1]) - max(a[0], b[0])) / (max(a[1], b[1]) - min(a[0], b[0]))


def merges(
    tools: Grouping, known: Known, about: Callable[[Report, Claim], tuple[Moment, ...]]
) -> tuple[SameClaim, ...]:
    """The claims of a story that say the same thing; what is new is booked."""
    found = same_claims(known, tools.encoder, about, known.apart)
    if found:
        tools.joins.merge(found)
    return found


def undo(tools: Grouping, view: View, merge: str, why: str) -> tuple[Judgement, SameClaim]:
    """Part two claims that the machine merged, for good. Raises NotFoundError, UsageError."""
    one = tools.joins.merged(merge)
    left, right = (_passage(*view.claim(id)) for id in (one.a, one.b))
    return _judged(tools, APART, [left], [right], why, one.id), one


def _passage(claim: Claim, report: Report) -> Passage:
    return Passage(report.id, cover(claim.content))


def split(tools: Grouping, view: View, report: str, why: str) -> tuple[Judgement, tuple[Placed, ...]]:
    """Take a report out of its story, for good. Raises NotFoundError, UsageError."""
    id, held = view.report(report).id, dict(tools.look(view).held)
    others = [other for other, story in held.items() if story == held.get(id) and other != id]
    if not others:
        raise UsageError(f"{id} stands in a story of its own, or in none yet. purport stories lists them.")
    made = _judged(tools, APART, [Passage(id)], [Passage(other) for other in others], why, held[id])
    return made, _moved(tools, held, [others, [id]], SPLIT)


def join(tools: Grouping, view: View, a: str, b: str, why: str) -> tuple[Judgement, tuple[Placed, ...]]:
    """Put the stories of two reports together, for good. Raises NotFoundError, UsageError."""
    held = dict(tools.look(view).held)
    first, second = (view.report(one).id for one in (a, b))
    if not {first, second} <= held.keys():
        raise UsageError("One of these stands in no story yet. purport stories groups what is new.")
    if held[first] == held[second]:
        raise UsageError(f"Both stand in {held[first]} already.")
    left, right = ([Passage(one) for one in held if held[one] == held[side]] for side in (first, second))
    made = _judged(tools, SAME, left, right, why, held[first])
    both = [one for one in held if held[one] in (held[first], held[second])]
    return made, _moved(tools, held, [both], MERGED)


def _moved(tools: Grouping, held: Mapping[str, str], groups: Sequence[Sequence[str]], how: str) -> tuple[Placed, ...]:
    """Book which reports stand elsewhere when these are stories; each group in the order of arrival."""
    moved = []
    for group in groups:
        story = story_id(group[0])
        for report in group:
            if held[report] != story:
                id = make_id("placed", "judged", report, story, held[report], tools.clock.now().isoformat())
                moved.append(Placed(id, report, story, how, held[report]))
    tools.joins.place(moved)
    return tuple(moved)


def _judged(
    tools: Grouping, verdict: str, left: Sequence[Passage], right: Sequence[Passage], why: str, of: str
) -> Judgement:
    if not why.strip():
        raise UsageError("Say why, in a few words: --why TEXT. It is kept beside what the machine found.")
    at = tools.clock.now()
    places = [[place.report, *place.span] for place in (*left, *right)]
    id = make_id("judgement", verdict, of, places, why, tools.who, at.isoformat())
    made = Judgement(id, verdict, tuple(left), tuple(right), why.strip(), tools.who, at, of)
    tools.judgements.judge(made)
    return made


def history(tools: Grouping, story: str) -> tuple[Placed, ...]:
    """How reports came into a story or left it. Raises NotFoundError."""
    found = tuple(tools.joins.history(story))
    if not found:
        raise NotFoundError(f"There is no story {story}. purport stories lists them.")
    return found
