"""Taking something along from the desk: who may, that a form of ours is needed, what comes, and handling marks."""

import base64
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import ledgers
import pytest
from export_samples import HERE
from litestar.testing import TestClient

from purport import app
from purport.app import marking, parcels, proving
from purport.app.parcels import Wanted
from purport.brief.exports import FORMS
from purport.core.people import ADMIN, LEAD, READER, REVIEWER
from purport.core.records import Query
from purport.desk.app import build
from purport.desk.premises import Premises
from purport.desk.security import token

KEY = bytes(32)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Premises:
    folder = tmp_path_factory.mktemp("taking")
    made = ledgers.premises(folder)
    ledgers.fill(made, folder)
    return made


@pytest.fixture(scope="module")
def desk(here: Premises) -> Iterator[TestClient]:
    with TestClient(build(here), base_url="http://127.0.0.1") as client:
        yield client


def asked(**given: object) -> dict[str, object]:
    return {"token": token(KEY)} | given


@pytest.mark.parametrize("standard", HERE)
def test_each_standard_comes_as_a_file(desk: TestClient, here: Premises, standard: str) -> None:
    ((_, claim, _),) = here.house.view.latest_claims(Query(act="deny"), 1)
    answer = desk.post("/export", data=asked(standard=standard, tlp="CLEAR", id=claim.id))
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == FORMS[standard].media_type.partition(";")[0]
    assert answer.headers["content-disposition"].startswith("attachment")
    assert claim.id in answer.text or standard == "mediareview"


def test_a_site_comes_zipped(desk: TestClient) -> None:
    (story, *_) = desk.get("/api/stories").json()
    answer = desk.post("/export", data=asked(standard="site", id=story["story"]))
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert "purport/index.html" in names
    assert f"purport/story/{story['story']}.html" in names
    assert len([name for name in names if name.startswith("purport/report/report-")]) == story["reports"]


def test_a_search_goes_along_as_it_was_asked(desk: TestClient, here: Premises) -> None:
    page = desk.get("/search?act=deny&words=ministry").text
    assert '<input type="hidden" name="act" value="deny">' in page
    answer = desk.post("/export", data=asked(standard="csv", act="deny", words="ministry"))
    wanted = {claim.id for claim, _ in here.house.view.claims(Query(words="ministry", act="deny"))}
    assert {row.split(",")[1] for row in answer.text.splitlines()[1:] if "claim-" in row} == wanted != set()


@pytest.mark.parametrize(("name", "role"), ledgers.PEOPLE.items())
def test_who_may_take_along_and_who_may_mark(here: Premises, tmp_path: Path, name: str, role: str) -> None:
    ((_, report, _),) = here.house.view.latest_reports(1)
    with TestClient(build(ledgers.staffed(here, tmp_path)), base_url="http://127.0.0.1") as client:
        form = {"token": token_of(client, "/sign-in"), "name": name, "password": ledgers.PASSWORD}
        assert client.post("/export", data={"standard": "csv"}, follow_redirects=False).status_code == 401
        client.post("/sign-in/now", data=form)
        ours = {"token": token_of(client, f"/report/{report.id}")}
        taken = client.post("/export", data=ours | {"standard": "csv", "id": report.id})
        assert taken.status_code == (403 if role == READER else 200)
        said = {"subject": report.id, "level": "CLEAR", "why": "a test", "back": "/"}
        marked = client.post("/mark", data=ours | said, follow_redirects=False)
        assert marked.status_code == (403 if role in (READER, REVIEWER) else 303)
    told = [(one.who, one.what) for _, one in proving.entries(here.vault)]
    assert ((name, "export") in told) == (role != READER)
    assert ((name, "mark") in told) == (role in (LEAD, ADMIN))


def token_of(client: TestClient, path: str) -> str:
    return re.search(r'name="token" value="(\w+)"', client.get(path).text)[1]  # type: ignore[index]


def test_a_form_of_another_site_does_nothing(desk: TestClient, here: Premises) -> None:
    ((_, report, _),) = here.house.view.latest_reports(1)
    before = here.house.view.sizes(), len(list(marking.marks_of(here.house)))
    for given in ("", "0" * 64, "é"):
        form = {"token": given, "standard": "csv", "id": report.id, "subject": report.id, "level": "RED", "why": "x"}
        assert desk.post("/export", data=form).status_code == 403
        assert desk.post("/mark", data=form).status_code == 403
    assert (here.house.view.sizes(), len(list(marking.marks_of(here.house)))) == before


def test_what_is_asked_wrongly_is_said(desk: TestClient) -> None:
    for given, status in (
        ({"standard": "docx"}, 400),
        ({"standard": "csv", "id": "report-ffff0000"}, 404),
        ({"standard": "csv", "tlp": "purple"}, 400),
        ({"standard": "csv", "since": "soon"}, 400),
        ({"standard": "csv", "reviewed": "so-so"}, 400),
        ({"standard": "csv", "id": [f"report-{n:032x}" for n in range(60)]}, 400),
    ):
        assert desk.post("/export", data=asked(**given)).status_code == status, given


def test_a_mark_holds_from_then_on(desk: TestClient, here: Premises) -> None:
    report = next(one for _, one, _ in here.house.view.latest_reports(20) if one.title == "A crane, again")
    back = f"/report/{report.id}"
    answer = desk.post(
        "/mark", data=asked(subject=report.id, level="AMBER", why="by agreement", back=back), follow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, back)
    assert "TLP:AMBER" in desk.get(back).text
    (mark,) = (one for one in marking.marks_of(here.house) if one.subject == report.id)
    assert (mark.who, mark.why) == ("desk", "by agreement")
    bundle = json.loads(desk.post("/export", data=asked(standard="stix", id=report.id)).text)
    assert not [one for one in bundle["objects"] if one["type"] == "report"]
    assert "1 report is marked TLP:AMBER" in bundle["objects"][-1]["content"]
    assert "crane" not in json.dumps(bundle).casefold()


@pytest.mark.parametrize("back", ["https://x.example/", "//x.example/", "/\\x.example", "javascript:alert(1)"])
def test_a_mark_leads_nowhere_else(desk: TestClient, here: Premises, back: str) -> None:
    ((_, report, _),) = here.house.view.latest_reports(1)
    answer = desk.post(
        "/mark", data=asked(subject=report.id, level="CLEAR", why="a test", back=back), follow_redirects=False
    )
    assert answer.headers["location"].startswith("/")
    assert "x.example" not in answer.headers["location"].partition("?")[0][:2]
    assert not answer.headers["location"].startswith(("//", "/\\"))


def test_nothing_is_left_behind(desk: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for standard in ("csv", "site", "docx"):
        desk.post("/export", data=asked(standard=standard, act="deny"))
    assert list(tmp_path.iterdir()) == []


def test_a_story_goes_without_what_is_marked_higher(here: Premises, tmp_path: Path) -> None:
    """Its pages are traced as if the report were not there: no title, no words, no part in disputes or the picture."""
    (hidden,) = (one for one in here.house.view.reports() if one.title.startswith("Ministry denies"))
    story = next(iter(app.traced(here.house, (hidden.id,)))).story
    marking.mark(here.house, hidden.id, "RED", "the witness can be told from it", "ona")
    made = parcels.export(here.house, Wanted("site", (story,), ceiling="AMBER"), tmp_path / "pages")
    assert made.remarks == ("Withheld: 1 report is marked TLP:RED, above this export's TLP:AMBER.",)
    text = " ".join(page.read_text(encoding="utf-8") for page in (tmp_path / "pages").rglob("*.html"))
    pictures = re.findall(r"data:image/svg\+xml;base64,([^\"]+)", text)
    text += " ".join(base64.b64decode(one).decode() for one in pictures)
    assert pictures
    assert hidden.id not in text
    assert hidden.title not in text
    assert hidden.outlet not in text
