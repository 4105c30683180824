"""Briefs at the desk: begun from a story, assembled, edited, issued, taken along; marks seen where they matter."""

import re
from collections.abc import Iterator
from pathlib import Path

import ledgers
import pytest
from litestar.testing import TestClient

from purport.app import briefing, looking
from purport.brief import demo
from purport.core.origins import DENIED, Event
from purport.core.records import Query
from purport.desk.app import build
from purport.desk.premises import Premises

AT = "http://127.0.0.1:8642"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Premises:
    made = ledgers.premises(tmp_path_factory.mktemp("briefs"))
    ledgers.take(made.house, *demo.places())
    return made


@pytest.fixture
def client(here: Premises) -> Iterator[TestClient]:
    with TestClient(build(here), base_url=AT) as client:
        yield client


def token(client: TestClient) -> str:
    found = re.search(r'name="token" value="(\w+)"', client.get("/briefs").text)
    assert found
    return found[1]


def claim(here: Premises, words: str) -> str:
    return next(iter(here.house.view.best_claims(Query(words=words), 1)))[0].id


def step(client: TestClient, brief: str, do: str, **given: str) -> str:
    data = {"token": token(client), "do": do} | given
    answer = client.post(f"/brief/{brief}/work", data=data)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_an_empty_list_teaches(client: TestClient) -> None:
    assert "No brief is kept yet." in client.get("/briefs").text


def test_a_brief_from_its_story_to_its_readers(client: TestClient, here: Premises) -> None:
    accused = claim(here, "accused ministry cutting power")
    story = client.get(f"/story/{accused}").text
    assert 'action="/briefs/begin"' in story
    page = client.post("/briefs/begin", data={"token": token(client), "story": accused, "title": "The power lines"})
    brief = page.url.path.rpartition("/")[2]
    assert "No line yet." in page.text and page.url.path.startswith("/brief/brief-")
    assert "Add it" in client.get(f"/brief/{brief}?words=ministry").text
    step(client, brief, "add", what=accused)
    step(client, brief, "add", what=claim(here, "rejected accusation"))
    now = briefing.opened(here.house, brief)
    assert now.lines[0].exhibits[0].id == accused and now.who == "desk"
    step(client, brief, "edit", line=now.lines[1].id, text="The ministry <b>rejects</b> it.")
    step(client, brief, "move", line=now.lines[1].id, to="1")
    shown = step(client, brief, "asked", party="The ministry", answer="declined", when="Monday", how="by letter")
    assert "&lt;b&gt;rejects&lt;/b&gt;" in shown and "<b>rejects</b>" not in shown
    assert "asked Monday, by letter; declined" in shown
    assert shown.index("rejects") < shown.index("accused the ministry")
    preview = client.get(f"/brief/{brief}/preview")
    assert "The power lines" in preview.text
    assert "script-src" not in preview.headers["content-security-policy"]
    issued = client.post(f"/brief/{brief}/issue", data={"token": token(client)})
    assert "Issued: edition" in issued.text and "Withdraw it" in issued.text
    for form, begins in (("html", b"<!DOCTYPE"), ("md", b"# The"), ("pdf", b"%PDF"), ("docx", b"PK")):
        answer = client.post(f"/brief/{brief}/export", data={"token": token(client), "form": form, "tlp": "CLEAR"})
        assert answer.status_code == 200 and answer.content.startswith(begins)
        assert answer.headers["content-disposition"].endswith(f'.{form}"')
    assert client.get(f"/api/brief/{brief}").json()["status"] == "issued"


def test_who_works_on_an_old_edition_is_told_beside_the_new_one(client: TestClient, here: Premises) -> None:
    made = briefing.begin(here.house, claim(here, "accused ministry cutting power"), "Two at once", "kim")
    briefing.note(here.house, made.brief, "Careful.", "ada")
    data = {"token": token(client), "do": "note", "text": "Mine.", "seen": made.id}
    answer = client.post(f"/brief/{made.brief}/work", data=data)
    assert answer.status_code == 409 and "ada wrote how to handle it" in answer.text and "Careful." in answer.text
    beside = client.post(f"/brief/{made.brief}/work", data=data, headers={"hx-request": "true"})
    assert beside.status_code == 200 and "That was not done." in beside.text
    assert client.post(f"/brief/{made.brief}/work", data=data | {"do": "burn"}).status_code == 400
    assert client.post(f"/brief/{made.brief}/issue", data={"token": token(client)}).status_code == 409


def test_nothing_is_done_without_the_form_of_the_desk(client: TestClient, here: Premises) -> None:
    made = briefing.begin(here.house, claim(here, "accused ministry cutting power"), "Forged", "kim")
    for path in ("/briefs/begin", "/look/clear", *(f"/brief/{made.brief}/{do}" for do in ("work", "issue", "export"))):
        assert client.post(path, data={"do": "note", "text": "x"}).status_code == 403
    assert briefing.opened(here.house, made.brief) == made


def test_a_line_that_cannot_be_opened_is_shown_and_does_not_go_out(tmp_path: Path) -> None:
    made = ledgers.premises(tmp_path)
    ledgers.take(made.house, *demo.places())
    accused = claim(made, "accused ministry cutting power")
    brief = briefing.begin(made.house, accused, "Lost", "kim").brief
    now = briefing.add(made.house, brief, [accused], "", "kim")
    blob = made.house.blobs.file(now.lines[0].exhibits[0].digest)
    blob.unlink()
    with TestClient(build(made), base_url=AT) as client:
        assert "Can’t go out:" in client.get(f"/brief/{brief}").text
        for do in ("issue", "export"):
            answer = client.post(f"/brief/{brief}/{do}", data={"token": token(client), "form": "pdf"})
            assert answer.status_code == 409 and "Line 1 of the brief" in answer.text


def test_marks_are_seen_where_they_matter_and_cleared_with_why(client: TestClient, here: Premises) -> None:
    accused = claim(here, "accused ministry cutting power")
    brief = briefing.begin(here.house, accused, "Marked", "kim").brief
    briefing.add(here.house, brief, [accused], "", "kim")
    briefing.issue(here.house, brief, "lea")
    new = looking.tell(here.house, Event(accused, DENIED, "the harbour board denies it"))
    report = here.house.view.claim(accused)[1].id
    for path in ("/", "/looks", f"/brief/{brief}", f"/claim/{accused}", f"/report/{report}", f"/story/{report}"):
        assert "the harbour board denies it" in client.get(path).text, path
    assert "look again" in client.get("/briefs").text
    mark = next(one for one in new if one.subject == accused)
    cleared = client.post(
        "/look/clear", data={"token": token(client), "look": mark.id, "why": "both stand", "back": f"/claim/{accused}"}
    )
    assert "Looked at:" in cleared.text and "both stand" in cleared.text
    assert mark.id in [one["look"]["id"] for one in client.get("/api/looks").json()]
