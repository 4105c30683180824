"""Asks the web for one address at a time and hands back what went over the wire; several hosts at once.

Politeness is not its affair: whoever sends requests says when. What it sees to is that nothing private is asked,
nothing grows or lasts without bound, and no password is kept.
"""

import base64
import queue
import ssl
import threading
import time
from collections import OrderedDict
from functools import cached_property
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, TypeAlias, cast
from urllib.parse import unquote, urlsplit

import h11
import httpcore2
import httpx2

from purport.collect.items import without_password
from purport.collect.limits import said
from purport.core.errors import FetchError, RefusedAddressError
from purport.core.ports import Clock
from purport.core.watching import Answer, Request, Wire
from purport.edges.addresses import Resolver, resolve
from purport.edges.connections import Connection, TlsError, TooLargeError, TruncatedError, converse, opened
from purport.edges.fetch import USER_AGENT, status_message

HANDS = 24  # requests at once
MEMORY = 1024 * 1024  # bytes of a response held in memory; a larger one goes to a temporary file
KEPT = 200  # connections kept open for the next request
IDLE = 15.0  # seconds after which a connection is not used again: many servers hang up then
_HEADERS = (
    (b"User-Agent", USER_AGENT.encode()),
    (b"Accept", b"text/html,application/xhtml+xml,application/atom+xml,application/rss+xml,*/*;q=0.5"),
    (b"Accept-Language", b"en,*;q=0.5"),
    (b"Accept-Encoding", b"gzip, deflate"),  # what we can unpack within bounds
)
_TIMEOUTS = (httpcore2.TimeoutException, TimeoutError)

Key: TypeAlias = tuple[str, str, int, bool]


class Web:
    """Implements `core.ports.Web`; `resolver` and `tls` stand in for the name service and the authorities in tests."""

    def __init__(
        self, clock: Clock, hands: int = HANDS, resolver: Resolver = resolve, tls: ssl.SSLContext | None = None
    ) -> None:
        self._clock, self._resolver, self._hands, self._given = clock, resolver, hands, tls
        self._kept: OrderedDict[Key, Connection] = OrderedDict()
        self._lock = threading.Lock()
        self._sent: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._come: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._threads, self._closed = 0, False

    def send(self, request: Request) -> None:
        """Have a request made as soon as a hand is free."""
        if self._threads < self._hands:
            self._threads += 1
            # daemons: a program that is asked to stop does not wait for a slow server
            threading.Thread(target=self._work, name="purport-web", daemon=True).start()
        self._sent.put(request)

    def answers(self, wait: float) -> list[Answer]:
        """What has come; waits so many seconds at most for the first."""
        found: list[Answer] = []
        try:
            found.append(self._come.get(timeout=max(0.0, wait)))
            while True:
                found.append(self._come.get_nowait())
        except queue.Empty:
            return found

    def close(self) -> None:
        """Make no more requests, and wait for none: what still comes is given up."""
        self._closed = True
        for _ in range(self._threads):
            self._sent.put(None)
        for answer in self.answers(0):
            answer.close()
        with self._lock:
            while self._kept:
                self._kept.popitem()[1].close()

    def _work(self) -> None:
        while (request := self._sent.get()) is not None and not self._closed:
            answer = self.ask(request)
            if self._closed:
                answer.close()
            else:
                self._come.put(answer)

    def ask(self, request: Request) -> Answer:
        """Make one request. Never raises for what the other side does: the answer has a cause instead."""
        shown = without_password(request.url)
        wire = Wire(shown, self._clock.now(), b"", _spool(), 0)
        answer = Answer(request, wire, payload=_spool())
        try:
            self._ask(request, answer)
        except RefusedAddressError as error:
            _fail(answer, "refused-address", str(error))
        except FetchError as error:
            _fail(answer, "name", str(error))
        except (httpx2.InvalidURL, UnicodeError, OverflowError, h11.LocalProtocolError):
            _fail(answer, "not-an-address", f"{shown} is not an http(s) address; check how it is written.")
        except TlsError as error:
            detail = f"{shown} could not prove who it is ({_why(error)}); nothing was taken from it."
            _fail(answer, "tls", detail)
        except TooLargeError:
            detail = f"{shown} is larger than {said(request.limit)}; what came until then is kept, but not read."
            _fail(answer, "too-large", detail, "length")
        except _TIMEOUTS:
            detail = f"{shown} did not answer in full within {request.seconds:g} seconds; it is tried again later."
            _fail(answer, "timeout", detail, "time")
        except TruncatedError as error:
            _fail(answer, "truncated", f"{shown} hung up before the end ({_why(error)}).", "disconnect")
        except (httpcore2.ConnectError, OSError) as error:
            _fail(answer, "unreachable", f"{shown} could not be reached ({_why(error)}); it is tried again later.")
        except httpcore2.NetworkError as error:
            _fail(answer, "disconnect", f"{shown} broke the connection off ({_why(error)}).", "disconnect")
        except (h11.RemoteProtocolError, httpcore2.ProtocolError) as error:
            _fail(answer, "protocol", f"{shown} does not speak HTTP as it should ({_why(error)}).", "unspecified")
        except Exception as error:  # whatever it is, who waits for the answer must get one
            _fail(
                answer, "failed", f"{shown} could not be fetched ({_why(error)}); please tell us of it.", "unspecified"
            )
        else:
            if answer.status >= 400:
                answer.cause, answer.detail = "http-status", status_message(shown, answer.status)
        wire.response.seek(0)
        if answer.payload is not None:
            answer.payload.seek(0)
        return answer

    def _ask(self, request: Request, answer: Answer) -> None:
        url = httpx2.URL(answer.wire.url)
        if url.scheme not in ("http", "https") or not url.host:
            raise httpx2.InvalidURL("not http(s)")
        host, port = url.raw_host.decode("ascii"), url.port or (443 if url.scheme == "https" else 80)
        if port > 65535:
            raise httpx2.InvalidURL("no such port")
        key = (url.scheme, host, port, request.allow_private)
        head = h11.Request(method="GET", target=url.raw_path, headers=_headers(request, url.netloc))
        deadline = time.monotonic() + request.seconds
        kept = self._taken(key)
        if kept:
            try:
                self._converse(kept, key, head, answer, deadline)
                return
            except httpcore2.NetworkError:
                if answer.wire.size:
                    raise
        fresh = opened(url.scheme, host, port, deadline, request.allow_private, self._resolver, self._tls)
        self._converse(fresh, key, head, answer, deadline)

    def _converse(self, over: Connection, key: Key, head: h11.Request, answer: Answer, deadline: float) -> None:
        over.stream.deadline = deadline
        try:
            converse(over, head, answer)
        except BaseException:
            over.close()
            raise
        if over.again and not answer.excess:
            self._keep(key, over)
        else:
            over.close()

    def _taken(self, key: Key) -> Connection | None:
        """A connection that was kept open, if there is a good one."""
        with self._lock:
            found = self._kept.pop(key, None)
        if found and (time.monotonic() - found.used > IDLE or found.gone):
            found.close()
            return None
        return found

    def _keep(self, key: Key, connection: Connection) -> None:
        connection.used = time.monotonic()
        with self._lock:
            old = [self._kept.pop(key)] if key in self._kept else []
            self._kept[key] = connection
            if len(self._kept) > KEPT:
                old.append(self._kept.popitem(last=False)[1])
        for one in old:
            one.close()

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self._given or httpcore2.default_ssl_context()


def _spool() -> BinaryIO:
    return cast(BinaryIO, SpooledTemporaryFile(MEMORY))


def _headers(request: Request, netloc: bytes) -> list[tuple[bytes, bytes]]:
    headers = [(b"Host", netloc), *_HEADERS]
    if request.etag:
        headers.append((b"If-None-Match", request.etag.encode("latin-1")))
    if request.modified:
        headers.append((b"If-Modified-Since", request.modified.encode("latin-1")))
    parts = urlsplit(request.url)
    if parts.username or parts.password:
        secret = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
        headers.append((b"Authorization", b"Basic " + base64.b64encode(secret.encode())))
    return headers


def _fail(answer: Answer, cause: str, detail: str, cut: str = "") -> None:
    answer.cause, answer.detail = cause, detail
    answer.wire.cut = cut if answer.wire.size else ""


def _why(error: BaseException) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__
