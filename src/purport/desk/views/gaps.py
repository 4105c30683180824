"""Gaps: what could not be fetched, read or decided, newest first."""

from typing import Annotated

from litestar import Response, get
from litestar.params import QueryParameter

from purport.desk.pages import AT_ONCE, Asked, link, page
from purport.desk.premises import Here
from purport.desk.views.asked import Before

Cause = Annotated[str, QueryParameter(max_length=60)]


@get("/gaps", sync_to_thread=True, include_in_schema=False)
def gaps(request: Asked, here: Here, cause: Cause = "", before: Before = 0) -> Response[str]:
    view = here.house.view
    found = view.latest_gaps(AT_ONCE + 1, before, cause)
    some = found[:AT_ONCE]
    return page(
        "gaps",
        request,
        here,
        gaps=[gap for _, gap in some],
        causes=view.causes(),
        cause=cause,
        before=before,
        total=view.sizes()["gaps"],
        next=link("/gaps", {"cause": cause}, before=some[-1][0]) if len(found) > AT_ONCE else "",
    )


HANDLERS = (gaps,)
