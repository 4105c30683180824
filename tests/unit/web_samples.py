"""A server on loopback that answers as a test tells it to, byte for byte."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime


class Server:
    """Answers each request by calling `talk`; closes the connection when that raises or returns False."""

    def __init__(self, talk: Callable[[socket.socket, str], bool | None], host: str = "127.0.0.1") -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self._talk = talk
        self._socket = socket.create_server((host, 0))
        self._open: list[socket.socket] = []
        self.host, self.port = self._socket.getsockname()[:2]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def url(self, path: str = "/") -> str:
        return f"http://{self.host}:{self.port}{path}"

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._thread.join()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            while request := self._request(connection):
                self.requests.append(request)
                if self._talk(connection, request.split()[1].decode()) is False:
                    break
        except OSError:
            pass
        finally:
            connection.close()

    def _request(self, connection: socket.socket) -> bytes:
        held = b""
        while b"\r\n\r\n" not in held:
            piece = connection.recv(65536)
            if not piece:
                return b""
            held += piece
        return held


@contextmanager
def serving(talk: Callable[[socket.socket, str], bool | None], host: str = "127.0.0.1") -> Iterator[Server]:
    server = Server(talk, host)
    try:
        yield server
    finally:
        server.close()


def response(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    named = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in named.items() if value)]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Today:
    """`core.ports.Clock` that stands still until a test moves it."""

    def __init__(self, at: datetime = datetime(2031, 3, 13, 9, 0, tzinfo=UTC)) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at
