"""The Review room: what nobody judged yet, what matters most first; what is assigned to whom looks; how far it is."""

from litestar import Response, get
from litestar.params import FromQuery

from purport.app import learning, queueing
from purport.app.alerting import known_acts
from purport.app.browsing import KINDS
from purport.brief import judgements as say
from purport.core.errors import UsageError
from purport.core.reviews import STATES, UNREVIEWED
from purport.desk.pages import Asked, link, page
from purport.desk.people import person
from purport.desk.premises import Here, Premises
from purport.desk.views.asked import STANCES, Act, Day, Kind, Outlet, Skip, Stance, To, Words, query
from purport.desk.views.asked import Reviewed as State
from purport.desk.views.decided import judging
from purport.desk.views.judging import choices
from purport.desk.views.lines import line
from purport.desk.views.today import pulse

ON_A_PAGE = 30  # claims: each brings a form


@get("/review", sync_to_thread=True, include_in_schema=False)
def review(
    request: Asked,
    here: Here,
    words: Words = "",
    act: Act = "",
    stance: Stance = "",
    kind: Kind = "",
    outlet: Outlet = "",
    since: Day = "",
    until: Day = "",
    stands: State = "",
    to: To = "",
    mine: FromQuery[bool] = False,
    skip: Skip = 0,
) -> Response[str]:
    given = (words, act, stance, kind, outlet, since, until)
    asked = dict(zip(("words", "act", "stance", "kind", "outlet", "since", "until"), given, strict=True))
    me, wrong = person(request, here), ""
    to = me.name if mine else to
    asked |= {"stands": stands, "to": to}
    found = queueing.Queue((), 0, False, queueing.progress(here.house))
    try:
        found = queueing.queue(here.house, query(*given, stands), to, queueing.briefed(here.house), disputed(here))
    except UsageError as error:  # said beside the form, which keeps what was asked
        wrong = str(error)
    shown = found.waiting[skip : skip + ON_A_PAGE]
    more = skip + ON_A_PAGE if len(found.waiting) > skip + ON_A_PAGE else 0
    return page(
        "review",
        request,
        here,
        asked=asked,
        narrowed=any(asked.values()),
        wrong=wrong,
        queue=found,
        waiting=[(line(one.claim, one.report), one.because) for one in shown],
        judge=judging(request, here, [(one.claim, one.report) for one in shown]),
        people=choices(here, me, to),
        skip=skip,
        next=link("/review", asked, skip=more) if more else "",
        acts=sorted(known_acts()),
        stances=STANCES,
        kinds=KINDS,
        states=[state for state in STATES if state != UNREVIEWED],
        outlets=here.house.view.outlets(200),
        sizes=here.house.view.sizes(),
        agreed=[say.agreement(one) for one in learning.agreement(here.house)],
    )


def disputed(here: Premises) -> frozenset[str]:
    """The claims of disputes among the latest reports."""
    found = pulse(here).disputes
    return frozenset(side.claim for one in found for side in (one.first, *one.answers))


HANDLERS = (review,)
