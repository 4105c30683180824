"""Judging claims: what people decided beside each claim, and the forms by which they decide."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromQuery
from litestar.response import Redirect

from purport.app import House, reviewing
from purport.app.alerting import known_acts
from purport.brief import judgements as say
from purport.core.errors import UsageError
from purport.core.people import REVIEWER
from purport.core.records import Claim, Mention, Report
from purport.core.reviews import (
    ASSIGNED,
    CONFIRMED,
    CORRECTED,
    NOTED,
    REJECTED,
    STATUSES,
    UNDONE,
    UNREVIEWED,
    Reviewed,
    Said,
    machine,
    taken_back,
)
from purport.core.spans import words
from purport.desk.hosts import local
from purport.desk.pages import Asked, page
from purport.desk.people import need, person
from purport.desk.premises import Here, Premises
from purport.desk.views.asked import Id
from purport.desk.views.lines import line, title

ROLES = ("source", "cue", "content")
ASKS = (REJECTED, NOTED, ASSIGNED)  # what has a form of its own beside the claim


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
class Beside:
    """What stands beside a claim: how it stands, the last words of people, notes, and to whom it was given."""

    state: str = UNREVIEWED
    words: tuple[Word, ...] = ()
    notes: tuple[Word, ...] = ()
    to: str = ""
    status: str = ""
    mine: bool = False  # is there something of one's own to take back?


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


def judging(
    request: Asked, here: Premises, pairs: Iterable[tuple[Claim, Report]], back: str = "", asked: str = ""
) -> Judging:
    """What people decided about the claims of a page."""
    me, shown = person(request, here), list(pairs)
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    now = reviewing.standing(here.house, shown) if here.house.reviews else {}
    found = {claim.id: beside(now[claim.id], claim, report, me.name) for claim, report in shown if claim.id in now}
    may = bool(here.house.reviews) and me.may(REVIEWER)
    return Judging(me.name, may, local(back or path), found, asked)


def beside(now: Reviewed, claim: Claim, report: Report, who: str) -> Beside:
    def word(one: Any) -> Word:
        differs = tuple(row for said in one.said for row in say.differs(claim, report, said))
        return Word(one.id, one.who, say.did(one), f"{one.at:%Y-%m-%d %H:%M}", one.why, differs, one.id in back)

    back = taken_back(now.history)
    given = any(one.what == ASSIGNED and one.id not in back for one in now.history)
    return Beside(
        now.state,
        tuple(map(word, now.words)),
        tuple(map(word, now.notes)),
        now.to if given else "",
        now.status if given else "",
        bool(now.undoable(who)),
    )


def history(now: Reviewed, claim: Claim, report: Report) -> tuple[Word, ...]:
    """All that was decided about a claim, in order, also what was taken back."""
    back = taken_back(now.history)
    return tuple(
        Word(
            one.id,
            one.who,
            say.did(one),
            f"{one.at:%Y-%m-%d %H:%M}",
            one.why,
            tuple(row for said in one.said for row in say.differs(claim, report, said)),
            one.id in back,
        )
        for one in now.history
    )


@get("/claim/{id:str}/judge", sync_to_thread=True, include_in_schema=False)
def ask(
    request: Asked, here: Here, id: Id, what: FromQuery[str] = REJECTED, back: FromQuery[str] = ""
) -> Response[str]:
    """The form for what can't be said by one key: rejecting, noting, assigning."""
    need(request, here, REVIEWER)
    claim, report = here.house.view.claim(id)
    found = judging(request, here, [(claim, report)], back or f"/claim/{claim.id}", what if what in ASKS else REJECTED)
    given: dict[str, Any] = {"judge": found, "claim": claim, "report": report, "statuses": STATUSES}
    if request.headers.get("hx-request"):
        return page("judged", request, here, **given)
    return page("judge", request, here, line=line(claim, report), report_title=title(report), **given)


@post("/claim/{id:str}/judged", opt={"role": REVIEWER}, status_code=303, sync_to_thread=True, include_in_schema=False)
def judge(
    request: Asked, here: Here, id: Id, data: Annotated[Form, Body(media_type=RequestEncodingType.URL_ENCODED)]
) -> Response[Any]:
    """Book what was decided; a script gets what stands beside the claim now, a form its page again."""
    who = need(request, here, REVIEWER).name
    claim, report = here.house.view.claim(id)
    decide(here.house, claim, report, data, who)
    if request.headers.get("hx-request"):
        found = judging(request, here, [(claim, report)], data.back)
        return page("judged", request, here, 200, judge=found, claim=claim, report=report, statuses=STATUSES)
    return Redirect(local(data.back) if data.back else f"/claim/{claim.id}", status_code=303)


def decide(house: House, claim: Claim, report: Report, form: Form, who: str) -> None:
    """Raises UsageError, NotFoundError."""
    if form.what == CONFIRMED:
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
