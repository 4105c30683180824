"""Who asks, found before anything else is done; and whether they may. What no handler opens to all is shut.

door (cookie or token to a person) > keeper (role, form, pace) > a handler
"""

import re
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, cast

from anyio.to_thread import run_sync
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException, NotAuthorizedException, PermissionDeniedException
from litestar.handlers.base import BaseRouteHandler
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from purport.app import admitting, rungs
from purport.core.errors import LedgerError
from purport.core.people import ADMIN, READER, Person, acting
from purport.desk.hosts import host_of
from purport.desk.premises import Premises
from purport.desk.security import FIELD, bound, is_ours

COOKIE = "purport-session"
BEFORE = "purport-before"  # of who is not signed in yet: binds the form of the sign-in page to that browser
OPEN = "open"  # a handler's role that everybody has
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
HOUSE, SESSION, TOKEN = "house", "session", "token"
_KEY = "purport.asking"
_ENTRY = re.compile(r"/(?:api/)?(?:report|claim|story|release)/([A-Za-z0-9-]{1,80})")  # what is looked at by itself
OTHER_SITE = "This form did not come from a page of this desk, or the desk was begun anew since. Load the page again."


@dataclass(frozen=True, slots=True)
class Asking:
    """Whom a request comes from."""

    person: tuple[Person, ...] = ()  # none or one
    by: str = ""  # house: whoever is at this machine, as there are no accounts; session; token
    words: str = ""  # of the session


def asking(scope: Any) -> Asking:
    """Whom the door let in with this request."""
    return cast(Asking, scope.get(_KEY, Asking()))


class Door:
    """Finds out who asks, so that what is booked on the way is booked as theirs."""

    def __init__(self, app: ASGIApp, here: Premises) -> None:
        self._app, self._here = app, here
        self._closed = False  # once there is an account one must sign in, whatever becomes of the file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        try:
            found = await run_sync(self._who, ASGIConnection[Any, Any, Any, Any](scope))
        except LedgerError as error:
            await _unable(send, str(error))
            return
        cast(dict[str, Any], scope)[_KEY] = found
        with ExitStack() as stack:
            stack.enter_context(bound(found.words))
            for one in found.person if found.by != HOUSE else ():
                stack.enter_context(acting(one.name))
            await self._app(scope, receive, self._noting(scope, found, send))

    def _noting(self, scope: Any, found: Asking, send: Send) -> Send:
        """The same, and what was looked at is noted once it is handed out; not who sees what on a desk of one."""
        entry = _ENTRY.fullmatch(scope["path"])
        if entry is None or found.by == HOUSE or not found.person:
            return send

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                await run_sync(self._note, found.person[0].name, entry[1])
            await send(message)

        return noted

    def _note(self, name: str, entry: str) -> None:
        for staff in self._here.staff:
            rungs.looked_at(staff, name, entry)
            if self._here.limits.books.take(name) == 0:
                rungs.book_views(staff, name)

    def _who(self, request: ASGIConnection[Any, Any, Any, Any]) -> Asking:
        here = self._here
        staff = next(iter(here.staff), None)
        if not self._closed:
            self._closed = staff is not None and staff.roster.closed()
        if staff is None or not self._closed:
            return Asking((Person(here.who or "desk", ADMIN),), HOUSE)
        kind, _, words = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return Asking(tuple(admitting.signed_in(staff, words.strip(), TOKEN)), TOKEN)
        words = request.cookies.get(COOKIE, "")
        person = tuple(admitting.signed_in(staff, words, SESSION)) if words else ()
        return Asking(person, SESSION, words) if person else Asking((), "", request.cookies.get(BEFORE, ""))


async def keep(request: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """A guard of every route: who asks must have the role of its handler; forms must be ours; dear ones have a pace.

    A handler says `opt={"role": …}`; without it one must be signed in, and it may ask for more by `need`.
    """
    here = cast(Premises, request.app.state.here)
    found, role = asking(request.scope), handler.opt.get("role", READER)
    if role != OPEN:
        if not found.person:
            raise NotAuthorizedException("Sign in first.")
        must(found.person[0], role)
    if cast(Any, request.scope)["method"] not in SAFE and found.by != TOKEN:
        await _ours(cast(Any, request), here)
    if handler.opt.get("dear"):
        who = found.person[0].name if found.person else address(request)
        if wait := here.limits.dear.take((who, address(request))):
            raise too_often(wait)


def must(person: Person, role: str) -> Person:
    """Raises PermissionDeniedException unless the person has the role."""
    if not person.may(role):
        raise PermissionDeniedException(f"That needs the role of {role}; you are signed in as {person.role}.")
    return person


def too_often(wait: int) -> HTTPException:
    """What to raise when somebody is to wait so many seconds."""
    said = f"That was too often. Wait {wait} seconds." if wait > 1 else "That was too often. Wait a second."
    return HTTPException(status_code=429, detail=said, headers={"retry-after": str(wait)})


def address(request: Any) -> str:
    """Where a request comes from, as far as the connection tells; a proxy's word counts if the desk was told so."""
    return request.client.host if request.client else ""


async def _ours(request: Any, here: Premises) -> None:
    """Raises PermissionDeniedException for what another site may have a browser send."""
    site, origin = request.headers.get("sec-fetch-site", ""), request.headers.get("origin", "null")
    # our pages tell no address of theirs, so that browsers say "null" for them, too
    foreign = site in ("cross-site", "same-site") or (origin != "null" and host_of(origin) != _host(request))
    given = request.headers.get("x-purport-token", "")
    if not given and not foreign:
        given = str((await request.form()).get(FIELD, ""))
    if foreign or not is_ours(given, here.key):
        raise PermissionDeniedException(OTHER_SITE)


def _host(request: Any) -> str:
    return host_of(request.headers.get("host", ""))


async def _unable(send: Send, said: str) -> None:
    body = f"{said}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
