"""Stories: reports that belong together, and what each of them rests on."""

import base64
import hashlib
import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import msgspec
from litestar import Response, get

from purport import app
from purport.app import looking
from purport.brief import trace_picture, trace_tree
from purport.brief import words as say
from purport.core.origins import SameClaim, Story, Traced
from purport.core.people import REVIEWER
from purport.core.records import Report
from purport.desk.pages import AT_ONCE, Asked, page
from purport.desk.people import person
from purport.desk.premises import Here, Premises
from purport.desk.views.answers import address
from purport.desk.views.asked import Id, Skip
from purport.desk.views.decided import marked
from purport.desk.views.lines import title
from purport.desk.views.telling import Told, tell

COUNTED = 6  # reports: stories with so many together are traced for a page of the list
MERGES = 60  # that are shown
OTHERS = 60  # stories that are offered to be put to one; any other by its id

MARKS = 8  # "look again" on a story's page


def policy(drawn: str) -> str:
    """A picture opened by itself may have the style that is in it, and nothing else."""
    style = drawn.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"


def traced(here: Premises, id: str) -> Traced:
    """A story by its id, or the one that a report or claim stands in. Raises NotFoundError."""
    state = here.state()
    found = here.told.recall(state, ("story", id), lambda: next(iter(app.traced(here.house, (id,)))))
    if not id.startswith("claim"):
        here.counted.recall(state, found.story, lambda: summary(found))
    return found


def told(here: Premises, id: str) -> Told:
    return here.told.recall(here.state(), ("told", id), lambda: tell(here.house, traced(here, id)))


def listed(here: Premises, skip: int, reports: int = 0) -> list[dict[str, Any]]:
    """Some stories in short, those with the most reports first.

    Those that were not traced since the ledger changed are traced, as long as they have not more than so many
    `reports` together (0: whatever they have). Of the others it is told how many reports they have; their origins are
    counted when they are opened.
    """
    state, left = here.state(), reports or math.inf
    some = stood(here)[skip : skip + AT_ONCE]
    found: dict[str, dict[str, Any]] = {}
    for story in some:
        known = here.counted.known(state, story.id)
        if not known and len(story.reports) <= left:
            left -= len(story.reports)
            known = (here.counted.recall(state, story.id, partial(_counted, here, story.id)),)
        for one in known:
            found[story.id] = one
    rest = {story.reports[0]: story for story in some if story.id not in found}
    found |= {rest[report.id].id: uncounted(rest[report.id], report) for report in here.house.view.some(rest)}
    return [found[story.id] for story in some]


def _counted(here: Premises, id: str) -> dict[str, Any]:
    return summary(next(iter(app.traced(here.house, (id,)))))


def stood(here: Premises) -> Sequence[Story]:
    """All stories, without tracing any."""
    return app.standing(here.house)


def uncounted(story: Story, first: Report) -> dict[str, Any]:
    return {
        "story": story.id,
        "title": title(first),
        "counted": f"{say.number(len(story.reports), 'report')}, origins not counted yet",
        "reports": len(story.reports),
        "origins": [],
        "untraceable": 0,
        "disputes": 0,
    }


def summary(traced: Traced) -> dict[str, Any]:
    account = traced.account
    return {
        "story": traced.story,
        "title": traced.title,
        "counted": trace_tree.counted(account),
        "reports": len(account.reports),
        "origins": [origin.name for origin in account.origins],
        "untraceable": len(account.untraceable),
        "disputes": len(traced.disputes),
    }


class Merged(msgspec.Struct, frozen=True):
    """Two claims that were taken for one, in the words of both."""

    id: str
    sides: tuple[tuple[str, str], ...]  # outlet, words
    agreed: str


def said(merge: SameClaim, story: Told) -> Merged:
    sides = [one for one in merge.evidence if one.span != (0, 0)]
    agreed = dict.fromkeys(one.kind.removeprefix("same ") for one in merge.evidence if one.record == merge.a)
    return Merged(merge.id, tuple((story.outlet(one.report), one.words) for one in sides), ", ".join(agreed))


@get("/stories", sync_to_thread=True, include_in_schema=False)
def stories(request: Asked, here: Here, skip: Skip = 0) -> Response[str]:
    more = skip + AT_ONCE if len(stood(here)) > skip + AT_ONCE else 0
    return page("stories", request, here, stories=listed(here, skip, COUNTED), more=more)


def _subjects(found: Told) -> list[str]:
    """What marks of a story may be about: its reports; its claims have theirs on their own pages."""
    return [report.id for report in found.listed]


@get("/story/{id:str}", sync_to_thread=True, include_in_schema=False)
def story(request: Asked, here: Here, id: Id) -> Response[str]:
    found = told(here, id)
    drawn = found.traced, found.reports
    looks = looking.marks(here.house, _subjects(found), only_open=True, limit=MARKS)
    return page(
        "story",
        request,
        here,
        asked=id,
        narrowed=id.startswith("claim"),  # one claim in it, and those that say the same
        story=found,
        judge=marked(request, here, found.shown),
        looks=looks,
        names=looking.names(here.house, looks),
        may_work=person(request, here).may(REVIEWER),
        may=person(request, here).may(REVIEWER) and bool(here.house.grouping),
        alt=trace_picture.told(*drawn),
        size=trace_picture.size(*drawn),
    )


@get("/story/{id:str}/arrange", opt={"role": REVIEWER}, sync_to_thread=True, include_in_schema=False)
def arrange(request: Asked, here: Here, id: Id) -> Response[str]:
    """The forms that join and part: reports and stories, and claims that were taken for one."""
    found = told(here, id)
    merges = [said(one, found) for one in found.traced.merges[:MERGES]]
    others = [one for one in stood(here)[: OTHERS + 1] if one.id != found.traced.story][:OTHERS]
    titles = {report.id: title(report) for report in here.house.view.some(one.reports[0] for one in others)}
    offered = [(one.id, titles[one.reports[0]]) for one in others]
    return page("arrange", request, here, story=found, merges=merges, others=offered)


@get("/story/{id:str}/origins.svg", sync_to_thread=True, include_in_schema=False)
def origins(here: Here, id: Id) -> Response[bytes]:
    found = told(here, id)
    drawn = trace_picture.draw(found.traced, found.reports)
    return Response(drawn.encode(), media_type="image/svg+xml", headers={"content-security-policy": policy(drawn)})


@address("/api/stories")
def api_stories(here: Here, skip: Skip = 0) -> list[dict[str, Any]]:
    """Fifty stories in short, those with the most reports first: which independent origins, how many untraceable,
    how many disputes."""
    return listed(here, skip)


@address("/api/story/{id:str}")
def api_story(here: Here, id: Id) -> Response[dict[str, Any]]:
    """A story, by its id or that of a report or claim in it, as `purport trace --json` prints it."""
    return Response(trace_tree.as_json(traced(here, id)))


HANDLERS = (stories, story, arrange, origins, api_stories, api_story)
