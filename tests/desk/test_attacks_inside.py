"""What those with an account, or about to guess one, might try; none of it may work."""

import gzip
import io
import re
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import ledgers
import msgspec
import pytest
from ledgers import PASSWORD, SCRIPT
from litestar.testing import TestClient

from purport.app import admitting, proving
from purport.core.errors import UsageError
from purport.core.people import ADMIN, ROLES
from purport.desk.app import application, build
from purport.desk.door import COOKIE, SAFE
from purport.desk.limits import Backoff, Limits, Pace
from purport.desk.premises import Premises

AT = "http://127.0.0.1:8642"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Premises:
    folder = tmp_path_factory.mktemp("inside")
    here = ledgers.premises(folder)
    ledgers.poison(here, folder)
    return ledgers.staffed(here, folder)


@pytest.fixture
def client(desk: Premises) -> Iterator[TestClient]:
    with TestClient(build(desk), base_url=AT, raise_server_exceptions=False) as client:
        yield client


def by(desk: Premises, name: str) -> dict[str, str]:
    return {"authorization": f"Bearer {admitting.token(desk.staff[0], name)}"}


def form_token(client: TestClient, path: str = "/sign-in") -> str:
    return re.search(r'name="token" value="(\w+)"', client.get(path).text)[1]


def enter(client: TestClient, name: str, **more: str) -> int:
    form = {"token": form_token(client), "name": name, "password": PASSWORD, **more}
    return client.post("/sign-in/now", data=form, follow_redirects=False).status_code


@pytest.mark.parametrize("name", [SCRIPT, "a b", "ann@host", "../ann", "ann\r\nx: y", "", "Ann", "a" * 41, "-", "bø"])
def test_a_name_is_plain(desk: Premises, name: str) -> None:
    with pytest.raises(UsageError, match="can't be a name here"):
        admitting.add(desk.staff[0], name, ADMIN, PASSWORD)


@pytest.mark.parametrize("attack", [SCRIPT, '"><img src=x onerror=alert(1)>', "' onfocus='x", "\u202eeuro"])
def test_what_is_typed_at_the_door_comes_back_as_words(client: TestClient, attack: str) -> None:
    form = {"token": form_token(client), "name": attack, "password": attack, "back": attack}
    answer = client.post("/sign-in/now", data=form)
    assert answer.status_code == 403 and "belong together" in answer.text
    assert "<script>alert" not in answer.text and "<img" not in answer.text and "\u202e" not in answer.text
    assert "onfocus=" not in re.sub(r'value="[^"]*"', "", answer.text)
    assert attack not in answer.text.replace("&#39;", "&")  # the password is never sent back
    assert client.get("/sign-in", params={"back": attack}).status_code == 200


@pytest.mark.parametrize("name", sorted(set(ledgers.PEOPLE) - {"ann"}))
def test_nobody_does_more_than_the_role_allows(desk: Premises, name: str) -> None:
    """Each handler that changes something is asked, with a right token, by each role below the one it names."""
    mine, asked = ledgers.PEOPLE[name], 0
    with TestClient(build(desk), base_url=AT) as client:
        for route in application(desk).routes:
            for handler in getattr(route, "route_handlers", ()):
                role = handler.opt.get("role", "")
                for method in set(handler.http_methods) - {"OPTIONS"}:
                    if role in ROLES and ROLES.index(role) > ROLES.index(mine):
                        path = re.sub(r"\{\w+:\w+\}", "x", re.sub(r"\{\w+:int\}", "1", route.path))
                        asked += 1
                        answer = client.request(method, path, headers=by(desk, name))
                        assert answer.status_code == 403, (method, path)
                        assert f"role of {role}" in answer.text
    assert asked or mine == "lead"


def test_a_form_without_our_token_changes_nothing_anywhere(client: TestClient, desk: Premises) -> None:
    """CSRF, at every address that takes a form, by an admin who is signed in."""
    assert enter(client, "ann") == 303
    before, asked = [one.id for one in [*sealed(desk)]], 0
    for route in application(desk).routes:
        path = re.sub(r"\{\w+:\w+\}", "x", re.sub(r"\{\w+:int\}", "1", route.path))
        for method in set(route.methods) - SAFE:
            for form in ({}, {"token": "0" * 64}):
                asked += 1
                answer = client.request(method, path, data=form, follow_redirects=False)
                assert answer.status_code == 403, (method, path)
    assert asked > 5 and [one.id for one in [*sealed(desk)]] == before


def sealed(desk: Premises) -> Iterator[object]:
    with desk.vault.custody.at_this_moment() as log:
        yield from list(log.sealed())


def test_what_is_one_s_own_is_asked_for_by_no_name(desk: Premises) -> None:
    """There is no address under which another's page could be guessed: it is whoever asks."""
    own = [route.path for route in application(desk).routes if route.path.startswith("/you")]
    assert own == ["/you"]
    with TestClient(build(desk), base_url=AT) as client:
        page = client.get("/you?name=ann&id=ann", headers=by(desk, "bo")).text
    assert "<bdi>bo</bdi>" in page and "<bdi>ann</bdi>" not in page


@pytest.mark.parametrize("part", ["still/0", "clear/0", "silent", "original", "beside/0", "clear"])
@pytest.mark.parametrize("id", ["..", "%2e%2e", "..%2f..%2fetc%2fpasswd", "x%00y", "sha256-0", "release-%2e%2e%2f"])
def test_footage_is_found_by_its_id_alone(client: TestClient, desk: Premises, id: str, part: str) -> None:
    answer = client.get(f"/release/{id}/{part}", headers=by(desk, "bo"), follow_redirects=False)
    assert answer.status_code in (400, 404)
    assert "root:" not in answer.text


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("archive/a.warc", bytes(20_000_000))
    return made.getvalue()


LAUGHS = b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><rss><title>&b;</title></rss>'


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.wacz", bomb()), ("feed.xml", LAUGHS), ("a.txt.gz", gzip.compress(b"a" * 20_000_000)), ("a.svg", b"<svg/>")],
)
def test_the_desk_takes_no_files(client: TestClient, desk: Premises, name: str, data: bytes) -> None:
    """There is nothing to upload to; what is sent all the same is refused unopened, whatever the address."""
    assert len(data) < 64 * 1024
    assert enter(client, "ann") == 303
    token = form_token(client, "/you")
    sizes = desk.house.view.sizes()
    for route in application(desk).routes:
        path = re.sub(r"\{\w+:\w+\}", "x", re.sub(r"\{\w+:int\}", "1", route.path))
        if "POST" in route.methods and path not in ("/sign-out", "/theme", "/hide", "/sign-in/now"):
            answer = client.post(path, data={"token": token}, files={"file": (name, data)})
            assert answer.status_code >= 400, path
            raw = client.post(path, content=data, headers={"content-type": "application/xml"})
            assert raw.status_code >= 400, path
    assert {**desk.house.view.sizes(), "custody": 0} == {**sizes, "custody": 0}


def test_a_body_that_does_not_end_is_cut_off(client: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        yield b"token=x&name="
        for _ in range(200):
            yield b"a" * 1024

    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/sign-in/now", content=endless(), headers=headers).status_code == 413


@pytest.mark.parametrize("title", ['a"\r\nset-cookie: x=1', "../../etc/passwd", "a;filename=b.html"])
def test_a_download_s_name_is_ours(client: TestClient, desk: Premises, title: str) -> None:
    answer = client.post(
        "/export", headers=by(desk, "vic"), data={"standard": "csv", "words": title[:20], "tlp": "TLP:CLEAR"}
    )
    if answer.status_code == 200:
        assert re.fullmatch(r'attachment; filename="purport\.\w+"', answer.headers["content-disposition"])
    assert "set-cookie" not in answer.headers and "x=1" not in str(answer.headers)


def test_a_cookie_can_t_be_put_in_by_what_is_asked(client: TestClient) -> None:
    assert enter(client, "bo", back="/you\r\nset-cookie: purport-session=" + "f" * 64) == 303
    words = [one.value for one in client.cookies.jar if one.name == COOKIE]
    assert words and "f" * 64 not in words


@pytest.mark.parametrize("host", ["evil.example", "desk.example.evil.example", "127.0.0.1@evil.example"])
def test_a_host_that_is_not_ours_gets_no_form(desk: Premises, host: str) -> None:
    with TestClient(build(desk, frozenset({"desk.example"})), base_url="http://desk.example") as client:
        assert client.get("/sign-in").status_code == 200
        answer = client.get("/sign-in", headers={"host": host})
        assert answer.status_code == 421 and "set-cookie" not in answer.headers


def test_guesses_wait_longer_and_longer_and_never_lock_somebody_out() -> None:
    at = [0.0]

    def now() -> float:
        return at[0]

    limits = Limits(Backoff(5, now=now), Backoff(20, now=now), Backoff(50, 60.0, now=now))
    waits = []
    for _ in range(12):
        limits.failed("bo", "198.51.100.7")
        waits.append(limits.wait("bo", "198.51.100.7"))
        at[0] += waits[-1]
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128]
    assert limits.wait("bo", "203.0.113.9") == 0  # from elsewhere, bo gets in
    for n in range(200):
        limits.failed("bo", f"203.0.113.{n}")
    assert 0 < limits.wait("bo", "192.0.2.1") <= 60  # however many guess
    at[0] += 3600
    assert limits.wait("bo", "198.51.100.7") == 0


def test_guesses_at_once_are_no_more_than_guesses_in_turn() -> None:
    limits = Limits()
    with ThreadPoolExecutor(16) as many:
        waits = list(many.map(lambda _: limits.take("bo", "198.51.100.7"), range(200)))
    assert waits.count(0) == 5 and max(waits) == 1
    limits.went_well("bo", "198.51.100.7")
    assert limits.take("bo", "198.51.100.7") == 0


def test_what_is_remembered_of_guesses_is_bounded() -> None:
    limits = Limits()
    for n in range(10_500):
        limits.failed(f"name{n}", "198.51.100.7")
    assert len(limits.name._known) <= 10_000 and len(limits.pair._known) <= 10_000


def test_what_takes_long_can_t_be_asked_without_end() -> None:
    at = [0.0]
    pace = Pace(3, 2.0, now=lambda: at[0])
    assert [pace.take("bo") for _ in range(5)] == [0, 0, 0, 2, 2]
    at[0] += 2
    assert pace.take("bo") == 0 and pace.take("ann") == 0


def test_dear_pages_have_a_pace(desk: Premises) -> None:
    with TestClient(build(desk), base_url=AT) as client:
        token = by(desk, "lea")
        codes = [client.get("/release/x/reuse", headers=token).status_code for _ in range(32)]
        assert codes[:30] == [404] * 30 and codes[-1] == 429
        assert client.get("/release/x/reuse", headers=by(desk, "ann")).status_code == 404


def test_the_log_names_the_account_and_never_a_password(desk: Premises) -> None:
    log = b"".join(msgspec.json.encode(entry) for _, entry in proving.entries(desk.vault))
    assert PASSWORD.encode() not in log and b"argon2" not in log
