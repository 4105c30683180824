"""What others might try through the desk's pages, addresses and forms; none of it may work."""

import re
from html.parser import HTMLParser
from urllib.parse import quote

import click
import pytest
from ledgers import SCRIPT
from litestar.testing import TestClient

from purport.cli.desk import check_host
from purport.core.errors import UsageError
from purport.desk.hosts import host_of, local
from purport.desk.security import HEADERS, POLICY

OWN = {
    "script": {"/static/htmx.js", "/static/desk.js", "/static/review.js"},
    "link": {"/static/desk.css", "/static/review.css", "/static/sign.svg"},
}
PLACES = (
    "/",
    "/search",
    "/sources",
    "/gaps",
    "/custody",
    "/nowhere",
    "/static/desk.css",
    "/api/claims",
    "/api/none",
    "/api/schema",
)


class Parts(HTMLParser):
    """What of a page could run, load or send, beside the desk's own."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.foreign: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        loads = given.get("src") or (given.get("href", "") if tag == "link" else "")
        if tag in ("script", "link") and loads.partition("?")[0] not in OWN[tag]:
            self.foreign.append(f"{tag} {given}")
        if tag == "img" and not given.get("src", "").startswith(("/release/", "/story/")):
            self.foreign.append(f"{tag} {given}")
        if tag in ("iframe", "object", "embed", "base", "style", "b2", "b3"):
            self.foreign.append(tag)
        for name, value in given.items():
            if name.startswith("on") or name == "style" or value.strip().lower().startswith(("javascript:", "data:")):
                self.foreign.append(f"{tag} {name}={value}")
            if name in ("href", "action", "hx-get") and not value.startswith(("/", "#")):
                self.foreign.append(f"{tag} {name}={value}")


def pages_of(client: TestClient) -> list[str]:
    reports = [one["report"]["id"] for one in client.get("/api/reports").json()["reports"]]
    claims = [one["claim"] for one in client.get("/api/claims").json()["claims"]]
    paths = ["/", "/search", "/sources", "/gaps", "/custody", *(f"/report/{id}" for id in reports)]
    return [*paths, *(f"/report/{id}?copies=1" for id in reports), *(f"/claim/{id}" for id in claims)]


def test_stored_script_stays_words(hostile: TestClient) -> None:
    seen = 0
    for path in pages_of(hostile):
        answer = hostile.get(path)
        assert answer.status_code == 200, path
        assert Parts(answer.text).foreign == [], path
        assert SCRIPT not in answer.text
        seen += answer.text.count("&lt;script&gt;alert(1)&lt;/script&gt;")
        assert "is bold 49" not in answer.text
    assert seen > 20  # it is shown, as what it is


def test_signs_that_turn_text_are_shown_as_signs(hostile: TestClient) -> None:
    for path in pages_of(hostile):
        assert not re.search("[\u202a-\u202e]", hostile.get(path).text), path
    text = hostile.get("/api/reports").json()["reports"][0]["report"]["text"]
    assert "\u202eyalp\u202c" in text  # programs get it as it was


@pytest.mark.parametrize(
    "path",
    [
        "/search?words={}",
        "/search?act={}",
        "/search?outlet={}",
        "/search?since={}",
        "/search?after={}",
        "/gaps?cause={}",
        "/?before={}",
        "/report/{}",
        "/claim/{}",
        "/{}",
    ],
)
def test_reflected_script_stays_words(full: TestClient, path: str) -> None:
    for attack in (
        "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
        "%22%20onfocus%3D%22x",
    ):
        answer = full.get(path.format(quote(attack, safe="")))
        assert answer.headers["content-type"].startswith("text/html")
        assert Parts(answer.text).foreign == []


@pytest.mark.parametrize("path", PLACES)
def test_every_answer_has_the_headers(full: TestClient, path: str) -> None:
    answer = full.get(path)
    assert answer.headers["content-security-policy"] == POLICY
    assert "unsafe" not in POLICY and "default-src 'none'" in POLICY
    for name in HEADERS:
        assert name in answer.headers, name
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8642", "127.0.0.1.evil.example", "0.0.0.0", "", "[::2]", "a@127.0.0.1@b"]
)
def test_a_host_that_is_not_ours_is_refused(full: TestClient, host: str) -> None:
    answer = full.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert "not called by that name" in answer.text
    assert answer.headers["content-security-policy"] == POLICY


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:9", "127.0.0.1:8642", "[::1]:8642"])
def test_our_own_names_are_known(full: TestClient, host: str) -> None:
    assert full.get("/api/counts", headers={"host": host}).status_code == 200
    assert host_of(host)


@pytest.mark.parametrize("form", [{}, {"token": ""}, {"token": "0" * 64}, {"token": "ü"}])
def test_a_form_of_another_site_is_refused(full: TestClient, form: dict[str, str]) -> None:
    answer = full.post("/theme", data=form | {"theme": "dark"}, follow_redirects=False)
    assert answer.status_code == 403
    assert "did not come from a page of this desk" in answer.text and "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "back",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\/evil",
        "/a\r\nset-cookie: x=1",
        "javascript:x",
        "",
        "/\t/evil",
        "/é",
    ],
)
def test_nobody_is_sent_elsewhere(full: TestClient, back: str) -> None:
    form = {"token": re.search(r'name="token" value="(\w+)"', full.get("/").text)[1], "back": back}
    answer = full.post("/theme", data=form, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    assert "x=1" not in str(answer.headers)
    assert local("/search?words=a%20b") == "/search?words=a%20b"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e%2f%2e%2e%2fcli.py",
        "/static//etc/passwd",
        "/static/desk.css%00.py",
        "/static/",
    ],
)
def test_no_other_file_is_served(full: TestClient, path: str) -> None:
    answer = full.get(path)
    assert answer.status_code == 404
    assert "import" not in answer.text


def test_headers_can_t_be_added(full: TestClient) -> None:
    for path in ("/search?words=a%0d%0aset-cookie:%20x=1", "/report/a%0d%0ax:%20y", "/%0d%0ax:y"):
        answer = full.get(path)
        assert "x" not in answer.headers and "set-cookie" not in answer.headers


def test_what_is_too_large_or_of_no_sense_is_refused_in_words(full: TestClient) -> None:
    assert full.get("/search?words=" + "a" * 301).status_code == 400
    assert full.get("/?before=x").status_code == 400
    assert full.get("/api/claims?limit=100000").status_code == 400
    assert full.post("/theme", data={"back": "/" * 70_000}).status_code == 413
    assert full.post("/theme", content=b"\xff\x00", headers={"content-type": "application/json"}).status_code in (
        400,
        403,
        415,
    )
    assert full.delete("/report/x").status_code == 405
    for path in (
        "/?before=99999999999999999999",
        "/?before=-5",
        "/gaps?before=-1",
        "/custody?before=-1",
        "/search?after=9.9",
    ):
        assert full.get(path).status_code in (200, 400), path


def test_the_desk_does_not_open_where_others_reach_it() -> None:
    for host in ("0.0.0.0", "192.168.1.4", "::", "desk.example"):
        with pytest.raises(UsageError, match=r"no accounts.*purport people add.*ssh -L 8642:127.0.0.1:8642"):
            check_host(host, 8642)
    for host in ("127.0.0.1", "localhost", "::1"):
        check_host(host, 8642)


def test_a_port_that_is_taken_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from purport.cli import desk as desk_cli

    class Taken:
        def __init__(self, family: int) -> None: ...
        def setsockopt(self, *_: int) -> None: ...
        def close(self) -> None: ...
        def bind(self, address: tuple[str, int]) -> None:
            raise OSError(98, "Address already in use")

    monkeypatch.setattr("purport.cli.desk.socket.socket", Taken)
    with pytest.raises(UsageError, match=r"Port 8642 of 127.0.0.1 can't be had \(Address already in use\)"):
        desk_cli._bound("127.0.0.1", 8642)
    assert isinstance(desk_cli.desk, click.Command)


def test_the_head_of_a_page_is_that_of_the_page(full: TestClient) -> None:
    for path in ("/gaps", "/static/desk.css", "/no"):
        head, page = full.head(path), full.get(path)
        assert (head.status_code, head.content) == (page.status_code, b"")
        assert head.headers["content-length"] == page.headers["content-length"]
