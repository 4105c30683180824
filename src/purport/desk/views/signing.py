"""Signing in and out, and the page that somebody has of their own."""

import secrets
from typing import Annotated, Any

import msgspec
from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.enums import RequestEncodingType
from litestar.params import Body, QueryParameter
from litestar.response import Redirect

from purport.app import admitting, rungs
from purport.core.people import READER
from purport.desk.door import BEFORE, COOKIE, OPEN, address, asking, too_often
from purport.desk.hosts import local
from purport.desk.pages import Asked, page
from purport.desk.premises import Here, Premises
from purport.desk.security import bound

Back = Annotated[str, QueryParameter(max_length=2000)]
REFUSED = "That name and that password don’t belong together, or the account is switched off."


class Given(msgspec.Struct):
    token: str = ""
    name: str = ""
    password: str = ""
    back: str = "/"


class Out(msgspec.Struct):
    token: str = ""
    everywhere: str = ""


@get("/sign-in", opt={"role": OPEN}, sync_to_thread=True, include_in_schema=False)
def sign_in_page(request: Asked, here: Here, back: Back = "/") -> Response[Any]:
    if asking(request.scope).person:
        return Redirect(local(back), status_code=303)
    return _asked(request, here, local(back))


def _asked(
    request: Asked, here: Premises, back: str, status: int = 200, said: str = "", called: str = ""
) -> Response[str]:
    """The form, bound to this browser by a cookie of its own."""
    before = request.cookies.get(BEFORE) or secrets.token_hex(16)
    with bound(before):
        made = page("sign_in", request, here, status, back=back, said=said, called=called)
    made.cookies.append(_cookie(here, BEFORE, before))
    return made


@post("/sign-in/now", opt={"role": OPEN}, status_code=303, sync_to_thread=True, include_in_schema=False)
def sign_in(
    request: Asked, here: Here, data: Annotated[Given, Body(media_type=RequestEncodingType.URL_ENCODED)]
) -> Response[Any]:
    """A right password begins a session of a new name; what the browser had before counts for nothing."""
    back, name = local(data.back), data.name.strip().casefold()[:80]
    for staff in here.staff:
        if wait := here.limits.take(name, address(request)):
            raise too_often(wait)
        if words := admitting.sign_in(staff, name, data.password, address(request)):
            here.limits.went_well(name, address(request))
            away = Cookie(key=BEFORE, value="", max_age=0, path="/")
            return Redirect(back, status_code=303, cookies=[_cookie(here, COOKIE, words), away])
        return _asked(request, here, back, 403, REFUSED, name)
    return Redirect(back, status_code=303)


@post("/sign-out", opt={"role": READER}, status_code=303, sync_to_thread=True, include_in_schema=False)
def sign_out(
    request: Asked, here: Here, data: Annotated[Out, Body(media_type=RequestEncodingType.URL_ENCODED)]
) -> Redirect:
    """End this sign-in, or all of this person's."""
    found = asking(request.scope)
    for staff in here.staff:
        for one in found.person:
            rungs.book_views(staff, one.name)
        if data.everywhere:
            for one in found.person:
                admitting.out_everywhere(staff, one.name)
        else:
            admitting.sign_out(staff, found.words)
    return Redirect("/sign-in", status_code=303, cookies=[Cookie(key=COOKIE, value="", max_age=0, path="/")])


@get("/you", opt={"role": READER}, sync_to_thread=True, include_in_schema=False)
def you(request: Asked, here: Here) -> Response[str]:
    """Who one is here. Nobody else can see this page of somebody."""
    found = asking(request.scope)
    today = [rungs.today(staff, found.person[0].name) for staff in here.staff]
    return page("you", request, here, person=found.person[0], by=found.by, today=today, rest=here.rest)


def _cookie(here: Premises, key: str, words: str) -> Cookie:
    return Cookie(key=key, value=words, path="/", httponly=True, samesite="strict", secure=here.secure)


HANDLERS = (sign_in_page, sign_in, sign_out, you)
