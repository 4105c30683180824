"""The forms by which people decide about claims."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromQuery
from litestar.response import Redirect

from purport.app import House, admitting, recalling, reviewing
from purport.app.alerting import known_acts
from purport.core.errors import UsageError
from purport.core.people import LEAD, REVIEWER, Person
from purport.core.records import Claim, Mention, Report
from purport.core.reviews import (
    ASSIGNED,
    CONFIRMED,
    CORRECTED,
    NOTED,
    REJECTED,
    STATUSES,
    UNDONE,
    Reviewed,
    Said,
    machine,
)
from purport.core.spans import words
from purport.desk.hosts import local
from purport.desk.pages import Asked, page
from purport.desk.people import need, person
from purport.desk.premises import Here, Premises
from purport.desk.views.asked import Id
from purport.desk.views.decided import judging
from purport.desk.views.lines import line, title

ROLES = ("source", "cue", "content")
ASKS = (REJECTED, NOTED, ASSIGNED)  # what has a form of its own beside the claim
AGAIN = "again"  # as the same words of an earlier text were judged


class Form(msgspec.Struct):
    """What a form about a claim sends."""

    token: str = ""
    what: str = ""
    why: str = ""
    to: str = ""
    status: str = ""
    source: str = ""
    source_at: str = ""
    cue: str = ""
    cue_at: str = ""
    content: str = ""
    content_at: str = ""
    speaker: str = ""
    speaker_words: str = ""
    act: str = ""
    stance: str = ""
    polarity: str = ""
    of: str = ""  # what was decided on an earlier text, and is to be decided here, too
    back: str = ""


@dataclass(frozen=True, slots=True)
class Correcting:
    """A claim on the way to be corrected: how it is read now, and what may be chosen."""

    claim: str
    number: int  # on the page
    roles: tuple[tuple[str, str, str], ...]  # role, words, offsets
    said: Said
    speakers: tuple[tuple[str, str], ...]  # offsets, words
    speaker: str  # offsets
    acts: tuple[str, ...]
    stances: tuple[str, ...] = reviewing.STANCES
    polarities: tuple[str, ...] = reviewing.POLARITIES


@get("/claim/{id:str}/judge", sync_to_thread=True, include_in_schema=False)
def ask(
    request: Asked, here: Here, id: Id, what: FromQuery[str] = REJECTED, back: FromQuery[str] = ""
) -> Response[str]:
    """The form for what can't be said by one key: rejecting, noting, assigning."""
    need(request, here, REVIEWER)
    claim, report = here.house.view.claim(id)
    found = judging(request, here, [(claim, report)], back or f"/claim/{claim.id}", what if what in ASKS else REJECTED)
    may = choices(here, person(request, here), found.of(claim.id).to)
    given: dict[str, Any] = {"judge": found, "claim": claim, "report": report, "statuses": STATUSES, "people": may}
    if request.headers.get("hx-request"):
        return page("judged", request, here, **given)
    return page("judge", request, here, line=line(claim, report), report_title=title(report), **given)


@post("/claim/{id:str}/judged", opt={"role": REVIEWER}, status_code=303, sync_to_thread=True, include_in_schema=False)
def judge(
    request: Asked, here: Here, id: Id, data: Annotated[Form, Body(media_type=RequestEncodingType.URL_ENCODED)]
) -> Response[Any]:
    """Book what was decided; a script gets what stands beside the claim now, a form its page again."""
    me = need(request, here, REVIEWER)
    claim, report = here.house.view.claim(id)
    if data.what == ASSIGNED:
        assignable(here, me, claim, report, data.to.strip())
    decide(here.house, claim, report, data, me.name)
    if request.headers.get("hx-request"):
        found = judging(request, here, [(claim, report)], data.back)
        return page("judged", request, here, 200, judge=found, claim=claim, report=report, statuses=STATUSES)
    return Redirect(local(data.back) if data.back else f"/claim/{claim.id}", status_code=303)


def choices(here: Premises, me: Person, held: str) -> tuple[str, ...]:
    """To whom somebody may give a claim: oneself, by leads anybody who may review; and to whom it was given already."""
    others = [name for staff in here.staff for name in admitting.reviewers(staff)] if me.may(LEAD) else []
    return tuple(dict.fromkeys(name for name in (held, me.name, *others) if name))


def assignable(here: Premises, me: Person, claim: Claim, report: Report, to: str) -> None:
    """Raises UsageError for somebody to whom the claim can't be given."""
    now = reviewing.standing(here.house, [(claim, report)]).get(claim.id, Reviewed())
    may = choices(here, me, now.to)
    if to and to not in may:
        raise UsageError(f"A claim can't be given to {to!r} from here. It may go to {', '.join(may)}, or to nobody.")


def decide(house: House, claim: Claim, report: Report, form: Form, who: str) -> None:
    """Raises UsageError, NotFoundError."""
    if form.what == AGAIN:
        recalling.again(house, claim.id, form.of, who)
    elif form.what == CONFIRMED:
        reviewing.confirm(house, claim.id, form.why, who)
    elif form.what == REJECTED:
        reviewing.reject(house, claim.id, form.why, who)
    elif form.what == NOTED:
        reviewing.note(house, claim.id, form.why, who)
    elif form.what == ASSIGNED:
        reviewing.assign(house, claim.id, form.to, form.status, form.why, who)
    elif form.what == UNDONE:
        reviewing.undo_last(house, claim.id, who, form.why)
    elif form.what == CORRECTED:
        reviewing.correct(house, claim.id, given(form, report), form.why, who)
    else:
        raise UsageError("Confirm, correct, reject, note, assign or undo: the form says none of these.")


def given(form: Form, report: Report) -> dict[str, str]:
    """What a correction gives for each field: offsets where the words are still those there, otherwise the words."""
    fields = {role: _role(report.text, getattr(form, role), getattr(form, f"{role}_at")) for role in ROLES}
    fields["speaker"] = form.speaker_words.strip() or form.speaker
    return fields | {"act": form.act, "stance": form.stance, "polarity": form.polarity}


def _role(text: str, said: str, at: str) -> str:
    try:
        pieces = reviewing.pieces_of(text, at, 0) if at[:1].isdigit() else ()
    except UsageError:
        return said
    return at if pieces and " ".join(words(text, pieces).split()) == " ".join(said.split()) else said


def correcting(
    claim: Claim, report: Report, number: int, now: Reviewed, who: str, others: Iterable[Claim]
) -> Correcting:
    """What the form of a correction begins with: one's own last correction, or the machine's reading."""
    mine = [said for one in now.words if one.who == who for said in one.said]
    said = next(iter(mine), machine(claim))
    roles = tuple(
        (role, " ".join(words(report.text, getattr(said, role)).split()), reviewing.at(getattr(said, role)))
        for role in ROLES
    )
    speakers = _speakers(reviewing.mentions(others, report), said)
    speaker = reviewing.at([one.span for one in said.speaker])
    return Correcting(claim.id, number, roles, said, speakers, speaker, tuple(sorted(known_acts())))


def _speakers(named: Iterable[Mention], said: Said) -> tuple[tuple[str, str], ...]:
    found = {reviewing.at([one.span]): one.text for one in said.speaker}
    for one in named:
        if one.text not in found.values():
            found.setdefault(reviewing.at([one.span]), one.text)
    return tuple((at, " ".join(text.split())) for at, text in found.items())


HANDLERS = (ask, judge)
