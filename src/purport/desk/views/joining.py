"""Stories put together and taken apart, and claims that were taken for one; each with a reason."""

from typing import Annotated

import msgspec
from litestar import post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from purport import app
from purport.core.errors import UsageError
from purport.core.people import REVIEWER
from purport.desk.pages import Asked
from purport.desk.people import need
from purport.desk.premises import Here


class Form(msgspec.Struct):
    token: str = ""
    does: str = ""  # part | split | join
    merge: str = ""  # of claims
    report: str = ""
    other: str = ""  # a report or a story
    why: str = ""


@post("/stories/judged", opt={"role": REVIEWER}, status_code=303, sync_to_thread=True, include_in_schema=False)
def decide(
    request: Asked, here: Here, data: Annotated[Form, Body(media_type=RequestEncodingType.URL_ENCODED)]
) -> Redirect:
    """Book it, and show the story in which the report stands now. Raises UsageError, NotFoundError."""
    who = need(request, here, REVIEWER).name
    if data.does == "part":
        made, _ = app.undo(here.house, data.merge, data.why, who)
        return Redirect(f"/story/{made.left[0].report}", status_code=303)
    if data.does == "split":
        app.split(here.house, data.report, data.why, who)
    elif data.does == "join":
        other = app.began(here.house, data.other) if data.other.strip().startswith("story-") else data.other.strip()
        app.join(here.house, data.report, other, data.why, who)
    else:
        raise UsageError("Part, split or join: the form says none of these.")
    return Redirect(f"/story/{here.house.view.report(data.report).id}", status_code=303)


HANDLERS = (decide,)
