"""Today: what came in, newest first, by the day; beside it disputes, look-again marks, gaps and sources in trouble."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

import msgspec
from litestar import Response, get

from purport import app
from purport.app import browsing, looking
from purport.app.browsing import Arrival, Pulse
from purport.brief import edit_lines
from purport.brief import watched as health
from purport.brief import words as say
from purport.brief.brief import count
from purport.core.looks import Standing as Marked
from purport.core.origins import Dispute, LookAgain
from purport.core.ports import View
from purport.core.records import Claim, Gap, Report
from purport.core.watching import Standing
from purport.desk.pages import Asked, page
from purport.desk.premises import Here, Premises
from purport.desk.views.asked import Before
from purport.desk.views.decided import marked
from purport.desk.views.lines import Line, line, title
from purport.desk.views.searches import kept
from purport.desk.views.telling import KINDS

ON_A_PAGE = 20  # reports: each brings some of its claims
SHOWN = 3  # claims, or edits, of a report
OPEN = 200  # marks that are looked through for what comes first
BESIDE = 6  # disputes, reasons to look again, gaps, sources in the column beside
TOGETHER = 4  # marks of one reason


class Came(msgspec.Struct, frozen=True):
    """A report as Today shows it."""

    report: Report
    title: str
    claims: tuple[Line, ...]
    rest: int  # claims that are not shown
    sums: tuple[str, ...]
    since: str  # when the capture before was taken; empty: it is new
    edits: tuple[str, ...]
    silent: str  # does the page say that it was changed?
    gaps: tuple[Gap, ...]  # why there is no claim


class Face(msgspec.Struct, frozen=True):
    """A dispute, the two sides beside each other."""

    heading: str
    reason: str
    sides: tuple[tuple[str, str, str, str, str], ...]  # who, words, claim, outlet, report


class Because(msgspec.Struct, frozen=True):
    """A reason to look again, and what is to be looked at for it."""

    reason: str
    marks: tuple[tuple[str, str, str], ...]  # kind, id, name
    more: int


@get("/", sync_to_thread=True, include_in_schema=False)
def today(request: Asked, here: Here, before: Before = 0) -> Response[str]:
    view = here.house.view
    came = browsing.arrivals(view, ON_A_PAGE, before)
    sizes = view.sizes()
    found = pulse(here) if sizes["reports"] else None
    standings = here.sources().standings
    now = here.house.clock.now()
    marks = sorted(looking.marks(here.house, only_open=True, limit=OPEN), key=lambda one: one.look.kind != "brief")
    known = {one.look.subject for one in marks}
    again = [mark for _, rests in found.again for mark in rests if mark.id not in known] if found else []
    days, faces = _days(came, view), _faces(found, view) if found else []
    shown = {each.id: each.report for _, ones in days for one in ones for each in one.claims}
    shown |= {claim: report for one in faces for _, _, claim, _, report in one.sides}
    return page(
        "today",
        request,
        here,
        days=days,
        judge=marked(request, here, shown),
        sizes=sizes,
        before=before,
        next=came[-1].number if len(came) == ON_A_PAGE and came[-1].number > 1 else 0,
        looked=found.reports if found else 0,
        disputes=faces,
        disputing=len(found.disputes) if found else 0,
        again=because(marks, looking.names(here.house, marks), again)[:BESIDE],
        marked=looking.open_marks(here.house),
        unbooked=len(again),
        gaps=[gap for _, gap in view.latest_gaps(BESIDE)],
        troubled=[(one.last.source, health.health(one, now, say.instant)) for one in _troubled(standings)][:BESIDE],
        sources=len(standings),
        kept=kept(request, here),
    )


def pulse(here: Premises) -> Pulse:
    """What the latest reports say against each other, found once for each state of the ledger."""
    sizes = here.house.view.sizes()

    def found() -> Pulse:
        latest = browsing.arrivals(here.house.view, ON_A_PAGE)
        return browsing.pulse(here.house.view, latest, lambda report: app.page_of(here.house, report))

    return here.pulse.get((sizes["readings"], sizes["reports"]), found)


def _days(came: Sequence[Arrival], view: View) -> list[tuple[str, list[Came]]]:
    """Days of arrival with what came in on each, in UTC."""

    def day(one: Arrival) -> str:
        return f"{one.capture.taken.day} {one.capture.taken:%B %Y}"

    return [(when, [_came(one, view) for one in ones]) for when, ones in groupby(came, day)]


def _came(one: Arrival, view: View) -> Came:
    outer = [claim for claim in one.claims if not claim.depth and not claim.repeated]
    revision = next(iter(one.edited), None)
    edits = tuple(map(edit_lines.said, revision.edits)) if revision else ()
    return Came(
        report=one.report,
        title=title(one.report),
        claims=() if revision else tuple(line(claim, one.report, 240) for claim in _telling(outer)),
        rest=len(one.claims) if revision else len(one.claims) - len(_telling(outer)),
        sums=sums(one.claims),
        since=say.instant(revision.captures[0].taken) if revision else "",
        edits=edits[:SHOWN],
        silent=edit_lines.correction(revision.edits) if revision and revision.edits else "",
        gaps=() if one.claims else tuple(view.gaps_about([one.report.id, one.capture.place])),
    )


def _telling(claims: Sequence[Claim]) -> list[Claim]:
    """The first few, those with words of their own before those without, as the text has them."""
    chosen = sorted(claims, key=lambda claim: not (claim.source and claim.content))[:SHOWN]
    return [claim for claim in claims if claim in chosen]


def sums(claims: Sequence[Claim]) -> tuple[str, ...]:
    """`12 claims`, `3 distanced`, `1 denial`; what there is none of is left out."""
    found = count([claims])
    told = [say.number(found.claims, "claim")]
    told += [say.number(found.distanced, "distanced", "distanced")] * bool(found.distanced)
    return (*told, *[say.number(found.denials, "denial")] * bool(found.denials))


def _faces(found: Pulse, view: View) -> list[Face]:
    return [face(one, view) for one in found.disputes[:BESIDE]]


def face(one: Dispute, view: View) -> Face:
    sides = (
        (side.who, side.words, side.claim, view.report(side.report).outlet, side.report)
        for side in (one.first, *one.answers)
    )
    return Face(KINDS.get(one.kind, one.kind.capitalize()), one.reason, tuple(sides))


def because(booked: Iterable[Marked], names: Mapping[str, str], others: Iterable[LookAgain]) -> list[Because]:
    """Marks by what happened, told once and as shortly as any of them tells it; those that are booked first."""
    found: dict[tuple[str, str], list[tuple[str, tuple[str, str, str]]]] = {}
    for mark in (one.look for one in booked):
        told = mark.reason, (mark.kind, mark.subject, names[mark.subject])
        found.setdefault((mark.what, mark.origin), []).append(told)
    for one in others:
        found.setdefault(("", one.reason), []).append((one.reason, (one.kind, one.id, one.path[0])))
    return [
        Because(
            capital(min((reason for reason, _ in some), key=len)),
            tuple(mark for _, mark in some[:TOGETHER]),
            max(0, len(some) - TOGETHER),
        )
        for some in found.values()
    ]


def capital(said: str) -> str:
    return said[:1].upper() + said[1:]


def _troubled(standings: Sequence[Standing]) -> list[Standing]:
    return [one for one in standings if one.last.tries]


HANDLERS = (today,)
