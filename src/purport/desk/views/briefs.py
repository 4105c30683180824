"""Briefs: the list, and one brief to work on: add claims, edit the prose, say who was asked, issue it, take it along.

Each form is a plain one; with scripts its answer comes into the page in place. Every step adds an edition.
"""

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from purport.app import briefing, browsing, looking
from purport.brief import folio, folio_html
from purport.core.briefs import ANSWERS, ISSUED, Edition, approach
from purport.core.errors import EvidenceError, UsageError
from purport.core.looks import Standing
from purport.core.marks import CLEAR, LEVELS
from purport.core.people import LEAD, REVIEWER
from purport.core.records import Query
from purport.desk.hosts import local
from purport.desk.pages import Asked, page
from purport.desk.people import person
from purport.desk.premises import Here, Premises
from purport.desk.views.answers import address
from purport.desk.views.asked import Id, Words
from purport.desk.views.lines import line

FOUND = 12  # claims that a search on a brief's page shows
OPEN = 200  # marks on their page

Form = RequestEncodingType.URL_ENCODED


class Begun(msgspec.Struct):
    token: str = ""
    story: str = ""
    title: str = ""


class Work(msgspec.Struct):
    """One step of work on a brief."""

    token: str = ""
    do: str = ""
    seen: str = ""  # the edition that the page showed
    line: str = ""
    text: str = ""
    what: str = ""  # evidence, several by blanks
    to: int = 1
    party: str = ""
    answer: str = ""
    when: str = ""
    how: str = ""
    words: str = ""  # of the search that was open beside it


class Order(msgspec.Struct):
    token: str = ""
    form: str = "html"
    tlp: str = CLEAR


class Clear(msgspec.Struct):
    token: str = ""
    look: str = ""
    why: str = ""
    back: str = "/"


@get("/briefs", sync_to_thread=True, include_in_schema=False)
def briefs(request: Asked, here: Here) -> Response[str]:
    found = list(briefing.listed(here.house))
    marked = {one.look.subject for one in looking.marks(here.house, [one.brief for one in found], only_open=True)}
    rows = [(one, folio.stands(one), one.brief in marked) for one in found]
    return page("briefs", request, here, briefs=rows)


@post("/briefs/begin", opt={"role": REVIEWER}, status_code=303, sync_to_thread=True, include_in_schema=False)
def begin(request: Asked, here: Here, data: Annotated[Begun, Body(media_type=Form)]) -> Redirect:
    made = briefing.begin(here.house, data.story, data.title, person(request, here).name)
    return Redirect(f"/brief/{made.brief}", status_code=303)


@get("/brief/{id:str}", sync_to_thread=True, include_in_schema=False)
def brief(request: Asked, here: Here, id: Id, words: Words = "") -> Response[str]:
    return _page(request, here, briefing.opened(here.house, id), words)


def _page(request: Asked, here: Premises, edition: Edition, words: str = "", wrong: str = "") -> Response[str]:
    house, who = here.house, person(request, here)
    made = briefing.shown(house, edition)
    lines = list(folio.numbered(made))
    found, missed = [], ""
    if words.strip():
        try:
            found = [line(*pair) for pair in browsing.found(house, Query(words=words, nested=True), FOUND).claims]
        except UsageError as error:
            missed = str(error)
    return page(
        "brief",
        request,
        here,
        409 if wrong and "hx-request" not in request.headers else 200,  # htmx takes no page with a fault's status
        made=made,
        edition=edition,
        stands=folio.stands(edition),
        sums=folio.sums(made),
        lines=lines,
        parties=folio.parties(made),
        asked=folio.asked,
        answers=ANSWERS,
        words=words,
        found=found,
        missed=missed,
        wrong=wrong,
        may_work=who.may(REVIEWER),
        may_issue=who.may(LEAD),
        issued=edition.status == ISSUED,
        history=list(briefing.editions(house, edition.brief))[::-1],
        forms=folio.FORMS,
        levels=LEVELS,
    )


@post("/brief/{id:str}/work", opt={"role": REVIEWER}, status_code=303, sync_to_thread=True, include_in_schema=False)
def work(request: Asked, here: Here, id: Id, data: Annotated[Work, Body(media_type=Form)]) -> Response[Any]:
    """One step; who worked on an edition that is no longer the latest is told so, beside the brief as it is now."""
    steps = _steps(here, id, data, person(request, here).name)
    if data.do not in steps:
        raise UsageError(f"{data.do!r} is nothing that can be done to a brief. There are {', '.join(steps)}.")
    try:
        made = steps[data.do]()
    except UsageError as error:
        return _page(request, here, briefing.opened(here.house, id), data.words, str(error))
    # where one worked: the line comes into view again
    place = f"#{data.line}" if data.do in ("edit", "move") else "#add" if data.do == "add" else ""
    beside = f"?{_quoted(data.words)}" if data.words.strip() else ""
    return Redirect(f"/brief/{made.brief}{beside}{place}", status_code=303)


def _quoted(words: str) -> str:
    return urlencode({"words": words})


def _steps(here: Premises, id: str, data: Work, who: str) -> dict[str, Callable[[], Edition]]:
    house, seen = here.house, data.seen
    return {
        "add": lambda: briefing.add(house, id, data.what.split(), data.text, who, seen),
        "edit": lambda: briefing.edit(house, id, data.line, data.text, who, seen, data.what.split()),
        "move": lambda: briefing.move(house, id, data.line, data.to, who, seen),
        "remove": lambda: briefing.remove(house, id, data.line, who, seen),
        "asked": lambda: briefing.ask(
            house, id, approach(data.party, data.answer, data.when, data.how, data.text), who, seen
        ),
        "note": lambda: briefing.note(house, id, data.text, who, seen),
        "title": lambda: briefing.rename(house, id, data.text, who, seen),
    }


@post("/brief/{id:str}/issue", opt={"role": LEAD}, status_code=303, sync_to_thread=True, include_in_schema=False)
def issue(request: Asked, here: Here, id: Id, data: Annotated[Work, Body(media_type=Form)]) -> Response[Any]:
    return _standing(request, here, id, lambda who: briefing.issue(here.house, id, who, data.seen))


@post("/brief/{id:str}/withdraw", opt={"role": LEAD}, status_code=303, sync_to_thread=True, include_in_schema=False)
def withdraw(request: Asked, here: Here, id: Id, data: Annotated[Work, Body(media_type=Form)]) -> Response[Any]:
    return _standing(request, here, id, lambda who: briefing.withdraw(here.house, id, data.text, who, data.seen))


def _standing(request: Asked, here: Premises, id: str, step: Callable[[str], Edition]) -> Response[Any]:
    try:
        made = step(person(request, here).name)
    except (EvidenceError, UsageError) as error:
        return _page(request, here, briefing.opened(here.house, id), wrong=str(error))
    return Redirect(f"/brief/{made.brief}", status_code=303)


@get("/brief/{id:str}/preview", sync_to_thread=True, include_in_schema=False)
def preview(here: Here, id: Id) -> Response[str]:
    """The brief as its page will be; what can't go out is told on the brief's own page."""
    made = briefing.shown(here.house, briefing.opened(here.house, id))
    headers = {"content-security-policy": f"{folio_html.policy()}; frame-ancestors 'none'"}
    return Response(folio_html.render(made), media_type="text/html", headers=headers)


@post(
    "/brief/{id:str}/export",
    opt={"role": REVIEWER, "dear": True},
    status_code=200,
    sync_to_thread=True,
    include_in_schema=False,
)
def export(request: Asked, here: Here, id: Id, data: Annotated[Order, Body(media_type=Form)]) -> Response[Any]:
    try:
        made, edition = briefing.export(here.house, id, data.form, data.tlp, person(request, here).name)
    except (EvidenceError, UsageError) as error:
        return _page(request, here, briefing.opened(here.house, id), wrong=str(error))
    name = f"{edition.brief[:14]}-{edition.number}.{data.form}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(made, media_type=folio.TYPES[data.form], headers=headers)


@get("/looks", sync_to_thread=True, include_in_schema=False)
def looks(request: Asked, here: Here) -> Response[str]:
    """All marks that are open, what readers have first."""
    found = sorted(looking.marks(here.house, only_open=True, limit=OPEN), key=lambda one: one.look.kind != "brief")
    return page(
        "looks",
        request,
        here,
        looks=found,
        names=looking.names(here.house, found),
        open=looking.open_marks(here.house),
        may_work=person(request, here).may(REVIEWER),
    )


@post("/look/clear", opt={"role": REVIEWER}, status_code=303, sync_to_thread=True, include_in_schema=False)
def clear(request: Asked, here: Here, data: Annotated[Clear, Body(media_type=Form)]) -> Redirect:
    looking.clear(here.house, data.look, data.why, person(request, here).name)
    return Redirect(local(data.back), status_code=303)


@address("/api/briefs")
def api_briefs(here: Here) -> list[Edition]:
    """The briefs that are kept, each as it stands, what was worked on last first."""
    return list(briefing.listed(here.house))


@address("/api/brief/{id:str}")
def api_brief(here: Here, id: Id) -> Edition:
    """A brief as it stands: lines with their evidence, who was approached."""
    return briefing.opened(here.house, id)


@address("/api/looks")
def api_looks(here: Here) -> list[Standing]:
    """The marks "look again", open and cleared, the latest first."""
    return list(looking.marks(here.house, limit=OPEN))


HANDLERS = (
    *(briefs, begin, brief, work, issue, withdraw, preview, export),
    *(looks, clear, api_briefs, api_brief, api_looks),
)
