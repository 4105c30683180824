"""Stories: reports that belong together, and what each of them rests on."""

import base64
import hashlib
from typing import Annotated, Any

from litestar import Response, get
from litestar.params import QueryParameter

from purport import app
from purport.brief import trace_picture, trace_tree
from purport.core.errors import NotFoundError
from purport.core.origins import Traced
from purport.desk.pages import AT_ONCE, Asked, page
from purport.desk.premises import Here, Premises
from purport.desk.views.answers import address
from purport.desk.views.report import Id
from purport.desk.views.telling import Told, tell

Skip = Annotated[int, QueryParameter(ge=0, le=2**53, description="So many are passed over.")]


def policy(drawn: str) -> str:
    """A picture opened by itself may have the style that is in it, and nothing else."""
    style = drawn.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"


def traced(here: Premises, id: str) -> Traced:
    """A story by its id, or the one that a report or claim stands in. Raises NotFoundError."""
    return here.told.recall(here.state(), ("story", id), lambda: next(iter(app.traced(here.house, (id,)))))


def told(here: Premises, id: str) -> Told:
    return here.told.recall(here.state(), ("told", id), lambda: tell(here.house, traced(here, id)))


def summaries(here: Premises) -> list[dict[str, Any]]:
    """All stories in short, those with the most reports first; none if there is no report."""

    def found() -> list[dict[str, Any]]:
        try:
            return [summary(one) for one in app.traced(here.house)]
        except NotFoundError:
            return []

    return here.told.recall(here.state(), "stories", found)


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


@get("/stories", sync_to_thread=True, include_in_schema=False)
def stories(request: Asked, here: Here, skip: Skip = 0) -> Response[str]:
    found = summaries(here)
    more = skip + AT_ONCE if len(found) > skip + AT_ONCE else 0
    return page("stories", request, here, stories=found[skip : skip + AT_ONCE], more=more)


@get("/story/{id:str}", sync_to_thread=True, include_in_schema=False)
def story(request: Asked, here: Here, id: Id) -> Response[str]:
    found = told(here, id)
    drawn = found.traced, found.reports
    return page(
        "story",
        request,
        here,
        asked=id,
        narrowed=id.startswith("claim"),  # one claim in it, and those that say the same
        story=found,
        alt=trace_picture.told(*drawn),
        size=trace_picture.size(*drawn),
    )


@get("/story/{id:str}/origins.svg", sync_to_thread=True, include_in_schema=False)
def origins(here: Here, id: Id) -> Response[bytes]:
    found = told(here, id)
    drawn = trace_picture.draw(found.traced, found.reports)
    return Response(drawn.encode(), media_type="image/svg+xml", headers={"content-security-policy": policy(drawn)})


@address("/api/stories")
def api_stories(here: Here) -> list[dict[str, Any]]:
    """All stories in short: how many reports, which independent origins, how many untraceable, how many disputes."""
    return summaries(here)


@address("/api/story/{id:str}")
def api_story(here: Here, id: Id) -> Response[dict[str, Any]]:
    """A story, by its id or that of a report or claim in it, as `purport trace --json` prints it."""
    return Response(trace_tree.as_json(traced(here, id)))


HANDLERS = (stories, story, origins, api_stories, api_story)
