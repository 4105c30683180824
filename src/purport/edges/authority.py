"""Asks a time stamp authority over http(s), at checked addresses only (RFC 3161, section 3.4)."""

import time

import httpcore2
import httpx2

from purport.collect.items import without_password
from purport.core.errors import FetchError
from purport.edges.addresses import CheckedTransport, Resolver, resolve
from purport.edges.fetch import USER_AGENT

_LARGEST = 1024 * 1024  # bytes of an answer: a token with its certificates has some thousand
_STEP = 10.0  # seconds to connect, or to get the next bytes
_ANSWER = "application/timestamp-reply"


class WebAuthority:
    """Implements `core.ports.Authority`.

    `timeout`: seconds for the whole answer. `transport` answers instead of the network, `resolver` instead of the
    name service: for tests. Redirects are not followed: an authority is asked where the user says it is.
    """

    def __init__(
        self,
        url: str,
        allow_private: bool = False,
        timeout: float = 30.0,
        transport: httpx2.BaseTransport | None = None,
        resolver: Resolver = resolve,
    ) -> None:
        self._url, self._allow_private, self._timeout = url, allow_private, timeout
        self._transport, self._resolver = transport, resolver

    def stamp(self, request: bytes) -> bytes:
        """Its answer to a request, both in DER. Raises RefusedAddressError or FetchError."""
        shown = without_password(self._url)
        try:
            return self._asked(request, shown)
        except (httpx2.TimeoutException, httpcore2.TimeoutException) as error:
            message = f"{shown} did not answer in full within {self._timeout:g} seconds; try again later."
            raise FetchError(message, "timeout") from error
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, httpcore2.UnsupportedProtocol, UnicodeError) as error:
            raise FetchError(f"{shown} is not an http(s) address; check how it is written.") from error
        except (httpx2.TransportError, httpcore2.NetworkError, httpcore2.ProtocolError) as error:
            why = " ".join(str(error).split())[:160] or type(error).__name__
            raise FetchError(f"{shown} could not be asked ({why}); check the address or try later.") from error

    def _asked(self, request: bytes, shown: str) -> bytes:
        deadline = time.monotonic() + self._timeout
        context = httpcore2.default_ssl_context() if self._transport is None else None
        transport = CheckedTransport(context, deadline, self._allow_private, self._resolver, self._transport)
        headers = {
            "User-Agent": USER_AGENT,
            "Accept": _ANSWER,
            "Accept-Encoding": "identity",
            "Content-Type": "application/timestamp-query",
        }
        url = httpx2.URL(self._url)
        if url.scheme not in ("http", "https") or not url.host:
            raise httpx2.UnsupportedProtocol(url.scheme)
        login = httpx2.BasicAuth(url.username, url.password) if url.userinfo else None
        with (  # the client writes addresses into its log, so that it must not see a password in one
            httpx2.Client(transport=transport, headers=headers, timeout=_STEP, trust_env=False) as client,
            client.stream("POST", shown, content=request, auth=login, follow_redirects=False) as response,
        ):
            if not response.is_success:
                raise FetchError(f"{shown} answered {response.status_code}; check the address.", "http-status")
            kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind != _ANSWER:
                named = f"“{kind[:60]}”" if kind else "no type"
                raise FetchError(f"{shown} is no time stamp authority: it answered with {named}. Check the address.")
            body = bytearray()
            for piece in response.iter_raw():
                body += piece
                if len(body) > _LARGEST:
                    raise FetchError(f"{shown} answered with more than a time stamp; check the address.", "too-large")
            return bytes(body)
