"""Which network addresses may be fetched from, and connections made to the checked addresses only.

The name is looked up once, every address it has is checked, and the connection goes to those very addresses:
a name that changes its answer between the check and the connection (DNS rebinding) gains nothing.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

import httpcore2
import httpx2

from purport.core.errors import FetchError, RefusedAddressError

Resolver: TypeAlias = Callable[[str, int], Sequence[str]]  # host, port -> IP addresses
Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last 32 bits
_COMPATIBLE = ipaddress.IPv6Network("::/96")  # RFC 4291 2.5.5.1, no longer used: the same


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a host name, in the system's order. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_public(address: str) -> bool:
    """May this IP address be fetched from without leave? Only what is routed on the open internet.

    An IPv6 address that carries an IPv4 one (mapped, 6to4, NAT64 …) is judged by that one too.
    """
    try:
        ip: Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return _is_global(ip)
    inner = ip.ipv4_mapped or ip.sixtofour
    if inner is None and (ip in _NAT64 or ip in _COMPATIBLE):
        inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    if inner is not None:
        return _is_global(inner)
    return _is_global(ip) and ip.teredo is None and not ip.is_site_local


def _is_global(ip: Address) -> bool:
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_link_local)


def checked(host: str, port: int, allow_private: bool, resolver: Resolver) -> list[str]:
    """The addresses of a host, all of which may be fetched from. Raises RefusedAddressError, FetchError."""
    try:
        addresses = list(dict.fromkeys(resolver(host, port)))
    except (OSError, UnicodeError) as error:
        message = f"The name “{host}” can't be found; check the address and the network."
        raise FetchError(message) from error
    refused = [a for a in addresses if not allow_private and not is_public(a)]
    if refused or not addresses:
        raise RefusedAddressError(
            f"“{host}” leads to {refused[0] if refused else 'no address'}, which is private, local or reserved, "
            "and was not fetched; allow private addresses if it is on your own network."
        )
    return addresses


def connect(addresses: Sequence[str], port: int, deadline: float, step: float) -> "TimedStream":
    """A connection to the first of checked addresses that answers. Raises httpcore2.ConnectError, ConnectTimeout."""
    return _PinnedBackend(addresses, deadline).connect_tcp("", port, step)


class CheckedTransport(httpx2.BaseTransport):
    """Sends a request to the checked addresses of its host, each step within one deadline.

    `deadline` is of `time.monotonic`, in seconds. `inner`, for tests, answers instead of the network, after the
    same check. Environment proxies are not used: a proxy would look names up out of our sight.
    """

    def __init__(
        self,
        context: ssl.SSLContext | None,
        deadline: float,
        allow_private: bool,
        resolver: Resolver,
        inner: httpx2.BaseTransport | None = None,
    ) -> None:
        self._context, self._deadline, self._allow_private = context, deadline, allow_private
        self._resolver, self._inner = resolver, inner

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        host = url.raw_host.decode("ascii")
        port = url.port or (443 if url.scheme == "https" else 80)
        addresses = checked(host, port, self._allow_private, self._resolver)
        if self._inner is not None:
            return self._inner.handle_request(request)
        pool = httpcore2.ConnectionPool(
            ssl_context=self._context, network_backend=_PinnedBackend(addresses, self._deadline)
        )
        try:
            response = pool.handle_request(
                httpcore2.Request(
                    method=request.method,
                    url=httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        except BaseException:
            pool.close()
            raise
        return httpx2.Response(
            response.status, headers=response.headers, stream=_Body(pool, response), extensions=response.extensions
        )


class _Body(httpx2.SyncByteStream):
    """The body of a response; closing it closes the connection."""

    def __init__(self, pool: httpcore2.ConnectionPool, response: httpcore2.Response) -> None:
        self._pool, self._response = pool, response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()
        self._pool.close()


class _PinnedBackend(httpcore2.NetworkBackend):
    """Connects to given addresses whatever the host name; certificates are still checked against the name."""

    def __init__(
        self, addresses: Sequence[str], deadline: float, backend: httpcore2.NetworkBackend | None = None
    ) -> None:
        self._addresses, self._deadline = addresses, deadline
        self._backend = backend or httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> "TimedStream":
        failed: Exception = httpcore2.ConnectError("no address")
        for address in self._addresses:
            try:
                left = _left(self._deadline, timeout, httpcore2.ConnectTimeout)
                stream = self._backend.connect_tcp(address, port, left, local_address, socket_options)
                return TimedStream(stream, self._deadline)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
        raise failed


class TimedStream(httpcore2.NetworkStream):
    """A connection of which every step ends by the deadline, however slowly the other side drips.

    `deadline` is of `time.monotonic`; each use of a connection that is kept open sets its own.
    """

    def __init__(self, stream: httpcore2.NetworkStream, deadline: float) -> None:
        self._stream, self.deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self.deadline, timeout, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self.deadline, timeout, httpcore2.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> "TimedStream":
        left = _left(self.deadline, timeout, httpcore2.ConnectTimeout)
        return TimedStream(self._stream.start_tls(ssl_context, server_hostname, left), self.deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float, timeout: float | None, error: type[Exception]) -> float:
    """Seconds this step may take: its own time-out or what is left until the deadline, whichever is less."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise error("the time for the whole page is over")
    return left if timeout is None else min(left, timeout)
