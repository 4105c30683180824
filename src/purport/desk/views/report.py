"""A report: its text with the roles marked, beside its claims; its captures, what was edited, what others have too."""

import msgspec
from litestar import Response, get
from litestar.params import FromQuery

from purport import app
from purport.app import Evidence, browsing, editing, looking, marking, reviewing
from purport.app.browsing import Shared
from purport.app.editing import Revision
from purport.brief import edit_lines
from purport.brief.brief import Entry, arrange
from purport.brief.edit_page import Sheet, sheet
from purport.brief.highlight import Mark
from purport.brief.html import section
from purport.core.copies import A_TO_B, B_TO_A, FROM_A_THIRD, Passage
from purport.core.errors import UsageError
from purport.core.people import REVIEWER
from purport.core.ports import View
from purport.core.records import Capture, Report
from purport.core.reviews import Reviewed
from purport.desk.pages import Asked, page
from purport.desk.people import need, person
from purport.desk.premises import Here, Premises
from purport.desk.views.asked import Id
from purport.desk.views.decided import judging
from purport.desk.views.judging import Correcting, correcting
from purport.desk.views.lines import title
from purport.desk.views.today import sums

REVISIONS = 8  # of a page, the latest; more are told of


class Twin(msgspec.Struct, frozen=True):
    """What this report shares with another."""

    other: Report
    title: str
    kind: str
    share: str  # of this report's own words
    way: str
    passages: tuple[tuple[str, str], ...]  # what is the same, as it stands here, and whether it is speech


@get("/report/{id:str}", sync_to_thread=True, include_in_schema=False)
def report(
    request: Asked, here: Here, id: Id, copies: FromQuery[bool] = False, correct: FromQuery[str] = ""
) -> Response[str]:
    view = here.house.view
    held = app.evidence(here.house, view.report(id))
    versions = _versions(view, held.report)
    revisions = list(editing.of_page(view, held.report.url)) if len(versions) > 1 else []
    shared = browsing.shared(here.house, held.report) if copies else []
    marks = [Mark(*_here(one, part), "copied", 0) for one in shared for part in one.copy.passages]
    return page(
        "report",
        request,
        here,
        report=held.report,
        looks=looking.marks(here.house, (held.report.id,)),
        may_work=person(request, here).may(REVIEWER),
        title=title(held.report),
        capture=held.capture,
        reader=held.reading.reader,
        part=section("r1", _entry(held), view.gaps_about(_names(held)), marks),
        sums=sums(held.reading.claims),
        versions=versions,
        sheets=[_sheet(one) for one in revisions[-REVISIONS:]][::-1],
        earlier=max(0, len(revisions) - REVISIONS),
        asked=copies,
        level=marking.levels(here.house)[0](held.report),
        twins=[_twin(one, held.report) for one in shared],
        judge=judging(request, here, [(one, held.report) for one in held.reading.claims]),
        correcting=_correcting(request, here, held, correct) if correct else None,
    )


def _correcting(request: Asked, here: Premises, held: Evidence, id: str) -> Correcting:
    """The form that corrects a claim of this report, of whichever reading. Raises NotFoundError, UsageError."""
    who = need(request, here, REVIEWER).name
    claim, report = here.house.view.claim(id)
    if report.id != held.report.id:
        raise UsageError("That claim stands in another report.")
    number = next((n for n, (one, _) in enumerate(arrange(held.reading.claims), 1) if one.id == claim.id), 0)
    now = reviewing.standing(here.house, [(claim, report)]).get(claim.id, Reviewed())
    return correcting(claim, report, number, now, who, held.reading.claims)


def _entry(held: Evidence) -> Entry:
    return Entry(held.report, (held.capture,), held.reading.id, held.reading.reader, held.reading.claims)


def _names(held: Evidence) -> list[str]:
    """By what gaps may name this report."""
    names = [held.report.id, held.report.url, held.report.input_id]
    names += [held.capture.id, held.capture.place, held.capture.url, held.capture.digest]
    return [*dict.fromkeys(names), *(claim.id for claim in held.reading.claims)]


def _versions(view: View, report: Report) -> list[tuple[Report, Capture]]:
    """All captures of the page that a report is one of, the latest first; without an address its own."""
    if not report.url:
        return [(report, view.capture(report.capture))]
    return list(view.page(report.url))[::-1]


def _sheet(one: Revision) -> Sheet:
    return sheet(one.url, (one.before.report, one.after.report), one.captures, one.edits)


def _here(one: Shared, part: Passage) -> tuple[int, int]:
    return part.a if one.is_first else part.b


def _twin(one: Shared, report: Report) -> Twin:
    copy = one.copy
    share = copy.share_a if one.is_first else copy.share_b
    gave = {A_TO_B: one.is_first, B_TO_A: not one.is_first}.get(copy.direction)
    if gave is None:
        third = "Both credit the same third party." if copy.direction == FROM_A_THIRD else ""
        way = third or "Which of the two came first can't be told."
    else:
        way = "The words went from here to there." if gave else "The words came from there."
    passages = []
    for part in copy.passages:
        start, end = _here(one, part)
        passages.append((edit_lines.shortened(" ".join(report.text[start:end].split()), 320), part.kind))
    return Twin(one.other, title(one.other), copy.kind, f"{share:.0%}", way, tuple(passages))


HANDLERS = (report,)
