"""Who may come in at the desk, as whom, for how long, and what of it is written down."""

import inspect
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import ledgers
import pytest
from ledgers import PASSWORD, PEOPLE
from litestar.testing import TestClient

from purport.app import admitting, proving, rungs
from purport.cli.desk import called, check_host
from purport.core.people import ADMIN, LEAD, READER, REVIEWER, ROLES
from purport.desk.app import application, build
from purport.desk.door import COOKIE, OPEN, SAFE
from purport.desk.premises import Premises

AT = "http://127.0.0.1:8642"


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Premises:
    """A ledger of its own: what is done at the door goes into its log."""
    folder = tmp_path_factory.mktemp("people")
    here = ledgers.premises(folder)
    ledgers.fill(here, folder)
    return here


@pytest.fixture
def desk(stocked: Premises, tmp_path: Path) -> Premises:
    return ledgers.staffed(stocked, tmp_path)


@pytest.fixture
def client(desk: Premises) -> Iterator[TestClient]:
    with TestClient(build(desk), base_url=AT, raise_server_exceptions=False) as client:
        yield client


def form_token(client: TestClient, path: str = "/sign-in") -> str:
    return re.search(r'name="token" value="(\w+)"', client.get(path).text)[1]


def sign_in(client: TestClient, name: str, password: str = PASSWORD, back: str = "/") -> int:
    form = {"token": form_token(client), "name": name, "password": password, "back": back}
    return client.post("/sign-in/now", data=form, follow_redirects=False).status_code


def log(desk: Premises) -> list[tuple[str, str, tuple[str, ...], str]]:
    return [(one.who, one.what, one.inputs, one.outcome) for _, one in proving.entries(desk.vault)]


def test_every_route_says_who_may(stocked: Premises) -> None:
    """A handler names its role by `opt={"role": …}`, or asks `need(request, here, …)` itself."""
    bare = []
    for route in application(stocked).routes:
        for handler in getattr(route, "route_handlers", ()):
            if handler.http_methods == {"OPTIONS"} or "litestar" in handler.fn.__module__:
                continue
            role = handler.opt.get("role", "")
            assert role in ("", OPEN, *ROLES), route.path
            asks = "need(" in inspect.getsource(handler.fn)
            changes = bool(set(handler.http_methods) - SAFE)
            if not role and (changes and not asks):
                bare.append(f"{sorted(handler.http_methods)} {route.path}")
            if role == OPEN:
                assert route.path in ("/static/{name:str}", "/sign-in", "/sign-in/now", "/theme"), route.path
    assert bare == []


def test_who_is_not_signed_in_gets_nothing(client: TestClient, desk: Premises) -> None:
    seen = 0
    for route in application(desk).routes:
        path = re.sub(r"\{\w+:\w+\}", "x", re.sub(r"\{\w+:int\}", "1", route.path))
        for method in sorted(set(route.methods) - {"OPTIONS", "HEAD"}):
            answer = client.request(method, path, follow_redirects=False)
            seen += 1
            if path.startswith(("/static", "/sign-in", "/theme")):
                continue
            assert answer.status_code in (303, 401, 403), (method, path)
            if answer.status_code == 303:
                assert answer.headers["location"].startswith("/sign-in?back=")
            assert "Kest" not in answer.text
    assert seen > 25
    answer = client.get("/api/counts")
    assert answer.status_code == 401 and "purport people token" in answer.json()["error"]
    part = client.get("/", headers={"hx-request": "true"}, follow_redirects=False)
    assert part.status_code == 401 and part.headers["hx-redirect"].startswith("/sign-in")


def test_a_sign_in_leads_back_and_is_told(client: TestClient, desk: Premises) -> None:
    answer = client.get("/search?words=crane", follow_redirects=True)
    assert "<h1>Sign in</h1>" in answer.text and "Sources" not in answer.text
    assert sign_in(client, "bo", back="/search?words=crane") == 303
    assert client.get("/search?words=crane").status_code == 200
    assert "You" in client.get("/you").text and "reader" in client.get("/you").text
    assert ("bo", "sign in", ("bo", "testclient"), "done") in log(desk)
    client.post("/sign-out", data={"token": form_token(client, "/you")})
    assert client.get("/", follow_redirects=False).status_code == 303
    assert ("bo", "sign out", ("bo",), "done") in log(desk)


def test_the_cookie_can_t_be_read_or_sent_from_elsewhere(stocked: Premises, tmp_path: Path) -> None:
    desk = ledgers.staffed(stocked, tmp_path, secure=True)
    with TestClient(build(desk), base_url="https://127.0.0.1:8642") as client:
        form = {"token": form_token(client), "name": "bo", "password": PASSWORD}
        set_by = client.post("/sign-in/now", data=form, follow_redirects=False).headers.get_list("set-cookie")
    kept = next(one for one in set_by if one.startswith(COOKIE))
    for part in ("HttpOnly", "SameSite=strict", "Secure", "Path=/"):
        assert part.lower() in kept.lower()


def test_a_password_that_is_wrong_and_a_name_that_is_nobody_s_look_alike(client: TestClient, desk: Premises) -> None:
    wrong = [sign_in(client, "bo", "wrong horse wrong lamp"), sign_in(client, "nobody.at.all", PASSWORD)]
    admitting.switch(desk.staff[0], "vic", False)
    assert [*wrong, sign_in(client, "vic")] == [403, 403, 403]
    told = [inputs for _, what, inputs, outcome in log(desk) if what == "sign in" and outcome == "failed"]
    assert ("bo", "testclient") in told and ("", "testclient") in told
    assert not any("nobody.at.all" in inputs for inputs in told)  # it may be a password in the wrong field


def test_a_session_that_was_put_into_a_browser_is_not_taken(client: TestClient, desk: Premises) -> None:
    client.cookies.set(COOKIE, "f" * 64)
    assert sign_in(client, "bo") == 303
    words = [cookie.value for cookie in client.cookies.jar if cookie.name == COOKIE]
    assert "f" * 64 not in words[-1:] and len(words[-1]) == 64
    other = TestClient(build(desk), base_url=AT)
    other.cookies.set(COOKIE, "f" * 64)
    assert other.get("/", follow_redirects=False).status_code == 303
    kept = next(iter(desk.staff)).sessions
    assert not list(kept.whose(words[-1]))  # the file holds a digest of it


def test_a_form_of_somebody_else_s_session_is_refused(desk: Premises) -> None:
    with TestClient(build(desk), base_url=AT) as one, TestClient(build(desk), base_url=AT) as other:
        sign_in(one, "bo")
        sign_in(other, "ann")
        theirs = form_token(other, "/you")
        assert one.post("/sign-out", data={"token": theirs}).status_code == 403
        assert one.post("/sign-out", data={}).status_code == 403
        mine = {"token": form_token(one, "/you")}
        for headers in (
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"origin": "http://evil.example"},
        ):
            assert one.post("/sign-out", data=mine, headers=headers).status_code == 403
        assert one.get("/you").status_code == 200
        ours = {"origin": AT, "sec-fetch-site": "same-origin"}
        assert one.post("/sign-out", data=mine, headers=ours, follow_redirects=False).status_code == 303


def test_nobody_is_signed_in_by_another_site(client: TestClient, desk: Premises) -> None:
    own = {"name": "bo", "password": PASSWORD, "token": form_token(TestClient(build(desk), base_url=AT))}
    assert client.post("/sign-in/now", data=own).status_code == 403


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nx: y", "/\t/e"])
def test_a_sign_in_leads_nowhere_else(client: TestClient, back: str) -> None:
    form = {"token": form_token(client), "name": "bo", "password": PASSWORD, "back": back}
    answer = client.post("/sign-in/now", data=form, follow_redirects=False)
    assert answer.status_code == 303 and answer.headers["location"] == "/"
    assert client.get("/sign-in", params={"back": back}, follow_redirects=False).headers["location"] == "/"


def test_a_sign_in_ends(client: TestClient, desk: Premises) -> None:
    clock = desk.staff[0].clock
    sign_in(client, "bo")
    for _ in range(7):
        clock.at += timedelta(minutes=100)  # it is used, so it goes on
        assert client.get("/you").status_code == 200
    clock.at += timedelta(minutes=25)  # more than twelve hours
    assert client.get("/you", follow_redirects=False).status_code == 303
    sign_in(client, "bo")
    clock.at += admitting.IDLE
    assert client.get("/you", follow_redirects=False).status_code == 303


@pytest.mark.parametrize("how", ["password", "off", "out"])
def test_who_is_put_out_is_out_at_once(client: TestClient, desk: Premises, how: str) -> None:
    staff = desk.staff[0]
    sign_in(client, "bo")
    token = admitting.token(staff, "bo")
    by = {"authorization": f"Bearer {token}"}
    assert client.get("/api/counts", headers=by).status_code == 200
    if how == "password":
        admitting.renew(staff, "bo", "another nine quiet lamps")
    elif how == "off":
        admitting.switch(staff, "bo", False)
    else:
        assert admitting.out_everywhere(staff, "bo") == 2
    assert client.get("/you", follow_redirects=False).status_code == 303
    assert client.get("/api/counts", headers=by).status_code == 401


def test_a_role_counts_at_once(client: TestClient, desk: Premises) -> None:
    sign_in(client, "bo")
    assert "<dd>reader" in client.get("/you").text
    admitting.give(desk.staff[0], "bo", REVIEWER)
    assert "<dd>reviewer" in client.get("/you").text
    assert any(what == "give role" and inputs == ("bo", REVIEWER) for _, what, inputs, _ in log(desk))


def test_a_program_asks_by_its_token(client: TestClient, desk: Premises) -> None:
    token = admitting.token(desk.staff[0], "bo", 30)
    by = {"authorization": f"Bearer {token}"}
    assert client.get("/api/counts", headers=by).json()["reports"]
    client.cookies.set(COOKIE, token)
    assert client.get("/you", follow_redirects=False).status_code == 303  # it is no session
    client.cookies.clear()
    desk.staff[0].clock.at += timedelta(days=31)
    assert client.get("/api/counts", headers=by).status_code == 401
    for bad in ("Bearer", "Bearer ", "Bearer " + "0" * 64, "Basic Ym86eA==", "bearer é"):
        assert client.get("/api/counts", headers={"authorization": bad.encode("latin-1")}).status_code == 401


def test_guessing_is_slowed_down(client: TestClient, desk: Premises, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        assert sign_in(client, "bo", "wrong horse wrong lamp") == 403
    form = {"token": form_token(client), "name": "bo", "password": PASSWORD}
    answer = client.post("/sign-in/now", data=form, follow_redirects=False)
    assert answer.status_code == 429 and int(answer.headers["retry-after"]) >= 1  # the right one, too
    assert sign_in(client, "lea") == 303  # somebody else isn't kept out


def test_without_accounts_nobody_signs_in(stocked: Premises) -> None:
    full = TestClient(build(stocked), base_url=AT)
    assert full.get("/").status_code == 200
    assert full.get("/sign-in", follow_redirects=False).status_code == 303
    assert "purport people add" in full.get("/you").text


def test_the_first_account_shuts_the_door(stocked: Premises, tmp_path: Path) -> None:
    desk = ledgers.staffed(stocked, tmp_path, people={})
    with TestClient(build(desk), base_url=AT) as client:
        assert client.get("/").status_code == 200
        admitting.add(desk.staff[0], "zoe", ADMIN, PASSWORD)
        assert client.get("/", follow_redirects=False).status_code == 303


def test_where_the_desk_may_open() -> None:
    check_host("0.0.0.0", 8642, closed=True)
    assert called("0.0.0.0", ("desk.example", "Desk.Example:9")) >= {"desk.example", "127.0.0.1"}
    assert "0.0.0.0" not in called("0.0.0.0", ())
    assert "192.168.1.4" in called("192.168.1.4", ()) and "fe80::1" in called("fe80::1", ())


def test_roles_include_those_before_them() -> None:
    assert (READER, REVIEWER, LEAD, ADMIN) == ROLES and set(PEOPLE.values()) == set(ROLES)


def test_what_is_looked_at_is_booked_once_a_day_and_together(client: TestClient, desk: Premises) -> None:
    sign_in(client, "bo")
    ids = [one["report"]["id"] for one in client.get("/api/reports").json()["reports"][:4]]
    for id in [*ids, *ids]:
        assert client.get(f"/report/{id}").status_code == 200
    client.get("/report/report-nowhere")
    booked = [inputs for who, what, inputs, _ in log(desk) if (who, what) == ("bo", "look at")]
    assert booked[-1:] == [(ids[0],)]  # the first at once, the others with what comes in a quarter of an hour
    client.post("/sign-out", data={"token": form_token(client, "/you")})
    booked = [inputs for who, what, inputs, _ in log(desk) if (who, what) == ("bo", "look at")]
    assert booked[-1] == tuple(sorted(ids[1:]))
    assert rungs.book_views(desk.staff[0]) == 0


def test_on_a_desk_of_one_nothing_is_booked_by_looking(stocked: Premises, tmp_path: Path) -> None:
    desk = ledgers.staffed(stocked, tmp_path, people={})
    with TestClient(build(desk), base_url=AT) as client:
        before = log(desk)
        ids = [one["report"]["id"] for one in client.get("/api/reports").json()["reports"][:3]]
        assert all(client.get(f"/report/{id}").status_code == 200 for id in ids)
        assert log(desk) == before


def test_what_somebody_opened_is_theirs_alone(desk: Premises) -> None:
    staff = desk.staff[0]
    for _ in range(13):
        rungs.opened(staff, "bo", "clip")
    with TestClient(build(desk), base_url=AT) as bo, TestClient(build(desk), base_url=AT) as ann:
        sign_in(bo, "bo")
        sign_in(ann, "ann")  # an admin
        assert "<dd>13</dd>" in bo.get("/you").text
        for path in ("/you", "/you?name=bo", "/you?person=bo"):
            assert "<dd>13</dd>" not in ann.get(path).text and "No footage yet" in ann.get(path).text
        assert ann.get("/you/bo").status_code == 404
        assert not any("13" in str(inputs) for _, what, inputs, _ in log(desk) if what.startswith("open"))
    staff.clock.at += timedelta(days=1)
    assert rungs.today(staff, "bo") == {}


def test_the_log_tells_who_had_footage_shown_once_a_day(desk: Premises) -> None:
    staff = desk.staff[0]
    for rung in ("still", "clip", "clip", "sound"):
        rungs.asked_for(staff, "bo", rung, "release-1")
    told = [(what, inputs) for who, what, inputs, _ in log(desk) if who == "bo" and what.startswith("open")]
    assert told[-3:] == [(f"open {rung}", ("release-1",)) for rung in ("still", "clip", "sound")]
    staff.clock.at += timedelta(days=1)
    rungs.asked_for(staff, "bo", "clip", "release-1")
    assert len([one for one in log(desk) if one[1] == "open clip" and one[0] == "bo"]) >= 2


def test_the_log_can_be_asked_for_what_people_did(desk: Premises) -> None:
    shown = [entry for _, entry in admitting.of_people(desk.staff[0], proving.entries(desk.vault))]
    assert {"let in", "sign in"} <= {one.what for one in shown}
    assert not {"read", "make", "examine"} & {one.what for one in shown}
