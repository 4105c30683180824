"""Sources: what is watched, how it stands, and when it could not be had; and whose reports there are."""

from litestar import Response, get

from purport.brief import watched as health
from purport.brief.words import instant
from purport.core.watching import Standing
from purport.desk.pages import Asked, page
from purport.desk.premises import Here

OUTAGES = 50
OUTLETS = 200


@get("/sources", sync_to_thread=True, include_in_schema=False)
def sources(request: Asked, here: Here) -> Response[str]:
    view, now = here.house.view, here.house.clock.now()
    watched = here.sources()
    standings = sorted(watched.standings, key=lambda one: (not one.last.tries, one.last.source.casefold()))
    return page(
        "sources",
        request,
        here,
        standings=[
            (one, health.health(one, now, instant), health.ahead(one.last.next, now), _reached(one))
            for one in standings
        ],
        missed=watched.missed[:OUTAGES],
        more=max(0, len(watched.missed) - OUTAGES),
        outlets=view.outlets(OUTLETS),
        reports=view.sizes()["reports"],
    )


def _reached(one: Standing) -> str:
    return instant(one.reached[0]) if one.reached else "never"


HANDLERS = (sources,)
