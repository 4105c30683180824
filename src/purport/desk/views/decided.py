"""What people decided about the claims of a page, as it stands beside each of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from purport.app import recalling, reviewing
from purport.brief import judgements as say
from purport.brief.words import instant
from purport.core.people import REVIEWER
from purport.core.records import Claim, Report
from purport.core.reviews import ASSIGNED, CONFIRMED, UNREVIEWED, Review, Reviewed, taken_back
from purport.desk.hosts import local
from purport.desk.pages import Asked
from purport.desk.people import person
from purport.desk.premises import Premises

DOES = {"confirmed": "Confirm it here, too", "corrected": "Correct it so here, too", "rejected": "Reject it here, too"}


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody decided, ready to be shown."""

    id: str
    who: str
    what: str
    day: str
    why: str
    differs: tuple[tuple[str, str, str], ...] = ()  # of a correction: field, the machine's, the person's
    back: bool = False  # taken back since


@dataclass(frozen=True, slots=True)
class Earlier:
    """How the same words stood on an earlier text of the page, to be decided so here, too."""

    claim: str
    taken: str  # when that text was captured
    words: tuple[Word, ...]
    history: tuple[Word, ...]  # where there is more to it than these words
    offers: tuple[tuple[str, str], ...]  # a word's id, and what the button says
    otherwise: tuple[str, ...]  # labels that the machine read otherwise there


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a claim: how it stands, the last words of people, notes, and to whom it was given."""

    state: str = UNREVIEWED
    words: tuple[Word, ...] = ()
    notes: tuple[Word, ...] = ()
    to: str = ""
    status: str = ""
    mine: bool = False  # is there something of one's own to take back?
    before: tuple[Earlier, ...] = ()  # none or one


@dataclass(frozen=True, slots=True)
class Judging:
    """What a page needs to show judgements, and to take them from who looks at it."""

    who: str
    may: bool
    back: str
    beside: Mapping[str, Beside]
    asked: str = ""  # the form that is open

    def of(self, claim: str) -> Beside:
        return self.beside.get(claim, Beside())


def judging(
    request: Asked, here: Premises, pairs: Iterable[tuple[Claim, Report]], back: str = "", asked: str = ""
) -> Judging:
    """What people decided about the claims of a page, also on earlier texts of theirs, and what is needed to judge."""
    me, shown = person(request, here), list(pairs)
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    now = reviewing.standing(here.house, shown) if here.house.reviews else {}
    new = [(claim, report) for claim, report in shown if now.get(claim.id, Reviewed()).state == UNREVIEWED]
    was = recalling.before(here.house, new) if here.house.reviews else {}
    found = {}
    for claim, report in shown:
        if claim.id in now or claim.id in was:
            earlier = tuple(_earlier(one) for one in (was.get(claim.id),) if one)
            found[claim.id] = _beside(now.get(claim.id, Reviewed()), claim, report, me.name, earlier)
    may = bool(here.house.reviews) and me.may(REVIEWER)
    return Judging(me.name, may, local(back or path), found, asked)


def marked(request: Asked, here: Premises, claims: Mapping[str, str]) -> Judging:
    """How some claims stand, given by their ids with their reports', for pages on which nobody judges."""
    now = reviewing.stood(here.house, claims) if here.house.reviews else {}
    found = {id: Beside(one.state, to=one.to, status=one.status) for id, one in now.items()}
    return Judging(person(request, here).name, False, "/", found)


def history(now: Reviewed, claim: Claim, report: Report) -> tuple[Word, ...]:
    """All that was decided about a claim, in order, also what was taken back."""
    back = taken_back(now.history)
    return tuple(_word(one, claim, report, one.id in back) for one in now.history)


def _beside(now: Reviewed, claim: Claim, report: Report, who: str, before: tuple[Earlier, ...]) -> Beside:
    back = taken_back(now.history)
    given = any(one.what == ASSIGNED and one.id not in back for one in now.history)
    return Beside(
        now.state,
        tuple(_word(one, claim, report) for one in now.words),
        tuple(_word(one, claim, report) for one in now.notes),
        now.to if given else "",
        now.status if given else "",
        bool(now.undoable(who)),
        before,
    )


def _earlier(was: recalling.Before) -> Earlier:
    told = history(was.reviewed, was.claim, was.report)
    held = tuple(_word(one, was.claim, was.report) for one in was.reviewed.words)
    offers = {(one.what, one.said): one.id for one in was.reviewed.words if one.what != CONFIRMED or not was.otherwise}
    return Earlier(
        was.claim.id,
        instant(was.taken),
        held,
        told if len(told) > len(held) else (),
        tuple((id, DOES[what]) for (what, _), id in offers.items()),
        was.otherwise,
    )


def _word(one: Review, claim: Claim, report: Report, back: bool = False) -> Word:
    differs = tuple(row for said in one.said for row in say.differs(claim, report, said))
    return Word(one.id, one.who, say.did(one), instant(one.at), one.why, differs, back)
