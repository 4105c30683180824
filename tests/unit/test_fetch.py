"""The fetcher: refused addresses, bounds of time and size, redirects by hand, no password anywhere."""

import gzip
import logging
import socket
import threading
import time
from collections.abc import Iterator

import httpcore2
import httpx2
import pytest
import stamina

from purport.core.errors import FetchError, RefusedAddressError
from purport.edges.addresses import _PinnedBackend, is_public
from purport.edges.fetch import USER_AGENT, WebFetcher

PAGE = b"<p>The mayor of Kest denied it.</p>"
NAMES = {"kest.example": ["93.184.216.34"], "inside.example": ["10.0.0.7"], "both.example": ["93.184.216.34", "::1"]}


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3):
        yield


def resolve(host: str, port: int) -> list[str]:
    if host.replace(".", "").isdigit() or ":" in host:
        return [host]
    if host not in NAMES:
        raise socket.gaierror(-2, "Name or service not known")
    return NAMES[host]


def fetcher(*answers: httpx2.Response | Exception, **options: object) -> tuple[WebFetcher, list[httpx2.Request]]:
    """A fetcher that gets these answers in turn, and the requests it made."""
    waiting, requests = list(answers), []

    def answer(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        found = waiting.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    transport = httpx2.MockTransport(answer)
    return WebFetcher(transport=transport, resolver=resolve, **options), requests  # type: ignore[arg-type]


def page(body: bytes = PAGE, **headers: str) -> httpx2.Response:
    named = {k.replace("_", "-"): v for k, v in headers.items()}
    return httpx2.Response(200, headers={"content-type": "text/html; charset=utf-8", **named}, stream=Bytes(body))


class Bytes(httpx2.SyncByteStream):
    """A body as it comes over the wire, in pieces."""

    def __init__(self, body: bytes, pause: float = 0.0) -> None:
        self._body, self._pause = body, pause

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self._body), 1000):
            time.sleep(self._pause)
            yield self._body[start : start + 1000]


def moved(to: str, status: int = 302) -> httpx2.Response:
    return httpx2.Response(status, headers={"location": to})


def test_a_page_comes_with_its_address_and_type() -> None:
    web, requests = fetcher(page())
    assert web.fetch("https://kest.example/a?b=c") == (
        "https://kest.example/a?b=c",
        "text/html; charset=utf-8",
        PAGE,
    )
    assert requests[0].headers["user-agent"] == USER_AGENT == "Purport/0.1"


def test_redirects_are_followed_five_times() -> None:
    web, _ = fetcher(*[moved(f"/{n}") for n in range(5)], page())
    assert web.fetch("https://kest.example/")[0] == "https://kest.example/4"
    web, requests = fetcher(*[moved(f"/{n}") for n in range(9)])
    with pytest.raises(FetchError, match="redirects more than 5 times"):
        web.fetch("https://kest.example/")
    assert len(requests) == 6


@pytest.mark.parametrize(
    "place",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://inside.example/",
        "http://both.example/",  # one bad address is enough
        "http://[::ffff:10.0.0.7]/",
    ],
)
def test_private_addresses_are_refused_first_and_after_a_redirect(place: str) -> None:
    web, requests = fetcher(page())
    with pytest.raises(RefusedAddressError, match="allow private addresses"):
        web.fetch(place)
    assert not requests
    web, requests = fetcher(moved(place), page())
    with pytest.raises(RefusedAddressError):
        web.fetch("https://kest.example/")
    assert len(requests) == 1


def test_private_addresses_may_be_allowed() -> None:
    web, _ = fetcher(page(), allow_private=True)
    assert web.fetch("http://inside.example/")[2] == PAGE


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.1.1", "172.16.0.1", "192.0.2.1", "192.168.1.1",
        "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::7f00:1",
        "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "fc00::1",
        "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2001:db8::1", "not an address",
    ],
)  # fmt: skip
def test_addresses_off_the_open_internet(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]
)
def test_addresses_on_the_open_internet(address: str) -> None:
    assert is_public(address)


def test_only_the_checked_addresses_are_connected_to() -> None:
    tried: list[str] = []

    class Backend(httpcore2.NetworkBackend):
        def connect_tcp(self, host: str, *args: object, **more: object) -> httpcore2.NetworkStream:
            tried.append(host)
            if host == "93.184.216.34":
                raise httpcore2.ConnectError("refused")
            return httpcore2.NetworkStream()

    backend = _PinnedBackend(["93.184.216.34", "93.184.216.35"], time.monotonic() + 5, Backend())
    backend.connect_tcp("kest.example", 443, timeout=1.0)
    assert tried == ["93.184.216.34", "93.184.216.35"]


def test_a_name_is_looked_up_once_a_request() -> None:
    asked: list[str] = []

    def once(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    web = WebFetcher(transport=httpx2.MockTransport(lambda request: page()), resolver=once)
    assert web.fetch("https://kest.example/")[2] == PAGE
    assert asked == ["kest.example"]


@pytest.mark.parametrize("place", ["ftp://kest.example/a", "file:///etc/passwd", "http://", "http:///a", "http://[::1"])
def test_only_http_is_fetched(place: str) -> None:
    web, requests = fetcher(page())
    with pytest.raises(FetchError):
        web.fetch(place)
    assert not requests


@pytest.mark.parametrize("place", ["ftp://kest.example/a", "file:///etc/passwd", "http://[::1"])
def test_only_http_is_followed(place: str) -> None:
    web, requests = fetcher(moved(place))
    with pytest.raises(FetchError):
        web.fetch("https://kest.example/")
    assert len(requests) == 1


def test_an_unknown_name_says_what_to_check() -> None:
    web, _ = fetcher()
    with pytest.raises(FetchError, match=r"“nowhere\.example” can't be found"):
        web.fetch("https://nowhere.example/")


@pytest.mark.parametrize(
    ("status", "mend"), [(404, "web archive"), (403, "save the page"), (429, "slow down"), (500, "later"), (799, "799")]
)
def test_a_bad_status_tells_the_mend(status: int, mend: str) -> None:
    web, requests = fetcher(httpx2.Response(status))
    with pytest.raises(FetchError, match=mend) as caught:
        web.fetch("https://kest.example/")
    assert caught.value.cause == "http-status"
    assert len(requests) == 1


def test_transient_failures_are_tried_again_and_lasting_ones_reported() -> None:
    web, requests = fetcher(httpx2.ConnectError("refused"), httpx2.Response(503), page())
    assert web.fetch("https://kest.example/")[2] == PAGE
    assert len(requests) == 3
    web, requests = fetcher(*[httpx2.ConnectError("refused") for _ in range(9)])
    with pytest.raises(FetchError, match="refused"):
        web.fetch("https://kest.example/")
    assert len(requests) == 3
    web, requests = fetcher(*[httpx2.Response(503) for _ in range(9)])
    with pytest.raises(FetchError, match="503 Service Unavailable"):
        web.fetch("https://kest.example/")
    assert len(requests) == 3


def test_a_timeout_is_said_once() -> None:
    web, requests = fetcher(httpx2.ReadTimeout("slow"), page())
    with pytest.raises(FetchError, match="try again later") as caught:
        web.fetch("https://kest.example/")
    assert caught.value.cause == "timeout"
    assert len(requests) == 1


def test_a_body_that_drips_is_cut_off_by_the_time_for_the_whole_page() -> None:
    slow = httpx2.Response(200, stream=Bytes(b"x" * 100_000, pause=0.05))
    web, _ = fetcher(slow, timeout=0.2)
    start = time.monotonic()
    with pytest.raises(FetchError) as caught:
        web.fetch("https://kest.example/")
    assert caught.value.cause == "timeout"
    assert time.monotonic() - start < 2


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (page(b"x" * 20_000), "too-large"),
        (page(gzip.compress(b"x" * 5_000_000), content_encoding="gzip"), "too-large"),  # 5 kB on the wire
        (page(gzip.compress(PAGE)[:-9], content_encoding="gzip"), "truncated"),
        (page(b"zzz", content_encoding="br"), "encoding"),
    ],
)
def test_bodies_are_bounded_and_opened_by_us(answer: httpx2.Response, cause: str) -> None:
    web, _ = fetcher(answer, max_bytes=10_000)
    with pytest.raises(FetchError) as caught:
        web.fetch("https://kest.example/")
    assert caught.value.cause == cause


def test_a_compressed_body_is_unpacked() -> None:
    web, _ = fetcher(page(gzip.compress(PAGE), content_encoding="gzip"))
    assert web.fetch("https://kest.example/")[2] == PAGE


def test_a_password_goes_to_its_host_only_and_into_no_message(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    NAMES["other.example"] = ["93.184.216.35"]
    web, requests = fetcher(moved("https://x:y@other.example/b"), page())
    found = web.fetch("https://jane:s%40cret@kest.example/a")
    assert found[0] == "https://other.example/b"
    assert requests[0].headers["authorization"] == "Basic amFuZTpzQGNyZXQ="
    assert "authorization" not in requests[1].headers
    web, _ = fetcher(httpx2.Response(404))
    with pytest.raises(FetchError) as caught:
        web.fetch("https://jane:s%40cret@kest.example/a")
    for said in (str(caught.value), caplog.text, *map(str, found)):
        assert "cret" not in said


@pytest.fixture
def dripping() -> Iterator[int]:
    """The port of a server that never finishes its headers."""
    server = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            try:
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                while not stop.wait(0.05):
                    connection.sendall(b"X: y\r\n")
            except OSError:
                pass

    thread = threading.Thread(target=serve)
    thread.start()
    yield server.getsockname()[1]
    stop.set()
    thread.join()
    server.close()


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_headers_that_drip_over_a_real_connection_are_cut_off(dripping: int) -> None:
    web = WebFetcher(allow_private=True, timeout=0.5)
    start = time.monotonic()
    with pytest.raises(FetchError) as caught:
        web.fetch(f"http://127.0.0.1:{dripping}/")
    assert caught.value.cause == "timeout"
    assert time.monotonic() - start < 3
