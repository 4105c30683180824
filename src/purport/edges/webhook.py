"""Hands alerts to a webhook: JSON by POST, to checked addresses only, tried again where that may help."""

import base64
import ssl
import time
from functools import cached_property
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

import httpcore2
import httpx2
import stamina

from purport.collect.items import without_password
from purport.core.errors import FetchError
from purport.edges.addresses import CheckedTransport, Resolver, resolve
from purport.edges.fetch import USER_AGENT
from purport.edges.retries import tell_retries

TRIES = 3
SECONDS = 30.0  # for all of them
STEP = 10.0  # for one step of one
BUSY = frozenset((408, 425, 429, 500, 502, 503, 504))  # answers worth another try

_FAULTS = (
    httpx2.TransportError,
    httpcore2.TimeoutException,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
)


class _BusyError(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


class WebHook:
    """Implements `core.ports.Hook`. For tests `transport` answers instead of the network, `resolver` of the names."""

    def __init__(self, transport: httpx2.BaseTransport | None = None, resolver: Resolver = resolve) -> None:
        self._transport, self._resolver = transport, resolver
        tell_retries()

    def post(self, url: str, data: bytes, key: str, allow_private: bool) -> None:
        """Hand JSON to a webhook; `key` is the same when it is handed over again (`Idempotency-Key`).

        Redirects are not followed: a webhook that moved is to be named anew. Raises RefusedAddressError, or FetchError
        with the cause fetch, timeout or http-status. Nothing of the address but its host is told.
        """
        host = _host(url)
        deadline = time.monotonic() + SECONDS
        try:
            for attempt in stamina.retry_context(
                on=(*_FAULTS, _BusyError), attempts=TRIES, timeout=SECONDS, wait_initial=0.5, wait_max=5.0
            ):
                with attempt:
                    self._post(url, data, key, allow_private, deadline)
        except _BusyError as error:
            raise FetchError(f"The webhook at {host} answered {_named(error.status)}.", "http-status") from None
        except (httpx2.TimeoutException, httpcore2.TimeoutException):
            raise FetchError(f"The webhook at {host} did not answer within {SECONDS:g} seconds.", "timeout") from None
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, UnicodeError):
            raise FetchError(f"The webhook at {host} has no http(s) address; mend it in alerts.toml.") from None
        except _FAULTS as error:
            why = type(error).__name__
            raise FetchError(f"The webhook at {host} could not be reached ({why}); is it running?") from None

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return httpcore2.default_ssl_context()

    def _post(self, url: str, data: bytes, key: str, allow_private: bool, deadline: float) -> None:
        context = self._context if self._transport is None else None
        transport = CheckedTransport(context, deadline, allow_private, self._resolver, self._transport)
        # not by the library's client: that writes addresses into its log, and a webhook's is as good as its password
        request = httpx2.Request("POST", without_password(url), headers=_headers(url, key), content=data)
        request.extensions["timeout"] = dict.fromkeys(("connect", "read", "write", "pool"), STEP)
        if request.url.scheme not in ("http", "https") or not request.url.host:
            raise httpx2.UnsupportedProtocol("not http(s)")
        response = transport.handle_request(request)
        response.close()  # what it says is not read: all that counts is whether it took the alert
        if response.status_code in BUSY:
            raise _BusyError(response.status_code)
        if not response.is_success:
            told = f"The webhook at {_host(url)} answered {_named(response.status_code)}"
            raise FetchError(f"{told}; mend its address in alerts.toml.", "http-status")


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "an address without a host"
    except ValueError:
        return "an address without a host"


def _headers(url: str, key: str) -> dict[str, str]:
    found = {"User-Agent": USER_AGENT, "Content-Type": "application/json", "Idempotency-Key": key}
    parts = urlsplit(url)
    if parts.username or parts.password:
        login = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
        found["Authorization"] = "Basic " + base64.b64encode(login.encode()).decode()
    return found


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
