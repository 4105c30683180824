"""Stories: what each page shows, that it is bounded, and that it says who says what of every party alike."""

import html
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import house_samples as samples
import ledgers
import pytest
from litestar.testing import TestClient

from purport import app
from purport.core.records import Report
from purport.desk.app import build
from purport.desk.memo import Memo
from purport.desk.memory import Memory
from purport.desk.pages import static
from purport.desk.views.telling import LISTED, READ, SAID, heard

AT = "http://127.0.0.1"
BUDGET = 150_000  # bytes, page with style and scripts, without media
FRAME = sum(len(static(name)[0]) for name in ("desk.css", "desk.js", "htmx.js", "sign.svg"))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("desk")
    here = ledgers.premises(folder)
    ledgers.fill(here, folder)
    with TestClient(build(here), base_url=AT) as client:
        yield client


@pytest.fixture(scope="module")
def story(desk: TestClient) -> str:
    """The demo's story."""
    stories = desk.get("/api/stories").json()
    return next(one["story"] for one in stories if "Reed Column" in one["title"])


@pytest.fixture(scope="module")
def page(desk: TestClient, story: str) -> str:
    answer = desk.get(f"/story/{story}")
    assert answer.status_code == 200
    return answer.text


def words(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def test_the_list_leads_to_each_story(desk: TestClient, story: str) -> None:
    page = desk.get("/stories").text
    assert f'href="/story/{story}"' in page
    for one in desk.get("/api/stories").json():
        assert one["counted"] in page
        assert desk.get(f"/story/{one['story']}").status_code == 200


def test_a_story_shows_its_parts(desk: TestClient, page: str, story: str) -> None:
    for part in ("origins", "voices", "disputes", "timeline", "copies", "footage", "reports"):
        assert f'<section id="{part}">' in page
        assert f'href="#{part}"' in page
    said, traced = words(page), desk.get(f"/api/story/{story}").json()
    assert f"6 reports, {len(traced['origins'])} independent origins, " in said
    assert "of its words from Harbour Wire" in said
    changes = [change for one in traced["timeline"] for change in one["changes"]]
    assert changes
    assert changes[0] in said


def test_both_sides_of_a_dispute_stand_beside_each_other_with_their_words(
    desk: TestClient, page: str, story: str
) -> None:
    shown = re.findall(r'<section class="dispute">(.*?)</section>', page, re.S)
    disputes = desk.get(f"/api/story/{story}").json()["disputes"]
    assert len(shown) == len(disputes) > 0
    for markup, dispute in zip(shown, disputes, strict=True):
        sides = [dispute["first"], *filter(None, [dispute["answer"]])]
        assert re.findall(r'href="/claim/(claim-[0-9a-f]+)"', markup) == [side["claim"] for side in sides]
        for side in sides:
            assert html.escape(" ".join(side["who"].split())) in markup
    assert any("accused the ministry of cutting the power to four marsh villages" in one for one in shown)


def test_every_link_of_a_story_leads_somewhere(desk: TestClient, page: str) -> None:
    links = set(re.findall(r'(?:href|src)="(/[^"]*)"', page))
    assert len(links) > 30
    for link in links:
        assert desk.get(link.replace("&amp;", "&")).status_code == 200, link


def test_the_picture_says_in_words_what_it_shows(desk: TestClient, page: str, story: str) -> None:
    (alt,) = re.findall(r'origins.svg" alt="([^"]+)"', page)
    assert "independent origins" in alt
    picture = desk.get(f"/story/{story}/origins.svg")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert "script-src" not in picture.headers["content-security-policy"]
    assert picture.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")


def test_a_story_is_light(page: str) -> None:
    assert len(page.encode()) + FRAME < BUDGET


def test_a_long_story_is_light_too_and_says_what_it_leaves_out(tmp_path: Path) -> None:
    here = ledgers.premises(tmp_path, samples.PlainReader())
    shared = "The harbour said that the pier at Ostrel is closed for repairs until the end of the year."
    voices = " ".join(f"The voice{n % 40} said {n} {'long words ' * 40}." for n in range(240))
    rows = [
        {
            "id": f"r{number}",
            "title": f"The pier at Ostrel, part {number}",
            "outlet": f"Outlet {number}",
            "published": f"2031-03-{number % 28 + 1:02}",
            "text": shared + voices * (not number),
        }
        for number in range(READ + 4)
    ]
    ledgers.take(here.house, ledgers.lines(tmp_path / "many.jsonl", *rows))
    (first,) = islice(here.house.view.reports(), 1)
    with TestClient(build(here), base_url=AT) as client:
        page = client.get(f"/story/{first.id}").text
    assert len(page.encode()) + FRAME < BUDGET
    assert f"{READ + 4} reports, " in words(page)
    assert "more speakers" in page
    assert "2 claims more in the reports" in page
    assert f"Of the first {READ} reports only" in words(page)
    assert f"{READ + 4 - LISTED} more reports" in words(page)


def test_an_empty_ledger_teaches(tmp_path: Path) -> None:
    with TestClient(build(ledgers.premises(tmp_path)), base_url=AT) as client:
        page = client.get("/stories").text
        assert "purport demo" in page
        assert client.get("/api/stories").json() == []
        assert client.get("/story/story-ffff").status_code == 404


def test_what_is_not_there_is_said(desk: TestClient) -> None:
    answer = desk.get("/story/story-ffffffff")
    assert answer.status_code == 404
    assert "There is no story story-ffffffff" in answer.text
    assert desk.get("/stories?skip=-1").status_code == 400
    assert "No report" not in desk.get("/stories?skip=5000").text


def test_words_of_reports_stay_words(tmp_path: Path) -> None:
    here = ledgers.premises(tmp_path, samples.PlainReader())
    ledgers.poison(here, tmp_path)
    with TestClient(build(here), base_url=AT) as client:
        stories = client.get("/api/stories").json()
        assert stories
        for address in ("/stories", *(f"/story/{one['story']}" for one in stories)):
            page = client.get(address).text
            assert "alert(" in page, "the words are shown"
            assert "<script>alert" not in page
            assert "<img src=x" not in page
            assert "<svg onload" not in page
        for one in stories:
            drawn = client.get(f"/story/{one['story']}/origins.svg").text
            assert "<script" not in drawn
            assert "<img" not in drawn


def test_swapping_two_parties_swaps_their_places_and_nothing_else() -> None:
    def voices(text: str) -> list[tuple[str, int]]:
        report = Report("report-1", "capture-1", text, "", outlet="The Gull")
        ((reading, _),) = samples.PlainReader().read([report])
        return [(one.name, one.count) for one in heard([(report, reading.claims)])]

    text = "The varnians said that it rained. The hamlins said that it snowed. The hamlins denied that it rained."
    swapped = text.replace("varnians", "*").replace("hamlins", "varnians").replace("*", "hamlins")
    assert voices(text) == [("The hamlins", 2), ("The varnians", 1)]
    assert voices(swapped) == [("The varnians", 2), ("The hamlins", 1)]


def test_the_same_words_in_several_reports_stand_once() -> None:
    reports = [
        Report(f"report-{name}", f"capture-{name}", "The clerk said that it rained.", "", outlet=name)
        for name in ("Gull", "Tern", "Gull", "Skua")
    ]
    read = [(report, samples.PlainReader().read([report])[0][0].claims) for report in reports]
    (voice,) = heard(read)
    (said,) = voice.lines
    assert said.line.outlet == "Gull"
    assert said.also == ("Tern", "Skua")
    assert voice.count == 1 <= SAID


def test_memory_forgets_when_the_ledger_changes_and_when_it_is_full() -> None:
    memory, made = Memory(held=2), list[str]()

    def make(name: str) -> str:
        made.append(name)
        return name

    for name in ("a", "a", "b", "a"):
        assert memory.recall(1, name, lambda name=name: make(name)) == name  # type: ignore[misc]
    assert made == ["a", "b"]
    memory.recall(1, "c", lambda: make("c"))  # b, asked for least lately, goes
    memory.recall(1, "a", lambda: make("a again"))
    memory.recall(1, "b", lambda: make("b"))
    assert made == ["a", "b", "c", "b"]
    memory.recall(2, "a", lambda: make("a anew"))
    assert made[-1] == "a anew"


def test_a_story_follows_the_ledger(tmp_path: Path) -> None:
    here = ledgers.premises(tmp_path, samples.PlainReader())
    (tmp_path / "one.txt").write_text("The clerk said that the bridge at Ostrel was safe.")
    ledgers.take(here.house, tmp_path / "one.txt")
    with TestClient(build(here), base_url=AT) as client:
        assert len(client.get("/api/stories").json()) == 1
        (tmp_path / "two.txt").write_text("The mayor said that ferries will not sail to Velm in the winter.")
        ledgers.take(here.house, tmp_path / "two.txt")
        assert len(client.get("/api/stories").json()) == len(list(app.traced(here.house))) == 2


def test_of_many_stories_those_that_were_opened_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("purport.desk.views.stories.COUNTED", 1)
    here = ledgers.premises(tmp_path, samples.PlainReader())
    texts = ("The clerk said that the bridge at Ostrel was safe.", "The mayor said that ferries will not sail to Velm.")
    for name, text in zip(("one", "two"), texts, strict=True):
        (tmp_path / f"{name}.txt").write_text(text)
        ledgers.take(here.house, tmp_path / f"{name}.txt")
    with TestClient(build(here), base_url=AT) as client:
        page = client.get("/stories").text
        assert page.count("1 report, origins not counted yet") == 1
        for id in re.findall(r'href="/story/([^"]+)"', page):
            client.get(f"/story/{id}")
        assert "not counted yet" not in client.get("/stories").text


def test_what_takes_long_is_told_a_while_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, memo, made = [100.0], Memo[int](), list[int]()
    monkeypatch.setattr("purport.desk.memo.monotonic", lambda: clock[0])

    def make(seconds: float) -> int:
        clock[0] += seconds
        made.append(len(made))
        return made[-1]

    assert [memo.get("a", lambda: make(0)), memo.get("a", lambda: make(0))] == [0, 0]
    assert memo.get("b", lambda: make(2)) == 1, "what took no time is made anew at once"
    assert memo.get("c", lambda: make(2)) == 1, "what took two seconds is told for forty"
    clock[0] += 39
    assert memo.get("c", lambda: make(2)) == 2


def test_a_report_and_a_claim_lead_to_their_story(desk: TestClient, page: str) -> None:
    report, claim = (re.findall(rf'href="(/{kind}/[^"#]+)"', page)[0] for kind in ("report", "claim"))
    for address, said in ((report, "Its story"), (claim, "Who else says it")):
        (to,) = re.findall(rf'href="(/story/[^"]+)">{said}', desk.get(address).text)
        assert desk.get(to).status_code == 200
    assert "Reed Column fighters training" in desk.get(f"/story/{report.rpartition('/')[2]}").text


def test_a_claim_has_a_story_and_a_picture_of_its_own(desk: TestClient, page: str, story: str) -> None:
    claim = re.findall(r'href="/claim/([^"]+)"', page)[0]
    narrowed = desk.get(f"/story/{claim}").text
    assert "One claim, and those that say the same" in narrowed
    assert f'href="/story/{story}"' in narrowed
    assert f'src="/story/{claim}/origins.svg"' in narrowed
    assert desk.get(f"/story/{claim}/origins.svg").text != desk.get(f"/story/{story}/origins.svg").text
    assert "One claim, and those" not in page


def test_disputes_are_those_of_the_pages(desk: TestClient) -> None:
    latest = desk.get("/api/disputes").json()
    assert latest["reports"] > 0
    (story, *_) = desk.get("/api/stories").json()
    found = desk.get(f"/api/story/{story['story']}/disputes").json()
    assert len(found["disputes"]) == story["disputes"] > 0
    assert found["reports"] == story["reports"]
