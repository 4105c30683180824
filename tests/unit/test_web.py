"""The web edge: the very bytes of each exchange, bounds, kept connections, no secret kept."""

import gzip
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from web_samples import Today, response, serving

from purport.core.watching import Answer, Request
from purport.edges.web import Web

pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "127.0.0.2"])
PAGE = b"<p>The mayor of Kest denied it.</p>"
LIMIT = 1_000_000


@pytest.fixture
def web() -> Iterator[Web]:
    made = Web(Today(), hands=2)
    yield made
    made.close()
    while ANSWERS:
        ANSWERS.pop().close()


ANSWERS: list[Answer] = []


def ask(web: Web, url: str, **more: object) -> Answer:
    answer = web.ask(Request(url, **{"limit": LIMIT, "allow_private": True, "seconds": 5.0} | more))  # type: ignore[arg-type]
    ANSWERS.append(answer)
    return answer


def body(answer: Answer) -> bytes:
    assert answer.payload is not None
    return answer.payload.read()


def test_an_exchange_is_kept_as_it_went_over_the_wire(web: Web) -> None:
    chunked = b"HTTP/1.1 200 Fine\r\nServer: kest\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunked += b"5;x=y\r\n<p>Th\r\n1e\r\ne mayor of Kest denied it.</p>\r\n0\r\n\r\n"

    def talk(to: socket.socket, path: str) -> None:
        to.sendall(chunked)

    with serving(talk) as server:
        answer = ask(web, server.url("/a?b=c"))
        assert answer.wire.request == server.requests[0]
    assert (answer.status, answer.cause, answer.wire.cut) == (200, "", "")
    assert answer.wire.response.read() == chunked
    assert answer.wire.size == len(chunked)
    assert body(answer) == PAGE
    assert answer.wire.address == "127.0.0.1"
    assert answer.wire.request.startswith(b"GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:")


def test_a_compressed_payload_is_handed_on_as_sent(web: Web) -> None:
    packed = gzip.compress(PAGE)
    with serving(lambda to, path: to.sendall(response(packed, Content_Encoding="gzip"))) as server:
        answer = ask(web, server.url())
    assert body(answer) == packed
    assert answer.headers["content-encoding"] == "gzip"


def test_a_connection_is_kept_for_the_next_request_and_a_dead_one_replaced(web: Web) -> None:
    def talk(to: socket.socket, path: str) -> bool:
        to.sendall(response(PAGE))
        return path != "/last"

    with serving(talk) as server:
        for path in ("/1", "/2", "/last", "/4"):
            answer = ask(web, server.url(path))
            assert answer.wire.response.read() == response(PAGE)
        assert len(server.requests) == 4
        assert server.connections == 2


def test_hints_before_a_response_are_no_part_of_it(web: Web) -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
    with serving(lambda to, path: to.sendall(hints + response(PAGE))) as server:
        answer = ask(web, server.url())
    assert answer.wire.response.read() == response(PAGE)
    assert answer.wire.size == len(response(PAGE))


def test_bytes_behind_the_announced_end_are_counted_not_kept(web: Web) -> None:
    with serving(lambda to, path: to.sendall(response(PAGE) + b"and more")) as server:
        answer = ask(web, server.url())
        again = ask(web, server.url())
        assert server.connections == 2  # whoever is out of step gets a new connection
    for one in (answer, again):
        assert (one.status, one.excess) == (200, 8)
        assert one.wire.response.read() == response(PAGE)


def test_it_is_asked_whether_a_page_changed(web: Web) -> None:
    with serving(lambda to, path: to.sendall(response(status="304 Not Modified", Content_Length=""))) as server:
        answer = ask(web, server.url(), etag='W/"é1"', modified="Wed, 12 Mar 2031 10:00:00 GMT")
        said = server.requests[0]
    assert (answer.status, answer.cause, body(answer)) == (304, "", b"")
    assert 'If-None-Match: W/"é1"\r\n'.encode("latin-1") in said
    assert b"If-Modified-Since: Wed, 12 Mar 2031 10:00:00 GMT\r\n" in said


def test_a_password_goes_to_its_host_and_into_no_record(web: Web) -> None:
    with serving(lambda to, path: to.sendall(response(status="401 Unauthorized"))) as server:
        answer = ask(web, f"http://jane:s%40cret@127.0.0.1:{server.port}/a")
        assert b"Authorization: Basic amFuZTpzQGNyZXQ=\r\n" in server.requests[0]
    kept = answer.wire.request + answer.detail.encode() + answer.wire.url.encode()
    assert b"uthorization" not in kept
    assert b"cret" not in kept
    assert answer.wire.url == f"http://127.0.0.1:{server.port}/a"
    assert answer.cause == "http-status"


@pytest.mark.parametrize(
    ("sent", "cause", "cut"),
    [
        (b"", "disconnect", ""),
        (b"HTTP/1.1 200 OK\r\nContent-Len", "truncated", "disconnect"),
        (response(PAGE, Content_Length="500"), "truncated", "disconnect"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", "truncated", "disconnect"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", "protocol", "unspecified"),
        (b"220 mail.kest.example\r\n\r\n", "protocol", "unspecified"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000, "protocol", "unspecified"),
        (response(b"x" * 2_000_000), "too-large", "length"),
        (response(b"gone", "404 Not Found"), "http-status", ""),
    ],
)
def test_what_goes_wrong_has_a_cause_and_what_came_is_kept(web: Web, sent: bytes, cause: str, cut: str) -> None:
    def talk(to: socket.socket, path: str) -> bool:
        to.sendall(sent)
        return False

    with serving(talk) as server:
        answer = ask(web, server.url())
    assert (answer.cause, answer.wire.cut) == (cause, cut)
    assert answer.detail
    kept = answer.wire.response.read()
    assert sent.startswith(kept)
    assert len(kept) == answer.wire.size


def test_a_reset_is_told_from_an_end(web: Web) -> None:
    def talk(to: socket.socket, path: str) -> bool:
        to.sendall(response(PAGE, Content_Length="500"))
        to.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        return False

    with serving(talk) as server:
        answer = ask(web, server.url())
    assert answer.cause == "disconnect"


def test_a_body_without_end_is_cut_off_by_its_size_and_one_that_drips_by_the_time(web: Web) -> None:
    stop = threading.Event()

    def talk(to: socket.socket, path: str) -> bool:
        to.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not stop.wait(0.0 if path == "/endless" else 0.02):
            to.sendall(b"x" * (50_000 if path == "/endless" else 1))
        return False

    with serving(talk) as server:
        endless, slow = ask(web, server.url("/endless")), ask(web, server.url("/slow"), seconds=0.3)
        stop.set()
    assert (endless.cause, endless.wire.cut) == ("too-large", "length")
    assert (slow.cause, slow.wire.cut) == ("timeout", "time")


def test_nothing_private_is_asked_unless_allowed_and_names_are_looked_up_once() -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    web = Web(Today(), resolver=rebinding)
    with serving(lambda to, path: to.sendall(response(PAGE))) as server:
        url = f"http://kest.example:{server.port}/"
        assert ask(web, url, allow_private=False).cause == "refused-address"
        assert not server.requests
        assert body(ask(web, url)) == PAGE
        # a connection that was allowed for one source is not another's
        assert ask(web, url, allow_private=False).cause == "refused-address"
    web.close()
    assert asked == ["kest.example"] * 3


@pytest.mark.parametrize(
    ("url", "cause"),
    [
        ("file:///etc/passwd", "not-an-address"),
        ("http://", "not-an-address"),
        ("http://[::1", "not-an-address"),
        ("http://kest.example:99999/", "not-an-address"),
        ("gopher://kest.example/", "not-an-address"),
        ("http://nowhere.example/", "name"),
    ],
)
def test_only_http_to_names_that_are_there(url: str, cause: str) -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    answer = ask(Web(Today(), resolver=nobody), url)
    assert (answer.cause, answer.status, answer.wire.size) == (cause, 0, 0)
    answer.close()


def test_a_closed_port_is_unreachable(web: Web) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    assert ask(web, f"http://127.0.0.1:{port}/").cause == "unreachable"


def test_a_certificate_that_nobody_vouches_for_is_no_answer(web: Web, tmp_path: Path) -> None:
    if not shutil.which("openssl"):
        pytest.skip("openssl makes the certificate")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=kest.example"
    subprocess.run(command.split(), cwd=tmp_path, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")

    def talk(to: socket.socket, path: str) -> None:
        raise AssertionError("no request may come through")

    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            try:
                context.wrap_socket(connection, server_side=True).close()
            except OSError:
                connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        answer = ask(web, f"https://127.0.0.1:{listening.getsockname()[1]}/")
        thread.join()
    assert (answer.cause, answer.status, answer.wire.size) == ("tls", 0, 0)
    assert "certificate" in answer.detail.lower()


def test_several_hosts_are_asked_at_once(web: Web) -> None:
    both = threading.Barrier(2, timeout=10)

    def talk(to: socket.socket, path: str) -> None:
        both.wait()  # neither is answered before the other has asked
        to.sendall(response(path.encode()))

    with serving(talk) as one, serving(talk, "127.0.0.2") as two:
        web.send(Request(one.url("/a"), LIMIT, allow_private=True))
        web.send(Request(two.url("/b"), LIMIT, allow_private=True))
        found: list[bytes] = []
        while len(found) < 2:
            for answer in web.answers(10):
                ANSWERS.append(answer)
                found.append(body(answer))
    assert sorted(found) == [b"/a", b"/b"]
    assert web.answers(0) == []


def test_a_large_response_is_not_held_in_memory(web: Web) -> None:
    large = response(b"x" * 3_000_000)
    with serving(lambda to, path: to.sendall(large)) as server:
        answer = ask(web, server.url(), limit=5_000_000)
    assert answer.wire.response._rolled  # type: ignore[attr-defined]
    assert answer.wire.response.read() == large
