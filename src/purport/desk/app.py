"""The desk as an application: which address is answered by what, and what is said when something can't be.

request > Guard (host, headers) > Door (who asks) > Litestar (routes, JSON, OpenAPI) > a view > app > ledger
"""

import logging
from typing import Any
from urllib.parse import urlencode

from litestar import Litestar, MediaType, Response, get
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException, NotFoundException
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.types import ASGIApp

from purport import __version__
from purport.core.errors import NotFoundError, PurportError, UsageError
from purport.desk import views
from purport.desk.door import OPEN, Door, keep
from purport.desk.hosts import LOOPBACK, local
from purport.desk.pages import Asked, page, static
from purport.desk.premises import Premises
from purport.desk.security import Guard

LARGEST = 64 * 1024  # bytes of a form: nothing larger is asked for
STATIC = {
    "desk.css": "text/css",
    "review.css": "text/css",
    "desk.js": "text/javascript",
    "htmx.js": "text/javascript",
    "review.js": "text/javascript",
    "sign.svg": "image/svg+xml",
}

_log = logging.getLogger(__name__)


def build(here: Premises, hosts: frozenset[str] = LOOPBACK) -> ASGIApp:
    """The desk, ready to be served by the names in `hosts`."""
    return Guard(Door(application(here), here), hosts)


def application(here: Premises) -> Litestar:
    """The desk without its guard: for what asks for its routes and its schema."""

    def failed(request: Asked, error: Exception) -> Response[Any]:
        status, title, said = _told(error)
        if status >= 500:
            _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        headers = getattr(error, "headers", None) or {}
        if request.url.path.startswith("/api/"):
            return Response({"error": said}, status_code=status, media_type=MediaType.JSON, headers=headers)
        if status == 401 and request.method == "GET":
            return _to_sign_in(request)
        made = page("failed", request, here, status, title=title, said=said)
        made.headers.update(headers)
        return made

    return Litestar(
        state=State({"here": here}),
        guards=[keep],
        route_handlers=[_static, *views.HANDLERS],
        dependencies={"here": Provide(lambda: here, sync_to_thread=False)},
        exception_handlers={Exception: failed},
        openapi_config=OpenAPIConfig(
            title="Purport's desk",
            version=__version__,
            description="Who claims what, on whose word, how firmly. Reads a ledger; what people judge is added to it.",
            path="/api/schema",
            use_handler_docstrings=True,
            render_plugins=[JsonRenderPlugin(path="/openapi.json")],  # the first one answers at the path itself, too
        ),
        request_max_body_size=LARGEST,
        logging_config=None,
    )


@get("/static/{name:str}", opt={"role": OPEN}, sync_to_thread=False, include_in_schema=False)
def _static(name: FromPath[str]) -> Response[bytes]:
    """A style or script of the desk; what is not listed is not there, whatever its name."""
    if name not in STATIC:
        raise NotFoundException
    headers = {"cache-control": "public, max-age=31536000, immutable"}  # a changed file has another address
    return Response(static(name)[0], media_type=STATIC[name], headers=headers)


def _to_sign_in(request: Asked) -> Response[Any]:
    """Where who is not signed in is sent; what htmx asks for is a part of a page, so the whole page is to go there."""
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    there = f"/sign-in?{urlencode({'back': local(path)})}"
    if request.headers.get("hx-request"):
        return Response("", status_code=401, media_type=MediaType.TEXT, headers={"hx-redirect": there})
    return Redirect(there, status_code=303)


def _told(error: Exception) -> tuple[int, str, str]:
    """The status, the heading and the sentence for something that can't be answered."""
    if isinstance(error, NotFoundError):
        return 404, "Not in the ledger", str(error)
    if isinstance(error, UsageError):
        return 400, "That can't be asked so", str(error)
    if isinstance(error, PurportError):
        return 503, "The ledger can't answer now", str(error)
    if isinstance(error, HTTPException):
        if error.status_code == 404:
            return 404, "No such page", "There is nothing at this address. The rooms of the desk are listed above."
        if error.status_code == 401:
            return 401, "Sign in", f"{error.detail} Programs give a token: purport people token NAME."
        if error.status_code == 429:
            return 429, "Too often", error.detail
        if error.status_code == 403:
            return 403, "Refused", error.detail
        if error.status_code < 500:
            return error.status_code, "That can't be asked so", _plain(error)
    return 500, "Something broke", "This is a fault of Purport's, written to its log. Nothing in the ledger changed."


def _plain(error: HTTPException) -> str:
    """What is wrong with a request, by the names of what was asked."""
    extra = error.extra if isinstance(error.extra, list) else []
    wrong = [f"{one['key']}: {one['message']}" for one in extra if isinstance(one, dict) and "key" in one]
    return "; ".join(wrong) or error.detail
