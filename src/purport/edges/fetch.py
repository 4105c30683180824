"""Fetches single pages over http(s), politely, within bounds, and never from a private network unasked."""

import ssl
import time
from functools import cached_property
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

import httpcore2
import httpx2
import stamina

from purport.collect.inflate import BodyError, inflate
from purport.collect.items import without_password
from purport.collect.limits import HTML, said
from purport.core.errors import FetchError
from purport.core.ports import Page
from purport.edges.addresses import CheckedTransport, Resolver, resolve
from purport.edges.retries import tell_retries

USER_AGENT = "Purport/0.1"
REDIRECTS = 5
_TRIES = 3
_STEP = 10.0  # seconds for one step: to connect, to get the next bytes
_BUSY = (502, 503, 504)  # answers worth a second try
_HEADERS = {
    "User-Agent": USER_AGENT,
    "Accept": "text/html,application/xhtml+xml,text/plain;q=0.9,*/*;q=0.5",
    "Accept-Language": "en,*;q=0.5",
    "Accept-Encoding": "gzip, deflate",  # what we can unpack within bounds
}
_TIMEOUTS = (httpx2.TimeoutException, httpcore2.TimeoutException)
_TRANSIENT = (
    httpx2.NetworkError,
    httpx2.RemoteProtocolError,
    httpcore2.NetworkError,
    httpcore2.RemoteProtocolError,
)


class _BusyError(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


class WebFetcher:
    """Implements `core.ports.Fetcher`.

    `timeout`: seconds for a whole page, with its redirects and second tries. `max_bytes`: the most of a page,
    unpacked. `transport` answers instead of the network, `resolver` instead of the name service: for tests.
    """

    def __init__(
        self,
        allow_private: bool = False,
        timeout: float = 30.0,
        max_bytes: int = HTML,
        transport: httpx2.BaseTransport | None = None,
        resolver: Resolver = resolve,
    ) -> None:
        self._allow_private, self._timeout, self._max_bytes = allow_private, timeout, max_bytes
        self._transport, self._resolver = transport, resolver
        tell_retries()

    def fetch(self, url: str) -> Page:
        """The page's final address (without a password), its Content-Type, its body without content encodings.

        Follows up to five redirects, each checked like the first address. A user name and password in `url` go
        to that host only. Raises RefusedAddressError, or FetchError with the cause fetch, timeout, http-status,
        too-large, truncated or encoding.
        """
        shown = without_password(url)
        deadline = time.monotonic() + self._timeout
        try:
            for attempt in stamina.retry_context(
                on=(*_TRANSIENT, _BusyError), attempts=_TRIES, timeout=self._timeout, wait_initial=0.3, wait_max=2.0
            ):
                with attempt:
                    return self._page(url, shown, deadline)
        except _BusyError as error:
            raise FetchError(status_message(shown, error.status), "http-status") from None
        except _TIMEOUTS as error:
            message = f"{shown} did not answer in full within {self._timeout:g} seconds; try again later."
            raise FetchError(message, "timeout") from error
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, httpcore2.UnsupportedProtocol, UnicodeError) as error:
            raise FetchError(f"{shown} is not an http(s) address; check how it is written.") from error
        except (httpx2.TransportError, *_TRANSIENT, httpcore2.ProtocolError) as error:
            raise FetchError(
                f"{shown} could not be fetched ({_why(error)}); check the address or try later."
            ) from error
        raise AssertionError("retrying ends with a page or an error")

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return httpcore2.default_ssl_context()

    def _page(self, url: str, shown: str, deadline: float) -> Page:
        context = self._context if self._transport is None else None
        transport = CheckedTransport(context, deadline, self._allow_private, self._resolver, self._transport)
        # the client writes addresses into its log, so that it must not see the password in one
        with httpx2.Client(transport=transport, headers=_HEADERS, timeout=_STEP, trust_env=False) as client:
            request = client.build_request("GET", shown)
            auth = _login(url)
            for _ in range(REDIRECTS + 1):
                if request.url.scheme not in ("http", "https") or not request.url.host:
                    raise FetchError(f"{shown} leads to {without_password(str(request.url))}, which is not http(s).")
                response = client.send(request, stream=True, auth=auth, follow_redirects=False)
                try:
                    if response.next_request is None:
                        return self._read(response, shown, deadline)
                    request, auth = response.next_request, None
                    request.url = httpx2.URL(without_password(str(request.url)))
                finally:
                    response.close()
        raise FetchError(f"{shown} redirects more than {REDIRECTS} times; give the final address.")

    def _read(self, response: httpx2.Response, shown: str, deadline: float) -> Page:
        if response.status_code in _BUSY:
            raise _BusyError(response.status_code)
        if not response.is_success:
            raise FetchError(status_message(shown, response.status_code), "http-status")
        body = bytearray()
        for piece in response.iter_raw():
            body += piece
            if len(body) > self._max_bytes:
                message = f"{shown} is larger than {said(self._max_bytes)}; save it and read the article from a file."
                raise FetchError(message, "too-large")
            if time.monotonic() > deadline:
                raise httpx2.ReadTimeout("the time for the whole page is over")
        try:
            opened = inflate(bytes(body), response.headers.get("content-encoding", ""), self._max_bytes)
        except BodyError as error:
            raise FetchError(f"{shown} can't be opened: {error}.", error.cause) from error
        return str(response.url), response.headers.get("content-type", ""), opened


def _login(url: str) -> httpx2.BasicAuth | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if not parts.username and not parts.password:
        return None
    return httpx2.BasicAuth(unquote(parts.username or ""), unquote(parts.password or ""))


def status_message(shown: str, status: int) -> str:
    try:
        phrase = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        phrase = str(status)
    mends = {
        401: "it asks for a login; save the page in a browser and read the file",
        403: "it refuses programs; save the page in a browser and read the file",
        404: "check the address, or look for the page in a web archive",
        410: "the page was taken down; look for it in a web archive",
        429: "it asks us to slow down; wait before the next try",
        451: "it is withheld for legal reasons; look for it in a web archive",
    }
    return f"{shown} answered {phrase}; {mends.get(status, 'try again later')}."


def _why(error: Exception) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__
