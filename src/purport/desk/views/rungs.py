"""Looking at footage, a rung at a time: a clear still, a silent clip, sound. Each is asked for by itself, and booked.

What somebody opened today is counted for them alone, and after so many the page asks for a break.
"""

from typing import Annotated, Literal

import msgspec
from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.enums import RequestEncodingType
from litestar.exceptions import NotFoundException
from litestar.params import Body, QueryParameter
from litestar.response import Redirect, Stream

from purport import app
from purport.app import rungs
from purport.brief import sightings
from purport.core.errors import EvidenceError, NotFoundError
from purport.core.findings import Sighting
from purport.core.people import READER
from purport.core.records import Capture, Release
from purport.core.transcript import clock
from purport.desk.clips import handed_out, is_shown
from purport.desk.door import HOUSE, asking
from purport.desk.hosts import local
from purport.desk.pages import HIDDEN, Asked, page
from purport.desk.people import need
from purport.desk.premises import Here, Premises
from purport.desk.views.asked import Id
from purport.desk.views.releases import SHOTS, Number, about, between, ladder, name, seen

Step = Annotated[Literal["still", "clip", "sound"], QueryParameter(description="The rung: still, clip or sound.")]
Seconds = Annotated[float, QueryParameter(ge=0, le=10**7, description="Seconds from the beginning.")]
Shot = Annotated[int, QueryParameter(ge=0, le=10**6)]
MOMENTS = 5  # of a match, as links for those without scripts


class Choice(msgspec.Struct):
    token: str = ""
    hide: str = ""  # 1 hides; anything else shows again
    back: str = "/"


class Moment(msgspec.Struct, frozen=True):
    """One instant of a match in both films."""

    here: float
    there: float

    @property
    def words(self) -> str:
        return f"{clock(self.here)} = {clock(self.there)}"


@get("/release/{id:str}/clear", opt={"role": READER}, sync_to_thread=True, include_in_schema=False)
def clear(request: Asked, here: Here, id: Id, step: Step = "still", shot: Shot = 0, at: Seconds = 0.0) -> Response[str]:
    """The file on one rung. Nothing plays or loads by itself, and each rung is a page of its own."""
    found, capture = app.release(here.house, id)
    there = [one for one, _ in ladder(found)]
    rung = step if step in there else there[0]
    hidden = bool(request.cookies.get(HIDDEN))
    lost = "" if hidden else _lost(here, found, capture, rung)
    loads = not hidden and not lost and is_shown(found)
    return page(
        "clear",
        request,
        here,
        **about(found, capture),
        lost=lost,
        step=rung,
        shot=min(shot, max(0, len(found.shots) - 1)),
        shots=[(n, between(one)) for n, one in enumerate(found.shots[:SHOTS])],
        second=at,
        tired=_counted(request, here, rung) if loads else "",
    )


def _counted(request: Asked, here: Premises, *steps: str) -> str:
    """Counts for who asks, and tells when it is time for a break; empty otherwise."""
    who, today = asking(request.scope).person[0], dict[str, int]()
    for staff in here.staff:
        for step in steps:
            today = dict(rungs.opened(staff, who.name, step))
    count = sum(today.values())
    if not here.rest or count < here.rest:
        return ""
    return (
        f"You have opened {count} stills, clips and sounds today. Look away for a while, or let somebody else go on: "
        "what is said of this release can be read without looking at it."
    )


def _booked(request: Asked, here: Premises, step: str, found: Release) -> None:
    """The custody log tells that it was asked for, where people sign in."""
    who = asking(request.scope)
    for staff in here.staff if who.by != HOUSE else ():
        rungs.asked_for(staff, who.person[0].name, step, found.id)


def _lost(here: Premises, found: Release, capture: Capture, step: str) -> str:
    """Why the bytes can't be handed out; empty if they can."""
    try:
        here.house.blobs.file(capture.digest)
    except EvidenceError as error:
        return (
            str(error) if capture.stored else f"Its bytes were not copied to the desk; they stand in {capture.place}."
        )
    if found.kind == "video" and step != "sound" and not here.studio:
        return "This desk was opened without what parts pictures from sound."
    return ""


@get(
    "/release/{id:str}/clear/{number:int}",
    opt={"role": READER},
    sync_to_thread=True,
    include_in_schema=False,
)
def clear_still(request: Asked, here: Here, id: Id, number: Number) -> Response[bytes]:
    """One clear still of a film."""
    found, capture = app.release(here.house, id)
    if not here.studio or found.kind != "video":
        raise NotFoundException
    with here.at_work:
        data = rungs.still(here.house, here.studio[0], found, capture, number)
    _booked(request, here, "still", found)
    return Response(data, media_type="image/jpeg", headers={"cache-control": "private, no-store"})


@get("/release/{id:str}/silent", opt={"role": READER}, sync_to_thread=True, include_in_schema=False)
def silent(request: Asked, here: Here, id: Id) -> Response[bytes] | Stream:
    """The moving pictures, in a file that has no sound."""
    found, capture = app.release(here.house, id)
    if not is_shown(found) or not here.studio or found.kind != "video":
        raise NotFoundException
    with here.at_work:
        path, kind = rungs.silent(here.house, here.studio[0], found, capture)
    _booked(request, here, "clip", found)
    return handed_out(path, kind, request.headers.get("range", ""))


@get("/release/{id:str}/original", opt={"role": READER}, sync_to_thread=True, include_in_schema=False)
def original(request: Asked, here: Here, id: Id) -> Response[bytes] | Stream:
    """The file as it was published."""
    found, capture = app.release(here.house, id)
    if not is_shown(found):
        raise NotFoundException
    try:
        path = here.house.blobs.file(capture.digest)
    except EvidenceError as error:
        raise NotFoundError(str(error)) from error
    _booked(request, here, "still" if found.kind == "image" else "sound", found)
    return handed_out(path, found.media_type, request.headers.get("range", ""))


@get(
    "/release/{id:str}/beside/{number:int}",
    opt={"role": READER, "dear": True},
    sync_to_thread=True,
    include_in_schema=False,
)
def beside(
    request: Asked, here: Here, id: Id, number: Number, clear: Annotated[bool, QueryParameter()] = False
) -> Response[str]:
    """A match of two films, side by side at the same instant: silent, and blurred until one asks otherwise."""
    found, capture = app.release(here.house, id)
    findings = seen(here, found)
    if number >= len(findings.sightings):
        raise NotFoundError(f"{found.id} has no match {number}. Its page of where it was seen lists them.")
    one = findings.sightings[number]
    hidden = bool(request.cookies.get(HIDDEN))
    films = found.kind == one.release.kind == "video" and is_shown(found) and is_shown(one.release)
    return page(
        "beside",
        request,
        here,
        **about(found, capture),
        one=one,
        other=name(one.capture),
        said=sightings.line(one, findings, whole=False),
        number=number,
        films=films and bool(here.studio),
        clear=clear,
        moments=moments(one),
        tired=_counted(request, here, "clip", "clip") if clear and films and not hidden else "",
    )


def moments(one: Sighting) -> list[Moment]:
    """Instants of a match from its beginning to its end, in both films."""
    match = one.match
    shares = [n / (MOMENTS - 1) for n in range(MOMENTS)]
    return [
        Moment(
            round(match.query_start + share * (match.query_end - match.query_start), 2),
            round(match.reference_start + share * (match.reference_end - match.reference_start), 2),
        )
        for share in shares
    ]


@post("/hide", opt={"role": READER}, status_code=303, sync_to_thread=True, include_in_schema=False)
def hide(
    request: Asked, here: Here, data: Annotated[Choice, Body(media_type=RequestEncodingType.URL_ENCODED)]
) -> Redirect:
    """Hide all footage on every page, or show it again. The script of the pages may set this cookie, too."""
    need(request, here, READER)
    kept = Cookie(
        key=HIDDEN,
        value="1" if data.hide == "1" else "",
        max_age=None if data.hide == "1" else 0,
        path="/",
        samesite="strict",
        secure=here.secure,
    )
    return Redirect(local(data.back), status_code=303, cookies=[kept])


HANDLERS = (clear, clear_still, silent, original, beside, hide)
