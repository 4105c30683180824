"""Today: what came in, newest first."""

from litestar import Response, get

from purport.desk.pages import Asked, page
from purport.desk.premises import Here


@get("/", sync_to_thread=True, include_in_schema=False)
def today(request: Asked, here: Here) -> Response[str]:
    return page("today", request, here)


HANDLERS = (today,)
