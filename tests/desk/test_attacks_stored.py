"""Words that others put into the ledger, or a colleague typed: on every page that a link leads to they stay words.

And what belongs to one person, or to one brief or claim, is not reached through another's.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

import film_samples as films
import ledgers
import pytest
from ledgers import SCRIPT
from litestar.testing import TestClient
from test_attacks import Parts
from walking import page_of, walk
from watch_samples import Desk, Site, article

from purport import app
from purport.app import admitting, briefing, keeping, looking, marking, reviewing
from purport.core.briefs import approach
from purport.core.origins import DENIED, Event
from purport.core.records import Query
from purport.desk.app import build
from purport.desk.premises import Premises
from purport.preserve import Archive
from purport.watching import unread
from purport.wiring import Config, open_studio

AT = "http://127.0.0.1:8642"
QUOTE = f"'\"><img src=x onerror=alert(9)>{SCRIPT}"  # ends an attribute, then tries both ways
LINES = "\r\nset-cookie: x=1\r\n\r\n"


def claims(here: Premises) -> list[str]:
    return [claim.id for claim, _ in here.house.view.claims(Query())]


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Premises]:
    """Hostile reports, footage with a hostile name, and a colleague who types such words wherever one can type."""
    folder = tmp_path_factory.mktemp("typed")
    made = ledgers.premises(folder)
    ledgers.poison(made, folder)
    studio = open_studio(Config(ledger=f"sqlite:///{folder / 'purport.db'}"))
    try:
        still = films.picture(folder / "still.jpg", 3).rename(folder / "<img src=x onerror=alert(7)>'\".jpg")
        assert [*app.add_footage(made.house, studio, [str(still)])]
        house, (first, second, third, *_) = made.house, claims(made)
        reviewing.confirm(house, first, SCRIPT)
        reviewing.reject(house, second, QUOTE)
        reviewing.note(house, third, QUOTE)
        reviewing.assign(house, third, QUOTE, why=SCRIPT)
        keeping.save(house, "desk@test", QUOTE, {"words": "clerk"})
        brief = briefing.begin(house, first, QUOTE, "kim").brief
        briefing.add(house, brief, [first], QUOTE, "kim")
        briefing.ask(house, brief, approach(QUOTE, "answered", QUOTE, QUOTE, QUOTE), "kim")
        briefing.note(house, brief, QUOTE, "kim")
        looking.tell(house, Event(first, DENIED, QUOTE))
        marking.mark(house, next(house.view.reports()).id, "AMBER", QUOTE, "lea")
        yield replace(made, studio=(studio,))
    finally:
        studio.workshop.close()


@pytest.fixture
def desk(typed: Premises) -> Iterator[TestClient]:
    with TestClient(build(typed), base_url=AT) as client:
        yield client


def test_what_is_typed_or_taken_in_stays_words_on_every_page(desk: TestClient, typed: Premises) -> None:
    report = next(typed.house.view.reports()).id
    always = [f"/claim/{id}" for id in claims(typed)[:3]] + [f"/story/{report}", f"/story/{report}/arrange"]
    pages, seen = walk(typed, always)[0], 0
    for path in pages:
        text = desk.get(path).text
        assert SCRIPT not in text and "<img src=x" not in text, path
        if not path.endswith("/preview"):  # a document of its own, with its style in it
            assert Parts(text).foreign == [], path
        seen += text.count("&lt;script&gt;alert(1)&lt;/script&gt;")
    assert seen > 100
    looked = {page_of(path, typed) for path in pages}
    assert {"/brief/{id}", "/brief/{id}/preview", "/release/{id}", "/releases", "/looks", "/review"} <= looked
    assert {"/story/{id}", "/story/{id}/arrange", "/claim/{id}", "/search", "/custody"} <= looked


@pytest.mark.parametrize("form", ["html", "md", "docx", "pdf"])
def test_a_brief_that_is_taken_along_has_them_as_words(desk: TestClient, typed: Premises, form: str) -> None:
    brief = next(briefing.listed(typed.house)).brief
    order = {"token": token_of(desk), "form": form, "tlp": "AMBER"}
    answer = desk.post(f"/brief/{brief}/export", data=order)
    assert answer.status_code == 200 and "attachment" in answer.headers["content-disposition"]
    made = answer.content
    if form == "docx":
        made = zipfile.ZipFile(io.BytesIO(made)).read("word/document.xml")
        assert b"&lt;script&gt;alert(1)" in made
    if form == "pdf":  # there they are letters, whatever they say
        plain = re.sub(rb"stream.*?endstream", b"", made, flags=re.S)
        assert not re.search(rb"/(JavaScript|JS|AA|Launch|EmbeddedFile)\b", plain)
    else:
        assert b"<script>" not in made and b"<img" not in made


def test_a_site_has_them_as_words_and_names_no_file_elsewhere(desk: TestClient, typed: Premises) -> None:
    story = desk.get("/api/stories").json()[0]["story"]
    order = {"token": token_of(desk), "standard": "site", "tlp": "AMBER", "id": story}
    packed = zipfile.ZipFile(io.BytesIO(desk.post("/export", data=order).content))
    for name in packed.namelist():
        assert ".." not in PurePosixPath(name).parts and not name.startswith(("/", "\\")) and ":" not in name
        if name.endswith(".html"):
            text = packed.read(name).decode()
            assert SCRIPT not in text and "<img src=x" not in text, name


FEED = f"""<?xml version="1.0"?><rss version="2.0"><channel><title>{SCRIPT.replace("<", "&lt;")}</title>
<item><guid>{SCRIPT.replace("<", "&lt;")}</guid><title><![CDATA[{QUOTE}]]></title><link>https://kest.example/a</link></item>
<item><guid>b</guid><title>B</title><link>https://kest.example/"&gt;&lt;script&gt;alert(1)&lt;/script&gt;</link></item>
<item><guid>c</guid><title>C</title><link>javascript:alert(1)</link></item></channel></rss>"""


def test_a_feed_that_tries_to_be_more_stays_words(tmp_path: Path) -> None:
    site = Site()
    page = article("The mayor said the pier is safe.", title=QUOTE.replace("<", "&lt;"))
    head = '<head><link rel="canonical" href="javascript:alert(2)"><meta name="author" content="&lt;script&gt;">'
    site.pages["https://kest.example/feed.xml"] = ("200 OK", FEED.encode(), {"Content-Type": "application/rss+xml"})
    site.pages["https://kest.example/a"] = page.replace(b"<head>", head.encode())
    watch = Desk(tmp_path, site)
    visits = watch.watch()
    with Archive(watch.archives, site, watch.view.ended()) as archive:
        assert [*unread.pages(watch.lookout(archive), watch.steps)]
    assert {"new", "failed"} <= {one.outcome for one in visits}
    here, shown = ledgers.premises(tmp_path), ""
    with TestClient(build(here), base_url=AT) as client:
        for path in walk(here)[0]:
            text = client.get(path).text
            assert Parts(text).foreign == [] and SCRIPT not in text, path
            shown += text
    assert "&lt;img src=x onerror=alert(9)&gt;" in shown
    assert 'href="javascript' not in shown


def token_of(client: TestClient, path: str = "/search") -> str:
    return re.search(r'name="token" value="(\w+)"', client.get(path).text)[1]


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example", f"/x{LINES}"])
@pytest.mark.parametrize("form", ["/hide", "/look/clear", "/claim/{claim}/judged"])
def test_no_form_leads_elsewhere(desk: TestClient, typed: Premises, form: str, back: str) -> None:
    """Those of signing in, looks and marks are asked where they are tested."""
    mark = next(iter(looking.marks(typed.house, only_open=True)), None)
    given = {"token": token_of(desk), "back": back, "look": mark.look.id if mark else "", "why": "seen"}
    answer = desk.post(form.format(claim=claims(typed)[0]), data={**given, "what": "noted"}, follow_redirects=False)
    assert answer.status_code in (303, 404)
    assert answer.headers.get("location", "/") == "/" and "x=1" not in str(answer.headers)


@pytest.mark.parametrize("title", [f"a{LINES}", 'a"; filename="b.html', "../../etc/passwd"])
def test_a_brief_s_title_is_no_part_of_a_header(desk: TestClient, typed: Premises, title: str) -> None:
    begun = {"token": token_of(desk), "story": claims(typed)[0], "title": title}
    at = desk.post("/briefs/begin", data=begun, follow_redirects=False).headers["location"]
    desk.post(f"{at}/work", data={"token": begun["token"], "do": "add", "what": claims(typed)[0]})
    answer = desk.post(f"{at}/export", data={"token": begun["token"], "form": "md", "tlp": "AMBER"})
    assert re.fullmatch(r'attachment; filename="brief-\w+-\d+\.md"', answer.headers["content-disposition"])
    assert "x=1" not in str(answer.headers)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Premises:
    folder = tmp_path_factory.mktemp("shared")
    made = ledgers.premises(folder)
    ledgers.fill(made, folder)
    return ledgers.staffed(made, folder)


def entered(here: Premises, name: str) -> TestClient:
    """Somebody's browser, signed in."""
    client = TestClient(build(here), base_url=AT)
    form = {"token": token_of(client, "/sign-in"), "name": name, "password": ledgers.PASSWORD}
    assert client.post("/sign-in/now", data=form, follow_redirects=False).status_code == 303
    return client


def test_a_search_that_somebody_keeps_is_not_opened_or_dropped_by_others(shared: Premises) -> None:
    """By its name, by its id, by a form of one's own: there is no way to it."""
    ann, vic = entered(shared, "ann"), entered(shared, "vic")
    kept = {"name": "marsh", "words": "marsh", "does": "keep"}
    assert ann.post("/searches", data={**kept, "token": token_of(ann)}, follow_redirects=False).status_code == 303
    assert "<bdi>marsh</bdi>" not in vic.get("/search").text
    (saved,) = keeping.saved(shared.house, "ann")
    for name in ("marsh", saved.id, "ann/marsh"):
        for does in ("open", "drop"):
            form = {"token": token_of(vic), "name": name, "does": does, "who": "ann"}
            assert vic.post("/searches", data=form, follow_redirects=False).status_code == 404
    assert "<bdi>marsh</bdi>" in ann.get("/search").text


def test_nobody_takes_back_what_somebody_else_decided(shared: Premises) -> None:
    id = claims(shared)[0]
    lea, vic = entered(shared, "lea"), entered(shared, "vic")
    lea.post(f"/claim/{id}/judged", data={"token": token_of(lea), "what": "confirmed"})
    (review,) = reviewing.about(shared.house, id)
    for more in ({}, {"of": review.id}, {"who": "lea"}):
        answer = vic.post(f"/claim/{id}/judged", data={"token": token_of(vic), "what": "undone", **more})
        assert answer.status_code == 400 and "nothing of yours (vic)" in answer.text
    assert [one.what for one in reviewing.about(shared.house, id)] == ["confirmed"]


def test_a_judgement_of_one_claim_is_not_carried_to_another(shared: Premises) -> None:
    """`again` holds for the same words of an earlier text alone, whatever the form says it is of."""
    first, other = claims(shared)[0], claims(shared)[5]
    vic = entered(shared, "vic")
    vic.post(f"/claim/{first}/judged", data={"token": token_of(vic), "what": "rejected", "why": "a menu"})
    review = [one.id for one in reviewing.about(shared.house, first)][-1]
    form = {"token": token_of(vic), "what": "again", "of": review}
    assert vic.post(f"/claim/{other}/judged", data=form).status_code in (400, 404)
    assert [*reviewing.about(shared.house, other)] == []


def test_a_line_is_reached_through_its_own_brief_alone(shared: Premises) -> None:
    house, vic = shared.house, entered(shared, "vic")
    mine, theirs = (briefing.begin(house, claims(shared)[0], title, "vic").brief for title in ("Mine", "Theirs"))
    line = briefing.add(house, theirs, claims(shared)[:1], "As it was.", "lea").lines[0].id
    for step in ({"do": "edit", "text": "Otherwise."}, {"do": "remove"}, {"do": "move", "to": "1"}):
        answer = vic.post(f"/brief/{mine}/work", data={"token": token_of(vic), "line": line, **step})
        assert answer.status_code in (200, 404) and "Otherwise." not in answer.text
    assert [one.text for one in briefing.opened(house, theirs).lines] == ["As it was."]
    assert briefing.opened(house, mine).lines == ()


def test_a_token_opens_what_its_role_may_and_only_while_it_holds(shared: Premises) -> None:
    """A reader's token is no key to a lead's addresses, nor to another's page."""
    held = {"authorization": f"Bearer {admitting.token(shared.staff[0], 'bo')}"}
    with TestClient(build(shared), base_url=AT) as client:
        assert "<bdi>bo</bdi>" in client.get("/you?name=lea", headers=held).text
        brief = next(briefing.listed(shared.house)).brief
        for path in (f"/brief/{brief}/issue", f"/brief/{brief}/withdraw", "/mark", f"/brief/{brief}/work"):
            assert client.post(path, headers=held).status_code in (403, 404), path
        assert client.get(f"/story/{claims(shared)[0]}/arrange", headers=held).status_code == 403
