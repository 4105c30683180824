"""One request and its response over one connection, with the very bytes that went over the wire."""

import ssl
from contextlib import suppress
from dataclasses import dataclass, field

import h11
import httpcore2

from purport.core.watching import Answer
from purport.edges.addresses import Resolver, TimedStream, checked, connect

PIECE = 64 * 1024  # bytes read at a time
STEP = 10.0  # seconds for one step: to connect, to get the next bytes
_HEAD = 100 * 1024  # the most that the lines before a body may take
_SECRET = (b"authorization:", b"cookie:", b"proxy-authorization:")


class TooLargeError(Exception):
    """More bytes came than are taken."""


class TlsError(Exception):
    """The other side could not show that it is who it is called, or speaks no TLS."""


class TruncatedError(Exception):
    """The other side hung up before the end that it had announced."""


@dataclass(slots=True)
class Connection:
    """A connection that may be kept open for the next request to the same host."""

    stream: TimedStream
    address: str  # the IP address at its other end
    http: h11.Connection = field(default_factory=lambda: h11.Connection(h11.CLIENT, _HEAD))
    used: float = 0.0  # when it was last used, of `time.monotonic`

    @property
    def again(self) -> bool:
        """Can it take another request, as far as both sides said?"""
        return self.http.our_state is h11.DONE and self.http.their_state is h11.DONE

    @property
    def gone(self) -> bool:
        """Has the other side hung up, or said something unasked, since the last response?"""
        return bool(self.stream.get_extra_info("is_readable"))

    def close(self) -> None:
        self.stream.close()


def opened(
    scheme: str, host: str, port: int, deadline: float, allow_private: bool, resolver: Resolver, tls: ssl.SSLContext
) -> Connection:
    """A new connection to a host whose addresses were checked.

    Raises RefusedAddressError, FetchError (no such name), TlsError, httpcore2.ConnectError, ConnectTimeout.
    """
    stream = connect(checked(host, port, allow_private, resolver), port, deadline, STEP)
    address = str(stream.get_extra_info("server_addr")[0])
    if scheme == "https":
        try:
            stream = stream.start_tls(tls, host, STEP)
        except httpcore2.ConnectError as error:
            raise TlsError(str(error)) from error
    return Connection(stream, address)


def converse(connection: Connection, head: h11.Request, answer: Answer) -> None:
    """Send a request and fill in the answer as its bytes come.

    When it raises, the answer holds what had come until then. Raises TooLargeError, TruncatedError,
    h11.RemoteProtocolError, and httpcore2's errors of reading.
    """
    http, stream, wire = connection.http, connection.stream, answer.wire
    if http.our_state is h11.DONE:
        http.start_next_cycle()
    sent = (http.send(head) or b"") + (http.send(h11.EndOfMessage()) or b"")
    wire.request, wire.address = without_secrets(sent), connection.address
    with suppress(httpcore2.WriteError):  # who refuses a request early may still say why
        stream.write(sent, STEP)
    ended = False
    while True:
        try:
            event = http.next_event()
        except h11.RemoteProtocolError as error:
            raise TruncatedError(str(error)) if ended and wire.size else error from error
        if event is h11.NEED_DATA:
            data = stream.read(PIECE, STEP)
            ended = not data
            if ended and not wire.size:
                raise httpcore2.ReadError("hung up without an answer")
            wire.response.write(data)
            wire.size += len(data)
            if wire.size > answer.request.limit:
                raise TooLargeError
            http.receive_data(data)
        elif isinstance(event, h11.Response):
            answer.status = event.status_code
            answer.headers = _headers(event)
        elif isinstance(event, h11.InformationalResponse):  # the response proper comes behind it
            _restart(answer, http.trailing_data[0])
        elif isinstance(event, h11.Data) and answer.payload is not None:
            answer.payload.write(event.data)
        else:
            break
    answer.excess = len(http.trailing_data[0])
    if answer.excess:
        wire.size -= answer.excess
        wire.response.truncate(wire.size)


def _restart(answer: Answer, rest: bytes) -> None:
    wire = answer.wire
    wire.response.seek(0)
    wire.response.truncate()
    wire.response.write(rest)
    wire.size = len(rest)


def _headers(event: h11.Response) -> dict[str, str]:
    """Names in lower case; what comes several times is joined by commas."""
    found: dict[str, str] = {}
    for name, value in event.headers:
        key, said = name.decode("latin-1"), value.decode("latin-1")
        found[key] = f"{found[key]}, {said}" if key in found else said
    return found


def without_secrets(request: bytes) -> bytes:
    """The lines of a request but for those that hold a password or a cookie."""
    lines = request.split(b"\r\n")
    return b"\r\n".join(line for line in lines if not line.lower().startswith(_SECRET))
