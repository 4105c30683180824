"""A claim: its words where they stand, why it is read so, who stands behind it, what is inside and around it."""

from collections.abc import Sequence

from litestar import Response, get
from litestar.params import FromQuery
from markupsafe import Markup

from purport import app
from purport.app import looking, quoting, reviewing
from purport.brief import explain
from purport.brief import words as say
from purport.brief.brief import arrange, extent
from purport.brief.highlight import Mark, highlight
from purport.brief.reasons import told
from purport.core.explanation import Explanation
from purport.core.people import REVIEWER
from purport.core.records import Claim, Reading, Report
from purport.core.reviews import Reviewed
from purport.core.spans import Span, overlaps
from purport.desk.pages import Asked, page
from purport.desk.people import person
from purport.desk.premises import Here
from purport.desk.views.asked import Id
from purport.desk.views.decided import history, judging
from purport.desk.views.lines import line, title
from purport.trace.actors import actors

AROUND = 320  # characters of the text before and after a claim


@get("/claim/{id:str}", sync_to_thread=True, include_in_schema=False)
def claim(request: Asked, here: Here, id: Id, sure: FromQuery[bool] = False) -> Response[str]:
    view = here.house.view
    one, report = view.claim(id)
    readings = list(view.readings(report.id))
    reading = next((each for each in readings if any(other.id == one.id for other in each.claims)), None)
    others = reading.claims if reading else ()
    numbers = {other.id: n for n, (other, _) in enumerate(arrange(readings[0].claims), 1)} if readings else {}
    now = reviewing.standing(here.house, [(one, report)]) if here.house.reviews else {}
    explained: list[Explanation] = [app.explain(here.house, one.id)] if sure else []
    return page(
        "claim",
        request,
        here,
        claim=one,
        looks=looking.marks(here.house, (one.id,)),
        may_work=person(request, here).may(REVIEWER),
        line=line(one, report, 4000),
        report=report,
        report_title=title(report),
        capture=view.capture(report.capture),
        number=numbers.get(one.id, 0),
        reader=reading.reader if reading else "",
        latest=bool(readings) and reading is readings[0],
        passage=passage(one, report),
        reasons=told(one, report),
        hops=[
            (say.named(hop.text) or say.kind(hop.kind), say.kind(hop.kind), hop.claim) for hop in say.hops(one, report)
        ],
        around=[line(other, report) for other in others if other.id == one.within],
        inside=[line(other, report) for other in others if other.within == one.id],
        sure=[sentence for each in explained for sentence in explain.sure(each)],
        readings=_readings(readings, one),
        actor=_actor(others, one, report),
        judge=judging(request, here, [(one, report)]),
        history=history(now.get(one.id, Reviewed()), one, report),
    )


def _actor(claims: Sequence[Claim], claim: Claim, report: Report) -> str:
    """By which name the source has a page; empty for persons."""
    found = actors(claims, report)
    return quoting.page_of(claim, found[claim.id]) if claim.id in found else ""


def passage(claim: Claim, report: Report) -> Markup:
    """The claim's words in the text around them, the roles marked."""
    begin, end = stretch(report.text, extent(claim))
    manner = " ".join(word for _, word in say.marks(claim))
    roles = (("source", claim.source), ("cue", claim.cue), ("content", claim.content))
    marks = [
        Mark(start - begin, stop - begin, role, 1, manner)
        for role, pieces in roles
        for start, stop in pieces
        if overlaps((start, stop), (begin, end))
    ]
    shown = highlight(report.text[begin:end], marks, {})
    before, after = Markup('<p class="quiet">…</p>') if begin else "", Markup('<p class="quiet">…</p>')
    return Markup("{}{}{}").format(before, shown, after if end < len(report.text) else "")


def stretch(text: str, span: Span) -> Span:
    """The span with so many characters around it, from the beginning of a line or word to the end of one."""
    begin, end = max(0, span[0] - AROUND), min(len(text), span[1] + AROUND)
    if begin:
        line, word = text.find("\n", begin, span[0]), text.find(" ", begin, span[0])
        begin = line + 1 if line >= 0 else word + 1 or span[0]
    if end < len(text):
        line, word = text.rfind("\n", span[1], end), text.rfind(" ", span[1], end)
        end = line if line >= 0 else max(word, span[1])
    return begin, end


def _readings(readings: list[Reading], claim: Claim) -> list[tuple[str, bool]]:
    """The readings of its report, the latest first, each with whether it has this claim."""
    return [(each.reader, any(other.id == claim.id for other in each.claims)) for each in readings]


HANDLERS = (claim,)
