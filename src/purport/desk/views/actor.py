"""An actor as quoted: what a public office, group or outlet claims, and what is claimed of it."""

from typing import Annotated

from litestar import Response, get
from litestar.params import QueryParameter

from purport import app
from purport.app import quoting
from purport.desk.pages import Asked, page
from purport.desk.premises import Here
from purport.desk.views.decided import marked
from purport.desk.views.lines import line
from purport.desk.views.telling import faced

SHOWN = 40  # claims by, and as many about

Name = Annotated[str, QueryParameter(max_length=quoting.LONGEST, description="As sources are named.")]


@get("/actor", sync_to_thread=True, include_in_schema=False)
def actor(request: Asked, here: Here, name: Name = "") -> Response[str]:
    """Made anew whenever it is asked for; persons have no such page (docs/desk.md)."""
    found = here.told.recall(
        here.state(),
        ("actor", name),
        lambda: quoting.quoted(here.house, name, lambda one: app.page_of(here.house, one)),
    )
    by, about = found.by[:SHOWN], found.about[:SHOWN]
    faces = {side.claim: side.report for one in found.disputes for side in (one.first, *one.answers)}
    reports = {id: here.house.view.report(id) for id in set(faces.values())}
    return page(
        "actor",
        request,
        here,
        found=found,
        by=[line(*pair) for pair in by],
        about=[line(*pair) for pair in about],
        disputes=[faced(one, reports) for one in found.disputes[:SHOWN]],
        judge=marked(request, here, {claim.id: report.id for claim, report in (*by, *about)} | faces),
    )


HANDLERS = (actor,)
