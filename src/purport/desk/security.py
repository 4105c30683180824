"""What holds for every answer of the desk, whatever made it: who may ask, by which name, and what a page may do.

A page of this desk shows other people's words. So none may run a script, load a style or send a form but the desk's
own, and no other site may show it in a frame, ask it for anything by a name of its own (DNS rebinding), or have a
browser send its forms (CSRF).
"""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import cast

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from purport.core import journal
from purport.desk.hosts import LOOPBACK, host_of

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "media-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "cache-control": "no-store",  # what is shown is the ledger as it is now
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
}
_headers = [(name.encode(), value.encode()) for name, value in HEADERS.items()]

FIELD = "token"  # of a form that changes something


class Guard:
    """Stands before the desk: refuses hosts that it is not called by, and puts the headers on every answer."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str] = LOOPBACK) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return

        head = scope["method"] == "HEAD"

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                kept = [
                    (name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in given
                ]
                if b"cache-control" not in given:
                    kept.append((b"cache-control", b"no-store"))  # what is shown is the ledger's as of now
                message["headers"] = [*message["headers"], *kept]
            if head and message["type"] == "http.response.body":
                message["body"] = b""  # who asks for the head gets what a GET would, without its body
            await send(message)

        asked = _as_get(scope)
        with journal.step("request", method=scope["method"]) as told:

            async def watched(message: Message) -> None:
                if message["type"] == "http.response.start":
                    told["status"], told["route"] = message["status"], str(asked.get("path_template", "none"))
                await guarded(message)

            if self._known(scope):
                await self._app(asked, receive, watched)
            else:
                await _refuse(watched, self._hosts)

    def _known(self, scope: Scope) -> bool:
        given = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"host"]
        return len(given) == 1 and host_of(given[0]) in self._hosts


def _as_get(scope: Scope) -> Scope:
    """A request for the head of a page, as one for the page."""
    if scope["type"] == ScopeType.HTTP and scope["method"] == "HEAD":
        return cast(Scope, {**scope, "method": "GET"})
    return scope


async def _refuse(send: Send, hosts: frozenset[str]) -> None:
    said = f"The desk is not called by that name. Open it as http://{min(hosts)} with its port.\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(said)).encode())]
    await send({"type": "http.response.start", "status": 421, "headers": headers})
    await send({"type": "http.response.body", "body": said, "more_body": False})


_bound: ContextVar[str] = ContextVar("bound", default="")


@contextmanager
def bound(words: str) -> Iterator[None]:
    """Forms made or looked at inside belong to the session of these words."""
    before = _bound.set(words)
    try:
        yield
    finally:
        _bound.reset(before)


def token(key: bytes) -> str:
    """What a form of this desk carries. No other site can read it, since none can read our pages.

    It is bound to the session that asks: that of somebody else does not do.
    """
    return hmac.digest(key, f"a form of the desk for {_bound.get()}".encode("utf-8", "replace"), "sha256").hex()


def is_ours(given: str, key: bytes) -> bool:
    """Does a form's token show that it came from a page of this desk, made for who sends it?"""
    return hmac.compare_digest(given.encode("utf-8", "replace"), token(key).encode())
