"""Search: claims by their words and labels; and, always, what was searched and what was not."""

from litestar import Response, get

from purport.app import browsing
from purport.app.alerting import known_acts
from purport.app.browsing import KINDS, Found
from purport.brief import outages
from purport.core.errors import UsageError
from purport.core.reviews import ASKED
from purport.desk.pages import AT_ONCE, Asked, link, page
from purport.desk.premises import Here
from purport.desk.views.asked import STANCES, Act, After, Day, Kind, Month, Outlet, Reviewed, Stance, Words, query
from purport.desk.views.asked import month as whole
from purport.desk.views.decided import marked
from purport.desk.views.lines import line
from purport.desk.views.searches import NARROWS, kept

OUTLETS = 200  # offered while one types; any other may be typed in full


@get("/search", sync_to_thread=True, include_in_schema=False)
def search(
    request: Asked,
    here: Here,
    words: Words = "",
    act: Act = "",
    stance: Stance = "",
    kind: Kind = "",
    outlet: Outlet = "",
    since: Day = "",
    until: Day = "",
    month: Month = "",
    reviewed: Reviewed = "",
    after: After = "",
) -> Response[str]:
    view = here.house.view
    given = (words, act, stance, kind, outlet, since, until, reviewed)
    found, wrong = Found(()), ""
    try:
        if month.strip():
            given = (*given[:5], *whole(month), reviewed)
        found = browsing.found(here.house, query(*given), AT_ONCE, after)
    except UsageError as error:  # said beside the form, which keeps what was asked
        wrong = str(error)
    asked = dict(zip(NARROWS, given, strict=True))
    period = view.period()
    return page(
        "search",
        request,
        here,
        asked=asked,
        narrowed=any(asked.values()),
        wrong=wrong,
        lines=[line(claim, report) for claim, report in found.claims],
        next=link("/search", asked, after=found.next) if found.next else "",
        after=after,
        judge=marked(request, here, {claim.id: report.id for claim, report in found.claims}),
        kept=kept(request, here),
        states=ASKED,
        acts=sorted(known_acts()),
        stances=STANCES,
        kinds=KINDS,
        outlets=view.outlets(OUTLETS),
        sizes=view.sizes(),
        period=outages.between(*period) if period else "",
    )


HANDLERS = (search,)
